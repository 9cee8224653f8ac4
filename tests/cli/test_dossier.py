"""`dossier`, `who-is`, `ingest dossier` and the questions that rest on dossiers, as a terminal has them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import networkx as nx
import pytest
import yaml

from harmattan import data
from harmattan.dossier.tables import TABLES
from harmattan.export.dossier import ENDINGS, FORMATS
from tests.cli.running import ASKED, Run, one_line
from tests.lake.factory import lake_in
from tests.questions.dossiers import VALLEY, take_in, write
from tests.questions.worlds import DOSSIER_QUESTIONS

SAHEL = data.DOSSIERS / "sahel"
MINE = """\
actors:
  - {id: jnim, kind: coalition, label: {en: JNIM of my desk, fr: GSIM de mon bureau}, short: MYJNIM, from: 2017-03-02,
     cite: [{source: late}], names: [{text: JNIM, source: ucdp}]}
milestones:
  - {id: my-coup, kind: coup, date: 2022-06-15, countries: [MLI], actors: [gov-mali],
     title: {en: A milestone of my own, fr: Un jalon à moi}, cite: [{source: book, where: p. 9}]}
"""
CASE = """\
name = "mine"
title = {{en = "Mine", fr = "Le mien"}}
focus = "MLI"
countries = ["MLI"]
dossiers = [{dossiers}]
since = 2012-01-01
as_of = 2022-10-31
sections = ["timeline"]
"""
ENGLISH = re.compile(
    r"\b(there|left|gone|held|relations that|milestones?|reported|figures?|latest|Everywhere|Nobody|Perhaps|presences?"
    r"|force|belongs|party|since|knows|certain|Did you mean|faults?|No fault|records?|already|Digest|Evidence)\b"
)
"""Words of the sentences of these commands that no French sentence has."""


@pytest.fixture
def own(run: Run, tmp_path: Path) -> Path:
    """A case file with a dossier of one's own over the embedded one, taken in."""
    folder = write(tmp_path / "mine", "mine", MINE)
    ran = run("ingest", "dossier", folder)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("dossier-mine@1: ")
    return case_of(tmp_path, '"sahel", "mine"')


def case_of(folder: Path, dossiers: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(CASE.format(dossiers=dossiers), "utf-8")
    return path


def test_a_dossier_without_faults(run: Run, tmp_path: Path) -> None:
    ran = run("dossier", "check", write(tmp_path / "valley", "valley", VALLEY))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No fault: ")
    assert ran.out.count("\n") == 1
    assert run("dossier", "check", SAHEL).code == 0


@pytest.mark.parametrize("address", ["javascript:alert(1)", "not an address", "file:///etc/passwd"])
def test_an_address_that_is_none_is_a_fault(run: Run, tmp_path: Path, address: str) -> None:
    head = VALLEY + f'sources:\n  odd: {{publisher: Nobody, title: None, date: 2016, url: "{address}"}}\n'
    ran = run("dossier", "check", write(tmp_path / "valley", "valley", head))
    assert ran.code == 1
    assert re.match(r"records\.yaml:\d+: url: ", ran.out)


def test_every_fault_is_told_with_its_file_and_line(run: Run, tmp_path: Path) -> None:
    faulty = VALLEY.replace("subject: wing, relation: part_of", "subject: wnig, relation: part_of")
    faulty = faulty.replace("date: 2015-06,", "date: soon,").replace("source: early}], \n", "source: early}],\n")
    folder = write(tmp_path / "valley", "valley", faulty)
    ran = run("dossier", "check", folder)
    assert (ran.code, ran.err) == (1, "")
    *faults, count = ran.out.splitlines()
    lines = (folder / "records.yaml").read_text("utf-8").splitlines()
    assert count == f"{len(faults)} faults."
    told = {int(re.match(r"records\.yaml:(\d+): ", fault)[1]): fault for fault in faults}  # type: ignore[index]
    assert len(told) == len(faults) == 2
    (who,) = (line for line, fault in told.items() if "there is no actor wnig" in fault)
    assert "subject: wnig" in lines[who - 1]
    (when,) = set(told) - {who}
    assert "date: soon" in lines[when - 1]
    assert "dossier check" in one_line(run("ingest", "dossier", folder), code=1)
    assert not (tmp_path / "home" / "lake" / "releases" / "dossier-valley").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("dossier check nowhere", 1, "There is no dossier in nowhere."),
        ("dossier chekc nowhere", 2, "check|list|export cannot be chekc. There are: check, list and export."),
        ("dossier list", 2, "DOSSIER is missing."),
        ("dossier list sahell", 2, "There is no dossier sahell in the lake. There are: sahel."),
        ("dossier list sahel --table relation", 2, "A dossier has no table relation."),
        ("dossier export sahel --format xml", 2, "A dossier cannot be written as xml."),
        ("dossier export sahel --format yaml --as-of 2022-10-31", 2, ""),
        ("dossier export sahel --as-of soon", 2, "soon is not a date."),
        ("ingest dossier nowhere", 1, "There is no dossier in nowhere."),
        ("ingest dossier one two", 2, "A dossier is one folder or one file."),
        ("who-is", 2, "NAME is missing."),
        ("ask actor", 2, "The card is of one actor. Say --actor once, e.g. --actor GSIM."),
        ("ask relations --actor Barkhan", 2, "knows no actor called Barkhan for certain. Did you mean Barkhane"),
        ("ask presence --actor Barkhan", 2, "knows no actor called Barkhan for certain. Did you mean Barkhane"),
        ("ask milestones --actor zzqqxx", 2, "knows no actor called zzqqxx for certain."),
        ("ask actors --country MLI --level actor --actor Barkhan", 2, "Did you mean Barkhane"),
        ("ask actors --country MLI --level parents", 2, "There is no level parents. "),
        ("ask milestones --type cuop", 2, "There is no type of milestone cuop. "),
        ("ask relations --relation rival", 2, "There is no relation rival. "),
        ("ask figures --indicator idp", 2, "There is no indicator idp. "),
        ("ask relations --country MLI", 2, "harmattan ask relations knows no --country."),
        ("ask milestones --release dossier-sahel@1", 2, "dossier-sahel@1 names no release."),
    ],
)  # fmt: skip
def test_a_misused_word_is_one_line(run: Run, words: str, code: int, said: str) -> None:
    assert said in one_line(run(*words.split()), code=code)


def test_a_dossier_is_listed_by_table_and_by_record(run: Run) -> None:
    counts = dict(line.rsplit(maxsplit=1) for line in run("dossier", "list", "sahel").out.splitlines()[2:])
    assert set(counts) == {"actors", "names", "relations", "presence", "milestones", "figures", "sources"}
    listed = run("dossier", "list", "sahel", "--table", "milestones", "--format", "json").json
    assert len(listed) == int(counts["milestones"])
    assert {"record", "says", "status", "sources"} == set(listed[0])
    assert all(row["sources"] for row in listed)
    out = run("dossier", "list", SAHEL, "--table", "presence").out
    assert out.count("barkhane/MLI") == sum(
        row["record"].startswith("barkhane/MLI")
        for row in run("dossier", "list", "sahel", "--table", "presence", "--format", "json").json
    )


def readable(path: Path, format_name: str) -> bool:
    """Whether the file is what its ending says, as another program sees it."""
    match format_name:
        case "csv":
            names = zipfile.ZipFile(io.BytesIO(path.read_bytes())).namelist()
            return any("actors" in name for name in names)
        case "graphml":
            return "front" in nx.read_graphml(path).nodes
        case "gexf":
            return "front" in nx.read_gexf(path).nodes
        case "ftm":
            return all("schema" in json.loads(line) for line in path.read_text("utf-8").splitlines())
        case _:
            return {"dossier", "sources", "actors"} <= set(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_dossier_is_handed_on_from_its_folder_and_from_the_lake(run: Run, tmp_path: Path, format_name: str) -> None:
    folder = write(tmp_path / "valley", "valley", VALLEY)
    assert run("ingest", "dossier", folder).code == 0
    for origin in (folder, "valley"):
        paths = [tmp_path / f"{name}{ENDINGS[format_name]}" for name in ("one", "two")]
        for path in paths:
            ran = run("dossier", "export", origin, "--format", format_name, "--out", path)
            assert (ran.code, ran.raw) == (0, b""), ran.err
        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert readable(paths[0], format_name)
        assert run("dossier", "export", origin, "--format", format_name).raw == paths[0].read_bytes()


def test_what_is_exported_as_yaml_can_be_taken_in(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "again.yaml"
    assert run("dossier", "export", "sahel", "--out", path).code == 0
    checked, first = run("dossier", "check", path), run("dossier", "check", SAHEL)
    assert (checked.code, checked.out.partition(",")[2]) == (0, first.out.partition(",")[2])


def test_a_graph_has_what_held_on_a_day(run: Run, tmp_path: Path) -> None:
    sizes = {}
    for day in ("2016-12-31", "2022-10-31"):
        path = tmp_path / f"{day}.graphml"
        assert run("dossier", "export", "sahel", "--format", "graphml", "--as-of", day, "--out", path).code == 0
        sizes[day] = {(a, b) for a, b, *_ in nx.read_graphml(path).edges}
    assert ("ansar-dine", "jnim") in sizes["2022-10-31"]
    assert not any("jnim" in edge for edge in sizes["2016-12-31"])


def test_a_dossier_is_taken_in_once(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "valley", "valley", VALLEY)
    assert "dossier-valley@1: " in run("ingest", "dossier", folder).out
    assert run("ingest", "dossier", folder).out == "dossier-valley@1 is in the lake already; nothing changed.\n"
    write(folder, "valley", VALLEY.replace("A summit", "Another summit"))
    assert "dossier-valley@1" in one_line(run("ingest", "dossier", folder), code=1)
    assert run("ingest", "dossier", folder, "--release", "2").out.startswith("dossier-valley@2: ")


def test_releases_and_verify_list_the_dossiers(run: Run, own: Path) -> None:
    listed = {row["origin"]["dataset"]: row for row in run("releases", "--format", "json").json}
    assert listed["dossier-sahel"]["embedded"]
    assert not listed["dossier-mine"]["embedded"]
    table = run("releases").out
    verified = run("verify")
    assert verified.code == 0
    for name in ("sahel", "mine"):
        release = f"dossier-{name}@{listed[f'dossier-{name}']['label']}"
        assert release in table
        assert f"{release}: whole" in verified.out.splitlines()


def test_a_damaged_dossier_is_found(run: Run, own: Path, tmp_path: Path) -> None:
    path = tmp_path / "home" / "lake" / "releases" / "dossier-mine" / "1" / "milestones.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    verified = run("verify")
    assert verified.code == 1
    assert re.search(r"^dossier-mine@1: (?!whole)", verified.out, re.MULTILINE)


def test_a_dossier_of_ones_own_lies_over_the_embedded_one(run: Run, own: Path) -> None:
    words = ("--country", "MLI", "--type", "coup", "--from", "2022", "--format", "json")
    mine = run("ask", "milestones", "--case", own, *words).json
    assert [row["milestone"] for row in mine["rows"]] == ["my-coup"]
    assert run("ask", "milestones", *words).json["rows"] == [], "the embedded case names the embedded dossier only"
    opened = run("evidence", mine["rows"][0]["evidence"], "--format", "json").json
    assert [(row["publisher"], row["where"]) for row in opened["rows"]] == [("A press", "p. 9")]
    who = run("who-is", "MYJNIM", "--case", own, "--format", "json").json["rows"][0]
    assert (who["actor_id"], who["actor"]) == ("jnim", "JNIM of my desk")
    assert run("who-is", "GSIM", "--case", own, "--format", "json").json["rows"][0]["actor_id"] is None
    ties = run("ask", "relations", "--case", own, "--actor", "jnim", "--as-of", "2022-10-31", "--format", "json").json
    assert {row["object"] for row in ties["rows"] if row["object_id"] == "jnim"} == {"MYJNIM"}
    assert {row["subject_id"] for row in ties["rows"]} >= {"ansar-dine", "katiba-macina"}, "relations stay"


def test_the_milestone_of_ones_own_is_in_the_brief(run: Run, own: Path, tmp_path: Path) -> None:
    assert run("brief", own, "--format", "html", "--out", tmp_path / "out").code == 0
    page = (tmp_path / "out" / "mine-2022-10-31-en.html").read_text("utf-8")
    assert "A milestone of my own" in page
    assert "Operation Serval" in page, "and those of the embedded dossier"
    assert "Release dossier-mine@1" in page
    id_ = re.search(r'href="#e-([0-9a-f]{12})-(\d+)"', page[page.index("A milestone of my own") :])
    assert id_
    opened = run("evidence", f"{id_[1]}.{id_[2]}", "--brief", tmp_path / "out" / "mine-2022-10-31-en.html")
    assert opened.code == 0
    assert "my-coup" in opened.out


def test_a_case_with_a_dossier_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    case = case_of(tmp_path, '"sahel", "mine"')
    for words in (("ask", "milestones", "--case", case), ("brief", case, "--out", tmp_path / "out")):
        line = one_line(run(*words))
        assert line.startswith("There is no dossier mine in the lake. There are: sahel.")
        assert "harmattan ingest dossier FOLDER" in line
    assert not (tmp_path / "out").exists()


def test_events_do_not_need_the_dossier_of_the_case(run: Run, tmp_path: Path) -> None:
    case = case_of(tmp_path, '"absent"')
    assert run("ask", "casualties", "--case", case, "--from", "2022", "--to", "2022").code == 0


def test_who_somebody_is(run: Run) -> None:
    out = run("who-is", "GSIM", "Katiba Massina, AQMI").out
    assert out.startswith("GSIM is Jama'at Nusrat al-Islam wal-Muslimin, ")
    assert "Katiba Massina is Katiba Macina" in out
    assert "AQMI is Al-Qaida in the Islamic Maghreb" in out
    unsure = run("who-is", "Barkhan")
    assert (unsure.code, unsure.err) == (0, "")
    assert unsure.out.startswith("Nobody goes by Barkhan for certain. Perhaps Barkhane (barkhane)")
    nobody = run("who-is", "zzqqxx").out
    assert nobody.startswith("Nobody in the dossier goes by zzqqxx.")
    assert "That it does not name something says nothing." in nobody


def test_who_somebody_was_there_and_then(run: Run) -> None:
    def actor(*words: str) -> str | None:
        found: str | None = run("who-is", *words, "--format", "json").json["rows"][0]["actor_id"]
        return found

    assert (actor("EIGS", "--as-of", "2018"), actor("EIGS", "--as-of", "2013")) == ("is-sahel", None)
    same = run("ask", "who-is", "--name", "GSIM", "--as-of", "2022-10-31", "--format", "json").json
    assert run("who-is", "GSIM", "--as-of", "2022-10-31", "--format", "json").json == same


def test_evidence_of_records_names_its_sources(run: Run) -> None:
    found = run("ask", "milestones", "--country", "NER", "--type", "coup", "--from", "2023", "--format", "json").json
    row = found["rows"][0]["evidence"]
    out = run("evidence", row).out
    assert out.startswith(f"Evidence {row}: 1 record of a dossier, ")
    assert "ner-coup-2023-07" in out
    listed = run("evidence", row, "--format", "json").json
    assert all(r["publisher"] and r["title"] and r["published"] for r in listed["rows"])
    assert listed["evidence"]["criteria"]["records"] == ["milestones:ner-coup-2023-07"]
    empty = run("ask", "figures", "--country", "SYR", "--format", "json").json["evidence"][0]["id"]
    assert run("evidence", empty, "--format", "json").json["rows"] == []


def test_evidence_of_events_says_who_the_sides_were(run: Run) -> None:
    words = ("--country", "MLI", "--from", "2022-10", "--to", "2022-10", "--format", "json")
    for level in ("name", "parent"):
        found = run("ask", "actors", "--level", level, *words).json
        rows = run("evidence", found["evidence"][0]["id"], "--format", "json").json["rows"]
        assert {"gov-mali", "jnim", "is-sahel"} <= {row["side_a"] for row in rows} | {row["side_b"] for row in rows}


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "parquet"])
def test_answers_and_records_of_a_dossier_as_files(run: Run, tmp_path: Path, format_name: str) -> None:
    asked = ("ask", "presence", "--country", "MLI", "--as-of", "2022-10-31", "--format")
    ran = run(*asked, format_name, "--out", tmp_path / "answer")
    assert (ran.code, ran.raw) == (0, b"")
    assert "dossier-sahel@" in ran.err, "the attribution is said"
    row = run(*asked, "json").json["rows"][0]["evidence"]
    assert run("evidence", row, "--format", format_name, "--out", tmp_path / "records").code == 0
    assert (tmp_path / "records").stat().st_size > 100


def test_records_of_a_closed_dossier_are_not_handed_on(run: Run, tmp_path: Path) -> None:
    take_in(lake_in(tmp_path), tmp_path, "desk", VALLEY, licence="Closed")
    case = case_of(tmp_path, '"desk"')
    found = run("ask", "milestones", "--case", case, "--format", "json").json
    line = one_line(run("evidence", found["rows"][0]["evidence"], "--format", "csv"), code=1)
    assert "would hand on records of dossier-desk@1, which its licence (Closed) forbids." in line
    assert "which its licence (Closed) forbids" in one_line(run("dossier", "export", "desk"), code=1)


@pytest.mark.parametrize("question", DOSSIER_QUESTIONS)
def test_a_headline_in_french_has_no_english_words(run: Run, question: str) -> None:
    french = run("--lang", "fr", "ask", question, *ASKED[question]).out.splitlines()[0]
    english = run("--lang", "en", "ask", question, *ASKED[question]).out.splitlines()[0]
    assert french != english
    assert ENGLISH.findall(french) == []


@pytest.mark.parametrize(
    "words",
    [
        ("dossier", "check", SAHEL),
        ("who-is", "Barkhan"),
        ("who-is", "zzqqxx"),
        ("ask", "relations", "--actor", "Barkhan"),
        ("ask", "figures", "--country", "SYR"),
    ],
    ids=lambda words: " ".join(map(str, words[:2])),
)
def test_what_is_said_in_french_has_no_english_words(run: Run, words: tuple[object, ...]) -> None:
    french, english = run("--lang", "fr", *words), run("--lang", "en", *words)
    first = [(ran.out or ran.err).splitlines()[0] for ran in (french, english)]
    assert french.code == english.code
    assert first[0] != first[1]
    assert [word for word in ENGLISH.findall(first[0]) if word not in TABLES] == []
    assert ENGLISH.findall(first[1]), "the words looked for are those of the English sentence"

"""`harmattan desk`, as a terminal has it: documents, reviews, claims, exports."""

from __future__ import annotations

import csv
import getpass
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from harmattan.cli import desk_words
from harmattan.desk.store import Desk
from harmattan.vocabulary.assertion import KINDS, STATES
from harmattan.vocabulary.claim import Claims
from tests.cli.running import Run, one_line
from tests.desk.made import AT, TEXT, assertion, document, some

PART = '{"check": "exists", "country": ["MLI"], "actor": ["JNIM"], "from": "2022-03-02"}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose desk has a document with candidates."""
    with Desk.open(tmp_path / "home" / "desk.sqlite3") as desk:
        desk.add(document(), AT, by="amina")
        desk.propose(some())
    return tmp_path / "home"


@pytest.fixture
def at(run: Run, home: Path) -> Run:
    """Runs an action of that desk."""
    return lambda *words: run("desk", words[0], "--home", home, *words[1:])


def ids(at: Run, *words: str) -> dict[str, str]:
    return {row["citation"]["exact"]: row["id"] for row in at("queue", document().id, "--format", "json", *words).json}


def test_the_words_are_those_of_the_vocabulary() -> None:
    assert (desk_words.KINDS, desk_words.STATES) == (KINDS, STATES)


def test_an_empty_desk_says_what_to_do(run: Run, tmp_path: Path) -> None:
    ran = run("desk", "list", "--home", tmp_path)
    assert (ran.code, ran.out) == (0, "The desk is empty. Say harmattan desk add FILE.\n")


def test_list_counts_each_state(at: Run) -> None:
    at("accept", ids(at)["JNIM"], "--by", "amina")
    shown = at("list").out
    assert "Market attacked" in shown
    (row,) = at("list", "--format", "json").json
    assert (row["id"], row["assertions"]) == (document().id, {"candidate": 5, "accepted": 1})


def test_the_queue_shows_words_and_meaning_and_the_version_to_copy(at: Run) -> None:
    shown = at("queue", document().id).out
    assert f"{some()[3].id}@1" in shown
    assert "at least 12 deaths" in shown
    assert "? fama / fds" in shown
    assert set(ids(at, "--kind", "figure")) == {"at least 12 people"}
    assert at("queue", document().id, "--state", "rejected").out.startswith("Nothing is open in Market attacked.")


def test_a_review_is_said_kept_and_shown_with_its_history(at: Run) -> None:
    jnim = ids(at)["JNIM"]
    said = at("accept", f"{jnim}@1", "--by", "amina", "--note", "certain").out
    assert said == f"{jnim}, version 2: accepted. actor jnim\n"
    assert at("edit", jnim, "--set", "actor=GSIM", "attributed_to=the army", "--by", "bako").out.startswith(
        f"{jnim}, version 3: candidate."
    )
    shown = at("show", jnim[:8]).out
    assert "On 2 March [JNIM] attacked the market" in shown
    assert all(words in shown for words in ("amina", "bako", "certain", "rule:reading.names@1", "the army"))
    assert [v["state"] for v in at("show", jnim, "--format", "json").json] == ["candidate", "accepted", "candidate"]


def test_the_second_of_two_people_is_told_in_one_line(at: Run) -> None:
    jnim = ids(at)["JNIM"]
    at("accept", f"{jnim}@1", "--by", "amina")
    ran = at("reject", f"{jnim}@1", "--by", "bako")
    assert "amina has made version 2" in one_line(ran, 1)


def test_several_are_reviewed_one_by_one_and_each_fault_is_told(at: Run) -> None:
    known = ids(at)
    ran = at("accept", known["JNIM"], "ffffffff", known["الجيش"], known["Tarwal"], "--by", "amina")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert ["accepted" in line for line in lines] == [True, False, False, True]
    assert "no assertion ffffffff" in lines[1]
    assert "which actor is meant" in lines[2]


def test_the_reviewer_is_by_else_the_environment_else_the_login(at: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    known = ids(at)
    monkeypatch.setenv("HARMATTAN_USER", "claire")
    at("accept", known["JNIM"])
    monkeypatch.delenv("HARMATTAN_USER")
    monkeypatch.setattr(getpass, "getuser", lambda: "dramane")
    at("accept", known["Tarwal"])
    who = [at("show", known[words], "--format", "json").json[-1]["reviewer"] for words in ("JNIM", "Tarwal")]
    assert who == ["claire", "dramane"]


def test_what_was_missed_is_found_by_its_words_and_by_names_of_the_dossier(at: Run) -> None:
    said = at("missed", document().id, "--quote", "Le  GSIM", "--kind", "actor", "--set", "actor=GSIM", "--by", "amina")
    assert "accepted. actor jnim" in said.out, said.err
    again = at("missed", document().id, "--quote", "Le GSIM", "--kind", "actor", "--set", "actor=jnim", "--by", "amina")
    assert "You have said so already" in one_line(again)
    left = at("missed", document().id, "--quote", "three", "--kind", "figure", "--set", "value=3", "--by", "amina")
    assert "do not stand in Market attacked" in one_line(left)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quote", "Tarwal", "--kind", "place", "--set", "place=Tarwal", "iso3=MLI"), "stand there 2 times"),
        (("--quote", "Tarwal", "--nth", "3", "--kind", "place", "--set", "place=Tarwal", "iso3=MLI"), "there are 2"),
        (("--quote", "JNIM", "--kind", "actor", "--set", "actor=Nobody Ever"), "knows no actor Nobody Ever"),
        (("--quote", "JNIM", "--kind", "actor", "--set", "name=x"), "Write key=value with one of actor"),
        (("--quote", "JNIM", "--kind", "place", "--set", "place=J", "iso3=Mali"), "no ISO3 code"),
        (("--quote", "2 March", "--kind", "date", "--set", "start=yesterday"), "is no date"),
        (("--quote", "12", "--kind", "figure", "--set", "value=many"), "no number"),
        (("--quote", "JNIM", "--kind", "place", "--set", "place=Tarwal"), "which iso3 is meant"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line_and_not_kept(at: Run, words: tuple[str, ...], told: str) -> None:
    ran = at("missed", document().id, *words, "--by", "amina")
    assert told in one_line(ran)
    assert len(ids(at)) == len(some())


def test_a_sentence_becomes_a_claim_and_a_claims_file(at: Run, tmp_path: Path) -> None:
    quote = ("--quote", "killing at least 12 people", "--name", "market-dead")
    value = '{"check": "value", "country": ["MLI"], "place": "Tarwal", "from": "2022-03-02", "value": 12, '
    value += '"qualifier": "at_least"}'
    wrong = at("claim", document().id, *quote, "--part", '{"check": "value"}', "--by", "amina")
    assert "The part cannot be checked: value is missing; country is missing." in one_line(wrong)
    assert "no JSON" in one_line(at("claim", document().id, *quote, "--part", "{check", "--by", "amina"))
    assert "accepted. claim value" in at("claim", document().id, *quote, "--part", value, "--by", "amina").out
    draft = ids(at, "--kind", "claim")["JNIM attacked the market of Tarwal"]
    accepted = at("claim", document().id, "--from-draft", draft, "--part", PART, "--by", "amina")
    assert "accepted. claim exists country=MLI" in accepted.out, accepted.err
    out = tmp_path / "claims.json"
    assert at("claims", document().id, "--out", str(out)).code == 0
    claims = Claims.model_validate_json(out.read_bytes())
    assert [claim.id for claim in claims.claim] == ["market", "market-dead"]
    assert claims.claim[0].part[0].actor == ("JNIM",)  # type: ignore[union-attr]
    assert claims.document.digest == document().digest


FORMATS = ("jsonl", "csv", "ftm", "graphml")


@pytest.mark.parametrize("format", FORMATS)
def test_only_what_is_accepted_leaves_and_the_same_bytes_again(at: Run, format: str) -> None:
    known = ids(at)
    at("accept", known["JNIM"], known["Tarwal"], "--by", "amina")
    at("reject", known["2 March"], "--by", "amina")
    made = at("export", document().id, "--format", format)
    assert made.raw == at("export", "all", "--format", format).raw
    assert known["JNIM"] in made.out
    assert known["2 March"] not in made.out
    everything = at("export", "all", "--format", format, "--state", "all").out
    assert all(id in everything for id in known.values())


def test_exports_are_logged(at: Run, home: Path) -> None:
    at("accept", ids(at)["JNIM"], "--by", "amina")
    at("export", "all", "--format", "csv", "--by", "bako")
    with Desk.open(home / "desk.sqlite3") as desk:
        (export,) = desk.exports()
    assert (export.by, export.format, [id for id, _ in export.assertions]) == ("bako", "csv", [some()[1].id])


def test_json_lines_and_csv_say_the_same(at: Run) -> None:
    at("accept", *(id for words, id in ids(at).items() if words != "الجيش"), "--by", "=amina()")
    lines = [json.loads(line) for line in at("export", "all").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(at("export", "all", "--format", "csv").out)))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert TEXT[line["start"] : line["end"]] == line["quote"] == row["quote"]
        assert json.loads(row["means"]) == line["canonical"]
        assert row["reviewer"] == "'=amina()"
    jnim = next(line for line in lines if line["quote"] == "JNIM")
    assert (jnim["canonical"], jnim["origin"]) == ({"actor": "jnim"}, "rule:reading.names@1")


def test_followthemoney_entities_hold_together(at: Run) -> None:
    known = ids(at)
    at("accept", *(id for words, id in known.items() if words != "الجيش"), "--by", "amina")
    relation = ("relation=rival_of", "subject=jnim", "object=JNIM")
    at("missed", document().id, "--quote", "market", "--kind", "relation", "--by", "amina", "--set", *relation)
    found = {e["id"]: e for e in map(json.loads, at("export", "all", "--format", "ftm").out.splitlines())}
    assert list(found) == sorted(found)
    of = f"hmt-document-{document().id}"
    assert found[of]["schema"] == "PlainText"
    assert found[of]["properties"]["publishedAt"] == ["2022-03-04"]
    assert found["hmt-actor-jnim"]["schema"] == "Organization"
    assert found["hmt-actor-jnim"]["properties"]["proof"] == [of]
    mention = found[f"hmt-mention-{known['JNIM']}"]["properties"]
    assert mention == {"document": [of], "resolved": ["hmt-actor-jnim"]}
    note = found[f"hmt-note-{known['at least 12 people']}"]
    assert note["properties"]["description"] == ["at least 12 people"]
    assert {e["schema"] for e in found.values()} == {"PlainText", "Organization", "Mention", "Note", "UnknownLink"}
    for entity in found.values():
        for name in ("document", "resolved", "proof", "entity", "subject", "object"):
            assert set(entity["properties"].get(name, ())) <= set(found)


def test_graphml_is_one_that_networkx_reads(at: Run) -> None:
    known = ids(at)
    at("accept", *(id for words, id in known.items() if words != "الجيش"), "--by", "amina")
    made = at("export", "all", "--format", "graphml")
    ET.fromstring(made.raw)
    graph = nx.parse_graphml(made.out, force_multigraph=True)
    of = f"document:{document().id}"
    edge = graph.get_edge_data(of, "actor:jnim")[known["JNIM"]]
    assert (edge["quote"], edge["kind"], edge["state"]) == ("JNIM", "actor", "accepted")
    assert graph.nodes[of]["label"] == "Market attacked"
    assert {data["kind"] for _, data in graph.nodes(data=True)} >= {"document", "actor", "place", "figure", "claim"}


@pytest.fixture
def secret(run: Run, tmp_path: Path) -> Run:
    """A desk with a confidential document."""
    text = document("Source Omega told @omega_17 that JNIM killed 12 in Hiddenplace. Front Zulu (FZ) helped.\n",
                    title="Secret memo", publisher="Cell Nine", file="memo-omega.txt", confidential=True)  # fmt: skip
    claim = {"id": "c", "quote": "JNIM killed 12 in Hiddenplace", "part": [json.loads(PART)], "attributed_to": "Omega"}
    made = [assertion("JNIM", "actor", {"actor": "jnim"}, of=text), assertion("12", "figure", {"value": 12}, of=text),
            assertion("Front Zulu (FZ)", "new_name", {"long": "Front Zulu"}, of=text),
            assertion("JNIM killed 12 in Hiddenplace", "claim", claim, of=text)]  # fmt: skip
    with Desk.open(tmp_path / "desk.sqlite3") as desk:
        desk.add(text, AT)
        desk.propose(made)
        for one in made:
            desk.review(one.id, "accepted", "amina", AT, note="Omega again", also={"attributed_to": "Omega"})
    return lambda *words: run("desk", words[0], "--home", tmp_path, *words[1:])


@pytest.mark.parametrize("format", FORMATS)
def test_a_confidential_document_leaves_as_ids_and_values_only(secret: Run, format: str) -> None:
    made = secret("export", "all", "--format", format)
    assert made.code == 0, made.err
    words = ("omega", "hidden", "zulu", "secret", "nine", "killed", "memo")
    assert [word for word in words if word in made.out.lower()] == []
    assert "jnim" in made.out
    assert "12" in made.out
    told = secret("export", "all", "--format", format, "--confidential-too", "--identities")
    assert "killed 12 in Hiddenplace" in told.out


def test_the_claims_of_a_confidential_document_stay_unless_it_is_said(secret: Run) -> None:
    (row,) = secret("list", "--format", "json").json
    assert "is confidential" in one_line(secret("claims", row["id"]))
    assert secret("claims", row["id"], "--confidential-too").json["claim"][0]["id"] == "c"


def test_handles_leave_as_pseudonyms(run: Run, tmp_path: Path) -> None:
    text = document("Yesterday @Amina_Cisse wrote that JNIM came. See x.com/Amina_Cisse.")
    made = assertion("@Amina_Cisse wrote that JNIM came", "new_name", {"long": "@Amina_Cisse"}, of=text)
    with Desk.open(tmp_path / "desk.sqlite3") as desk:
        desk.add(text, AT)
        desk.propose([made])
        desk.review(made.id, "accepted", "amina", AT)
    for format in FORMATS:
        shown = run("desk", "export", "all", "--home", tmp_path, "--format", format).out
        assert "Amina_Cisse" not in shown
        assert "@" in shown
        assert "Amina_Cisse" in run("desk", "export", "all", "--home", tmp_path, "--format", format, "--identities").out


def test_a_desk_may_be_elsewhere(at: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "elsewhere" / "team.sqlite3"
    assert at("list", "--desk", str(other)).out.startswith("The desk is empty")
    monkeypatch.setenv("HARMATTAN_DESK", f"sqlite:///{other}")
    assert at("list").out.startswith("The desk is empty")
    monkeypatch.setenv("HARMATTAN_DESK", "postgresql://desk:hunter2@127.0.0.1:1/desk")
    ran = at("list")
    assert "hunter2" not in one_line(ran, 1)


@pytest.mark.parametrize("words", [("queue", "abcd"), ("show", "abcd"), ("accept", "ab@x"), ("show", "%"), ("frob",)])
def test_misuse_is_one_line(at: Run, words: Any) -> None:
    assert one_line(at(*words))


def test_a_file_is_read_kept_and_what_it_says_is_proposed_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(
        "Fighting in the centre\n\nOn 27 March 2022, Malian soldiers and JNIM fought at Gao. At least 300 people "
        "were killed in Mali in March 2022. The Front for Testing (FFT) claimed nothing last month.\n",
        "utf-8",
    )
    words = ("desk", "add", path, "--home", tmp_path, "--by", "amina")
    first = run(*words)
    assert (first.code, first.err) == (0, "")
    assert "proposed. Say harmattan desk queue" in first.out
    assert "Add it again with --published" in first.out
    (row,) = run("desk", "list", "--home", tmp_path, "--format", "json").json
    found = run("desk", "queue", row["id"], "--home", tmp_path, "--format", "json").json
    means = {(a["kind"], a["canonical"].get("actor") or a["canonical"].get("place")) for a in found}
    assert {("actor", "jnim"), ("place", "Gao"), ("place", "Mali")} <= means
    assert any(a["kind"] == "figure" and a["canonical"]["value"] == 300 for a in found)
    before = len(found)
    again = run(*words, "--published", "2022-04-05", "--publisher", "The Valley Courier")
    assert again.code == 0
    (row,) = run("desk", "list", "--home", tmp_path, "--format", "json").json
    assert (row["published"], row["publisher"]) == ("2022-04-05", "The Valley Courier")
    assert len(run("desk", "queue", row["id"], "--home", tmp_path, "--format", "json").json) >= before
    third = run(*words)
    assert "it is on the desk already, nothing new is proposed" in third.out


@pytest.mark.parametrize(("content", "told"), [(b"", "note.txt"), (b"\x00\x01\x02\xff" * 50, "note.txt")])
def test_a_file_that_is_no_document_is_one_line_and_nothing_is_kept(
    run: Run, tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "note.txt").write_bytes(content)
    ran = run("desk", "add", tmp_path / "note.txt", "--home", tmp_path, "--by", "amina")
    assert told in one_line(ran, 1)
    assert run("desk", "list", "--home", tmp_path, "--format", "json").json == []


@pytest.mark.parametrize("out", ["missing/a.json", "."])
def test_what_cannot_be_written_is_not_logged_as_handed_on(at: Run, home: Path, tmp_path: Path, out: str) -> None:
    for words in (("export", "all"), ("claims", document().id)):
        ran = at(*words, "--by", "amina", "--out", tmp_path / out)
        assert "cannot be written" in one_line(ran, 1)
    with Desk.open(home / "desk.sqlite3") as held:
        assert held.exports() == ()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("queue", ""), "An id is shortened to 4 signs at least."),
        (("show", "ab"), "An id is shortened to 4 signs at least."),
        (("add", "x.txt", "--published", "2022-15"), "2022-15 is no date. Write 2022, 2022-10 or 2022-10-31."),
    ],
)
def test_slips_say_what_to_do(at: Run, words: tuple[str, ...], told: str) -> None:
    assert one_line(at(*words)).startswith(told)

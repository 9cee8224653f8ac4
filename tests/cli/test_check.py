"""`harmattan check`: the worked case, files of one's own, documents given by mistake, and evidence that opens."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from harmattan.checks.claims_file import dump, load
from harmattan.checks.verdict import OVERALL_WORDS, VERDICT_WORDS
from harmattan.data import CLAIMS
from harmattan.desk.store import Desk
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.reading import Options
from harmattan.vocabulary.assertion import Assertion, Origin
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.partial import PartialDate
from tests.cli.running import Ran, Run, one_line
from tests.sources.acled_rows import attack, rows, write_csv

WORKED = CLAIMS / "mali-2022.toml"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
SHORT = """as_of = 2022-10-31
[document]
title = "Of coups"
[[claim]]
id = "coups"
quote = "two coups"
[[claim.part]]
check = "milestone"
type = "coup"
country = "MLI"
from = "2020"
count = 2
[[claim]]
id = "moura"
quote = "300 civilians"
[[claim.part]]
check = "value"
country = "MLI"
measure = "civilians"
take = "max"
value = 300
from = "2022-03"
to = "2022-03"
"""


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def verdicts(ran: Ran) -> dict[str, str]:
    assert ran.code == 0, ran.err
    return {claim["id"]: claim["verdict"] for claim in ran.json["claims"]}


def test_without_a_file_it_checks_the_worked_case(run: Run) -> None:
    mine, named = run("check", "--format", "json"), run("check", WORKED, "--format", "json")
    assert len(verdicts(mine)) == len(load(WORKED).claim)
    assert mine.json == named.json
    assert mine.json["as_of"] == "2022-10-31"


def test_the_exit_code_is_0_whatever_the_verdicts(run: Run, short: Path) -> None:
    ran = run("check", short, "--format", "json")
    assert verdicts(ran) == {"coups": "supported", "moura": "different_figure"}
    short.write_text(SHORT.replace("count = 2", "count = 9"), encoding="utf-8")
    assert verdicts(run("check", short, "--format", "json"))["coups"] != "supported"


def test_every_evidence_id_opens(run: Run, short: Path) -> None:
    told = run("check", short, "--format", "json").json
    ids = {name for claim in told["claims"] for part in claim["parts"] for name in part["evidence"]}
    ids |= {way["evidence"] for c in told["claims"] for p in c["parts"] for way in p["ways"] if way["evidence"]}
    assert ids
    for name in sorted(ids):
        opened = run("evidence", name, "--format", "json")
        assert opened.code == 0, opened.err
        assert opened.json["id"] == name


def test_the_numbers_agree_with_the_rows_behind_them(run: Run, short: Path) -> None:
    told = run("check", short, "--format", "json").json
    coups = told["claims"][0]["parts"][0]
    assert coups["best"] == 2
    moura = told["claims"][1]["parts"][0]
    records = [way for way in moura["ways"] if way["best"] in (243, 313)]
    assert {way["best"] for way in records} == {243, 313}
    rows = run("evidence", records[0]["evidence"], "--format", "json").json["rows"]
    assert sum(row["deaths_best"] for row in rows) >= 313


def test_a_terminal_gets_a_line_for_each_part_and_sentences(
    run: Run, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = run("check", short)
    assert ran.code == 0
    assert "\x1b[" not in ran.out
    table = ran.out.partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 80 or "As of" in table
    assert all(len(line.rstrip()) <= 80 for line in table.splitlines()[2:])
    assert "● supported" in ran.out
    assert "◆ supported with a" in ran.out
    assert "“two coups”" in ran.out
    assert "harmattan evidence " in ran.out
    assert "The verdict over a claim is that of its parts" in ran.out


@pytest.mark.parametrize("form", ["html", "pdf", "json"])
def test_a_file_is_written_whole_and_the_same_each_time(run: Run, short: Path, tmp_path: Path, form: str) -> None:
    one, two = tmp_path / f"one.{form}", tmp_path / f"two.{form}"
    assert run("check", short, "--format", form, "--out", one).code == 0
    assert run("check", short, "--format", form, "--out", two).code == 0
    same = one.read_bytes() == two.read_bytes()
    assert same, "to tell the difference of two such pages takes too long"
    assert not list(tmp_path.glob(".*"))
    assert run("check", short, "--format", form).raw == one.read_bytes()


def test_the_as_of_date_and_the_publication_date_cut(run: Run, short: Path) -> None:
    early = run("check", short, "--as-of", "2020-12-31", "--format", "json")
    assert verdicts(early)["coups"] != "supported"
    assert early.json["as_of"] == "2020-12-31"
    assert "Nothing here was published by" in one_line(run("check", short, "--known-by", "1990-01-01"), 1)


def test_several_files_make_several_reports_but_one_page(run: Run, short: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(dump(load(short), "json"), encoding="utf-8")
    both = run("check", short, other, "--format", "json")
    assert both.code == 0
    assert both.json[0]["claims"] == both.json[1]["claims"]
    assert run("check", short, other).code == 0
    assert "one claims file" in one_line(run("check", short, other, "--format", "html"))


@pytest.mark.parametrize("confidential", [False, True])
def test_claims_accepted_on_the_desk_are_checked_and_confidential_words_stay_in_the_terminal(
    run: Run, short: Path, tmp_path: Path, confidential: bool
) -> None:
    text = "Mali has seen two coups since 2020."
    document = Document(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        kind="txt",
        text=text,
        title="Of coups",
        language="en",
        published=PartialDate.parse("2022-10-31"),
        confidential=confidential,
    )
    at, claim = dt.datetime(2022, 11, 1, tzinfo=dt.UTC), load(short).claim[0]
    proposed = Assertion(
        id="claim-1",
        document=document.digest,
        citation=document.cite(14, 23),
        kind="claim",
        as_written={"quote": claim.quote},
        canonical=claim.model_dump(mode="json", by_alias=True),
        origin=Origin(kind="human", name="A"),
        at=at,
    )
    with Desk.open(tmp_path / "desk.sqlite3") as desk:
        desk.add(document, at)
        (there,) = desk.propose([proposed])
        desk.review(there.id, "accepted", "B", at)
    words = ("check", f"desk:{document.id}", "--desk", tmp_path / "desk.sqlite3")
    assert "“two coups”" in run(*words).out
    told = run(*words, "--format", "json")
    assert verdicts(told) == {"coups": "supported"}
    assert ("two coups" in told.out) is not confidential
    assert ("two coups" in run(*words, "--format", "html").out) is not confidential


def test_a_document_and_a_wrong_file_get_one_line(run: Run, tmp_path: Path) -> None:
    for name in ("article.pdf", "article.docx", "article.html", "article.txt"):
        (tmp_path / name).write_bytes(b"Mali has undergone two military coups.")
        line = one_line(run("check", tmp_path / name))
        assert "harmattan read" in line
        assert "harmattan desk add" in line
    (tmp_path / "bad.toml").write_text("as_of = 2022-10-31\n", encoding="utf-8")
    assert "claim is missing" in one_line(run("check", tmp_path / "bad.toml"), 1)
    assert "There is no claims file" in one_line(run("check", tmp_path / "none.toml"))
    assert "does not go into" in one_line(run("check", "--out", tmp_path / "x.txt"))
    assert "There is no case" in one_line(run("check", "--case", "nowhere"))


def test_the_schemas_are_printed_and_describe_what_is_written(run: Run, short: Path) -> None:
    schema = run("check", "--schema").json
    assert schema["$id"] == "harmattan-claims-1"
    assert set(schema["required"]) == {"document", "as_of", "claim"}
    told = run("check", short, "--format", "json").json
    assert told["format"] == "harmattan-checked-1"
    assert set(told["counts"]) == set(OVERALL_WORDS)
    assert set(told["part_counts"]) == set(VERDICT_WORDS)
    assert sum(told["counts"].values()) == 2


def test_it_speaks_french(run: Run, short: Path) -> None:
    ran = run("check", short, "--lang", "fr", "--format", "json")
    assert ran.code == 0
    assert ran.json["language"] == "fr"


CLOSED = """as_of = 2023-12-31
[document]
title = "Of battles"
[[claim]]
id = "battles"
quote = "there was fighting"
[[claim.part]]
check = "exists"
country = "MLI"
from = "2022"
to = "2023"
[[claim.part]]
check = "value"
country = "MLI"
value = 5
take = "max"
from = "2022"
to = "2023"
"""


@pytest.mark.parametrize("form", ["html", "json", "pdf"])
def test_single_records_that_may_not_be_handed_on_stay_here(run: Run, tmp_path: Path, form: str) -> None:
    table = write_csv(tmp_path / "acled.csv", [*rows(900), attack(2000, notes="canary")])
    said = Options(places=("MLI", "BFA", "NER"), start=dt.date(2022, 1, 1), end=dt.date(2023, 12, 31))
    ingest(Lake(tmp_path / "home", tmp_path / "none"), "acled", [table], said, retrieved_at=NOW)
    file = tmp_path / "closed.toml"
    file.write_text(CLOSED, encoding="utf-8")
    ran = run("check", file, "--source", "acled", "--format", form)
    assert ran.code == 0, ran.err
    told = ran.raw.decode(errors="replace")
    if form == "pdf":
        told = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(ran.raw)).pages)
    assert "ACLED" in told
    assert "canary" not in told
    assert "That record is coded" not in told
    names = {row["event_id_cnty"] for row in rows(900)}
    assert not {name for name in names if name in told}


@pytest.mark.data
def test_single_events_give_the_verdicts_that_sums_by_month_give(run: Run, data_dir: Path) -> None:
    by_month = run("check", "--format", "json")
    file = data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"
    assert run("ingest", "ucdp-ged", file, "--release", "24.1").code == 0
    single = run("check", "--format", "json")
    assert "ucdp-ged@24.1" in {release["name"] for release in single.json["releases"]}
    assert verdicts(single) == verdicts(by_month)

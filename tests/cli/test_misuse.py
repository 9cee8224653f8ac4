"""A word that there is not is one line with the nearest that there are, exit code 2, and never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harmattan.cli import commands
from tests.cli.running import Run, one_line
from tests.lake.factory import event, lake_in, put

ASK = "ask casualties --country MLI"
WHOLE = """
name = "x"
title = {en = "X"}
focus = "MLI"
countries = ["MLI"]
since = 2012-01-01
as_of = 2022-10-31
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ask casualties --country Malli", "There is no country Malli. Did you mean MLI Mali"),
        ("ask casualties --country MLY", "There is no country MLY. Did you mean "),
        ("ask casualties --country 434", "434 is not an ISO3 code: a bare number or two letters "),
        ("ask casualties --country ML", "ML is not an ISO3 code"),
        (f"{ASK} --actor JNMI", "No actor is called JNMI in the releases in use. Did you mean JNIM"),
        (f"{ASK} --dyad IS-JNIM", "No dyad is called IS-JNIM in the releases in use. Did you mean IS - JNIM"),
        (f"{ASK} --untill 2022", "harmattan ask casualties knows no --untill. "),
        (f"{ASK} --know-by 2022", "knows no --know-by. Did you mean --known-by"),
        ("ask casulties", "QUESTION cannot be casulties. There are: casualties, records, "),
        ("ask casulties", "Did you mean casualties or mines? Say harmattan ask --help."),
        ("aks casualties", "COMMAND cannot be aks. There are: brief, ask, "),
        (f"{ASK} --kind statebased", "There is no kind of violence statebased. There are: non_state, "),
        (f"{ASK} --kind statebased", "Did you mean state_based?"),
        (f"{ASK} --by mont", "Nothing is told apart by mont. There are: actor, admin1, admin2, cell, "),
        (f"{ASK} --by mont", "Did you mean month"),
        (f"{ASK} --format jsn", "--format cannot be jsn. There are: table, json, csv, xlsx, parquet, "),
        (f"{ASK} --format jsn", "Did you mean json"),
        ("ask casualties --case sahell", "There is no case sahell. There are: sahel."),
        (f"{ASK} --release ucdp-ged@99", "ucdp-ged@99 names no release. There are dossier-sahel@"),
        ("ask records --country MLI --measure death", "There is no measure death. There are: deaths_best, "),
        ("ask records --country MLI --by year", "harmattan ask records knows no --by."),
        (f"{ASK} --from 2022-12 --to 2022-01", "The period ends on 31 January 2022, before it starts on "),
        (f"{ASK} --by month year", "Rows can be by month or by year, not by both."),
        (f"{ASK} --from 2022-13", "There is no month 2022-13."),
        (f"{ASK} --from 2022-02-30", "2022-02-30 is not a date. Write 2022, 2022-10 or 2022-10-31."),
        (f"{ASK} --to yesterday", "yesterday is not a date."),
        (f"{ASK} --as-of 2022-10-31T12", "2022-10-31T12 is not a date."),
        (f"{ASK} --cell 999999", "There is no PRIO-GRID cell 999999. Cells go from 1 to 259200."),
        (f"{ASK} --cell ²", "² is not a whole number"),
        (f"{ASK} --cell -3", "-3 is not a whole number"),
        ("ask records --country MLI --window 0", "0 is not a whole number"),
        ("ask records --country MLI --window 1.5", "1.5 is not a whole number"),
        ("ask records --country MLI --window 99999999999999999999", "is not a whole number"),
        ("ask records --country MLI --window 5000", "A window of 5,000 months is too long. Say 1 to 1,200."),
        ("ask records --country MLI --since 2030", "1 January 2030 is after the last day covered, 31 December 2023."),
        (f"{ASK} --country", "--country needs a value."),
        (f"{ASK} --from", "--from needs a value."),
        (f"{ASK} --out here.csv", "A table is for the terminal and does not go into here.csv. Say --format as well"),
        ("", "COMMAND is missing. Say harmattan --help."),
        ("ask", "QUESTION is missing. Say harmattan ask --help."),
        ("evidence", "ID is missing."),
        ("evidence nonsense", "nonsense is not an evidence id. An id looks like 3fa94c21d0b7"),
        ("evidence 3fa94c21d0b7", "No answer with the id 3fa94c21d0b7 was given here."),
        ("evidence 3fa94c21d0b7 --brief nowhere.html", "nowhere.html cannot be read as a brief."),
        ("ingest ucdp-gde file.csv", "There is no data set ucdp-gde. Did you mean ucdp-ged"),
        ("ingest ucdp-ged", "FILE is missing."),
        ("ingest ucdp-ged file.csv --published soon", "soon is not a date."),
        ("ingest ucdp-ged file.csv --places Atlantis", "There is no country Atlantis."),
        ("diff ucdp-ged-cells@24.1 ucdp-ged@25.1", "ucdp-ged@25.1 names no release."),
        ("diff ucdp-ged-cells@24.1", "B is missing."),
        ("releases --format xml", "--format cannot be xml. There are: table and json."),
        ("embed ucdp-ged-cell ucdp-ged@24.1 --out there", "There are no figures ucdp-ged-cell. There are: "),
        ("brief sahell", "There is no case sahell."),
        ("brief sahel --format pfd", "A brief cannot be written as pfd. There are: docx, html and pdf. Did you mean"),
        ("--lang de releases", "--lang cannot be de. There are: en and fr."),
        ("releases extra", "harmattan releases knows no extra."),
    ],
)  # fmt: skip
def test_a_misused_word_is_one_line(run: Run, words: str, said: str) -> None:
    assert said in one_line(run(*words.split()))


def test_the_same_words_are_refused_in_french(run: Run) -> None:
    line = one_line(run("--lang", "fr", "ask", "casulties"))
    assert "casualties" in line
    assert "cannot be" not in line


def test_a_misspelt_id_is_near_the_one_that_was_given(run: Run) -> None:
    given = run("ask", "casualties", "--country", "MLI", "--from", "2022", "--format", "json").json["evidence"][0]["id"]
    wrong = given[:-1] + ("0" if given[-1] != "0" else "1")
    assert f"Did you mean {given}?" in one_line(run("evidence", wrong))
    assert "has rows 1 to 2." in one_line(run("evidence", f"{given}.3"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ask casualties --country MLI --known-by 2015", "Nothing here was published by 31 December 2015. The first "),
        ("ingest ucdp-ged nowhere.csv", "There is no file nowhere.csv."),
        ("ingest ucdp-ged .", ". is a directory. Name the file in it."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line(run: Run, words: str, said: str) -> None:
    assert said in one_line(run(*words.split()), code=1)


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ('name = "x"', ["title: Field required", "focus: Field required", "since: Field required"]),
        ('name = "x"\ncolour = "red"', ["colour: Extra inputs are not permitted"]),
        ("name = ", ["Invalid value"]),
        (WHOLE.replace("MLI", "Atlantis"), ["There is no country Atlantis"]),
        (WHOLE + 'sections = ["maps"]', ["there is no section maps; there are judgement, alerts, trend"]),
        (WHOLE + "window_months = 0", ["window_months: Input should be greater than or equal to 1"]),
    ],
)  # fmt: skip
def test_a_faulty_case_file_lists_every_fault(run: Run, tmp_path: Path, words: str, faults: list[str]) -> None:
    case = tmp_path / "mine.toml"
    case.write_text(words, encoding="utf-8")
    line = one_line(run("ask", "casualties", "--case", case))
    assert f"The case file {case} is not valid: " in line
    assert all(fault in line for fault in faults), line


def test_a_damaged_release_is_one_line(run: Run, tmp_path: Path) -> None:
    held = put(lake_in(tmp_path), "1", [event("a")]).held
    held.file("events").write_bytes(b"no Parquet")
    words = ("ask", "casualties", "--country", "MLI", "--release", "made-up@1")
    assert "Say harmattan verify." in one_line(run(*words), code=1)
    held.file("events").unlink()
    assert "Say harmattan verify." in one_line(run(*words), code=1)
    checked = run("verify")
    assert checked.code == 1
    assert "made-up@1: events.parquet is missing" in checked.out


def test_evidence_of_a_release_that_is_gone(run: Run, tmp_path: Path) -> None:
    held = put(lake_in(tmp_path), "1", [event("a")]).held
    found = run("ask", "casualties", "--country", "MLI", "--release", "made-up@1", "--format", "json").json
    shutil.rmtree(held.path)
    line = one_line(run("evidence", found["rows"][0]["evidence"]), code=1)
    assert line.startswith("The answer rests on made-up@1, which is not here.")
    assert "Ingest the same file under the same label." in line


def test_an_interrupt_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "releases", stop)
    assert one_line(run("releases"), code=130) == "interrupted; nothing was half-written."


def test_a_full_disk_is_one_line() -> None:
    import subprocess
    import sys

    program = "import sys; from harmattan.cli import main; sys.exit(main())"
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-c", program, "check", "--schema"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ran.returncode == 1
    assert ran.stderr == b"harmattan: There is no space left to write to.\n"

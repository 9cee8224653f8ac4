"""`ask` and `evidence`: the JSON that others build on, and the rows behind every number of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan.questions.registry import QUESTIONS
from tests.cli.running import ASKED, Run

ISSUE_WORDS = "ask casualties --country MLI --by year --from 2012-01 --to 2022-12 --format json"
ISSUE = ISSUE_WORDS.split()
KEYS = ["question", "params", "headline", "columns", "rows", "evidence", "caveats"]
NEEDED = {"period", "events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians"}
EVENT_FILE = Path("ucdp") / "ged241_westafrica8_events.csv.gz"


def test_the_command_of_the_issue(run: Run) -> None:
    found = run(*ISSUE).json
    assert list(found) == KEYS
    assert found["question"] == "casualties"
    assert {column["name"] for column in found["columns"]} >= NEEDED
    last = found["rows"][-1]
    assert (last["period"], last["events"], last["deaths_best"]) == ("2022", 408, 3650)
    assert len(found["rows"]) == 11
    assert run(*ISSUE).json == found, "the same question gives the same answer"


@pytest.mark.data
def test_the_command_of_the_issue_after_ingest(run: Run, data_dir: Path) -> None:
    took = run("ingest", "ucdp-ged", data_dir / EVENT_FILE, "--release", "24.1")
    assert took.code == 0
    assert took.out.startswith("ucdp-ged@24.1: ")
    assert "5,073 events" in took.out
    found = run(*ISSUE).json
    assert (found["rows"][-1]["events"], found["rows"][-1]["deaths_best"]) == (408, 3650)
    assert found["evidence"][0]["releases"][0]["name"] == "ucdp-ged@24.1"
    again = run("ingest", "ucdp-ged", data_dir / EVENT_FILE, "--release", "24.1")
    assert again.out == "ucdp-ged@24.1 is in the lake already; nothing changed.\n"
    assert run(*ISSUE).json == found
    assert "ucdp-ged@24.1: whole" in run("verify").out


@pytest.mark.parametrize("question", sorted(ASKED))
def test_json_of_every_question(run: Run, question: str) -> None:
    found = run("ask", question, *ASKED[question], "--format", "json").json
    assert found["rows"]
    assert list(found) == KEYS
    names = [column["name"] for column in found["columns"]]
    assert all(list(column) == ["name", "unit", "description"] and column["description"] for column in found["columns"])
    assert all(list(row) == names for row in found["rows"])
    whole = found["evidence"][0]
    assert [row["evidence"] for row in found["rows"]] == [
        f"{whole['id']}.{n}" for n in range(1, len(found["rows"]) + 1)
    ]
    assert whole["command"] == f"harmattan evidence {whole['id']}"
    assert {column.name for column in QUESTIONS[question].columns} >= set(names) - {"evidence"}
    assert set(found["params"]) >= {"as_of", "known_by", "release"}


def test_the_id_of_a_row_lists_the_records_that_make_it(run: Run) -> None:
    found = run(
        "ask", "casualties", "--country", "MLI", "--from", "2022", "--to", "2022", "--by", "kind", "--format", "json"
    ).json
    for row in found["rows"]:
        listed = run("evidence", row["evidence"], "--format", "json").json
        assert listed["id"] == row["evidence"]
        assert len(listed["rows"]) == row["records"] == listed["evidence"]["rows"]
        assert sum(record["n_events"] for record in listed["rows"]) == row["events"]
        for name in ("deaths_low", "deaths_best", "deaths_high", "deaths_civilians"):
            assert sum(record[name] for record in listed["rows"]) == row[name]
    whole = run("evidence", found["evidence"][0]["id"], "--format", "json").json
    assert sum(record["n_events"] for record in whole["rows"]) == 408
    assert whole["sources"]


def test_a_name_a_code_or_several_countries(run: Run) -> None:
    by_name = run(
        "ask",
        "casualties",
        "--country",
        "mali",
        "Burkina Faso",
        "--from",
        "2022",
        "--by",
        "country",
        "--format",
        "json",
    )
    by_code = run("ask", "casualties", "--country", "MLI,BFA", "--from", "2022", "--by", "country", "--format", "json")
    twice = run(
        "ask",
        "casualties",
        "--country",
        "MLI",
        "--country",
        "BFA",
        "MLI",
        "--from",
        "2022",
        "--by",
        "country",
        "--format",
        "json",
    )
    assert by_name.json == by_code.json == twice.json
    assert by_name.json["params"]["country"] == ["MLI", "BFA"]


def test_the_countries_of_the_case_are_meant_where_none_is_named(run: Run) -> None:
    assert run("ask", "casualties", "--format", "json").json["params"]["country"] == ["MLI", "BFA", "NER"]


def test_a_case_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "mine.toml"
    words = """
    name = "mine"
    title = {en = "Mine"}
    focus = "Togo"
    countries = ["TGO", "Benin"]
    since = 2019-01-01
    as_of = 2023-12-31
    """
    case.write_text(words, encoding="utf-8")
    assert run("ask", "casualties", "--case", case, "--format", "json").json["params"]["country"] == ["TGO", "BEN"]


def test_not_covered_is_an_answer_and_not_an_error(run: Run) -> None:
    ran = run("ask", "casualties", "--country", "MLI", "--from", "2024-01", "--to", "2024-12", "--format", "json")
    assert ran.code == 0
    assert ran.json["rows"] == []
    assert ran.json["headline"].startswith("Not covered: ")
    assert run("evidence", ran.json["evidence"][0]["id"], "--format", "json").json["rows"] == []


def test_an_unwritable_home_still_answers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "answers").write_text("in the way")
    ran = run("ask", "casualties", "--country", "MLI", "--from", "2022", "--to", "2022")
    assert ran.code == 0
    assert "408" in ran.out
    assert "The home cannot be written, so the evidence id is not kept." in ran.out
    assert run(*ISSUE).json["rows"][-1]["events"] == 408


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that nobody can write into, not even root")
def test_a_home_that_nobody_can_make_still_answers(run: Run) -> None:
    ran = run("--home", "/proc/harmattan", "ask", "casualties", "--country", "MLI", "--from", "2022", "--to", "2022")
    assert (ran.code, "408" in ran.out) == (0, True)


def test_asking_writes_nothing_but_the_kept_answer(run: Run, tmp_path: Path) -> None:
    run(*ISSUE)
    kept = [path.relative_to(tmp_path / "home").as_posix() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [Path(name).parent.as_posix() for name in kept] == ["answers"]

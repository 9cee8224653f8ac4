"""Displacement, needs, funding and sources on the command line: every format, evidence, and an empty home."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from harmattan.cli.reference import EXAMPLES
from harmattan.data import RELEASES
from harmattan.export.files import FORMATS
from harmattan.lake.shelf import Lake
from harmattan.questions.registry import QUESTIONS
from tests.cli.running import Run, one_line
from tests.questions.people import put_people
from tests.questions.worlds import TABLE_QUESTIONS

DRAWN = ("geojson", "gpkg")
MALI = ("--country", "MLI", "--as-of", "2022-10-31")


@pytest.fixture
def people(run: Run, tmp_path: Path) -> Run:
    """The command line with four synthetic data sets in its home."""
    put_people(Lake(tmp_path / "home", RELEASES))
    return run


@pytest.mark.parametrize("question", TABLE_QUESTIONS)
def test_every_row_of_the_json_opens_to_its_rows(people: Run, question: str) -> None:
    found = people("ask", question, *MALI, "--format", "json").json
    assert found["rows"]
    names = [column["name"] for column in found["columns"]]
    assert all(list(row) == names for row in found["rows"])
    assert {column.name for column in QUESTIONS[question].columns} == set(names) - {"evidence"}
    for row in found["rows"]:
        if row["dataset"] == "food":
            one_line(people("evidence", row["evidence"], "--format", "json"), code=1)
            continue
        listed = people("evidence", row["evidence"], "--format", "json").json
        assert len(listed["rows"]) == row["records"] == listed["evidence"]["rows"]
        assert listed["evidence"]["criteria"]["table"] == question
        assert all("row_id" in one and one["release"].endswith("@1") for one in listed["rows"])
        assert listed["title"].startswith(f"Evidence {row['evidence']}: ")


@pytest.mark.parametrize("question", [*TABLE_QUESTIONS, "sources"])
@pytest.mark.parametrize("format_name", [name for name in FORMATS if name not in DRAWN])
def test_answers_and_evidence_go_out_in_every_format(people: Run, question: str, format_name: str) -> None:
    ran = people("ask", question, *MALI, "--format", format_name)
    assert (ran.code, bool(ran.raw)) == (0, True)
    assert "Nobody (2024)" in ran.err
    key = people("ask", question, *MALI, "--format", "json").json["rows"][-1]["evidence"]
    listed = people("evidence", key, "--format", format_name)
    assert (listed.code, bool(listed.raw)) == (0, True), listed.err


@pytest.mark.parametrize("question", TABLE_QUESTIONS)
def test_csv_has_a_line_for_each_row(people: Run, question: str) -> None:
    found = people("ask", question, *MALI, "--format", "json").json
    lines = list(csv.DictReader(io.StringIO(people("ask", question, *MALI, "--format", "csv").out)))
    assert [line["evidence"] for line in lines] == [row["evidence"] for row in found["rows"]]


@pytest.mark.parametrize("question", TABLE_QUESTIONS)
def test_what_has_no_places_is_not_drawn(people: Run, question: str) -> None:
    assert "has no places to draw" in one_line(people("ask", question, *MALI, "--format", "geojson"))


def test_rows_by_place_of_a_closed_release_do_not_leave(people: Run, tmp_path: Path) -> None:
    words = ("ask", "needs", *MALI, "--by", "place", "--format", "csv", "--out", tmp_path / "out.csv")
    line = one_line(people(*words), code=1)
    assert "would hand on records of food@1" in line
    assert not (tmp_path / "out.csv").exists()
    assert people("ask", "displacement", *MALI, "--by", "place", "--format", "csv").code == 0


@pytest.mark.parametrize("question", TABLE_QUESTIONS)
def test_an_empty_home_says_that_no_release_has_them(run: Run, question: str) -> None:
    found = run("ask", question, *EXAMPLES[question].split(), "--format", "json").json
    assert found["rows"] == []
    assert found["headline"].startswith("Not covered: no release here has ")
    opened = run("evidence", found["evidence"][0]["id"], "--format", "json").json
    assert opened["rows"] == []


def test_the_terminal_shows_and_opens(people: Run) -> None:
    out = people("ask", "displacement", *MALI).out
    assert out.startswith("Mali: ")
    assert "207" in out
    assert "never added" in out
    key = json.loads(people("ask", "displacement", *MALI, "--format", "json").raw)["rows"][0]["evidence"]
    assert people("evidence", key, "--format", "csv").out.count("\n") == 4


def test_answers_of_events_are_written_as_before(run: Run) -> None:
    found = run("ask", "casualties", "--country", "MLI", "--to", "2022", "--format", "json").json
    assert {"table", "keys"}.isdisjoint(found["evidence"][0]["criteria"])


def test_sources_tells_how_to_get_each(people: Run) -> None:
    found = {row["dataset"]: row for row in people("ask", "sources", "--format", "json").json["rows"]}
    assert found["iom"]["release"] == "iom@1"
    assert found["food"]["redistributable"] is False
    assert "harmattan ingest ucdp-ged FILE" in found["ucdp-ged"]["access"]
    assert found["ucdp-ged-cells"]["access"] == "comes with the package"

"""ACLED the whole way: a loopback server, a release, questions, evidence, exports and the brief."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer

from harmattan.data import CASES
from harmattan.export.files import FORMATS
from harmattan.fetch import fetch
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.fetching import Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options
from tests.cli.running import Run, one_line
from tests.sources.acled_rows import RECENCY, attack, battle, page, rows, write_csv

NOW = dt.datetime(2024, 6, 30, 9, tzinfo=dt.UTC)
CREDIT = "ACLED (Armed Conflict Location & Event Data), acleddata.com, accessed on 30 June 2024"
WHERE = ("--source", "acled", "--country", "MLI")


def fetched(tmp_path: Path, server: HTTPServer, made: list[dict[str, str]], **envelope: Any) -> None:
    """Fetches what a server on loopback gives, into the home that commands are run with."""
    server.expect_request("/oauth/token").respond_with_json({"access_token": "t"})
    server.expect_request("/api/acled/read").respond_with_data(json.dumps(page(made, **envelope)))
    wanted = Wanted(NOW.date(), ("MLI",), dt.date(2022, 1, 1), base=server.url_for("").rstrip("/"))
    with httpx.Client(trust_env=False) as client:
        line = Line(client, lambda: NOW, lambda _seconds: None)
        home = Lake(tmp_path / "home", tmp_path / "none")
        fetch(home, "acled", wanted, line, Secrets(lambda _name: "word"), retrieved_at=NOW)


def test_an_embargo_goes_from_the_server_into_the_json_of_an_answer(
    run: Run, tmp_path: Path, httpserver: HTTPServer
) -> None:
    fetched(tmp_path, httpserver, [], data_query_restrictions=RECENCY)
    for question in ("casualties", "records", "actors", "civilian-harm"):
        found = run("ask", question, *WHERE, "--to", "2024-06-30", "--format", "json").json
        told = " ".join((found["headline"], *found["caveats"]))
        assert "Hidden by your licence after 30 June 2023: Mali" in told, question
        assert found["rows"] == []
    rows_ = run("ask", "coverage", *WHERE, "--from", "2023-07", "--to", "2024-06-30", "--format", "json").json["rows"]
    assert [(row["status"], row["events"]) for row in rows_] == [("hidden by licence", None)]
    listed = run("releases").out
    assert "hidden after 2023-06-30" in listed


def test_rows_up_to_the_embargo_and_nothing_after_it(run: Run, tmp_path: Path, httpserver: HTTPServer) -> None:
    fetched(tmp_path, httpserver, [battle(1)], data_query_restrictions=RECENCY)
    found = run("ask", "casualties", *WHERE, "--from", "2022", "--to", "2024-06-30", "--format", "json").json
    assert [(row["period"], row["events"], row["covered"]) for row in found["rows"]] == [
        ("2022", 1, "yes"), ("2023", 0, "partly"), ("2024", None, "no"),
    ]  # fmt: skip
    assert any(caveat.startswith("Hidden by your licence after 30 June 2023") for caveat in found["caveats"])


@pytest.fixture
def taken(run: Run, tmp_path: Path) -> Path:
    """A home with a release of invented ACLED rows."""
    file = write_csv(tmp_path / "acled.csv", [*rows(900), attack(2000, notes="canary")])
    lake = Lake(tmp_path / "home", tmp_path / "none")
    said = Options(places=("MLI", "BFA", "NER"), start=dt.date(2022, 1, 1), end=dt.date(2023, 12, 31))
    ingest(lake, "acled", [file], said, retrieved_at=NOW)
    return tmp_path


@pytest.mark.parametrize("format_name", ["json", *FORMATS])
def test_records_stay_here_and_sums_go_with_the_credit(run: Run, taken: Path, format_name: str) -> None:
    found = run("ask", "casualties", *WHERE, "--format", "json").json
    line = one_line(run("evidence", found["rows"][0]["evidence"], "--format", format_name), code=1)
    assert "which its licence (ACLED Terms of Use (EULA)) forbids" in line
    exported = run("ask", "casualties", *WHERE, "--by", "cell", "--format", format_name)
    assert exported.code == 0
    assert b"canary" not in exported.raw
    assert CREDIT in (exported.out if format_name == "json" else exported.err)


def test_records_do_not_leave_by_a_pipe_nor_by_a_comparison(run: Run, taken: Path) -> None:
    found = run("ask", "casualties", *WHERE, "--format", "json").json
    one_line(run("evidence", found["rows"][0]["evidence"]), code=1)
    file = write_csv(taken / "later.csv", rows(901))
    said = Options(places=("MLI", "BFA", "NER"), start=dt.date(2022, 1, 1), end=dt.date(2023, 12, 31), label="later")
    ingest(Lake(taken / "home", taken / "none"), "acled", [file], said, retrieved_at=NOW)
    pair = ("diff", "acled@2024-06-30", "acled@later")
    assert run(*pair, "--format", "csv").code == 0, "sums may go"
    for format_name in ("table", "csv", "json"):
        assert "forbids" in one_line(run(*pair, "--records", "--format", format_name), code=1)


def test_the_terminal_prints_the_credit_with_the_day_of_access(run: Run, taken: Path) -> None:
    assert CREDIT in run("ask", "actors", *WHERE).out


def test_a_wrong_event_type_gets_the_near_ones(run: Run, taken: Path) -> None:
    assert "Did you mean" in one_line(run("ask", "casualties", *WHERE, "--event-type", "Batles"))
    assert run("ask", "casualties", *WHERE, "--event-type", "political-violence").code == 0


def test_the_brief_of_a_case_that_watches_acled(run: Run, taken: Path) -> None:
    words = (CASES / "sahel.toml").read_text("utf-8").replace("dossiers =", 'events = "acled"\ndossiers =')
    case = taken / "mine.toml"
    case.write_text(words.replace("as_of = 2022-10-31", "as_of = 2023-10-31"), encoding="utf-8")
    done = run("brief", case, "--out", taken / "out", "--format", "html,pdf")
    assert done.code == 0, done.err
    made = next((taken / "out").glob("*.html")).read_text("utf-8")
    pictures = made.count("<figure>")
    assert made.count("acleddata.com, accessed on 30 June 2024,") >= pictures - 1 > 2
    assert "political violence as ACLED defines it" in made
    assert "ucdp" not in made.lower().split('id="evidence"', maxsplit=1)[0].split("what happened when", 1)[0]
    assert "canary" not in made
    asked = run("ask", "casualties", "--case", case, "--country", "MLI", "--format", "json").json
    assert asked["params"]["source"] == "acled"

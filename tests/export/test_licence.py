"""Licences are enforced: single records of a closed release stay here, sums of them may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan.export.files import FORMATS
from tests.cli.running import Run, one_line
from tests.lake.factory import event, lake_in
from tests.questions.worlds import put_closed

ASK = ("ask", "casualties", "--country", "MLI", "--release", "made-up@1", "--by", "cell", "--format")


@pytest.fixture
def closed(run: Run, tmp_path: Path) -> str:
    """The evidence id of an answer that rests on a release whose records may not be handed on."""
    put_closed(lake_in(tmp_path), "1", [event("secret", best=17), event("other", best=2)])
    return str(run(*ASK, "json").json["rows"][0]["evidence"])


@pytest.mark.parametrize("format_name", ["table", "json", *FORMATS])
def test_records_of_a_closed_release_are_not_exported(run: Run, tmp_path: Path, closed: str, format_name: str) -> None:
    out = () if format_name == "table" else ("--out", tmp_path / "out")
    line = one_line(run("evidence", closed, "--format", format_name, *out), code=1)
    assert "would hand on records of made-up@1, which its licence (Closed) forbids." in line
    assert "export the answer, which holds sums only" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("format_name", FORMATS)
def test_records_do_not_leave_by_a_pipe(run: Run, closed: str, format_name: str) -> None:
    ran = run("evidence", closed, "--format", format_name)
    one_line(ran, code=1)
    assert b"secret" not in ran.raw


@pytest.mark.parametrize("format_name", FORMATS)
def test_sums_may_be_exported_with_their_attribution(run: Run, closed: str, format_name: str) -> None:
    ran = run(*ASK, format_name)
    assert ran.code == 0
    assert ran.raw
    assert "Nobody (2024). Release made-up@1" in ran.err
    assert "licence Closed" in ran.err
    assert b"secret" not in ran.raw


def test_one_closed_release_among_open_ones_is_enough(run: Run, tmp_path: Path) -> None:
    put_closed(lake_in(tmp_path), "1", [event("secret")], dataset="ucdp-closed")
    words = ("ask", "casualties", "--country", "MLI", "--from", "2020", "--format", "json")
    found = run(*words).json
    assert len(found["evidence"][0]["releases"]) == 2
    one_line(run("evidence", found["evidence"][0]["id"], "--format", "csv"), code=1)


@pytest.mark.parametrize("format_name", ["table", "json", *FORMATS])
def test_an_answer_that_lists_single_records_stays_here_too(run: Run, tmp_path: Path, format_name: str) -> None:
    put_closed(lake_in(tmp_path), "1", [event("secret", best=17), event("other", best=2)])
    ran = run("ask", "incidents", "--country", "MLI", "--release", "made-up@1", "--format", format_name)
    line = one_line(ran, code=1)
    assert "would hand on records of made-up@1, which its licence (Closed) forbids." in line
    assert b"secret" not in ran.raw


@pytest.mark.parametrize("format_name", ["json", "csv"])
def test_rates_of_closed_records_may_go(run: Run, tmp_path: Path, format_name: str) -> None:
    put_closed(lake_in(tmp_path), "1", [event("secret", best=17), event("other", best=2)])
    for question in ("harm-rate", "harm-partner"):
        ran = run("ask", question, "--country", "MLI", "--release", "made-up@1", "--format", format_name)
        assert ran.code == 0, ran.err
        assert b"secret" not in ran.raw


def test_a_terminal_shows_single_records_of_a_closed_release(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_closed(lake_in(tmp_path), "1", [event("secret", best=17), event("other", best=2)])
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    ran = run("ask", "incidents", "--country", "MLI", "--release", "made-up@1")
    assert ran.code == 0, ran.err

"""What a reader sees: tables that fit the screen, numbers in the reader's language, and what was left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.cli.layout import GAP, KEPT, ColumnNeed, heading, widths
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from tests.cli.running import ASKED, Run

NEEDS = st.lists(
    st.builds(
        ColumnNeed,
        st.sampled_from(("period", "dyad", "actor", "records", "basis", "is_record", *KEPT)),
        st.integers(1, 100),
        wraps=st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda need: need.name,
)


@settings(max_examples=200, derandomize=True)
@given(NEEDS, st.integers(20, 250))
def test_columns_fit_the_screen_in_their_order(needs: list[ColumnNeed], screen: int) -> None:
    given_widths = widths(needs, screen)
    order = [need.name for need in needs if need.name in given_widths]
    assert list(given_widths) == order
    assert given_widths
    if len(given_widths) > 1:
        assert sum(given_widths.values()) + GAP * (len(given_widths) - 1) <= screen
        assert all(need.least <= given_widths[need.name] <= need.natural for need in needs if need.name in given_widths)


@settings(max_examples=50, derandomize=True)
@given(NEEDS)
def test_a_wide_screen_shows_everything_whole(needs: list[ColumnNeed]) -> None:
    assert widths(needs, 3000) == {need.name: need.natural for need in needs}


def test_a_heading_stands_over_several_lines() -> None:
    assert heading("deaths_best") == "deaths\nbest"


@pytest.mark.parametrize("question", sorted(ASKED))
def test_no_line_of_a_table_is_wider_than_the_screen(run: Run, monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    answers: dict[tuple[str, Params], Answer] = {}  # of one home: what takes long is asked once for all widths
    monkeypatch.setattr("harmattan.questions.inquiry.Inquiry", lambda lake, said: Inquiry(lake, said, answers))
    for columns in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = run("ask", question, *ASKED[question]).out.splitlines()
        rule = next(n for n, line in enumerate(lines) if line.startswith("──"))
        end = next(n for n in range(rule, len(lines)) if lines[n].startswith(("·", "No room", "…")))
        assert max(len(line.rstrip()) for line in lines[rule:end]) <= columns
    assert len(answers) == 1


def test_a_share_is_missed_more_than_its_interval() -> None:
    plain = [ColumnNeed(name, 10, wraps=False) for name in ("group", "share", "accounts")]
    assert list(widths(plain, 25)) == ["group", "accounts"]
    ranged = [ColumnNeed(name, 10, wraps=False) for name in ("group", "share", "share_low", "share_high")]
    assert list(widths(ranged, 25)) == ["group", "share"]


def test_a_narrow_screen_keeps_the_counts_and_names_what_is_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = run("ask", "records", "--country", "MLI", "--since", "2022-06", "--as-of", "2022-10").out
    assert "3,330   3,433   4,054      1,707" in out
    assert "No room here for window_start and records." in out


def test_an_answer_in_a_terminal(run: Run) -> None:
    out = run("ask", "casualties", "--country", "MLI", "--from", "2021", "--to", "2022").out
    lines = out.splitlines()
    assert lines[0].startswith("Mali, 1 January 2021 to 31 December 2022: 623 events with 4,937 deaths (low ")
    assert [line.split()[:4] for line in lines if line.startswith(("1 ", "2 "))] == [
        ["1", "2021", "215", "1,232"],
        ["2", "2022", "408", "3,534"],
    ]
    assert "· ucdp-ged-cells@24.1 holds figures summed by month: an event is in the month it began in." in lines
    assert any("Sundberg, Ralph & Erik Melander (2013)" in line and "licence CC BY 4.0" in line for line in lines)
    assert lines[-1].startswith("Rows behind the numbers: harmattan evidence ")
    assert "\x1b" not in out, "no colours where nobody watches"


def test_an_answer_in_french(run: Run) -> None:
    out = run("--lang", "fr", "ask", "casualties", "--country", "MLI", "--from", "2022", "--to", "2022").out
    assert out.startswith("Mali, ")
    assert "1 janvier 2022" in out.replace("1er", "1")
    assert "3\u202f650" in out
    assert "3,650" not in out


def test_the_language_of_the_terminal_counts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("ask", "casualties", "--country", "MLI", "--from", "2022", "--to", "2022")
    french = run("--lang=fr", *words).out
    monkeypatch.setenv("LANG", "fr_ML.UTF-8")
    assert run(*words).out == french
    assert run("--lang", "en", *words).out != french


def test_long_answers_are_cut_and_say_so(run: Run) -> None:
    out = run("ask", "records", "--country", "MLI", "--to", "2022-12").out
    assert "… and 337 more rows; --format csv has all." in out


def test_rows_behind_a_number_in_a_terminal(run: Run) -> None:
    words = ("--country", "MLI", "--from", "2022-03", "--to", "2022-03", "--format", "json")
    row = run("ask", "casualties", *words).json["rows"][0]["evidence"]
    out = run("evidence", row).out
    assert out.startswith(f"Evidence {row}: ")
    assert "Government of Mali - JNIM" in out
    assert "place_as_written" not in out, "figures have no place, and an empty column is not shown"


def test_releases_diff_and_verify(run: Run) -> None:
    out = run("releases").out
    assert "ucdp-ged-cells@24.1" in out
    assert "5,073" in out
    listed = run("releases", "--format", "json").json
    assert [(release["origin"]["dataset"], release["embedded"]) for release in listed] == [
        ("dossier-sahel", True),
        ("forecast-skill", True),
        ("forecast-skill", True),
        ("natural-earth-cells", True),
        ("ucdp-ged-cells", True),
        ("ucdp-ged-country-month", True),
        ("ucdp-ged-places", True),
    ]
    assert all(line.endswith(": whole") for line in run("verify").out.splitlines())
    same = run("diff", "ucdp-ged-cells@24.1", "ucdp-ged-cells@24.1")
    assert same.out == "From ucdp-ged-cells@24.1 to ucdp-ged-cells@24.1: 0 records new, gone or revised.\n"
    assert run("diff", "ucdp-ged-cells@24.1", "ucdp-ged-cells@24.1", "--format", "json").json["rows"] == []

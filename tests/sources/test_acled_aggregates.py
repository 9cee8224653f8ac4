"""HDX's workbooks of monthly counts: one kind a release, both levels of sheets, and only what they cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from harmattan.errors import UsageError, WrongFile
from harmattan.sources import acled_aggregates
from harmattan.sources.acled_aggregates import NO_DEATHS
from harmattan.sources.reading import Options, Reading
from tests.sources.acled_rows import RETRIEVED

COUNTRY = ("Country", "Month", "Year", "Events", "Fatalities")
UNIT = ("Country", "Admin1", "Admin2", "ISO3", "Admin2 Pcode", "Admin1 Pcode", "Month", "Year", "Events", "Fatalities")
PV = "political-violence-events-and-fatalities-as-of-2024-06-10.xlsx"


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


def unit(name: str, month: str, events: Any, deaths: Any) -> list[Any]:
    return ["Mali", "North", name, "MLI", f"MLI{name}", "MLI", month, 2024, events, deaths]


def both(path: Path) -> Path:
    """Senegal by country, Mali by second-order unit, two months."""
    return workbook(
        path,
        about=[["ACLED"], ["made up"]],
        Non_HRP=[COUNTRY, ["Senegal", "January", 2024, 2, 1], ["Senegal", "February", 2024, 0, 0]],
        HRP_1=[UNIT, unit("Well", "January", 3, 4), unit("Dune", "January", 1, 0)],
        HRP_2=[UNIT, unit("Well", "February", 5, 6)],
    )


def read(into: Path, file: Path, **options: Any) -> Reading:
    into.mkdir(exist_ok=True)
    return acled_aggregates.read([file], into, Options(**({"retrieved": RETRIEVED} | options)))


def events(into: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(into / "events.parquet").to_pylist())


def test_both_levels_of_sheets_become_summed_records(tmp_path: Path) -> None:
    done = read(tmp_path / "out", both(tmp_path / PV))
    found = [(e["iso3"], e["n_events"], e["deaths_best"], e["where_precision"]) for e in events(tmp_path / "out")]
    assert found == [
        ("SEN", 2, 1, "country"), ("MLI", 3, 4, "admin2"), ("MLI", 1, 0, "admin2"), ("MLI", 5, 6, "admin2"),
    ]  # fmt: skip
    assert (done.rows, done.events, done.status) == (4, 11, "figures")
    assert (done.label, done.published) == ("political-violence.2024-06-10", dt.date(2024, 6, 10))
    first = events(tmp_path / "out")[0]
    assert (first["date_start"], first["date_end"]) == (dt.date(2024, 1, 1), dt.date(2024, 1, 31))
    assert (first["event_type"], first["date_precision"]) == ("political_violence", "month")
    coverage = done.coverage
    assert (coverage.places, coverage.event_types) == (("MLI", "SEN"), ("political_violence",))
    assert (coverage.start, coverage.end) == (dt.date(2024, 1, 1), dt.date(2024, 2, 29))


def test_a_country_that_begins_later_is_not_spoken_about(tmp_path: Path) -> None:
    rows = [["Senegal", "January", 2024, 1, 0], ["Senegal", "February", 2024, 1, 0], ["France", "February", 2024, 9, 0]]
    file = workbook(tmp_path / PV, Non_HRP=[COUNTRY, *rows])
    early = read(tmp_path / "early", file).coverage
    assert early.places == ("SEN",)
    assert "1 begin later" in early.basis
    assert read(tmp_path / "late", file, start=dt.date(2024, 2, 1)).coverage.places == ("FRA", "SEN")


def test_a_country_at_both_levels_is_not_counted_twice(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / PV,
        Non_HRP=[COUNTRY, ["Mali", "January", 2024, 4, 4]],
        HRP_1=[UNIT, unit("Well", "January", 3, 4)],
    )
    done = read(tmp_path / "out", file)
    assert (done.events, done.rejects) == (3, 1)


def test_rows_that_cannot_be_taken_are_told_of(tmp_path: Path) -> None:
    rows = [["Mali", "January", 2024, 1, 0], ["Atlantis", "January", 2024, 1, 0], ["Mali", "Smarch", 2024, 1, 0],
            ["Mali", "March", 2024, -1, 0], ["Mali", "April", 2024, 1, ""]]  # fmt: skip
    done = read(tmp_path / "out", workbook(tmp_path / PV, Non_HRP=[COUNTRY, *rows]))
    assert (done.rows, done.rejects) == (1, 4)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("civilian-targeting-events-and-fatalities-as-of-2025-01-10.xlsx", "civilian_targeting"),
        ("demonstration_events_as-of-2025-01-10.xlsx", "demonstration_events"),
    ],
)
def test_other_kinds_say_that_they_are_of_that_kind_only(tmp_path: Path, name: str, kind: str) -> None:
    columns = COUNTRY if kind == "civilian_targeting" else COUNTRY[:4]
    row = ["Mali", "January", 2024, 7, 3][: len(columns)]
    done = read(tmp_path / "out", workbook(tmp_path / name, Non_HRP=[columns, row]))
    assert done.coverage.event_types == (kind,)
    assert done.notices == (() if kind == "civilian_targeting" else (NO_DEATHS,))


def test_the_kind_must_be_known(tmp_path: Path) -> None:
    file = both(tmp_path / "numbers.xlsx")
    with pytest.raises(UsageError, match="which kind of events it counts"):
        read(tmp_path / "out", file)
    done = read(tmp_path / "said", file, label="political-violence.made-up")
    assert done.coverage.event_types == ("political_violence",)


def test_something_else_stops_at_once(tmp_path: Path) -> None:
    other = workbook(tmp_path / PV, Sheet=[["a", "b"], [1, 2]])
    with pytest.raises(WrongFile, match="it has no column"):
        read(tmp_path / "out", other)
    (tmp_path / PV).write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(WrongFile, match="is not an Excel workbook"):
        read(tmp_path / "out", tmp_path / PV)
    assert list((tmp_path / "out").iterdir()) == []

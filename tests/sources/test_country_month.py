"""Figures by country and month: no row for a quiet month, no country out of a joint one."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from harmattan.errors import UsageError, WrongFile
from harmattan.sources import ucdp_country_month
from harmattan.sources.reading import Options, Reading
from tests.sources.ged_rows import events

HEADER = ("country_iso3", "year_month", "ucdp_event_count", "ucdp_fatalities_best", "ucdp_fatalities_high",
          "ucdp_civilian_deaths", "ucdp_has_conflict")  # fmt: skip
TABLE = [
    ["MLI", "2020-01", "3.0", "10.0", "15.0", "4.0", "1"],
    ["MLI", "2020-02", "0.0", "0.0", "0.0", "0.0", "0"],
    ["NGA+NER", "2020-01", "0", "0", "0", "0", "0"],
    ["NGA+NER", "2020-02", "7", "30", "20", "1", "1"],
]


def _file(path: Path, table: list[list[str]], header: tuple[str, ...] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *table])
    return path


def _read(into: Path, path: Path, label: str | None = "25.1") -> Reading:
    into.mkdir(exist_ok=True)
    return ucdp_country_month.read([path], into, Options(label=label))


def test_months_with_events_become_rows(tmp_path: Path) -> None:
    reading = _read(tmp_path / "out", _file(tmp_path / "x.csv", TABLE))
    first, second = events(tmp_path / "out")
    assert (first["event_id"], first["n_events"], first["violence"], first["actors_a"]) == ("MLI-2020-01", 3, None, [])
    assert (first["date_start"], first["date_end"]) == (dt.date(2020, 1, 1), dt.date(2020, 1, 31))
    assert (first["date_precision"], first["where_precision"], first["cell"]) == ("month", "country", None)
    assert [first[f"deaths_{name}"] for name in ("low", "best", "high", "civilians", "a")] == [None, 10, 15, 4, None]
    assert (second["event_id"], second["iso3"]) == ("NGA+NER-2020-02", "NGA+NER")
    assert (second["date_end"], second["n_range_broken"]) == (dt.date(2020, 2, 29), 1)
    assert (reading.rows, reading.events, reading.range_broken, reading.status) == (2, 10, 1, "figures")
    assert reading.published == dt.date(2025, 6, 30)
    assert (reading.coverage.places, reading.coverage.dimensions) == (("MLI", "NGA+NER"), ())
    assert str(reading.coverage.period) == "2020-01-01/2020-02-29"


def test_the_label_must_be_stated(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--release"):
        _read(tmp_path / "out", _file(tmp_path / "x.csv", TABLE), label=None)
    with pytest.raises(UsageError, match="one file, not 2"):
        ucdp_country_month.read([tmp_path, tmp_path], tmp_path, Options(label="25.1"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (TABLE[:3], "make 4"),
        ([*TABLE, TABLE[0]], "It has 5 rows"),
        ([["NER", "2020-13", "1", "1", "1", "1", "1"]], "numbers of NER 2020-13"),
        ([["NER", "2020-01", "1", "-1", "1", "1", "1"]], "numbers of NER 2020-01"),
        ([["NER", "2020-01", "1", "", "1", "1", "1"]], "numbers of NER 2020-01"),
        ([["MLI+NER", "2020-01", "1", "1", "1", "1", "1"]], "MLI+NER is not the ISO3 code"),
        ([["", "2020-01", "1", "1", "1", "1", "1"]], "It has a row without a country"),
        ([], "It has no rows"),
    ],
)
def test_an_incomplete_table_is_refused(tmp_path: Path, table: list[list[str]], said: str) -> None:
    with pytest.raises(WrongFile) as error:
        _read(tmp_path / "out", _file(tmp_path / "x.csv", table))
    assert said in str(error.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="no column country_iso3"):
        _read(tmp_path / "out", _file(tmp_path / "x.csv", TABLE, ("country", *HEADER[1:])))

"""Geo-PKO: unknown troops, split units, two maps of a month, rows of two countries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError, WrongFile
from harmattan.sources import geo_pko
from harmattan.sources.reading import Options
from tests.sources.context_rows import DATED, read_all, tell_or_read, write


def base(**changed: Any) -> dict[str, Any]:
    """A row of a made-up map, with every column of version 2.3."""
    row: dict[str, Any] = dict.fromkeys((*geo_pko.KNOWN, *geo_pko.PER_CONTRIBUTOR, "date", "gwno"), "")
    row |= {
        "source": "Map no. 1 Rev. 2", "mission": "UNMADE", "year": 2014, "month": 9, "location": "Gao",
        "country": "Mali", "gwno": 432, "latitude": 16.27, "longitude": -0.04, "no.troops": "150", "battalion": 0,
        "company": 1, "platoon": 0, "inf": 1, "eng": 0, "nameoftcc_1": "Chad", "nameoftcc_2": "unknown", "hq": 2,
        "unpol.dummy": 1, "unmo.dummy": 0,
    }  # fmt: skip
    return row | changed


def test_a_base_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "Geo_PKO_v2_3_location_map.csv", [base()], encoding="utf-8-sig")
    reading, rows, rejects = read_all(geo_pko.read, tmp_path / "out", path)
    assert rejects == []
    assert rows == [
        {
            "row_id": "UNMADE 2014-09 Map no. 1 Rev. 2 Gao 16.27 -0.04",
            "mission": "UNMADE",
            "iso3": "MLI",
            "as_of": dt.date(2014, 9, 1),
            "source": "Map no. 1 Rev. 2",
            "place": "Gao",
            "lat": 16.27,
            "lon": -0.04,
            "cell": 153000,
            "troops": 150.0,
            "troops_as_written": "150",
            "troops_estimated": None,
            "units": "1 company",
            "roles": ["infantry"],
            "contributors": ["Chad"],
            "headquarters": "sector",
            "police": True,
            "observers": False,
        }
    ]
    assert (reading.label, reading.status, reading.events, reading.notices) == ("2.3", "final", 0, ())
    assert reading.coverage.places == ("MLI",)
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2014, 9, 1), dt.date(2014, 9, 30))


@pytest.mark.parametrize(
    ("units", "estimated", "words"),
    [
        ((1, 2, 3), 650 + 300 + 105, "1 battalion, 2 companies, 3 platoons"),
        ((0.5, 0, 0), 325, "0.5 battalion"),
        ((0, 1.5, 0), 225, "1.5 companies"),
        ((0, 0, 0), None, None),
    ],
)
def test_unknown_troops_are_estimated_by_their_units_and_stay_unknown(
    tmp_path: Path, units: tuple[float, ...], estimated: float | None, words: str | None
) -> None:
    sizes = dict(zip(("battalion", "company", "platoon"), units, strict=True))
    path = write(tmp_path / "pko.csv", [base(**sizes, **{"no.troops": "unknown"})])
    _reading, rows, _rejects = read_all(geo_pko.read, tmp_path / "out", path)
    told = {name: rows[0][name] for name in ("troops", "troops_as_written", "troops_estimated", "units")}
    assert told == {"troops": None, "troops_as_written": "unknown", "troops_estimated": estimated, "units": words}


def test_line_breaks_in_comments_and_the_older_name_of_the_number(tmp_path: Path) -> None:
    older = {("gnwo" if name == "gwno" else name): value for name, value in base(comments="two\nlines").items()}
    path = write(tmp_path / "pko.csv", [older, older | {"location": "Kidal", "gnwo": ""}])
    reading, rows, rejects = read_all(geo_pko.read, tmp_path / "out", path)
    assert [row["place"] for row in rows] == ["Gao", "Kidal"]
    assert rejects == []
    assert {row["iso3"] for row in rows} == {"MLI"}
    assert reading.label == "2024-05-01"


def test_two_maps_of_a_month_and_two_rows_with_the_same_words_are_told_apart(tmp_path: Path) -> None:
    rows = [base(), base(source="Map no. 1 Rev. 3"), base(**{"no.troops": "35"}), base()]
    _reading, found, rejects = read_all(geo_pko.read, tmp_path / "out", write(tmp_path / "pko.csv", rows))
    assert len({row["row_id"] for row in found}) == len(found) == 3
    assert rejects == []
    assert Counter(row["source"] for row in found) == {"Map no. 1 Rev. 2": 2, "Map no. 1 Rev. 3": 1}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"gwno": "531,530", "country": "Ethiopia/Eritrea"}, "two countries: Ethiopia/Eritrea (531,530)"),
        ({"gwno": "", "country": "Nowhere"}, "the country is not known: Nowhere"),
        ({"gwno": 466, "country": "Mali"}, "the country is not known: Mali (466)"),
        ({"month": 13}, "year and month of the map are 2014 and 13"),
        ({"latitude": 91}, "is not a place on earth"),
        ({"longitude": ""}, "only one of latitude and longitude"),
        ({"no.troops": "many"}, "no.troops is not a number: many"),
        ({"hq": 7}, "hq is 7"),
        ({"mission": ""}, "mission is missing"),
    ],
)
def test_rows_that_cannot_be_taken(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    path = write(tmp_path / "pko.csv", [base(), base(**changed)])
    _reading, rows, rejects = read_all(geo_pko.read, tmp_path / "out", path)
    assert len(rows) == 1
    assert [row["line"] for row in rejects] == [3]
    assert reason in rejects[0]["reason"]


def test_changed_columns_are_named(tmp_path: Path) -> None:
    row = base(brand_new="x")
    del row["uav"]
    reading, _rows, _rejects = read_all(geo_pko.read, tmp_path / "out", write(tmp_path / "pko.csv", [row]))
    assert reading.notices == ("Columns that changed since this reader was written: new: brand_new; gone: uav.",)


def test_what_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    other = write(tmp_path / "other.csv", [{"a": 1, "b": 2}])
    with pytest.raises(WrongFile, match="is not Geo-PKO: it has no column source"):
        geo_pko.read([other], tmp_path / "out", DATED)
    bad = write(tmp_path / "bad.csv", [base(month=0)])
    with pytest.raises(WrongFile, match="no row of Geo-PKO that can be taken: year and month"):
        geo_pko.read([bad], tmp_path / "out", DATED)
    with pytest.raises(UsageError, match="--published"):
        geo_pko.read([write(tmp_path / "pko.csv", [base()])], tmp_path / "out", Options())
    assert list((tmp_path / "out").iterdir()) == []


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_broken_bytes_end_in_one_line_or_a_reading(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "pko.csv"
    whole = write(path, [base(), base(location="Kidal")]).read_bytes()
    tell_or_read(geo_pko.read, path, whole, data)


def test_a_broken_parquet_file_is_one_line(tmp_path: Path) -> None:
    path, out = tmp_path / "pko.parquet", tmp_path / "out"
    pq.write_table(pa.Table.from_pylist([base()]), path)
    whole = path.read_bytes()
    out.mkdir()
    for broken in (whole[:-9] + b"\xff" * 5 + whole[-4:], whole[:200], whole[:-200] + b"\x0f" * 30 + whole[-170:]):
        path.write_bytes(broken)
        with pytest.raises(WrongFile, match="could not be read"):
            geo_pko.read([path], out, DATED)
        assert list(out.iterdir()) == []


@pytest.mark.data
def test_the_published_file(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "peacekeeping" / "geopko_v2x_1994_2020.parquet"
    reading, rows, rejects = read_all(geo_pko.read, tmp_path / "out", path)
    assert len(rows) + len(rejects) == 18_699
    assert {row["reason"] for row in rejects} == {"it names two countries: Ethiopia/Eritrea (531,530)"}
    assert sum(row["troops"] is None for row in rows) == 502
    assert sum(row["mission"] == "MINUSMA" and row["iso3"] == "MLI" for row in rows) == 442
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(1994, 1, 1), dt.date(2020, 12, 31))

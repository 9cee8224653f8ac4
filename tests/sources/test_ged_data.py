"""Real files of UCDP GED against known answers (shared/data/README.md)."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmattan.sources import ucdp_country_month, ucdp_ged
from harmattan.sources.reading import Options, Reading
from tests.sources.ged_rows import events

pytestmark = pytest.mark.data

MALI = {
    2010: (2, 28), 2011: (4, 23), 2012: (43, 359), 2013: (83, 881), 2014: (30, 291), 2015: (55, 256), 2016: (52, 191),
    2017: (126, 605), 2018: (236, 1281), 2019: (199, 1227), 2020: (232, 1509), 2021: (215, 1287), 2022: (408, 3650),
    2023: (319, 2109),
}  # fmt: skip
DYADS_2022 = {
    "Government of Mali - JNIM": (206, 1117), "IS - Civilians": (47, 886), "IS - JNIM": (20, 363),
    "Government of Mali - IS": (26, 323), "JNIM - Civilians": (26, 289), "Government of Mali - Civilians": (24, 269),
}  # fmt: skip
EIGHT = ("Benin", "Burkina", "Cote_ivoire", "Guinne_Bissau", "Mali", "Niger", "Senegal", "Togo")
LOST_TEXTS = {"place_description", "source_article", "source_office", "source_date", "source_headline",
              "source_original"}  # fmt: skip


def _sql(into: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW e AS SELECT * FROM read_parquet('{into}/events.parquet')")
        return list(connection.execute(query).fetchall())


@pytest.fixture(scope="module")
def west_africa(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Reading]:
    into = tmp_path_factory.mktemp("ged241")
    return into, ucdp_ged.read([data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"], into, Options())


def test_the_release(west_africa: tuple[Path, Reading]) -> None:
    reading = west_africa[1]
    assert (reading.label, reading.status, reading.rows, reading.rejects) == ("24.1", "final", 5073, 0)
    assert reading.coverage.places == ("BEN", "BFA", "CIV", "GNB", "MLI", "NER", "SEN", "TGO")
    assert str(reading.coverage.period) == "1989-01-01/2023-12-31"


def test_mali_by_year(west_africa: tuple[Path, Reading]) -> None:
    found = _sql(
        west_africa[0],
        "SELECT year(date_start), sum(n_events), sum(deaths_best) FROM e WHERE iso3 = 'MLI' "
        "AND date_start >= '2010-01-01' GROUP BY 1",
    )
    assert {year: (n, deaths) for year, n, deaths in found} == MALI


def test_mali_2022_by_dyad(west_africa: tuple[Path, Reading]) -> None:
    found = _sql(
        west_africa[0],
        "SELECT dyad, sum(n_events), sum(deaths_best) FROM e WHERE iso3 = 'MLI' AND year(date_start) = 2022 GROUP BY 1",
    )
    assert {dyad: (n, deaths) for dyad, n, deaths in found if dyad in DYADS_2022} == DYADS_2022


def test_moura(west_africa: tuple[Path, Reading]) -> None:
    found = _sql(
        west_africa[0],
        "SELECT dyad, deaths_best, deaths_civilians FROM e WHERE iso3 = 'MLI' AND deaths_best > 300 "
        "AND date_start <= '2022-03-31' AND date_end >= '2022-03-26'",
    )
    assert found == [("Government of Mali - JNIM", 313, 243)]


def test_sums_ranges_and_cells(west_africa: tuple[Path, Reading]) -> None:
    sums = "deaths_a + deaths_b + deaths_civilians + deaths_unknown <> deaths_best"
    found = _sql(
        west_africa[0],
        f"SELECT count(*) FILTER ({sums}), count(*) FILTER (deaths_low > deaths_high), sum(n_range_broken), "
        "count(*) FILTER (cell IS NULL) FROM e",
    )
    assert found == [(0, 40, 64, 0)]
    assert west_africa[1].range_broken == 64


def test_the_cells_are_those_published(data_dir: Path, west_africa: tuple[Path, Reading]) -> None:
    with gzip.open(data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz", "rt", encoding="utf-8", newline="") as file:
        published = [(row["id"], int(row["priogrid_gid"])) for row in csv.DictReader(file)]
    assert _sql(west_africa[0], "SELECT event_id, cell FROM e") == published


def test_the_eight_countries_as_found_are_the_same_release(
    data_dir: Path, tmp_path: Path, west_africa: tuple[Path, Reading]
) -> None:
    files = [data_dir / "ucdp" / "raw_as_found" / f"{name}.csv.gz" for name in EIGHT]
    reading = ucdp_ged.read(files, tmp_path, Options(label="24.1"))
    assert (reading.rows, reading.rejects, reading.range_broken) == (5073, 0, 64)
    assert _differences(tmp_path, west_africa[0]) <= LOST_TEXTS


def test_niger_to_the_row(data_dir: Path, tmp_path: Path, west_africa: tuple[Path, Reading]) -> None:
    reading = ucdp_ged.read([data_dir / "ucdp" / "raw_as_found" / "Niger.csv.gz"], tmp_path, Options(label="24.1"))
    assert (reading.rows, reading.rejects) == (588, 0)
    assert _differences(tmp_path, west_africa[0]) == LOST_TEXTS


def _differences(found: Path, truth: Path) -> set[str]:
    """The columns in which a row differs from the truth; a text that is left out differs, a changed one is an error."""
    true = {event["event_id"]: event for event in events(truth)}
    names: set[str] = set()
    for event in events(found):
        for name in {name for name, value in event.items() if value != true[event["event_id"]][name]}:
            assert event[name] is None, f"{event['event_id']} has another {name}"
            names.add(name)
    return names


def test_syria_19_1(data_dir: Path, tmp_path: Path) -> None:
    reading = ucdp_ged.read([data_dir / "ucdp" / "ged191_syria_events.parquet"], tmp_path, Options())
    assert (reading.label, reading.rows, reading.rejects) == ("19.1", 16566, 0)
    assert str(reading.coverage.period) == "2016-01-01/2019-11-30"
    assert reading.published > reading.coverage.end
    assert _sql(tmp_path, "SELECT count(*) FROM e WHERE event_id LIKE '%.%'") == [(0,)]
    compound = "SELECT actors_a FROM e WHERE side_a_as_written = 'Ahrar al-Sham, HTS, Southern Front' LIMIT 1"
    assert _sql(tmp_path, compound) == [(["Ahrar al-Sham", "HTS", "Southern Front"],)]


def test_a_file_of_hdx(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "ucdp" / "hdx_ucdp_ged_BGD_hxl_sample.csv"
    reading = ucdp_ged.read([path], tmp_path, Options(label="24.1"))
    with path.open(encoding="utf-8", newline="") as file:
        assert (reading.rows, reading.rejects) == (sum(1 for _ in csv.reader(file)) - 2, 0)
    assert reading.coverage.places == ("BGD",)


@pytest.fixture(scope="module")
def months(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Reading]:
    into = tmp_path_factory.mktemp("months")
    path = data_dir / "ucdp" / "country_month_ged251_to_2023.parquet"
    return into, ucdp_country_month.read([path], into, Options(label="25.1"))


def test_country_months(months: tuple[Path, Reading]) -> None:
    into, reading = months
    found = _sql(into, "SELECT iso3, year(date_start), sum(deaths_best)::INT FROM e WHERE (iso3, year(date_start)) IN "
                       "(('BFA', 2022), ('MLI', 2020)) GROUP BY 1, 2 ORDER BY 1")  # fmt: skip
    assert found == [("BFA", 2022, 2704), ("MLI", 2020, 1543)]
    assert (reading.status, reading.rejects, reading.range_broken) == ("figures", 0, 64)
    assert {"NGA", "NER"}.isdisjoint(reading.coverage.places)
    assert "NGA+NER" in reading.coverage.places

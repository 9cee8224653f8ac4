"""Real events in real areas: what the map says against what the publisher's coders wrote."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from harmattan.places.areas import Areas
from harmattan.places.country import countries
from harmattan.places.locate import PLACED, Points, locate
from harmattan.sources import boundaries
from harmattan.sources.reading import Options

NAMES = {"Benin": "BEN", "Burkina Faso": "BFA", "Guinea-Bissau": "GNB", "Ivory Coast": "CIV", "Mali": "MLI",
         "Niger": "NER", "Senegal": "SEN", "Togo": "TGO"}  # fmt: skip
PRECISIONS = {1: "exact", 2: "near", 3: "admin2", 4: "admin1", 5: "area", 6: "country", 7: "international"}
IN_ENGLISH = {"timbuktu": "tombouctou"}


def taken(path: Path, into: Path) -> Areas:
    into.mkdir()
    boundaries.read([path], into, Options(retrieved=dt.date(2026, 1, 1)))
    return Areas.of(pq.read_table(into / "areas.parquet"))


@pytest.fixture(scope="module")
def regions(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Areas:
    return taken(data_dir / "geo" / "ne10m_admin1_west_africa.geojson", tmp_path_factory.mktemp("areas") / "one")


@pytest.fixture(scope="module")
def events(data_dir: Path) -> dict[str, np.ndarray]:
    path = data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"
    return dict(
        duckdb.sql(f"SELECT latitude, longitude, where_prec, country, adm_1 FROM read_csv('{path}')").fetchnumpy()
    )


def series(events: dict[str, np.ndarray]) -> Points:
    return Points(
        np.asarray(events["latitude"], float),
        np.asarray(events["longitude"], float),
        np.array([PRECISIONS[int(word)] for word in events["where_prec"]], dtype=object),
        np.array([NAMES[word] for word in events["country"]], dtype=object),
        np.full(len(events["country"]), np.datetime64("2020-01-01")),
    )


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.sub(r"[’'-]", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    said = " ".join(word for word in words if word not in ("region", "department", "district"))
    return IN_ENGLISH.get(said, said)


@pytest.mark.data
def test_every_event_is_placed_or_counted(regions: Areas, events: dict[str, np.ndarray]) -> None:
    placed = locate(regions, series(events), level=1)
    assert placed.counts == {
        "inside": 3922, "border": 0, "uncertain": 529, "nearest": 45, "coarser": 575, "outside": 2, "no_division": 0,
        "no_point": 0,
    }  # fmt: skip


@pytest.mark.data
def test_areas_agree_with_the_names_that_coders_wrote(regions: Areas, events: dict[str, np.ndarray]) -> None:
    """Natural Earth has Mali without Ménaka and Taoudénit, made in 2016: those events stand in Gao and Timbuktu."""
    points = series(events)
    placed = locate(regions, points, level=1)
    exact = (points.precision == "exact") & np.isin(placed.how, PLACED)
    same = {iso3: [] for iso3 in ("MLI", "NER", "TGO", "SEN")}  # type: ignore[var-annotated]
    for place in np.flatnonzero(exact & np.isin(points.iso3, list(same))):
        written = events["adm_1"][place]
        if isinstance(written, str):
            same[points.iso3[place]].append(plain(written) == plain(regions.name[placed.area[place]]))
    share = {iso3: sum(hits) / len(hits) for iso3, hits in same.items()}
    counted = {iso3: len(hits) for iso3, hits in same.items()}
    assert counted == {"MLI": 818, "NER": 276, "TGO": 113, "SEN": 133}
    assert share["MLI"] >= 0.89, share
    assert share["NER"] == 1.0, share
    assert share["TGO"] >= 0.98, share
    assert share["SEN"] >= 0.86, share


@pytest.mark.data
def test_events_lie_in_the_country_that_is_written(
    data_dir: Path, events: dict[str, np.ndarray], tmp_path: Path
) -> None:
    points = series(events)
    world = taken(data_dir / "geo" / "ne10m_admin0_west_africa.geojson", tmp_path / "world")
    exact = points.only(np.flatnonzero(points.precision == "exact"))
    found = countries(world, exact.lat, exact.lon, exact.iso3)
    assert (found.in_country == True).sum() / len(exact.lat) > 0.98  # noqa: E712

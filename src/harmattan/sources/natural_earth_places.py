"""Natural Earth's populated places (1:10m): the larger towns, with rough numbers of people."""

from __future__ import annotations

from pathlib import Path

from harmattan.sources.natural_earth import ORIGIN as CELLS
from harmattan.sources.reading import Options, Reading
from harmattan.sources.towns import read_towns
from harmattan.vocabulary.country import iso3_from_natural_earth

ORIGIN = CELLS.model_copy(
    update={
        "dataset": "natural-earth-places",
        "title": "Natural Earth: populated places (1:10m)",
        "title_in_french": "Natural Earth : localités (1:10m)",
        "citation": "Made with Natural Earth, https://www.naturalearthdata.com/",
        "contract": "towns",
    }
)
COLUMNS = {
    "name": "name", "name_in_ascii": "nameascii", "iso3": "adm0_a3", "admin1": "adm1name", "kind": "featurecla",
    "lat": "latitude", "lon": "longitude", "people": "pop_max", "id": "",
}  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads the places, as a table or as shapes, into `into`/towns.parquet; people are Natural Earth's `pop_max`."""
    return read_towns(files, into, options, ORIGIN, columns=COLUMNS, country=iso3_from_natural_earth)

"""Natural Earth's countries and first-order units: a drawing for maps, with divisions as of no stated day."""

from __future__ import annotations

from pathlib import Path

from harmattan.sources.boundaries import read_areas
from harmattan.sources.natural_earth import ORIGIN as CELLS
from harmattan.sources.reading import Options, Reading

ORIGIN = CELLS.model_copy(
    update={
        "dataset": "natural-earth-areas",
        "title": "Natural Earth: countries and first-order administrative units",
        "title_in_french": "Natural Earth : pays et unités administratives de premier ordre",
        "citation": "Made with Natural Earth, https://www.naturalearthdata.com/",
        "contract": "areas",
    }
)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads admin-0 and admin-1 files, in any format, into `into`/areas.parquet and rejects.parquet."""
    return read_areas(files, into, options, ORIGIN, "natural-earth")

"""geoBoundaries' open release (gbOpen): one file a country and level."""

from __future__ import annotations

from pathlib import Path

from harmattan.sources.boundaries import read_areas
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.origin import Licence, Origin

ORIGIN = Origin(
    dataset="geoboundaries",
    publisher="geoBoundaries",
    title="geoBoundaries, open release (gbOpen)",
    title_in_french="geoBoundaries, version ouverte (gbOpen)",
    url="https://www.geoboundaries.org/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation="Runfola, D. et al. (2020). geoBoundaries: A global database of political administrative boundaries. "
    "PLoS ONE 15(4): e0231866, doi:10.1371/journal.pone.0231866",
    contract="areas",
)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads files of gbOpen into `into`/areas.parquet and rejects.parquet; several levels may come together.

    gbHumanitarian and gbAuthoritative have licences of their own: they go to the data set `boundaries`.
    """
    return read_areas(files, into, options, ORIGIN, "geoboundaries")

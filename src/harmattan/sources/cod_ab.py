"""OCHA's common operational datasets of administrative boundaries (COD-AB), in their new and older layouts."""

from __future__ import annotations

from pathlib import Path

from harmattan.sources.boundaries import read_areas
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.origin import Licence, Origin

ORIGIN = Origin(
    dataset="cod-ab",
    publisher="OCHA",
    title="Common Operational Datasets: subnational administrative boundaries (COD-AB)",
    title_in_french="Jeux de données opérationnels communs : limites administratives (COD-AB)",
    url="https://data.humdata.org/dataset/cod-ab-global",
    licence=Licence(name="CC BY-IGO 3.0", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True),
    citation="OCHA, Common Operational Datasets - Administrative Boundaries (COD-AB), "
    "https://data.humdata.org/dataset/cod-ab-global. "
    "The designations employed do not imply the expression of any opinion on the part of the United Nations",
    contract="areas",
)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads a package of COD-AB into `into`/areas.parquet and rejects.parquet.

    The version (bfa_v02) is the label, `valid_on` and `valid_to` are the days of the division.
    """
    return read_areas(files, into, options, ORIGIN, "cod-ab")

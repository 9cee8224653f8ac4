"""GeoNames' dumps: one tab-separated file a country, 19 columns without a header (its readme.txt names them)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from harmattan.errors import WrongFile
from harmattan.sources.containers import ZIP, plain_file
from harmattan.sources.engine import Engine
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import Row
from harmattan.sources.shapes import unbroken
from harmattan.sources.towns import read_towns
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import iso3_from_iso2
from harmattan.vocabulary.origin import Licence, Origin

ORIGIN = Origin(
    dataset="geonames",
    publisher="GeoNames",
    title="GeoNames geographical database: populated places",
    title_in_french="Base géographique GeoNames : localités",
    url="https://www.geonames.org/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation="GeoNames geographical database, https://www.geonames.org/",
    contract="towns",
)
FIELDS = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature_class", "feature_code",
    "country_code", "cc2", "admin1_code", "admin2_code", "admin3_code", "admin4_code", "population", "elevation", "dem",
    "timezone", "modification_date",
)  # fmt: skip
COLUMNS = {
    "name": "name", "name_in_ascii": "asciiname", "iso3": "country_code", "admin1": "admin1_code",
    "kind": "feature_code", "lat": "latitude", "lon": "longitude", "people": "population", "id": "geonameid",
}  # fmt: skip
POPULATED = "P"
"""The class of populated places; mountains, wells and the like are left."""
LONGEST_LINE_CHARS = 200_000


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads the populated places of country files (ML.zip, ML.txt, cities500.zip) into `into`/towns.parquet.

    `admin1_as_written` is GeoNames' own code of the unit, which is not a P-code.
    """
    return read_towns(files, into, options, ORIGIN, columns=COLUMNS, country=iso3_from_iso2, rows=_rows)


def _rows(path: Path, duck: Engine, number: int) -> Iterator[Row]:
    with unbroken(path.name), _opened(path, duck.scratch, number) as raw:
        file = io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="\n")
        for line, text in enumerate(iter(lambda: file.readline(LONGEST_LINE_CHARS), ""), 1):
            values = text.rstrip("\r\n").split("\t")
            if line == 1 and (len(values) != len(FIELDS) or not values[0].isdigit()):
                raise _other(path)
            if len(values) != len(FIELDS):
                yield Row(path.name, line, {"row": text.strip()[:500]})
            elif values[6] == POPULATED:
                yield Row(path.name, line, dict(zip(FIELDS, values, strict=True)))


def _opened(path: Path, scratch: Path, number: int) -> IO[bytes]:
    """The dump itself, also out of GeoNames' zip, which has a readme.txt beside it."""
    try:
        with path.open("rb") as file:
            packed = file.read(4) == ZIP
    except OSError as fault:
        raise WrongFile(T("There is no file {file}.", file=Verbatim(path.name)), do=T("Check the path.")) from fault
    if not packed:
        return plain_file(path, scratch, number).path.open("rb")
    archive = zipfile.ZipFile(path)
    inside = [name for name in archive.namelist() if name.lower().endswith(".txt") and "readme" not in name.lower()]
    if len(inside) != 1:
        raise _other(path)
    return archive.open(inside[0])


def _other(path: Path) -> WrongFile:
    return WrongFile(
        T("{file} is not a dump of GeoNames: it has not 19 columns separated by tabs.", file=Verbatim(path.name)),
        do=T("Take a country's file, such as ML.zip, from download.geonames.org/export/dump."),
    )

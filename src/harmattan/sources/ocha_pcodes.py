"""OCHA's global list of P-codes: which units there are, by code, without their shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.errors import WrongFile
from harmattan.sources.boundaries import coverage
from harmattan.sources.boundary_layouts import day_of
from harmattan.sources.engine import engine
from harmattan.sources.publication import dated, named
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, table_rows, take, text_of, whole_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.places import AREAS

ORIGIN = Origin(
    dataset="ocha-pcodes",
    publisher="OCHA",
    title="Global list of P-codes",
    title_in_french="Liste mondiale des P-codes",
    url="https://data.humdata.org/dataset/global-pcodes",
    licence=Licence(name="CC BY-IGO 3.0", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True),
    citation="OCHA, Global P-code list, https://data.humdata.org/dataset/global-pcodes",
    contract="areas",
)
NEEDED = ("location", "admin level", "p-code", "name", "parent p-code", "valid from date")


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads the list, with or without a row of HXL tags, into `into`/areas.parquet and rejects.parquet.

    `valid from date` is the first day of a unit's division as the list gives it; no last day is given, so a division
    that was replaced since the list came out looks as if it still held. The label is stated, or the day of retrieval.
    """
    with engine(into) as duck:

        def rows() -> Iterator[Row]:
            for number, path in enumerate(named(files)):
                yield from table_rows(path, duck, NEEDED, number, "OCHA's list of P-codes")

        def make(row: Row) -> list[Mapping[str, Any]]:
            return [_unit(row, options)]

        taken = take(rows(), {"areas": (AREAS, make)}, into)["areas"]
        if not taken.rows:
            raise WrongFile(T("{file} lists no unit that can be taken.", file=Verbatim(files[0].name)))
        when = dated(options)
        kept = pq.read_table(into / "areas.parquet", columns=["iso3", "valid_from", "valid_to"]).to_pylist()
    return Reading(
        label=when.label,
        status="final" if options.label else "rolling",
        published=when.published,
        published_basis=when.basis,
        citation=ORIGIN.citation,
        coverage=coverage(kept, when.published),
        rows=taken.rows,
        events=0,
        rejects=len(taken.rejects),
        range_broken=0,
        tables=("areas",),
    )


def _unit(row: Row, options: Options) -> dict[str, Any]:
    iso3, level, code = text_of(row, "location"), whole_of(row, "admin level"), text_of(row, "p-code")
    if not iso3 or not is_iso3(iso3):
        raise BadRow(f"the country is not an ISO3 code: {iso3 or 'empty'}")
    if level is None or not 0 <= level <= 9 or code is None:
        raise BadRow("the level or the P-code is missing")
    parent = text_of(row, "parent p-code")
    first = options.start or day_of(text_of(row, "valid from date"), "valid from date")
    division = text_of(row, "version") or f"{iso3.lower()}-{ORIGIN.dataset}-{first or 'undated'}"
    return {
        "row_id": f"{division}/{level}/{code}",
        "iso3": iso3,
        "level": level,
        "code": code,
        "name": text_of(row, "name"),
        "parent": None if parent == iso3 else parent,
        "division": division,
        "valid_from": first,
        "valid_to": options.end,
    }

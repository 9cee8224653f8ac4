"""Populated places from anybody's table or file of points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.boundaries import ORIGIN as BOUNDARIES
from harmattan.sources.engine import Engine, engine
from harmattan.sources.files import open_table
from harmattan.sources.publication import dated, named
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, need, number_of, rows_of, take, text_of
from harmattan.sources.shapes import POINTS, holds_shapes, layers
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Coverage, Origin
from harmattan.vocabulary.places import TOWNS

ORIGIN = BOUNDARIES.model_copy(
    update={
        "dataset": "towns",
        "title": "Populated places from a file of the user's",
        "title_in_french": "Localités d'un fichier de l'utilisateur",
        "citation": "Places from a file of the user's, to be cited as its owner asks. Open ones: https://www.geonames.org/",
        "contract": "towns",
    }
)
MAPPED = ("name", "name_in_ascii", "iso3", "admin1", "kind", "lat", "lon", "people", "id")
PLAIN: Mapping[str, str] = {
    "name": "name", "name_in_ascii": "name_in_ascii", "iso3": "iso3", "admin1": "admin1", "kind": "kind",
    "lat": "latitude", "lon": "longitude", "people": "people", "id": "id",
}  # fmt: skip
"""The columns that a file without a mapping must or may have."""
Country = Callable[[str], str]


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads places with name, iso3, latitude and longitude, or as `Options.mapping` says, into `into`/towns.parquet."""
    columns = dict(PLAIN)
    if options.mapping:
        unknown = sorted(set(options.mapping) - set(MAPPED))
        if unknown:
            raise UsageError(
                T("A mapping of places has no {key}.", key=Verbatim(unknown[0])),
                available=T("There are {names}.", names=listing([Verbatim(name) for name in MAPPED])),
            )
        columns |= {key: str(value).strip().lower() for key, value in options.mapping.items()}
    return read_towns(files, into, options, ORIGIN, columns=columns)


def read_towns(
    files: list[Path],
    into: Path,
    options: Options,
    origin: Origin,
    *,
    columns: Mapping[str, str],
    country: Country = str.upper,
    rows: Callable[[Path, Engine, int], Iterator[Row]] | None = None,
) -> Reading:
    """Reads places of one origin; `country` makes an ISO3 code of what the file has, `rows` reads a file of its own."""
    with engine(into) as duck:

        def every() -> Iterator[Row]:
            for number, path in enumerate(named(files)):
                yield from (rows or _reader(columns))(path, duck, number)

        def make(row: Row) -> list[Mapping[str, Any]]:
            return [town(row, columns, country)]

        taken = take(every(), {"towns": (TOWNS, make)}, into)["towns"]
        if not taken.rows:
            why = taken.rejects[0]["reason"] if taken.rejects else "it has no rows"
            raise WrongFile(
                T("No place of {file} can be taken: {why}.", file=Verbatim(files[0].name), why=Verbatim(why))
            )
        when = dated(options)
        places = sorted(set(pq.read_table(into / "towns.parquet", columns=["iso3"])["iso3"].to_pylist()))
    return Reading(
        label=when.label,
        status="final" if options.label else "rolling",
        published=when.published,
        published_basis=when.basis,
        citation=origin.citation,
        coverage=Coverage(
            places=tuple(places),
            start=when.published,
            end=when.published,
            dimensions=(),
            basis="places: the countries in the file; a place that is not in it may be there all the same",
        ),
        rows=taken.rows,
        events=0,
        rejects=len(taken.rejects),
        range_broken=0,
        tables=("towns",),
    )


def town(row: Row, columns: Mapping[str, str], country: Country) -> dict[str, Any]:
    """A row as a record of the contract TOWNS. Raises BadRow."""
    lat, lon = number_of(row, columns["lat"]), number_of(row, columns["lon"])
    name = text_of(row, columns["name"])
    if lat is None or lon is None or name is None:
        raise BadRow("the name or a coordinate is missing")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRow(f"the point is not on earth: {lat}, {lon}")
    try:
        iso3 = country(text_of(row, columns["iso3"]) or "")
    except UsageError as fault:
        raise BadRow(f"the country is not known: {row[columns['iso3']] or 'empty'}") from fault
    if not is_iso3(iso3):
        raise BadRow(f"the country is not an ISO3 code: {iso3 or 'empty'}")
    people = number_of(row, columns["people"])
    id_ = text_of(row, columns["id"])
    return {
        "row_id": f"{iso3}/{id_}" if id_ else f"{iso3}/{name}/{lat:.4f}/{lon:.4f}",
        "name": name,
        "name_in_ascii": text_of(row, columns["name_in_ascii"]),
        "iso3": iso3,
        "admin1_as_written": text_of(row, columns["admin1"]),
        "kind": text_of(row, columns["kind"]),
        "lat": lat,
        "lon": lon,
        "cell": gid_at(lat, lon),
        "people": people if people is not None and people > 0 else None,
    }


def _reader(columns: Mapping[str, str]) -> Callable[[Path, Engine, int], Iterator[Row]]:
    """Rows of a table, or of a file of points, whose points fill the coordinates that no column gives."""
    needed = (columns["name"], columns["iso3"])

    def rows(path: Path, duck: Engine, number: int) -> Iterator[Row]:
        if not holds_shapes(path):
            table = open_table(path, duck, number)
            need(table.columns, (*needed, columns["lat"], columns["lon"]), path, "a table of places")
            yield from rows_of(table, duck)
            return
        folder = duck.scratch / f"points-{number}"
        folder.mkdir()
        for layer in layers([path], folder, POINTS):
            need(layer.columns, needed, path, "a file of places")
            for place, shape in enumerate(layer.shapes):
                point = {}
                if shape is not None and shape.geom_type == "Point" and not math.isnan(shape.x):
                    point = {columns["lat"]: shape.y, columns["lon"]: shape.x}
                yield Row(layer.file, place + 2, point | layer.row(place))

    return rows

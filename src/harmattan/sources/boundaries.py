"""Administrative boundaries from any GeoJSON, GeoPackage, shapefile or GeoParquet file, whoever made it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.errors import WrongFile
from harmattan.places.sphere import area_km2
from harmattan.sources import boundary_repair
from harmattan.sources.boundary_layouts import Layout, day_of, layout_of
from harmattan.sources.engine import engine, write_parquet, write_rejects
from harmattan.sources.publication import dated, named
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, reject
from harmattan.sources.shapes import Layer, kinds, layers, numbered
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.origin import Coverage, Licence, Origin
from harmattan.vocabulary.places import AREAS

Array = npt.NDArray[Any]

ORIGIN = Origin(
    dataset="boundaries",
    publisher="as the file's owner says",
    title="Administrative boundaries from a file of the user's",
    title_in_french="Limites administratives d'un fichier de l'utilisateur",
    url="https://data.humdata.org/dashboards/cod",
    licence=Licence(
        name="the owner's; Harmattan does not know it",
        url="https://data.humdata.org/dashboards/cod",
        redistributable=False,
    ),
    citation="Boundaries from a file of the user's, to be cited as its owner asks. Official ones: "
    "https://data.humdata.org/dashboards/cod",
    contract="areas",
)
OWN_NAME = {"cod-ab": "cod-ab", "geoboundaries": "geoboundaries", "natural-earth": "natural-earth-areas"}
"""The data set under which a known publisher's file has that publisher's licence."""
CHANGES = {
    "repaired": "shapes that cross themselves were repaired: {n}",
    "cut": "shapes that run over 180 degrees of longitude were cut there: {n}",
    "merged": "features that are parts of one area were put together: {n}",
    "twice": "features that are there twice were taken once: {n}",
    "overlapping": "pairs of areas of one division that overlap by more than 0.5 % of the smaller: {n}",
    "unsaid": "layers that do not say their coordinate system were taken as WGS 84: {n}",
}


@dataclass
class Found:
    """What came of the files so far."""

    areas: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)
    publishers: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads boundaries into `into`/areas.parquet and rejects.parquet; see `read_areas`."""
    return read_areas(files, into, options, ORIGIN)


def read_areas(
    files: list[Path], into: Path, options: Options, origin: Origin, publisher: str | None = None
) -> Reading:
    """Reads boundaries of one origin; `publisher` names the only layout that it takes (None takes any).

    `options.start` and `end` say from when to when the division held, before what the file says. Raises WrongFile for
    a file whose columns or coordinate system are not known, or of which no area can be taken.
    """
    found = Found()
    with engine(into) as duck:
        for layer in layers(named(files), duck.scratch):
            _take(layer, _layout(layer, options, publisher), options, found)
        if not found.areas:
            raise _nothing(files, found)
        version = next(iter(found.versions)) if len(found.versions) == 1 else None
        when = dated(options, version)
        rows = _finished(found, origin.dataset, when.label)
        count = write_parquet(_batches(rows), into / "areas.parquet", AREAS)
        rejects = write_rejects(found.rejects, into / "rejects.parquet")
    return Reading(
        label=when.label,
        status="final" if options.label or version else "rolling",
        published=when.published,
        published_basis=when.basis,
        citation=origin.citation,
        coverage=coverage(rows, when.published),
        rows=count,
        events=0,
        rejects=rejects,
        range_broken=0,
        tables=("areas",),
        notices=_notices(found, origin),
    )


def _layout(layer: Layer, options: Options, publisher: str | None) -> Layout:
    def once(column: str) -> bool:
        return len(set(layer.values[column])) == len(layer.values[column])

    found = layout_of(layer.columns, options.mapping, once)
    if found is None or (publisher is not None and found.publisher not in (publisher, "mapping")):
        raise WrongFile(
            T("The columns of {file} are not known as those of boundaries.", file=Verbatim(layer.file))
            if publisher is None
            else T("{file} has not the columns of {publisher}.", file=Verbatim(layer.file),
                   publisher=Verbatim(publisher)),
            available=T("It has {found}.", found=listing([Verbatim(name) for name in layer.columns[:12]])),
            do=T("Say which of them are name, code, iso3 and level in a mapping, or name the columns iso3, code, name.")
            if publisher is None
            else T("Say harmattan ingest boundaries to take a file of another layout."),
        )  # fmt: skip
    return found


def _take(layer: Layer, layout: Layout, options: Options, found: Found) -> None:
    """Takes the features of one layer."""
    found.publishers.add(layout.publisher)
    shapes, reasons, changed = boundary_repair.sound(layer.shapes)
    if reasons.count(boundary_repair.NOT_DEGREES) * 2 > len(reasons):
        raise WrongFile(
            T("{file} is not in degrees of longitude and latitude.", file=Verbatim(layer.file)),
            do=T("Save it in WGS 84 (EPSG:4326)."),
        )
    found.changed += changed
    found.changed["unsaid"] += not layer.sure_of_degrees
    for place, reason in enumerate(reasons):
        said = layer.row(place)
        try:
            if reason:
                raise BadRow(reason)
            area = _area(said, layout, options)
        except BadRow as fault:
            found.rejects.append(reject(Row(layer.file, place + 2, said), str(fault)))
            continue
        if area["division"]:
            found.versions.add(area["division"])
        found.areas.append(area)
        found.shapes.append(shapes[place])


def _area(said: dict[str, Any], layout: Layout, options: Options) -> dict[str, Any]:
    """What a feature says of its area, without its shape and id."""
    name = layout.name(said)
    if not name:
        raise BadRow("it has no name")
    first = options.start or day_of(layout.first(said), "the first day")
    last = options.end or day_of(layout.last(said), "the last day")
    if first and last and last < first:
        raise BadRow(f"it ends before it begins: {first} to {last}")
    return {
        "iso3": layout.iso3(said),
        "level": layout.level(said),
        "code": _words(layout.code(said)),
        "name": str(name),
        "name_in_french": _words(layout.french(said)),
        "parent": _words(layout.parent(said)),
        "division": _words(layout.division(said)),
        "valid_from": first,
        "valid_to": last,
    }


def _words(value: Any) -> str | None:
    return None if value is None else str(value)


def _finished(found: Found, dataset: str, label: str) -> list[dict[str, Any]]:
    """Rows of the contract: one an area, sorted by id, with its box and size."""
    import shapely

    for area in found.areas:
        area["division"] = area["division"] or f"{area['iso3'].lower()}-{dataset}-{label}"
    rows, shapes = _one_each(found)
    for level in {(row["division"], row["level"]) for row in rows}:
        which = [place for place, row in enumerate(rows) if (row["division"], row["level"]) == level]
        found.changed["overlapping"] += boundary_repair.overlapping(shapes[which])
    ids = numbered([f"{row['division']}/{row['level']}/{row['code'] or row['name']}" for row in rows])
    boxes, sizes = shapely.bounds(shapes), area_km2(shapes)
    for row, id_, box, size, shape in zip(rows, ids, boxes, sizes, shapely.to_wkb(shapes), strict=True):
        row |= dict(zip(("west", "south", "east", "north"), box.tolist(), strict=True))
        row |= {"row_id": id_, "area_km2": float(size), "shape": shape}
    return sorted(rows, key=lambda row: str(row["row_id"]))


def _one_each(found: Found) -> tuple[list[dict[str, Any]], Array]:
    """Areas and their shapes, features of one code put together; without a code only the very same shape is."""
    import shapely

    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, area in enumerate(found.areas):
        alike = area["code"] or shapely.to_wkb(found.shapes[place])
        groups[area["division"], area["level"], area["name"], alike].append(place)
    rows, shapes = [], np.empty(len(groups), dtype=object)
    for number, places in enumerate(groups.values()):
        parts = {shapely.to_wkb(found.shapes[place]): found.shapes[place] for place in places}
        found.changed["twice"] += len(places) - len(parts)
        found.changed["merged"] += len(parts) if len(parts) > 1 else 0
        shapes[number] = shapely.union_all(list(parts.values())) if len(parts) > 1 else found.shapes[places[0]]
        rows.append(dict(found.areas[places[0]]))
    return rows, shapes


def _batches(rows: list[dict[str, Any]]) -> Iterable[Any]:
    import pyarrow as pa

    for start in range(0, len(rows), 500):
        yield pa.RecordBatch.from_pylist(rows[start : start + 500], schema=AREAS.schema)


def coverage(rows: list[dict[str, Any]], published: dt.date) -> Coverage:
    """What areas speak about: their countries, for the days the file says, else the day it came out only."""
    firsts, lasts = ([row[name] for row in rows] for name in ("valid_from", "valid_to"))
    start = min((day for day in firsts if day), default=published)
    end = max(lasts) if all(lasts) else published
    return Coverage(
        places=tuple(sorted({row["iso3"] for row in rows})),
        start=min(start, end),
        end=max(start, end),
        dimensions=(),
        basis="places: the countries in the file; days: from when to when the division held, as the file or the user "
        "says; where neither does, the day the file came out",
    )


def _notices(found: Found, origin: Origin) -> tuple[str, ...]:
    told = [CHANGES[what].format(n=found.changed[what]) for what in CHANGES if found.changed[what]]
    if origin.dataset == ORIGIN.dataset:
        told += [
            f"the columns are those of {name}; harmattan ingest {OWN_NAME[name]} takes the file under its own licence"
            for name in sorted(found.publishers & set(OWN_NAME))
        ]
    return tuple(f"{words[0].upper()}{words[1:]}." for words in told)


def _nothing(files: list[Path], found: Found) -> WrongFile:
    names = listing([Verbatim(path.name) for path in files])
    if not found.rejects:
        return WrongFile(T("{files} holds no areas.", files=names), available=kinds())
    first = found.rejects[0]
    return WrongFile(
        T("No area of {files} can be taken; of the first, {why}.", files=names, why=Verbatim(first["reason"]))
    )

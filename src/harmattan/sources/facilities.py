"""Mines and plants: where they are, and whether that is in the country that is said.

Places in such lists were found by name, by people or machines, and some lie in another country. A facility is usable
as a place only where its publisher does not doubt it and boundaries say that it lies in its country. Without
boundaries in the lake, cells that lie in one country as a whole decide; near a border nothing does, and the facility is
not usable until boundaries are there.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources import points
from harmattan.sources.engine import engine
from harmattan.sources.points import Locator, point_of
from harmattan.sources.publication import Keys, Seen, coverage, dated, refuse_empty, rows_and_notices
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, need, number_of, take, text_of
from harmattan.vocabulary.context import FACILITIES
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import Licence, Origin

ADDRESS = "https://github.com/globalstrategic/facilities"
ORIGIN = Origin(
    dataset="gsmc-facilities",
    publisher="Global Mining & Metals Facilities Database",
    title="Mines and plants of the Global Mining & Metals Facilities Database",
    title_in_french="Mines et usines de la base Global Mining & Metals Facilities Database",
    url=ADDRESS,
    licence=Licence(name="MIT", url=ADDRESS, redistributable=True),
    citation=f"Global Mining & Metals Facilities Database, {ADDRESS}",
    contract="facilities",
)
BESIDE = points.BESIDE
"""The tables of other releases that are looked into: boundaries, and cells of whole countries."""
NAMES = {
    "id": ("facility_id", "id"),
    "name": ("name",),
    "iso3": ("iso3", "country_iso3", "country"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
    "precision": ("precision", "where_precision"),
    "commodities": ("commodities", "commodity", "primary"),
    "kind": ("types", "type", "kind"),
    "status": ("status",),
    "confidence": ("confidence",),
    "quality": ("quality",),
    "source": ("source",),
    "gold": ("is_gold", "gold"),
}
"""How other lists call the same columns, the likeliest first."""
NEEDED = ("name", "iso3", "lat", "lon", "commodities")
USABLE = "usable"


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads a list of facilities (CSV, Excel, Parquet) into FACILITIES. Raises WrongFile, UsageError.

    `options.beside` may have `areas` and `cells`, by which the points are checked.
    """
    seen, keys, locator, checked = Seen(), Keys(), Locator.of(options.beside), Counter[bool | None]()

    def make(row: Row) -> list[dict[str, Any]]:
        record = judged(_facility(row, keys), locator)
        checked[record["in_country"]] += 1
        seen.note(record["iso3"])
        return [record]

    with engine(into) as duck:
        rows, _none = rows_and_notices(files, duck, "a list of facilities", ("name",))
        done = take(_checked(rows), {"facilities": (FACILITIES, make)}, into)["facilities"]
        refuse_empty(done.rows, files, "a list of facilities", done.rejects)
        release = dated(options)
        return Reading(
            label=release.label,
            status="rolling",
            published=release.published,
            published_basis=release.basis,
            citation=ORIGIN.citation,
            coverage=coverage(options, seen.places, release.published, release.published,
                              why="countries in the file, on the day it came out; a list of facilities is never whole"),
            rows=done.rows,
            events=0,
            rejects=len(done.rejects),
            range_broken=0,
            tables=("facilities",),
            notices=notices_of(checked),
            beside=tuple(sorted(options.beside or {})),
        )  # fmt: skip


def judged(record: dict[str, Any], locator: Locator) -> dict[str, Any]:
    """A facility with what boundaries say of its point, and whether it can be used as a place."""
    found, agrees = None, None
    if record.get("lat") is not None:
        found, agrees = locator.check(record["iso3"], record["lat"], record["lon"])
    trusted = record.get("quality") is None or str(record["quality"]).strip().lower() == USABLE
    return record | {"iso3_of_point": found, "in_country": agrees, "usable": bool(agrees and trusted)}


def notices_of(checked: Counter[bool | None]) -> tuple[str, ...]:
    """Sentences about points in the wrong country and points that could not be checked."""
    said = []
    if checked[False]:
        said.append(f"{checked[False]} of {checked.total()} points do not lie in the country that is said.")
    if checked[None]:
        said.append(
            f"{checked[None]} of {checked.total()} points could not be checked and are not usable as places: "
            "ingest boundaries of their countries, and then this list again."
        )
    return tuple(said)


def is_gold(commodities: list[str]) -> bool:
    """Whether gold is among what is mined or made.

    >>> is_gold(["Gold", "silver"]), is_gold(["Marigold"])
    (True, False)
    """
    return any(re.search(r"\b(gold|or)\b", words, re.IGNORECASE) for words in commodities)


def _checked(rows: Any) -> Any:
    """The rows, after a look at whether the first has all that is needed under one of its names."""
    for number, row in enumerate(rows):
        if number == 0 and not row.fault:
            there = [ours for ours in NAMES if any(name in row.values for name in NAMES[ours])]
            need(there, NEEDED, Path(row.file), "a list of facilities")
        yield row


def _facility(row: Row, keys: Keys) -> dict[str, Any]:
    told = {ours: next((w for name in theirs if (w := text_of(row, name))), None) for ours, theirs in NAMES.items()}
    where = {axis: next((name for name in NAMES[axis] if name in row.values), axis) for axis in ("lat", "lon")}
    try:
        iso3 = parse_country(told["iso3"] or "")
    except UsageError as fault:
        raise BadRow(f"the country is not known: {told['iso3']}") from fault
    commodities = [part.strip() for part in re.split(r"[;,|]", told["commodities"] or "") if part.strip()]
    record = {
        "name": told["name"],
        "iso3": iso3,
        **point_of(row, where["lat"], where["lon"]),
        "where_precision": told["precision"],
        "kind": told["kind"],
        "commodities": commodities,
        "gold": told["gold"].lower() in ("true", "1", "yes") if told["gold"] else is_gold(commodities),
        "status": told["status"],
        "confidence": _confidence(row),
        "quality": told["quality"],
        "source": told["source"],
    }
    return record | {"row_id": told["id"] or keys.of(f"{told['name']} {record['lat']} {record['lon']}", record)}


def _confidence(row: Row) -> float | None:
    value = number_of(row, "confidence")
    if value is not None and not 0 <= value <= 1:
        raise BadRow(f"confidence is {value}, not between 0 and 1")
    return value

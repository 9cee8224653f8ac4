"""The names of places that the releases at hand know: of events, towns and areas, and those that the dossiers name.

Names are no claims: neither as-of nor known-by date nor a pin leaves one out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow.parquet as pq

from harmattan.dossier.book import Book
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.lake.tables import table
from harmattan.measures.figures import by_place
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.folding import fold
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.mentions import PlaceKind, PlaceName
from harmattan.reading.place_words import plain_names
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.country import iso3_from_name

EVENTS_IN_DOSSIER = 10.0
"""What it weighs that a dossier names a place: as much as so many events."""
PER_EVENT_OF_A_TOWN = 20_000.0
"""So many people weigh as much as one event."""
LEVELS: dict[int, PlaceKind] = {1: "admin1", 2: "admin2", 3: "admin2"}


def gazetteer(world: World, params: Params) -> Gazetteer:
    """The gazetteer of a world's releases; made once for the same ones."""
    named, events = with_table(world.lake, "place_names"), with_table(world.lake, "events")
    single = [held for held in events if "day" in held.release.coverage.dimensions]
    towns, areas = with_table(world.lake, "towns"), with_table(world.lake, "areas")
    told = world.told(params)
    holds = (*_newest(named), *_newest(single), *towns, *areas)
    key = tuple(f"{held.release.name} {held.release.digest}" for held in (*holds, *told.held))
    if key not in world.gazetteers:
        world.gazetteers[key] = Gazetteer(_places(world, holds, told.book))
    made: Gazetteer = world.gazetteers[key]
    return made


def _newest(there: Iterable[Held]) -> list[Held]:
    """Of each data set the newest release."""
    found: dict[str, Held] = {}
    for held in there:
        found.setdefault(held.release.dataset, held)
    return list(found.values())


def _places(world: World, holds: Iterable[Held], book: Book) -> Iterator[PlaceName]:
    for held in holds:
        if held.release.has("place_names"):
            yield from of_events(pq.read_table(held.file("place_names")).to_pylist(), held.release.name)
        elif held.release.has("events"):
            rows = by_place(table(world.engine, held, "events")).to_pyarrow().to_pylist()
            yield from of_events(rows, held.release.name)
        elif held.release.has("towns"):
            yield from _of_towns(held)
        elif held.release.has("areas"):
            yield from _of_areas(held)
    yield from of_dossier(book)


def of_events(rows: Iterable[dict[str, Any]], origin: str) -> Iterator[PlaceName]:
    """The places that events were coded to, and the divisions that they lie in, each weighing its events."""
    weights: dict[tuple[str, str, PlaceKind, int | None, str], float] = {}

    def add(key: tuple[str, str, PlaceKind, int | None, str], events: float) -> None:
        weights[key] = weights.get(key, 0.0) + events

    for row in rows:
        iso3, events, within = row["iso3"], float(row["named_in"]), row["admin1_as_written"] or ""
        for name, kind in plain_names(row["name"]):
            if iso3_from_name(name) is None:
                cell = row["cell"] if kind not in ("admin1", "admin2") else None
                add((name, iso3, kind or "events", cell, "" if kind == "admin1" else within), events)
        for level, words in (("admin1", within), ("admin2", row["admin2_as_written"] or "")):
            for name, _kind in plain_names(words):
                kind = "admin1" if level == "admin1" else "admin2"
                add((name, iso3, kind, None, within if kind == "admin2" else ""), events)
    for (name, iso3, kind, cell, within), weight in weights.items():
        yield PlaceName(name, iso3, kind, cell, within=within, origin=origin, weight=weight)


def _of_towns(held: Held) -> Iterator[PlaceName]:
    for row in pq.read_table(held.file("towns")).to_pylist():
        names = dict.fromkeys(name for name in (row["name"], row["name_in_ascii"]) if name)
        for name in names:
            yield PlaceName(
                name, row["iso3"], "town", row["cell"], row["lat"], row["lon"],
                within=row["admin1_as_written"] or "", origin=held.release.name,
                weight=(row["people"] or 0.0) / PER_EVENT_OF_A_TOWN,
            )  # fmt: skip


def _of_areas(held: Held) -> Iterator[PlaceName]:
    columns = ["iso3", "level", "code", "name", "name_in_french", "parent"]
    rows = pq.read_table(held.file("areas"), columns=columns).to_pylist()
    names = {row["code"]: row["name"] for row in rows if row["code"]}
    for row in rows:
        kind = LEVELS.get(row["level"])
        for name in dict.fromkeys(name for name in (row["name"], row["name_in_french"]) if name and kind):
            within = names.get(row["parent"] or "", "") if row["level"] > 1 else ""
            yield PlaceName(name, row["iso3"], kind or "admin1", within=within, origin=held.release.name, weight=1.0)


def of_dossier(book: Book) -> Iterator[PlaceName]:
    """The places that a dossier's records name; those of presence with their points."""
    records: tuple[Any, ...] = (*book.presence, *book.relations, *book.milestones, *book.figures)
    for record in records:
        countries = getattr(record, "countries", ()) or (getattr(record, "country", ""),)
        if not record.place or len(countries) != 1:
            continue
        lat, lon = getattr(record, "lat", None), getattr(record, "lon", None)
        cell = gid_at(lat, lon) if lat is not None and lon is not None else None
        stands = hasattr(record, "force")
        for name, kind in plain_names(record.place):
            if fold(name) and iso3_from_name(name) is None:
                yield PlaceName(
                    name, countries[0], kind or ("base" if stands else "town"), cell, lat, lon,
                    origin="dossier", weight=EVENTS_IN_DOSSIER,
                )  # fmt: skip

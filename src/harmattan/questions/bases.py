"""Where forces stood, from the dossier and from Geo-PKO: bases with a point, and from when to when as far as known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from harmattan.dossier.book import Book
from harmattan.dossier.records import Figure, Presence
from harmattan.dossier.spelling import plain
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.places.sphere import distance_km
from harmattan.questions.citations import ref
from harmattan.questions.library import Told
from harmattan.questions.recital import called
from harmattan.questions.world import World
from harmattan.text import Bilingual
from harmattan.vocabulary.partial import Holds, Validity
from harmattan.vocabulary.places import TOWNS

DOSSIER = "dossier"
SITE_KM = 10.0
"""Bases that are no further apart stand at one place."""


@dataclass(frozen=True)
class Base:
    """A force at a place. `lat` and `lon` are degrees, NaN where nobody says where the place is."""

    force: str
    """The dossier's id; of a mission that no dossier knows, its name as published."""
    name: Bilingual | str
    country: str
    place: str
    lat: float
    lon: float
    parts: tuple[Validity, ...]
    """What must all have held: its own dates and the lifetime of the force."""
    missions: tuple[Validity, ...] = ()
    """The force's missions in the country: where there are any, one of them must have held."""
    how_ended: str | None = None
    successor: str | None = None
    source: str = DOSSIER
    known_to: dt.date = dt.date.max
    """The last day its source speaks about."""
    refs: tuple[str, ...] = ()
    """The records of a dossier that it rests on."""
    keys: tuple[str, ...] = ()
    """The rows of a table that it rests on."""
    strengths: tuple[tuple[dt.date, float, str], ...] = ()
    """Reported strengths: day, people, and the record that says so; in order."""

    @property
    def validity(self) -> Validity:
        """Its own dates."""
        return self.parts[0]

    @property
    def placed(self) -> bool:
        """Whether it is known where the place is."""
        return not np.isnan(self.lat)

    def within(self, first: dt.date, last: dt.date) -> Holds:
        """Whether it stood on some day of a period."""
        if first > self.known_to:
            return "no"
        state: Holds = "yes"
        for part in self.parts:
            held = part.within(first, last)
            if held == "no":
                return "no"
            state = held if held == "possibly" else state
        sent = {mission.within(first, last) for mission in self.missions} or {"yes"}
        if "yes" in sent:
            return state
        return "possibly" if "possibly" in sent else "no"

    def throughout(self, first: dt.date, last: dt.date) -> bool:
        """Whether it stood for certain on the first and on the last day of a period, and so on all between."""
        return last <= self.known_to and self.within(first, first) == self.within(last, last) == "yes"

    def strength(self, day: dt.date) -> tuple[float, str] | None:
        """The last strength reported by a day, with the record that says so; None where none was."""
        told = [(value, said) for when, value, said in self.strengths if when <= day]
        return told[-1] if told else None


def of_records(book: Book, records: Iterable[Presence]) -> list[Base]:
    """Bases as the dossier has them."""
    troops: dict[tuple[Any, ...], list[Figure]] = {}
    for figure in book.figures:
        if figure.indicator == "troops":
            troops.setdefault((figure.actor, figure.countries, figure.place), []).append(figure)
    missions: dict[tuple[str, str], list[Validity]] = {}
    for sent in book.presence:
        if sent.kind == "mission":
            missions.setdefault((sent.force, sent.country), []).append(sent.validity)
    return [
        _of_record(
            book, record,
            troops.get((record.force, (record.country,), record.place), ()),
            missions.get((record.force, record.country), ()),
        )
        for record in records
    ]  # fmt: skip


def _of_record(book: Book, record: Presence, troops: Iterable[Figure], missions: Iterable[Validity]) -> Base:
    actor = book.actors.get(record.force)
    lives = (actor.validity,) if actor is not None else ()
    figures = sorted(troops, key=lambda figure: (figure.when.day, figure.value, figure.id))
    return Base(
        force=record.force,
        name=called(book, record.force) or record.force,
        country=record.country,
        place=record.place or "",
        lat=np.nan if record.lat is None else record.lat,
        lon=np.nan if record.lon is None else record.lon,
        parts=(record.validity, *lives),
        missions=tuple(missions),
        how_ended=record.how_ended,
        successor=record.successor,
        refs=(ref("presence", record),),
        strengths=tuple((f.when.day, f.value, ref("figures", f)) for f in figures),
    )


def placed(world: World, told: Told, bases: Sequence[Base]) -> tuple[list[Base], tuple[Held, ...]]:
    """Bases with points: their own, else that of another base of the dossier at the place, else of a town so named."""
    known: dict[tuple[str, str], tuple[float, float]] = {}
    for record in told.book.presence:
        if record.lat is not None and record.lon is not None:
            for part in _names(record.place or ""):
                known.setdefault((record.country, part), (record.lat, record.lon))
    found = [_at(base, known) for base in bases]
    missing = {(base.country, part) for base in found if not base.placed for part in _names(base.place)}
    there = with_table(world.lake, TOWNS.name, known_by=told.params.known_by, pins=told.params.release)
    if not missing or not there:
        return found, ()
    towns = _towns(there[0], missing)
    again = [_at(base, towns) for base in found]
    helped = any(now.placed and not before.placed for now, before in zip(again, found, strict=True))
    return again, (there[0],) if helped else ()


def _at(base: Base, points: Mapping[tuple[str, str], tuple[float, float]]) -> Base:
    keys = [(base.country, part) for part in _names(base.place)]
    point = next((points[key] for key in keys if key in points), None)
    return base if base.placed or point is None else replace(base, lat=point[0], lon=point[1])


def _names(place: str) -> list[str]:
    """The names of a place that may have two: "Mopti/Sévaré".

    >>> _names("Mopti/Sévaré")
    ['mopti', 'sevare']
    """
    return [plain(part) for part in place.split("/") if part]


def _towns(held: Held, missing: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """The points of towns by country and name; of several of one name the one with most people."""
    wanted = set(missing)
    table = pq.read_table(held.file(TOWNS.name), columns=["iso3", "name", "name_in_ascii", "lat", "lon", "people"])
    rows = [row for row in table.to_pylist() if row["iso3"] in {iso3 for iso3, _ in wanted}]
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for row in sorted(rows, key=lambda row: (-(row["people"] or 0), row["lat"], row["lon"])):
        for name in (row["name"], row["name_in_ascii"]):
            key = (row["iso3"], plain(name or ""))
            if key in wanted:
                found.setdefault(key, (row["lat"], row["lon"]))
    return found


def apart(base: Any, other: Any) -> float:
    """The distance between two bases in kilometres."""
    points = (np.array([value]) for value in (base.lat, base.lon, other.lat, other.lon))
    return float(distance_km(*points)[0])

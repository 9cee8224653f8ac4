"""An invented dossier of bases and coups over flat ground, for questions on what was left and what turned."""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harmattan.questions.world import World
from tests.lake.factory import Row, event, put
from tests.questions.dossiers import take_in
from tests.questions.worlds import world_in

BASES = """\
actors:
  - {id: gov, kind: government, label: {en: Government of the Valley, fr: Gouvernement de la Vallée}, short: GOV,
     countries: [MLI], cite: [{source: early}]}
  - {id: blue, kind: foreign_force, label: {en: Blue Force, fr: Force bleue}, short: BLUE, cite: [{source: book}]}
  - {id: green, kind: multilateral_force, label: {en: Green Mission, fr: Mission verte}, short: GREEN,
     cite: [{source: book}]}
presence:
  - {force: blue, country: MLI, kind: mission, from: 2013, to: 2022-11-20, end: withdrawn, cite: [{source: book}]}
  - {force: blue, country: MLI, place: Left, lat: 16.0, lon: 0.0, from: 2015, to: 2022-06-15, end: handed_over,
     successor: gov, cite: [{source: book}]}
  - {force: blue, country: MLI, place: Late, lat: 20.0, lon: -6.0, from: 2015, to: 2022-11-20, end: withdrawn,
     cite: [{source: book}]}
  - {force: green, country: MLI, place: Stayed, lat: 16.0, lon: -4.0, from: 2015, cite: [{source: book}]}
  - {force: green, country: MLI, place: Near, lat: 16.0, lon: 0.6, from: 2015, cite: [{source: book}]}
  - {force: green, country: MLI, place: New, lat: 12.0, lon: -8.0, from: 2022-05-01, cite: [{source: book}]}
  - {force: green, country: MLI, place: Vague, lat: 22.0, lon: -2.0, from: 2015, to: 2022, end: withdrawn,
     cite: [{source: book}]}
  - {force: green, country: MLI, place: Nowhere, from: 2015, to: 2022-06-02, end: withdrawn, cite: [{source: book}]}
milestones:
  - {id: coup-june, kind: coup, date: 2022-06-10, countries: [MLI], title: {en: A coup, fr: Un putsch},
     cite: [{source: book}]}
  - {id: exit-both, kind: exit, date: 2022-03, countries: [MLI, NER], title: {en: An exit, fr: Une sortie},
     cite: [{source: book}]}
  - {id: expulsion-vague, kind: expulsion, date: 2022, countries: [MLI], title: {en: Out, fr: Dehors},
     cite: [{source: book}]}
  - {id: massacre, kind: massacre, date: 2022-02-02, countries: [MLI], title: {en: A massacre, fr: Un massacre},
     cite: [{source: book}]}
figures:
  - {indicator: troops, countries: [MLI], place: Left, actor: blue, as_of: 2022-02, value: 300,
     cite: [{source: book}]}
"""
LEFT, STAYED, NEAR, NEW = (16.0, 0.0), (16.0, -4.0), (16.0, 0.6), (12.0, -8.0)


def at(event_id: str, start: str, best: int, point: tuple[float, float], **changed: Any) -> Row:
    """An event at a point."""
    return event(event_id, start, "MLI", best, lat=point[0], lon=point[1], **changed)


EVENTS = (
    at("a", "2022-03-31", 2, LEFT),  # the first month before, of three
    at("b", "2022-05-01", 3, (16.3, 0.0)),  # 33 km from what was left
    at("c", "2022-06-01", 50, LEFT),  # the month of the closing counts on neither side
    at("d", "2022-07-01", 10, LEFT),
    at("e", "2022-09-30", 4, (16.8, 0.0)),  # 89 km
    at("f", "2022-10-01", 70, LEFT),  # too late
    at("g", "2022-04-04", 5, STAYED),
    at("h", "2022-08-08", 1, STAYED),
    at("i", "2022-08-09", 60, NEW),  # that base was not there throughout
    at("j", "2022-08-10", 80, LEFT, where_precision="admin1"),  # not placed
    at("k", "2022-02-28", 90, LEFT),  # too early
    at("l", "2022-09-15", 7, NEAR),  # 64 km from what was left
)  # fmt: skip


def valley(folder: Path, rows: Any = EVENTS, **said: Any) -> World:
    """A world with the bases and these events, which cover 2022."""
    world = world_in(folder)
    put(world.lake, "1", rows, **said)
    take_in(world.lake, folder, "bases", BASES)
    return world


# The event file of the field as its rows, to count again without any of the code that is tested.


def counted_rows(path: Path, country: str = "Mali") -> list[dict[str, str]]:
    """The rows of the event file about a country."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["country"] == country]


def month_in(row: dict[str, str]) -> int:
    """Months since year 0 of the day a row starts."""
    return int(row["date_start"][:4]) * 12 + int(row["date_start"][5:7]) - 1


def month_number(words: str) -> int:
    """Months since year 0 of a month such as 2021-10."""
    return int(words[:4]) * 12 + int(words[5:7]) - 1


def away(row: dict[str, str], point: tuple[float, float]) -> float:
    """Kilometres from a row's point, where that is precise, by the law of cosines; far away where it is not."""
    if row["where_prec"] not in ("1", "2"):
        return math.inf
    return arc_km((float(row["latitude"]), float(row["longitude"])), point)


def arc_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points on the sphere, by the law of cosines."""
    lat, lon, to_lat, to_lon = map(math.radians, (*one, *other))
    cosine = math.sin(lat) * math.sin(to_lat) + math.cos(lat) * math.cos(to_lat) * math.cos(lon - to_lon)
    return 6371.0072 * math.acos(min(cosine, 1.0))


def total(rows: Iterable[dict[str, str]], column: str) -> int:
    """The sum of a column."""
    return sum(int(float(row[column])) for row in rows)

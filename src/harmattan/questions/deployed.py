"""Bases from maps of deployments (Geo-PKO): a base stood on the maps that show it, and between two maps nobody knows.

A map that no longer shows a base that the map before it showed bounds its end: some time between the two months.
A base that one map leaves out and the next one shows again did not end. After the last map of a mission nothing is
known, and neither the base nor its absence is assumed; no base is assumed before the first map either.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.places.sphere import distance_km
from harmattan.questions.bases import SITE_KM, Base
from harmattan.questions.library import Told
from harmattan.questions.recital import called
from harmattan.questions.world import World
from harmattan.vocabulary.context import DEPLOYMENTS
from harmattan.vocabulary.partial import PartialDate, Validity
from harmattan.vocabulary.period import Month

Beside = tuple[dt.date | None, dt.date | None]
READ = ("row_id", "mission", "iso3", "as_of", "source", "place", "lat", "lon", "troops", "troops_estimated")


def deployed(world: World, told: Told, countries: Sequence[str]) -> tuple[list[Base], Held | None]:
    """The bases of the newest release of deployments about some countries, and that release."""
    params = told.params
    there = with_table(world.lake, DEPLOYMENTS.name, known_by=params.known_by, pins=params.release)
    if not there:
        return [], None
    held = there[0]
    rows = pq.read_table(held.file(DEPLOYMENTS.name), columns=list(READ)).to_pylist()
    maps: dict[str, set[dt.date]] = defaultdict(set)
    shown: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        maps[row["mission"]].add(row["as_of"])
        if row["lat"] is not None and row["lon"] is not None and (not countries or row["iso3"] in countries):
            shown[row["mission"], row["iso3"]].append(row)
    found = [
        base
        for (mission, _iso3), own in sorted(shown.items())
        for at_place in _by_place(own)
        for base in _spells(told, held, sorted(maps[mission]), at_place)
    ]
    return found, held if found else None


def _by_place(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows of a mission by place: points that move a little from map to map are one place."""
    points: list[tuple[float, float]] = sorted({(row["lat"], row["lon"]) for row in rows})
    lat, lon = np.array(points).T
    near = distance_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :]) <= SITE_KM
    first = {point: int(np.flatnonzero(near[n])[0]) for n, point in enumerate(points)}
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[first[row["lat"], row["lon"]]].append(row)
    return [groups[n] for n in sorted(groups)]


def _spells(told: Told, held: Held, maps: Sequence[dt.date], own: Sequence[dict[str, Any]]) -> Iterable[Base]:
    """A base for each run of maps that show it."""
    seen = {row["as_of"] for row in own}
    shown = [month in seen for month in maps]
    runs: list[list[int]] = []
    for at in np.flatnonzero(shown).tolist():
        if runs and at - runs[-1][-1] <= 2:
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        before = maps[run[0] - 1] if run[0] else None
        after = maps[run[-1] + 1] if run[-1] + 1 < len(maps) else None
        yield _base(told, held, [maps[at] for at in run], own, beside=(before, after))


def _base(told: Told, held: Held, run: Sequence[dt.date], own: Sequence[dict[str, Any]], *, beside: Beside) -> Base:
    """A base that a run of maps shows; `beside` are the maps before and after, None where there is none."""
    before, after = beside
    rows = [row for row in own if row["as_of"] in set(run)]
    first, mission = rows[0], rows[0]["mission"]
    actor = told.resolver.resolve(mission).actor if told.book.actors else None
    start = PartialDate.parse(f"{before:%Y-%m}/{run[0]:%Y-%m}" if before else f"{run[0]:%Y-%m}")
    end = PartialDate.parse(f"{run[-1]:%Y-%m}/{after:%Y-%m}") if after else None
    return Base(
        force=actor or mission,
        name=(called(told.book, actor) if actor else None) or mission,
        country=first["iso3"],
        place=first["place"] or "",
        lat=first["lat"],
        lon=first["lon"],
        parts=(Validity(start, end),),
        source=held.release.name,
        known_to=Month.of(after or run[-1]).last_day,
        keys=tuple(f"{held.release.name}:{row['row_id']}" for row in rows),
        strengths=tuple(_strengths(held, rows)),
    )


def _strengths(held: Held, rows: Sequence[dict[str, Any]]) -> Iterable[tuple[dt.date, float, str]]:
    """The people of each month; of two maps of one month, which are never added, the higher."""
    people: dict[dt.date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    keys: dict[dt.date, str] = {}
    for row in rows:
        troops = row["troops"] if row["troops"] is not None else row["troops_estimated"]
        if troops is not None:
            people[row["as_of"]][row["source"] or ""] += troops
            keys[row["as_of"]] = f"{held.release.name}:{row['row_id']}"
    for month, by_source in sorted(people.items()):
        yield month, max(by_source.values()), keys[month]

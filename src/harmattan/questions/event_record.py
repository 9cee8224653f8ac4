"""One record of an event: every column of it, how other releases have it, and what happened there on the same days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from harmattan.lake.select import age
from harmattan.lake.shelf import Held
from harmattan.lake.tables import table
from harmattan.measures.events import of_keys
from harmattan.questions.world import World
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.schema import EVENTS, LOCATED

MOST_BESIDE = 50
COMPARED = ("date_start", "date_end", "place_as_written", "where_precision", "dyad", "violence", "event_type",
            "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")  # fmt: skip
"""What another release may say otherwise."""
NAMED = ("event_id", "date_start", "date_end", "place_as_written", "where_precision", "dyad", "violence", "event_type",
         "n_events", "deaths_low", "deaths_best", "deaths_high", "source_headline")  # fmt: skip


@dataclass(frozen=True)
class EventRecord:
    """A record as a release has it."""

    release: ReleaseRef
    summed: bool
    """Whether it is a sum over a month and no single event."""
    values: Mapping[str, Any]
    """Every column of the contract."""
    versions: tuple[Mapping[str, Any], ...]
    """The record of the same id in every release of its data set, the oldest first: `release` and `COMPARED`."""
    beside: tuple[Mapping[str, Any], ...]
    """Other records of the release in the same cell on any of the same days, the most deaths first: `NAMED`."""


def event_record(world: World, release: str, event_id: str) -> EventRecord | None:
    """A record by its release and the publisher's id of it; None where there is none such.

    Both are looked up: the release among those there are, the id in its table.
    """
    held = _events(world).get(release)
    if held is None:
        return None
    own = _row(world, held, event_id)
    if own is None:
        return None
    versions = tuple(
        {"release": other.release.name} | {name: row[name] for name in COMPARED}
        for other in sorted(_events(world).values(), key=age)
        if other.release.family == held.release.family and (row := _row(world, other, event_id)) is not None
    )
    summed = "day" not in held.release.coverage.dimensions
    return EventRecord(ReleaseRef.to(held.release), summed, own, versions, tuple(_beside(world, held, own)))


def _events(world: World) -> dict[str, Held]:
    """Every release of events by its name, samples among them."""
    return {held.release.name: held for held in world.lake.releases() if held.release.origin.contract == EVENTS.name}


def _row(world: World, held: Held, event_id: str) -> dict[str, Any] | None:
    rows = table(world.engine, held, EVENTS.name)
    marked = rows.mutate(release=ibis.literal(held.release.name))
    found = of_keys(marked, [f"{held.release.name}:{event_id}"]).limit(1).to_pyarrow().to_pylist()
    return found[0] if found else None


def _beside(world: World, held: Held, own: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Records whose days meet those of one and whose point lies in its cell; none where it stands for no place."""
    if own["cell"] is None or own["where_precision"] not in LOCATED:
        return
    rows = table(world.engine, held, EVENTS.name)
    there = rows.filter(
        rows.cell == own["cell"],
        rows.where_precision.isin(list(LOCATED)),
        rows.date_start <= own["date_end"],
        rows.date_end >= own["date_start"],
        rows.event_id != own["event_id"],
    )
    listed = there.order_by(there.deaths_best.desc(), there.event_id).select(*NAMED).limit(MOST_BESIDE)
    yield from listed.to_pyarrow().to_pylist()

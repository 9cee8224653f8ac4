"""What is said of releases: what they hold, which can be compared, what of them was not taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pyarrow.compute as pc
import pyarrow.parquet as pq

from harmattan.export.sheet import Sheet, SheetColumn
from harmattan.lake.diff import Diff, diff
from harmattan.lake.shelf import Held, Lake
from harmattan.text import T, Text
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.posts import POSTS
from harmattan.vocabulary.schema import REJECTS

HOLDS: Mapping[str, Text] = {
    "events": T("events"),
    "displacement": T("displaced people"),
    "needs": T("people in need"),
    "funding": T("plans and money"),
    "documents": T("documents"),
    "areas": T("areas and their boundaries"),
    "towns": T("towns"),
    "population": T("population"),
    "place_names": T("names of places"),
    "deployments": T("deployments of peacekeepers"),
    "coups": T("coups"),
    "facilities": T("mines and other sites"),
    "outlooks": T("forecasts by others"),
    "machine_events": T("events read by machines, which are in no count"),
    "posts": T("posts"),
    "skill": T("scores of past forecasts"),
    "cells": T("cells and their countries"),
    "dossier": T("a dossier"),
}
"""What a release of each contract holds."""


def by_name(lake: Lake) -> dict[str, Held]:
    """Every release by its name: what an address names is looked up here."""
    return {held.release.name: held for held in lake.releases()}


def comparable(lake: Lake) -> list[tuple[str, list[Held]]]:
    """The releases that another one of their contract stands beside, by contract."""
    found: dict[str, list[Held]] = {}
    for held in lake.releases():
        found.setdefault(held.release.origin.contract, []).append(held)
    return [(contract, there) for contract, there in sorted(found.items()) if len(there) > 1]


def before(lake: Lake, held: Held) -> Held | None:
    """The release of its data set that came out before it."""
    there = lake.releases(held.release.dataset)
    at = [one.release.name for one in there].index(held.release.name)
    return there[at - 1] if at else None


@lru_cache(maxsize=1)
def compared(one: Held, other: Held) -> Diff:
    """What changed between two releases; the last comparison is kept, for its further pages."""
    return diff(one, other)


@dataclass(frozen=True)
class Rejects:
    """The rows of a release that were not taken."""

    by_reason: tuple[tuple[str, int], ...]
    """The commonest first."""
    sheet: Sheet
    """A page of them."""
    page: int
    pages: int


def rejects_of(held: Held, speaker: Speaker, page: int, size: int = 50) -> Rejects | None:
    """A page of what was not taken, with the reasons; None where everything was."""
    if not held.release.rejects or not held.release.has("rejects"):
        return None
    table = pq.read_table(held.file("rejects"))
    counts = pc.value_counts(table["reason"]).to_pylist()
    reasons = sorted(((row["values"], row["counts"]) for row in counts), key=lambda one: (-one[1], str(one[0])))
    pages = max(1, -(-table.num_rows // size))
    at = min(max(1, page), pages)
    names = [name for name in table.column_names if not (name == "row_as_written" and _of_people(held))]
    columns = tuple(
        SheetColumn(column.name, column.unit, column.description) for column in REJECTS.columns if column.name in names
    )
    rows = tuple(table.select(names).slice((at - 1) * size, size).to_pylist())
    sheet = Sheet("rejects", speaker.say(T("Rows that were not taken")), columns, rows, (), ())
    return Rejects(tuple(reasons), sheet, at, pages)


def _of_people(held: Held) -> bool:
    """Whether rows of it are what people wrote."""
    return held.release.origin.contract == POSTS.name

"""Which half-degree cells stand for a region or district, by where its events lie: for sums that name no region."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.lake.select import with_table
from harmattan.questions.world import World
from harmattan.reading.folding import fold
from harmattan.reading.place_words import plain_names
from harmattan.vocabulary.schema import LOCATED

DIVISIONS = ("admin1_as_written", "admin2_as_written")
MOST = 0.5
"""A cell stands for the area that at least so much of its events were coded to."""


def area_cells(world: World, iso3: str, name: str) -> tuple[int, ...]:
    """The cells of which most events were coded to an area of that name; where there is none, that with the most.

    An area is what a publisher of events writes as the first- or second-order division, whatever boundaries are in use.
    Empty where nobody writes it.
    """
    wanted, inside, every = fold(name), Counter[int](), Counter[int]()
    for held in with_table(world.lake, "place_names"):
        for country, cell, events, names in _coded(held.file("place_names"), held.release.digest):
            if country == iso3:
                every[cell] += events
                inside[cell] += events if wanted in names else 0
    inside = +inside
    mostly = [cell for cell, events in inside.items() if events >= MOST * every[cell]]
    return tuple(sorted(mostly or [cell for cell, _events in inside.most_common(1)]))


@functools.lru_cache(maxsize=8)
def _coded(path: Path, _digest: str) -> tuple[tuple[str, int, int, frozenset[str]], ...]:
    """Country, cell, events and folded names of the divisions of each row that stands for a place; read once."""
    columns = ["iso3", *DIVISIONS, "where_precision", "cell", "named_in"]
    return tuple(
        (row["iso3"], row["cell"], row["named_in"], frozenset(_names(row)))
        for row in pq.read_table(path, columns=columns).to_pylist()
        if row["cell"] is not None and row["where_precision"] in LOCATED
    )


def _names(row: dict[str, Any]) -> Iterator[str]:
    for column in DIVISIONS:
        yield from (fold(name) for name, _kind in plain_names(row[column] or ""))

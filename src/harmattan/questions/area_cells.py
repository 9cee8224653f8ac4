"""Which half-degree cells stand for a region or district, by where its events lie: for sums that name no region."""

from __future__ import annotations

from collections import Counter

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
        columns = ["iso3", *DIVISIONS, "where_precision", "cell", "named_in"]
        for row in pq.read_table(held.file("place_names"), columns=columns).to_pylist():
            if row["iso3"] != iso3 or row["cell"] is None or row["where_precision"] not in LOCATED:
                continue
            every[row["cell"]] += row["named_in"]
            names = {fold(plain) for column in DIVISIONS for plain, _kind in plain_names(row[column] or "")}
            if wanted in names:
                inside[row["cell"]] += row["named_in"]
    mostly = [cell for cell, events in inside.items() if events >= MOST * every[cell]]
    return tuple(sorted(mostly or [cell for cell, _events in inside.most_common(1)]))

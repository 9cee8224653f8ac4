"""Events with what was found out about their places: the area that holds them, how far they are from something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

Table = Any


def with_marks(events: Table, marks: Any, names: Sequence[str]) -> Table:
    """The events with a column for each of `names`, null where nothing was found out about an event.

    `marks` is an Arrow table with release, event_id and those columns: at most one row an event.
    """
    found = ibis.memtable(marks).rename(of_release="release", of_event="event_id")
    joined = events.left_join(found, [events.release == found.of_release, events.event_id == found.of_event])
    return joined.select(*(events[name] for name in events.columns), *(found[name] for name in names))

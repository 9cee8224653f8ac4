"""Events with the administrative areas that their points were laid to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

Table = Any


def with_areas(events: Table, placed: Any, levels: Sequence[str]) -> Table:
    """The events with a column of area ids for each level, null where an event is in no area.

    `placed` is an Arrow table with release, event_id and a column for each of `levels`: one row an event.
    """
    areas = ibis.memtable(placed).rename(of_release="release", of_event="event_id")
    joined = events.left_join(areas, [events.release == areas.of_release, events.event_id == areas.of_event])
    return joined.select(*(events[name] for name in events.columns), *(areas[level] for level in levels))

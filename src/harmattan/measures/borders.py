"""Events and deaths by how far they are from something: strips along borders, circles around where countries meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pyarrow as pa

from harmattan.measures.events import SUMMED, as_table, sum_or_none

Table = Any


def by_distance(
    events: Table, distances: Table, strips: Sequence[tuple[float, float]], by: Sequence[str] = ()
) -> Table:
    """Events and deaths by line and strip, and by month, year or country where `by` names them.

    `distances` is a table, of Ibis or of Arrow, with release, event_id, line (integer) and km: at most one row an
    event and line. `strips` are pairs of kilometres: an event is in a strip where its distance is more than the
    first and at most the second number; strips may overlap, and a first number below zero takes in what lies on the
    line.
    Columns: line, strip (its place among `strips`), those of `by`, events, deaths_low, deaths_best, deaths_high,
    deaths_civilians (null where a record lacks the estimate), records.
    """
    away = as_table(distances).rename(of_release="release", of_event="event_id")
    bounds = ibis.memtable(
        pa.table(
            {
                "strip": pa.array(range(len(strips)), pa.int64()),
                "beyond": pa.array([low for low, _high in strips], pa.float64()),
                "upto": pa.array([high for _low, high in strips], pa.float64()),
            }
        )
    )
    slim = events.select("release", "event_id", "iso3", "date_start", "n_events", *SUMMED)
    met = slim.join(away, [slim.release == away.of_release, slim.event_id == away.of_event])
    inside = met.join(bounds, [met.km > bounds.beyond, met.km <= bounds.upto])
    times = {"month": "%Y-%m", "year": "%Y"}
    keys = {name: inside.date_start.strftime(times[name]) for name in by if name in times}
    keys |= {"country": inside.iso3} if "country" in by else {}
    return inside.group_by("line", "strip", **keys).agg(
        events=inside.n_events.sum(),
        **{name: sum_or_none(inside, name, inside.count()) for name in SUMMED},
        records=inside.count(),
    )

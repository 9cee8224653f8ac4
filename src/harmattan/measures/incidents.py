"""The largest records one by one, and what stands close to them in time: what may be the same incident twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from harmattan.measures.events import as_table

Table = Any
Measure = Literal["deaths_best", "deaths_civilians"]
DATED = ("day", "days", "week")
"""Precisions of dates at which a few days more or less say something."""


def largest(events: Table, measure: Measure, *, at_least: int | None, most: int) -> Table:
    """The records with the most deaths by a measure, the most first: at most so many, of at least so many deaths.

    A record that does not say the number is none of them. Where two have as many, the earlier comes first, then the
    first by its key.
    """
    known = events.filter(events[measure].notnull(), events[measure] >= (at_least or 1))
    return known.order_by(known[measure].desc(), known.date_start, known.release, known.event_id).limit(most)


def beside(events: Table, spans: Table, columns: Sequence[str]) -> Table:
    """Records whose days touch the spans of others: one row for each pair.

    `spans` is a table, of Ibis or of Arrow, with of_release, of_event, first and last (days, both included). Columns:
    of_release, of_event, release, event_id and `columns`. A record is not beside itself, and one whose date is known to
    a month or less well is beside none, nor are sums.
    """
    wide = as_table(spans)
    slim = events.filter(events.date_precision.isin(list(DATED)), events.n_events == 1)
    slim = slim.select(*dict.fromkeys(("release", "event_id", "date_start", "date_end", *columns)))
    near = wide.join(slim, [slim.date_start <= wide["last"], slim.date_end >= wide["first"]])
    other = (near.of_release != near.release) | (near.of_event != near.event_id)
    return near.filter(other).select("of_release", "of_event", "release", "event_id", *columns)

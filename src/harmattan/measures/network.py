"""Who fights whom: events between parties as the links of a network."""

from __future__ import annotations

from typing import Any

import ibis

from harmattan.measures.events import sum_or_none

Table = Any


def fights(events: Table) -> Table:
    """Events between each two parties that stand on different sides, whichever is which.

    Columns: one, other (the names of the parties, `one` before `other`), events, deaths_low, deaths_best, deaths_high
    (deaths on all sides, empty where a record lacks the estimate), records, first_seen, last_seen (first days of the
    first and the last record) and `keys`, the records as `release:event_id`. An event of several parties counts once
    for each two that met in it. Civilians are no party.
    """
    slim = events.select("release", "event_id", "actors_a", "actors_b")
    left = slim.mutate(one=slim.actors_a.unnest())
    both = left.mutate(other=left.actors_b.unnest())
    both = both.filter(both.one != both.other)
    pairs = both.select(
        "release", "event_id", one=ibis.least(both.one, both.other), other=ibis.greatest(both.one, both.other)
    ).distinct()
    estimates = ("deaths_low", "deaths_best", "deaths_high")
    counts = events.select("release", "event_id", "n_events", "date_start", *estimates)
    met = pairs.inner_join(counts, ("release", "event_id"))
    return met.group_by("one", "other").agg(
        events=met.n_events.sum(),
        **{name: sum_or_none(met, name, met.count()) for name in estimates},
        records=met.count(),
        first_seen=met.date_start.min(),
        last_seen=met.date_start.max(),
        keys=(met.release + ":" + met.event_id).collect(),
    )

"""Where and when parties are first seen, and what those of some set did together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import ibis

from harmattan.measures.events import SUMMED, as_table, by_party, sum_or_none

Table = Any
SEEN = ("release", "event_id", "iso3", "cell", "date_start", "date_precision", "n_events", *SUMMED)


def first_records(events: Table, parties: Collection[str], place: str) -> Table:
    """The records of the first day on which each of some parties is seen in each place.

    `place` is the column that tells places apart: iso3, cell, or an area the events were laid to; records where it is
    empty are left out. The day of a record is its first. Columns: party, place, and `SEEN`.
    """
    named = by_party(events, *SEEN, place)
    rows = named.mutate(place=named[place]).select("party", "place", *SEEN)
    rows = rows.filter(rows.party.isin(list(parties)), rows.place.notnull())
    first = rows.group_by("party", "place").agg(first_day=rows.date_start.min())
    met = rows.join(first, ["party", "place"])
    return met.filter(met.date_start == met.first_day).drop("first_day")


def first_countries(events: Table, before: dt.date) -> Table:
    """Where each party is seen: columns party, country, first_day, and events_before, those begun before a day."""
    # First by who was in it: there are far fewer such groups than events, and each is taken apart once.
    earlier = ibis.ifelse(events.date_start < before, events.n_events, 0)
    met = events.group_by("iso3", "actors_a", "actors_b").agg(first=events.date_start.min(), earlier=earlier.sum())
    rows = by_party(met, "iso3", "first", "earlier")
    return rows.group_by("party", country=rows.iso3).agg(
        first_day=rows["first"].min(), events_before=rows.earlier.sum().fill_null(0)
    )


def by_set(events: Table, sets: Table) -> Table:
    """Events and deaths in which at least one party of a set takes part, each event once a set; and all events.

    `sets` is a table, of Ibis or of Arrow, with set (text), country and party: a party belongs to a set for the
    events of a country. Columns: set, country, events, deaths_low, deaths_best, deaths_high, deaths_civilians (null
    where a record lacks the estimate), records. Of all events, with named parties or none, the set is null.
    """
    named = by_party(events, "release", "event_id", "iso3")
    wanted = as_table(sets).rename(of_country="country", of_party="party")
    met = named.join(wanted, [named.iso3 == wanted.of_country, named.party == wanted.of_party])
    every = events.mutate(set=ibis.null("string"))
    # The columns of a union must agree in whether they may be empty.
    once, every = (
        part.select("set", of_release=part.release.cast("string"), of_event=part.event_id.cast("string"))
        for part in (met, every)
    )
    once = once.distinct().union(every)
    slim = events.select("release", "event_id", "iso3", "n_events", *SUMMED)
    rows = slim.join(once, [slim.release == once.of_release, slim.event_id == once.of_event])
    return rows.group_by("set", country=rows.iso3).agg(
        events=rows.n_events.sum(),
        **{name: sum_or_none(rows, name, rows.count()) for name in SUMMED},
        records=rows.count(),
    )

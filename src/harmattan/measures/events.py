"""Counting events and deaths. Every measure sums `n_events` and carries low, best and high through.

An estimate that a source does not give for some record (low, in figures by country and month) is empty in the sum,
since a sum over the others would understate it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import ibis
import pyarrow as pa

from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.event_types import CIVILIANS, wanted
from harmattan.vocabulary.schema import EVENTS, LOCATED

Table = Any
By = Literal["month", "year", "country", "cell", "kind", "dyad", "actor", "perpetrator", "admin1", "admin2", "harm"]
SUMMED = ("deaths_low", "deaths_best", "deaths_high", "deaths_civilians")


def matching(events: Table, criteria: Criteria) -> Table:
    """The records that fit the criteria."""
    conditions = _conditions(events, criteria)
    found = events.filter(*conditions) if conditions else events
    return of_keys(found, criteria.keys) if criteria.table == EVENTS.name else found


def fits(events: Table, criteria: Criteria) -> Any:
    """Whether each record fits the criteria, keys left aside: many can be asked at once."""
    said = ibis.literal(True)
    for condition in _conditions(events, criteria):
        said = said & condition
    return said.fill_null(False)


def _conditions(events: Table, criteria: Criteria) -> list[Any]:
    c, conditions = criteria, []
    if c.countries:
        conditions.append(events.iso3.isin(list(c.countries)))
    if c.start:
        conditions.append(events.date_start >= c.start)
    if c.end:
        conditions.append(events.date_start <= c.end)
    said = (("violence", c.kinds), ("dyad", c.dyads), ("perpetrator", c.perpetrators),
            ("admin1", c.admin1), ("admin2", c.admin2))  # fmt: skip
    for name, values in said:
        if values or name in c.unsaid:
            fits = events[name].isin(list(values)) if values else ibis.literal(False)
            conditions.append((fits | events[name].isnull()) if name in c.unsaid else fits)
    if c.releases:
        conditions.append(events.release.isin(list(c.releases)))
    if c.cells:
        conditions.append(events.cell.isin(list(c.cells)) & events.where_precision.isin(list(LOCATED)))
    if c.located is not None:
        stands = events.where_precision.isin(list(LOCATED)) & events.cell.notnull()
        conditions.append(stands if c.located else ~stands)
    if c.civilians_killed:
        conditions.append((events.deaths_civilians > 0) | events.deaths_civilians.isnull())
    for actor in c.actors[:1]:
        named = events.actors_a.contains(actor) | events.actors_b.contains(actor)
        for other in c.actors[1:]:
            named = named | events.actors_a.contains(other) | events.actors_b.contains(other)
        conditions.append(named.fill_null(False))
    return conditions + _of_types(events, c)


def as_table(rows: Table) -> Table:
    """A table of Ibis, of one or of rows of Arrow."""
    return ibis.memtable(rows) if isinstance(rows, pa.Table) else rows


def of_keys(events: Table, keys: Sequence[str]) -> Table:
    """The records with the keys `release:event_id`."""
    parts = [key.partition(":") for key in keys]
    table = pa.table({"of_release": [part[0] for part in parts], "of_event": [part[2] for part in parts]}, KEYS)
    named = ibis.memtable(table)
    return events.semi_join(named, [events.release == named.of_release, events.event_id == named.of_event])


KEYS = pa.schema([("of_release", pa.string()), ("of_event", pa.string())])


def _of_types(events: Table, criteria: Criteria) -> list[Any]:
    """What the types of events ask for; they are told apart by one publisher only."""
    conditions = []
    types, sub_types = wanted(criteria.event_types)
    if types or sub_types:
        conditions.append(events.event_type.isin(list(types)) | events.sub_event_type.isin(list(sub_types)))
    if criteria.civilians_targeted:
        conditions.append((events.event_type == CIVILIANS) | events.civilian_targeting.fill_null(False))
    return conditions


def totals(events: Table, by: Sequence[By] = ()) -> Table:
    """Events and deaths by the given dimensions.

    Columns: the dimensions, `events`, `deaths_low`, `deaths_best`, `deaths_high`, `deaths_civilians` (deaths, null
    where a record lacks the estimate), `records` (rows of the release). A record is counted in the month its first
    day lies in. By `cell`, records that stand for a region or a country have a null cell. By `actor`, a record counts
    once for each named party, so the sum over actors exceeds the total. By `harm`, attacks on civilians (one_sided)
    and all the rest (in_fighting) are told apart.
    """
    rows = by_party(events, *_NEEDED, *(column for name in by for column in _KEYS[name])) if "actor" in by else events
    keys = {name: _key(rows, name) for name in by}
    return rows.group_by(**keys).agg(**_sums(rows)) if keys else rows.agg(**_sums(rows))


def listed(events: Table, columns: Sequence[str], order: Sequence[str] = ()) -> Table:
    """Some columns of the records, in the order of some."""
    found = events.select(*columns)
    return found.order_by(*order) if order else found


def profile(events: Table) -> Table:
    """What has to be said of records before they are counted, in one row.

    Columns: records, range_broken (events of records whose estimates do not rise from low to high), no_low (records
    without a low estimate), long_dates (events whose days are not known to a month).
    """
    return events.agg(
        records=events.count(),
        range_broken=events.n_range_broken.sum().fill_null(0),
        no_low=events.deaths_low.isnull().sum().fill_null(0),
        long_dates=events.n_events.sum(where=events.date_precision == "longer").fill_null(0),
    )


def outside_places(events: Table) -> Table:
    """The records that stand for no place, by precision and month: `where_precision`, `month`, and those of `totals`.

    They are what a map cannot draw; a record with a precise point but no cell is among them.
    """
    stands = events.where_precision.isin(list(LOCATED)) & events.cell.notnull()
    rows = events.filter(~stands)
    return rows.group_by(where_precision=rows.where_precision, month=_key(rows, "month")).agg(**_sums(rows))


def windows(events: Table, ends: Table) -> Table:
    """Events and deaths in each window of `ends` (columns window_start, window_end: dates, both included; country).

    Columns: those of `ends` and of `totals`; a window without a record has zeros.
    """
    slim = events.select("iso3", "date_start", "n_events", *SUMMED)
    within = (slim.date_start >= ends.window_start) & (slim.date_start <= ends.window_end)
    joined = ends.left_join(slim, [ends.country == slim.iso3, within])
    return joined.group_by("country", "window_start", "window_end").agg(
        events=joined.n_events.sum().fill_null(0),
        **{
            name: sum_or_none(joined, name, joined.n_events.count()).fill_null(
                ibis.ifelse(joined.n_events.count() == 0, 0, ibis.null("int64"))
            )
            for name in SUMMED
        },
        records=joined.n_events.count(),
    )


def parties(events: Table) -> Table:
    """Who is active where: one row for each named party and country.

    Columns: actor, country, events, deaths_low, deaths_best, deaths_high, deaths_civilians, records, first_seen and
    last_seen (days of the first record's start and the last record's start).
    """
    rows = by_party(events, *_NEEDED, "iso3", "date_start")
    return rows.group_by(actor=rows.party, country=rows.iso3).agg(
        **_sums(rows), first_seen=rows.date_start.min(), last_seen=rows.date_start.max()
    )


def opponents(events: Table) -> Table:
    """Events between parties: columns actor, country, against, events. Civilians are no party."""
    slim = events.select("iso3", "n_events", "actors_a", "actors_b")
    left = slim.mutate(actor=slim.actors_a.unnest())
    left = left.mutate(against=left.actors_b.unnest())
    right = slim.mutate(actor=slim.actors_b.unnest())
    right = right.mutate(against=right.actors_a.unnest())
    columns = ("iso3", "n_events", "actor", "against")
    both = left.select(*columns).union(right.select(*columns))
    return both.group_by("actor", "against", country=both.iso3).agg(events=both.n_events.sum())


def by_party(events: Table, *keep: str) -> Table:
    """Each record once for each named party on either side, in `party`, with the columns `keep`; civilians are none."""
    parties = ibis.cases(
        (events.actors_a.isnull(), events.actors_b),
        (events.actors_b.isnull(), events.actors_a),
        else_=events.actors_a.concat(events.actors_b),
    ).unique()
    named = events.select(*dict.fromkeys(keep), party=parties)
    return named.mutate(party=named.party.unnest())


_NEEDED = ("n_events", *SUMMED)
_KEYS: dict[By, tuple[str, ...]] = {
    "month": ("date_start",), "year": ("date_start",), "country": ("iso3",), "cell": ("where_precision", "cell"),
    "kind": ("violence",), "harm": ("violence",), "dyad": ("dyad",), "actor": (), "perpetrator": ("perpetrator",),
    "admin1": ("admin1",), "admin2": ("admin2",),
}  # fmt: skip
"""The columns that each dimension is told by."""


def _key(rows: Table, name: By) -> Any:
    return {
        "month": lambda: rows.date_start.strftime("%Y-%m"),
        "year": lambda: rows.date_start.strftime("%Y"),
        "country": lambda: rows.iso3,
        "cell": lambda: ibis.ifelse(rows.where_precision.isin(list(LOCATED)), rows.cell, ibis.null("int64")),
        "kind": lambda: rows.violence,
        "harm": lambda: ibis.ifelse((rows.violence == "one_sided").fill_null(False), "one_sided", "in_fighting"),
        "dyad": lambda: rows.dyad,
        "actor": lambda: rows.party,
        "perpetrator": lambda: rows.perpetrator,
        "admin1": lambda: rows.admin1,
        "admin2": lambda: rows.admin2,
    }[name]()


def _sums(rows: Table) -> dict[str, Any]:
    return {
        "events": rows.n_events.sum().fill_null(0),
        **{name: sum_or_none(rows, name, rows.count()) for name in SUMMED},
        "records": rows.count(),
    }


def sum_or_none(rows: Table, name: str, records: Any) -> Any:
    """The sum of a column, empty where one of the records has no value."""
    complete = rows[name].count() == records
    return ibis.ifelse(complete, rows[name].sum().fill_null(0), ibis.null("int64"))

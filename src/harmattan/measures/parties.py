"""Events with their parties named by the dossier: which actor a name as written means at the time and place."""

from __future__ import annotations

from typing import Any

import ibis

from harmattan.vocabulary.cell import COLUMNS, SIZE_DEG

Table = Any
PLACELESS = ("country", "international", "unknown")
"""Precisions at which the point says nothing of where in the country it was."""
KEYS = ("release", "iso3", "cell", "where_precision", "date_start", "until")
"""All of an event that the meaning of a name may depend on."""
NAMED_BY = ("event_id", *(name for name in KEYS if name != "until"), "date_end", "date_precision",
            "actors_a", "actors_b")  # fmt: skip
"""The columns of events by which their parties are named."""


def resolved(events: Table, spans: Table) -> Table:
    """The events with `ids_a`, `ids_b`, `side_a` and `side_b`, as `sides` tells them."""
    return with_sides(events, sides(events, spans))


def sides(events: Table, spans: Table) -> Table:
    """The parties of each side by dossier id, names that mean nobody as written; by `release` and `event_id`.

    Columns: release, event_id, `ids_a` and `ids_b` (sorted, null where the side has no party), `side_a` and `side_b`:
    the ids joined by `+`, null where a part means nobody. Of the events the columns `NAMED_BY` are needed. An event
    none of whose parties has a name in `spans` has no row: in a lake of the world most events have none.

    `spans` has one row for everything that a name's meaning depends on: of_release, written, country (or null), west,
    south, east, north (degrees, or null), first, last (days, both included), actor (null: nobody for certain), rank.
    Of the rows that fit an event by its release, country, day and the centre of its cell, the one of highest rank
    counts. The day is the event's first; where only the month is known, any day of it, the later meaning first.
    """
    told = _told(events, spans)
    found = {}
    for side in ("a", "b"):
        here = told.side == side
        party, known = told.party.count(where=here), told.actor.count(where=here)
        ids = ibis.coalesce(told.actor, told.party).collect(where=here).unique().sort()
        found[f"ids_{side}"] = ibis.ifelse(party > 0, ids, ibis.null("array<string>"))
        found[f"side_{side}"] = ibis.ifelse((party > 0) & (known == party), ids.join("+"), ibis.null("string"))
    return told.group_by("release", "event_id").agg(**found)


def with_sides(events: Table, sides: Table) -> Table:
    """The events with what `sides` found of their parties; an event without a row there keeps the names as written."""
    own = sides.rename(said_by="release", of="event_id")
    rows = events.drop(*(set(events.columns) & {"side_a", "side_b"}))
    met = rows.left_join(own, [rows.event_id == own.of, rows.release == own.said_by])
    found = {}
    for side in ("a", "b"):
        written = met[f"actors_{side}"]
        as_written = ibis.ifelse(written.length() > 0, written.unique().sort(), ibis.null("array<string>"))
        found[f"ids_{side}"] = ibis.ifelse(met.of.isnull(), as_written, met[f"ids_{side}"])
    return met.mutate(**found).drop("of", "said_by")


def _told(events: Table, spans: Table) -> Table:
    """One row for each party of each event: release, event_id, side, party as written, actor or null."""
    month = events.date_precision == "month"
    slim = events.mutate(until=ibis.ifelse(month, events.date_end, events.date_start))
    sides = [slim.select("event_id", *KEYS, side=ibis.literal(side), party=slim[f"actors_{side}"].unnest())
             for side in ("a", "b")]  # fmt: skip
    every = sides[0].union(sides[1])
    touched = every.semi_join(spans, [every.party == spans.written]).select("release", "event_id").distinct()
    parties = every.semi_join(touched, ["release", "event_id"])
    asked = parties.select(*KEYS, "party").distinct()
    asked = asked.mutate(
        lon=_centre((asked.cell - 1) % COLUMNS, -180, asked),
        lat=_centre(((asked.cell - 1) / COLUMNS).floor(), -90, asked),
    )
    met = asked.join(
        spans,
        [
            asked.release == spans.of_release,
            asked.party == spans.written,
            spans.country.isnull() | (asked.iso3 == spans.country),
            (asked.date_start <= spans.last) & (asked.until >= spans.first),
            spans.west.isnull()
            | (_from(asked.lon, spans.west, spans.east) & _from(asked.lat, spans.south, spans.north)),
        ],
    )
    best_first = [ibis.desc("rank"), ibis.desc("first"), ibis.asc("actor")]
    order = ibis.window(group_by=[*KEYS, "party"], order_by=best_first)
    best = met.mutate(nth=ibis.row_number().over(order)).filter(ibis._.nth == 0).select(*KEYS, "party", "actor")
    joined = parties.left_join(best, [parties[key].identical_to(best[key]) for key in (*KEYS, "party")])
    return joined.select(*(parties[name] for name in ("release", "event_id", "side", "party")), actor=best.actor)


def _from(degrees: Any, low: Any, high: Any) -> Any:
    return (degrees >= low) & (degrees < high)


def at_level(named: Table) -> Table:
    """Resolved events with the ids in the place of the names as written, so that every measure counts by them."""
    none = ibis.literal([], type="array<string>")
    unsaid = named.perpetrator.isnull() | named.ids_a.isnull()
    return named.mutate(
        actors_a=ibis.ifelse(named.actors_a.isnull(), named.actors_a, ibis.coalesce(named.ids_a, none)),
        actors_b=ibis.ifelse(named.actors_b.isnull(), named.actors_b, ibis.coalesce(named.ids_b, none)),
        perpetrator=ibis.cases(
            ((named.perpetrator == named.side_b_as_written) & named.ids_b.notnull(), named.ids_b.join("+")),
            (unsaid, named.perpetrator),
            else_=named.ids_a.join("+"),
        ),
    ).drop("ids_a", "ids_b")


def _centre(steps: Any, origin: int, placed: Table) -> Any:
    degrees = steps.cast("float64") * SIZE_DEG + origin + SIZE_DEG / 2
    return ibis.ifelse(placed.where_precision.isin(list(PLACELESS)), ibis.null("float64"), degrees)

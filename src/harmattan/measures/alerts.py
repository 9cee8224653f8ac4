"""What alert rules look at: sums by place and day, and how sure a share is that was counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from harmattan.measures.events import by_party, sum_or_none
from harmattan.vocabulary.schema import LOCATED

Table = Any
STATES = ("Government of ", "Military Forces of ", "Police Forces of ")
"""How UCDP and ACLED begin the names of state forces, which are at home everywhere and so are news nowhere."""
DATED = ("day", "days", "week")
"""Precisions of dates that are good enough for a window shorter than a month."""
"""The standard normal quantile that leaves 2.5 percent above it."""


def daily(
    events: Table,
    by: str,
    *,
    parties: bool = False,
    actors: Sequence[str] = (),
) -> Table:
    """Sums by country, area, party, first day and how well it is known; days without a record have no row.

    `by` is country, admin1 (events need that column) or cell: then events that stand in none are left out. `parties`
    counts a record once for each named party that is no state force, or, with `actors`, that is one of those; without
    `parties`, `actors` keeps the records that name one of them. Columns: country, area (text, empty by country),
    actor (empty without `parties`), day, dated (whether the day is known to a week or better), events, deaths_best,
    deaths_civilians (deaths; empty where a record lacks it).
    """
    rows = events.mutate(dated=events.date_precision.isin(list(DATED)))
    if by == "cell":
        rows = rows.filter(rows.where_precision.isin(list(LOCATED)) & rows.cell.notnull())
        rows = rows.mutate(area=rows.cell.cast("string"))
    elif by == "admin1":
        rows = rows.filter(rows.admin1.notnull()).mutate(area=rows.admin1)
    else:
        rows = rows.mutate(area=ibis.literal(""))
    rows = _of_parties(rows, actors) if parties else _naming(rows, actors).mutate(actor=ibis.literal(""))
    return rows.group_by("area", "actor", "dated", country=rows.iso3, day=rows.date_start).agg(
        events=rows.n_events.sum(),
        deaths_best=rows.deaths_best.sum(),
        deaths_civilians=sum_or_none(rows, "deaths_civilians", rows.count()),
    )


def _of_parties(rows: Table, actors: Sequence[str]) -> Table:
    named = by_party(rows, "area", "dated", "iso3", "date_start", "n_events", "deaths_best", "deaths_civilians")
    named = named.mutate(actor=named.party)
    if actors:
        return named.filter(named.actor.isin(list(actors)))
    kept = named.actor.notnull()
    for beginning in STATES:
        kept = kept & ~named.actor.startswith(beginning)
    return named.filter(kept)


def _naming(rows: Table, actors: Sequence[str]) -> Table:
    if not actors:
        return rows
    named = ibis.literal(False)
    for actor in actors:
        named = named | rows.actors_a.contains(actor) | rows.actors_b.contains(actor)
    return rows.filter(named.fill_null(False))

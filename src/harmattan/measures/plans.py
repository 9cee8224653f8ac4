"""Needs and money by plan: which rows stand for themselves, which is the newest, what may be added up and what not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ibis

from harmattan.measures.stocks import PLACE, added, coarsest

Table = Any
NEED = ("dataset", "indicator", "places_in", "plan", "plan_code", "plan_type", "sector", "population", "period",
        "start", "end")  # fmt: skip
"""What tells one number of needs from another."""
NEED_LINE = ("dataset", "indicator", "places_in", "plan_type", "sector", "population", "period")
"""What a newer number of the same takes the place of."""
REPLACED = "superseded"
"""The period of a number in whose place the publisher has put a later one."""
BUDGET = ("dataset", "places_in", "plan", "plan_code", "plan_type", "year", "of_sector", "nth")
BUDGET_LINE = ("dataset", "places_in", "plan_type", "of_sector")
STATED = ("requirements", "funding")
"""What a plan states once; several values of one plan are never added."""
FLOWS = {"pledge": "pledged", "commitment": "committed", "paid": "paid"}
"""Flows by status; a pledge may become a commitment and a commitment be paid, so statuses are never added."""


def needs(
    rows: Table, *, by: Iterable[str] = (), first: dt.date | None = None, last: dt.date, only_newest: bool = True
) -> Table:
    """One row for each number of needs that began by `last` (and ended on `first` or later).

    Rows for one sector, group or place are left out unless `by` names "sector", "group" or "place". Where a publisher
    gives places and no country, the places of one number are added up. Columns: those of NEED, the first of `release`
    and PLACE, `of_place`, `value` (people), `keys`, `n_places`.
    """
    parts = set(by)
    rows = rows.filter(rows.start <= last)
    if first is not None:
        rows = rows.filter(rows.end >= first)
    for name, column in (("sector", "sector"), ("group", "population")):
        if name not in parts:
            rows = rows.filter(rows[column].isnull())
    rows = rows.mutate(places_in=rows.countries.sort().join(", "), key=rows.release + ":" + rows.row_id)
    written = ibis.literal(" ").join([rows[name].fill_null("") for name in PLACE])
    rows = rows.mutate(of_place=written if "place" in parts else ibis.literal(""))
    if "place" not in parts:
        rows = coarsest(rows, NEED)
    if only_newest:
        rows = rows.filter((rows.period != REPLACED).fill_null(True))
        rows = _newest(rows, (*NEED_LINE, "of_place"), rows.start)
    place = ibis.coalesce(rows.admin2_code, rows.admin2_as_written, rows.admin1_code, rows.admin1_as_written, "")
    return rows.mutate(place=place).group_by((*NEED, "of_place")).agg(
        release=ibis._.release.max(),
        **{name: ibis._[name].min() for name in PLACE},
        value=added(ibis._.value),
        keys=ibis._.key.collect(),
        n_places=ibis._.place.nunique(),
    )  # fmt: skip


def budgets(
    rows: Table, *, sectors: bool = False, first: int | None = None, last: dt.date, only_newest: bool = True
) -> Table:
    """One row for each plan and year: what it asks for, what it has, and flows by status.

    Flows that are shared with others are not added: they are counted in `n_shared`. Where a plan states a measure
    more than once, each value has a row of its own (`nth`). Columns: those of BUDGET, `release`, `requirements`,
    `funding`, `pledged`, `committed`, `paid` (US dollars; empty where nothing is said), `n_shared`, `keys`.
    """
    rows = rows.filter(rows.year <= last.year, (rows.day <= last).fill_null(True))
    if first is not None:
        rows = rows.filter(rows.year >= first)
    stated = rows.measure.isin(list(STATED))
    if not sectors:
        rows = rows.filter(~stated | rows.sector.isnull())
    rows = rows.mutate(
        places_in=rows.countries.sort().join(", "),
        key=rows.release + ":" + rows.row_id,
        of_sector=rows.sector if sectors else ibis.null("string"),
        stands=rows.measure.isin(list(STATED)),
        alone=~rows.shared.fill_null(False),
    )
    same = ibis.window(group_by=(*BUDGET[:-1], "release", "measure"), order_by="row_id")
    rows = rows.mutate(nth=ibis.ifelse(rows.stands, ibis.row_number().over(same), 0))
    if only_newest:
        rows = _newest(rows, BUDGET_LINE, rows.year)
    return rows.group_by(BUDGET).agg(
        release=ibis._.release.max(),
        **{name: added(ibis._.value, ibis._.measure == name) for name in STATED},
        **{said: added(ibis._.value, (ibis._.measure == name) & ibis._.alone) for name, said in FLOWS.items()},
        n_shared=(~ibis._.stands & ~ibis._.alone).sum(),
        keys=ibis._.key.collect(where=ibis._.stands | ibis._.alone),
    )


def _newest(rows: Table, line: tuple[str, ...], time: Table) -> Table:
    nth = ibis.dense_rank().over(ibis.window(group_by=line, order_by=time.desc()))
    return rows.mutate(newest=nth).filter(ibis._.newest == 0).drop("newest")

"""Stocks of displaced people: which rows make one stock, and which stock is the newest.

A stock is what one data set says of one group in one place in one round of one operation, or on one day where it has
no rounds. Rows are added up within one stock only: places where the publisher has no row for all of them, partners
(the countries at the other end) where the stock is of a year or a period, and the sexes and reasons of one place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import ibis

Table = Any
RANKS = ("country", "admin1", "admin2", "admin3", "site")
"""Levels from the widest to the narrowest; a row of one level has in it those of the next."""
YEARLY = ["year", "period"]
"""Precisions of stocks that are of all partners at once."""
PLACE = ("level", "admin1_code", "admin1_as_written", "admin2_code", "admin2_as_written")
STOCK = ("dataset", "population", "direction", "country", "operation", "method", "round", "stock_day")
LINE = ("dataset", "population", "direction", "country", "operation")
"""What a newer stock of the same takes the place of."""


def sided(rows: Table, countries: Sequence[str]) -> Table:
    """Rows once for each end that was asked about.

    `direction` is "in" (they are in `country`) or "from" (they came from it and are in another); `other` is the
    country at the other end, empty where the source does not say or there is none.
    """
    inside = rows.filter(rows.iso3.isin(list(countries)))
    elsewhere = inside.origin_iso3.nullif(inside.iso3)
    inside = inside.mutate(direction=ibis.literal("in"), country=inside.iso3, other=elsewhere)
    outside = rows.filter(rows.origin_iso3.isin(list(countries)), rows.origin_iso3 != rows.iso3)
    outside = outside.mutate(direction=ibis.literal("from"), country=outside.origin_iso3, other=outside.iso3)
    return inside.union(outside)


def dated(rows: Table) -> Table:
    """Adds `stock_day`: the last day of a round in a country, so that no date cuts a round in two; else the day."""
    of_round = ibis.window(group_by=("release", "population", "iso3", "operation", "round", "method"))
    return rows.mutate(stock_day=ibis.ifelse(rows["round"].notnull(), rows.as_of.max().over(of_round), rows.as_of))


def between(rows: Table, first: dt.date | None, last: dt.date) -> Table:
    """The stocks of some days."""
    rows = rows.filter(rows.stock_day <= last)
    return rows if first is None else rows.filter(rows.stock_day >= first)


def told_apart(rows: Table, *, places: bool, partners: bool) -> Table:
    """Adds what rows of a stock are told apart by beside it: `of_place`, empty where added up, and `of_other`.

    `of_other` is empty where the source names no partner, `*` where the named ones are added up. Those of a stock of a
    day or a month are always told apart: another partner's count may be of another day.
    """
    yearly = rows.as_of_precision.isin(YEARLY)
    place = ibis.literal(" ").join([rows[name].fill_null("") for name in PLACE])
    added = rows.other.notnull() & yearly & (not partners)
    other = ibis.ifelse(added, ibis.literal("*"), rows.other)
    return rows.mutate(of_place=place if places else ibis.literal(""), of_other=other.fill_null(""))


def coarsest(rows: Table, within: Iterable[str]) -> Table:
    """Only the rows of the widest level that a group has: narrower ones are counted in it already."""
    rank = rows.level.cases(*[(level, n) for n, level in enumerate(RANKS)], else_=len(RANKS))
    ranked = rows.mutate(level_rank=rank)
    least = ranked.level_rank.min().over(ibis.window(group_by=tuple(within)))
    return ranked.mutate(least=least).filter(ibis._.level_rank == ibis._.least).drop("level_rank", "least")


def wholes(rows: Table, column: str, within: Iterable[str]) -> Table:
    """Where a group has rows that are for all of a column together (empty), only those; else its parts."""
    whole = rows[column].isnull().max().over(ibis.window(group_by=tuple(within)))
    return rows.mutate(has_whole=whole).filter(ibis._[column].isnull() | ~ibis._.has_whole).drop("has_whole")


def newest(rows: Table) -> Table:
    """The newest stock of each line; of two rounds on one day the higher.

    A stock of a year or a period is one for all partners: one that has no row in it is not fetched from an older one.
    """
    rows = rows.mutate(by_other=ibis.ifelse(rows.as_of_precision.isin(YEARLY), "", rows.of_other))
    line = (*LINE, "of_place", "by_other")
    order = [rows.stock_day.desc(), rows["round"].fill_null(-1).desc()]
    nth = ibis.dense_rank().over(ibis.window(group_by=line, order_by=order))
    return rows.mutate(nth=nth).filter(ibis._.nth == 0).drop("nth", "by_other")


def added(values: Any, where: Any = None) -> Any:
    """The sum of numbers with fractions, to a millionth: the same in whatever order an engine comes upon them."""
    return values.cast("decimal(38, 6)").sum(where=where).cast("float64")


def stocks(rows: Table, *, places: bool = False, partners: bool = False, only_newest: bool = True) -> Table:
    """One row for each stock, from rows that are `sided`, `dated` and cut.

    Columns: those of STOCK, `of_place`, `of_other`, the first of `release`, `other`, `as_of_precision` and PLACE,
    `value` (people), `keys` (`release:row_id` of each row), `n_places`, `n_others`, `n_sexes`, `n_reasons`.
    """
    rows = told_apart(rows, places=places, partners=partners)
    stock = (*STOCK, "of_place", "of_other")
    if not places:
        rows = coarsest(rows, (*stock, "iso3", "origin_iso3"))
    if only_newest:
        rows = newest(rows)
    one = (*stock, *PLACE, "iso3", "origin_iso3")
    rows = wholes(wholes(rows, "sex", one), "reason", one)
    place = ibis.coalesce(rows.admin2_code, rows.admin2_as_written, rows.admin1_code, rows.admin1_as_written, "")
    return rows.mutate(place=place, key=rows.release + ":" + rows.row_id).group_by(stock).agg(
        release=ibis._.release.max(),
        other=ibis._.other.min(),
        as_of_precision=ibis._.as_of_precision.min(),
        **{name: ibis._[name].min() for name in PLACE},
        value=added(ibis._.value),
        keys=ibis._.key.collect(),
        n_places=ibis._.place.nunique(),
        n_others=ibis._.other.nunique(),
        n_sexes=ibis._.sex.nunique(),
        n_reasons=ibis._.reason.nunique(),
    )  # fmt: skip

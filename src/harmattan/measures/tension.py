"""Changes of stocks of displaced people against violence, and how far the two go together: association, never cause."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from harmattan.measures.events import SUMMED
from harmattan.measures.stocks import LINE

Table = Any
SERIES = (*LINE, "method", "of_place", "of_other")
"""Within what one stock follows another."""
FEWEST = 8
"""With fewer pairs than this an association has no interval, and nothing is said of it."""
Z = 1.959963984540054
"""The 97.5% point of the normal distribution."""
ESTIMATES = ("deaths_low", "deaths_best", "deaths_high")
SPANS = pa.schema([("place", pa.string()), ("first", pa.date32()), ("last", pa.date32())])
PAIRS = pa.schema(
    [
        ("series", pa.int64()),
        ("lag", pa.int64()),
        ("change", pa.float64()),
        *((name, pa.float64()) for name in ESTIMATES),
    ]
)


def of_admin1(rows: Table) -> Table:
    """People in a country by its first division: `country` becomes `ISO3|code or name`, each a place of its own.

    Stocks of these are added up from narrower levels only where the publisher has no row for the division. Takes rows
    that are `measures.stocks.sided`.
    """
    code = ibis.coalesce(rows.admin1_code, rows.admin1_as_written)
    inside = rows.filter(rows.direction == "in", rows.level != "country", code.notnull())
    code = ibis.coalesce(inside.admin1_code, inside.admin1_as_written)
    return inside.mutate(country=inside.country + "|" + code)


def changes(stocks: Table) -> Table:
    """Each stock with the one before it of the same series, from `measures.stocks.stocks` with every stock.

    Columns: SERIES, `admin1_as_written`, `before_day`, `day`, `before`, `value` (people), `before_keys`, `keys`,
    `before_places`, `n_places`. Of two rounds on one day the higher counts. The first stock of a series is in no pair.
    """
    by_round = ibis.window(group_by=(*SERIES, "stock_day"), order_by=ibis.desc(stocks["round"].fill_null(-1)))
    rows = stocks.mutate(nth=ibis.row_number().over(by_round)).filter(ibis._.nth == 0)
    line = ibis.window(group_by=SERIES, order_by="stock_day")
    paired = rows.mutate(
        before_day=rows.stock_day.lag().over(line),
        before=rows.value.lag().over(line),
        before_keys=rows["keys"].lag().over(line),
        before_places=rows.n_places.lag().over(line),
    )
    kept = (*SERIES, "admin1_as_written", "other", "before_day", "before", "value", "before_keys", "before_places")
    return paired.filter(ibis._.before_day.notnull()).select(
        *kept, "n_places", "n_others", paired["keys"], day=paired.stock_day
    )


def violence(events: Table, spans: Table, place: str = "iso3") -> Table:
    """Events and deaths in each span of days of a place; `spans` has place, first, last (days, both included).

    Columns: place, first, last, events, deaths_low, deaths_best, deaths_high, records; a span without a record has
    zeros, and an estimate that one of its records lacks is empty. An event counts on its first day. `place` is the
    column of the events that says where.
    """
    daily = events.group_by(of_place=events[place], day=events.date_start).agg(
        events=events.n_events.sum(),
        records=events.count(),
        **{name: events[name].sum() for name in SUMMED[:3]},
        **{f"n_{name}": events[name].count() for name in SUMMED[:3]},
    )
    met = spans.left_join(
        daily, [spans.place == daily.of_place, daily.day >= spans["first"], daily.day <= spans["last"]]
    )

    def total(name: str) -> Any:
        whole = met[f"n_{name}"].sum().fill_null(0) == met.records.sum().fill_null(0)
        return ibis.ifelse(whole, met[name].sum().fill_null(0), ibis.null("int64"))

    return met.group_by("place", "first", "last").agg(
        events=met["events"].sum().fill_null(0),
        **{name: total(name) for name in ESTIMATES},
        records=met.records.sum().fill_null(0),
    )


def associations(pairs: Table) -> Table:
    """Spearman's rank correlation (1904, doi:10.2307/1412159) of changes and deaths, by series and lag.

    `pairs` has series, lag, change (people a month) and ESTIMATES (deaths a month). Columns: series, lag, estimate, n
    (pairs with that estimate) and rho, from -1 to 1, with equal values at the middle of their ranks; empty or not a
    number where all changes or all deaths are equal.
    """
    parts = [_association(pairs, name) for name in ESTIMATES]
    return ibis.union(*parts)


def _association(pairs: Table, estimate: str) -> Table:
    known = pairs.filter(pairs[estimate].notnull(), pairs.change.notnull())
    known = known.select("series", "lag", "change", deaths=known[estimate])
    ranked = known.mutate(of_change=_rank(known, "change"), of_deaths=_rank(known, "deaths"))
    return ranked.group_by("series", "lag").agg(
        estimate=ibis.literal(estimate), n=ranked.count(), rho=ranked.of_change.corr(ranked.of_deaths, how="pop")
    )


def _rank(rows: Table, name: str) -> Any:
    group = ("series", "lag")
    least = ibis.rank().over(ibis.window(group_by=group, order_by=rows[name]))
    equal = rows[name].count().over(ibis.window(group_by=(*group, name)))
    return least + (equal - 1) / 2


def interval(rho: float, n: int) -> tuple[float, float] | None:
    """The 95 % interval of Spearman's rho over n pairs: Fisher's z with the variance (1 + rho²/2) / (n - 3).

    Bonett & Wright (2000), doi:10.1007/BF02294183. None for fewer than FEWEST pairs and for a perfect order, of which
    it says nothing. It takes the pairs for independent, which those that follow one another in time are not.

    >>> [round(end, 4) for end in interval(0.8699639, 15)]
    [0.5841, 0.9638]
    >>> interval(0.9, 7) is None
    True
    """
    if n < FEWEST or abs(rho) >= 1:
        return None
    middle, wide = math.atanh(rho), Z * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return math.tanh(middle - wide), math.tanh(middle + wide)


def spans_of(spans: Mapping[tuple[str, Any, Any], Any] | set[tuple[str, Any, Any]]) -> Table:
    """Places with first and last day as a small table for `violence`."""
    listed = [dict(zip(SPANS.names, span, strict=True)) for span in sorted(spans)]
    return ibis.memtable(pa.Table.from_pylist(listed, schema=SPANS))

"""Summed figures: event records added up by month and cell, in the same contract as the events they come from."""

from __future__ import annotations

from typing import Any

import ibis

from harmattan.measures.events import sum_or_none
from harmattan.vocabulary.places import PLACE_NAMES
from harmattan.vocabulary.schema import EVENTS

Table = Any
CELL_MONTH_KEY = (
    "month",
    "iso3",
    "cell",
    "where_precision",
    "violence",
    "dyad_id",
    "dyad",
    "conflict",
    "side_a_as_written",
    "side_b_as_written",
    "perpetrator",
    "date_precision",
)
SUMMED = (
    "n_events",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "n_range_broken",
)
PLACE_KEY = ("iso3", "place_as_written", "cell", "where_precision", "admin1_as_written", "admin2_as_written")


def by_place(events: Table) -> Table:
    """Counts events by the name of the place they were coded to x cell x country x precision x divisions as written.

    Records without such a name are left out. `row_id` is the key in words. The names serve to find places in texts:
    the counts say how likely a name means a place and are no figures of violence.
    """
    named = events.filter(events.place_as_written.notnull() & (events.place_as_written.strip() != ""))
    sums = named.group_by(*PLACE_KEY).agg(
        named_in=named.n_events.sum(),
        deaths_best=named.deaths_best.sum(),
        first_day=named.date_start.min(),
        last_day=named.date_end.max(),
    )
    words = sums.iso3
    for name in PLACE_KEY[1:]:
        words = words.concat("|").concat(sums[name].cast("string").fill_null("-"))
    rows = sums.mutate(row_id=words, name=sums.place_as_written)
    return rows.select(**{c.name: rows[c.name].cast(ibis.dtype(c.type)) for c in PLACE_NAMES.columns}).order_by(
        "row_id"
    )


def by_cell_month(events: Table) -> Table:
    """Sums events by month x cell x country x dyad x kind of violence, told apart by how precise the place is.

    The month is that of the record's first day. A summed record has no point and no source text, its dates are the
    month's first and last day, its date_precision is `month` (`longer` stays), and its event_id is its key in words.
    Sums are additive: any total over whole months and cells equals that of the events. An estimate that one of the
    records lacks is empty in the sum.
    """
    keyed = events.mutate(
        month=events.date_start.truncate("M"),
        date_precision=ibis.ifelse(events.date_precision == "longer", "longer", "month"),
    )
    sums = keyed.group_by(*CELL_MONTH_KEY).agg(
        **{name: sum_or_none(keyed, name, keyed.count()) for name in SUMMED},
        actors_a=keyed.actors_a.arbitrary(),
        actors_b=keyed.actors_b.arbitrary(),
        country_as_written=keyed.country_as_written.arbitrary(),
    )
    month_end = sums.month + ibis.interval(months=1) - ibis.interval(days=1)
    whole = sums.mutate(
        event_id=_key_in_words(sums), date_start=sums.month.cast("date"), date_end=month_end.cast("date")
    )
    empty = {c.name: ibis.null(ibis.dtype(c.type)) for c in EVENTS.first.columns if c.name not in whole.columns}
    filled = whole.mutate(**empty)
    return filled.select(**{c.name: filled[c.name].cast(ibis.dtype(c.type)) for c in EVENTS.first.columns}).order_by(
        "date_start", "event_id"
    )


def _key_in_words(sums: Table) -> Any:
    parts = [
        sums.month.strftime("%Y-%m"),
        sums.iso3,
        sums.cell.cast("string").fill_null("-"),
        sums.where_precision,
        sums.dyad_id.fill_null("-"),
        sums.violence.fill_null("-"),
        sums.side_a_as_written.fill_null("-"),
        sums.side_b_as_written.fill_null("-"),
        sums.date_precision,
    ]
    words = parts[0]
    for part in parts[1:]:
        words = words.concat("|").concat(part)
    return words

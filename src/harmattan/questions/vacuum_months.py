"""`vacuum --by month`: the months before and after the closing, on average over the places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from harmattan.questions.answer import AnswerColumn
from harmattan.questions.around import Field
from harmattan.questions.build import COUNTS, RECORDS, Line
from harmattan.questions.marked import Array
from harmattan.text import T

MEANS = {"mean_events": "events", "mean_low": "deaths_low", "mean_best": "deaths_best", "mean_high": "deaths_high"}
COLUMNS = (
    AnswerColumn("km", T("events at most so far from the place"), "km"),
    AnswerColumn("around", T("closed: places that a force left; stayed: places where a force stayed")),
    AnswerColumn("month", T("months after the month in which the force left; negative before it, 0 that month, or the "
                            "months in which it may have left, with the mean of them")),
    AnswerColumn("bases", T("places that a force left and whose months are covered; of those that stayed, how many of "
                            "them have such a place beside them"), "places"),
    AnswerColumn("mean_events", T("events a place; around those that stayed first the mean over the places beside one "
                                  "that was left, then the mean of those means"), "events"),
    AnswerColumn("mean_low", T("deaths a place, low estimate, in the same way"), "deaths"),
    AnswerColumn("mean_best", T("deaths a place, best estimate, in the same way"), "deaths"),
    AnswerColumn("mean_high", T("deaths a place, high estimate, in the same way"), "deaths"),
    *COUNTS,
    RECORDS,
)  # fmt: skip


def by_month(field: Field) -> list[Line]:
    """A row for each distance, side and month relative to the closing; each event of a row is listed once."""
    sides = ("closed", "stayed")
    return [line for km in field.km for side in sides for line in _side(field, km, side)]


def _side(field: Field, km: float, around: str) -> Iterator[Line]:
    months = field.months
    means = {name: np.zeros(2 * months + 1) for name in MEANS}
    events: list[list[Array]] = [[] for _ in range(2 * months + 1)]
    bases = 0
    for n, one in enumerate(field.shut):
        places = field.closed(n) if around == "closed" else field.stayed(n, km)
        if not places or not field.covered(one):
            continue
        bases += 1
        event = field.near(places, km, one.first.ordinal - months, one.last.ordinal + months)
        at = months + _offset(field.month[event], one.first.ordinal, one.last.ordinal)
        for name, source in MEANS.items():
            weights = field.marked.summed[source][event] / np.where(at == months, one.last - one.first + 1, 1)
            means[name] += np.bincount(at, weights=weights, minlength=2 * months + 1) / len(places)
        for offset in range(2 * months + 1):
            events[offset].append(event[at == offset])
    for offset in range(2 * months + 1):
        values: dict[str, Any] = {"km": km, "around": around, "month": offset - months, "bases": bases}
        some = np.unique(np.concatenate([np.array([], dtype=int), *events[offset]]))
        sums = field.marked.sums(some) if bases else dict.fromkeys(column.name for column in COUNTS)
        average = {name: _rounded(total[offset] / bases) if bases else None for name, total in means.items()}
        yield field.marked.line(values | average | sums, some)


def _offset(month: Array, first: int, last: int) -> Array:
    """Months before the first or after the last month of a closing; 0 between."""
    return np.where(month < first, month - first, np.where(month > last, month - last, 0))


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)

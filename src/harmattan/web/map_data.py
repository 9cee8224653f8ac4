"""What the script of the map draws, as compact JSON: a list for each column, and words once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harmattan.questions.event_list import Listing
from harmattan.questions.map_layers import Layer
from harmattan.text import Bilingual
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.schema import LOCATED

MOST = 40_000
"""So many records are drawn as points, the last days first; cells have all of them."""
DIGITS, COARSE = 4, 2
"""Digits of degrees: about ten metres; and of a release whose records may not be handed on, about one kilometre."""


class Words:
    """Words by number: each is sent once."""

    def __init__(self) -> None:
        self.there: dict[str, int] = {}

    def number(self, word: str | None) -> int:
        """The number of a word; -1 for none."""
        return -1 if word is None else self.there.setdefault(word, len(self.there))

    @property
    def listed(self) -> list[str]:
        """The words in the order of their numbers."""
        return list(self.there)


def events(found: Listing) -> dict[str, Any]:
    """The records that stand for a place, the last days first; a sum has its cell and no point.

    What may not be handed on is for looking at only: of closed releases there are points to one kilometre with month,
    kind and best estimate, and no names, so that a file made of them is no copy of the publisher's.
    """
    table = found.points(MOST)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    closed, digits = bool(found.closed), COARSE if found.closed else DIGITS
    words = {name: Words() for name in ("release", "violence", "dyad", "place_as_written")}
    months = Months(columns["date_start"])
    page: dict[str, Any] = {
        "closed": closed,
        "most": MOST,
        "months": months.listed,
        "month": months.numbers(columns["date_start"]),
        "id": columns["event_id"],
        "of": [words["release"].number(name) for name in columns["release"]],
        "lat": [_rounded(value, digits) for value in columns["lat"]],
        "lon": [_rounded(value, digits) for value in columns["lon"]],
        "cell": columns["cell"],
        "where": [LOCATED.index(name) for name in columns["where_precision"]],
        "kind": [words["violence"].number(name) for name in _kinds(columns)],
        "n": columns["n_events"],
        "best": columns["deaths_best"],
    }
    if not closed:
        page |= {
            "day": [day.day for day in columns["date_start"]],
            "low": columns["deaths_low"],
            "high": columns["deaths_high"],
            "pair": [words["dyad"].number(name) for name in columns["dyad"]],
            "place": [words["place_as_written"].number(name) for name in columns["place_as_written"]],
        }
    page |= {"releases": words["release"].listed, "kinds": words["violence"].listed}
    return page | {"pairs": words["dyad"].listed, "places": words["place_as_written"].listed}


def _kinds(columns: Mapping[str, Sequence[Any]]) -> list[str | None]:
    return [kind or other for kind, other in zip(columns["violence"], columns["event_type"], strict=True)]


class Months:
    """The months from the first to the last of some days, numbered from zero."""

    def __init__(self, days: Iterable[dt.date]) -> None:
        numbers = [day.year * 12 + day.month - 1 for day in days]
        self.first, self.last = min(numbers, default=0), max(numbers, default=-1)

    @property
    def listed(self) -> list[str]:
        """Each month as YYYY-MM."""
        return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(self.first, self.last + 1)]

    def numbers(self, days: Iterable[dt.date]) -> list[int]:
        """The number of each day's month."""
        return [day.year * 12 + day.month - 1 - self.first for day in days]


def cells(found: Listing) -> dict[str, Any]:
    """Events and deaths by cell and month, and what stands for no place by precision and month: sums, no records."""
    by_cell = [row for row in found.cells().to_pylist() if row["cell"] is not None]
    outside = found.outside().to_pylist()
    days = {row["month"]: dt.date.fromisoformat(f"{row['month']}-01") for row in (*by_cell, *outside)}
    period = found.scope.period
    months = Months([*days.values(), *([period.start, period.end] if found.scope.covered else [])])
    precision = Words()
    return {
        "months": months.listed,
        "cell": [row["cell"] for row in by_cell],
        "month": months.numbers(days[row["month"]] for row in by_cell),
        "events": [row["events"] for row in by_cell],
        "low": [row["deaths_low"] for row in by_cell],
        "best": [row["deaths_best"] for row in by_cell],
        "high": [row["deaths_high"] for row in by_cell],
        "outside": {
            "where": [precision.number(row["where_precision"]) for row in outside],
            "month": months.numbers(days[row["month"]] for row in outside),
            "events": [row["events"] for row in outside],
            "best": [row["deaths_best"] for row in outside],
            "precisions": precision.listed,
        },
    }


def layer(found: Layer, speaker: Speaker) -> dict[str, Any]:
    """A layer's rows by column, its words in the reader's language, and where it comes from."""
    names = list(found.rows[0]) if found.rows else []
    return {
        "rows": len(found.rows),
        "columns": {name: [_plain(row[name], speaker) for row in found.rows] for name in names},
        "releases": [release.name for release in found.releases],
        "licences": sorted({f"{release.publisher}, {release.licence}" for release in found.releases}),
        "said": [speaker.say(text) for text in found.said],
    }


def _plain(value: Any, speaker: Speaker) -> Any:
    if isinstance(value, Bilingual):
        return speaker.say(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

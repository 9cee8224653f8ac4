"""How wide each column of a table is on a given screen, and which have to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 2
"""Spaces between two columns."""
READABLE = 14
"""A text column that has more is wrapped, but not below this."""
LEAST_MISSED = (
    "unit_id",
    "source_id",
    "verdict_key",
    "dropped_share",
    "shift_alone",
    "pre_error",
    "failed",
    "source_headline",
    "basis",
    "licence",
    "told_apart_by",
    "records",
    "share",
    "window_start",
    "against",
    "cell",
    "iso3",
    "event_id",
    "n_events",
    "first_seen",
    "published",
    "last_seen",
    "harm",
    "as_of_precision",
    "place_code",
    "plan_code",
    "redistributable",
    "title",
    "tables",
)
"""What is left out first on a narrow screen, in this order; after these, columns from the right."""
KEPT = ("events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
"""Counts with their range; left out last."""


@dataclass(frozen=True)
class ColumnNeed:
    """A column's name, the width of its widest cell, and whether it may be wrapped."""

    name: str
    natural: int
    wraps: bool

    @property
    def least(self) -> int:
        """The width below which it cannot be read."""
        return min(self.natural, READABLE) if self.wraps else self.natural


def heading(name: str) -> str:
    """A column's name over several lines, so that a short number does not get a wide column."""
    return name.replace("_", "\n")


def widths(needs: Sequence[ColumnNeed], screen: int) -> dict[str, int]:
    """The width of every column that has room, in order. One that is not in the result is to be left out."""
    shown = list(needs)
    while sum(need.least + GAP for need in shown) - GAP > screen and len(shown) > 1:
        shown.remove(_least_missed(shown))
    spare = screen - sum(need.least + GAP for need in shown) + GAP
    given: dict[str, int] = {}
    for need in sorted(shown, key=lambda need: need.natural):
        more = max(min(need.natural - need.least, spare), 0)
        given[need.name], spare = need.least + more, spare - more
    return {need.name: given[need.name] for need in shown}


def _least_missed(shown: Sequence[ColumnNeed]) -> ColumnNeed:
    named = {need.name: need for need in shown}
    for name in LEAST_MISSED:
        if name in named and f"{name}_low" not in named:  # a number is missed more than its own interval
            return named[name]
    return next((need for need in reversed(shown[1:]) if need.name not in KEPT), shown[-1])

"""A number as somebody wrote it: the value, the word beside it, and the interval in which it is still right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

Qualifier = Literal["exact", "about", "almost", "more_than", "at_least", "up_to"]
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)
MOST_ROUNDED = 0.05
"""A number is taken as rounded by at most this part of itself."""
ABOUT = 0.15
"""What "about" and "almost" leave open."""


@dataclass(frozen=True)
class Amount:
    """A value and the word beside it; `high` where a text gives two ends ("20 to 30").

    >>> Amount(300).interval
    (285.0, 315.0)
    >>> Amount(313).interval
    (312.5, 313.5)
    >>> Amount(363_000, "almost").interval
    (308550.0, 363500.0)
    >>> Amount(40, "more_than").interval
    (41.0, inf)
    """

    value: float
    qualifier: Qualifier = "exact"
    high: float | None = None

    @property
    def interval(self) -> tuple[float, float]:
        """The least and the most that the words leave open: half of the last digit written, at most 5 % of the value;
        15 % around "about", and below "almost"."""
        low, high = self.value, self.high if self.high is not None else self.value
        near, far = rounding(low), rounding(high)
        if self.qualifier == "about":
            return low - max(near, abs(low) * ABOUT), high + max(far, abs(high) * ABOUT)
        if self.qualifier == "almost":
            return low - max(near, abs(low) * ABOUT), high + far
        if self.qualifier == "more_than":
            return low + (1.0 if low == int(low) and low < 100 else 0.0), math.inf
        if self.qualifier == "at_least":
            return low, math.inf
        if self.qualifier == "up_to":
            return 0.0, high + far
        return low - near, high + far

    def meets(self, low: float, high: float) -> bool:
        """Whether the interval and another, both ends included, have a number in common."""
        mine = self.interval
        return mine[0] <= high and low <= mine[1]


def rounding(value: float) -> float:
    """Half of the last digit that a number was written with, at most 5 % of it.

    >>> rounding(300), rounding(313), rounding(13_000_000), rounding(0)
    (15.0, 0.5, 500000.0, 0.0)
    """
    if value == 0 or not math.isfinite(value):
        return 0.0
    unit = 1.0
    if value != int(value):
        unit = 10.0 ** -len(f"{value:.6f}".rstrip("0").partition(".")[2])
    else:
        while value % (unit * 10) == 0:
            unit *= 10
    return min(unit / 2, abs(value) * MOST_ROUNDED) if abs(value) >= 10 else unit / 2 * (value != int(value))

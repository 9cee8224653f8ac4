"""How often an alert was right, and how much of what came it had announced: arrays in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.vocabulary.share import wilson

Array = npt.NDArray[Any]
BEFORE_MONTHS = 12
"""A month is a jump where it has more deaths than any of so many months before it."""


def jumps(deaths: Array, covered: Array, at_least: int) -> tuple[Array, Array]:
    """Which months have more deaths than any of the twelve before, and at least so many; and which are known.

    `deaths` and `covered` are (places, months); both results as well. A month is known where it and the twelve before
    it are covered and counted.
    """
    sure = covered & ~np.isnan(deaths)
    known = np.zeros_like(sure)
    jumped = np.zeros_like(sure)
    if deaths.shape[1] > BEFORE_MONTHS:
        spans = np.lib.stride_tricks.sliding_window_view(np.nan_to_num(deaths), BEFORE_MONTHS + 1, axis=1)
        whole = np.lib.stride_tricks.sliding_window_view(sure, BEFORE_MONTHS + 1, axis=1).all(axis=2)
        known[:, BEFORE_MONTHS:] = whole
        last = spans[:, :, -1]
        jumped[:, BEFORE_MONTHS:] = whole & (last > spans[:, :, :-1].max(axis=2)) & (last >= at_least)
    return jumped, known


def following(marked: Array, lag: int, *, every: bool = False) -> Array:
    """Whether any (or `every`) of the `lag` months after a month is marked: (places, months), False at the end."""
    parts = [np.pad(marked[:, n:], ((0, 0), (0, min(n, marked.shape[1])))) for n in range(1, lag + 1)]
    return np.asarray(np.all(parts, axis=0) if every else np.any(parts, axis=0))


def preceding(marked: Array, lag: int, *, every: bool = False) -> Array:
    """Whether any (or `every`) of the `lag` months before a month is marked: (places, months), False at the start."""
    return following(marked[:, ::-1], lag, every=every)[:, ::-1]


@dataclass(frozen=True)
class Score:
    """What became of the alerts of a rule: counts, and shares in percent with their 95 percent interval."""

    fired: int
    """Alerts that can be scored."""
    right: int
    open: int
    """Alerts after which not all months are covered yet."""
    looked: int
    """All looks that can be scored, alerts or not."""
    came: int
    """Of these the ones that were followed by what an alert announces: an alert at random would be right so often."""
    targets: int
    caught: int

    @property
    def precision(self) -> float | None:
        """Right alerts, percent of those that can be scored."""
        return percent(self.right, self.fired)

    @property
    def base(self) -> float | None:
        """How often an alert that always rings would be right, percent."""
        return percent(self.came, self.looked)

    @property
    def recall(self) -> float | None:
        """What had been announced, percent of what came."""
        return percent(self.caught, self.targets)

    @property
    def values(self) -> dict[str, Any]:
        """All of it as columns of an answer."""
        low, high = interval(self.right, self.fired)
        recall_low, recall_high = interval(self.caught, self.targets)
        return {
            "alerts": self.fired,
            "right": self.right,
            "open": self.open,
            "precision": self.precision,
            "precision_low": low,
            "precision_high": high,
            "looks": self.looked,
            "base_rate": self.base,
            "came": self.targets,
            "announced": self.caught,
            "recall": self.recall,
            "recall_low": recall_low,
            "recall_high": recall_high,
        }


@dataclass(frozen=True)
class Looks:
    """Every look of a rule: `fired`, `known` (places, looks), the column of its month (looks,), and what came.

    `target`, `sure` are (places, months): whether a month has what the rule announces, and whether that is known.
    `lasting` says that all of the months after must have it, and not any.
    """

    fired: Array
    known: Array
    month: Array
    target: Array
    sure: Array
    lag: int
    lasting: bool

    @property
    def scored(self) -> Array:
        """Which looks are followed by months that are all known, (places, looks)."""
        return self.known & following(self.sure, self.lag, every=True)[:, self.month]

    @property
    def came(self) -> Array:
        """Which looks were followed by what the rule announces, (places, looks)."""
        return following(self.target, self.lag, every=self.lasting)[:, self.month]

    def score(self, among: Array) -> Score:
        """The score over some places, a mask (places,)."""
        fired, known, scored, came = (a[among] for a in (self.fired, self.known, self.scored, self.came))
        targets, caught = self._caught(among)
        return Score(
            fired=int((fired & scored).sum()),
            right=int((fired & scored & came).sum()),
            open=int((fired & known & ~scored).sum()),
            looked=int(scored.sum()),
            came=int((scored & came).sum()),
            targets=int(targets),
            caught=int(caught),
        )

    def _caught(self, among: Array) -> tuple[int, int]:
        """What came, and what of it had been announced: months, or where it has to last the looks before it."""
        if self.lasting:
            held = self.scored[among] & self.came[among]
            return held.sum(), (held & self.fired[among]).sum()
        shape = self.target.shape
        rang, looked = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for look, month in enumerate(self.month.tolist()):
            rang[:, month] |= self.fired[:, look]
            looked[:, month] |= self.known[:, look]
        whole = preceding(looked, self.lag, every=True)
        there = self.target[among] & self.sure[among] & whole[among]
        return there.sum(), (there & preceding(rang, self.lag)[among]).sum()


def percent(hits: int, of: int) -> float | None:
    """A share in percent with one digit; None of none.

    >>> percent(1, 3), percent(0, 0)
    (33.3, None)
    """
    return round(100 * hits / of, 1) if of else None


def interval(hits: int, of: int) -> tuple[float | None, float | None]:
    """The Wilson interval of a share in percent."""
    found = wilson(hits, of)
    return (None, None) if found is None else (round(100 * found[0], 1), round(100 * found[1], 1))

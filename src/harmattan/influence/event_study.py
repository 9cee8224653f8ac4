"""Posting around events: each day before and after against a baseline, and against events put on other days.

The null leaves the posts as they are, with their rhythm, memory and bursts, and puts the events elsewhere: events whose
windows share days move together as one cluster, each to a day of the same weekday whose window is covered, where it
shares no day with another cluster. Where they find no room the whole pattern is turned in a circle. A rank among those
placements is the p, with one added above and below (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585); over the days of
the window and the spans it is that of the largest deviation (Westfall & Young 1993, single step), and so is the band.

An event that falls on posting already on the move shows a rise that it did not bring: association is no cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harmattan.influence.alongside import FEWEST, LEVEL, WEEK, Values, adjusted, ranked

Places = NDArray[np.intp]
Verdict = Literal["before", "after", "both", "nothing", "unknown"]
How = Literal["clusters", "circle", "none"]
COVERED = 0.9
"""Of the baseline and of the window around an event at least this share of days has to be known."""
PLACEMENTS = 999
TRIES = 50
"""So often clusters are put anew before the whole pattern is turned instead."""
KEPT = 0.75
"""A circular turn counts where at least so many of the events still have a covered window."""


@dataclass(frozen=True)
class Window:
    """The days around an event, relative to it, and the baseline they are held to; both ends included."""

    before: int = 14
    after: int = 28
    baseline: tuple[int, int] = (-28, -8)

    @property
    def days(self) -> Places:
        """The relative days."""
        return np.arange(-self.before, self.after + 1)

    @property
    def first(self) -> int:
        """The earliest relative day that is looked at."""
        return min(-self.before, self.baseline[0])

    @property
    def reach(self) -> int:
        """Two events fewer days apart than this share days of their windows."""
        return self.after - self.first + 1

    @property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Days told together: those between baseline and event, the week from the event on, and all from it on."""
        return {"before": (self.baseline[1] + 1, -1), "week": (0, min(6, self.after)), "after": (0, self.after)}


@dataclass(frozen=True)
class Around:
    """Posting on a day (or on the days `first` to `last`) relative to events, as times the baseline.

    All of `times` to `band_high` are factors of (posts + 1), geometric means over days, the weekly rhythm removed.
    """

    first: int
    last: int
    events: int
    """The events behind it: those whose posts are known on at least one of the days."""
    posts: float
    """Posts on those days, all events together; each event counts its own."""
    times: float
    """The mean over the events."""
    median: float
    low: float
    """Between this and `high` 95 % of the placements lie."""
    high: float
    band_low: float
    """Between this and `band_high` 95 % of the placements lie on all days and spans at once."""
    band_high: float
    p: float
    """Of this row alone, two-sided."""
    p_family: float
    """Of this row among all; 1 within the baseline, where nothing is tested."""


@dataclass(frozen=True)
class Study:
    """An event study: rows by relative day, spans, and what they rest on."""

    days: tuple[Around, ...]
    spans: dict[str, Around]
    baseline: float | None
    """Posts a day in the baselines, each event counting its own."""
    used: tuple[int, ...]
    """The days of the events, as places in the series, each once."""
    left_out: tuple[int, ...]
    """Events whose baseline or window is not covered by posts."""
    overlapping: int
    """How many of those used share days of their window with another."""
    placements: int
    how: How
    step: int
    """Placements are so many days, or a multiple, from the true one: 7 keeps the weekday."""

    @property
    def told(self) -> tuple[Around, ...]:
        """The rows beyond chance when all are looked at."""
        return tuple(one for one in (*self.days, *self.spans.values()) if one.p_family <= LEVEL)

    @property
    def before(self) -> int:
        """Whether posting before the events was raised (1) or lowered (-1) beyond chance, or not told (0)."""
        return _sign([one for one in self.told if one.last < 0])

    @property
    def after(self) -> int:
        """The same of the day of the event and the days after."""
        return _sign([one for one in self.told if one.first >= 0])

    @property
    def verdict(self) -> Verdict:
        """Where posting left its baseline, by the tests alone."""
        if not self.placements:
            return "unknown"
        if self.before and self.after:
            return "both"
        return "before" if self.before else "after" if self.after else "nothing"


def study(posts: Values, events: ArrayLike, rng: np.random.Generator, *, window: Window = Window(),
          placements: int = PLACEMENTS) -> Study:  # fmt: skip
    """Posting (n,) by day, NaN where nobody looked, around events at places of it; those outside it are left out.

    The same event day twice counts once. Fewer than `FEWEST` placements tell nothing: then there are numbers and no p
    (`Study.placements` 0, every p 1, intervals NaN).
    """
    ground = Ground.of(posts, window)
    wanted = np.unique(np.asarray(events, dtype=np.intp))
    inside = (wanted >= 0) & (wanted < len(posts))
    fits = np.zeros(len(wanted), dtype=bool)
    fits[inside] = ground.able[wanted[inside]]
    used, left_out = wanted[fits], tuple(wanted[~fits].tolist())
    if not len(used):
        return Study((), {}, None, (), left_out, 0, 0, "none", 0)
    clusters = together(used, window.reach)
    placed, how, step = _elsewhere(ground.able, clusters, window.reach, placements, rng)
    found, null = ground.stats(used[None])[0], ground.stats(placed)
    rows = ground.rows(used, found, null)
    crowded = sum(len(one) for one in clusters if len(one) > 1)
    n = len(window.days)
    return Study(
        tuple(rows[:n]), dict(zip(window.spans, rows[n:], strict=True)), ground.level(used), tuple(used.tolist()),
        left_out, crowded, len(placed), how, step,
    )  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What an event on any day of a series would show: shapes (n, k), k the days of the window and then its spans."""

    posts: Values
    window: Window
    shown: Values
    """The logarithm of posting less that of the baseline; NaN where unknown."""
    able: NDArray[np.bool_]
    """Days (n,) whose baseline and window are covered."""

    @classmethod
    def of(cls, posts: Values, window: Window) -> Ground:
        """For a series by day (n,)."""
        logged, n = adjusted(posts), len(posts)
        low, high = window.first, window.after
        padded = np.concatenate([np.full(-low, np.nan), logged, np.full(high, np.nan)])
        around = np.lib.stride_tricks.sliding_window_view(padded, high - low + 1)[:n]
        base = around[:, window.baseline[0] - low : window.baseline[1] - low + 1]
        days = around[:, -window.before - low :]
        able = (_known(base) >= COVERED) & (_known(days) >= COVERED)
        shown = days - _mean(base)[:, None]
        spans = [_mean(shown[:, first + window.before : last + window.before + 1])
                 for first, last in window.spans.values()]  # fmt: skip
        return cls(posts, window, np.column_stack([shown, *spans]), able)

    def stats(self, placed: Places) -> Values:
        """Means over events for each of many placements: (many, k) from (many, events); -1 where an event is left."""
        shown = np.concatenate([self.shown, np.full((1, self.shown.shape[1]), np.nan)])[placed]
        return _mean(shown, axis=1)

    def level(self, used: Places) -> float:
        """Posts a day in the baselines."""
        first, last = self.window.baseline
        own = used[:, None] + np.arange(first, last + 1)
        return float(np.nanmean(self.posts[np.clip(own, 0, len(self.posts) - 1)]))

    def rows(self, used: Places, found: Values, null: Values) -> list[Around]:
        """Days and spans with their intervals and p-values."""
        edges = [(day, day) for day in self.window.days.tolist()] + list(self.window.spans.values())
        tested = np.array([last > self.window.baseline[1] or first < self.window.baseline[0] for first, last in edges])
        tested &= ~np.isnan(found)
        (low, high), (under, over), p, family = _judged(found, null, tested)
        own = self.shown[used]
        median = np.array([np.median(one[~np.isnan(one)]) if (~np.isnan(one)).any() else np.nan for one in own.T])
        numbers = np.column_stack([np.exp(np.stack([found, median, low, high, under, over], axis=1)), p, family])
        rows = []
        for at, (first, last) in enumerate(edges):
            days = used[:, None] + np.arange(first, last + 1)
            there = (days >= 0) & (days < len(self.posts))
            counts = np.where(there, self.posts[np.clip(days, 0, len(self.posts) - 1)], np.nan)
            behind = int((~np.isnan(counts)).any(axis=1).sum())
            total = float(np.nansum(counts))
            rows.append(Around(first, last, behind, total, *(float(one) for one in numbers[at])))
        return rows


def together(days: Places, reach: int) -> list[Places]:
    """Event days, in order, in clusters whose windows share days.

    >>> [one.tolist() for one in together(np.array([10, 40, 200]), 57)]
    [[10, 40], [200]]
    """
    return np.split(days, np.flatnonzero(np.diff(days) >= reach) + 1)


def _judged(found: Values, null: Values, tested: NDArray[np.bool_]) -> tuple[Values, Values, Values, Values]:
    """Intervals (2, k) of each row alone and of all at once, and p-values (k,) of each alone and among all."""
    k = len(found)
    if not len(null):
        return np.full((2, k), np.nan), np.full((2, k), np.nan), np.ones(k), np.ones(k)
    every = np.vstack([found, null])
    centre, spread = np.nanmean(every, axis=0), np.nanstd(every, axis=0)
    scale = np.where(spread > 1e-12, spread, np.inf)
    away, others = np.abs(found - centre) / scale, np.nan_to_num(np.abs(null - centre) / scale)
    most = others[:, tested].max(axis=1, initial=0.0, keepdims=True)
    p = np.where(np.isnan(found), 1.0, ranked(away, others))
    family = np.where(tested, ranked(away, most), 1.0)
    cut = np.sort(most[:, 0])[::-1][max(int(LEVEL * (1 + len(null))) - 1, 0)]
    alone = np.nanquantile(null, (LEVEL / 2, 1 - LEVEL / 2), axis=0)
    return alone, np.stack([centre - cut * spread, centre + cut * spread]), p, family


def _elsewhere(able: NDArray[np.bool_], clusters: Sequence[Places], reach: int, many: int,
               rng: np.random.Generator) -> tuple[Places, How, int]:  # fmt: skip
    """Placements of the events (many, events): of clusters where they find room, else the pattern turned."""
    used = np.concatenate(clusters)
    for step in (WEEK, 1):
        starts = [_starts(able, one, step) for one in clusters]
        if len(clusters) == 1:
            placed = starts[0][starts[0] != used[0], None] + (used - used[0])
            placed = placed if len(placed) <= many else placed[np.sort(rng.choice(len(placed), many, replace=False))]
        else:
            placed = _apart(clusters, starts, reach, many, rng)
        if len(placed) >= FEWEST:
            return placed, "clusters", step
        turned = _turned(able, used, step)
        if len(turned) >= FEWEST:
            return turned, "circle", step
    return np.empty((0, len(used)), dtype=np.intp), "none", 0


def _starts(able: NDArray[np.bool_], cluster: Places, step: int) -> Places:
    """Where the first event of a cluster may come so that all of it is covered: days by whole steps from its own."""
    offsets = cluster - cluster[0]
    begin = np.arange(cluster[0] % step, len(able) - offsets[-1], step)
    return np.asarray(begin[able[begin[:, None] + offsets].all(axis=1)])


def _apart(clusters: Sequence[Places], starts: Sequence[Places], reach: int, many: int,
           rng: np.random.Generator) -> Places:  # fmt: skip
    """Different placements of several clusters, no two of which share a day of their windows."""
    lengths = [int(one[-1] - one[0]) for one in clusters]
    order = sorted(range(len(clusters)), key=lambda at: (len(starts[at]), -lengths[at]))
    found: dict[tuple[int, ...], Places] = {}
    failed = 0
    while len(found) < many and failed < TRIES:
        put = _put(order, lengths, starts, reach, rng)
        if put is None or put in found:
            failed += 1
            continue
        failed = 0
        found[put] = np.concatenate([begin + one - one[0] for begin, one in zip(put, clusters, strict=True)])
    return np.stack(list(found.values())) if found else np.empty((0, sum(map(len, clusters))), dtype=np.intp)


def _put(order: Iterable[int], lengths: Sequence[int], starts: Sequence[Places], reach: int,
         rng: np.random.Generator) -> tuple[int, ...] | None:  # fmt: skip
    """One placement: where each cluster begins; None where one finds no room left."""
    taken: dict[int, int] = {}
    for at in order:
        free = starts[at]
        for other, begin in taken.items():
            free = free[(free + lengths[at] + reach <= begin) | (free >= begin + lengths[other] + reach)]
        if not len(free):
            return None
        taken[at] = int(free[rng.integers(len(free))])
    return tuple(taken[at] for at in range(len(lengths)))


def _turned(able: NDArray[np.bool_], used: Places, step: int) -> Places:
    """The whole pattern turned in a circle by every multiple of a step; -1 stands for an event no window covers."""
    shifts = np.arange(step, len(able) - step + 1, step)
    placed = (used + shifts[:, None]) % len(able)
    fits = able[placed]
    return np.asarray(np.where(fits, placed, -1)[fits.mean(axis=1) >= KEPT])


def _known(around: Values) -> Values:
    return np.asarray((~np.isnan(around)).mean(axis=1))


def _mean(values: Values, axis: int = 1) -> Values:
    """Means of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    n = known.sum(axis=axis)
    return np.where(n > 0, np.where(known, values, 0.0).sum(axis=axis) / np.maximum(n, 1), np.nan)


def _sign(rows: Sequence[Around]) -> int:
    """The direction of the row that stands out most."""
    if not rows:
        return 0
    return 1 if min(rows, key=lambda one: (one.p_family, -abs(np.log(one.times)))).times > 1 else -1

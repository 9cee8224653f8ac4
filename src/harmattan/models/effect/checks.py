"""The checks of a design, each with its limit stated once: what was found is held against it, and no more.

A limit for a p-value is a level: `pre_trend`, `anticipation` and `contaminated` pass where their p-value is not below
it (nothing is seen that would break the design), `placebo_space` and `placebo_time` pass where it is not above it (the
effect stands out of what happens where nothing happened). A check that could not be made has `passed` None.
Testing before estimating leaves a little bias in what passes (Roth 2022, doi:10.1257/aeri.20210236); bench/effects.py
measures coverage and size after all checks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from harmattan.models.effect.effect import Check, CheckName, Placebo, Variant

LEVEL = 0.05
"""Of every test."""
FIT = 1.25
"""Error before, as a multiple of the standard deviation of the treated series before. Where a comparison follows the
level alone and no month, its error is that deviation and a little of its own noise; beyond, it misses the level."""
BEFORE = 12
"""Periods before the event."""
CONTROLS = 5
"""Units without the event."""
KEPT = 0.5
"""Share of the estimate that must be left when any one unit is left out."""
STABLE = 0.25
"""Share of the estimate that must be left in other windows, radii and sets of donors."""


def pre_fit(observed: ArrayLike, expected: ArrayLike, limit: float = FIT) -> Check:
    """Does what is expected follow the treated series before? Root mean square error by the series' own deviation.

    Both have the shape (months before,); months with NaN are left out. A constant series that is met passes.

    >>> pre_fit([1.0, 3.0, 2.0, 2.0], [1.0, 3.0, 2.0, 2.0]).passed
    True
    >>> pre_fit([1.0, 3.0, 2.0, 2.0], [9.0, 9.0, 9.0, 9.0]).passed
    False
    """
    seen, thought = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    both = np.isfinite(seen) & np.isfinite(thought)
    if both.sum() < 2:
        return Check("pre_fit", None, None, limit)
    error = float(np.sqrt(np.mean((seen[both] - thought[both]) ** 2)))
    spread = float(seen[both].std())
    tiny = 1e-9 * max(1.0, float(np.abs(seen[both]).max()))
    if spread <= tiny:
        return Check("pre_fit", error <= tiny, 0.0 if error <= tiny else None, limit)
    return Check("pre_fit", error <= limit * spread, error / spread, limit)


def pre_trend(p: float | None, limit: float = LEVEL) -> Check:
    """Do treated and controls (or a series and its own trend) run alike before? `p` of no difference."""
    return _unlikely("pre_trend", p, limit)


def anticipation(p: float | None, limit: float = LEVEL) -> Check:
    """Is nothing seen in the months just before the event? `p` of no effect there."""
    return _unlikely("anticipation", p, limit)


def contaminated(p: float | None, limit: float = LEVEL) -> Check:
    """Did the event leave the controls alone? `p` of no effect on the controls used that are nearest, beside the
    farthest; None where no distance is known."""
    return _unlikely("contaminated", p, limit)


def placebo_space(p: float | None, limit: float = LEVEL) -> Check:
    """Does the effect stand out of what the design gives for other units? Rank p-value, (1 + larger) / (1 + all)."""
    return _likely("placebo_space", p, limit)


def placebo_time(p: float | None, limit: float = LEVEL) -> Check:
    """Does the effect stand out of what the design gives at earlier months? Rank p-value."""
    return _likely("placebo_time", p, limit)


def rank(found: float, placebos: Iterable[float]) -> float | None:
    """The rank p-value of a statistic among those of placebos: the share at least as far from 0, itself counted.

    >>> rank(-3.0, [1.0, 2.0, -3.0])
    0.5
    """
    others = [abs(value) for value in placebos if math.isfinite(value)]
    if not others or not math.isfinite(found):
        return None
    return (1 + sum(other >= abs(found) - 1e-12 * abs(found) for other in others)) / (1 + len(others))


def rank_of_ratios(ratio: float, placebos: Iterable[Placebo]) -> float | None:
    """The rank p-value of a ratio of post-error to pre-error (Abadie, Diamond & Hainmueller 2010)."""
    return rank(ratio, [placebo.ratio for placebo in placebos])


def leave_one_out(estimate: float, variants: Iterable[Variant], limit: float = KEPT) -> Check:
    """Is the estimate that of many? The least share of it that is left when one unit is left out.

    >>> leave_one_out(-4.0, [Variant("leave_one_out", "Gao", -3.0, None, None)]).found
    0.75
    """
    return _left("leave_one_out", estimate, (one for one in variants if one.kind == "leave_one_out"), limit)


def stable(estimate: float, variants: Iterable[Variant], limit: float = STABLE) -> Check:
    """Does the estimate last in other windows, radii and measures? The least share of it that is left there."""
    kinds = ("radius", "window", "measure")
    return _left("stable", estimate, (one for one in variants if one.kind in kinds), limit)


def donors(estimate: float, variants: Iterable[Variant], limit: float = STABLE) -> Check:
    """Does the estimate last with other sets of donors? The least share of it that is left there."""
    return _left("donors", estimate, (one for one in variants if one.kind == "donors"), limit)


def enough_before(periods: int, limit: int = BEFORE) -> Check:
    """Are there periods enough before the event to learn from? The fewest of any treated unit."""
    return Check("enough_before", periods >= limit, float(periods), float(limit))


def enough_controls(units: int, limit: int = CONTROLS) -> Check:
    """Are there units enough without the event?"""
    return Check("enough_controls", units >= limit, float(units), float(limit))


def no_controls() -> Check:
    """Of a design that has none: the check cannot be made, and whoever reads the effect is told."""
    return Check("enough_controls", None, 0.0, None)


def _unlikely(name: CheckName, p: float | None, limit: float) -> Check:
    known = p is not None and math.isfinite(p)
    return Check(name, p >= limit, p, limit) if known and p is not None else Check(name, None, None, limit)


def _likely(name: CheckName, p: float | None, limit: float) -> Check:
    known = p is not None and math.isfinite(p)
    return Check(name, p <= limit, p, limit) if known and p is not None else Check(name, None, None, limit)


def _left(name: CheckName, estimate: float, variants: Iterable[Variant], limit: float) -> Check:
    values = [one.value for one in variants if math.isfinite(one.value)]
    if not values:
        return Check(name, None, None, limit)
    if estimate == 0:
        return Check(name, False, None, limit)
    least = min(value / estimate for value in values)
    return Check(name, least >= limit, least, limit)

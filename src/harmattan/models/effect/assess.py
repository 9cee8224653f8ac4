"""One way for synthetic designs to become an effect: match, infer, try where nothing happened, check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harmattan.models.effect import checks
from harmattan.models.effect.effect import Check, Design, Effect, Estimate, Placebo, Point
from harmattan.models.effect.matching import Everyone, Match, Matcher
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.placebos import (
    CARRIES,
    Interval,
    in_space,
    in_time,
    nearest,
    space_check,
    time_check,
    trend,
    variants,
)  # fmt: skip
from harmattan.models.effect.pool import Setting, setting

LEAD = 6
"""Months before the event in which nothing must be seen yet."""
TREND = 0.01
"""Level of the test of a trend in gaps before. Weights were chosen to leave little, so that what is left is telling."""

Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Method:
    """A synthetic design: how it matches, its estimate with interval, its band by month, its test of no effect."""

    design: Design
    match: Matcher
    everyone: Everyone
    estimate: Callable[[Setting, Match, tuple[Placebo, ...]], Estimate]
    band: Callable[[Setting, Match, tuple[Placebo, ...]], list[Ends]]
    """Of each month from the event on."""
    test: Callable[[Setting], float | None]
    interval: Interval
    """Of variants."""


def assess(outcome: Outcome, method: Method, *, active: float, beside_km: float, lead: int, seed: int) -> Effect:
    """The effect by a method, with placebos, variants and checks. Raises UsageError where nothing can be compared."""
    main = setting(outcome, active=active, beside_km=beside_km)
    found = method.match(main)
    space = in_space(main, method.match, method.everyone, seed)
    time = in_time(outcome, main, method.match)
    estimate = method.estimate(main, found, space)
    others = variants(outcome, main, found, method.match, method.interval, active=active,
                      beside_km=beside_km)  # fmt: skip
    made: list[Check] = [
        checks.enough_before(main.start),
        checks.enough_controls(len(main.donors)),
        checks.pre_fit(main.target[: main.start], (main.target - found.gaps)[: main.start]),
        checks.pre_trend(trend(found.gaps[: main.start]), TREND),
        checks.anticipation(_before(main, method, lead)),
        checks.contaminated(_near(main, found, method)),
        space_check(estimate.p if space else None, space),
        time_check(found.effect, time),
        checks.leave_one_out(found.effect, others),
        checks.donors(found.effect, others),
        checks.stable(found.effect, others),
    ]
    weights = {
        unit: float(weight) for unit, weight in zip(main.donors, found.weights, strict=True) if weight >= CARRIES
    }
    return Effect(method.design, main.treated, main.donors, estimate, _path(main, found, method, space), weights,
                  space + time, others, tuple(made), found.pre_error, main.left_out)  # fmt: skip


def _path(main: Setting, found: Match, method: Method, space: tuple[Placebo, ...]) -> tuple[Point, ...]:
    ends: list[Ends] = [(None, None)] * main.start + method.band(main, found, space)
    begins = main.positions[main.start]
    return tuple(
        Point(at - begins, float(seen), float(seen - gap), float(gap), low, high, len(main.treated))
        for at, seen, gap, (low, high) in zip(main.positions, main.target, found.gaps, ends, strict=True)
    )


def _before(main: Setting, method: Method, lead: int) -> float | None:
    """The p-value of no effect in the months just before the event."""
    length = min(lead, main.start // 4)
    if length < 1 or main.start < checks.BEFORE:
        return None
    return method.test(main.until(main.start, main.start - length))


def _near(main: Setting, found: Match, method: Method) -> float | None:
    """The p-value of no effect on the nearest donors, beside those that are farther."""
    other = nearest(main, found.weights)
    return None if other is None else method.test(other)


def finite(value: float) -> float | None:
    """The number, or None where there is none."""
    return float(value) if np.isfinite(value) else None

"""Synthetic control: the mix of other units that ran like the treated unit before, as what would have been.

Abadie, Diamond & Hainmueller (2010), doi:10.1198/jasa.2009.ap08746. By default the outcomes of all months before are
matched (no predictor has to be chosen); with `Predictors`, these are, each by its importance. The estimand is the mean
effect on a treated unit in a month, from the event to the last month. It is right if the mix would have gone on like
the treated unit, and the event left the donors alone.

The interval is that of conformal inference (Chernozhukov, Wuthrich & Zhu 2021, doi:10.1080/01621459.2021.1920957): it
permutes months, so it has the right size with few donors, where ranks of placebos in space are coarse. The p-value is
the rank of the ratio of errors among placebos in space; both must agree for a verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from harmattan.models.effect import checks
from harmattan.models.effect.assess import LEAD, Ends, Method, assess
from harmattan.models.effect.conformal import LEVEL, Gaps, fixed, interval, p_value, refitted
from harmattan.models.effect.effect import Effect, Estimate, Placebo
from harmattan.models.effect.matching import Everyone, Match, Matcher, synthetic_everyone, synthetic_match
from harmattan.models.effect.outcome import Outcome, Values
from harmattan.models.effect.pool import ACTIVE, BESIDE_KM, Setting, setting
from harmattan.models.effect.predictors import Predictors, importance, predictor_match


def synthetic(
    outcome: Outcome, *, predictors: Predictors | None = None, active: float = ACTIVE, beside_km: float = BESIDE_KM,
    lead: int = LEAD, seed: int = 1,
) -> Effect:  # fmt: skip
    """The effect on the treated unit, or on the mean of several with one start.

    `active` and `beside_km` choose the donors (`pool.setting`); `lead` is the number of months just before the event in
    which nothing must be seen yet; `seed` draws sets of donors where several units are treated. Raises UsageError where
    nothing can be compared.
    """
    if predictors is None:
        method = _method(synthetic_match, synthetic_everyone, lambda main, found: refitted(main))
        return assess(outcome, method, active=active, beside_km=beside_km, lead=lead, seed=seed)
    main = setting(outcome, active=active, beside_km=beside_km)
    match = partial(predictor_match, predictors=predictors, importance=importance(main, predictors))

    def everyone(main: Setting) -> tuple[Match, ...]:
        return tuple(match(main.treating((unit,))) for unit in main.donors) if len(main.donors) > 1 else ()

    method = _method(match, everyone, lambda main, found: fixed(found.gaps, main.start))
    return assess(outcome, method, active=active, beside_km=beside_km, lead=lead, seed=seed)


def _method(match: Matcher, everyone: Everyone, refit: Callable[[Setting, Match], Gaps]) -> Method:
    """A synthetic control with conformal inference; `refit` gives its gaps under a supposed effect."""

    def ends(main: Setting, found: Match) -> tuple[float, float] | None:
        return interval(refit(main, found), main.start, found.effect, _scale(main, found))

    def estimate(main: Setting, found: Match, space: tuple[Placebo, ...]) -> Estimate:
        low, high = ends(main, found) or (None, None)
        counted = [one for one in space if one.counted]
        ratio = _placebo_of(main, found).ratio
        p = checks.rank_of_ratios(ratio, counted) if counted else _no_effect(refit(main, found)(0.0), main.start)
        return Estimate(found.effect, low, high, p)

    def band(main: Setting, found: Match, space: tuple[Placebo, ...]) -> list[Ends]:
        return [_month(main, found, at, refit) for at in range(main.start, len(main.target))]

    def test(other: Setting) -> float | None:
        return _no_effect(refit(other, match(other))(0.0), other.start)

    return Method("synthetic", match, everyone, estimate, band, test, ends)


def _month(main: Setting, found: Match, at: int, refit: Callable[[Setting, Match], Gaps]) -> Ends:
    """The interval of one month's effect, from the months before and that month alone."""
    kept = np.append(np.arange(main.start), at)
    alone = replace(main, target=main.target[kept], values=main.values[:, kept],
                    positions=tuple(main.positions[row] for row in kept))  # fmt: skip
    one = replace(found, gaps=found.gaps[kept])
    return interval(refit(alone, one), main.start, one.effect, _scale(main, found)) or (None, None)


def _no_effect(gaps: Values, start: int) -> float | None:
    """The p-value of no effect; None where so few months cannot reject at all."""
    return p_value(gaps, start) if 1 / len(gaps) <= LEVEL else None


def _scale(main: Setting, found: Match) -> float:
    """A step in which to search for the ends of an interval; never 0."""
    floor = max(float(main.target.std()), 1e-3 * float(np.abs(main.target).max()), 1e-3)
    return max(found.pre_error, 1e-6 * floor)


def _placebo_of(main: Setting, found: Match) -> Placebo:
    """The treated itself, to be ranked among placebos."""
    return Placebo(main.treated[0], "space", found.effect, found.pre_error, found.post_error, ())

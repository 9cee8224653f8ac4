"""The match of a treated series by donors: weights, what is expected, and the gaps between both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from harmattan.models.effect.outcome import Values
from harmattan.models.effect.pool import Setting
from harmattan.models.effect.simplex import each, simplex


@dataclass(frozen=True)
class Match:
    """Weights (donors,) and gaps (times,), observed less expected; the effect is the mean gap from the event on."""

    weights: Values = field(repr=False)
    gaps: Values = field(repr=False)
    start: int

    @property
    def effect(self) -> float:
        """In the unit of the outcome, for each treated unit and time."""
        return float(self.gaps[self.start :].mean())

    @property
    def pre_error(self) -> float:
        """Root mean square gap before."""
        return float(np.sqrt(np.mean(self.gaps[: self.start] ** 2)))

    @property
    def post_error(self) -> float:
        """Root mean square gap from the event on."""
        return float(np.sqrt(np.mean(self.gaps[self.start :] ** 2)))


Matcher = Callable[[Setting], Match]
Everyone = Callable[[Setting], tuple[Match, ...]]
"""Of each donor in turn, as if it alone had been treated."""


def synthetic_match(setting: Setting) -> Match:
    """The mix of donors nearest to the target before (Abadie, Diamond & Hainmueller 2010,
    doi:10.1198/jasa.2009.ap08746, all outcomes before as predictors of equal weight)."""
    found = simplex(setting.values[:, : setting.start], setting.target[: setting.start])
    return Match(found.of, setting.target - found.of @ setting.values, setting.start)


def synthetic_everyone(setting: Setting) -> tuple[Match, ...]:
    """The same of each donor by the other donors, from one Gram matrix. Of a single donor: nothing."""
    if len(setting.donors) < 2:
        return ()
    weights = each(setting.values[:, : setting.start])
    gaps = setting.values - weights @ setting.values
    return tuple(
        Match(np.delete(own, row), gap, setting.start) for row, (own, gap) in enumerate(zip(weights, gaps, strict=True))
    )


def noise(setting: Setting) -> float:
    """Standard deviation of the donors' first differences before, the `sigma` of Arkhangelsky et al. (2021)."""
    steps = np.diff(setting.values[:, : setting.start], axis=1)
    return float(np.std(steps, ddof=1)) if steps.size > 1 else 0.0


def zeta(setting: Setting) -> float:
    """Their ridge of the unit weights, (treated units x times after)^(1/4) x sigma."""
    return (len(setting.treated) * setting.after) ** 0.25 * noise(setting)


def sdid_match(setting: Setting, zeta: float) -> Match:
    """Synthetic difference in differences (Arkhangelsky, Athey, Hirshberg, Imbens & Wager 2021,
    doi:10.1257/aer.20190159): unit weights with ridge and intercept, time weights with intercept.

    Gaps are measured from their mean before, weighted by the time weights, so that their mean from the event on is the
    estimate.
    """
    start, values = setting.start, setting.values
    units = simplex(values[:, :start], setting.target[:start], ridge=zeta**2, intercept=True)
    times = simplex(values[:, :start].T, values[:, start:].mean(axis=1), intercept=True)
    gaps = setting.target - units.of @ values
    return Match(units.of, gaps - times.of @ gaps[:start], start)


def sdid_everyone(setting: Setting, zeta: float) -> tuple[Match, ...]:
    """The same of each donor by the other donors. Of a single donor: nothing."""
    if len(setting.donors) < 2:
        return ()
    return tuple(sdid_match(setting.treating((unit,)), zeta) for unit in setting.donors)

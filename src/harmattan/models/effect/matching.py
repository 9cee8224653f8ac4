"""The match of a treated series by donors: weights, what is expected, and the gaps between both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from harmattan.models.effect.outcome import Values
from harmattan.models.effect.pool import Setting
from harmattan.models.effect.simplex import but_one, each, simplex

ALIKE = 3.0


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


def sigma(rows: Values) -> float:
    """Standard deviation of first differences, over all units; rows have the shape (units, times)."""
    steps = np.diff(rows, axis=1)
    return float(np.std(steps, ddof=1)) if steps.size > 1 else 0.0


def equally_noisy(setting: Setting) -> bool:
    """Whether units are alike in their noise before: sigma of all donors together is within `ALIKE` times that of the
    median donor and of the treated series, and these within as many times of it.

    Among wars it is not: the spikes of the worst are all that one sees in a common sigma.
    """
    before = setting.values[:, : setting.start]
    together, own = sigma(before), sigma(_own(setting))
    median = float(np.median([sigma(row[np.newaxis]) for row in before]))
    least, most = min(together, own, median), max(together, own, median)
    return most <= ALIKE * least


def _own(setting: Setting) -> Values:
    """The treated series before, as noisy as one unit: a mean of several is less so."""
    return np.asarray(setting.target[np.newaxis, : setting.start] * np.sqrt(len(setting.treated)))


def zeta(setting: Setting, *, alike: bool | None = None) -> float:
    """The ridge of the unit weights, (treated units x times after)^(1/4) x sigma (Arkhangelsky et al. 2021).

    Sigma is that of all donors, as they have it, where units are `alike`; else that of the treated series itself.
    None: as `equally_noisy` finds them.
    """
    if alike is None:
        alike = equally_noisy(setting)
    rows = setting.values[:, : setting.start] if alike else _own(setting)
    return float((len(setting.treated) * setting.after) ** 0.25 * sigma(rows))


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


def sdid_everyone(setting: Setting, *, alike: bool) -> tuple[Match, ...]:
    """The same of each donor by the other donors, from one Gram matrix of units and one of months.

    Of fewer than four donors, where months have nothing to be weighted by, nothing.
    """
    if len(setting.donors) < 4:
        return ()
    values, start = setting.values, setting.start
    single = replace(setting, treated=("one",))
    ridges = [zeta(single if alike else replace(single, target=row), alike=alike) for row in values]
    units = each(values[:, :start], ridge=np.square(ridges), intercept=True)
    times = but_one(values[:, :start].T - values[:, start:].mean(axis=1))
    gaps = values - units @ values
    gaps -= (times * gaps[:, :start]).sum(axis=1, keepdims=True)
    return tuple(Match(np.delete(own, row), gap, start) for row, (own, gap) in enumerate(zip(units, gaps, strict=True)))

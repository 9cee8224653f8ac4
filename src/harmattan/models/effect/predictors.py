"""Predictors of the outcome, and how much each counts: the matrix V of Abadie, Diamond & Hainmueller (2010)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.effect.matching import Match
from harmattan.models.effect.outcome import Values
from harmattan.models.effect.pool import Setting
from harmattan.models.effect.simplex import simplex
from harmattan.text import T, listing

BETTER = 1e-4
"""Share by which the loss must fall for another optimum to be taken."""


@dataclass(frozen=True)
class Predictors:
    """What is known of each unit before: `of` gives each unit's values in the order of `names`, in any units.

    `importance` says how much each predictor counts (not negative; their sum does not matter); where it is not given,
    it is chosen so that the outcome before fits best, over the last `fitted` months before or all.
    """

    names: tuple[str, ...]
    of: Mapping[str, tuple[float, ...]] = field(repr=False)
    importance: tuple[float, ...] | None = None
    fitted: int | None = None

    def table(self, setting: Setting) -> tuple[Values, Values]:
        """Of the donors (donors, predictors) and of the treated (predictors,), scaled by the deviation of all units.

        Raises UsageError where a unit has none, or one that is not known.
        """
        units = (*setting.donors, *setting.treated)
        width = len(self.names)
        lacking = [u for u in units if len(self.of.get(u, ())) != width or not np.isfinite(self.of[u]).all()]
        if lacking:
            raise UsageError(
                T("Not every predictor is known of {units}.", units=listing(sorted(lacking))),
                do=T("Leave the unit or the predictor out."),
            )
        rows = np.array([self.of[unit] for unit in units], dtype=float)
        spread = rows.std(axis=0, ddof=1)
        rows = rows / np.where(spread > 0, spread, 1.0)
        return rows[: len(setting.donors)], rows[len(setting.donors) :].mean(axis=0)


def predictor_match(setting: Setting, predictors: Predictors, importance: Values) -> Match:
    """The mix of donors nearest to the treated in its predictors, each counting by its importance."""
    donors, own = predictors.table(setting)
    root = np.sqrt(importance / importance.sum())
    found = simplex(donors * root, own * root)
    return Match(found.of, setting.target - found.of @ setting.values, setting.start)


def importance(setting: Setting, predictors: Predictors) -> Values:
    """How much each predictor counts, adding up to 1: as given, or as fits the outcome before best.

    The nested search is local, as in the authors' own programme (Abadie, Diamond & Hainmueller 2011,
    doi:10.18637/jss.v042.i13): from equal importance, by Nelder & Mead and by BFGS, the latter where it fits better by
    more than `BETTER`. Importance is not identified where many choices give the same weights; starting from equality
    stays near to it. A better optimum may exist elsewhere (Becker & Kloessner 2018, doi:10.1016/j.ecosta.2017.08.002).
    """
    if predictors.importance is not None:
        given = np.abs(np.array(predictors.importance, dtype=float))
        if len(given) != len(predictors.names) or not np.isfinite(given).all() or given.sum() == 0:
            raise UsageError(T("Importance takes one number for each predictor, and not all zero."))
        return np.asarray(given / given.sum())
    from scipy.optimize import minimize

    loss = _loss(setting, predictors)
    equal = np.full(len(predictors.names), 1 / len(predictors.names))
    best, least = equal, loss(equal)
    for method in ("Nelder-Mead", "BFGS"):
        other = np.abs(minimize(loss, equal, method=method, options={"maxiter": 1000}).x)
        if other.sum() > 0 and loss(other) < least * (1 - BETTER):
            best, least = other, loss(other)
    return np.asarray(best / best.sum())


def _loss(setting: Setting, predictors: Predictors) -> Callable[[Values], float]:
    """Mean square gap over the months fitted, as a function of importance of any sign and sum."""
    donors, own = predictors.table(setting)
    first = max(0, setting.start - predictors.fitted) if predictors.fitted else 0
    values, target = setting.values[:, first : setting.start], setting.target[first : setting.start]

    def loss(importance: Values) -> float:
        size = np.abs(importance)
        root = np.sqrt(size / size.sum()) if size.sum() > 0 else np.full(len(size), len(size) ** -0.5)
        weights = simplex(donors * root, own * root).of
        return float(np.mean((target - weights @ values) ** 2))

    return loss

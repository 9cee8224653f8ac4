"""Whether a coupling helps to foresee: one-step log scores with and without it, from rolling origins.

At each origin the model is fitted to what came before, and the log-probability it gives to the count of the next period
is its score. The mean of the differences is tested as in Diebold & Mariano 1995, doi:10.1080/07350015.1995.10524599,
with a variance that allows for dependence in time (Newey & West 1987, doi:10.2307/1913610), never below that of
independent differences, and the small-sample correction of Harvey, Leybourne & Newbold 1997,
doi:10.1016/S0169-2070(96)00719-4. Where there is no coupling the larger model pays for its further parameter, so that
the test errs on the side of no gain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harmattan.models.spillover.apart import Apart
from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.receiving import climb, terms
from harmattan.models.spillover.spec import Spec
from harmattan.models.spillover.tested import LEVEL, Ahead

FEWEST = 12
"""From fewer origins than these nothing is tested."""
LEARNT = 24
"""Before the first origin there are at least as many periods as this."""


def ahead(
    counts: Counts, spec: Spec, without: Spec, origins: int, rng: np.random.Generator | None = None, *, every: int = 3
) -> Ahead:
    """One-step log scores of `spec` over `without`, summed over units, from the last `origins` periods.

    Both are fitted anew, from where they stood, at every `every`-th origin, and hold their parameters between: what
    they expect always comes from the counts up to the origin. Nothing is drawn; `rng` is taken for those who pass one
    to every test.
    """
    first = max(counts.values.shape[1] - origins, LEARNT + spec.lags.most, LEARNT + without.lags.most)
    gains = _scores(counts, spec, first, every) - _scores(counts, without, first, every)
    return judged(gains, counts.units)


def _scores(counts: Counts, spec: Spec, first: int, every: int) -> Values:
    """The log score of every unit in every period from `first` on, shape (units, origins); NaN where unknown."""
    from harmattan.models.spillover.design import design
    from harmattan.models.spillover.fit import search
    from harmattan.models.spillover.likelihood import dispersions, mean, problem

    of = design(counts, spec)
    whole, theta = problem(of, counts.values), None
    scores = np.full((len(counts.units), max(counts.values.shape[1] - first, 0)), np.nan)
    for origin in range(first, counts.values.shape[1], every):
        past = counts.values.copy()
        past[:, origin:] = np.nan
        so_far = problem(of, past)
        theta = search(so_far, theta).theta
        cut = slice(origin - of.first, origin - of.first + every)
        expected, seen = np.maximum(mean(whole, theta).total[:, cut], 1e-9), whole.seen[:, cut] > 0
        score = terms(whole.counts[:, cut], expected, dispersions(so_far, theta))
        scores[of.kept, origin - first : origin - first + every] = np.where(seen, score, np.nan)
    return scores


def judged(gains: Values, units: Sequence[str] = ()) -> Ahead:
    """Test differences of log scores, shape (units, origins) in the order of time, NaN where nothing was seen.

    >>> judged(np.array([[0.5, 0.7] * 12])).p < 0.001
    True
    """
    seen = np.isfinite(gains)
    total = np.where(seen, gains, 0.0).sum(axis=0)[seen.any(axis=0)]
    by_unit = tuple(
        (unit, float(gains[at][seen[at]].mean()) if seen[at].any() else None) for at, unit in enumerate(units)
    )
    if len(total) < FEWEST:
        return Ahead(float(total.mean()) if len(total) else 0.0, None, None, None, len(total), by_unit)
    return _tested(total, by_unit)


def _tested(total: Values, by_unit: tuple[tuple[str, float | None], ...]) -> Ahead:
    from scipy.special import stdtr, stdtrit

    length, mean = len(total), float(total.mean())
    reach = int(length ** (1 / 3))
    centred = total - mean
    alone = float(centred @ centred) / length
    long = alone + 2 * sum(
        (1 - lag / (reach + 1)) * float(centred[lag:] @ centred[:-lag]) / length for lag in range(1, reach + 1)
    )
    small = np.sqrt((length - 1 - 2 * reach + reach * (reach + 1) / length) / length)
    error = float(np.sqrt(max(long, alone) / length)) / float(small)
    if error < 1e-12:
        return Ahead(mean, mean, mean, 0.0 if mean > 1e-9 else 1.0, length, by_unit)
    wide = float(stdtrit(length - 1, 1 - LEVEL / 2)) * error
    return Ahead(mean, mean - wide, mean + wide, float(stdtr(length - 1, -mean / error)), length, by_unit)


def rolling(model: Apart, target: int, without: Sequence[int], origins: int, *, every: int = 3) -> Values:
    """The log scores of one receiving unit from each of the last `origins` origins, shape (origins,), NaN where unseen.

    `without`: positions of columns of the past that are left out (1 is the first source). Every `every`-th origin is
    fitted, all at once, each to the periods before it.
    """
    unit, full = model.receivers[target], model.fits[target]
    slow, length = unit.course.shape[1], len(unit.values)
    first = max(length - origins, min(LEARNT, length))
    fitted = np.arange(first, length, every)
    if not len(fitted):
        return np.empty(0)
    past = np.delete(model.columns(target), list(without), axis=1)[None]
    begin = np.delete(full.theta, [slow + column for column in without], axis=1)
    known = unit.known * (np.arange(length) < fitted[:, None])
    fits = climb(unit, past, np.repeat(begin, len(fitted), axis=0), full.dispersion, known=known)
    at = np.arange(first, length)
    by = (at - first) // every
    score = terms(unit.values[at][:, None], fits.mean[by, at][:, None], fits.dispersion[by])[:, 0]
    return np.asarray(np.where(unit.known[at] > 0, score, np.nan))

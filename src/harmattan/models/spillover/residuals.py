"""How well a fitted model describes the counts: PIT histogram, autocorrelation and cross-correlation of residuals.

Every p here takes the fitted parameters as known. They were made to fit these very counts, so that a p is rather too
large than too small: a small one can be believed, a large one says only that nothing was found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.receiving import below
from harmattan.models.spillover.tested import Crossing, Residuals

BINS = 10
LAGS = 12
FEWEST = 24
"""Fewer counts than these are not tested."""
SMOOTH = 80.0
"""From this mean on the steps of a count's distribution are far finer than the bins."""
FAR = 1e-8
FURTHEST = 20_000
"""What lies beyond this count is left out of a distribution."""
CHUNK = 2_000_000


def residuals(fitted: Fit, *, bins: int = BINS, lags: int = LAGS) -> Residuals:
    """PIT histogram, Ljung-Box tests of every unit and the largest cross-correlations of a model's residuals.

    `pit_p`: the distance of the histogram from flat, in the covariance that the bins have under the model, as
    chi-square with `bins` - 1 degrees of freedom; the mean (1 / bins) and covariance of what one count adds are exact
    sums over its distribution. `lag_p`: Ljung & Box 1978, doi:10.1093/biomet/65.2.297, over `lags` lags (a fifth of
    the periods where those are fewer), smallest over units times their number. `same_period` and `next_period`: the
    largest cross-correlation of Pearson residuals, by absolute value, with the p of a normal of variance 1/n times
    the number of pairs. None where there are fewer than `FEWEST` counts.
    """
    observed, mean = fitted.counts.values, fitted.parts.mean
    dispersion = np.broadcast_to(fitted.dispersion[:, None], mean.shape)
    known = np.isfinite(observed) & np.isfinite(mean) & (np.nan_to_num(mean) > 0)
    pit, pit_p = histogram(observed[known], mean[known], dispersion[known], bins)
    pearson = np.full(mean.shape, np.nan)
    pearson[known] = (observed[known] - mean[known]) / np.sqrt(mean[known] + dispersion[known] * mean[known] ** 2)
    by_unit = tuple((unit, ljung_box(pearson[at], lags)) for at, unit in enumerate(fitted.counts.units))
    tested = [p for _, p in by_unit if p is not None]
    return Residuals(
        pit=tuple(pit.tolist()),
        pit_p=pit_p,
        lag_p=min(1.0, min(tested) * len(tested)) if tested else None,
        lag_by_unit=by_unit,
        same_period=crossing(pearson, fitted.counts.units, 0),
        next_period=crossing(pearson, fitted.counts.units, 1),
    )


def histogram(observed: Values, mean: Values, dispersion: Values, bins: int = BINS) -> tuple[Values, float | None]:
    """The non-randomised PIT histogram of counts (n,), its heights (bins,), 1 where calibrated, and its test.

    Czado, Gneiting & Held 2009, doi:10.1111/j.1541-0420.2009.01191.x.
    """
    from scipy.special import chdtrc

    if not len(observed):
        return np.ones(bins), None
    added = _added(observed, mean, dispersion, bins)
    height = added.mean(axis=0) * bins
    if len(observed) < FEWEST:
        return height, None
    off = added.sum(axis=0) - len(observed) / bins
    statistic = float(off @ np.linalg.pinv(_covariance(mean, dispersion, bins), rcond=1e-9, hermitian=True) @ off)
    return height, float(chdtrc(bins - 1, max(statistic, 0.0)))


def _added(counts: Values, mean: Values, dispersion: Values, bins: int) -> Values:
    """What each count adds to each bin, shape (n, bins): rows add up to 1."""
    low, high = _cumulated(counts - 1, mean, dispersion), _cumulated(counts, mean, dispersion)
    edges = np.arange(bins + 1) / bins
    wide = np.maximum(high - low, 1e-300)[:, None]
    return np.asarray(np.diff(np.clip((edges - low[:, None]) / wide, 0.0, 1.0), axis=1))


def _cumulated(counts: Values, mean: Values, dispersion: Values) -> Values:
    from scipy.special import pdtr

    spread = np.maximum(dispersion, 1e-6)
    negbin = below(counts, mean, spread)
    return np.asarray(np.where(dispersion > 1e-6, negbin, np.where(counts < 0, 0.0, pdtr(np.maximum(counts, 0), mean))))


def _covariance(mean: Values, dispersion: Values, bins: int) -> Values:
    """The covariance of the sum of what all counts add under the model, shape (bins, bins)."""
    total = np.zeros((bins, bins))
    smooth = mean > SMOOTH
    total += smooth.sum() * (np.eye(bins) / bins - 1 / bins**2)
    mean, dispersion = mean[~smooth], dispersion[~smooth]
    order = np.argsort(mean)
    mean, dispersion = mean[order], dispersion[order]
    at = 0
    while at < len(mean):
        step = 256
        most = _reach(mean[at : at + step], dispersion[at : at + step])
        step = min(step, max(1, CHUNK // (most * bins)))
        total += _chunk(mean[at : at + step], dispersion[at : at + step], bins, most)
        at += step
    return total


def _reach(mean: Values, dispersion: Values) -> int:
    """A count that is passed with next to no probability under any of these."""
    most = float((mean + 8 * np.sqrt(mean + dispersion * mean**2)).max()) + 10
    while (1 - _cumulated(np.full_like(mean, most), mean, dispersion)).max() > FAR and most < FURTHEST:
        most *= 1.5
    return int(most)


def _chunk(mean: Values, dispersion: Values, bins: int, most: int) -> Values:
    """The covariance of what these counts add, from their whole distributions up to `most`."""
    size = 1 / np.maximum(dispersion, 1e-6)[:, None]
    before = np.arange(most)
    steps = np.log((before + size) / (before + 1)) + np.log(mean[:, None] / (size + mean[:, None]))
    chance = np.exp(np.cumsum(np.concatenate([-size * np.log1p(mean[:, None] / size), steps], axis=1), axis=1))
    low = (np.cumsum(chance, axis=1) - chance)[:, :, None]
    within = np.clip((np.arange(bins + 1) / bins - low) / np.maximum(chance, 1e-300)[:, :, None], 0.0, 1.0)
    added = np.diff(within, axis=2).reshape(-1, bins)
    return np.asarray((added * chance.reshape(-1, 1)).T @ added - len(mean) / bins**2)


def ljung_box(series: Values, lags: int = LAGS) -> float | None:
    """The p of no autocorrelation up to `lags`, of a series with NaN where nothing is known; None if too short.

    >>> ljung_box(np.tile([1.0, -1.0], 30)) < 0.001
    True
    """
    from scipy.special import chdtrc

    known = np.isfinite(series)
    length = int(known.sum())
    if length < FEWEST:
        return None
    centred = np.where(known, series - series[known].mean(), 0.0)
    total = float(centred @ centred)
    if total <= 0:
        return None
    lags = min(lags, length // 5)
    statistic = 0.0
    for lag in range(1, lags + 1):
        pairs = int((known[lag:] & known[:-lag]).sum())
        if pairs:
            statistic += (float(centred[lag:] @ centred[:-lag]) / total) ** 2 * length * (length + 2) / pairs
    return float(chdtrc(lags, statistic))


def crossing(pearson: Values, units: tuple[str, ...], lag: int) -> Crossing | None:
    """The largest correlation between the residuals of one unit and those of another `lag` periods later."""
    from scipy.special import ndtr

    known = np.isfinite(pearson)
    counted = known.sum(axis=1)
    middle = np.where(known, pearson, 0.0).sum(axis=1) / np.maximum(counted, 1)
    centred = np.where(known, pearson - middle[:, None], 0.0)
    spread = np.sqrt((centred**2).sum(axis=1) / np.maximum(counted, 1))
    scaled = centred / np.where(spread > 0, spread, 1.0)[:, None]
    length = pearson.shape[1]
    source, target = scaled[:, : length - lag], scaled[:, lag:]
    pairs = known[:, : length - lag].astype(float) @ known[:, lag:].astype(float).T
    correlation = (source @ target.T) / np.maximum(pairs, 1)
    able = (pairs >= FEWEST) & ~np.eye(len(units), dtype=bool) & (spread > 0)[:, None] & (spread > 0)[None, :]
    able &= _once(len(units)) if lag == 0 else True
    if not able.any():
        return None
    statistic = np.where(able, np.abs(correlation) * np.sqrt(pairs), -1.0)
    one, other = np.unravel_index(int(statistic.argmax()), statistic.shape)
    p = min(1.0, 2 * float(ndtr(-statistic[one, other])) * int(able.sum()))
    return Crossing(units[one], units[other], lag, float(correlation[one, other]), p)


def _once(units: int) -> NDArray[np.bool_]:
    """Each pair once: within a period nobody comes first."""
    return np.triu(np.ones((units, units), dtype=bool), 1)

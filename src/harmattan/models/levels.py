"""How a series has run so far: weighted means of its past, and its shape relative to its own level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.panel import Panel, Values

SHORT, LONG = 4.0, 12.0
"""Half-lives, in months, of the two means that make the level of a series."""
SHARE_SHORT = 0.6
AT_WAR = 25.0
"""Deaths a month, as a mean with the long half-life, from which a place counts as at war: 300 a year."""
MOST_AGE = 60
NO_EVENTS = 0.3
"""Added to a count of events before logarithms, as 1 is added to deaths."""


def weighted(values: Values, half_life: float) -> Values:
    """The mean of all months so far, each weighing half of that `half_life` months later: shape (units, months).

    Months nobody looked at weigh nothing; NaN before the first that is known.

    >>> weighted(np.array([[8.0, 0.0, np.nan]]), 1.0).round(2)
    array([[8.  , 2.67, 2.67]])
    """
    decay = 0.5 ** (1 / half_life)
    seen = np.isfinite(values)
    filled = np.where(seen, values, 0.0)
    total, weight = np.zeros(len(values)), np.zeros(len(values))
    found = np.empty_like(values)
    for month in range(values.shape[1]):
        total = total * decay + filled[:, month]
        weight = weight * decay + seen[:, month]
        found[:, month] = np.divide(total, weight, out=np.full(len(values), np.nan), where=weight > 0)
    return found


def rolling(values: Values, months: int, measure: Any) -> Values:
    """A measure of the last `months` months, those that are known: shape (units, months); NaN where none is.

    >>> rolling(np.array([[1.0, 5.0, 2.0, 0.0]]), 2, np.nanmax)
    array([[1., 5., 5., 2.]])
    """
    padded = np.concatenate([np.full((len(values), months - 1), np.nan), values], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, months, axis=1)
    found = np.full(values.shape, np.nan)
    known = np.isfinite(windows).any(axis=2)
    found[known] = measure(windows[known], axis=-1)
    return found


@dataclass(frozen=True)
class Levels:
    """A panel's past by month: `scale` is the level of each unit, `features` its shape relative to that level.

    `scale` has the shape (units, months), `features` (units, months, features). Neither knows how high a level is, only
    how its parts stand to each other: so a war without precedent looks like smaller ones that ran alike.
    """

    scale: Values
    features: NDArray[np.float32]


def levels(panel: Panel, share: float = 0.0) -> Levels:
    """The level and the shape of every unit in every month, each from that month and those before it alone.

    Of the level, `share` is what the level of each covariate makes at the unit's usual deaths for one of it (one
    event, say): less swayed than deaths by a single massacre. Without covariates it is the level of the deaths alone.
    """
    values = panel.values
    long_, longer, own = weighted(values, LONG), weighted(values, 3 * LONG), level(values)
    scale = own
    if panel.beside and share:
        told = [level(series) * _usual(longer, series) for series in panel.beside.values()]
        scale = (1 - share) * own + share * np.mean(told, axis=0)
    base = scale + 1

    def log_ratio(part: Values) -> Values:
        return np.log((part + 1) / base)

    columns = [log_ratio(part) for part in (_held(values), weighted(values, 1.5), long_, longer)]
    columns += [log_ratio(rolling(values, months, np.nanmax)) for months in (12, 36)]
    columns += [
        log_ratio(rolling(values, 12, np.nanmin)),
        rolling(np.where(np.isfinite(values), values == 0, np.nan), 12, np.nanmean),
        rolling(values, 12, np.nanstd) / base,
        _age(long_),
    ]
    columns += [log_ratio(own)] if share else []
    for series in panel.beside.values():
        columns += _alongside(series, base)
    return Levels(scale, np.stack(columns, axis=-1).astype(np.float32))


def level(series: Values) -> Values:
    """Where a series stands: the mean of its recent months and that of its longer past, shape (units, months)."""
    return SHARE_SHORT * weighted(series, SHORT) + (1 - SHARE_SHORT) * weighted(series, LONG)


def _usual(longer: Values, series: Values) -> Values:
    """Deaths for one of a covariate, as means over years."""
    return (longer + 1) / (weighted(series, 3 * LONG) + NO_EVENTS)


def _alongside(series: Values, base: Values) -> list[Values]:
    """A covariate relative to its own level, and the deaths for each unit of it."""
    own = level(series) + NO_EVENTS
    parts = (_held(series), weighted(series, 1.5), weighted(series, LONG), weighted(series, 3 * LONG))
    return [*(np.log((part + NO_EVENTS) / own) for part in parts), np.log(base / own)]


def _held(values: Values) -> Values:
    """The last value known in each month."""
    at = np.where(np.isfinite(values), np.arange(values.shape[1]), -1)
    last = np.maximum.accumulate(at, axis=1)
    return np.where(last >= 0, np.take_along_axis(values, np.maximum(last, 0), axis=1), np.nan)


def _age(long_: Values) -> Values:
    """For how many months the mean has been that of a war, at most five years of them."""
    age = np.zeros_like(long_)
    for month in range(1, long_.shape[1]):
        age[:, month] = np.where(long_[:, month] > AT_WAR, age[:, month - 1] + 1, 0)
    return np.minimum(age, MOST_AGE)

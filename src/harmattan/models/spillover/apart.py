"""A spillover model taken apart by the unit that receives: each unit's regression, made once and used by every test."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.receiving import Climbed, Receiver, climb, lagged, receiver, start
from harmattan.models.spillover.spec import Free, PowerLaw, Spec

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Apart:
    """Every unit's own regression with every coupling.

    `past` (units, T): what of each unit's past counts, 0 where unknown. `sources[i]`: positions of the units whose past
    stands in a column of its own in the regression of i, after that of i itself. With weights that are not free
    (`weights`, shape (units, units)) there is one column, their weighted past. `silent` (units,): nothing to learn of.
    """

    counts: Counts = field(repr=False)
    spec: Spec = field(repr=False)
    lags: Values
    past: Values = field(repr=False)
    receivers: tuple[Receiver, ...] = field(repr=False)
    sources: tuple[Positions, ...] = field(repr=False)
    weights: Values | None = field(repr=False)
    silent: NDArray[np.bool_]
    fits: tuple[Climbed, ...] = field(repr=False)

    def columns(self, unit: int, past: Values | None = None) -> Values:
        """The pasts that a unit is regressed on, shape (..., T, 1 + sources), from `past` (..., units, T)."""
        past = self.past if past is None else past
        return columns(past, unit, self.sources[unit], self.weights)

    def coefficients(self, unit: int) -> Values:
        """Own, then of each source or of all."""
        theta = self.fits[unit].theta[0]
        return np.asarray(theta[self.receivers[unit].course.shape[1] :])


def columns(past: Values, unit: int, sources: Positions, weights: Values | None) -> Values:
    """The unit's own past beside that of each source, or beside the weighted past of all: (..., T, columns)."""
    own = past[..., unit, :]
    if weights is None:
        return np.stack([own, *(past[..., source, :] for source in sources)], axis=-1)
    return np.stack([own, weights[unit] @ past], axis=-1)


def apart(counts: Counts, spec: Spec, lags: Values, weights: Values | None = None, *, slow: bool = True) -> Apart:
    """Take a model apart and fit each unit. `weights` (units, units), zero on the diagonal, where they are not free.

    Tests are kinder to coincidence than the model: each unit has a level, trend, season, own past and dispersion of its
    own, and slow movements beside (`receiving.courses`); `lags` are held where they were estimated.
    """
    past = lagged(counts.values, lags)
    units = range(len(counts.units))
    receivers = tuple(receiver(counts, spec, unit, past, slow=slow) for unit in units)
    filled = np.nan_to_num(past)
    sources = tuple(_sources(counts, spec, unit) for unit in units)
    silent = np.array([(each.values * each.known).sum() == 0 for each in receivers])
    fits = []
    for unit, each in enumerate(receivers):
        beside = columns(filled, unit, sources[unit], weights)
        fits.append(climb(each, beside[None], start(each, beside.shape[-1])[None], np.array([0.5])))
    return Apart(counts, spec, lags, filled, receivers, sources, weights, silent, tuple(fits))


def _sources(counts: Counts, spec: Spec, unit: int) -> Positions:
    """The units that may feed this one."""
    pairs: tuple[tuple[str, str], ...] = ()
    if spec.coupling is not None and isinstance(spec.coupling.weights, Free):
        pairs = spec.coupling.weights.pairs
    name = counts.units[unit]
    return np.array(
        [at for at, other in enumerate(counts.units) if at != unit and (not pairs or (other, name) in pairs)],
        dtype=np.intp,
    )


def memory(counts: Counts, spec: Spec, fitted: Fit | None = None) -> tuple[Values, Values | None]:
    """The weights of the lags, and those between units where they are not free: estimated where they are parameters.

    A model is fitted for them only where one of them is a parameter and no fit is handed in.
    """
    from harmattan.models.spillover.weights import between

    weights = None if spec.coupling is None else spec.coupling.weights
    free = weights is None or isinstance(weights, Free)
    decay = isinstance(weights, PowerLaw) and weights.decay is None
    if fitted is None and (spec.lags.most > 1 or decay):
        from harmattan.models.spillover.fit import fit

        fitted = fit(counts, spec)
    lags = np.ones(1) if fitted is None else fitted.lags
    if weights is None or free:
        return lags, None
    pattern = between(counts, weights)
    decayed = fitted.value("decay") if decay and fitted is not None and "decay" in fitted.names else 1.0
    values = np.zeros((len(counts.units), len(counts.units)))
    values[pattern.target, pattern.source] = pattern.values(decayed)[0]
    return lags, values

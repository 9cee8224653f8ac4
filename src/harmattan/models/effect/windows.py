"""Treated places in their months before and after, with the controls of the same months: what a panel design fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.twoway import Array, Mask, TwoWay, multiplicative

NEVER = 10**6
"""The start of a control."""
BLOCKS = 3
"""Of the months before, for the test of the trend: the first is what the others are held against."""


@dataclass(frozen=True)
class Windows:
    """Units with a start each (`NEVER`: a control); cells are (units, months).

    Learnt from: every known month of a control, and the `before` months of a treated unit just before its start.
    Estimated: the `after` months from the start on. All other months of a treated unit are left out, so that neither
    what came long before nor what an event did later is taken for what would have been.
    """

    units: tuple[str, ...]
    values: Array
    """0 where nobody looked."""
    looked: Mask
    starts: NDArray[np.int64]
    before: int
    after: int
    cluster: NDArray[np.int64]
    km: Array
    """NaN where no distance is known."""

    @classmethod
    def of(cls, outcome: Outcome, before: int, after: int) -> Windows:
        """The months that any window touches. A treated unit without a known month before or after is left out, as is
        a control of which nothing is known."""
        months = outcome.values.shape[1]
        starts = np.array([outcome.starts.get(unit, NEVER) for unit in outcome.units], dtype=np.int64)
        looked = np.isfinite(outcome.values)
        names = [outcome.cluster.get(unit, unit) for unit in outcome.units]
        order = {name: n for n, name in enumerate(dict.fromkeys(names))}
        whole = cls(
            outcome.units,
            np.where(looked, outcome.values, 0.0),
            looked,
            starts,
            before,
            after,
            np.array([order[name] for name in names], dtype=np.int64),
            np.array([outcome.km.get(unit, np.nan) for unit in outcome.units], dtype=float),
        )
        shut = starts[whole.treated & whole.untreated.any(axis=1) & whole.target.any(axis=1)]
        first = max(0, int(shut.min(initial=months)) - before)
        last = min(months, int(shut.max(initial=0)) + after)
        cut = replace(
            whole,
            values=whole.values[:, first:last],
            looked=whole.looked[:, first:last],
            starts=np.where(whole.treated, starts - first, NEVER),
        )
        useful = np.where(cut.treated, cut.untreated.any(axis=1) & cut.target.any(axis=1), cut.looked.any(axis=1))
        return cut.keep(useful)

    @property
    def treated(self) -> Mask:
        """Shape (units,)."""
        return self.starts < NEVER

    @property
    def relative(self) -> NDArray[np.int64]:
        """Months since the start, by cell; far below 0 for controls."""
        return np.arange(self.values.shape[1])[None, :] - self.starts[:, None]

    @property
    def untreated(self) -> Mask:
        """Cells that are learnt from."""
        since = self.relative
        return self.looked & (~self.treated[:, None] | ((since >= -self.before) & (since < 0)))

    @property
    def target(self) -> Mask:
        """Cells whose effect is estimated, where they can be."""
        since = self.relative
        return self.looked & self.treated[:, None] & (since >= 0) & (since < self.after)

    @property
    def reached(self) -> Mask:
        """Those of them of which something can be expected: their month was seen where nobody was treated yet."""
        return self.target & TwoWay.of(self.untreated).reached

    def keep(self, units: Mask) -> Windows:
        """Some of the units."""
        names = tuple(unit for unit, kept in zip(self.units, units, strict=True) if kept)
        parts = {name: getattr(self, name)[units] for name in ("values", "looked", "starts", "cluster", "km")}
        return replace(self, units=names, **parts)

    def starting(self, starts: NDArray[np.int64]) -> Windows:
        """The same units with other starts."""
        return replace(self, starts=starts)

    def effect(self) -> float:
        """The mean effect in the cells of the target: imputation (Borusyak, Jaravel & Spiess 2024,
        doi:10.1093/restud/rdae007), every place and month with the same weight. NaN where there is none."""
        two = TwoWay.of(self.untreated)
        cells = self.target & two.reached
        return _mean(self.values - two.fitted(self.values), cells)

    def ratio(self) -> tuple[float, float]:
        """Counted, and expected by the multiplicative model, both as the mean of a treated unit and month."""
        two = TwoWay.of(self.untreated)
        cells = self.target & two.reached
        thought = multiplicative(self.untreated, self.values)
        return _mean(self.values, cells), _mean(thought, cells)

    def studentised(self) -> float:
        """The effect by a quick error from the residuals of each unit; for ranks among reassigned starts alone."""
        two = TwoWay.of(self.untreated)
        cells = self.target & two.reached
        gaps = self.values - two.fitted(self.values)
        value = _mean(gaps, cells)
        wanted = cells / max(1, int(cells.sum()))
        weights = wanted - two.weights(wanted)
        scores = np.where(cells, (gaps - value) * weights, np.where(self.untreated, gaps * weights, 0.0)).sum(axis=1)
        error = float(np.sqrt((scores**2).sum()))
        return value / error if error > 1e-12 * max(1.0, abs(value)) else float("nan")

    def path(self) -> Array:
        """The effect by month from the start, shape (before + after,): positions are -before to after - 1.

        A month before is held against the other months before, as a month after is (not as a residual, which is drawn
        to 0: Roth 2024, arXiv:2401.12309). NaN where no unit was seen.
        """
        two, since = TwoWay.of(self.untreated), self.relative
        gaps = self.values - two.fitted(self.values)
        cells = self.target & two.reached
        after = [_mean(gaps, cells & (since == k)) for k in range(self.after)]
        leads = np.stack([self.untreated & self.treated[:, None] & (since == k) for k in range(-self.before, 0)])
        flat = two.residual(leads.astype(np.float64))
        above, below = (flat * self.values).sum(axis=(1, 2)), (flat * leads).sum(axis=(1, 2))
        before = np.where(below > 1e-9, above / np.maximum(below, 1e-9), np.nan)
        return np.concatenate([before, after])

    def early(self, lead: int) -> Array:
        """What differs before, shape (BLOCKS + 1,), NaN where it cannot be had: later thirds of the months before less
        the first of them and the slope by month, both without the last `lead` months; these less all before."""
        since, known = self.relative, self.untreated
        own = known & self.treated[:, None]
        soon = own & (since >= -lead)
        edges = np.linspace(-self.before, -lead, BLOCKS + 1).round().astype(int)
        blocks = np.stack([own & (since >= edges[n]) & (since < edges[n + 1]) for n in range(1, BLOCKS)])
        quiet = TwoWay.of(known & ~soon)
        slope = _contrast(quiet, np.where(own & ~soon, since, 0)[None], self.values)
        felt = _contrast(TwoWay.of(known), soon[None], self.values)
        return np.concatenate([_contrast(quiet, blocks, self.values), slope, felt])

    def reach(self, nearest: Mask) -> float:
        """How the nearest controls moved beside the others as ever more events had come, from none to all of them."""
        shut = np.sort(self.starts[self.treated])
        share = np.searchsorted(shut, np.arange(self.values.shape[1]), side="right") / max(1, shut.size)
        known = self.looked & ~self.treated[:, None]
        return float(_contrast(TwoWay.of(known), (nearest[:, None] * share[None, :])[None], self.values)[0])


def _mean(values: Array, cells: Mask) -> float:
    n = int(cells.sum())
    return float(values[cells].sum() / n) if n else float("nan")


def _contrast(two: TwoWay, wanted: NDArray[np.generic], values: Array) -> Array:
    """Coefficients of `wanted`, shape (n, units, months), beside unit and month; NaN where they are not told apart."""
    flat = two.residual(np.asarray(wanted, dtype=np.float64)).reshape(len(wanted), -1)
    gram = flat @ flat.T
    if np.linalg.eigvalsh(gram)[0] <= 1e-9:
        return np.full(len(wanted), np.nan)
    return np.asarray(np.linalg.solve(gram, flat @ np.where(two.known, values, 0.0).ravel()))

"""Places whose event came in different months, beside places where it had not come: imputation, month by month.

What would have been is a level of the place plus a level of the month, learnt where nobody was treated yet, and the
effect is what is counted less that (Borusyak, Jaravel & Spiess 2024, doi:10.1093/restud/rdae007). Two-way fixed
effects on all months at once take treated places for controls of later ones, and can have the wrong sign where effects
differ or grow (Goodman-Bacon 2021, doi:10.1016/j.jeconom.2021.03.014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harmattan.models.effect import checks
from harmattan.models.effect.clustered import Jackknife
from harmattan.models.effect.effect import Check, Effect, Estimate, Placebo, Point, Variant
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.twoway import Array, Mask
from harmattan.models.effect.windows import BLOCKS, NEVER, Windows

FEW = 4
"""Treated clusters; with fewer, they say too little of how places differ, and controls treated in their stead do."""
LEAD = 3
"""Months just before the event in which it may already have been felt."""
EFFECT, EARLY = 0, 1
TREND = np.arange(EARLY, EARLY + BLOCKS - 1)
SLOPE = EARLY + BLOCKS - 1
SOON = SLOPE + 1
PATH = SOON + 1


@dataclass(frozen=True)
class Settings:
    """What is asked of the design; months are periods of the outcome."""

    before: int = 24
    after: int = 12
    lead: int = LEAD
    near_km: float | None = None
    """Controls at most so far from a treated place are left out, as long as enough others are left."""
    reassigned: int = 199
    """How often starts are dealt out anew for the rank p-value."""
    seed: int = 1
    shown: bool = True
    """Path, placebos of each control and variants as well; without them the verdict lacks two checks."""


def staggered(
    outcome: Outcome,
    *,
    before: int = 24,
    after: int = 12,
    lead: int = LEAD,
    near_km: float | None = None,
    reassigned: int = 199,
    seed: int = 1,
    shown: bool = True,
) -> Effect:
    """The mean effect on a treated place in a month, over the `after` months from the start (months as `Settings`).

    Intervals: the cluster jackknife in two strata (`clustered`); with fewer than four treated clusters, the spread of
    what controls give in their stead (Conley & Taber 2011, doi:10.1162/REST_a_00049). `Estimate.p`: the rank of the
    studentised effect among starts dealt out anew over the same places (MacKinnon & Webb 2020,
    doi:10.1016/j.jeconom.2020.04.024). Never raises for want of data: what cannot be estimated refuses.
    """
    asked = Settings(before, after, min(lead, max(1, before // 2)), near_km, reassigned, seed, shown)
    whole = Windows.of(outcome, before, after)
    used = _far(whole, near_km)
    enough = [_before(outcome, before), checks.enough_controls(_controls(used))]
    if not (np.isfinite(used.effect()) and used.treated.any()):
        return Effect("staggered", outcome.treated, _names(used, ~used.treated), None, checks=tuple(enough),
                      left_out=_left_out(outcome, whole, used))  # fmt: skip
    return _Found(asked, outcome, whole, used).told(enough)


def ratio(outcome: Outcome, *, before: int = 24, after: int = 12, near_km: float | None = None) -> Estimate | None:
    """How many times as many were counted as the multiplicative model expects, over all treated places together.

    Poisson pseudo-likelihood imputation (Wooldridge 2023, doi:10.1093/ectj/utad016): places and months multiply, as
    suits sparse counts of very different levels; the interval is the jackknife's of the logarithm, `p` its t test of 1.
    None where nothing is counted or expected, or fewer than four clusters are treated.
    """
    used = _far(Windows.of(outcome, before, after), near_km)
    if np.unique(used.cluster[used.treated]).size < FEW:
        return None

    def measure(kept: Mask) -> Array:
        seen, thought = used.keep(kept).ratio()
        return np.array([np.log(seen / thought) if seen > 0 and thought > 0 else np.nan])

    jack = Jackknife.of(used.cluster, used.treated, measure)
    value = float(jack.whole[0])
    if not np.isfinite(value):
        return None
    low, high = (float(np.exp(end)) for end in band) if (band := jack.interval(0)) else (None, None)
    return Estimate(float(np.exp(value)), low, high, jack.p(np.array([0])))


@dataclass(frozen=True)
class _Found:
    """A design that can be estimated."""

    asked: Settings
    outcome: Outcome
    whole: Windows
    used: Windows

    def told(self, enough: Sequence[Check]) -> Effect:
        """The effect with its checks."""
        sure = _sure(self.used, self.asked, self.asked.shown)
        value = float(sure.whole[EFFECT])
        draws = np.random.default_rng(self.asked.seed)
        ranked = (
            sure.rank(EFFECT) if isinstance(sure, _InStead) else _reassigned(self.used, self.asked.reassigned, draws)
        )
        band = sure.interval(EFFECT)
        error = sure.error(EFFECT)[0]
        low, high = band or (None, None)
        estimate = Estimate(value, low, high, ranked, error if band else None)
        variants = tuple(self.variants(sure))
        made = [
            *enough,
            checks.pre_trend(_either(sure.p(TREND), sure.p(np.array([SLOPE])))),
            checks.anticipation(sure.p(np.array([SOON]))),
            checks.contaminated(_spilt(self.used)),
            checks.placebo_space(ranked),
        ]
        if self.asked.shown:
            made += [checks.leave_one_out(value, variants), checks.stable(value, _choices(variants))]
        path = tuple(self.path(sure)) if self.asked.shown else ()
        early = [point.effect for point in path if point.month < 0]
        return Effect(
            "staggered",
            _names(self.used, self.used.treated),
            _names(self.used, ~self.used.treated),
            estimate,
            path,
            placebos=tuple(self.placebos()) if self.asked.shown else (),
            variants=variants,
            checks=tuple(made),
            pre_error=float(np.sqrt(np.mean(np.square(early)))) if early else None,
            left_out=_left_out(self.outcome, self.whole, self.used),
        )

    def path(self, sure: Jackknife | _InStead) -> Iterator[Point]:
        """Each month in which a treated unit was seen, and something could be expected of it."""
        since = self.used.relative
        cells = self.used.reached | (self.used.untreated & self.used.treated[:, None])
        for n, month in enumerate(range(-self.used.before, self.used.after)):
            own = cells & (since == month)
            gap = float(sure.whole[PATH + n])
            if not (own.any() and np.isfinite(gap)):
                continue
            seen = float(self.used.values[own].mean())
            low, high = sure.interval(PATH + n) or (None, None)
            yield Point(month, seen, seen - gap, gap, low, high, int(own.any(axis=1).sum()))

    def variants(self, sure: Jackknife | _InStead) -> Iterator[Variant]:
        """Another window, other controls, the multiplicative model, and each treated unit left out."""
        asked, used = self.asked, self.used
        for before, after in ((asked.before // 2, asked.after), (asked.before, asked.after // 2)):
            if before and after and asked.shown:
                other = _far(Windows.of(self.outcome, before, after), asked.near_km)
                yield from _variant("window", f"{before}+{after}", other, asked)
        if used.units != self.whole.units:
            yield from _variant("radius", "0", self.whole, asked)
        if asked.near_km is not None and asked.shown:
            wider = _far(self.whole, 1.5 * asked.near_km)
            if wider.units != used.units:
                yield from _variant("radius", f"{1.5 * asked.near_km:g}", wider, asked)
        seen, thought = used.ratio()
        if asked.shown and np.isfinite(seen - thought):
            yield Variant("measure", "multiplicative", seen - thought, None, None)
        if isinstance(sure, Jackknife) and asked.shown:
            names = np.unique(used.cluster)
            for name, value, treated in zip(names, sure.without[:, EFFECT], sure.treated, strict=True):
                if treated and np.isfinite(value):
                    told = ", ".join(_names(used, used.cluster == name))
                    yield Variant("leave_one_out", told, float(value), None, None)

    def placebos(self) -> Iterator[Placebo]:
        """Each control by itself in a treated place's stead, its start taken from the treated in turn."""
        for name, found in zip(*_in_stead(self.used, True, self.asked.lead), strict=True):
            gaps = found[PATH:]
            if np.isfinite(gaps).all():
                early, late = gaps[: self.used.before], gaps[self.used.before :]
                pre, post = (float(np.sqrt(np.mean(part**2))) for part in (early, late))
                yield Placebo(name, "space", float(found[EFFECT]), pre, post, tuple(gaps.tolist()))


@dataclass(frozen=True)
class _InStead:
    """What controls give in the treated places' stead: errors where few are treated."""

    whole: Array
    others: Array
    """Shape (placebos, statistics), each by the root of the number of treated places, whose mean it stands for."""

    def error(self, at: int) -> tuple[float, float]:
        """The spread of the placebos."""
        others = self._known(at)
        return (float(np.sqrt(np.mean(others**2))) if others.size > 1 else float("nan")), float(others.size)

    def interval(self, at: int) -> tuple[float, float] | None:
        """As far as 95 % of placebos reach from 0; the farthest where there are fewer than 20."""
        others = np.sort(np.abs(self._known(at)))
        value = float(self.whole[at])
        if others.size < 2 or not np.isfinite(value) or others[-1] <= 0:
            return None
        reach = float(others[min(others.size, int(np.ceil(0.95 * (others.size + 1)))) - 1])
        return value - reach, value + reach

    def rank(self, at: int) -> float | None:
        """The rank p-value."""
        return checks.rank(float(self.whole[at]), self._known(at))

    def p(self, which: NDArray[np.int64]) -> float | None:
        """The rank of the largest of some statistics, each by its spread."""
        spread = np.array([self.error(int(at))[0] for at in which])
        if not (np.isfinite(spread).all() and (spread > 0).all() and np.isfinite(self.whole[which]).all()):
            return None
        others = np.abs(self.others[:, which] / spread).max(axis=1)
        return checks.rank(float(np.abs(self.whole[which] / spread).max()), others)

    def _known(self, at: int) -> Array:
        values = self.others[:, at]
        return np.asarray(values[np.isfinite(values)])


def _statistics(windows: Windows, lead: int, shown: bool) -> Array:
    path = windows.path() if shown else np.empty(0)
    return np.concatenate([[windows.effect()], windows.early(lead), path])


def _sure(used: Windows, asked: Settings, shown: bool) -> Jackknife | _InStead:
    if np.unique(used.cluster[used.treated]).size >= FEW:
        return Jackknife.of(used.cluster, used.treated, lambda kept: _statistics(used.keep(kept), asked.lead, shown))
    others = np.array(_in_stead(used, shown, asked.lead)[1])
    whole = _statistics(used, asked.lead, shown)
    return _InStead(whole, others.reshape(-1, whole.size) / np.sqrt(used.treated.sum()))


def _either(joint: float | None, slope: float | None) -> float | None:
    """The p-value of neither the thirds together nor the slope (Bonferroni): with a dozen places the joint test alone
    sees few of the trends that a slope shows."""
    known = [p for p in (joint, slope) if p is not None]
    return min(1.0, len(known) * min(known)) if known else None


def _in_stead(used: Windows, shown: bool, lead: int) -> tuple[list[str], list[Array]]:
    """The statistics of each control treated alone in a treated place's stead, beside the other controls."""
    controls = np.flatnonzero(~used.treated)
    starts = np.sort(used.starts[used.treated])
    names: list[str] = []
    found: list[Array] = []
    for n, unit in enumerate(controls):
        other = np.full(len(used.units), NEVER)
        other[unit] = starts[n % starts.size]
        alone = used.starting(other).keep(~used.treated)
        if (alone.target.any() and alone.untreated[alone.treated].any()) and len(controls) > 1:
            names.append(used.units[unit])
            found.append(_statistics(alone, lead, shown))
    return names, found


def _reassigned(used: Windows, times: int, draws: np.random.Generator) -> float | None:
    """The rank of the studentised effect among starts dealt out anew."""
    if not (~used.treated).any():
        return None
    own = used.studentised()
    return checks.rank(own, [used.starting(draws.permutation(used.starts)).studentised() for _ in range(times)])


def _far(whole: Windows, near_km: float | None) -> Windows:
    """Without the controls near a treated place, as long as enough are left."""
    if near_km is None:
        return whole
    near = ~whole.treated & (whole.km <= near_km)
    left = whole.keep(~near)
    return left if _controls(left) >= checks.CONTROLS else whole


def _spilt(used: Windows) -> float | None:
    """The p-value of no movement of the nearest third of the controls beside the others, as events come."""
    controls = used.keep(~used.treated & np.isfinite(used.km))
    n = len(controls.units)
    if n < 2 * 3:
        return None
    nearest = np.zeros(n, dtype=bool)
    nearest[np.argsort(controls.km, kind="stable")[: max(3, n // 3)]] = True
    around = used.keep(used.treated | np.isin(used.units, controls.units))
    marks = np.isin(around.units, [unit for unit, near in zip(controls.units, nearest, strict=True) if near])

    def measure(kept: Mask) -> Array:
        return np.array([around.keep(kept | around.treated).reach(marks[kept | around.treated])])

    jack = Jackknife.of(
        around.cluster[~around.treated],
        marks[~around.treated],
        lambda kept: measure(_widened(around, kept)),
    )
    return jack.p(np.array([0]))


def _widened(around: Windows, kept: Mask) -> Mask:
    whole = around.treated.copy()
    whole[~around.treated] = kept
    return whole


def _variant(kind: str, name: str, windows: Windows, asked: Settings) -> Iterator[Variant]:
    if not (windows.treated.any() and np.isfinite(windows.effect())):
        return
    sure = _sure(windows, replace(asked, lead=min(asked.lead, max(1, windows.before // 2))), False)
    low, high = sure.interval(EFFECT) or (None, None)
    yield Variant("radius" if kind == "radius" else "window", name, float(sure.whole[EFFECT]), low, high)


def _choices(variants: Sequence[Variant]) -> list[Variant]:
    """Those whose estimate ought to be the same: controls that an event may have reached are shown, not held to it."""
    return [one for one in variants if not (one.kind == "radius" and one.name == "0")]


def _left_out(outcome: Outcome, whole: Windows, used: Windows) -> dict[str, Literal["near", "unknown"]]:
    """Controls of the outcome that the design does not use."""
    left = (unit for unit in outcome.controls if unit not in used.units)
    return {unit: "near" if unit in whole.units else "unknown" for unit in left}


def _controls(windows: Windows) -> int:
    """Units that say what would have been: never treated, or not yet when another was."""
    first = int(windows.starts[windows.treated].min(initial=NEVER))
    months = np.arange(windows.values.shape[1])
    return int((windows.untreated & (months >= first)[None, :]).any(axis=1).sum())


def _before(outcome: Outcome, before: int) -> Check:
    """The fewest known months before of any treated unit."""
    known = [
        int(np.isfinite(outcome.of(unit)[max(0, outcome.starts[unit] - before) : max(0, outcome.starts[unit])]).sum())
        for unit in outcome.treated
    ]
    return checks.enough_before(min(known, default=0))


def _names(windows: Windows, which: Mask) -> tuple[str, ...]:
    return tuple(unit for unit, one in zip(windows.units, which, strict=True) if one)

"""Effects of invented events: does each design find what was put in, find nothing where nothing was, and refuse?

`python -m bench effects` measures these alone. Every world says how it was made, so that a design can be held to it:
`null` nothing happened; `effect` it did; `scaled` it did, and counts vary as much more as there are more of them;
`broken` treated and controls ran apart before; `anticipated` the effect began before the event; `contaminated` the
nearest controls felt it too. Seeds are the numbers of the replications.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.measure import Line
from harmattan.models.effect.effect import Design, Effect
from harmattan.models.effect.interrupted import interrupted
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.sdid import sdid
from harmattan.models.effect.staggered import staggered
from harmattan.models.effect.synthetic import synthetic
from harmattan.vocabulary.period import Month

Array = NDArray[np.float64]
KINDS = ("null", "effect", "scaled", "broken", "anticipated", "contaminated")
REPLICATIONS: Mapping[Design, int] = {"staggered": 400, "synthetic": 200, "sdid": 120, "interrupted": 300}
"""Of the worlds where the design holds; those to refuse take a quarter."""
COVERAGE, SIZE = (0.92, 0.98), 0.07
EARLY = 6
"""Months by which an anticipated effect comes before its event."""
BEFORE, AFTER = 60, 12


@dataclass(frozen=True)
class Simulated:
    """An invented outcome and the mean effect that was put into a treated unit's month."""

    outcome: Outcome
    truth: float


def counted(mean: Array, dispersion: float, decay: float, draws: np.random.Generator) -> Array:
    """Negative binomial counts, shape as `mean`, whose gamma noise is tied from month to month."""
    from scipy.special import gammaincinv, ndtr

    normal = draws.normal(size=mean.shape)
    for month in range(1, mean.shape[1]):
        normal[:, month] = decay * normal[:, month - 1] + np.sqrt(1 - decay**2) * normal[:, month]
    noise = dispersion * gammaincinv(1 / dispersion, ndtr(normal))
    return draws.poisson(mean * noise).astype(np.float64)


def places(kind: str, seed: int, *, treated: int = 12, controls: int = 30, times: float = 3.0) -> Simulated:
    """Deaths around bases, sparse and uneven: bases close in different months, and twice as much is counted there.

    With an effect, deaths become `times` as many; controls are 20, 40, … km away, and a third of them may feel it.
    """
    draws = np.random.default_rng([seed, KINDS.index(kind), 1])
    units, months = treated + controls, 108
    level = draws.gamma(2.0, 1.0, units) + 0.3
    level[:treated] *= 2
    mean = level[:, None] * np.exp(0.3 * np.sin(np.arange(months) / 9))[None, :]
    starts = draws.integers(36, 92, treated)
    truth = 0.0
    since = np.arange(months)[None, :] - np.concatenate([starts, np.zeros(controls, dtype=int)])[:, None]
    raised = np.zeros((units, months), dtype=bool)
    if kind in ("effect", "contaminated"):
        raised[:treated] = since[:treated] >= 0
    if kind == "anticipated":
        raised[:treated] = since[:treated] >= -EARLY // 2
    if kind == "broken":
        mean[:treated] *= np.exp(np.clip(since[:treated] + 24, 0, 36) * 0.06)
    plain = mean.copy()
    mean = np.where(raised, mean * times, mean)
    if kind == "contaminated":
        share = (np.arange(months)[None, :] >= np.sort(starts)[:, None]).mean(axis=0)
        near = slice(treated, treated + controls // 3)
        mean[near] *= 1 + (2 * times - 1) * share[None, :]
    late = (since[:treated] >= 0) & (since[:treated] < AFTER)
    truth = float((mean - plain)[:treated][late].mean())
    names = tuple(f"base {n}" for n in range(treated)) + tuple(f"place {n}" for n in range(controls))
    km = {name: 20.0 * (n + 1) for n, name in enumerate(names[treated:])}
    values = counted(mean, 0.8, 0.3, draws)
    shut = dict(zip(names, starts.tolist(), strict=False))
    return Simulated(Outcome(names, Month(2012, 1), values, shut, km), truth)


def countries(kind: str, seed: int, *, controls: int = 24, times: float = 2.5) -> Simulated:
    """Deaths by country: two tides common to all, felt more here and less there; one country has the event."""
    draws = np.random.default_rng([seed, KINDS.index(kind), 2])
    units, months = controls + 1, BEFORE + AFTER
    tide = np.zeros((2, months))
    for month in range(1, months):
        tide[:, month] = 0.85 * tide[:, month - 1] + draws.normal(0, 0.12, 2)
    felt = draws.uniform(0.2, 1.0, (units, 2))
    level = draws.uniform(40, 120, units)
    level[0] = 80.0
    mean = level[:, None] * np.exp(felt @ tide)
    since = np.arange(months) - BEFORE
    begins = -EARLY if kind == "anticipated" else 0
    plain = mean.copy()
    if kind in ("scaled", "anticipated", "contaminated"):
        mean[0] = np.where(since >= begins, mean[0] * times, mean[0])
    if kind == "broken":
        mean[0] *= np.exp(np.clip(since + 40, 0, None) * 0.03)
        plain = mean.copy()
    if kind == "contaminated":
        mean[1 : 1 + controls // 3] *= np.where(since >= 0, times, 1.0)
    values = counted(mean, 0.04, 0.2, draws)
    truth = float((mean - plain)[0, since >= 0].mean())
    if kind == "effect":
        truth = (times - 1) * level[0]
        values[0] += np.where(since >= 0, draws.poisson(truth, months), 0)
    names = ("treated", *(f"country {n}" for n in range(controls)))
    km = {name: 100.0 * (n + 1) for n, name in enumerate(names[1:])}
    return Simulated(Outcome(names, Month(2016, 1), values, {"treated": BEFORE}, km), truth)


def alone(kind: str, seed: int, *, times: float = 2.5) -> Simulated:
    """One series with trend and season; broken: its level jumped in the middle of the months before."""
    draws = np.random.default_rng([seed, KINDS.index(kind), 3])
    month = np.arange(BEFORE + AFTER)
    mean = 30 * np.exp(0.005 * month + 0.3 * np.sin(2 * np.pi * month / 12))
    if kind == "broken":
        mean = mean * np.where(month >= BEFORE // 2, 4.0, 1.0)
    plain = mean.copy()
    if kind in ("effect", "anticipated"):
        mean = np.where(month >= BEFORE - (EARLY if kind == "anticipated" else 0), mean * times, mean)
    truth = float((mean - plain)[BEFORE:].mean())
    return Simulated(
        Outcome(("treated",), Month(2016, 1), counted(mean[None], 0.1, 0.3, draws), {"treated": BEFORE}), truth
    )


MADE: Mapping[Design, Callable[[str, int], Simulated]] = {
    "staggered": places, "synthetic": countries, "sdid": countries, "interrupted": alone,
}  # fmt: skip
RUN: Mapping[Design, Callable[[Outcome], Effect]] = {
    "staggered": partial(staggered, reassigned=99, shown=False),
    "synthetic": synthetic,
    "sdid": sdid,
    "interrupted": interrupted,
}
HOLDS: Mapping[Design, tuple[str, ...]] = {
    "staggered": ("null", "effect"),
    "synthetic": ("null", "effect", "scaled"),
    "sdid": ("null", "effect", "scaled"),
    "interrupted": ("null", "effect"),
}
"""Of bases and of one series `effect` is scaled as well."""
REFUSED: Mapping[Design, tuple[str, ...]] = {
    "staggered": ("broken", "anticipated", "contaminated"),
    "synthetic": ("broken", "anticipated", "contaminated"),
    "sdid": ("broken", "anticipated", "contaminated"),
    "interrupted": ("broken", "anticipated"),
}
"""An interrupted series has no controls that could be contaminated."""


@dataclass(frozen=True)
class Outcomes:
    """What a design said of many worlds of one kind."""

    verdicts: Counter[str]
    failed: Counter[str]
    covered: float
    """Share of intervals that hold the truth, of all replications; no interval does not."""
    bias: float
    n: int
    seconds: float

    def share(self, *verdicts: str) -> float:
        """The share of worlds with one of these verdicts."""
        return sum(self.verdicts[one] for one in verdicts) / self.n


def tried(design: Design, kind: str, seed: int) -> tuple[str, tuple[str, ...], bool, float]:
    """Verdict, checks that failed, whether the interval holds the truth, and estimate less truth."""
    made = MADE[design](kind, seed)
    found = RUN[design](made.outcome)
    failed = tuple(check.name for check in found.checks if check.passed is False)
    if found.estimate is None or found.estimate.low is None or found.estimate.high is None:
        return found.verdict, failed, False, float("nan")
    covered = found.estimate.low <= made.truth <= found.estimate.high
    return found.verdict, failed, covered, found.estimate.value - made.truth


def many(design: Design, kind: str, seeds: Sequence[int], workers: int = 2) -> Outcomes:
    """All of these worlds."""
    from joblib import Parallel, delayed

    begun = time.perf_counter()
    found = Parallel(n_jobs=workers)(delayed(tried)(design, kind, seed) for seed in seeds)
    verdicts, failed, covered, off = zip(*found, strict=True)
    return Outcomes(
        Counter(verdicts), Counter(name for names in failed for name in names), float(np.mean(covered)),
        float(np.nanmean(off)), len(found), time.perf_counter() - begun,
    )  # fmt: skip


def lines(scale: float = 1.0) -> list[Line]:
    """The figures of this bench; `scale` times as many replications."""
    made: list[Line] = []
    for design, replications in REPLICATIONS.items():
        whole = max(4, round(replications * scale))
        for kind in (*HOLDS[design], *REFUSED[design]):
            n = whole if kind in HOLDS[design] else max(4, whole // 4)
            made += _told(design, kind, many(design, kind, range(n)))
    return made


def _told(design: Design, kind: str, found: Outcomes) -> list[Line]:
    """The lines of a design and a kind of world. A rate that must be high is told by what it lacks."""
    failed = ", ".join(f"{name} {count / found.n:.2f}" for name, count in found.failed.most_common())
    how = f"{found.n} replications in {found.seconds:.0f} s; checks that failed: {failed or 'none'}"

    def says(what: str, measured: float, limit: float | None) -> Line:
        return Line(what, measured, limit, "", how)

    if kind in REFUSED[design]:
        return [says(f"{design}, {kind}: not refused", 1 - found.share("refused"), 0.2)]
    low, high = COVERAGE
    off = max(0.0, low - found.covered, found.covered - high)
    told = f"covers {found.covered:.3f}, bias {found.bias:+.2f}"
    held = None if kind == "scaled" else 0.0
    cover = Line(f"{design}, {kind}: coverage of 95 %, beyond 92-98 %", off, held, "", told)
    if kind == "null":
        return [cover, says(f"{design}, null: raised or lowered", found.share("raised", "lowered"), SIZE)]
    return [cover, says(f"{design}, {kind}: not raised", 1 - found.share("raised"), None),
            says(f"{design}, {kind}: lowered", found.share("lowered"), 0.0)]  # fmt: skip

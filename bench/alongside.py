"""Posting beside invented events: how often chance passes for an association, and how strong one must be to be found.

`python -m bench alongside` measures these alone. Every series is counts by day, tied from day to day, in bursts, with a
weekly rhythm. In null worlds posts and events know nothing of each other; `rhythm` both have the same week, `trend`
both grow alike, `swell` both rise and fall with one slow wave, `gaps` a quarter of the days of posts is unobserved,
`rare` there are few events, `short` 150 days. Seeds are the numbers of the replications.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.measure import Line
from bench.recovery import spread
from harmattan.influence.cross_correlation import Crossed, crossed
from harmattan.influence.event_study import Study, study

Array = NDArray[np.float64]
PAIRS = 400
DAYS = 730
KINDS = ("plain", "rhythm", "trend", "swell", "gaps", "rare", "short")
LEVEL = 0.05
MISSED = 0.2
"""Most that may be missed at the stated coupling."""
COUPLED = (0.1, 0.2, 0.4)
"""log(1 + posts) rises by so much with each unit of log(1 + events) `LAG` days before; the second is stated."""
LAG = 3
MILESTONES, RAISED = 10, (0.75, 1.5)
"""How many events, and by how much they raise the logarithm of posting, half of it gone in five days; the last is
stated."""
PLACEMENTS = 499


def course(n: int, draws: np.random.Generator, *, decay: float, spread_: float, week: Array | None = None) -> Array:
    """The logarithm of what is expected on each of n days: memory, a week of its own or a given one, and bursts."""
    noise = draws.normal(0, spread_ * np.sqrt(1 - decay**2), n)
    tied = np.zeros(n)
    for day in range(1, n):
        tied[day] = decay * tied[day - 1] + noise[day]
    own = draws.normal(0, 0.3, 7) if week is None else week
    bursts = np.zeros(n)
    for start in draws.choice(n, max(1, n // 120), replace=False):
        size = draws.gamma(2.0, 0.6)
        lasting = np.arange(min(20, n - start))
        bursts[start : start + 20] += size * np.exp(-lasting / 4)
    return tied + own[np.arange(n) % 7] + bursts


def worlds(kind: str, seed: int, coupling: float = 0.0) -> tuple[Array, Array]:
    """Posts and events by day, each (n,): negative binomial counts about their courses."""
    draws = np.random.default_rng([seed, KINDS.index(kind), 4])
    n = 150 if kind == "short" else DAYS
    week = draws.normal(0, 0.5, 7) if kind == "rhythm" else None
    posts = course(n, draws, decay=0.7, spread_=0.6, week=week) + np.log(20)
    events = course(n, draws, decay=0.6, spread_=0.5, week=week) + np.log(0.15 if kind == "rare" else 1.5)
    together = np.zeros(n)
    if kind == "trend":
        together = 2.0 * np.arange(n) / n
    if kind == "swell":
        together = np.sin(2 * np.pi * np.arange(n) / 180 + draws.uniform(0, 6))
    happened = draws.poisson(np.exp(events + together) * draws.gamma(2.0, 0.5, n)).astype(float)
    moved = np.zeros(n)
    moved[LAG:] = coupling * np.log1p(happened)[: n - LAG]
    written = draws.poisson(np.exp(posts + together + moved) * draws.gamma(4.0, 0.25, n)).astype(float)
    if kind == "gaps":
        for start in range(0, n, 120):
            written[start : start + 30] = np.nan
    return written, happened


def laid(seed: int, kind: str, coupling: float, turned: bool, resampled: int = PLACEMENTS) -> Crossed:
    """The two series of a world laid beside each other; `turned` events follow the posts."""
    posts, events = worlds(kind, seed, coupling)
    draws = np.random.default_rng([seed, 6])
    return crossed(*((events, posts) if turned else (posts, events)), draws, draws=resampled)


def studied(seed: int, kind: str, raised: float) -> Study:
    """An event study of milestones at random days: half of them alone, half within ten days of another."""
    posts, _events = worlds(kind, seed)
    draws = np.random.default_rng([seed, KINDS.index(kind), 5])
    alone = draws.choice(np.arange(30, len(posts) - 30), MILESTONES // 2, replace=False)
    days = np.unique(np.concatenate([alone, alone + draws.integers(1, 10, len(alone))]))
    for day in days if raised else ():
        fading = np.exp(-np.log(2) * np.arange(min(28, len(posts) - day)) / 5)
        posts[day : day + 28] = np.round(posts[day : day + 28] * np.exp(raised * fading))
    return study(posts, days, np.random.default_rng(seed), placements=PLACEMENTS)


def lines(scale: float = 1.0) -> list[Line]:
    """The figures of this bench; `scale` times as many replications."""
    pairs = max(4, round(PAIRS * scale))
    return [*_sizes("cross-correlation", partial(laid, coupling=0.0, turned=False), pairs),
            *_sizes("event study", partial(studied, raised=0.0), pairs), *_powers(max(4, pairs // 2))]  # fmt: skip


def _sizes(what: str, test: Callable[..., Crossed | Study], pairs: int) -> list[Line]:
    """Verdicts that chance brought about, in each kind of world and in all."""
    found, whole = [], []
    for kind in KINDS:
        begun = time.perf_counter()
        verdicts = spread(partial(_verdict, partial(test, kind=kind)), pairs)
        passed = [one not in ("nothing", "unknown") for one in verdicts]
        whole += passed
        untold = verdicts.count("unknown")
        how = f"{pairs} pairs in {time.perf_counter() - begun:.0f} s; of {untold} nothing could be told"
        found.append(Line(f"{what}, {kind}: pass at 5 %", float(np.mean(passed)), _limit(pairs), "", how))
    how = "limits: 5 % and two standard errors of that many pairs"
    return [*found, Line(f"{what}: pass at 5 %, all kinds", float(np.mean(whole)), _limit(len(whole)), "", how)]


def _powers(pairs: int) -> list[Line]:
    """What is missed of true couplings, by their strength; only the stated one has a limit."""
    found = []
    for coupling in COUPLED:
        for turned, right in ((False, "posts_follow"), (True, "events_follow")):
            laid_ = partial(laid, kind="plain", coupling=coupling, turned=turned)
            verdicts = spread(partial(_verdict, laid_), pairs)
            told = [len(verdicts) - verdicts.count(one) for one in (right, "both", "nothing")]
            how = f"{pairs} pairs; called both {pairs - told[1]}, nothing {pairs - told[2]}, at lag {LAG}"
            what = f"{right.replace('_', ' ')} by {coupling:g} in the logarithm: not found"
            found.append(Line(what, told[0] / pairs, MISSED if coupling == COUPLED[1] else None, "", how))
    for raised in RAISED:
        verdicts = spread(partial(_verdict, partial(studied, kind="plain", raised=raised)), pairs)
        missed = sum(one not in ("after", "both") for one in verdicts) / pairs
        what = f"posting {np.exp(raised):.1f} times after {MILESTONES} events: not found"
        how = f"{pairs} series; called before or both: {sum(one in ('before', 'both') for one in verdicts)}"
        found.append(Line(what, missed, MISSED if raised == RAISED[-1] else None, "", how))
    return found


def _verdict(test: Callable[[int], Crossed | Study], seed: int) -> str:
    return test(seed).verdict


def _limit(pairs: int) -> float:
    return LEVEL + 2 * float(np.sqrt(LEVEL * (1 - LEVEL) / pairs))

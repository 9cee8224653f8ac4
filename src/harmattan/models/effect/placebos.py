"""What a design gives where nothing happened, and where somebody else would have chosen otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.effect import checks
from harmattan.models.effect.effect import Check, Placebo, Variant
from harmattan.models.effect.matching import Everyone, Match, Matcher
from harmattan.models.effect.outcome import Outcome, Values
from harmattan.models.effect.pool import ACTIVE, BESIDE_KM, Setting, setting

SETS = 200
"""Placebos in space where several units are treated: as many sets of as many donors."""
FALSE_STARTS = 60
"""Most placebos in time."""
HEAVIEST = 12
"""Donors left out one at a time."""
CARRIES = 1e-3
"""Smallest weight that is shown."""
NOTHING_LEFT = 1e-6
"""A placebo whose error before is a smaller part of its own deviation was matched by a copy of itself."""
RADII_KM = (500.0, 1000.0)
MORE_ACTIVE = 0.5
SIMILAR = 5.0
"""Times the mean of the treated before, or it of theirs: donors of the treated unit's size."""

Interval = Callable[[Setting, Match], tuple[float, float] | None]


def in_space(setting: Setting, match: Matcher, everyone: Everyone, seed: int) -> tuple[Placebo, ...]:
    """Each donor in turn as if treated, by the other donors; of several treated units, sets of as many donors.

    A placebo counts where it would pass the check `pre_fit` itself, the rule that the treated unit is held to. Abadie,
    Diamond & Hainmueller (2010), doi:10.1198/jasa.2009.ap08746, leave out by multiples of the treated unit's error,
    which is unfair between large and small units; the ratio of errors needs no such rule.
    """
    size = len(setting.treated)
    if size == 1:
        found = zip(setting.donors, setting.values, everyone(setting), strict=False)
        return tuple(_placebo(name, "space", target, one) for name, target, one in found)
    out = []
    for units in _sets(setting, size, seed):
        other = setting.treating(units)
        out.append(_placebo(" + ".join(units), "space", other.target, match(other)))
    return tuple(out)


def _sets(setting: Setting, size: int, seed: int) -> Iterator[tuple[str, ...]]:
    if len(setting.donors) <= size:
        return
    rng = np.random.default_rng(seed)
    seen = set()
    for _ in range(SETS):
        rows = tuple(sorted(rng.choice(len(setting.donors), size, replace=False).tolist()))
        if rows not in seen:
            seen.add(rows)
            yield tuple(setting.donors[row] for row in rows)


def _placebo(name: str, kind: str, target: Values, match: Match) -> Placebo:
    before = target[: match.start]
    fit = checks.pre_fit(before, before - match.gaps[: match.start])
    copied = match.pre_error <= NOTHING_LEFT * float(before.std())
    gaps = tuple(float(gap) for gap in match.gaps)
    return Placebo(name, "space" if kind == "space" else "time", match.effect, match.pre_error, match.post_error, gaps,
                   counted=bool(fit.passed) and not copied)  # fmt: skip


def in_time(outcome: Outcome, setting: Setting, match: Matcher) -> tuple[Placebo, ...]:
    """Earlier months as if the event had been then: the effect in the months that follow, all before the event.

    The same number of months follows each as follows the event, or a third of those before where they are fewer. False
    starts begin half-way through the months before (one needs months to learn from) and are at most `FALSE_STARTS`.
    """
    length = max(1, min(setting.after, setting.start // 3))
    first, last = max(2, setting.start // 2), setting.start - length
    if last < first:
        return ()
    starts = np.unique(np.linspace(first, last, min(FALSE_STARTS, last - first + 1)).astype(int))
    out = []
    for start in starts:
        earlier = setting.until(int(start) + length, int(start))
        name = str(outcome.month(earlier.positions[earlier.start]))
        out.append(_placebo(name, "time", earlier.target, match(earlier)))
    return tuple(out)


def variants(
    outcome: Outcome, setting: Setting, found: Match, match: Matcher, interval: Interval,
    *, active: float = ACTIVE, beside_km: float = BESIDE_KM,
) -> tuple[Variant, ...]:  # fmt: skip
    """The estimate without each of the heaviest donors, with other donors, radii and windows, and from logarithms.

    Names: the donor left out; `all`, `more_active`, `similar` and `with_near` of donors; kilometres of radii; the first
    month of windows; `log` of the measure.
    """
    out = []
    heaviest = sorted(range(len(setting.donors)), key=lambda row: (-found.weights[row], row))[:HEAVIEST]
    if len(setting.donors) > 1:
        for row in heaviest:
            if found.weights[row] >= CARRIES:
                out.append(_variant("leave_one_out", setting.donors[row], setting.without(setting.donors[row]), match,
                                    interval))  # fmt: skip
    for kind, name, other in _others(outcome, setting, active, beside_km):
        out.append(_variant(kind, name, other, match, interval))
    logs = _from_logs(setting, match)
    if logs is not None:
        out.append(Variant("measure", "log", logs, None, None))
    return tuple(out)


def _variant(kind: str, name: str, other: Setting, match: Matcher, interval: Interval) -> Variant:
    found = match(other)
    ends = interval(other, found) or (None, None)
    return Variant(kind, name, found.effect, *ends)  # type: ignore[arg-type]


def _others(outcome: Outcome, main: Setting, active: float, beside_km: float) -> Iterator[tuple[str, str, Setting]]:
    """Other pools and windows, where they differ from what was done and leave two donors."""
    pools: list[tuple[str, str, float, float, float | None]] = [
        ("donors", "all", 0.0, beside_km, None), ("donors", "more_active", MORE_ACTIVE, beside_km, None),
        ("donors", "similar", active, beside_km, SIMILAR), ("donors", "with_near", active, -1.0, None),
        *(("radius", f"{km:.0f}", active, km, None) for km in RADII_KM),
    ]  # fmt: skip
    seen = {main.donors}
    for kind, name, least, km, within in pools:
        kept = _pool(outcome, least, km, within)
        if kept is not None and len(kept.donors) > 1 and kept.donors not in seen:
            seen.add(kept.donors)
            yield kind, name, kept
    for share in (1 / 3, 1 / 2):
        first = round(main.start * share)
        if first > 0 and main.start - first >= checks.BEFORE:
            yield "window", str(outcome.month(main.positions[first])), main.since(first)


def _pool(outcome: Outcome, active: float, beside_km: float, within: float | None) -> Setting | None:
    try:
        return setting(outcome, active=active, beside_km=beside_km, within=within)
    except UsageError:
        return None


def _from_logs(main: Setting, match: Matcher) -> float | None:
    """The effect where log(1 + y) is matched, in the unit of the outcome; None where something is negative.

    What is expected is brought back by a factor that makes it right on average before (Duan 1983,
    doi:10.1080/01621459.1983.10478017).
    """
    if main.target.min() < 0 or main.values.min() < 0:
        return None
    logs = replace(main, target=np.log1p(main.target), values=np.log1p(main.values))
    expected = np.expm1(np.minimum(logs.target - match(logs).gaps, 2 * logs.target.max() + 1))
    level = float(expected[: main.start].mean())
    if level <= 0:
        return None
    factor = float(main.target[: main.start].mean()) / level
    return float((main.target - factor * expected)[main.start :].mean())


def sizes(placebos: tuple[Placebo, ...], alike: bool) -> Values:
    """Effects of the placebos that count, each by its error before unless units are `alike` in their noise."""
    return np.array([one.effect if alike else one.effect / one.pre_error for one in placebos if one.counted])


def trend(gaps: Values) -> float | None:
    """The p-value of no trend in gaps before, shape (months,); errors may follow a first-order autoregression."""
    from scipy.special import stdtr

    n = len(gaps)
    if n < 8:
        return None
    time = np.arange(n) - (n - 1) / 2
    slope = float(time @ gaps / (time @ time))
    left = gaps - gaps.mean() - slope * time
    spread = float(left @ left)
    if spread <= 1e-18 * float(gaps @ gaps) or spread == 0:
        return 1.0 if slope == 0 else None
    rho = min(max(float(left[1:] @ left[:-1]) / spread, 0.0), 0.95)
    inflated = (1 + rho) / (1 - rho)
    error = np.sqrt(spread / (n - 2) / (time @ time) * inflated)
    return float(2 * stdtr(max(n / inflated - 2, 1.0), -abs(slope) / error))


def nearest(setting: Setting, weights: Values) -> Setting | None:
    """The nearest third of the donors that carry weight, as if treated, by the donors that are farther.

    None where distances are not known, or fewer than two donors are farther.
    """
    carrying = [
        (setting.km[unit], unit)
        for unit, weight in zip(setting.donors, weights, strict=True)
        if weight >= CARRIES and unit in setting.km
    ]
    if not carrying:
        return None
    near = [unit for _, unit in sorted(carrying)[: -(-len(carrying) // 3)]]
    limit = max(setting.km[unit] for unit in near)
    closer = [unit for unit in setting.donors if unit not in near and setting.km.get(unit, np.inf) <= limit]
    other = setting.without(*closer).treating(tuple(near))
    return other if len(other.donors) > 1 else None


def space_check(p: float | None, placebos: tuple[Placebo, ...]) -> Check:
    """Ranks among fewer than 19 placebos cannot reach 5 %: the effect must then be the most extreme of all."""
    return _ranked(checks.placebo_space, p, sum(one.counted for one in placebos))


def time_check(effect: float, placebos: tuple[Placebo, ...]) -> Check:
    """The same among earlier months; with fewer than five the check cannot be made."""
    return _ranked(checks.placebo_time, checks.rank(effect, [one.effect for one in placebos]), len(placebos))


def _ranked(check: Callable[[float | None, float], Check], p: float | None, count: int) -> Check:
    return check(p if count >= checks.CONTROLS else None, max(checks.LEVEL, 1 / (count + 1)))

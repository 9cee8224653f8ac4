"""Which couplings pass the tests: every directed pair and all together, with the error held over the whole family.

Each pair is held to two tests, shifts (`shifting`) and forecasts (`ahead`), and must pass both. With twenty pairs one
passes any single test at 5 % by chance; therefore the p of shifts is adjusted over all pairs, so that the chance that
any pair without coupling passes stays below 5 % (family-wise, step-down by the largest statistic: Romano & Wolf 2005,
doi:10.1198/016214504000000539). Forecasts are a second hurdle after it and can only lower that chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from harmattan.models.spillover import ahead as scoring
from harmattan.models.spillover.apart import Apart, apart, memory
from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.shifting import joint, lifts, retold, share, told
from harmattan.models.spillover.spec import Spec
from harmattan.models.spillover.tested import Ahead, Shifted, Tested

MOST_UNITS = 400
"""All together are not tested for more units than these: the shifted histories would not fit in memory."""
Pair = tuple[int, int]


def tested(
    counts: Counts, spec: Spec, *, shifts: int = 199, origins: int = 36, seed: int, fitted: Fit | None = None
) -> tuple[Tested, ...]:
    """All couplings together, then every directed pair where weights are free: what may be said of each.

    `fitted` is the model of these counts and this specification, where it is there already. Same counts and seed, same
    tests. Nothing where the specification has no coupling. Raises UsageError where the model cannot be fitted.
    """
    from harmattan.models.spillover.fit import fit

    if spec.coupling is None:
        return ()
    fitted = fit(counts, spec) if fitted is None else fitted
    matrix = np.asarray(fitted.matrix.todense())
    remembered = memory(counts, spec, fitted)
    slow, plain = apart(counts, spec, *remembered), apart(counts, spec, *remembered, slow=False)
    rng = np.random.default_rng(seed)
    again = {}
    if len(counts.units) <= MOST_UNITS:
        again = {source: retold(slow, source, shifts, rng) for source in range(len(counts.units))}
    whole = _together(slow, plain, matrix, again, shifts, origins, rng)
    if slow.weights is not None:
        return (whole,)
    return whole, *_pairs(slow, plain, matrix, again, origins)


def _together(
    slow: Apart,
    plain: Apart,
    matrix: Values,
    again: Mapping[int, Values | None],
    shifts: int,
    origins: int,
    rng: np.random.Generator,
) -> Tested:
    """All couplings: every source shifted by its own, the rises of all units added up."""
    units = len(matrix)
    others = float(matrix.sum() - np.trace(matrix)) / units
    shifted = None
    told_again = {source: pasts for source, pasts in again.items() if pasts is not None}
    if len(told_again) > 1 and all(source in told_again for source in np.flatnonzero(~slow.silent)):
        pasts = np.repeat(slow.past[None], shifts + 1, axis=0)
        for source, turned in told_again.items():
            pasts[1:, source] = turned[rng.integers(len(turned), size=shifts)]
        rises = joint(slow, pasts)
        shifted = Shifted(float(rises[0]), tuple(rises[1:].tolist()), share(float(rises[0]), rises[1:]))
    gains = np.array([_gain(plain, unit, None, origins) for unit in range(units)])
    return Tested(None, None, others, shifted, scoring.judged(gains, slow.counts.units))


def _pairs(
    slow: Apart, plain: Apart, matrix: Values, again: Mapping[int, Values | None], origins: int
) -> tuple[Tested, ...]:
    """Every directed pair, source by source."""
    names = slow.counts.units
    pairs = [(source, target) for source in range(len(names)) for target in range(len(names))]
    pairs = [(source, target) for source, target in pairs if source in slow.sources[target]]
    roots = {}
    for source, target in pairs:
        turned = again.get(source)
        if turned is not None and not slow.silent[target]:
            roots[source, target] = lifts(slow, source, target, turned)
    adjusted = family(roots)
    tests = []
    for source, target in pairs:
        shifted = None
        if (source, target) in roots:
            shifted = replace(told(*roots[source, target]), adjusted=adjusted[source, target])
        coefficient = float(matrix[target, source])
        tests.append(Tested(names[source], names[target], coefficient, shifted, _ahead(plain, source, target, origins)))
    return tuple(tests)


def _ahead(plain: Apart, source: int, target: int, origins: int) -> Ahead | None:
    if plain.silent[target] or plain.silent[source]:
        return None
    column = 1 + int(np.flatnonzero(plain.sources[target] == source)[0])
    return scoring.judged(_gain(plain, target, column, origins)[None], (plain.counts.units[target],))


def _gain(plain: Apart, target: int, column: int | None, origins: int) -> Values:
    """The log scores with every coupling less those without one column, or without any."""
    full = plain.fits[target].theta[0, plain.receivers[target].course.shape[1] :]
    without = list(range(1, len(full))) if column is None else [column]
    if plain.silent[target] or not without:
        return np.full(min(origins, len(plain.receivers[target].values)), np.nan)
    return scoring.rolling(plain, target, [], origins) - scoring.rolling(plain, target, without, origins)


def family(roots: Mapping[Pair, tuple[float, Values]]) -> dict[Pair, float]:
    """The p of each pair, so that the chance of any false one among them is held.

    `roots` has by (source, target) the statistic found and under each shift of the source. Each is set against the
    mean and spread of its own shifts. From the largest down, a pair's p is the chance that the largest of all that are
    not yet passed over would be as large, if every source were shifted by its own: within a source the shifts of all
    targets are the same ones, between sources they are independent.
    """
    if not roots:
        return {}
    found, null = {}, {}
    for pair, (one, shifts) in roots.items():
        middle, spread = shifts.mean(), max(float(shifts.std()), 1e-9)
        found[pair], null[pair] = (one - middle) / spread, (shifts - middle) / spread
    left = sorted(roots, key=lambda pair: (-found[pair], pair))
    adjusted: dict[Pair, float] = {}
    least = 0.0
    for at, pair in enumerate(left):
        none = 1.0
        for source in {one for one, _ in left[at:]}:
            largest = np.max([null[other] for other in left[at:] if other[0] == source], axis=0)
            as_large = int((largest >= found[pair] - 1e-9).sum()) + (source == pair[0])
            none *= 1 - as_large / (1 + len(largest))
        least = max(least, 1 - none)
        adjusted[pair] = float(least)
    return adjusted

"""Which couplings pass the tests: every directed pair and all together, with the error held over the whole family.

Each pair is held to two tests, shifts (`shifting`) and forecasts (`ahead`), and must pass both. With twenty pairs one
passes any single test at 5 % by chance; therefore the p of shifts is adjusted over all pairs, so that the chance that
any pair without coupling passes stays below 5 % (family-wise, step-down by the largest statistic: Romano & Wolf 2005,
doi:10.1198/016214504000000539). Forecasts are a second hurdle after it and can only lower that chance. Holm's rule
would never pass one of twenty pairs where 120 shifts are to be had, since its smallest p would be 20/121.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Trial:
    """What is tested, and what every test of it uses.

    `slow` is the model apart with slow movements (for shifts), `plain` without (for forecasts); `matrix` (units, units)
    has the coefficients that are spoken of; `again` the shifted histories of each source, None where there are too
    few; `full` the log scores of each unit with every coupling, shape (origins,).
    """

    slow: Apart
    plain: Apart
    matrix: Values
    again: Mapping[int, Values | None]
    full: tuple[Values, ...]
    origins: int


def tested(
    counts: Counts,
    spec: Spec,
    *,
    shifts: int = 199,  # noqa: PT028
    origins: int = 36,  # noqa: PT028
    seed: int,
    fitted: Fit | None = None,  # noqa: PT028
) -> tuple[Tested, ...]:
    """All couplings together, then every directed pair where weights are free: what may be said of each.

    `fitted` is the model of these counts and this specification, where it is there already. Same counts and seed, same
    tests. Nothing where the specification has no coupling. Raises UsageError where the model cannot be fitted.
    """
    from harmattan.models.spillover.fit import fit

    if spec.coupling is None:
        return ()
    fitted = fit(counts, spec) if fitted is None else fitted
    remembered = memory(counts, spec, fitted)
    slow, plain = apart(counts, spec, *remembered), apart(counts, spec, *remembered, slow=False)
    rng, units = np.random.default_rng(seed), range(len(counts.units))
    trial = Trial(
        slow=slow,
        plain=plain,
        matrix=np.asarray(fitted.matrix.todense()),
        again={unit: retold(slow, unit, shifts, rng) for unit in units} if len(units) <= MOST_UNITS else {},
        full=tuple(scoring.rolling(plain, unit, [], origins) for unit in units),
        origins=origins,
    )
    whole = _together(trial, shifts, rng)
    return (whole,) if slow.weights is not None else (whole, *_pairs(trial))


def _together(trial: Trial, shifts: int, rng: np.random.Generator) -> Tested:
    """All couplings: every source shifted by its own, the rises of all units added up."""
    units, matrix, slow = len(trial.full), trial.matrix, trial.slow
    turned = {source: pasts for source, pasts in trial.again.items() if pasts is not None}
    shifted = None
    if len(turned) > 1 and all(source in turned for source in np.flatnonzero(~slow.silent)):
        pasts = np.repeat(slow.past[None], shifts + 1, axis=0)
        for source, histories in turned.items():
            pasts[1:, source] = histories[rng.integers(len(histories), size=shifts)]
        rises = joint(slow, pasts)
        shifted = Shifted(float(rises[0]), tuple(rises[1:].tolist()), share(float(rises[0]), rises[1:]))
    gains = np.array([_gain(trial, unit, None) for unit in range(units)])
    others = float(matrix.sum() - np.trace(matrix)) / units
    return Tested(None, None, others, shifted, scoring.judged(gains, slow.counts.units))


def _pairs(trial: Trial) -> tuple[Tested, ...]:
    """Every directed pair, source by source."""
    slow, names = trial.slow, trial.slow.counts.units
    pairs = [(source, target) for source in range(len(names)) for target in range(len(names))]
    pairs = [(source, target) for source, target in pairs if source in slow.sources[target]]
    roots = {}
    for source, target in pairs:
        turned = trial.again.get(source)
        if turned is not None and not slow.silent[target]:
            roots[source, target] = lifts(slow, source, target, turned)
    adjusted = family(roots)
    tests = []
    for source, target in pairs:
        shifted = None
        if (source, target) in roots:
            shifted = replace(told(*roots[source, target]), adjusted=adjusted[source, target])
        coefficient = float(trial.matrix[target, source])
        tests.append(Tested(names[source], names[target], coefficient, shifted, _ahead(trial, source, target)))
    return tuple(tests)


def _ahead(trial: Trial, source: int, target: int) -> Ahead | None:
    """The forecasts of the target with and without the source."""
    plain = trial.plain
    if plain.silent[target] or plain.silent[source]:
        return None
    column = 1 + int(np.flatnonzero(plain.sources[target] == source)[0])
    return scoring.judged(_gain(trial, target, column)[None], (plain.counts.units[target],))


def _gain(trial: Trial, target: int, column: int | None) -> Values:
    """The log scores with every coupling less those without one column, or without any."""
    plain, full = trial.plain, trial.full[target]
    without = list(range(1, plain.columns(target).shape[-1])) if column is None else [column]
    if plain.silent[target] or not without:
        return np.full(len(full), np.nan)
    return full - scoring.rolling(plain, target, without, trial.origins)


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

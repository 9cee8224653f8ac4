"""Whether spillover models find what was put into invented worlds: intervals, errors, and nothing where nothing is.

`python -m bench recovery` measures these alone and draws recovery.svg.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.measure import Line
from bench.recovery_picture import draw
from bench.truths import Truth, chance, few, many
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.flows import flows
from harmattan.models.spillover.profile import intervals as profiles
from harmattan.models.spillover.signed import intervals
from harmattan.models.spillover.tested import LEVEL
from harmattan.models.spillover.testing import tested

HERE = Path(__file__).parent
CORES = 2
KINDS = ("coupling", "own", "endemic")
"""Of coefficients, whose intervals are held to the truth."""
ABSENT = "no coupling"
"""Coefficients that are 0: their intervals begin there, and may hold it up to always."""
AWAY = 3.0
"""Percentage points that the cover of a 95 % interval may lie away from 95."""
FALSE = 7.0
"""Per cent of pairs without coupling that may be called spillover."""
LENGTHS = (100, 200, 400, 800)
DISPERSION = 0.3
SHIFTS, ORIGINS = 99, 36
Found = TypeVar("Found")


def spread(work: Callable[[int], Found], replications: int, cores: int = CORES) -> list[Found]:
    """The same work for each replication, in order; each has its own seed, so that it does not matter who does it."""
    from joblib import Parallel, delayed, parallel_config

    if cores == 1:
        return [work(at) for at in range(replications)]
    with parallel_config("loky", inner_max_num_threads=1):
        return list(Parallel(n_jobs=cores, batch_size="auto")(delayed(work)(at) for at in range(replications)))


# Coverage


@dataclass(frozen=True)
class Coverage:
    """How often 95 % intervals held the truth, by kind of coefficient, over coefficients and replications."""

    truth: Truth
    periods: int
    replications: int
    inside: Counter[str]
    asked: Counter[str]

    def percent(self, kind: str) -> float:
        """Per cent of intervals that held the truth."""
        return 100 * self.inside[kind] / self.asked[kind]


def kind(name: str, meant: float) -> str:
    """What sort of coefficient a parameter is; a coupling that is not there is of its own sort."""
    part = name.partition(":")[0]
    if part == "coupling" and not meant:
        return ABSENT
    return {"decay": "coupling", "coupling": "coupling", "own": "own", "dispersion": "dispersion"}.get(part, "endemic")


def holds(span: tuple[float | None, float | None] | None, meant: float) -> bool:
    """Whether an interval has the truth; one that is not told does not."""
    if span is None:
        return False
    low, high = span
    return (low is None or low <= meant) and (high is None or meant <= high)


def replicate(truth: Truth, periods: int, pairs: int, number: int) -> list[tuple[str, bool]]:
    """One replication: a panel drawn and fitted, and for each coefficient whether its interval holds the truth.

    Of free pairs by profile likelihood, for so many by lot, half of them such that are there; others without bounds.
    """
    rng = chance(1, number)
    fitted = fit(truth.draw(periods, rng), truth.spec)
    meant = {name: truth.meant(name, periods) for name in fitted.names}
    free = [name for name in rng.permutation([name for name in fitted.names if ">" in name]) if ">" in name]
    there, absent = ([name for name in free if (meant[name] > 0) == real] for real in (True, False))
    lot = there[: max(pairs - len(absent), (pairs + 1) // 2)]
    spans = profiles(fitted, lot + absent[: pairs - len(lot)]) if free else {}
    told = intervals(fitted)
    spans |= {name: told[name] for name in fitted.names if ">" not in name}
    return [(kind(name, meant[name]), holds(span, meant[name])) for name, span in spans.items()]


def coverage(truth: Truth, periods: int, replications: int, pairs: int = 6, cores: int = CORES) -> Coverage:
    """How often the intervals hold in a world."""
    found = spread(partial(replicate, truth, periods, pairs), replications, cores)
    inside = Counter(what for each in found for what, holds in each if holds)
    return Coverage(truth, periods, replications, inside, Counter(what for each in found for what, _ in each))


# Shares of what is expected of a unit


def shared(truth: Truth, periods: int, number: int) -> list[tuple[str, bool, float]]:
    """For each unit's share that is endemic, own and from others: whether its interval holds it, and how far it is off.

    The true share is what stood behind the same counts.
    """
    counts = truth.draw(periods, chance(4, number))
    found = flows(fit(counts, truth.spec))
    past, endemic = counts.values[:, :-1].sum(axis=1), truth.endemic(periods)[:, 1:].sum(axis=1)
    own = np.diag(truth.matrix) * past
    others = truth.matrix @ past - own
    made = []
    for name, part, band in (
        ("endemic", endemic, found.endemic),
        ("own", own, found.own),
        ("others", others, found.others),
    ):
        share = part / (endemic + own + others)
        rows = zip(((band.low <= share) & (share <= band.high)).tolist(), (band.value - share).tolist(), strict=True)
        made += [(name, *row) for row in rows]
    return made


def share_lines(truth: Truth, periods: int, replications: int, cores: int = CORES) -> list[Line]:
    """How often intervals of shares hold the truth, and by how much the estimates are off on average."""
    found = [one for each in spread(partial(shared, truth, periods), replications, cores) for one in each]
    made = []
    for name in ("endemic", "own", "others"):
        rows = np.array([(holds, off) for what, holds, off in found if what == name], float)
        held, off = 100 * rows.mean(axis=0)
        how = f"of {len(rows):,}; {replications} panels of {periods} months; estimates are off by {off:+.1f} points"
        made.append(Line(f"{truth.name}: share {name} in its interval", float(held), None, "%", how))
    return made


# The error of the matrix by the length of the panel


def error(truth: Truth, periods: int, number: int) -> float:
    """How far the estimated matrix lies from the true one: the norm of the difference over the norm of the true one."""
    fitted = fit(truth.draw(periods, chance(2, periods, number)), truth.spec)
    return float(np.linalg.norm(fitted.matrix.toarray() - truth.matrix) / np.linalg.norm(truth.matrix))


def errors(truth: Truth, replications: int, lengths: Sequence[int] = LENGTHS, cores: int = CORES) -> dict[int, float]:
    """The median relative error of the matrix by the number of periods."""
    return {
        periods: float(np.median(spread(partial(error, truth, periods), replications, cores))) for periods in lengths
    }


# Nothing where nothing is, and something where something is


@dataclass(frozen=True)
class Calls:
    """Per cent of couplings called spillover, and of those that their own shifts alone would let pass, of how many."""

    spillover: float
    shifted: float
    tests: int


TOGETHER, NONE, SOME = "all couplings together", "pairs without coupling", "pairs with coupling"


def called(truth: Truth, periods: int, number: int) -> list[tuple[str, bool, bool]]:
    """For each coupling that is tested in one replication: what it is, the verdict, and what shifts alone say of it."""
    counts = truth.draw(periods, chance(3, number))
    said = tested(counts, truth.spec, shifts=SHIFTS, origins=ORIGINS, seed=number)
    found = []
    for one in said:
        name = f"coupling:{one.source}>{one.target}"
        what = TOGETHER if one.source is None else SOME if truth.meant(name, periods) else NONE
        alone = one.coefficient > 0 and one.shifted is not None and one.shifted.p <= LEVEL
        found.append((what, one.verdict == "spillover", alone))
    return found


def calls(truth: Truth, periods: int, replications: int, cores: int = CORES) -> dict[str, Calls]:
    """How many couplings are called spillover, by what they are."""
    found = [one for each in spread(partial(called, truth, periods), replications, cores) for one in each]
    made = {}
    for what in sorted({what for what, _, _ in found}):
        rows = np.array([(verdict, alone) for kind_of, verdict, alone in found if kind_of == what], float)
        verdicts, shifts = 100 * rows.mean(axis=0)
        made[what] = Calls(float(verdicts), float(shifts), len(rows))
    return made


# All of it

COVER = tuple(
    (few(units, dense=dense, dispersion=dispersion), periods, 200)
    for units, periods in ((3, 240), (12, 360))
    for dense in (False, True)
    for dispersion in (0.0, DISPERSION)
) + tuple(
    (many(dense=dense, dispersion=dispersion), 360, 100) for dense in (False, True) for dispersion in (0.0, DISPERSION)
)
"""Worlds, months and replications."""
SHORT = (many(dense=True, dispersion=DISPERSION), 180, 60)
"""Few months for 404 parameters: what is the same for all units is then told too surely. Shown, but held to nothing."""
PAIRS = 6
"""Of three units that is every pair; of twelve, six of the 132 by lot in each replication."""
SHARED = tuple((few(5, dense=dense, dispersion=DISPERSION), 144, 60) for dense in (False, True))
FALLS = (
    (few(3, dense=True, dispersion=DISPERSION), 100),
    (few(12, dense=False, dispersion=DISPERSION), 40),
    (many(dense=True, dispersion=DISPERSION), 6),
)
"""Worlds and replications."""
PLAIN, MIXED = few(3, dense=False), few(3, dense=False, dispersion=DISPERSION)
CALLED = (
    (PLAIN.uncoupled(), False),
    (MIXED.uncoupled(), False),
    (MIXED.stormy().uncoupled(), False),
    (PLAIN, True),
    (MIXED, True),
)
"""Worlds, and whether there is coupling in them."""
CALLED_PERIODS, CALLED_REPLICATIONS = 144, 200


def cover_lines(cover: Coverage, limit: float | None = AWAY) -> list[Line]:
    """How far the cover of each kind of interval lies from 95 %."""
    made = []
    for what in KINDS:
        percent, asked = cover.percent(what), cover.asked[what]
        how = f"{percent:.1f} % of {asked:,} hold the truth; {cover.replications} panels"
        if what == "coupling" and cover.asked[ABSENT]:
            how += f"; of {cover.asked[ABSENT]:,} that are absent {cover.percent(ABSENT):.1f} %"
        made.append(
            Line(
                f"{cover.truth.name}, {cover.periods} months: intervals of {what}, from 95 %",
                abs(percent - 95),
                limit,
                "points",
                how,
            )
        )
    return made


def fall_line(truth: Truth, replications: int, found: dict[int, float]) -> Line:
    """The error at the end, as a share of that at the beginning, and above 1 where it ever rises."""
    values = list(found.values())
    falls = all(after < before for before, after in pairwise(values))
    told = ", ".join(f"{100 * value:.0f} % of {periods} months" for periods, value in found.items())
    how = f"median of {replications}: {told}" + ("" if falls else "; it does not always fall")
    return Line(f"{truth.name}: error of the matrix, last to first", values[-1] / values[0] + (not falls), 0.5, "", how)


def call_lines(truth: Truth, found: dict[str, Calls], coupled: bool) -> list[Line]:
    """How much is called spillover where there is some, and where there is none."""
    made = []
    for what, of in found.items():
        how = f"of {of.tests:,}; {of.shifted:.1f} % by their own shifts alone"
        limit = FALSE if what == NONE or not coupled else None
        made.append(Line(f"{truth.name}: {what} called spillover", of.spillover, limit, "%", how))
    return made


def lines() -> list[Line]:
    """The figures of this bench."""
    started = time.perf_counter()
    made = [line for world in COVER for line in cover_lines(coverage(*world, PAIRS))]
    made += cover_lines(coverage(*SHORT), None)
    made += [line for world in SHARED for line in share_lines(*world)]
    found = {truth.name: errors(truth, replications) for truth, replications in FALLS}
    made += [fall_line(truth, replications, found[truth.name]) for truth, replications in FALLS]
    draw(found, HERE / "recovery.svg")
    for truth, coupled in CALLED:
        made += call_lines(truth, calls(truth, CALLED_PERIODS, CALLED_REPLICATIONS), coupled)
    return [*made, Line("recovery: all of this", time.perf_counter() - started, 600, "s", f"{CORES} cores")]

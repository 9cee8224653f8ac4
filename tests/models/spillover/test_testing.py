"""Couplings are found where they are, and not where series only rise and fall together."""

from __future__ import annotations

import numpy as np
import pytest

from harmattan.models.spillover.apart import apart
from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.shifting import highest, lifts, retold, share, shifted, surprises
from harmattan.models.spillover.simulate import generate
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Lags, Spec
from harmattan.models.spillover.tested import Ahead, Shifted
from harmattan.models.spillover.tested import Tested as Coupled
from harmattan.models.spillover.testing import family
from harmattan.models.spillover.testing import tested as couplings
from tests.models.spillover.worlds import UNITS, months, world

STRONG = np.array([[0.3, 0, 0], [0.6, 0.2, 0], [0, 0, 0.3]])
ONE = np.ones(1)


def alike(seed: int, periods: int = 140) -> Counts:
    """Three units that do not touch each other, escalate together, swell together and share a season."""
    rng = np.random.default_rng([9, seed])
    time, month = np.arange(periods) / periods, 2 * np.pi * np.arange(periods) / 12
    swell = 1.2 * np.sin(2 * np.pi * time * rng.uniform(0.9, 1.1, (3, 1)))
    endemic = 5 * np.exp(2.2 * (time - 0.4) + swell + 0.4 * np.sin(month))
    return Counts(UNITS, months(periods), "month", generate(np.eye(3) * 0.4, ONE, endemic, 0.3, rng))


def share_found(*, slow: bool) -> float:
    ps = []
    for seed in range(10):
        model, rng = apart(alike(seed), Spec(), ONE, slow=slow), np.random.default_rng(seed)
        for source in range(3):
            again = retold(model, source, 60, rng)
            assert again is not None
            ps += [share(*lifts(model, source, target, again)) for target in range(3) if target != source]
    return float((np.array(ps) <= 0.05).mean())


def test_a_common_trend_and_season_are_no_coupling() -> None:
    """60 pairs without coupling: about 5 % may pass, where without slow movements a fifth or more would."""
    assert share_found(slow=True) <= 0.10
    assert share_found(slow=False) >= 0.15


def test_a_strong_coupling_is_called_spillover_and_its_absence_is_not() -> None:
    whole, *pairs = couplings(world(2, matrix=STRONG, level=8.0), Spec(), seed=1, shifts=99)
    verdicts = {(pair.source, pair.target): pair.verdict for pair in pairs}
    assert len(verdicts) == 6
    assert verdicts.pop(("AAA", "BBB")) == "spillover"
    assert "spillover" not in verdicts.values()
    assert whole.source is None
    assert whole.verdict == "spillover"
    assert whole.ahead is not None
    assert [unit for unit, _ in whole.ahead.by_unit] == list(UNITS)


def test_the_same_seed_gives_the_same_tests() -> None:
    counts = world(5, periods=100)
    assert couplings(counts, Spec(), seed=4, shifts=49) == couplings(counts, Spec(), seed=4, shifts=49)


def test_unturned_surprises_tell_the_history_that_was() -> None:
    from harmattan.models.spillover.shifting import _told

    model = apart(world(6), Spec(), ONE)
    at = np.flatnonzero(model.receivers[1].known)
    ranks = surprises(model, 1, np.random.default_rng(1))
    assert 0.4 < ranks.mean() < 0.6
    assert np.allclose(_told(model, 1, at, ranks[None])[0], model.past[1])


def test_a_score_stands_for_the_likelihood_ratio() -> None:
    """The rise by one step of the score test is that of a model fitted anew, where the coupling is small."""
    from harmattan.models.spillover.receiving import climb

    model = apart(world(8), Spec(), ONE)
    again = retold(model, 0, 99, np.random.default_rng(1))
    assert again is not None
    found, null = lifts(model, 0, 1, again)
    unit, columns = model.receivers[1], model.columns(1)[None]
    slow, full = unit.course.shape[1], model.fits[1]
    bare = climb(unit, np.delete(columns, 1, axis=2), np.delete(full.theta, slow + 1, axis=1), full.dispersion)
    pasts = np.repeat(columns, len(again), axis=0)
    pasts[:, :, 1] = again
    begin = np.insert(bare.theta, slow + 1, 0.01, axis=1)
    grown = climb(unit, pasts, begin, bare.dispersion, learn=False)
    rises = np.maximum(grown.height - bare.height, 0)
    assert np.corrcoef(np.sqrt(rises), np.sqrt(np.maximum(null, 0) ** 2 / 2))[0, 1] > 0.97
    assert found > 0


def test_a_family_of_pairs_is_held_to_one_error() -> None:
    """Under no coupling the smallest adjusted p is below 0.05 in about one family out of twenty."""
    rng = np.random.default_rng(3)
    pairs = [(source, target) for source in range(4) for target in range(4) if source != target]
    false = 0
    for _ in range(300):
        roots = {pair: (float(rng.normal()), rng.normal(size=120)) for pair in pairs}
        false += min(family(roots).values()) <= 0.05
    assert false / 300 <= 0.08
    roots[0, 1] = (6.0, roots[0, 1][1])
    adjusted = family(roots)
    assert adjusted[0, 1] < 0.02
    assert all(adjusted[pair] >= share(*roots[pair]) - 0.02 for pair in pairs)


def test_verdicts_come_from_the_tests() -> None:
    passed, failed = Shifted(5.0, (1.0,), 0.01), Shifted(1.0, (1.0,), 0.4)
    better, worse = Ahead(0.1, -0.1, 0.3, 0.2, 36), Ahead(-0.1, -0.3, 0.1, 0.8, 36)
    assert Coupled("A", "B", 0.2, passed, better).verdict == "spillover"
    assert Coupled("A", "B", 0.2, passed, worse).verdict == "no_gain"
    assert Coupled("A", "B", 0.2, failed, better).verdict == "coincidence"
    assert Coupled("A", "B", 0.2, Shifted(5.0, (1.0,), 0.01, adjusted=0.2), better).verdict == "coincidence"
    assert Coupled("A", "B", 0.0, passed, better).verdict == "none"
    assert Coupled("A", "B", 0.2, None, better).verdict == "cannot_tell"


def test_a_short_or_silent_series_cannot_tell() -> None:
    counts = world(3, periods=40)
    assert shifted(counts, Spec(), "AAA", "BBB", shifts=99, rng=np.random.default_rng(1)) is None
    values = world(3).values.copy()
    values[2] = 0
    pairs = couplings(world(3).with_values(values), Spec(), seed=1, shifts=49)[1:]
    silent = [pair for pair in pairs if "CCC" in (pair.source, pair.target)]
    assert {pair.verdict for pair in silent} <= {"none", "cannot_tell"}
    assert all(pair.shifted is None for pair in silent)


@pytest.mark.filterwarnings("error")
def test_weights_lags_gaps_and_copies_are_taken() -> None:
    circle = np.array([[0.1, 0.3, 0.0], [0.5, 0.1, 0.3], [0.0, 0.3, 0.1]])
    counts = world(4, matrix=circle, level=8.0, lags=(0.7, 0.3))
    values = counts.values.copy()
    values[1, 40:44] = np.nan
    order = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], dtype=np.int16)
    between = Counts(UNITS, counts.starts, "month", values, order=order)
    spec = Spec(Endemic(trend=False), coupling=Coupling(Adjacent()), lags=Lags(2, "geometric"))
    (whole,) = couplings(between, spec, seed=1, shifts=60)
    assert whole.shifted is not None
    assert whole.shifted.p <= 0.05
    twice = world(4).values.copy()
    twice[2] = twice[0]
    for pair in couplings(world(4).with_values(twice), Spec(), seed=1, shifts=49):
        assert pair.shifted is not None
        assert np.isfinite(pair.shifted.found)
        assert np.isfinite(pair.shifted.null).all()


def test_a_search_with_bounds_finds_the_highest_point() -> None:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(4, 3, 3))
    bend, slope = root @ root.transpose(0, 2, 1) + np.eye(3), rng.normal(size=(4, 3))
    grid = np.stack(np.meshgrid(*[np.linspace(0, 2, 41)] * 3), axis=-1).reshape(-1, 3)
    for at in range(4):
        best = (grid @ slope[at] - 0.5 * np.einsum("gi,ij,gj->g", grid, bend[at], grid)).max()
        assert best - 1e-9 <= highest(slope, bend)[at] <= best + 5e-3

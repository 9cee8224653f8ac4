"""What chance gives: tails against draws, false discoveries against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from harmattan.influence.by_engine import tried
from harmattan.influence.chance import Candidates, Traffic, discovered, judged, sure, tail
from harmattan.influence.rule import Rule
from tests.influence.made_shares import opened, organic, shares


def test_that_the_tail_is_the_larger_of_the_two() -> None:
    met, expected = np.array([3, 3, 1]), np.array([0.5, 0.5, 0.2])
    outside, expected_outside = np.array([0.0, 40.0, 0.0]), np.array([2.0, 2.0, 0.1])
    found = tail(met, expected, outside, expected_outside, 1.0)
    poisson = stats.poisson.sf(met - 1, expected)
    binomial = stats.nbinom.sf(met - 1, outside + 1.0, (expected_outside + 1.0) / (expected_outside + 1.0 + expected))
    np.testing.assert_allclose(found, np.maximum(poisson, binomial), rtol=1e-12)
    assert found[1] > found[0]


@pytest.mark.parametrize("prior", [1.0, 0.3, 4.0])
def test_that_a_pair_is_held_to_the_largest_of_three_tails(prior: float) -> None:
    rng = np.random.default_rng(9)
    n = 4_000
    met = rng.integers(1, 12, n)
    expected, expected_outside = 10.0 ** rng.uniform(-7, 1.5, n), 10.0 ** rng.uniform(-6, 2, n)
    outside, near = (rng.integers(0, 4, n) * rng.integers(0, 9, n) * 1.0 for _ in range(2))
    none = np.zeros(0, dtype=np.int64)
    found = judged(Candidates(none, none, met, None, outside, near), expected, expected_outside, prior).p
    poisson = stats.poisson.sf(met - 1, expected)
    tails = [
        special.betainc(met, other + prior, expected / (expected + more + prior))
        for other, more in ((outside, expected_outside), (near, 4.0 * expected))
    ]
    np.testing.assert_allclose(found, np.max([poisson, *tails], axis=0), rtol=1e-11)
    largest = np.argmax([poisson, *tails], axis=0)
    assert set(largest.tolist()) == {0, 1, 2}, "each of the three is the largest somewhere"


def test_that_hundreds_of_occasions_are_no_error() -> None:
    met = np.array([400, 400])
    with np.errstate(all="raise", under="ignore"):
        found = tail(met, np.array([0.01, 390.0]), np.array([0.0, 1e9]), np.array([1.0, 1e9]), 1.0)
    assert found[0] == 0.0
    assert found[1] == pytest.approx(stats.poisson.sf(399, 390.0), rel=1e-3)


def test_that_those_that_are_sure_are_those_whose_level_is_low() -> None:
    rng = np.random.default_rng(12)
    for _ in range(50):
        p = np.concatenate([10.0 ** -rng.uniform(0, 9, 40), np.full(5, 1e-6)])
        level = float(rng.uniform(0.001, 0.5))
        assert (sure(p, 5e3, level) == (discovered(p, 5e3) <= level)).all()
    assert sure(np.zeros(0), 10.0, 0.05).tolist() == []
    assert sure(np.ones(3), 10.0, 0.05).tolist() == [False] * 3


def test_that_discoveries_are_those_of_benjamini_and_yekutieli() -> None:
    rng = np.random.default_rng(4)
    p = np.concatenate([rng.uniform(0, 1e-5, 30), rng.uniform(0, 1, 70)])
    np.testing.assert_allclose(discovered(p, 100.0), stats.false_discovery_control(p, method="by"), rtol=1e-10)
    assert discovered(p, 1e6).min() > discovered(p, 100.0).min()
    assert discovered(np.zeros(0), 10.0).tolist() == []


def test_that_expected_occasions_add_up_to_those_there_were() -> None:
    """Over all pairs of accounts the expectation is the count: the null moves occasions between pairs only."""
    table = opened(shares(organic(9_000, np.random.default_rng(6), accounts=15)))
    trial = tried(table, Rule(occasions=1), "url", 600.0)
    assert trial is not None
    judged = trial.judged(Rule(), np.zeros(len(trial.pairs.one), dtype=bool))
    n = len(trial.names)
    assert len(trial.pairs.one) == n * (n - 1) // 2, "every pair met at least once, so that the sum is over all"
    assert judged.expected.sum() == pytest.approx(trial.pairs.met.sum(), rel=1e-9)
    assert judged.expected_outside.sum() == pytest.approx(trial.traffic.outside.sum(), rel=1e-9)
    assert trial.pairs.outside.sum() == pytest.approx(trial.traffic.outside.sum(), rel=0.02)


def test_that_expected_occasions_are_those_of_shuffled_labels() -> None:
    """Who made which share of a slice is drawn anew many times: the mean of occasions is what is expected."""
    rng = np.random.default_rng(8)
    rows = organic(1_500, rng, accounts=12, days=1)
    rule, window = Rule(occasions=1), 600.0
    counted: dict[tuple[str, str], float] = {}
    draws = 5
    for _ in range(draws):
        by_slice: dict[int, list[int]] = {}
        for n, row in enumerate(rows):
            by_slice.setdefault(int((1_600_000_000 + row[2]) // 21_600), []).append(n)
        moved = list(rows)
        for places in by_slice.values():
            for n, m in zip(places, rng.permutation(places), strict=True):
                moved[n] = (rows[m][0], *rows[n][1:])
        trial = tried(opened(shares(moved)), rule, "url", window)
        assert trial is not None
        for one, other, met in zip(trial.pairs.one, trial.pairs.other, trial.pairs.met, strict=True):
            key = tuple(sorted((trial.names[one], trial.names[other])))
            counted[key] = counted.get(key, 0.0) + met / draws  # type: ignore[index]
    trial = tried(opened(shares(rows)), rule, "url", window)
    assert trial is not None
    judged = trial.judged(rule, np.zeros(len(trial.pairs.one), dtype=bool))
    keys = [tuple(sorted((trial.names[one], trial.names[other])))
            for one, other in zip(trial.pairs.one, trial.pairs.other, strict=True)]  # fmt: skip
    drawn = np.array([counted.get(key, 0.0) for key in keys])  # type: ignore[call-overload]
    assert np.corrcoef(drawn, judged.expected)[0, 1] > 0.9
    assert judged.expected.sum() == pytest.approx(drawn.sum(), rel=0.2)


def test_that_a_slice_of_one_account_has_no_chance() -> None:
    traffic = Traffic(np.array([0.0, 10.0]), np.array([0.0, 4.0]), np.array([0.0, 2.0]))
    inside, outside = traffic.rates(np.array([0.0, 6.0]))
    assert inside.tolist() == [0.0, 0.0]
    assert outside.tolist() == [0.0, 0.2]

"""Residuals: flat where the model is true, and loud where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.residuals import crossing, histogram, ljung_box, residuals
from harmattan.models.spillover.spec import Endemic, Spec
from tests.models.spillover.worlds import world


def test_a_histogram_of_a_true_model_is_flat_as_often_as_its_p_says() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(150):
        mean = np.exp(rng.uniform(-2, 3, 80))
        counts = rng.negative_binomial(1 / 0.4, (1 / 0.4) / (1 / 0.4 + mean)).astype(float)
        found.append(histogram(counts, mean, np.full(80, 0.4))[1])
    p = np.array(found, dtype=float)
    assert 0.01 <= (p <= 0.05).mean() <= 0.10
    assert 0.4 <= p.mean() <= 0.6


def test_a_histogram_of_few_small_counts_adds_up_and_has_the_known_heights() -> None:
    """A count of 0 with probability 1/2 adds to the lower half of the bins alone."""
    pit, p = histogram(np.array([0.0]), np.array([1.0]), np.array([1.0]), bins=4)
    assert np.allclose(pit, [2, 2, 0, 0])
    assert p is None
    pit, _ = histogram(np.array([0.0, 3.0]), np.array([0.7, 2.0]), np.array([0.0, 0.0]))
    assert np.isclose(pit.mean(), 1)


def test_residuals_tell_a_true_model_from_one_without_memory_or_spread() -> None:
    counts = world(5)
    good = residuals(fit(counts, Spec()))
    assert good.pit_p is not None
    assert good.pit_p > 0.05
    assert good.lag_p is not None
    assert good.lag_p > 0.05
    assert good.next_period is not None
    assert good.next_period.p > 0.05
    assert [unit for unit, _ in good.lag_by_unit] == list(counts.units)
    bad = residuals(fit(counts, Spec(Endemic(trend=False), own=None, coupling=None, family="poisson")))
    assert bad.pit_p is not None
    assert bad.pit_p < 1e-4
    assert bad.lag_p is not None
    assert bad.lag_p < 0.03


def test_coupling_that_the_model_leaves_out_is_seen_in_the_next_period() -> None:
    matrix = np.array([[0.2, 0, 0], [0.6, 0.2, 0], [0, 0, 0.2]])
    counts = world(6, matrix=matrix, level=8.0)
    left = residuals(fit(counts, Spec(coupling=None))).next_period
    assert left is not None
    assert (left.source, left.target) == ("AAA", "BBB")
    assert left.p < 0.01
    assert left.correlation > 0.2


def test_a_shock_to_two_units_at_once_is_seen_within_the_period() -> None:
    rng = np.random.default_rng(1)
    pearson = rng.normal(size=(3, 100))
    pearson[2] += pearson[0]
    found = crossing(pearson, ("A", "B", "C"), 0)
    assert found is not None
    assert (found.source, found.target) == ("A", "C")
    assert found.p < 1e-6


def test_what_is_short_or_still_is_not_tested_and_gaps_do_no_harm() -> None:
    assert ljung_box(np.ones(100)) is None
    assert ljung_box(np.arange(10.0)) is None
    series = np.random.default_rng(3).normal(size=200)
    series[50:60] = np.nan
    p = ljung_box(series)
    assert p is not None
    assert p > 0.01
    counts = world(7, periods=30)
    values = counts.values.copy()
    values[2] = 0
    values[0, 5:15] = np.nan
    found = residuals(fit(counts.with_values(values), Spec()))
    assert np.isfinite(found.pit).all()
    assert found.lag_by_unit[2][1] is None
    few = residuals(fit(replace(counts.between(0, 8)), Spec(Endemic(trend=False, seasons=0), coupling=None)))
    assert few.lag_p is None
    assert few.next_period is None

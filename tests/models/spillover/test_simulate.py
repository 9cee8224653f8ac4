"""Panels drawn from a known truth have the means and variances that the truth says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import sparse

from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.simulate import generate, simulate
from harmattan.models.spillover.spec import Endemic, Lags, Spec
from tests.models.spillover.worlds import world

MATRIX = np.array([[0.3, 0.2, 0.0], [0.0, 0.4, 0.1], [0.2, 0.0, 0.2]])


def test_the_long_run_mean_is_the_endemic_part_through_every_chain() -> None:
    endemic = np.repeat([[1.0], [2.0], [0.5]], 10_000, axis=1)
    counts = generate(MATRIX, [0.6, 0.4], endemic, 0.3, np.random.default_rng(3), burn_in=50)
    assert counts.mean(axis=1) == pytest.approx(np.linalg.solve(np.eye(3) - MATRIX, endemic[:, 0]), rel=0.05)
    assert np.array_equal(counts, np.abs(np.round(counts)))


def test_the_variance_without_a_past_is_that_of_the_family() -> None:
    endemic = np.full((3, 20_000), 4.0)
    counts = generate(np.zeros((3, 3)), [1.0], endemic, [0.0, 0.5, 1.0], np.random.default_rng(4))
    assert counts.var(axis=1) == pytest.approx([4.0, 4 + 0.5 * 16, 4 + 16], rel=0.07)


def test_a_source_is_felt_at_its_lag_and_by_its_target_alone() -> None:
    matrix = np.array([[0.0, 0.0], [0.8, 0.0]])
    endemic = np.zeros((2, 30))
    endemic[0, 10] = 1e5
    counts = generate(matrix, [0.25, 0.75], endemic, 0.0, np.random.default_rng(5))
    assert counts[1, 11] / counts[0, 10] == pytest.approx(0.2, rel=0.03)
    assert counts[1, 12] / counts[0, 10] == pytest.approx(0.6, rel=0.03)
    assert np.flatnonzero(counts[1]).tolist() == [11, 12]


def test_the_same_generator_gives_the_same_panel_sparse_or_dense() -> None:
    endemic = np.ones((3, 50))
    dense = generate(MATRIX, [1.0], endemic, 0.2, np.random.default_rng(6))
    thin = generate(sparse.csr_array(MATRIX), [1.0], endemic, 0.2, np.random.default_rng(6))
    assert np.array_equal(dense, thin)


def test_what_feeds_on_itself_stays_finite() -> None:
    counts = generate([[3.0]], [1.0], np.ones((1, 200)), 1.0, np.random.default_rng(7))
    assert np.isfinite(counts).all()


def test_ahead_goes_on_from_the_last_counts_through_all_lags() -> None:
    """The mean of the first steps is what the recursion says, season and trend going on."""
    fitted = fit(world(1, lags=(0.5, 0.3, 0.2)), Spec(lags=Lags(3, "free")))
    drawn = simulate(fitted, 3, 20_000, np.random.default_rng(2))
    assert drawn.shape == (20_000, 3, 3)
    past = fitted.counts.values[:, -3:]
    for step in range(3):
        time = len(fitted.counts.starts) + step
        wave = 2 * np.pi * time / 12
        endemic = [
            np.exp(
                fitted.value(f"level:{unit}")
                + fitted.value("trend") * time
                + fitted.value("sin1") * np.sin(wave)
                + fitted.value("cos1") * np.cos(wave)
            )
            for unit in fitted.counts.units
        ]
        mean = np.array(endemic) + fitted.matrix @ (past[:, -3:] @ fitted.lags[::-1])
        assert drawn[:, :, step].mean(axis=0) == pytest.approx(mean, rel=0.04)
        past = np.concatenate([past, mean[:, None]], axis=1)


def test_from_the_start_the_first_past_is_kept_and_the_fit_is_found_again() -> None:
    fitted = fit(world(3, 1500), Spec(endemic=Endemic(trend=False)))
    drawn = simulate(fitted, 1500, 1, np.random.default_rng(4), from_start=True)
    assert drawn.shape == (1, 3, 1500)
    assert np.array_equal(drawn[0, :, 0], fitted.counts.values[:, 0])
    again = fit(fitted.counts.with_values(drawn[0]), fitted.spec)
    assert again.matrix.toarray() == pytest.approx(fitted.matrix.toarray(), abs=0.1)


def test_missing_counts_at_the_end_are_drawn_on_the_way() -> None:
    counts = world(5)
    values = counts.values.copy()
    values[1, -4:] = np.nan
    drawn = simulate(fit(counts.with_values(values), Spec()), 6, 50, np.random.default_rng(6))
    assert drawn.shape == (50, 3, 6)
    assert np.isfinite(drawn).all()


def test_parameters_are_given_to_the_draws_in_turn() -> None:
    fitted = fit(world(7), Spec(family="poisson"))
    loud = fitted.theta + np.where([name.startswith("level") for name in fitted.names], np.log(100.0), 0.0)
    drawn = simulate(fitted, 1, 9, np.random.default_rng(8), thetas=np.stack([fitted.theta, loud]))
    assert drawn.shape == (9, 3, 1)
    assert sorted((drawn.sum(axis=(1, 2)) > 300).tolist()) == [False] * 5 + [True] * 4


def test_population_and_covariates_stay_as_they_were() -> None:
    counts = dataclasses.replace(
        world(9, 60), population=np.full((3, 60), 1e6), covariates={"rain": np.tile(np.arange(60) % 7 - 3.0, (3, 1))}
    )
    fitted = fit(counts, Spec(endemic=Endemic(population=True, covariates=("rain",))))
    assert simulate(fitted, 14, 5, np.random.default_rng(1)).mean() == pytest.approx(counts.values.mean(), rel=0.7)

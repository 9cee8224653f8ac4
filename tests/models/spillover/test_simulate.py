"""Panels drawn from a known truth have the means and variances that the truth says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from harmattan.models.spillover.simulate import generate

MATRIX = np.array([[0.3, 0.2, 0.0], [0.0, 0.4, 0.1], [0.2, 0.0, 0.2]])


def test_the_long_run_mean_is_the_endemic_part_through_every_chain() -> None:
    endemic = np.repeat([[1.0], [2.0], [0.5]], 20_000, axis=1)
    counts = generate(MATRIX, [0.6, 0.4], endemic, 0.3, np.random.default_rng(3), burn_in=50)
    assert counts.mean(axis=1) == pytest.approx(np.linalg.solve(np.eye(3) - MATRIX, endemic[:, 0]), rel=0.04)
    assert np.array_equal(counts, np.abs(np.round(counts)))


def test_the_variance_without_a_past_is_that_of_the_family() -> None:
    endemic = np.full((3, 40_000), 4.0)
    counts = generate(np.zeros((3, 3)), [1.0], endemic, [0.0, 0.5, 1.0], np.random.default_rng(4))
    assert counts.var(axis=1) == pytest.approx([4.0, 4 + 0.5 * 16, 4 + 16], rel=0.05)


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

"""Weights on the simplex: at the minimum, certified, unique where donors are collinear."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from harmattan.models.effect.simplex import each, simplex

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("ridge", [0.0, 2.0])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_other_weights_are_nearer(seed: int, ridge: float, intercept: bool) -> None:
    rng = np.random.default_rng(seed)
    donors, target = rng.normal(size=(7, 30)) + rng.normal(size=(7, 1)), rng.normal(size=30)
    found = simplex(donors, target, ridge=ridge, intercept=intercept)

    def loss(weights: np.ndarray) -> float:
        left = target - weights @ donors
        left = left - left.mean() * intercept
        return float(np.mean(left**2) + ridge * weights @ weights)

    other = minimize(
        loss, np.full(7, 1 / 7), method="SLSQP", bounds=[(0, 1)] * 7, options={"ftol": 1e-14, "maxiter": 1000},
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
    )  # fmt: skip
    assert found.of.min() >= 0
    assert found.of.sum() == pytest.approx(1)
    assert loss(found.of) == pytest.approx(other.fun, abs=1e-8)
    assert found.gap < 1e-9
    assert found.error == pytest.approx(np.sqrt(loss(found.of) - ridge * found.of @ found.of))


def test_the_certificate_holds_with_many_donors_of_very_different_size() -> None:
    rng = np.random.default_rng(4)
    sizes = 10.0 ** rng.uniform(0, 4, (150, 1))
    values = rng.gamma(0.3, sizes / 0.3, (150, 90))
    found = simplex(values[1:], values[0])
    assert found.gap <= 1e-8 * found.error**2
    assert each(values)[0, 1:] == pytest.approx(found.of, abs=1e-6)


def test_copies_share_their_weight_evenly() -> None:
    rng = np.random.default_rng(5)
    base = rng.normal(size=(4, 40))
    target = 0.6 * base[0] + 0.4 * base[1] + 0.1 * rng.normal(size=40)
    alone = simplex(base, target).of
    twice = simplex(np.vstack((base, base[0], base[0])), target).of
    assert twice[[0, 4, 5]] == pytest.approx(np.full(3, alone[0] / 3), abs=1e-5)
    assert twice[1] == pytest.approx(alone[1], abs=1e-5)


def test_copies_of_a_donor_that_is_very_far_off() -> None:
    rng = np.random.default_rng(8)
    donors = np.vstack((rng.normal(size=(6, 40)), np.tile(1e9 * rng.normal(size=40), (3, 1))))
    target = 0.5 * donors[0] + 0.5 * donors[1]
    found = simplex(donors, target)
    assert found.of[:2] == pytest.approx([0.5, 0.5], abs=1e-5)
    assert found.of[6:].max() < 1e-6
    only = simplex(donors[6:], target).of
    assert only == pytest.approx(np.full(3, 1 / 3), abs=1e-3)


def test_donors_that_say_nothing() -> None:
    assert simplex(np.zeros((3, 10)), np.arange(10.0)).of == pytest.approx(np.full(3, 1 / 3))
    assert simplex(np.zeros((2, 5)), np.zeros(5)).of == pytest.approx([0.5, 0.5])
    assert simplex(np.ones((1, 5)), np.zeros(5)).of.tolist() == [1.0]
    assert simplex(np.array([[1.0], [3.0]]), np.array([2.5]), intercept=True).of == pytest.approx([0.5, 0.5])


def test_a_mix_is_found_again() -> None:
    rng = np.random.default_rng(6)
    donors = rng.normal(size=(20, 60)).cumsum(axis=1)
    truth = np.zeros(20)
    truth[[2, 7, 11]] = 0.5, 0.3, 0.2
    found = simplex(donors, truth @ donors + 12.0, intercept=True)
    assert found.of == pytest.approx(truth, abs=1e-4)
    assert found.intercept == pytest.approx(12.0, abs=1e-2)


def test_no_donors_and_no_others() -> None:
    with pytest.raises(ValueError, match="no donors"):
        simplex(np.zeros((0, 5)), np.zeros(5))
    with pytest.raises(ValueError, match="another"):
        each(np.zeros((1, 5)))

"""A shock: its response is the companion recursion, its sum the geometric series, its half-life the median lag."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import sparse

from harmattan.errors import UsageError
from harmattan.models.spillover.drawn import Drawn
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.shock import response
from harmattan.models.spillover.simulate import Process, generate
from harmattan.models.spillover.spec import Lags, Spec
from tests.models.spillover.worlds import MATRIX, world


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(world(1, lags=(0.6, 0.3, 0.1)), Spec(lags=Lags(3, "geometric")))


def known(fitted: Fit, matrix: np.ndarray, lags: tuple[float, ...] = (1.0,)) -> Fit:
    return dataclasses.replace(fitted, matrix=sparse.csr_array(matrix), lags=np.array(lags))


def none(fitted: Fit) -> Drawn:
    return Drawn("likelihood", fitted.names, np.empty((0, len(fitted.names))), (), 0)


def test_the_response_is_that_of_the_companion_matrix(fitted: Fit) -> None:
    lags = (0.6, 0.3, 0.1)
    found = response(known(fitted, MATRIX, lags), "AAA", 8, drawn=none(fitted))
    companion = np.zeros((9, 9))
    companion[:3] = np.concatenate([u * MATRIX for u in lags], axis=1)
    companion[3:, :-3] = np.eye(6)
    for step in range(8):
        assert found.extra.value[:, step] == pytest.approx(100 * np.linalg.matrix_power(companion, step + 1)[:3, 0])
    assert found.eventual is not None
    assert found.eventual.value == pytest.approx(100 * (np.linalg.inv(np.eye(3) - MATRIX) - np.eye(3))[:, 0])


def test_the_response_is_the_mean_difference_of_simulated_worlds(fitted: Fit) -> None:
    base = np.full((3, 8), 2.0)
    shocked = base.copy()
    shocked[0, 1] += 100.0
    rng = np.random.default_rng(5)
    mean = [np.mean([generate(MATRIX, (1.0,), e, 0.1, rng) for _ in range(400)], axis=0) for e in (base, shocked)]
    found = response(known(fitted, MATRIX), "AAA", 6, drawn=none(fitted))
    assert (mean[1] - mean[0])[:, 2:] == pytest.approx(found.extra.value, abs=1.5)


def test_the_half_life_is_the_median_lag(fitted: Fit) -> None:
    """Alone with 0.8 the extra counts are 0.8, 0.64, ...: half of their sum of 4 has come after four periods."""
    alone = known(fitted, np.diag([0.8, 0.0, 0.0]))
    assert response(alone, "AAA", 1, drawn=none(fitted)).half_life == 4
    assert response(known(fitted, np.diag([0.4, 0, 0])), "AAA", 1, drawn=none(fitted)).half_life == 1
    late = known(fitted, np.diag([0.4, 0, 0]), (0.0, 0.0, 1.0))
    assert response(late, "AAA", 1, drawn=none(fitted)).half_life == 3


def test_nothing_has_a_half_life_that_never_ends_or_never_begins(fitted: Fit) -> None:
    endless = response(known(fitted, np.diag([1.1, 0.2, 0.2])), "AAA", 3, drawn=none(fitted))
    assert (endless.half_life, endless.eventual, endless.radius) == (None, None, pytest.approx(1.1))
    nothing = response(known(fitted, np.zeros((3, 3))), "AAA", 3, drawn=none(fitted))
    assert nothing.half_life is None
    assert not nothing.extra.value.any()


def test_draws_that_never_end_leave_the_upper_end_open(fitted: Fit) -> None:
    processes = [Process(sparse.csr_array(np.diag([r, 0, 0])), np.ones(1), np.zeros(3)) for r in (0.5, 0.8, 1.2)]
    drawn = Drawn("bootstrap", fitted.names, np.tile(fitted.theta, (3, 1)), tuple(processes), 3)
    found = response(known(fitted, np.diag([0.5, 0, 0])), "AAA", 3, drawn=drawn)
    assert (found.half_life_low, found.half_life_high, found.endless) == (1, None, pytest.approx(1 / 3))
    assert found.eventual is not None
    assert found.eventual.high is None


def test_intervals_hold_the_estimates(fitted: Fit) -> None:
    found = response(fitted, "AAA", 12)
    for part in (found.extra, found.cumulated):
        assert part.low is not None
        assert part.high is not None
        assert np.all(part.low <= part.value + 1e-9)
        assert np.all(part.value <= part.high + 1e-9)
    assert found.extra.value[1, :3].sum() > 10


def test_an_unknown_source_is_named_with_those_there_are(fitted: Fit) -> None:
    with pytest.raises(UsageError, match=r"ZZZ.*AAA"):
        response(fitted, "ZZZ", 3)
    with pytest.raises(UsageError, match="one period or more"):
        response(fitted, "AAA", 0)

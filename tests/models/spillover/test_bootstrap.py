"""Draws of parameters: refits to drawn panels, and their quick likeness by the curvature of the likelihood."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from harmattan.models.spillover.bootstrap import bootstrap
from harmattan.models.spillover.drawn import band, likely, projected
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.spec import Coupling, Endemic, Free, Lags, PowerLaw, Spec
from tests.models.spillover.worlds import world

PLAIN = Spec(endemic=Endemic(trend=False, seasons=0))


def test_both_kinds_of_draws_spread_as_the_errors_say() -> None:
    fitted = fit(world(1, 500), PLAIN)
    refits, quick = bootstrap(fitted, 120, np.random.default_rng(2)), likely(fitted, 2000)
    assert refits.converged == refits.asked == 120
    assert refits.names == quick.names == fitted.names
    for name in ("own:AAA", "coupling:AAA>BBB", "own:CCC", "dispersion"):
        at = fitted.names.index(name)
        assert refits.theta[:, at].mean() == pytest.approx(fitted.value(name), abs=0.04)
        assert quick.theta[:, at].std() == pytest.approx(fitted.error(name), rel=0.12)
        assert refits.theta[:, at].std() == pytest.approx(fitted.error(name), rel=0.3)


def test_what_is_absent_is_drawn_as_0_about_half_of_the_time() -> None:
    fitted = fit(world(4, 300, matrix=np.diag([0.3, 0.3, 0.3])), PLAIN)
    assert fitted.bounded
    for drawn in (bootstrap(fitted, 60, np.random.default_rng(4)), likely(fitted, 400)):
        at = fitted.names.index(fitted.bounded[0])
        assert 0.25 < (drawn.theta[:, at] == 0).mean() < 0.8
        assert drawn.theta[:, at].min() == 0 < drawn.theta[:, at].max() < 0.5


def test_processes_are_those_of_the_draws() -> None:
    fitted = fit(world(5, lags=(0.6, 0.4)), Spec(lags=Lags(2, "geometric")))
    drawn = likely(fitted, 10)
    for theta, process in zip(drawn.theta, drawn.processes, strict=True):
        assert process.matrix[1, 0] == theta[fitted.names.index("coupling:AAA>BBB")]
        assert process.lags.sum() == pytest.approx(1.0)
        assert process.lags[1] / process.lags[0] == pytest.approx(1 / (1 + np.exp(-theta[fitted.names.index("lag")])))


def test_gaps_and_power_laws_are_drawn_as_well() -> None:
    order = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], dtype=np.int16)
    counts = dataclasses.replace(world(6), order=order)
    values = counts.values.copy()
    values[2, 30:40] = np.nan
    fitted = fit(counts.with_values(values), Spec(coupling=Coupling(PowerLaw())))
    for drawn in (bootstrap(fitted, 10, np.random.default_rng(1)), likely(fitted, 10)):
        assert drawn.converged == 10
        assert all(np.isfinite(process.matrix.toarray()).all() for process in drawn.processes)


def test_the_nearest_point_is_that_of_the_quadratic_programme() -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(7)
    for _ in range(10):
        root = rng.standard_normal((5, 5))
        spread, point, low = root @ root.T + 0.1 * np.eye(5), rng.standard_normal(5), np.array([0, 0, 0, -np.inf, 0.2])
        exact = np.linalg.inv(spread)
        best = minimize(
            lambda x, p=point, m=exact: (x - p) @ m @ (x - p),
            np.ones(5),
            bounds=[(one, None) for one in low],
            tol=1e-12,
        )
        assert projected(point, spread, low) == pytest.approx(best.x, abs=1e-3)


def test_a_unit_left_out_has_no_part_in_any_draw() -> None:
    counts = world(8)
    values = counts.values.copy()
    values[1] = 0
    fitted = fit(counts.with_values(values), Spec(coupling=Coupling(Free())))
    for process in likely(fitted, 5).processes:
        assert not process.matrix.toarray()[1].any()
        assert not process.matrix.toarray()[:, 1].any()


def test_a_band_holds_its_value_and_undoes_the_bias_of_its_draws() -> None:
    draws = np.linspace(1.0, 3.0, 1001)
    plain, corrected = band(np.array(1.5), draws, 0.95, biased=False), band(np.array(1.5), draws, 0.95)
    assert plain.low is not None
    assert corrected.low is not None
    assert corrected.high is not None
    assert float(plain.low) == pytest.approx(1.05, abs=0.01)
    assert 1.0 <= float(corrected.low) < 1.01
    assert 1.5 < float(corrected.high) < 2.6
    below = band(np.array(0.0), draws - 5, 0.95, biased=False)
    assert (below.low, below.high) == (0.0, 0.0)

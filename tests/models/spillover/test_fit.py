"""Fits of panels whose truth is known, at bounds, and of data on which a search may break."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.design import design
from harmattan.models.spillover.fit import fit, refit
from harmattan.models.spillover.likelihood import gradient, log_likelihood, problem
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Family, Free, Lags, Own, PowerLaw, Spec
from tests.models.spillover.panels import grown, months, panel, ring

PLAIN = Endemic("each", trend=False, seasons=0)


def counts_of(values: Values) -> Counts:
    """Counts of units in a ring."""
    units, periods = values.shape
    return Counts(tuple(f"unit{at}" for at in range(units)), months(periods), "month", values, order=ring(units))


def test_what_was_put_in_is_found_within_three_errors() -> None:
    matrix = np.array([[0.4, 0.0, 0.1], [0.3, 0.2, 0.0], [0.0, 0.2, 0.3]])
    values = grown(matrix, np.array([1.0, 2.0, 0.5]), (1500, 0.5, 5))
    found = fit(counts_of(values), Spec(PLAIN))
    assert found.converged
    truth = {"level:unit0": 0.0, "level:unit1": np.log(2), "own:unit0": 0.4, "own:unit2": 0.3, "dispersion": 0.5,
             "coupling:unit0>unit1": 0.3, "coupling:unit1>unit2": 0.2, "coupling:unit2>unit0": 0.1}  # fmt: skip
    for name, value in truth.items():
        assert abs(found.value(name) - value) < 3 * found.error(name), name
        assert 0 < found.error(name) < 0.35
    assert found.matrix.toarray() == pytest.approx(matrix, abs=0.15)
    total = found.parts.endemic + found.parts.own + found.parts.others
    assert np.isnan(total[:, 0]).all()
    assert total[:, 1:].mean(axis=1) == pytest.approx(values[:, 1:].mean(axis=1), rel=0.02)


@pytest.mark.parametrize(("shape", "lags"), [("geometric", [0.64, 0.24, 0.12]), ("free", [0.3, 0.1, 0.6])])
def test_the_weights_of_lags_are_found(shape: str, lags: list[float]) -> None:
    matrix = 0.4 * np.eye(6) + 0.1 * (ring(6) == 1)
    values = grown(matrix, np.full(6, 2.0), (500, 0.3, 5), np.array(lags))
    found = fit(counts_of(values), Spec(PLAIN, Own("one"), Coupling(Adjacent(), "one"), Lags(3, shape)))
    assert found.converged
    assert found.lags.sum() == pytest.approx(1)
    assert found.lags == pytest.approx(np.array(lags), abs=0.06)


def test_a_decay_is_found() -> None:
    order = ring(12)
    weights = np.where(order > 0, np.maximum(order, 1.0) ** -1.5, 0)
    matrix = 0.2 * np.eye(12) + 0.5 * weights / weights.sum(axis=0)
    found = fit(counts_of(grown(matrix, np.full(12, 2.0), (600, 0.3, 6))), Spec(PLAIN, coupling=Coupling(PowerLaw())))
    assert found.converged
    assert abs(found.value("decay") - 1.5) < 3 * found.error("decay") < 1.5


def test_a_coupling_that_is_not_there_stands_at_zero_with_no_error() -> None:
    values = grown(0.4 * np.eye(4), np.full(4, 2.0), (150, 0.3, 7))
    found = fit(counts_of(values), Spec(PLAIN))
    absent = [name for name in found.bounded if name.startswith("coupling")]
    assert len(absent) >= 4, "about half of twelve"
    assert all(found.value(name) == 0 and np.isnan(found.error(name)) for name in absent)
    known = [at for at, name in enumerate(found.names) if name not in found.bounded]
    assert np.isfinite(found.covariance[np.ix_(known, known)]).all()
    assert np.linalg.eigvalsh(found.covariance[np.ix_(known, known)]).min() > 0
    slope = gradient(problem(design(found.counts, found.spec), values), found.theta)
    assert all(slope[found.names.index(name)] <= 1e-6 for name in absent), "the likelihood would have it below"


def test_counts_that_are_poisson_have_a_dispersion_at_its_bound_or_near() -> None:
    found = fit(counts_of(grown(0.3 * np.eye(3), np.full(3, 2.0), (200, 0, 2))), Spec(PLAIN))
    assert 0 <= found.value("dispersion") < 0.05


def test_a_unit_without_counts_is_left_out_where_it_has_parameters_of_its_own() -> None:
    values = np.insert(grown(0.3 * np.eye(3), np.full(3, 2.0), (100, 0.3, 2)), 1, 0.0, axis=0)
    found = fit(counts_of(values), Spec())
    assert found.left_out == ("unit1",)
    assert not any("unit1" in name for name in found.names)
    assert (found.parts.mean[1, 1:] == 0).all()
    assert found.matrix.toarray()[1].sum() == found.matrix.toarray()[:, 1].sum() == 0
    together = fit(counts_of(values), Spec(Endemic("one"), Own("one"), Coupling(Adjacent())))
    assert together.left_out == ()
    assert np.nanmin(together.parts.endemic[1]) > 0, "its zeros count for the level of all"


def test_the_same_counts_give_the_same_fit_and_a_warm_start_stays() -> None:
    counts = panel()
    spec = Spec(coupling=Coupling(PowerLaw()), lags=Lags(2, "geometric"))
    first, again = fit(counts, spec), fit(counts, spec)
    assert first.theta.tobytes() == again.theta.tobytes()
    warm = refit(design(counts, spec), counts.values, first.theta)
    assert warm.steps <= 2
    assert warm.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-8)
    assert log_likelihood(counts, spec, first.theta) == pytest.approx(first.log_likelihood, abs=1e-9)


def test_no_other_start_finds_a_higher_peak() -> None:
    counts = panel(gaps=True, seed=8)
    spec = Spec(Endemic("each", trends="each"), family="negbin_each")
    best = fit(counts, spec)
    rng = np.random.default_rng(3)
    for _ in range(10):
        start = np.where(best.theta > 0, best.theta, 0.1) * rng.uniform(0.2, 3, len(best.theta))
        assert fit(counts, spec, start=start).log_likelihood <= best.log_likelihood + 1e-6


HARD = {
    "hardly any event": (30, 4, 0.03, 1.0),
    "thirty months": (30, 5, 2.0, 3.0),
    "very uneven": (60, 4, 10.0, 8.0),
    "thousands": (140, 5, 5000.0, 0.3),
    "hundreds of thousands, of which everything is certain": (40, 4, 200_000.0, 0.0),
}


@pytest.mark.parametrize("family", ["poisson", "negbin", "negbin_each"])
@pytest.mark.parametrize("what", HARD)
def test_it_converges_on_hard_data(what: str, family: Family) -> None:
    periods, units, level, dispersion = HARD[what]
    rng = np.random.default_rng(1)
    matrix = 0.3 * np.eye(units) + 0.1 * (ring(units) == 1)
    values = grown(matrix, level * rng.gamma(1, 1, units), (periods, dispersion, 1))
    specs = (
        Spec(Endemic("each", trends="each"), family=family),
        Spec(Endemic("one"), Own("one"), Coupling(PowerLaw(), "one"), Lags(3, "geometric"), family),
        Spec(Endemic("each"), Own("each"), Coupling(Adjacent(), "each"), Lags(2, "free"), family),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for spec in specs:
            found = fit(counts_of(values), spec)
            assert found.converged
            assert np.isfinite(found.log_likelihood)
            assert np.isfinite(found.theta).all()
            assert np.isfinite(found.parts.mean[:, spec.lags.most :]).all()


def test_coefficients_are_drawn_towards_their_mean_and_err_less() -> None:
    rng = np.random.default_rng(1)
    units = 20
    level, own = rng.normal(0, 1.0, units), np.exp(rng.normal(-1.2, 0.4, units))
    matrix = np.diag(own) + 0.1 * (ring(units) == 1)
    counts = counts_of(grown(matrix, np.exp(level), (100, 0.3, 2)))
    free = fit(counts, Spec(PLAIN, coupling=Coupling(Adjacent())))
    drawn = fit(counts, Spec(Endemic("shrunk", trend=False, seasons=0), Own("shrunk"), Coupling(Adjacent())))
    assert drawn.converged
    assert 0.35 < drawn.spreads["level"] < 0.9
    assert 0.1 < drawn.spreads["own"] < 0.8
    at = free.positions([f"own:unit{n}" for n in range(units)])
    assert np.mean((drawn.theta[at] - own) ** 2) < 0.8 * np.mean((free.theta[at] - own) ** 2)
    assert np.std(drawn.theta[at]) < np.std(free.theta[at])
    assert drawn.log_likelihood < free.log_likelihood, "of the counts alone"
    assert np.nanmean(np.diag(drawn.covariance)[at]) < np.nanmean(np.diag(free.covariance)[at])


def test_what_is_the_same_everywhere_is_drawn_together() -> None:
    counts = counts_of(grown(0.3 * np.eye(12), np.full(12, 2.0), (120, 0.3, 2)))
    found = fit(counts, Spec(Endemic("shrunk", trend=False, seasons=0), Own("shrunk"), None))
    assert found.converged
    own = found.theta[found.positions([f"own:unit{n}" for n in range(12)])]
    assert found.spreads["own"] < 0.2
    assert own.max() - own.min() < 0.12


def test_free_weights_are_for_few_units_and_may_be_of_some_pairs() -> None:
    found = fit(panel(), Spec(coupling=Coupling(Free(pairs=(("unit0", "unit1"),)))))
    assert [name for name in found.names if name.startswith("coupling")] == ["coupling:unit0>unit1"]

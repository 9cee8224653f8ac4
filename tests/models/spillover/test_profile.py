"""Profile intervals: the likelihood at their ends, one-sided at 0, and coverage."""

from __future__ import annotations

import numpy as np
import pytest

from harmattan.models.spillover.design import design
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.likelihood import by_unit, problem
from harmattan.models.spillover.profile import interval, intervals
from harmattan.models.spillover.spec import Endemic, Lags, Spec
from tests.models.spillover.worlds import MATRIX, UNITS, world

APART = Spec(endemic=Endemic(trends="each"), family="negbin_each")


def fall(spec: Spec, name: str, value: float) -> float:
    """How far the likelihood of a world falls where a parameter is held, by a search that knows nothing of profiles."""
    from scipy.optimize import minimize

    counts = world(4)
    of = problem(design(counts, spec), counts.values)
    fitted = fit(counts, spec)
    at = fitted.names.index(name)
    low = [0.0 if one.split(":")[0] in ("own", "coupling", "dispersion") else None for one in fitted.names]
    bounds = [(value, value) if n == at else (one, None) for n, one in enumerate(low)]
    start = fitted.theta.copy()
    start[at] = value
    found = minimize(lambda theta: -by_unit(of, theta).sum(), start, bounds=bounds, options={"maxfun": 100_000})
    return fitted.log_likelihood + float(found.fun)


@pytest.mark.parametrize("spec", [Spec(), APART], ids=["shared", "apart"])
def test_at_its_ends_the_likelihood_has_fallen_by_half_the_quantile(spec: Spec) -> None:
    fitted = fit(world(4), spec)
    low, high = interval(fitted, "coupling:AAA>BBB")
    assert low is not None
    assert high is not None
    assert 0 < low < fitted.value("coupling:AAA>BBB") < high
    assert fall(spec, "coupling:AAA>BBB", low) == pytest.approx(1.92, abs=0.02)
    assert fall(spec, "coupling:AAA>BBB", high) == pytest.approx(1.92, abs=0.02)


def test_what_stands_at_0_has_an_interval_from_0() -> None:
    found = [(fitted, name) for seed in range(4) for fitted in [fit(world(seed), Spec())] for name in fitted.bounded]
    assert found
    for fitted, name in found:
        low, high = interval(fitted, name)
        assert low == 0.0
        assert high is not None
        assert 0.01 < high < 1


def test_a_higher_level_is_wider_and_all_at_once_is_the_same() -> None:
    fitted = fit(world(2, lags=(0.6, 0.4)), Spec(lags=Lags(2, "geometric")))
    every = intervals(fitted)
    assert set(every) == {name for name in fitted.names if name.startswith(("own", "coupling"))}
    assert every["own:AAA"] == interval(fitted, "own:AAA")
    wide, narrow = interval(fitted, "own:AAA", 0.99), interval(fitted, "own:AAA", 0.5)
    assert wide[1] > every["own:AAA"][1] > narrow[1] > fitted.value("own:AAA")  # type: ignore[operator]


def test_other_parameters_have_intervals_near_those_of_their_errors() -> None:
    fitted = fit(world(3, 400), Spec())
    for name in ("trend", "sin1", "dispersion"):
        low, high = interval(fitted, name)
        assert low is not None
        assert high is not None
        assert (high - low) / 2 / 1.96 == pytest.approx(fitted.error(name), rel=0.1)
    with pytest.raises(KeyError):
        interval(fitted, "own:ZZZ")


def test_about_nineteen_of_twenty_hold_the_truth() -> None:
    held, many = 0, 0
    for seed in range(20):
        fitted = fit(world(100 + seed, 60, dispersion=0.0), Spec(family="poisson", endemic=Endemic(trend=False)))
        for name, (low, high) in intervals(fitted).items():
            target, source = (name[4:], name[4:]) if name.startswith("own") else (name[-3:], name[-7:-4])
            truth = MATRIX[UNITS.index(target), UNITS.index(source)]
            held += (low or 0.0) <= truth <= (np.inf if high is None else high)
            many += 1
    assert 0.92 <= held / many <= 0.99


def test_more_parameters_than_counts_bound_nothing() -> None:
    fitted = fit(world(6, 5), Spec())
    assert set(intervals(fitted).values()) == {(0.0, None)}

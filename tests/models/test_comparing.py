"""Ratios of scores, their intervals, and what one large war does to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap

from harmattan.models import comparing
from harmattan.models.comparing import Ratio, compare, largest, without_largest

pytestmark = pytest.mark.filterwarnings("error")


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def pairs(units: int = 60, windows: int = 12, ratio: float = 0.9) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = generator(5)
    theirs = rng.lognormal(2, 1.5, (units, 1)) * rng.lognormal(0, 0.3, (units, windows))
    return theirs * ratio * rng.lognormal(0, 0.2, (units, 1)), theirs


def test_the_ratio_is_that_of_the_sums() -> None:
    ours, theirs = pairs()
    found = compare(ours, theirs, generator())
    assert found.value == pytest.approx(ours.sum() / theirs.sum())
    assert found.low < found.value < found.high
    assert found.n_units == 60


def test_the_interval_is_that_of_the_bootstrap_of_scipy() -> None:
    ours, theirs = (one.sum(axis=1) for one in pairs())

    def ratio(ours: NDArray[Any], theirs: NDArray[Any], axis: int = -1) -> Any:
        return ours.sum(axis=axis) / theirs.sum(axis=axis)

    known = bootstrap((ours, theirs), ratio, paired=True, method="percentile", n_resamples=9999, rng=generator(3))
    found = compare(*pairs(), generator(), draws=9999)
    assert found.low == pytest.approx(known.confidence_interval.low, abs=0.005)
    assert found.high == pytest.approx(known.confidence_interval.high, abs=0.005)


def test_even_forecasts_are_even_for_certain() -> None:
    _ours, theirs = pairs()
    assert compare(theirs, theirs, generator()) == Ratio(1.0, 1.0, 1.0, 60)


def test_seeds_reproduce_and_a_few_draws_at_a_time_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one = compare(*pairs(), generator(7))
    monkeypatch.setattr(comparing, "AT_ONCE", 500)
    assert compare(*pairs(), generator(7)) == one
    assert compare(*pairs(), generator(8)) != one


def test_the_order_of_units_leaves_the_ratio() -> None:
    ours, theirs = pairs()
    order = generator().permutation(60)
    one, other = compare(ours, theirs, generator()), compare(ours[order], theirs[order], generator())
    assert one.value == pytest.approx(other.value, rel=1e-12)
    assert one.low == pytest.approx(other.low, abs=0.01)


def test_only_pairs_count_of_which_both_are_known() -> None:
    ours, theirs = pairs(units=4, windows=2)
    ours[0], theirs[1, 0], theirs[2] = 1e9, np.nan, np.nan
    theirs[0] = np.nan
    found = compare(ours, theirs, generator())
    assert found.n_units == 2
    assert found.value == pytest.approx((ours[1, 1] + ours[3].sum()) / (theirs[1, 1] + theirs[3].sum()))


def test_nothing_to_compare() -> None:
    for empty in (np.full((3, 2), np.nan), np.zeros((0, 2)), np.zeros((3, 0))):
        found = compare(empty, empty, generator())
        assert found.n_units == 0
        assert np.isnan([found.value, found.low, found.high]).all()


def test_a_benchmark_without_error() -> None:
    nothing = np.zeros((5, 2))
    assert compare(nothing, nothing, generator()) == Ratio(1.0, 1.0, 1.0, 5)
    assert compare(nothing + 1, nothing, generator()) == Ratio(np.inf, np.inf, np.inf, 5)
    assert compare(nothing, nothing + 1, generator()) == Ratio(0.0, 0.0, 0.0, 5)
    mixed = nothing.copy()
    mixed[0] = 1
    found = compare(mixed * 0.5, mixed, generator())  # some samples have only units without error
    assert (found.value, found.low, found.high) == (0.5, 0.5, 1.0)


def test_the_largest() -> None:
    _ours, theirs = pairs()
    theirs[3], theirs[8, 0], theirs[8, 1:] = 1e6, 1e8, np.nan
    assert largest(theirs, 2).tolist() == [8, 3]
    assert largest(theirs, 0).tolist() == []
    assert len(largest(theirs, 100)) == 60


def test_one_war_can_make_a_ratio_and_is_then_left_out() -> None:
    ours, theirs = pairs(ratio=1.2)
    theirs[10], ours[10] = 1e5, 5e4
    whole = compare(ours, theirs, generator())
    rest = without_largest(ours, theirs, 1, generator())
    assert whole.value < 0.55
    assert whole.high > 0.9  # samples without that war
    assert rest.value > 1
    assert rest.n_units == 59
    assert without_largest(ours, theirs, 60, generator()).n_units == 0


def test_shapes_that_differ() -> None:
    with pytest.raises(ValueError, match="units, windows"):
        compare(np.zeros((3, 2)), np.zeros((2, 3)), generator())
    with pytest.raises(ValueError, match="units, windows"):
        compare(np.zeros(3), np.zeros(3), generator())

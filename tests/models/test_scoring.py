"""Scores against a second implementation, against hand-made numbers, and by their laws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import kstest

from harmattan.errors import UsageError
from harmattan.models import scoring
from harmattan.models.scoring import (
    SCORES,
    brier,
    crps,
    crps_log,
    inside,
    interval_score,
    log_score,
    pit,
    score,
)

pytestmark = pytest.mark.filterwarnings("error")

Drawn = tuple[NDArray[Any], NDArray[Any]]


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def world(units: int = 30, steps: int = 4, n: int = 200, seed: int = 2) -> Drawn:
    """Draws and what came, from the same distributions: wars of every size, and quiet places."""
    rng = generator(seed)
    means = 10 ** rng.uniform(-2, 3, (units, 1, 1))
    both = rng.poisson(rng.gamma(0.5, 2 * means, (units, steps, n + 1)))
    return both[..., :n].astype(np.float32), both[..., n].astype(float)


@st.composite
def ensembles(draw: st.DrawFn) -> Drawn:
    n, values = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    deaths = st.integers(0, 3000).map(float)
    return draw(arrays(float, (values, n), elements=deaths)), draw(arrays(float, values, elements=deaths))


def test_all_names_and_shapes() -> None:
    draws, observed = world()
    found = score(draws, observed, generator())
    assert tuple(sorted(found)) == tuple(sorted(SCORES))
    assert all(one.shape == observed.shape and one.dtype == np.float64 for one in found.values())
    assert all(np.isfinite(one).all() for one in found.values())


def test_a_perfect_forecast_scores_nothing() -> None:
    observed = np.array([0.0, 1.0, 26.0, 40_000.0])
    found = score(np.repeat(observed[:, None], 1000, axis=1), observed, generator())
    for name in ("crps", "mis90", "crps_log", "brier_0", "brier_25", "brier_100", "brier_1000"):
        assert found[name].tolist() == [0.0] * 4, name
    assert found["log_score"] == pytest.approx(-np.log(1001 / 1011))
    assert found["inside_50"].tolist() == found["inside_90"].tolist() == [1.0] * 4


def test_the_order_of_draws_changes_no_bit() -> None:
    draws, observed = world()
    shuffled = generator().permuted(draws, axis=-1)
    one, other = (score(each, observed, generator()) for each in (draws, shuffled))
    assert all(one[name].tobytes() == other[name].tobytes() for name in SCORES)


def test_the_order_of_units_changes_no_score() -> None:
    draws, observed = world()
    order = generator().permutation(len(draws))
    one, other = score(draws, observed, generator()), score(draws[order], observed[order], generator())
    assert all(one[name][order].tobytes() == other[name].tobytes() for name in SCORES if name != "pit")


def test_a_few_at_a_time_are_the_same_and_the_draws_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    draws, observed = world()
    observed[3, 1] = np.nan
    before = draws.copy()
    whole = score(draws, observed, generator())
    monkeypatch.setattr(scoring, "AT_ONCE", 1000)
    parts = score(draws, observed, generator())
    assert all(whole[name].tobytes() == parts[name].tobytes() for name in SCORES)
    assert draws.tobytes() == before.tobytes()


@settings(deadline=None, max_examples=60)
@given(ensembles())
def test_crps_is_that_of_properscoring_and_the_energy_form(given_: Drawn) -> None:
    from properscoring import crps_ensemble

    draws, observed = given_
    found = crps(draws, observed)
    assert found == pytest.approx(crps_ensemble(observed, draws), abs=1e-8, rel=1e-10)
    apart = np.abs(draws[:, :, None] - draws[:, None, :]).mean(axis=(1, 2))
    assert found == pytest.approx(np.abs(draws - observed[:, None]).mean(axis=1) - apart / 2, abs=1e-8, rel=1e-10)
    assert crps_log(draws, observed) == pytest.approx(
        crps_ensemble(np.log1p(observed), np.log1p(draws)), abs=1e-10, rel=1e-10
    )


def test_crps_by_hand() -> None:
    assert crps(np.array([[0.0, 10.0]]), np.array([10.0])).tolist() == [2.5]  # 10/2 - (10 + 10)/4/2
    assert crps(np.array([[3.0]]), np.array([10.0])).tolist() == [7.0]


BINS = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 25), (26, 50), (51, 100), (101, 250), (251, 500), (501, 1000))


@pytest.mark.parametrize(("low", "high"), [*BINS, (1001, 90_000)])
def test_each_bin_of_the_log_score_has_both_its_ends(low: int, high: int) -> None:
    ends = np.array([end for pair in BINS for end in pair] + [1001, 90_000], float)
    draws = np.concatenate([ends, np.full(1000 - 22, 7.0)])
    expected = -np.log((2 + (978 if low == 6 else 0) + 1) / 1011)
    for value in (low, high):
        assert log_score(draws, np.array(float(value))).item() == pytest.approx(expected)


def test_log_score_repeats_twelve_draws_up_to_a_thousand() -> None:
    draws = np.array([0.0] * 9 + [4.0] * 3)
    found = log_score(np.tile(draws, (4, 1)), np.array([0.0, 5.0, 7.0, 1001.0]))
    assert found == pytest.approx(-np.log(np.array([751, 251, 1, 1]) / 1011))
    one = log_score(np.arange(12.0) * 2000, np.array(0.0)).item()
    assert one in (pytest.approx(-np.log(84 / 1011)), pytest.approx(-np.log(85 / 1011)))


def test_log_score_keeps_more_than_a_thousand_draws() -> None:
    assert log_score(np.zeros(2000), np.array(0.0)).item() == pytest.approx(-np.log(2001 / 2011))


@settings(deadline=None, max_examples=40)
@given(ensembles())
def test_probabilities_of_the_bins_add_up_to_one(given_: Drawn) -> None:
    draws, _observed = given_
    middles = np.array([low for low, _high in BINS] + [1001.0])
    every = np.exp(-log_score(np.repeat(draws[:1], 11, axis=0), middles))
    assert every.sum() == pytest.approx(1)


def test_interval_score_by_hand() -> None:
    draws = np.tile(np.arange(101.0), (3, 1))
    assert interval_score(draws, np.array([50.0, 1.0, 100.0])) == pytest.approx([90, 90 + 20 * 4, 90 + 20 * 5])
    assert interval_score(np.array([[0.0, 10.0]]), np.array([10.0])) == pytest.approx([9 + 20 * 0.5])


@settings(deadline=None, max_examples=40)
@given(ensembles())
def test_ends_of_intervals_are_linear_quantiles(given_: Drawn) -> None:
    draws, observed = given_
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    missed = np.maximum(low - observed, 0) + np.maximum(observed - high, 0)
    assert interval_score(draws, observed) == pytest.approx(high - low + 20 * missed, abs=1e-6)


def test_inside_holds_the_ends() -> None:
    draws = np.tile(np.arange(101.0), (5, 1))
    observed = np.array([5.0, 25.0, 75.0, 76.0, 96.0])
    assert inside(draws, observed, 0.5).tolist() == [0, 1, 1, 0, 0]
    assert inside(draws, observed, 0.9).tolist() == [1, 1, 1, 1, 0]


def test_brier_by_hand() -> None:
    draws = np.array([[0.0, 1.0, 26.0, 200.0], [0.0, 0.0, 25.0, 1001.0]])
    observed = np.array([1.0, 0.0])
    found = score(draws, observed, generator())
    assert found["brier_0"].tolist() == [(0.75 - 1) ** 2, 0.5**2]
    assert found["brier_25"].tolist() == [0.5**2, 0.25**2]
    assert found["brier_100"].tolist() == [0.25**2, 0.25**2]
    assert found["brier_1000"].tolist() == [0.0, 0.25**2]
    assert brier(draws, observed, 0).tolist() == found["brier_0"].tolist()


def test_pit_is_even_where_forecasts_are_calibrated_and_only_there() -> None:
    draws, observed = world(units=400, n=500)
    assert kstest(pit(draws, observed, generator()).ravel(), "uniform").pvalue > 0.05
    assert kstest(pit(draws * 2, observed, generator()).ravel(), "uniform").pvalue < 1e-6
    assert pit(draws, observed, generator()).tolist() == score(draws, observed, generator())["pit"].tolist()


def test_pit_lies_within_what_the_draws_leave_open() -> None:
    found = pit(np.tile([0.0, 0.0, 0.0, 5.0], (500, 1)), np.zeros(500), generator())
    assert found.min() >= 0
    assert 0.7 < found.max() <= 0.75
    assert kstest(found / 0.75, "uniform").pvalue > 0.05


def test_calibrated_intervals_hold_their_share_or_more() -> None:
    both = generator(4).gamma(2, 500, (2000, 501)).round()  # few values are tied
    draws, observed = both[:, 1:], both[:, 0]
    assert inside(draws, observed, 0.5).mean() == pytest.approx(0.5, abs=0.03)
    assert inside(draws, observed, 0.9).mean() == pytest.approx(0.9, abs=0.02)
    draws, observed = world(units=400, n=500)
    assert inside(draws, observed, 0.5).mean() > 0.5
    assert inside(draws, observed, 0.9).mean() > 0.9


@pytest.mark.parametrize("name", ["crps", "log_score", "mis90", "crps_log", "brier_0", "brier_25"])
def test_the_truth_scores_better_than_what_is_off(name: str) -> None:
    draws, observed = world(units=400, n=300)
    mean = score(draws, observed, generator())[name].mean()
    for wrong in (draws * 3 + 1, np.floor(draws / 3), draws[:, :, :1]):
        assert mean < score(wrong, observed, generator())[name].mean()


def test_where_nothing_was_observed_there_is_no_score() -> None:
    draws, observed = world()
    observed[::2] = np.nan
    draws[::2] = np.nan
    found = score(draws, observed, generator())
    for name in SCORES:
        assert np.isnan(found[name][::2]).all()
        assert np.isfinite(found[name][1::2]).all()
    nothing = score(draws[:0], observed[:0], generator())
    assert all(one.shape == (0, 4) for one in nothing.values())


@pytest.mark.parametrize("shape", [(3,), (3, 4), (4, 5), (3, 4, 0), (3, 4, 5, 6)])
def test_shapes_that_do_not_fit(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="draws of the shape"):
        score(np.zeros(shape), np.zeros((3, 4)), generator())


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_draws_that_are_no_deaths(wrong: float) -> None:
    draws = np.zeros((2, 5))
    draws[1, 2] = wrong
    with pytest.raises(UsageError, match="A draw is negative"):
        crps(draws, np.zeros(2))


@pytest.mark.parametrize("wrong", [-1.0, np.inf])
def test_observed_values_that_are_no_deaths(wrong: float) -> None:
    with pytest.raises(UsageError, match="An observed value"):
        crps(np.zeros((1, 5)), np.array([wrong]))

"""Levels and features: by hand, blind to what comes later, and whole where data are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.models.levels import LONG, SHARE_SHORT, SHORT, levels, rolling, weighted
from harmattan.models.panel import Panel, Values
from harmattan.vocabulary.period import Month

pytestmark = pytest.mark.filterwarnings("error")

MONTHS = 50


def panel_of(values: Values, events: Values | None = None) -> Panel:
    units = tuple(f"U{n}" for n in range(len(values)))
    return Panel(units, Month(2018, 1), values, (), {} if events is None else {"events": events})


def uneven(seed: int = 1) -> tuple[Values, Values]:
    """Wars, peace, a gap, a place that begins late and one that nobody looked at."""
    rng = np.random.default_rng(seed)
    values = rng.poisson(rng.gamma(0.5, [[2], [200], [0.1], [20], [20], [1]], (6, MONTHS))).astype(float)
    values[2] = 0
    values[3, 10:20] = np.nan
    values[4, :40] = np.nan
    values[5] = np.nan
    return values, np.ceil(values / 3)


def test_weighted_by_hand() -> None:
    found = weighted(np.array([[4.0, np.nan, 1.0]]), 1.0)
    assert found.tolist() == [[4.0, 4.0, pytest.approx((4 / 4 + 1) / (1 / 4 + 1))]]
    assert np.isnan(weighted(np.array([[np.nan, 1.0]]), 1.0)[0, 0])


def test_rolling_by_hand() -> None:
    values = np.array([[np.nan, 3.0, np.nan, np.nan, 1.0]])
    np.testing.assert_array_equal(rolling(values, 2, np.nanmax), [[np.nan, 3, 3, np.nan, 1]])


def test_the_level_is_a_mean_of_a_short_and_a_long_memory() -> None:
    values = np.array([[100.0, 0.0]])
    expected = [0.5 ** (1 / life) / (1 + 0.5 ** (1 / life)) for life in (SHORT, LONG)]
    found = levels(panel_of(values)).scale
    assert found[0, 1] == pytest.approx(100 * (SHARE_SHORT * expected[0] + (1 - SHARE_SHORT) * expected[1]))
    assert found[0, 0] == pytest.approx(100)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, MONTHS - 1), st.integers(0, 5), st.sampled_from([0.0, 1e6, np.nan]), st.booleans())
def test_what_comes_later_changes_nothing_earlier(month: int, unit: int, leaked: float, beside: bool) -> None:
    values, events = uneven()
    before = levels(panel_of(values.copy(), events.copy()))
    (events if beside else values)[unit, month] = leaked
    after = levels(panel_of(values, events))
    assert before.scale[:, :month].tobytes() == after.scale[:, :month].tobytes()
    assert before.features[:, :month].tobytes() == after.features[:, :month].tobytes()


def test_a_panel_cut_short_has_the_same_levels() -> None:
    values, events = uneven()
    whole = levels(panel_of(values, events))
    for months in (1, 2, 13, 49):
        cut = levels(panel_of(values[:, :months], events[:, :months]))
        assert cut.scale.tobytes() == whole.scale[:, :months].tobytes()
        assert cut.features.tobytes() == whole.features[:, :months].tobytes()


def test_other_units_change_nothing() -> None:
    values, events = uneven()
    whole = levels(panel_of(values, events))
    alone = levels(panel_of(values[[1]], events[[1]]))
    np.testing.assert_allclose(alone.features[0], whole.features[1], rtol=1e-6)


def test_nothing_is_known_only_where_nobody_has_looked() -> None:
    values, events = uneven()
    found = levels(panel_of(values, events))
    known = np.maximum.accumulate(np.isfinite(values), axis=1)
    assert (np.isfinite(found.scale) == known).all()
    assert np.isfinite(found.scale[3, 10:20]).all(), "a gap keeps the level from before it"
    assert not np.isinf(found.features).any()
    assert (found.scale[2] == 0).all()


def test_a_war_without_precedent_looks_like_one_a_tenth_its_size() -> None:
    rng = np.random.default_rng(3)
    war = 5000 + rng.poisson(3000, (1, MONTHS)).astype(float)
    large, small = (levels(panel_of(one)).features for one in (war * 10, war))
    np.testing.assert_allclose(large, small, atol=2e-3)

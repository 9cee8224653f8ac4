"""Series by day: what nobody looked at, and what is taken out before series are laid side by side."""

from __future__ import annotations

import datetime as dt

import numpy as np

from harmattan.influence.alongside import Daily, adjusted, ranked, whitened
from harmattan.vocabulary.period import Period

DAY = dt.date
SPAN = Period(DAY(2022, 1, 1), DAY(2022, 1, 10))


def test_days_that_nothing_covers_are_unknown_and_not_zero() -> None:
    found = Daily.of(
        ["2022-01-02", "2022-01-05", "2022-01-05", "2021-12-31", "2022-01-09"],
        SPAN,
        [Period(DAY(2021, 1, 1), DAY(2022, 1, 3)), Period(DAY(2022, 1, 5), DAY(2022, 1, 6))],
    )
    assert np.array_equal(found.values, [0, 1, 0, np.nan, 2, 0, np.nan, np.nan, np.nan, np.nan], equal_nan=True)
    assert found.share == 0.5
    assert found.day(found.place(DAY(2022, 1, 5))) == DAY(2022, 1, 5)


def test_an_unknown_weight_makes_its_day_unknown() -> None:
    found = Daily.of(["2022-01-02", "2022-01-02", "2022-01-03"], SPAN, [SPAN], [4, np.nan, 3])
    assert np.isnan(found.values[1])
    assert found.values[2] == 3


def test_a_longer_period_is_unknown_beyond_the_series() -> None:
    inner = Daily.of(["2022-01-02"], SPAN, [SPAN])
    outer = inner.within(Period(DAY(2021, 12, 30), DAY(2022, 1, 3)))
    assert np.array_equal(outer.values, [np.nan, np.nan, 0, 1, 0], equal_nan=True)
    later = inner.within(Period(DAY(2022, 1, 9), DAY(2022, 1, 12)))
    assert np.array_equal(later.values, [0, 0, np.nan, np.nan], equal_nan=True)
    assert not inner.within(Period(DAY(2023, 1, 1), DAY(2023, 1, 3))).known.any()


def test_weekly_rhythm_and_slow_movements_are_taken_out_and_gaps_stay() -> None:
    day = np.arange(400)
    values = np.exp(2 + (day % 7 == 5) * 1.5 + np.cos(np.pi * 3 * (day + 0.5) / 400)) - 1
    values[50:60] = np.nan
    left = adjusted(values, slow=56)
    assert np.isnan(left[50:60]).all()
    assert np.nanmax(np.abs(left)) < 1e-9
    assert np.nanstd(adjusted(values)) > 0.5, "without `slow` the slow wave stays"


def test_what_the_past_foretells_is_taken_out() -> None:
    draws = np.random.default_rng(1)
    values = np.zeros(1500)
    for day in range(2, 1500):
        values[day] = 0.5 * values[day - 1] + 0.3 * values[day - 2] + draws.normal()
    values[700] = np.nan
    left = whitened(values)
    there = left[~np.isnan(left)]
    assert np.isnan(left[:2]).all()
    assert np.isnan(left[700:703]).all()
    assert abs(np.corrcoef(there[1:], there[:-1])[0, 1]) < 0.06
    assert abs(there.std() - 1) < 0.06


def test_a_p_is_never_zero() -> None:
    assert ranked(np.array([9.0, 0.0]), np.zeros((99, 2))).tolist() == [0.01, 1.0]

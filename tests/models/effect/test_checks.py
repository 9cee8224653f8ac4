"""The checks are held against limits that are stated once."""

from __future__ import annotations

import math

import pytest

from harmattan.models.effect import checks
from harmattan.models.effect.effect import REFUSING, Check, Effect, Estimate, Placebo, Variant


def variant(kind: str, value: float) -> Variant:
    return Variant(kind, "x", value, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("made", [checks.pre_trend, checks.anticipation, checks.contaminated])
def test_a_test_of_the_design_passes_where_nothing_is_seen(made) -> None:
    assert made(0.4).passed is True
    assert made(0.04).passed is False
    assert made(None).passed is None
    assert made(math.nan) == Check(made(None).name, None, None, checks.LEVEL)


@pytest.mark.parametrize("made", [checks.placebo_space, checks.placebo_time])
def test_a_placebo_test_passes_where_the_effect_stands_out(made) -> None:
    assert made(0.05).passed is True
    assert made(0.2).passed is False
    assert made(None).passed is None


def test_the_rank_counts_the_estimate_itself_and_ties() -> None:
    assert checks.rank(2.0, [1.0, -2.0, 0.5]) == pytest.approx(2 / 4)
    assert checks.rank(2.0, []) is None
    assert checks.rank(math.nan, [1.0]) is None
    placebos = [Placebo("a", "space", 1.0, 1.0, 2.0, ()), Placebo("b", "space", 1.0, 0.0, 1.0, ())]
    assert checks.rank_of_ratios(3.0, placebos) == pytest.approx(2 / 3)


def test_the_error_before_is_held_against_the_series_own_spread() -> None:
    seen = [1.0, 5.0, 1.0, 5.0]
    assert checks.pre_fit(seen, [3.0] * 4).found == pytest.approx(1.0)
    assert checks.pre_fit(seen, [3.0] * 4).passed is True
    assert checks.pre_fit(seen, [8.0] * 4).passed is False
    assert checks.pre_fit([2.0, 2.0], [2.0, 2.0]).passed is True
    assert checks.pre_fit([2.0, 2.0], [3.0, 3.0]) == Check("pre_fit", False, None, checks.FIT)
    assert checks.pre_fit([math.nan, 1.0], [1.0, 1.0]).passed is None


def test_what_is_left_without_one_unit_or_in_another_window() -> None:
    kinds = [variant("leave_one_out", 4.0), variant("leave_one_out", 1.0), variant("window", -1.0)]
    assert checks.leave_one_out(4.0, kinds) == Check("leave_one_out", False, 0.25, checks.KEPT)
    assert checks.stable(4.0, kinds).found == pytest.approx(-0.25)
    assert checks.donors(4.0, kinds).passed is None
    assert checks.leave_one_out(0.0, kinds).passed is False


def test_only_the_checks_of_the_design_refuse() -> None:
    estimate = Estimate(2.0, 1.0, 3.0, 0.01)
    made = Effect("sdid", ("a",), (), estimate, checks=(checks.enough_before(11),))
    assert "enough_before" in REFUSING
    assert made.verdict == "refused"
    assert Effect("sdid", ("a",), (), estimate, checks=(checks.placebo_space(0.5),)).verdict == "cannot_tell"
    assert Effect("sdid", ("a",), (), estimate, checks=(checks.no_controls(),)).verdict == "raised"
    assert checks.enough_controls(5).passed is True
    assert checks.enough_controls(4).passed is False

"""The words of a verdict: made from the checks and the interval, and from nothing else."""

from __future__ import annotations

from typing import get_args

import pytest

from harmattan.models.effect.effect import REFUSING, Check, CheckName, Effect, Estimate
from harmattan.questions.effect_words import CHECKS, LIMITS, verdict
from harmattan.text import Number

CLEAR, OPEN = Estimate(4.0, 1.0, 7.0, 0.04), Estimate(4.0, -1.5, 9.5, 0.3)
WORDS = {
    "pre_fit": "off by 0.50 standard deviations",
    "pre_trend": "did not run alike before (p 0.50",
    "anticipation": "just before already (p 0.50",
    "contaminated": "itself reached (p 0.50",
    "placebo_space": "elsewhere, where nothing happened (p 0.50",
    "placebo_time": "in earlier months (p 0.50",
    "leave_one_out": "only 50 % of it is left without one of the units (at least 5 %)",
    "donors": "only 50 % of it is left with another set of donors (at least 5 %)",
    "enough_before": "too few months before: ",
    "enough_controls": "to compare with are too few (at least",
    "stable": "only 50 % of it is left in another window or radius (at least 5 %)",
}


def say(value: float, digits: int) -> Number:
    return Number(value, None, digits)


def told(estimate: Estimate | None, *checks: Check) -> str:
    return str(verdict(Effect("synthetic", ("MLI",), ("TCD",), estimate, checks=checks), say))


def test_every_check_has_words_and_a_measure() -> None:
    names = set(get_args(CheckName))
    assert set(CHECKS) == set(LIMITS) == set(WORDS) == names


@pytest.mark.parametrize("name", get_args(CheckName))
def test_a_failed_check_is_the_reason_and_says_by_how_much(name: CheckName) -> None:
    said = told(CLEAR, Check(name, False, 0.5, 0.05))
    assert said.startswith("No effect is named" if name in REFUSING else "The data cannot tell")
    assert WORDS[name] in said
    assert "caus" not in said.casefold()


def test_what_passed_or_could_not_be_made_is_no_reason() -> None:
    made = (
        Check("pre_fit", True, 0.4, 1.25),
        Check("contaminated", None, None, 0.05),
        Check("donors", True, 1.0, 0.25),
    )
    assert told(CLEAR, *made) == (
        "Higher than expected: the interval is clear of zero, and 2 checks that could be made held."
    )
    assert told(Estimate(-4.0, -7.0, -1.0, 0.04), *made).startswith("Lower than expected")
    assert told(OPEN, *made) == "The data cannot tell: the interval from -1.5 to 9.5 has zero in it."
    assert "no interval can be given" in told(Estimate(4.0, None, None, None), *made)
    assert "nothing could be estimated" in told(None)


def test_a_design_that_does_not_hold_names_what_refuses_it_alone() -> None:
    said = told(OPEN, Check("pre_trend", False, 0.004, 0.05), Check("stable", False, -0.2, 0.25))
    assert said == (
        "No effect is named, since the design does not hold: both did not run alike before (p 0.004, limit 0.05)."
    )
    assert "the sign changes in another window or radius" in told(CLEAR, Check("stable", False, -0.2, 0.25))

"""The interrupted series: right on its own terms, refusing where its own past does not carry it, quiet at the edges."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bench.effects import alone

from harmattan.errors import UsageError
from harmattan.models.effect.interrupted import interrupted
from harmattan.models.effect.outcome import Outcome
from harmattan.vocabulary.period import Month

FIRST = Month(2016, 1)


def test_trend_and_season_are_carried_on() -> None:
    """Without noise the effect is what was put in, whatever trend and season do meanwhile."""
    month = np.arange(72)
    mean = 200 * np.exp(0.01 * month + 0.4 * np.cos(2 * np.pi * (month - 2) / 12))
    values = mean + np.where(month >= 60, 25.0, 0.0)
    effect = interrupted(Outcome(("Gao",), FIRST, values[None], {"Gao": 60}))
    assert effect.estimate is not None
    assert effect.estimate.value == pytest.approx(25.0, abs=1e-3)
    late = [point for point in effect.path if point.month >= 0]
    assert [point.expected for point in late] == pytest.approx(mean[60:], abs=1e-3)


def test_it_is_said_that_there_are_no_controls() -> None:
    effect = interrupted(alone("effect", 2).outcome)
    assert effect.verdict == "raised"
    assert effect.controls == ()
    told = next(check for check in effect.checks if check.name == "enough_controls")
    assert (told.passed, told.found) == (None, 0.0)


def test_earlier_months_taken_for_the_event() -> None:
    effect = interrupted(alone("null", 3).outcome)
    assert [one.name for one in effect.placebos] == [str(at) for at in range(-36, -11)]
    assert {one.kind for one in effect.placebos} == {"time"}
    assert effect.verdict != "raised"
    found = next(check for check in effect.checks if check.name == "placebo_time").found
    assert found is not None
    assert 1 / 26 <= found <= 1


def test_several_places_are_not_one_series() -> None:
    outcome = Outcome(("a", "b"), FIRST, np.ones((2, 60)), {"a": 40, "b": 40})
    with pytest.raises(UsageError, match="that of one place"):
        interrupted(outcome)


def series(values: np.ndarray) -> Callable[[Outcome], Outcome]:
    return lambda one: replace(one, values=np.asarray(values, dtype=float)[None])


MONTH = np.arange(72)
EDGES: dict[str, Callable[[Outcome], Outcome]] = {
    "all zeros": series(np.zeros(72)),
    "all unknown": series(np.full(72, np.nan)),
    "months unknown": lambda one: replace(one, values=np.where(MONTH % 5 == 0, np.nan, one.values)),
    "zero before": series(np.where(MONTH >= 60, 5.0, 0.0)),
    "one death before": series(np.where(MONTH == 10, 1.0, 0.0)),
    "few deaths": series(np.where(MONTH % 20 == 0, 3.0, 0.0)),
    "constant": series(np.full(72, 4.0)),
    "one burst": series(np.where(MONTH == 40, 1e6, 1.0)),
    "starts at once": lambda one: replace(one, starts={"treated": 0}),
    "few months before": lambda one: replace(one, starts={"treated": 10}),
    "no month after": lambda one: replace(one, starts={"treated": 72}),
    "one month": lambda one: one.between(59, 60),
    "nothing treated": lambda one: replace(one, starts={}),
}
NOTHING = {"all zeros", "all unknown", "zero before", "starts at once", "few months before", "no month after",
           "one month", "nothing treated"}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_hard_edges_are_quiet_and_claim_nothing(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        effect = interrupted(EDGES[name](alone("null", 1).outcome))
    assert effect.verdict in ("refused", "cannot_tell")
    if name in NOTHING:
        assert effect.estimate is None
        assert effect.verdict == "refused"
        return
    assert effect.estimate is not None
    numbers = [effect.estimate.value, effect.estimate.low, effect.estimate.high, effect.estimate.p]
    numbers += [value for point in effect.path for value in (point.effect, point.low, point.high)]
    numbers += [check.found for check in effect.checks] + [one.effect for one in effect.placebos]
    assert all(value is None or np.isfinite(value) for value in numbers)

"""Staggered adoption: right where two-way fixed effects are not, equal to others' arithmetic, quiet at the edges."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bench.effects import places

from harmattan.models.effect.effect import Effect
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.staggered import ratio, staggered
from harmattan.models.effect.twoway import TwoWay, multiplicative
from harmattan.models.effect.windows import Windows
from harmattan.vocabulary.period import Month

FIRST = Month(2020, 1)


def small(seed: int = 3, months: int = 40) -> Outcome:
    draws = np.random.default_rng(seed)
    units = tuple(f"base {n}" for n in range(5)) + tuple(f"place {n}" for n in range(8))
    values = draws.poisson(draws.gamma(2.0, 2.0, (13, 1)), (13, months)).astype(float)
    return Outcome(units, FIRST, values, {f"base {n}": 15 + 3 * n for n in range(5)})


def finite(effect: Effect) -> bool:
    estimate = effect.estimate
    numbers = [estimate.value, estimate.low, estimate.high, estimate.p, estimate.error] if estimate else []
    numbers += [value for point in effect.path for value in (point.observed, point.effect, point.low, point.high)]
    numbers += [check.found for check in effect.checks] + [one.value for one in effect.variants]
    numbers += [value for one in effect.placebos for value in (one.effect, *one.gaps)]
    return all(value is None or np.isfinite(value) for value in numbers)


def test_the_effect_by_hand() -> None:
    """Level of the base 2, of the months 0, 2, 3, 5 more than the place's 1: expected 5 and 7, counted 6 and 10."""
    values = np.array([[2.0, 4.0, 6.0, 10.0], [1.0, 3.0, 4.0, 6.0]])
    effect = staggered(Outcome(("base", "place"), FIRST, values, {"base": 2}), before=2, after=2)
    assert effect.estimate is not None
    assert effect.estimate.value == pytest.approx(((6 - 5) + (10 - 7)) / 2)
    assert [(point.month, round(point.effect, 9)) for point in effect.path if point.month >= 0] == [(0, 1.0), (1, 3.0)]
    assert effect.verdict == "refused"
    assert {check.name for check in effect.checks if check.passed is False} >= {"enough_before", "enough_controls"}


def test_two_way_fixed_effects_have_the_wrong_sign_where_ours_have_the_right_one() -> None:
    """Effects that grow: places treated early serve two-way fixed effects as controls of those treated late."""
    months = np.arange(84)
    starts = {f"early {n}": 24 for n in range(10)} | {f"late {n}": 40 for n in range(10)}
    units = (*starts, "never")
    level = np.arange(21.0)[:, None] + np.sin(months)[None, :]
    since = np.array([[month - starts.get(unit, 99) for month in months] for unit in units])
    true = np.where(since >= 0, 1.0 + since, 0.0)
    true[10:20] = np.where(since[10:20] >= 0, 0.2, 0.0)
    outcome = Outcome(units, FIRST, level + true, starts)
    everywhere = TwoWay.of(np.ones(true.shape, dtype=bool))
    treated = everywhere.residual((since >= 0).astype(float))
    twfe = float((treated * outcome.values).sum() / (treated * treated).sum())
    ours = staggered(outcome, after=12, shown=False, reassigned=9)
    assert ours.estimate is not None
    window = (since >= 0) & (since < 12)
    assert true[window].min() > 0
    assert ours.estimate.value == pytest.approx(true[window].mean())
    assert twfe < 0


def test_equal_to_an_independent_library() -> None:
    """Gardner's two stages give the same point estimate as imputation; a Poisson fit the same multiplicative levels.

    The numbers are what pyfixest 0.60.0 gave for this panel: `did2s` (first stage unit and month, second stage treated)
    and `fepois("y ~ 1 | unit + month")` over what was not treated, its predictions at five places and their squares.
    """
    outcome = small()
    used = Windows.of(outcome, 12, 6)
    unit, month = np.nonzero(used.untreated | used.target)
    ours = staggered(outcome, before=12, after=6)
    assert ours.estimate is not None
    assert ours.estimate.value == pytest.approx(-0.7191160306729666, rel=1e-6)
    learnt = ~used.target[unit, month]
    levels = multiplicative(used.untreated, used.values)[unit[learnt], month[learnt]]
    theirs = [11.615154710608747, 13.762500443753474, 1.3918262397734518, 2.8846812792417738, 2.906574126441825]
    assert levels[[0, 10, 50, 100, -1]] == pytest.approx(theirs, rel=1e-6)
    assert (levels**2).sum() == pytest.approx(6264.515006354341, rel=1e-7)


def test_not_yet_treated_places_are_enough_to_learn_months_from() -> None:
    outcome = small()
    alone = staggered(outcome.only(outcome.treated), before=12, after=6)
    assert alone.estimate is not None
    assert alone.controls == ()
    assert np.isfinite(alone.estimate.value)


def test_controls_near_a_treated_place_are_left_out_and_shown_beside() -> None:
    world = places("contaminated", 4)
    near = staggered(world.outcome, near_km=200.0, reassigned=19)
    every = staggered(world.outcome, reassigned=19, shown=False)
    assert near.estimate is not None
    assert every.estimate is not None
    assert near.left_out == {f"place {n}": "near" for n in range(10)}
    beside = next(one for one in near.variants if one.kind == "radius" and one.name == "0")
    assert beside.value == pytest.approx(every.estimate.value)
    assert near.estimate.value > beside.value
    contaminated = {check.name: check.passed for check in every.checks}["contaminated"]
    assert contaminated is False
    assert every.verdict == "refused"


def test_too_few_far_controls_keep_the_near_ones() -> None:
    outcome = small()
    close = replace(outcome, km=dict.fromkeys(outcome.controls, 10.0))
    assert staggered(close, near_km=50.0, shown=False, reassigned=9).controls == outcome.controls


def test_a_month_before_is_held_against_the_other_months_before() -> None:
    outcome = small()
    bumped = outcome.values.copy()
    for unit, start in outcome.starts.items():
        bumped[outcome.units.index(unit), start - 4] += 10
    other = replace(outcome, values=bumped)
    here, there = (staggered(one, before=12, after=6, reassigned=9).path for one in (outcome, other))
    moved = {a.month: b.effect - a.effect for a, b in zip(here, there, strict=True)}
    assert moved[-4] == pytest.approx(10.0)
    assert all(abs(value) < 2 for month, value in moved.items() if month != -4)


def test_times_as_many() -> None:
    world = places("effect", 2, treated=12, controls=30, times=3.0)
    found = ratio(world.outcome)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < 3.0 < found.high
    assert found.p is not None
    assert found.p < 0.01
    assert ratio(replace(world.outcome, values=np.zeros_like(world.outcome.values))) is None


def test_same_inputs_same_effect() -> None:
    assert staggered(small(), before=12, after=6) == staggered(small(), before=12, after=6)


def unknown(outcome: Outcome) -> Outcome:
    values = outcome.values.copy()
    values[:, 18:21] = np.nan
    values[2, :] = np.nan
    values[7, 5:30] = np.nan
    return replace(outcome, values=values)


EDGES: dict[str, Callable[[Outcome], Outcome]] = {
    "no month before": lambda one: replace(one, starts=dict.fromkeys(one.starts, 0)),
    "one begins treated": lambda one: replace(one, starts=one.starts | {"base 0": 0}),
    "no month after": lambda one: replace(one, starts=dict.fromkeys(one.starts, 40)),
    "one treated": lambda one: one.without(*one.treated[1:]),
    "two treated": lambda one: one.without(*one.treated[2:]),
    "no controls": lambda one: one.only(one.treated[:1]),
    "one control": lambda one: one.without(*one.controls[1:]),
    "nothing treated": lambda one: replace(one, starts={}),
    "all zeros": lambda one: replace(one, values=np.zeros_like(one.values)),
    "one month": lambda one: one.between(15, 16),
    "months unknown": unknown,
    "all unknown": lambda one: replace(one, values=np.full_like(one.values, np.nan)),
    "one cluster": lambda one: replace(one, cluster=dict.fromkeys(one.units, "Mali")),
    "no unit": lambda one: one.only(()),
}
NOTHING = {"no month before", "no month after", "no controls", "nothing treated", "one month", "all unknown", "no unit"}


@pytest.mark.parametrize("name", EDGES)
def test_hard_edges_are_quiet_and_claim_nothing(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = EDGES[name](small())
        effect = staggered(outcome, before=12, after=6, reassigned=19, near_km=10.0)
        ratio(outcome, before=12, after=6)
    assert finite(effect)
    assert effect.verdict in ("refused", "cannot_tell")
    if name in NOTHING:
        assert effect.estimate is None
        assert effect.verdict == "refused"


def test_the_path_is_of_the_cells_that_the_effect_is_of() -> None:
    """A month in which everybody is treated has no expected value: it is in neither the effect nor the path."""
    rng = np.random.default_rng(4)
    values = rng.poisson(5.0, (6, 40)).astype(float)
    values[3:, 34:] = np.nan
    outcome = Outcome(tuple("ABCDEF"), Month(2020, 1), values, {"A": 24, "B": 28, "C": 30})
    found = staggered(outcome, before=20, after=10)
    assert found.estimate is not None
    after = [point for point in found.path if point.month >= 0]
    cells = sum(point.units for point in after)
    assert cells == 10 + 6 + 4, "ten months of A, six of B and four of C, before nobody else was looked at"
    mean = sum((point.observed - point.expected) * point.units for point in after) / cells
    assert mean == pytest.approx(found.estimate.value)

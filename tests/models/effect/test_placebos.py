"""Placebos, variants and checks of synthetic designs; worlds where they must refuse, and edges."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.effect.effect import Check, Effect
from harmattan.models.effect.matching import sdid_everyone, sdid_match, synthetic_everyone, synthetic_match, zeta
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.placebos import in_space, nearest, trend
from harmattan.models.effect.pool import setting
from harmattan.models.effect.sdid import sdid
from harmattan.models.effect.synthetic import synthetic
from harmattan.vocabulary.period import Month
from tests.models.effect.test_synthetic import world

pytestmark = pytest.mark.filterwarnings("error")

Design = Callable[[Outcome], Effect]
DESIGNS = pytest.mark.parametrize("design", [synthetic, sdid])


def check(effect: Effect, name: str) -> Check:
    return next(one for one in effect.checks if one.name == name)


def numbers(thing: object) -> list[float]:
    """Every number in an effect."""
    if is_dataclass(thing):
        return [n for one in fields(thing) for n in numbers(getattr(thing, one.name))]
    if isinstance(thing, dict):
        return [n for one in thing.values() for n in numbers(one)]
    if isinstance(thing, list | tuple):
        return [n for one in thing for n in numbers(one)]
    return [float(thing)] if isinstance(thing, int | float) else []


def test_every_donor_from_one_gram_matrix_is_what_each_gives_alone() -> None:
    main = setting(world(effect=3.0))
    for unit, one in zip(main.donors, synthetic_everyone(main), strict=True):
        alone = synthetic_match(main.treating((unit,)))
        assert one.gaps == pytest.approx(alone.gaps, abs=1e-4)
    for unit, one in zip(main.donors, sdid_everyone(main, alike=True), strict=True):
        other = sdid_match(main.treating((unit,)), zeta(main, alike=True))
        assert one.effect == pytest.approx(other.effect, abs=1e-6)


@DESIGNS
def test_placebos_in_space_and_time(design: Design) -> None:
    found = design(world(effect=6.0, donors=20, seed=3))
    space = [one for one in found.placebos if one.kind == "space"]
    time = [one for one in found.placebos if one.kind == "time"]
    assert [one.name for one in space] == list(found.controls)
    assert all(len(one.gaps) == len(found.path) for one in space)
    assert [one.name for one in time][:2] == ["2017-07", "2017-08"]
    assert all(len(one.gaps) <= 60 for one in time)
    assert time[-1].name == "2019-01"
    assert found.estimate is not None
    assert found.estimate.p == pytest.approx(1 / 21, abs=1e-9)
    assert check(found, "placebo_space").passed
    assert check(found, "placebo_time").passed
    assert found.verdict == "raised"


def test_a_placebo_that_does_not_fit_is_shown_and_left_out_of_the_rank() -> None:
    outcome = world(effect=6.0, donors=20, seed=3)
    values = outcome.values.copy()
    values[7] += 500
    found = synthetic(replace(outcome, values=values))
    far = next(one for one in found.placebos if one.name == "U07")
    assert not far.counted
    assert found.estimate is not None
    assert found.estimate.p == pytest.approx(1 / 20)


@DESIGNS
def test_variants_say_what_was_left_out(design: Design) -> None:
    found = design(world(effect=6.0, donors=20, seed=3))
    without = {one.name: one.value for one in found.variants if one.kind == "leave_one_out"}
    assert without.keys() <= found.weights.keys()
    outcome = world(effect=6.0, donors=20, seed=3)
    name = max(without, key=lambda unit: found.weights[unit])
    again = design(outcome.without(name))
    assert again.estimate is not None
    assert without[name] == pytest.approx(again.estimate.value)
    assert [one.name for one in found.variants if one.kind == "window"] == ["2016-09", "2017-07"]
    assert any(one.kind == "measure" for one in found.variants)


@DESIGNS
def test_a_trend_of_its_own_before_refuses(design: Design) -> None:
    outcome = world(donors=20, seed=3)
    values = outcome.values.copy()
    values[0] += 0.4 * np.arange(72)
    assert design(replace(outcome, values=values)).verdict == "refused"


@DESIGNS
def test_what_is_seen_before_the_event_refuses(design: Design) -> None:
    outcome = world(effect=8.0, donors=20, seed=3)
    values = outcome.values.copy()
    values[0, 55:60] += 8
    found = design(replace(outcome, values=values))
    assert check(found, "anticipation").passed is False
    assert found.verdict == "refused"


def test_controls_that_the_event_reached_refuse() -> None:
    """Nearest donors that rise with the treated unit, beside those that are farther."""
    outcome = world(donors=20, seed=3)
    km = {unit: 100.0 * n for n, unit in enumerate(outcome.units) if n}
    values = outcome.values.copy()
    main = setting(replace(outcome, km=km))
    near = nearest(main, synthetic_match(main).weights)
    assert near is not None
    assert max(km[unit] for unit in near.treated) < min(km[unit] for unit in near.donors)
    rows = [outcome.units.index(unit) for unit in near.treated]
    values[rows, 60:] -= 8
    found = synthetic(replace(outcome, values=values, km=km))
    assert check(found, "contaminated").passed is False
    assert found.verdict == "refused"
    assert check(synthetic(replace(outcome, km=km)), "contaminated").passed
    assert check(synthetic(outcome), "contaminated").passed is None


def test_neighbours_are_left_out_and_what_they_change_is_shown() -> None:
    outcome = world(effect=6.0, donors=20, seed=3)
    km = {unit: (0.0 if n < 4 else 400.0 * n) for n, unit in enumerate(outcome.units) if n}
    found = synthetic(replace(outcome, km=km))
    assert {unit for unit, why in found.left_out.items() if why == "near"} == {"U01", "U02", "U03"}
    assert {one.name for one in found.variants if one.kind in ("donors", "radius")} >= {"with_near"}
    assert not [one for one in found.variants if one.kind == "radius"]
    closer = synthetic(replace(outcome, km={unit: far / 2 for unit, far in km.items()}))
    assert [one.name for one in closer.variants if one.kind == "radius"] == ["1000"]
    everyone = synthetic(replace(outcome, km=km), beside_km=-1.0)
    assert not everyone.left_out


def test_the_pool_follows_a_stated_rule() -> None:
    outcome = world(donors=20, seed=3)
    values = outcome.values.copy()
    values[3] = 0
    values[4] = 0
    values[4, :6] = 5
    values[5, 2] = np.nan
    values[6] *= 40
    main = setting(replace(outcome, values=values))
    assert dict(main.left_out) == {"U03": "inactive", "U04": "inactive", "U05": "unknown"}
    assert dict(setting(replace(outcome, values=values), active=0.05).left_out) == {"U03": "inactive", "U05": "unknown"}
    assert setting(replace(outcome, values=values), within=10.0).left_out["U06"] == "unlike"
    pools = {one.name for one in synthetic(replace(outcome, values=values)).variants if one.kind == "donors"}
    assert pools == {"all", "similar"}


def test_months_in_which_the_treated_unit_is_unknown_are_left_out() -> None:
    outcome = world(effect=6.0, donors=20, seed=3)
    values = outcome.values.copy()
    values[0, [5, 62]] = np.nan
    found = synthetic(replace(outcome, values=values))
    months = [point.month for point in found.path]
    assert -55 not in months
    assert 2 not in months
    assert months[-1] == 11
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(6, abs=1)


@DESIGNS
@pytest.mark.parametrize("start", [0, 72])
def test_no_month_before_or_after_is_one_clear_sentence(design: Design, start: int) -> None:
    with pytest.raises(UsageError, match="U00 has no known month"):
        design(world().treating({"U00": start}))


@DESIGNS
def test_nobody_treated_or_nobody_left_is_one_clear_sentence(design: Design) -> None:
    with pytest.raises(UsageError, match="No unit is treated"):
        design(world().treating({}))
    with pytest.raises(UsageError, match="No unit is left"):
        design(world().only(["U00"]))
    quiet = world()
    quiet.values[1:] = 0
    with pytest.raises(UsageError, match="14 units were left out"):
        design(quiet)


def _edges() -> dict[str, Outcome]:
    base = world(effect=3.0, donors=6)
    counts = np.random.default_rng(1).poisson(0.3, base.values.shape).astype(float)
    copies = base.values.copy()
    copies[2:] = copies[1]
    same = base.values.copy()
    same[1] = same[0]
    zero = base.values.copy()
    zero[0] = 0
    return {
        "one donor": base.only(["U00", "U01"]),
        "two donors": base.only(["U00", "U01", "U02"]),
        "collinear donors": replace(base, values=copies),
        "a donor that is the treated": replace(base, values=same),
        "a treated unit of zeros": replace(base, values=zero),
        "rare counts": replace(base, values=counts),
        "constants": replace(base, values=np.full(base.values.shape, 4.0)),
        "one month before": base.between(59, 72),
        "two months before, one after": base.between(58, 61),
        "negative": replace(base, values=-base.values),
        "huge": replace(base, values=1e9 * base.values),
        "two treated, two donors": base.only(["U00", "U01", "U02", "U03"]).treating({"U00": 60, "U01": 60}),
    }


@DESIGNS
@pytest.mark.parametrize("name", list(_edges()))
def test_edges_hold_without_warning_and_without_nan(design: Design, name: str) -> None:
    outcome = _edges()[name]
    found = design(outcome)
    assert all(math.isfinite(number) for number in numbers(found))
    if len(found.controls) < 5 or "before" in name:
        assert found.verdict == "refused"
    assert found.verdict in ("refused", "cannot_tell", "raised", "lowered")


def test_a_trend_is_told_from_noise_and_from_a_slow_wander() -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(200, 60))
    slow = np.zeros((200, 60))
    for at in range(1, 60):
        slow[:, at] = 0.6 * slow[:, at - 1] + noise[:, at]
    assert np.mean([(trend(row) or 1) < 0.01 for row in noise]) < 0.03
    assert np.mean([(trend(row) or 1) < 0.01 for row in slow]) < 0.06
    assert np.mean([(trend(row + 0.05 * np.arange(60)) or 1) < 0.01 for row in noise]) > 0.9
    assert trend(np.zeros(4)) is None


def test_sets_of_donors_are_drawn_once_and_again_the_same() -> None:
    main = setting(world(donors=6).treating({"U00": 60, "U01": 60}))
    one, again = (in_space(main, synthetic_match, synthetic_everyone, seed) for seed in (1, 1))
    assert one == again
    assert len({placebo.name for placebo in one}) == len(one) == 10
    assert Month(2020, 1) == world().month(60)

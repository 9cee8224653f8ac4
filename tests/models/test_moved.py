"""What moved a forecast: the parts add up, and what did not change does nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.draws import Model, forecast
from harmattan.models.forest import Forest
from harmattan.models.history import BENCHMARK, Fading, Zero
from harmattan.models.moved import Drawing, Moved, moved
from harmattan.models.panel import Panel
from harmattan.models.pooled import Pooled
from harmattan.vocabulary.period import Month

SMALL = Pooled(((Fading(4.0, 24), 0.5), (Forest(trees=5, rows=500, leaf=5), 0.5)))
STEPS = (1, 2, 3)
AT = np.array([0, 2])


def panel(newest: float = 40.0) -> Panel:
    rng = np.random.default_rng(5)
    values = rng.poisson([[3.0], [20.0], [9.0]], (3, 72)).astype(float)
    values[0, -1] = newest
    return Panel(("A", "B", "C"), Month(2017, 1), values, (), {"events": np.ceil(values / 3)})


def of(model: Model, one: Panel) -> Moved:
    return moved(model, one, Drawing(AT, STEPS, 200, 1))


@pytest.mark.parametrize("model", [SMALL, BENCHMARK, Fading(), Forest(trees=5, rows=500, leaf=5), Zero()])
def test_all_parts_add_up_to_the_difference(model: Model) -> None:
    found = of(model, panel())
    parts = found.time + found.learned + found.deaths.sum(axis=0) + found.events.sum(axis=0)
    np.testing.assert_allclose(found.before + parts, found.now, rtol=1e-9, atol=1e-9)
    assert found.deaths.shape == found.events.shape == (len(found.parts), 2)


@pytest.mark.parametrize("model", [SMALL, BENCHMARK])
def test_now_and_before_are_the_forecasts_themselves(model: Model) -> None:
    one = panel()
    found = of(model, one)
    now = forecast(model, one, STEPS, 200, 1).draws[AT].sum(axis=1).mean(axis=1)
    was = forecast(model, one.until(one.last + -1), (1, *(step + 1 for step in STEPS)), 200, 1).draws[AT]
    np.testing.assert_allclose(found.now, now, rtol=1e-5)
    np.testing.assert_allclose(found.before, was[:, 1:].sum(axis=1).mean(axis=1), rtol=1e-5)
    np.testing.assert_allclose(found.expected_deaths, was[:, 0].mean(axis=1), rtol=1e-5)


def test_a_deadly_month_moves_it_up_through_the_past_and_a_quiet_one_down() -> None:
    up, down = of(SMALL, panel(400)), of(SMALL, panel(0))
    assert up.parts == ("fading4", "forest")
    assert up.deaths[0, 0] > 0 > down.deaths[0, 0]
    assert up.deaths[1, 0] > 0
    assert up.deaths[0, 1] == pytest.approx(down.deaths[0, 1]), "another unit's month did nothing to this one"


def test_events_do_nothing_through_the_unit_s_own_past() -> None:
    found = of(SMALL, panel())
    np.testing.assert_allclose(found.events[0], 0, atol=1e-9)
    one = panel()
    without = of(SMALL, replace(one, beside={}))
    np.testing.assert_allclose(without.events, 0, atol=1e-9)
    assert np.isnan(without.expected_events).all()


def test_a_model_that_learns_nothing_has_learned_nothing() -> None:
    np.testing.assert_allclose(of(Fading(), panel()).learned, 0, atol=1e-9)


def test_there_must_be_a_month_before() -> None:
    one = panel()
    with pytest.raises(UsageError):
        of(BENCHMARK, one.until(one.first))

"""Forecasts along a path: nothing changes without one, a model reacts to its own past, and links are told with care."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.draws import Model, forecast
from harmattan.models.forest import Forest
from harmattan.models.history import BASELINES, BENCHMARK, Fading, Last
from harmattan.models.links import Link, beside, link, quiet
from harmattan.models.panel import Panel
from harmattan.models.paths import Path, follow, scaled
from harmattan.models.pooled import Pooled
from harmattan.vocabulary.period import Month

SMALL = Pooled(((Fading(4.0, 24), 0.5), (Forest(trees=10, rows=2000), 0.5)))


def exciting(seed: int, units: int = 12, months: int = 420, coupling: float = 0.0) -> Panel:
    """Deaths that follow on deaths: half of the logarithm of the three months before, a part of the neighbours' too."""
    rng = np.random.default_rng(seed)
    base, wander = rng.normal(2.5, 0.7, units), np.zeros(units)
    deaths = np.zeros((units, months))
    for month in range(months):
        wander = 0.9 * wander + rng.normal(0, 0.3, units)
        past = np.log1p(deaths[:, max(0, month - 3) : month].mean(axis=1)) if month else base
        near = (np.roll(past, 1) + np.roll(past, -1)) / 2
        mean = np.exp(np.clip((0.5 - coupling) * base + 0.5 * past + coupling * near + wander, -5, 9))
        deaths[:, month] = rng.poisson(mean * rng.gamma(2, 0.5, units))
    ring = tuple(((unit - 1) % units, (unit + 1) % units) for unit in range(units))
    events = {"events": np.ceil(deaths / 4)}
    return Panel(tuple(f"U{unit:02d}" for unit in range(units)), Month(1989, 1), deaths, ring, events)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return exciting(1, months=240)


LINKED = Link(0.5, 0.05, 0.3, 0.7, 24, 1000, (-2.0, 2.0))


@pytest.mark.parametrize("model", [SMALL, BENCHMARK, Last(), Fading()], ids=lambda model: model.name)
def test_a_path_of_factor_one_changes_no_byte(panel: Panel, model: Model):
    for unit in ("U03", "U04"):
        found = follow(model, panel, Path(unit, 1.0), ["U03", "U05"], 6, n=200, seed=7, link=LINKED)
        assert found.along.draws.tobytes() == found.base.draws.tobytes()
        assert found.on_path.tobytes() == found.on_base.tobytes()


def test_the_months_after_the_path_are_those_that_are_told(panel: Panel):
    found = follow(SMALL, panel, Path("U03", 2.0, months=4), ["U03"], 6, n=50, seed=7)
    assert found.base.steps == found.along.steps == (5, 6, 7, 8, 9, 10)
    assert found.base.draws.shape == (1, 6, 50)
    assert found.on_base.shape == (4, 50)
    assert found.base.origin == panel.last
    for draws in (found.base.draws, found.along.draws, found.on_path):
        assert np.array_equal(draws, np.rint(draws))
        assert (draws >= 0).all()


def test_twice_the_violence_leads_to_more_and_half_to_less(panel: Panel):
    found = {times: follow(SMALL, panel, Path("U03", times), ["U03"], 9, n=400, seed=7) for times in (0.5, 2.0)}
    base = np.median(found[2.0].base.draws.sum(axis=1))
    assert np.median(found[2.0].along.draws.sum(axis=1)) > 1.15 * base
    assert np.median(found[0.5].along.draws.sum(axis=1)) < 0.9 * base


def test_the_unit_that_is_not_of_the_path_is_left_alone_without_a_link(panel: Panel):
    untold = replace(LINKED, low=-0.1)
    for known in (None, untold):
        found = follow(SMALL, panel, Path("U04", 5.0), ["U03"], 6, n=100, seed=7, link=known)
        assert found.along.draws.tobytes() == found.base.draws.tobytes()
        assert (found.on_path >= found.on_base).all()


def test_a_link_multiplies_by_the_power_of_the_neighbours_change(panel: Panel):
    found = follow(SMALL, panel, Path("U04", 4.0), ["U03"], 9, n=1000, seed=7, link=LINKED)
    ratio = found.along.draws.sum() / found.base.draws.sum()
    assert ratio == pytest.approx(2.0, rel=0.15)  # four times, to the power of a half


def test_a_path_to_a_level_leads_the_middle_draw_there(panel: Panel):
    found = follow(SMALL, panel, Path("U03", level=7.0), ["U03"], 6, n=400, seed=7)
    assert np.median(found.on_path.mean(axis=0)) == pytest.approx(7.0, abs=0.7)
    silent = replace(panel, values=np.zeros_like(panel.values))
    with pytest.raises(UsageError, match="nothing to scale"):
        follow(BENCHMARK, silent, Path("U03", level=7.0), ["U03"], 6, n=50, seed=7)
    assert follow(BENCHMARK, silent, Path("U03", level=0.0), ["U03"], 6, n=50, seed=7).factor == 1.0


def test_other_units_and_their_order_change_no_draw(panel: Panel):
    alone = follow(BENCHMARK, panel, Path("U03", 2.0), ["U03"], 6, n=100, seed=7)
    beside_ = follow(BENCHMARK, panel.only(["U07", "U03"]), Path("U03", 2.0), ["U07", "U03"], 6, n=100, seed=7)
    assert beside_.along.of("U03").tobytes() == alone.along.of("U03").tobytes()


def test_nothing_after_the_origin_is_seen(panel: Panel):
    known = panel.until(panel.last + (-12))
    values = panel.values.copy()
    values[:, -12:] = 99_999
    other = replace(panel, values=values).until(panel.last + (-12))
    one, two = (follow(SMALL, each, Path("U03", 2.0), ["U03"], 6, n=100, seed=7) for each in (known, other))
    assert one.along.draws.tobytes() == two.along.draws.tobytes()


@pytest.mark.parametrize("model", [*BASELINES, Fading(), Forest(trees=10, rows=2000), SMALL], ids=lambda m: m.name)
def test_what_is_fitted_goes_on_after_the_same_panel_as_if_nothing_were(panel: Panel, model: Model):
    fitted = model.fit(panel, range(1, 4), 7)
    units = np.arange(len(panel.units))

    def rng() -> list[np.random.Generator]:
        return [np.random.default_rng([7, unit]) for unit in units]

    if model.name.startswith("neighbours"):
        pytest.skip("neighbours of other panels are those panels' own")
    assert fitted.after(panel).draw(units, 40, rng()).tobytes() == fitted.draw(units, 40, rng()).tobytes()
    assert forecast(model, panel, range(1, 4), 40, 7).draws.shape == (12, 3, 40)


def test_a_model_goes_on_from_a_longer_past_without_learning_anew(panel: Panel):
    short = panel.until(panel.last + (-3))
    fitted = SMALL.fit(short, range(1, 4), 7)
    before = fitted.draw(np.array([3]), 100, [np.random.default_rng(1)])
    gone_on = fitted.after(panel).draw(np.array([3]), 100, [np.random.default_rng(1)])
    assert before.tobytes() != gone_on.tobytes()
    assert fitted.draw(np.array([3]), 100, [np.random.default_rng(1)]).tobytes() == before.tobytes()


def test_scaling_is_whole_and_right_on_average():
    drawn = np.full((3, 4000), 3.0, np.float32)
    found = scaled(drawn, 0.5, np.random.default_rng(1))
    assert set(np.unique(found)) == {1.0, 2.0}
    assert found.mean() == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize("wrong", [{"times": -1.0}, {"times": float("nan")}, {}, {"times": 1.0, "level": 2.0},
                                   {"times": 2.0, "months": 0}, {"level": float("inf")}])  # fmt: skip
def test_what_is_no_path_is_refused(wrong: dict[str, float]):
    with pytest.raises(ValueError, match="no path"):
        Path("U03", **wrong)  # type: ignore[arg-type]


def test_a_world_without_coupling_says_that_it_cannot_tell():
    found = [link(exciting(seed), 3, 9) for seed in range(60)]
    assert sum(one is None or not one.told for one in found) >= 0.93 * len(found)


def test_a_world_with_coupling_tells_it_and_its_sign():
    found = [link(exciting(seed, coupling=0.3), 3, 9) for seed in range(10)]
    assert all(one is not None and one.told and one.slope > 0 for one in found)


def test_a_link_is_shrunk_towards_none_and_bounded_around_itself():
    found = link(exciting(3, coupling=0.3), 3, 9)
    assert found is not None
    assert found.low < found.slope < found.high
    assert found.pairs == 24
    assert found.changes[0] < 0 < found.changes[1]


def test_where_neighbours_or_years_are_missing_nothing_is_told():
    world = exciting(3)
    assert link(replace(world, neighbours=()), 3, 9) is None
    assert link(world.until(Month(1995, 1)), 3, 9) is None
    assert link(replace(world, values=np.zeros_like(world.values)), 3, 9) is None
    assert link(replace(world, values=np.full_like(world.values, np.nan)), 3, 9) is None


def test_gaps_do_not_break_a_link():
    world = exciting(3, coupling=0.3)
    values = world.values.copy()
    values[2, 50:90] = np.nan
    found = link(replace(world, values=values), 3, 9)
    assert found is not None
    assert found.told


def test_a_quiet_place_is_known_as_such():
    world = exciting(3)
    values = world.values.copy()
    values[0] = 0
    assert quiet(replace(world, values=values), "U00")
    assert not quiet(world, "U01")


def test_neighbours_are_put_beside_each_other_once():
    assert beside(("A", "B"), [("A", "B"), ("B", "A"), ("A", "A"), ("A", "X")]) == ((1,), (0,))

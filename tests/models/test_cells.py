"""What is the cell model's own: rings, what is averaged over them, and the spread of violence to quiet cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harmattan.models.cells import CELLS, Around, Surroundings, Trending, averaged, features, rings, since, within
from harmattan.models.draws import forecast
from harmattan.models.history import Conflictology
from harmattan.models.levels import weighted
from harmattan.models.panel import Panel, Values
from harmattan.vocabulary.cell import COLUMNS, neighbours
from tests.models.worlds import FIRST, of, small, uneven

pytestmark = pytest.mark.filterwarnings("error")
SMALL = small(CELLS, 8000)


def grid(values: Values, columns: int) -> Panel:
    """Cells in rows from the south-west, with their eight neighbours."""
    gids = [100 * COLUMNS + (at // columns) * COLUMNS + at % columns + 1 for at in range(len(values))]
    place = {gid: at for at, gid in enumerate(gids)}
    near = tuple(tuple(place[one] for one in neighbours(gid) if one in place) for gid in gids)
    return Panel(tuple(map(str, gids)), FIRST, np.asarray(values, float), near)


def test_rings_lie_one_beyond_the_other() -> None:
    panel = grid(np.zeros((49, 3)), 7)
    first, second, third = (ring.toarray()[24] for ring in rings(panel))  # the middle of seven by seven
    row, column = np.divmod(np.arange(49), 7)
    away = np.maximum(abs(row - 3), abs(column - 3))
    for distance, ring in ((1, first), (2, second), (3, third)):
        assert ((ring > 0) == (away == distance)).all()
        assert ring.sum() == pytest.approx(1)


def test_a_unit_without_neighbours_is_its_own_ring() -> None:
    assert (rings(of(np.zeros((3, 2))))[1].toarray() == np.eye(3)).all()


def test_a_ring_is_averaged_over_what_is_known() -> None:
    panel = replace(of(np.array([[1.0], [np.nan], [5.0]])), neighbours=((1, 2), (0, 2), (1,)))
    assert averaged(rings(panel, 1)[0], panel.values).ravel().tolist() == pytest.approx([5, 3, np.nan], nan_ok=True)


def test_months_since_the_last_deaths() -> None:
    assert since(np.array([[0.0, 3, 0, np.nan, 0], [0, 0, 0, 0, 2]])).tolist() == [[120, 0, 1, 2, 3], [120] * 4 + [0]]


def test_features_know_no_later_month() -> None:
    panel = uneven()
    whole = list(features(panel, rings(panel)))
    early = panel.until(panel.last + -10)
    for known, then in zip(whole, features(early, rings(early)), strict=True):
        assert np.isfinite(known).all()
        assert (known[:, :-10] == then).all()


def test_around_mixes_the_own_past_and_that_beside_by_shares() -> None:
    panel = replace(of(np.repeat([[5.0], [7.0], [9.0], [2.0]], 60, axis=1)), neighbours=((1, 2), (0,), (0,), ()))
    draws = forecast(Around(share=0.4), panel, (3,), 1000, 1).draws[:, 0]
    assert [float(np.mean(draws[0] == deaths)) for deaths in (5, 7, 9)] == pytest.approx([0.6, 0.2, 0.2], abs=0.002)
    assert set(draws[3].tolist()) == {2.0}


def test_around_of_a_unit_nobody_looked_at_is_what_is_beside_it() -> None:
    values = np.array([[np.nan] * 60, [4.0] * 60, [np.nan] * 60])
    draws = forecast(Around(), replace(of(values), neighbours=((1,), (), ())), (3,), 50, 1).draws
    assert set(draws[0].ravel().tolist()) == {4.0}
    assert not draws[2].any()


def wandering(months: int = 160, side: int = 12) -> Panel:
    """A war that wanders over a grid: where it was beside, it comes; far away nothing happens."""
    rng = np.random.default_rng(4)
    row, column = np.divmod(np.arange(side * side), side)
    at, values = np.array([2.0, 2.0]), np.zeros((side * side, months))
    for month in range(months):
        at = np.clip(at + rng.normal(0, 0.35, 2), 0, side / 2)
        rate = np.exp(-((row - at[0]) ** 2 + (column - at[1]) ** 2) / 3)
        values[:, month] = rng.poisson(rate) * rng.geometric(0.15, side * side)
    return grid(values, side)


def test_a_quiet_cell_beside_a_war_is_in_more_danger_than_one_far_off() -> None:
    panel = wandering()
    recent = weighted(panel.values, 12.0)[:, -1]
    near = averaged(rings(panel, 1)[0], weighted(panel.values, 12.0))[:, -1]
    quiet = panel.values[:, -12:].sum(axis=1) == 0
    beside, far = quiet & (near > np.quantile(near, 0.7)), quiet & (near == 0) & (recent == 0)
    assert beside.sum() >= 3
    assert far.sum() >= 10
    for model in (SMALL, small(Surroundings(), 8000)):
        danger = (forecast(model, panel, (3, 8, 14), 200, 1).draws > 0).mean(axis=(1, 2))
        assert danger[beside].mean() > 0.02
        assert danger[far].max() < 0.02
        assert danger[beside].mean() > 5 * danger[far].mean()


def test_no_cell_is_drawn_with_more_than_any_ever_had() -> None:
    panel = wandering()
    assert forecast(SMALL, panel, (3, 14), 200, 1).draws.max() <= panel.values.max()


def test_a_unit_is_within_its_own_rings_and_no_further() -> None:
    panel = grid(np.zeros((81, 3)), 9)
    row, column = np.divmod(np.arange(81), 9)
    away = np.maximum(abs(row - 4), abs(column - 4))
    assert (within(panel)[40].toarray().ravel() == (away <= 3)).all()  # the middle of nine by nine
    assert (within(of(np.zeros((3, 2)))).toarray() == np.eye(3)).all()


def test_the_odds_of_more_deaths_follow_what_happens_around() -> None:
    values = np.zeros((121, 60))
    values[0, ::4] = values[120, ::4] = values[60, ::4] = 8  # in two corners and in the middle of eleven by eleven
    events = np.zeros_like(values)
    events[1, -3:] = 5  # it grows about one corner
    events[119, 30:54] = 5  # it has faded about the other
    panel = replace(grid(values, 11), beside={"events": events})
    model = Trending(Conflictology(12))
    odds = model.odds(panel)[[0, 60, 120]]
    assert odds[0] > 1.5
    assert odds[1] == 1
    assert odds[2] < 0.7
    drawn = (forecast(model, panel, (3, 9), 2000, 1).draws[[0, 60, 120]] > 0).mean(axis=2)
    plain = 3 / 12
    wanted = odds * plain / (1 - plain + odds * plain)
    assert drawn == pytest.approx(np.repeat(wanted[:, None], 2, axis=1), abs=0.002)


def test_without_events_the_months_with_deaths_tell_the_odds() -> None:
    values = np.zeros((3, 60))
    values[0, -2:] = values[1, 30:36] = 1
    odds = Trending(Conflictology(12)).odds(of(values))
    assert odds[0] > 1 > odds[1]
    assert odds[2] == 1

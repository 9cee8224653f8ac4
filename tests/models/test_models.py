"""The laws that every model keeps, whatever it draws from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.models.draws import Draws, Fitted, Model, forecast, in_parts
from harmattan.models.history import BENCHMARK, Conflictology, Fading, spread
from harmattan.models.panel import Panel, Values
from harmattan.models.pooled import Order
from harmattan.models.registry import MODELS, model_called
from harmattan.vocabulary.period import Month
from tests.models.worlds import NAMES, SMALL, of, uneven

pytestmark = pytest.mark.filterwarnings("error")
every_model = pytest.mark.parametrize("model", SMALL.values(), ids=SMALL.keys())

STEPS = (3, 8, 14)
N = 40
ORIGIN = Month(2020, 6)


def sane(draws: Draws, units: int, steps: int = len(STEPS), n: int = N) -> None:
    assert draws.shape == (units, steps, n)
    assert draws.dtype == np.float32
    assert np.isfinite(draws).all()
    assert (draws >= 0).all()
    assert (draws == np.rint(draws)).all()


# No model sees the future


def canary(model_of: Callable[[Panel], Model], changed: Callable[[Panel], None]) -> bool:
    """Whether a change to what came after the origin changes a byte of the draws."""
    before, after = uneven(), uneven()
    changed(after)
    one, other = (forecast(model_of(whole), whole.until(ORIGIN), STEPS, N, 3) for whole in (before, after))
    return one.draws.tobytes() != other.draws.tobytes()


def leak(value: float, steps: Sequence[int] = range(1, 15)) -> Callable[[Panel], None]:
    def change(panel: Panel) -> None:
        for step in steps:
            for series in (panel.values, panel.beside["events"]):
                series[:, ORIGIN - panel.first + step] = value

    return change


@dataclass(frozen=True)
class Cheat:
    """Knows what comes, for a canary that never sang would prove nothing."""

    whole: Panel
    name: str = "cheat"

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        return replace(BENCHMARK).fit(self.whole.until(panel.last + max(steps)), steps, seed)


@every_model
@pytest.mark.parametrize("value", [0.0, 1e6, np.nan])
def test_what_comes_after_the_origin_changes_no_draw(model: Model, value: float) -> None:
    assert not canary(lambda _whole: model, leak(value))


def test_the_canary_sings_where_a_model_cheats() -> None:
    assert canary(Cheat, leak(1e6, [14]))  # type: ignore[arg-type]


@every_model
def test_what_came_before_the_origin_does_change_draws(model: Model) -> None:
    assert canary(lambda _whole: model, leak(700.0, range(-12, 1))) == (model.name != "zero")


@every_model
def test_no_model_writes_into_its_panel(model: Model) -> None:
    panel = uneven()
    before = [one.tobytes() for one in (panel.values, panel.beside["events"])]
    forecast(model, panel, STEPS, N, 1)
    assert [one.tobytes() for one in (panel.values, panel.beside["events"])] == before


# Seeds, units and parts


@every_model
def test_a_seed_reproduces_every_byte(model: Model) -> None:
    one, same = (forecast(model, uneven(), STEPS, N, 5) for _again in range(2))
    assert one.draws.tobytes() == same.draws.tobytes()
    sane(one.draws, 8)
    assert (one.model, one.origin, one.months[0]) == (model.name, Month(2021, 8), Month(2021, 11))
    assert one.of("NER").tobytes() == one.draws[2].tobytes()


@pytest.mark.parametrize("name", ["last", "forest", "pooled"])
def test_another_seed_gives_other_draws(name: str) -> None:
    one, other = (forecast(SMALL[name], uneven(), STEPS, N, seed) for seed in (5, 6))
    assert one.draws.tobytes() != other.draws.tobytes()


@every_model
def test_the_order_of_units_changes_no_units_draws(model: Model) -> None:
    panel = uneven()
    turned = panel.only(sorted(NAMES, reverse=True))
    one, other = (forecast(model, each, STEPS, N, 5) for each in (panel, turned))
    for unit in NAMES:
        assert one.of(unit).tobytes() == other.of(unit).tobytes(), unit


@every_model
@pytest.mark.parametrize("chunk", [1, 3])
def test_a_few_units_at_a_time_are_the_same_draws(model: Model, chunk: int) -> None:
    whole = forecast(model, uneven(), STEPS, N, 5).draws
    parts = list(in_parts(model, uneven(), STEPS, N, 5, chunk=chunk))
    assert [unit for units, _part in parts for unit in units] == list(range(8))
    assert np.concatenate([part for _units, part in parts]).tobytes() == whole.tobytes()


# Panels that are short, full of gaps, or empty


@every_model
@pytest.mark.parametrize("months", [1, 2, 13, 30])
@pytest.mark.parametrize("events", [True, False])
def test_short_histories(model: Model, months: int, events: bool) -> None:
    sane(forecast(model, uneven(months, events=events), STEPS, N, 1).draws, 8)


@every_model
@pytest.mark.parametrize("months", [1, 13, 25])
def test_a_war_with_a_short_history_is_not_drawn_as_peace(model: Model, months: int) -> None:
    values = np.random.default_rng(1).poisson(40, (2, months)).astype(float)
    draws = forecast(model, of(values), STEPS, 200, 1).draws
    if model.name != "zero":
        assert 30 < draws.mean() < 50


@every_model
@pytest.mark.parametrize("n", [1, 7, 1000])
def test_few_draws_and_many(model: Model, n: int) -> None:
    sane(forecast(model, uneven().only(["MLI", "NER"]), (1,), n, 1).draws, 2, 1, n)


@every_model
def test_one_unit_only(model: Model) -> None:
    sane(forecast(model, uneven().only(["MLI"]), STEPS, N, 1).draws, 1)


@every_model
def test_no_unit_at_all(model: Model) -> None:
    sane(forecast(model, uneven().only([]), STEPS, N, 1).draws, 0)


@every_model
def test_a_world_without_deaths_stays_without(model: Model) -> None:
    draws = forecast(model, of(np.zeros((5, 60))), STEPS, N, 1).draws
    sane(draws, 5)
    assert (draws == 0).all()


@every_model
def test_a_world_nobody_looked_at(model: Model) -> None:
    sane(forecast(model, of(np.full((3, 40), np.nan)), STEPS, N, 1).draws, 3)


@every_model
def test_a_unit_known_for_three_months_is_drawn_near_them(model: Model) -> None:
    values = np.random.default_rng(1).poisson(40, (20, 90)).astype(float)
    values[7, :-3] = np.nan
    draws = forecast(model, of(values), STEPS, 200, 1).draws
    sane(draws, 20, n=200)
    if model.name != "zero":
        assert 20 < draws[7].mean() < 60


@every_model
def test_a_unit_whose_data_ended_early_is_not_at_peace(model: Model) -> None:
    values = np.random.default_rng(1).poisson(40, (20, 90)).astype(float)
    values[7, -30:] = np.nan
    draws = forecast(model, of(values), STEPS, 200, 1).draws
    if model.name != "zero":
        assert 20 < draws[7].mean() < 60


@every_model
def test_last_months_missing_everywhere(model: Model) -> None:
    panel = uneven()
    for series in (panel.values, panel.beside["events"]):
        series[:, -2:] = np.nan
    sane(forecast(model, panel, STEPS, N, 1).draws, 8)


@every_model
def test_covariates_that_nobody_knows(model: Model) -> None:
    panel = uneven()
    panel.beside["events"][:, ::2] = np.nan
    panel.beside["events"][3] = np.nan
    sane(forecast(model, panel, STEPS, N, 1).draws, 8)


deaths = st.one_of(st.just(np.nan), st.just(0.0), st.integers(0, 50_000).map(float))


@every_model
@settings(deadline=None, max_examples=25)
@given(values=arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 60)), elements=deaths), seed=st.integers(0, 99))
def test_any_panel_gives_draws_that_could_be_deaths(model: Model, values: Values, seed: int) -> None:
    sane(forecast(model, of(values), (1, 3), 12, seed).draws, len(values), 2, 12)


# The benchmarks by hand


def test_conflictology_is_the_last_twelve_months() -> None:
    panel = of(np.arange(20.0)[None] * [[1], [0]])
    draws = forecast(Conflictology(12), panel, (3, 14), 12, 1).draws
    assert draws[0].tolist() == [list(range(8, 20))] * 2
    many = forecast(Conflictology(12), panel, (3,), 1000, 1).draws[0, 0]
    counts = np.unique(many, return_counts=True)[1]
    assert (counts.min(), counts.max(), counts.sum()) == (83, 84, 1000)


def test_neighbours_are_the_unit_and_those_beside_it() -> None:
    panel = replace(of(np.repeat([[5.0], [7.0], [9.0]], 15, axis=1)), neighbours=((1,), (0, 2), (1,)))
    draws = forecast(model_called("neighbours12"), panel, (1,), 24, 1).draws
    assert [sorted(set(one.ravel().tolist())) for one in draws] == [[5, 7], [5, 7, 9], [7, 9]]


def test_fading_halves_every_four_months() -> None:
    draws = forecast(Fading(4.0, 8), of(np.array([[9.0] * 4 + [1.0] * 4])), (1,), 3000, 1).draws
    assert np.mean(draws == 1) == pytest.approx(2 / 3, abs=0.001)
    assert spread(np.array([2.0, 1.0]), np.array([1.0, 3.0]), 4).tolist() == [1, 1, 1, 2]


def test_names() -> None:
    assert all(name == model.name for name, model in MODELS.items())
    assert MODELS["conflictology12"] == BENCHMARK
    with pytest.raises(UsageError, match="no model called oracle"):
        model_called("oracle")


# The order of draws


def autocorrelated(units: int = 2, months: int = 200) -> Values:
    rng = np.random.default_rng(8)
    pace = np.zeros((units, months))
    for month in range(1, months):
        pace[:, month] = 0.95 * pace[:, month - 1] + rng.normal(0, 0.3, units)
    return rng.poisson(50 * np.exp(pace)).astype(float)


def test_sums_over_months_keep_their_spread() -> None:
    panel, steps = of(autocorrelated()), tuple(range(3, 15))
    draws = forecast(SMALL["pooled"], panel, steps, 1000, 1).draws.astype(float)
    shuffled = np.random.default_rng(1).permuted(draws, axis=2)
    together, apart = (each.sum(axis=1).var(axis=1) for each in (draws, shuffled))
    assert (together > 3 * apart).all()


def test_order_changes_no_months_own_distribution() -> None:
    rng = np.random.default_rng(2)
    draws = rng.poisson(30, (2, 3, 100)).astype(np.float32)
    panel = of(autocorrelated())
    generators: list[np.random.Generator] = [np.random.default_rng(unit) for unit in range(2)]
    units: NDArray[np.intp] = np.arange(2)
    put = Order(panel, (1, 2, 3), 1).put(draws, units, generators)
    assert (np.sort(put, axis=2) == np.sort(draws, axis=2)).all()
    assert np.corrcoef(put[0, 0], put[0, 1])[0, 1] > 0.5


def test_places_that_moved_together_are_drawn_together() -> None:
    one = autocorrelated(1)
    panel = of(np.concatenate([one, one * 2 + 1, autocorrelated(3)[2:]]))
    draws = forecast(SMALL["pooled"], panel, (3,), 1000, 1).draws[:, 0]
    found = np.corrcoef(draws)
    assert found[0, 1] > 0.9
    assert abs(found[0, 2]) < 0.6

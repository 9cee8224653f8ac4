"""Synthetic control: published answers, what a known world gives back, intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.effect.conformal import interval, p_value, refitted
from harmattan.models.effect.matching import synthetic_match
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.pool import setting
from harmattan.models.effect.predictors import Predictors, importance, predictor_match
from harmattan.models.effect.synthetic import synthetic
from harmattan.vocabulary.period import Month
from tests.models.effect.published import FIRST, Published, california

pytestmark = pytest.mark.filterwarnings("error")


def world(effect: float = 0.0, donors: int = 14, before: int = 60, after: int = 12, seed: int = 1) -> Outcome:
    """Units that share two wandering factors; the first is treated."""
    rng = np.random.default_rng(seed)
    months = before + after
    factors = rng.normal(0, 1, (2, months)).cumsum(axis=1)
    loads = rng.dirichlet((1, 1), donors + 1)
    loads[0] = loads[1:4].mean(axis=0)
    values = 50 + 3 * loads @ factors + rng.normal(0, 1, (donors + 1, months))
    values[0, before:] += effect
    return Outcome(tuple(f"U{n:02d}" for n in range(donors + 1)), Month(2015, 1), values, {"U00": before})


@pytest.mark.data
def test_california(data_dir: Path) -> None:
    found = synthetic(california(data_dir))
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(-19.6, abs=0.1)
    assert found.path[-1].month == 11
    assert max(found.weights, key=found.weights.__getitem__) == "Utah"
    assert sum(found.weights.values()) == pytest.approx(1, abs=1e-3)


BASQUE = "Basque Country (Pais Vasco)"
SECTORS = ("agriculture", "energy", "industry", "construction", "services.venta", "services.nonventa")
SCHOOLS = ("illit", "prim", "med", "high", "post.high")


@pytest.mark.data
def test_basque_country(data_dir: Path) -> None:
    """Predictors of Abadie & Gardeazabal (2003), schooling in shares, V fitted to 1960-1969."""
    columns = ("gdpcap", "invest", "popdens", *(f"sec.{name}" for name in SECTORS), *(f"school.{n}" for n in SCHOOLS))
    data = Published(data_dir / "impact" / "basque.csv", "regionname", columns, without=("Spain (Espana)",))
    schools = np.array([data.mean(f"school.{name}", *range(1964, 1970)) for name in SCHOOLS])
    schools = np.vstack((schools[:3], schools[3] + schools[4]))
    rows = np.vstack((
        100 * schools / schools.sum(axis=0),
        data.mean("invest", *range(1964, 1970)), data.mean("gdpcap", *range(1960, 1970)),
        *(data.mean(f"sec.{name}", *range(1961, 1970, 2)) for name in SECTORS), data.mean("popdens", 1969),
    ))  # fmt: skip
    outcome = Outcome(data.units, FIRST, data.series("gdpcap"), {BASQUE: 1970 - 1955})
    predictors = Predictors(tuple(map(str, range(len(rows)))), data.of(rows), fitted=10)
    main = setting(outcome)
    weights = predictor_match(main, predictors, importance(main, predictors)).weights
    found = dict(zip(main.donors, weights.tolist(), strict=True))
    assert found.pop("Cataluna") == pytest.approx(0.8508, abs=0.02)
    assert found.pop("Madrid (Comunidad De)") == pytest.approx(0.1492, abs=0.02)
    assert max(found.values()) < 0.02


@pytest.mark.data
def test_germany(data_dir: Path) -> None:
    """V from predictors of the seventies and outcomes of the eighties, weights from predictors of the eighties."""
    columns = ("gdp", "infrate", "trade", "schooling", "invest70", "invest80", "industry")
    data = Published(data_dir / "impact" / "germany.csv", "country", columns)

    def rows(first: int, schooling: tuple[int, int], invest: str) -> np.ndarray:
        decade = range(first, first + 10)
        means = [data.mean(column, *decade) for column in ("gdp", "trade", "infrate", "industry")]
        return np.vstack((*means, data.mean("schooling", *schooling), data.mean(invest, 1980)))

    outcome = Outcome(data.units, FIRST, data.series("gdp"), {"West Germany": 1991 - 1960})
    main, names = setting(outcome), tuple("abcdef")
    before = Predictors(names, data.of(rows(1971, (1970, 1975), "invest70")), fitted=10)
    chosen = importance(main, before)
    after = Predictors(names, data.of(rows(1981, (1980, 1985), "invest80")), importance=tuple(chosen.tolist()))
    found = synthetic(outcome, predictors=after)
    published = {"Austria": 0.42, "USA": 0.22, "Japan": 0.16, "Switzerland": 0.11, "Netherlands": 0.09}
    assert {unit: found.weights.get(unit, 0.0) for unit in data.units[1:]} == pytest.approx(
        {unit: published.get(unit, 0.0) for unit in data.units[1:]}, abs=0.02
    )
    assert found.estimate is not None
    assert found.estimate.value < -1000


def test_an_effect_is_found_and_none_is_not() -> None:
    raised = synthetic(world(effect=6.0, seed=3))
    assert raised.estimate is not None
    assert raised.estimate.low is not None
    assert raised.estimate.high is not None
    assert raised.estimate.low < 6 < raised.estimate.high
    assert raised.estimate.low > 0
    assert raised.estimate.p == pytest.approx(1 / 15, abs=0.02)
    nothing = synthetic(world())
    assert nothing.verdict == "cannot_tell"


def test_the_path_is_observed_less_expected() -> None:
    found = synthetic(world(effect=6.0))
    assert found.estimate is not None
    after = [point for point in found.path if point.month >= 0]
    assert [point.month for point in found.path] == list(range(-60, 12))
    assert np.mean([point.effect for point in after]) == pytest.approx(found.estimate.value)
    assert all(point.low < point.effect < point.high for point in after if point.low is not None)
    assert all(point.low is not None for point in after)
    assert all(point.low is None for point in found.path if point.month < 0)


def test_several_treated_units_are_their_mean() -> None:
    one = world(effect=6.0)
    values = one.values.copy()
    values[1, 60:] += 6
    both = Outcome(one.units, one.first, values, {"U00": 60, "U01": 60})
    found = synthetic(both)
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(6, abs=1.5)
    assert found.path[0].units == 2
    assert any(" + " in one.name for one in found.placebos)
    with pytest.raises(UsageError, match="staggered"):
        synthetic(both.treating({"U00": 60, "U01": 50}))


def test_conformal_intervals_hold_with_few_donors() -> None:
    inside = 0
    for seed in range(40):
        main = setting(world(donors=4, before=48, after=6, seed=seed))
        found = synthetic_match(main)
        ends = interval(refitted(main), main.start, found.effect, found.pre_error)
        assert ends is not None
        inside += ends[0] <= 0 <= ends[1]
    assert 34 <= inside <= 40


def test_a_wrong_effect_is_rejected_and_blocks_go_around() -> None:
    main = setting(world(effect=8.0, seed=3))
    gaps = refitted(main)
    assert p_value(gaps(0.0), main.start) == pytest.approx(1 / 72)
    assert p_value(gaps(8.0), main.start) > 0.2
    assert p_value(np.array([9.0, 0.0, 0.0, 0.0, 1.0, 1.0]), 4) == pytest.approx(3 / 6)


def test_same_inputs_same_answer() -> None:
    assert synthetic(world(effect=2.0)) == synthetic(world(effect=2.0))


def test_predictors_must_be_known() -> None:
    outcome = world()
    known = {unit: (1.0, float(n)) for n, unit in enumerate(outcome.units)}
    found = synthetic(outcome, predictors=Predictors(("one", "two"), known))
    assert found.estimate is not None
    with pytest.raises(UsageError, match="U03"):
        synthetic(outcome, predictors=Predictors(("one", "two"), known | {"U03": (1.0, float("nan"))}))
    with pytest.raises(UsageError, match="one number"):
        synthetic(outcome, predictors=Predictors(("one", "two"), known, importance=(0.0, 0.0)))

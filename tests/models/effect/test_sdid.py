"""Synthetic difference in differences: published answers, and units of unequal noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harmattan.models.effect.matching import equally_noisy, sdid_everyone
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.pool import setting
from harmattan.models.effect.sdid import sdid
from tests.models.effect.published import california
from tests.models.effect.test_synthetic import world

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.data
def test_california(data_dir: Path) -> None:
    outcome = california(data_dir)
    found = sdid(outcome)
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(-15.604, abs=0.01)
    main = setting(outcome)
    difference = main.target[19:].mean() - main.target[:19].mean()
    difference -= main.values[:, 19:].mean() - main.values[:, :19].mean()
    assert difference == pytest.approx(-27.3, abs=0.1)


@pytest.mark.data
def test_placebo_error_of_california_is_the_published_one_to_sampling(data_dir: Path) -> None:
    """Published from 200 draws of 38 donors, here from each once: 8.4 lies where such draws do."""
    outcome = california(data_dir)
    effects = np.array([one.effect for one in sdid_everyone(setting(outcome), alike=True)])
    draws = np.random.default_rng(1).choice(effects, (2000, 200)).std(axis=1)
    low, high = np.quantile(draws, (0.01, 0.99))
    assert low < 8.4 < high
    found = sdid(outcome)
    assert found.estimate is not None
    assert found.estimate.error == pytest.approx(effects.std())


def test_a_constant_distance_does_not_matter() -> None:
    outcome = world(effect=6.0)
    higher = outcome.values.copy()
    higher[0] += 500
    found, far = sdid(outcome), sdid(Outcome(outcome.units, outcome.first, higher, outcome.starts))
    assert found.estimate is not None
    assert far.estimate is not None
    assert far.estimate.value == pytest.approx(found.estimate.value, abs=1e-3)
    assert found.estimate.low is not None
    assert found.estimate.low > 0
    assert found.estimate.p == pytest.approx(1 / 15)


def test_one_wild_donor_does_not_widen_the_interval_of_a_calm_unit() -> None:
    outcome = world(effect=6.0, donors=20, seed=2)
    values = outcome.values.copy()
    values[5] = 50 + 200 * (values[5] - 50)
    wild = Outcome(outcome.units, outcome.first, values, outcome.starts)
    assert equally_noisy(setting(outcome))
    assert not equally_noisy(setting(wild))
    calm, common = sdid(wild), sdid(wild, alike=True)
    assert calm.estimate is not None
    assert common.estimate is not None
    assert calm.estimate.error is not None
    assert common.estimate.error is not None
    assert calm.estimate.error < 0.2 * common.estimate.error
    assert calm.estimate.value == pytest.approx(6, abs=2)


def test_several_treated_units() -> None:
    outcome = world(effect=6.0)
    values = outcome.values.copy()
    values[1, 60:] += 6
    found = sdid(Outcome(outcome.units, outcome.first, values, {"U00": 60, "U01": 60}))
    assert found.estimate is not None
    assert found.estimate.low is not None
    assert found.estimate.high is not None
    assert found.estimate.low < 6 < found.estimate.high
    assert found.estimate.low > 0

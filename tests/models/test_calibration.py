"""What models say of places whose true chances are known: quiet ones, and steady wars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from harmattan.models.draws import Model, forecast
from harmattan.models.panel import of_rows
from harmattan.models.registry import MODELS
from harmattan.models.scoring import score
from harmattan.vocabulary.period import Month
from tests.models.worlds import of, poisson, small

pytestmark = pytest.mark.filterwarnings("error")

HONEST = [small(model, 30_000) for name, model in MODELS.items() if name not in ("zero", "last", "worldwide12")]
"""Models that speak of each place by itself; the others are there to be beaten. Forests see enough to tell places."""
every_honest_model = pytest.mark.parametrize("model", HONEST, ids=[model.name for model in HONEST])
RATES = (0.02, 0.1, 0.4, 1.5)
EACH = 60


@every_honest_model
def test_quiet_places_keep_an_honest_chance_of_no_deaths(model: Model) -> None:
    means, values = poisson(RATES, EACH, 120)
    said = (forecast(model, of(values), (3, 8, 14), 400, 1).draws == 0).mean(axis=(1, 2))
    for rate in RATES:
        assert said[means == rate].mean() == pytest.approx(np.exp(-rate), abs=0.05), rate


@every_honest_model
def test_quiet_places_stay_honest_beside_a_war(model: Model) -> None:
    means, values = poisson((*RATES, 300), EACH, 120)
    draws = forecast(model, of(values), (3, 8, 14), 400, 1).draws
    said = (draws == 0).mean(axis=(1, 2))
    for rate in RATES:
        assert said[means == rate].mean() == pytest.approx(np.exp(-rate), abs=0.05), rate
    assert said[means == 300].max() < 0.03
    assert np.quantile(draws[means < 1], 0.999) <= 10, "no war is drawn where hardly anyone died"


@every_honest_model
def test_places_said_to_be_quiet_are_as_often_quiet(model: Model) -> None:
    """Calibration by what was said: of months given 20 % to 40 % as free of deaths, so many are."""
    rng = np.random.default_rng(3)
    rates = rng.gamma(0.5, 2, 400)
    values = rng.poisson(rates[:, None], (400, 132)).astype(float)
    said = (forecast(model, of(values[:, :118]), (3, 8, 14), 400, 1).draws == 0).mean(axis=2)
    came = values[:, [120, 125, 131]] == 0
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        held = (said >= low) & (said < high)
        assert came[held].mean() == pytest.approx(said[held].mean(), abs=0.14), (low, high)
    assert came.mean() == pytest.approx(said.mean(), abs=0.03)


@every_honest_model
def test_steady_wars_are_covered_and_no_more(model: Model) -> None:
    _means, values = poisson((60, 600), 40, 132)
    draws = forecast(model, of(values[:, :118]), (3, 8, 14), 400, 1).draws
    found = score(draws, values[:, [120, 125, 131]], np.random.default_rng(1))
    assert 0.3 < found["inside_50"].mean() < 0.75
    assert 0.75 < found["inside_90"].mean() < 0.99
    assert np.quantile(draws[:40], 0.99) < 120
    assert draws[40:].mean() == pytest.approx(600, rel=0.03)


@pytest.mark.data
@every_honest_model
def test_countries_said_to_stay_quiet_do(model: Model, data_dir: Path) -> None:
    columns = ["country_iso3", "year_month", "ucdp_fatalities_best"]
    table = pq.read_table(data_dir / "ucdp" / "country_month_ged251_to_2023.parquet", columns=columns)
    rows = zip(*(table[column].to_pylist() for column in columns), strict=True)
    panel = of_rows((unit, Month.parse(month), deaths) for unit, month, deaths in rows)
    steps, said, came = range(3, 15), [], []
    for year in (2012, 2017, 2021):
        origin = Month(year, 10)
        said.append((forecast(model, panel.until(origin), steps, 200, 1).draws == 0).mean(axis=2))
        came.append(panel.at(origin, steps) == 0)
    chance, quiet = np.concatenate(said), np.concatenate(came)
    sure = chance > 0.9
    assert sure.mean() > 0.4
    assert quiet[sure].mean() == pytest.approx(chance[sure].mean(), abs=0.04)
    assert quiet.mean() == pytest.approx(chance.mean(), abs=0.04)

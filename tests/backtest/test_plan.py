"""What a backtest is to do, in words."""

from __future__ import annotations

import pytest

from harmattan.backtest.plan import count_of, models_of, origins_of, steps_of, target_of
from harmattan.errors import UsageError


def test_origins_step_by_a_year_or_as_is_said() -> None:
    yearly = origins_of("2011-10..2022-10")
    assert len(yearly) == 12
    assert (str(yearly[0]), str(yearly[-1])) == ("2011-10", "2022-10")
    assert len(origins_of("2011-10..2022-10:1")) == 133
    assert [str(month) for month in origins_of("2012-10,2011-10, 2012-10")] == ["2011-10", "2012-10"]


@pytest.mark.parametrize(
    "words", ["", "2011", "2011-13", "2022-10..2011-10", "2011-10..2022-10:0", "2011-10..", "a..b"]
)
def test_what_is_no_origin(words: str) -> None:
    with pytest.raises(UsageError):
        origins_of(words)


@pytest.mark.parametrize("words", ["0", "0..3", "", "3..", "-1", "14..3", "1..121", "three"])
def test_what_is_no_step(words: str) -> None:
    with pytest.raises(UsageError):
        steps_of(words)


def test_the_benchmark_always_belongs_to_the_models() -> None:
    assert [model.name for model in models_of("last,zero,last")] == ["last", "zero", "conflictology12"]
    assert len(models_of("all")) >= 8
    with pytest.raises(UsageError, match="no model called arima"):
        models_of("arima")


def test_counts_have_bounds_and_deaths_one_name() -> None:
    assert count_of("10", "--draws", 1, 20) == 10
    for words in ("0", "21", "-1", "1.5", "many", ""):
        with pytest.raises(UsageError, match="--draws cannot be"):
            count_of(words, "--draws", 1, 20)
    assert target_of("ucdp_fatalities_best") == "deaths_best"
    assert target_of("displaced") == "displaced"

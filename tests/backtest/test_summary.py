"""A backtest in numbers, on scores whose sums are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from harmattan.backtest.panels import digest
from harmattan.backtest.run import backtest
from harmattan.backtest.summary import Summary
from harmattan.models.panel import Panel
from harmattan.vocabulary.period import Month
from tests.backtest.panels import plan, quiet


@pytest.fixture
def summary(tmp_path: Path) -> Summary:
    """One place ends a war of 100 a month, one goes on with 10 a month, one is quiet and has 4 once."""
    values = np.array([[100.0] * 24 + [0.0] * 12, [10.0] * 36, [0.0] * 26 + [4.0] + [0.0] * 9])
    panel = Panel(("AAA", "BBB", "CCC"), Month(2015, 1), values)
    return backtest(panel, plan("zero", "2016-12", "1..6"), tmp_path / "out", 1, quiet).summary


def test_ratios_gains_and_the_largest(summary: Summary) -> None:
    zero = next(record for record in summary.records if record.model == "zero")
    # The benchmark: 100 a month wrong for six months in AAA, right in BBB, 4 once in CCC.
    assert zero.ratios["crps"].value == pytest.approx((6 * 10 + 4) / (6 * 100 + 4))
    assert summary.largest == ("AAA", "CCC")
    assert zero.without_largest.value == np.inf
    assert [(share.unit, round(share.change, 4)) for share in zero.units] == [
        ("AAA", round(-600 / 604, 4)),
        ("BBB", round(60 / 604, 4)),
    ]
    assert (zero.windows[0].first, zero.windows[0].last, zero.windows[0].n) == ("2017-01", "2017-06", 18)


def test_quiet_places_and_chances(summary: Summary) -> None:
    bench = next(record for record in summary.records if record.model == summary.benchmark)
    assert (bench.quiet.n, bench.quiet.said, bench.quiet.came) == (6, 0.0, pytest.approx(1 / 6))
    sure = bench.chances["0"][-1]
    assert (sure.n, sure.said, sure.came) == (12, 1.0, 0.5)
    assert sum(bench.pit) == pytest.approx(1)


def test_json_has_no_number_that_is_none(summary: Summary) -> None:
    told = json.loads(json.dumps(summary.as_json(), allow_nan=False))
    assert told["benchmark"] == "conflictology12"
    assert {record["model"] for record in told["records"]} == {"zero", "conflictology12"}
    zero = next(record for record in told["records"] if record["model"] == "zero")
    assert zero["without_largest"]["value"] is None
    assert told["panel"] == summary.panel
    assert len(digest(Panel(("A",), Month(2015, 1), np.zeros((1, 2))))) == 64

"""Forecasts with and without a coupling: what they gain, and how sure that is."""

from __future__ import annotations

import numpy as np

from harmattan.models.spillover.ahead import ahead, judged, rolling
from harmattan.models.spillover.apart import apart
from harmattan.models.spillover.spec import Coupling, Endemic, Free, Spec
from tests.models.spillover.worlds import world

STRONG = np.array([[0.2, 0, 0], [1.2, 0.1, 0], [0, 0, 0.2]])
PLAIN = Endemic(trend=False, seasons=1)


def test_a_strong_coupling_gains_and_an_absent_one_does_not() -> None:
    counts = world(2, matrix=STRONG, level=16.0, dispersion=0.1)
    pair = Spec(PLAIN, coupling=Coupling(Free((("AAA", "BBB"),))))
    wrong = Spec(PLAIN, coupling=Coupling(Free((("BBB", "CCC"),))))
    none = Spec(PLAIN, coupling=None)
    gained = ahead(counts, pair, none, 110)
    assert gained.p is not None
    assert gained.p < 0.05
    assert gained.gain > 0
    assert gained.origins == 110
    by_unit = dict(gained.by_unit)
    assert by_unit["BBB"] is not None
    assert by_unit["BBB"] > 0.9 * gained.gain
    assert ahead(counts, wrong, none, 110).gain < 0.02


def test_what_comes_after_an_origin_does_not_change_its_score() -> None:
    counts = world(3)
    changed = counts.values.copy()
    changed[:, 130:] = 0
    model, other = (apart(each, Spec(), np.ones(1), slow=False) for each in (counts, counts.with_values(changed)))
    first = rolling(model, 1, [], 36)[:20]
    assert np.allclose(first, rolling(other, 1, [], 36)[:20], atol=5e-3)
    assert not np.allclose(rolling(model, 1, [], 36)[30:], rolling(other, 1, [], 36)[30:], atol=0.1)


def test_the_test_of_gains_holds_its_level_where_they_depend_on_each_other() -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(600):
        noise = rng.normal(size=60)
        found.append(judged((noise[1:] + 0.4 * noise[:-1])[None]).p)
    assert (np.array(found, dtype=float) <= 0.05).mean() <= 0.085


def test_few_or_equal_scores_say_what_they_can() -> None:
    short = judged(np.array([[0.1, 0.2]]), ("AAA",))
    assert short.p is None
    assert short.low is None
    assert np.isclose(short.gain, 0.15)
    same = judged(np.zeros((1, 30)))
    assert same.p == 1.0
    assert same.gain == 0
    unseen = judged(np.full((2, 30), np.nan), ("AAA", "BBB"))
    assert unseen.origins == 0
    assert unseen.gain == 0
    assert dict(unseen.by_unit)["AAA"] is None

"""Posting beside events at lags: the direction that was put in is found, chance is not, and gaps are not zeros."""

from __future__ import annotations

import numpy as np
import pytest
from bench.alongside import laid

from harmattan.influence.cross_correlation import LAGS, blocks, crossed


def pair(n: int = 400, lag: int = 3, sign: int = 1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Events at random, and posts that answer them `lag` days later."""
    draws = np.random.default_rng(seed)
    events = draws.poisson(1.0, n).astype(float)
    answer = np.roll(events, lag)
    posts = draws.poisson(20 * np.exp(sign * 0.5 * answer)).astype(float)
    return posts, events


@pytest.mark.parametrize(
    ("lag", "sign", "verdict"),
    [(3, 1, "posts_follow"), (-2, 1, "events_follow"), (0, 1, "same_day"), (5, -1, "posts_follow")],
)
def test_the_lag_and_its_direction_are_found(lag: int, sign: int, verdict: str) -> None:
    found = crossed(*pair(lag=lag, sign=sign), np.random.default_rng(2), draws=199)
    assert (found.verdict, found.sign) == (verdict, sign)
    assert found.largest is not None
    assert found.largest.lag == lag
    assert abs(found.largest.correlation) > 0.5
    assert [one.lag for one in found.lags] == list(range(-LAGS, LAGS + 1))
    assert next(one.pairs for one in found.lags if one.lag == 14) <= 400 - 14


def test_each_direction_has_its_own_p() -> None:
    found = crossed(*pair(), np.random.default_rng(2), draws=199)
    assert found.p == found.p_posts_follow == 1 / 200
    assert found.p_events_follow is not None
    assert found.p_events_follow > 0.05


def test_correlations_without_gaps_are_those_of_numpy() -> None:
    posts, events = pair(seed=4)
    found = crossed(posts, events, np.random.default_rng(2), rhythm=1, slow=10_000, draws=99)
    plain = np.corrcoef(np.log1p(posts)[3:], np.log1p(events)[:-3])[0, 1]
    assert next(one for one in found.lags if one.lag == 3).correlation == pytest.approx(plain, abs=0.02)


def test_a_common_week_and_a_common_trend_are_no_association() -> None:
    shared = np.exp(1.5 * np.arange(700) / 700 + (np.arange(700) % 7 == 2))
    told = []
    for seed in range(8):
        draws = np.random.default_rng(seed)
        posts, events = draws.poisson(10 * shared).astype(float), draws.poisson(2 * shared).astype(float)
        assert np.corrcoef(posts, events)[0, 1] > 0.6
        told.append(crossed(posts, events, draws, draws=99).verdict)
    assert told.count("nothing") >= 6


def test_resampled_days_keep_their_place_in_the_week() -> None:
    at = blocks(703, 50, np.random.default_rng(1), step=7)
    assert (at % 7 == np.arange(703) % 7).all()
    assert at.max() == 699


def test_unobserved_days_are_in_no_pair_and_break_no_coupling() -> None:
    posts, events = pair()
    posts[100:200] = np.nan
    found = crossed(posts, events, np.random.default_rng(2), draws=199)
    assert found.shared == 0.75
    assert found.verdict == "posts_follow"
    assert max(one.pairs for one in found.lags) <= 300


@pytest.mark.parametrize(("what", "why"), [("uncovered", "uncovered"), ("short", "short"), ("quiet", "quiet")])
def test_where_nothing_can_be_told_it_says_why(what: str, why: str) -> None:
    posts, events = pair(n=60 if what == "short" else 400)
    if what == "uncovered":
        posts[:250] = np.nan
    if what == "quiet":
        events[9:] = 0
    found = crossed(posts, events, np.random.default_rng(2), draws=99)
    assert (found.verdict, found.why, found.lags, found.p, found.sign) == ("unknown", why, (), None, 0)


def test_weeks_can_be_laid_beside_each_other_too() -> None:
    posts, events = pair(n=160, lag=1)
    found = crossed(posts, events, np.random.default_rng(2), lags=6, rhythm=1, slow=20, draws=199)
    assert found.verdict == "posts_follow"
    assert len(found.lags) == 13


def test_blocks_are_runs_of_the_stated_mean_length() -> None:
    at = blocks(500, 200, np.random.default_rng(1), mean=10)
    assert at.min() >= 0
    assert at.max() < 500
    runs = ((at[:, 1:] - at[:, :-1]) % 500 != 1).mean()
    assert runs == pytest.approx(0.1, abs=0.005)


def test_the_same_generator_gives_the_same_numbers() -> None:
    one, other = (crossed(*pair(), np.random.default_rng(2), draws=99) for _ in range(2))
    assert one == other


def test_chance_seldom_passes_in_bursty_series_and_a_coupling_is_found() -> None:
    null = [laid(seed, kind="rhythm", coupling=0.0, turned=False, resampled=99).verdict for seed in range(8)]
    assert sum(one != "nothing" for one in null) <= 2
    turned = [laid(seed, kind="plain", coupling=0.4, turned=True, resampled=99).verdict for seed in range(4)]
    assert sum(one in ("events_follow", "both") for one in turned) >= 3

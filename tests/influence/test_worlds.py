"""The invented worlds that the benches rest on: as large, as uneven and as lively as they say."""

from __future__ import annotations

import numpy as np
import pytest
from bench import influence
from bench.worlds import SECOND, START, Plan, Traffic, World, plans, world


@pytest.fixture(scope="module")
def organic() -> World:
    return world(Traffic(50_000), seed=3)


def test_the_same_seed_gives_the_same_world() -> None:
    traffic = Traffic(5_000, topics=5, tags=30, coup=True, beats=1, mirrors=3)
    one, same, other = (world(traffic, plans("weak", (5,)), seed).shares() for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_traffic_has_its_size_its_rhythm_and_its_tails(organic: World) -> None:
    assert len(organic.at) == 50_000
    by_hour = np.bincount((organic.at - START) // (3600 * SECOND) % 24, minlength=24)
    assert by_hour.max() > 3 * by_hour.min()
    posts, shared = np.bincount(organic.account), np.bincount(organic.object)
    assert posts.max() > 300
    assert np.median(posts) <= 6
    assert 0.02 * len(organic.group) < shared.max() <= 0.04 * len(organic.group)
    largest = np.sort(organic.at[organic.object == shared.argmax()])
    quarter, three = np.quantile(largest, [0.25, 0.75])
    assert (three - quarter) / (3600 * SECOND) < 24
    pairs = organic.account.astype(np.int64) * 2**32 + organic.object
    assert len(np.unique(pairs)) == len(pairs)


def test_a_group_acts_within_its_seconds_and_lives_otherwise_like_the_others() -> None:
    plan = Plan(30, joining=0.5, actions=20, picked_up=0.0)
    made = world(Traffic(20_000), (plan,), seed=4)
    members = np.flatnonzero(made.group == 0)
    assert len(members) == 30
    mine = np.isin(made.account, members)
    pushed = made.object >= np.sort(np.unique(made.object))[-20]
    assert mine[pushed].all()
    for one in np.unique(made.object[pushed]):
        times = made.at[made.object == one]
        assert times.max() - times.min() <= 60 * SECOND
    assert 0.4 < pushed.sum() / (30 * 20) < 0.6
    assert (mine & ~pushed).sum() > 30


def test_names_tell_nothing_of_the_plan() -> None:
    made = world(Traffic(5_000), plans("strong", (5, 10)), seed=5)
    groups = made.members()
    assert [len(group) for group in groups] == [5, 10]
    shares = made.shares()
    accounts = set(shares["account"].to_pylist())
    assert all(group <= accounts for group in groups)
    assert len({len(name) for name in accounts}) == 1


def groups(made: World) -> list[frozenset[str]]:
    return influence.ours(influence.shares(made))


def test_a_planted_group_is_found_and_nobody_else() -> None:
    made = world(Traffic(20_000), plans("medium", (10,)), seed=6)
    assert groups(made) == made.members()


def test_a_world_in_which_nobody_acts_together_has_no_group() -> None:
    made = world(Traffic(20_000), seed=7)
    assert groups(made) == []
    assert any(influence.theirs(influence.shares(made), method) for method in influence.METHODS)


def test_news_desks_that_are_fast_are_no_campaign() -> None:
    """They meet within the window more often than what they share in six hours tells, not than what they share in ten
    minutes tells."""
    made = world(Traffic(20_000, beats=5, pace=1 / 6), seed=101)
    assert groups(made) == []


def test_scores_count_accounts() -> None:
    planted = [frozenset("abcde"), frozenset("xyz")]
    got = influence.scored(planted, [frozenset("abcdq"), frozenset("pr")])
    assert got == influence.Scores((influence.Score(5, 4, 5), influence.Score(3, 0, 0)), named=7, right=4)

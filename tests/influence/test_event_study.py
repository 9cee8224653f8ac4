"""Event studies of posting: what is known is found, chance is not, and what is not covered is left out and counted."""

from __future__ import annotations

import numpy as np
import pytest
from bench.alongside import studied, worlds

from harmattan.influence.event_study import Window, _apart, _starts, study, together


def posting(n: int = 500, seed: int = 0) -> np.ndarray:
    week = 1 + (np.arange(n) % 7 == 4)
    return np.random.default_rng(seed).poisson(20.0 * week).astype(float)


def test_a_rise_after_events_is_found_on_its_very_days() -> None:
    posts = posting()
    days = np.array([90, 170, 250, 340, 420])
    for day in days:
        posts[day : day + 4] *= 3
    found = study(posts, days, np.random.default_rng(5), placements=399)
    assert (found.verdict, found.before, found.after) == ("after", 0, 1)
    assert (found.how, found.step, found.placements) == ("clusters", 7, 399)
    assert {one.first for one in found.told if one.first == one.last} == {0, 1, 2, 3}
    day = next(one for one in found.days if one.first == 0)
    assert day.times == pytest.approx(3, rel=0.15)
    assert day.median == pytest.approx(3, rel=0.2)
    assert day.posts == posts[days].sum()
    assert day.events == 5
    assert day.low < 1 < day.high < day.times
    assert day.band_low < day.low
    assert day.high < day.band_high < day.times
    assert found.baseline == pytest.approx(20 * 8 / 7, rel=0.1)


def test_a_fall_before_events_is_found_before_them() -> None:
    posts = posting(seed=1)
    days = np.array([90, 170, 250, 340, 420])
    for day in days:
        posts[day - 7 : day] *= 0.3
    found = study(posts, days, np.random.default_rng(5), placements=399)
    assert (found.verdict, found.before, found.after) == ("before", -1, 0)


def test_events_without_covered_windows_are_left_out_and_counted() -> None:
    posts = posting()
    posts[:100] = np.nan
    posts[300:306] = np.nan
    found = study(posts, [50, 110, 128, 200, 310, 499, 900, -3], np.random.default_rng(5), placements=99)
    assert found.used == (128, 200)
    assert found.left_out == (-3, 50, 110, 310, 499, 900)
    assert not study(posts, [50], np.random.default_rng(5)).days


def test_silence_before_the_collection_begins_is_no_fall() -> None:
    posts = posting()
    zeros = np.where(np.arange(500) < 200, 0.0, posts)
    unknown = np.where(np.arange(500) < 200, np.nan, posts)
    assert study(zeros, [201], np.random.default_rng(5)).after == 1, "as zeros the beginning looks like a rise"
    assert study(unknown, [201], np.random.default_rng(5)).verdict == "unknown"


def test_overlapping_windows_are_counted_and_a_day_counts_once() -> None:
    found = study(posting(), [100, 100, 130, 300], np.random.default_rng(5), placements=99)
    assert found.used == (100, 130, 300)
    assert found.overlapping == 2


def test_clusters_move_as_one_keep_their_weekday_and_stay_apart() -> None:
    able = np.ones(700, dtype=bool)
    able[400:450] = False
    clusters = together(np.array([100, 110, 250, 500]), 57)
    assert [len(one) for one in clusters] == [2, 1, 1]
    starts = [_starts(able, one, 7) for one in clusters]
    placed = _apart(clusters, starts, 57, 200, np.random.default_rng(3))
    assert placed.shape == (200, 4)
    assert (placed[:, 1] - placed[:, 0] == 10).all()
    assert (placed[:, [0, 2, 3]] % 7 == np.array([100, 250, 500]) % 7).all()
    assert able[placed].all()
    ordered = np.sort(placed, axis=1)
    gaps = np.diff(ordered, axis=1)
    assert ((gaps == 10) | (gaps >= 57)).all()


def test_too_many_events_for_other_places_are_turned_as_a_whole() -> None:
    found = study(posting(600), [40, 97, 160, 217, 280, 337, 400, 460, 530], np.random.default_rng(3), placements=99)
    assert (found.how, found.step) == ("circle", 7)
    assert found.placements >= 39
    assert found.verdict == "nothing"


def test_a_single_event_is_held_to_every_other_day_of_its_weekday() -> None:
    posts = posting(600)
    posts[300:310] *= 4
    found = study(posts, [300], np.random.default_rng(3))
    assert (found.placements, found.step, found.after) == (78, 7, 1)
    assert min(one.p for one in found.days) == pytest.approx(1 / (found.placements + 1))


def test_in_too_short_a_series_there_are_numbers_and_no_verdict() -> None:
    found = study(posting(80), [40], np.random.default_rng(3))
    assert (found.verdict, found.placements, found.how) == ("unknown", 0, "none")
    assert all(one.p_family == 1 for one in found.days)
    assert len(found.days) == 43


def test_the_same_seed_gives_the_same_study_and_another_window_its_days() -> None:
    one, other = (study(posting(), [100, 300], np.random.default_rng(8), placements=99) for _ in range(2))
    assert one == other
    week = study(posting(), [100], np.random.default_rng(8), window=Window(3, 7, (-21, -4)))
    assert [one.first for one in week.days] == list(range(-3, 8))
    assert (week.spans["before"].first, week.spans["before"].last) == (-3, -1)


def test_chance_seldom_passes_and_a_strong_rise_is_found() -> None:
    told = [studied(seed, kind="plain", raised=0.0).verdict for seed in range(20)]
    assert sum(one != "nothing" for one in told) <= 3
    found = [studied(seed, kind="plain", raised=1.5).verdict for seed in range(5)]
    assert sum(one in ("after", "both") for one in found) >= 4


def test_series_of_nothing_break_nothing() -> None:
    posts, _ = worlds("short", 3)
    flat = study(np.zeros_like(posts), [75], np.random.default_rng(1))
    assert flat.verdict == "nothing"
    assert {one.times for one in flat.days} == {1.0}

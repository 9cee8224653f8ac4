"""Laws of adding up: sums are equal, nothing is lost, and what the whole's forecast says does not change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.models.adding import AddedUp, add_up


def drawn(seed: int, parts: int, wholes: int, mean: float = 2.0) -> tuple:
    rng, steps, n = np.random.default_rng(seed), 2, 20
    means = rng.exponential(mean, (parts, 1, 1)) * (rng.random((parts, 1, 1)) < 0.7)
    cells = rng.poisson(means * rng.exponential(1, (1, steps, n)), (parts, steps, n)).astype(np.float32)
    countries = rng.negative_binomial(1, 0.1, (wholes, steps, n)).astype(np.float32)
    return cells, countries, rng.integers(0, wholes, parts)


def added(seed: int, parts: int, wholes: int, mean: float = 2.0) -> tuple[tuple, AddedUp]:
    given_ = drawn(seed, parts, wholes, mean=mean)
    return given_, add_up(*given_, np.random.default_rng(seed))


def sums(parts: np.ndarray, of: np.ndarray, wholes: int) -> np.ndarray:
    return np.array([parts[of == one].sum(axis=0) for one in range(wholes)])


worlds = given(
    seed=st.integers(0, 2**32), parts=st.integers(0, 12), wholes=st.integers(1, 3), mean=st.sampled_from([0.05, 2.0])
)


@worlds
@settings(max_examples=60, deadline=None)
def test_parts_and_what_is_unplaced_make_the_whole_in_whole_deaths(seed, parts, wholes, mean):
    (_cells, countries, of), done = added(seed, parts, wholes, mean)
    assert np.array_equal(sums(done.parts, of, wholes) + done.unplaced, done.wholes)
    assert np.array_equal(done.parts, np.rint(done.parts))
    assert (done.parts >= 0).all()
    assert (done.unplaced >= 0).all()
    assert np.array_equal(np.sort(done.wholes, axis=2), np.sort(countries, axis=2))
    assert done.wholes.sum() == countries.sum()


@worlds
@settings(max_examples=40, deadline=None)
def test_much_violence_in_the_parts_meets_much_in_the_whole(seed, parts, wholes, mean):
    (cells, _countries, of), done = added(seed, parts, wholes, mean)
    before = sums(cells, of, wholes)
    for whole in range(wholes):
        for step in range(cells.shape[1]):
            order = np.lexsort((done.wholes[whole, step], before[whole, step]))
            assert (np.diff(done.wholes[whole, step][order]) >= 0).all()


@worlds
@settings(max_examples=40, deadline=None)
def test_a_share_is_kept_to_within_one_death(seed, parts, wholes, mean):
    (cells, _countries, of), done = added(seed, parts, wholes, mean)
    before = sums(cells, of, wholes)[of]
    fair = cells * done.wholes[of] / np.maximum(before, 1)
    assert (np.abs(done.parts - fair)[before > 0] < 1).all()


@worlds
@settings(max_examples=40, deadline=None)
def test_what_adds_up_already_stays_as_it_is(seed, parts, wholes, mean):
    cells, _countries, of = drawn(seed, parts, wholes, mean=mean)
    total = sums(cells, of, wholes)
    done = add_up(cells, total.astype(np.float32), of, np.random.default_rng(seed))
    assert np.array_equal(done.parts, cells)
    assert np.array_equal(done.wholes, total)
    assert not done.unplaced.any()


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_order_of_units_changes_nothing(seed):
    cells, countries, of = drawn(seed, 9, 3)
    cells[:, 0, 0] += np.arange(9)  # no two parts alike: such could take each other's place
    first = add_up(cells, countries, of, np.random.default_rng(1))
    rng = np.random.default_rng(seed)
    part, whole = rng.permutation(9), rng.permutation(3)
    again = add_up(cells[part], countries[whole], np.argsort(whole)[of[part]], np.random.default_rng(1))
    assert np.array_equal(again.parts, first.parts[part])
    assert np.array_equal(again.wholes, first.wholes[whole])


def test_where_all_parts_are_zero_the_deaths_go_where_they_mostly_are():
    cells = np.zeros((3, 1, 1000), np.float32)
    cells[0, 0, :100], cells[1, 0, :100] = 3, 1
    country = np.full((1, 1, 1000), 8, np.float32)
    done = add_up(cells, country, np.zeros(3, int), np.random.default_rng(1))
    assert done.parts[:, 0, 100:].mean(axis=1) == pytest.approx([6, 2, 0], abs=0.2)
    assert not done.parts[2].any()
    assert not done.unplaced.any()


def test_what_no_part_can_take_is_unplaced():
    country = np.array([[[0, 5, 2]]], np.float32)
    for k in (0, 2):
        done = add_up(np.zeros((k, 1, 3), np.float32), country, np.zeros(k, int), np.random.default_rng(1))
        assert done.unplaced.tolist() == country.tolist()  # sums are alike, so the draws stay where they were
        assert not done.parts.any()


def test_a_part_of_no_whole_stays_as_it_is():
    cells = np.array([[[1, 2]], [[7, 9]]], np.float32)
    done = add_up(cells, np.array([[[4, 6]]], np.float32), np.array([0, -1]), np.random.default_rng(1))
    assert done.parts.tolist() == [[[4, 6]], [[7, 9]]]


def test_the_same_seed_gives_the_same_bytes_and_ties_go_by_lot():
    cells, country = np.ones((2, 1, 500), np.float32), np.ones((1, 1, 500), np.float32)
    first, again = (add_up(cells, country, np.zeros(2, int), np.random.default_rng(4)) for _ in range(2))
    assert first.parts.tobytes() == again.parts.tobytes()
    assert first.parts[0].mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "wholes", "of"),
    [
        (np.zeros((2, 1, 3)), np.zeros((1, 1, 4)), np.zeros(2, int)),
        (np.zeros((2, 1, 3)), np.zeros((1, 1, 3)), np.zeros(3, int)),
        (np.zeros((2, 1, 3)), np.zeros((1, 1, 3)), np.ones(2, int)),
        (np.full((2, 1, 3), 0.5), np.zeros((1, 1, 3)), np.zeros(2, int)),
        (np.zeros((2, 1, 3)), np.full((1, 1, 3), -1.0), np.zeros(2, int)),
        (np.full((2, 1, 3), np.nan), np.zeros((1, 1, 3)), np.zeros(2, int)),
    ],
)
def test_what_does_not_fit_is_refused(parts, wholes, of):
    with pytest.raises(ValueError, match=r"parts|wholes|draws"):
        add_up(parts.astype(np.float32), wholes.astype(np.float32), of, np.random.default_rng(1))

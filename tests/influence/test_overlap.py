"""What rows have in common is what dense matrices say, in one table or in many; orders are those of numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from harmattan.influence import overlap
from harmattan.influence.ordered import changed, lengths, numbered, order, spans
from harmattan.influence.trial import presence


def rows(rng: np.random.Generator, *, share: float = 0.2) -> Any:
    filled = rng.random((30, 40)) < share
    filled[:, 0] = True
    return csr_array(np.where(filled, rng.integers(1, 9, filled.shape), 0).astype(float))


def pairs(rng: np.random.Generator) -> Any:
    one, other = np.triu_indices(30, 1)
    some = np.sort(rng.choice(len(one), 200, replace=False))
    return one[some], other[some]


SMALL = [{}, {"TABLE": 100}, {"ENTRIES": 7}, {"TABLE": 90, "ENTRIES": 1, "ZEROS": 0}, {"ZEROS": 0}, {"TABLE": 1}]


@pytest.mark.parametrize("room", SMALL, ids=str)
def test_that_products_are_those_of_the_rows(room: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in room.items():
        monkeypatch.setattr(overlap, name, value)
    rng = np.random.default_rng(3)
    matrix, (one, other) = rows(rng), pairs(rng)
    dense = matrix.toarray()
    found = overlap.products(one, other, matrix)
    np.testing.assert_array_equal(found.toarray(), dense[one] * dense[other])
    assert "ZEROS" not in room or found.nnz == np.count_nonzero(dense[one] * dense[other])


@pytest.mark.parametrize("room", [{"CHEAPER": 10_000}, {"CHEAPER": 0}, {"TABLE": 1, "CHEAPER": 10_000}], ids=str)
def test_that_products_are_added_up_either_way(room: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in room.items():
        monkeypatch.setattr(overlap, name, value)
    rng = np.random.default_rng(5)
    matrix, (one, other), by = rows(rng), pairs(rng), rng.random(40)
    dense = matrix.toarray()
    order = rng.permutation(30)
    found = overlap.weighted(one, other, matrix, order)
    again = overlap.weighted(np.argsort(order)[one], np.argsort(order)[other], matrix[order], np.arange(30))
    assert isinstance(found, overlap.Products) == (room == {"CHEAPER": 10_000})
    for weights in (by, np.zeros(40)):
        np.testing.assert_allclose(found @ weights, (dense[one] * dense[other]) @ weights, rtol=1e-13)
        np.testing.assert_array_equal(found @ weights, again @ weights)


@pytest.mark.parametrize("room", [*SMALL, {"DEARER": 0}], ids=str)
def test_that_what_is_common_is_counted_either_way(room: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in room.items():
        monkeypatch.setattr(overlap, name, value)
    rng = np.random.default_rng(4)
    matrix, (one, other) = rows(rng), pairs(rng)
    matrix.data[:] = 1
    dense = matrix.toarray() > 0
    by_hand = (dense[one] & dense[other]).sum(axis=1)
    np.testing.assert_array_equal(overlap.common(one, other, matrix), by_hand)
    np.testing.assert_array_equal(overlap.looked(one, other, matrix), by_hand)


def test_that_no_pairs_have_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    for shape in ((0, 0), (3, 0), (3, 4)):
        matrix = csr_array(shape)
        assert overlap.common(none, none, matrix).tolist() == []
        assert overlap.products(none, none, matrix).shape == (0, shape[1])
        assert (overlap.weighted(none, none, matrix, np.arange(shape[0])) @ np.zeros(shape[1])).tolist() == []


def test_that_presence_leaves_out_what_one_account_has_alone() -> None:
    account, part = np.array([0, 1, 1, 2, 2, 0]), np.array([70, 70, 70, 5, 5, 900])
    found = presence(account, part, 3)
    assert found.toarray().tolist() == [[1], [1], [0]]


@pytest.mark.parametrize("most", [3, 10**6, 2**62])
def test_that_an_order_is_that_of_a_stable_sort(most: int) -> None:
    values = np.random.default_rng(5).integers(0, most, 1_000)
    assert (order(values) == np.argsort(values, kind="stable")).all()
    assert order(values[:0]).tolist() == []


def test_that_runs_are_numbered_and_measured() -> None:
    new = changed(np.array([4, 4, 9, 4]))
    assert numbered(new).tolist() == [0, 0, 1, 2]
    assert lengths(np.flatnonzero(new), 4).tolist() == [2, 1, 1]
    assert spans(np.array([5, 1, 3]), np.array([2, 0, 1])).tolist() == [5, 6, 3]

"""What pairs of accounts have in common: products of two rows of a sparse matrix, for many pairs of rows.

Of each pair the entries of the shorter row are looked up in the other. The other is spread out in a table of its own,
since a place in a table is found at once; as many rows at a time as the table holds. Where only sums are asked for and
the accounts are few, the matrix times itself has all of them, in less time, and BLAS has it in less still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from harmattan.influence.ordered import Ints, integers, order, spans

Sparse = Any
"""A scipy.sparse matrix; scipy is imported where it is used, since the command line pays for it."""
ENTRIES = 32_768
"""Entries of shorter rows that are looked up at once: so few that all that is made of them stays in the processor."""
TABLE = 8_000_000
"""Cells of the table of the other rows: 64 MB at most."""
DEARER = 2
"""How many times as long an entry takes that is looked up as one that is multiplied."""
CHEAPER = 100
"""How many products of numbers take as long as to look up one entry, where the same is asked for a few times."""
ZEROS = 4_000_000
"""So many products are kept whether they are 0 or not: to look for zeros takes longer than to add them up."""


@dataclass(frozen=True)
class Looked:
    """Some pairs, how long their shorter rows are, where the entries of these are in the matrix, and what the other
    row of the pair has there.
    """

    pairs: Ints
    length: Ints
    at: Ints
    found: Any


def common(one: Ints, other: Ints, present: Sparse) -> Any:
    """In how many columns both rows of a pair have an entry; all entries are 1."""
    n, size = present.shape[0], np.diff(present.indptr)
    looked_up = int(np.minimum(size[one], size[other]).sum())
    if n * n <= TABLE and _multiplied(present) <= DEARER * looked_up:
        return (present @ present.T).toarray()[one, other]
    return looked(one, other, present)


def _multiplied(present: Sparse) -> int:
    """How many products of entries the matrix times itself is made of."""
    size = np.bincount(present.indices)
    return int((size * size).sum())


def looked(one: Ints, other: Ints, present: Sparse) -> Any:
    """The same, each pair by itself."""
    both = np.zeros(len(one))
    for part in _looked_up(one, other, present, np.int8):
        before = np.concatenate([[0], np.cumsum(part.found, dtype=np.int64)])
        end = np.cumsum(part.length)
        both[part.pairs] = before[end] - before[end - part.length]
    return both


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True)
class Products:
    """What `products` has of each pair, added up by weights of the columns: the products themselves are not made."""

    cell: Ints
    """Of each pair its place in a table of rows by rows."""
    rows: Any
    """The matrix, with its zeros."""

    def __matmul__(self, weights: Any) -> Any:
        """The sum over the columns of each pair by weights that are not negative: the matrix times itself has it."""
        half = self.rows * np.sqrt(weights)
        # Threads of BLAS wait for more to do without letting go of the processor.
        with _libraries().limit(limits=1, user_api="blas"):
            return (half @ half.T).take(self.cell)


def weighted(one: Ints, other: Ints, matrix: Sparse, by: Ints) -> Products | Sparse:
    """`products`, or what gives the same sums: it is only multiplied by weights of the columns, a few times.

    `by`: all rows by what they stand for. How BLAS rounds a sum depends on where a row stands, and what is found
    must not depend on how rows happen to be numbered.
    """
    (n, width), size = matrix.shape, np.diff(matrix.indptr)
    looked_up = int(np.minimum(size[one], size[other]).sum())
    if n * max(n, width) <= TABLE and n * n * width <= CHEAPER * looked_up:
        place = np.empty(n, dtype=np.int64)
        place[by] = np.arange(n)
        return Products(place[one] * n + place[other], matrix.toarray()[by])
    return products(one, other, matrix)


def products(one: Ints, other: Ints, matrix: Sparse) -> Sparse:
    """Pairs x columns: what one row has times what the other has."""
    from scipy.sparse import csr_array

    size = np.diff(matrix.indptr)
    length = np.minimum(size[one], size[other]).astype(np.int64)
    most, first, pairs = int(length.sum()), 0, [np.zeros(0, dtype=np.int64)]
    data, column = np.empty(most), np.empty(most, dtype=np.int32)
    for part in _looked_up(one, other, matrix, np.float64):
        at, found = part.at, part.found
        if most > ZEROS:
            both = np.flatnonzero(found)
            of = np.repeat(np.arange(len(part.pairs)), part.length)[both]
            length[part.pairs] = np.bincount(of, minlength=len(part.pairs))
            at, found = at[both], found[both]
        last = first + len(at)
        np.multiply(matrix.data.take(at), found, out=data[first:last])
        column[first:last] = matrix.indices.take(at)
        pairs.append(part.pairs)
        first = last
    by = np.concatenate(pairs)
    indptr = np.append(0, np.cumsum(length[by])).astype(integers(most))
    whole = csr_array((data[:first], column[:first], indptr), shape=(len(one), matrix.shape[1]))
    # Where there are several tables, the pairs come by their rows.
    return whole if (by[1:] > by[:-1]).all() else whole[order(by)]


def _looked_up(one: Ints, other: Ints, matrix: Sparse, kind: Any) -> Iterator[Looked]:
    """All pairs, part by part."""
    start, (n, width) = matrix.indptr.astype(np.int64), matrix.shape
    size = np.diff(start)
    short = size[one] <= size[other]
    few, many = np.where(short, one, other), np.where(short, other, one)
    rows = min(TABLE // max(width, 1) + 1, n)
    pairs = np.arange(len(one)) if rows == n else order(many)
    table, end = np.zeros(rows * width, dtype=kind), np.cumsum(size[few[pairs]])
    for low, since, until in _parts(many[pairs], rows, n):
        high = min(low + rows, n)
        cells = np.repeat(np.arange(high - low) * width, size[low:high]) + matrix.indices[start[low] : start[high]]
        table[cells] = matrix.data[start[low] : start[high]]
        for some in _cut(end[since:until]):
            which = pairs[since:until][some]
            length = size[few[which]]
            at = spans(start[few[which]], length)
            place = np.repeat((many[which] - low) * width, length)
            place += matrix.indices.take(at)
            yield Looked(which, length, at, table.take(place))
        table[cells] = 0


def _parts(many: Ints, rows: int, n: int) -> Iterator[tuple[int, int, int]]:
    """The first row of each table of so many rows, and from where to where pairs, sorted by row, have theirs in it."""
    first = 0
    while first < len(many):
        low = 0 if rows == n else int(many[first])
        last = len(many) if rows == n else int(np.searchsorted(many, low + rows))
        yield low, first, last
        first = last


def _cut(end: Ints) -> Iterator[slice]:
    """Runs of pairs with about as many entries as are looked up at once, from where the entries of each end."""
    first = 0
    while first < len(end):
        last = max(int(np.searchsorted(end, end[first] + ENTRIES)), first + 1)
        yield slice(first, last)
        first = last

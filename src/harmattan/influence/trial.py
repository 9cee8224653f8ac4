"""One layer under one window: the pairs that met, and what their meeting is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.influence.chance import Candidates, Floats, Ints, Judged, Traffic, judged
from harmattan.influence.ordered import changed, integers, lengths, numbered, order
from harmattan.influence.rule import Rule

Flags = Any


@dataclass(frozen=True)
class Trial:
    """The candidates of one layer and window."""

    layer: str
    window: float
    names: tuple[str, ...]
    """The accounts of the candidates; `pairs.one` and `pairs.other` count in them."""
    pairs: Candidates
    traffic: Traffic
    by_slice: Any
    """Occasions (candidates x slices), sparse."""
    crowded: int

    def judged(self, rule: Rule, linked: Flags) -> Judged:
        """Every candidate, where the occasions of those that are `linked` are known not to be chance."""
        known = self.by_slice.T @ linked.astype(np.float64) if linked.any() else None
        expected = self.pairs.chances @ self.traffic.rates(known)[0]
        return judged(self.pairs, expected, self._expected_outside, rule.prior)

    @cached_property
    def _expected_outside(self) -> Floats:
        """It is the same whoever is linked."""
        return np.asarray(self.pairs.chances @ self.traffic.rates()[1])

    def keys(self, place: Mapping[str, int], n: int) -> Ints:
        """One number for each candidate, the same for the same two accounts in every trial."""
        of = np.array([place[name] for name in self.names], dtype=np.int64)
        one, other = of[self.pairs.one], of[self.pairs.other]
        return np.asarray(np.minimum(one, other) * n + np.maximum(one, other))


def presence(account: Ints, part: Ints, n: int) -> Any:
    """1 where an account shared an object in a part of time: accounts x (object, part).

    A part has any number that is not negative. Those of one account alone are left out: nobody has them in common.
    """
    from scipy.sparse import csc_array

    by = order(part)
    account, part = account[by], numbered(changed(part[by]))
    key = part * integers(len(part) * n)(n) + account
    key.sort()
    key = key[np.flatnonzero(changed(key))]
    column = key // max(n, 1)
    row = key - column * n
    start = np.flatnonzero(changed(column))
    size = lengths(start, len(key))
    several = size > 1
    row = row[np.flatnonzero(np.repeat(several, size))]
    indptr = np.append(0, np.cumsum(size[several])).astype(row.dtype)
    return csc_array((np.ones(len(row), dtype=np.int32), row, indptr), shape=(n, len(indptr) - 1)).tocsr()

"""One layer under one window: the pairs that met, and what their meeting is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from harmattan.influence.chance import Candidates, Ints, Judged, Traffic, judged
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
        known = np.asarray(self.by_slice[linked].sum(axis=0)).ravel() if linked.any() else None
        return judged(self.pairs, self.traffic, rule.prior, known)

    def keys(self, place: Mapping[str, int], n: int) -> Ints:
        """One number for each candidate, the same for the same two accounts in every trial."""
        of = np.array([place[name] for name in self.names], dtype=np.int64)
        one, other = of[self.pairs.one], of[self.pairs.other]
        return np.asarray(np.minimum(one, other) * n + np.maximum(one, other))

    def ends(self, which: Flags) -> tuple[pa.Array, pa.Array]:
        """The two accounts of some of the candidates."""
        names = pa.array(self.names, pa.string())
        return names.take(pa.array(self.pairs.one[which])), names.take(pa.array(self.pairs.other[which]))


def presence(account: Ints, part: Ints, n: int) -> Any:
    """1 where an account shared an object in a part of time: accounts x (object, part), whatever their numbers are."""
    from scipy.sparse import csr_array

    _, column = np.unique(part, return_inverse=True)
    counted = csr_array((np.ones(len(column)), (account, column)), shape=(n, int(column.max(initial=-1)) + 1))
    counted.sum_duplicates()
    counted.data[:] = 1.0
    return counted

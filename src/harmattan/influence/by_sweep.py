"""The candidates of a layer, found in memory: shares sorted by object and time, and one sweep over them.

It finds what `pairs` says in the words of an engine, on one machine several times as fast; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from harmattan.influence.chance import STRETCH, Candidates, Floats, Ints, Traffic
from harmattan.influence.near import MICRO
from harmattan.influence.rule import Rule
from harmattan.influence.trial import Trial, presence

Table = Any
Flags = Any


@dataclass(frozen=True)
class BySweep:
    """All shares as whole numbers; `layer`, `account`, `object` count in the lists of names and among each other."""

    names: pa.Array
    layer_names: tuple[str, ...]
    layer: Ints
    account: Ints
    object: Ints
    at: Ints

    @classmethod
    def of(cls, shares: Table) -> BySweep:
        """Reads the shares once."""
        rows = shares.select("layer", "account", "object", "at").to_pyarrow()
        (layers, layer), (names, account), (_, thing) = (_coded(rows[name]) for name in ("layer", "account", "object"))
        return cls(names, tuple(layers.to_pylist()), layer, account, thing, rows["at"].to_numpy())

    def layers(self) -> Mapping[str, int]:
        """How many shares each layer has, by name."""
        counted = np.bincount(self.layer, minlength=len(self.layer_names)).tolist()
        return dict(sorted(zip(self.layer_names, counted, strict=True)))

    def accounts(self, layers: Sequence[str], least: int) -> int:
        """How many accounts have at least so many shares in some layers."""
        wanted = [n for n, name in enumerate(self.layer_names) if name in layers]
        own = self.account if len(wanted) == len(self.layer_names) else self.account[np.isin(self.layer, wanted)]
        return int((np.bincount(own, minlength=1) >= least).sum())

    def tried(self, rule: Rule, layer: str, window: float) -> Trial:
        """The candidates of a layer under a window: pairs of accounts that met often enough to be looked at."""
        if len(self.layer_names) == 1:
            own = Sorted.of(self.account, self.object, self.at)
        else:
            here = self.layer == self.layer_names.index(layer)
            own = Sorted.of(self.account[here], self.object[here], self.at[here])
        return _tried(own, self.names, rule, layer, window)


def _coded(column: Any) -> tuple[pa.Array, Ints]:
    """The different values of a column, and each value's place among them."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks() if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Sorted:
    """Shares of one layer, by object and time. All arrays are parallel."""

    account: Ints
    object: Ints
    at: Ints

    @classmethod
    def of(cls, account: Ints, object: Ints, at: Ints) -> Sorted:
        """Sorts them."""
        order = np.lexsort((at, object))
        return cls(account[order], object[order], at[order])

    def only(self, which: Flags) -> Sorted:
        """Some of them."""
        return Sorted(self.account[which], self.object[which], self.at[which])

    def runs(self, length: int) -> Ints:
        """A number for each object and part of time that is `length` microseconds long, in order."""
        part = self.at // length
        return np.cumsum(_new(self.object) | _new(part)) - 1


def _new(values: Ints) -> Flags:
    """Where a value differs from the one before."""
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _tried(own: Sorted, names: pa.Array, rule: Rule, layer: str, window: float) -> Trial:
    step = round(window * MICRO)
    span = (own.at.max() - own.at.min()) / MICRO if len(own.at) else 0.0
    length = round(rule.slice_seconds(window, len(own.at), span) * MICRO)
    slices, place = np.unique(own.at // length, return_inverse=True)
    shared, crowded = _meant(own, rule.crowd, length)
    run = shared.runs(length)
    slice_of_run = np.searchsorted(slices, shared.at[_new(run)] // length)
    first, second = _within(shared, step)
    pair, of_run = _occasions(shared.account, run, first, second, len(names))
    one, other, met, number = _met(pair, rule.occasions, len(names))
    ids = np.flatnonzero(np.bincount(np.concatenate([one, other]), minlength=1))
    rank = np.full(len(names), -1, dtype=np.int64)
    rank[ids] = np.arange(len(ids))
    activity, pairs_of_shares = _activity(own.account, place, rank, len(ids), len(slices))
    mine = rank[shared.account] >= 0
    account = rank[shared.account[mine]]
    stretches = shared.runs(step * STRETCH)[mine]
    present, close = (presence(account, part, len(ids)) for part in (run[mine], stretches))
    inside = np.bincount(slice_of_run[of_run], minlength=len(slices)).astype(np.float64)
    traffic = Traffic(pairs_of_shares, inside, np.maximum(_together(shared, run, slice_of_run, slices) - inside, 0.0))
    candidates = Candidates.of(rank[one], rank[other], met, activity, present, close=close)
    by_slice = _by_slice(number, slice_of_run[of_run], len(met), len(slices))
    listed = names.take(pa.array(ids)).to_pylist()
    return Trial(layer, window, tuple(listed), candidates, traffic, by_slice, crowded)


def _meant(own: Sorted, crowd: int, length: int) -> tuple[Sorted, int]:
    """Shares of objects that several accounts share, without crowds; and how many shares were a crowd's."""
    if not len(own.at):
        return own, 0
    start = np.flatnonzero(_new(own.object))
    several = np.minimum.reduceat(own.account, start) != np.maximum.reduceat(own.account, start)
    own = own.only(several[np.cumsum(_new(own.object)) - 1])
    run = own.runs(length)
    large = np.bincount(run, minlength=1) > crowd
    inside = np.flatnonzero(large[run])
    if not len(inside):
        return own, 0
    different = np.unique(np.stack([run[inside], own.account[inside]]), axis=1)[0]
    crowds = np.bincount(different, minlength=len(large)) > crowd
    return own.only(~crowds[run]), int(crowds[run].sum())


def _within(shared: Sorted, step: int) -> tuple[Ints, Ints]:
    """The places of pairs of shares of one object within `step` of each other by two accounts, the earlier first."""
    firsts, seconds = [], []
    reach, lag = np.arange(len(shared.at) - 1), 1
    while len(reach):
        then = reach + lag
        near = shared.object[then] == shared.object[reach]
        near &= shared.at[then] - shared.at[reach] <= step
        reach, then = reach[near], then[near]
        two = shared.account[reach] != shared.account[then]
        firsts.append(reach[two])
        seconds.append(then[two])
        lag += 1
        reach = reach[reach + lag < len(shared.at)]
    empty = [np.zeros(0, dtype=np.int64)]
    return np.concatenate(empty + firsts), np.concatenate(empty + seconds)


def _occasions(account: Ints, run: Ints, first: Ints, second: Ints, n: int) -> tuple[Ints, Ints]:
    """Of each occasion the pair of accounts, as least * n + most, and the run of the earlier share."""
    least, most = np.minimum(account[first], account[second]), np.maximum(account[first], account[second])
    pair, of_run = least.astype(np.int64) * n + most, run[first]
    order = np.lexsort((of_run, pair))
    pair, of_run = pair[order], of_run[order]
    kept = _new(pair) | _new(of_run)
    return pair[kept], of_run[kept]


def _met(pair: Ints, least: int, n: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The candidates: both accounts, their occasions; and of each occasion the candidate it is of, or -1."""
    start = np.flatnonzero(_new(pair))
    counted = np.diff(np.append(start, len(pair)))
    enough = counted >= least
    number = np.repeat(np.where(enough, np.cumsum(enough) - 1, -1), counted)
    found = pair[start[enough]] if len(pair) else pair
    return found // max(n, 1), found % max(n, 1), counted[enough].astype(np.int64), number


def _activity(account: Ints, place: Ints, rank: Ints, n: int, slices: int) -> tuple[Any, Floats]:
    """Shares of the candidates' accounts by slice, and the pairs of shares by two accounts in each slice."""
    from scipy.sparse import csr_array

    key, counted = np.unique(account.astype(np.int64) * slices + place, return_counts=True)
    who, when, share = key // max(slices, 1), key % max(slices, 1), counted.astype(np.float64)
    whole = np.bincount(when, weights=share, minlength=slices)
    square = np.bincount(when, weights=share * share, minlength=slices)
    mine = rank[who] >= 0
    activity = csr_array((share[mine], (rank[who[mine]], when[mine])), shape=(n, slices))
    return activity, (whole * whole - square) / 2


def _together(shared: Sorted, run: Ints, slice_of_run: Ints, slices: Ints) -> Floats:
    """By slice, pairs of accounts that shared the same object in it."""
    order = np.lexsort((shared.account, run))
    different = _new(run[order]) | _new(shared.account[order])
    size = np.bincount(run[order][different], minlength=len(slice_of_run)).astype(np.float64)
    return np.bincount(slice_of_run, weights=size * (size - 1) / 2, minlength=len(slices)).astype(np.float64)


def _by_slice(number: Ints, when: Ints, n: int, slices: int) -> Any:
    """Occasions by candidate and slice."""
    from scipy.sparse import csr_array

    of = number >= 0
    return csr_array((np.ones(int(of.sum())), (number[of], when[of])), shape=(n, slices))

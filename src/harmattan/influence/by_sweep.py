"""The candidates of a layer, found in memory: shares sorted by object and time, and one sweep over them.

It finds what `pairs` says in the words of an engine, on one machine several times as fast; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.chance import STRETCH, Candidates, Floats, Ints, Traffic, elsewhere
from harmattan.influence.near import MICRO
from harmattan.influence.ordered import BITS, Flags, changed, integers, lengths, numbered, order
from harmattan.influence.overlap import weighted
from harmattan.influence.rule import Rule
from harmattan.influence.trial import Trial, presence

Table = Any


@dataclass(frozen=True)
class BySweep:
    """All shares as whole numbers, by time; `layer`, `account`, `object` count in the lists of names and among each
    other.
    """

    names: pa.Array
    layer_names: tuple[str, ...]
    layer: Ints
    account: Ints
    object: Ints
    at: Ints

    @classmethod
    def of(cls, shares: Table) -> BySweep:
        """Reads the shares once."""
        rows = shares.select(["layer", "account", "object", "at"])
        if not isinstance(rows, pa.Table):
            rows = rows.to_pyarrow()
        (layers, layer), (names, account), (_, thing) = (_coded(rows[name]) for name in ("layer", "account", "object"))
        at = rows["at"].to_numpy()
        # Posts mostly come by time: then nothing has to be sorted.
        if (at[1:] < at[:-1]).any():
            by = order(at - at.min())
            layer, account, thing, at = layer[by], account[by], thing[by], at[by]
        return cls(names, tuple(layers.to_pylist()), layer, account, thing, at)

    def layers(self) -> Mapping[str, int]:
        """How many shares each layer has, by name."""
        counted = np.bincount(self.layer, minlength=len(self.layer_names)).tolist()
        return {name: n for name, n in sorted(zip(self.layer_names, counted, strict=True)) if n}

    def accounts(self, layers: Sequence[str], least: int) -> int:
        """How many accounts have at least so many shares in some layers."""
        wanted = [n for n, name in enumerate(self.layer_names) if name in layers]
        own = self.account if len(wanted) == len(self.layer_names) else self.account[np.isin(self.layer, wanted)]
        return int((np.bincount(own, minlength=1) >= least).sum())

    def tried(self, rule: Rule, layer: str, window: float) -> Trial:
        """The candidates of a layer under a window: pairs of accounts that met often enough to be looked at."""
        account, thing, at = self.account, self.object, self.at
        if len(self.layer_names) > 1:
            here = np.flatnonzero(self.layer == self.layer_names.index(layer))
            account, thing, at = account[here], thing[here], at[here]
        span = (at[-1] - at[0]) / MICRO if len(at) else 0.0
        length = round(rule.slice_seconds(window, len(at), span) * MICRO)
        own = Ordered(account, thing, at, numbered(changed(at // length)))
        return _tried(own, self.names, rule, layer, window)


def _coded(column: Any) -> tuple[pa.Array, Ints]:
    """The different values of a column, and each value's place among them."""
    # What is put in order here has one list for all its parts; what was read in parts has one for each.
    coded = pa.types.is_dictionary(column.type)
    column = column.unify_dictionaries() if coded else column.dictionary_encode()
    if not column.num_chunks:
        return pa.array([], pa.string()), np.zeros(0, dtype=np.int32)
    parts = [part.indices.to_numpy() for part in column.chunks]
    return column.chunk(0).dictionary, parts[0] if len(parts) == 1 else np.concatenate(parts)


@dataclass(frozen=True)
class Ordered:
    """Shares of one layer, by time or by object and time. All arrays are parallel."""

    account: Ints
    object: Ints
    at: Ints
    slice: Ints
    """The slices that hold a share are numbered by time, from 0."""

    def only(self, which: Ints) -> Ordered:
        """Some of them, by their places, in that order."""
        return Ordered(self.account[which], self.object[which], self.at[which], self.slice[which])

    def runs(self, part: Ints) -> Ints:
        """A number for each object and part of time, in order, where shares are by object and time."""
        return numbered(changed(self.object) | changed(part))


def _tried(own: Ordered, names: pa.Array, rule: Rule, layer: str, window: float) -> Trial:
    step, slices = round(window * MICRO), int(own.slice[-1]) + 1 if len(own.at) else 0
    # Several things at once: numpy and scipy let go of the interpreter while they count.
    with ThreadPoolExecutor(1) as aside:
        acted = aside.submit(_acted, own, len(names), slices)
        shared, run, crowded = _meant(own, rule.crowd)
        slice_of_run = shared.slice[np.flatnonzero(changed(run))]
        together = aside.submit(_together, shared.account, run, slice_of_run, len(names), slices)
        first, second = _within(shared, step)
        pair, of_run = _occasions(shared.account, run, first, second, len(names))
        when = slice_of_run[of_run]
        one, other, met, candidate = _met(pair, rule.occasions, len(names))
        of_candidates = np.zeros(len(names), dtype=bool)
        of_candidates[one] = of_candidates[other] = True
        ids, rank = np.flatnonzero(of_candidates), numbered(of_candidates)
        one, other = rank[one], rank[other]
        listed = names.take(pa.array(ids))
        by_name = pc.array_sort_indices(listed).to_numpy()
        chances = aside.submit(lambda: weighted(one, other, acted.result().of(of_candidates, rank), by_name))
        mine = shared.only(np.flatnonzero(of_candidates[shared.account]))

        def met_elsewhere(part: Ints) -> Floats:
            return elsewhere(one, other, met, presence(rank[mine.account], mine.runs(part), len(ids)))

        near = aside.submit(met_elsewhere, mine.at // (step * STRETCH))
        outside = met_elsewhere(mine.slice)
        inside = np.bincount(when, minlength=slices).astype(np.float64)
        by_slice = _by_slice(met, when[candidate], slices)
    traffic = Traffic(acted.result().pairs, inside, np.maximum(together.result() - inside, 0.0))
    candidates = Candidates(one, other, met, chances.result(), outside, near.result())
    return Trial(layer, window, tuple(listed.to_pylist()), candidates, traffic, by_slice, crowded)


def _meant(own: Ordered, crowd: int) -> tuple[Ordered, Ints, int]:
    """Shares of objects that several accounts share, without crowds, by object and time; the number of each share's
    object and slice; and how many shares were a crowd's.
    """
    by = order(own.object)
    account, thing = own.account[by], own.object[by]
    another = ~changed(thing)
    another &= changed(account)
    several = np.zeros(int(own.object.max(initial=0)) + 1, dtype=bool)
    several[thing[np.flatnonzero(another)]] = True
    shared = own.only(by[np.flatnonzero(several[thing])])
    run = shared.runs(shared.slice)
    large = np.bincount(run, minlength=1) > crowd
    if not large.any():
        return shared, run, 0
    inside = np.flatnonzero(large[run])
    accounts = int(own.account.max()) + 1
    different = np.unique(run[inside] * np.int64(accounts) + shared.account[inside]) // accounts
    crowds = (np.bincount(different, minlength=len(large)) > crowd)[run]
    shared = shared.only(np.flatnonzero(~crowds))
    return shared, shared.runs(shared.slice), int(crowds.sum())


def _within(shared: Ordered, step: int) -> tuple[Ints, Ints]:
    """The places of pairs of shares of one object within `step` of each other, the earlier first."""
    at, again = shared.at, np.append(~changed(shared.object), False)
    close = at[1:] - at[:-1] <= step
    close &= again[1:-1]
    first = np.flatnonzero(close)
    until, second, firsts = at[first] + step, first + 1, [first[:0]]
    while len(first):
        firsts.append(first)
        second += 1
        # A share's pairs end with its object, or with the first share that is too late.
        close = again.take(second)
        close &= at.take(second, mode="clip") <= until
        which = close.nonzero()[0]
        first, second, until = first.take(which), second.take(which), until.take(which)
    found = np.concatenate(firsts)
    return found, found + np.repeat(np.arange(len(firsts)), [len(part) for part in firsts])


def _occasions(account: Ints, run: Ints, first: Ints, second: Ints, n: int) -> tuple[Ints, Ints]:
    """Of each occasion the pair of accounts, as one number, and the run of the earlier share; by pair."""
    one, other, of_run = account[first], account[second], run[first]
    two = np.flatnonzero(one != other)
    if len(two) < len(one):
        one, other, of_run = one[two], other[two], of_run[two]
    bits, room = n.bit_length(), len(run).bit_length()
    key = np.minimum(one, other).astype(np.int64)
    key <<= bits
    key |= np.maximum(one, other)
    if 2 * bits + room <= BITS:
        key <<= room
        key |= of_run
        key.sort()
        key = key[np.flatnonzero(changed(key))]
        return key >> room, key & (1 << room) - 1
    by = np.lexsort((of_run, key))
    key, of_run = key[by], of_run[by]
    kept = np.flatnonzero(changed(key) | changed(of_run))
    return key[kept], of_run[kept]


def _met(pair: Ints, least: int, n: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The candidates: both accounts, their occasions; and the places of the occasions of candidates."""
    start = np.flatnonzero(changed(pair))
    counted = lengths(start, len(pair))
    enough = counted >= least
    found, bits = pair[start[enough]], n.bit_length()
    return found >> bits, found & (1 << bits) - 1, counted[enough], np.flatnonzero(np.repeat(enough, counted))


@dataclass(frozen=True)
class Acted:
    """How many shares each account made in each slice in which it made any: parallel arrays, by account and slice."""

    who: Ints
    when: Ints
    share: Floats
    pairs: Floats
    """By slice, the pairs of shares that any two accounts made in it."""

    def of(self, chosen: Flags, rank: Ints) -> Any:
        """Shares of some accounts by their ranks and slice, sparse."""
        from scipy.sparse import csr_array

        mine = np.flatnonzero(chosen[self.who])
        n = int(rank[-1]) + 1 if len(rank) else 0
        indptr = np.append(0, np.cumsum(np.bincount(rank[self.who[mine]], minlength=n))).astype(self.when.dtype)
        return csr_array((self.share[mine], self.when[mine], indptr), shape=(n, len(self.pairs)))


def _acted(own: Ordered, accounts: int, slices: int) -> Acted:
    key = own.account * integers(accounts * slices)(slices) + own.slice
    key.sort()
    start = np.flatnonzero(changed(key))
    who = key[start] // max(slices, 1)
    when = key[start] - who * slices
    share = lengths(start, len(key)).astype(np.float64)
    whole = np.bincount(own.slice, minlength=slices).astype(np.float64)
    square = np.bincount(when, weights=share * share, minlength=slices)
    return Acted(who, when, share, (whole * whole - square) / 2)


def _together(account: Ints, run: Ints, slice_of_run: Ints, n: int, slices: int) -> Floats:
    """By slice, pairs of accounts that shared the same object in it."""
    most = (int(run[-1]) + 1) * n if len(run) else 0
    key = run * integers(most)(n) + account
    key.sort()
    # The runs stand in order already, and so does each after sorting: where it was.
    size = np.bincount(run[np.flatnonzero(changed(key))], minlength=len(slice_of_run)).astype(np.float64)
    return np.bincount(slice_of_run, weights=size * (size - 1) / 2, minlength=slices).astype(np.float64)


def _by_slice(met: Ints, when: Ints, slices: int) -> Any:
    """Occasions by candidate and slice; `when`: the slice of each, by candidate."""
    from scipy.sparse import csr_array

    indptr = np.append(0, np.cumsum(met)).astype(when.dtype)
    return csr_array((np.ones(len(when)), when, indptr), shape=(len(met), slices))

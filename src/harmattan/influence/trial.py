"""One layer under one window: the pairs that met, and what their meeting is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan.influence.chance import STRETCH, Candidates, Floats, Ints, Judged, Traffic, judged
from harmattan.influence.kept import keep
from harmattan.influence.pairs import Slotted, occasions, paired, slotted
from harmattan.influence.rule import Rule

Table = Any
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


def tried(shares: Table, rule: Rule, layer: str, window: float) -> Trial:
    """The candidates of a layer under a window: pairs of accounts that met often enough to be looked at."""
    with ExitStack() as until:
        found = slotted(shares, rule, window, until)
        met = keep(occasions(found, window), until)
        pairs = keep(paired(met, rule.occasions), until)
        table = pairs.to_pyarrow()
        return _tried(found, Met(met, pairs, table), layer, window)


@dataclass(frozen=True)
class Met:
    """Occasions, the pairs with enough of them, and these as Arrow."""

    occasions: Table
    pairs: Table
    table: pa.Table


def _tried(found: Slotted, met: Met, layer: str, window: float) -> Trial:
    one, other, count = (met.table[name].to_numpy() for name in ("a", "b", "n"))
    ids, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    of_candidates = ibis.memtable(pa.table({"a": ids}))
    accounts = found.accounts.semi_join(of_candidates, "a").select("a", "account").to_pyarrow().sort_by("a")
    traffic, slices = _traffic(found, met.occasions)
    activity, present, close = _matrices(found, of_candidates, ids, slices)
    candidates = Candidates.of(place[: len(one)], place[len(one) :], count, activity, present, close=close)
    by_slice = _by_slice(met, one, other, slices)
    crowded = int(found.crowded.n_shares.sum().execute() or 0)
    return Trial(layer, window, tuple(accounts["account"].to_pylist()), candidates, traffic, by_slice, crowded)


def _traffic(found: Slotted, met: Table) -> tuple[Traffic, Ints]:
    """What each slice holds, and the numbers of the slices in ascending order."""
    activity = found.activity
    whole = activity.group_by("slice").agg(all=activity.n.sum(), square=(activity.n * activity.n).sum()).to_pyarrow()
    slices = np.sort(whole["slice"].to_numpy())
    n, square = np.zeros(len(slices)), np.zeros(len(slices))
    place = np.searchsorted(slices, whole["slice"].to_numpy())
    n[place], square[place] = whole["all"].to_numpy(), whole["square"].to_numpy()
    shared = found.shares.select("a", "o", "slice").distinct()
    sizes = shared.group_by("o", "slice").agg(k=shared.count())
    together = sizes.group_by("slice").agg(n=(sizes.k * (sizes.k - 1)).sum())
    occasion = met.group_by("slice").agg(n=met.count())
    inside, meetings = _spread(occasion, slices), _spread(together, slices) / 2
    return Traffic((n * n - square) / 2, inside, np.maximum(meetings - inside, 0.0)), slices


def _spread(counted: Table, slices: Ints) -> Floats:
    table = counted.to_pyarrow()
    full = np.zeros(len(slices))
    full[np.searchsorted(slices, table["slice"].to_numpy())] = table["n"].to_numpy()
    return full


def _matrices(found: Slotted, of: Table, ids: Ints, slices: Ints) -> tuple[Any, Any, Any]:
    """Shares by account and slice, what each account shared in which slice, and in which stretch; of the candidates."""
    from scipy.sparse import csr_array

    rows = found.activity.semi_join(of, "a").to_pyarrow()
    where = np.searchsorted(ids, rows["a"].to_numpy()), np.searchsorted(slices, rows["slice"].to_numpy())
    activity = csr_array((rows["n"].to_numpy().astype(np.float64), where), shape=(len(ids), len(slices)))
    shares = found.shares.mutate(stretch=found.shares.bucket // STRETCH)
    rows = shares.select("a", "o", "slice", "stretch").distinct().semi_join(of, "a").to_pyarrow()
    account = np.searchsorted(ids, rows["a"].to_numpy())
    objects = rows["o"].to_numpy()
    present, close = (_presence(account, objects, rows[name].to_numpy(), len(ids)) for name in ("slice", "stretch"))
    return activity, present, close


def _presence(account: Ints, objects: Ints, when: Ints, n: int) -> Any:
    """1 where an account shared an object in a part of time: accounts x (object, part)."""
    from scipy.sparse import csr_array

    parts = when - when.min(initial=0)
    _, column = np.unique(objects.astype(np.int64) * (int(parts.max(initial=0)) + 1) + parts, return_inverse=True)
    counted = csr_array((np.ones(len(column)), (account, column)), shape=(n, int(column.max(initial=-1)) + 1))
    counted.sum_duplicates()
    counted.data[:] = 1.0
    return counted


def _by_slice(met: Met, one: Ints, other: Ints, slices: Ints) -> Any:
    from scipy.sparse import csr_array

    counted = (
        met.occasions.semi_join(met.pairs, ["a", "b"]).group_by("a", "b", "slice").agg(n=ibis._.count()).to_pyarrow()
    )
    span = int(np.concatenate([one, other]).max(initial=0)) + 1
    keys = one.astype(np.int64) * span + other
    order = np.argsort(keys)
    wanted = counted["a"].to_numpy().astype(np.int64) * span + counted["b"].to_numpy()
    row = order[np.searchsorted(keys[order], wanted)]
    column = np.searchsorted(slices, counted["slice"].to_numpy())
    return csr_array((counted["n"].to_numpy().astype(np.float64), (row, column)), shape=(len(keys), len(slices)))

"""The candidates of a layer, found by the engine that holds the shares: for traffic that one machine cannot hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan.influence.chance import STRETCH, Candidates, Floats, Ints, Traffic, elsewhere
from harmattan.influence.kept import keep
from harmattan.influence.near import MICRO
from harmattan.influence.overlap import products
from harmattan.influence.pairs import Slotted, occasions, paired, slotted
from harmattan.influence.rule import Rule
from harmattan.influence.trial import Trial, presence

Table = Any


@dataclass(frozen=True)
class ByEngine:
    """Shares that stay where they are; only pairs that met, and what their accounts did, come out."""

    shares: Table

    def layers(self) -> Mapping[str, int]:
        """How many shares each layer has, by name."""
        counted = self.shares.group_by("layer").agg(n=self.shares.count()).order_by("layer").to_pyarrow()
        return dict(zip(counted["layer"].to_pylist(), counted["n"].to_pylist(), strict=True))

    def accounts(self, layers: Sequence[str], least: int) -> int:
        """How many accounts have at least so many shares in some layers."""
        own = self.shares.filter(self.shares.layer.isin(list(layers)))
        busy = own.group_by("account").agg(n=own.count())
        return int(busy.filter(busy.n >= least).count().execute())

    def tried(self, rule: Rule, layer: str, window: float) -> Trial:
        """The candidates of a layer under a window: pairs of accounts that met often enough to be looked at."""
        return tried(self.shares.filter(self.shares.layer == layer), rule, layer, window)


def tried(shares: Table, rule: Rule, layer: str, window: float) -> Trial:
    """The candidates of one layer's shares."""
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
    activity, present, close = _matrices(found, of_candidates, ids, slices, window)
    ends = place[: len(one)], place[len(one) :]
    outside, near = (elsewhere(*ends, count, matrix) for matrix in (present, close))
    candidates = Candidates(*ends, count, products(*ends, activity), outside, near)
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


def _matrices(found: Slotted, of: Table, ids: Ints, slices: Ints, window: float) -> tuple[Any, Any, Any]:
    """Shares by account and slice, what each account shared in which slice, and in which stretch; of the candidates."""
    from scipy.sparse import csr_array

    rows = found.activity.semi_join(of, "a").to_pyarrow()
    where = np.searchsorted(ids, rows["a"].to_numpy()), np.searchsorted(slices, rows["slice"].to_numpy())
    activity = csr_array((rows["n"].to_numpy().astype(np.float64), where), shape=(len(ids), len(slices)))
    shares = found.shares.mutate(stretch=found.shares["at"] // (round(window * MICRO) * STRETCH))
    rows = shares.select("a", "o", "slice", "stretch").distinct().semi_join(of, "a").to_pyarrow()
    account = np.searchsorted(ids, rows["a"].to_numpy())
    parts = (_parts(rows["o"].to_numpy(), rows[name].to_numpy()) for name in ("slice", "stretch"))
    present, close = (presence(account, part, len(ids)) for part in parts)
    return activity, present, close


def _parts(objects: Ints, when: Ints) -> Ints:
    """One number for each object and part of time."""
    when = when - when.min(initial=0)
    return np.asarray(objects.astype(np.int64) * (int(when.max(initial=0)) + 1) + when)


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

"""From shares to groups: every layer and window is tried, pairs are judged together, groups are made of the links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.by_sweep import BySweep
from harmattan.influence.chance import Floats, Ints, Judged, discovered, sure
from harmattan.influence.groups import Group, Network, grouped
from harmattan.influence.ordered import order
from harmattan.influence.rule import Rule
from harmattan.influence.trial import Trial

Table = Any

IN_MEMORY = "duckdb"
"""The engine whose shares are read into memory: it runs on this machine. Others find the pairs themselves."""
PASSES = 3
"""Times that pairs are judged: occasions of pairs that are already linked are no chance and are taken out of it."""

LINKS = pa.schema(
    [
        ("account", pa.string()),
        ("other", pa.string()),
        ("layer", pa.string()),
        ("window", pa.float64()),
        ("occasions", pa.int64()),
        ("expected", pa.float64()),
        ("outside", pa.int64()),
        ("expected_outside", pa.float64()),
        ("p", pa.float64()),
        ("level", pa.float64()),
    ]
)
"""Of each linked pair (`account` < `other`) each layer and window in which it met: occasions and how many were
expected, meetings outside the window and how many were expected, the p-value there, and the pair's level of false
discoveries over all."""


@dataclass(frozen=True)
class Found:
    """What was found: groups, links (`LINKS`), and what it rests on."""

    rule: Rule
    groups: tuple[Group, ...]
    links: pa.Table
    accounts: int
    """Accounts that could be in a pair: those with as many shares as a pair must have occasions."""
    shares: int
    crowded: int
    """Shares that were left out because too many accounts shared the object at that time (most over the windows)."""
    layers: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """How many pairs of accounts are linked."""
        return int(self.links.group_by(["account", "other"]).aggregate([]).num_rows)


def detect(shares: Table, rule: Rule | None = None, layers: Sequence[str] = ()) -> Found:
    """Groups of accounts that act together beyond chance.

    Args:
        shares: As in `pairs`: an Ibis table of either engine, or a table of Arrow.
        rule: What counts as acting together.
        layers: Those that are tried; all that there are where none is named.
    """
    rule = rule or Rule()
    held = _held(shares)
    there = held.layers()
    wanted = [layer for layer in there if not layers or layer in layers]
    accounts = held.accounts(wanted, rule.occasions)
    trials = [held.tried(rule, layer, window) for layer in wanted for window in rule.windows]
    linked = Linked.of(trials, rule, accounts)
    return Found(
        rule,
        tuple(grouped(linked.names, linked.network(), rule)),
        linked.table(),
        accounts,
        sum(there[layer] for layer in wanted),
        max((sum(t.crowded for t in trials if t.window == window) for window in rule.windows), default=0),
        tuple(wanted),
    )


def _held(shares: Table) -> Any:
    if isinstance(shares, pa.Table) or shares.get_backend().name == IN_MEMORY:
        return BySweep.of(shares)
    # Only here: Ibis takes a second to import, and what is in memory already has no need of it.
    from harmattan.influence.by_engine import ByEngine

    return ByEngine(shares)


@dataclass(frozen=True)
class Linked:
    """The pairs of all trials that are linked, in order of their accounts' names, and what each trial says of each."""

    names: Sequence[str]
    """In order."""
    trials: Sequence[Trial]
    judged: Sequence[Judged]
    at: Sequence[Ints]
    """Of each trial's candidates their places among the pairs of all trials."""
    keys: Ints
    """Of these pairs `one * len(names) + other`, places in the names: one < other."""
    linked: Any
    """Which of them are linked."""
    level: Floats
    least: Floats
    """The smallest p of each over the trials."""

    @classmethod
    def of(cls, trials: Sequence[Trial], rule: Rule, accounts: int) -> Linked:
        """Judges the candidates of all trials together."""
        names = sorted(set().union(*(trial.names for trial in trials)))
        place = {name: n for n, name in enumerate(names)}
        at, keys = _places([trial.keys(place, len(names)) for trial in trials])
        tests, linked, least = accounts * (accounts - 1) / 2, np.zeros(len(keys), dtype=bool), np.ones(len(keys))
        for _ in range(PASSES):
            judged = [trial.judged(rule, linked[own]) for trial, own in zip(trials, at, strict=True)]
            least = np.ones(len(keys))
            for own, one in zip(at, judged, strict=True):
                least[own] = np.minimum(least[own], one.p)
            p = np.minimum(least * len(trials), 1.0)
            before, linked = linked, sure(p, tests, rule.level)
            if (before == linked).all():
                break
        return cls(names, trials, judged, at, keys, linked, discovered(p, tests), least)

    def network(self) -> Network:
        """The links by number, in order."""
        which = np.flatnonzero(self.linked)
        if len(self.at) == 1:
            which = which[order(self.keys[which])]
        one, other = np.divmod(self.keys[which], max(len(self.names), 1))
        return Network(one, other, _weight(self.least[which]), self.level[which])

    def table(self) -> pa.Table:
        """The rows of `LINKS`."""
        parts = sorted(range(len(self.trials)), key=lambda n: (self.trials[n].layer, self.trials[n].window))
        rows = [np.flatnonzero(self.linked[self.at[n]]) for n in parts]
        key = np.concatenate([self.keys[:0], *(self.keys[self.at[n][row]] for n, row in zip(parts, rows, strict=True))])
        by = order(key)
        one, other = np.divmod(key[by], max(len(self.names), 1))
        names, size = pa.array(self.names, pa.string()), [len(row) for row in rows]
        columns = {
            "account": names.take(pa.array(one)),
            "other": names.take(pa.array(other)),
            "layer": pa.array([self.trials[n].layer for n in parts], pa.string()).take(_repeated(size, by)),
            "window": pa.array([self.trials[n].window for n in parts], pa.float64()).take(_repeated(size, by)),
        }
        said = [self._said(n, row) for n, row in zip(parts, rows, strict=True)]
        columns |= {name: np.concatenate([part[name] for part in said])[by] for name in LINKS.names[4:] if said}
        return pa.table(columns, schema=LINKS) if said else LINKS.empty_table()

    def _said(self, n: int, row: Ints) -> dict[str, Any]:
        """What a trial says of some of its candidates."""
        pairs, judged = self.trials[n].pairs, self.judged[n]
        return {
            "occasions": pairs.met[row],
            "expected": judged.expected[row],
            "outside": pairs.outside[row].astype(np.int64),
            "expected_outside": judged.expected_outside[row],
            "p": judged.p[row],
            "level": self.level[self.at[n][row]],
        }


def _places(keys: Sequence[Ints]) -> tuple[list[Ints], Ints]:
    """Of each key of each trial its place among the different keys of all, and these."""
    if len(keys) == 1:
        return [np.arange(len(keys[0]))], keys[0]
    different, where = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *keys]), return_inverse=True)
    ends = np.cumsum([len(one) for one in keys])
    return [where[end - len(one) : end] for one, end in zip(keys, ends, strict=True)], different


def _repeated(size: Sequence[int], by: Ints) -> pa.Array:
    return pa.array(np.repeat(np.arange(len(size)), size)[by])


def stricter(found: Found, level: float) -> Found:
    """What is left where fewer false discoveries are put up with: the groups of the links that are as sure as that."""
    links, rule = found.links.filter(pc.less_equal(found.links["level"], level)), replace(found.rule, level=level)
    pairs = links.group_by(["account", "other"]).aggregate([("level", "min"), ("p", "min")])
    names = sorted({name for end in ("account", "other") for name in pairs[end].to_pylist()})
    ordered = pa.array(names, pa.string())
    one, other = (pc.index_in(pairs[end], ordered).to_numpy().astype(np.int64) for end in ("account", "other"))
    network = Network(one, other, _weight(pairs["p_min"].to_numpy()), pairs["level_min"].to_numpy())
    return replace(found, rule=rule, groups=tuple(grouped(names, network, rule)), links=links)


def _weight(p: Floats) -> Floats:
    """How much a link counts when a part is divided."""
    return np.asarray(-np.log10(np.maximum(p, 1e-300)))

"""From shares to groups: every layer and window is tried, pairs are judged together, groups are made of the links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.by_engine import ByEngine
from harmattan.influence.by_sweep import BySweep
from harmattan.influence.chance import Floats, Judged, discovered
from harmattan.influence.groups import Group, Network, grouped
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
    """Groups of accounts that act together beyond chance; `shares` as in `pairs`, an Ibis table of either engine.

    `layers`: those that are tried; all that there are where none is named.
    """
    rule = rule or Rule()
    held = BySweep.of(shares) if shares.get_backend().name == IN_MEMORY else ByEngine(shares)
    there = held.layers()
    wanted = [layer for layer in there if not layers or layer in layers]
    accounts = held.accounts(wanted, rule.occasions)
    trials = [held.tried(rule, layer, window) for layer in wanted for window in rule.windows]
    links, names = _linked(trials, rule, accounts)
    return Found(
        rule,
        tuple(_groups(links, names, rule)),
        links,
        accounts,
        sum(there[layer] for layer in wanted),
        max((sum(t.crowded for t in trials if t.window == window) for window in rule.windows), default=0),
        tuple(wanted),
    )


def _linked(trials: Sequence[Trial], rule: Rule, accounts: int) -> tuple[pa.Table, list[str]]:
    """The links of all trials together."""
    if not trials:
        return LINKS.empty_table(), []
    names = sorted(set().union(*(trial.names for trial in trials)))
    place = {name: n for n, name in enumerate(names)}
    keys = [trial.keys(place, len(names)) for trial in trials]
    all_keys, where = np.unique(np.concatenate(keys), return_inverse=True)
    ends = np.cumsum([0, *map(len, keys)])
    at = [where[ends[n] : ends[n + 1]] for n in range(len(trials))]
    linked, level = np.zeros(len(all_keys), dtype=bool), np.ones(len(all_keys))
    judged: list[Judged] = []
    for _ in range(PASSES):
        judged = [trial.judged(rule, linked[at[n]]) for n, trial in enumerate(trials)]
        least = np.ones(len(all_keys))
        for n in range(len(trials)):
            np.minimum.at(least, at[n], judged[n].p)
        level = discovered(np.minimum(least * len(trials), 1.0), accounts * (accounts - 1) / 2)
        now = level <= rule.level
        if (now == linked).all():
            break
        linked = now
    parts = [_rows(trials[n], judged[n], level[at[n]], linked[at[n]]) for n in range(len(trials))]
    return pa.concat_tables(parts).sort_by([(name, "ascending") for name in LINKS.names[:4]]), names


def _rows(trial: Trial, judged: Judged, level: Floats, linked: Any) -> pa.Table:
    """The rows of `LINKS` of one trial."""
    one, other = trial.ends(linked)
    n = len(one)
    columns = {
        "account": pc.min_element_wise(one, other),
        "other": pc.max_element_wise(one, other),
        "layer": pa.repeat(trial.layer, n),
        "window": pa.repeat(trial.window, n),
        "occasions": trial.pairs.met[linked],
        "expected": judged.expected[linked],
        "outside": trial.pairs.outside[linked].astype(np.int64),
        "expected_outside": judged.expected_outside[linked],
        "p": judged.p[linked],
        "level": level[linked],
    }
    return pa.table(columns, schema=LINKS)


def stricter(found: Found, level: float) -> Found:
    """What is left where fewer false discoveries are put up with: the groups of the links that are as sure as that."""
    links, rule = found.links.filter(pc.less_equal(found.links["level"], level)), replace(found.rule, level=level)
    names = sorted({name for end in ("account", "other") for name in links[end].to_pylist()})
    return replace(found, rule=rule, groups=tuple(_groups(links, names, rule)), links=links)


def _groups(links: pa.Table, names: Sequence[str], rule: Rule) -> list[Group]:
    if not links.num_rows:
        return []
    pairs = links.group_by(["account", "other"]).aggregate([("level", "min"), ("p", "min")])
    ordered = pa.array(names, pa.string())
    one, other = (pc.index_in(pairs[end], ordered).to_numpy().astype(np.int64) for end in ("account", "other"))
    weight = -np.log10(np.maximum(pairs["p_min"].to_numpy(), 1e-300))
    return grouped(names, Network(one, other, weight, pairs["level_min"].to_numpy()), rule)

"""Whether the search for campaigns finds what was planted in invented worlds, and nothing where nothing was.

`python -m bench influence` measures this alone, with its speed (bench/influence_speed.py). Beside it stand the fixed
thresholds of its peers, CooRTweet and QUT's toolkit, on the same worlds.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis
import numpy as np

from bench import influence_speed
from bench.measure import Line
from bench.recovery import spread
from bench.worlds import SIZES, STRENGTHS, Traffic, World, plans, world
from harmattan.influence.detect import detect
from harmattan.influence.rule import Rule

ORGANIC: dict[str, Traffic] = {
    "heavy tails, daily rhythm, viral objects": Traffic(20_000),
    "5 times as many posts": Traffic(100_000),
    "posts in bursts": Traffic(20_000, awake=0.03),
    "20 topics": Traffic(20_000, topics=20),
    "objects live ten minutes": Traffic(20_000, life=1 / 6),
    "20 topics, objects live ten minutes": Traffic(20_000, topics=20, life=1 / 6),
    "habitual hashtags": Traffic(20_000, tags=300),
    "accounts of one day": Traffic(20_000, coup=True),
    "news desks of four": Traffic(20_000, beats=5),
}
"""Worlds in which nobody acts together."""
MANY = ("heavy tails, daily rhythm, viral objects",)
WORLDS, HARDER = 200, 100
FALSE = 5.0
"""Per cent of organic worlds that may give any group."""
PLANTED = Traffic(100_000)
STATED = "medium"
"""The strength from which precision and recall are held to the limits."""
RECALL, PRECISION = 0.90, 0.95
REPLICATIONS = 20
Groups = list[frozenset[str]]
Method = Callable[[World], Groups]


def shares(made: World) -> Any:
    """The table of shares on an engine of its own with one thread, since worlds are searched side by side."""
    engine = ibis.duckdb.connect(threads=1)
    return engine.create_table("shares", made.shares(), temp=True)


def ours(made: World, rule: Rule | None = None) -> Groups:
    """The groups that are found, as sets of accounts."""
    return [frozenset(group.accounts) for group in detect(shares(made), rule or Rule()).groups]


@dataclass(frozen=True)
class Score:
    """How one planted group was found: its members, those in the found group that holds most, and that one's size."""

    size: int
    members: int
    found: int


def scores(made: World, groups: Groups) -> tuple[list[Score], int, int]:
    """Of each planted group how it was found; the accounts in any group, and those of them that were planted."""
    planted = made.members()
    best = []
    for members in planted:
        most = max(groups, key=lambda group: len(group & members), default=frozenset())
        held = len(most & members)
        best.append(Score(len(members), held, len(most) if held else 0))
    named = frozenset().union(*groups) if groups else frozenset()
    return best, len(named), len(named & frozenset().union(*planted))

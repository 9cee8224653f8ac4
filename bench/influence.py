"""Whether the search for campaigns finds what was planted in invented worlds, and nothing where nothing was.

`python -m bench influence` measures this and the speed (bench/influence_speed.py). Beside it stand the fixed thresholds
of its peers, CooRTweet and QUT's toolkit, on the same worlds: their edges, by our reproduction of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import numpy as np

from bench import influence_speed
from bench.measure import Line
from bench.recovery import spread
from bench.worlds import SIZES, STRENGTHS, Plan, Traffic, World, plans, world
from harmattan.influence import coortweet, toolkit
from harmattan.influence.detect import detect
from harmattan.influence.rule import Rule

PLAIN = "heavy tails, daily rhythm, viral objects"
ORGANIC: dict[str, Traffic] = {
    PLAIN: Traffic(20_000),
    "five times the posts": Traffic(100_000),
    "few posts over two months": Traffic(3_000, days=60),
    "few posts over two months, in bursts": Traffic(3_000, days=60, awake=0.03, life=1 / 6),
    "posts in bursts": Traffic(20_000, awake=0.03),
    "20 topics": Traffic(20_000, topics=20),
    "objects live ten minutes": Traffic(20_000, life=1 / 6),
    "20 topics, ten minutes": Traffic(20_000, topics=20, life=1 / 6),
    "habitual hashtags": Traffic(20_000, tags=300),
    "accounts of one day": Traffic(20_000, coup=True),
    "news desks of four, 40 minutes behind": Traffic(20_000, beats=5, pace=0.67),
    "news desks of four, 10 minutes behind": Traffic(20_000, beats=5, pace=1 / 6),
}
"""Worlds in which nobody acts together."""
WORLDS, HARDER = 200, 100
FALSE = 5.0
"""Per cent of organic worlds that may give any group."""
PLANTED = 100_000
STATED = "medium"
"""The strength from which precision and recall are held to the limits."""
RECALL, PRECISION = 90.0, 95.0
REPLICATIONS, OF_PEERS = 20, 10
WINDOW = 60
METHODS = (
    "CooRTweet, edge_weight 0.5",
    "CooRTweet, edge_weight 0.99",
    "QUT's toolkit, min_edge_weight 2",
    "QUT's toolkit, min_edge_weight 5",
)
Groups = list[frozenset[str]]


def shares(made: World) -> Any:
    """The table of shares on an engine of its own with one thread, since worlds are searched side by side."""
    engine = ibis.duckdb.connect(threads=1)
    engine.con.register("made", made.shares())
    engine.raw_sql("CREATE TABLE shares AS SELECT * FROM made")
    return engine.table("shares")


def ours(table: Any) -> Groups:
    """The groups that are found, as sets of accounts."""
    return [frozenset(group.accounts) for group in detect(table, Rule(windows=(WINDOW,))).groups]


def theirs(table: Any, method: str) -> Groups:
    """The connected parts of at least three accounts of a peer's network over its threshold."""
    name, least = method.rsplit(" ", 1)
    if name.startswith("CooRTweet"):
        pairs = coortweet.detect_groups(table, WINDOW, 2)
        edges = coortweet.network(pairs, edge_weight=float(least), subgraph=1)
    else:
        edges = toolkit.network(table, WINDOW, int(least))
    return _parts(edges.select("account", "account_y").to_pyarrow().to_pydict().values())


def _parts(ends: Iterable[list[str]]) -> Groups:
    import networkx as nx

    graph: Any = nx.Graph()
    graph.add_edges_from(zip(*ends, strict=True))
    return [frozenset(part) for part in nx.connected_components(graph) if len(part) >= 3]


# Worlds where nobody acts together


def called(seed: int, traffic: Traffic) -> bool:
    """Whether a world of such traffic gives any group."""
    return bool(ours(shares(world(traffic, seed=seed))))


def called_by_peers(seed: int, traffic: Traffic) -> list[bool]:
    """Whether each of `METHODS` gives any group."""
    table = shares(world(traffic, seed=seed))
    return [bool(theirs(table, method)) for method in METHODS]


def organic() -> list[Line]:
    """The share of organic worlds that give any group, with its interval; the peers on the first of them."""
    lines = []
    for name, traffic in ORGANIC.items():
        number = WORLDS if name == PLAIN else HARDER
        what = f"organic worlds, {name}: give any group"
        hits = spread(partial(called, traffic=traffic), number)
        lines.append(_share(what, hits, f"of {number} worlds of {traffic.posts:,} posts", FALSE))
        print(lines[-1], file=sys.stderr)
        beside = np.array(spread(partial(called_by_peers, traffic=traffic), OF_PEERS))
        shares_of = ", ".join(f"{one} {100 * hit:.0f} %" for one, hit in zip(METHODS, beside.mean(axis=0), strict=True))
        fewest = beside[:, beside.sum(axis=0).argmin()].tolist()
        lines.append(_share(f"{what}: the best of the peers", fewest, f"{shares_of} of {OF_PEERS} worlds", None))
        print(lines[-1], file=sys.stderr)
    return lines


def _share(what: str, hits: list[bool], told: str, limit: float | None) -> Line:
    """A share in per cent, with the interval of Clopper and Pearson 1934 (doi:10.1093/biomet/26.4.404)."""
    from scipy.stats import binomtest

    held = binomtest(sum(hits), len(hits)).proportion_ci(0.95, "exact")
    return Line(
        what, 100 * sum(hits) / len(hits), limit, "%", f"95 %: {100 * held.low:.1f} to {100 * held.high:.1f}; {told}"
    )


# Worlds with planted groups


@dataclass(frozen=True)
class Score:
    """How a planted group was found: its size, its members in the found group that holds most, and that one's size."""

    size: int
    members: int
    found: int


@dataclass(frozen=True)
class Scores:
    """Of one world: each planted group, how many accounts were named, and how many of those were planted."""

    groups: tuple[Score, ...]
    named: int
    right: int


def scored(planted: list[frozenset[str]], groups: Groups) -> Scores:
    """How what was planted was found."""
    best = []
    for members in planted:
        most = max(groups, key=lambda group: len(group & members), default=frozenset())
        held = len(most & members)
        best.append(Score(len(members), held, len(most) if held else 0))
    named = frozenset().union(*groups)
    return Scores(tuple(best), len(named), len(named & frozenset().union(*planted)))


@dataclass(frozen=True)
class Scene:
    """Planted groups in traffic, and whether they are held to the limits."""

    name: str
    traffic: Traffic
    groups: tuple[Plan, ...]
    held: bool


def scenes() -> list[Scene]:
    """By strength, and at the stated strength in harder traffic and alone."""
    plain = Traffic(PLANTED)
    by_strength = [Scene(one, plain, plans(one), _order(one) >= _order(STATED)) for one in STRENGTHS]
    joining, actions = STRENGTHS[STATED]
    slow = tuple(Plan(size, joining, actions, spread=60.0, cut=240.0) for size in SIZES)
    return [
        *by_strength,
        Scene(f"{STATED}, alone", plain, plans(STATED, (10,)), True),
        Scene(f"{STATED}, alone in 3,000 posts of two months", Traffic(3_000, days=60), plans(STATED, (10,)), True),
        Scene(f"{STATED}, among 20 topics", Traffic(PLANTED, topics=20), plans(STATED), True),
        Scene(f"{STATED}, objects live ten minutes", Traffic(PLANTED, life=1 / 6), plans(STATED), False),
        Scene(f"{STATED}, within four minutes instead of one", plain, slow, False),
    ]


def _order(strength: str) -> int:
    return list(STRENGTHS).index(strength)


def finds(seed: int, scene: Scene, peers: bool) -> dict[str, Scores]:
    """What each method finds in a world of a scene."""
    made = world(scene.traffic, scene.groups, seed)
    table, planted = shares(made), made.members()
    of_peers = {method: scored(planted, theirs(table, method)) for method in METHODS} if peers else {}
    return {"ours": scored(planted, ours(table)), **of_peers}


def found() -> list[Line]:
    """Recall by size of group and precision, by strength; the peers beside them."""
    lines = []
    for scene in scenes():
        got = spread(partial(finds, scene=scene, peers=False), REPLICATIONS)
        lines += _held(scene, [one["ours"] for one in got])
        beside = spread(partial(finds, scene=scene, peers=True), OF_PEERS // 2)
        for method in METHODS:
            lines += _beside(scene.name, method, [one[method] for one in beside])
        print(lines[-len(METHODS) - 1], file=sys.stderr)
    return lines


def _held(scene: Scene, got: list[Scores]) -> list[Line]:
    """What is missed and what is wrong, in per cent of accounts: the limits are on 100 less recall and precision."""
    lines = []
    for plan in scene.groups:
        of = [group for one in got for group in one.groups if group.size == plan.size]
        recall = 100 * sum(group.members for group in of) / sum(group.size for group in of)
        pure = 100 * sum(group.members for group in of) / max(sum(group.found for group in of), 1)
        acts = f"{plan.actions} actions, {100 * plan.joining:.0f} % join: two act together"
        how = f"recall {recall:.1f} %; the groups that hold them are {pure:.1f} % members; {len(of)} groups; {acts}"
        how += f" {plan.joining**2 * plan.actions:.0f} times"
        what = f"planted groups of {plan.size}, {scene.name}: members that are missed"
        lines.append(Line(what, 100 - recall, 100 - RECALL if scene.held else None, "%", how))
    named, right = sum(one.named for one in got), sum(one.right for one in got)
    wrong = 100 * (1 - right / named) if named else 0.0
    limit = 100 - PRECISION if scene.held else None
    what = f"planted groups, {scene.name}: accounts that are named and act with nobody"
    return [*lines, Line(what, wrong, limit, "%", f"precision {100 - wrong:.1f} %; {named:,} named")]


def _beside(strength: str, method: str, got: list[Scores]) -> list[Line]:
    named, right = sum(one.named for one in got), sum(one.right for one in got)
    all_of = [group for one in got for group in one.groups]
    recall = 100 * right / sum(group.size for group in all_of)
    told = f"recall {recall:.1f} %, {named:,} accounts named in {len(got)} worlds"
    what = f"planted groups, {strength}: named and act with nobody: {method}"
    return [Line(what, 100 * (1 - right / named) if named else 0.0, None, "%", told)]


def limits() -> list[Line]:
    """Where the search cannot tell: accounts that repeat one source within seconds, or few minutes, act together."""
    told = "they do act together: whether that is a campaign, what they push has to tell"
    what = "a limit: worlds that give a group where"
    mirrors = spread(partial(called, traffic=Traffic(20_000, mirrors=10)), OF_PEERS)
    desks = spread(partial(called, traffic=Traffic(20_000, beats=5, pace=0.05)), OF_PEERS)
    return [
        _share(f"{what} ten accounts mirror one feed by machine", mirrors, told, None),
        _share(f"{what} four desks are three minutes behind the news", desks, told, None),
    ]


def lines() -> list[Line]:
    """All figures of the search for campaigns."""
    return found() + organic() + limits() + influence_speed.lines()

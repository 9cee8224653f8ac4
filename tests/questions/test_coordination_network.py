"""The network of accounts: its rows, its files as networkx reads them, and the peers' networks by their thresholds."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import ibis
import networkx as nx
import pytest

from harmattan.errors import UsageError
from harmattan.export.network import to_gexf, to_graphml
from harmattan.influence import coortweet, toolkit
from harmattan.questions import posted
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import held_rows
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.thresholds import ROW
from harmattan.questions.world import World
from harmattan.text.speaker import Speaker
from tests.questions.posting import ACTIONS, CELL, RING, post, taken_in
from tests.questions.test_campaigns import assert_opens

Pair = tuple[str, str]
LINKS = RING * (RING - 1) // 2, CELL * (CELL - 1) // 2


@pytest.fixture(scope="module")
def world(planted: World) -> World:
    return planted


def of(world: World, **params: Any) -> Answer:
    return ask(world, "coordination-network", Params(**params))


def part(answer: Answer, name: str) -> list[Any]:
    return [row for row in answer.rows if row["part"] == name]


def weights(answer: Answer, column: str = "weight") -> dict[Pair, Any]:
    return {(row["id"], row["to_id"]): row[column] for row in part(answer, "edge")}


def test_the_groups_are_the_parts_of_the_network(world: World) -> None:
    answer = of(world)
    (graph,) = part(answer, "graph")
    assert (graph["nodes"], graph["pairs"], graph["components"], graph["largest"]) == (RING + CELL, sum(LINKS), 2, RING)
    assert [row["degree"] for row in part(answer, "node")] == [RING - 1] * RING + [CELL - 1] * CELL
    assert {row["occasions"] for row in part(answer, "edge")[:1]} <= {ACTIONS, 2 * ACTIONS}
    for row in part(answer, "edge"):
        assert row["expected"] < 1 < (row["ratio"] or 2)
        assert 0 <= row["p"] <= row["level"] <= 0.05
    assert_opens(world, answer)


def test_by_object_there_is_a_link_for_each_layer(world: World) -> None:
    answer = of(world, by=("object",))
    layers = [row["layers"] for row in part(answer, "edge")]
    assert {name: layers.count(name) for name in layers} == {"url": LINKS[0], "text": LINKS[1], "similar": LINKS[1]}
    # In so small a collection slices are long: actions that lie in one are one occasion of near-identical texts.
    assert {row["occasions"] for row in part(answer, "edge") if row["layers"] != "similar"} == {ACTIONS}
    (near,) = {row["occasions"] for row in part(answer, "edge") if row["layers"] == "similar"}
    assert 2 < near < ACTIONS
    assert {row["records"] for row in part(answer, "edge")} == {2 * ACTIONS}
    assert_opens(world, answer)


def test_one_campaign_alone_is_drawn(world: World) -> None:
    ring = part(of(world), "node")[0]["campaign"]
    answer = of(world, campaign=(ring,))
    assert {row["campaign"] for row in answer.rows} == {None, ring}
    assert len(part(answer, "edge")) == LINKS[0]


@pytest.mark.parametrize("layered", [False, True])
def test_networkx_reads_both_files(world: World, layered: bool) -> None:
    answer = of(world, by=("object",) if layered else ())
    speaker = Speaker("en")
    graphs = nx.read_graphml(io.BytesIO(to_graphml(answer, speaker))), nx.read_gexf(
        io.BytesIO(to_gexf(answer, speaker)), version="1.2draft"
    )  # fmt: skip
    for graph in graphs:
        assert not graph.is_directed()
        assert graph.number_of_nodes() == RING + CELL
        assert graph.number_of_edges() == len(part(answer, "edge"))
        assert sorted(map(len, nx.connected_components(graph))) == [CELL, RING]
        node, said = next(iter(graph.nodes(data=True)))
        assert said["campaign"].startswith("c-")
        assert node.startswith("acct-")
        assert {data["weight"] for *_, data in graph.edges(data=True)} == {
            float(row["occasions"]) for row in part(answer, "edge")
        }
    assert to_graphml(answer, speaker) == to_graphml(answer, speaker)


def test_coortweet_gives_its_own_edges(world: World) -> None:
    answer = of(world, semantics="coortweet", seconds=(60.0,), at_least=3, object=("url",))
    shares = posted.posted(world, Params(object=("url",))).shares.table
    edges = coortweet.network(ibis.memtable(coortweet.detect_groups(shares, 60, 3).to_pyarrow())).to_pyarrow()
    (graph,) = part(answer, "graph")
    assert graph["pairs"] == edges.num_rows
    own = {(row["account"], row["account_y"]): row["weight"] for row in edges.to_pylist()}
    listed = weights(answer)
    assert listed
    assert listed.items() <= own.items()
    graph = nx.Graph(list(own))
    large = [component for component in nx.connected_components(graph) if len(component) >= 5]
    assert {name for pair in listed for name in pair} == set().union(*large)
    assert len(large) < nx.number_connected_components(graph)
    assert_opens(world, answer)
    small = set(graph) - set().union(*large)
    wrote = posted.posted(world, Params()).posts.select("row_id", "account").to_pyarrow()
    of_small = {row["row_id"] for row in wrote.to_pylist() if row["account"] in small}
    assert of_small
    assert not of_small & set(held_rows(world, answer, None).table["row_id"].to_pylist())


@pytest.mark.parametrize("tool", ["coortweet", "toolkit"])
def test_crowds_that_no_machine_can_pair_are_refused_in_one_line(tmp_path: Path, tool: str) -> None:
    crowd = [post(n, f"u{n % 40}", 0, "https://news.example/all") for n in range(2_500)]
    with pytest.raises(UsageError, match="up to 6,250,000 pairs"):
        of(taken_in(tmp_path, crowd), semantics=tool, object=("url",))


def test_the_toolkit_gives_its_own_edges(world: World) -> None:
    answer = of(world, semantics="toolkit", object=("text",), seconds=(20.0,), at_least=4)
    posts = posted.posted(world, Params()).posts.select(*ROW).to_pyarrow()
    shares = ibis.memtable(toolkit.shares_of(posts, "co_tweet", blanks=False))
    edges = toolkit.network(shares, 20, 4).to_pyarrow().to_pylist()
    assert weights(answer) == {(row["account"], row["account_y"]): row["weight"] for row in edges}
    assert set(weights(answer, "kind").values()) == {"co_tweet"}
    assert nx.read_graphml(io.BytesIO(to_graphml(answer, Speaker("en")))).is_directed()
    assert_opens(world, answer)


@pytest.mark.parametrize(
    "params",
    [{"seconds": (1.0, 2.0)}, {"campaign": ("c-1",)}, {"by": ("object",)}, {"object": ("hashtag",)}],
)
def test_what_a_peer_does_not_know_is_refused(world: World, params: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        of(world, semantics="toolkit", **params)

"""The network of actors: relations of the day, fighting of the window, measures by hand, and both grounds open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from harmattan.cli.parser import GRAPH_FORMATS
from harmattan.export.network import to_gexf, to_graphml
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.text.speaker import Speaker
from tests.cli.running import Run, run
from tests.lake.factory import Row, day, event, put
from tests.questions.dossiers import VALLEY, take_in
from tests.questions.test_laws import split
from tests.questions.worlds import world_in

GOV: dict[str, Any] = {"actors_a": ["Government of A"], "actors_b": ["B"]}
EVENTS = [
    event("one", "2022-02-01", best=4, **GOV),
    event("two", "2022-03-01", best=6, **GOV),
    event("three", "2022-03-02", best=5, actors_a=["B"], actors_b=["C", "D"], dyad="B - C"),
    event("four", "2022-03-03", best=1, actors_a=["C"], actors_b=[], violence="one_sided", perpetrator="C"),
    event("old", "2020-03-03", best=9, **GOV),
]
"""B is the dossier's front; the others are as the publisher writes them."""
__all__ = ["run"]
COUNTS = ("events", "deaths_low", "deaths_best", "deaths_high")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("network")
    made = world_in(folder)
    take_in(made.lake, folder, "valley", VALLEY)
    put(made.lake, "1", EVENTS, start="2019-01-01", end="2022-12-31", dataset="made-up")
    return made


def of(world: World, **params: Any) -> Answer:
    return ask(world, "network", Params(**({"country": ("MLI",)} | params)))


def part(answer: Answer, name: str) -> list[Any]:
    return [row for row in answer.rows if row["part"] == name]


def nodes(answer: Answer) -> dict[str, Any]:
    return {row["id"]: row for row in part(answer, "node")}


def edges(answer: Answer) -> set[tuple[str, str, str]]:
    return {(row["id"], row["kind"], row["to_id"]) for row in part(answer, "edge")}


def assert_opens_to_both(world: World, answer: Answer) -> None:
    """Every row opens to exactly its events, whose sums it has, and to exactly its relations."""
    inquiry = Inquiry(world.lake)
    told: set[str] = set()
    for n, row in enumerate(answer.rows):
        parts = inquiry.rows(answer, n).parts
        events = [one for rows in parts if not rows.cited for one in rows.table.to_pylist()]
        records = {one["record"] for rows in parts if rows.cited for one in rows.table.to_pylist()}
        told |= records
        assert len(events) + len(records) == row["records"] == answer.evidence(n).rows, dict(row)
        assert sum(one["n_events"] for one in events) == (row["events"] or 0), dict(row)
        if row["part"] != "graph" and row["events"]:
            for name in COUNTS[1:]:
                assert sum(one[name] for one in events) == row[name], dict(row)
    whole = inquiry.rows(answer, None)
    assert whole.table.num_rows + len(told) == answer.records


def test_relations_of_the_day_and_fighting_of_the_window(world: World) -> None:
    found = of(world, as_of=day("2022-06-30"))
    fought = {("Government of A", "fights", "front"), ("C", "fights", "front"), ("D", "fights", "front")}
    assert edges(found) == fought | {("front", "member_of", "union"), ("gov", "rival_of", "front"),
                                     ("wing", "member_of", "gov")}  # fmt: skip
    before = of(world, as_of=day("2016-06-30"))
    assert edges(before) == {("wing", "part_of", "front"), ("gov", "rival_of", "front"), ("wing", "member_of", "gov")}
    assert edges(of(world, as_of=day("2022-06-30"), relation=("rival_of",))) == fought | {("gov", "rival_of", "front")}
    long = of(world, as_of=day("2022-06-30"), window=36)
    (row,) = [row for row in part(long, "edge") if row["id"] == "Government of A"]
    assert (row["events"], row["deaths_best"], row["since"], row["until"]) == (3, 19, "2020-03-03", "2022-03-01")


def test_the_measures_by_hand(world: World) -> None:
    """The front is linked to the union, the government, A, C and D; that the wing is the government's is disputed."""
    found = of(world, as_of=day("2022-06-30"))
    there = nodes(found)
    assert set(there) == {"front", "union", "gov", "Government of A", "C", "D"}
    front = there["front"]
    told = {name: front[name] for name in ("degree", "allies", "rivals", "bodies", "foes", "strength", "component")}
    assert told == {"degree": 5, "allies": 0, "rivals": 1, "bodies": 1, "foes": 3, "strength": 4, "component": 1}
    assert front["betweenness"] == 1, "every way between two others leads through it"
    assert front["betweenness_fights"] == round(3 / 10, 4), "three of the ten pairs of others"
    assert (front["events"], front["deaths_best"], front["share"], front["strength_deaths"]) == (3, 15, 75.0, 20)
    assert (there["C"]["events"], there["C"]["foes"], there["C"]["kind"]) == (2, 1, None)
    (graph,) = part(found, "graph")
    told = {name: graph[name] for name in ("nodes", "links", "components", "largest", "density", "events")}
    assert told == {"nodes": 6, "links": 5, "components": 1, "largest": 6, "density": round(5 / 15, 4), "events": 4}
    assert "linked to most others: Northern Front (5)" in str(found.headline)


def test_a_relation_that_held_only_possibly_is_listed_and_in_no_measure(world: World) -> None:
    found = of(world, as_of=day("2015-07-15"))
    (row,) = [row for row in part(found, "edge") if row["kind"] == "part_of"]
    assert row["holds"] == "possibly"
    assert nodes(found)["front"]["degree"] == 1, "the government's rival; the wing's part in it is not sure"
    assert any("held only possibly" in str(caveat) for caveat in found.caveats)


@pytest.mark.parametrize("params", [{"as_of": "2022-06-30"}, {"as_of": "2016-06-30"}, {"window": 48}, {"kind": True}])
def test_every_row_opens_to_both_of_its_grounds_and_again_from_its_id(
    world: World, tmp_path: Path, params: dict[str, Any]
) -> None:
    said = {name: day(value) if name == "as_of" else value for name, value in params.items()}
    found = of(world, **(said if "kind" not in said else {"kind": ("state_based",)}))
    assert_opens_to_both(world, found)
    assert keep(tmp_path, found)
    again = answer_of(world, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    json.dumps(found.as_json(Speaker("fr")))


def test_splitting_a_record_changes_only_the_number_of_records(tmp_path: Path) -> None:
    answers = []
    whole: list[Row] = [dict(row) | {"n_events": 2} for row in EVENTS]
    for n, made in enumerate((whole, [half for row in whole for half in split(row)])):
        world = world_in(tmp_path / str(n))
        take_in(world.lake, tmp_path / str(n), "valley", VALLEY)
        put(world.lake, "1", made, start="2019-01-01", end="2022-12-31")
        found = of(world, as_of=day("2022-06-30"))
        answers.append([{name: value for name, value in row.items() if name != "records"} for row in found.rows])
    assert answers[0] == answers[1]


def test_where_no_event_is_covered_the_relations_stand_alone(world: World) -> None:
    found = of(world, as_of=day("2013-06-30"))
    assert {row["kind"] for row in part(found, "edge")} == {"rival_of", "member_of"}
    assert part(found, "graph")[0]["events"] is None
    assert any("Not covered" in str(caveat) for caveat in found.caveats)
    assert_opens_to_both(world, found)


def test_the_graph_is_read_back_with_its_weights_dates_and_evidence(world: World, tmp_path: Path) -> None:
    found = of(world, as_of=day("2022-06-30"))
    for name, write, read in (("graphml", to_graphml, nx.read_graphml), ("gexf", to_gexf, nx.read_gexf)):
        path = tmp_path / f"net.{name}"
        path.write_bytes(write(found, Speaker("en")))
        assert path.read_bytes() == write(found, Speaker("en"))
        graph = read(path)
        by_id = {said["id"]: node for node, said in graph.nodes(data=True)}
        assert set(by_id) == {*nodes(found), "wing"}, "the end of a disputed relation as well"
        assert all(isinstance(node, str) and " " not in node for node in graph)
        front = graph.nodes[by_id["front"]]
        assert (front["label"], front["degree"], front["betweenness"]) == (
            "NF",
            5,
            nodes(found)["front"]["betweenness"],
        )
        told = {(u, v): said for u, v, said in graph.edges(data=True)}
        fight = told[by_id["Government of A"], by_id["front"]]
        assert (fight["kind"], fight["weight"], fight["deaths_best"], fight["symmetric"]) == ("fights", 2.0, 10, True)
        tie = told[by_id["front"], by_id["union"]]
        assert (tie["kind"], tie["since"], tie["symmetric"]) == ("member_of", "2017-03-02", False)
        assert tie["sources"]
        assert tie["evidence"].startswith(found.id)


def test_an_end_that_is_in_no_measure_is_a_node_all_the_same(world: World) -> None:
    found = of(world, as_of=day("2015-07-15"), relation=("part_of",))
    graph = nx.parse_graphml(to_graphml(found, Speaker("en")).decode())
    assert {"wing", "front"} <= set(graph)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_the_command_line_writes_a_graph(run: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"network.{name}"
    ran = run("ask", "network", "--country", "MLI", "--as-of", "2022-10-31", "--format", name, "--out", str(out))
    assert ran.code == 0, ran.err
    graph = (nx.read_graphml if name == "graphml" else nx.read_gexf)(out)
    assert {"jnim", "is-sahel"} <= set(graph)


def test_only_a_graph_is_written_as_one(run: Run) -> None:
    ran = run("ask", "casualties", "--country", "MLI", "--format", "gexf")
    assert ran.code == 2
    assert "gexf" in ran.err
    graphs = [name for name, question in QUESTIONS.items() if question.is_graph]
    assert graphs == ["network", "coordination-network"]


def test_with_an_empty_home_the_embedded_figures_and_the_dossier_answer(embedded: World) -> None:
    found = of(embedded, as_of=day("2022-10-31"))
    there = nodes(found)
    assert there["jnim"]["foes"] > 0
    assert there["jnim"]["events"] > 0
    assert ("is-sahel", "fights", "jnim") in edges(found)
    assert_opens_to_both(embedded, found)


@pytest.mark.data
def test_the_war_between_the_two_jihadist_groups_in_mali(ingested: World) -> None:
    """JNIM and IS are sides against each other of 14 events in Mali in 2023, of 22 in 2020 (GED 24.1)."""
    for year, events in ((2020, 22), (2023, 14)):
        found = of(ingested, as_of=day(f"{year}-12-31"))
        met = [row["events"] for row in part(found, "edge") if {row["id"], row["to_id"]} == {"jnim", "is-sahel"}
               and row["kind"] == "fights"]  # fmt: skip
        assert met == [events]


def test_where_neither_events_nor_relations_speak_nothing_is_called_zero(embedded: World) -> None:
    answer = ask(embedded, "network", Params(country=("NZL",), as_of=day("2022-10-31")))
    assert str(answer.headline).startswith("Not covered: no release here speaks in that detail about New Zealand")
    assert answer.rows[0]["events"] is None

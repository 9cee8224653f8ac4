"""`--level`: parties counted under the dossier's actors, the bodies above them and their networks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.dossier.lineage import counted_under
from harmattan.errors import UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import LEVELS, Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.cell import bounds
from tests.lake.factory import event, put
from tests.questions.worlds import assert_opens

START, END = dt.date(2015, 1, 1), dt.date(2023, 12, 31)
COUNTS = ("events", "deaths_best", "deaths_civilians")
PLACED = ("exact", "near", "admin2", "area", "admin1")
RAISED = LEVELS[1:]
FOUNDED = dt.date(2017, 3, 2)


_ANSWERS: dict[Any, Answer] = {}
_OPENED: dict[Any, Any] = {}


def of(world: World, question: str = "actors", country: str = "MLI", **params: Any) -> Answer:
    """The answer, asked once for all tests of this file."""
    meant = Params(**({"country": (country,), "start": START, "end": END} | params))
    key = (world.lake.home, question, meant)
    if key not in _ANSWERS:
        _ANSWERS[key] = ask(world, question, meant)
    return _ANSWERS[key]


def by(answer: Answer, key: str = "actor_id") -> dict[str, tuple[int, ...]]:
    return {row[key]: tuple(row[name] for name in COUNTS) for row in answer.rows}


def evidence(world: World, answer: Answer, which: int | None = None) -> list[dict[str, Any]]:
    """The events behind an answer or a row of it, with who the sides were; opened once for all tests of this file."""
    key = (world.lake.home, answer.id)
    if key not in _OPENED:
        _OPENED[key] = opened(world, answer, ids=True)
    rows: list[dict[str, Any]] = rows_of(_OPENED[key], answer, which).table.to_pylist()
    return rows


def sides(record: dict[str, Any]) -> set[str]:
    return {id_ for side in (record["side_a"], record["side_b"]) if side for id_ in side.split("+")}


@pytest.mark.parametrize(("country", "expected"), [("MLI", {"is-sahel"}), ("NER", {"is-sahel", "iswap"})])
def test_islamic_state_is_told_apart_by_where_it_fights(embedded: World, country: str, expected: set[str]) -> None:
    found = of(embedded, "casualties", country, actor=("IS",), by=("year",))
    seen = [record for record in evidence(embedded, found) if record["where_precision"] in PLACED]
    assert {"is-sahel", "iswap"} & set().union(*map(sides, seen)) == expected
    for record in seen:
        west, *_ = bounds(record["cell"])
        whose = "iswap" if country == "NER" and west >= 9 else "is-sahel"
        assert {"is-sahel", "iswap"} & sides(record) == {whose}, record


@pytest.mark.data
def test_islamic_state_by_region_of_niger(ingested: World) -> None:
    found = of(ingested, "casualties", "NER", actor=("IS",), by=("year",))
    regions: dict[str, Counter[str]] = {}
    for record in evidence(ingested, found):
        region = str(record["admin1_as_written"]).split()[0]
        regions.setdefault(region, Counter()).update(sides(record) & {"is-sahel", "iswap", "islamic-state"})
    assert set(regions["Diffa"]) == {"iswap"}
    assert set(regions["Tillabéri"] | regions["Tahoua"]) == {"is-sahel"}


def test_a_renamed_party_has_the_numbers_of_its_name(either: World) -> None:
    names, ids = by(of(either), "actor"), by(of(either, level="actor"))
    assert ids["is-sahel"] == names["IS"]
    assert ids["jnim"] == names["JNIM"]
    assert ids["gov-mali"] == names["Government of Mali"]
    assert "iswap" not in ids
    niger = by(of(either, country="NER"), "actor"), by(of(either, country="NER", level="actor"))
    parts = [niger[1][id_] for id_ in ("is-sahel", "iswap", "islamic-state") if id_ in niger[1]]
    assert tuple(map(sum, zip(*parts, strict=True))) == niger[0]["IS"]


@pytest.mark.parametrize("level", RAISED)
def test_a_level_is_the_recount_of_the_very_events(either: World, level: Any) -> None:
    """Counted again in Python: each event once for each body that its parties stood under on its day."""
    book = either.told(Params()).book
    expected: dict[str, list[int]] = {}
    for record in evidence(either, of(either, "casualties", "NER", by=("year",))):
        month = record["date_precision"] == "month"
        day = record["date_end"] if month else record["date_start"]
        for under in {counted_under(book, id_, level, day) for id_ in sides(record)}:
            sums = expected.setdefault(under, [0, 0, 0])
            sums[:] = [total + record[name] for total, name in zip(sums, ("n_events", *COUNTS[1:]), strict=True)]
    assert by(of(either, country="NER", level=level)) == {id_: tuple(sums) for id_, sums in expected.items()}


@pytest.mark.parametrize("level", ["actor", "family"])
def test_the_sums_of_a_level_are_those_of_the_names(embedded: World, level: str) -> None:
    """Where no event has two parties on a side, nothing is lost and nothing is counted twice."""
    span = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 2, 28)}
    names, raised = of(embedded, **span), of(embedded, level=level, **span)
    assert not any("," in record["side_a_as_written"] for record in evidence(embedded, names))
    for column in COUNTS:
        assert sum(row[column] for row in names.rows) == sum(row[column] for row in raised.rows)
    harm = [of(embedded, "civilian-harm", level=one, **span).rows for one in ("name", level)]
    for column in COUNTS:
        assert sum(row[column] for row in harm[0]) == sum(row[column] for row in harm[1])


@pytest.fixture(scope="module")
def founders(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Events of UCDP's kind before and after the day on which four groups founded one."""
    lake = Lake(tmp_path_factory.mktemp("founders"), data.RELEASES)
    rows = [
        event(f"{name}-{words}", words, best=best, actors_b=[name], dyad=f"Government of Mali - {name}",
              actors_a=["Government of Mali"], side_a_as_written="Government of Mali", side_b_as_written=name)
        for name in ("FLM", "Ansar Dine", "AQIM", "JNIM")
        for words, best in (("2016-06-01", 1), ("2017-03-01", 2), ("2017-03-02", 4), ("2018-06-01", 8))
        if name != "JNIM" or words >= "2017-03-02"
    ]  # fmt: skip
    put(lake, "made", rows, dataset="ucdp-ged", start="2016-01-01", end="2018-12-31")
    return World(lake)


def founded(world: World, level: str) -> dict[str, tuple[int, int]]:
    found = of(world, level=level, start=None, end=None, release=("ucdp-ged@made",))
    return {row["actor_id"]: (row["events"], row["deaths_best"]) for row in found.rows if row["actor_id"] != "gov-mali"}


def test_the_parts_of_jnim_are_themselves_before_it_and_jnim_after(founders: World) -> None:
    assert founded(founders, "actor") == {
        "katiba-macina": (4, 15),
        "ansar-dine": (4, 15),
        "aqim": (4, 15),
        "jnim": (2, 12),
    }
    raised = founded(founders, "parent")
    assert raised["jnim"] == (6, 36), "with Katiba Macina and Ansar Dine since its founding day"
    assert raised["aqim"] == (4, 15), "which JNIM is affiliated to, is no part of it"
    before = {id_: numbers for id_, numbers in raised.items() if id_ in ("katiba-macina", "ansar-dine")}
    assert tuple(map(sum, zip(*before.values(), strict=True))) == (4, 6)


def test_a_family_is_a_network_with_all_below_it(founders: World) -> None:
    family = founded(founders, "family")
    assert family["al-qaida"] == (10, 51)
    assert not {"jnim", "aqim"} & set(family)


def test_the_families_of_the_field(embedded: World) -> None:
    mali, niger = (of(embedded, country=code, level="family", start=FOUNDED) for code in ("MLI", "NER"))
    assert not {"jnim", "aqim", "is-sahel", "iswap", "katiba-macina"} & {*by(mali), *by(niger)}
    for answer, network, members in (
        (mali, "al-qaida", {"jnim"}),
        (mali, "islamic-state", {"is-sahel"}),
        (niger, "islamic-state", {"is-sahel", "iswap"}),
    ):
        which = next(n for n, row in enumerate(answer.rows) if row["actor_id"] == network)
        for record in evidence(embedded, answer, which):
            assert sides(record) & (members | {network, "aqim", "ansar-dine", "katiba-macina"}), record
        assert members <= set().union(*map(sides, evidence(embedded, answer, which)))


def test_katiba_macina_before_jnim_is_never_jnim(embedded: World) -> None:
    early = {"end": dt.date(2017, 2, 28)}
    assert by(of(embedded, level="actor", **early))["katiba-macina"][0] > 10
    assert "jnim" not in by(of(embedded, level="parent", **early))


@pytest.mark.parametrize(
    ("question", "level"), [("actors", "actor"), ("actors", "family"), ("civilian-harm", "parent")]
)
def test_every_row_of_a_level_opens_to_its_events(embedded: World, question: str, level: str) -> None:
    found = of(embedded, question, "NER", level=level)
    assert found.rows
    assert_opens(embedded, found)
    assert any(ref.name.startswith("dossier-sahel@") for ref in found.releases)


@pytest.mark.parametrize("level", ["name", "family"])
def test_evidence_says_who_the_sides_were_at_every_level(embedded: World, level: str) -> None:
    found = of(embedded, level=level, start=dt.date(2022, 1, 1))
    whole = evidence(embedded, found)
    assert {record["side_a"] for record in whole} >= {"gov-mali", "jnim", "is-sahel"}
    for record in whole:
        assert record["side_a"], record
        assert (record["side_b"] is None) == (record["side_b_as_written"] == "Civilians"), record
    for which, row in enumerate(found.rows[:3]):
        own = evidence(embedded, found, which)
        assert sum(record["n_events"] for record in own) == row["events"]
        assert all(record in whole for record in own)


@pytest.mark.parametrize("question", ["actors", "civilian-harm"])
def test_the_level_of_names_is_what_it_was(embedded: World, question: str) -> None:
    plain, said = of(embedded, question), of(embedded, question, level="name")
    assert (plain.id, plain.rows) == (said.id, said.rows)
    assert [ref.name for ref in plain.releases if ref.name.startswith("dossier-")] == []
    id_ = "actor_id" if question == "actors" else "perpetrator_id"
    assert {row[id_] for row in plain.rows} == {None}
    assert not any("is counted under" in str(caveat) for caveat in plain.caveats)


def test_an_answer_at_a_level_is_found_again(embedded: World, tmp_path: Path) -> None:
    found = of(embedded, "civilian-harm", level="family", start=dt.date(2022, 1, 1))
    assert keep(tmp_path, found)
    again = answer_of(embedded, find(tmp_path, found.id))
    assert (again.rows, again.row_criteria) == (found.rows, found.row_criteria)
    assert_opens(embedded, again)


@pytest.mark.parametrize("name", ["GSIM", "jnim", "JNIM", "Groupe de soutien à l'islam et aux musulmans"])
def test_at_a_level_an_actor_goes_by_any_of_its_names(embedded: World, name: str) -> None:
    found = of(embedded, level="actor", actor=(name,), start=dt.date(2022, 1, 1))
    assert [row["actor_id"] for row in found.rows] == ["jnim"]
    assert_opens(embedded, found)


def test_at_a_level_a_name_that_is_not_sure_is_refused(embedded: World) -> None:
    with pytest.raises(UsageError, match=r"knows no actor called Barkhan for certain\. Did you mean Barkhane"):
        of(embedded, level="actor", actor=("Barkhan",))


def test_a_name_that_nobody_has_stays_as_it_is_written(tmp_path: Path) -> None:
    lake = Lake(tmp_path, data.RELEASES)
    put(lake, "made", [event("a", "2022-05-03", actors_a=["XXX432"], actors_b=["Nobody at all", "JNIM"], best=3)],
        dataset="ucdp-ged")  # fmt: skip
    world = World(lake)
    found = of(world, level="actor", start=None, end=None, release=("ucdp-ged@made",))
    assert {row["actor_id"] or row["actor"]: row["events"] for row in found.rows} == {
        "Nobody at all": 1,
        "XXX432": 1,
        "jnim": 1,
    }
    assert_opens(world, found)
    (record,) = evidence(world, found)
    assert (record["side_a"], record["side_b"]) == (None, None), "a side of which a part is nobody is nobody's"

"""Claims of events whose answer is known, held to the embedded figures and to the ingested events alike."""

from __future__ import annotations

from typing import Any

import pytest

from harmattan.checks.asker import Asker
from harmattan.checks.verdict import PartResult
from tests.checks.askers import judged

YEAR = {"start": "2021-11", "end": "2022-10"}
Claimed = tuple[str, dict[str, Any], str]

KNOWN: tuple[Claimed, ...] = (
    ("value", {**YEAR, "value": 3433}, "supported"),
    ("value", {**YEAR, "value": 3000, "qualifier": "more_than"}, "supported"),
    ("value", {**YEAR, "value": 6866}, "contradicted"),
    ("value", {**YEAR, "value": 1716}, "contradicted"),
    ("value", {**YEAR, "value": 4300}, "different_figure"),
    ("value", {"start": "2022", "value": 313, "take": "max"}, "supported"),
    ("value", {"start": "2022", "value": 626, "take": "max"}, "contradicted"),
    ("value", {"start": "2022", "place": "Mopti", "value": 1150, "qualifier": "about"}, "supported"),
    ("rank", {"end": "2022-10-31", "since": "2012"}, "supported"),
    ("rank", {"end": "2022-10-31", "since": "2012", "measure": "events"}, "supported"),
    ("rank", {"end": "2015-12-31", "since": "2012"}, "contradicted"),
    ("rank", {"end": "2021-10-31", "since": "2012", "top": 3}, "different_figure"),
    ("rank", {"end": "2022-10-31", "since": "2014", "actor": "JNIM"}, "supported"),
    ("first", {"country": "BFA", "actor": "JNIM", "date": "2017"}, "supported"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "2017-07"}, "supported"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "2018", "how": "by"}, "supported"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "2016", "how": "by"}, "no_record"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "2018-05"}, "different_figure"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "2020", "how": "after"}, "contradicted"),
    ("first", {"country": "NER", "actor": "JNIM", "date": "1985"}, "not_checkable"),
    ("exists", {"actor": ["JNIM", "ISGS"]}, "supported"),
    ("exists", {"country": "BFA", "actor": ["JNIM", "IS"]}, "supported"),
    ("exists", {"country": "NER", "actor": ["JNIM", "ISGS"]}, "no_record"),
    ("exists", {"country": "NER", "actor": ["JNIM", "ISGS"], "expect": "none"}, "supported"),
    ("exists", {"actor": ["JNIM", "ISGS"], "expect": "none"}, "contradicted"),
    ("exists", {"start": "2022-03", "by": "Wagner"}, "not_checkable"),
    ("exists", {"start": "2022-03", "actor": "Katiba Macina"}, "not_checkable"),
    ("exists", {"start": "2022-03", "place": "Nowhere"}, "not_checkable"),
    ("exists", {"start": "2022-03", "place": "Nameless"}, "not_checkable"),
    ("exists", {"country": "NGA", "actor": "JNIM", "start": "2022"}, "not_checkable"),
    ("exists", {"start": "2022-11"}, "not_checkable"),
    ("count", {**YEAR, "place": "Gao; Tombouctou; Kidal", "actor": "JNIM", "value": 0.9, "per": "day"},
     "not_checkable"),
    ("count", {"start": "2022", "value": 345}, "supported"),
    ("count", {"start": "2022", "value": 100, "qualifier": "up_to"}, "contradicted"),
    ("count", {"start": "2022", "value": 1000}, "not_checkable"),
    ("compare", {"start": "2022", "is_": "more", "than": {"from": "2021"}}, "supported"),
    ("compare", {"start": "2022", "is_": "more", "factor": 2.5, "than": {"from": "2021"}}, "supported"),
    ("compare", {"start": "2022", "is_": "more", "factor": 4, "than": {"from": "2021"}}, "different_figure"),
    ("compare", {"start": "2022", "is_": "less", "than": {"from": "2021"}}, "contradicted"),
    ("compare", {"start": "2021", "is_": "more", "than": {"from": "2020"}}, "not_checkable"),
    ("share", {"country": ["MLI", "BFA", "NER"], **YEAR, "value": 52, "of": {"country": ["MLI"]}}, "supported"),
    ("share", {**YEAR, "measure": "civilians", "value": 51, "of": {"by": ["ISGS"]}}, "supported"),
    ("share", {**YEAR, "measure": "civilians", "value": 5, "of": {"by": ["ISGS"]}}, "contradicted"),
)  # fmt: skip


@pytest.mark.parametrize(("check", "said", "verdict"), KNOWN, ids=lambda value: str(value)[:60])
def test_known(either: Asker, check: str, said: dict[str, Any], verdict: str) -> None:
    found = judged(either, check, **said)
    assert found.verdict == verdict, str(found.sentence)
    assert str(found.sentence).endswith(".")
    assert str(found.coverage)


def moura(asker: Asker, value: float, **said: Any) -> PartResult:
    asked = {"start": "2022-03", "place": "Moura", "by": "FAMa", "measure": "civilians"}
    return judged(asker, "value", value=value, **(asked | said))


@pytest.mark.parametrize("narrower", [{}, {"place": None}, {"start": "2022-03-27", "end": "2022-03-31"}], ids=str)
def test_moura_is_supported_with_the_figure_of_one_record(either: Asker, narrower: dict[str, Any]) -> None:
    found = moura(either, 300, **narrower)
    assert found.verdict == "different_figure"
    told = found.reckonings[0]
    assert told.answer is not None
    assert told.row is not None
    row = told.answer.rows[told.row]
    assert (row["deaths_best"], row["deaths_civilians"], row["records"]) == (313, 243, 1)
    assert (told.low, told.high, told.agrees) == (243, 313, True)
    assert "313 dead, 243 of them civilians" in str(found.sentence)


def test_moura_tenfold_is_contradicted_and_a_year_earlier_has_no_record(either: Asker) -> None:
    assert moura(either, 3000).verdict == "contradicted"
    assert moura(either, 300, start="2021-03").verdict == "no_record"


def test_less_than_a_record_of_more_days_cannot_be_told(either: Asker) -> None:
    found = moura(either, 20, start="2022-03-29", end="2022-03-29")
    assert found.verdict == "not_checkable"
    assert "reach beyond the period" in str(found.sentence)


def test_an_actor_that_is_never_a_party_is_told_of(embedded: Asker) -> None:
    found = judged(embedded, "exists", start="2022-03", by="Wagner")
    assert str(found.sentence).startswith("Wagner is never a party in the releases in use")


def test_the_lethal_rate_is_told_where_it_does_not_support(embedded: Asker) -> None:
    found = judged(embedded, "count", **YEAR, place="Gao; Tombouctou; Kidal", actor="JNIM", value=0.9, per="day")
    assert "events a day with at least one death" in str(found.sentence)
    best = found.reckonings[0].best
    assert best is not None
    assert 0 < best < 0.3


def test_coverage_names_the_release_and_its_end(embedded: Asker) -> None:
    found = judged(embedded, "value", **YEAR, value=3433)
    assert str(found.coverage) == (
        "Counted by ucdp-ged-cells@24.1, which speaks until 31 December 2023. It holds sums by month, not single "
        "events. Events without a death are not in it."
    )
    assert [ref.name for ref in found.releases] == ["ucdp-ged-cells@24.1"]


def test_every_way_of_counting_opens_to_its_records(either: Asker) -> None:
    found = moura(either, 300)
    for one in found.reckonings:
        assert one.answer is not None
        assert one.row is not None
        assert one.evidence == one.answer.row_id(one.row)
        rows, row = either.inquiry.rows(one.answer, one.row).table, one.answer.rows[one.row]
        assert rows.num_rows == row["records"]
        assert sum(rows["deaths_best"].to_pylist()) == row["deaths_best"]


@pytest.mark.parametrize("country", ["MLI", "BFA", "NER"])
@pytest.mark.parametrize("said", [
    {"start": "2022-03"}, {"start": "2021"}, {"start": "2022-03", "by": "JNIM"}, {"start": "2022", "actor": "ISGS"},
    {"start": "2022-06-15", "by": "FAMa"},
], ids=str)  # fmt: skip
def test_what_is_true_by_any_way_is_never_contradicted(either: Asker, country: str, said: dict[str, Any]) -> None:
    for measure in ("deaths", "civilians"):
        first = judged(either, "value", country, value=1, measure=measure, **said)
        for one in first.reckonings:
            for value in {one.low, one.best, one.high} - {None}:
                found = judged(either, "value", country, value=value, measure=measure, **said)
                assert found.verdict != "contradicted", (one.key, value, str(found.sentence))
        events = judged(either, "count", country, value=1, **said)
        for one in events.reckonings:
            found = judged(either, "count", country, value=one.best, **said)
            assert found.verdict != "contradicted", (one.key, one.best, str(found.sentence))

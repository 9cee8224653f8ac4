"""Claims of the dossier: what an article of 2022 says, with known answers, and the rules on a small invented one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from harmattan import data
from harmattan.checks.asker import Asker
from harmattan.checks.check import CHECKS
from harmattan.checks.verdict import PartResult
from harmattan.errors import UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.claim import About, Part
from tests.questions.dossiers import take_in

ARTICLE = About(
    title="Mali’s Deepening Extremist Crisis: Stability In The Sahel Falters As Russian Influence Increases",
    publisher="Counter Extremism Project",
)
THREE = ["MLI", "BFA", "NER"]
PART: TypeAdapter[Part] = TypeAdapter(Part)
Say = Callable[..., PartResult]

WING = """\
actors:
  - {id: gov, kind: government, label: {en: Government of the Valley, fr: Gouvernement de la Vallée}, countries: [MLI],
     cite: [{source: early}]}
  - {id: front, kind: armed_group, label: {en: Northern Front, fr: Front du Nord}, cite: [{source: early}]}
  - {id: wing, kind: armed_group, label: {en: Southern Wing, fr: Aile du Sud}, cite: [{source: late}]}
  - {id: union, kind: coalition, label: {en: The Union, fr: L'Union}, cite: [{source: late}]}
  - {id: force, kind: foreign_force, label: {en: Stability Force, fr: Force de stabilité}, cite: [{source: book}]}
relations:
  - {subject: wing, relation: part_of, object: front, from: 2015, cite: [{source: late}]}
  - {subject: front, relation: member_of, object: union, from: 2016-03-02, cite: [{source: late}]}
  - {subject: front, relation: rival_of, object: gov, from: 2012, to: 2017-06-30, cite: [{source: early}]}
  - {subject: union, relation: supports, object: gov, status: disputed, cite: [{source: book}]}
  - {subject: union, relation: cooperates_with, object: force, status: reported, cite: [{source: book}]}
presence:
  - {force: force, country: MLI, kind: mission, from: 2013-07-01, to: 2016-12-31, end: withdrawn,
     cite: [{source: book}]}
  - {force: force, country: MLI, place: Kidal, from: 2013-12, to: 2016-10-31, end: handed_over, successor: gov,
     cite: [{source: book}]}
  - {force: force, country: NER, kind: mission, from: 2017, status: disputed, cite: [{source: book}]}
milestones:
  - {id: leaving, kind: exit, date: 2015-06-12, countries: [MLI], actors: [gov, union],
     title: {en: The Valley leaves, fr: La Vallée part}, cite: [{source: late}]}
  - {id: raid, kind: attack, date: 2014-03-02, countries: [MLI], by: [front],
     title: {en: A raid, fr: Un raid}, cite: [{source: late}]}
  - {id: rumour, kind: coup, date: 2018-05, countries: [MLI], status: disputed,
     title: {en: A coup that was denied, fr: Un putsch démenti}, cite: [{source: late}]}
  - {id: own, kind: agreement, date: 2018-05, countries: [MLI],
     title: {en: Told by one press, fr: Raconté par une presse}, cite: [{source: book}]}
figures:
  - {indicator: idps, countries: [MLI], as_of: 2016-06-30, value: 40000, cite: [{source: late}, {source: early}]}
  - {indicator: idps, countries: [NER], as_of: 2016-06-30, value: 20000, cite: [{source: late}]}
  - {indicator: refugees, countries: [MLI], as_of: 2016-06-30, value: 5000, cite: [{source: late}]}
  - {indicator: refugees, countries: [MLI], as_of: 2018-06-30, value: 9000, status: disputed, cite: [{source: late}]}
"""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    inquiry = Inquiry(Lake(tmp_path_factory.mktemp("dossier-checks"), data.RELEASES))
    return Asker(inquiry, Params(as_of=dt.date(2022, 10, 31)), lambda _name, _countries: (), ARTICLE)


@pytest.fixture(scope="module")
def say(asker: Asker) -> Say:
    return lambda **part: judge(asker, part)


@pytest.fixture(scope="module")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """The checks on a small dossier, of a claims file that is not among its sources."""
    folder = tmp_path_factory.mktemp("small")
    lake = Lake(folder / "home", folder / "none")
    take_in(lake, folder, "wing", WING)
    asker = Asker(Inquiry(lake), Params(as_of=dt.date(2020, 12, 31)), lambda _name, _countries: ())
    return lambda about=None, **part: judge(Asker(asker.inquiry, asker.common, asker.places, about), part)


def judge(asker: Asker, said: dict[str, Any]) -> PartResult:
    words = {"start": "from", "end": "to"}
    part = PART.validate_python({words.get(name, name): value for name, value in said.items()})
    return CHECKS[part.check](asker, part)


KNOWN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("supported", "2 of the kind", {"check": "milestone", "country": "MLI", "type": "coup", "start": "2020",
                                    "count": 2}),
    ("contradicted", "24 May 2021", {"check": "milestone", "country": "MLI", "type": "coup", "start": "2020",
                                     "count": 1}),
    ("different_figure", "proves nothing", {"check": "milestone", "country": "MLI", "type": "coup", "start": "2020",
                                          "count": 4}),
    ("supported", "15 May 2022", {"check": "milestone", "country": "MLI", "type": "exit", "actor": "Mali",
                                  "date": "2022-05-15"}),
    ("contradicted", "15 May 2022", {"check": "milestone", "country": "MLI", "type": "exit", "actor": "Mali",
                                     "date": "2021-05-15"}),
    ("supported", "17 February 2022", {"check": "milestone", "country": "MLI", "type": "withdrawal_announced",
                                       "actor": "Takuba", "date": "2022-02-17"}),
    ("supported", "15 August 2022", {"check": "milestone", "country": "MLI", "type": "withdrawal", "actor": "Barkhane",
                                     "date": "2022-08-15"}),
    ("no_record", "proves nothing", {"check": "milestone", "country": "MLI", "type": "withdrawal", "actor": "Barkhane",
                                   "date": "2021-08-15"}),
    ("supported", "resolution 2100", {"check": "milestone", "country": "MLI", "type": "mandate", "actor": "MINUSMA",
                                      "date": "2013"}),
    ("supported", "since 1 July 2013", {"check": "presence", "country": "MLI", "force": "MINUSMA", "since": "2013"}),
    ("different_figure", "since 1 July 2013", {"check": "presence", "country": "MLI", "force": "MINUSMA",
                                               "since": "2015"}),
    ("supported", "20 July 2022", {"check": "milestone", "country": "MLI", "type": "expulsion", "actor": "MINUSMA",
                                   "date": "2022-07"}),
    ("supported", "through a part", {"check": "relation", "subject": "AQIM", "relation": "member_of",
                                     "object": "JNIM"}),
    ("supported", "2 March 2017", {"check": "relation", "subject": "Katiba Macina", "relation": "part_of",
                                   "object": "GSIM"}),
    ("no_record", "proves nothing", {"check": "relation", "subject": "JNIM", "relation": "member_of",
                                   "object": "Katiba Macina"}),
    ("supported", "reported by", {"check": "relation", "subject": "ISGS", "relation": "cooperates_with",
                                  "object": "ISWAP"}),
    ("supported", "reported by", {"check": "relation", "subject": "ISWAP", "relation": "cooperates_with",
                                  "object": "ISGS"}),
    ("contradicted", "had ended by then", {"check": "relation", "subject": "Mali", "relation": "member_of",
                                           "object": "G5 Sahel"}),
    ("supported", "since 15 July 2017", {"check": "relation", "subject": "JNIM", "relation": "operates_in",
                                         "country": ["BFA", "NER"]}),
    ("supported", "15 August 2022", {"check": "presence", "country": "MLI", "force": "Barkhane", "state": "gone",
                                     "until": "2022-08-15"}),
    ("contradicted", "ended later", {"check": "presence", "country": "MLI", "force": "Barkhane", "state": "gone",
                                     "on": "2021-08-15"}),
    ("supported", "handed over to FAMa", {"check": "presence", "country": "MLI", "force": "Barkhane", "place": "Gossi",
                                          "state": "gone", "how_ended": "handed_over", "successor": "FAMa"}),
    ("different_figure", "2,500", {"check": "figure", "country": "MLI", "indicator": "troops", "actor": "Barkhane",
                                   "value": 5000}),
    ("different_figure", "377,519", {"check": "figure", "country": "MLI", "indicator": "idps", "value": 363_000,
                                     "qualifier": "almost", "start": "2022-05"}),
    ("different_figure", "disputed", {"check": "figure", "country": THREE, "indicator": "people_in_need",
                                      "value": 13_000_000, "start": "2022"}),
)  # fmt: skip


@pytest.mark.parametrize(("verdict", "words", "part"), KNOWN)
def test_the_article_is_judged_as_is_known(say: Say, verdict: str, words: str, part: dict[str, Any]) -> None:
    found = say(**part)
    assert (found.verdict, words in str(found.sentence)) == (verdict, True), str(found.sentence)
    assert "{" not in Speaker("fr").say(found.sentence)
    assert found.answers
    assert all(one.evidence for one in found.reckonings)


def test_thirteen_million_is_supported_by_one_year_and_exceeded_by_the_next(say: Say) -> None:
    found = say(check="figure", country=THREE, indicator="people_in_need", value=13_000_000, start="2021", end="2022")
    assert found.verdict == "supported"
    assert "13,272,701" in str(found.sentence)
    assert "A higher figure is 16,066,602 people in need" in str(found.sentence)
    assert found.reckonings[0].best == 13_272_701
    assert found.reckonings[0].evidence is not None


def test_the_document_does_not_vouch_for_itself(asker: Asker) -> None:
    part = {"check": "figure", "country": "MLI", "indicator": "troops", "actor": "Barkhane", "value": 5000}
    another = Asker(asker.inquiry, asker.common, asker.places)
    assert [judge(one, part).verdict for one in (asker, another)] == ["different_figure", "supported"]


def test_two_publishers_who_counted_none_contradict(say: Say) -> None:
    found = say(check="figure", country="MLI", indicator="troops", actor="Barkhane", value=5000, start="2022-08-15")
    assert (found.verdict, found.reckonings[0].best) == ("contradicted", 0)


def test_figures_are_compared_with_those_of_more_countries(say: Say) -> None:
    found = say(check="figure", country="MLI", indicator="troops", actor="Barkhane", value=5000)
    assert "more than 5,000" in str(found.sentence)
    five = say(check="figure", country=["MLI", "NER", "TCD", "BFA", "MRT"], indicator="troops", actor="Barkhane",
               value=5000)  # fmt: skip
    assert five.verdict == "supported"


def test_nobody_knows_the_name_and_the_sentence_says_who_is_near(say: Say) -> None:
    found = say(check="relation", subject="Katiba Masina of the East", relation="member_of", object="JNIM")
    assert found.verdict == "not_checkable"
    assert "may mean" in str(found.sentence)
    assert say(check="presence", country="MLI", force="Qwxyz").verdict == "not_checkable"


@pytest.mark.parametrize(
    "part",
    [
        {"check": "milestone", "country": "MLI", "type": "coupe"},
        {"check": "relation", "subject": "JNIM", "relation": "membr_of", "object": "AQIM"},
        {"check": "figure", "country": "MLI", "indicator": "people_in_ned", "value": 1},
        {"check": "milestone", "country": "MLI", "id": "mli-coup-2020-09"},
    ],
)
def test_a_code_that_there_is_not_is_an_error_with_the_nearest(say: Say, part: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        say(**part)
    assert any(word in str(error.value) for word in ("coup", "member_of", "people_in_need", "mli-coup-2020-08"))


@pytest.mark.parametrize(
    ("verdict", "part"),
    [
        ("not_checkable", {"subject": "union", "relation": "supports", "object": "gov"}),
        ("supported", {"subject": "wing", "relation": "member_of", "object": "union"}),
        ("no_record", {"subject": "union", "relation": "member_of", "object": "wing"}),
        ("supported", {"subject": "gov", "relation": "rival_of", "object": "front", "on": "2016"}),
        ("contradicted", {"subject": "gov", "relation": "rival_of", "object": "front", "on": "2018"}),
        ("different_figure", {"subject": "front", "relation": "member_of", "object": "union", "on": "2014"}),
        ("different_figure", {"subject": "front", "relation": "member_of", "object": "union", "since": "2014"}),
        ("supported", {"subject": "front", "relation": "member_of", "object": "union", "since": "2016"}),
        ("supported", {"subject": "force", "relation": "cooperates_with", "object": "union"}),
        ("no_record", {"subject": "force", "relation": "supports", "object": "union"}),
    ],
)
def test_rules_of_relations(tell: Say, verdict: str, part: dict[str, Any]) -> None:
    assert tell(check="relation", **part).verdict == verdict


@pytest.mark.parametrize(
    ("verdict", "part"),
    [
        ("supported", {"country": "MLI", "on": "2015"}),
        ("contradicted", {"country": "MLI", "on": "2018"}),
        ("different_figure", {"country": "MLI", "on": "2012"}),
        ("not_checkable", {"country": "NER", "on": "2018"}),
        ("no_record", {"country": "BFA", "on": "2018"}),
        ("no_record", {"country": "MLI", "place": "Gao", "on": "2015"}),
        ("supported", {"country": "MLI", "state": "gone"}),
        ("different_figure", {"country": "MLI", "state": "gone", "on": "2016-02-01"}),
        ("contradicted", {"country": "MLI", "state": "gone", "on": "2014-02-01"}),
        ("different_figure", {"country": "MLI", "state": "gone", "how_ended": "expelled"}),
        ("different_figure", {"country": "MLI", "place": "kidal", "state": "gone", "successor": "front"}),
        ("supported", {"country": "MLI", "place": "kidal", "state": "gone", "successor": "gov"}),
    ],
)
def test_rules_of_presence(tell: Say, verdict: str, part: dict[str, Any]) -> None:
    assert tell(check="presence", force="force", **part).verdict == verdict


@pytest.mark.parametrize(
    ("verdict", "part"),
    [
        ("supported", {"type": "exit", "date": "2015-06"}),
        ("different_figure", {"type": "exit", "actor": "gov", "date": "2015-09-01"}),
        ("contradicted", {"type": "exit", "actor": "gov", "date": "2013"}),
        ("no_record", {"type": "exit", "date": "2013"}),
        ("no_record", {"type": "attack", "actor": "front", "date": "2012"}),
        ("contradicted", {"id": "raid", "date": "2012"}),
        ("not_checkable", {"type": "coup", "date": "2018"}),
        ("no_record", {"type": "sanctions", "start": "2012", "count": 2}),
        ("no_record", {"type": "attack", "actor": "union", "date": "2014"}),
    ],
)
def test_rules_of_milestones(tell: Say, verdict: str, part: dict[str, Any]) -> None:
    assert tell(check="milestone", country="MLI", **part).verdict == verdict


@pytest.mark.parametrize(
    ("verdict", "part"),
    [
        ("supported", {"country": "MLI", "indicator": "idps", "value": 40_000, "start": "2016"}),
        ("different_figure", {"country": "MLI", "indicator": "idps", "value": 70_000, "start": "2016"}),
        ("contradicted", {"country": "MLI", "indicator": "idps", "value": 200_000, "start": "2016"}),
        ("no_record", {"country": "MLI", "indicator": "refugees", "value": 200_000, "start": "2016"}),
        ("different_figure", {"country": "MLI", "indicator": "idps", "value": 40_000, "start": "2017"}),
        ("no_record", {"country": "MLI", "indicator": "idps", "value": 40_000, "start": "2020"}),
        ("different_figure", {"country": "MLI", "indicator": "refugees", "value": 9_000, "start": "2018"}),
        ("supported", {"country": ["MLI", "NER"], "indicator": "idps", "value": 60_000, "start": "2016"}),
        ("no_record", {"country": ["MLI", "BFA"], "indicator": "idps", "value": 60_000, "start": "2016"}),
    ],
)
def test_rules_of_figures(tell: Say, verdict: str, part: dict[str, Any]) -> None:
    assert tell(check="figure", **part).verdict == verdict


def test_two_publishers_have_to_stand_behind_a_contradiction_beside_the_document(tell: Say) -> None:
    part = {"check": "figure", "country": "MLI", "indicator": "idps", "value": 200_000, "start": "2016"}
    assert tell(about=About(title="Later report", publisher="Wire"), **part).verdict == "no_record"


def test_what_only_the_document_says_is_no_record(tell: Say) -> None:
    part = {"check": "milestone", "country": "MLI", "type": "agreement", "date": "2018-05"}
    assert tell(**part).verdict == "supported"
    assert tell(about=About(title="A Book.", publisher="A press"), **part).verdict == "no_record"


def test_a_record_published_after_a_known_by_date_does_not_vouch(asker: Asker) -> None:
    part = {"check": "milestone", "country": "MLI", "type": "exit", "actor": "Mali", "date": "2022-05-15"}
    early = Asker(asker.inquiry, Params(as_of=asker.as_of, known_by=dt.date(2022, 1, 1)), asker.places)
    assert judge(early, part).verdict == "no_record"


def test_what_somebody_did_themselves_is_told_and_not_what_a_part_of_theirs_did(say: Say) -> None:
    found = say(check="milestone", country="MLI", type="expulsion", actor="France", start="2021")
    assert "French ambassador" in str(found.sentence)
    assert "Danish" not in str(found.sentence)


def test_a_figure_of_a_year_is_told_with_its_unit_and_decimals(say: Say) -> None:
    found = say(check="figure", country="MLI", indicator="gold_tonnes", value=0, qualifier="more_than", start="2019",
                end="2022")  # fmt: skip
    assert str(found.sentence).startswith("For Mali the dossier has 63.4 tonnes of gold (2021; ")

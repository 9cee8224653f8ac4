"""Which sentences can be checked here, and drafts that the vocabulary of claims takes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from harmattan.reading.checkable import Checkable, ranked
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.names import Names
from harmattan.reading.read import read
from harmattan.vocabulary.claim import Part
from tests.reading.marked import marked
from tests.reading.test_read import document


def judged(names: Names, gazetteer: Gazetteer, text: str, language: str = "en") -> Checkable:
    (one, *_) = ranked(read(document(text, language, "2022-10-31"), names, gazetteer))  # type: ignore[arg-type]
    return one


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        (
            "FAMa executed 300 civilians in Moura, Mali, in March 2022.",
            "en",
            {"check": "value", "measure": "civilians", "value": 300, "qualifier": "exact", "country": ["MLI"],
             "place": "Moura", "from": "2022-03", "by": ["FAMa"]},
        ),
        (
            "En mars 2022, 300 civils ont été tués à Moura par le GSIM.",
            "fr",
            {"check": "value", "measure": "civilians", "value": 300, "qualifier": "exact", "country": ["MLI"],
             "place": "Moura", "from": "2022-03", "by": ["GSIM"]},
        ),
        (
            "As of May 2022, almost 363,000 people were displaced in Mali.",
            "en",
            {"check": "figure", "value": 363000, "qualifier": "almost", "country": ["MLI"], "from": "2022-05"},
        ),
        (
            "In 2022, 13 million people in Mali, Burkina Faso, and Niger require humanitarian assistance.",
            "en",
            {"check": "figure", "indicator": "people_in_need", "value": 13000000, "qualifier": "exact",
             "country": ["MLI", "BFA", "NER"], "from": "2022"},
        ),
        (
            "Mali saw some of its highest casualty figures in 2021 since 2012.",
            "en",
            {"check": "rank", "measure": "deaths", "country": ["MLI"], "top": 3, "since": "2012-01", "window": 12,
             "from": "2021"},
        ),
        (
            "Mali has undergone two military coups since 2020.",
            "en",
            {"check": "milestone", "type": ["coup"], "country": ["MLI"], "count": 2},
        ),
        (
            "JNIM attacks the north of Mali on an almost daily basis.",
            "en",
            {"check": "count", "per": "day", "value": 0.9, "qualifier": "about", "country": ["MLI"], "actor": ["JNIM"]},
        ),
        (
            "The number of deaths in Burkina Faso doubled in 2022.",
            "en",
            {"check": "compare", "measure": "deaths", "is": "more", "factor": 2.0, "country": ["BFA"], "from": "2022",
             "than": {"from": "2021", "to": "2021"}},
        ),
        (
            "JNIM has begun to operate in Burkina Faso and Niger.",
            "en",
            {"check": "relation", "subject": "JNIM", "relation": "operates_in", "country": ["BFA", "NER"]},
        ),
        (
            "ISGS is competing with JNIM in Mali.",
            "en",
            {"check": "relation", "subject": "ISGS", "relation": "rival_of", "object": "JNIM"},
        ),
        (
            "The French army withdrew from Mali on August 15, 2022.",
            "en",
            {"check": "presence", "force": "French army", "country": ["MLI"], "state": "gone", "until": "2022-08-15"},
        ),
        (
            "In March 2022, ISGS attacked Tessit in Gao region, Mali.",
            "en",
            {"check": "exists", "country": ["MLI"], "from": "2022-03", "actor": ["ISGS"]},
        ),
    ],
)  # fmt: skip
def test_a_sentence_gives_the_draft_it_calls_for(
    names: Names, gazetteer: Gazetteer, text: str, language: str, wanted: dict[str, Any]
) -> None:
    drafts = judged(names, gazetteer, text, language).drafts
    assert any(wanted.items() <= draft.items() for draft in drafts), drafts


def test_drafts_are_parts_of_claims(names: Names, gazetteer: Gazetteer) -> None:
    parts: TypeAdapter[Any] = TypeAdapter(Part)
    drafts = [
        draft
        for text in marked()
        for one in ranked(read(document(text.text, text.language), names, gazetteer))
        for draft in one.drafts
    ]
    assert len(drafts) > 20
    for draft in drafts:
        parts.validate_python(draft)


def test_what_can_be_asked_comes_first_and_says_why(names: Names, gazetteer: Gazetteer) -> None:
    text = "The mood was sombre. Russia is large. In March 2022, 300 civilians were killed in Moura, Mali."
    first, second, last = ranked(read(document(text), names, gazetteer))
    assert first.score > 0.9
    assert 0.2 >= second.score >= last.score == 0
    assert "a number of dead, with a place" in [str(reason) for reason in first.reasons]
    assert (second.drafts, last.drafts) == ((), ())


def test_a_draft_without_a_date_is_worth_less_and_says_so(names: Names, gazetteer: Gazetteer) -> None:
    dated = judged(names, gazetteer, "300 civilians were killed in Moura in March 2022.")
    undated = judged(names, gazetteer, "300 civilians were killed in Moura.")
    assert undated.score < dated.score
    assert "it says no date: say which time it speaks of" in [str(reason) for reason in undated.reasons]


NOT_SAID: tuple[tuple[str, str], ...] = (
    # departures that are announced, supposed or denied; what somebody leaves behind; what left is no place
    ("In July 2022 the leaders announced that Takuba forces would withdraw from Mali.", "presence"),
    ("FAMa said al-Qaeda decided it in Bamako, and their departure from the force weakened Mali.", "presence"),
    ("JNIM left 30 dead in Gao in March 2022.", "presence"),
    ("La force Takuba n'a pas quitté le Mali en mars 2022.", "presence"),
    ("JNIM does not operate in Burkina Faso.", "relation"),
    ("JNIM could expand into Burkina Faso.", "relation"),
    ("La junte dément que Wagner soutient FAMa.", "relation"),
    # a body fighting somebody is no party of every violence in the sentence
    ("On May 15, 2022, Mali withdrew from the G5 Sahel, a military force fighting terrorists.", "exists"),
    ("FAMa killed 30 civilians—their aim, they said, was peace—in March 2022, after talks in Burkina Faso.", "exists"),
    # coups that are none, or have no date; dates by which something is planned
    ("The coup leaders of Mali partnered with Wagner in 2021.", "milestone"),
    ("There was a coup in Mali.", "milestone"),
    ("France announced plans to withdraw its troops from Mali by 2022.", "milestone"),
    ("Elections planned in Mali in July 2024 could be postponed.", "milestone"),
    # a date that another one is only compared with
    ("Deaths in Mali have doubled compared to 2021.", "compare"),
)


@pytest.mark.parametrize(("text", "check"), NOT_SAID)
def test_what_a_sentence_does_not_say_is_not_drafted(names: Names, gazetteer: Gazetteer, text: str, check: str) -> None:
    drafts = judged(names, gazetteer, text, "fr" if text.startswith("La ") else "en").drafts
    assert check not in {draft["check"] for draft in drafts}, drafts


SAID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("On May 15, 2022, Mali withdrew from the G5 Sahel.",
     {"check": "milestone", "type": ["exit"], "country": ["MLI"], "date": "2022-05-15", "actor": ["G5 Sahel"]}),
    ("En mars 2022, FAMa, appuyée par Wagner, a mené une opération.",
     {"check": "relation", "subject": "Wagner", "relation": "supports", "object": "FAMa", "on": "2022-03"}),
    ("Ansaroul Islam, fondé par Malam Dicko, est lié à JNIM.", {}),
    ("La force Takuba est déployée au Mali depuis 2020.",
     {"check": "presence", "force": "force Takuba", "country": ["MLI"], "state": "present", "since": "2020"}),
    ("Parts of JNIM, such as AQIM and Katiba Macina, attack Mali almost daily in 2022.",
     {"check": "count", "per": "day", "value": 0.9, "qualifier": "about", "country": ["MLI"], "from": "2022",
      "actor": ["JNIM"]}),
    ("JNIM clashed with ISGS in Mali in 2020.",
     {"check": "exists", "country": ["MLI"], "from": "2020", "actor": ["JNIM", "ISGS"]}),
    ("La France compte 400 soldats au Burkina Faso.",
     {"check": "figure", "indicator": "troops", "value": 400, "qualifier": "exact", "country": ["BFA"]}),
    ("13 million people in Mali need aid, and as of May 2022, almost 363,000 people have been displaced.",
     {"check": "figure", "indicator": "people_in_need", "value": 13000000, "qualifier": "exact", "country": ["MLI"]}),
    ("Once a force of 5,000 soldiers, the French army withdrew from Mali on August 15, 2022.",
     {"check": "figure", "indicator": "troops", "value": 5000, "qualifier": "exact", "country": ["MLI"],
      "actor": "French army"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAID)
def test_a_draft_says_what_its_sentence_says_and_no_more(
    names: Names, gazetteer: Gazetteer, text: str, wanted: dict[str, Any]
) -> None:
    language = "fr" if text.startswith(("En ", "La ", "Ansaroul")) else "en"
    drafts = judged(names, gazetteer, text, language).drafts
    if wanted:
        assert wanted in drafts, drafts
    else:
        assert "relation" not in {draft["check"] for draft in drafts}, drafts


def test_numbers_of_people_take_neither_place_nor_date_from_another_sentence(
    names: Names, gazetteer: Gazetteer
) -> None:
    text = "In Moura, Mali, it was the deadliest attack since 2015. More than 300,000 people are displaced."
    drafts = [d for one in ranked(read(document(text), names, gazetteer)) for d in one.drafts]
    assert {"check": "figure", "indicator": "displaced", "value": 300000, "qualifier": "more_than",
            "country": ["MLI"]} in drafts  # fmt: skip

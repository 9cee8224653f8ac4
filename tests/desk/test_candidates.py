"""What reading found, as candidates for the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from harmattan.desk.quotes import cite, places
from harmattan.desk.store import Desk
from harmattan.errors import UsageError
from harmattan.reading.assertions import candidates, claims
from harmattan.reading.mentions import (
    ActorMeaning,
    DateMeaning,
    FigureMeaning,
    Mention,
    NewNameMeaning,
    PlaceMeaning,
    PlaceName,
    Sentence,
)
from harmattan.vocabulary.amount import Amount
from harmattan.vocabulary.document import Document
from tests.desk.made import AT, TEXT, document

MARCH = dt.date(2022, 3, 2)
TARWAL = PlaceName("Tarwal", "MLI", "town", cell=150_000, within="Mopti")


@dataclass(frozen=True)
class Found:
    document: Document
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Sorted:
    sentence: Sentence
    drafts: tuple[dict[str, Any], ...]

    @property
    def worths(self) -> tuple[float, ...]:
        """The later, the better."""
        return tuple(0.5 + self.sentence.start / 1000 + n / 100 for n in range(len(self.drafts)))


def mention(words: str, meaning: Any, rule: str = "reading.test") -> Mention:
    start = TEXT.index(words)
    return Mention(start, start + len(words), words, meaning, rule)


FOUND = Found(
    document(),
    (
        mention("2 March", DateMeaning(MARCH, MARCH, "day")),
        mention("JNIM", ActorMeaning("jnim", ("jnim",), "acronym", "JNIM")),
        mention("Tarwal", PlaceMeaning(TARWAL, (TARWAL, PlaceName("Tarwal", "BFA", "town")))),
        mention("at least 12 people", FigureMeaning(Amount(12, "at_least"), "deaths", place=2, date=0)),
        mention("Le GSIM", ActorMeaning(None, ("jnim", "ansar-dine"), "fuzzy", "GSIM")),
        mention("O'Brien", NewNameMeaning("O'Brien")),
    ),
)


def test_each_mention_is_a_candidate_with_its_words_its_meaning_and_its_rule() -> None:
    made = {a.citation.exact: a for a in candidates(FOUND, AT)}
    assert [a.citation.start for a in made.values()] == [m.start for m in FOUND.mentions]
    assert {a.state for a in made.values()} == {"candidate"}
    assert str(made["JNIM"].origin).startswith("rule:reading.test@")
    assert made["JNIM"].canonical == {"actor": "jnim"}
    assert made["Le GSIM"].canonical == {"actor": None, "candidates": ["jnim", "ansar-dine"]}
    assert made["Tarwal"].canonical == {"place": "Tarwal", "iso3": "MLI", "level": "town", "cell": 150_000,
                                        "within": "Mopti", "candidates": ["Tarwal, Mopti", "Tarwal, BFA"]}  # fmt: skip
    figure = made["at least 12 people"]
    assert figure.as_written == {"figure": "at least 12 people", "place": "Tarwal", "date": "2 March"}
    where_and_when = {"place": "Tarwal", "iso3": "MLI", "start": "2022-03-02", "end": "2022-03-02"}
    said = {"value": 12, "qualifier": "at_least", "indicator": "deaths", "unit": "people"}
    assert figure.canonical == said | where_and_when
    assert (str(figure.first), str(made["2 March"].last)) == ("2022-03-02", "2022-03-02")


def test_each_draft_is_a_claim_of_its_own_and_can_be_accepted(desk: Desk) -> None:
    start, end = 0, TEXT.index(".") + 1
    drafts = ({"check": "exists", "country": ("MLI",), "from": MARCH},
              {"check": "value", "country": ["MLI"], "value": 12, "qualifier": "at_least"})  # fmt: skip
    made = claims(FOUND, [Sorted(Sentence(start, end), drafts), Sorted(Sentence(end, end + 9), ())], AT)
    assert [a.canonical["part"] for a in made] == [
        [{"check": "exists", "country": ["MLI"], "from": "2022-03-02"}],
        [{"check": "value", "country": ["MLI"], "value": 12, "qualifier": "at_least"}],
    ]
    assert len({a.id for a in made}) == 2
    desk.add(document(), AT)
    assert len(desk.propose([*candidates(FOUND, AT), *made])) == 8
    assert desk.propose([*candidates(FOUND, AT), *made]) == ()
    best = [one.id for one in sorted(made, key=lambda one: -one.score)]
    assert [one.id for one in desk.queue(document().id, "claim")] == best
    for one in made:
        assert desk.review(one.id, "accepted", "amina", AT).state == "accepted"
    assert {claim.quote for claim in desk.claims(document().id).claim} == {TEXT[start:end]}


def test_a_quotation_is_found_whatever_signs_and_spaces_it_is_typed_with() -> None:
    text = "L’armée — « loyale » —\na dit :\u00a0non. L'armée a nié."
    of = document(text)
    assert cite(of, 'L\'armée - "loyale"'.replace('"loyale"', '" loyale "')).exact == "L’armée — « loyale »"
    assert cite(of, "- a dit : non").exact == "—\na dit :\u00a0non"
    assert places(text, "armée") == [(2, 7), (text.rindex("armée"), text.rindex("armée") + 5)]
    assert cite(of, "arme\u0301e", nth=2).start == text.rindex("armée")
    assert cite(of, "L'armée a").start == text.rindex("L'armée")


def test_an_ambiguous_quotation_says_where_it_stands() -> None:
    with pytest.raises(
        UsageError, match=r"stand there 2 times.*There are: 1: …attacked the market of Tarwal.*and 2: .*--nth"
    ):
        cite(document(), "Tarwal")
    with pytest.raises(UsageError, match="do not stand in Market attacked"):
        cite(document(), "Tarwel")
    with pytest.raises(UsageError, match="do not stand"):
        cite(document(), "  ")

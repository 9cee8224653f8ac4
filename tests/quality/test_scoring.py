"""How readings are scored, on readings made by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from quality.labelled import Labelled, stripped
from quality.scoring import Scores, Tally, score, wilson

from harmattan.reading.mentions import (
    ActorMeaning,
    DateMeaning,
    FigureMeaning,
    Meaning,
    Mention,
    NewNameMeaning,
    PlaceMeaning,
    PlaceName,
)
from harmattan.vocabulary.amount import Amount

MARKED = (
    "[[actor:jnim|JNIM]] killed [[figure:40:about:deaths:Gao:2022-03|some 40 people]] in [[place:MLI|Gao]] in "
    "[[date:2022-03|March]], says [[new|Radio Dune]]. The [[?|Sahel]] is wide."
)
MARCH = DateMeaning(dt.date(2022, 3, 1), dt.date(2022, 3, 31), "month")


def place(name: str, iso3: str) -> PlaceMeaning:
    return PlaceMeaning(PlaceName(name, iso3, "town"))


def scored(*found: tuple[str, Meaning]) -> Scores:
    text, gold = stripped(MARKED, {"jnim"})
    labelled = Labelled("t", "dev", "en", dt.date(2022, 4, 5), "wire", text, gold)
    return score(labelled, [Mention(text.index(w), text.index(w) + len(w), w, meaning) for w, meaning in found])


def actor(name: str | None) -> ActorMeaning:
    return ActorMeaning(name, (), "acronym", "JNIM")


def test_all_right() -> None:
    figure = FigureMeaning(Amount(40, "about"), "deaths", place=1, date=2)
    scores = scored(
        ("JNIM", actor("jnim")), ("Gao", place("Gao", "MLI")), ("in March", MARCH), ("40", figure),
        ("Radio Dune", NewNameMeaning("Radio Dune")),
    )  # fmt: skip
    assert set(scores.tallies.values()) == {Tally(1, 1, 1, 1)}
    assert len(scores.tallies) == 9
    assert scores.slips == []


def test_nothing_found() -> None:
    scores = scored()
    assert scores.tallies["actor"] == Tally(0, 0, 0, 1)
    assert scores.tallies["actor"].f1 == 0
    assert math.isnan(scores.tallies["actor"].precision)
    assert scores.confusions()["actor", "missed"] == 1


@pytest.mark.parametrize(
    ("kind", "words", "meaning"),
    [
        ("actor", "JNIM", actor("iswap")),
        ("actor", "JNIM", actor(None)),
        ("place", "Gao", place("Gao", "NER")),
        ("date", "March", DateMeaning(dt.date(2022, 3, 1), dt.date(2022, 3, 30), "days")),
        ("date", "March", DateMeaning(dt.date(2022, 3, 1), None, "month")),
        ("figure value", "40", FigureMeaning(Amount(4, "about"), "deaths")),
        ("figure value", "40", FigureMeaning(Amount(40, "about", 50), "deaths")),
        ("figure with indicator", "40", FigureMeaning(Amount(40), "injured")),
        ("new name", "Radio Dune. The Sahel is", NewNameMeaning("Radio Dune. The Sahel is")),
    ],
)
def test_another_meaning_is_wrong(kind: str, words: str, meaning: Meaning) -> None:
    assert scored((words, meaning)).tallies[kind] == Tally(0, 1, 0, 1)


def test_a_false_find_costs_precision_and_an_open_one_nothing() -> None:
    tally = scored(("Gao", place("Gao", "MLI")), ("wide", place("Wide", "MLI"))).tallies["place"]
    assert tally == Tally(1, 2, 1, 1)
    tally = scored(("Gao", place("Gao", "MLI")), ("Sahel", place("Sahel", "BFA"))).tallies["place"]
    assert tally == Tally(1, 1, 1, 1)


def test_place_and_date_of_a_figure_are_asked_where_its_value_is_found() -> None:
    gao, niger = ("Gao", place("Gao", "MLI")), ("wide", place("Wide", "NER"))
    right = FigureMeaning(Amount(40), "deaths", place=0)
    scores = scored(gao, ("40", right))
    assert scores.tallies["figure's place"] == Tally(1, 1, 1, 1)
    assert scores.tallies["figure's date"] == Tally(0, 0, 0, 1)
    assert scores.tallies["figure's qualifier"] == Tally(0, 1, 0, 1)
    assert scored(niger, ("40", right)).tallies["figure's place"] == Tally(0, 1, 0, 1)
    assert "figure's place" not in scored(gao, ("40", FigureMeaning(Amount(4), "deaths"))).tallies


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_wilson(right: int, n: int, low: float, high: float) -> None:
    """81 of 263 is the worked example of Newcombe 1998, method 3,

    doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
    """
    assert wilson(right, n) == pytest.approx((low, high), abs=5e-5)

"""A whole reading: no overlaps, the place and date of each figure, what is left out, and how fast it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.reading.checkable import ranked
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.mentions import ActorMeaning, DateMeaning, FigureMeaning
from harmattan.reading.names import Names
from harmattan.reading.read import Reading, read
from harmattan.vocabulary.document import Document, Language
from harmattan.vocabulary.partial import PartialDate
from tests.reading.marked import marked


def document(text: str, language: Language = "en", published: str = "2024-09-15") -> Document:
    return Document("0" * 64, "txt", text, "A title", language, published=_day(published))


def _day(words: str) -> PartialDate | None:
    return PartialDate.parse(words) if words else None


def figures(reading: Reading) -> list[tuple[float, str | None, str | None, str | None]]:
    found = []
    for mention in reading.mentions:
        meaning = mention.meaning
        if isinstance(meaning, FigureMeaning):
            place = None if meaning.place is None else reading.mentions[meaning.place].text
            date = None if meaning.date is None else reading.mentions[meaning.date].text
            found.append((meaning.amount.value, meaning.indicator, place, date))
    return found


@pytest.mark.parametrize("what", ["actors", "places"])
def test_texts_of_our_own_are_read_well(names: Names, gazetteer: Gazetteer, what: str) -> None:
    right = given_ = wanted = 0
    for text in marked():
        reading = read(document(text.text, text.language), names, gazetteer)
        actors = {(m.start, m.end, m.meaning.actor) for m in reading.mentions if isinstance(m.meaning, ActorMeaning)}
        places = {(m.start, m.end) for m in reading.mentions if m.kind == "place"}
        found: frozenset[object] = frozenset(actors) if what == "actors" else frozenset(places)
        gold: frozenset[object] = text.actors if what == "actors" else text.places
        right, given_, wanted = right + len(found & gold), given_ + len(found), wanted + len(gold)
    assert wanted > 50
    assert 2 * right / (given_ + wanted) >= 0.95


def test_a_place_within_an_actors_name_is_none(names: Names, gazetteer: Gazetteer) -> None:
    text = "The United Nations Multidimensional Integrated Stabilization Mission in Mali left Mali."
    kinds = [(m.kind, m.text) for m in read(document(text), names, gazetteer).mentions]
    assert kinds == [("actor", text[4:76]), ("place", "Mali")]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        (
            "In May 2021, gunmen killed 30 people in Korofa. On 4 June 2021, 132 civilians were killed in the village "
            "of Solhan, in Burkina Faso's Yagha province, and 12 died in Djibo on 6 June 2021.",
            "en",
            [(132.0, "Solhan", "4 June 2021"), (12.0, "Djibo", "6 June 2021")],
        ),
        (
            "Across Mali, Burkina Faso and Niger 13 million people need aid, and as of May 2022, almost 363,000 "
            "Malians have been displaced.",
            "en",
            [(363_000.0, "Mali", "May 2022")],
        ),
        (
            "Le 12 juin 2022, 86 civils ont été tués à Seytenga, au Burkina Faso. Trente autres ont été blessés.",
            "fr",
            [(86.0, "Seytenga", "12 juin 2022"), (30.0, "Seytenga", "12 juin 2022")],
        ),
    ],
)
def test_a_figure_gets_the_place_and_date_beside_it(
    names: Names, gazetteer: Gazetteer, text: str, language: Language, wanted: list[tuple[float, str, str]]
) -> None:
    told = [(value, place, date) for value, _, place, date in figures(read(document(text, language), names, gazetteer))]
    dates = [(value, place, (date or "").removeprefix("Le ").removeprefix("On ")) for value, place, date in told]
    assert [one for one in wanted if one not in dates] == []


def test_a_figure_of_another_paragraph_is_where_the_text_is_about_and_on_no_day(
    names: Names, gazetteer: Gazetteer
) -> None:
    told = {
        "On 3 March 2022 Mali was quiet.\n\nThey killed 30 people.": ("Mali", None),
        "They killed 30 people.\n\nMali was quiet on 3 March 2022.": (None, None),
    }
    for text, wanted in told.items():
        reading = read(document(text), names, gazetteer)
        assert [(place, date) for _, _, place, date in figures(reading)] == [wanted], text


def test_without_a_publication_date_relative_dates_are_left_out_and_said(names: Names, gazetteer: Gazetteer) -> None:
    text = "Last month 30 people died in Gao. In March 2022, too."
    dated, undated = (read(document(text, published=day), names, gazetteer) for day in ("2022-10-31", ""))
    spans = [[m.meaning.start for m in r.mentions if isinstance(m.meaning, DateMeaning)] for r in (dated, undated)]
    assert spans == [[dt.date(2022, 9, 1), dt.date(2022, 3, 1)], [dt.date(2022, 3, 1)]]
    assert dated.unread == ()
    assert "1 relative date" in str(undated.unread[0])


def test_ten_thousand_words_are_read(names: Names, gazetteer: Gazetteer) -> None:
    text = "\n".join(one.text for one in marked() if one.language == "en")
    long = document("\n".join([text] * (10_000 // len(text.split()) + 1)))
    reading = read(long, names, gazetteer)
    sentences = ranked(reading)
    assert len(sentences) == len(reading.sentences) > 300


PIECES = st.sampled_from(
    ["JNIM killed 30 people in Gao", ". ", " since 2012", "\n\n", "13 million people in Mali, Niger and Togo need aid",
     "Le 12 juin 2022, ", "\u0301", "(", "the Alliance of Beta (AOB)", "two coups since 2020", " — ", "l'", "12 %", ";",
     "é", "the deadliest year since 2012", " almost daily", "363,000 Malians", "Mohamed Bazoum", "doubled in 2021"]
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(names: Names, gazetteer: Gazetteer) -> Callable[[Document], Reading]:
    return lambda one: read(one, names, gazetteer)


@settings(max_examples=60, deadline=None)
@given(
    text=st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map("".join)),
    language=st.sampled_from(["en", "fr"]),
)
def test_any_text_is_read(reader: Callable[[Document], Reading], text: str, language: Language) -> None:
    reading = reader(document(text, language))
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.text
        meaning = mention.meaning
        if isinstance(meaning, FigureMeaning):
            assert meaning.place is None or reading.mentions[meaning.place].kind == "place"
            assert meaning.date is None or reading.mentions[meaning.date].kind == "date"
    starts = [mention.start for mention in reading.mentions]
    assert starts == sorted(starts)
    assert sorted(one.sentence.start for one in ranked(reading)) == [s.start for s in reading.sentences]
    assert all(0 <= one.score <= 1 for one in ranked(reading))

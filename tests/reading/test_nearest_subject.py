"""Which place and day a figure is given where its own words name none, and where a line or a verb misleads."""

from __future__ import annotations

import datetime as dt

import pytest

from harmattan.reading.dates import dates
from harmattan.reading.figures import figures
from harmattan.reading.mentions import FigureMeaning, Mention, PlaceKind, PlaceMeaning, PlaceName
from harmattan.reading.nearest import date_of, place_of
from harmattan.reading.sentences import sentences
from harmattan.vocabulary.document import Language

DAY = dt.date(2023, 6, 14)
PLACES: dict[str, tuple[str, PlaceKind]] = {
    "Mali": ("MLI", "country"), "Niger": ("NER", "country"), "Bamako": ("MLI", "town"), "Tessit": ("MLI", "town"),
    "Gao": ("MLI", "admin1"), "Lagos": ("NGA", "town"), "Nigeria": ("NGA", "country"),
}  # fmt: skip


def about(text: str, counts: str, language: Language = "en") -> tuple[str | None, str | None]:
    """The words of the place and of the day that the figure is given which counts this."""
    places = sorted(
        (
            Mention(at, at + len(name), name, PlaceMeaning(PlaceName(name, *PLACES[name])))
            for name in PLACES
            for at in range(len(text))
            if text.startswith(name, at) and not text[at + len(name) : at + len(name) + 1].isalpha()
        ),
        key=lambda mention: mention.start,
    )
    told, days = sentences(text, language), dates(text, language, DAY)
    read = [(one, one.meaning) for one in figures(text, language)]
    (figure,) = [one for one, said in read if isinstance(said, FigureMeaning) and said.indicator == counts]
    place = place_of(text, figure, list(enumerate(places)), told)
    day = date_of(text, figure, list(enumerate(days)), told)
    return None if place is None else places[place].text, None if day is None else days[day].text


def test_the_line_a_report_begins_with_says_where_it_was_written() -> None:
    text = "BAMAKO, 14 June (Agency) - Gunmen killed 17 soldiers on Monday near Tessit.".replace("BAMAKO", "Bamako")
    assert about(text, "deaths") == ("Tessit", "Monday")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In Tessit, 12 people were killed on 9 June, the mayor said on Tuesday.", "en"),
        ("À Tessit, 12 personnes ont été tuées le 9 juin, a annoncé le gouvernement mardi.", "fr"),
    ],
)
def test_the_day_on_which_it_was_said_is_not_the_day_of_the_deed(text: str, language: Language) -> None:
    place, day = about(text, "deaths", language)
    assert place == "Tessit"
    assert day is not None
    assert "9" in day


def test_what_befell_people_is_put_where_the_text_begins() -> None:
    text = "An attack struck Tessit, in Gao region.\n\nA nurse counted 12 dead."
    assert about(text, "deaths")[0] == "Tessit"


def test_a_standing_number_is_put_into_the_country_the_text_is_about() -> None:
    text = "Mali hosts people from Nigeria. Tessit and Gao are in need.\n\nSome 4 million people need humanitarian aid."
    assert about(text, "people_in_need")[0] == "Mali"


def test_a_standing_number_is_put_nowhere_where_no_country_is_named() -> None:
    text = "An attack struck Tessit.\n\nSome 1,200 people are displaced."
    assert about(text, "displaced")[0] is None

"""Dates are read with exact intervals, in both languages, and never where a number is something else."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest

from harmattan.reading.dates import dates
from harmattan.reading.mentions import DateMeaning
from tests.reading.said import DATES, PUBLISHED, rows


def written(text: str, language: str, published: dt.date | None = PUBLISHED) -> str:
    found = []
    for mention in dates(text, language, published):  # type: ignore[arg-type]
        assert isinstance(mention.meaning, DateMeaning)
        assert text[mention.start : mention.end] == mention.text
        start, end = mention.meaning.start or "", mention.meaning.end or ""
        found.append(str(start) if start == end else f"{start}/{end}")
    return " ".join(found)


@pytest.mark.parametrize(("language", "text", "expected"), rows(DATES))
def test_dates_are_put_into_days(language: str, text: str, expected: str) -> None:
    assert written(text, language) == expected


def test_without_publication_relative_dates_are_left_out() -> None:
    assert written("It closed last month, on Tuesday, two weeks ago.", "en", None) == ""
    assert (
        written("Created in 2013.\n\nIt left in August.", "en", None) == "2013-01-01/2013-12-31 2013-08-01/2013-08-31"
    )


def test_the_year_of_the_paragraph_goes_before_that_of_publication() -> None:
    text = "In 2012 the north fell. In March soldiers took power.\nIn March the camp closed."
    assert written(text, "en") == "2012-01-01/2012-12-31 2012-03-01/2012-03-31 2022-03-01/2022-03-31"


def test_precision_and_relative_are_told() -> None:
    text = "On 3 May 2022; in May 2022; in 2022; in the summer of 2022; from 2012 to 2015; yesterday; 3-5 May 2022."
    told = [(m.meaning.precision, m.meaning.relative) for m in dates(text, "en", PUBLISHED)]  # type: ignore[union-attr]
    assert told == [
        ("day", False), ("month", False), ("year", False), ("season", False), ("years", False), ("day", True),
        ("days", False),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["31 February 2022", "On 30/02/2022", "99 May 2022", "the 29 February"])
def test_days_that_there_are_not_are_no_days(text: str) -> None:
    assert "2022-02-3" not in written(text, "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Entre le 1er et le 25 mars 2022, 60 personnes ont été tuées.", "fr"),
        ("Entre le premier et le 25 mars 2022, 60 personnes ont été tuées.", "fr"),
        ("Entre les 1er et 25 mars 2022, 60 personnes ont été tuées.", "fr"),
        ("Between the 1st and the 25th of March 2022, 60 people were killed.", "en"),
    ],
)
def test_two_days_with_between_are_one_spell(text: str, language: Literal["en", "fr"]) -> None:
    (found,) = dates(text, language, dt.date(2022, 10, 31))
    assert isinstance(found.meaning, DateMeaning)
    assert (str(found.meaning.start), str(found.meaning.end)) == ("2022-03-01", "2022-03-25")

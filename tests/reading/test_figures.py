"""Figures are read with value, qualifier and what they count, in both languages."""

from __future__ import annotations

import pytest

from harmattan.reading.figures import figures
from harmattan.reading.mentions import FigureMeaning
from harmattan.reading.numerals import parsed
from tests.reading.said import FIGURES, rows


def written(text: str, language: str) -> str:
    found = []
    for mention in figures(text, language):  # type: ignore[arg-type]
        assert isinstance(mention.meaning, FigureMeaning)
        assert text[mention.start : mention.end] == mention.text
        amount = mention.meaning.amount
        value = f"{amount.value:.10g}" + (f"-{amount.high:.10g}" if amount.high else "")
        word = "" if amount.qualifier == "exact" else amount.qualifier + " "
        found.append(f"{word}{value} {mention.meaning.indicator or 'none'}")
    return "; ".join(found)


@pytest.mark.parametrize(("language", "text", "expected"), rows(FIGURES))
def test_figures_are_read_with_what_they_count(language: str, text: str, expected: str) -> None:
    assert written(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "span"),
    [
        ("It killed at least 12 soldiers.", "en", "at least 12"),
        ("The plan needs US$ 803 million.", "en", "US$ 803 million"),
        ("Il manque 12,5 % du budget.", "fr", "12,5 %"),
        ("Près d’une trentaine de morts.", "fr", "Près d’une trentaine"),
        ("Entre 20 et 30 morts.", "fr", "Entre 20 et 30"),
    ],
)
def test_the_span_holds_qualifier_and_unit(text: str, language: str, span: str) -> None:
    [found] = figures(text, language)  # type: ignore[arg-type]
    assert found.text == span


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [
        ("1\u202f500,5", "fr", 1500.5), ("1.500.000", "fr", 1_500_000), ("1,5", "fr", 1.5), ("1,500.5", "en", 1500.5),
        ("soixante et onze", "fr", 71), ("quatre-vingt-un", "fr", 81), ("deux cent dix", "fr", 210), ("mille", "fr", 1000),
        ("a hundred and five", "en", 105), ("twenty-five thousand", "en", 25_000), ("two three", "en", None),
    ],
)  # fmt: skip
def test_numbers_in_digits_and_words(words: str, language: str, value: float | None) -> None:
    assert parsed(words, language) == value  # type: ignore[arg-type]

"""Speaks a `Text` in a language: the catalogue for words, CLDR (through Babel) for numbers, dates and countries."""

from __future__ import annotations

import datetime as dt
import functools
import string
from collections.abc import Callable
from pathlib import Path

from harmattan.text import Bilingual, CountryName, Listing, MonthName, Number, Text, Value, Verbatim

LANGUAGES = ("en", "fr")
LOCALE_DIR = Path(__file__).parent / "locale"
NOT_AVAILABLE = "–"

SINGLE: dict[str, tuple[int, ...]] = {"en": (1,), "fr": (0, 1)}
"""The counts that take the singular."""

Mark = Callable[[Number, str], str]
Escape = Callable[[str], str]


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of one language, English template to words; English itself needs none."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    with (LOCALE_DIR / f"{language}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}


@functools.cache
def country_name(code: str, language: str) -> str:
    """The name of an ISO3 code in a language, by CLDR; the code itself where CLDR has none."""
    from babel import Locale
    from babel.core import get_global

    special = {"NGA+NER": ("NGA", "NER"), "XKX": ("XK",)}
    if code in special and len(special[code]) == 2:
        return " + ".join(country_name(part, language) for part in special[code])
    two = special[code][0] if code in special else (get_global("territory_aliases").get(code) or [code])[0]
    return str(Locale(language).territories.get(two, code))


class Speaker:
    """Puts Texts into words of one language.

    `mark` wraps each `Number` (a link in HTML, a footnote in print); `escape` protects every other piece of text.
    """

    def __init__(self, language: str = "en", *, mark: Mark | None = None, escape: Escape | None = None) -> None:
        self.language = language
        self._mark = mark or (lambda _number, words: words)
        self._escape = escape or (lambda words: words)

    def say(self, value: Value) -> str:
        """The words for any value."""
        match value:
            case None:
                return self._escape(NOT_AVAILABLE)
            case Text():
                return self._sentence(value)
            case Number():
                return self._mark(value, self._escape(self.number(value.value, value.digits)))
            case Listing():
                return self._listing([self.say(item) for item in value.items], value.joiner)
            case bool():
                return self._escape(self.words("yes" if value else "no"))
            case int() | float():
                return self._escape(self.number(value))
            case CountryName():
                return self._escape(country_name(value.code, self.language))
            case MonthName():
                return self._escape(self.month(value))
            case Verbatim():
                return self._escape(value.words)
            case Bilingual():
                return self._escape(value.fr if self.language == "fr" else value.en)
            case dt.date():
                return self._escape(self.date(value))
        return self._escape(str(value))

    def words(self, template: str) -> str:
        """The template in this language, unfilled; an untranslated one stays English."""
        return catalogue(self.language).get(template, template)

    def number(self, value: float | int | None, digits: int = 0) -> str:
        """A number with the language's separators, rounded to `digits` decimals."""
        if value is None:
            return NOT_AVAILABLE
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=self.language))

    def date(self, value: dt.date) -> str:
        """A day in words: 31 October 2022."""
        from babel.dates import format_date

        first_in_french = self.language == "fr" and value.day == 1
        return str(format_date(value, format="d'er' MMMM y" if first_in_french else "d MMMM y", locale=self.language))

    def month(self, value: MonthName) -> str:
        """A month in words: October 2022."""
        from babel.dates import format_date

        return str(format_date(dt.date(value.year, value.month, 1), format="LLLL y", locale=self.language))

    def _sentence(self, text: Text) -> str:
        """The template's own words escaped, and each place filled. Raises KeyError for a place without a value."""
        parts: list[str] = []
        template = text.one if text.one is not None and self._single(text.values.get("n")) else text.template
        for words, place, _format, _conversion in string.Formatter().parse(self.words(template)):
            parts.append(self._escape(words) if words else "")
            if place is not None:
                parts.append(self.say(text.values[place]))
        return "".join(parts)

    def _single(self, count: Value) -> bool:
        number = count.value if isinstance(count, Number) else count
        return number in SINGLE[self.language]

    def _listing(self, items: list[str], joiner: str) -> str:
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + self._escape(f" {self.words(joiner)} ") + items[-1]

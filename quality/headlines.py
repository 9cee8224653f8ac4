"""Headlines against the events they report: what is read in UCDP GED's `source_headline`, beside the row it belongs to.

Whether a headline names the row's place or tells its number of dead is decided here by plain comparison of strings, not
by the reader that is measured.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harmattan.reading.mentions import FigureMeaning, Mention, PlaceMeaning
from harmattan.text.speaker import country_name
from harmattan.vocabulary.country import ISO3_BY_GW
from harmattan.vocabulary.document import Language
from quality.readers import EVENT_FILE, Reader

LEAST_WORDS = 3
"""A headline of fewer words ("#Mali", "Witnesses") is left out."""
PLACES = ("where_coordinates", "adm_2", "adm_1")
NUMBERS = ("best", "deaths_a", "deaths_b", "deaths_civilians")
SHORT = {"BFA": ("Burkina",), "CIV": ("Ivory Coast",)}
DEATHS = ("deaths", "civilians_killed", "peacekeepers_killed")
_KIND = re.compile(r"\b(\s*\([^)]*\)|\s+[a-zà-ÿ]+)+$")
_TOO_COMMON = {"centre", "nord", "sud", "est", "sahel", "north", "east", "central", "niger", "mali", "lacs", "savanes"}
"""Names of regions that are also words, countries or areas without borders: a comparison of strings cannot tell."""
_DEAD = re.compile(
    r"\b(kill\w*|dead|died?|dies|deaths?|slain|massacred?|morts?|mortes?|tue[rs]?|tuee?s?|abattus?|executed|lives)\b"
)
_FRENCH = re.compile(r"\b(le|la|les|des|du|une?|dans|aux?|par|sur|pres|et|contre|lors|d'|l')\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(the|of|in|by|on|and|at|to|for|from|with|as|after|near|kill\w*|attack|dead)\b", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w.,/:#-])(\d{1,3}|[a-z]+(?:-[a-z]+)?)(?![\w/:]|[.,]\d)")
_EN = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_FR = "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_TENS_EN, _TENS_FR = "twenty thirty forty fifty sixty", "vingt trente quarante cinquante soixante"
WORDS: Mapping[str, int] = {
    word: number
    for words, first, step in ((_EN, 2, 1), (_FR, 2, 1), (_TENS_EN, 20, 10), (_TENS_FR, 20, 10))
    for number, word in enumerate(words.split())
    for number in (first + step * number,)
}


@dataclass(frozen=True)
class Headline:
    """A headline and the event it belongs to."""

    text: str
    language: Language
    day: dt.date
    iso3: str
    places: tuple[str, ...]
    numbers: frozenset[int]

    def names_country(self, words: str) -> bool:
        """Whether a name of the row's country stands in words."""
        folded = fold(words)
        return any(re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", folded) for name in country_names(self.iso3))

    @property
    def place_spans(self) -> list[tuple[int, int]]:
        """Where the text names a place of the row, as its words stand there."""
        folded = fold(self.text)
        spans = []
        for name in self.places:
            for found in re.finditer(rf"(?<!\w){re.escape(fold(name))}(?!\w)", folded, re.IGNORECASE):
                if self.text[found.start()].isupper():
                    spans.append(found.span())
        return spans

    @property
    def death_spans(self) -> list[tuple[int, int, int]]:
        """Where the text has a number of two or more that the row has as a number of dead, with the number."""
        folded = fold(self.text).lower()
        if not _DEAD.search(folded):
            return []
        found = [
            (*one.span(1), int(one[1]) if one[1].isdigit() else WORDS.get(one[1], 0)) for one in _TOKEN.finditer(folded)
        ]
        return [one for one in found if one[2] > 1 and one[2] in self.numbers]


@dataclass
class Shares:
    """Of so many headlines so many are right, by what is asked and language."""

    counts: dict[tuple[str, str], list[int]]

    def add(self, what: str, language: str, right: bool) -> None:
        """Counts one headline."""
        for of in (language, "all"):
            pair = self.counts.setdefault((what, of), [0, 0])
            pair[0] += right
            pair[1] += 1


COUNTRY, ANY, PLACE, FIGURE, VALUE = (
    "country right", "country right, also where only others are named", "place confirmed", "figure found",
    "figure found, whatever it counts",
)  # fmt: skip


def fold(text: str) -> str:
    """Without accents, one character for one.

    >>> fold("Ménaka’s")
    "Menaka's"
    """
    return "".join(unicodedata.normalize("NFD", one)[0] for one in text).replace("’", "'")


def country_names(iso3: str) -> tuple[str, ...]:
    """A country's names in English and French by CLDR, and its usual short form."""
    return (country_name(iso3, "en"), country_name(iso3, "fr"), *SHORT.get(iso3, ()))


def _stem(place: str) -> str:
    return _KIND.sub("", place.strip().rstrip(",")).strip()


def headlines(data: Path) -> Iterator[Headline]:
    """Every different headline of every event that has one."""
    with gzip.open(data / EVENT_FILE, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names = {_stem(row[column]) for column in PLACES}
            places = tuple(sorted(one for one in names if len(one) > 3 and fold(one).lower() not in _TOO_COMMON))
            numbers = frozenset(int(row[column]) for column in NUMBERS)
            for text in sorted({one.strip() for one in row["source_headline"].split(";")}):
                if len(text.split()) >= LEAST_WORDS:
                    french = len(_FRENCH.findall(fold(text))) > len(_ENGLISH.findall(text))
                    day = dt.date.fromisoformat(row["date_end"][:10])
                    iso3 = ISO3_BY_GW[int(row["country_id"])]
                    yield Headline(text, "fr" if french else "en", day, iso3, places, numbers)


def _on(mention: Mention, start: int, end: int) -> bool:
    return mention.start < end and start < mention.end


def measured(reader: Reader, data: Path) -> Shares:
    """The shares of the headline test."""
    shares = Shares({})
    seen: dict[str, tuple[Mention, ...]] = {}
    for one in headlines(data):
        if one.text not in seen:
            seen[one.text] = reader.read(one.text, one.language, one.day)
        mentions = seen[one.text]
        places = [mention for mention in mentions if isinstance(mention.meaning, PlaceMeaning)]
        countries = {mention.meaning.place.iso3 for mention in places}  # type: ignore[union-attr]
        within = any(mention.kind == "actor" and one.names_country(mention.text) for mention in mentions)
        right = within or one.iso3 in countries
        spans = one.place_spans
        if spans or one.names_country(one.text):
            shares.add(COUNTRY, one.language, right)
        if countries or within:
            shares.add(ANY, one.language, right)
        if spans:
            here = [mention for mention in places if mention.meaning.place.iso3 == one.iso3]  # type: ignore[union-attr]
            shares.add(PLACE, one.language, any(_on(mention, *span) for mention in here for span in spans))
        dead = one.death_spans
        if dead:
            figures = [
                mention.meaning
                for mention in mentions
                for start, end, number in dead
                if isinstance(mention.meaning, FigureMeaning)
                and _on(mention, start, end)
                and mention.meaning.amount.value == number
            ]
            shares.add(VALUE, one.language, bool(figures))
            shares.add(FIGURE, one.language, any(figure.indicator in DEATHS for figure in figures))
    return shares

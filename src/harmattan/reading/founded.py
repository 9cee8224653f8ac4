"""Whether a filled form says no more than its quotation: the rule by which a language model's forms are let in.

1. The quotation stands in the document, exactly or typographically equal (`harmattan.reading.quoted`), and neither
   begins nor ends within a word or a number.
2. Every number of the form is one that stands in the quotation, with the word beside it ("at least", "almost"), as
   `harmattan.reading.figures` reads it there. "13" out of "13 million" is not there.
3. Every name of the form (actors, forces, places, whoever said it) stands in the quotation in these words. A country,
   which every form needs, is named anywhere in the document.
4. Every date of the form is the beginning, the end or the whole of a date in the quotation, as
   `harmattan.reading.dates` reads it there; relative ones by the day of publication.
5. A negation in the sentences that the quotation reaches into stands in the quotation, and the form says it: denied,
   none, zero, gone, or not before. A form that denies has a quotation that negates.
6. It gives no verdict, and has no field that the form does not have (`harmattan.reading.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harmattan.reading.countries import countries
from harmattan.reading.dates import dates
from harmattan.reading.figures import figures
from harmattan.reading.forms import ClaimForm
from harmattan.reading.mentions import DateMeaning, FigureMeaning, Mention
from harmattan.reading.numerals import DIGITS, WORDS, parsed
from harmattan.reading.quoted import Plain, enclosing, holds, plain, stands
from harmattan.reading.sentences import sentences
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.document import Document, Language
from harmattan.vocabulary.partial import PartialDate

NAMES = frozenset(("actor", "by", "against", "subject", "object", "force", "successor", "place", "id"))
NUMBERS = frozenset(("factor", "window", "top", "count"))
DATES = frozenset(("from", "to", "date", "on", "since", "until"))
_TIMES = {"double": 2, "doubled": 2, "twice": 2, "doublé": 2, "tripled": 3, "triple": 3, "triplé": 3, "thrice": 3,
          "quadrupled": 4, "quadruplé": 4, "half": 2, "halved": 2, "moitié": 2}  # fmt: skip
_NO: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|den(?:y|ies|ied|ying)|refut\w+|false(?:ly)?"
        r"|unfounded|untrue|unlikely|hardly|fail(?:s|ed)? to)\b|\w+n['’]t\b",
        re.I,
    ),
    "fr": re.compile(
        r"\b(?:ne|pas|non|jamais|aucune?|ni|sans|nulle?|rien|nie(?:nt)?|niait|niant|n(?:ié|ier)|dément\w*|démenti\w*|réfut\w+"
        r"|faux|fausse\w*|infondée?s?)\b|\bn['’](?=\w)",
        re.I,
    ),
}
_NO_NEGATION: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\bnot only\b|\b(?:no|not) (?:fewer|less|more) than\b|\bno doubt\b", re.I),
    "fr": re.compile(r"\b(?:non|pas) (?:seulement|moins de|plus de)\b|\bsans doute\b", re.I),
}


@dataclass(frozen=True)
class Ground:
    """A document as forms are held against it."""

    document: Document

    @cached_property
    def plain(self) -> Plain:
        """Its text as quotations are looked for."""
        return plain(self.document.text)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The spans of its sentences."""
        return tuple((one.start, one.end) for one in sentences(self.document.text, self.document.language))

    @cached_property
    def figures(self) -> tuple[Mention, ...]:
        """Its figures."""
        return figures(self.document.text, self.document.language)

    @cached_property
    def dates(self) -> tuple[Mention, ...]:
        """Its dates."""
        return dates(self.document.text, self.document.language, self.document.day)

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that it names."""
        text = self.plain.text.casefold()
        return frozenset(place.iso3 for place in countries() if stands(text, place.name))


@dataclass(frozen=True)
class Quoted:
    """A quotation at its place."""

    ground: Ground
    start: int
    end: int

    @property
    def words(self) -> str:
        """The document's own words."""
        return self.ground.document.text[self.start : self.end]

    def within(self, mentions: tuple[Mention, ...]) -> Iterator[Mention]:
        """Those of some mentions that stand whole in the quotation."""
        return (one for one in mentions if self.start <= one.start and one.end <= self.end)

    def negated(self, start: int, end: int) -> bool:
        """Whether a piece of the document has a word that negates."""
        document = self.ground.document
        text = _NO_NEGATION[document.language].sub(" ", document.text[start:end])
        return _NO[document.language].search(text) is not None


def unfounded(form: ClaimForm, quoted: Quoted) -> Text | None:
    """Why a form says more, less or something else than its quotation; None where it does not."""
    if form.attributed_to and not holds(quoted.words, form.attributed_to):
        return _not_there(form.attributed_to)
    filled = [part.model_dump(mode="json", by_alias=True, exclude_unset=True) for part in form.part]
    for part in filled:
        for found in _faults(part, quoted):
            return found
    return _negation(form, filled, quoted)


def _faults(part: dict[str, Any], quoted: Quoted) -> Iterator[Text]:
    for field, value in part.items():
        if isinstance(value, dict):
            yield from _faults(value, quoted)
        elif value is None:
            continue
        for one in value if isinstance(value, list | tuple) else (value,):
            if field in NAMES and not holds(quoted.words, str(one)):
                yield _not_there(str(one))
            elif field == "country" and one not in quoted.ground.countries:
                yield T("The document does not name the country {country}.", country=Verbatim(str(one)))
            elif field in DATES and not _dated(str(one), quoted):
                yield T("The date {date} is not in the quotation.", date=Verbatim(str(one)))
            elif field in NUMBERS and float(one) not in _numbers(quoted):
                yield _no_number(one)
    if "value" in part and not _figure(part, quoted):
        yield _no_number(part["value"])


def _figure(part: dict[str, Any], quoted: Quoted) -> bool:
    """Whether the value, its upper end and the word beside it are those of one figure of the quotation."""
    for mention in quoted.within(quoted.ground.figures):
        if isinstance(mention.meaning, FigureMeaning):
            amount = mention.meaning.amount
            same = (amount.value, amount.high, amount.qualifier)
            if same == (float(part["value"]), part.get("high"), part.get("qualifier", "exact")):
                return True
    return False


def _numbers(quoted: Quoted) -> set[float]:
    """Every number of the quotation, also such as count nothing."""
    language = quoted.ground.document.language
    written = re.finditer(rf"(?<!\w)(?:{DIGITS[language]}|{WORDS[language]})(?!\w)", quoted.words, re.I)
    found = {value for one in written if (value := parsed(one[0], language)) is not None}
    return found | {float(value) for word, value in _TIMES.items() if holds(quoted.words, word)}


def _dated(written: str, quoted: Quoted) -> bool:
    date = PartialDate.parse(written)
    for mention in quoted.within(quoted.ground.dates):
        if isinstance(mention.meaning, DateMeaning):
            start, end = mention.meaning.start, mention.meaning.end
            begins = start is not None and date.earliest == start and (end is None or (date.latest or end) <= end)
            ends = end is not None and date.latest == end and (start is None or (date.earliest or start) >= start)
            if begins or ends:
                return True
    return False


def _negation(form: ClaimForm, filled: list[dict[str, Any]], quoted: Quoted) -> Text | None:
    denies = form.modality == "denied" or any(
        part.get("expect") == "none" or part.get("value") == 0 or part.get("count") == 0 for part in filled
    )
    says = denies or any(part.get("state") == "gone" or part.get("how") == "after" for part in filled)
    inside = quoted.negated(quoted.start, quoted.end)
    if denies and not inside:
        return T("The form denies, and the quotation does not.")
    if inside and not says:
        return T("The quotation negates, and the form does not say so.")
    start, end = enclosing(quoted.ground.sentences, quoted.start, quoted.end)
    if quoted.negated(start, quoted.start) or quoted.negated(quoted.end, end):
        return T("The sentence around the quotation negates, and the quotation leaves that out.")
    return None


def _not_there(name: str) -> Text:
    return T("The name {name} is not in the quotation.", name=Verbatim(name[:80]))


def _no_number(number: float) -> Text:
    return T("The number {number} is not in the quotation, or stands there with another word beside it.", number=number)

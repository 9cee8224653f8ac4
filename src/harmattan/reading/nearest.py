"""Which place and which date a figure is likely about: the nearest in its sentence, the paragraph's, the text's."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from harmattan.reading.claim_words import THAN
from harmattan.reading.countries import demonyms
from harmattan.reading.folding import fold
from harmattan.reading.mentions import DateMeaning, FigureMeaning, Mention, PlaceKind, PlaceMeaning, Sentence
from harmattan.reading.place_words import KIND_WORDS, LEADING, LINKS

Numbered = tuple[int, Mention]
"""A mention and its position in the reading."""
_CLAUSE = re.compile(r";|:|—|\b(?:while|whereas|but|although|tandis qu|alors qu|mais)\b", re.IGNORECASE)
_BEFORE, _CLAUSES, _OPEN = 1.6, 120.0, 60.0
"""A place before its figure is so many times farther; a clause between, and an open date, are so many signs."""
_REACH = 200
_OPENS = re.compile(
    r"(?:[,;]\s(?:and|but|while|et|mais|tandis qu['’e]\s?)|;)\s?"
    r"(?:(?:as of|as at|by|in|on|since|from|en|au|depuis|le|fin|début|à la date du)\s)?(?:the )?$",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:once|formerly|previously|at (?:its|their|the) (?:height|peak)|autrefois|jadis|naguère|à son apogée)\b"
    r"[^.;]*$",
    re.IGNORECASE,
)
"""What was so once was not so on the date of what is told now."""
STANDING = (
    "people_in_need", "people_targeted", "food_insecure", "funding_required_usd", "schools_closed", "idps", "refugees",
    "returnees", "displaced", "percent", "troops",
)  # fmt: skip
"""Indicators of how many there are, not of what happened somewhere."""
BEFALLEN = ("deaths", "civilians_killed", "peacekeepers_killed", "injured", "abducted", "arrested")
"""Indicators of what happened to people at a place."""
_DATELINE = re.compile(r"\W{0,2}[^\n.;:]{2,70}?(?:\.?\s[-–—]\s|\)\s?[-–—:]\s|,\s\d[^\n.;:]{2,30}\.\s)")
_NAME = r"[A-ZÀ-Þ][\w’'-]*"
_PLACE_AND_DAY = re.compile(rf"\W{{0,2}}{_NAME}(?: {_NAME}){{0,2}}(?:,\s[^\n.;:]{{3,25}})?\s[-–—]\s")
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|reported|stated|declared|added|annoncé|annonce|déclaré|déclare|indiqué|indique|affirmé|"
    r"affirme|précisé|précise|rapporté|rapporte)\b(?:(?!\bthat\b|\bqu)[^,.;:\n\d]){0,40}$",
    re.IGNORECASE,
)
"""The day on which something was said is not the day on which it happened."""
_WORD = re.compile(r"\s*([^\W\d_]+)")
SIZES: tuple[PlaceKind, ...] = ("town", "base", "events", "cell", "admin2", "admin1", "country")
"""Kinds of places, the smallest first."""


def place_of(text: str, figure: Mention, places: Sequence[Numbered], told: Sequence[Sentence]) -> int | None:
    """The position of the place that a figure is likely about; None where nothing before it in the text says."""
    places = _after_dateline(text, figure, places)
    around = _within(figure, places, told)
    people = _people(text, figure, told, min((_far(text, figure, p, _BEFORE) for _n, p in around), default=_CLAUSES))
    theirs = [one for one in places if people and _is_country(one, people) and one[1].start < figure.end + _REACH]
    if theirs:
        return theirs[-1][0]
    if around:
        near = min(around, key=lambda one: _far(text, figure, one[1], _BEFORE))
        return min(_chain(text, near, around), key=_size)[0]
    earlier = _earlier(text, figure, places)
    if earlier:
        return min(_chain(text, earlier[-1], earlier), key=_size)[0]
    return _subject(figure, text, places, told)


def date_of(text: str, figure: Mention, dates: Sequence[Numbered], told: Sequence[Sentence]) -> int | None:
    """The position of the date that a figure is likely about; None where its paragraph says none before it."""
    dates = [
        one
        for one in _after_dateline(text, figure, dates)
        if not _REPORTED.search(text[max(0, one[1].start - 60) : one[1].start])
    ]
    around = _within(figure, dates, told)
    if around:
        there = [one for one in around if not (_of_the_next(text, figure, one[1]) or _compared(text, figure, one[1]))]
        if not there or _ONCE.search(_CLAUSE.split(text[max(0, figure.start - _REACH) : figure.start])[-1]):
            return None
        return min(there, key=lambda one: _far(text, figure, one[1], 1.0) + _opened(one[1]))[0]
    earlier = _earlier(text, figure, dates)
    return earlier[-1][0] if earlier else None


def _of_the_next(text: str, figure: Mention, date: Mention) -> bool:
    """Whether a date opens the clause after a figure's: "13 million need help, and as of May 363,000 …"."""
    return date.start > figure.end and _OPENS.search(text[figure.end : date.start]) is not None


def _compared(text: str, figure: Mention, date: Mention) -> bool:
    """Whether a date is only what a figure's is compared with: "900 dead, twice as many as in 2021"."""
    start = max(0, date.start - 40, figure.end if figure.end <= date.start else 0)
    return THAN.search(text[start : date.start]) is not None


def _subject(figure: Mention, text: str, places: Sequence[Numbered], told: Sequence[Sentence]) -> int | None:
    """What the text is about, where the figure's paragraph names no place.

    Of a standing number the country that most of the text's places lie in; of what befell people the smallest place of
    the first sentence that names one.
    """
    before = [one for one in places if one[1].end <= figure.start]
    indicator = figure.meaning.indicator if isinstance(figure.meaning, FigureMeaning) else None
    if not before or indicator not in (*STANDING, *BEFALLEN):
        return None
    if indicator in BEFALLEN:
        first = _within(before[0][1], before, told)
        return min(_chain(text, first[0], first), key=_size)[0] if first else None
    codes = Counter(one[1].meaning.place.iso3 for one in places if isinstance(one[1].meaning, PlaceMeaning))
    there = [one for one in before if _is_country(one, codes.most_common(1)[0][0])]
    return there[-1][0] if there else None


def _after_dateline(text: str, figure: Mention, others: Sequence[Numbered]) -> Sequence[Numbered]:
    """All but those in the line that a report begins with ("BAMAKO, June 14 -"), which says where it was written.

    It may stand below a title, at the beginning of the figure's own paragraph.
    """
    kept = others
    own = text.rfind("\n", 0, figure.start) + 1
    for start, form in {(0, _DATELINE), (own, _PLACE_AND_DAY)}:
        if found := form.match(text, start):
            kept = [one for one in kept if not start <= one[1].start < found.end()]
    return kept


def _people(text: str, figure: Mention, told: Sequence[Sentence], nearest: float) -> str:
    """The country whose people are counted ("363,000 Malians"), or named in the figure's clause where no place is."""
    words = _WORD.match(text[figure.end : figure.end + 30])
    for word in (fold(words[1]) if words else "", fold(figure.text).rpartition(" ")[2]):
        if word.endswith("s") and word in demonyms():
            return demonyms()[word]
    if nearest < _CLAUSES:
        return ""
    start = max((s.start for s in told if s.start <= figure.start), default=0)
    clause = _CLAUSE.split(text[max(start, figure.start - _REACH) : figure.start])[-1]
    named = [demonyms()[word] for word in fold(clause).replace("|", " ").split() if word in demonyms()]
    return named[-1] if named else ""


def _is_country(one: Numbered, iso3: str) -> bool:
    meaning = one[1].meaning
    return isinstance(meaning, PlaceMeaning) and meaning.place.iso3 == iso3 and meaning.place.kind == "country"


def _within(figure: Mention, others: Sequence[Numbered], told: Sequence[Sentence]) -> list[Numbered]:
    number = bisect_right(told, figure.start, key=lambda sentence: sentence.start) - 1
    if number < 0:
        return []
    sentence = told[number]
    return [one for one in _from(others, sentence.start, sentence.end) if one[1].end <= sentence.end]


def _from(others: Sequence[Numbered], start: int, end: int) -> Sequence[Numbered]:
    """Those that begin from `start` up to and without `end`."""
    first = bisect_left(others, start, key=lambda one: one[1].start)
    return others[first : bisect_left(others, end, key=lambda one: one[1].start)]


def _earlier(text: str, figure: Mention, others: Sequence[Numbered]) -> list[Numbered]:
    """The mentions before a figure in its paragraph."""
    start = max(text.rfind("\n", 0, figure.start), 0)
    return list(_from(others, start, figure.start))


def _far(text: str, figure: Mention, other: Mention, before: float) -> float:
    behind = other.start >= figure.start
    between = text[figure.end : other.start] if behind else text[other.end : figure.start]
    clauses = len(_CLAUSE.findall(between))
    return len(between) * (1.0 if behind else before) + clauses * _CLAUSES


def _opened(mention: Mention) -> float:
    meaning = mention.meaning
    return _OPEN if isinstance(meaning, DateMeaning) and (meaning.start is None or meaning.end is None) else 0.0


def _size(one: Numbered) -> int:
    meaning = one[1].meaning
    return SIZES.index(meaning.place.kind) if isinstance(meaning, PlaceMeaning) else len(SIZES)


def _chain(text: str, near: Numbered, places: Sequence[Numbered]) -> list[Numbered]:
    """A place and those that say where it lies: "in Solhan, in Yagha province, Burkina Faso"."""
    at = places.index(near)
    first = last = at
    while first > 0 and _joined(text[places[first - 1][1].end : places[first][1].start]):
        first -= 1
    while last + 1 < len(places) and _joined(text[places[last][1].end : places[last + 1][1].start]):
        last += 1
    return list(places[first : last + 1])


def _joined(between: str) -> bool:
    if len(between) > 40 or not any(sign in between for sign in ",('’") or ";" in between:
        return False
    pieces = fold(between).replace("|", " ").split()
    known = LEADING | LINKS | set(KIND_WORDS) | {"s", "northern", "southern", "eastern", "western", "central", "nord"}
    return "and" not in pieces and "et" not in pieces and all(piece in known for piece in pieces)

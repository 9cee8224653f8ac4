"""Dates of English and French texts as intervals of whole days.

Conventions, where words leave a choice:

- early / début is the first third, mid / mi- the middle and late / fin the last third: of a year January-April,
  May-August, September-December; of a month days 1-10, 11-20 and the rest; of a decade four, three and three years.
- "since 2012" is open at the end, "until 2012" and "by 2022" at the beginning. "After" and "before" are not reckoned:
  the date beside them is given.
- "Last month" is the calendar month before, "last week" Monday to Sunday; "the past year" runs from the same day a year
  before up to the day of publication. "Two weeks ago" is a day, "two months ago" a month, "two years ago" a year.
- A date without a year takes that of the date it is listed with ("in March and April 2022"), else of the last date with
  a year in its paragraph, else it is the latest such date on or before publication (the next after "will", "prévu").
- A date in digits that may be day-month or month-day is skipped in English unless the document shows which it is.
- Winter is named by the year in which it begins; northern seasons, see `harmattan.reading.spells`.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harmattan.reading.date_atoms import Atom, atoms
from harmattan.reading.mentions import DateMeaning, Mention
from harmattan.reading.spells import Spell
from harmattan.vocabulary.document import Language

RULE = "reading.dates"

_TO = {
    "en": re.compile(r"\s?(?:[-–—]|to|until|till|through|up to)\s?(?:the )?"),
    "fr": re.compile(r"\s?(?:[-–—]|à|au|jusqu['’](?:à|au|en))\s?(?:l['’]|la |le )?"),
}
_AND = {"en": re.compile(r"(?:st|nd|rd|th)?,?\s(?:and)\s(?:the )?"), "fr": re.compile(r"\s(?:et)\s(?:le |la |l['’])?")}
_LIST = {
    "en": re.compile(r"(?:,\s?|,?\s(?:and|or)\s)(?:in |on |the )?"),
    "fr": re.compile(r"(?:,\s?|\s(?:et|ou)\s)(?:en |le |au )?"),
}
_BETWEEN = {"en": re.compile(r"\bbetween (?:the )?$", re.I), "fr": re.compile(r"\bentre (?:les? |la |l['’])?$", re.I)}
_FROM = {
    "en": re.compile(r"\bfrom (?:the )?$", re.I),
    "fr": re.compile(r"(?:\b(?:de|du|de la)\s|\bd['’]|de l['’])$", re.I),
}
_SINCE = {
    "en": re.compile(r"\b(?:ever )?since (?:at least |around |about )?(?:the )?$|\b(?:as of|starting|from) $", re.I),
    "fr": re.compile(
        r"\bdepuis (?:au moins )?(?:le |la |l['’]|les )?$|\bà (?:partir|compter) (?:de |du |d['’]|de la |de l['’])$",
        re.I,
    ),
}
_WHEN = re.compile(r",?\s(?:when|quand|lorsque?)\b")
"""After a date that only says since when nothing like it had been ("the deadliest since June 2022, when …")."""
_ONWARD = re.compile(r"\s(?:on(?:wards?)?|forward)\b(?!\s(?:the|a)\b)")
_UNTIL = {
    "en": re.compile(r"\b(?:until|till|up to|by)\s(?:the )?$", re.I),
    "fr": re.compile(r"\b(?:jusqu['’](?:en |au |à |aux )|d['’]ici (?:à |au |la |le |l['’])?)(?:la |le |l['’])?$", re.I),
}
_FUTURE = {
    "en": re.compile(
        r"\b(?:will|would|plan(?:s|ned)?|scheduled|due|expected|upcoming|set|must|should|has to|have to)"
        r" (?:[^.;]{0,60})$",
        re.I,
    ),
    "fr": re.compile(
        r"\b(?:aura|auront|devra(?:it|ient)?|devront|sera|seront|prévue?s?|attendue?s?|prochaine?s?|compte(?:nt)?|doit|doivent)\b[^.;]{0,60}$",
        re.I,
    ),
}
_SPOKE = re.compile(r"\b(?:said|announced|told|added|warned|killed|died|a (?:dit|annoncé|déclaré|tué)|ont)\b")
_FRAMES = re.compile(r"(?:^|[.!?»”\"]\s{1,2}|\n)\s?(?:In|During|En|Au cours de|Throughout)\s$")
BEFORE = 90
"""How many characters before a date are looked at for words that bear on it."""


@dataclass(frozen=True)
class _Whole:
    """One date of the text: an atom, or two that make a range."""

    first: Atom
    last: Atom | None = None
    year_of: Atom | None = None
    """The atom it is listed with, whose year is its own."""

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return (self.last or self.first).end


@dataclass
class _Frame:
    """The last date with a year in the paragraph."""

    paragraph: int = -1
    year: int | None = None
    month: int | None = None
    anywhere: int | None = None
    """The last explicit year of the document."""


@dataclass
class _Here:
    """What a date is read with."""

    text: str
    language: Language
    published: dt.date | None
    frame: _Frame


def dates(text: str, language: Language, published: dt.date | None) -> tuple[Mention, ...]:
    """The dates of a text that can be put into whole days, in order.

    Without a day of publication relative dates are left out, and those without a year take the document's last one.

    >>> [found] = dates("Attacks rose between March and May 2022.", "en", None)
    >>> found.text, found.meaning.start.isoformat(), found.meaning.end.isoformat()
    ('March and May 2022', '2022-03-01', '2022-05-31')
    >>> [found] = dates("Le camp a fermé le mois dernier.", "fr", __import__("datetime").date(2023, 1, 9))
    >>> found.text, found.meaning.start.isoformat()
    ('le mois dernier', '2022-12-01')
    """
    wholes = list(_wholes(text, language, atoms(text, language)))
    breaks = [m.start() for m in re.finditer(r"\n\s*\n" if "\n\n" in text else r"\n", text)]
    here, found = _Here(text, language, published, _Frame()), []
    for whole in wholes:
        paragraph = bisect_right(breaks, whole.start)
        if paragraph != here.frame.paragraph:
            here.frame = _Frame(paragraph, anywhere=here.frame.anywhere)
        spell = _spell(whole, here)
        if spell is None:
            continue
        _remember(here.frame, whole, spell, text)
        opened = _opened(spell, whole, text, language)
        meaning = DateMeaning(opened.start, opened.end, opened.precision, opened.relative)
        found.append(Mention(whole.start, whole.end, text[whole.start : whole.end], meaning, RULE))
    return tuple(found)


def _wholes(text: str, language: Language, found: tuple[Atom, ...]) -> Iterator[_Whole]:
    """Ranges joined, and lists in which the last date has the year."""
    index = 0
    while index < len(found):
        atom = found[index]
        after = found[index + 1] if index + 1 < len(found) else None
        if after is not None and _joined(text, language, atom, after):
            yield _Whole(atom, after)
            index += 2
            continue
        yield _Whole(atom, year_of=_listed(text, language, found, index))
        index += 1


def _joined(text: str, language: Language, first: Atom, last: Atom) -> bool:
    if last.start - first.end > 18 or first.end == last.start:
        return False
    gap, before = text[first.end : last.start], text[max(0, first.start - 12) : first.start]
    if first.day != last.day and not (first.day and last.reckon):
        return False
    if _AND[language].fullmatch(gap):
        return bool(_BETWEEN[language].search(before))
    if not _TO[language].fullmatch(gap):
        return False
    return language == "en" or gap.strip()[:1] in "-–—" or bool(_FROM["fr"].search(before)) or "jusqu" in gap


def _listed(text: str, language: Language, found: tuple[Atom, ...], index: int) -> Atom | None:
    atom = found[index]
    if atom.year is not None or atom.fill is None or atom.reckon is not None:
        return None
    for after in found[index + 1 : index + 7]:
        if not _LIST[language].fullmatch(text[found[index].end : after.start][:20]):
            return None
        if after.year is not None and after.month is not None:
            return after
        index += 1
    return None


def _spell(whole: _Whole, here: _Here) -> Spell | None:
    try:
        if whole.last is None:
            return _one(whole.first, whole.year_of, here)
        return _range(whole.first, whole.last, here)
    except (ValueError, OverflowError):
        return None


def _range(first: Atom, last: Atom, here: _Here) -> Spell | None:
    if first.year is not None and last.year is None and last.fill and last.month and not last.reckon:
        last = replace(last, year=first.year + (last.month < (first.month or 0)))
    end = _one(last, None, here)
    if end is None or end.end is None:
        return None
    if first.year is None and first.fill is not None and first.reckon is None:
        first = replace(first, year=end.end.year - ((first.month or 0) > end.end.month))
    begin = _one(first, None, here)
    if begin is None or begin.start is None or begin.start > end.end:
        return None
    precision = {"day": "days", "year": "years"}.get(begin.precision, begin.precision)
    return replace(end, start=begin.start, precision=precision, relative=begin.relative or end.relative)  # type: ignore[arg-type]


def _one(atom: Atom, beside: Atom | None, here: _Here) -> Spell | None:
    if atom.reckon is not None:
        return atom.reckon(here.published) if here.published else None
    if atom.fill is None:
        return None
    if atom.year is not None:
        return atom.fill(atom.year)
    if beside is not None and beside.year is not None:
        return atom.fill(beside.year - ((atom.month or 0) > (beside.month or 13)))
    return _in_context(atom, here)


def _in_context(atom: Atom, here: _Here) -> Spell | None:
    """The year that is not written: of the paragraph, else the latest by publication, else of the document."""
    assert atom.fill is not None
    if here.frame.year is not None:
        year = here.frame.year
        if here.frame.month and atom.month and here.frame.month - atom.month >= 6:
            year += 1
        spell = atom.fill(year)
        if here.published is None or (spell.start and spell.start <= here.published):
            return spell
    if here.published is None:
        return atom.fill(here.frame.anywhere) if here.frame.anywhere is not None else None
    before = here.text[max(0, atom.start - BEFORE) : atom.start]
    future = _FUTURE[here.language].search(before)
    ahead = future is not None and not _SPOKE.search(future.group())
    if here.language == "fr" and re.search(r"\bd['’]ici (?:à |au |le )?$", before):
        ahead = True
    return replace(_nearest(atom, here.published, ahead), relative=True)


def _nearest(atom: Atom, published: dt.date, ahead: bool) -> Spell:
    assert atom.fill is not None
    order = range(published.year, published.year + 5) if ahead else range(published.year, published.year - 9, -1)
    for year in order:
        try:
            spell = atom.fill(year)
        except ValueError:  # 29 February
            continue
        if (ahead and spell.end and spell.end >= published) or (not ahead and spell.start and spell.start <= published):
            return spell
    raise ValueError("there is no such day in these years")


def _remember(frame: _Frame, whole: _Whole, spell: Spell, text: str) -> None:
    """Which year the dates that follow take: of a date with a month, or of a year that opens its sentence."""
    atom = whole.last or whole.first
    if spell.end is None:
        return
    if atom.year is not None:
        frame.anywhere = spell.end.year
    before = text[max(0, whole.start - 28) : whole.start]
    if atom.month is not None or (spell.precision == "year" and _FRAMES.search(before)):
        frame.year, frame.month = spell.end.year, atom.month


def _opened(spell: Spell, whole: _Whole, text: str, language: Language) -> Spell:
    """The interval with the side left open that "since", "until" or "by" leaves open."""
    if whole.last is not None:
        return spell
    before = text[max(0, whole.start - 24) : whole.start]
    since = None if _WHEN.match(text, whole.end) else _SINCE[language].search(before)
    if since:
        if since.group().lower().startswith(("from", "as of", "starting")):
            onward = _ONWARD.match(text, whole.end)
            return replace(spell, end=None) if onward or since.group().lower().startswith("starting") else spell
        return replace(spell, end=None)
    if _UNTIL[language].search(before):
        return replace(spell, start=None)
    return spell

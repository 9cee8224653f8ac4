"""The dates in a text, each by itself: what is written, before ranges are joined and missing years are found.

An `Atom` can say its days once it is given a year (`fill`) or the day of publication (`reckon`). One that can say
neither is kept as well, so that its numbers are not taken for figures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from harmattan.reading import spells
from harmattan.reading.date_relative import relative
from harmattan.reading.date_words import (
    ANY,
    COUNTED,
    FULL,
    MONTHS,
    ORDINALS,
    PART,
    SEASONS,
    TO,
    WEEKDAY,
    YEAR_AFTER,
    D,
    Y,
    part,
)
from harmattan.reading.numerals import SPACE as S
from harmattan.reading.numerals import parsed
from harmattan.reading.spells import Spell
from harmattan.vocabulary.document import Language

Fill = Callable[[int], Spell]
Reckon = Callable[[dt.date], Spell]


@dataclass(frozen=True)
class Atom:
    """One date expression; `month` orders those that lack a year."""

    start: int
    end: int
    fill: Fill | None = None
    year: int | None = None
    month: int | None = None
    reckon: Reckon | None = None
    day: bool = False
    """Whether it names a day, so that it never serves as a month of its own."""


def _dated(found: re.Match[str], fill: Fill, month: int | None, day: bool = False, start: int | None = None) -> Atom:
    """An atom whose year stands beside it ("2022"), is told by publication ("of last year"), or is missing."""
    groups = found.groupdict()
    begin = found.start() if start is None else start
    if groups.get("y"):
        return Atom(begin, found.end(), fill, int(groups["y"]), month, day=day)
    if groups.get("ry"):
        word = groups["ry"].lower()
        shift = 0 if re.match("this|cette", word) else 1 if re.search("next|proch", word) else -1
        return Atom(begin, found.end(), fill, None, month, lambda p: replace(fill(p.year + shift), relative=True), day)
    return Atom(begin, found.end(), fill, None, month, day=day)


_MORE = {
    "en": rf"(?P<more>(?:{D},{S}){{0,4}}{D}(?:st|nd|rd|th)?,?{S}and{S}(?:the{S})?)?",
    "fr": rf"(?P<more>(?:{D},{S}){{0,4}}(?:1er|premier|{D}){S}et{S}(?:le{S})?)?",
}
MONTH_FIRST = re.compile(
    rf"\b(?:{WEEKDAY['en']},?{S}(?:the{S})?)?(?P<m>{ANY['en']}){S}(?:the{S})?(?P<more>{D}(?:st|nd|rd"
    rf"|th)?,?{S}and{S})?"
    rf"(?P<d>{D})(?:st|nd|rd|th)?(?:(?P<to>{TO['en']})(?P<e>{D})(?:st|nd|rd|th)?(?![\w]"
    rf"|{S}{FULL['en']}))?(?![\w]|[.,:]\d)"
    rf"(?!{S}{COUNTED['en']}){YEAR_AFTER['en']}?"
)
DAY_FIRST = {
    "en": re.compile(
        rf"(?<![\w.,:/-])(?:{WEEKDAY['en']},?{S})?(?:the{S})?{_MORE['en']}(?P<d>{D})(?:st|nd|rd|th)?"
        rf"(?:(?P<to>{TO['en']})(?P<e>{D})(?:st|nd|rd|th)?)?{S}(?:of{S})?(?P<m>{ANY['en']}){YEAR_AFTER['en']}?"
    ),
    "fr": re.compile(
        rf"(?<![\w.,:/-])(?:{WEEKDAY['fr']}{S})?{_MORE['fr']}(?P<d>1er"
        rf"|premier|{D})(?:(?P<to>{TO['fr']})(?:{WEEKDAY['fr']}{S})?"
        rf"(?P<e>1er|{D}))?{S}(?P<m>{ANY['fr']}){YEAR_AFTER['fr']}?",
        re.I,
    ),
}
MONTH = {
    "en": re.compile(rf"\b(?i:{PART['en']})?(?P<m>{ANY['en']}){YEAR_AFTER['en']}?"),
    "fr": re.compile(rf"\b(?:{PART['fr']}|courant{S})?(?P<m>{ANY['fr']}){YEAR_AFTER['fr']}?", re.I),
}
_THIS_YEAR = {
    "en": rf"(?P<ry>(?:the|this|last|next){S}year\b)",
    "fr": rf"(?P<ry>l['’]année\b(?:{S}\w{{1,2}}(?:ernière|assée))?)",
}
YEAR = {
    lang: re.compile(
        rf"(?:\b{PART[lang]}(?:the{S}year{S})?|(?P<word>(?:\bthe{S}year|l['’](?:année|an)){S})"
        rf"|(?<![\w.,/$€£#])(?<!\w-))"
        rf"(?:{Y}(?!/\d)(?:(?P<to>[-–/])(?P<z>(?:19|20)?\d\d)(?!\w|[-/]\d))?(?!-\d\d-\d))",
        re.I,
    )
    for lang in ("en", "fr")
}  # fmt: skip
SEASON = {
    "en": re.compile(
        rf"\b{PART['en']}?(?:the{S})?(?P<s>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all"
        rf"|[Ww]inter){S}(?:of{S})?{Y}(?:[-–/]\d{{2,4}})?"
    ),
    "fr": re.compile(
        rf"\b(?<!\ba )(?<!\bont )(?:{PART['fr']})?(?:(?:l['’]|le{S}|du{S}))?(?P<s>printemps|été|automne|hiver){S}"
        rf"(?:de{S}(?:l['’]année{S})?)?{Y}(?:[-–/]\d{{2,4}})?",
        re.I,
    ),
}
PERIOD = {
    "en": re.compile(
        rf"\b(?:the{S})?(?P<n>first|second|third|fourth|final|last|1st|2nd|3rd|4th){S}(?:(?P<k>\w{{1,12}}){S})?"
        rf"(?P<u>quarter|half|months){S}(?:of|in){S}(?:the{S}year{S})?(?:{Y}|{_THIS_YEAR['en']})",
        re.I,
    ),
    "fr": re.compile(
        rf"\b(?:(?P<k>\w{{1,12}}){S})?(?P<n>premi(?:ère|er)s?|deuxième|seconde?|troisième|quatrième"
        rf"|derni(?:ère|er)s?|1er|1re|2e|2ème"
        rf"|3e|3ème|4e|4ème){S}(?P<u>trimestre|semestre|moitié|mois){S}(?:de{S})?(?:l['’]année{S})?(?:{Y}"
        rf"|{_THIS_YEAR['fr']})",
        re.I,
    ),
}
QUARTER = re.compile(rf"\b(?P<u>[QTHS])(?P<n>[1-4])(?:{S}|[/-])(?:of{S})?{Y}")
DECADE = {
    "en": re.compile(rf"\b(?:{PART['en']})?(?:the{S})?(?P<x>(?:19|20)\d0)['’]?s\b", re.I),
    "fr": re.compile(
        rf"\b(?:{PART['fr']}(?:des{S})?)?(?:les{S}|des{S})?(?:années|décennie){S}(?P<x>(?:(?:19|20)\d"
        rf"|[1-9])0)\b(?![ -]\d)",
        re.I,
    ),
}
NUMERIC = re.compile(
    r"(?<![\w./-])(?:(?P<iso>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)"
    r"|(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)"
    r"(?P<yy>(?:19|20)\d\d|\d\d))(?![\w/-]|\.\d)"
)


def _number(word: str, language: Language) -> int:
    return 1 if word.lower() in ("1er", "1re", "premier") else int(parsed(word, language) or 0)


def _days(found: re.Match[str], language: Language) -> Iterator[Atom]:
    month = MONTHS[language].get(found["m"].rstrip(".").lower())
    if month is None:
        return
    first, last = _number(found["d"], language), _number(found["e"], language) if found["e"] else None
    start = found.start()
    if found["more"]:
        for number in re.finditer(r"1er|premier|\d{1,2}", found["more"], re.I):
            at = found.start("more") + number.start()
            one = _number(number.group(), language)
            listed = _dated(found, lambda y, one=one: spells.day(y, month, one), month, True, at)  # type: ignore[misc]
            yield replace(
                listed, start=start if start < at and number.start() == 0 else at, end=at + len(number.group())
            )
        start = found.start("d")
    yield _dated(found, lambda y: spells.day(y, month, first, last), month, True, start)


_LEADS = re.compile(
    r"\b(?:in|since|of|from|until|till|by|last|next|this|between|and|to|through|during|before|after|or)\s$", re.I
)


def _month(found: re.Match[str], text: str, language: Language) -> Iterator[Atom]:
    word = found["m"]
    month = MONTHS[language].get(word.rstrip(".").lower())
    alone = not (found["y"] or found["ry"])
    if month is None or (alone and (word.endswith(".") or not re.fullmatch(FULL[language], word, re.I))):
        return
    before = text[max(0, found.start() - 9) : found.start()]
    if language == "en" and alone and not found["part"] and word in ("May", "March") and not _LEADS.search(before):
        return
    yield _dated(found, lambda y: spells.month(y, month, part(found)), month)


_NOT_YEAR = re.compile(
    r"(?:resolutions?|résolutions?|no\.|n°|nos|articles?|art\.|law|loi|décret|page|room|flight)\s?$", re.I
)
_NO_NOUN = (
    "(?:was|has|is|as|does|its|his|this|thus|perhaps|across|les|des|dans|mais|plus|sous|vers|sans|ses|ces|puis|alors"
    "|depuis|après|très|pas|tous|toutes|dès|lors)"
)
_SAYS_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|during|before|after|the|late|early|and|to|of|for|a|en|de|pour|depuis|dès"
    r"|avant|après|et|à"
    r"|année|fin|début|du|ici)\s|['’]s\s|d['’]|\(|[—–,]\s?)$",
    re.I,
)


def _year(found: re.Match[str], text: str, language: Language) -> Iterator[Atom]:
    before, after = text[max(0, found.start() - 14) : found.start()], text[found.end() : found.end() + 24]
    if _NOT_YEAR.search(before) or re.match(r"[ \u00a0\u202f]?[€$£%]|[ \u00a0\u202f]\d{3}(?!\d)", after):
        return
    if not found["part"] and not found["word"]:
        if re.match(rf"{S}{COUNTED[language]}", after, re.I):
            said = language == "en" and re.search(r"(?:\b(?:the|a)\s|['’]s\s)$", before)
            if not said:
                return
        elif re.match(rf"{S}(?!{_NO_NOUN}\b)[a-zà-ÿ]{{2,20}}(?:s|x)\b", after) and not _SAYS_YEAR.search(before):
            return
    first, z = int(found["y"]), found["z"]
    if not z:
        yield Atom(found.start(), found.end(), lambda y: spells.year(y, part(found)), first)
        return
    last = int(z) if len(z) == 4 else first // 100 * 100 + int(z)
    if last > first:
        yield Atom(found.start(), found.end(), lambda y: spells.years(first, last), last)
    else:
        yield Atom(found.start(), found.start("to"), spells.year, first)


def _season(found: re.Match[str]) -> Iterator[Atom]:
    yield _dated(found, lambda y: spells.season(y, SEASONS[found["s"].lower()], part(found)), None)


_KINDS = {"quarter": 3, "trimestre": 3, "half": 6, "semestre": 6, "moitié": 6, "Q": 3, "T": 3, "H": 6, "S": 6}


def _period(found: re.Match[str], language: Language) -> Iterator[Atom]:
    unit, word = found["u"], found["n"].lower()
    which = int(word) if word.isdigit() else ORDINALS.get(word) or ORDINALS.get(word.removesuffix("s"), 0)
    groups = found.groupdict()
    start = found.start()
    if unit.lower() in ("months", "mois"):
        count = parsed(groups.get("k") or "", language) if groups.get("k") else 1 if unit == "mois" else None
        if count is None or not 1 <= count <= 12 or which not in (1, -1):
            return
        size = int(count)
        first = 1 if which == 1 else 13 - size
    else:
        size = _KINDS.get(unit) or _KINDS[unit.lower()]
        which = 12 // size if which == -1 else which
        first = size * (which - 1) + 1
        start = found.start("n") if language == "fr" and groups.get("k") else start
    if first >= 1 and first + size <= 13:
        yield _dated(found, lambda y: spells.months(y, first, first + size - 1), first, start=start)


def _decade(found: re.Match[str]) -> Iterator[Atom]:
    first = int(found["x"])
    first += 1900 if first < 100 else 0
    yield Atom(found.start(), found.end(), lambda y: spells.decade(first, part(found)), first)


def _numeric(text: str, language: Language) -> Iterator[Atom]:
    """Dates in digits. English ones only where the document shows which number is the day."""
    found = list(NUMERIC.finditer(text))
    slashed = [m for m in found if not m["iso"]]
    day_first = language == "fr" or any(int(m["a"]) > 12 for m in slashed)
    month_first = any(int(m["b"]) > 12 for m in slashed)
    for m in found:
        if m["iso"]:
            y, month, day = int(m["iso"]), int(m["im"]), int(m["id"])
        else:
            a, b, y = int(m["a"]), int(m["b"]), int(m["yy"])
            if y < 100:
                if language == "en" or m["sep"] != "/":
                    continue
                y += 2000 if y < 50 else 1900
            if a > 12 or b > 12 or a == b:
                day, month = (a, b) if b <= 12 else (b, a)
            elif day_first != month_first:
                day, month = (a, b) if day_first else (b, a)
            elif language == "fr":
                day, month = a, b
            else:
                yield Atom(m.start(), m.end())
                continue
        yield Atom(m.start(), m.end(), lambda _, y=y, mo=month, d=day: spells.day(y, mo, d), y, month, day=True)  # type: ignore[misc]


def _all(text: str, language: Language) -> Iterator[Atom]:
    yield from _numeric(text, language)
    for found in DAY_FIRST[language].finditer(text):
        yield from _days(found, language)
    if language == "en":
        for found in MONTH_FIRST.finditer(text):
            yield from _days(found, language)
    for found in MONTH[language].finditer(text):
        yield from _month(found, text, language)
    for found in YEAR[language].finditer(text):
        yield from _year(found, text, language)
    for found in SEASON[language].finditer(text):
        yield from _season(found)
    for pattern in (PERIOD[language], QUARTER):
        for found in pattern.finditer(text):
            yield from _period(found, language)
    for found in DECADE[language].finditer(text):
        yield from _decade(found)
    for start, end, reckon in relative(text, language):
        yield Atom(start, end, reckon=reckon)


@lru_cache(maxsize=4)
def atoms(text: str, language: Language) -> tuple[Atom, ...]:
    """The date expressions of a text in order, the longest of those that overlap."""
    kept: list[Atom] = []
    for atom in sorted(_all(text, language), key=lambda a: (a.start, -a.end)):
        if kept and atom.start < kept[-1].end:
            if atom.end - atom.start > kept[-1].end - kept[-1].start:
                kept[-1] = atom
            continue
        kept.append(atom)
    return tuple(kept)

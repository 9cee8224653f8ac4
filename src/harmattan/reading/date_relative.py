"""Dates reckoned from the day of publication: yesterday, last month, the past year, il y a deux semaines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from harmattan.reading import spells
from harmattan.reading.date_words import FULL, MONTHS, PART, SEASONS, UNITS, WEEKDAY, WEEKDAYS
from harmattan.reading.numerals import SPACE as S
from harmattan.reading.numerals import VALUES, parsed
from harmattan.reading.spells import Spell
from harmattan.vocabulary.document import Language

Reckon = Callable[[dt.date], Spell]

_N = {
    lang: "(?P<n>" + "|".join([*sorted(VALUES[lang], key=len, reverse=True), "an?", r"\d{1,3}"]) + ")"
    for lang in ("en", "fr")
}
SIMPLE = {
    "en": re.compile(
        r"\b(?:(?P<w>yesterday|today|tomorrow|tonight|last night|this (?:morning|afternoon|evening))\b)", re.I
    ),
    "fr": re.compile(
        r"\b(?:(?P<w>avant-hier|après-demain|hier|aujourd['’]hui|demain|ce matin|ce soir|cette nuit|cet après-midi)\b)",
        re.I,
    ),
}
_SHIFT = {
    "yesterday": -1, "last night": -1, "tomorrow": 1, "avant-hier": -2, "hier": -1, "demain": 1, "après-demain": 2,
}  # fmt: skip
UNIT = {
    "en": re.compile(
        rf"\b(?:{PART['en']})?(?<!the )(?P<w>last|this|next){S}(?P<u>week|weekend|month|year)\b(?!['’]s|{S}of\b)"
        rf"|\b{PART['en'].replace('part', 'part2').replace('the', '(?!the)the')}the{S}(?P<u2>year|month)\b(?!{S}(?:of\b|\d))",
        re.I,
    ),
    "fr": re.compile(
        rf"\b(?:{PART['fr']})?(?:(?:la{S}|le{S}|l['’])(?P<u>semaine|week-end|mois|année|an){S}(?P<w>derni|pass|proch)\w{{1,4}}"
        rf"|(?:cette{S}|ce{S})(?P<u2>semaine|week-end|mois|année)\b(?!{S}\d))"
        rf"|\b(?P<part3>début|fin|milieu|mi)(?:{S}de{S}|-)l['’](?P<u3>année)\b(?!{S}(?:\d|derni|pass|proch))",
        re.I,
    ),
}
PAST = {
    "en": re.compile(
        rf"\b(?:the|this){S}(?:(?:past|last|previous){S}(?:{_N['en']}{S})?(?P<u>hour|day|week|month|year|decade)s?)\b(?!{S}of\b)",
        re.I,
    ),
    "fr": re.compile(
        rf"\b(?:(?:les|des|ces|aux){S}(?:{_N['fr']}{S})?derni(?:er|ère)s{S}(?:{_N['fr'].replace('<n>', '<n2>')}{S})?"
        rf"(?P<u>heure|jour|semaine|mois|an|année|décennie)s?"
        rf"|(?:la{S}|le{S}|l['’])dernière{S}(?P<u2>année|semaine|décennie)"
        rf"|(?:la{S}|le{S}|l['’])(?P<u3>semaine|mois|année|décennie){S}écoulée?)\b",
        re.I,
    ),
}
AGO = {
    "en": re.compile(rf"\b{_N['en']}{S}(?P<u>day|week|month|year|decade)s?{S}ago\b", re.I),
    "fr": re.compile(rf"\bil{S}y{S}a{S}{_N['fr']}{S}(?P<u>jour|semaine|mois|année|an|décennie)s?\b(?!{S}et\b)", re.I),
}
DAY = {
    "en": re.compile(rf"\b(?:(?P<w>last|next|this){S})?(?P<d>{WEEKDAY['en']})\b(?!['’]s)"),
    "fr": re.compile(rf"\b(?P<d>{WEEKDAY['fr']})\b(?:{S}(?P<w>derni|pass|proch)\w{{1,4}})?", re.I),
}
MONTH = {
    "en": re.compile(rf"\b(?P<w>[Ll]ast|[Nn]ext|[Tt]his){S}(?P<m>{FULL['en']})\b(?!{S}\d)"),
    "fr": re.compile(rf"(?:\b(?P<d>1er|\d{{1,2}}){S})?\b(?P<m>{FULL['fr']}){S}(?P<w>derni|proch|pass)\w{{1,4}}", re.I),
}
SEASON = {
    "en": re.compile(rf"\b(?P<w>last|this|next){S}(?P<s>spring|summer|autumn|fall|winter)\b", re.I),
    "fr": re.compile(
        rf"\b(?:l['’]|le{S})(?P<s>printemps|été|automne|hiver){S}(?P<w>derni|proch|pass)\w{{1,4}}"
        rf"|\bce(?:t{S}|{S})(?P<s2>printemps|été|automne|hiver)\b",
        re.I,
    ),
}
_VAGUE = re.compile(
    r"\b(?:almost|nearly|than|over|about|some|around|roughly|least|early|late|every|each|chaque|black|good)\s$", re.I
)
_HABIT = re.compile(r"\b(?:le|les|chaque|du)\s$", re.I)


def _word(found: re.Match[str], default: str = "") -> str:
    """last, this or next, of either language."""
    word = (found.groupdict().get("w") or default).lower()
    return {"derni": "last", "pass": "last", "proch": "next", "ce": "this"}.get(word, word)


def _first(found: re.Match[str], *names: str) -> str:
    return next((found[name].lower() for name in names if found.groupdict().get(name)), "")


def _count(found: re.Match[str], language: Language) -> int | None:
    written = _first(found, "n", "n2")
    if written in ("a", "an"):
        return 1
    value = parsed(written, language) if written else 1
    return int(value) if value and 0 < value <= 400 else None


def _simple(found: re.Match[str], _: Language) -> Reckon:
    shift = _SHIFT.get(found["w"].lower(), 0)
    return lambda p: Spell(p + dt.timedelta(shift), p + dt.timedelta(shift), "day", True)


def _unit(found: re.Match[str], _: Language) -> Reckon:
    name = UNITS[_first(found, "u", "u2", "u3")]
    shift = {"last": -1, "next": 1}.get(_word(found), 0)
    third = _first(found, "part", "part2", "part3")
    which = next((v for k, v in _THIRDS if third.startswith(k)), "")

    def reckon(p: dt.date) -> Spell:
        whole = spells.unit(p, name, shift)
        if not which or name not in ("year", "month") or whole.start is None:
            return whole
        at = whole.start
        piece = spells.year(at.year, which) if name == "year" else spells.month(at.year, at.month, which)
        return replace(piece, relative=True)

    return reckon


_THIRDS = (
    ("early", "early"), ("beg", "early"), ("start", "early"), ("début", "early"), ("mi", "mid"), ("late", "late"),
    ("end", "late"), ("fin", "late"),
)  # fmt: skip


def _past(found: re.Match[str], language: Language) -> Reckon | None:
    unit, count = UNITS[_first(found, "u", "u2", "u3")], _count(found, language)
    if count is None or (found["u"] and found["u"] != "" and not _first(found, "n", "n2") and language == "fr"):
        return None
    if unit == "hour":
        if count % 24:
            return None
        unit, count = "day", count // 24
    if language == "en" and not _first(found, "n") and found.group(0)[-1] == "s":
        return None
    return lambda p: spells.past(p, count, unit)


def _ago(found: re.Match[str], language: Language) -> Reckon | None:
    unit, count = UNITS[found["u"].lower()], _count(found, language)
    if count is None:
        return None
    if unit == "decade":
        return lambda p: spells.ago(p, 10 * count, "year")
    return lambda p: spells.ago(p, count, unit)


def _day(found: re.Match[str], language: Language) -> Reckon:
    number = WEEKDAYS[language][found["d"].lower()]
    return lambda p: spells.weekday(p, number, _word(found))


def _month(found: re.Match[str], language: Language) -> Reckon:
    number, word = MONTHS[language][found["m"].lower()], _word(found)
    day = found.groupdict().get("d")

    def reckon(p: dt.date) -> Spell:
        year = p.year
        if word == "last" and number >= p.month:
            year -= 1
        if word == "next" and number <= p.month:
            year += 1
        spell = spells.day(year, number, int(day.removesuffix("er"))) if day else spells.month(year, number)
        return replace(spell, relative=True)

    return reckon


def _season(found: re.Match[str], _: Language) -> Reckon:
    name, word = SEASONS[_first(found, "s", "s2")], _word(found, "this")

    def reckon(p: dt.date) -> Spell:
        year = p.year
        if word == "last":
            year += 1
            while (end := spells.season(year, name).end) and end >= p:
                year -= 1
        if word == "next":
            year -= 1
            while (start := spells.season(year, name).start) and start <= p:
                year += 1
        return replace(spells.season(year, name), relative=True)

    return reckon


def relative(text: str, language: Language) -> Iterator[tuple[int, int, Reckon | None]]:
    """Spans and how each is reckoned; None for one that cannot be put into days."""
    for pattern, rule in (
        (SIMPLE, _simple), (UNIT, _unit), (PAST, _past), (AGO, _ago), (DAY, _day), (MONTH, _month), (SEASON, _season),
    ):  # fmt: skip
        for found in pattern[language].finditer(text):
            before = text[max(0, found.start() - 9) : found.start()]
            if pattern is DAY and language == "fr" and not found["w"] and _HABIT.search(before):
                continue
            if pattern in (AGO, DAY) and _VAGUE.search(before):
                yield found.start(), found.end(), None
                continue
            yield found.start(), found.end(), rule(found, language)

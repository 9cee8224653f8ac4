"""Figures of English and French texts: how many, how exactly, and of what.

Conventions, where words leave a choice:

- "A dozen" is 12, "une trentaine" about 30, "une centaine" about 100; groups without a number ("dozens", "des
  centaines", "several") are no figures.
- "More than", "at least", "up to" and their like belong to the figure and to its span, as do %, currency and millions.
- Years, dates, ages, ordinals, times, lengths, calibres, and numbers of articles, resolutions or phones are no figures.
- "One" and "un" are figures only where something befell the one. Small numbers in words with "the" or "les" before them
  ("the two countries") only where an indicator is told.
- Two ends ("20 to 30", "entre 20 et 30") are one figure, unless something rose or fell from one to the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from harmattan.reading.date_atoms import atoms
from harmattan.reading.figure_cues import Counted, counted
from harmattan.reading.figure_nouns import PERSON
from harmattan.reading.figure_words import (
    HYPHENED,
    MONEY_AFTER,
    MONEY_BEFORE,
    NO_FIGURE_AFTER,
    NO_FIGURE_BEFORE,
    PERCENT,
    STRONG,
    TONNES,
    qualifier_after,
    qualifier_before,
)
from harmattan.reading.mentions import FigureMeaning, Mention
from harmattan.reading.numerals import COLLECTIVES, DIGITS, SCALES, WORDS, parsed
from harmattan.reading.numerals import SPACE as S
from harmattan.reading.sentences import sentences
from harmattan.vocabulary.amount import Amount, Qualifier
from harmattan.vocabulary.document import Language

RULE = "reading.figures"


def _number(language: Language) -> re.Pattern[str]:
    scales = "|".join(sorted((n for n in SCALES[language] if n not in ("m", "k", "bn", "mn")), key=len, reverse=True))
    scale = rf"(?:[ \u00a0\u202f-]?(?:(?P<s#>m|k|bn|mn)(?!\w)|(?P<t#>{scales})s?(?!\w)))?"
    groups = "|".join(sorted(COLLECTIVES[language], key=len, reverse=True)).replace(" ", S)
    if language == "en":
        group = rf"(?P<group>{groups})(?!\w)"
    else:
        group = rf"(?:(?P<lead>une?|deux|trois|quatre|cinq){S})(?:petite{S}|bonne{S})?(?P<group>{groups})s?(?!\w)"
    one = rf"(?P<n#>{DIGITS[language]}|{WORDS[language]}){scale}"
    joined = rf"(?:{S}?[-–]{S}?|{S}(?:to|or|and|à|et|ou){S}(?:d['’](?=une))?)"
    return re.compile(
        rf"(?<![\w.,:/+#°№-])(?:{group}|{one.replace('#', '1')}(?:(?P<to>{joined})(?:{one.replace('#', '2')}))?)", re.I
    )


NUMBER: dict[Language, re.Pattern[str]] = {"en": _number("en"), "fr": _number("fr")}
_BETWEEN = re.compile(r"\b(?:between|entre)\s$", re.I)
_CHANGED = re.compile(
    r"\b(?:ros|ris|f[ae]ll|increas|decreas|drop|grew|grow|up|down|declin|pass|augment|bond|chut|baiss|grimp|recul|mont)\w{0,8}\s"
    r"(?:\w{1,12}\s){0,3}(?:from|de)\s$",
    re.I,
)
_DEFINITE = re.compile(
    r"\b(?:the|these|those|both|its|their|his|her|our|les|des|ces|ses|leurs|nos|aux|last|first|past|premiers|premières|derniers|dernières|tous"
    r"|toutes|other|autres)\s$",
    re.I,
)
_ONE_OF = re.compile(rf"{S}(?:of|by|day|another|point|thing|side|hand|d['’]entre|de{S}(?:ces|ses|leurs)|des)\b", re.I)


_RATIO = re.compile(r"\b(?:one|two|three|\d) (?:in|out of) $|\b(?:une?|deux|trois) [^\W\d]{2,14} sur $", re.I)
_BARE = re.compile(r"[\d\s.,;:()/+-]*")


@dataclass(frozen=True)
class _Raw:
    """A number before it is known what it counts."""

    start: int
    end: int
    low: float
    high: float | None
    qualifier: Qualifier
    unit: str
    """percent, tonnes, strong, a currency, or nothing."""
    small: bool
    """Written in words and no more than ten."""
    definite: bool


def figures(text: str, language: Language) -> tuple[Mention, ...]:
    """The figures of a text with what they seem to count, in order; place and date are left to the reader.

    >>> for found in figures("Gunmen killed at least 12 soldiers and wounded 30.", "en"):
    ...     print(found.text, found.meaning.amount.value, found.meaning.amount.qualifier, found.meaning.indicator)
    at least 12 12.0 at_least deaths
    30 30.0 exact injured
    >>> [found] = figures("On compte 1,5 million de déplacés internes.", "fr")
    >>> found.meaning.amount.value, found.meaning.indicator
    (1500000.0, 'idps')
    """
    spans = sentences(text, language)
    starts = [span.start for span in spans]
    held: dict[int, list[_Raw]] = {}
    for raw in _raws(text, language):
        at = bisect_right(starts, raw.end - 1) - 1
        if at >= 0:
            held.setdefault(at, []).append(raw)
    found = []
    taken = 0
    for at, raws in held.items():
        asked = [Counted(raw.start, raw.end, raw.unit) for raw in raws]
        said = counted(text, spans[at], asked, language)
        for raw, (indicator, unit) in zip(raws, said, strict=True):
            if raw.start < taken or not _kept(text, raw, indicator, unit):
                continue
            taken = raw.end
            meaning = FigureMeaning(Amount(raw.low, raw.qualifier, raw.high), indicator, unit)
            found.append(Mention(raw.start, raw.end, text[raw.start : raw.end], meaning, RULE))
    return tuple(found)


_BEFALL = ("deaths", "civilians_killed", "peacekeepers_killed", "injured", "abducted", "arrested")


_ONE = re.compile(rf"{S}(?:[^\W\d_]{{2,14}}{S})?(?:{PERSON['en']}|{PERSON['fr']})(?!\w)", re.I)


def _kept(text: str, raw: _Raw, indicator: str | None, unit: str) -> bool:
    if raw.small and raw.low == 1 and raw.high is None:
        return indicator in _BEFALL and not _ONE_OF.match(text, raw.end) and _ONE.match(text, raw.end) is not None
    if indicator is None and (not unit or (raw.small and raw.definite)):
        return False
    return not (indicator in ("events", "troops") and raw.small and raw.definite)


def _raws(text: str, language: Language) -> Iterator[_Raw]:
    dated = atoms(text, language)
    ends = [atom.end for atom in dated]
    for found in NUMBER[language].finditer(text):
        if found["group"]:
            raw = _group(text, found, language)
        else:
            first = bisect_right(ends, found.start())
            raw = _plain(text, found, language, [(a.start, a.end) for a in dated[first : first + 2]])
        yield from raw


def _group(text: str, found: re.Match[str], language: Language) -> Iterator[_Raw]:
    word = re.sub(r"\s+", " ", found["group"].lower())
    lead = parsed(found["lead"], "fr") if language == "fr" else 1
    low = COLLECTIVES[language][word] * float(lead or 1)
    qualifier, start = qualifier_before(text, found.start(), language)
    if qualifier == "exact" and language == "fr" and word != "douzaine":
        qualifier = "about"
    yield _Raw(start, found.end(), low, None, qualifier, "", False, False)


def _plain(text: str, found: re.Match[str], language: Language, dated: list[tuple[int, int]]) -> Iterator[_Raw]:
    pieces = [(found.start("n1"), _stop(found, "1"), _value(found, "1", language))]
    if found["n2"]:
        pieces.append((found.start("n2"), _stop(found, "2"), _value(found, "2", language)))
    pieces = [p for p in pieces if not any(a < p[1] and p[0] < b for a, b in dated)]
    if len(pieces) == 2 and _is_range(text, found, pieces):
        (start, _, low), (_, end, high) = pieces
        low = _scaled(low or 0, found, language)
        pieces = []
        yield from _one(text, (start, end), (low, high), language)
    for start, end, value in pieces:
        if value is not None:
            yield from _one(text, (start, end), (value, None), language)


def _stop(found: re.Match[str], which: str) -> int:
    return max(found.end("n" + which), found.end("s" + which), found.end("t" + which))


def _value(found: re.Match[str], which: str, language: Language) -> float | None:
    value = parsed(found["n" + which], language)
    scale = (found["s" + which] or found["t" + which] or "").lower()
    if value is None or not scale:
        return value
    written = found["n" + which]
    if scale in ("million", "millions", "billion", "milliard", "milliards") and language == "fr" and "," in written:
        value = float(written.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    return round(value * SCALES[language][scale], 6)


def _scaled(low: float, found: re.Match[str], language: Language) -> float:
    """The lower end, in the scale of the upper where it has none of its own ("2 to 3 million")."""
    scale = (found["s2"] or found["t2"] or "").lower()
    return low * SCALES[language][scale] if scale and not (found["s1"] or found["t1"]) and low < 1000 else low


def _is_range(text: str, found: re.Match[str], pieces: list[tuple[int, int, float | None]]) -> bool:
    low, high = pieces[0][2], pieces[1][2]
    if low is None or high is None or found["to"] is None:
        return False
    before = text[max(0, found.start() - 48) : found.start()]
    word = found["to"].strip().lower().removesuffix("d'").removesuffix("d’").strip()
    if word in ("and", "et") and not _BETWEEN.search(before):
        return False
    scale = (found["s2"] or found["t2"] or "").lower()
    language: Language = "en" if scale in SCALES["en"] else "fr"
    top = SCALES[language].get(scale, 1.0) if scale and not (found["s1"] or found["t1"]) and low < 1000 else 1.0
    return 0 < low * top < high and not _CHANGED.search(before)


def _one(text: str, span: tuple[int, int], values: tuple[float, float | None], language: Language) -> Iterator[_Raw]:
    (start, end), (low, high) = span, values
    whole = text[start:end]
    before, after = text[max(0, start - 24) : start], text[end : end + 60]
    if _BARE.fullmatch(before) and _BARE.fullmatch(after):
        return  # a cell of a table
    short = whole.endswith(("m", "k"))
    unit, reach, start = _unit(text, start, after, before)
    if short and not unit and not re.match(rf"{S}[a-zà-ÿ]", after):
        return
    if STRONG.match(after):
        unit, reach = "strong", 7
    elif not unit and _barred(before, after, language, whole):
        return
    end += reach
    qualifier, begin = qualifier_before(text, start, language)
    if qualifier == "exact":
        qualifier, more = qualifier_after(text[end : end + 60], language)
        end += more if more and not text[end : end + more].strip().count(" ") else 0
    if high is not None and (between := _BETWEEN.search(text[max(0, begin - 9) : begin])):
        begin = max(0, begin - 9) + between.start()
    words = not whole[:1].isdigit()
    definite = bool(_DEFINITE.search(text[max(0, begin - 12) : begin]))
    yield _Raw(begin, end, low, high, qualifier, unit, words and low <= 10, definite)


def _barred(before: str, after: str, language: Language, whole: str) -> bool:
    """Whether a number is an age, a time, a length, an ordinal, a name or the number of something."""
    if HYPHENED.match(after) or _RATIO.search(before) or re.match(r"\w|[:/]\d|[.,]\d|°", after):
        return True
    if NO_FIGURE_BEFORE.search(before) and not re.search(r"\b(?:group|groupe)\s(?:of|de)\s$", before):
        return True
    if whole[:1].isdigit() and whole[-1:].isalpha():
        return False
    return NO_FIGURE_AFTER[language].match(after) is not None


def _unit(text: str, start: int, after: str, before: str) -> tuple[str, int, int]:
    """The unit beside a number, how far it reaches behind it, and where the number starts with it."""
    if money := MONEY_BEFORE.search(before):
        return str(money.lastgroup), 0, start - len(money.group())
    if percent := PERCENT.match(after):
        return "percent", percent.end(), start
    for code, pattern in MONEY_AFTER:
        if found := pattern.match(after):
            return code, found.end(), start
    if tonnes := TONNES.match(after):
        return "tonnes", tonnes.end(), start
    return "", 0, start

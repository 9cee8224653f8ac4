"""The words beside a number in English and French: qualifiers, units, and what shows that it is no figure."""

from __future__ import annotations

import re

from harmattan.reading.numerals import SPACE as S
from harmattan.vocabulary.amount import Qualifier
from harmattan.vocabulary.document import Language


def spaced(words: str) -> str:
    """Words with any white space between them; a blank in brackets stays as it is."""
    return re.sub(r"(\[[^\]]*\])| ", lambda found: found.group(1) or S, words)


_QUALIFIERS: dict[Language, tuple[tuple[Qualifier, str], ...]] = {
    "en": (
        ("at_least", "at least|no fewer than|no less than|not less than|not fewer than|a minimum of"),
        ("up_to",
            "up to|as many as|at most|no more than|not more than|a maximum of|fewer than|less than|under"
            "|below"),
        ("more_than",
            "a little over|just over|well over|more than|over|above|upwards? of|in excess of|exceeding"
            "|surpassing"),
        ("almost", "almost|nearly|close to|just under|a little under|just short of|nearing|approaching"),
        ("about", "about|around|roughly|approximately|an estimated|estimated|some|circa|in the region of|~|≈"),
    ),
    "fr": (
        ("at_least", "au moins|pas moins de|au minimum|un minimum de"),
        ("up_to", "jusqu['’]à|au plus|au maximum|un maximum de|moins de|moins d['’]|pas plus de"),
        ("more_than", "un peu plus de|un peu plus d['’]|plus de|plus d['’]|au-delà de|au-dessus de|bien plus de"),
        ("almost", "près de|près d['’]|presque|pas loin de|un peu moins de|un peu moins d['’]|quasiment|quasi"),
        ("about",
            "environ|autour de|à peu près|quelque|approximativement|aux alentours de|de l['’]ordre de"
            "|aux environs de|~|≈"),
    ),
}  # fmt: skip
_BEFORE = {
    lang: re.compile(
        r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{spaced(words)})" for name, words in rows)
        +
            rf")(?:{S}(?:a{S}total{S}of|the|about|some|environ|quelque|une?|de)|\b|(?<=['’~≈])){S}?$",
        re.I,
    )
    for lang, rows in _QUALIFIERS.items()
}  # fmt: skip
_AFTER: dict[Language, tuple[tuple[Qualifier, re.Pattern[str]], ...]] = {
    "en": (
        ("at_least", re.compile(rf"{S}or{S}more\b|\+(?!\w)", re.I)),
        ("about", re.compile(rf"{S}or{S}so\b", re.I)),
    ),
    "fr": (
        ("at_least", re.compile(rf"(?:{S}\w{{1,20}}){{0,2}}{S}(?:au{S}moins|au{S}minimum|ou{S}plus)\b", re.I)),
        ("about", re.compile(rf"(?:{S}\w{{1,20}}){{0,2}}{S}environ\b", re.I)),
    ),
}


def qualifier_before(text: str, at: int, language: Language) -> tuple[Qualifier, int]:
    """The word before a number that starts at `at`, and where the words start; exact and `at` where there is none."""
    low = max(0, at - 34)
    found = _BEFORE[language].search(text[low:at])
    if found is None or found.lastgroup is None:
        return "exact", at
    return found.lastgroup, low + found.start()  # type: ignore[return-value]


def qualifier_after(after: str, language: Language) -> tuple[Qualifier, int]:
    """The word after a number, and how far it reaches: "12 or more", "12 morts au moins"."""
    for qualifier, pattern in _AFTER[language]:
        if found := pattern.match(after):
            return qualifier, found.end()
    return "exact", 0


NO_FIGURE_BEFORE = re.compile(
    r"(?:\b(?:aged?|resolutions?|résolutions?|no\.|n°|nos?|articles?|art\.|section|chapter|chapitre|phases?"
    r"|page|p\.|route|rn|numéro"
    r"|highway|operation|opération|level|niveau|paragraph|zone|sector|secteur|day|jour|brigade|unit|unité"
    r"|article|version"
    r"|chapter|volume|room|flight|vol|group|groupe|camp|category|catégorie|grade|annex|annexe|figure|table"
    r"|tableau|appendix"
    r"|âgée?s? de|âge de|the age of|ages? of|between the ages of|top|g|l['’]|tel|tél|phone|au)[.:]?|\+\d{1,3})\s?$",
    re.I,
)
NO_FIGURE_AFTER = {
    "en": re.compile(
        rf"[- \u00a0\u202f]?(?:years?|months?|days?|hours?|minutes?|seconds?|weeks?|decades?|km2?|kms"
        rf"|kilomet(?:re|er)s?|miles?|met(?:re|er)s?"
        rf"|mm|cm|kg|kilos?|kilograms?|lit(?:re|er)s?|gallons|hectares?|acres?|feet|foot|inch(?:es)?|degrees?"
        rf"|°C?|times|fold|p\.?m\.?|a\.?m\.?"
        rf"|o['’]clock|GMT|UTC|percentage{S}points?|points?|mph|knots|volts?|calib(?:re|er)|th|st|nd|rd"
        rf"|centur(?:y|ies)|generations?|thirds?"
        rf"|quarters?|halves|half|of{S}the{S}(?:two|three|four|five)|kph|watts?|MW|(?:square|cubic"
        rf"|nautical){S}\w{{1,12}})\b",
    ),
    "fr": re.compile(
        r"[- \u00a0\u202f]?(?:ans?|années?|mois|jours?|heures?|h|minutes?|secondes?|semaines?|décennies?|km2?"
        r"|km²|kilomètres?|mètres?|mm|cm|kg|kilos?"
        r"|kilogrammes?|litres?|hectares?|ha|degrés?|°C?|fois|h\d\d|GMT|TU|UTC|points?|volts?|e|er|ère|re|ème"
        r"|ième|siècles?|générations?|tiers|quarts?"
        r"|demies?|watts?|MW)(?![\w])",
    ),
}
HYPHENED = re.compile(r"[-–][A-Za-zà-ÿ]")
STRONG = re.compile(r"-strong\b")

PERCENT = re.compile(rf"[ \u00a0\u202f]?%|{S}per{S}?cent\b|{S}percent\b|{S}pour{S}cent\b|-percent\b", re.I)
MONEY: tuple[tuple[str, str], ...] = (
    ("XOF", r"(?:de{S}|d['’])?(?:francs?{S}CFA|CFA{S}francs?|FCFA|F{S}?CFA|CFA|XOF)\b"),
    ("USD", r"(?:de{S}|d['’])?(?:(?:US{S}|American{S})?dollars?(?:{S}américains)?\b|USD\b|US\$|\$)"),
    ("EUR", r"(?:de{S}|d['’])?(?:euros?\b|EUR\b|€)"),
    ("GBP", r"(?:pounds?{S}sterling|£)"),
)
MONEY_AFTER = tuple((code, re.compile(rf"(?:{S})?{words}".replace("{S}", S), re.I)) for code, words in MONEY)
MONEY_BEFORE = re.compile(
    rf"(?:(?P<USD>US{S}?\$|\$|\bUSD{S}?)|(?P<EUR>€|\bEUR{S}?)|(?P<GBP>£)|(?P<XOF>\bF?CFA{S}?|\bXOF{S}?)){S}?$"
)
TONNES = re.compile(rf"{S}(?:metric{S})?(?:tonnes?|tons?|t)\b")

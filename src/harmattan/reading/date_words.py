"""The words of dates in English and French, and the patterns made of them."""

from __future__ import annotations

import re

from harmattan.reading.numerals import SPACE as S
from harmattan.vocabulary.document import Language

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
}  # fmt: skip
_SHORT: dict[Language, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("Jan",), ("Feb",), ("Mar",), ("Apr",), (), ("Jun",), ("Jul",), ("Aug",), ("Sept", "Sep"), ("Oct",), ("Nov",),
        ("Dec",),
    ),
    "fr": (
        ("janv", "jan"), ("févr", "fév", "fevrier"), (), ("avr",), (), (), ("juil",), ("aout",), ("sept",), ("oct",),
        ("nov",), ("déc", "decembre"),
    ),
}  # fmt: skip
_DAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
MONTHS: dict[Language, dict[str, int]] = {
    lang: {n.lower(): i for i, n in enumerate(names, 1)}
    | {n.lower(): i for i, more in enumerate(_SHORT[lang], 1) for n in more}
    for lang, names in _MONTHS.items()
}
WEEKDAYS: dict[Language, dict[str, int]] = {
    lang: {n.lower(): i for i, n in enumerate(names)} for lang, names in _DAYS.items()
}
SEASONS = {
    "spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter",
    "printemps": "spring", "été": "summer", "automne": "autumn", "hiver": "winter",
}  # fmt: skip
UNITS = {
    "day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade", "hour": "hour",
    "weekend": "weekend", "jour": "day", "semaine": "week", "mois": "month", "an": "year", "année": "year",
    "décennie": "decade", "heure": "hour", "week-end": "weekend",
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": -1, "last": -1,
    "premier": 1, "première": 1, "1er": 1, "1re": 1, "1ère": 1, "deuxième": 2, "seconde": 2, "2e": 2, "2ème": 2,
    "troisième": 3, "3e": 3, "3ème": 3, "quatrième": 4, "4e": 4, "4ème": 4, "dernier": -1, "dernière": -1,
}  # fmt: skip
"""`second` serves both languages."""

FULL = {
    "en": "(?:" + "|".join(_MONTHS["en"]) + ")",
    "fr": "(?:" + "|".join((*_MONTHS["fr"], "aout", "fevrier", "decembre")) + ")",
}
ANY = {
    lang: "(?:" + FULL[lang] + "|(?:" + "|".join(n for more in _SHORT[lang] for n in more) + r")\.?)(?![\w-])"
    for lang in ("en", "fr")
}
WEEKDAY = {lang: "(?:" + "|".join(names) + ")" for lang, names in _DAYS.items()}
D = r"(?:0?[1-9]|[12]\d|3[01])"
Y = r"(?P<y>(?:19|20)\d\d)(?![\w%]|[.,]\d)"
PART = {
    "en": rf"(?P<part>(?:early|mid|late)(?:-|{S})(?:in{S})?(?:the{S})?|(?:beginning|start|middle|end){S}of{S}(?:the{S}"
    rf"month{S}of{S})?)",
    "fr": rf"(?P<part>(?:début|fin|milieu)(?:{S}(?:de{S}|du{S}mois{S}de{S}|d['’])?)(?:l['’]année{S})?|mi(?:-|{S}))",
}
PART_OF = {
    "early": "early", "begi": "early", "star": "early", "débu": "early", "mid": "mid", "midd": "mid", "mili": "mid",
    "mi": "mid", "late": "late", "end": "late", "fin": "late",
}  # fmt: skip
YEAR_AFTER = {
    "en": rf"(?:,?{S}(?:of{S})?(?:{Y}|(?P<ry>(?:last|this|next){S}year\b)))",
    "fr": rf"(?:{S}(?:de{S})?(?:(?:l['’]année{S})?{Y}|(?P<ry>l['’]an(?:née)?{S}(?:derni|pass|proch)\w{{1,4}}|cette{S}année\b)))",
}
TO = {
    "en": rf"(?:{S}?[-–—]{S}?|{S}(?:to|through|until|till){S}(?:the{S})?)",
    "fr": rf"(?:{S}?[-–—]{S}?|{S}au{S})",
}
COUNTED = {
    "en": r"(?:people|persons?|civilians|soldiers|troops|men|women|children|fighters|militants|villagers|deaths|dead"
    r"|wounded|injured|killed|attacks|events|incidents|displaced|refugees|schools|others|million|percent|per)\b",
    "fr": r"(?:personnes|civils|soldats|militaires|hommes|femmes|enfants|combattants|villageois|morts|blessés|tués"
    r"|attaques|incidents|déplacés|réfugiés|écoles|autres|millions|pour{S}cent|familles|ménages)\b".replace("{S}", S),
}
"""What follows a number that is a count and no day or year."""


def part(found: re.Match[str]) -> str:
    """early, mid, late, or nothing: the part that a match names."""
    written = (found.group("part") or "").lower()
    word = re.split(r"[\s\u00a0\u202f-]", written, maxsplit=1)[0][:5]
    return PART_OF.get(word) or PART_OF.get(word[:4], "")

"""Numbers as English and French write them: digits with their separators, and words to the hundred thousands."""

from __future__ import annotations

import re

from harmattan.vocabulary.document import Language

SPACE = "(?:[ \\t\u00a0\u202f]{1,2}|[ \\t]?\\n)"
"""What may stand between two words of one expression: white space, or one line end."""
THIN = "[ \u00a0\u202f\u2009.]"

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
}
_TENS = {
    "en": {
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    },
    "fr": {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
}
_HUNDRED = {"en": ("hundred",), "fr": ("cent", "cents")}
_THOUSAND = {"en": ("thousand",), "fr": ("mille",)}
SCALES: dict[Language, dict[str, float]] = {
    "en": {
        "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
        "m": 1e6, "k": 1e3,
    },
    "fr": {
        "cent": 1e2, "mille": 1e3, "millier": 1e3, "milliers": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9,
        "milliards": 1e9, "md": 1e9, "mds": 1e9, "mrd": 1e9, "m": 1e6, "k": 1e3,
    },
}  # fmt: skip
COLLECTIVES: dict[Language, dict[str, float]] = {
    "en": {"half a dozen": 6, "a dozen": 12, "two dozen": 24, "three dozen": 36},
    "fr": {
        "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
        "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
    },
}  # fmt: skip
"""Round groups: "une trentaine" is about 30. Groups without a number ("dozens", "des centaines") are no figures."""

VALUES: dict[Language, dict[str, int]] = {
    "en": {word: n for n, word in enumerate(_UNITS["en"].split())} | _TENS["en"],
    "fr": {word: n for n, word in enumerate(_UNITS["fr"].split())} | {"une": 1} | _TENS["fr"],
}


def _words(language: Language) -> str:
    names = sorted({*VALUES[language], *_HUNDRED[language], *_THOUSAND[language]}, key=len, reverse=True)
    one = "(?:" + "|".join(names) + ")"
    join = rf"(?:-|{SPACE}|{SPACE}and{SPACE}|-and-)" if language == "en" else rf"(?:-|{SPACE}|{SPACE}et{SPACE}|-et-)"
    first = rf"(?:{one}|an?(?={SPACE}(?:hundred|thousand)\b))" if language == "en" else one
    return rf"(?<![\w-]){first}(?:{join}{one}){{0,7}}(?![\w-])"


WORDS: dict[Language, str] = {"en": _words("en"), "fr": _words("fr")}
"""A pattern of a number in words, in lower case or with a capital at the start of a sentence (match without case)."""
DIGITS: dict[Language, str] = {
    "en": r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}){1,4}|\d{1,12}(?:\.\d{1,4})?)(?!\d)",
    "fr": rf"(?:\d{{1,3}}(?:{THIN}\d{{3}}){{1,4}}(?:,\d{{1,4}})?|\d{{1,12}}(?:[.,]\d{{1,4}})?)(?!\d)",
}
"""A pattern of a number in digits. French writes 1 500,5 and 1.500; English 1,500.5 and 1 500."""


def digits_value(written: str, language: Language) -> float:
    """The value of a number in digits.

    >>> digits_value("363,000", "en"), digits_value("1 500,5", "fr"), digits_value("1.500", "fr"), digits_value("1.5", "fr")
    (363000.0, 1500.5, 1500.0, 1.5)
    """
    bare = re.sub(r"[\s\u00a0\u202f\u2009]", "", written)
    if language == "en":
        return float(bare.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare) and not bare.startswith("0"):
        return float(re.sub(r"[.,]", "", bare))
    if bare.count(".") > 1 or ("." in bare and "," in bare):
        bare = bare.replace(".", "")
    return float(bare.replace(",", "."))


def words_value(written: str, language: Language) -> float | None:
    """The value of a number in words; None for words that make no number ("quatre cent dix mille six" is 410 006).

    >>> words_value("two hundred and fifty-one", "en"), words_value("quatre-vingt-dix-sept", "fr")
    (251.0, 97.0)
    >>> words_value("deux mille trois cents", "fr"), words_value("one two", "en")
    (2300.0, None)
    """
    words = [w for w in re.split(r"[\s\u00a0\u202f-]+", written.lower()) if w not in ("and", "et", "")]
    total, group, last = 0.0, 0.0, 0.0
    for index, word in enumerate(words):
        if word in _THOUSAND[language]:
            if total:
                return None
            total, group, last = (group or 1) * 1000, 0.0, 1000.0
        elif word in _HUNDRED[language]:
            if group >= 100:
                return None
            group, last = (group or 1) * 100, 100.0
        elif word in ("vingt", "vingts") and index and words[index - 1] == "quatre":
            group, last = group - 4 + 80, 20.0
        else:
            value = 1 if word in ("a", "an") else VALUES[language].get(word)
            if value is None or (last and not _follows(value, last)):
                return None
            group, last = group + value, float(value) if value else -1.0
    return total + group


def _follows(value: int, last: float) -> bool:
    """Whether a number below 100 may come after the word before it: "twenty" "one", "cent" "dix", "soixante" "dix"."""
    if last >= 100:
        return True
    if last in (20, 60):
        return value < 20
    return value < 10 if last in (10, 30, 40, 50, 70, 80, 90) else False


def parsed(written: str, language: Language) -> float | None:
    """The value of a number in digits or in words."""
    return digits_value(written, language) if written[:1].isdigit() else words_value(written, language)

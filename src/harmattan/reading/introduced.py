"""What a text itself introduces: "Long Name (ACRONYM)", after which the acronym stands for the name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harmattan.reading.folding import fold
from harmattan.reading.name_words import LINKING

_BRACKET = re.compile(
    r"\s*\(\s*[\"“«]?\s*([A-ZÀ-Þ][A-ZÀ-Þa-z0-9]*(?:[-/ ][A-ZÀ-Þ0-9][A-ZÀ-Þa-z0-9]*)?)\b"
    r"(?=[\s\"”»]*[,;)]| in | en | selon )"
)
_TOKEN = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
MOST_WORDS = 16


@dataclass(frozen=True)
class Introduced:
    """A long name with its acronym: the span of each."""

    start: int
    end: int
    long: str
    acronym: str
    at: int
    """Where the acronym begins."""


def introduced(text: str) -> Iterator[Introduced]:
    """Every "Long Name (ACRONYM)" whose letters are found in the name.

    After A. S. Schwartz and M. A. Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
    biomedical text", Pacific Symposium on Biocomputing 8: 451-462, doi:10.1142/9789812776303_0042.

    >>> [(i.long, i.acronym) for i in introduced("The Movement for the Freedom of Gao (MFG) said so.")]
    [('Movement for the Freedom of Gao', 'MFG')]
    """
    for match in _BRACKET.finditer(text):
        acronym = match[1]
        if sum(letter.isupper() for letter in acronym) < 2 or len(acronym) > 16:
            continue
        start = _long(text, match.start(), acronym)
        if start is not None:
            yield Introduced(start, match.start(), text[start : match.start()], acronym, match.start(1))


def _long(text: str, end: int, acronym: str) -> int | None:
    """Where the long name before a bracket begins: the shortest that has the acronym's letters in order."""
    letters = fold(acronym).replace(" ", "")
    window = max(0, end - 220)
    cut = max(text.rfind(sign, window, end) for sign in ("\n", "(", ")", ";", "“", "«"))
    words = [(m.start(), m.group()) for m in _TOKEN.finditer(text, max(window, cut + 1), end)][-MOST_WORDS:]
    for start, word in reversed(words):
        begins = word[:1].isupper() and fold(word) not in LINKING
        if begins and fold(word)[:1] == letters[:1] and _in_order(letters, text[start:end]):
            return start
        if word[:1].islower() and fold(word) not in LINKING and not _french(word):
            continue
    return None


def _french(word: str) -> bool:
    """In French only the first word of a name has a capital."""
    return word.islower()


def _in_order(letters: str, long: str) -> bool:
    """Whether a name has the letters in order, the first one beginning its first word, most beginning words."""
    words = fold(long.replace("-", " ")).replace("|", " ").split()
    if not words or words[0][0] != letters[0]:
        return False
    firsts = "".join(word[0] for word in words)
    strong = "".join(word[0] for word in words if word not in LINKING)
    if _subsequence(letters, firsts) or sorted(letters) == sorted(strong):
        return len(letters) >= len(strong) - 1
    return (
        len(words) <= len(letters) + 3 and _subsequence(letters, "".join(words)) and _subsequence(strong[:2], letters)
    )


def _subsequence(letters: str, within: str) -> bool:
    rest = iter(within)
    return all(letter in rest for letter in letters)

"""Where a quotation stands in a text: exactly, or with signs that differ in typography and in nothing else.

Typographically equal are quotation marks and apostrophes, dashes and hyphens, runs of white space, ligatures and the
letters written as one (`ﬁ`, `œ`), three points and the ellipsis, and what cannot be seen. Case, accents, digits and
letters are not: a quotation that differs in one of these is another text.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from harmattan.reading.normal import LIGATURES

_AS: dict[str, str] = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\xad\u200b\u200c\u200d\u2060\ufeff", ""),
    **LIGATURES,
    "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "…": "...",
}  # fmt: skip
MOST_PLACES = 50
"""Of words that stand in a text more often, the first places."""
_INSIDE_NUMBERS = frozenset(" \u00a0\u202f\u2009.,'’")


@dataclass(frozen=True)
class Plain:
    """A text with plain signs and single spaces. `at[n]` is where its sign `n` begins in the text."""

    original: str
    text: str
    at: tuple[int, ...]

    def places(self, quote: str) -> list[tuple[int, int]]:
        """The spans of the text in which a quotation stands whole, never beginning or ending within a word or a number.

        >>> plain("L’armée a  dit : « non »").places('L\\'armée a dit : "non"')
        [(0, 24)]
        >>> plain("313 people, 1 313 men").places("13 people"), plain("It was unfounded").places("founded")
        ([], [])
        """
        words = plain(unicodedata.normalize("NFC", quote)).text.strip()
        found: list[tuple[int, int]] = []
        start = self.text.find(words) if words else -1
        while start >= 0 and len(found) < MOST_PLACES:
            span = self._span(start, start + len(words))
            if span is not None:
                found.append(span)
            start = self.text.find(words, start + 1)
        return found

    def _span(self, start: int, end: int) -> tuple[int, int] | None:
        first = self.at[start]
        last = self.at[end - 1]
        if (start and self.at[start - 1] == first) or (end < len(self.at) and self.at[end] == last):
            return None
        stop = self.at[end] if end < len(self.at) else len(self.original)
        while stop > last + 1 and (self.original[stop - 1].isspace() or not _AS.get(self.original[stop - 1], "x")):
            stop -= 1
        whole = not _within(self.original, first) and not _within(self.original, stop)
        return (first, stop) if whole else None


def plain(text: str) -> Plain:
    """The text as quotations are looked for in it."""
    letters: list[str] = []
    at: list[int] = []
    for position, letter in enumerate(text):
        signs = " " if letter.isspace() else _AS.get(letter, letter)
        if signs == " " and (not letters or letters[-1] == " " or _opens(letters, text, at)):
            continue
        if letter == "»" and letters and letters[-1] == " ":
            letters.pop(), at.pop()
        letters += signs
        at += [position] * len(signs)
    return Plain(text, "".join(letters), tuple(at))


def _opens(letters: list[str], text: str, at: list[int]) -> bool:
    """Whether the sign before is a French quotation mark that opens, after which a space is no space."""
    return letters[-1] == '"' and text[at[-1]] == "«"


def _within(text: str, position: int) -> bool:
    """Whether a position lies within a word, or within a number that is written in groups."""
    before, after = text[position - 1 : position], text[position : position + 1]
    if before.isalnum() and after.isalnum():
        return True
    if before.isdigit() and after in _INSIDE_NUMBERS:
        decimal = after in (".", ",") and text[position + 1 : position + 2].isdigit()
        if decimal or _group(text[position + 1 : position + 5]):
            return True
    if after.isdigit() and before in _INSIDE_NUMBERS and text[position - 2 : position - 1].isdigit():
        return _group(text[position : position + 4]) or before in (".", ",")
    return False


def _group(text: str) -> bool:
    """Whether three digits come first, and no fourth."""
    return text[:3].isdigit() and len(text[:3]) == 3 and not text[3:4].isdigit()


def holds(words: str, name: str) -> bool:
    """Whether a name stands among words as whole words, in any case.

    >>> holds("fighters of the GSIM (JNIM)", "jnim"), holds("Nigeria", "Niger"), holds("l’État malien", "état malien")
    (True, False, True)
    """
    return stands(plain(words).text.casefold(), name)


def stands(whole: str, name: str) -> bool:
    """Whether a name stands as whole words in a text that is plain and in small letters."""
    part = plain(unicodedata.normalize("NFC", name)).text.strip().casefold()
    start = whole.find(part) if part else -1
    while start >= 0:
        end = start + len(part)
        inside = (whole[start - 1 : start].isalnum() and start > 0) or whole[end : end + 1].isalnum()
        if not inside:
            return True
        start = whole.find(part, start + 1)
    return False


def enclosing(spans: tuple[tuple[int, int], ...], start: int, end: int) -> tuple[int, int]:
    """From the beginning of the first to the end of the last of some spans, in order, that a piece reaches into.

    >>> enclosing(((0, 10), (11, 20), (21, 30)), 12, 22)
    (11, 30)
    """
    first = max(0, bisect_right(spans, start, key=lambda span: span[0]) - 1)
    last = bisect_left(spans, end, key=lambda span: span[0])
    touched = [span for span in spans[first:last] if span[1] > start]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])

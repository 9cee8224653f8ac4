"""What a text shows beside a span: the words before and after it, capitals, and where sentences begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harmattan.reading.folding import fold
from harmattan.reading.mentions import Mention

_PIECE = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:(?:-|['’](?![sS]\b))[^\W\d_]+)*"
_NAME = re.compile(rf"{_PIECE}(?: {_PIECE})?")
_ENDS = ".!?:;…\n"
_SKIPPED = " \t\r\f\v\u00a0\u202f\"'“”‘’«»([{*•–—-"
NEAR = 48
"""So many characters are looked at on either side of a span."""


class Taken:
    """Which signs of a text are part of a mention."""

    def __init__(self, size: int, mentions: Iterable[Mention] = ()) -> None:
        self._signs = bytearray(size)
        for mention in mentions:
            self.take(mention.start, mention.end)

    def take(self, start: int, end: int) -> None:
        """Takes a span."""
        self._signs[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Whether any sign of a span is taken."""
        return 1 in self._signs[start:end]

    def holds(self, start: int, end: int) -> bool:
        """Whether every sign of a span is taken."""
        return 0 not in self._signs[start:end]


@dataclass(frozen=True)
class Word:
    """A word beside a span. `stops`: a mark stands between them."""

    text: str
    folded: str
    stops: bool
    starts: bool = False
    """Whether it begins a sentence."""

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()

    @property
    def common(self) -> bool:
        """Whether it looks like an ordinary word that begins a sentence: it ends as verbs and adverbs do."""
        return self.folded.endswith(("ly", "ing", "ed", "ment")) or len(self.folded) <= 3


def starts_sentence(text: str, place: int) -> bool:
    """Whether a position is where a sentence, a line or a quotation begins.

    >>> starts_sentence("He left. Gao fell.", 9), starts_sentence("In Gao", 3)
    (True, False)
    """
    at = place - 1
    while at >= 0 and text[at] in _SKIPPED:
        at -= 1
    return at < 0 or text[at] in _ENDS


def words_before(text: str, place: int, most: int = 4) -> list[Word]:
    """The words before a position, the nearest first."""
    first = max(0, place - NEAR)
    found: list[Word] = []
    after = place
    for match in reversed(list(_pieces(text, first, place))):
        between = text[match[1] : after]
        word = text[match[0] : match[1]]
        stops = (bool(found) and found[-1].stops) or _stops(between)
        found.append(Word(word, fold(word), stops, starts_sentence(text, match[0])))
        after = match[0]
        if len(found) == most:
            break
    return found


def words_after(text: str, place: int, most: int = 2) -> list[Word]:
    """The words after a position, the nearest first."""
    found: list[Word] = []
    before = place
    for start, end in _pieces(text, place, min(len(text), place + NEAR)):
        stops = (bool(found) and found[-1].stops) or _stops(text[before:start])
        found.append(Word(text[start:end], fold(text[start:end]), stops))
        before = end
        if len(found) == most:
            break
    return found


def _pieces(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\W_]+", text[first:last]):
        yield first + match.start(), first + match.end()


def _stops(between: str) -> bool:
    return any(sign not in " \t\n\r\u00a0\u202f'’-‐‑" for sign in between) or "\n\n" in between


def capital(text: str) -> Iterator[tuple[int, int]]:
    """The spans of capitalised words and of two of them in a row; each word alone as well."""
    for match in _NAME.finditer(text):
        start, end = match.span()
        yield start, end
        gap = text.find(" ", start, end)
        if gap > 0:
            yield start, gap
            yield gap + 1, end


def heading(surface: str) -> bool:
    """Whether a word is so short that, at the beginning of a sentence, its capital says nothing."""
    return len(surface) <= 4

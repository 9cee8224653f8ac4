"""A document's text cut into what is marked and what is not. Nothing here is markup: templates escape every piece."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from harmattan.reading.sentences import sentences
from harmattan.vocabulary.assertion import SEVERAL, Assertion
from harmattan.vocabulary.document import Document

PART = 16_000
"""About so many characters are shown at a time."""
_BETWEEN = re.compile(r"\n\s*\n")
Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """Words that stand under the same assertions."""

    text: str
    made: Assertion | None
    """The shortest of those that they stand under; None where there is none, or a whole sentence alone."""
    within: tuple[Assertion, ...]
    """The longer ones around it."""
    after: tuple[Assertion, ...]
    """Those that end here and are reached by a mark behind the words: claims, relations, events, and what lies hidden
    under shorter ones."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and where it begins, in code points of the document's text."""

    start: int
    pieces: tuple[Piece, ...]


@lru_cache(64)
def paragraphs(text: str) -> tuple[Span, ...]:
    """The spans of the paragraphs; one that is longer than a part is cut at a space."""
    found: list[Span] = []
    start = 0
    for end, following in [(m.start(), m.end()) for m in _BETWEEN.finditer(text)] + [(len(text), len(text))]:
        while end - start > PART:
            cut = text.rfind(" ", start + PART // 2, start + PART) + 1 or start + PART
            found.append((start, cut))
            start = cut
        if text[start:end].strip():
            found.append((start, end))
        start = following
    return tuple(found)


@lru_cache(64)
def parts(text: str) -> tuple[tuple[Span, ...], ...]:
    """The paragraphs in parts of a size that a page can show.

    >>> [len(part) for part in parts("\\n\\n".join(["a" * 10_000] * 5))]
    [1, 1, 1, 1, 1]
    """
    found: list[list[Span]] = []
    length = PART
    for span in paragraphs(text):
        size = span[1] - span[0]
        if length + size > PART:
            found.append([])
            length = 0
        found[-1].append(span)
        length += size
    return tuple(map(tuple, found))


def part_of(text: str, at: int) -> int:
    """Which part holds a position, counted from one."""
    starts = [part[0][0] for part in parts(text)]
    return max(1, bisect_right(starts, at))


def marked(text: str, spans: Iterable[Span], found: Sequence[Assertion]) -> Iterator[Paragraph]:
    """Paragraphs with their pieces; assertions may overlap and may run over a paragraph's end."""
    for start, end in spans:
        here = [made for made in found if made.citation.start < end and made.citation.end > start]
        yield Paragraph(start, tuple(_pieces(text, start, end, here)))


def _pieces(text: str, start: int, end: int, here: Sequence[Assertion]) -> Iterator[Piece]:
    cuts = {start, end}
    for made in here:
        cuts |= {max(start, made.citation.start), min(end, made.citation.end)}
    edges = sorted(cuts)
    shown = _shown(edges, here)
    for left, right in pairwise(edges):
        over = sorted(_over(here, left, right), key=_length)
        words = [made for made in over if made.kind not in SEVERAL]
        top = words[0] if words else None
        ends = [made for made in over if made.citation.end == right and made.id not in shown]
        yield Piece(text[left:right], top, tuple(made for made in over if made is not top), tuple(ends))


def _shown(edges: Sequence[int], here: Sequence[Assertion]) -> set[str]:
    """The assertions that have words of their own to stand on."""
    found: set[str] = set()
    for left, right in pairwise(edges):
        words = [made for made in _over(here, left, right) if made.kind not in SEVERAL]
        if words:
            found.add(min(words, key=_length).id)
    return found


def _over(here: Sequence[Assertion], left: int, right: int) -> list[Assertion]:
    return [made for made in here if made.citation.start <= left and made.citation.end >= right]


def _length(made: Assertion) -> tuple[int, str]:
    return made.citation.end - made.citation.start, made.id


@dataclass(frozen=True)
class Context:
    """A quotation within its sentence and paragraph: the words in order."""

    before: str
    """Of the paragraph, before the sentence."""
    lead: str
    """Of the sentence, before the quotation."""
    words: str
    rest: str
    after: str


def context(document: Document, start: int, end: int) -> Context:
    """The sentence and the paragraph of a quotation."""
    text = document.text
    first, last = _around(paragraphs(text), start, end)
    inside = sentences(text[first:last], document.language)
    begin, stop = _around([(first + s.start, first + s.end) for s in inside], start, end)
    return Context(text[first:begin], text[begin:start], text[start:end], text[end:stop], text[stop:last])


def _around(spans: Sequence[Span], start: int, end: int) -> Span:
    """From the beginning of the span that holds the first character to the end of that which holds the last."""
    met = [span for span in spans if span[0] < end and span[1] > start]
    return (min(start, met[0][0]), max(end, met[-1][1])) if met else (start, end)

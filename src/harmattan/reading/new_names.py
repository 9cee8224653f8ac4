"""Capitalised names that nobody here knows, offered as new actors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harmattan.reading.countries import demonyms
from harmattan.reading.folding import fold
from harmattan.reading.introduced import introduced
from harmattan.reading.mentions import Mention, NewNameMeaning, without_overlaps
from harmattan.reading.name_words import LINKING, NO_NAMES, TITLES
from harmattan.reading.surface import Taken, starts_sentence

RULE, DEFINED = "reading.names.new", "reading.names.defined"
_ARTICLE = r"(?:(?:al|el|ul|ad|as|an|wal|wa[- ]l|wa[- ]al)-)"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:(?:-|['’](?![sS]\b))[^\W\d_]+)*"
MOST_WORDS = 7
_LINK = (
    r"(?:of the|of|for the|for|de la|de l['’]|du|des|de|d['’]|pour la|pour le|pour|ag|al|el|ul|ould|wal|bin|ben|na|fi)"
)
_RUN = re.compile(
    rf"(?<![\w'’-])(?:{_ARTICLE}|d['’]|l['’])?{_CAPITAL}"
    rf"(?: (?:{_LINK} ?)?{_ARTICLE}?{_CAPITAL}| (?:{_LINK}) (?=[A-ZÀ-Þ]))*"
)
_ROMAN = re.compile(r"[IVXLC]+")


def new_names(text: str, language: str, known: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The names of a text that no known mention covers. What is known are actors, places and whatever else was found.

    >>> [m.text for m in new_names("On Monday the Gao Youth League (GYL) met Moussa Traoré in Paris.", "en", ())]
    ['Gao Youth League', 'GYL', 'Moussa Traoré', 'Paris']
    """
    taken = Taken(len(text), known)
    made: list[Mention] = []
    for told in introduced(text):
        if not taken.holds(told.start, told.end):
            meaning = NewNameMeaning(told.long, told.acronym)
            made.append(Mention(told.start, told.end, told.long, meaning, DEFINED))
            taken.take(told.start, told.end)
    shorts = {m.meaning.acronym: m.meaning for m in made if isinstance(m.meaning, NewNameMeaning)}
    for start, end in _runs(text):
        if taken.meets(start, end):
            continue
        surface = text[start:end]
        made.append(Mention(start, end, surface, shorts.get(surface, NewNameMeaning(surface)), RULE))
    return without_overlaps(made)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of capitalised words that may be a name: not one ordinary word that merely begins a sentence."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        start += len(re.match(r"(?:[dlDL]['’])?", match[0])[0])  # type: ignore[index]
        words = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^\s]+", text[start:end])]
        while words and _droppable(text, *words[0], first=True):
            words.pop(0)
        while words and (_droppable(text, *words[-1], first=False) or text[slice(*words[-1])].islower()):
            words.pop()
        if not words or len(words) > MOST_WORDS:
            continue
        start, end = words[0][0], words[-1][1]
        surface = text[start:end]
        single = len(words) == 1
        short = surface.isupper() and len(surface) > 1
        if single and ((starts_sentence(text, start) and not short) or len(surface) < 3 or _ROMAN.fullmatch(surface)):
            continue
        yield start, end


def _droppable(text: str, start: int, end: int, *, first: bool) -> bool:
    """Whether a word at the edge of a run is no part of a name."""
    word = fold(text[start:end])
    if not word or word in NO_NAMES or word in demonyms() or (first and (word in TITLES or word in LINKING)):
        return True
    return first and starts_sentence(text, start) and word.endswith(("ly", "ing", "ed"))

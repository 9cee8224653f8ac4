"""A text as names are compared in it: without case, accents and apostrophes, each sign knowing where it came from.

The rules are those of `harmattan.dossier.spelling.plain`, for running text: a hyphen is a space, a French elision
(`l'`, `d'`) and an English possessive (`'s`) end a word, points within an acronym vanish (`U.N.` is `un`), and every
other mark is one sign (`|`) that no name reaches across.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

STOP = "|"
"""What stands for a mark between words."""
APOSTROPHES = frozenset("’‘‛'`´ʼʻʿʾʹ′ꞌ")
HYPHENS = frozenset("-‐‑‒–_")


def word_set(listed: str) -> frozenset[str]:
    """The words of a list that is written with spaces between them."""
    return frozenset(listed.split())


_ELISIONS = word_set("l d j m n s t c qu jusqu lorsqu puisqu quoiqu")
_VOWELS = frozenset("aeiouyh")
_HOOKED = dict(
    pair.split("=")
    for pair in [
        "ɓ=b",
        "ɗ=d",
        "ɠ=g",
        "ƙ=k",
        "ƴ=y",
        "ɲ=ny",
        "ŋ=ng",
        "ɛ=e",
        "ɔ=o",
        "ə=e",
        "ǝ=e",
        "ø=o",
        "ł=l",
        "đ=d",
        "ħ=h",
        "ı=i",
    ]
)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Folded:
    """A folded text. `at[n]` is the position in the text that its sign `n` comes from."""

    original: str
    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text that signs `start` up to and without `end` come from, with its combining marks."""
        first, last = self.at[start], self.at[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return first, last

    def position(self, place: int) -> int:
        """The first sign that comes from a position of the text or from one before it."""
        return max(0, bisect_right(self.at, place) - 1)


@functools.cache
def _letters(sign: str) -> str:
    """A letter or digit without case and accents; empty for a sign that is neither, such as a combining mark."""
    found = sign
    for _ in range(3):
        found = unicodedata.normalize("NFKD", found.casefold())
    kept = "".join(_HOOKED.get(c, c) for c in found if not unicodedata.combining(c))
    return kept if kept.isalnum() else ""


@functools.lru_cache(maxsize=4)
def folded(text: str) -> Folded:
    """A text folded, each sign with its place.

    >>> folded("L'Union du Mali’s U.N. N'Djamena").text
    'l union du mali s un ndjamena'
    >>> folded("Côte d'Ivoire, Gao").text
    'cote d ivoire|gao'
    """
    return _folded(text)


def _folded(text: str) -> Folded:
    signs: list[str] = []
    at: list[int] = []
    last, word = STOP, 0
    for place, sign in enumerate(text):
        letters = _letters(sign)
        if not letters:
            letters = _mark(text, place, sign, signs, word)
            if not letters or (letters == " " and last in (" ", STOP)):
                continue
            if letters == STOP and last == " ":
                signs[-1], at[-1] = STOP, place
            else:
                signs.append(letters)
                at.append(place)
            last, word = letters, len(signs)
            continue
        for letter in letters:
            signs.append(letter)
            at.append(place)
        last = letters[-1]
    return Folded(text, "".join(signs), tuple(at))


@functools.lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """A name folded as a text is.

    >>> fold("Jama'at Nusrat al-Islam"), fold(" Front (Nord) ")
    ('jamaat nusrat al islam', 'front|nord')
    """
    return _folded(name).text.strip(f" {STOP}")


def _mark(text: str, place: int, sign: str, signs: list[str], word: int) -> str:
    """What a sign that is no letter comes to: nothing, a space, or a stop."""
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    between = before.isalnum() and after.isalnum()
    if sign in APOSTROPHES:
        if not between:
            return " "
        later = text[place + 2] if place + 2 < len(text) else ""
        elided = "".join(signs[word:]) in _ELISIONS and _letters(after)[:1] in _VOWELS
        owned = after in "sS" and not later.isalnum()
        return " " if elided or owned else ""
    if sign == ".":
        alone = before.isupper() and not text[place - 2 : place - 1].isalnum()
        return "" if alone and (after.isupper() or text[place - 2 : place - 1] == ".") else STOP
    if sign in HYPHENS:
        return " " if between else STOP
    if sign == "\n":
        return STOP if after == "\n" or before == "\n" else " "
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in ("Mn", "Mc", "Cf", "Lm") else STOP


class Finder(Generic[_T]):
    """Finds folded names in a folded text, as whole words, by an automaton of Aho and Corasick (1975).

    doi:10.1145/360825.360855. What stands under a name is whatever it was given.
    """

    def __init__(self, names: Mapping[str, _T]) -> None:
        import ahocorasick

        self._automaton: Any = ahocorasick.Automaton()
        self._empty = True
        for name, value in names.items():
            if name:
                self._automaton.add_word(name, (len(name), value))
                self._empty = False
        self._automaton.make_automaton()

    def find(self, text: Folded, *, plural: bool = False) -> Iterator[tuple[int, int, _T]]:
        """Every name that is there: its first sign, the sign after its last, what stands under it; they may overlap.

        With `plural` an `s` more after the last letter is part of the name.
        """
        if self._empty:
            return
        signs = text.text
        for last, (length, value) in self._automaton.iter(signs):
            start, end = last - length + 1, last + 1
            if start and signs[start - 1].isalnum():
                continue
            if plural and signs[last] != "s" and signs[end : end + 1] == "s":
                end += 1
            if signs[end : end + 1].isalnum():
                continue
            yield start, end, value


def by_fold(names: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    """What stands under each folded name."""
    found: dict[str, list[_T]] = {}
    for name, value in names:
        key = fold(name)
        if key:
            found.setdefault(key, []).append(value)
    return found

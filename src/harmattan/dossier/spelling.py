"""Spellings of a name that count as the same: case, accents, marks, and the ways to write Arabic in Latin letters.

Four steps, each looser than the one before: `spelled` (the same text), `plain` (without accents and marks), `skeleton`
(the consonants), and `Likeness` (merely alike, which proves nothing).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_MARKS = "’‘‛'`´ʼʻʿʾʹ′ꞌ\"“”«»„.,;:!?()[]{}"
_JOINTS = "-‐‑‒–—―_/"
_LETTERS = "ɓ=b ɗ=d ɠ=g ƙ=k ƴ=y ɲ=ny ŋ=ng ɛ=e ɔ=o ə=e ǝ=e ø=o ł=l đ=d ħ=h ı=i ʔ="
_HOOKED = dict(pair.split("=") for pair in _LETTERS.split())
_TABLE = str.maketrans(dict.fromkeys(_MARKS, "") | dict.fromkeys(_JOINTS, " ") | _HOOKED)

_WORDLIST = (
    "al el ul as es an en ad ed ar er at et az ash ech l wal wa wel oua oul the le la les de du des d of and in fi "
    "dans au aux"
)
_ARTICLES = frozenset(_WORDLIST.split())
_PAIRS = "dj=j ch=sh kh=k gh=g dh=d th=t ph=f q=k z=s ou=u oo=u ee=i"
_SOUNDS = dict(pair.split("=") for pair in _PAIRS.split())
_SOUND = re.compile("|".join(_SOUNDS) + "|c")
_VOWELS = re.compile("[aeiouyw]")
_FOLDED = str.maketrans("eyow", "iiuu")
_SOFT = str.maketrans("", "", "aiu' ")
_DOUBLED = re.compile(r"(.)\1+")
FIRM = 7
"""A skeleton with fewer consonants is too short to tell names apart."""
SHORT = 5
"""A word with fewer consonants keeps its vowels in the skeleton: they alone tell Niger from Nigeria."""


def legible(text: str) -> str:
    """A text without invisible signs (direction marks, soft hyphens); empty where it holds what no name holds.

    >>> legible("\\u200fMali"), legible("Ma\\x00li")
    ('Mali', '')
    """
    if text.isprintable():
        return text
    kept = []
    for letter in text:
        kind = unicodedata.category(letter)
        if letter.isspace():
            kept.append(" ")
        elif kind in ("Cc", "Cs", "Co", "Cn"):
            return ""
        elif kind != "Cf":
            kept.append(letter)
    return "".join(kept)


def spelled(text: str) -> str:
    """A name without the difference of case, of spaces, and of two codes for the same letter.

    >>> spelled(" Front  Patriotique ") == spelled("front patriotique")
    True
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


@functools.lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A name without case, accents, quotation marks and the difference between hyphens and spaces.

    >>> plain("Jama'at Nusrat al-Islam")
    'jamaat nusrat al islam'
    """
    if text.isascii():
        return " ".join(text.lower().translate(_TABLE).split())
    letters = text.translate(_TABLE)
    for form in ("NFKD", "NFKD", "NFKD"):
        letters = unicodedata.normalize(form, letters.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(bare.translate(_TABLE).split())


def skeleton(text: str) -> str:
    """The consonants of a name's words, without articles and doubling: the same for most transliterations.

    Short words keep their vowels. Empty where too little is left to tell names apart, or where it is no Latin script.

    >>> skeleton("Jamaat Nusrat al-Islam wal Muslimeen") == skeleton("Jama'at Nusrat ul-Islam wal-Muslimin")
    True
    >>> skeleton("Government of Niger") == skeleton("Government of Nigeria")
    False
    """
    letters = plain(text)
    if " " not in letters or not letters.isascii():
        return ""
    kept = [_bones(word) for word in letters.split() if word not in _ARTICLES]
    joined = " ".join(kept)
    return joined if len(kept) > 1 and len(joined.translate(_SOFT)) >= FIRM else ""


@functools.lru_cache(maxsize=20_000)
def _bones(word: str) -> str:
    """One word as its consonants, with a mark where it begins or ends in a vowel; a short word with its vowels."""
    sounds = _DOUBLED.sub(r"\1", _SOUND.sub(lambda found: _sound(word, found), word))
    if len(sounds) > 5:
        sounds = sounds.removesuffix("ul")
    if len(sounds) > 4:
        sounds = re.sub("a(tu?|h)$", "a", sounds)
    if len(sounds) > 3:
        sounds = re.sub("([^aeiouyw])e$", r"\1", sounds)
    bare = _DOUBLED.sub(r"\1", _VOWELS.sub("", sounds))
    if len(bare) < SHORT:
        return _DOUBLED.sub(r"\1", sounds.translate(_FOLDED))
    return f"{_vowel(sounds[0])}{bare}{_vowel(sounds[-1])}"


def _sound(word: str, found: re.Match[str]) -> str:
    if found[0] == "c":
        return "s" if word[found.end() : found.end() + 1] in ("e", "i", "y") else "k"
    return _SOUNDS[found[0]]


def _vowel(letter: str) -> str:
    return "'" if _VOWELS.match(letter) else ""


class Likeness:
    """Finds the texts that are written alike; only those that share groups of three letters are compared."""

    COMPARED = 40
    """At most so many texts are compared: those that share the largest part of their groups."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._index: dict[str, list[int]] = {}
        self._sizes: list[int] = []
        for number, text in enumerate(self._texts):
            groups = self._groups(text)
            self._sizes.append(len(groups))
            for group in groups:
                self._index.setdefault(group, []).append(number)

    @staticmethod
    def _groups(text: str) -> set[str]:
        """The groups of three letters of each word, with its two ends."""
        ends = [f" {word} " for word in text.split()]
        return {word[n : n + 3] for word in ends for n in range(len(word) - 2)}

    def near(self, text: str, least: float) -> list[tuple[int, float]]:
        """The positions of texts that are at least so much alike, of 100, the likest first.

        >>> Likeness(["front of the south", "army of the north"]).near("front of south", 80)
        [(0, 87.5)]
        """
        from rapidfuzz import fuzz

        groups = self._groups(text)
        shared: Counter[int] = Counter()
        for group in groups:
            shared.update(self._index.get(group, ()))
        often = len(groups) // 4
        likely = sorted((-n / (len(groups) + self._sizes[i]), i) for i, n in shared.items() if n >= often)
        found = []
        for _, number in likely[: self.COMPARED]:
            other = self._texts[number]
            score = max(fuzz.ratio(text, other), fuzz.token_sort_ratio(text, other))
            if score >= least:
                found.append((number, round(score, 1)))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

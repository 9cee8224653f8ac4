"""The words of posts: folded texts and their tokens, by Arrow kernels over whole columns of distinct texts.

A text is folded once for all that is looked for in it: compatibility forms, case and accents vanish (`𝗙𝗿𝗮𝗻𝗰𝗲`, `FRANCE`
and `france` are one word, `État` is `etat`), an apostrophe or hyphen ends a word (`l'armée` is `l armee`), links and
names of accounts are left out, a hashtag keeps its sign, and the end of a sentence is the token `|`. Scripts that write
no spaces between words are not cut into words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.data import WORDS

Array = npt.NDArray[Any]
BREAK = "|"
BATCH = 100_000
"""So many texts are folded at a time: the words of all of them never stand in memory at once."""
_STEPS = (
    (r"https?://\S+|www\.\S+|\b(?:[a-z0-9-]+\.)+(?:com|me|net|org|info|app|ru|fr|ml|co|ly|be|tv)/\S*"
     r"|@(?:acct-[0-9a-f]{32}|[\p{L}\p{N}_.]+)", " "),
    (r"#+", " #"),
    (r"[\p{M}\p{Cf}]+", ""),
    (r"[.!?;:…|؟۔\n\r]+[^\p{L}\p{N}_#]*", " | "),
    (r"[^\p{L}\p{N}_#| ]+", " "),
    (r" {2,}", " "),
)  # fmt: skip
"""What is replaced by what, in this order, in a text in compatibility form and lower case (RE2)."""


def folded(texts: pa.Array) -> pa.Array:
    """Texts as words with one space before, between and after them; empty texts stay empty.

    >>> folded(pa.array(["À bas l'État! #FranceDégage https://a.ml/x"]))[0].as_py()
    ' a bas l etat | #francedegage '
    """
    found = pc.utf8_lower(pc.utf8_normalize(texts, "NFKD"))
    for pattern, by in _STEPS:
        found = pc.replace_substring_regex(found, pattern, by)
    for written, by in (("œ", "oe"), ("æ", "ae")):
        found = pc.replace_substring(found, written, by)
    return pc.binary_join_element_wise(" ", pc.ascii_trim(found, " "), " ", "")


def batches(texts: pa.ChunkedArray | pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """The folded texts a batch at a time, each with the place of its first text."""
    for start in range(0, len(texts), BATCH):
        part = texts.slice(start, BATCH)
        yield start, folded(part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part)


@cache
def stop_words() -> frozenset[str]:
    """Folded English and French words that say nothing alone, such as articles and pronouns, and those of platforms."""
    written = tomllib.loads((WORDS / "stop.toml").read_text(encoding="utf-8"))
    return frozenset(word for listed in written.values() for word in listed.split())


def distinct(keys: Array) -> Array:
    """The different whole numbers of an array, sorted (by sorting: `numpy.unique` hashes them, ten times as slowly)."""
    found = np.sort(keys)
    return found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found


@dataclass(frozen=True)
class Tokens:
    """The tokens of some texts in order: `text` (int64) the place of its text, `word` (int64) its place in `words`."""

    text: Array
    word: Array
    words: pa.Array


def tokens(folded_texts: pa.Array) -> Tokens:
    """The tokens of folded texts."""
    split = pc.split_pattern(pc.ascii_trim(folded_texts, " "), " ")
    lengths = np.asarray(pc.list_value_length(split).fill_null(0))
    flat = pc.list_flatten(split).dictionary_encode()
    text = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    return Tokens(text, np.asarray(flat.indices, dtype=np.int64), flat.dictionary)


def kinds(words: pa.Array) -> tuple[Array, Array]:
    """Which tokens are words that may be terms, and which end a sentence: bool arrays.

    A term has at least two signs and one letter, is no stop word and no hashtag (those are objects of their own).
    """
    stops = pa.array(sorted(stop_words()), pa.string())
    sayable = pc.and_(pc.greater(pc.utf8_length(words), 1), pc.match_substring_regex(words, r"^[^#]*\p{L}[^#]*$"))
    term = pc.and_(sayable, pc.invert(pc.is_in(words, value_set=stops)))
    return np.asarray(term, dtype=bool), np.asarray(pc.equal(words, BREAK), dtype=bool)

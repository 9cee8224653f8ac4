"""Texts that are nearly the same: the share of their shingles that they have in common, found by MinHash.

A shingle is a run of five characters of the folded text, so that one rule serves all scripts, with or without spaces.
The likeness of two texts is the Jaccard share of their sets of shingles (Broder 1997, doi:10.1109/SEQUEN.1997.666900).
Which texts to compare is told by bands of a signature of least hashes (Indyk & Motwani 1998,
doi:10.1145/276698.276876); every two that are put together have been compared on all their shingles.

Groups do not chain. Texts stand in order, the most frequent first and then by their letters. A text that is in no
group leads one; each later text that is at least `threshold` like a leader is in its group. So each is that like its
leader, whatever lies between. The leaders are found in rounds, as in Blelloch, Fineman & Shun 2012
(doi:10.1145/2312005.2312058): a text leads once all before it in its bands are settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.text import T

SHINGLE = 5
SIGNATURE = 100
"""Least hashes of a text."""
ROUNDS = 24
"""Texts that still are unsettled then share a band with many that are not like them; each stands by itself."""
CHUNK = 4_000_000
"""Characters that are looked at together."""
COMPARED = 20_000
"""Pairs of texts that are compared together."""
SEED = 1997

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Similar:
    """When two texts are nearly the same. Raises UsageError for a threshold that is not between 0.5 and 1.

    >>> Similar().rows, Similar(0.6).rows
    (5, 4)
    """

    threshold: float = 0.8

    def __post_init__(self) -> None:
        if not 0.5 <= self.threshold <= 1:
            raise UsageError(
                T("Texts cannot be called similar from a likeness of {n}.", n=self.threshold),
                do=T("Give a number from 0.5 to 1."),
            )

    @property
    def rows(self) -> int:
        """Hashes in a band: as many as let at least 96 of 100 pairs at the threshold meet in some band."""
        fits = [rows for rows in (10, 5, 4, 2) if (1 - self.threshold**rows) ** (SIGNATURE // rows) <= 0.04]
        return fits[0]


SIMILAR = Similar()


def leaders(texts: Sequence[str], counts: Sequence[int] | Ints, rule: Similar = SIMILAR) -> Ints:
    """For each of these distinct folded texts the place of the text that leads its group, itself where it has none.

    `counts` says how often each was posted. Texts shorter than a shingle stand alone. Same input, same answer.

    >>> leaders(["la force quitte le camp", "la force quitte le camp!", "un autre"], [1, 2, 1]).tolist()
    [1, 1, 2]
    """
    places = sorted(range(len(texts)), key=lambda place: (-int(counts[place]), texts[place]))
    places = [place for place in places if len(texts[place]) >= SHINGLE]
    ordered = [texts[place] for place in places]
    lead = _leaders(ordered, rule)
    found = np.arange(len(texts), dtype=np.int64)
    back = np.array(places, dtype=np.int64)
    found[back] = back[lead]
    return found


def _leaders(texts: Sequence[str], rule: Similar) -> Ints:
    """The leader of each text, where the texts stand in order."""
    lead = np.arange(len(texts), dtype=np.int64)
    settled = np.zeros(len(texts), dtype=bool)
    entries = _bands(texts, rule.rows)
    for _ in range(ROUNDS):
        entries = _alive(entries, settled)
        if not len(entries):
            break
        buckets, members = entries[:, 0], entries[:, 1]
        first = np.ones(len(entries), dtype=bool)
        first[1:] = buckets[1:] != buckets[:-1]
        waits = np.bincount(members[~first], minlength=len(texts)) > 0
        head = members[first][np.cumsum(first) - 1]
        ready = ~first & ~waits[head]
        settled[members[first & ~waits[members]]] = True
        pairs = np.unique(head[ready] * len(texts) + members[ready])
        heads, others = pairs // max(len(texts), 1), pairs % max(len(texts), 1)
        alike = _alike(texts, heads, others, rule.threshold)
        # Pairs stand by leader, so written from the last the first leader is the one that stays.
        lead[others[alike][::-1]] = heads[alike][::-1]
        settled[others[alike]] = True
    return lead


def _alive(entries: Ints, settled: NDArray[np.bool_]) -> Ints:
    """The entries of texts that are not settled, in bands that have two of them at least."""
    entries = entries[~settled[entries[:, 1]]]
    same = entries[1:, 0] == entries[:-1, 0]
    shared = np.zeros(len(entries), dtype=bool)
    shared[1:] |= same
    shared[:-1] |= same
    return entries[shared]


def _bands(texts: Sequence[str], rows: int) -> Ints:
    """Bucket and text, in that order, for the buckets that have two texts at least: (n, 2)."""
    bands = SIGNATURE // rows
    keys = np.empty((bands, len(texts)), dtype=np.uint64)
    for start, stop in _chunks(texts):
        keys[:, start:stop] = _keys(texts[start:stop], rows)
    found, buckets = [np.empty((0, 2), dtype=np.int64)], 0
    for band in keys:
        order = np.argsort(band, kind="stable")
        new = np.ones(len(order), dtype=bool)
        new[1:] = band[order][1:] != band[order][:-1]
        entries = np.stack([np.cumsum(new) + buckets, order], axis=1)
        buckets += int(new.sum())
        found.append(_alive(entries, np.zeros(len(texts), dtype=bool)))
    return np.concatenate(found)


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of texts of about `CHUNK` characters."""
    start, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK:
            yield start, place + 1
            start, size = place + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _shingles(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The hashes (64 bits) of all shingles of these texts, one after the other, and where each text's begin."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    hashed = np.zeros(len(letters) - SHINGLE + 1, dtype=np.uint64)
    for step in range(SHINGLE):
        hashed = _mixed(hashed ^ letters[step : step + len(hashed)])
    ends = np.cumsum(lengths)
    within = np.ones(len(letters), dtype=bool)
    for step in range(1, SHINGLE):
        within[ends - step] = False
    starts = np.concatenate([[0], np.cumsum(lengths - SHINGLE + 1)])
    return hashed[within[: len(hashed)]], starts


def _mixed(words: Hashes) -> Hashes:
    """A one-to-one scrambling of 64 bits: multiply by an odd number, fold the high bits down."""
    words = words * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    return words ^ (words >> np.uint64(29))


def _keys(texts: Sequence[str], rows: int) -> Hashes:
    """The key of each band of each text: (bands, n)."""
    hashes, starts = _shingles(texts)
    short = (_mixed(_mixed(hashes)) >> np.uint64(32)).astype(np.uint32)
    chance = np.random.default_rng(SEED)
    factors = chance.integers(0, 2**31, SIGNATURE, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    keys = np.zeros((SIGNATURE // rows, len(texts)), dtype=np.uint64)
    turned = np.empty_like(short)
    for place in range(SIGNATURE // rows * rows):
        np.multiply(short, factors[place], out=turned)
        turned ^= turned >> np.uint32(15)
        turned *= np.uint32(0x2C1B3C6D)
        least = np.minimum.reduceat(turned, starts[:-1])
        keys[place // rows] = _mixed(keys[place // rows] ^ least)
    return keys


def _alike(texts: Sequence[str], first: Ints, second: Ints, threshold: float) -> NDArray[np.bool_]:
    """Which pairs have at least that share of their shingles in common, counted on all of them."""
    found = np.zeros(len(first), dtype=bool)
    for start in range(0, len(first), COMPARED):
        some = slice(start, start + COMPARED)
        found[some] = _jaccard(texts, first[some], second[some]) >= threshold
    return found


def _jaccard(texts: Sequence[str], first: Ints, second: Ints) -> NDArray[np.float64]:
    """The Jaccard share of pairs of texts, from 0 to 1."""
    asked = np.unique(np.concatenate([first, second]))
    rows = _sets([texts[place] for place in asked])
    sizes = np.diff(rows.indptr)
    one, other = np.searchsorted(asked, first), np.searchsorted(asked, second)
    both = np.diff(rows[one].multiply(rows[other]).tocsr().indptr)
    shared: NDArray[np.float64] = both / (sizes[one] + sizes[other] - both)
    return shared


def _sets(texts: Sequence[str]) -> Any:
    """Texts as rows of a sparse matrix with a 1 for each shingle that they have."""
    from scipy.sparse import csr_array

    hashes, starts = _shingles(texts)
    columns = (hashes >> np.uint64(1)).astype(np.int64)
    ones = np.ones(len(columns), dtype=np.int8)
    rows = csr_array((ones, columns, starts), shape=(len(texts), 2**63 - 1))
    rows.sort_indices()
    rows.sum_duplicates()
    rows.data[:] = 1
    return rows

"""Which pseudonym belongs to each account of a column: a hash table that whole columns are looked up in at once.

Python's own dictionary looks at one account after the other and waits for the memory at each, which took longer than
to read the file. Accounts are told apart by all their bytes, so none gets another's pseudonym.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH = 40
"""So many bytes stand for an account: its own, zeros, and in the last one how long it is."""
LONGEST = WIDTH - 1
MOST = 500_000
"""So many accounts are remembered; then the table begins anew."""
SLOT_BITS = 20
"""Twice as many slots as accounts, so that most are found at the first look."""

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


class Table:
    """The pseudonyms of accounts that were met, all of the same length; `make` makes those of others."""

    def __init__(self, make: Callable[[Iterable[str]], Iterable[str]], length: int, salt: bytes) -> None:
        self._make = make
        # Nobody who does not know the salt can write accounts that all fall into one slot.
        self._factors = np.frombuffer(salt[:WIDTH], np.uint64) | np.uint64(1)
        self._words = np.empty((MOST, WIDTH // 8), np.uint64)
        self._made = np.empty((MOST, length), np.uint8)
        self._forget()

    def _forget(self) -> None:
        self._slots = np.full(1 << SLOT_BITS, -1, np.int32)
        self._count = 0

    def pseudonyms(self, accounts: Any) -> Any:
        """Those of an Arrow array of different accounts, none of them null or longer than `LONGEST` bytes."""
        import pyarrow as pa

        taken = [self._taken(accounts.slice(start, MOST)) for start in range(0, len(accounts), MOST)]
        made = np.concatenate([*taken, self._made[:0]])
        starts = np.arange(0, made.size + 1, made.shape[1], dtype=np.int32)
        return pa.StringArray.from_buffers(len(made), pa.py_buffer(starts), pa.py_buffer(made))

    def _taken(self, accounts: Any) -> npt.NDArray[np.uint8]:
        if self._count + len(accounts) > MOST:
            self._forget()
        before = self._count
        places = self._places(_words(accounts))
        new = np.flatnonzero(places >= before)
        if len(new):
            made = "".join(self._make(accounts.take(new).to_pylist()))
            self._made[places[new]] = np.frombuffer(made.encode(), np.uint8).reshape(len(new), -1)
        return self._made[places]

    def _places(self, words: Words) -> Places:
        """Where each account stands among those that were met; new ones are put behind them."""
        places, looking, slots = np.full(len(words), -1, np.int64), np.arange(len(words)), self._first_slots(words)
        while len(looking):
            there = self._slots[slots[looking]]
            free = looking[there < 0]
            if len(free):
                # Where several want a slot, one of them gets it, and the others look again.
                self._slots[slots[free]] = free
                first = free[self._slots[slots[free]] == free]
                places[first] = np.arange(self._count, self._count + len(first))
                self._slots[slots[first]] = places[first]
                self._words[places[first]] = words[first]
                self._count += len(first)
            taken, there = looking[there >= 0], there[there >= 0]
            same = (self._words[there] == words[taken]).all(axis=1)
            places[taken[same]] = there[same]
            others = taken[~same]
            slots[others] = (slots[others] + 1) & (len(self._slots) - 1)
            looking = looking[places[looking] < 0]
        return places

    def _first_slots(self, words: Words) -> Places:
        mixed = np.zeros(len(words), np.uint64)
        for column, factor in zip(words.T, self._factors, strict=True):
            mixed = (mixed ^ column) * factor
            mixed ^= mixed >> np.uint64(32)
        return (mixed & np.uint64(len(self._slots) - 1)).astype(np.int64)


def _words(accounts: Any) -> Words:
    """Each account as numbers: its bytes, filled up with zeros, and how many they are."""
    import pyarrow.compute as pc

    padded = pc.ascii_rpad(accounts, WIDTH, "\0")
    data = padded.buffers()[2]
    signs = np.frombuffer(data, np.uint8)[padded.offset * WIDTH :][: len(padded) * WIDTH].reshape(-1, WIDTH).copy()
    signs[:, LONGEST] = pc.binary_length(accounts).to_numpy()
    return signs.view(np.uint64)

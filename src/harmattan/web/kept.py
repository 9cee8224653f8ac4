"""Pages that have been made: the same page is made once for a state of the lake."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_BYTES = 64_000_000
MOST_TAGS = 100_000


class Kept:
    """Bytes by key; those that were asked for longest ago go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._there: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0

    def of(self, key: tuple[str, ...], make: Callable[[], bytes]) -> tuple[bytes, str]:
        """The bytes of a key and their ETag; made where there are none yet."""
        name = "\0".join(key)
        with self._lock:
            if name in self._there:
                self._there.move_to_end(name)
                return self._there[name]
        made = make()
        tag = hashlib.sha256(made).hexdigest()[:20]
        with self._lock:
            if name not in self._there:
                self._there[name] = (made, tag)
                self._bytes += len(made)
            while self._bytes > self.most_bytes and len(self._there) > 1:
                _, (gone, _tag) = self._there.popitem(last=False)
                self._bytes -= len(gone)
        return made, tag


class Tags:
    """Which ETag an address had when it was last answered, for a state of the lake."""

    def __init__(self, most: int = MOST_TAGS) -> None:
        self.most = most
        self._there: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> str:
        """The tag of an address; empty where none is known."""
        with self._lock:
            return self._there.get(key, "")

    def put(self, key: tuple[str, ...], tag: str) -> None:
        """Remembers a tag; those that were put longest ago are forgotten first."""
        with self._lock:
            self._there[key] = tag
            self._there.move_to_end(key)
            while len(self._there) > self.most:
                self._there.popitem(last=False)

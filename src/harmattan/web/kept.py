"""What is kept in memory: pages that have been made, once for a state of the lake, and things that were sent."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

MOST_BYTES = 64_000_000


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


class Remembered(Generic[Thing]):
    """The last things by their names; the oldest go first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._there: OrderedDict[str, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def __setitem__(self, name: str, thing: Thing) -> None:
        """Remembers a thing."""
        with self._lock:
            self._there[name] = thing
            self._there.move_to_end(name)
            while len(self._there) > self.most:
                self._there.popitem(last=False)

    def get(self, name: str) -> Thing | None:
        """A thing by its name, if it is remembered."""
        with self._lock:
            return self._there.get(name)

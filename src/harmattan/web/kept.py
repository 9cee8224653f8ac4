"""What is kept in memory: pages that have been made, once for a state of the lake, and things that were sent."""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

MOST_BYTES = 64_000_000
SIGN = "@@sign-of-this-visitor@@"
"""Stands in a kept page for the sign that differs from visitor to visitor."""
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
Name = TypeVar("Name")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Made:
    """A page without the sign of its visitor, or anything else that is sent as it is."""

    parts: tuple[bytes, ...]
    """What stands before, between and after the places of the sign."""
    tag: str

    @classmethod
    def of(cls, made: bytes) -> Made:
        """A page that was made."""
        parts = tuple(made.split(SIGN.encode()))
        return cls(parts, hashlib.sha256(made).hexdigest()[:20])

    @cached_property
    def packed(self) -> tuple[bytes, ...]:
        """The parts, compressed when first asked for: the sign can be put between as it is."""
        return tuple(_packed(self.parts))

    @property
    def size(self) -> int:
        """Bytes that it takes, about: compressed it has a fourth of them once more."""
        return sum(map(len, self.parts)) * 5 // 4

    def plain(self, sign: str = "") -> bytes:
        """The page with a visitor's sign."""
        return sign.encode().join(self.parts)

    def gzipped(self, sign: str = "") -> bytes:
        """The same, compressed (RFC 1952).

        >>> import gzip
        >>> made = Made.of(f"<p>{SIGN}</p><p>{SIGN}</p>".encode())
        >>> gzip.decompress(made.gzipped("abc"))
        b'<p>abc</p><p>abc</p>'
        """
        word, plain = sign.encode(), self.plain(sign)
        # RFC 1951, 3.2.4: a block that is stored as it is, of a known length, and not the last one.
        stored = b"\x00" + struct.pack("<HH", len(word), len(word) ^ 0xFFFF) + word
        ending = struct.pack("<LL", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)
        return GZIP_HEAD + stored.join(self.packed) + ending


def _packed(parts: tuple[bytes, ...]) -> list[bytes]:
    """Each part compressed so that it does not look back over its own beginning, and ends on a whole byte."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    last = len(parts) - 1
    return [
        packer.compress(part) + packer.flush(zlib.Z_FINISH if n == last else zlib.Z_FULL_FLUSH)
        for n, part in enumerate(parts)
    ]


@dataclass(frozen=True)
class Sending:
    """How something that is kept is sent: under which key it is, and with which headers."""

    key: tuple[str, ...]
    headers: dict[str, str]
    kind: str


def named(key: Iterable[str]) -> bytes:
    """What something is kept under: short, however long the address that asked for it."""
    return hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()


class Kept:
    """Pages by key; those that were asked for longest ago go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._there: OrderedDict[bytes, Made] = OrderedDict()
        self._making: dict[bytes, Future[Made]] = {}
        self._lock = threading.Lock()
        self._bytes = 0

    def find(self, key: tuple[str, ...]) -> Made | None:
        """The page of a key, where it is kept."""
        name = named(key)
        with self._lock:
            if name in self._there:
                self._there.move_to_end(name)
            return self._there.get(name)

    def page(self, key: tuple[str, ...], make: Callable[[], bytes]) -> Made:
        """The page of a key; made where there is none yet, by one of those who ask for it: the others wait for it."""
        name = named(key)
        with self._lock:
            if name in self._there:
                self._there.move_to_end(name)
                return self._there[name]
            mine = name not in self._making
            coming = self._making.setdefault(name, Future())
        if not mine:
            return coming.result()
        try:
            made = Made.of(make())
        except BaseException as fault:
            self._end(name)
            coming.set_exception(fault)
            raise
        self._put(name, made)
        self._end(name)
        coming.set_result(made)
        return made

    def of(self, key: tuple[str, ...], make: Callable[[], bytes]) -> tuple[bytes, str]:
        """The bytes of a key and their ETag, where they are no page."""
        made = self.page(key, make)
        return made.plain(), made.tag

    def _end(self, name: bytes) -> None:
        with self._lock:
            self._making.pop(name, None)

    def _put(self, name: bytes, made: Made) -> None:
        with self._lock:
            self._there[name] = made
            self._bytes += made.size
            while self._bytes > self.most_bytes and len(self._there) > 1:
                _, gone = self._there.popitem(last=False)
                self._bytes -= gone.size


class Newest(dict[Name, Found]):
    """A mapping that forgets what was put into it first when it becomes more than `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: Name, value: Found) -> None:
        """Puts something in."""
        super().__setitem__(key, value)
        while len(self) > self.most:
            del self[next(iter(self))]


class Remembered(Generic[Name, Thing]):
    """The last things by their names; those that were asked for longest ago go first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._there: OrderedDict[Name, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def __setitem__(self, name: Name, thing: Thing) -> None:
        """Remembers a thing."""
        with self._lock:
            self._there[name] = thing
            self._there.move_to_end(name)
            while len(self._there) > self.most:
                self._there.popitem(last=False)

    def get(self, name: Name) -> Thing | None:
        """A thing by its name, if it is remembered."""
        with self._lock:
            if name in self._there:
                self._there.move_to_end(name)
            return self._there.get(name)

    def of(self, name: Name, make: Callable[[], Thing]) -> Thing:
        """A thing by its name, made where it is not remembered; it may not be None."""
        if (found := self.get(name)) is not None:
            return found
        self[name] = made = make()
        return made

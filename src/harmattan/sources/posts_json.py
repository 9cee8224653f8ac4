"""Reads a JSON document piece by piece, however long it is: the posts of an export, one after the other.

Numbers come as the digits that stand there: an id beyond 2^53 keeps them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim

CHUNK_CHARS = 1 << 20
LONGEST_VALUE_CHARS = 64 << 20
"""A single post that is longer than this is none; without a limit a broken file would fill the memory."""
DEEPEST = 6
POSTS_UNDER = ("messages", "data", "results", "list")
"""The names under which exports keep their arrays; `list` holds the chats of Telegram."""
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


@dataclass
class Reader:
    """A JSON text that is read from its start to its end."""

    file: IO[str]
    path: Path
    buffer: str = ""
    at: int = 0
    lines_before: int = 0
    ended: bool = False
    found: int = 0

    @property
    def line(self) -> int:
        """The line that is being read, from 1."""
        return self.lines_before + self.buffer.count("\n", 0, self.at) + 1

    def more(self) -> bool:
        """Reads on; false at the end."""
        self.lines_before += self.buffer.count("\n", 0, self.at)
        # A piece as long as what waits is read, so that a long value is not tried again and again.
        piece = self.file.read(max(CHUNK_CHARS, len(self.buffer) - self.at))
        self.buffer, self.at = self.buffer[self.at :] + piece, 0
        self.ended = not piece
        return bool(piece)

    def peek(self) -> str:
        """The next sign that is no blank, or nothing at the end."""
        while True:
            rest = len(self.buffer)
            while self.at < rest and self.buffer[self.at] in " \t\r\n":
                self.at += 1
            if self.at < rest:
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self, signs: str) -> str:
        """The next sign, which must be one of these. Raises WrongFile."""
        sign = self.peek()
        if not sign or sign not in signs:
            raise self.broken(cut=not sign)
        self.at += 1
        return sign

    def value(self) -> Any:
        """The next value, whole. Raises WrongFile where there is none."""
        while True:
            self.peek()
            try:
                value, end = DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as fault:
                unfinished = fault.pos >= len(self.buffer) - 8 or fault.msg.startswith("Unterminated string")
                if unfinished and len(self.buffer) - self.at < LONGEST_VALUE_CHARS and self.more():
                    continue
                raise self.broken(fault.pos, cut=unfinished and self.ended) from fault
            except (RecursionError, ValueError) as fault:
                raise self.broken() from fault
            if end == len(self.buffer) and not self.ended and self.more_after(end):
                continue
            self.at = end
            return value

    def more_after(self, end: int) -> bool:
        """Whether there is more of a value that ended just where the piece did: 12 may go on as 123."""
        return self.buffer[end - 1] not in '}]"' and self.more()

    def broken(self, at: int | None = None, cut: bool = False) -> WrongFile:
        """What is said of a document that ends too early or is not JSON."""
        self.at = self.at if at is None else min(at, len(self.buffer))
        name, line = Verbatim(self.path.name), self.line
        if cut:
            return WrongFile(
                T("{file} ends within a post, at line {line}: it was cut off after {n} posts.", file=name, line=line,
                  n=self.found),
                do=T("Export it again."),
            )  # fmt: skip
        return WrongFile(T("{file} is not JSON at line {line}.", file=name, line=line), do=T("Export it again."))


Found = tuple[Mapping[str, Any], Any]
"""What stood before an array (the name and the kind of a chat), and one element of it."""


def elements(plain: Path, path: Path) -> Iterator[Found]:
    """Every post of a JSON document with what stands above it; `path` is what the user named, `plain` what was in it.

    Raises WrongFile with the line where it is not JSON.
    """
    try:
        with plain.open(encoding="utf-8-sig", newline="") as file:
            reader = Reader(file, path)
            yield from _walk(reader, {}, 0)
            if reader.peek():
                raise reader.broken()
    except UnicodeDecodeError as fault:
        raise WrongFile(
            T("{file} is JSON, but not in UTF-8.", file=Verbatim(path.name)),
            do=T("Export it again, or save it as UTF-8."),
        ) from fault


def _walk(reader: Reader, above: Mapping[str, Any], depth: int) -> Iterator[Found]:
    if depth > DEEPEST:
        raise reader.broken()
    if reader.peek() == "[":
        yield from _array(reader, above, depth)
        return
    reader.take("{")
    said = dict(above)
    if reader.peek() == "}":
        reader.take("}")
        return
    while True:
        name = reader.value()
        if not isinstance(name, str):
            raise reader.broken()
        reader.take(":")
        if name in POSTS_UNDER and reader.peek() == "[":
            yield from _array(reader, said, depth, of_chats=name == "list")
        elif name in ("chats", "left_chats") and reader.peek() == "{":
            yield from _walk(reader, {}, depth + 1)
        else:
            said[name] = reader.value()
        if reader.take(",}") == "}":
            return


def _array(reader: Reader, above: Mapping[str, Any], depth: int, of_chats: bool = False) -> Iterator[Found]:
    reader.take("[")
    if reader.peek() == "]":
        reader.take("]")
        return
    while True:
        if of_chats and reader.peek() == "{":
            yield from _walk(reader, {}, depth + 1)
        else:
            value = reader.value()
            reader.found += 1
            yield above, value
        if reader.take(",]") == "]":
            return

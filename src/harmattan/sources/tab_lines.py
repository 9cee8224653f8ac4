"""Tab-separated lines without quotation marks, as machines write them: one line is one row, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harmattan.errors import WrongFile
from harmattan.sources.containers import plain_file
from harmattan.text import T, Verbatim

LONGEST_LINE_BYTES = 1 << 22
LONGEST_TOLD_CHARS = 2_000


def fields_of(path: Path, scratch: Path, number: int, fallback: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """The number of each line, from 1, and its fields; empty lines are left out. The file may be packed.

    Lines are UTF-8, else in the encoding `fallback`, else with the sign for what cannot be read. Raises WrongFile.
    """
    plain = plain_file(path, scratch, number)
    if plain.kind != "csv":
        raise WrongFile(T("{file} is not a file of lines.", file=Verbatim(path.name)))
    with plain.path.open("rb") as file:
        for line_number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE_BYTES), b""), start=1):
            if b"\0" in line:
                raise WrongFile(T("{file} is not a table: it holds binary data.", file=Verbatim(path.name)))
            words = _decoded(line, fallback).rstrip("\r\n")
            if words.strip():
                yield line_number, words.removeprefix("\ufeff").split("\t")


def _decoded(line: bytes, fallback: str | None) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(fallback) if fallback else line.decode("utf-8", "replace")


def told(fields: list[str]) -> dict[str, str]:
    """A row that cannot be taken, as it is kept among the rejects."""
    return {"row": "\t".join(fields)[:LONGEST_TOLD_CHARS]}

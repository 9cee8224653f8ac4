"""Plain text: which encoding it is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from harmattan.errors import WrongFile
from harmattan.reading.normal import looks_wrapped, normal, unwrapped
from harmattan.reading.pages import Taken
from harmattan.text import T, Verbatim

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MISREAD = re.compile("Ã[\x80-\xbf]|â€|Â[\xa0-\xbf]")
"""UTF-8 that was read as Windows-1252: "Ã©" for "é"."""


def decoded(content: bytes, file: str) -> str:
    """The text of bytes: UTF-8, UTF-16 where a byte order mark says so, else Windows-1252. WrongFile for no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _utf16(content, file)
    elif b"\0" in content:
        raise _no_text(file)
    else:
        utf8 = _utf8(content)
        text = _cp1252(content, file) if utf8 is None else utf8
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    if _CONTROLS.search(text):
        raise _no_text(file)
    return text


def taken_from_text(text: str) -> Taken:
    """Plain text as it stands; lines that were broken at a width are put together again."""
    text = normal(text)
    if looks_wrapped(text):
        text = "\n\n".join("\n".join(unwrapped(block.split("\n"))) for block in text.split("\n\n"))
    first = text.partition("\n")[0]
    return Taken([text], title=first if len(first) <= 200 else "")


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        cut = fault.reason == "unexpected end of data" and fault.start >= len(content) - 3
        return content[: fault.start].decode("utf-8") if cut else None


def _cp1252(content: bytes, file: str) -> str:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise _no_encoding(file) from fault
    if len(_MISREAD.findall(text)) > text.count("é") + text.count("’"):
        raise _no_encoding(file)
    return text


def _utf16(content: bytes, file: str) -> str:
    try:
        return content[: len(content) // 2 * 2].decode("utf-16")
    except UnicodeDecodeError as fault:
        raise _no_text(file) from fault


def _no_text(file: str) -> WrongFile:
    return WrongFile(
        T("{file} is no text: it has control characters.", file=Verbatim(file)),
        available=T("Text (.txt), web pages (.html), PDF and Word (.docx) are read."),
        do=T("Save it as one of these; text as UTF-8."),
    )


def _no_encoding(file: str) -> WrongFile:
    return WrongFile(
        T("{file} is in an encoding that is not read, or mixes several.", file=Verbatim(file)),
        available=T("UTF-8, UTF-16 with a byte order mark and Windows-1252 are read."),
        do=T("Save it as UTF-8."),
    )

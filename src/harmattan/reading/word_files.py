"""Word files (.docx): paragraphs and tables in order, read as a stream from the parts that hold them.

A .docx is a zip of XML parts (ECMA-376, Office Open XML, parts 1 and 2). Only the package's relationships, the main
document and its title are opened; macros, embedded objects and links to elsewhere never are.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from harmattan.errors import WrongFile
from harmattan.reading.pages import MOST_CHARACTERS, Taken, damaged, refused, too_long
from harmattan.text import T, Text, Verbatim

MOST_PARTS, MOST_IN_PART, MOST_IN_ALL, MOST_RATIO = 5000, 100 << 20, 300 << 20, 250
"""Parts of a package; bytes of a part that is read; declared bytes of all; how much smaller than these it may be."""
_CHUNK = 1 << 16
_SPREADSHEET, _SLIDES = T("a spreadsheet, not a text"), T("a set of slides, not a text")
OTHERS: tuple[tuple[str, Text], ...] = (
    ("xl/workbook.xml", _SPREADSHEET), ("xl/workbook.bin", _SPREADSHEET), ("ppt/presentation.xml", _SLIDES),
    ("META-INF/container.xml", T("an e-book")), ("content.xml", T("an OpenDocument file")),
)  # fmt: skip
_LEFT_OUT = frozenset(("Fallback", "del", "delText", "moveFrom", "instrText", "object"))
"""What the reader of the document does not see: deleted and moved words, codes of fields, second copies of boxes."""


class _TooMuch(Exception):
    """There is more in a part than is read."""


class _Declared(Exception):
    """A part declares a document type, which the format forbids."""


def taken_from_word(content: bytes, file: str) -> Taken:
    """The text of a Word file. Raises WrongFile for every other zip archive, and for one that is damaged or a trap."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename: info for info in archive.infolist()}
            main = _main_part(archive, names)
            if main is None:
                raise refused(file, _what_else(archive, names))
            _refuse_bomb(names, len(content), file)
            body, core = _Body(), _Core()
            _parse(archive, main, body, file)
            if "docProps/core.xml" in names:
                _parse(archive, "docProps/core.xml", core, file)
    except RuntimeError as fault:
        raise WrongFile(
            T("{file} is locked: it opens with a password only.", file=Verbatim(file)),
            do=T("Save it without a password."),
        ) from fault
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, OSError) as fault:
        raise damaged(file, ".docx") from fault
    return Taken(body.paragraphs, title=core.title.strip()[:500], language=core.language.strip()[:2].lower())


def _main_part(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> str | None:
    """The main document by the package's relationships; None for a zip that is no Word file."""
    if "[Content_Types].xml" not in names:
        return None
    targets = _Targets()
    if "_rels/.rels" in names:
        _parse(archive, "_rels/.rels", targets, "")
    part = posixpath.normpath((targets.main or "word/document.xml").lstrip("/"))
    return part if part in names and part.startswith("word/") else None


def _what_else(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> Text:
    for name, what in OTHERS:
        if name in names:
            return what
    return T("a zip archive, not a document")


def _refuse_bomb(names: dict[str, zipfile.ZipInfo], packed: int, file: str) -> None:
    """By what the archive declares; what it then gives is counted too (`_parse`)."""
    declared = sum(info.file_size for info in names.values())
    if len(names) > MOST_PARTS or declared > MOST_IN_ALL or (declared > 10 << 20 and declared > MOST_RATIO * packed):
        raise _bomb(file)


def _parse(archive: zipfile.ZipFile, name: str, target: Any, file: str) -> None:
    """Feeds a part to a target, a piece at a time. No entity is expanded, no document type taken, nothing fetched."""
    from lxml import etree

    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    given = 0
    try:
        with archive.open(name) as part:
            while piece := part.read(_CHUNK):
                given += len(piece)
                if given > MOST_IN_PART:
                    raise _bomb(file)
                parser.feed(piece)
        parser.close()
    except _TooMuch as fault:
        raise too_long(file) from fault
    except _Declared as fault:
        raise WrongFile(
            T("{file} declares a document type or entities, which no Word file does.", file=Verbatim(file)),
            do=T("Check where it comes from."),
        ) from fault
    except etree.LxmlError as fault:
        raise damaged(file, ".docx") from fault


class _Part:
    """Takes a part's tags and text as they come (the interface that lxml calls a parser target)."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """A document type: refused."""
        raise _Declared

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, _tag: str) -> None:
        """A tag closes."""

    def data(self, _words: str) -> None:
        """Text."""

    def close(self) -> None:
        """The part ends."""


class _Targets(_Part):
    """The package's relationships: which part is the main document."""

    main = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A relationship."""
        if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = self.main or attributes.get("Target", "")


class _Core(_Part):
    """The core properties: title and language."""

    def __init__(self) -> None:
        self.title = self.language = self._in = ""

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A property."""
        self._in = _local(tag)

    def end(self, _tag: str) -> None:
        """A property ends."""
        self._in = ""

    def data(self, words: str) -> None:
        """Its value."""
        if self._in == "title":
            self.title += words[:1000]
        elif self._in == "language":
            self.language += words[:10]


class _Body(_Part):
    """The main document: a paragraph an item, a row of a table too, its cells apart by a tab."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._cells: list[list[str]] = []
        self._left_out = self._length = 0
        self._in_text = False
        self._ends: dict[str, Callable[[], None]] = {"p": self._paragraph, "tc": self._cell, "tr": self._row}

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A tag opens."""
        name = _local(tag)
        if name in _LEFT_OUT:
            self._left_out += 1
        elif name == "tr":
            self._cells.append([""])
        elif name == "t":
            self._in_text = True
        elif not self._left_out and name in ("tab", "br", "cr", "noBreakHyphen"):
            self._pieces.append({"tab": "\t", "noBreakHyphen": "\u2011"}.get(name, "\n"))

    def end(self, tag: str) -> None:
        """A tag closes."""
        name = _local(tag)
        if name in _LEFT_OUT:
            self._left_out -= 1
        elif name == "t":
            self._in_text = False
        elif name in self._ends:
            self._ends[name]()

    def data(self, words: str) -> None:
        """Text."""
        if self._in_text and not self._left_out:
            self._length += len(words)
            if self._length > MOST_CHARACTERS:
                raise _TooMuch
            self._pieces.append(words)

    def _paragraph(self) -> None:
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        if self._cells:
            self._cells[-1][-1] = f"{self._cells[-1][-1]} {text}".strip()
        elif text:
            self.paragraphs.append(text)

    def _cell(self) -> None:
        if self._cells:
            self._cells[-1].append("")

    def _row(self) -> None:
        cells = self._cells.pop() if self._cells else []
        row = "\t".join(cell for cell in cells if cell)
        if self._cells:
            self._cells[-1][-1] = f"{self._cells[-1][-1]} {row}".strip()
        elif row:
            self.paragraphs.append(row)


def _local(tag: str) -> str:
    """A tag without its namespace: the transitional and the strict form of the format differ in that alone."""
    return tag.rpartition("}")[2]


def _bomb(file: str) -> WrongFile:
    return WrongFile(
        T("{file} would unpack to far more than a document is.", file=Verbatim(file)),
        do=T("Check where it comes from."),
    )

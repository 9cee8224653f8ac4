"""Opens what people have: text, web pages, PDF and Word files become one kind of document, or are refused in one line.

What a file is, is read from its content, then from its name. Nothing in it is run, nothing it names is fetched.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, get_args

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.reading.language import READ, heard
from harmattan.reading.normal import normal
from harmattan.reading.pages import MOST_CHARACTERS, Taken, refused, too_long
from harmattan.reading.pdf_files import taken_from_pdf
from harmattan.reading.plain_text import decoded, taken_from_text
from harmattan.reading.web_pages import taken_from_web_page
from harmattan.reading.word_files import taken_from_word
from harmattan.text import T, Text, Verbatim, counted
from harmattan.vocabulary.document import Document, Kind, Language, Reliability
from harmattan.vocabulary.partial import PartialDate

MOST_BYTES = 25_000_000
SAID = "said"
"""The basis of a publication date that somebody said."""
_PDF_WITHIN = 1024
"""A PDF's mark may stand this far into the file (ISO 32000-1, note on implementation limits of readers)."""
_BINARY: tuple[tuple[bytes, Text], ...] = (
    (b"{\\rtf", T("a Rich Text file")),
    (b"\xd0\xcf\x11\xe0", T("an old or a locked Office file")),
    (b"\x89PNG", T("a picture")),
    (b"\xff\xd8\xff", T("a picture")),
    (b"GIF8", T("a picture")),
    (b"II*\0", T("a picture")),
    (b"MM\0*", T("a picture")),
    (b"RIFF", T("a picture, a film or a sound")),
    (b"\x1f\x8b", T("a packed file")),
    (b"BZh", T("a packed file")),
    (b"7z\xbc\xaf", T("a packed file")),
    (b"Rar!", T("a packed file")),
    (b"\xfd7zXZ", T("a packed file")),
    (b"PAR1", T("a table")),
    (b"SQLite format 3", T("a database")),
    (b"\x7fELF", T("a program")),
    (b"MZ\x90", T("a program")),
)
_HTML = re.compile(r"<!doctype\s+html|<html|<head|<body", re.I)
_BEFORE_HTML = re.compile(r"\s+|<\?xml[^>]{0,1000}>|<!--")
_XML = re.compile(r"\s*<\?xml\s|\s*<!DOCTYPE\s", re.I)
_ARCHIVED_PAGE = re.compile(r"(?:[A-Za-z-]+:.*\r?\n){0,20}?MIME-Version:", re.I)
_HTML_NAMES = (".html", ".htm", ".xhtml")
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)


@dataclass(frozen=True)
class Said:
    """What somebody says of a document; None and "" stand for what is not said and left to the document."""

    published: PartialDate | None = None
    publisher: str = ""
    title: str = ""
    language: str = ""
    url: str = ""
    rights: str = ""
    confidential: bool = False
    reliability: Reliability | None = None


def as_said(*, published: str = "", reliability: str = "", **words: Any) -> Said:
    """What somebody says of a document, in words. Raises UsageError for a date or a grade that is none."""
    grades: tuple[Reliability, ...] = get_args(Reliability)
    grade = next((letter for letter in grades if letter == reliability.upper()), None)
    if reliability and grade is None:
        raise UsageError(
            T("“{words}” is not a grade of reliability.", words=Verbatim(reliability)),
            available=T("The grades go from A (completely reliable) to E (unreliable); F: it cannot be judged."),
        )
    try:
        day = PartialDate.parse(published) if published else None
    except ValueError:
        raise UsageError(
            T("{words} is no date.", words=Verbatim(published)), do=T("Write 2022, 2022-10 or 2022-10-31.")
        ) from None
    return Said(published=day, reliability=grade, **words)


def open_document(path: Path, said: Said = Said()) -> Document:
    """The document in a file. `published` is None where neither it nor `said` says when it was published.

    Raises WrongFile for a file that is no document, is damaged, locked, too large or without text; UsageError for a
    language that is not read. Both say so in one line.
    """
    _read_here(said.language)
    return document_in(_content(path), path.name, said)


def document_in(content: bytes, file: str, said: Said = Said()) -> Document:
    """The document in the bytes of a file of that name. Raises as `open_document` does; it touches no disk."""
    _read_here(said.language)
    path = PurePath(PurePath(file).name)
    _whole(content, path.name)
    kind, taken = _taken(content, path)
    text = normal("\n\n".join(taken.paragraphs))
    if not any(letter.isalnum() for letter in text):
        raise WrongFile(
            T("{file} has no text.", file=Verbatim(path.name)),
            do=T("Open it and see what is in it; save the text that you mean as .txt."),
        )
    if len(text) > MOST_CHARACTERS:
        raise too_long(path.name)
    title = said.title or normal(taken.title).replace("\n", " ") or path.stem
    return Document(
        digest=hashlib.sha256(content).hexdigest(),
        kind=kind,
        text=text,
        title=title,
        language=_language(text, taken.language, said.language, path.name),
        file=path.name,
        published=said.published or taken.published,
        published_basis=SAID if said.published else taken.published_basis,
        publisher=said.publisher or normal(taken.publisher),
        url=said.url or taken.url,
        rights=said.rights,
        confidential=said.confidential,
        reliability=said.reliability,
    )


def _read_here(language: str) -> None:
    if language and language not in READ:
        raise _other_language(T("“{words}” is not a language that is read.", words=Verbatim(language)))


def undated(document: Document) -> HarmattanError:
    """What to say where relative dates are asked for and nobody says when the document was published."""
    return UsageError(
        T("{file} does not say when it was published: dates such as last month cannot be read.",
          file=Verbatim(document.file or document.id)),
        do=T("Say --published DATE."),
    )  # fmt: skip


def _content(path: Path) -> bytes:
    """The bytes of a regular file that is not too large; never of a device or a pipe, which may not end."""
    name = Verbatim(str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise WrongFile(T("{file} is a folder.", file=name), do=T("Name the files in it."))
        if not stat.S_ISREG(mode):
            raise WrongFile(T("{file} is a device or a pipe.", file=name), do=T("Name a file."))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as fault:
        raise WrongFile(T("There is no file {file}.", file=name), do=T("Check the path.")) from fault
    except (OSError, ValueError) as fault:
        why = Verbatim(getattr(fault, "strerror", None) or str(fault))
        raise WrongFile(
            T("{file} cannot be opened: {why}.", file=name, why=why), do=T("Check the permissions.")
        ) from fault
    return content


def _whole(content: bytes, file: str) -> None:
    """Raises WrongFile for more than is read, and for nothing."""
    if len(content) > MOST_BYTES:
        raise WrongFile(
            T("{file} is too large.", file=Verbatim(file)),
            available=counted(
                MOST_BYTES // 1_000_000, "Documents up to {n} MB are read.", "Documents up to {n} MB are read."
            ),
            do=T("Save its text as .txt."),
        )
    if not content.strip():
        raise WrongFile(T("{file} is empty.", file=Verbatim(file)), do=T("Get it again from where it comes from."))


def _taken(content: bytes, path: PurePath) -> tuple[Kind, Taken]:
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf", taken_from_pdf(content, path.name)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx", taken_from_word(content, path.name)
    for start, what in _BINARY:
        if content.startswith(start):
            raise refused(path.name, what)
    text = decoded(_in_utf8(content, path), path.name)
    if _ARCHIVED_PAGE.match(text[:5000]):
        raise refused(path.name, T("a web page or an e-mail packed with its parts"))
    if _is_web_page(text) or path.suffix.lower() in _HTML_NAMES:
        return "html", taken_from_web_page(text, path.name)
    if _XML.match(text):
        raise refused(path.name, T("an XML file that is no web page"))
    return "txt", taken_from_text(text)


def _is_web_page(text: str) -> bool:
    """Whether the first tag is that of a page, after white space, comments and a declaration of XML."""
    at = 0
    while found := _BEFORE_HTML.match(text, at):
        at = found.end() if found[0] != "<!--" else text.find("-->", at) + 3
        if at < found.end():
            return False
    return _HTML.match(text, at) is not None


def _in_utf8(content: bytes, path: PurePath) -> bytes:
    """The bytes; of a web page that names another encoding than UTF-8, put into it."""
    named = _CHARSET.search(content[:4096])
    if named is None or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return content
    name = named[1].decode("ascii").lower()
    try:
        return content.decode("cp1252" if name in ("iso-8859-1", "latin1") else name).encode("utf-8")
    except (LookupError, ValueError):
        return content


def _language(text: str, declared: str, said: str, file: str) -> Language:
    """Said; else what the document declares, unless its words clearly say otherwise; else what its words say.

    Pages often declare the language of the program that made them.
    """
    words = heard(text)
    found = said or (words.language if words.sure else "") or (declared if declared in READ else "") or words.language
    if found == "en":
        return "en"
    if found == "fr":
        return "fr"
    if found:
        raise _other_language(T("{file} seems to be in another language.", file=Verbatim(file)))
    raise _other_language(T("{file} has too few words to tell its language.", file=Verbatim(file)))


def _other_language(what: Text) -> UsageError:
    return UsageError(
        what,
        available=T("English (en) and French (fr) are read."),
        do=T("Say --language en or fr where it is one of them."),
    )

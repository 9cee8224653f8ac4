"""PDF files: the text layer, page by page. A creation date is not a publication date and is not used."""

from __future__ import annotations

import re
import zlib
from typing import Any

from harmattan.errors import WrongFile
from harmattan.reading.normal import normal, unwrapped
from harmattan.reading.pages import Taken, damaged, within_limit
from harmattan.text import T, Verbatim, counted

MOST_PAGES = 3000
MOST_IN_STREAM = 64 << 20
"""No stream of text or of a font comes near this when it is unpacked. Images are not unpacked."""
_STREAM = re.compile(rb"stream\r?\n")
_CHUNK = 1 << 20
_FORMAT, _PASSWORD, _SECURITY = 3, 4, 5
"""PDFium's reasons: FPDF_ERR_FORMAT, FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY (fpdfview.h)."""
_BROKEN_WORD = re.compile(r"(?<=\w)(?:[\ufffe\x02](?:\r?\n)?|[-\u2010]\r?\n)(?=\w)")
_LONGEST_WORD = 40
_WORD_WITH_HYPHEN = re.compile(rf"\w{{1,{_LONGEST_WORD}}}-\w{{1,{_LONGEST_WORD}}}")
_LAST_WORD, _FIRST_WORD = re.compile(r"\w+\Z"), re.compile(r"\w+")
MOST_STREAMS = 200_000


def taken_from_pdf(content: bytes, file: str) -> Taken:
    """The text of a PDF, a paragraph an item. Raises WrongFile where it is locked, damaged, or only pictures."""
    import pypdfium2

    _refuse_bomb(content, file)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) in (_PASSWORD, _SECURITY):
            raise _locked(file) from fault
        raise damaged(file, "PDF") from fault
    try:
        if len(document) > MOST_PAGES:
            raise _too_many_pages(file)
        pages = within_limit((_text(document, number) for number in range(len(document))), file)
        title = normal(str(document.get_metadata_dict(skip_empty=True).get("Title", "")))[:500]
        count = len(document)
    except (pypdfium2.PdfiumError, UnicodeError, ValueError) as fault:
        raise damaged(file, "PDF") from fault
    finally:
        document.close()
    if not any(page.strip() for page in pages):
        raise _only_pictures(file, count)
    whole = whole_words("\f".join(pages))
    paragraphs = [line for page in whole.split("\f") for line in unwrapped(page.splitlines())]
    return Taken(paragraphs, title)


def whole_words(text: str) -> str:
    """Words that a line end had broken, put together: with their hyphen where the text writes them so elsewhere.

    >>> whole_words("counter-\\nterrorism and mis-\\nsion; counter-terrorism")
    'counter-terrorism and mission; counter-terrorism'
    """
    written = {word.lower() for word in _WORD_WITH_HYPHEN.findall(text)}

    def put_together(found: re.Match[str]) -> str:
        before = _LAST_WORD.search(text[max(0, found.start() - _LONGEST_WORD) : found.start()])
        after = _FIRST_WORD.match(text[found.end() : found.end() + _LONGEST_WORD])
        first, second = before[0] if before else "", after[0] if after else ""
        kept = first[-1:].isdigit() or second[:1].isdigit() or second[:1].isupper()
        return "-" if kept or f"{first}-{second}".lower() in written else ""

    return _BROKEN_WORD.sub(put_together, text)


def _text(document: Any, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage()
        words: str = text.get_text_range()
        text.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return words


def _refuse_bomb(content: bytes, file: str) -> None:
    """Unpacks every stream that is no image, a piece at a time, as far as the limit."""
    if content.count(b"stream") > 2 * MOST_STREAMS:
        raise damaged(file, "PDF")
    for found in _STREAM.finditer(content):
        before = content[max(0, found.start() - 400) : found.start()]
        if b"/Image" in before[before.rfind(b" obj") + 1 :]:
            continue
        if content[found.end() : found.end() + 1] in (b"x", b"H", b"h", b"X") and _unpacks_beyond(content, found.end()):
            raise WrongFile(
                T("{file} would unpack to far more than a document is.", file=Verbatim(file)),
                do=T("Check where it comes from."),
            )


def _unpacks_beyond(content: bytes, start: int) -> bool:
    unpacking, length = zlib.decompressobj(), 0
    data = content[start : start + 512]
    at = start + len(data)
    try:
        while data and not unpacking.eof:
            length += len(unpacking.decompress(data, _CHUNK))
            if length > MOST_IN_STREAM:
                return True
            data = unpacking.unconsumed_tail
            if not data:
                data = content[at : at + _CHUNK]
                at += len(data)
    except zlib.error:
        return False
    return False


def _locked(file: str) -> WrongFile:
    return WrongFile(
        T("{file} is locked: it opens with a password only.", file=Verbatim(file)),
        do=T("Save it without a password."),
    )


def _only_pictures(file: str, pages: int) -> WrongFile:
    return WrongFile(
        T("{file} has no text layer.", file=Verbatim(file)),
        available=counted(pages, "Its {n} page is a picture, or empty.", "Its {n} pages are pictures, or empty."),
        do=T("Run it through a program for text recognition, and look over what comes out."),
    )


def _too_many_pages(file: str) -> WrongFile:
    return WrongFile(
        T("{file} has more than {n} pages.", file=Verbatim(file), n=MOST_PAGES),
        do=T("Save the pages that you need as a document of their own."),
    )

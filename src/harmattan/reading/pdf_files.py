"""PDF files: the text layer, page by page. A creation date is not a publication date and is not used."""

from __future__ import annotations

import re
import zlib
from typing import Any

from harmattan.errors import WrongFile
from harmattan.reading.normal import normal, unwrapped
from harmattan.reading.pages import Taken, damaged, within_limit
from harmattan.text import T, Verbatim

MOST_PAGES = 3000
MOST_IN_STREAM = 64 << 20
"""No stream of text or of a font comes near this when it is unpacked. Images are not unpacked."""
_STREAM = re.compile(rb"stream\r?\n")
_CHUNK = 1 << 20
_FORMAT, _PASSWORD, _SECURITY = 3, 4, 5
"""PDFium's reasons: FPDF_ERR_FORMAT, FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY (fpdfview.h)."""
_BROKEN_WORD = re.compile(r"(\w+)(?:[\ufffe\x02]|(?<=[^\W\d_])[-\u2010](?=\r?\n))(?:\r?\n)?(\w+)")
_WORD_WITH_HYPHEN = re.compile(r"\w+-\w+")


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
        with_hyphen = f"{found[1]}-{found[2]}"
        numbers = found[1][-1].isdigit() or found[2][0].isdigit() or found[2][0].isupper()
        return with_hyphen if numbers or with_hyphen.lower() in written else found[1] + found[2]

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
    data = memoryview(content)[start : start + _CHUNK].tobytes()
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
        T("{file} has no text layer: its {n} pages are pictures, or empty.", file=Verbatim(file), n=pages),
        do=T("Run it through a program for text recognition, and look over what comes out."),
    )


def _too_many_pages(file: str) -> WrongFile:
    return WrongFile(
        T("{file} has more than {n} pages.", file=Verbatim(file), n=MOST_PAGES),
        do=T("Save the pages that you need as a document of their own."),
    )

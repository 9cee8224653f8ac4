"""Where a quotation stands in a document: the very words, whatever quotation marks, dashes and spaces they have."""

from __future__ import annotations

import unicodedata

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, counted, listing
from harmattan.vocabulary.document import Citation, Document

ALIKE = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
"""Signs that are the same when a quotation is looked for."""
SHOWN = 3
"""So many places of an ambiguous quotation are shown."""
AROUND = 24


def cite(document: Document, quote: str, nth: int | None = None) -> Citation:
    """The citation of a quotation. `nth` counts its places from one, where there are several.

    Raises UsageError where the words do not stand there, or stand there several times and `nth` is not said.
    """
    found = places(document.text, quote)
    if not found:
        raise UsageError(
            T("Those words do not stand in {title}.", title=Verbatim(document.title or document.id)),
            do=T("Quote them as the document has them."),
        )
    if nth is None and len(found) > 1:
        shown = [Verbatim(f"{n}: …{_around(document.text, *span)}…") for n, span in enumerate(found[:SHOWN], start=1)]
        raise UsageError(
            counted(len(found), "Those words stand there {n} time.", "Those words stand there {n} times."),
            available=T("There are: {all}", all=listing(shown)),
            do=T("Quote more of the sentence, or say which with --nth."),
        )
    if nth is not None and not 1 <= nth <= len(found):
        raise UsageError(T("There is no place {n} of those words; there are {all}.", n=nth, all=len(found)))
    return document.cite(*found[(nth or 1) - 1])


def places(text: str, quote: str) -> list[tuple[int, int]]:
    """The spans in which a quotation stands: exactly, else with typographically equal signs.

    >>> places("L’armée a  dit : « non »", 'L\\'armée a dit')
    [(0, 14)]
    >>> places("aa", "a"), places("text", " ")
    ([(0, 1), (1, 2)], [])
    """
    words = unicodedata.normalize("NFC", quote).strip()
    if not words:
        return []
    exact = _all(text, words)
    if exact:
        return [(start, start + len(words)) for start in exact]
    plain, at = _plain(text)
    wanted, _ = _plain(words)
    return [(at[start], at[start + len(wanted) - 1] + 1) for start in _all(plain, wanted)]


def _all(text: str, words: str) -> list[int]:
    found, start = [], text.find(words)
    while start >= 0:
        found.append(start)
        start = text.find(words, start + len(words))
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with plain signs and single spaces, and where each of its characters stands in the text."""
    letters: list[str] = []
    at: list[int] = []
    for position, letter in enumerate(text):
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letters.append(" ")
        else:
            letters.append(ALIKE.get(letter, letter))
        at.append(position)
    return "".join(letters), at


def _around(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - AROUND) : end + AROUND].split())

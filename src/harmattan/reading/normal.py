"""The one writing in which texts are read: NFC, `\\n`, nothing that cannot be seen. Offsets are into this writing.

No-break spaces (U+00A0, U+202F) stay: they stand inside French numbers ("13 000") and before French punctuation.
Whoever matches names takes any white space for a space.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
"""Controls, soft hyphens, zero-width joints and spaces, marks of direction, byte order marks, halves of characters."""
LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
"""What a typesetter drew as one: Unicode keeps these for old encodings only, and PDFs are full of them."""
_LIGATURE = re.compile(f"[{''.join(LIGATURES)}]")
_BLANKS = re.compile("[ \t]{2,}")
_AT_ENDS = re.compile("[ \t]+(?=\n)|(?<=\n)[ \t]+")
_EMPTY_LINES = re.compile("\n{3,}")
_BULLET = re.compile(r"(?:[•‣◦▪●*–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
SHORT_LINE = 0.65
"""A line that is shorter than this part of the longest of its page ends a paragraph."""


def normal(text: str) -> str:
    """The text as it is read. Paragraphs are apart by an empty line, or by a line end where the document had one.

    >>> normal("\\ufeffo\\ufb03cers\\r\\nco\\u00adup \\u200bd\\u2019e\\u0301tat   13\\u00a0000\\n\\n\\n\\nEnd ")
    'officers\\ncoup d’état 13\\xa0000\\n\\nEnd'
    """
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = _LIGATURE.sub(lambda found: LIGATURES[found[0]], _UNSEEN.sub("", text))
    text = _BLANKS.sub(lambda found: "\t" if "\t" in found[0] else " ", text)
    text = _EMPTY_LINES.sub("\n\n", _AT_ENDS.sub("", text))
    return unicodedata.normalize("NFC", text).strip(" \t\n")


def unwrapped(lines: list[str]) -> list[str]:
    """Lines of a page put together into paragraphs: a line that fills its page goes on in the next one.

    >>> unwrapped(["The column was attacked near", "the border. Two died.", "", "A new paragraph begins here."])
    ['The column was attacked near the border. Two died.', 'A new paragraph begins here.']
    """
    width = max((len(line) for line in lines), default=0)
    paragraphs: list[list[str]] = []
    goes_on = False
    for line in (line.strip() for line in lines):
        if not line:
            goes_on = False
            continue
        if goes_on and not _BULLET.match(line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        goes_on = len(line) >= SHORT_LINE * width
    return [" ".join(paragraph) for paragraph in paragraphs]


def looks_wrapped(text: str) -> bool:
    """Whether lines were broken at a width, as in e-mail: nearly all that go on within a paragraph are about as long.

    >>> looks_wrapped("Title\\nA paragraph that is one line.\\nAnother one.")
    False
    """
    going_on: list[int] = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        going_on += [len(line) for line in lines[:-1]]
    if len(going_on) < 3 or "\n\n" not in text:
        return False
    width = max(going_on)
    near = sum(length >= SHORT_LINE * width for length in going_on)
    return 40 <= width <= 110 and near >= 0.9 * len(going_on)

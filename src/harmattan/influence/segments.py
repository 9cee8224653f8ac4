"""Words by the default rules of Unicode for word boundaries (Unicode Standard Annex 29, section 4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_SIGNS = {
    **dict.fromkeys(":\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a", "m"),
    **dict.fromkeys(",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe50\ufe54\uff0c\uff1b", "n"),
    **dict.fromkeys(".'\u2018\u2019\u2024\ufe52\uff07\uff0e", "b"),
    **dict.fromkeys(" \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000", "S"),
    **dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "W"),
    **dict.fromkeys("\u3031\u3032\u3033\u3034\u3035\u309b\u309c\u30a0\u30fc\uff70", "K"),
    **dict.fromkeys("\u00b8\u055a\u055b\u055c\u055e\u058a\u05f3", "A"),
    **dict.fromkeys("\u3006\u3007\u3021\u3022\u3023\u3024\u3025\u3026\u3027\u3028\u3029\u3038\u3039\u303a", "O"),
    "\r": "C",
    "\n": "L",
    "\u200b": "O",
    "\u200c": "X",
    "\u200d": "Z",
    "\u202f": "E",
    "\u066b": "N",
}
"""Between letters (m), between numbers (n), between both (b), spaces, ends of lines, and others by themselves."""

_NO_WORDS = ("CJK ", "HIRAGANA", "THAI ", "LAO ", "KHMER ", "MYANMAR ", "TAI ", "NEW TAI ")
"""Scripts whose letters are not joined into words without a dictionary."""

_KINDS = {"Mn": "X", "Me": "X", "Mc": "X", "Cf": "X", "Nd": "N", "Pc": "E", "Nl": "A"}

_E = "[XZ]*"
_PICTURE = f"(?:(?<=Z)P{_E})*"
_AN = f"(?:A{_E}(?:[mb]{_E}(?=A))?|N{_E}(?:[nb]{_E}(?=N))?)+"
_RUN = f"(?:{_AN}|(?:K{_E})+)"
_SEGMENT = re.compile(
    f"CL|[CLW]|S+{_E}{_PICTURE}|R{_E}(?:R{_E})?{_PICTURE}|(?:{_RUN}|(?=E))(?:(?:E{_E})+{_RUN}?)*{_PICTURE}|.{_E}{_PICTURE}"
)


def segments(text: str) -> Iterator[str]:
    """The text cut at every word boundary; nothing is lost. Spaces and signs are segments too.

    Emoji are told by their place in Unicode, which is close to, not the same as, its table of pictographs.

    >>> list(segments("l'armée, 3.5 km"))
    ["l'armée", ',', ' ', '3.5', ' ', 'km']
    """
    for found in _SEGMENT.finditer("".join(map(_kind, text))):
        yield text[found.start() : found.end()]


@lru_cache(maxsize=100_000)
def _kind(character: str) -> str:
    if sign := _SIGNS.get(character):
        return sign
    code = ord(character)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "R"
    if 0x1F3FB <= code <= 0x1F3FF or code in {0xFF9E, 0xFF9F}:
        return "X"
    category = unicodedata.category(character)
    if kind := _KINDS.get(category):
        return kind
    if category[0] == "L":
        return _letter(character)
    if category == "Sk" and (0x2C2 <= code <= 0x2FF or 0xA708 <= code <= 0xAB5B):
        return "A"
    if category == "So" and (0x24B6 <= code <= 0x24E9 or 0x1F130 <= code <= 0x1F189):
        return "A"
    return "P" if category == "So" and (0x2190 <= code <= 0x2BFF or code >= 0x1F000 or code < 0x100) else "O"


def _letter(character: str) -> str:
    name, code = unicodedata.name(character, ""), ord(character)
    if 0x11700 <= code <= 0x11746 or 0x17000 <= code <= 0x18D08 or 0x1B170 <= code <= 0x1B2FB:
        return "O"
    if "KATAKANA" in name:
        return "K"
    return "O" if name.startswith(_NO_WORDS) else "A"

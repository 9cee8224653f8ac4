"""Sentences of English and French texts, by exact spans.

A stop ends a sentence where white space and something that can begin one follow it, unless it belongs to an
abbreviation, an initial or a bracketed ellipsis. Blank lines and bullets always part sentences. A single line end parts
them too, but in texts that are wrapped at a width: there it does only after a line that had room for the next word.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from harmattan.reading.mentions import Sentence
from harmattan.vocabulary.document import Language

_CLOSERS = "\"'”’»)\\]"
_STOP = re.compile(rf"[.!?…]{{1,8}}(?:[ \u00a0\u202f]?»|[{_CLOSERS}]){{0,4}}(?=\s|$)")
_SPACE = re.compile(r"\s{1,64}")
_BULLET = re.compile(r"(?:[-–—•*▪◦‣·]|\(?\d{1,2}[.)]|[a-z]\))[ \t\u00a0]{1,8}")
_BREAK = re.compile(r"\n")
_TOKEN = re.compile(r"[\w.'’-]{1,24}$")
_DOTTED = re.compile(r"(?:[A-Za-z]\.-?){2,6}$")
_OPENERS = "\"'“‘«([—–-•[¿¡"
WRAPPED = 120
"""Texts in which nine lines of ten are no longer than this are taken to be wrapped at a width."""

_NEVER = {
    "en": "dr mr mrs ms prof gen col lt sgt capt maj cpl brig cmdr adm gov sen rep rev hon st mt ft vs cf fig approx ca "
    "eds viz pres supt insp messrs amb min dept est",
    "fr": "m mm mme mmes mlle dr pr gal col cdt cne lt adj st ste art env cf fig vol chap al av apr bd éd réf tél min max "
    "hab ibid mgr me p pp",
}
"""Never the end of a sentence."""
_BEFORE_NUMBER = {
    "en": "no nos art sec para p pp vol ch jan feb mar apr jun jul aug sep sept oct nov dec res",
    "fr": "no n nos art al p pp vol ch janv févr avr juil sept oct nov déc rés",
}
"""No end where a number follows."""
_STARTERS = {
    "en": "the a an in on at it he she they we i this that these those but and however since after before during "
    "for according as its his their there when while meanwhile more most no by with from if",
    "fr": "le la les l un une des en dans au aux à il elle ils elles on ce cet cette ces c mais et selon depuis après "
    "avant pour par sur plus d de du son sa ses leur leurs si",
}
"""Words that show that a dotted abbreviation (U.S., etc., J.-C.) was the last word of its sentence."""
_EITHER = {"en": "etc inc ltd co corp jr sr al", "fr": "etc cie s.a j.-c"}
_WORDS = {
    name: {lang: frozenset(words.split()) for lang, words in table.items()}
    for name, table in {
        "never": _NEVER, "number": _BEFORE_NUMBER, "starter": _STARTERS, "either": _EITHER,
    }.items()
}  # fmt: skip


def sentences(text: str, language: Language) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; headings and bullets count as sentences. Spans are in code points.

    >>> text = "Gen. Diallo left the U.S. on Monday. “We go.” He said no more"
    >>> [text[s.start : s.end] for s in sentences(text, "en")]
    ['Gen. Diallo left the U.S. on Monday.', '“We go.”', 'He said no more']
    """
    cuts = sorted({*_line_cuts(text), *_stop_cuts(text, language), len(text)})
    found, start = [], 0
    for cut in cuts:
        span = _trimmed(text, start, cut)
        if span is not None:
            found.append(span)
        start = cut
    return tuple(found)


def around(spans: tuple[Sentence, ...], starts: list[int], at: int) -> Sentence | None:
    """The sentence of `spans` (whose starts are `starts`) that holds the character `at`."""
    index = bisect_left(starts, at + 1) - 1
    return spans[index] if index >= 0 and at < spans[index].end else None


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    bullet = _BULLET.match(text, begin, stop)
    if bullet and (begin == 0 or "\n" in text[start:begin] or text[begin - 1] == "\n") and bullet.end() < stop:
        begin = bullet.end()
    return Sentence(begin, stop) if begin < stop and any(c.isalnum() for c in text[begin:stop]) else None


def _width(text: str) -> int | None:
    """The width at which a text is wrapped; None where each line is a paragraph of its own."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    if len(lengths) < 4:
        return None
    longest = lengths[int(0.9 * (len(lengths) - 1))]
    return longest if longest <= WRAPPED else None


def _line_cuts(text: str) -> list[int]:
    width, cuts, start = _width(text), [], 0
    for found in _BREAK.finditer(text):
        at = found.start()
        line, start = text[start:at], found.end()
        following = text[start : start + 40]
        if not line.strip() or not following.strip() or following[0] == "\n" or _BULLET.match(following):
            cuts.append(start)
            continue
        if width is None:
            if not following[0].islower() or len(line) > WRAPPED:
                cuts.append(start)
            continue
        word = following.split(maxsplit=1)[0]
        if not word[0].islower() and len(line) + 1 + len(word) <= 0.9 * width:
            cuts.append(start)
    return cuts


def _stop_cuts(text: str, language: Language) -> list[int]:
    cuts = []
    for found in _STOP.finditer(text):
        space = _SPACE.match(text, found.end())
        if space is None:
            continue
        after = text[space.end() : space.end() + 24]
        if not after or _ends(text, found, after, language):
            cuts.append(space.end())
    return cuts


def _ends(text: str, found: re.Match[str], after: str, language: Language) -> bool:
    mark = found.group()
    first = after[0]
    if not (first.isupper() or first.isdigit() or first in _OPENERS or not first.isalnum()):
        return False
    if first in _OPENERS and len(after) > 1 and after[1].islower() and first not in '«“"':
        return False
    if mark.startswith(("...", "…")) and mark.endswith("]") and text[found.start() - 1 : found.start()] == "[":
        return False
    if not mark.startswith(".") or mark.startswith("..") or len(mark) > 1:
        return True
    return not _abbreviates(text[max(0, found.start() - 25) : found.start()], after, language)


def _abbreviates(before: str, after: str, language: Language) -> bool:
    """Whether the stop after `before` belongs to an abbreviation that does not end the sentence."""
    token = _TOKEN.search(before)
    if token is None:
        return False
    word = token.group()
    bare = word.strip("'’-").lower()
    if language == "fr":
        bare = re.split(r"['’]", bare)[-1]
    starter = re.split(r"[\s'’,]", after.lstrip('«“"( '), maxsplit=1)[0].lower() in _WORDS["starter"][language]
    if bare in _WORDS["never"][language] and (bare not in ("m", "min", "max", "est") or word[0].isupper()):
        return True
    if after[0].isdigit() and bare in _WORDS["number"][language]:
        return True
    if bare in _WORDS["either"][language] or _DOTTED.fullmatch(word + "."):
        return not starter
    return len(word) == 1 and word.isupper() and word not in ("I", "À") and not starter

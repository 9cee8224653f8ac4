"""How a phrase of a lexicon is looked for: from words, `*`, `..` and `{targets}` to one regular expression.

The expressions are of RE2's kind and stand for folded texts (`harmattan.influence.words`). They hold no expression that
a lexicon's writer could smuggle in: words are folded to letters and digits first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from harmattan.influence.words import BREAK, folded

GAP = 4
"""`..` in a pattern stands for up to so many words of the same sentence."""
_ARTICLE = "(?:(?:le|la|les|l|the|du|des|de la|de l) )?"
_ANY = r"[\p{L}\p{N}_]*"
_TARGET = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Phrase:
    """What a pattern looks for."""

    expression: str
    """A regular expression over folded texts."""
    words: tuple[str, ...]
    """Letters that every text has in which it is found, the longest first: a search for these is many times as fast."""


def phrase(pattern: str, targets: Mapping[str, Sequence[str]]) -> Phrase:
    """What a pattern looks for; raises ValueError, with what is wrong, for one that cannot be searched.

    >>> phrase("à bas l'État", {})
    Phrase(expression='(?:^| )a bas l etat(?: |$)|(?:^| )#abasletat(?: |$)', words=('etat', 'bas', 'a', 'l'))
    """
    found = phrases([pattern], targets)[0]
    if isinstance(found, ValueError):
        raise found
    return found


def phrases(patterns: Sequence[str], targets: Mapping[str, Sequence[str]]) -> list[Phrase | ValueError]:
    """What each pattern looks for, or what is wrong with it; all words are folded at once."""
    words = {word.rstrip("*") for pattern in patterns for word in _parts(pattern)}
    words |= {word.rstrip("*") for terms in targets.values() for term in terms for word in term.split()}
    listed = sorted(words)
    plain = dict(zip(listed, folded(pa.array(listed, pa.string())).to_pylist(), strict=True))
    made: list[Phrase | ValueError] = []
    for pattern in patterns:
        try:
            made.append(_phrase(pattern, targets, plain))
        except ValueError as wrong:
            made.append(wrong)
    return made


def _phrase(pattern: str, targets: Mapping[str, Sequence[str]], plain: Mapping[str, str]) -> Phrase:
    apart, joined, gap = "", "", False
    words: set[str] = set()
    for part in _parts(pattern):
        if part == "..":
            if gap or not apart:
                raise ValueError("'..' stands between two words")
            gap = True
            continue
        named = part.startswith("{") and part.endswith("}")
        one, together = _target(part, targets, plain) if named else _words(part, plain)
        if not named:
            words |= set(plain[part.rstrip("*")].split())
        if apart:
            apart += rf"(?: [^ |]+){{0,{GAP}}} " if gap else " "
        apart, joined, gap = apart + one, joined + together, False
    if gap or not words:
        raise ValueError("'..' stands between two words" if gap else "there is no word in it beside targets")
    searched = f"(?:^| ){apart}(?: |$)|(?:^| )#{joined}(?: |$)"
    return Phrase(searched, tuple(sorted(words, key=lambda word: (-len(word), word))))


def _parts(pattern: str) -> list[str]:
    """Words, targets with their braces, and `..`, in order."""
    spaced = _TARGET.sub(lambda found: " {" + found.group(1).strip().replace(" ", "-") + "} ", pattern)
    return spaced.split()


def _target(part: str, targets: Mapping[str, Sequence[str]], plain: Mapping[str, str]) -> tuple[str, str]:
    name = part[1:-1]
    if name not in targets:
        raise ValueError(f"there is no target {name!r}")
    terms = [_words(term, plain) for term in targets[name]]
    apart = "|".join(dict.fromkeys(one for one, _ in terms))
    together = "|".join(dict.fromkeys(one for _, one in terms))
    return f"{_ARTICLE}(?:{apart})", f"{_ARTICLE.replace(' ', '')}(?:{together})"


def _words(term: str, plain: Mapping[str, str]) -> tuple[str, str]:
    """A word or more as they stand apart, and as a hashtag joins them; a `*` at the end of one is any ending."""
    made = []
    for word in term.split():
        bare = word.rstrip("*")
        if "*" in bare or "{" in bare or "}" in bare:
            raise ValueError(f"{word!r}: a '*' stands at the end of a word, braces around a target")
        found = plain[bare].strip()
        if not any(sign.isalnum() for sign in found):
            raise ValueError(f"{word!r} holds no letter or digit")
        if BREAK in found or "#" in found:
            raise ValueError(f"{word!r}: a pattern is one sentence without hashtags; those are found of themselves")
        made.append((found, _ANY if word.endswith("*") else ""))
    return " ".join(found + end for found, end in made), "".join(f.replace(" ", "") + end for f, end in made)

"""How a phrase of a lexicon is looked for: from words, `*`, `..` and `{targets}` to one regular expression.

The expressions are of RE2's kind and stand for folded texts (`harmattan.influence.words`). They hold no expression that
a lexicon's writer could smuggle in: words are folded to letters and digits first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from harmattan.influence.words import BREAK, folded

GAP = 4
"""`..` in a pattern stands for up to so many words of the same sentence."""
_ARTICLE = "(?:(?:le|la|les|l|the|du|des|de la|de l) )?"
_ANY = r"[\p{L}\p{N}_]*"
_TARGET = re.compile(r"\{([^{}]*)\}")


def expression(pattern: str, targets: Mapping[str, Sequence[str]]) -> str:
    """The expression for a pattern; raises ValueError, with what is wrong, for one that cannot be searched.

    >>> expression("à bas l'État", {})
    '(?:^| )a bas l etat(?: |$)|(?:^| )#abasletat(?: |$)'
    """
    apart, joined = "", ""
    gap = False
    for part in _parts(pattern):
        if part == "..":
            if gap or not apart:
                raise ValueError("'..' stands between two words")
            gap = True
            continue
        one, together = _target(part, targets) if part.startswith("{") else _words(part)
        if apart:
            apart += rf"(?: [^ |]+){{0,{GAP}}} " if gap else " "
        apart, joined, gap = apart + one, joined + together, False
    if gap or not apart:
        raise ValueError("'..' stands between two words" if gap else "there is no word in it")
    return f"(?:^| ){apart}(?: |$)|(?:^| )#{joined}(?: |$)"


def _parts(pattern: str) -> list[str]:
    """Words, targets with their braces, and `..`, in order."""
    spaced = _TARGET.sub(lambda found: " {" + found.group(1).strip().replace(" ", "-") + "} ", pattern)
    return spaced.split()


def _target(part: str, targets: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    name = part[1:-1]
    if name not in targets:
        raise ValueError(f"there is no target {name!r}")
    terms = [_words(term) for term in targets[name]]
    apart = "|".join(dict.fromkeys(one for one, _ in terms))
    together = "|".join(dict.fromkeys(one for _, one in terms))
    return f"{_ARTICLE}(?:{apart})", f"{_ARTICLE.replace(' ', '')}(?:{together})"


def _words(term: str) -> tuple[str, str]:
    """A word or more as they stand apart, and as a hashtag joins them; a `*` at the end of one is any ending."""
    made = []
    for word in term.split():
        bare = word.rstrip("*")
        if "*" in bare or "{" in bare or "}" in bare:
            raise ValueError(f"{word!r}: a '*' stands at the end of a word, braces around a target")
        plain = str(folded(pa.array([bare]))[0]).strip()
        if not plain.strip("#"):
            raise ValueError(f"{word!r} holds no letter or digit")
        if BREAK in plain or "#" in plain:
            raise ValueError(f"{word!r}: a pattern is one sentence without hashtags; those are found of themselves")
        made.append((plain, _ANY if word.endswith("*") else ""))
    return " ".join(plain + end for plain, end in made), "".join(p.replace(" ", "") + end for p, end in made)

"""In which language a text is written, by its commonest words. Only English and French are read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMMON: dict[str, frozenset[str]] = {
    "en": _set(
        "the of and to in a is that for it was on are with as at by be this from have has had not were which they "
        "their or an been who will its would after more said but"
    ),
    "fr": _set(
        "le la les de des du et à en un une est que qui dans pour il au aux par sur ne pas ce cette ces se sont avec "
        "plus ont été sa son ses leur leurs mais ou d l qu n s après selon"
    ),
    "es": _set(
        "el la los las de del y en que un una es por con para se no su sus al lo como más fue han pero este esta según "
        "entre desde"
    ),
    "pt": _set(
        "o a os as de do da dos das e em que um uma é por com para se não no na nos nas ao mais foi são segundo pelo"
    ),
    "it": _set(
        "il lo la gli le di del della dei e in che un una è per con si non al alla nel nella da sono ha più come anche"
    ),
    "de": _set(
        "der die das und in den von zu mit ist im für nicht ein eine auf dem des sich auch als an es wurde nach bei "
        "aus hat"
    ),
    "nl": _set("de het een en van in is dat op te zijn met voor niet aan er om ook als bij door naar uit die werd"),
}
"""The commonest function words of each; those of other languages are there so that these are told apart."""
READ = ("en", "fr")
ENOUGH_WORDS, SURE_WORDS, ENOUGH_SHARE = 12, 24, 0.12
LOOKED_AT = 200_000
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Heard:
    """A language by its commonest words; `sure` where many of the words are its own and no other comes near."""

    language: str
    """One of `COMMON`; "other" where it is none of them; "" where there are too few words to tell."""
    sure: bool


def heard(text: str) -> Heard:
    """Which language a text seems to be in.

    >>> heard("Les soldats ont été attaqués dans la nuit par des hommes armés, selon le maire de la commune.")
    Heard(language='fr', sure=False)
    >>> heard("Ils ont dit")
    Heard(language='', sure=False)
    """
    words = _WORD.findall(text[:LOOKED_AT].lower())
    if len(words) < ENOUGH_WORDS:
        return Heard("", sure=False)
    if _latin(words) < 0.5:
        return Heard("other", sure=True)
    shares = {name: sum(word in common for word in words) / len(words) for name, common in COMMON.items()}
    best, second = sorted(shares, key=lambda name: -shares[name])[:2]
    if shares[best] < ENOUGH_SHARE:
        return Heard("other" if len(words) >= 10 * ENOUGH_WORDS else "", sure=False)
    own = _own(words, best) - _own(words, second)
    return Heard(best, sure=len(words) >= SURE_WORDS and own > 0 and shares[best] > shares[second])


def _own(words: list[str], language: str) -> int:
    """How many of the words are common in this language and in none of the others."""
    others = frozenset().union(*(common for name, common in COMMON.items() if name != language))
    mine = COMMON[language] - others
    return sum(word in mine for word in words)


def _latin(words: list[str]) -> float:
    letters = "".join(words)[:5000]
    return sum("LATIN" in unicodedata.name(letter, "") for letter in letters) / len(letters)

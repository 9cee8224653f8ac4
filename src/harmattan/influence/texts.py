"""When two texts are the same text: folded so that what a copier changes without changing the words does not count.

Out go mentions, addresses, white space, marks without width (also those that turn the direction of writing), and the
Arabic stroke that only stretches a word. Case and the forms of compatibility (NFKC, Unicode Standard Annex 15) are
folded. Words, accents, emoji, signs of vowels and punctuation stay.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

LEAST_WORDS, LEAST_LETTERS = 5, 15
"""Fewer words than this may be the same by chance: greetings, a name, yes."""
LEAST_UNBROKEN = 25
"""So many letters say something however few words they are: many scripts write without spaces."""
DIGITS = 20
"""Of the digest that stands for a text: 80 bits, so that among 10^7 texts two have the same by chance once in 10^10."""

URL = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@.-])(?:t\.me|bit\.ly|youtu\.be|t\.co|fb\.me|wa\.me)/\S*", re.IGNORECASE
)
MENTION = re.compile(r"(?<![\w@])@(?:acct-[0-9a-f]{32}|\w+(?:\.\w+)*(?:@\w+(?:\.\w+)+)?)")
WORD = re.compile(r"\w+")
SPACE = re.compile(r"\s+")
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Marks without width or picture, variants of a picture, and the tatweel. What joins emoji is among them."""
SURROGATE = re.compile("[\ud800-\udfff]")
SIGNS = " \t#＃"


def fold(text: str) -> str:
    """The text as it is compared.

    >>> fold("RT  @somebody: Le Mali à l’Assaut!! https://example.org/a")
    'rt : le mali à l’assaut!!'
    """
    if not text.isascii():
        text = UNSEEN.sub("", SURROGATE.sub("�", text))
        text = unicodedata.normalize("NFKC", text)
    text = MENTION.sub(" ", URL.sub(" ", text)) if "@" in text else URL.sub(" ", text)
    text = text.casefold()
    if not text.isascii():
        text = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return SPACE.sub(" ", text).strip()


def speaks(folded: str) -> bool:
    """Whether a folded text is long enough for two people not to have written it by chance.

    >>> speaks("bonne fête à tous"), speaks("la force quitte le camp ce matin")
    (False, True)
    """
    if len(folded) < LEAST_LETTERS:
        return False
    words = WORD.findall(folded)
    letters = sum(map(len, words))
    return letters >= LEAST_UNBROKEN or (len(words) >= LEAST_WORDS and letters >= LEAST_LETTERS)


def digest(folded: str) -> str:
    """What stands for a text in the table of shares, so that no words leave with it."""
    return blake2b(folded.encode("utf-8", "replace"), digest_size=DIGITS // 2).hexdigest()


def hashtag(tag: str) -> str | None:
    """A hashtag as it is compared; None for an empty one. Accents stay: pêche is not péché.

    >>> hashtag("#MaliKoura"), hashtag("#")
    ('malikoura', None)
    """
    if not tag.isascii():
        tag = unicodedata.normalize("NFKC", UNSEEN.sub("", SURROGATE.sub("�", tag)))
        tag = unicodedata.normalize("NFKC", tag.casefold())
    return SPACE.sub(" ", tag.strip(SIGNS)).casefold() or None


def sequence(tags: str, between: str) -> str | None:
    """Hashtags in the order in which a post has them; None where there are not two different ones.

    >>> sequence("Mali|Barkhane|mali", "|"), sequence("Mali|mali", "|")
    ('#mali #barkhane #mali', None)
    """
    made = [one for one in map(hashtag, tags.split(between)) if one is not None]
    return " ".join(f"#{one}" for one in made) if len(set(made)) > 1 else None

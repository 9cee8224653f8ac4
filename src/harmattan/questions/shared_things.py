"""How shared things are named in answers: addresses and hashtags as they are, texts never."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from harmattan.text import T, Verbatim, counted, msg

AS_THEY_ARE = ("url", "domain", "hashtag", "hashtags")
"""Layers whose objects are shown. What stands in the others may be words that somebody wrote."""
LONGEST = 120
_OF_A_PERSON = re.compile(
    r"^((?:https?://)?(?:[\w-]+\.)*(?:twitter|x|instagram|t|telegram|facebook|fb|youtube|tiktok|vk)\.(?:com|me)/).+",
    re.IGNORECASE,
)
"""Addresses of platforms, which have accounts in them."""


def named(layer: str, thing: str, posts: int, *, people: bool) -> Any:
    """What a reader is shown of an object: its address or hashtag, or what kind of thing it is, with a short digest.

    `people`: whether accounts stand as written, in addresses too: of those on platforms the host is shown only.

    >>> named("url", "https://t.me/somebody/5", 3, people=True)
    'https://t.me/…'
    >>> str(named("similar", "some words", 12, people=False))
    'near-identical text 7d9e39, 12 posts'
    """
    if layer in AS_THEY_ARE or (thing.startswith(("https://", "http://")) and " " not in thing):
        shown = _OF_A_PERSON.sub(r"\1…", thing) if people else thing
        return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
    mark = Verbatim(hashlib.sha256(thing.encode()).hexdigest()[:6])
    what = T(_WORDS.get(layer, _WORDS["object"]), mark=mark)
    return T("{what}, {posts}", what=what, posts=counted(posts, "{n} post", "{n} posts"))


_WORDS = {
    "text": msg("the same text {mark}"),
    "similar": msg("near-identical text {mark}"),
    "reply": msg("answers to one post {mark}"),
    "repost": msg("repeats of one post {mark}"),
    "media": msg("the same picture or film {mark}"),
    "object": msg("the same object {mark}"),
}

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
    r"(?:https?://)?(?:(?:[\w-]+\.)*(?:twitter|x|instagram|t|telegram|facebook|fb|tiktok|vk|ok|threads|bsky|linkedin|"
    r"reddit)\.(?:com|me|net|app|ru)/(?=.)|[^/?]+/(?=@.))",
    re.IGNORECASE,
)
"""Addresses of platforms: they have accounts in them, or lead to the post of one."""
_OF_A_CHANNEL = re.compile(r"(?:https?://)?(?:[\w-]+\.)*(?:youtube\.com|youtu\.be)/(?=.)", re.IGNORECASE)


def named(layer: str, thing: str, posts: int, *, people: bool) -> Any:
    """What a reader is shown of an object: its address or hashtag, or what kind of thing it is, with a short digest.

    Of addresses on platforms the host is shown only: they name an account, or lead to one. `people`: whether accounts
    stand as written; then films and channels are cut too.

    >>> named("url", "https://t.me/somebody/5", 3, people=False)
    'https://t.me/… aed3c4'
    >>> str(named("similar", "some words", 12, people=False))
    'near-identical text 050777, 12 posts'
    """
    digest = hashlib.sha256(thing.encode()).hexdigest()[:6]
    if layer in AS_THEY_ARE or (thing.startswith(("https://", "http://")) and " " not in thing):
        of_a_person = _OF_A_PERSON.match(thing) or (_OF_A_CHANNEL.match(thing) if people else None)
        if of_a_person:
            return f"{of_a_person[0]}… {digest}"
        return thing if len(thing) <= LONGEST else f"{thing[: LONGEST - 1]}…"
    mark = Verbatim(digest)
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

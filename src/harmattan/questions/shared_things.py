"""How shared things are named in answers: addresses and hashtags as they are, texts never."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from harmattan.influence.urls import domain
from harmattan.text import T, Verbatim, counted, msg

AS_THEY_ARE = ("url", "domain", "hashtag", "hashtags")
"""Layers whose objects are shown. What stands in the others may be words that somebody wrote."""
LONGEST = 120
HIDDEN = "…"
_ENCODED = re.compile("(?:%[0-9A-Fa-f]{2})+")
_HOSTS = (
    r"((?:twitter|x|fxtwitter|vxtwitter|facebook|fb|messenger|instagram|threads|tiktok|vk|linkedin|whatsapp|"
    r"snapchat|reddit|pinterest|gab|truthsocial)\.com|(?:threads|nitter)\.net|(?:t|telegram|wa|fb|m)\.me|telegram\.dog|"
    r"instagr\.am|(?:vk|ok)\.ru|bsky\.app|youtube\.com(?=/(?!watch\b|playlist\b|embed/|shorts/|live/)))"
)
"""Hosts of platforms on which an address is an account or a post of one; of YouTube what is not a film."""
_PLATFORM = re.compile(rf"(?<![\w-]){_HOSTS}(?=[/:?#]|$)", re.IGNORECASE)
_OF_A_PERSON = re.compile(rf"https?://(?:(?:m|mobile|www)\.)?(?:{_HOSTS}/(?=.)|[^/?]+/(?=@.))", re.IGNORECASE)
"""The same where the address says it plainly: what stands before is shown as it is written."""
_OF_A_CHANNEL = re.compile(r"(?:https?://)?(?:[\w-]+\.)*(?:youtube\.com|youtu\.be)/(?=.)", re.IGNORECASE)


def without_account(url: str) -> str:
    """An address that names nobody: of those on platforms, and those with a name and an @, only the host.

    >>> without_account("https://mobile.twitter.com/somebody/status/1"), without_account("https://example.org/a")
    ('https://twitter.com/…', 'https://example.org/a')
    >>> without_account("https://web.archive.org/web/2020/https%3A%2F%2Ft.me%2Fsomebody")
    'https://t.me/…'
    >>> without_account("https://example.org/@somebody"), without_account("somebody@example.org")
    ('https://example.org/…', '…')
    """
    plain = _decoded(_decoded(url))
    found = _PLATFORM.search(plain)
    if found:
        return f"https://{found[1].lower()}/{HIDDEN}"
    if "@" not in plain:
        return url
    host = domain(url)
    return f"https://{host}/{HIDDEN}" if host else HIDDEN


def _decoded(words: str) -> str:
    """Percent-encoded signs as what they stand for (RFC 3986, section 2.1)."""
    return _ENCODED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), words)


def is_address(thing: str) -> bool:
    """Whether a shared thing is an address.

    >>> is_address("https://example.org/a"), is_address("https://example.org is down")
    (True, False)
    """
    return thing.startswith(("https://", "http://")) and " " not in thing


def mark(thing: str) -> str:
    """The short digest by which readers know a thing that is not shown."""
    return hashlib.sha256(thing.encode()).hexdigest()[:6]


def named(layer: str, thing: str, posts: int, *, people: bool) -> Any:
    """What a reader is shown of an object: its address or hashtag, or what kind of thing it is, with a short digest.

    Of addresses on platforms the host is shown only: they name an account, or lead to one. `people`: whether accounts
    stand as written; then films and channels are cut too.

    >>> named("url", "https://t.me/somebody/5", 3, people=False)
    'https://t.me/… aed3c4'
    >>> str(named("similar", "some words", 12, people=False))
    'near-identical text 050777, 12 posts'
    """
    if layer == "url" or is_address(thing):
        plain = _OF_A_PERSON.match(thing) or (_OF_A_CHANNEL.match(thing) if people else None)
        shown = f"{plain[0]}{HIDDEN}" if plain else without_account(thing)
        if shown.removesuffix(f"/{HIDDEN}") != thing:  # a host alone names nobody
            return f"{shown} {mark(thing)}"
    if layer in AS_THEY_ARE or is_address(thing):
        return thing if len(thing) <= LONGEST else f"{thing[: LONGEST - 1]}{HIDDEN}"
    what = T(_WORDS.get(layer, _WORDS["object"]), mark=Verbatim(mark(thing)))
    return T("{what}, {posts}", what=what, posts=counted(posts, "{n} post", "{n} posts"))


_WORDS = {
    "text": msg("the same text {mark}"),
    "similar": msg("near-identical text {mark}"),
    "reply": msg("answers to one post {mark}"),
    "repost": msg("repeats of one post {mark}"),
    "media": msg("the same picture or film {mark}"),
    "object": msg("the same object {mark}"),
}

"""The kinds of things that posts share: what each is, which posts it is read from, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from harmattan.text import T, Text


@dataclass(frozen=True)
class Layer:
    """One kind of shared thing.

    What a repost carries is what the post carries that it repeats. Where it counted, one repost of the same post would
    be the same link, the same hashtags and the same text as well. So reposts are in their own layer only; QUT's toolkit
    leaves them out of equal and similar texts and of replies too, but not out of links.
    """

    name: Text
    description: Text
    columns: tuple[str, ...]
    """The columns of posts that it is read from."""
    reposts: bool = False
    """Whether posts that repeat another are in it."""


DOMAIN = "domain "
"""Before what stands for a domain in the column `objects`, where an export hides addresses."""

LAYERS = {
    "url": Layer(
        T("link"),
        T("The same link, in one form: without trackers, mobile and AMP copies; shorteners stay as they are."),
        ("urls",),
    ),
    "domain": Layer(T("website"), T("Links to the same host, without www and the like."), ("urls", "objects")),
    "hashtag": Layer(T("hashtag"), T("The same hashtag, large and small letters alike, accents kept."), ("hashtags",)),
    "hashtags": Layer(
        T("row of hashtags"), T("The same hashtags in the same order, two different ones at least."), ("hashtags",)
    ),
    "text": Layer(
        T("same text"),
        T("The same text without mentions, links, case and space, of five words or 25 letters at least."),
        ("text",),
    ),
    "similar": Layer(
        T("similar text"),
        T("Nearly the same text, by the share of runs of five letters in common; the same text among it."),
        ("text",),
    ),
    "reply": Layer(T("reply"), T("An answer to the same post."), ("reply_to",)),
    "repost": Layer(T("repost"), T("A repost of the same post."), ("repost_of",), reposts=True),
    "media": Layer(T("picture or film"), T("The same picture or film, by the id or hash in the export."), ("media",)),
    "object": Layer(T("other thing"), T("The same other thing that the export names."), ("objects",)),
}
"""Every layer, in the order in which answers list them."""

POST_COLUMNS = tuple(dict.fromkeys([name for layer in LAYERS.values() for name in layer.columns] + ["repost_of"]))

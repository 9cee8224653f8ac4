"""The contract of posts: one table for all platforms. Ids are text, a text may be missing, accounts are pseudonyms."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _int = pa.string(), pa.int64()
_words: Any = pa.list_(pa.field("element", pa.string()))
PLATFORMS = ("facebook", "instagram", "x", "telegram", "other")

POSTS = Contract(
    "posts",
    (
        Column("row_id", _text, "platform and id of the post", nullable=False),
        Column("platform", _text, "facebook, instagram, x, telegram or other", "", False),
        Column("post_id", _text, "the platform's id; text, since ids are beyond 2^53", "", False),
        Column("account", _text, "who posted: a pseudonym by keyed hash, or the id where identities were asked for"),
        Column("account_name", _text, "the name shown; empty unless identities were asked for"),
        Column("account_kind", _text, "user, page, group, channel, or as published"),
        Column("surface", _text, "where it was posted (a page, group or channel), like account"),
        Column("followers", _int, "followers of the account at the time of the post", "accounts"),
        Column("posted_at", pa.timestamp("us", "UTC"), "when it was posted; empty where it cannot be read"),
        Column("text", _text, "empty where the export has none: that is not an empty post"),
        Column("language", _text, "as published"),
        Column("urls", _words, "links in it, as written", "", False),
        Column("hashtags", _words, "without the sign, as written", "", False),
        Column("mentions", _words, "accounts named in it, like account", "", False),
        Column("media", _words, "ids, hashes or names of its pictures and films", "", False),
        Column("objects", _words, "other shared things that the export names", "", False),
        Column("reply_to", _text, "id of the post it answers"),
        Column("repost_of", _text, "id of the post it repeats"),
        Column("quote_of", _text, "id of the post it quotes"),
        Column("repost_of_account", _text, "whose post it repeats, like account"),
        Column("views", _int, "empty where the export has none: that is not 0", "views"),
        Column("reactions", _int, "likes and the like", "reactions"),
        Column("comments", _int, "comments and replies", "comments"),
        Column("shares", _int, "how often it was passed on", "shares"),
        Column("url", _text, "address of the post; empty unless identities were asked for"),
    ),
    key=("row_id",),
)

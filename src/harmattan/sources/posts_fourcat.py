"""4CAT's exports, CSV or lines of JSON: a few columns that all have, and those of the platform beside them."""

from __future__ import annotations

from harmattan.sources.posts_layout import Columns, Layout, Said

TELEGRAM = frozenset({"chat", "author_is_bot"})
PLATFORMS = {"telegram": "telegram", "twitter": "x", "x.com": "x", "facebook": "facebook", "instagram": "instagram"}
"""What 4CAT calls its data sources, by what they start with."""


def platform_of(words: str) -> str:
    """The platform of a data source of 4CAT.

    >>> platform_of("twitterv2"), platform_of("tumblr")
    ('x', 'other')
    """
    return next((name for start, name in PLATFORMS.items() if words.lower().startswith(start)), "other")


def _says(columns: Columns, platform: str | None = None) -> Said:
    telegram = columns >= TELEGRAM or platform == "telegram"
    if platform is None:
        platform = "telegram" if telegram else "x" if "retweet_count" in columns else "other"
    said: dict[str, str] = {
        "platform": f"'{platform}'",
        "post_id": columns.id("id"),
        "account": columns.id("author_id") if "author_id" in columns else f"handle({columns.id('author')})",
        "account_name": columns.get("author_username", "author_fullname", "author_name"),
        "posted": f"trimmed({columns.get('unix_timestamp', 'timestamp')})",
        "text": columns.get("body"),
        "language": columns.get("language_guess"),
        "urls": columns.list("urls", "link_attached", "link_url", of="links"),
        "hashtags": columns.list("hashtags"),
        "mentions": columns.list("mentions", "entities_mentioned"),
        "media": columns.list("attachment_filename", "images", of="links"),
        "repost_of_account": columns.id("author_forwarded_from_id", "author_forwarded_from_username", "retweeted_user"),
        "views": columns.get("views"),
        # For Telegram the column holds the signs themselves, one for each, and not their number.
        "reactions": "NULL::VARCHAR" if telegram else columns.get("like_count", "likes", "reactions"),
        "comments": columns.get("reply_count", "comments", "num_comments"),
        "shares": columns.get("retweet_count", "shares"),
        "url": columns.get("link", "url", "post_url"),
    }
    return said | dict(_of_telegram(columns)) if telegram else said | {"reply_to": columns.id("reply_to")}


def _of_telegram(columns: Columns) -> Said:
    """Ids of messages count within a chat, and the name of the chat stands in them: it is hashed like an account."""
    chat = columns.id("chat", "thread_id")
    own, answered = columns.id("id"), columns.id("reply_to")
    own = f"CASE WHEN starts_with({own}, {chat} || '-') THEN ({own})[length({chat}) + 2:] ELSE {own} END"
    return {
        "post_id": f"coalesce(who('telegram', handle({chat})) || '/', '') || {own}",
        "reply_to": f"who('telegram', handle({chat})) || '/' || {answered}",
        "account": columns.id("author", "author_username", "chat"),
        "surface": f"handle({chat})",
    }


def of_platform(platform: str | None) -> Layout:
    """The layout, where the export says beside its rows of which platform they are."""
    return Layout(
        "4CAT",
        (frozenset({"id", "thread_id", "author", "body", "timestamp"}),),
        lambda columns: _says(columns, platform),
    )


EXPORT = of_platform(None)

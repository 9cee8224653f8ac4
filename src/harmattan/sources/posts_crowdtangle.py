"""CrowdTangle's historical exports of Facebook pages and groups and of Instagram accounts, which ended in 2024."""

from __future__ import annotations

from harmattan.sources.posts_layout import Columns, Layout, Said

REACTIONS = ("likes", "love", "wow", "haha", "sad", "angry", "care")
POST_IN_URL = r"(?:/posts/|/videos/|/permalink/|/reel/|story_fbid=|fbid=|/photos/[^?]*/|/photos/)(pfbid\w+|\d+)"
POST_IN_INSTAGRAM = r"/(?:p|reel|tv)/([\w-]+)"

_BOTH = {
    "user name", "followers at posting", "post created", "post created date", "post created time", "type",
    "total interactions", "likes", "comments", "url", "link", "description", "overperforming score", "sponsor id",
    "sponsor name", "sponsor category", "image text",
}  # fmt: skip
FACEBOOK_COLUMNS = frozenset(
    _BOTH
    | {"page name", "group name", "facebook id", "page category", "page admin top country", "page description"}
    | {"page created", "likes at posting", "shares", *REACTIONS, "video share status", "is video owner?", "post views"}
    | {"total views", "total views for all crossposts", "video length", "message", "final link", "link text"}
)
INSTAGRAM_COLUMNS = frozenset(_BOTH | {"account", "views", "photo", "title"})


def _total(columns: Columns) -> str:
    """The sum of the reactions, null where none of them is a number."""
    there = [f"number_of({columns.get(name)})" for name in REACTIONS if name in columns]
    if not there:
        return "NULL::VARCHAR"
    filled = ", ".join(there)
    return f"list_sum([{filled}])::BIGINT::VARCHAR"


def _facebook(columns: Columns) -> Said:
    name = "page name" if "page name" in columns else "group name"
    kind = name.partition(" ")[0]
    account = columns.id("facebook id", "user name", name)
    found = f"nullif(regexp_extract({columns.get('url')}, '{POST_IN_URL}', 1), '')"
    return {
        "platform": "'facebook'",
        # An address names the page, so where no id of the post can be read from it, it is hashed like an account.
        "post_id": f"coalesce({found}, who('facebook', {columns.get('url')}))",
        "account": account,
        "account_name": columns.get(name),
        "account_kind": f"'{kind}'",
        "surface": account,
        "followers": columns.get("followers at posting", "likes at posting"),
        "posted": f"trimmed({columns.get('post created')})",
        "text": columns.get("message"),
        "urls": columns.one("link", "final link"),
        "views": columns.get("post views", "total views"),
        "reactions": _total(columns),
        "comments": columns.get("comments"),
        "shares": columns.get("shares"),
        "url": columns.get("url"),
    }


def _instagram(columns: Columns) -> Said:
    found = f"nullif(regexp_extract({columns.get('url')}, '{POST_IN_INSTAGRAM}', 1), '')"
    return {
        "platform": "'instagram'",
        "post_id": f"coalesce({found}, who('instagram', {columns.get('url')}))",
        "account": f"handle(trimmed({columns.get('user name', 'account')}))",
        "account_name": columns.get("account"),
        "account_kind": "'user'",
        "followers": columns.get("followers at posting"),
        "posted": f"trimmed({columns.get('post created')})",
        "text": columns.get("description"),
        "urls": columns.one("link"),
        "media": columns.one("photo"),
        "views": columns.get("views"),
        "reactions": columns.get("likes"),
        "comments": columns.get("comments"),
        "url": columns.get("url"),
    }


FACEBOOK = Layout(
    "CrowdTangle (Facebook)",
    tuple(frozenset({name, "post created", "total interactions", "url"}) for name in ("page name", "group name")),
    _facebook,
    FACEBOOK_COLUMNS,
)
INSTAGRAM = Layout(
    "CrowdTangle (Instagram)", (frozenset({"account", "photo", "post created", "url"}),), _instagram, INSTAGRAM_COLUMNS
)

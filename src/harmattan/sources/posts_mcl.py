"""The Meta Content Library: a CSV file, JSON or lines of JSON, with dotted names.

Its default columns have no text, and `statistics.views` may be empty, which is not 0. Ids are beyond 2^53.
"""

from __future__ import annotations

from harmattan.sources.posts_layout import Columns, Layout, Said

REACTIONS = ("love", "wow", "haha", "sad", "angry", "care")
KNOWN = frozenset(
    {"id", "creation_time", "modified_time", "multimedia", "is_branded_content", "content_type", "text", "lang"}
    | {f"statistics.{name}_count" for name in (*REACTIONS, "like", "comment", "reaction", "share")}
    | {
        "statistics.views",
        "statistics.views_date_last_refreshed",
        "link_url",
        "is_reshare",
        "shared_post_id",
        "mcl_url",
    }
    | {f"{who}.{what}" for who in ("post_owner", "surface") for what in ("type", "id", "name")}
    | {f"link_attachment.{what}" for what in ("link", "name", "caption", "description")}
    | {"post_owner.username", "hashtags"}
)


def _says(columns: Columns) -> Said:
    # Only Facebook has more reactions than the like; a table with neither does not say which platform it is of.
    facebook = (
        any(f"statistics.{name}_count" in columns for name in (*REACTIONS, "reaction")) or "surface.id" in columns
    )
    media = columns.get("multimedia")
    return {
        "platform": "'facebook'" if facebook else "'other'",
        "post_id": columns.id("id"),
        "account": columns.id("post_owner.id", "post_owner.username", "post_owner.name"),
        "account_name": columns.get("post_owner.username", "post_owner.name"),
        "account_kind": f"lower({columns.get('post_owner.type')})",
        "surface": columns.id("surface.id", "surface.name"),
        "posted": f"trimmed({columns.get('creation_time')})",
        "text": columns.get("text"),
        "language": columns.get("lang"),
        "urls": columns.one("link_attachment.link", "link_url"),
        "hashtags": columns.list("hashtags"),
        "media": f"regexp_extract_all({media}, '[\"'']id[\"'']\\s*:\\s*[\"'']?(\\d+)', 1)",
        "repost_of": columns.id("shared_post_id"),
        "views": columns.get("statistics.views"),
        "reactions": columns.get("statistics.reaction_count", "statistics.like_count"),
        "comments": columns.get("statistics.comment_count"),
        "shares": columns.get("statistics.share_count"),
        "url": columns.get("mcl_url"),
    }


LIBRARY = Layout(
    "Meta Content Library",
    tuple(
        frozenset({"id", "creation_time", owner}) for owner in ("post_owner.id", "post_owner.name", "post_owner.type")
    ),
    _says,
    KNOWN,
)

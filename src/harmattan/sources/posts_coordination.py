"""What tools that look for coordination read: CooRTweet's rows, its wide layout of hashed ids, QUT's toolkit."""

from __future__ import annotations

from harmattan.sources.posts_layout import Columns, Layout, Said


def _coortweet(columns: Columns) -> Said:
    return {
        "platform": "'other'",
        "post_id": columns.id("content_id"),
        "account": columns.id("account_id"),
        "posted": columns.get("timestamp_share"),
        "objects": columns.one("object_id"),
    }


def _wide(columns: Columns) -> Said:
    account = columns.id("account_id")
    domain = columns.get("domain_id")
    return {
        # The published data of this layout write the platform before the account.
        "platform": f"CASE {account}[:3] WHEN 'fb_' THEN 'facebook' WHEN 'tw_' THEN 'x' WHEN 'ig_' THEN 'instagram' "
        "ELSE 'other' END",
        "post_id": columns.id("post_id"),
        "account": account,
        "posted": columns.get("timestamp"),
        "urls": columns.one("url_id"),
        "hashtags": columns.one("hashtag_id"),
        "media": columns.one("phash_id"),
        "objects": f"CASE WHEN {domain} IS NOT NULL THEN ['domain ' || {domain}] END",
    }


def _toolkit(columns: Columns) -> Said:
    return {
        "platform": "'other'",
        "post_id": columns.id("message_id"),
        "account": columns.id("user_id", "username"),
        "account_name": columns.get("username"),
        "posted": columns.get("timestamp"),
        "text": columns.get("message"),
        "urls": columns.list("urls", of="links"),
        "reply_to": columns.id("reply_id"),
        "repost_of": columns.id("repost_id"),
    }


ROWS = Layout(
    "CooRTweet",
    (frozenset({"object_id", "account_id", "content_id", "timestamp_share"}),),
    _coortweet,
    rows_of_a_post=True,
)
WIDE = Layout(
    "the wide layout of CooRTweet",
    (frozenset({"account_id", "post_id", "timestamp"}),),
    _wide,
    rows_of_a_post=True,
)
TOOLKIT = Layout(
    "the QUT coordination network toolkit", (frozenset({"message_id", "user_id", "message", "timestamp"}),), _toolkit
)

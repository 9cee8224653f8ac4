"""The archive of information operations that Twitter, now X, published."""

from __future__ import annotations

from harmattan.sources.posts_layout import Columns, Layout, Said

KNOWN = frozenset(
    [
        "tweetid",
        "userid",
        "user_display_name",
        "user_screen_name",
        "user_reported_location",
        "user_profile_description",
        "user_profile_url",
        "follower_count",
        "following_count",
        "account_creation_date",
        "account_language",
        "tweet_language",
        "tweet_text",
        "tweet_time",
        "tweet_client_name",
        "in_reply_to_userid",
        "in_reply_to_tweetid",
        "quoted_tweet_tweetid",
        "is_retweet",
        "retweet_userid",
        "retweet_tweetid",
        "latitude",
        "longitude",
        "quote_count",
        "reply_count",
        "like_count",
        "retweet_count",
        "hashtags",
        "urls",
        "user_mentions",
        "poll_choices",
    ]
)


def _says(columns: Columns) -> Said:
    return {
        "platform": "'x'",
        "post_id": columns.id("tweetid"),
        "account": columns.id("userid"),
        "account_name": columns.get("user_screen_name", "user_display_name"),
        "account_kind": "'user'",
        "followers": columns.get("follower_count"),
        "posted": f"trimmed({columns.get('tweet_time')})",
        "text": columns.get("tweet_text"),
        "language": columns.get("tweet_language", "account_language"),
        "urls": columns.list("urls", of="links"),
        "hashtags": columns.list("hashtags"),
        "mentions": columns.list("user_mentions"),
        "reply_to": columns.id("in_reply_to_tweetid"),
        "repost_of": columns.id("retweet_tweetid"),
        "quote_of": columns.id("quoted_tweet_tweetid"),
        "repost_of_account": columns.id("retweet_userid"),
        "reactions": columns.get("like_count"),
        "comments": columns.get("reply_count"),
        "shares": columns.get("retweet_count"),
    }


ARCHIVE = Layout(
    "the information-operations archive of X",
    (frozenset({"tweetid", "account_creation_date"}), frozenset({"tweetid", "userid", "tweet_time"})),
    _says,
    KNOWN,
)

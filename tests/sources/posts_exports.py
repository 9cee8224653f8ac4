"""Synthetic exports of posts, one of each layout; the same person stands in all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

KEY = b"a key for the tests, long enough"
NAME, HANDLE, NUMBER = "Zuleika Quaternary", "zuleika_q77", "7700112233445566778"
"""A person who must not be found in a release of pseudonyms: the name shown, the handle, the id."""
BIG = "9223372036854775907"
"""An id beyond 2^63, and so beyond 2^53."""
TEXT = f"نص عربي 😀 says @{HANDLE}, see https://x.com/{HANDLE}/status/5 and t.me/s/{HANDLE}"

Row = Mapping[str, Any]


def as_csv(rows: Sequence[Row], bom: bool = False) -> bytes:
    """Rows as CSV with the columns of the first one."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()


def as_lines(rows: Sequence[Row]) -> bytes:
    """Rows as lines of JSON."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def crowdtangle(n: int = 3) -> bytes:
    """CrowdTangle's Facebook pages; times with an abbreviated zone, counts with commas."""
    return as_csv(
        [
            {
                "Page Name": NAME,
                "User Name": HANDLE,
                "Facebook Id": NUMBER,
                "Page Category": "PERSON",
                "Followers at Posting": "1,234",
                "Post Created": f"2021-07-18 14:0{i}:21 EDT",
                "Type": "Link",
                "Total Interactions": "1,012",
                "Likes": "1,000",
                "Comments": "7",
                "Shares": "5",
                "Love": "12",
                "Post Views": "",
                "URL": f"https://www.facebook.com/{HANDLE}/posts/{int(BIG) + i}",
                "Message": TEXT,
                "Link": f"https://facebook.com/{HANDLE}/videos/12/",
                "Final Link": "https://example.org/a,b",
            }
            for i in range(n)
        ],
        bom=True,
    )


def instagram(n: int = 3) -> bytes:
    """CrowdTangle's Instagram accounts."""
    return as_csv(
        [
            {
                "Account": NAME,
                "User Name": HANDLE,
                "Followers at Posting": "90",
                "Post Created": f"2021-07-18 14:03:2{i} CEST",
                "Type": "Photo",
                "Likes": "3",
                "Comments": "1",
                "Views": "0",
                "URL": f"https://www.instagram.com/p/CRab{i}_-/",
                "Link": f"https://www.instagram.com/p/CRab{i}_-/",
                "Photo": "https://example.org/p.jpg",
                "Title": "",
                "Description": TEXT,
            }
            for i in range(n)
        ]
    )


def library_rows(n: int = 3) -> list[dict[str, Any]]:
    """The Meta Content Library's default columns: no text, views that may be absent, ids as bare numbers."""
    return [
        {
            "id": int(BIG) + i,
            "creation_time": f"2024-03-01T10:00:0{i}+0100",
            "multimedia": [{"id": 123456789012345678, "type": "photo"}],
            "content_type": "photos",
            "statistics.like_count": 4,
            "statistics.love_count": 1,
            "statistics.reaction_count": 5,
            "statistics.views": None if i else 0,
            "statistics.share_count": 2,
            "statistics.comment_count": 1,
            "post_owner.type": "PAGE",
            "post_owner.id": int(NUMBER),
            "post_owner.name": NAME,
            "surface.type": "PAGE",
            "surface.id": int(NUMBER),
            "surface.name": NAME,
        }
        for i in range(n)
    ]


def library_csv(n: int = 3) -> bytes:
    """The same as CSV."""
    return as_csv([row | {"multimedia": json.dumps(row["multimedia"])} for row in library_rows(n)])


def library_lines(n: int = 3) -> bytes:
    """The same as lines of JSON."""
    return as_lines(library_rows(n))


def library_json(n: int = 3) -> bytes:
    """The same as one JSON document, with what is dotted as objects."""

    def nested(row: Row) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in row.items():
            first, _, rest = name.partition(".")
            if rest:
                made.setdefault(first, {})[rest] = value
            else:
                made[name] = value
        return made

    return json.dumps({"data": [nested(row) for row in library_rows(n)]}).encode()


def archive(n: int = 3) -> bytes:
    """The archive of information operations, with its lists in brackets."""
    return as_csv(
        [
            {
                "tweetid": str(int(BIG) + i),
                "userid": NUMBER,
                "user_display_name": NAME,
                "user_screen_name": HANDLE,
                "follower_count": "10",
                "account_creation_date": "2012-01-01",
                "tweet_language": "ar",
                "tweet_text": TEXT,
                "tweet_time": f"2019-03-01 12:3{i}",
                "in_reply_to_tweetid": "",
                "is_retweet": "true",
                "retweet_userid": NUMBER,
                "retweet_tweetid": "1100000000000000001",
                "like_count": "1",
                "reply_count": "0",
                "retweet_count": "2",
                "hashtags": "[Mali, نص]",
                "urls": f"[https://example.org/1, https://twitter.com/{HANDLE}/status/9]",
                "user_mentions": f"[{NUMBER}, 12]",
            }
            for i in range(n)
        ]
    )


def _message(i: int, **more: Any) -> dict[str, Any]:
    parts = [
        "نص 😀 ",
        {"type": "mention", "text": f"@{HANDLE}"},
        " and ",
        {"type": "mention_name", "text": NAME, "user_id": int(NUMBER)},
        {"type": "phone", "text": "+22370000000"},
        {"type": "text_link", "text": "here", "href": "https://example.org/x"},
        {"type": "hashtag", "text": "#Mali"},
    ]
    message = {
        "id": i,
        "type": "message",
        "date": "2022-05-03T10:00:00",
        "date_unixtime": str(1651572000 + i),
        "from": NAME,
        "from_id": f"user{NUMBER}",
        "text": parts if i % 2 else "plain words",
        "reply_to_message_id": 1,
        "forwarded_from": NAME,
        "photo": "photos/photo_1.jpg",
        "reactions": [{"type": "emoji", "count": 3, "emoji": "x"}, {"type": "emoji", "count": 2, "emoji": "y"}],
    }
    return {name: value for name, value in (message | more).items() if value is not None}


def chat(n: int = 3, **more: Any) -> dict[str, Any]:
    """One chat of Telegram Desktop, with a service message first."""
    joined = {"id": 900, "type": "service", "actor": NAME, "actor_id": f"user{NUMBER}", "action": "invite_members"}
    return {
        "name": NAME,
        "type": "public_supergroup",
        "id": 1234567890123,
        "messages": [joined, *(_message(i, **more) for i in range(1, n + 1))],
    }


def telegram(n: int = 3) -> bytes:
    """Telegram Desktop's result.json of one chat."""
    return json.dumps(chat(n), ensure_ascii=False, indent=1).encode()


def telegram_all(n: int = 3) -> bytes:
    """Telegram Desktop's result.json of all chats."""
    other = chat(n) | {"id": 5, "type": "personal_chat"}
    whole = {
        "about": "x",
        "contacts": {"list": [{"first_name": NAME}]},
        "chats": {"about": "y", "list": [chat(n), other]},
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def telethon_rows(n: int = 3) -> list[dict[str, Any]]:
    """Telethon's dictionaries; the place of an entity counts in UTF-16, where 😀 is two."""
    text = f"😀 {NAME} wrote"
    return [
        {
            "_": "Message",
            "id": i,
            "peer_id": {"_": "PeerChannel", "channel_id": 1234567890123},
            "from_id": {"_": "PeerUser", "user_id": int(NUMBER)},
            "date": f"2022-05-03T10:00:0{i}+00:00",
            "message": text,
            "entities": [
                {"_": "MessageEntityMentionName", "offset": 3, "length": len(NAME), "user_id": int(NUMBER)},
            ],
            "fwd_from": {"from_name": NAME},
            "reply_to": {"reply_to_msg_id": 1},
            "views": 7,
            "forwards": 2,
            "replies": {"replies": 4},
            "media": {"_": "MessageMediaPhoto", "photo": {"id": int(BIG)}},
        }
        for i in range(1, n + 1)
    ] + [{"_": "MessageService", "id": 99, "peer_id": {"_": "PeerChannel", "channel_id": 5}, "action": {"_": "X"}}]


def telethon(n: int = 3) -> bytes:
    """Telethon's messages as one document."""
    return json.dumps(telethon_rows(n), ensure_ascii=False).encode()


def telethon_lines(n: int = 3) -> bytes:
    """Telethon's messages as lines."""
    return as_lines(telethon_rows(n))


def fourcat_rows(n: int = 3) -> list[dict[str, Any]]:
    """4CAT's rows of Telegram: the name of the chat stands in the id of the message."""
    return [
        {
            "id": f"{HANDLE}-{i}",
            "thread_id": HANDLE,
            "chat": HANDLE,
            "author": NUMBER,
            "author_username": HANDLE,
            "author_name": NAME,
            "author_is_bot": "no",
            "body": TEXT,
            "reply_to": "1",
            "views": "5",
            "reactions": "xxy",
            "timestamp": "2022-05-03 10:00:00",
            "unix_timestamp": 1651572000 + i,
            "author_forwarded_from_username": HANDLE,
            "link_attached": f"https://t.me/{HANDLE}/7",
        }
        for i in range(n)
    ]


def fourcat_csv(n: int = 3) -> bytes:
    """4CAT's CSV."""
    return as_csv(fourcat_rows(n))


def fourcat_lines(n: int = 3) -> bytes:
    """4CAT's lines of JSON."""
    return as_lines(fourcat_rows(n))


def coortweet(n: int = 3) -> bytes:
    """CooRTweet's rows: each post shares two objects."""
    return as_csv(
        [
            {"object_id": f"o{i}{k}", "account_id": NUMBER, "content_id": f"c{i}", "timestamp_share": 1651572000 + i}
            for i in range(n)
            for k in "ba"
        ]
    )


def wide(n: int = 3) -> bytes:
    """The wide layout with hashed ids, as CSV."""
    return as_csv(
        [
            {
                "account_id": f"fb_{NUMBER}",
                "post_id": str(i),
                "url_id": k,
                "hashtag_id": "",
                "domain_id": "3",
                "phash_id": "",
                "timestamp": f"{1651572000 + i}.0",
            }
            for i in range(n)
            for k in "12"
        ]
    )


def toolkit(n: int = 3) -> bytes:
    """The QUT toolkit's CSV."""
    return as_csv(
        [
            {
                "message_id": i,
                "user_id": NUMBER,
                "username": HANDLE,
                "repost_id": "" if i else 9,
                "reply_id": "",
                "message": TEXT,
                "timestamp": f"{1606451170 + i}.518101",
                "urls": f"['http://example.com/2', 'http://x.com/{HANDLE}']",
            }
            for i in range(n)
        ]
    )


EXPORTS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "crowdtangle": ("posts.csv", crowdtangle),
    "instagram": ("posts.csv", instagram),
    "library-csv": ("posts.csv", library_csv),
    "library-lines": ("posts.ndjson", library_lines),
    "library-json": ("posts.json", library_json),
    "archive": ("tweets.csv", archive),
    "telegram": ("result.json", telegram),
    "telethon": ("messages.json", telethon),
    "telethon-lines": ("messages.ndjson", telethon_lines),
    "4cat-csv": ("4cat.csv", fourcat_csv),
    "4cat-lines": ("4cat.ndjson", fourcat_lines),
    "coortweet": ("shares.csv", coortweet),
    "wide": ("wide.csv", wide),
    "toolkit": ("toolkit.csv", toolkit),
}
"""Every layout: the name of its file and the maker of an export with so many posts."""

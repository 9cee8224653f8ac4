"""Telegram's messages, from Telegram Desktop's result.json or as Telethon's dictionaries: one flat row for each.

Both count the ids of messages within a chat, so the chat is part of a post's id. Accounts and chats have the ids that
Telegram Desktop writes (user1, channel1), so that the same account has the same pseudonym in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.sources.posts_layout import Columns, Layout, Said

COLUMNS = (
    "chat", "message", "kind", "sender", "sender_name", "posted", "text", "urls", "hashtags", "mentions", "media",
    "answered", "forwarded", "views", "reactions", "replies", "forwards",
)  # fmt: skip
"""The columns of a flat row."""
PRIVATE = {"phone": "[phone]", "email": "[email]", "phone_number": "[phone]", "bank_card": "[card]"}
"""What Telegram itself marks as personal in a text, and what stands for it where accounts are pseudonyms."""
PEERS = {"user_id": "user", "channel_id": "channel", "chat_id": "chat"}

Flat = dict[str, Any]


def desktop(message: Mapping[str, Any], chat: Mapping[str, Any], identities: bool) -> Flat | None:
    """A message of Telegram Desktop as a flat row; None for a service message (somebody joined, a call)."""
    if message.get("type") != "message":
        return None
    place = _chat_of(chat)
    parts = _parts(message.get("text"))
    pictures = [message.get("photo"), message.get("file")]
    return {
        "chat": place,
        "message": message.get("id"),
        "kind": "channel" if str(message.get("from_id", "")).startswith("channel") else "user",
        "sender": message.get("from_id")
        or message.get("from")
        or (place if str(place).startswith("channel") else None),
        "sender_name": message.get("from"),
        "posted": message.get("date_unixtime") or message.get("date"),
        "text": "".join(_shown(part, identities) for part in parts) or None,
        "urls": [part.get("href") or part["text"] for part in parts if part["type"] in ("link", "text_link")],
        "hashtags": [part["text"] for part in parts if part["type"] == "hashtag"],
        "mentions": [_named(part) for part in parts if part["type"] in ("mention", "mention_name")],
        # A file that was not exported has a sentence in brackets in its place.
        "media": [str(name) for name in pictures if name and not str(name).startswith("(")],
        "answered": message.get("reply_to_message_id"),
        "forwarded": message.get("forwarded_from_id") or message.get("forwarded_from"),
        "reactions": _sum(message.get("reactions")),
    }


def telethon(message: Mapping[str, Any], identities: bool) -> Flat | None:
    """A message as Telethon's dictionary as a flat row; None for a service message."""
    if message.get("_", message.get("_type", "Message")) != "Message" or message.get("action"):
        return None
    chat, sender = _peer(message.get("peer_id")), _peer(message.get("from_id"))
    text, entities = str(message.get("message") or ""), message.get("entities")
    parts = _entities(text, entities if isinstance(entities, list) else [])
    forward = _dict(message.get("fwd_from"))
    media = _dict(message.get("media"))
    return {
        "chat": chat,
        "message": message.get("id"),
        "kind": "user" if str(sender or "").startswith("user") else "channel",
        "sender": sender or chat,
        "sender_name": message.get("post_author"),
        "posted": message.get("date"),
        "text": "".join(_shown(part, identities) for part in parts) or None,
        "urls": [part.get("href") or part["text"] for part in parts if part["type"] in ("link", "text_link")],
        "hashtags": [part["text"] for part in parts if part["type"] == "hashtag"],
        "mentions": [_named(part) for part in parts if part["type"] in ("mention", "mention_name")],
        "media": [
            str(_dict(media.get(kind))["id"]) for kind in ("photo", "document") if "id" in _dict(media.get(kind))
        ],
        "answered": _dict(message.get("reply_to")).get("reply_to_msg_id") or message.get("reply_to_msg_id"),
        "forwarded": _peer(forward.get("from_id")) or forward.get("from_name"),
        "views": message.get("views"),
        "reactions": _sum(_dict(message.get("reactions")).get("results")),
        "replies": _dict(message.get("replies")).get("replies"),
        "forwards": message.get("forwards"),
    }


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _chat_of(chat: Mapping[str, Any]) -> str | None:
    """The id of a chat as Telegram Desktop writes it in `from_id`."""
    if chat.get("id") is None:
        return None
    kind = str(chat.get("type", ""))
    start = "channel" if kind.endswith(("channel", "supergroup")) else "chat" if kind.endswith("group") else "user"
    return f"{start}{chat['id']}"


def _peer(value: Any) -> str | None:
    """A peer as Telegram Desktop writes it; Telethon has a dictionary, older versions a bare number."""
    if isinstance(value, dict):
        return next((f"{start}{value[name]}" for name, start in PEERS.items() if value.get(name) is not None), None)
    return None if value is None else f"user{value}"


def _parts(text: Any) -> list[dict[str, Any]]:
    """A text, which is a string or a list of strings and marked parts, as marked parts."""
    parts = text if isinstance(text, list) else [text]
    made = []
    for part in parts:
        if isinstance(part, dict):
            made.append(part | {"type": str(part.get("type", "plain")), "text": str(part.get("text") or "")})
        elif part is not None:
            made.append({"type": "plain", "text": str(part)})
    return made


ENTITIES = {
    "MessageEntityUrl": "link", "MessageEntityTextUrl": "text_link", "MessageEntityHashtag": "hashtag",
    "MessageEntityMention": "mention", "MessageEntityMentionName": "mention_name", "MessageEntityPhone": "phone",
    "MessageEntityEmail": "email", "MessageEntityBankCard": "bank_card",
}  # fmt: skip


def _entities(text: str, entities: Sequence[Any]) -> list[dict[str, Any]]:
    """The same parts from Telethon's entities, whose places count in UTF-16."""
    wide = text.encode("utf-16-le", "surrogatepass")
    parts: list[dict[str, Any]] = []
    at = 0

    def plain(start: int, end: int) -> str:
        return wide[2 * start : 2 * end].decode("utf-16-le", "replace")

    for entity in map(_dict, entities):
        kind = ENTITIES.get(str(entity.get("_", entity.get("_type"))))
        try:
            start, end = int(entity["offset"]), int(entity["offset"]) + int(entity["length"])
        except (KeyError, TypeError, ValueError):
            continue
        if kind is None or start < at or end <= start:
            continue
        parts.append({"type": "plain", "text": plain(at, start)})
        parts.append(
            {"type": kind, "text": plain(start, end), "user_id": entity.get("user_id"), "href": entity.get("url")}
        )
        at = end
    return [*parts, {"type": "plain", "text": plain(at, len(wide))}]


def _shown(part: Mapping[str, Any], identities: bool) -> str:
    """The words of a part; where accounts are pseudonyms, a person's name becomes its handle and so a pseudonym."""
    if identities:
        return str(part["text"])
    if part["type"] == "mention_name" and part.get("user_id") is not None:
        return f"@user{part['user_id']}"
    return PRIVATE.get(part["type"], str(part["text"]))


def _named(part: Mapping[str, Any]) -> str:
    return f"user{part['user_id']}" if part.get("user_id") is not None else str(part["text"])


def _sum(reactions: Any) -> int | None:
    if not isinstance(reactions, list):
        return None
    counts = [str(_dict(one).get("count", "")) for one in reactions]
    return sum(int(count) for count in counts if count.isdecimal() and len(count) < 16)


def _says(columns: Columns) -> Said:
    def within(message: str) -> str:
        return f"coalesce(who('telegram', {columns.id('chat')}) || '/', '') || {message}"

    lists = {
        name: f"from_json({columns.get(name)}, '[\"VARCHAR\"]')" for name in ("urls", "hashtags", "mentions", "media")
    }
    return lists | {
        "platform": "'telegram'",
        "post_id": within(columns.id("message")),
        "account": columns.id("sender"),
        "account_name": columns.get("sender_name"),
        "account_kind": columns.get("kind"),
        "surface": columns.id("chat"),
        "posted": columns.get("posted"),
        "text": columns.get("text"),
        "reply_to": within(columns.id("answered")),
        "repost_of_account": columns.id("forwarded"),
        "views": columns.get("views"),
        "reactions": columns.get("reactions"),
        "comments": columns.get("replies"),
        "shares": columns.get("forwards"),
    }


CHATS = Layout("Telegram", (frozenset({"chat", "message", "sender"}),), _says)

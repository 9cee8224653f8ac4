"""STAND-IN, deleted when e8O is merged."""
from __future__ import annotations
from dataclasses import dataclass
from typing import Any
import ibis

LAYERS = ("url", "domain", "hashtag", "hashtags", "text", "similar", "reply", "repost", "media", "object")


@dataclass(frozen=True)
class Shares:
    table: Any


def shares(posts: Any, layers: Any) -> Shares:
    rows = posts.filter(posts.account.notnull(), posts.posted_at.notnull())
    at = rows.posted_at.epoch_seconds() * 1_000_000
    of = {"url": rows.urls.unnest(), "hashtag": rows.hashtags.unnest(), "media": rows.media.unnest(),
          "object": rows.objects.unnest(), "text": rows.text.lower(), "reply": rows.reply_to, "repost": rows.repost_of,
          "hashtags": rows.hashtags.sort().join(" ")}
    parts = [rows.select(layer=ibis.literal(name), object=of[name], account="account", platform="platform",
                         post="row_id", at=at.cast("int64")) for name in layers if name in of]
    table = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return Shares(table.filter(table.object.notnull(), table.object != "").distinct())

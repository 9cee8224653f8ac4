"""From posts to shares: each layer, what is left out and counted, and inputs that break others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.errors import UsageError
from harmattan.influence.layers import LAYERS
from harmattan.influence.objects import COLUMNS, Shares, shares
from harmattan.influence.similar import Similar
from harmattan.vocabulary.posts import POSTS
from tests.influence.made import NOON, objects, posts, seen, table

LISTED = ("url", "domain", "hashtag", "hashtags")
TEXT = "La force quitte le camp ce matin, dit le ministre"


def asked(*rows: dict[str, Any], layers: tuple[str, ...] = tuple(LAYERS), **options: Any) -> Shares:
    return shares(table(*rows), layers, **options)


def test_the_table_has_the_agreed_columns() -> None:
    made = asked({"urls": ["http://www.example.org/a/"]}, layers=("url",)).table.to_pyarrow()
    assert tuple(made.column_names) == COLUMNS
    assert [str(kind) for kind in made.schema.types] == ["string"] * 5 + ["int64"]
    at = int(NOON.timestamp()) * 1_000_000
    assert made.to_pylist() == [
        {"layer": "url", "object": "https://example.org/a", "account": "a", "platform": "x", "post": "x:0", "at": at}
    ]


def test_times_keep_their_microseconds() -> None:
    when = [NOON + dt.timedelta(microseconds=us) for us in (700_001, 50_000, 999_999)]
    made = asked(*({"posted_at": one, "media": ["m"]} for one in when), layers=("media",)).table
    start = int(NOON.timestamp()) * 1_000_000
    assert sorted(made.at.to_pyarrow().to_pylist()) == [start + 50_000, start + 700_001, start + 999_999]


def test_a_post_has_an_object_once() -> None:
    made = asked(
        {"urls": ["http://example.org/a", "https://www.example.org/a?fbclid=1"], "hashtags": ["Mali", "MALI"]},
        layers=LISTED,
    )
    assert objects(made, "url") == ["https://example.org/a"]
    assert objects(made, "domain") == ["example.org"]
    assert objects(made, "hashtag") == ["mali"]
    assert objects(made, "hashtags") == []


def test_equal_texts_meet_and_no_words_leave() -> None:
    made = asked(
        {"text": TEXT},
        {"text": f"@somebody {TEXT.upper()} https://t.co/x"},
        {"text": "oui"},
        {"text": None},
        layers=("text",),
    )
    (one, first), (other, second) = seen(made, "text")
    assert (one, first, second) == (other, "0", "1")
    assert "force" not in one
    assert made.unread["text"] == 1


def test_similar_texts_take_the_digest_of_the_most_frequent() -> None:
    rows = (
        {"text": f"{TEXT}."},
        {"text": TEXT},
        {"text": TEXT},
        {"text": "Autre chose tout à fait, sans aucun rapport"},
    )
    made = asked(*rows, layers=("text", "similar"))
    assert len(set(objects(made, "text"))) == 3
    near = {post: thing for thing, post in seen(made, "similar")}
    exact = {post: thing for thing, post in seen(made, "text")}
    assert near["0"] == near["1"] == near["2"] == exact["1"]
    assert near["3"] == exact["3"]
    assert len(set(objects(asked(*rows, layers=("similar",), similar=Similar(1.0)), "similar"))) == 3


def test_what_a_repost_carries_is_not_shared_again() -> None:
    row = {"text": TEXT, "urls": ["http://example.org/a"], "hashtags": ["a", "b"], "reply_to": "7", "media": ["m"]}
    made = asked(row | {"repost_of": "9007199254740993"})
    assert made.table.layer.to_pyarrow().to_pylist() == ["repost"]
    assert objects(made, "repost") == ["x:9007199254740993"]
    assert objects(asked(row | {"repost_of": "1"}, layers=("url",), reposts=("url",)), "url") == [
        "https://example.org/a"
    ]


def test_ids_of_two_platforms_are_two_things_and_keep_all_their_digits() -> None:
    ids = ("9007199254740992", "9007199254740993")
    rows = [{"reply_to": one, "platform": platform} for one in ids for platform in ("x", "facebook")]
    assert objects(asked(*rows, layers=("reply",)), "reply") == sorted(
        f"{place}:{one}" for one in ids for place in ("x", "facebook")
    )


def test_hidden_addresses_count_by_what_stands_for_them() -> None:
    made = asked(
        {"urls": ["23678"], "objects": ["domain 3498", "other"]},
        {"urls": ["hello", "85d2d12251a7"]},
        layers=("url", "domain", "object"),
    )
    assert objects(made, "url") == ["23678", "85d2d12251a7"]
    assert objects(made, "domain") == ["3498"]
    assert objects(made, "object") == ["other"]


def test_shortened_addresses_lead_where_the_map_says() -> None:
    row = {"urls": ["https://bit.ly/a"]}
    assert objects(asked(row, layers=("domain",)), "domain") == ["bit.ly"]
    made = asked(row, layers=("url", "domain"), resolved={"http://bit.ly/a": "http://www.example.org/x/?utm_source=q"})
    assert objects(made, "url") + objects(made, "domain") == ["https://example.org/x", "example.org"]


def test_what_cannot_be_used_is_counted() -> None:
    made = asked(
        {"media": ["m"]},
        {"account": None},
        {"posted_at": None},
        {"account": None, "posted_at": None},
        {},
        layers=("media",),
    )
    unused = made.unused
    assert (unused.posts, unused.no_account, unused.no_time, unused.no_object) == (5, 2, 1, 1)
    assert [str(text) for text in unused.said()] == [
        "2 posts name no account.",
        "1 post has no time that could be read.",
        "1 post shares nothing that was looked at.",
    ]


def test_an_empty_table_has_no_shares() -> None:
    made = shares(ibis.memtable(POSTS.schema.empty_table()), tuple(LAYERS))
    assert made.table.to_pyarrow().num_rows == 0
    assert made.unused.said() == []


def test_lists_and_texts_that_are_empty_share_nothing() -> None:
    made = asked({"urls": [], "hashtags": ["", "#"], "media": [" "], "text": ""}, {"urls": [None]})
    assert made.table.to_pyarrow().num_rows == 0


def test_one_second_and_one_account_hold_many_posts() -> None:
    n = 100_000
    base = posts({"urls": ["https://example.org/a"], "text": TEXT})
    many = base.take(pa.array([0] * n))
    many = many.set_column(0, POSTS.schema.field("row_id"), pa.array([f"x:{place}" for place in range(n)]))
    made = shares(ibis.memtable(many), ("url", "text", "similar"))
    counts = made.table.group_by("layer").agg(n=made.table.count(), things=made.table.object.nunique()).to_pyarrow()
    assert sorted(tuple(row.values()) for row in counts.to_pylist()) == [
        (layer, n, 1) for layer in ("similar", "text", "url")
    ]


def test_a_layer_that_there_is_not_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"There is no layer links\. There are url, domain"):
        asked({}, layers=("links",))
    with pytest.raises(UsageError, match="There is no layer links"):
        asked({}, reposts=("links",))

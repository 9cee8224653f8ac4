"""What CooRTweet and QUT's toolkit gave themselves on their own published data: the same edges and weights here."""

from __future__ import annotations

import ast
import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.influence.coortweet import detect_groups, flag_speed_share, network
from harmattan.influence.toolkit import network as toolkit_network
from harmattan.influence.toolkit import shares_of, similar_network
from tests.influence.test_coortweet import listed
from tests.influence.test_toolkit import edges, posts

pytestmark = pytest.mark.data
ENGINE = ibis.duckdb.connect()


def digest(edges: list[tuple[Any, ...]]) -> str:
    lines = ("\t".join("" if value is None else str(value) for value in edge) for edge in edges)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def published(folder: Path, name: str) -> Any:
    """CooRTweet's own data; of the wide layout each different share once, as its vignette does."""
    if name == "russian":
        held = ENGINE.read_parquet(folder / "coordination" / "coortweet_russian_coord_tweets.parquet")
        held = held.rename(object="object_id", account="account_id", post="content_id", seconds="timestamp_share")
        return _timed(held.mutate(place=ibis.row_number()))
    held = ENGINE.read_parquet(folder / "coordination" / "coortweet_german_elections.parquet")
    held = held.rename(object=name, account="account_id", post="post_id", seconds="timestamp")
    held = held.mutate(place=ibis.row_number()).filter(held.object.notnull())
    return _timed(held.group_by("object", "account", "post", "seconds").agg(place=held.place.min()))


def _timed(held: Any) -> Any:
    held = held.select("object", "account", "post", "place", at=(held.seconds * 1_000_000).cast("int64"))
    return ibis.memtable(ENGINE.to_pyarrow(held))


COORTWEET: list[tuple[str, dict[str, Any], int, int, str]] = [
    (
        "russian",
        {"window": 10, "participation": 5},
        22,
        20,
        "12fe3ba0784304c53131452b58fe81cede15f2fd6648823bf70f971db5b8c380",
    ),
    (
        "russian",
        {"window": 60, "participation": 2},
        3791,
        3721,
        "8146eb2d4460d3140919badcfdfd04d81398517145fae712e6094a432a017a8f",
    ),
    (
        "russian",
        {"window": 60, "participation": 2, "remove_loops": False},
        3919,
        3782,
        "1bbcfd78a4232b90300aa68ab9e7d0624a998cc1265d34f2b85c90dfe5050a50",
    ),
    (
        "russian",
        {"window": 60, "participation": 2, "edge_weight": 0.99, "subgraph": 1},
        3791,
        9,
        "2e333b92929f4163dab2c9aa7d00f5f367289be1c9f337ba827d223340e8109f",
    ),
    (
        "russian",
        {"window": 60, "participation": 2, "fast": 10, "edge_weight": 0.5, "subgraph": 0},
        3791,
        3721,
        "2773141ff2713cb40f2c8853148d357909d1ca1253af2dd36f6958421954b20b",
    ),
    (
        "russian",
        {"window": 60, "participation": 2, "fast": 10, "edge_weight": 0.5, "subgraph": 2},
        3791,
        4,
        "d6266bbd911f61ee9bd7d9e283f1ea2913876369fcb12ad9e538006cd86a8345",
    ),
    (
        "russian",
        {"window": 60, "participation": 2, "fast": 10, "edge_weight": 0.9, "subgraph": 3},
        3791,
        112,
        "75f1022d62efdfb98740c984c19188779aee2dd565c0aa8e110651267303a5c5",
    ),
    (
        "url_id",
        {"window": 10, "participation": 5},
        4293,
        756,
        "234459ff018c44a33b700d052dfdc31db566664a106bd23b3415085b2f3ad07a",
    ),
    (
        "url_id",
        {"window": 60, "participation": 1},
        7896,
        2906,
        "95ed6eccecd4fa651d273e39992eaa9173f4f254704e891bf170cded17463535",
    ),
    (
        "url_id",
        {"window": 60, "participation": 2, "fast": 10, "edge_weight": 0.9, "subgraph": 3},
        6760,
        1064,
        "3b352a4cd440b8a7872a8a01438eee2f64e415d51784f449e57ed7561264a97a",
    ),
    (
        "phash_id",
        {"window": 60, "participation": 2},
        2458,
        455,
        "cfec4874273050e05e073e3312ce10026c0b17d3901cd8b18050924f71eeda88",
    ),
    (
        "hashtag_id",
        {"window": 60, "participation": 2},
        4295,
        820,
        "c756693e31eb672e1f0654d78be1b6131e7a33a29b9668330bcb431427dcdfe9",
    ),
]
"""Data, options, pairs, edges, SHA-256 of the sorted edges: as CooRTweet gave them, on R 4.2 and igraph 1.3."""


@pytest.mark.parametrize(("name", "asked", "answer"), [(name, asked, told) for name, asked, *told in COORTWEET])
def test_the_answers_are_those_of_coortweet_on_its_own_data(
    name: str, asked: dict[str, Any], answer: list[Any], data_dir: Path
) -> None:
    rows = published(data_dir, name)
    found = detect_groups(rows, asked["window"], asked["participation"], remove_loops=asked.get("remove_loops", True))
    columns = ["account", "account_y", "weight", "posts", "posts_y", "over"]
    if fast := asked.get("fast"):
        found = flag_speed_share(rows, found, fast, asked["participation"])
        columns += [f"fast_{name}" for name in ("weight", "posts", "posts_y", "over")]
    found = ibis.memtable(ENGINE.to_pyarrow(found))
    graph = network(
        found, edge_weight=asked.get("edge_weight", 0.5), fast=bool(fast), subgraph=asked.get("subgraph", 0)
    )
    held = listed(graph, *columns)
    assert [ENGINE.execute(found.count()), len(held), digest(held)] == answer


TOOLKIT: list[tuple[str, dict[str, Any], float, int, int, int, str]] = [
    ("co_retweet", {}, 0.0005, 1, 9, 21, "5da9dc58090152a1a87b182b8f16962d40823e91c6cefcac316b68bf10cccab7"),
    ("co_retweet", {}, 1, 1, 9, 25, "2f2a7ecd403b9ca0e2928da89b2c3b206532e8805df585131c8fa2b135e21b87"),
    ("co_tweet", {}, 1, 1, 10, 18, "fbf1ee36e585b70318d6b755d63d3450daaed289e6dd2441c3845c0908b984a8"),
    ("co_link", {}, 1, 1, 10, 92, "d89f7ced8275315776617d58d4e48172c0f3e58e194af57c1522645c7b72c3ad"),
    ("co_link", {}, 1, 2, 10, 80, "438b6d693ba6a48f4f8ed0b06bc8d1e19f6353321482b5459b81548a0dd16ad4"),
    ("co_reply", {}, 1, 1, 6, 16, "79d47d5cdb903b348c1826a632f77498a0ae9d4d0047a88e76bf8b08b1916266"),
    ("co_reply", {}, 1, 2, 4, 4, "b7cce7e5561d4384c096e73c50ec0b867365d9d4f53b29916eb2f84ce2246e57"),
    ("co_post", {}, 1, 1, 10, 100, "b8776861d6f6a42de82321ecd3d8f3ec653dd327a13570573031c4c381d085bc"),
    (
        "co_similar_tweet",
        {"threshold": 0.9},
        0.0005,
        1,
        10,
        16,
        "8c7f8137646f06fe6b20b4f343d4340c3e24f8f654e75484258c6e0ea2174147",
    ),
    (
        "co_similar_tweet",
        {"threshold": 0.9},
        1,
        1,
        10,
        28,
        "90770a9661feee6ba20e972829c2e6e6a0c0a4ef1ca8917653a58efc15137383",
    ),
    (
        "co_similar_tweet",
        {"threshold": 0.5},
        1,
        1,
        10,
        86,
        "bf2cafb4c3811f03982ce77ce225334ee9e8c0bf1de0862c3366384ef06bf42f",
    ),
    ("co_link", {"clean": True}, 1, 1, 10, 96, "18b66131e082ee4603d0c46b0009c5b0a731c94d333336f707518a4dc7c618da"),
]
"""Network, options, window, least weight, loops, edges with loops, SHA-256 of the sorted edges: as release 1.5.2 said.

`clean`: the links given as a list; else as its reader of CSV cuts the sample's cells at their spaces, brackets and all.
"""


def sample(folder: Path, *, clean: bool) -> pa.Table:
    with (folder / "coordination" / "qut_sample_data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return posts(*(
        {
            "row_id": row["message_id"],
            "account": row["user_id"],
            "at": float(row["timestamp"]),
            "text": row["message"],
            "urls": ast.literal_eval(row["urls"]) if clean else row["urls"].split(" "),
            "reply_to": row["reply_id"] or None,
            "repost_of": row["repost_id"] or None,
        }
        for row in rows
    ))  # fmt: skip


def test_the_answers_are_those_of_the_toolkit_on_its_own_sample(data_dir: Path) -> None:
    for kind, asked, window, least, loops, count, answer in TOOLKIT:
        clean = asked.get("clean", False)
        held = ibis.memtable(shares_of(sample(data_dir, clean=clean), kind, blanks=not clean))
        if kind == "co_similar_tweet":
            found = edges(similar_network(held, window, least, threshold=asked["threshold"], loops=True))
        else:
            found = edges(toolkit_network(held, window, least, loops=True))
        lines = "\n".join("\t".join(map(str, edge)) for edge in found)
        told = (sum(one == other for one, other, _ in found), len(found), hashlib.sha256(lines.encode()).hexdigest())
        assert told == (loops, count, answer), (kind, asked, window, least)

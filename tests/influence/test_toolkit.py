"""The six networks of QUT's toolkit: each of its odd sides by hand, and its own answers on its own sample."""

from __future__ import annotations

import ast
import csv
import hashlib
import itertools
import random
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.errors import UsageError
from harmattan.influence.segments import segments
from harmattan.influence.toolkit import NETWORKS, folded, network, shares_of, similar_network, tokens
from harmattan.vocabulary.posts import POSTS

ENGINE = ibis.duckdb.connect()
SCHEMA = pa.schema(
    [
        (name, POSTS.schema.field(name).type)
        for name in ("row_id", "platform", "account", "posted_at", "text", "urls", "reply_to", "repost_of")
    ]
)


def posts(*told: dict[str, Any]) -> pa.Table:
    """Posts of which only what matters is said: account, seconds, and what they share."""
    plain = {"platform": "other", "text": None, "urls": [], "reply_to": None, "repost_of": None}
    rows = []
    for place, one in enumerate(told):
        row = plain | {"row_id": f"p{place}"} | one
        row["posted_at"] = None if one["at"] is None else round(one["at"] * 1_000_000)
        rows.append({name: row[name] for name in SCHEMA.names})
    return pa.Table.from_pylist(rows, SCHEMA)


def edges(table: Any) -> list[tuple[str, str, int]]:
    rows = ENGINE.to_pyarrow(table).to_pylist()
    return sorted((row["account"], row["account_y"], row["weight"]) for row in rows)


def drawn(kind: str, *told: dict[str, Any], window: float = 10, blanks: bool = True, **options: Any) -> Any:
    held = ibis.memtable(shares_of(posts(*told), kind, blanks=blanks))
    draw = similar_network if kind == "co_similar_tweet" else network
    return edges(draw(held, window, **options))


def test_weights_count_the_first_account_s_posts_whichever_came_first() -> None:
    told = [{"account": "A", "at": 0, "repost_of": "x"}] + [
        {"account": "B", "at": at, "repost_of": "x"} for at in (-10, -4, 3, 10, 10.000001)
    ]
    assert drawn("co_retweet", *told) == [("A", "B", 1), ("B", "A", 4)]
    assert drawn("co_retweet", *told, least=2) == [("B", "A", 4)]


def test_every_post_is_near_itself_so_that_loops_count_an_account_s_posts() -> None:
    told = [{"account": "A", "at": at, "repost_of": thing} for at, thing in ((0, "x"), (500, "x"), (900, "y"))]
    assert drawn("co_retweet", *told, loops=True) == [("A", "A", 3)]
    assert drawn("co_retweet", *told) == []


def test_a_post_counts_once_however_many_links_it_has_in_common() -> None:
    told = [{"account": who, "at": at, "urls": ["u", "v"]} for who, at in (("A", 0), ("B", 1))]
    assert drawn("co_link", *told) == [("A", "B", 1), ("B", "A", 1)]


def test_reposts_are_left_out_but_for_what_is_about_reposts_and_times() -> None:
    both = {"text": "one two", "urls": ["u"], "reply_to": "r", "repost_of": "o"}
    told = [{"account": who, "at": 0} | both for who in ("A", "B")]
    found = {kind: bool(drawn(kind, *told)) for kind in NETWORKS}
    assert found == dict.fromkeys(NETWORKS, False) | {"co_retweet": True, "co_post": True}


def test_replies_meet_at_the_post_they_answer() -> None:
    told = [{"account": who, "at": 0, "reply_to": to} for who, to in (("A", "r"), ("B", "r"), ("C", "s"), ("D", None))]
    assert drawn("co_reply", *told) == [("A", "B", 1), ("B", "A", 1)]


def test_posts_without_words_or_links_are_all_the_same_unless_blanks_are_left_out() -> None:
    told = [
        {"account": "A", "at": 0},
        {"account": "B", "at": 0, "text": "@someone @else "},
        {"account": "C", "at": 0, "text": "words", "urls": ["u"]},
    ]
    same = [("A", "B", 1), ("B", "A", 1)]
    assert (drawn("co_tweet", *told), drawn("co_link", *told)) == (same, same)
    assert (drawn("co_tweet", *told, blanks=False), drawn("co_link", *told, blanks=False)) == ([], [])


def test_texts_are_compared_in_small_letters_without_mentions_and_with_single_spaces() -> None:
    told = [
        {"account": "A", "at": 0, "text": "@Ana,  LOOK\nhere 🇲🇱"},
        {"account": "B", "at": 5, "text": "look here  🇲🇱 @moussa!"},
        {"account": "C", "at": 5, "text": "look there 🇲🇱"},
    ]
    assert drawn("co_tweet", *told) == [("A", "B", 1), ("B", "A", 1)]
    assert folded("مالي @x حرة") == "مالي حرة"


def test_posts_without_a_time_or_an_account_are_left_out() -> None:
    told = [
        {"account": "A", "at": None},
        {"account": None, "at": 0},
        {"account": "B", "at": 0},
        {"account": "C", "at": 0},
    ]
    assert drawn("co_post", *told) == [("B", "C", 1), ("C", "B", 1)]


def test_texts_are_similar_from_the_threshold_on() -> None:
    """Four words of five in common: 4/5 = 0.8."""
    told = [
        {"account": "A", "at": 0, "text": "a b c d"},
        {"account": "B", "at": 5, "text": "a b c d e"},
        {"account": "C", "at": 5, "text": "x"},
        {"account": "D", "at": 5, "text": "x"},
    ]
    of_one_word = [("C", "D", 1), ("D", "C", 1)]
    both = [("A", "B", 1), ("B", "A", 1)]
    assert drawn("co_similar_tweet", *told) == both + of_one_word
    assert drawn("co_similar_tweet", *told, threshold=0.81) == of_one_word
    assert drawn("co_similar_tweet", *told, tokens_at_least=2) == both
    assert drawn("co_similar_tweet", *told, tokens_at_least=2, loops=True) == [
        ("A", "A", 1),
        ("A", "B", 1),
        ("B", "A", 1),
        ("B", "B", 1),
    ]


def test_words_are_cut_where_the_toolkit_cuts_them() -> None:
    assert tokens("L'armée n'est PAS là: 3.5 km, 'cité' a_b") == {
        "l'armée", "n'est", "pas", "là", ":", "3.5", "km", ",", "cité", "a_b",
    }  # fmt: skip
    assert tokens("👍🏽👨‍👩‍👧🇲🇱🇫🇷 http://t.co/aB-1") == {
        "👍🏽", "👨‍👩‍👧", "🇲🇱", "🇫🇷", "http", ":", "/", "t.co", "ab", "-", "1",
    }  # fmt: skip
    assert tokens("日本 テスト العربية") == {"日", "本", "テスト", "العربية"}
    assert tokens("@all '  \u00a0\n") == set()


def test_segments_lose_nothing() -> None:
    draw = random.Random(8)
    signs = "aé1.:,;'_ \n\r\t\u200d\u0301🇲🇱👍🏽日カا@#"
    for _ in range(200):
        text = "".join(draw.choice(signs) for _ in range(20))
        assert "".join(segments(text)) == text


def test_what_there_is_not_is_said_in_one_line() -> None:
    nobody = ibis.memtable(shares_of(posts(), "co_post"))
    with pytest.raises(UsageError, match=r"no network co_like.*co_retweet"):
        shares_of(posts(), "co_like")
    with pytest.raises(UsageError, match="1 or more"):
        network(nobody, 10, 0)
    with pytest.raises(UsageError, match="more than 0"):
        similar_network(nobody, 10, threshold=0)
    with pytest.raises(UsageError, match="cannot be looked through"):
        network(nobody, -1)
    assert edges(network(nobody, 10)) == []


@pytest.mark.parametrize("seed", range(4))
def test_weights_are_those_of_every_two_posts_looked_at_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    told = [
        {"account": f"a{draw.randrange(9)}", "at": draw.randrange(300), "urls": draw.sample(["u", "v", "w", "x"], 2)}
        for _ in range(60)
    ]
    window = draw.choice([0, 3, 40])
    met: dict[tuple[str, str], set[int]] = {}
    for (place, one), other in itertools.product(enumerate(told), told):
        if abs(one["at"] - other["at"]) <= window and set(one["urls"]) & set(other["urls"]):
            met.setdefault((one["account"], other["account"]), set()).add(place)
    expected = sorted((*ends, len(places)) for ends, places in met.items() if len(places) >= 2)
    assert drawn("co_link", *told, window=window, least=2, loops=True) == expected


ANSWERS: list[tuple[str, dict[str, Any], float, int, int, int, str]] = [
    ("co_retweet", {}, 0.0005, 1, 9, 21, "5da9dc58090152a1a87b182b8f16962d40823e91c6cefcac316b68bf10cccab7"),
    ("co_retweet", {}, 1, 1, 9, 25, "2f2a7ecd403b9ca0e2928da89b2c3b206532e8805df585131c8fa2b135e21b87"),
    ("co_retweet", {}, 1, 2, 9, 10, "16c90e736ea320f926da3dc0dc73a01c601b2c691e1eb3aafe9ec38265efa029"),
    ("co_tweet", {}, 0.0005, 1, 10, 14, "0f98ff00c40f31eacdcaee7f6a201aa2d73a7c87915be83f8d29ce6cac6e772d"),
    ("co_tweet", {}, 1, 1, 10, 18, "fbf1ee36e585b70318d6b755d63d3450daaed289e6dd2441c3845c0908b984a8"),
    ("co_tweet", {}, 1, 2, 10, 10, "a63ca19c1105e662ce5f484a677a765b17904fc74c89d662b3b5eb7fa7fe5978"),
    ("co_link", {}, 0.0005, 1, 10, 74, "9829f2ffc53c895977aa5d31c1e44bf334e12f4f02860a053b54992cc4029ac3"),
    ("co_link", {}, 1, 1, 10, 92, "d89f7ced8275315776617d58d4e48172c0f3e58e194af57c1522645c7b72c3ad"),
    ("co_link", {}, 1, 2, 10, 80, "438b6d693ba6a48f4f8ed0b06bc8d1e19f6353321482b5459b81548a0dd16ad4"),
    ("co_reply", {}, 0.0005, 1, 6, 14, "7afe4f3aa37fe847772688d4f34497cdafe03f57aec8c015ac846cb8f82636d0"),
    ("co_reply", {}, 1, 1, 6, 16, "79d47d5cdb903b348c1826a632f77498a0ae9d4d0047a88e76bf8b08b1916266"),
    ("co_reply", {}, 1, 2, 4, 4, "b7cce7e5561d4384c096e73c50ec0b867365d9d4f53b29916eb2f84ce2246e57"),
    ("co_post", {}, 0.0005, 1, 10, 100, "8098b9647de0a339b6f1ef755663362e2b9ad27067028fcce3934ac586d5c00d"),
    ("co_post", {}, 1, 1, 10, 100, "b8776861d6f6a42de82321ecd3d8f3ec653dd327a13570573031c4c381d085bc"),
    ("co_post", {}, 1, 2, 10, 100, "b8776861d6f6a42de82321ecd3d8f3ec653dd327a13570573031c4c381d085bc"),
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
        {"threshold": 0.9},
        1,
        2,
        10,
        14,
        "61db37f33a3b683211eefd6016b15a0409efaaca920831f5ecdd2d318f64c347",
    ),
    (
        "co_similar_tweet",
        {"threshold": 0.5},
        0.0005,
        1,
        10,
        46,
        "b24b9b046603e7db33b36dac8a56c82b87f0fe983e00c8e080d20e6ff39c1438",
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
    (
        "co_similar_tweet",
        {"threshold": 0.5},
        1,
        2,
        10,
        57,
        "881272f8b3e39a28dc45c5f41bde0ad390bf8262d49b8b99901ef7c412012c19",
    ),
    ("co_link", {"clean": True}, 0.0005, 1, 10, 80, "7913498af38ff4ded31eca60fc76b7f53cfeac1ad73e44f1972b765fe797b256"),
    ("co_link", {"clean": True}, 1, 1, 10, 96, "18b66131e082ee4603d0c46b0009c5b0a731c94d333336f707518a4dc7c618da"),
    ("co_link", {"clean": True}, 1, 2, 10, 76, "a31b8e98566e7ab563ddbfd9116d75db143a90c9f692ced885a373b779ddbf10"),
]
"""Network, options, window, least weight, loops, edges with loops, SHA-256 of the sorted edges: as release 1.5.2 gave them.

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


@pytest.mark.data
def test_the_answers_are_those_of_the_toolkit_on_its_own_sample(data_dir: Path) -> None:
    for kind, asked, window, least, loops, count, answer in ANSWERS:
        clean = asked.get("clean", False)
        held = ibis.memtable(shares_of(sample(data_dir, clean=clean), kind, blanks=not clean))
        if kind == "co_similar_tweet":
            found = edges(similar_network(held, window, least, threshold=asked["threshold"], loops=True))
        else:
            found = edges(network(held, window, least, loops=True))
        lines = "\n".join("\t".join(map(str, edge)) for edge in found)
        told = (sum(one == other for one, other, _ in found), len(found), hashlib.sha256(lines.encode()).hexdigest())
        assert told == (loops, count, answer), (kind, asked, window, least)

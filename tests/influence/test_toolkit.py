"""The six networks of QUT's toolkit, each of its odd sides by hand; its own answers are in test_peers_answers.py."""

from __future__ import annotations

import itertools
import random
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

"""Texts are the same where only what a copier changes differs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.influence.texts import digest, fold, hashtag, sequence, speaks

SAME = (
    ("La Force quitte  le camp", "la force\nquitte le camp https://t.co/x", "@somebody LA FORCE quitte le camp",
     f"@acct-{'0' * 32} la force @a.b quitte\u200b le camp", "la ｆｏｒｃｅ quitte le camp www.example.org/x"),
    ("قرر المجلس العسكري", "\u202bقرر المجلس العسكري\u202c", "قـــرر المجلس\u200f العسكري"),
    ("Vive 🇲🇱 👨‍👩‍👧 ❤️", "vive 🇲🇱 👨👩👧 ❤"),
    ("café au lait", "cafe\u0301 au lait"),
    ("STRASSE", "straße"),
)  # fmt: skip
OTHER = (
    ("vive le mali 🔥", "vive le mali"), ("péché", "pêche"), ("كِتَاب", "كتاب"), ("a@example.org", "a"), ("🇲🇱", "🇧🇫"),
    ("हिंदी", "हदी"),
)  # fmt: skip


@pytest.mark.parametrize("ways", SAME)
def test_what_a_copier_changes_is_folded(ways: tuple[str, ...]) -> None:
    assert len({fold(text) for text in ways}) == 1
    assert fold(ways[0])


@pytest.mark.parametrize("pair", OTHER)
def test_what_makes_another_text_stays(pair: tuple[str, str]) -> None:
    assert fold(pair[0]) != fold(pair[1])


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("@#. \u200f\u0640\ud800é́")))
def test_any_text_can_be_folded(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert len(digest(folded)) == 20


def test_a_text_that_says_nothing_is_too_short() -> None:
    for text in (
        "",
        "oui",
        "Bonne fête à tous",
        "🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥",
        "a b c d e f",
        "مبروك عليكم",
        "马里万岁",
    ):
        assert not speaks(fold(text)), text
    for text in (
        "la force quitte le camp",
        "قرر المجلس العسكري الانتقالي تعليق الأنشطة",
        "马里政府宣布联合国稳定团必须在今年年底之前离开这个国家不得延误",
    ):
        assert speaks(fold(text)), text


def test_hashtags_are_folded_but_keep_their_accents() -> None:
    assert [hashtag(tag) for tag in ("#MaliKoura", "ＭＡＬＩ", "Péché", "péché", "#", " ", "مالي\u200f")] == [
        "malikoura", "mali", "péché", "péché", None, None, "مالي",
    ]  # fmt: skip
    assert hashtag("pêche") != hashtag("péché")


def test_a_row_of_hashtags_has_an_order_and_two_at_least() -> None:
    assert sequence("B\x1fA", "\x1f") == "#b #a"
    assert sequence("B\x1fA", "\x1f") != sequence("A\x1fB", "\x1f")
    assert sequence("A\x1fa\x1f#", "\x1f") is None

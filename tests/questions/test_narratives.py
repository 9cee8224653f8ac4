"""`narratives` on invented posts: what was planted is found, counted as posted, and nothing is said of people."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError, WrongFile
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.narratives import BY, WHOLE, more_frequent
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.questions.invented_posts import CAMPAIGNS, OTHER_SLOGANS, SLOGANS, said

SPEAKER = Speaker("en")
MINE = """
lexicon: {name: mine, title: {en: "Mine", fr: "Le mien"}}
pairs:
  - id: bread
    label: {en: "bread", fr: "le pain"}
    against: {id: anti-bread, label: {en: "against bread", fr: "contre le pain"}}
    for: {id: pro-bread, label: {en: "for bread", fr: "pour le pain"}}
entries:
  - {stance: pro-bread, language: fr, pattern: "pain", example: "du pain", sources: [nobody]}
  - {stance: anti-bread, language: fr, pattern: "à bas le pain", example: "À bas le pain", sources: [nobody]}
sources:
  nobody: {publisher: "Nobody", title: "Invented", date: 2022}
"""


@pytest.fixture(scope="module")
def asked(invented: Inquiry) -> Inquiry:
    return invented


@pytest.fixture(scope="module")
def ids(asked: Inquiry) -> list[str]:
    """The first and the second campaign."""
    return [str(row["campaign"]) for row in asked.ask("campaigns", Params()).rows]


def by(asked: Inquiry, what: str, **more: Any) -> Answer:
    return asked.ask("narratives", Params(by=(what,) if what else (), **more))


def written(campaign: int) -> list[Any]:
    """Every post of a planted campaign's members, whatever they write."""
    members = {account for _, account in CAMPAIGNS[campaign].members}
    return [post for post in said() if post.account in members]


def test_the_planted_stances_are_found_and_counted(asked: Inquiry, ids: list[str]) -> None:
    found = by(asked, "stance")
    rows = {(row["campaign"], row["stance_key"]): row for row in found.rows}
    for n, (stance, slogans) in enumerate(
        [("anti-french", (*SLOGANS[:3], "À bas la France")), ("anti-un", OTHER_SLOGANS)]
    ):
        own = written(n)
        row = rows[ids[n], stance]
        assert row["posts"] == sum(any(slogan in post.text for slogan in slogans) for post in own)
        assert (row["with_text"], row["accounts"]) == (len(own), len(CAMPAIGNS[n].members))
        assert row["share"] == pytest.approx(100 * row["posts"] / row["with_text"], abs=0.01)
        assert row["share_low"] < row["share"] < row["share_high"]
        assert more_frequent(row)
    assert {key for key, row in rows.items() if more_frequent(row)} == {
        (ids[0], "anti-french"), (ids[0], "pro-russian"), (ids[1], "anti-un"),
    }  # fmt: skip


def test_what_was_not_found_is_said_as_nought(asked: Inquiry, ids: list[str]) -> None:
    found = by(asked, "stance", campaign=(ids[0],))
    none = [row for row in found.rows if row["stance_key"] in ("anti-un", "pro-ecowas", "anti-russian")]
    assert [(row["posts"], row["share"], row["with_text"]) for row in none] == [(0, 0.0, len(written(0)))] * 3
    assert all(row["share_high"] > 0 for row in none), "nothing in some posts is no proof of nothing"
    assert len(found.rows) == 10, "opposites stand beside each other"


def test_every_row_leads_to_its_posts(asked: Inquiry, ids: list[str]) -> None:
    for what in ("", *BY):
        found = by(asked, what)
        for n, row in enumerate(found.rows):
            criteria = found.row_criteria[n]
            assert criteria.table == "posts"
            assert len(criteria.keys) == row["records"] == row["posts"]
    found = by(asked, "stance")
    n = next(n for n, row in enumerate(found.rows) if (row["campaign"], row["stance_key"]) == (ids[1], "anti-un"))
    shown = set(asked.rows(found, n).table["row_id"].to_pylist())
    slogans = [post for post in written(1) if any(slogan in post.text for slogan in OTHER_SLOGANS)]
    assert Counter(name.partition(":")[0] for name in shown) == Counter(post.platform for post in slogans)


def test_terms_and_objects_are_those_that_were_planted(asked: Inquiry, ids: list[str]) -> None:
    terms = [row for row in by(asked, "term").rows if row["kind"] == "word"]
    first = [row["term"].lower() for row in terms if row["campaign"] == ids[0]][:6]
    assert {"russie", "france", "barkhane"} <= set(first)
    assert next(row["term"].lower() for row in terms if row["campaign"] == ids[1]) in ("minusma", "dégage")
    objects = by(asked, "object")
    tags = {row["campaign"]: row["object"] for row in objects.rows if row["kind"] == "hashtag"}
    assert tags == {ids[0]: CAMPAIGNS[0].tag, ids[1]: CAMPAIGNS[1].tag}
    urls = [row["object"] for row in objects.rows if row["kind"] == "url" and row["campaign"] == ids[1]]
    assert any(url.endswith("/second/0") for url in urls)


def test_platforms_come_in_the_planted_order(asked: Inquiry, ids: list[str]) -> None:
    found = by(asked, "platform", campaign=(ids[0],))
    counts = Counter(post.platform for post in written(0))
    there = [row for row in found.rows if row["ahead_of"] is None]
    assert {row["platform"]: row["posts"] for row in there} == counts
    assert sum(row["share"] for row in there) == pytest.approx(100, abs=0.1)
    order = {(row["platform"], row["ahead_of"]): row for row in found.rows if row["ahead_of"]}
    assert set(order) == {("telegram", "x"), ("telegram", "facebook"), ("x", "facebook")}
    assert all(row["p"] < 1e-6 and row["earlier"] > row["later"] for row in order.values())
    assert 18 < order["telegram", "facebook"]["lag"] < 30


def test_hours_add_up(asked: Inquiry, ids: list[str]) -> None:
    found = by(asked, "hour", campaign=(ids[1],))
    assert [row["hour"] for row in found.rows] == list(range(24))
    counts = Counter(post.at % 86_400 // 3600 for post in written(1))
    assert {row["hour"]: row["posts"] for row in found.rows if row["posts"]} == counts


def test_reach_says_how_many_posts_have_the_count(asked: Inquiry, ids: list[str]) -> None:
    row = by(asked, "").rows[0]
    own = [post for post in written(0) if post.platform in ("facebook", "x")]
    assert row["campaign"] == ids[0]
    assert (row["reach"], row["reach_known"]) == ("reactions", len(own))
    assert row["reach_known_all"] == sum(post.platform in ("facebook", "x") for post in said())
    assert row["posts_share"] == pytest.approx(100 * len(written(0)) / len(said()), abs=0.01)


def test_no_text_and_nobody_stands_in_an_answer(asked: Inquiry) -> None:
    for what in ("", *BY):
        found = by(asked, what)
        spoken = str(found.as_json(SPEAKER))
        assert "(texte inventé)" not in spoken
        assert "acct-" not in spoken
        assert "nan" not in spoken.lower().split()


def test_the_caveats_say_what_a_lexicon_cannot_see(asked: Inquiry) -> None:
    said_ = " ".join(SPEAKER.say(caveat) for caveat in by(asked, "stance").caveats)
    for words in (
        "not of people",
        "Negation, irony and quotation",
        "Bambara, Fulfulde",
        "English and French. What is written in other languages is not seen",
    ):
        assert words in said_


def test_a_lexicon_of_ones_own_takes_the_place_of_ours(asked: Inquiry, ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE, "utf-8")
    found = by(asked, "stance", campaign=(ids[0],), lexicon=str(tmp_path / "mine.yaml"))
    counts = {row["stance_key"]: row["posts"] for row in found.rows}
    assert counts == {"anti-bread": 0, "pro-bread": sum("pain" in post.text.split() for post in written(0))}


def test_an_answer_hangs_on_what_is_in_the_lexicon(asked: Inquiry, ids: list[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE, "utf-8")
    first = by(asked, "stance", campaign=(ids[0],), lexicon=str(file))
    assert re.fullmatch(r".*mine\.yaml@[0-9a-f]{12}", first.params["lexicon"])
    assert [row["posts"] for row in asked.find(first.id).rows] == [row["posts"] for row in first.rows]
    file.write_text(MINE.replace("Le mien", "Le nôtre"), "utf-8")
    other = Inquiry(asked.lake)
    assert by(other, "stance", campaign=(ids[0],), lexicon=str(file)).id != first.id
    with pytest.raises(UsageError, match=r"mine\.yaml has other content"):
        other.find(first.id)
    assert by(asked, "hour").id == by(asked, "hour", lexicon="sahel-stances").id


def test_slips_are_one_clear_line(asked: Inquiry, ids: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no campaign"):
        by(asked, "stance", campaign=("c-00000000",))
    with pytest.raises(UsageError, match="no lexicon"):
        by(asked, "stance", lexicon="sahel-stance")
    with pytest.raises(WrongFile):
        by(asked, "stance", lexicon=str(tmp_path / "gone.yaml"))
    with pytest.raises(UsageError, match="one thing at a time"):
        asked.ask("narratives", Params(by=("term", "hour")))
    with pytest.raises(UsageError, match="never listed"):
        by(asked, "", at_least=3)


def test_without_posts_or_groups_it_says_so(asked: Inquiry) -> None:
    before = dt.date(2021, 12, 16)
    none = asked.ask("narratives", Params(known_by=before))
    assert "harmattan ingest posts" in SPEAKER.say(none.headline)
    assert none.columns == WHOLE
    early = asked.ask("narratives", Params(end=before))
    assert "No group of 5 accounts or more" in SPEAKER.say(early.headline)
    assert not early.rows

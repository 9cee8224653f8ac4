"""Groups that act together, found in posts taken in from a file: planted ones by hand, and inputs that have none."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import PrivacyError, UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import PSEUDONYM, guard_people
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.shared_things import named
from harmattan.questions.world import World
from tests.cli.running import Run, one_line, run
from tests.lake.factory import lake_in
from tests.questions.posting import ACTIONS, CELL, RING, STEP, post, rows, taken_in
from tests.sources.posts_exports import Row

__all__ = ["run"]
BY_LINK = ("--object", "url")
"""One layer is enough where it is not the groups that are tested."""


@pytest.fixture(scope="module")
def world(planted: World) -> World:
    return planted


def of(world: World, question: str = "campaigns", **params: Any) -> Answer:
    return ask(world, question, Params(**params))


def first(world: World) -> str:
    return str(of(world).rows[0]["campaign"])


def assert_opens(world: World, answer: Answer) -> None:
    """Every row opens to exactly so many posts as it says, and all together to those of the whole."""
    inquiry = Inquiry(world.lake)
    seen: set[str] = set()
    for n, row in enumerate(answer.rows):
        posts = inquiry.rows(answer, n).table["row_id"].to_pylist()
        assert len(posts) == len(set(posts)) == row["records"], dict(row)
        seen |= set(posts)
    assert len(seen) == answer.records


def test_the_planted_groups_are_found_and_nobody_else(world: World) -> None:
    answer = of(world)
    ring, cell = answer.rows
    assert (ring["accounts"], cell["accounts"]) == (RING, CELL)
    assert ring["joint_posts"] == ring["posts"] == ring["records"] == RING * ACTIONS
    assert ring["actions"] == cell["actions"] == ACTIONS
    assert ring["speed"] == STEP * (RING - 1)
    assert ring["links"] == RING * (RING - 1) // 2
    assert ring["occasions"] == ring["links"] * ACTIONS
    assert ring["membership"] == 1
    assert ring["expected"] < 5
    assert ring["ratio"] == pytest.approx(ring["occasions"] / ring["expected"], rel=0.02)
    assert 0 < ring["level"] < 0.001
    assert ring["layers"] == "url 100"
    assert ring["top_object"] == "https://ring.example/0"
    assert_opens(world, answer)


def test_a_group_that_is_too_small_is_counted_and_not_listed(world: World) -> None:
    assert "Counted and not listed, with fewer accounts: 1 group." in str(of(world).headline)
    with pytest.raises(UsageError, match="counted and never listed"):
        of(world, at_least=4)
    larger = of(world, at_least=7)
    assert [row["accounts"] for row in larger.rows] == [RING]
    assert "1 group of at least 7 accounts acts together beyond what chance explains; it has 8." in str(larger.headline)


def test_no_words_that_somebody_wrote_are_in_the_answer(world: World) -> None:
    cell = of(world).rows[1]
    assert cell["layers"] == "similar 100, text 100"
    assert re.fullmatch(r"near-identical text [0-9a-f]{6}, 66 posts", str(cell["top_object"]))
    objects = of(world, "campaign", campaign=(cell["campaign"],), by=("object",))
    assert not [row for row in objects.rows if "convoy" in str(row["object"])]


def test_each_way_to_tell_a_campaign_apart_adds_up(world: World) -> None:
    for by in QUESTIONS["campaign"].choices["by"]:
        answer = of(world, "campaign", campaign=(first(world),), by=(by,))
        assert sum(row["joint_posts"] for row in answer.rows) == RING * ACTIONS, by
        if by in ("account", "day", "hour", "platform"):
            assert sum(row["posts"] for row in answer.rows) == RING * ACTIONS, by
        if by in ("object", "action"):
            assert {row["accounts"] for row in answer.rows} == {RING}
        assert answer.records == RING * ACTIONS
    assert_opens(world, of(world, "campaign", campaign=(first(world),), by=("action",)))


def test_the_rows_of_a_campaign_by_account_are_pseudonyms(world: World) -> None:
    accounts = of(world, "campaign", campaign=(first(world),), by=("account",)).rows
    assert len(accounts) == RING
    assert all(PSEUDONYM.fullmatch(row["account"]) for row in accounts)


def test_the_same_accounts_have_the_same_id_and_evidence_finds_them_again(world: World) -> None:
    found, again = of(world), of(world, seconds=(120.0,))
    assert [row["campaign"] for row in found.rows] == [row["campaign"] for row in again.rows]
    inquiry = Inquiry(world.lake)
    card = inquiry.ask("campaign", Params(campaign=(first(world),)))
    assert inquiry.find(f"{card.id}.1").rows == card.rows


def test_under_other_windows_and_levels_the_picture_is_drawn_from_the_answer(world: World) -> None:
    answer = of(world, by=("seconds",), seconds=(1.0, 60.0))
    assert [(row["seconds"], row["at_level"]) for row in answer.rows] == [
        (window, level) for window in (1.0, 60.0) for level in (0.05, 0.01, 0.001)
    ]
    narrow, usual = answer.rows[0], answer.rows[3]
    assert (narrow["groups"], narrow["in_groups"], narrow["kept"]) == (0, 0, 0)
    assert (usual["groups"], usual["in_groups"], usual["largest"], usual["smaller"]) == (2, RING + CELL, RING, 1)
    assert usual["kept"] == 100
    assert usual["records"] == of(world).records
    assert "3 levels of false discoveries: between 0 and 2; by the rule itself (60 seconds, 0.05): 2." in str(
        answer.headline
    )
    assert "1 window and 3 levels of false discoveries: 2 each time;" in str(
        of(world, by=("seconds",), seconds=(60.0,)).headline
    )
    assert (answer.chart.x, answer.chart.y, answer.chart.series) == ("seconds", "in_groups", "at_level")
    assert_opens(world, answer)


def test_posts_of_days_and_layers_that_were_not_asked_for_do_not_count(world: World) -> None:
    assert [row["accounts"] for row in of(world, object=("text",)).rows] == [CELL]
    assert of(world, platform=("telegram",)).rows == ()


def test_posts_of_two_releases_open_in_each(tmp_path: Path) -> None:
    made = rows()
    taken_in(tmp_path, made[::2], "even")
    world = taken_in(tmp_path, made[1::2], "odd")
    answer = of(world, object=("url",))
    assert [row["accounts"] for row in answer.rows] == [RING]
    assert {key.partition(":")[0] for key in answer.row_criteria[0].keys} == {"posts@even", "posts@odd"}
    assert_opens(world, answer)


NOBODY: dict[str, list[Row]] = {
    "one account": [post(n, "u", 60 * n, f"https://e.org/{n % 7}") for n in range(50)],
    "one second": [post(n, f"u{n % 500}", 0, f"https://e.org/{n % 3}") for n in range(2_000)],
    "one post": [post(1, "u", 0, "https://e.org/1")],
    "no time": [post(n, f"u{n % 9}", 0, "https://e.org/1") | {"timestamp": ""} for n in range(40)],
}


@pytest.mark.parametrize("name", NOBODY)
def test_posts_that_tell_of_nobody_are_answered(name: str, tmp_path: Path) -> None:
    world = taken_in(tmp_path, NOBODY[name])
    answer = of(world)
    assert answer.rows == ()
    assert "No group of 5 accounts or more" in str(answer.headline)
    assert {row["groups"] for row in of(world, by=("seconds",), object=("url",)).rows} == {0}
    if name == "no time":
        assert "none with a time that could be read" in str(answer.headline)
        assert "40 posts have no time that could be read." in [str(caveat) for caveat in answer.caveats]
    with pytest.raises(UsageError, match="No group that is large enough"):
        of(world, "campaign", campaign=("c-00000000",))
    assert [row["part"] for row in of(world, "coordination-network").rows] == ["graph"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("campaigns", {}),
        ("campaigns", {"by": ("seconds",)}),
        ("campaign", {"campaign": ("c-1a2b3c4d",)}),
        ("narratives", {}),
        ("coordination-network", {}),
        ("coordination-network", {"semantics": "coortweet"}),
    ],
)
@pytest.mark.parametrize(
    "days", [{"end": dt.date(1990, 1, 1)}, {"as_of": dt.date(1990, 1, 1)}, {"start": dt.date(2090, 1, 1)}]
)
def test_days_outside_what_was_collected_are_not_covered(
    world: World, question: str, said: dict[str, Any], days: dict[str, dt.date]
) -> None:
    answer = of(world, question, **said, **days)
    assert str(answer.headline).startswith("Not covered: no release here has posts of these days.")
    assert (answer.rows, answer.releases) == ((), ())


@pytest.mark.parametrize("question", ["campaigns", "campaign", "coordination-network"])
def test_without_posts_it_is_said_how_to_get_them(question: str, tmp_path: Path) -> None:
    answer = of(World(lake_in(tmp_path)), question, campaign=("c-1",) if question == "campaign" else ())
    assert answer.rows == ()
    assert "harmattan ingest posts FILE" in str(answer.headline)


def test_what_cannot_be_asked_is_said_in_one_line(world: World, run: Run) -> None:
    home = ("--home", world.lake.home)
    assert "There are: c-" in one_line(run("ask", "campaign", *home))
    assert "There is no campaign c-0." in one_line(run("ask", "campaign", "--campaign", "c-0", *home))
    assert "0 is no window" in one_line(run("ask", "campaigns", "--seconds", "0", *home))


def test_a_campaign_can_be_handed_on_and_its_posts_cannot(world: World, run: Run) -> None:
    home = ("--home", world.lake.home)
    named = ("--campaign", first(world), "--by", "account", *BY_LINK)
    table = run("ask", "campaign", *named, "--format", "csv", *home)
    assert len(list(csv.DictReader(io.StringIO(table.out)))) == RING
    name = next(csv.DictReader(io.StringIO(table.out)))["evidence"]
    assert "forbids" in one_line(run("evidence", name, "--format", "csv", *home), 1)


def test_names_that_stand_as_written_are_never_handed_on(tmp_path: Path, run: Run) -> None:
    world = taken_in(tmp_path, [row for row in rows() if row["urls"]], identities=True)
    home, id_ = ("--home", world.lake.home, *BY_LINK), of(world, object=("url",)).rows[0]["campaign"]
    card = ("ask", "campaign", "--campaign", id_)
    told = run(*card, "--format", "json", *home)
    assert told.code == 0
    assert "ring1" not in told.out
    for words in ((*card, "--by", "account", "--format", "table"), ("ask", "coordination-network", "--format", "gexf")):
        assert "would hand on the names of 8 accounts" in one_line(run(*words, *home), 1)
    rest = {"campaign": (id_,), "object": ("url",)}
    with pytest.raises(PrivacyError):
        guard_people(of(world, "campaign", by=("account",), **rest), "a test")
    guard_people(of(world, "campaign", by=("day",), **rest), "a test")


@pytest.mark.parametrize("identities", [True, False])
def test_addresses_on_platforms_are_cut_since_they_lead_to_somebody(tmp_path: Path, identities: bool) -> None:
    made = [
        row | {"urls": str(row["urls"]).replace("https://ring.example/", "https://t.me/somebody/")} for row in rows()
    ]
    world = taken_in(tmp_path, [row for row in made if row["urls"]], identities=identities)
    found = of(world, object=("url",)).rows[0]
    assert re.fullmatch(r"https://t\.me/… [0-9a-f]{6}", found["top_object"])
    objects = of(world, "campaign", campaign=(found["campaign"],), by=("object",), object=("url",)).rows
    assert not [row for row in objects if "somebody" in row["object"] or "acct-" in row["object"]]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://x.com/i/status/123", "https://x.com/…"),
        ("https://m.facebook.com/story.php?id=5", "https://m.facebook.com/…"),
        ("https://vk.com/somebody", "https://vk.com/…"),
        ("https://bsky.app/profile/somebody", "https://bsky.app/…"),
        ("https://mastodon.example/@somebody/1", "https://mastodon.example/…"),
        ("https://youtube.com/watch?v=abcdefghijk", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://netflix.com/a", "https://netflix.com/a"),
        ("https://t.me", "https://t.me"),
        ("https://gab.com/somebody", "https://gab.com/…"),
        ("https://snapchat.com/add/somebody", "https://snapchat.com/…"),
        ("https://somebody.t.me", "https://t.me/…"),
        ("https://example.org/?u=https%3A%2F%2Fx.com%2Fsomebody", "https://x.com/…"),
    ],
)
def test_what_leads_to_an_account_is_shown_by_its_host(address: str, shown: str) -> None:
    assert str(named("url", address, 3, people=False)).split(" ")[0] == shown

"""`harmattan evidence` on posts: what people wrote, and who, is on a screen where it is asked for and nowhere else."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from tests.cli.running import Ran, Run, one_line
from tests.questions.posting import CELL, RING, Row, rows, taken_in

WRITTEN = "the convoy was attacked by those who pretend to protect us"
STEERED = f"\x1b[2J\u202e{WRITTEN}"


def steering() -> list[Row]:
    """The posts, the texts of one campaign with signs that would clear a screen, its addresses on a platform."""
    made = rows()
    for row in made:
        row["message"] = str(row["message"]).replace(WRITTEN, STEERED)
        row["urls"] = str(row["urls"]).replace("https://ring.example/", "https://t.me/somebody/")
    return made


@pytest.fixture(scope="module")
def under_pseudonyms(tmp_path_factory: pytest.TempPathFactory) -> World:
    return taken_in(tmp_path_factory.mktemp("pseudonyms"), steering())


@pytest.fixture(scope="module")
def as_written(tmp_path_factory: pytest.TempPathFactory) -> World:
    return taken_in(tmp_path_factory.mktemp("identities"), steering(), identities=True)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """Runs `harmattan WORDS` as on a screen without colours."""

    def on_screen(*words: object) -> Ran:
        with monkeypatch.context() as patch:
            patch.setattr(sys.stdout, "isatty", lambda: True)
            patch.setenv("TERM", "dumb")
            return run(*words)

    return on_screen


def found_by(world: World, layer: str) -> str:
    """The evidence id of the campaign that shares addresses or texts."""
    answer = Inquiry(world.lake).ask("campaigns", Params(object=(layer,)))
    assert [row["accounts"] for row in answer.rows] == [{"url": RING, "text": CELL}[layer]]
    return answer.row_id(0)


def unwrapped(shown: Ran) -> str:
    """What stands on the screen as one line."""
    return " ".join(shown.out.split())


def test_no_text_and_no_account_is_shown_unless_asked_for(screen: Run, under_pseudonyms: World) -> None:
    id_ = found_by(under_pseudonyms, "text")
    shown = screen("evidence", id_, "--home", under_pseudonyms.lake.home)
    assert shown.code == 0
    assert f"harmattan evidence {id_} --texts shows it, on a screen only." in unwrapped(shown)
    assert "convoy" not in shown.out
    assert not re.search("acct-[0-9a-f]{32}", shown.out)


def test_texts_and_pseudonyms_stand_on_a_screen_and_steer_nothing(screen: Run, under_pseudonyms: World) -> None:
    id_ = found_by(under_pseudonyms, "text")
    shown = screen("evidence", id_, "--texts", "--home", under_pseudonyms.lake.home)
    assert shown.code == 0
    assert len(re.findall(WRITTEN, shown.out)) == 72
    assert len(set(re.findall("acct-[0-9a-f]{32}", shown.out))) == CELL
    assert "72 texts by 6 accounts, for this screen only: they may name people." in unwrapped(shown)
    assert "\x1b" not in shown.out
    assert "\u202e" not in shown.out


def test_texts_go_into_no_pipe_and_no_file(run: Run, screen: Run, under_pseudonyms: World, tmp_path: Path) -> None:
    id_, home = found_by(under_pseudonyms, "text"), ("--home", under_pseudonyms.lake.home)
    assert "on a screen only" in one_line(run("evidence", id_, "--texts", *home), 1)
    path = tmp_path / "texts.csv"
    for words in (("--format", "json"), ("--format", "csv", "--out", path)):
        assert "on a screen only" in one_line(screen("evidence", id_, "--texts", *words, *home), 1)
    assert not path.exists()
    assert "its licence" in one_line(run("evidence", id_, *home), 1)
    assert "its licence" in one_line(screen("evidence", id_, "--format", "csv", *home), 1)


def test_accounts_that_stand_as_written_need_the_option_too(screen: Run, as_written: World) -> None:
    id_, home = found_by(as_written, "url"), ("--home", as_written.lake.home)
    shown = screen("evidence", id_, *home).out
    assert "https://t.me/…" in "".join(shown.split())
    assert not re.search(r"somebody|ring\d|name of", shown)
    asked = screen("evidence", id_, "--texts", *home)
    assert "ring0" in asked.out
    assert f"by {RING} accounts, for this screen only" in unwrapped(asked)


def test_where_no_posts_are_behind_a_number_it_says_so(screen: Run) -> None:
    asked = screen("ask", "casualties", "--country", "MLI", "--from", "2022-01", "--to", "2022-02")
    id_ = re.search(r"harmattan evidence ([0-9a-f]{12})", asked.out)
    assert id_
    assert "No posts stand behind" in one_line(screen("evidence", id_[1], "--texts"))

"""What the pages show is what the program prints: every console block of every page is run, in order."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import runpy
from pathlib import Path
from unittest import mock

import pytest

from harmattan.cli import main
from tests.docs.pages import DOCS, PAGES, Step, files, steps

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
RUN = [page for page in PAGES if steps(page)]


def printed(step: Step) -> str:
    """What a command prints, standard output and standard error as they come; scripts and settings print nothing."""
    if step.line.startswith("export "):
        name, _, value = step.words[0].partition("=")
        os.environ[name] = value
        return ""
    if step.line.startswith("python "):
        with mock.patch("sys.argv", step.words):
            runpy.run_path(step.words[0])
        return ""
    buffer = io.BytesIO()
    terminal = io.TextIOWrapper(buffer, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(terminal), contextlib.redirect_stderr(terminal):
        main(step.words)
    return buffer.getvalue().decode()


def agrees(step: Step, got: str) -> bool:
    """Whether a page shows what was printed: `...` stands for anything, white space does not count."""
    return step.shown is None or doctest.OutputChecker().check_output(step.shown, got, FLAGS)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and a folder to work in that holds the practice files of the tutorial."""
    for name in ("LC_ALL", "HARMATTAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HARMATTAN_PSEUDONYM_KEY", "")  # so that what a page sets is gone with its test
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("HARMATTAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name, content in files(DOCS / "tutorial.md").items():
        Path(name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_the_page_shows_what_the_commands_print(page: Path, desk: Path) -> None:
    """Each command in turn, with the page's own files. Where the program has changed for good:
    `python -m tests.docs.rewrite`.
    """
    for name, content in files(page).items():
        Path(name).write_text(content, encoding="utf-8")
    for step in steps(page):
        got = printed(step)
        if not agrees(step, got):
            pytest.fail(f"{page.name}: {step.line}\n--- the page shows\n{step.shown}\n--- it prints\n{got}")


def test_the_tutorial_goes_the_whole_way() -> None:
    """It asks, opens a number, exports, asks outside what is covered, takes in, compares, checks, asks who is who,
    what may come, what follows what and what an event did, reads a text and checks it, and finds who acts together."""
    lines = [step.line for step in steps(DOCS / "tutorial.md")]
    way = ("ask", "evidence", "--format xlsx", "coverage", "ingest", "diff", "--known-by", "verify")
    known = ("who-is", "ask relations", "dossier check", "ingest dossier", "ingest own-", "ask displacement")
    read = ("read", "desk add", "desk claim", "check desk:")
    after = ("ask forecast", "ask spillover", "ask effect")
    together = ("ingest posts", "ask campaigns", "ask narratives")
    for words in (*way, *known, *after, *read, *together, "brief"):
        assert any(words in line for line in lines), words
    assert set(files(DOCS / "tutorial.md")) == {
        "practice.csv", "practice-revised.csv", "desk.yaml", "desk.toml", "mali.toml", "note.txt", "shelters.csv",
        "watch.toml", "practice_posts.py",
    }  # fmt: skip

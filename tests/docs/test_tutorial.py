"""What the pages show is what the program prints: every console block of every page is run, in order."""

from __future__ import annotations

import contextlib
import doctest
import html
import io
import os
import re
import runpy
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import httpx
import pytest

from harmattan.cli import main
from tests.docs.pages import DOCS, PAGES, Step, files, steps, text_of
from tests.web.served import serving

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
    monkeypatch.setenv("HARMATTAN_PASSWORD", "")
    monkeypatch.delenv("HARMATTAN_PASSWORD")
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


def test_the_same_stands_in_a_browser(desk: Path) -> None:
    """The tutorial's program prints what the page says, of a server on an empty home; the page in the browser shows it
    too, with links to the records and the command that prints it.
    """
    page, own = text_of(DOCS / "tutorial.md"), "http://127.0.0.1:8765"
    found = re.search(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    address = re.search(rf"\({own}(/questions/\S+)\)", page)
    assert found is not None
    assert address is not None
    with serving(desk / "home") as served:
        program = found[1].replace(own, served.url)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
        assert done.stdout == found[2], done.stderr
        shown = ""
        for _ in range(60):
            answered = httpx.get(served.url + address[1], timeout=60)
            shown = html.unescape(re.sub(r"<[^>]*>", "", answered.text)) if answered.status_code == 200 else ""
            if shown:
                break
            time.sleep(0.5)
        assert found[2].splitlines()[0] in shown
        assert 'href="/evidence/b3f03aaa3748.1"' in answered.text
        assert "<figure" in answered.text
        command = re.search(r"^.*(harmattan ask casualties .*)$", shown, re.MULTILINE)
        assert command is not None
        assert found[2].splitlines()[0] in printed(Step(command[1], None))

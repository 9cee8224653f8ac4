"""Walks through pages: kept one by one, gone on with where they were cut, thrown away where the data changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import FetchError
from harmattan.sources.fetching import Journal
from harmattan.sources.walk import Page, walk
from tests.sources.loopback import quick_line


class Server:
    """Two pages for each question; fails for good at one of its calls."""

    def __init__(self, fails_at: int | None = None, marks: tuple[int, ...] = (7, 7, 7, 7)) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.fails_at, self.marks = fails_at, marks

    def __call__(self, question: str, at: Any) -> Page:
        self.calls.append((question, at))
        if len(self.calls) == self.fails_at:
            raise RuntimeError("cut")
        second = at is not None
        return Page(f"{question}{2 if second else 1}".encode(), None if second else 2, self.marks[len(self.calls) - 1])


def contents(files: list[Path]) -> list[str]:
    return [path.read_text() for path in files]


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_walk_that_was_cut_goes_on_without_loss_or_repetition(tmp_path: Path, cut: int) -> None:
    first, second = Server(fails_at=cut), Server()
    with quick_line() as line:
        with pytest.raises(RuntimeError):
            walk(line, Journal.opened(tmp_path), "x", ["a", "b"], first)
        files = walk(line, Journal.opened(tmp_path), "x", ["a", "b"], second)
    assert contents(files) == ["a1", "a2", "b1", "b2"]
    assert first.calls[:-1] + second.calls == [("a", None), ("a", 2), ("b", None), ("b", 2)]


def test_a_walk_that_is_whole_asks_nothing_more(tmp_path: Path) -> None:
    server = Server()
    with quick_line() as line:
        walk(line, Journal.opened(tmp_path), "x", ["a"], Server())
        assert contents(walk(line, Journal.opened(tmp_path), "x", ["a"], server)) == ["a1", "a2"]
    assert server.calls == []


def test_pages_that_do_not_fit_together_are_thrown_away(tmp_path: Path) -> None:
    with quick_line() as line:
        with pytest.raises(FetchError, match=r"^x changed while it was being fetched\. Say the same again\.$"):
            walk(line, Journal.opened(tmp_path), "x", ["a"], Server(marks=(7, 8)))
        assert Journal.opened(tmp_path).files == []
        assert contents(walk(line, Journal.opened(tmp_path), "x", ["a"], Server())) == ["a1", "a2"]


def test_other_questions_start_anew(tmp_path: Path) -> None:
    with quick_line() as line:
        walk(line, Journal.opened(tmp_path), "x", ["a"], Server())
        assert contents(walk(line, Journal.opened(tmp_path), "x", ["b"], Server())) == ["b1", "b2"]

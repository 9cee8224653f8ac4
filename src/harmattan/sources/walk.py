"""Walks through a publisher's pages: each is kept before the next is asked for, and a cut walk goes on after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from harmattan.errors import FetchError
from harmattan.sources.fetching import Journal
from harmattan.sources.line import Line, Progress
from harmattan.text import T, Verbatim

Question = TypeVar("Question")


@dataclass(frozen=True)
class Page:
    """One answer to a question that has several."""

    content: bytes
    after: Any = None
    """Where the next page stands, in the source's own words (JSON); None: this is the last."""
    mark: Any = None
    """What stays the same on all pages of a question, such as how many rows there are in all; None: nothing known."""


def walk(
    line: Line,
    journal: Journal,
    what: str,
    questions: Sequence[Question],
    get: Callable[[Question, Any], Page],
) -> list[Path]:
    """The kept answers to all questions, in order. `get` is given a question and where to go on (None: its start).

    Raises FetchError where the publisher's data change between two pages: what was kept does not fit together then,
    and is thrown away.
    """
    plan = hashlib.sha256(json.dumps([str(one) for one in questions]).encode()).hexdigest()[:16]
    if journal.state.get("plan", plan) != plan:
        journal.start_again()
    number = int(journal.state.get("question", 0))
    while number < len(questions):
        at, mark = journal.state.get("at"), journal.state.get("mark")
        line.show(Progress(what, number, len(questions), "questions"))
        page = get(questions[number], at)
        if at is not None and page.mark != mark:
            journal.start_again()
            raise FetchError(
                T("{what} changed while it was being fetched.", what=Verbatim(what)), do=T("Say the same again.")
            )
        number += page.after is None
        name = f"{len(journal.names):05d}.json"
        journal.keep(name, page.content, plan=plan, question=number, at=page.after, mark=page.mark)
    return journal.files

"""Questions asked by many at once: each is answered once for a state of the lake, and kept.

The lake is looked at again and again. When a release has come, new questions see it; those who are reading keep what
they have.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Rows
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params, as_json
from harmattan.questions.registry import question
from harmattan.text import T, Verbatim
from harmattan.web.jobs import Jobs, Waiting

Found = TypeVar("Found")

LOOKS = 0.5
"""Seconds after which the lake is looked at again."""
MOST_KEPT = 400
"""So many answers are kept, those that were asked for last."""


@dataclass(frozen=True)
class Standing:
    """A state of the lake, and who is asked about it."""

    state: str
    """A digest over the releases there are."""
    inquiry: Inquiry


class Asking:
    """Asks the lake of a server."""

    def __init__(self, lake: Lake, dossiers: tuple[str, ...], jobs: Jobs, patience: float) -> None:
        self.lake, self.dossiers, self.jobs, self.patience = lake, dossiers, jobs, patience
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._looked = -1.0
        self._standing: Standing | None = None

    def standing(self) -> Standing:
        """The lake as it is now, give or take half a second."""
        with self._lock:
            now = time.monotonic()
            if self._standing is None or now - self._looked > LOOKS:
                state, self._looked = state_of(self.lake), now
                if self._standing is None or state != self._standing.state:
                    self._standing = Standing(state, Inquiry(self.lake, self.dossiers))
            return self._standing

    def ask(self, name: str, params: Params, goes_to: str = "", by: str = "") -> Answer:
        """The answer to a question. Raises HarmattanError as the question does, and Waiting where it takes long."""
        standing = self.standing()
        key = key_of(standing.state, name, params)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        what = T("Question {name}", name=Verbatim(name))
        if question(name).slow:
            there = (self.lake, self.dossiers, standing.state, name, params)
            job = self.jobs.start(key, what, goes_to, ask_beside, *there, slow=True, by=by)
        else:
            job = self.jobs.start(key, what, goes_to, standing.inquiry.ask, name, params, by=by)
        answer: Answer = self._awaited(job)
        self._keep(key, answer)
        return answer

    def find(self, id: str) -> Answer:
        """The answer that an evidence id belongs to, asked again of the very releases that gave it."""
        standing = self.standing()
        what = T("Evidence {id}", id=Verbatim(id))
        name = id.partition(".")[0]
        with self._lock:
            for answer in self._kept.values():
                if answer.id == name:
                    return answer
        return self.together(
            f"find {name} {standing.state}", what, f"/evidence/{id}", lambda: standing.inquiry.find(id)
        )

    def rows(self, answer: Answer, which: int | None, *, texts: bool = False) -> Rows:
        """The records behind an answer or one of its rows."""
        standing = self.standing()
        what = T("Evidence {id}", id=Verbatim(answer.id))
        key = f"rows {answer.id} {which} {texts} {standing.state}"
        goes_to = f"/evidence/{answer.id if which is None else answer.row_id(which)}"
        return self.together(key, what, goes_to, lambda: standing.inquiry.rows(answer, which, ids=True, texts=texts))

    def together(self, key: str, what: Any, goes_to: str, work: Callable[[], Found]) -> Found:
        """Work on the lake's engine, which one asker at a time may use. Raises Waiting where it takes long."""
        job = self.jobs.start(key, what, goes_to, work)
        found: Found = self._awaited(job)
        self.jobs.drop(key)
        return found

    def _awaited(self, job: Any) -> Any:
        try:
            return job.future.result(self.patience)
        except TimeoutError:
            if job.done:
                raise
            raise Waiting(job) from None

    def _keep(self, key: str, answer: Answer) -> None:
        self.jobs.drop(key)
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def state_of(lake: Lake) -> str:
    """A digest over the releases of a lake: another release, another state."""
    names = [[held.release.name, held.release.digest] for held in lake.releases()]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]


def key_of(state: str, name: str, params: Params) -> str:
    """What an answer is kept under."""
    said = as_json(params, [*question(name).accepts])
    return hashlib.sha256(json.dumps([state, name, said], default=str, sort_keys=True).encode()).hexdigest()


_BESIDE: dict[str, Inquiry] = {}


def ask_beside(
    _step: Callable[[int, int], None], lake: Lake, dossiers: Sequence[str], state: str, name: str, params: Params
) -> Answer:
    """Asks in another process."""
    return inquiry_beside(lake, dossiers, state).ask(name, params)


def inquiry_beside(lake: Lake, dossiers: Sequence[str], state: str) -> Inquiry:
    """The one inquiry that a process beside keeps for the state of the lake."""
    if state not in _BESIDE:
        _BESIDE.clear()
        _BESIDE[state] = Inquiry(lake, tuple(dossiers))
    return _BESIDE[state]

"""Questions asked by many at once: each is answered once for a state of the lake, and kept.

The lake is looked at again and again. When a release has come, what was asked last is asked again in between the
questions of those who are reading; then everybody sees it at once.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from harmattan.errors import HarmattanError
from harmattan.lake.shelf import RELEASE_FILE, Held, Lake, Still, release_folders, standing_still
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Rows
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import question
from harmattan.text import T, Verbatim
from harmattan.web.jobs import Job, Jobs, Waiting
from harmattan.web.kept import Newest
from harmattan.web.queue import NAME

Found = TypeVar("Found")

LOOKS = 0.5
"""Seconds after which the lake is looked at again."""
MOST_BYTES = 150_000_000
"""So much memory answers may take, those that were asked for last."""
MOST_ASKED = 3_000
"""After so many new questions the engine is exchanged for a fresh one: it remembers something of each."""
MOST_AGAIN = 12
"""After so many states the engine is exchanged too: it keeps what it put together of releases that nothing rests on."""
MOST_ANSWERS, MOST_RECORDS = 200, 8
"""So much one inquiry keeps by itself: answers, and the records behind answers."""
WARM, WARM_S = 24, 5.0
"""So many questions are asked of a new state before readers see it, and for at most so many seconds."""
PATIENT_S = 2.0
"""Whoever finds a new state waits so long for it; the others go on with the old one."""
WAITED_S, MOST_WAITED = 60.0, 32
"""So long, and so many of it, what somebody had to wait for is kept."""


@dataclass(frozen=True)
class Standing:
    """A state of the lake, and who is asked about it."""

    state: str
    """A digest over the releases there are."""
    inquiry: Inquiry
    seen: Still
    """The releases of the state: whoever asks it sees these, whatever comes meanwhile."""
    after: int = 0
    """How many states came before it that had the same engine."""

    @classmethod
    def of(cls, lake: Lake, dossiers: tuple[str, ...], before: Standing | None = None) -> Standing:
        """The state that a lake is in; of the state before, what was put together of its releases stays."""
        there = lake.releases()
        kept = Newest[tuple[str, Params], Answer](MOST_ANSWERS), Newest[str, Any](MOST_RECORDS)
        if before is None or before.after >= MOST_AGAIN:
            return cls(digest_of(there), Inquiry(lake, dossiers, *kept), Still({lake: there}))
        return cls(digest_of(there), before.inquiry.again(*kept), Still({lake: there}), before.after + 1)

    @cached_property
    def cell_countries(self) -> Mapping[int, str]:
        """The country (ISO3) of each PRIO-GRID cell, read once for the state."""
        return self.still(self.inquiry.cell_countries)

    def still(self, work: Callable[..., Found], *args: Any) -> Found:
        """What work finds while the lake stands still."""
        with standing_still(self.seen):
            return work(*args)


class Asking:
    """Asks the lake of a server."""

    def __init__(self, lake: Lake, dossiers: tuple[str, ...], jobs: Jobs, patience: float) -> None:
        self.lake, self.dossiers, self.jobs, self.patience = lake, dossiers, jobs, patience
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._asked: dict[str, tuple[str, Params]] = {}
        self._bytes = 0
        self._lock = threading.Lock()
        self._looked = -1.0
        self._looks_like: Any = None
        self._waited: Newest[str, tuple[float, Any]] = Newest(MOST_WAITED)
        self._standing: Standing | None = None
        self._coming: Standing | None = None
        self.asked = 0

    @property
    def fresh(self) -> Standing | None:
        """The lake as it is now, where that is known without looking."""
        return self._standing if time.monotonic() - self._looked <= LOOKS else None

    def standing(self) -> Standing:
        """The lake as it is now, give or take half a second, or a few more while a new state is made ready."""
        with self._lock:
            now, switched = time.monotonic(), None
            if self._standing is None:
                self._looks_like = looks_of(self.lake)
                self._standing, self._looked = Standing.of(self.lake, self.dossiers), now
            elif now - self._looked > LOOKS:
                looks, self._looked = looks_of(self.lake), now
                if looks != self._looks_like:
                    switched = self._renew(Standing.of(self.lake, self.dossiers, self._standing))
                    self._looks_like = looks
                elif self.asked > MOST_ASKED and self._coming is None:
                    self._renew(Standing.of(self.lake, self.dossiers))
        if switched is not None and not threading.current_thread().name.startswith(NAME):
            with suppress(TimeoutError):
                switched.result(PATIENT_S)
        return self._standing

    def _renew(self, coming: Standing) -> Future[None] | None:
        """Asks a new state what was asked last, and lets it take the place of the old one."""
        self._coming, self.asked = coming, 0
        wanted = [self._asked[key] for key in list(self._kept)[-WARM:] if key in self._asked]
        switched: Future[None] = Future()
        self.jobs.between(self._warm, coming, wanted, time.monotonic() + WARM_S, switched)
        return switched

    def _warm(self, coming: Standing, wanted: list[tuple[str, Params]], until: float, switched: Future[None]) -> None:
        if wanted and time.monotonic() < until and self._coming is coming:
            name, params = wanted.pop()
            if not question(name).slow:
                with suppress(Exception):
                    self._keep(key_of(coming.state, name, params), coming.still(coming.inquiry.ask, name, params))
            self.jobs.between(self._warm, coming, wanted, until, switched)
            return
        with self._lock:
            if self._coming is coming:
                self._standing, self._coming = coming, None
        switched.set_result(None)

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
            self.asked += 1
            job = self.jobs.start(key, what, goes_to, standing.still, standing.inquiry.ask, name, params, by=by)
        answer: Answer = self.awaited(job)
        self._asked[key] = (name, params)
        self._keep(key, answer)
        return answer

    def keep(self, answers: Sequence[Answer], state: str) -> None:
        """Keeps answers that somebody else asked for in a state of the lake, so that their evidence opens at once."""
        for answer in answers:
            self._keep(key_of(state, answer.question, from_json(answer.params)), answer)

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
        """Work on the lake's engine, which one asker at a time may use. Raises Waiting where it takes long.

        What somebody had to wait for is kept for a minute: a page that needs several such things would otherwise do
        the first anew each time that it waits for the second.
        """
        standing = self.standing()
        name = f"{standing.state} {key}"
        at, there = self._waited.get(name, (0.0, None))
        if time.monotonic() - at < WAITED_S:
            found: Found = there
            return found
        job = self.jobs.start(key, what, goes_to, standing.still, work)
        found = self.awaited(job)
        if job.told:
            with self._lock:
                self._waited[name] = (time.monotonic(), found)
        self.jobs.drop(key)
        return found

    def beside(self, key: str, what: Any, goes_to: str, work: Callable[..., Found], *args: Any, by: str = "") -> Found:
        """Work that takes long, in a process beside (`Jobs.start`); done anew when its result has been taken."""
        job = self.jobs.start(key, what, goes_to, work, *args, slow=True, by=by)
        found: Found = self.awaited(job)
        self.jobs.drop(key)
        return found

    def awaited(self, job: Job) -> Any:
        """What a job gives, within a page's patience. Raises Waiting where it takes longer, and what stopped it."""
        try:
            return job.future.result(self.patience)
        except BrokenProcessPool:
            raise (job.fault or HarmattanError(T("The work was stopped from outside."))) from None
        except TimeoutError:
            if job.done:
                raise
            raise Waiting(job) from None

    def _keep(self, key: str, answer: Answer) -> None:
        self.jobs.drop(key)
        with self._lock:
            if key not in self._kept:
                self._bytes += weight(answer)
            self._kept[key] = answer
            while self._bytes > MOST_BYTES and len(self._kept) > 1:
                gone, forgotten = self._kept.popitem(last=False)
                self._asked.pop(gone, None)
                self._bytes -= weight(forgotten)


def weight(answer: Answer) -> int:
    """About how many bytes an answer takes."""
    return 4_000 + len(answer.rows) * (1_000 + 60 * len(answer.columns))


def state_of(lake: Lake) -> str:
    """A digest over the releases of a lake: another release, another state."""
    return digest_of(lake.releases())


def digest_of(there: Sequence[Held]) -> str:
    """The digest of a state."""
    names = [[held.release.name, held.release.digest] for held in there]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]


def looks_of(lake: Lake) -> tuple[tuple[str, int, int], ...]:
    """What changes when a release comes or goes, and is quick to look at: the files that describe the user's own."""
    files = [path / RELEASE_FILE for path in release_folders(lake.folder)]
    there = [(str(path), path.stat()) for path in files if path.exists()]
    return tuple((name, stat.st_ino, stat.st_mtime_ns) for name, stat in there)


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

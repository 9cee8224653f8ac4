"""Work that takes longer than a reader waits: it goes on when the page is left, and is found again under its id.

Quick work shares one thread, since it shares one engine. What takes long runs in a process beside, so that the others
can go on asking.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harmattan.errors import HarmattanError
from harmattan.text import T, Text

MOST = 500
"""So many jobs are remembered; the oldest that are done are forgotten first."""
STEP = ".step"


@dataclass
class Job:
    """A piece of work: what it is, who started it when, and where its result can be seen."""

    id: str
    what: Text
    goes_to: str
    """The address of the page that shows the result."""
    by: str
    started: float
    """Seconds since 1970."""
    future: Future[Any] = field(repr=False)
    step: Path | None = None

    @property
    def done(self) -> bool:
        """Whether there is a result, or a fault."""
        return self.future.done()

    @property
    def fault(self) -> HarmattanError | None:
        """What stopped it, in the user's words; None where nothing did."""
        if not self.future.done() or (fault := self.future.exception()) is None:
            return None
        if isinstance(fault, HarmattanError):
            return fault
        if isinstance(fault, BrokenProcessPool):
            return HarmattanError(T("The work was stopped from outside."), do=T("Start it again."))
        return HarmattanError(T("The work failed for a reason that it could not name."), do=T("Start it again."))

    @property
    def progress(self) -> tuple[int, int] | None:
        """Steps done and steps in all, where the work says so."""
        with suppress(OSError, ValueError):
            done, _, total = (self.step.read_text("utf-8") if self.step else "").partition("/")
            return int(done), int(total)
        return None

    def seconds(self, now: float) -> int:
        """How long ago it was started."""
        return max(0, round(now - self.started))


_NOTHING: Future[Any] = Future()
_NOTHING.set_result(None)


class Waiting(Exception):
    """An answer is not there yet; the job will have it."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


class Jobs:
    """All the work of a server. The same key is one job."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._there: dict[str, Job] = {}
        self._collected: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="asking")
        self._slow: ProcessPoolExecutor | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="harmattan-jobs-")

    def start(
        self,
        key: str,
        what: Text,
        goes_to: str,
        work: Callable[..., Any],
        *args: Any,
        slow: bool = False,
        by: str = "",
    ) -> Job:
        """The job of a key: the one that is there, unless it failed, or a new one.

        Slow work is a function of a module, gets `step` (done, total) as its first argument, and gives what can be
        pickled.
        """
        id = hashlib.sha256(key.encode()).hexdigest()[:16]
        with self._lock:
            there = self._there.get(id)
            if there is not None and not (there.done and there.future.exception()):
                return there
            step = Path(self._folder.name, id + STEP) if slow else None
            future = self._submit_slow(step, work, args) if step else self._quick.submit(work, *args)
            made = Job(id, what, goes_to, by, self.clock(), future, step)
            self._there[id] = made
            self._forget()
            return made

    def _submit_slow(self, step: Path, work: Callable[..., Any], args: tuple[Any, ...]) -> Future[Any]:
        for _attempt in range(2):
            if self._slow is None:
                context = multiprocessing.get_context("spawn")
                self._slow = ProcessPoolExecutor(1, context, initializer=_end_with, initargs=(os.getpid(),))
            try:
                return self._slow.submit(_stepping, step, work, args)
            except BrokenProcessPool:
                self._slow = None
        raise HarmattanError(T("The work was stopped from outside."), do=T("Start it again."))

    def _forget(self) -> None:
        done = [id for id, job in self._there.items() if job.done]
        for id in done[: max(0, len(self._there) - MOST)]:
            del self._there[id]

    def find(self, id: str) -> Job | None:
        """A job by its id; where its result has been collected already, what leads to the page that shows it."""
        with self._lock:
            return self._there.get(id) or self._collected.get(id)

    def __iter__(self) -> Iterator[Job]:
        """The jobs, the newest first."""
        with self._lock:
            return iter(sorted(self._there.values(), key=lambda job: -job.started))

    def drop(self, key: str) -> None:
        """Forgets the result of a key, so that it can be started anew; whoever still waits for it finds its page."""
        with self._lock:
            there = self._there.pop(hashlib.sha256(key.encode()).hexdigest()[:16], None)
            if there is not None and there.done and there.future.exception() is None:
                self._collected.pop(there.id, None)
                self._collected[there.id] = replace(there, future=_NOTHING)
                while len(self._collected) > MOST:
                    del self._collected[next(iter(self._collected))]

    def between(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """Work on the thread of the quick that is nobody's job: what was asked for meanwhile comes before the next."""
        return self._quick.submit(work, *args)

    def close(self) -> None:
        """Ends what is running."""
        self._quick.shutdown(wait=False, cancel_futures=True)
        if self._slow is not None:
            running = list((getattr(self._slow, "_processes", None) or {}).values())
            self._slow.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.terminate()
        self._folder.cleanup()


def _stepping(step: Path, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    def told(done: int, total: int) -> None:
        part = step.with_suffix(".part")
        part.write_text(f"{done}/{total}", "utf-8")
        part.replace(step)

    return work(told, *args)


def _end_with(parent: int) -> None:
    """A process of this room ends when its server does, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

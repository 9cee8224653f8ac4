"""Work that takes longer than a reader waits: it goes on when the page is left, and is found again under its id.

Quick work shares one thread, since it shares one engine. What takes long runs in a process beside, so that the others
can go on asking; it can be stopped, and what was at work when the server ended is told as interrupted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from harmattan.errors import HarmattanError
from harmattan.text import T, Text, Verbatim
from harmattan.web.faults import TooMuch
from harmattan.web.job_notes import Notes, Told
from harmattan.web.processes import beside, end
from harmattan.web.queue import Queue

MOST = 500
"""So many jobs are remembered; the oldest that are done are forgotten first."""
MOST_PAST = 100
"""So many that were done and dropped can still be found under their id."""
MOST_WAITING, MOST_OWN = 500, 100
"""So much work may wait or run at a time; of one person so much that takes long."""
MOST_WEIGHT = 400_000_000
"""Bytes of sent files that work may hold in memory."""
STEP, HALT = ".step", ".halt"


class Stopped(HarmattanError):
    """Work that somebody stopped."""

    def __init__(self, by: str) -> None:
        super().__init__(T("{name} stopped this work.", name=Verbatim(by)), do=T("Start it again."))


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
    asked_at: str = ""
    """The address of the page where it can be asked for again, where that is another one."""
    told: bool = False
    """Whether somebody was shown that it is at work: then it is listed."""
    ended: float | None = None
    again: Callable[[], Future[Any]] | None = field(default=None, repr=False)
    """Submits the work once more."""
    weight: int = 0
    """Bytes of what was sent for it, held for as long as it can be begun again."""
    inner: Future[Any] | None = field(default=None, repr=False)
    """What the pool gave; another one where the pool had to be made anew."""

    @property
    def slow(self) -> bool:
        """Whether it runs in a process beside."""
        return self.step is not None

    @property
    def begun(self) -> bool:
        """Whether it is, or was, at work and not waiting for its turn."""
        if self.step is not None:
            return self.done or self.step.exists()
        return self.inner is None or self.inner.running() or self.inner.done()

    @property
    def done(self) -> bool:
        """Whether there is a result, or a fault."""
        return self.future.done()

    @property
    def state(self) -> str:
        """waiting, running, done, failed, or stopped."""
        if not self.future.done():
            return "running" if self.begun else "waiting"
        if self.future.exception() is None:
            return "done"
        return "stopped" if isinstance(self.future.exception(), Stopped) else "failed"

    @property
    def fault(self) -> HarmattanError | None:
        """What stopped it, in the user's words; None where nothing did."""
        if not self.future.done() or (fault := self.future.exception()) is None:
            return None
        if isinstance(fault, HarmattanError):
            return fault
        if isinstance(fault, BrokenProcessPool | CancelledError):
            return HarmattanError(T("The work was stopped from outside."), do=T("Start it again."))
        return HarmattanError(T("The work failed for a reason that it could not name."), do=T("Start it again."))

    @property
    def progress(self) -> tuple[int, int] | None:
        """Steps done and steps in all, where the work says so."""
        with suppress(OSError, ValueError):
            done, _, total = (self.step.read_text("utf-8") if self.step else "").partition("/")
            return (int(done), int(total)) if int(total) else None
        return None

    def seconds(self, now: float) -> int:
        """For how long it has been, or was, at work."""
        return max(0, round((self.ended or now) - self.started))


class Waiting(Exception):
    """An answer is not there yet; the job will have it."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job
        job.told = True


class Jobs:
    """All the work of a server. The same key is one job."""

    def __init__(self, clock: Callable[[], float] = time.time, folder: Path | None = None) -> None:
        self.clock = clock
        self._there: dict[str, Job] = {}
        self._past: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.RLock()
        self.queue = Queue()
        self._slow: ProcessPoolExecutor | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="harmattan-jobs-")
        self._closed = False
        self.notes = Notes(folder, clock)

    def start(
        self,
        key: str,
        what: Text,
        goes_to: str,
        work: Callable[..., Any],
        *args: Any,
        slow: bool = False,
        long: bool = False,
        by: str = "",
        asked_at: str = "",
        weight: int = 0,
    ) -> Job:
        """The job of a key: the one that is there, unless it failed, or a new one.

        Slow work is a function of a module, gets `step` (done, total) as its first argument, and gives what can be
        pickled. Long work is of many questions: it comes after what is not, and calls `queue.make_way` between them.
        `weight` is how many bytes were sent for it. Raises TooMuch where too much waits already.
        """
        id = id_of(key)
        with self._lock:
            there = self._there.get(id)
            if there is not None and not (there.done and there.future.exception()):
                return there
            self._room_for(by if slow else "", weight)
            step = Path(self._folder.name, id + STEP) if slow else None
            made = Job(id, what, goes_to, by, self.clock(), Future(), step, asked_at, told=slow, weight=weight)
            made.again = (
                partial(self._submit_slow, step, work, args)
                if step
                else partial(self.queue.submit, work, *args, long=long)
            )
            self._begin(made)
            return made

    def _room_for(self, by: str, weight: int) -> None:
        """Raises TooMuch where too much waits; what failed gives its memory back first."""
        waiting = [job for job in self._there.values() if not job.done]
        own = sum(job.slow and job.by == by for job in waiting) if by else 0
        held = sum(job.weight for job in waiting)
        if len(waiting) >= MOST_WAITING or own >= MOST_OWN or (weight and held and held + weight > MOST_WEIGHT):
            raise TooMuch(T("Too much work waits here already."), do=T("Try again in a minute."), retry_after=60)
        for job in [job for job in self._there.values() if job.done and job.weight]:
            if weight and held + weight + job.weight > MOST_WEIGHT:
                job.again, job.weight = None, 0
            held += job.weight

    def _begin(self, job: Job) -> None:
        """Puts work into its pool and remembers it."""
        self._there[job.id] = job
        self._past.pop(job.id, None)
        if job.step is not None:
            job.step.unlink(missing_ok=True)
            job.step.with_suffix(HALT).unlink(missing_ok=True)
            self.notes.keep(Told(job.id, job.what, job.goes_to, job.asked_at, job.by, job.started))
        self._submit(job)
        self._forget()

    def _submit(self, job: Job) -> None:
        assert job.again is not None
        inner = job.inner = job.again()
        inner.add_done_callback(lambda done: self._settle(job, done))

    def _settle(self, job: Job, inner: Future[Any]) -> None:
        """Hands on what a pool gave, unless the job has been stopped or was put into another pool."""
        with self._lock:
            if inner is not job.inner or job.future.done() or self._closed:
                return
            job.ended = self.clock()
            fault = CancelledError() if inner.cancelled() else inner.exception()
            if job.slow:
                self.notes.drop(job.id)
            if fault is None:
                job.again, job.weight = None, 0
                job.future.set_result(inner.result())
            else:
                job.future.set_exception(fault)

    def stop(self, id: str, by: str) -> None:
        """Stops slow work at once, and other work as long as it waits for its turn."""
        with self._lock:
            job = self._there.get(id)
            if job is None or job.done or not (job.slow or (job.inner is not None and job.inner.cancel())):
                return
            running = job.begun
            job.ended = self.clock()
            job.future.set_exception(Stopped(by))
            self.notes.drop(id)
            if job.step is not None and not running:
                job.step.with_suffix(HALT).touch()
            elif running:
                self._anew()

    def _anew(self) -> None:
        """Another process beside; what waited in the queue of the one that ends is put into its queue."""
        old, self._slow = self._slow, None
        waiting = [job for job in self._there.values() if job.slow and not job.done]
        for job in waiting:
            job.inner = None
        if old is not None:
            end(old)
        for job in sorted(waiting, key=lambda job: job.started):
            self._submit(job)

    def restart(self, id: str, by: str) -> Job | None:
        """Work that failed or was stopped, begun once more; None where there is no such work."""
        with self._lock:
            there = self._there.get(id)
            if there is None or there.again is None:
                return None
            if there.done and there.future.exception():
                made = Job(id, there.what, there.goes_to, by, self.clock(), Future(), there.step, there.asked_at, True)
                made.again, made.weight = there.again, there.weight
                self._begin(made)
                return made
            return there

    def _submit_slow(self, step: Path, work: Callable[..., Any], args: tuple[Any, ...]) -> Future[Any]:
        for _attempt in range(2):
            if self._slow is None:
                self._slow = beside()
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
        """A job by its id; one whose result was taken is found for a while."""
        with self._lock:
            return self._there.get(id) or self._past.get(id)

    def of(self, key: str) -> Job | None:
        """A job by its key."""
        return self.find(id_of(key))

    def __iter__(self) -> Iterator[Job]:
        """The jobs, the newest first."""
        with self._lock:
            return iter(sorted([*self._there.values(), *self._past.values()], key=lambda job: -job.started))

    def drop(self, key: str) -> None:
        """Forgets the job of a key, so that it can be started anew; where somebody was shown it, not that it was."""
        with self._lock:
            job = self._there.pop(id_of(key), None)
            if job is None or not job.told:
                return
            if job.done and job.future.exception() is None:
                # Another reader may hold the job and is yet to take its result: what is remembered is a copy.
                job = replace(job, future=Future())
                job.future.set_result(None)
            job.again = job.inner = None
            self._past[job.id] = job
            while len(self._past) > MOST_PAST:
                self._past.popitem(last=False)

    def drop_done(self, key: str) -> None:
        """Forgets the job of a key where it is done: what it made is gone, or another piece of it is wanted."""
        with self._lock:
            job = self._there.get(id_of(key))
            if job is not None and job.done:
                self.drop(key)

    def between(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """Work on the thread of the quick that is nobody's job: what was asked for meanwhile comes before the next."""
        return self.queue.submit(work, *args)

    def close(self) -> None:
        """Ends what is running; the notes of it stay, so that the next server tells of it."""
        with self._lock:
            self._closed = True
        self.queue.shutdown()
        if self._slow is not None:
            end(self._slow)
        self._folder.cleanup()


def id_of(key: str) -> str:
    """The id of the job of a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _stepping(step: Path, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    def told(done: int, total: int) -> None:
        part = step.with_suffix(".part")
        part.write_text(f"{done}/{total}", "utf-8")
        part.replace(step)

    if step.with_suffix(HALT).exists():
        return None
    told(0, 0)
    return work(told, *args)


def moment(seconds: float) -> Text:
    """A time in words, in UTC.

    >>> str(moment(0))
    '1 January 1970, 00:00 UTC'
    """
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return T("{day}, {time} UTC", day=at.date(), time=Verbatim(f"{at:%H:%M}"))

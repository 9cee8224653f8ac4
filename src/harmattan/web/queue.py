"""The one thread that asks the engine: who reads a page comes before work of many questions, which makes way."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

NAME = "asking"


@dataclass(eq=False)
class Item:
    """Something to do."""

    work: Callable[..., Any]
    args: tuple[Any, ...]
    long: bool
    future: Future[Any] = field(default_factory=Future)

    def run(self) -> None:
        """Does it, unless it was cancelled meanwhile."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            found = self.work(*self.args)
        except BaseException as fault:
            self.future.set_exception(fault)
        else:
            self.future.set_result(found)


class Queue:
    """Does one thing at a time, in one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=NAME)
        self._waiting: deque[Item] = deque()
        self._lock = threading.Lock()

    def submit(self, work: Callable[..., Any], *args: Any, long: bool = False) -> Future[Any]:
        """Puts something at the end; what is long is done when nothing else waits, and calls `make_way` itself."""
        item = Item(work, args, long)
        with self._lock:
            self._waiting.append(item)
        self._pool.submit(self._next)
        return item.future

    def make_way(self) -> None:
        """Does what waits now and is not long; called by what is long, between its steps. Elsewhere it does nothing.

        What comes meanwhile waits for the next step, so that what is long comes to its end.
        """
        if not threading.current_thread().name.startswith(NAME):
            return
        with self._lock:
            many = sum(not item.long for item in self._waiting)
        for _one in range(many):
            item = self._taken(long_too=False)
            if item is not None:
                item.run()

    def shutdown(self) -> None:
        """Begins nothing more."""
        with self._lock:
            left, self._waiting = list(self._waiting), deque()
        for item in left:
            item.future.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _next(self) -> None:
        item = self._taken(long_too=True)
        if item is not None:
            item.run()

    def _taken(self, *, long_too: bool) -> Item | None:
        """The first that is not long; where there is none, the first, if that will do."""
        with self._lock:
            for item in self._waiting:
                if not item.long:
                    self._waiting.remove(item)
                    return item
            return self._waiting.popleft() if long_too and self._waiting else None

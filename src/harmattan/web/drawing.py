"""Drawings of a server: made in a process of their own, since the drawing program lets nobody else run meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from harmattan.brief.picture_files import picture_file
from harmattan.web.processes import beside, end

NOTHING = {"mark": "point", "data": {"values": list[Any]()}}


class Drawing:
    """Draws pictures, Vega-Lite specifications, as files."""

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart
        """Whether in a process of its own, as a server for many wants it; else here."""
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def file(self, spec: dict[str, Any], language: str, format: str) -> bytes:
        """A picture as `picture_file` gives it. A process that died is replaced once; then it is drawn here."""
        for _attempt in range(2):
            pool = self._started()
            if pool is None or format == "json":
                break
            try:
                return pool.submit(picture_file, spec, language, format).result()
            except BrokenProcessPool:
                self._drop(pool)
        return picture_file(spec, language, format)

    def make_ahead(self) -> None:
        """Begins to make the drawing program ready: whoever sees the first picture need not wait."""
        pool = self._started()
        if pool is None:
            picture_file(NOTHING, "en", "svg")
        else:
            with suppress(BrokenProcessPool, RuntimeError):
                pool.submit(picture_file, NOTHING, "en", "svg")

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            pool, self._pool, self._closed = self._pool, None, True
        if pool is not None:
            end(pool)

    def _started(self) -> ProcessPoolExecutor | None:
        with self._lock:
            if self._pool is None and self.apart and not self._closed:
                self._pool = beside()
            return self._pool

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None

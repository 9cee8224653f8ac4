"""Processes beside the server's own: each is spawned, and ends when its server does, however that ended."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def beside() -> ProcessPoolExecutor:
    """One process; it begins with the first thing it is given to do."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),))


def end(pool: ProcessPoolExecutor) -> None:
    """Ends a pool and its processes."""
    running = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in running:
        process.terminate()


def _end_with(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

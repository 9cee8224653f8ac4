"""A test that eats up all memory takes the machine with it, and nobody learns which it was. This stops it first."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from pathlib import Path
from typing import TextIO

MOST_MB = 8_000
"""More than any test needs, and less than half of the machines that the tests run on have."""
STOPPED = 70
"""The exit code of a process of tests that was stopped (EX_SOFTWARE)."""


def watch(most_mb: int = MOST_MB) -> None:
    """Looks at this process's memory until it ends; beyond `most_mb` says what runs in it, and ends it.

    It says so where errors go now: while a test runs, pytest keeps for itself what goes there.
    """
    told = os.fdopen(os.dup(sys.__stderr__.fileno()), "w") if sys.__stderr__ else sys.stdout
    threading.Thread(target=_watch, args=(most_mb, told), name="memory", daemon=True).start()


def _watch(most_mb: int, told: TextIO) -> None:
    status, pause = Path("/proc/self/status"), threading.Event()
    while status.exists():
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        if int(held.split()[1]) > most_mb * 1_000:
            running = os.environ.get("PYTEST_CURRENT_TEST", "no test")
            print(f"\nStopped at {held.split()[1]} kB of memory while running {running}", file=told, flush=True)
            faulthandler.dump_traceback(told)
            os._exit(STOPPED)
        pause.wait(0.1)  # not time.sleep, which a test might replace

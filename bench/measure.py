"""Runs commands apart from each other and measures wall time and peak memory of each."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One command's wall time in seconds and peak resident memory in MB."""

    seconds: float
    peak_mb: float


def run(command: Sequence[str], env: dict[str, str] | None = None) -> Run:
    """Runs a command to its end. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | (env or {}), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, usage.ru_maxrss / 1024)


def median(runs: Sequence[Run]) -> Run:
    """The median time and the highest memory of several runs."""
    return Run(statistics.median(one.seconds for one in runs), max(one.peak_mb for one in runs))


@dataclass(frozen=True)
class Line:
    """A measured figure and the limit it is held to; `higher` figures are not met."""

    what: str
    measured: float
    limit: float | None
    unit: str
    how: str = ""

    @property
    def verdict(self) -> str:
        """met, NOT met, or nothing where no limit is set."""
        if self.limit is None:
            return ""
        return "met" if self.measured <= self.limit else "NOT met"

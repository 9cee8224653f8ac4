"""A real server on loopback, in a process of its own: what a browser, a load or a kill needs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx


@dataclass
class Served:
    """A server that is running."""

    url: str
    home: Path
    process: subprocess.Popen[str]

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(home: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[Served]:
    """`harmattan serve` on a free port, until the block ends."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(home, port, words, env or {})
    found = Served(f"http://127.0.0.1:{port}", home, process)
    try:
        _answers(found)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(home: Path, port: int, words: Sequence[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """The process of a server."""
    command = [sys.executable, "-m", "harmattan.cli", "serve", *words, "--home", str(home), "--port", str(port)]
    there = os.environ | {"HARMATTAN_USER": "Awa"} | env
    return subprocess.Popen(command, text=True, env=there, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _answers(found: Served, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found.process.poll() is not None:
            raise AssertionError(f"the server ended: {found.process.stdout and found.process.stdout.read()}")
        try:
            httpx.get(f"{found.url}/static/app.css", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"no answer within {seconds} s")


def sign_of(page: str) -> str:
    """The sign that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([0-9a-f]{32})"', page)
    assert found, "the page has no form with a sign"
    return found[1]

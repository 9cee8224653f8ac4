"""`harmattan serve` as a program: how it starts, what it says where it cannot, how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.web.served import serving

COMMAND = (sys.executable, "-m", "harmattan.cli", "serve")


def said(*words: str) -> tuple[int, str]:
    """The exit code of a server that does not start, and what it said."""
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("nowhere",), 2, "There is no case nowhere."),
        (("--host", "192.0.2.1"), 2, "Other machines could reach this server"),
        (("--port", "70000"), 2, "70000 is no port."),
    ],
)
def test_what_cannot_be_served_is_one_line(tmp_path: Path, words: tuple[str, ...], code: int, line: str) -> None:
    got, told = said(*words, "--home", str(tmp_path))
    assert (got, told.count("\n")) == (code, 1)
    assert line in told


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, told = said("--port", port, "--home", str(tmp_path))
    assert (code, told.count("\n")) == (1, 1)
    assert f"Another program listens on 127.0.0.1:{port} already." in told


def test_a_home_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("no folder", "utf-8")
    code, told = said("--home", str(home))
    assert (code, told.count("\n")) == (1, 1)
    assert "cannot be read" in told


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to_with_one_line(tmp_path: Path, sign: signal.Signals) -> None:
    with serving(tmp_path, "--log") as found:
        assert httpx.get(f"{found.url}/questions?said=somebody").status_code == 200
        begun = time.monotonic()
        found.process.send_signal(sign)
        out, _ = found.process.communicate(timeout=15)
    assert found.process.returncode == 0
    assert time.monotonic() - begun < 6
    first, *middle, last = out.splitlines()
    assert first.startswith("Open http://127.0.0.1:")
    assert last == "Stopped."
    assert any(line.startswith("GET /questions 200 ") for line in middle)
    assert "somebody" not in out
    assert "Traceback" not in out

"""A PostgreSQL of one's own for the tests: in a temporary folder, on a free port of the loopback, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
NOBODY = 65_534
"""PostgreSQL refuses to run as root: then it runs as the user that owns nothing."""
PASSWORD = "s3cret-Wörd/@:"


def programs() -> Path | None:
    """The folder that has initdb and postgres, or nothing."""
    found = shutil.which("initdb")
    known = [*PLACES, *([Path(found).resolve().parent] if found else [])]
    return next((place for place in known if (place / "initdb").exists() and (place / "postgres").exists()), None)


@contextmanager
def running() -> Iterator[str]:
    """A server; gives its address up to the name of the database."""
    place = programs()
    assert place is not None
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir="/tmp"))
    try:
        secret = folder / "secret"
        secret.write_text(PASSWORD, "utf-8")
        if as_nobody:
            for path in (folder, secret):
                os.chown(path, NOBODY, NOBODY)
        made = [place / "initdb", "-D", folder / "data", "-U", "desk", "-E", "UTF8", "--locale=C", "--no-sync",
                "--auth=scram-sha-256", f"--pwfile={secret}"]  # fmt: skip
        subprocess.run(made, check=True, capture_output=True, timeout=120, cwd=folder, **as_nobody)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
        with (folder / "log").open("wb") as log:
            words = [place / "postgres", "-D", folder / "data", *(part for s in settings for part in ("-c", s))]
            server = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, **as_nobody)
        try:
            _wait(place, port, server, folder)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(place: Path, port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    ready = [place / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
    for _ in range(120):
        if server.poll() is not None:
            raise AssertionError((folder / "log").read_text("utf-8", "replace"))
        if subprocess.run(ready, check=False).returncode == 0:
            return
        subprocess.run(["sleep", "0.25"], check=True)
    raise AssertionError("PostgreSQL does not start")

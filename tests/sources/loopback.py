"""What tests of sources share: a line to a server on loopback that waits for nothing, and releases as plain rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq

from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.sources.registry import source
from harmattan.vocabulary.schema import CONTRACTS

TODAY = dt.date(2026, 11, 26)
CANARY = "canary-7f3a9b"
"""A secret that must be seen nowhere but in what is sent to the publisher."""


@contextmanager
def quick_line(attempts: int = 3) -> Iterator[Line]:
    """A line whose waits are noted in `line.sleep.__self__` and not waited for."""
    waited: list[float] = []
    moment = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield Line(client, clock=lambda: moment, sleep=waited.append, attempts=attempts)


def wanted(server: Any, **said: Any) -> Wanted:
    """A wish that is put to a server on loopback."""
    return Wanted(today=TODAY, base=server.url_for("").rstrip("/"), **said)


def fetched(dataset: str, wish: Wanted, folder: Path, secret: str | None = CANARY, attempts: int = 3) -> Fetched:
    """What a source's FETCH brings; the journal is in `folder`, so a second call goes on."""
    get = source(dataset).FETCH  # type: ignore[attr-defined]
    with quick_line(attempts) as line:
        found: Fetched = get(wish, line, Journal.opened(folder), Secrets(lambda _name: secret))
    return found


def read(dataset: str, files: list[Path], folder: Path, options: Options | None = None) -> Reading:
    """A reading whose tables keep their contracts; they are in `folder`."""
    folder.mkdir(exist_ok=True)
    got: Reading = source(dataset).read(files, folder, options or Options(retrieved=TODAY))
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}.parquet" for name in (*got.tables, "rejects")
    )
    for name in (*got.tables, "rejects"):
        CONTRACTS[name].check(pq.read_schema(folder / f"{name}.parquet"), name)
    return got


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def reasons(folder: Path) -> list[str]:
    """Why rows were refused."""
    return [row["reason"] for row in table(folder, "rejects")]


def written(folder: Path, name: str, value: Any) -> Path:
    """A file with JSON, or with text as it is."""
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def no_secret_in(*folders: Path, secret: str = CANARY) -> None:
    """Asserts that a secret stands in no file of some folders."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                assert secret.encode() not in path.read_bytes(), path

"""Every kind of damage is found, and does not hide the other releases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harmattan.lake.shelf import RELEASE_FILE, digest_of, release_digest
from harmattan.lake.verify import verify
from harmattan.vocabulary.schema import EVENTS
from tests.lake.factory import event, lake_in, put


def _raw(path: Path) -> Path:
    return next((path / "raw").iterdir())


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"!")


def _flip(path: Path) -> None:
    """Changes one bit and not the length."""
    old = path.read_bytes()
    middle = len(old) // 2
    path.write_bytes(old[:middle] + bytes([old[middle] ^ 1]) + old[middle + 1 :])


def _rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    said = json.loads((path / RELEASE_FILE).read_text(encoding="utf-8"))
    change(said)
    (path / RELEASE_FILE).write_text(json.dumps(said), encoding="utf-8")


def _another_table(path: Path, table: pa.Table, rows: int) -> None:
    """Another table with digests that fit it."""
    pq.write_table(table, path / "events.parquet")
    digest = digest_of(path / "events.parquet").model_copy(update={"rows": rows})

    def change(said: dict[str, Any]) -> None:
        said["files"][0] = digest.model_dump()
        files = [digest, digest_of(path / "rejects.parquet")]
        said["digest"] = release_digest("made-up", files)

    _rewrite(path, change)


def _extra_column(path: Path) -> None:
    table = pq.read_table(path / "events.parquet")
    _another_table(path, table.append_column("more", pa.nulls(table.num_rows, pa.string())), table.num_rows)


def _fewer_rows(path: Path) -> None:
    _another_table(path, pa.Table.from_pylist([dict(event("1"))], schema=EVENTS.schema), 2)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "table changed": (lambda path: _flip(path / "events.parquet"), "events.parquet has changed"),
    "table cut off": (lambda path: (path / "events.parquet").write_bytes(b""), "events.parquet has changed"),
    "table gone": (lambda path: (path / "rejects.parquet").unlink(), "rejects.parquet is missing"),
    "raw changed": (lambda path: _append(_raw(path)), "has changed"),
    "raw gone": (lambda path: _raw(path).unlink(), "is missing"),
    "file added": (lambda path: (path / "notes.txt").write_bytes(b""), "notes.txt does not belong to it"),
    "link added": (lambda path: (path / "link").symlink_to("/nowhere"), "link does not belong to it"),
    "digest changed": (
        lambda path: _rewrite(path, lambda said: said.update(digest="0" * 64)),
        "the digest in release.json does not fit its files",
    ),
    "rows changed": (
        lambda path: _rewrite(path, lambda said: said.update(rows=3)),
        "release.json speaks of 3 rows, its table has 2",
    ),
    "label changed": (
        lambda path: _rewrite(path, lambda said: said.update(label="1.1")),
        "its release.json is that of made-up@1.1",
    ),
    "release.json damaged": (lambda path: _append(path / RELEASE_FILE), "release.json cannot be read"),
    "release.json gone": (lambda path: (path / RELEASE_FILE).unlink(), "release.json is missing"),
    "contract broken": (_extra_column, "events.parquet: more is not in the contract"),
    "row count wrong": (_fewer_rows, "events.parquet has 1 rows, not 2"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_said(tmp_path: Path, kind: str) -> None:
    lake = lake_in(tmp_path)
    path = put(lake, "1.0", [event("1"), event("2")]).held.path
    put(lake, "2.0", [event("1")])
    damage, words = DAMAGE[kind]
    damage(path)
    damaged, whole = verify(lake)
    assert (damaged.name, whole.name) == ("made-up@1.0", "made-up@2.0")
    assert any(words in str(fault) for fault in damaged.faults), [str(fault) for fault in damaged.faults]
    assert len(damaged.faults) == 1
    assert whole.faults == ()


def test_embedded_releases_are_verified_too(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    path = put(lake, "1.0", [event("1")]).held.path
    from_package = type(lake)(home=tmp_path / "other", embedded=lake.folder)
    assert [verdict.faults for verdict in verify(from_package)] == [()]
    _append(path / "events.parquet")
    assert [len(verdict.faults) for verdict in verify(from_package)] == [1]

"""Checks that every release still is what it was: bytes by SHA-256, schema by contract, row counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from harmattan.errors import LakeError
from harmattan.lake.shelf import RELEASE_FILE, Held, Lake, digest_of, read_release, release_digest, release_folders
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.origin import FileDigest
from harmattan.vocabulary.schema import CONTRACTS


@dataclass(frozen=True)
class Verdict:
    """One release and its faults; none means that it is whole."""

    name: str
    faults: tuple[Text, ...]


def verify(lake: Lake) -> list[Verdict]:
    """Every release, checked byte by byte: the embedded ones, then the user's. Damage to one hides no other."""
    folders = [(path, True) for path in release_folders(lake.embedded)]
    folders += [(path, False) for path in release_folders(lake.folder)]
    return [_verdict(path, embedded) for path, embedded in folders]


def verdict_of(held: Held) -> Verdict:
    """One release, checked byte by byte."""
    return _verdict(held.path, held.embedded)


def _verdict(path: Path, embedded: bool) -> Verdict:
    name = f"{path.parent.name}@{path.name}"
    if not (path / RELEASE_FILE).is_file():
        return Verdict(name, (T("{file} is missing", file=Verbatim(RELEASE_FILE)),))
    try:
        release = read_release(path / RELEASE_FILE)
    except LakeError:
        return Verdict(name, (T("{file} cannot be read", file=Verbatim(RELEASE_FILE)),))
    return Verdict(name, tuple(_faults(Held(release, path, embedded), name)))


def _faults(held: Held, name: str) -> list[Text]:
    release = held.release
    faults: list[Text] = []
    if release.name != name:
        faults.append(T("its release.json is that of {other}", other=Verbatim(release.name)))
    for file in release.files:
        faults += _file_faults(held, file, file.path)
    raw = [file for file in release.raw if file.kept]
    for file in raw:
        faults += _file_faults(held, file, f"raw/{file.sha256}")
    if release_digest(release.dataset, release.files) != release.digest:
        faults.append(T("the digest in release.json does not fit its files"))
    events = next((file for file in release.files if file.path == "events.parquet"), None)
    if events is not None and events.rows != release.rows:
        faults.append(T("release.json speaks of {rows} rows, its table has {found}", rows=release.rows,
                        found=events.rows))  # fmt: skip
    known = {file.path for file in release.files} | {f"raw/{file.sha256}" for file in raw} | {"release.json"}
    for path in sorted(p for p in held.path.rglob("*") if p.is_symlink() or not p.is_dir()):
        there = path.relative_to(held.path).as_posix()
        if there not in known:
            faults.append(T("{file} does not belong to it", file=Verbatim(there)))
    return faults


def _file_faults(held: Held, file: FileDigest, name: str) -> list[Text]:
    path = held.path / name
    if not path.is_file():
        return [T("{file} is missing", file=Verbatim(name))]
    try:
        found_digest = digest_of(path)
    except OSError as fault:
        return [T("{file} cannot be read: {fault}", file=Verbatim(name), fault=Verbatim(str(fault.strerror)))]
    if found_digest.sha256 != file.sha256 or found_digest.bytes != file.bytes:
        return [T("{file} has changed", file=Verbatim(name))]
    if path.suffix != ".parquet":
        return []
    found = pq.read_metadata(path)
    faults = [
        T("{file}: {fault}", file=Verbatim(name), fault=Verbatim(fault))
        for fault in CONTRACTS[path.stem].faults(pq.read_schema(path))
    ]
    if found.num_rows != file.rows:
        faults.append(
            T("{file} has {found} rows, not {rows}", file=Verbatim(name), found=found.num_rows, rows=file.rows)
        )
    return faults

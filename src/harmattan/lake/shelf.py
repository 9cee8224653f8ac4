"""Where releases stand: the user's lake and the embedded one, read as one shelf. Reading never locks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from harmattan.errors import LakeError, UsageError
from harmattan.text import T, Verbatim, listing, msg
from harmattan.vocabulary.origin import FileDigest, Release

RELEASE_FILE = "release.json"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Held:
    """A release and the folder it stands in."""

    release: Release
    path: Path
    embedded: bool

    def file(self, name: str) -> Path:
        """The path of one of its tables, e.g. `events`."""
        return self.path / f"{name}.parquet"


@dataclass(frozen=True)
class Lake:
    """The user's releases under `home`, and those that come with the package.

    With an empty home every question is answered from the embedded releases.
    """

    home: Path
    embedded: Path

    @property
    def folder(self) -> Path:
        """Where published releases stand."""
        return self.home / "lake" / "releases"

    @property
    def staging(self) -> Path:
        """Where releases are made before they are published; nothing there is ever read as a release."""
        return self.home / "lake" / "staging"

    def releases(self, dataset: str | None = None) -> list[Held]:
        """Every release, sorted by data set, publication date and label; the user's own shadows an embedded twin."""
        still = _STILL.get()
        if still is not None and self not in still.lakes:
            still.lakes[self] = self._read()
        there = self._read() if still is None else still.lakes[self]
        return [held for held in there if dataset in (None, held.release.dataset)]

    def meanwhile(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """What work finds out of the releases: once for a key while the lake stands still, else anew."""
        still = _STILL.get()
        if still is None:
            return work()
        # Threads of a server share what stands still: one may begin it anew while another looks.
        there = still.found
        if (self, key) in there:
            found: Found = there[self, key]
            return found
        found = work()
        if len(there) >= MOST_FOUND:
            still.found = there = {}
        there[self, key] = found
        return found

    def _read(self) -> list[Held]:
        found = {held.release.name: held for held in self._under(self.embedded, embedded=True)}
        found |= {held.release.name: held for held in self._under(self.folder, embedded=False)}
        return sorted(
            found.values(), key=lambda held: (held.release.dataset, held.release.published, held.release.label)
        )

    def find(self, name: str) -> Held:
        """A release by `dataset@label`, its label, or the first six or more digits of its digest.

        Raises UsageError for none or several, naming what there is.
        """
        everything = self.releases()
        matches = (
            [held for held in everything if held.release.name == name]
            or [held for held in everything if held.release.label == name]
            or [held for held in everything if len(name) >= 6 and held.release.digest.startswith(name)]
        )
        if len(matches) == 1:
            return matches[0]
        what = msg("{name} names no release.") if not matches else msg("{name} names more than one release.")
        names = [Verbatim(held.release.name) for held in matches or everything]
        there = T("There are {names}.", names=listing(names)) if names else T("The lake is empty.")
        raise UsageError(T(what, name=Verbatim(name)), available=there)

    def _under(self, folder: Path, *, embedded: bool) -> Iterator[Held]:
        for path in release_folders(folder):
            described = path / RELEASE_FILE
            if described.exists():
                looks = described.stat()
                yield Held(_read_once(described, looks.st_mtime_ns, looks.st_size, looks.st_ino), path, embedded)


MOST_FOUND = 1_000
"""So much that was found out of releases is kept; then it is begun anew."""


@dataclass
class Still:
    """What lakes held when they were looked at, and what was found out of that since."""

    lakes: dict[Lake, list[Held]] = field(default_factory=dict)
    found: dict[tuple[Lake, Hashable], Any] = field(default_factory=dict)


_STILL: ContextVar[Still | None] = ContextVar("still", default=None)


@contextmanager
def standing_still(seen: Still | None = None) -> Iterator[None]:
    """Within this every lake is looked at once: hundreds of questions see the same releases, and nothing new.

    `seen` is what lakes held when they were looked at before; without it, what was seen around this stands.
    """
    before = _STILL.set(seen or _STILL.get() or Still())
    try:
        yield
    finally:
        _STILL.reset(before)


def release_folders(folder: Path) -> list[Path]:
    """Every folder that stands where a release may stand, sorted; none where there is no lake yet.

    Raises LakeError where the disk does not let us look: a lake that cannot be read is not an empty one.
    """
    try:
        datasets = sorted(path for path in _inside(folder) if path.is_dir())
        inside = [path for dataset in datasets for path in sorted(_inside(dataset))]
        return [path for path in inside if path.is_dir() and not path.name.startswith(".")]
    except OSError as fault:
        raise LakeError(
            T("The lake in {folder} cannot be read: {fault}.", folder=Verbatim(str(folder)),
              fault=Verbatim(str(fault.strerror))),
            do=T("Check that you may read it, or say --home to use another lake."),
        ) from fault  # fmt: skip


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def read_release(path: Path) -> Release:
    """A release from its `release.json`. Raises LakeError when it is damaged."""
    try:
        return Release.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise LakeError(
            T(
                "{path} cannot be read as a release: {fault}.",
                path=Verbatim(str(path)),
                fault=Verbatim(str(fault).splitlines()[0]),
            ),
            do=T("Move the folder away and ingest the file again."),
        ) from fault


@lru_cache(maxsize=4096)
def _read_once(path: Path, _written: int, _size: int, _inode: int) -> Release:
    """The same, once for what the file looks like: a lake is looked at for every question."""
    return read_release(path)


def folder_name(words: str) -> str:
    """A data set or label as a folder's name: letters, digits, `.`, `_`, `-` and `+`. Raises UsageError otherwise."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}", words):
        raise UsageError(
            T("{words} cannot be a label.", words=Verbatim(words)),
            do=T("Use up to 80 letters, digits, dots, dashes and underscores."),
        )
    return words


def digest_of(path: Path, block_bytes: int = 1 << 20) -> FileDigest:
    """Size and SHA-256 of a file; the path is its name."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(block_bytes):
            sha.update(block)
            size += len(block)
    return FileDigest(path=path.name, sha256=sha.hexdigest(), bytes=size)


def release_digest(dataset: str, files: Iterable[FileDigest]) -> str:
    """The digest of a release: SHA-256 over its data set and the digests of its tables."""
    parts = [dataset, *sorted([file.path, file.sha256] for file in files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

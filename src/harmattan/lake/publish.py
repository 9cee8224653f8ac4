"""Publishing: a release is staged, synced and renamed into place, so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from harmattan.errors import LakeError
from harmattan.lake.shelf import RELEASE_FILE, Held, Lake, folder_name, read_release
from harmattan.text import T, Verbatim
from harmattan.vocabulary.family import OWN
from harmattan.vocabulary.origin import Release


@dataclass(frozen=True)
class Published:
    """What publishing did: the release that is there now, and whether it is new."""

    held: Held
    new: bool


@contextmanager
def stage(lake: Lake) -> Iterator[Path]:
    """An empty folder to make a release in. It is gone afterwards, published or not.

    A folder that a killed process left behind is removed on the next call: its lock is free.
    """
    lake.staging.mkdir(parents=True, exist_ok=True)
    _sweep(lake.staging)
    name = uuid.uuid4().hex
    lock = FileLock(lake.staging / f"{name}.lock")
    try:
        with lock:
            folder = lake.staging / name
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink()


def publish(lake: Lake, staged: Path, release: Release) -> Published:
    """Puts a staged folder into place as a release, at once and for ever.

    The same bytes under the same label again change nothing. Raises LakeError where the label is taken by others.
    """
    (staged / RELEASE_FILE).write_text(release.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for path in sorted(staged.rglob("*")):
        _sync(path)
    _sync(staged)
    target = lake.folder / folder_name(release.dataset) / folder_name(release.label)
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(lake.folder)
    try:
        staged.rename(target)
    except OSError as fault:
        if fault.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES) or not target.exists():
            raise
        return Published(same_or_error(target, release), new=False)
    _sync(target.parent)
    return Published(Held(release, target, embedded=False), new=True)


def same_or_error(target: Path, release: Release) -> Held:
    """The release that stands at `target` if it says the same; LakeError if they differ in what they say."""
    there = read_release(target / RELEASE_FILE)
    if there.digest != release.digest:
        raise LakeError(
            T("{name} is already in the lake with other rows, and a release never changes.", name=Verbatim(there.name)),
            do=T("Give this one another label with --release."),
        )
    told_by_user = there.status == "curated" or there.dataset.startswith(OWN)
    same_origin = not told_by_user or there.origin == release.origin
    told = (there.coverage, there.published, there.status) == (release.coverage, release.published, release.status)
    if not (same_origin and told):
        raise LakeError(
            T("{name} is already in the lake with the same rows but another coverage, date, status or origin.",
              name=Verbatim(there.name)),
            do=T("Give this one another label with --release."),
        )  # fmt: skip
    return Held(there, target, embedded=False)


def _sweep(staging: Path) -> None:
    """Removes folders that nobody has locked; a lock without a folder may be somebody's about to make one."""
    for folder in [path for path in staging.iterdir() if path.is_dir()]:
        lock = FileLock(folder.with_suffix(".lock"), timeout=0)
        with suppress(Timeout, OSError), lock:
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.lock_file).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

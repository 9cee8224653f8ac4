"""What took long to draw is kept in the home, so that it is drawn once. Losing it costs time and nothing else."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
FOLDER = "kept"
MOST_FILES = 64
"""So many are kept; beyond that those written first go."""
UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def key_of(parts: Sequence[Any], arrays: Iterable[NDArray[Any]] = ()) -> str:
    """The key of what was made from some plain JSON values and some arrays: 32 hexadecimal digits.

    >>> key_of(["forecast", 12]) == key_of(["forecast", 12]) != key_of(["forecast", 11])
    True
    """
    sha = hashlib.sha256(json.dumps(list(parts), sort_keys=True).encode())
    for array in arrays:
        sha.update(f"{array.dtype.str} {array.shape}".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()[:32]


@functools.cache
def code_digest(folder: Path, but: tuple[str, ...] = ()) -> str:
    """SHA-256 over the Python files of a room but some: what other code made is not taken for what this makes."""
    sha = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        if path.name not in but:
            sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def recall(home: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """What was kept under a key; None where nothing is, or nothing that can be read whole."""
    try:
        with np.load(home / FOLDER / f"{key}.npz", allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except UNREADABLE:
        return None


def keep(home: Path, key: str, arrays: Arrays) -> bool:
    """Keeps arrays under a key, whole or not at all; False where the home cannot be written."""
    folder = home / FOLDER
    part = folder / f"{key}.{os.getpid()}-{uuid.uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
            part.replace(folder / f"{key}.npz")
        finally:
            part.unlink(missing_ok=True)
        _thin(folder)
    except OSError:
        return False
    return True


def _thin(folder: Path) -> None:
    """Removes the files written first where there are too many; another process may be doing the same."""
    with contextlib.suppress(OSError):
        written = sorted(folder.glob("*.npz"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        for path in written[:-MOST_FILES]:
            path.unlink(missing_ok=True)

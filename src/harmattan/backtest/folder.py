"""The folder of a backtest: one at a time, of one panel and one set of settings, every file whole or not there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from harmattan import __version__, models
from harmattan.backtest.panels import digest
from harmattan.backtest.plan import Plan
from harmattan.errors import HarmattanError, UsageError
from harmattan.lake.kept import code_digest
from harmattan.models.panel import Panel
from harmattan.text import T, Verbatim
from harmattan.vocabulary.period import Month

MANIFEST = "backtest.json"
NOT_OF_DRAWS = ("scoring.py", "comparing.py", "adding.py", "paths.py")
"""Code of the models' room that no draw depends on."""


def identity(panel: Panel, plan: Plan) -> dict[str, Any]:
    """All that a draw depends on but its model and its origin: what a folder's files must have in common."""
    return {
        "panel": digest(panel),
        "target": plan.target,
        "level": plan.level,
        "steps": list(plan.steps),
        "draws": plan.draws,
        "seed": plan.seed,
        "harmattan": __version__,
        "models_code": code_digest(Path(models.__file__).parent, NOT_OF_DRAWS)[:16],
        "numpy": np.__version__,
        "scikit_learn": version("scikit-learn"),
    }


@contextmanager
def opened(out: Path, settings: Mapping[str, Any]) -> Iterator[None]:
    """Holds the folder; writes what it is for, or checks that it is for the same.

    Raises UsageError where it belongs to other settings or is no backtest's, HarmattanError where it cannot be written
    or another backtest is writing.
    """
    from filelock import FileLock, Timeout

    if out.exists() and not out.is_dir():
        raise UsageError(T("{path} is a file, no folder.", path=Verbatim(str(out))))
    said = manifest(out)
    if said is None and out.is_dir() and any(not path.name.startswith(".") for path in out.iterdir()):
        raise UsageError(
            T("{path} holds other things than a backtest.", path=Verbatim(str(out))), do=T("Say another --out.")
        )
    _same(out, said, settings)
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except Timeout as fault:
        raise HarmattanError(
            T("Another backtest is writing to {path}.", path=Verbatim(str(out))), do=T("Wait until it is done.")
        ) from fault
    except OSError as fault:
        raise unwritable(out, fault) from fault
    try:
        for left in out.rglob(".*.part"):
            with suppress(OSError):
                left.unlink()
        if said is None:
            put(out / MANIFEST, lambda part: part.write_text(json.dumps(dict(settings), indent=1) + "\n", "utf-8"))
        yield
    finally:
        lock.release()


def manifest(out: Path) -> dict[str, Any] | None:
    """What a folder is for; None where there is no backtest in it. Raises UsageError where that cannot be read."""
    path = out / MANIFEST
    if not path.is_file():
        return None
    try:
        read = json.loads(path.read_text("utf-8"))
    except (ValueError, OSError):
        read = None
    if not isinstance(read, dict):
        raise UsageError(
            T("{path} cannot be read.", path=Verbatim(str(path))), do=T("Say another --out, or remove the folder.")
        )
    return read


def _same(out: Path, said: Mapping[str, Any] | None, settings: Mapping[str, Any]) -> None:
    for name, value in settings.items() if said is not None else ():
        there = said.get(name) if said else None
        if there != value:
            raise UsageError(
                T(
                    "{path} holds a backtest with other settings: {name} is {there} there and {here} here.",
                    path=Verbatim(str(out)),
                    name=Verbatim(name),
                    there=Verbatim(_short(there)),
                    here=Verbatim(_short(value)),
                ),
                do=T("Say another --out, or remove that folder."),
            )


def _short(value: Any) -> str:
    if isinstance(value, list) and value:
        return f"{value[0]}..{value[-1]}" if len(value) > 1 else str(value[0])
    words = str(value)
    return words if len(words) <= 16 else f"{words[:12]}…"


def draws_path(out: Path, model: str, origin: Month) -> Path:
    """Where the draws of a model from an origin stand."""
    return out / "draws" / model / f"{origin}.parquet"


def put(path: Path, write: Callable[[Path], Any]) -> None:
    """Writes a file beside its place and moves it there, so that it is whole or not there. Raises HarmattanError.

    Each process has a name of its own for it: one whose backtest was killed may go on writing for a moment.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(path)
    except OSError as fault:
        with suppress(OSError):
            part.unlink()
        raise unwritable(path, fault) from fault


def unwritable(path: Path, fault: OSError) -> HarmattanError:
    """That a file or folder cannot be written, and why."""
    why = Verbatim(str(fault.strerror or fault))
    return HarmattanError(T("{path} cannot be written: {fault}.", path=Verbatim(str(path)), fault=why))

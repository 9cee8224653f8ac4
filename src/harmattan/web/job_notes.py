"""Notes of what is at work, kept in the home: what a server could not finish is told by the next one."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.text import Bilingual, T, Text
from harmattan.text.speaker import Speaker

KEPT_S = 30 * 86_400
"""Seconds for which what was interrupted is told."""


@dataclass(frozen=True)
class Told:
    """What is known of work that another server had begun."""

    id: str
    what: Text
    goes_to: str
    asked_at: str
    by: str
    started: float


class Notes:
    """One small file for each piece of slow work that has not ended. Without a folder nothing is kept."""

    def __init__(self, folder: Path | None, clock: Callable[[], float]) -> None:
        self.folder, self.clock = folder, clock
        self.interrupted: dict[str, Told] = dict(self._left())

    def keep(self, told: Told) -> None:
        """Writes a note, where the home can be written; who was interrupted before is at work again."""
        self.interrupted.pop(told.id, None)
        if self.folder is None:
            return
        both = {language: Speaker(language).say(told.what) for language in ("en", "fr")}
        note = vars(told) | {"what": both, "process": os.getpid()}
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{uuid.uuid4().hex}.part"
            part.write_text(json.dumps(note), "utf-8")
            part.replace(self.folder / f"{told.id}.json")

    def drop(self, id: str) -> None:
        """Takes a note away: the work has ended, or nobody wants to hear of it any more."""
        if self.interrupted.pop(id, None) or self.folder is not None:
            with suppress(OSError):
                assert self.folder is not None
                (self.folder / f"{id}.json").unlink(missing_ok=True)

    def _left(self) -> list[tuple[str, Told]]:
        """What servers that are no more had at work, the newest first."""
        there: list[Told] = []
        for path in sorted(self.folder.glob("*.json")) if self.folder is not None else ():
            with suppress(OSError, ValueError, KeyError, TypeError):
                note: dict[str, Any] = json.loads(path.read_text("utf-8"))
                process = int(note.pop("process"))
                words = note.pop("what")
                told = Told(what=T("{words}", words=Bilingual(words["en"], words["fr"])), **note)
                if told.id != path.stem or _alive(process):
                    continue
                if self.clock() - told.started > KEPT_S:
                    path.unlink(missing_ok=True)
                    continue
                there.append(told)
        return [(told.id, told) for told in sorted(there, key=lambda told: -told.started)]


def _alive(process: int) -> bool:
    """Whether another process than this one is alive."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

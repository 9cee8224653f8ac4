"""Fetches a data set from its publisher and takes it in: what was cut goes on, what is whole becomes releases."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.ingest import ingest, one_line
from harmattan.lake.publish import Published
from harmattan.lake.shelf import Lake
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.registry import FETCHED, source
from harmattan.text import T, Verbatim, listing

QUOTA_FILE = "quota.json"


@dataclass(frozen=True)
class DayLedger:
    """Calls by publisher and day, kept in the home so that several fetches of a day count together."""

    path: Path
    today: dt.date

    def count(self, publisher: str) -> int:
        """Notes one call and returns how many there were today, this one included."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock")):
            kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
            counts = kept.get("counts", {}) if kept.get("day") == self.today.isoformat() else {}
            counts[publisher] = counts.get(publisher, 0) + 1
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps({"day": self.today.isoformat(), "counts": counts}), encoding="utf-8")
            part.replace(self.path)
        return int(counts[publisher])


def unfinished(lake: Lake) -> Path:
    """Where fetches keep what has come until they are whole; never read as a release."""
    return lake.home / "lake" / "fetching"


def fetch(
    lake: Lake, dataset: str, wanted: Wanted, line: Line, secrets: Secrets, *, retrieved_at: dt.datetime
) -> list[Published]:
    """Fetches a data set and publishes what came as releases, one or several; none where the lake has all of it.

    A fetch that was cut goes on where it was cut when the same is asked for again. A failure leaves the lake as it
    was, but for whole releases of the same fetch that were taken in before. Files that cannot be read are not kept for
    the next try. Raises UsageError for a data set that cannot be fetched, FetchError where the publisher does not give
    it.
    """
    module = source(dataset)
    get = getattr(module, "FETCH", None)
    if get is None:
        raise UsageError(
            T("{name} cannot be fetched.", name=Verbatim(dataset)),
            available=T("There are {names}.", names=listing([Verbatim(name) for name in FETCHED])),
            do=T("Download its file and say harmattan ingest {name} FILE.", name=Verbatim(dataset)),
        )
    wanted = _with_before(lake, dataset, wanted)
    folder = unfinished(lake) / f"{dataset}-{wanted.fingerprint(dataset)}"
    with one_line(lake):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder.with_suffix(".lock"), timeout=0):
                fetched = get(wanted, line, Journal.opened(folder), secrets)
                parts = fetched if isinstance(fetched, list) else [fetched]
                done = [_take(lake, dataset, part, retrieved_at) for part in parts]
                shutil.rmtree(folder, ignore_errors=True)
        except WrongFile:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        except Timeout as fault:
            raise FetchError(
                T("Another fetch of {name} is at work.", name=Verbatim(dataset)), do=T("Wait until it has ended.")
            ) from fault
    folder.with_suffix(".lock").unlink(missing_ok=True)
    return done


def _take(lake: Lake, dataset: str, part: Fetched, retrieved_at: dt.datetime) -> Published:
    options = replace(part.options, retrieved=retrieved_at.date())
    return ingest(lake, dataset, part.files, options, retrieved_at=retrieved_at)


def _with_before(lake: Lake, dataset: str, wanted: Wanted) -> Wanted:
    """What is wanted, with the user's own releases of the data set; to the newest, changes may be added."""
    own = [held for held in lake.releases(dataset) if not held.embedded]
    if not own:
        return wanted
    have = {held.release.label: frozenset(file.sha256 for file in held.release.raw) for held in own}
    return replace(wanted, before=own[-1].path, before_digest=own[-1].release.digest, have=have)

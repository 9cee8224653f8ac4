"""What a source hands over: two Parquet files in a folder, and what is known about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from harmattan.vocabulary.origin import Coverage, Origin


@dataclass(frozen=True)
class Options:
    """What the user may say about files that the files do not say themselves; None means: find out."""

    label: str | None = None
    published: dt.date | None = None
    places: tuple[str, ...] | None = None
    """ISO3 codes the files speak about; within them silence is zero."""
    start: dt.date | None = None
    """First day the files speak about."""
    end: dt.date | None = None
    """Last day the files speak about."""


@dataclass(frozen=True)
class Reading:
    """A publisher's files, read. The Parquet files keep the contracts EVENTS and REJECTS."""

    label: str
    status: Literal["final", "candidate", "figures"]
    published: dt.date
    published_basis: str
    citation: str
    """How the publisher asks this release to be cited."""
    coverage: Coverage
    rows: int
    events: int
    rejects: int
    range_broken: int


class Source(Protocol):
    """The verbs of every source module."""

    ORIGIN: Origin

    def read(self, files: list[Path], into: Path, options: Options) -> Reading:
        """Read the files into `into`/events.parquet and `into`/rejects.parquet."""
        ...

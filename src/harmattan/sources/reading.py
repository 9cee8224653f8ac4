"""What a source hands over: Parquet files in a folder, and what is known about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from harmattan.vocabulary.origin import Coverage, Hidden, Origin, Status


@dataclass(frozen=True)
class Options:
    """What is said about files that the files do not say themselves; None means: find out."""

    label: str | None = None
    published: dt.date | None = None
    places: tuple[str, ...] | None = None
    """ISO3 codes the files speak about; within them silence is zero."""
    start: dt.date | None = None
    """First day the files speak about."""
    end: dt.date | None = None
    """Last day the files speak about."""
    retrieved: dt.date | None = None
    """The day the files were got; a living data set without a label of its own is labelled by it."""
    hidden: Hidden | None = None
    """What a licence hid when the files were fetched."""
    pseudonym_key: bytes | None = None
    """The key by which accounts become pseudonyms; without it accounts are refused or left out."""
    identities: bool = False
    """Whether accounts stay as they are written, because the user says so."""
    timezone: str | None = None
    """The time zone of times that do not say theirs (IANA, e.g. Africa/Bamako); None means UTC."""
    mapping: Mapping[str, Any] | None = None
    """What the case file says of the columns of somebody's own table."""
    beside: Mapping[str, Path] | None = None
    """Tables of other releases that a reading may look into, by table name, such as `areas`."""
    base: Path | None = None
    """The folder of the release that an update is laid over."""


@dataclass(frozen=True)
class Reading:
    """A publisher's files, read. The Parquet files keep the contracts that `tables` names, and REJECTS."""

    label: str
    status: Status
    published: dt.date
    published_basis: str
    citation: str
    """How the publisher asks this release to be cited."""
    coverage: Coverage
    rows: int
    """Rows of the first table."""
    events: int
    """Events in it; 0 where it holds no events."""
    rejects: int
    range_broken: int
    tables: tuple[str, ...] = ("events",)
    """The tables that were written beside the rejects, the main one first."""
    notices: tuple[str, ...] = ()
    """What was unexpected in the files: columns that are new or gone."""
    derived_from: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """The tables of `Options.beside` that were looked into."""
    origin: Origin | None = None
    """Whose table it is, where the user's case file says so and not the source."""


class Source(Protocol):
    """The verbs of every source module. One that can be fetched also has `FETCH` (`harmattan.sources.fetching`).

    A module may also say `TABLES`, where its releases have others than its origin's contract, and `KEYS`, the names of
    the secrets that its `FETCH` needs.
    """

    ORIGIN: Origin
    # A module whose files name people has `KEEP_RAW = False`: they are kept only where identities are asked for.

    def read(self, files: list[Path], into: Path, options: Options) -> Reading:
        """Read the files into `into`/TABLE.parquet for each of its tables, and `into`/rejects.parquet."""
        ...


ENDINGS = frozenset([".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".zip", ".gz", ".xlsx", ".parquet"])


def unnamed(path: Path, number: int) -> str:
    """What stands for the name of a file that may name a person, such as that of an account; `number` from 0.

    >>> unnamed(Path("somebody's posts.csv"), 0)
    'file-1.csv'
    """
    ending = path.suffix.lower()
    return f"file-{number + 1}{ending if ending in ENDINGS else ''}"

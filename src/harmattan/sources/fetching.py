"""Getting a data set from its publisher: what a source is given, and what it hands back.

A source that can be fetched has `FETCH`, a function `fetch(wanted, line, journal, secrets) -> Fetched`, or a list of
them where one fetch makes several releases, in the order in which they are to be taken in. It asks with `line`, keeps
every answer in `journal` before it asks for the next, and on a second call goes on where that ends.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.line import Line
from harmattan.sources.reading import Options
from harmattan.text import T, Text, Verbatim, listing

STATE_FILE = "state.json"


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched. Empty and None mean: all there is."""

    today: dt.date
    places: tuple[str, ...] = ()
    """ISO3 codes."""
    start: dt.date | None = None
    end: dt.date | None = None
    label: str | None = None
    """The publisher's version, where it has several: 26.1."""
    base: str | None = None
    """Another address than the publisher's own: a mirror, a proxy, a test."""
    before: Path | None = None
    """The folder of the newest release of this data set in the lake, to which only changes need to be fetched."""
    before_digest: str = ""
    have: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The user's own releases of this data set by label, each with the SHA-256 of the publisher's files it is of."""

    def fingerprint(self, dataset: str) -> str:
        """The same wish has the same fingerprint: an unfinished fetch is found again by it."""
        said = [dataset, sorted(self.places), str(self.start), str(self.end), self.label, self.base, self.before_digest]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Fetched:
    """The publisher's answers that make one release, as files, in order, and what is known of them beside."""

    files: list[Path]
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class Secrets:
    """Keys and passwords by name, looked up when they are needed; never kept, never printed."""

    look_up: Callable[[str], str | None]

    def get(self, name: str) -> str | None:
        """A secret, or None where the user has set none."""
        return self.look_up(name)

    def need(self, *names: str, how: Text) -> dict[str, str]:
        """Several secrets. Raises UsageError naming the missing ones and `how` to get them."""
        found = {name: self.look_up(name) for name in names}
        missing = [name for name, value in found.items() if not value]
        if missing:
            raise UsageError(
                T("Not set: {names}.", names=listing([Verbatim(name) for name in missing])),
                available=how,
                do=T(
                    "Set what is missing in the environment, or keep it in the platform's key store: {commands}",
                    commands=listing([Verbatim(f"keyring set harmattan {name}") for name in missing]),
                ),
            )
        return {name: value for name, value in found.items() if value}


@dataclass
class Journal:
    """A folder that keeps a publisher's answers one by one, so that a cut loses nothing and repeats nothing."""

    folder: Path
    state: dict[str, Any] = field(default_factory=dict)
    """Where to go on, in the source's own words; never a secret."""
    names: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, folder: Path) -> Journal:
        """The journal in a folder, with what an earlier fetch left there."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / STATE_FILE
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        names = [name for name in kept.get("names", []) if (folder / name).is_file()]
        if names != kept.get("names", []):
            names, kept = [], {}
        return cls(folder, dict(kept.get("state", {})), names)

    @property
    def files(self) -> list[Path]:
        """The kept answers, in order."""
        return [self.folder / name for name in self.names]

    def keep(self, name: str, content: bytes, **state: Any) -> Path:
        """Keeps one answer and where to go on after it: both, or neither."""
        path = self.folder / name
        part = path.with_name(f".{name}.part")
        part.write_bytes(content)
        part.replace(path)
        return self.note(name, **state)

    def note(self, name: str, **state: Any) -> Path:
        """Notes a file that stands in the folder already, such as one that was downloaded."""
        if name not in self.names:
            self.names.append(name)
        self.go_on(**state)
        return self.folder / name

    def go_on(self, **state: Any) -> None:
        """Writes down where to go on."""
        self.state |= state
        part = self.folder / f".{STATE_FILE}.part"
        part.write_text(json.dumps({"names": self.names, "state": self.state}, indent=1), encoding="utf-8")
        part.replace(self.folder / STATE_FILE)

    def start_again(self) -> None:
        """Forgets everything: the publisher's data changed while they were being fetched."""
        self.state, self.names = {}, []
        self.go_on()


Fetch = Callable[[Wanted, Line, Journal, Secrets], Fetched | list[Fetched]]
Access = Mapping[str, str]

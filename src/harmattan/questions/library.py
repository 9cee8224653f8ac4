"""The dossiers that a question may use: which releases of them, laid over each other in which order."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from harmattan.dossier.book import Book, Layer
from harmattan.dossier.release import PREFIX, dataset_of
from harmattan.dossier.tables import TABLES, records
from harmattan.errors import UsageError
from harmattan.lake.select import age
from harmattan.lake.shelf import Held, Lake
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Text, Verbatim, listing
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT
from harmattan.vocabulary.origin import ReleaseRef

if TYPE_CHECKING:
    from harmattan.dossier.names import Resolver

FIRST_DAY, LAST_DAY = dt.date.min, dt.date.max


@dataclass(frozen=True)
class Told:
    """What a dossier question is about, where it comes from, and what has to be said: the twin of a `Scope`."""

    params: Params
    book: Book
    held: tuple[Held, ...]
    caveats: tuple[Text, ...] = ()
    also: tuple[ReleaseRef, ...] = ()
    """Releases of events that the answer rests on as well."""

    @property
    def resolver(self) -> Resolver:
        """Whom a name means by this book; made once for the same releases."""
        return _resolver(_keys(self.held), self.params.known_by)

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use, the one that lies undermost first."""
        return (*self.also, *(ReleaseRef.to(held.release) for held in self.held))

    @property
    def first(self) -> dt.date:
        """The first day asked about; the as-of date where that is all that was said."""
        return self.params.start or (self.params.as_of if self.params.end is None else None) or FIRST_DAY

    @property
    def last(self) -> dt.date:
        """The last day asked about, never after the as-of date."""
        return min(self.params.end or LAST_DAY, self.params.as_of or LAST_DAY)

    def about(self) -> Text:
        """The countries asked about, or everywhere."""
        if not self.params.country:
            return T("Everywhere")
        return T("{places}", places=listing([CountryName(code) for code in self.params.country]))


def chosen(lake: Lake, dossiers: Sequence[str], pins: Sequence[str]) -> tuple[Held, ...]:
    """The releases of the dossiers, the undermost first. Raises UsageError for one that there is not.

    Pins that name dossiers are the only ones used, in the order they are said; without such, the newest release of
    each named dossier, or of every one where none is named, those that come with the package undermost.
    """
    there = [held for held in lake.releases() if held.release.origin.contract == DOSSIER_CONTRACT]
    pinned = [held for pin in pins if (held := lake.find(pin)) in there]
    if pinned:
        return tuple(pinned)
    names = [dataset_of(name) for name in dossiers]
    newest = {held.release.dataset: held for held in sorted(there, key=age)}
    for name in names:
        if name not in newest:
            known = [Verbatim(dataset.removeprefix(PREFIX)) for dataset in sorted(newest)]
            raise UsageError(
                T("There is no dossier {name} in the lake.", name=Verbatim(name.removeprefix(PREFIX))),
                available=T("There are: {all}.", all=listing(known)) if known else None,
                do=T("Take it in with harmattan ingest dossier FOLDER."),
            )
    embedded_first = sorted(newest, key=lambda name: (not newest[name].embedded, name))
    return tuple(newest[name] for name in (names or embedded_first))


def told(lake: Lake, dossiers: Sequence[str], params: Params) -> Told:
    """The book that the parameters allow: releases as pinned, records as known by a date."""
    held = chosen(lake, dossiers, params.release)
    book = _opened(_keys(held), params.known_by)
    caveats = [hindsight(one, params.as_of) for one in held if params.as_of and one.release.published > params.as_of]
    if params.known_by:
        caveats.append(
            T("Records of the dossier count as known from the date of their first source: {day} cuts by that.",
              day=params.known_by)
        )  # fmt: skip
    return Told(params, book, held, tuple(caveats))


def hindsight(held: Held, as_of: dt.date | None) -> Text:
    """Says that a release came out after the day as of which an answer speaks."""
    return T(
        "This is hindsight: {name} was published by {published}, after {as_of}.",
        name=Verbatim(held.release.name),
        published=held.release.published,
        as_of=as_of,
    )


def _keys(held: Sequence[Held]) -> tuple[tuple[Path, str], ...]:
    return tuple((one.path, one.release.digest) for one in held)


@functools.lru_cache(maxsize=8)
def _opened(there: tuple[tuple[Path, str], ...], known_by: dt.date | None) -> Book:
    return Book.of(_layer(path) for path, _digest in there).known_by(known_by)


@functools.lru_cache(maxsize=8)
def _resolver(there: tuple[tuple[Path, str], ...], known_by: dt.date | None) -> Resolver:
    from harmattan.dossier.names import Resolver

    return Resolver(_opened(there, known_by))


def _layer(path: Path) -> Layer:
    return records({name: pq.read_table(path / f"{name}.parquet") for name in (*TABLES, "citations")})

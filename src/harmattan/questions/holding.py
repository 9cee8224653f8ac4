"""What a question may look at in tables that hold no events: the twin of `world.Scope` and `library.Told`.

Each data set speaks for itself. Of one data set the newest release known by the date speaks about the countries and
days it covers; older ones speak about what it leaves open. Rows of two data sets never stand for one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from harmattan.lake import tables
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.library import hindsight
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.sources.registry import FETCHED, SOURCES
from harmattan.text import CountryName, T, Text, Verbatim, joined, listing
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.schema import CONTRACTS

Table = Any


@dataclass(frozen=True)
class Holding:
    """The rows of one table a question is about, where they come from, and what has to be said about them."""

    params: Params
    table: str
    rows: Table
    """Every row about the countries that no newer release of its data set speaks over: the contract's columns, with
    `release` and `dataset`. An Ibis table; nothing is read until a question asks."""
    held: tuple[Held, ...]
    there: tuple[Held, ...]
    """Every release that has the table, be it about other countries."""
    caveats: tuple[Text, ...]

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        return tuple(ReleaseRef.to(held.release) for held in self.held)

    @property
    def last(self) -> dt.date:
        """The last day asked about, never after the as-of date."""
        return min(self.params.end or dt.date.max, self.params.as_of or dt.date.max)

    @property
    def series(self) -> bool:
        """Whether everything between two days was asked for, and not only the newest."""
        return self.params.start is not None or self.params.end is not None

    def about(self) -> Text:
        """The countries asked about."""
        return T("{places}", places=listing([CountryName(code) for code in self.params.country]))

    def not_covered(self, what: Text) -> Text:
        """The headline where no release speaks: what there is instead, and which data set would tell."""
        places = sorted({place for held in self.there for place in held.release.coverage.places})
        said = T("Not covered: no release here has {what} about {countries}.", what=what, countries=self.about())
        if places and len(places) <= 12:
            others = T("Covered: {known}.", known=listing([CountryName(place) for place in places]))
            said = joined((said, others))
        givers = givers_of(self.table)
        return joined((said, how_to_get(givers))) if givers else said


def holding(world: World, params: Params, table: str) -> Holding:
    """The rows of a table about the countries asked about, of the releases that may speak."""
    chosen = with_table(world.lake, table, known_by=params.known_by, pins=params.release)
    parts: list[Table] = []
    used: list[Held] = []
    for dataset in dict.fromkeys(held.release.dataset for held in chosen):
        own = [held for held in chosen if held.release.dataset == dataset]
        found = [_speaking(world, held, own[:n], params, table) for n, held in enumerate(own)]
        full = [n for n, rows in enumerate(found) if rows.count().execute()]
        oldest = max(full, default=-1)
        covers = [bool(set(held.release.coverage.places) & set(params.country)) for held in own]
        last = oldest if full else next((n for n, speaks in enumerate(covers) if speaks), -1)
        used += [held for n, held in enumerate(own) if n in full or (n <= last and covers[n])]
        parts += [found[n] for n in full]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else _empty(table)
    return Holding(params, table, rows, tuple(used), tuple(chosen), tuple(_caveats(world, params, table, used)))


def of_countries(rows: Table, table: str, codes: Iterable[str]) -> Table:
    """Whether a row is about any of the countries: of displaced people, the one they are in or came from."""
    wanted = list(codes)
    if table == "displacement":
        return rows.iso3.isin(wanted) | rows.origin_iso3.isin(wanted).fill_null(False)
    named = ibis.literal(False)
    for code in wanted:
        named = named | rows.countries.contains(code)
    return named.fill_null(False)


def day_of(rows: Table, table: str) -> Table:
    """The day by which a row belongs to a release's coverage."""
    if table == "displacement":
        return rows.as_of
    if table == "funding":
        return ibis.coalesce(rows.day, ibis.date(rows.year.cast("int32"), 1, 1))
    return rows.start


def _speaking(world: World, held: Held, newer: Sequence[Held], params: Params, table: str) -> Table:
    """The rows of a release about the countries, without those that a newer release of the data set covers."""
    rows = tables.table(world.engine, held, table)
    rows = rows.mutate(release=ibis.literal(held.release.name), dataset=ibis.literal(held.release.dataset))
    rows = rows.filter(of_countries(rows, table, params.country))
    for later in newer:
        coverage = later.release.coverage
        touched = [code for code in params.country if code in coverage.places]
        if touched:
            spoken = of_countries(rows, table, touched) & day_of(rows, table).between(coverage.start, coverage.end)
            rows = rows.filter(~spoken)
    return rows


def _empty(table: str) -> Table:
    own = [field.with_nullable(True) for field in CONTRACTS[table].schema]
    names = [pa.field("release", pa.string()), pa.field("dataset", pa.string())]
    return ibis.memtable(pa.schema([*own, *names]).empty_table())


def _caveats(world: World, params: Params, table: str, used: Sequence[Held]) -> list[Text]:
    said = [hindsight(held, params.as_of) for held in used if params.as_of and held.release.published > params.as_of]
    said += [text for held in used for text in hidden_in(held, params.country, params.end or params.as_of)]
    spoken = {place for held in used for place in held.release.coverage.places}
    silent = [code for code in params.country if code not in spoken]
    if silent and used:
        said.append(T("Not covered by any release used here: {countries}.",
                      countries=listing([CountryName(code) for code in silent])))  # fmt: skip
    if params.known_by and not used:
        later = with_table(world.lake, table, pins=params.release)
        if later:
            first = min(later, key=lambda held: held.release.published)
            said.append(
                T("Nothing of this kind here was published by {day}; the first, {name}, was by {published}.",
                  day=params.known_by, name=Verbatim(first.release.name), published=first.release.published)
            )  # fmt: skip
    return said


def hidden_in(held: Held, countries: Iterable[str], until: dt.date | None) -> list[Text]:
    """What a licence hides of the countries and days asked about, said aloud."""
    hidden = held.release.coverage.hidden
    if hidden is None or (until is not None and until <= hidden.after):
        return []
    places = [code for code in countries if code in hidden.places]
    if not places:
        return []
    return [
        T(
            "{name} is hidden by your licence after {day} for {countries} ({why}): silence there is not peace.",
            name=Verbatim(held.release.name),
            day=hidden.after,
            countries=listing([CountryName(code) for code in places]),
            why=Verbatim(hidden.why),
        )
    ]


def givers_of(table: str) -> tuple[str, ...]:
    """The data sets whose releases have a table; a source says in `TABLES` where it has more than its contract's."""
    return tuple(
        name for name, module in SOURCES.items() if table in getattr(module, "TABLES", (module.ORIGIN.contract,))
    )


def how_to_get(datasets: Sequence[str]) -> Text:
    """Which data sets would tell, and the commands that bring them in."""
    fetched = [name for name in datasets if name in FETCHED]
    names = listing([Verbatim(name) for name in datasets], "or")
    if fetched:
        return T(
            "They come with {names}: harmattan fetch {first}, or harmattan ingest DATASET FILE; harmattan ask sources "
            "says how to get each.",
            names=names,
            first=Verbatim(fetched[0]),
        )
    return T(
        "They come with {names}: harmattan ingest DATASET FILE; harmattan ask sources says how to get each.",
        names=names,
    )

"""The records of events themselves, filtered, sorted and by the page: what the explorer and the map look at.

The releases that speak are chosen as for every question. The filter, the order and the page are the engine's work, so
that half a million records are never read to show fifty.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import ibis

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.events import SUMMED, by_party, outside_places, totals
from harmattan.questions.build import hidden_from, refuse_uncovered
from harmattan.questions.evidence import SHOWN, TYPED, with_sides
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.origin import Dimension, ReleaseRef
from harmattan.vocabulary.schema import LOCATED, WHERE_PRECISION

SORTS = ("date_start", "iso3", "place_as_written", "admin1_as_written", "where_precision", "violence", "event_type",
         "dyad", "n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "release")  # fmt: skip
"""The columns that a list can be sorted by."""
LISTED = (*SHOWN, "event_type", "sub_event_type")
"""The columns of a page of a list."""
MOST_NAMES = 250
"""So many names are offered to choose from, those of the most events."""
WORDS_IN = ("place_as_written", "admin1_as_written", "admin2_as_written", "source_headline", "notes", "dyad",
            "side_a_as_written", "side_b_as_written")  # fmt: skip
"""Where words are looked for."""


@dataclass(frozen=True)
class Wanted:
    """Which records: what every question takes (`params`: countries, days, kinds, types, actors, dyads, cells, source,
    as-of, known-by), and what only a list does.
    """

    params: Params
    admin1: tuple[str, ...] = ()
    """First-order areas, as the publisher writes them."""
    precision: tuple[str, ...] = ()
    """What the point stands for, of `WHERE_PRECISION`."""
    at_least: int | None = None
    """Deaths, best estimate."""
    words: str = ""
    """Words in the names of place and parties, the headline or the notes; case and accents make no difference."""

    def __post_init__(self) -> None:
        """Raises UsageError for a precision that there is not."""
        for name in self.precision:
            if name not in WHERE_PRECISION:
                raise UsageError(
                    T("There is no precision {words}.", words=Verbatim(name)),
                    available=T("There are {names}.", names=Verbatim(", ".join(WHERE_PRECISION))),
                )

    @property
    def plain(self) -> bool:
        """Whether a question can say it: `casualties` of the same parameters then rests on the very same records."""
        return not (self.admin1 or self.precision or self.at_least or self.words)


@dataclass(frozen=True)
class Listing:
    """The records that are wanted, an Ibis table that has not been read yet."""

    wanted: Wanted
    scope: Scope
    rows: Any
    _world: World = field(repr=False)
    _needs: tuple[Dimension, ...] = ()

    def totals(self) -> Mapping[str, int | None]:
        """Over all of them: records, events, deaths_low, deaths_best, deaths_high, deaths_civilians.

        Where no release speaks, records are none and the rest is empty: what is not covered is never zero.
        """
        if not self.scope.covered:
            return {"records": 0, **dict.fromkeys(("events", *SUMMED))}
        key = f"totals {self.wanted} {[held.release.name for held in self.scope.selection.holds]}"
        return _kept(self._world, key, lambda: rows_by(totals, self.rows).to_pylist()[0])

    def page(self, number: int, size: int, sort: str = "") -> list[dict[str, Any]]:
        """The records of a page (the first is 1), `LISTED` columns; `sort` is one of `SORTS`, with a minus downwards.

        Where nothing is said, the last days come first. Raises UsageError for another column.
        """
        name, down = sort.removeprefix("-") or "date_start", sort.startswith("-") or not sort
        if name not in SORTS:
            raise UsageError(
                T("Events cannot be sorted by {words}.", words=Verbatim(name)),
                available=T("There are {names}.", names=Verbatim(", ".join(SORTS))),
            )
        column = self.rows[name]
        ties = [self.rows[key] for key in ("release", "event_id") if key != name]
        found = (
            self.rows.order_by(column.isnull(), column.desc() if down else column.asc(), *ties)
            .select(*LISTED)
            .limit(size, offset=(number - 1) * size)
        )
        listed: list[dict[str, Any]] = found.to_pyarrow().to_pylist()
        return listed

    def whole(self) -> Any:
        """All of them as evidence lists them: the same columns, the sides by the dossiers' ids, most deaths first."""
        world, params = self._world, self.scope.params
        found = ibis.memtable(self.rows.select(*SHOWN, *TYPED).to_pyarrow())
        found = with_sides(world, found, self.scope.selection, params)
        order = (found.deaths_best.desc(), found.date_start, found.event_id)
        table = found.order_by(*order).select(*SHOWN, *TYPED).to_pyarrow()
        typed = any(table[name].null_count < table.num_rows for name in TYPED)
        return table if typed else table.select(list(SHOWN))

    @property
    def uncovered(self) -> Text | None:
        """What is said where no release speaks about any of it, in the words of the questions; None where one does."""
        if self.scope.covered:
            return None
        return hidden_from(self.scope) or refuse_uncovered(
            self.scope.params.country, self.scope.period, self._world.places(self.wanted.params, self._needs)
        )

    @property
    def closed(self) -> list[ReleaseRef]:
        """The releases among them whose single records may not be handed on."""
        return [ref for ref in self.scope.releases if not (ref.redistributable or ref.beside)]

    def points(self, most: int) -> Any:
        """What a map draws, an Arrow table: the records that stand for a place, at most so many, the last days first.

        A record without coordinates (a sum) has the cell it was summed in. Regions and countries are never among
        them: see `outside`.
        """
        rows = self.rows.filter(self.rows.where_precision.isin(list(LOCATED)) & self.rows.cell.notnull())
        order = (rows.date_start.desc(), rows.release, rows.event_id)
        return rows.order_by(*order).select(*DRAWN).limit(most).to_pyarrow()

    def cells(self) -> Any:
        """Events and deaths by cell and month, an Arrow table as `totals` has it; without a cell what is not drawn."""
        return rows_by(totals, self.rows, by=("cell", "month"))

    def outside(self) -> Any:
        """What stands for no place, by precision and month, an Arrow table: it is counted beside a map."""
        return rows_by(outside_places, self.rows)


DRAWN = ("release", "event_id", "date_start", "lat", "lon", "cell", "where_precision", "violence", "event_type", "dyad",
         "place_as_written", "n_events", "deaths_low", "deaths_best", "deaths_high")  # fmt: skip


def listing(world: World, wanted: Wanted, needs: Iterable[Dimension] = ()) -> Listing:
    """The records that are wanted. `needs` are what the releases must tell apart, beyond what is asked about.

    Raises UsageError as questions do: for a name that nobody has, a country that is not named.
    """
    scope = world.scope(wanted.params, needs)
    rows, conditions = scope.rows, []
    if wanted.admin1:
        conditions.append(rows.admin1_as_written.isin(list(wanted.admin1)))
    if wanted.precision:
        conditions.append(rows.where_precision.isin(list(wanted.precision)))
    if wanted.at_least:
        conditions.append(rows.deaths_best >= wanted.at_least)
    if wanted.words.strip():
        conditions.append(_with_words(rows, wanted.words))
    found = rows.filter(*conditions) if conditions else rows
    return Listing(wanted, scope, found, world, tuple(needs))


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def strip_accents(text: str) -> str:  # type: ignore[empty-body]
    """Letters without their accents: a function of DuckDB."""


def _with_words(rows: Any, words: str) -> Any:
    """Whether all of some words stand in a record, each in any of the columns `WORDS_IN`."""
    own = [rows[name].fill_null("") for name in WORDS_IN]
    text = strip_accents(functools.reduce(lambda one, other: one + "\n" + other, own).lower())
    found = ibis.literal(True)
    for word in words.split():
        found = found & text.contains(strip_accents(ibis.literal(word.lower())))
    return found


@dataclass(frozen=True)
class Offered:
    """What a filter can be set to: names by how many events they have."""

    places: tuple[str, ...]
    """ISO3 codes that the releases speak about."""
    actors: tuple[str, ...]
    dyads: tuple[str, ...]
    admin1: tuple[str, ...]
    event_types: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None


def offered(world: World, params: Params, needs: Iterable[Dimension] = ()) -> Offered:
    """What there is to choose from in the countries asked about, over all days."""
    asked = Params(country=params.country, source=params.source, release=params.release, known_by=params.known_by)
    needed = tuple(sorted(needs))
    return _kept(world, f"offered {asked} {needed}", lambda: _offered(world, asked, needed))


MOST_KEPT = 500
Made = TypeVar("Made")


def _kept(world: World, key: str, make: Callable[[], Made]) -> Made:
    """What is made under a key, kept with the world; all is forgotten where it becomes too much."""
    if key not in world.listed:
        if len(world.listed) >= MOST_KEPT:
            world.listed.clear()
        world.listed[key] = make()
    found: Made = world.listed[key]
    return found


def _offered(world: World, asked: Params, needs: tuple[Dimension, ...]) -> Offered:
    places = world.places(asked, needs)
    if world.typed(asked):
        asked = replace(asked, event_type=("all",))
    scope = world.scope(asked, needs)
    parties = by_party(scope.rows, "n_events")
    columns = ("dyad", "admin1_as_written", "event_type")
    found = {"party": _often(parties, "party")} | {name: _often(scope.rows, name) for name in columns}
    spoken = world.spoken(asked, needs).values()
    return Offered(places, found["party"], found["dyad"], tuple(sorted(found["admin1_as_written"])),
                   tuple(sorted(found["event_type"])), min((p.start for p in spoken), default=None),
                   max((p.end for p in spoken), default=None))  # fmt: skip


def _often(rows: Any, name: str) -> tuple[str, ...]:
    counted = rows.filter(rows[name].notnull()).group_by(word=rows[name]).agg(n=rows.n_events.sum())
    found = counted.order_by(ibis.desc("n"), "word").limit(MOST_NAMES).to_pyarrow()
    return tuple(found["word"].to_pylist())

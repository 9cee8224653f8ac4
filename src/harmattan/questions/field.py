"""The events of a scope in memory with the groups that are a side of them: the field that groups compete in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.dossier.book import Book
from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.competition import sides
from harmattan.measures.events import listed
from harmattan.questions.actors import party
from harmattan.questions.build import Line
from harmattan.questions.groups import is_group
from harmattan.questions.naming import wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.schema import EVENTS

SLIM = (
    "release", "event_id", "iso3", "date_start", "where_precision", "cell", "n_events", "deaths_low", "deaths_best",
    "deaths_high", "deaths_civilians", "dyad", "actors_a", "actors_b", "type_a", "type_b", "admin1_as_written",
)  # fmt: skip
ABOUT_GROUPS = T(
    "Groups are parties that are no state: UCDP writes states as governments, ACLED gives a kind of each actor, and "
    "the dossier says what its actors are. An actor that the source does not know is no group."
)


@dataclass(frozen=True)
class Field:
    """The events of a scope in memory, and the groups that are a side of any."""

    scope: Scope
    table: pa.Table
    """The columns `SLIM`, and the areas that the rows are told apart by."""

    @classmethod
    def of(cls, scope: Scope, *, also: Sequence[str] = ()) -> Field:
        """The events of a scope, with further columns; those of the regions asked for, where some are.

        Raises UsageError for a region that no event is in.
        """
        areas = [name for name in ("admin1", "admin2") if scope.laid is not None and name in scope.params.by]
        table = rows_by(listed, scope.rows, columns=(*SLIM, *areas, *also))
        return cls(scope, _of_regions(table, scope.params.region) if scope.params.region else table)

    @property
    def book(self) -> Book | None:
        """The dossier, where the parties are counted at one of its levels."""
        return self.scope.told.book if self.scope.told else None

    @property
    def rows(self) -> Any:
        """The events as an Ibis table."""
        return ibis.memtable(self.table)

    @cached_property
    def parties(self) -> pa.Table:
        """The parties of the events, one by one, as `measures.competition.sides` has them."""
        return rows_by(sides, self.rows)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups, in the order of letters."""
        types: dict[str, list[str | None]] = {}
        for row in self.parties.select(["party", "type"]).group_by(["party", "type"]).aggregate([]).to_pylist():
            types.setdefault(row["party"], []).append(row["type"])
        return tuple(sorted(name for name, kinds in types.items() if is_group(name, self.book, types=kinds)))

    @cached_property
    def sided(self) -> pa.Table:
        """Of the parties those that are groups."""
        return self.parties.filter(pc.is_in(self.parties["party"], pa.array(self.groups, pa.string())))

    def called(self, name: str) -> Any:
        """What a group is called in a row."""
        return party(self.book, name)

    def spoken(self, name: str) -> Any:
        """What a group is called in a sentence."""
        return self.called(name) if self.book and name in self.book.actors else Verbatim(name)

    def line(self, values: Mapping[str, Any], keys: Sequence[str]) -> Line:
        """A row that rests on the records with some keys."""
        to = {"table": EVENTS.name, "keys": tuple(sorted(keys))}
        return Line(dict(values) | {"records": len(keys)}, self.scope.criteria.narrowed(**to))


def scoped(world: World, params: Params, needs: Iterable[Any]) -> Scope:
    """The events of everybody, with the actors that were asked for settled in its parameters.

    A share is of the activity of all groups, so the events are not narrowed to those of some. Raises UsageError for
    an actor that the releases, or the dossiers, do not know.
    """
    scope = world.scope(replace(params, actor=()), needs=needs)
    if not params.actor:
        return scope
    if scope.told is not None:
        wanted = wanted_actors(replace(scope.told, params=params))
    else:
        wanted = params.actor
        world.check_names(params, scope.selection)
    return replace(scope, params=replace(scope.params, actor=wanted))


def no_group(name: str) -> UsageError:
    """What is said where somebody asks for a party that is no group."""
    return UsageError(
        T("{name} is no non-state group, and shares are of these.", name=Verbatim(name)),
        do=T("Ask harmattan ask actors for any party."),
    )


def _of_regions(table: pa.Table, asked: Sequence[str]) -> pa.Table:
    written = table["admin1_as_written"].to_pylist()
    there = sorted({name for name in written if name})
    found: set[str] = set()
    for words in asked:
        fits = {name for name in there if f"{name.casefold()} ".startswith(f"{words.strip().casefold()} ")}
        if not fits:
            raise UsageError(
                T("No event asked about was coded to a region called {words}.", words=Verbatim(words)),
                available=did_you_mean(nearest(words, there)),
            )
        found |= fits
    return table.filter(pa.array([name in found for name in written], pa.bool_()))


def region_caveats(scope: Scope) -> list[Text]:
    """What a region is, where regions were asked for."""
    if not (scope.params.region or "region" in scope.params.by):
        return []
    return [
        T(
            "A region is the first-order area that the publisher of the events names, whatever boundaries are in use; "
            "an event without one is in no region."
        )
    ]

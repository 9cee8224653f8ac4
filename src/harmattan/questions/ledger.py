"""The events of the releases in use in memory, with who took part at every level of the dossier, to be counted fast.

Read once for the countries that the releases speak about; every further count is a few masks over arrays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.dossier.lineage import counted_under
from harmattan.questions.naming import actor_of
from harmattan.questions.parameters import LEVELS, Params
from harmattan.questions.world import World
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.event_types import CIVILIANS
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.schema import LOCATED

NEEDS: tuple[Dimension, ...] = ("cell", "dyad", "actor")
MOST_COUNTRIES = 16
"""Releases of so many countries are read whole; of larger ones only the countries asked about."""
READ = (
    "release", "event_id", "iso3", "date_start", "date_end", "date_precision", "where_precision", "cell", "violence",
    "event_type", "admin1_as_written", "n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians",
    "n_range_broken", "actors_a", "actors_b",
)  # fmt: skip
PARTIES = ("actors_a", "actors_b", "perpetrator")
COUNTED = ("n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "n_range_broken")
Mask = Any
"""A numpy array of truth values, one for each record."""
NOWHERE = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Parties:
    """Who took part in which records at one level: by name the positions of the records, in order."""

    a: Mapping[str, Any]
    b: Mapping[str, Any]
    perpetrator: Mapping[str, Any]

    @cached_property
    def names(self) -> frozenset[str]:
        """Everybody who is a party of any record."""
        return frozenset(self.a) | frozenset(self.b)


@dataclass(frozen=True)
class Naming:
    """Under which names of the releases somebody is found: of each level whose party it is, from the narrowest on.

    `levels` is empty where the releases never have it as a party. `stands_for` is the government that the releases
    write in the place of its force; `within` the larger body that they do write, where the actor itself is none.
    The name of a network means all of it; `alone` are the names of those that the releases put under nothing narrower.
    """

    said: str
    actor: str | None
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    """Pairs of a level and the names it is found by there: its own, and that which it is counted under."""
    stands_for: str | None = None
    within: str | None = None
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """Every record of some countries up to the as-of date, as arrays in one order."""

    world: World
    params: Params
    needs: tuple[Dimension, ...]
    table: Any
    """The columns `READ`, in the order of release and id."""
    _masks: dict[tuple[str, frozenset[str]], Mask] = field(default_factory=dict, repr=False, compare=False)
    _sides: dict[str, Parties] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def keys(self) -> list[str]:
        """Each record as release:event_id."""
        columns = (self.table[name].to_pylist() for name in ("release", "event_id"))
        return [f"{release}:{event}" for release, event in zip(*columns, strict=True)]

    @cached_property
    def start(self) -> Any:
        """First days, datetime64[D]."""
        return self.table["date_start"].to_numpy().astype("datetime64[D]")

    @cached_property
    def end(self) -> Any:
        """Last days, datetime64[D]."""
        return self.table["date_end"].to_numpy().astype("datetime64[D]")

    @cached_property
    def by_month(self) -> Mask:
        """Whether the day is known to a month only."""
        return self._among("date_precision", ("month",))

    @cached_property
    def located(self) -> Mask:
        """Whether the record stands for a place."""
        return self._among("where_precision", LOCATED)

    @cached_property
    def cell(self) -> Any:
        """PRIO-GRID gid; 0 where there is none or the record stands for a region or country."""
        return np.where(self.located, self.table["cell"].fill_null(0).to_numpy(), 0)

    @cached_property
    def attacks(self) -> Mask:
        """Whether it is violence against civilians whose author the source names."""
        return self._among("violence", ("one_sided",)) | self._among("event_type", (CIVILIANS,))

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The counts, NaN where the source gives none."""
        return {name: self.table[name].cast("float64").fill_null(np.nan).to_numpy() for name in COUNTED}

    def of_countries(self, codes: Iterable[str]) -> Mask:
        """The records of some countries."""
        return self._among("iso3", codes)

    def of_kinds(self, kinds: Iterable[str]) -> Mask:
        """The records of some kinds of violence; all, where none is said."""
        said = tuple(kinds)
        return self._among("violence", said) if said else np.ones(len(self.table), dtype=bool)

    @cached_property
    def with_region(self) -> Mask:
        """Whether the publisher names the first-order area."""
        return self.table["admin1_as_written"].is_valid().to_numpy()

    def of_regions(self, regions: Iterable[str]) -> Mask:
        """The records that their publisher puts into some first-order areas."""
        wanted = [name.casefold() for name in regions]
        written = sorted({name for name in self.table["admin1_as_written"].to_pylist() if name})
        fits = [n for n in written if any(f"{n.casefold()} ".startswith(f"{name} ") for name in wanted)]
        return self._among("admin1_as_written", fits)

    def sides(self, level: str) -> Parties:
        """Who took part, at a level."""
        if level not in self._sides:
            self._sides[level] = self._parties(level)
        return self._sides[level]

    def party(self, level: str, names: Iterable[str], side: str = "") -> Mask:
        """The records in which any of some names is a party, on either side or on one (a, b, perpetrator)."""
        there, found = self.sides(level), np.zeros(len(self.table), dtype=bool)
        for name in names:
            for column in (side,) if side else ("a", "b"):
                found[getattr(there, column).get(name, NOWHERE)] = True
        return found

    def naming(self, words: str, day: dt.date) -> Naming:
        """Under which names somebody is found. Raises UsageError for a name that nobody knows."""
        if words in self.sides("name").names and words not in self._book.actors:
            found = self._told.resolver.resolve(words).actor if self._told.held else None
            if found is None:
                return Naming(words, None, (("name", (words,)),))
        actor = actor_of(self._told, words)
        kind = self._book.actors[actor].kind
        levels = [level for level in LEVELS[1:] if actor in self.sides(level).names]
        if levels:
            whole = kind == "network" and "family" in levels
            first = LEVELS.index("family" if whole else levels[0])
            named = tuple((level, self._above(actor, level, day)) for level in LEVELS[first:])
            return Naming(words, actor, named, alone=(actor,) if whole and "actor" in levels else ())
        parent = counted_under(self._book, actor, "parent", day)
        if parent == actor or parent not in self.sides("parent").names:
            return Naming(words, actor, ())
        if self._book.actors[parent].kind == "government" and kind == "state_force":
            return Naming(words, actor, tuple((level, (parent,)) for level in LEVELS[1:]), stands_for=parent)
        return Naming(words, actor, (), within=parent)

    def _above(self, actor: str, level: Any, day: dt.date) -> tuple[str, ...]:
        return tuple(dict.fromkeys((actor, counted_under(self._book, actor, level, day))))

    @cached_property
    def _told(self) -> Any:
        return self.world.told(self.params)

    @cached_property
    def _book(self) -> Any:
        return self._told.book

    def _among(self, column: str, values: Iterable[str]) -> Mask:
        key = (column, frozenset(values))
        if key not in self._masks:
            listed = self.table[column].to_pylist()
            self._masks[key] = np.fromiter((value in key[1] for value in listed), dtype=bool, count=len(listed))
        return self._masks[key]

    def _parties(self, level: str) -> Parties:
        """Who took part, by the rules by which every question counts at a level (`World.events`)."""
        params = replace(self.params, level=level)
        told = None if level == "name" else self._told
        selection = self.world.selected(params, self.needs)[1]
        events = self.world.events(selection, told, params, _of_types(self.world, self.params))
        rows = events.select("release", "event_id", *PARTIES)
        listed = rows.order_by("release", "event_id").to_pyarrow()
        found: dict[str, dict[str, list[int]]] = {"a": {}, "b": {}, "perpetrator": {}}
        for n, (a, b, who) in enumerate(zip(*(listed[name].to_pylist() for name in PARTIES), strict=True)):
            alone = (who or "").split("+") if level != "name" else [who or ""]
            for side, names in (("a", a or ()), ("b", b or ()), ("perpetrator", filter(None, alone))):
                for name in names:
                    found[side].setdefault(name, []).append(n)
        return Parties(**{side: {name: np.array(at) for name, at in of.items()} for side, of in found.items()})


def ledger(world: World, params: Params, needs: tuple[Dimension, ...] = NEEDS) -> Ledger:
    """The events of the countries asked about, or of all that the releases speak about where these are few."""
    places = world.places(params, needs)
    asked = tuple(sorted(set(params.country) & set(places))) or params.country
    common = Params(country=places if 0 < len(places) <= MOST_COUNTRIES else asked, as_of=params.as_of,
                    known_by=params.known_by, release=params.release, source=params.source,
                    event_type=params.event_type)  # fmt: skip
    key = (f"ledger {' '.join(needs)}", common)
    if key not in world._panels:
        world._panels[key] = Ledger(world, common, needs, _read(world, common, needs))
    found: Ledger = world._panels[key]
    return found


def _read(world: World, params: Params, needs: tuple[Dimension, ...]) -> Any:
    _settled, selection = world.selected(params, needs)
    rows = world.events(selection, None, params, _of_types(world, params))
    return rows.select(*READ).order_by("release", "event_id").to_pyarrow()


def _of_types(world: World, params: Params) -> Criteria:
    return Criteria(event_types=world.typed(params))

"""The bases that a question is about: those of the dossiers, and of Geo-PKO where no dossier has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.errors import UsageError
from harmattan.lake.shelf import Held
from harmattan.questions.bases import SITE_KM, Base, apart, of_records, placed
from harmattan.questions.deployed import deployed
from harmattan.questions.library import Told
from harmattan.questions.naming import actor_of, members
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim, counted, listing


@dataclass(frozen=True)
class Stations:
    """The bases on record, where they come from, and what has to be said of them."""

    bases: tuple[Base, ...]
    told: Told
    along: tuple[Held, ...]
    """Releases beside the dossiers: deployments, and towns that say where a place is."""
    twice: int = 0
    """Bases of a table of deployments that a dossier has too, which count there."""

    @property
    def held(self) -> tuple[Held, ...]:
        """Every release that says where or when a force stood."""
        return (*self.told.held, *self.along)

    def of_forces(self) -> tuple[Base, ...]:
        """The bases of the forces asked for and of all that belonged to them. Raises UsageError for an unknown name."""
        if not self.told.params.force:
            return self.bases
        own = {base.force for base in self.bases}
        wanted: set[str] = set()
        for name in self.told.params.force:
            here = {force for force in own if force.casefold() == name.casefold()}
            wanted |= here or members(self.told.book, _actor(self.told, name))
        return tuple(base for base in self.bases if base.force in wanted)

    def said(self) -> list[Text]:
        """What has to be said: bases without a place, and bases that two sources have."""
        lost = [base for base in self.of_forces() if not base.placed]
        found = [_unplaced(lost)] if lost else []
        if self.twice:
            found.append(
                T(
                    "{bases} of the maps of deployments stand in the dossier too and count there, by its dates.",
                    bases=counted(self.twice, "{n} base", "{n} bases"),
                )
            )
        return found


def stations(world: World, told: Told, countries: Sequence[str], *, both: bool = False) -> Stations:
    """Every base on record in some countries, in all where none is named.

    A base that a dossier and the maps of deployments both have counts once, by the dossier, unless `both` is asked.
    """
    there = [
        record
        for record in told.book.presence
        if record.kind != "mission" and (not countries or record.country in countries)
    ]
    of_dossier = of_records(told.book, there)
    bases, towns = placed(world, told, of_dossier)
    sent, held = deployed(world, told, countries)
    known = [base for base in bases if base.placed]
    new = [base for base in sent if both or not any(_same(base, other) for other in known)]
    along = (*towns, *([held] if held else []))
    return Stations((*bases, *new), told, along, len(sent) - len(new))


def _actor(told: Told, name: str) -> str:
    if told.book.actors:
        return actor_of(told, name)
    raise UsageError(
        T("No force is called {name} here.", name=Verbatim(name)), do=T("Leave --force out to see which there are.")
    )


def _same(base: Base, other: Base) -> bool:
    """Whether the other is a base of the same force at the same place."""
    return base.force == other.force and apart(base, other) <= SITE_KM


def _unplaced(lost: Sequence[Base]) -> Text:
    names = list(dict.fromkeys(f"{base.place} ({base.country})" for base in lost))
    return T(
        "Left out, since nothing here says where the place lies: {bases} at {places}. A table of towns has them: "
        "harmattan ingest towns FILE.",
        bases=counted(len(lost), "{n} base", "{n} bases"),
        places=listing([Verbatim(name) for name in names]),
    )

"""A dossier as questions use it: one or several releases laid over each other, and who belonged to whom on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from harmattan.dossier.records import UPWARD, Actor, Figure, Milestone, Name, Presence, Relation, Source
from harmattan.vocabulary.partial import Holds

Layer = tuple[Mapping[str, Sequence[Any]], Mapping[str, Source]]
"""The records of one dossier by list, and its sources."""


@dataclass(frozen=True)
class Held:
    """A relation or presence on a day, and whether it held for certain."""

    record: Any
    holds: Holds


@dataclass(frozen=True)
class Book:
    """The records that may speak, each list sorted by id."""

    actors: Mapping[str, Actor]
    names: tuple[Name, ...]
    relations: tuple[Relation, ...]
    presence: tuple[Presence, ...]
    milestones: tuple[Milestone, ...]
    figures: tuple[Figure, ...]
    sources: Mapping[str, Source]

    @classmethod
    def of(cls, layers: Iterable[Layer]) -> Book:
        """Lays dossiers over each other: a later one's record takes the place of an earlier one's with the same id.

        Where a later dossier has an actor anew, the earlier dossier's names of that actor go with it.
        """
        found: dict[str, dict[str, Any]] = {}
        sources: dict[str, Source] = {}
        for records, cited in layers:
            anew = {actor.id for actor in records.get("actors", ())}
            names = found.get("names", {})
            found["names"] = {key: name for key, name in names.items() if name.actor not in anew}
            for list_, entries in records.items():
                found.setdefault(list_, {}).update((entry.id, entry) for entry in entries)
            sources |= cited
        sort = {name: tuple(entries[key] for key in sorted(entries)) for name, entries in found.items()}
        return cls(
            actors={actor.id: actor for actor in sort.get("actors", ())},
            names=sort.get("names", ()),
            relations=sort.get("relations", ()),
            presence=sort.get("presence", ()),
            milestones=sort.get("milestones", ()),
            figures=sort.get("figures", ()),
            sources=sources,
        )

    def known_by(self, day: dt.date | None) -> Book:
        """What had been published by a day: records of which at least one citation can have been read by then.

        Actors and their names stay: what somebody is called is no claim.
        """
        if day is None:
            return self

        def told(record: Any) -> bool:
            return any((self.sources[c.source].date.earliest or day) <= day for c in record.cite)

        lists = ("relations", "presence", "milestones", "figures")
        kept: Any = {name: tuple(record for record in getattr(self, name) if told(record)) for name in lists}
        return replace(self, **kept)

    def label(self, actor: str, language: str) -> str:
        """What an actor is called in a language; its id where the dossier has no such actor."""
        known = self.actors.get(actor)
        return actor if known is None else known.label["fr" if language == "fr" else "en"]

    def short(self, actor: str, language: str = "en") -> str:
        """The short form of an actor for charts and tables: its acronym, else its English label."""
        known = self.actors.get(actor)
        if known is None:
            return actor
        french = language == "fr"
        return (known.short_in_french if french else None) or known.short or known.label["fr" if french else "en"]

    def standing(self, records: Iterable[Any], first: dt.date, last: dt.date) -> list[Held]:
        """The relations or presences that held on some day of a period, within the lifetimes of those they name."""
        found = []
        for record in records:
            parts = [record.validity, *(life.validity for life in self._lives(record))]
            states = [part.within(first, last) for part in parts]
            if "no" not in states and max(part.first for part in parts) <= min(part.last for part in parts):
                found.append(Held(record, "possibly" if "possibly" in states else "yes"))
        return found

    def _lives(self, record: Any) -> Iterator[Actor]:
        for field in ("subject", "object", "force"):
            actor = self.actors.get(getattr(record, field, None) or "")
            if actor is not None:
                yield actor

    @cached_property
    def _upward(self) -> dict[str, list[Relation]]:
        found: dict[str, list[Relation]] = {}
        for relation in self.relations:
            if relation.relation in UPWARD and relation.object and relation.status != "disputed":
                found.setdefault(relation.subject, []).append(relation)
        return found

    def upward(self, actor: str) -> list[Relation]:
        """The relations by which an actor ever belonged to larger ones."""
        return self._upward.get(actor, [])

    def above(self, actor: str, day: dt.date) -> list[Relation]:
        """The relations by which an actor belonged to larger ones on a day."""
        return [held.record for held in self.standing(self.upward(actor), day, day)]

    def below(self, actor: str, day: dt.date) -> list[Relation]:
        """The relations by which others belonged to an actor on a day."""
        inside = [relation for relation in self.relations if relation.relation in UPWARD and relation.object == actor]
        return [held.record for held in self.standing(inside, day, day) if held.record.status != "disputed"]

"""Which event an effect is asked of: a milestone in one country, and what else the dossier knows of those months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow.parquet as pq

from harmattan.dossier.book import Book
from harmattan.dossier.records import ActorKind, Dated, Milestone, MilestoneKind
from harmattan.errors import UsageError
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.bordering import bordering
from harmattan.questions.library import Told
from harmattan.questions.naming import members
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import Bilingual, CountryName, T, Verbatim, listing
from harmattan.vocabulary.context import COUPS
from harmattan.vocabulary.country import NEAR, did_you_mean
from harmattan.vocabulary.period import Month, Period

FORCES: tuple[ActorKind, ...] = ("mercenary", "foreign_force", "multilateral_force")
"""Actors that are sent to a country: where one of them stood, there was the same treatment."""
WEIGHTY: tuple[MilestoneKind, ...] = (
    "coup", "coup_attempt", "takeover", "intervention", "withdrawal", "handover", "expulsion", "exit", "sanctions",
    "sanctions_lifted", "suspension", "rupture", "ceasefire", "dissolution",
)  # fmt: skip
"""Milestones that may themselves have moved violence, so that no design tells them apart within one country."""
ALIKE: Mapping[str, tuple[str, ...]] = {
    "coup": ("coup", "coup_attempt"), "coup_attempt": ("coup", "coup_attempt"),
    "withdrawal": ("withdrawal", "handover"), "handover": ("withdrawal", "handover"),
}  # fmt: skip
"""Kinds of milestone that are the same treatment; a kind that is not named here is alike to itself."""


@dataclass(frozen=True)
class Case:
    """A milestone in one country, and the month from which that country counts as treated."""

    milestone: Milestone
    country: str
    start: Month

    @property
    def title(self) -> Bilingual:
        """What happened."""
        return Bilingual(self.milestone.title["en"], self.milestone.title["fr"])

    @property
    def spread(self) -> bool:
        """Whether it is not known in which month it happened."""
        date = self.milestone.date
        return date.latest is None or Month.of(date.latest) != self.start


@dataclass(frozen=True)
class Excluded:
    """The countries that are no donors because of the event, by why."""

    beside: frozenset[str] = frozenset()
    """Neighbours of the treated country."""
    named: frozenset[str] = frozenset()
    """The milestone is about them too."""
    forces: frozenset[str] = frozenset()
    """A force of the milestone stood there."""
    events: frozenset[str] = frozenset()
    """They had a milestone of its kind within the months used."""
    borders_known: bool = True
    held: tuple[Held, ...] = field(default=(), repr=False)
    """The releases that say so."""

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.beside | self.named | self.forces | self.events


def case_of(told: Told, params: Params, id_: str) -> Case:
    """The case of a milestone, by its id. Raises UsageError where none has it, or its country or month is not clear."""
    found = next((one for one in told.book.milestones if one.id == id_), None)
    if found is None:
        raise UsageError(
            T("There is no milestone {words}.", words=Verbatim(id_)),
            available=did_you_mean(_near(id_, [one.id for one in told.book.milestones])),
            do=T("harmattan ask milestones lists them, in the column milestone."),
        )
    day = found.date.earliest
    if day is None:
        raise UsageError(
            T("It is not known from when on {milestone} held ({date}).", milestone=Verbatim(id_),
              date=Verbatim(str(found.date))),
            do=T("Name a milestone with a first day: harmattan ask milestones lists them."),
        )  # fmt: skip
    return Case(found, _country(found, params), Month.of(day))


def _near(words: str, ids: list[str]) -> list[str]:
    """The ids most like the given words, part by part: ids are words with strokes between them.

    >>> _near("mli-wagner-2021", ["ner-coup-2021-03", "mli-wagner-deployment-2021-12", "mli-coup-2021-05"])[0]
    'mli-wagner-deployment-2021-12'
    """
    from rapidfuzz import fuzz

    said = words.casefold().replace("-", " ")
    likeness = {id_: fuzz.token_set_ratio(said, id_.replace("-", " ")) + fuzz.ratio(words, id_) / 10 for id_ in ids}
    return [id_ for id_ in sorted(ids, key=lambda id_: (-likeness[id_], id_)) if likeness[id_] >= NEAR][:3]


def _country(found: Milestone, params: Params) -> str:
    """The country that is treated: the one that the milestone and the question are both about."""
    here = [code for code in found.countries if not params.country or code in params.country]
    if len(here) == 1:
        return here[0]
    name = Verbatim(found.id)
    if not found.countries:
        raise UsageError(
            T("{milestone} is about no country, so that none is treated.", milestone=name),
            do=T("Name a milestone that is about one country: harmattan ask milestones lists them."),
        )
    about = listing([CountryName(code) for code in found.countries])
    if not here:
        raise UsageError(
            T("{milestone} is about {countries}, not about the countries asked about.", milestone=name,
              countries=about),
            do=T("Say --country {code}.", code=Verbatim(found.countries[0])),
        )  # fmt: skip
    raise UsageError(
        T("{milestone} is about {countries}; the effect is that on one country.", milestone=name, countries=about),
        do=T("Name one of them: --country {code}.", code=Verbatim(here[0])),
    )


def excluded(world: World, told: Told, params: Params, case: Case, used: Period) -> Excluded:
    """Who is no donor for a case: neighbours, and whoever had the same treatment within the months used."""
    borders = bordering(world.lake, params, [case.country])
    beside = borders.borders.neighbours(case.country)
    coups, held = _coups(world, params, case, used)
    return Excluded(
        beside=frozenset(beside),
        named=frozenset(case.milestone.countries) - {case.country},
        forces=frozenset(_stood(told.book, case.milestone, used)) - {case.country},
        events=frozenset(_same_kind(told.book, case.milestone, used) | coups) - {case.country},
        borders_known=bool(beside),
        held=(*borders.held, *held),
    )


def _stood(book: Book, milestone: Milestone, used: Period) -> set[str]:
    """Countries in which a force that the milestone names stood, for certain or possibly, within the months used."""
    known = [book.actors[id_] for id_ in milestone.involved if id_ in book.actors]
    own = {id_ for actor in known if actor.kind in FORCES for id_ in members(book, actor.id)}
    there = {one.country for one in book.presence if one.force in own and _within(one, used)}
    for one in book.relations:
        if one.relation == "operates_in" and one.subject in own and _within(one, used):
            there |= set(one.countries)
    return there


def _within(record: Dated, used: Period) -> bool:
    return record.validity.within(used.start, used.end) != "no"


def _same_kind(book: Book, milestone: Milestone, used: Period) -> set[str]:
    kinds = ALIKE.get(milestone.kind, (milestone.kind,))
    return {code for one in book.milestones if one.kind in kinds and _on(one, used) for code in one.countries}


def _on(one: Milestone, used: Period) -> bool:
    return one.date.day <= used.end and (one.date.latest or one.date.day) >= used.start


def _coups(world: World, params: Params, case: Case, used: Period) -> tuple[set[str], tuple[Held, ...]]:
    """The countries that had a coup or an attempt within the months used, by the newest list of them."""
    if case.milestone.kind not in ("coup", "coup_attempt"):
        return set(), ()
    there = with_table(world.lake, COUPS.name, known_by=params.known_by, pins=params.release)
    if not there:
        return set(), ()
    rows = pq.read_table(there[0].file(COUPS.name), columns=["iso3", "day"]).to_pylist()
    return {row["iso3"] for row in rows if used.start <= row["day"] <= used.end}, (there[0],)


def others(book: Book, case: Case, used: Period) -> list[Milestone]:
    """What else happened to the treated country within the months used that may have moved violence, in order."""
    found = [
        one
        for one in book.milestones
        if one.kind in WEIGHTY and one.id != case.milestone.id and case.country in one.countries and _on(one, used)
    ]
    return sorted(found, key=lambda one: (one.date.day, one.id))

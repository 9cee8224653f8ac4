"""What series are aligned to: milestones of the dossier, and coups that only Powell and Thyne's list has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from harmattan.errors import UsageError
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.library import Told
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.world import World
from harmattan.text import Bilingual, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.context import COUPS
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.period import Month, Period

GOVERNANCE = ("coup", "coup_attempt", "takeover", "mandate", "expulsion", "exit", "withdrawal")
"""The types of milestone that are taken where none is said."""
COUP_TYPES = {"successful": "coup", "failed": "coup_attempt"}
DOSSIER = "dossier"
KNOWN_WORDS = {
    "coup": Bilingual("Coup, by Powell and Thyne", "Coup d'État, selon Powell et Thyne"),
    "coup_attempt": Bilingual("Coup attempt, by Powell and Thyne", "Tentative de coup d'État, selon Powell et Thyne"),
}


@dataclass(frozen=True)
class Turn:
    """Something that happened in a month in some of the countries asked about."""

    id: str
    kind: str
    what: Bilingual
    countries: tuple[str, ...]
    written: str
    month: Month
    source: str


@dataclass(frozen=True)
class Turns:
    """The turns that a question is about, where they come from, and what has to be said of them."""

    all: tuple[Turn, ...]
    held: tuple[Held, ...]
    caveats: tuple[Text, ...]


def turns(world: World, told: Told, params: Params, asked: Period) -> Turns:
    """The milestones of the types and countries asked about whose month is known and lies in a period."""
    kinds = params.type or (() if params.milestone else GOVERNANCE)
    found: list[Turn] = []
    unknown: list[str] = []
    for m in told.book.milestones:
        countries = tuple(code for code in m.countries if code in params.country)
        if not countries or (kinds and m.kind not in kinds) or (params.milestone and m.id not in params.milestone):
            continue
        if m.date.earliest is None or m.date.latest is None or Month.of(m.date.earliest) != Month.of(m.date.latest):
            unknown.append(m.id)
            continue
        title = Bilingual(m.title["en"], m.title["fr"])
        found.append(Turn(m.id, m.kind, title, countries, str(m.date), Month.of(m.date.earliest), DOSSIER))
    listed, held = _coups(world, params, kinds)
    known = _dossier_coups(told)
    new = [one for one in listed if (one.countries[0], one.month) not in known]
    _all_known(params, told, listed)
    chosen = [one for one in (*found, *new) if asked.meet(Period.months(one.month, one.month)) is not None]
    said = [_unknown(unknown)] if unknown else []
    if len(listed) > len(new):
        said.append(T("Coups that both the dossier and {name} have stand here once, from the dossier.",
                      name=Verbatim(held[0].release.name)))  # fmt: skip
    return Turns(tuple(sorted(chosen, key=lambda one: (one.month, one.written, one.id))), held, tuple(said))


def _dossier_coups(told: Told) -> set[tuple[str, Month]]:
    """Country and month of each coup and attempt in the dossier, of whatever kind the list calls it."""
    dated = [(m, m.date.earliest) for m in told.book.milestones if m.kind in COUP_TYPES.values()]
    return {(code, Month.of(day)) for m, day in dated if day is not None for code in m.countries}


def _coups(world: World, params: Params, kinds: Sequence[str]) -> tuple[list[Turn], tuple[Held, ...]]:
    """The coups of the newest list of them in the countries asked about; none where their types are not asked for."""
    if kinds and not set(kinds) & set(COUP_TYPES.values()):
        return [], ()
    there = with_table(world.lake, COUPS.name, known_by=params.known_by, pins=params.release)
    if not there:
        return [], ()
    held, found = there[0], []
    for row in pq.read_table(held.file(COUPS.name)).to_pylist():
        kind, name = COUP_TYPES[row["outcome"]], f"{held.release.dataset}:{row['row_id'].replace(' ', '-')}"
        named = not params.milestone or name in params.milestone
        if row["iso3"] in params.country and named and (not kinds or kind in kinds):
            day: dt.date = row["day"]
            found.append(
                Turn(name, kind, KNOWN_WORDS[kind], (row["iso3"],), day.isoformat(), Month.of(day), held.release.name)
            )
    return found, (held,)


def _all_known(params: Params, told: Told, listed: Sequence[Turn]) -> None:
    known = {m.id for m in told.book.milestones} | {one.id for one in listed}
    for name in params.milestone:
        if name not in known:
            raise UsageError(
                T("There is no milestone {words}.", words=Verbatim(name)),
                available=did_you_mean(nearest(name, known)),
                do=T("harmattan ask milestones lists them, in the column milestone."),
            )


def _unknown(ids: Sequence[str]) -> Text:
    return T(
        "Left out, since their month is not known: {milestones} ({names}).",
        milestones=counted(len(ids), "{n} milestone", "{n} milestones"),
        names=listing([Verbatim(name) for name in ids]),
    )

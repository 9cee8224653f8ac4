"""`tally`: the same violence counted in every reasonable way, so that a number somebody gives can be held to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.caveats import gap_caveats, hidden_caveats, late_caveats, profile_caveats, release_caveats
from harmattan.questions.ledger import NEEDS, Ledger, Mask, Naming, ledger
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.stretches import how_covered
from harmattan.questions.world import TYPED, Scope, World
from harmattan.text import Number, T, Text, Verbatim, counted
from harmattan.vocabulary.cell import neighbours
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period
from harmattan.vocabulary.schema import EVENTS

ACCEPTS = ("country", "start", "end", "kind", "actor", "perpetrator", "against", "cell", "region", "source",
           "event_type", *ALWAYS)  # fmt: skip
DAYS_NEAR = 7
"""Single events so many days before or after a period may be what is meant."""
ALWAYS_TOLD = ("said", "record", "single", "within")
"""Ways that are told even where others take in the same records."""
SHORT = 62
"""Periods of at most so many days are about an incident: its neighbours in time may be meant too."""
COLUMNS = (
    AnswerColumn(
        "way",
        T(
            "the way of counting: said (as asked), record (the largest one), single (the largest that is one event), "
            "overlap (records whose days touch the period), within (records all of whose days lie in it), "
            "month (the whole months), incident (the cells around and "
            "the days or months beside), placed (only what stands for a place), unplaced (with what stands for none), "
            "one_sided (attacks on civilians by the perpetrator), wider (the whole country), "
            "parent and family (the actor with those beside it), alone (a network by its own name only), "
            "widest (all of that at once)"
        ),
    ),
    AnswerColumn("level", T("the level of the dossier at which actors are counted; empty: none is asked about")),
    AnswerColumn("period", T("the first and the last day counted")),
    *COUNTS,
    AnswerColumn("first_seen", T("first day of the first record")),
    AnswerColumn("first_until", T("last day on which the first record can have begun")),
    AnswerColumn("last_seen", T("first day of the last record")),
    COVERED,
    RECORDS,
    AnswerColumn("violence", T("kind of violence, where the way takes in one record only")),
    AnswerColumn("side_a", T("the first side as the publisher writes it, where the way takes in one record only")),
    AnswerColumn("side_b", T("the second side likewise; empty for civilians")),
)


def tally(world: World, params: Params) -> Answer:
    """One row for each way of counting that differs in what it takes in, the one asked for first."""
    needs = needed(world, params)
    there = ledger(world, params, needs)
    scope = _scope(world, params, there, needs)
    draft = Draft("tally", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, needs))
    lines = [_line(there, scope, way) for way in ways(there, scope)]
    caveats = (ABOUT_WAYS, *_unnamed(there, params))
    return draft.finish(lines, COLUMNS, _headline(draft, lines), chart=Chart("none"), caveats=caveats)


def _unnamed(there: Ledger, params: Params) -> Iterator[Text]:
    """Says which regions no record names, where nothing else says where they are."""
    for name in params.region if not params.cell else ():
        if not there.of_regions([name]).any():
            yield T("No record of the countries asked about names the region {name}.", name=Verbatim(name))


ABOUT_WAYS = T(
    "The ways of counting are rules of this house. Rows are not added up: most of their records are the same."
)


def needed(world: World, params: Params) -> tuple[Dimension, ...]:
    """What the releases must tell apart: as much as is asked, and where nothing is, as much as those at hand do."""
    if params.kind:
        return (*NEEDS, "kind")
    if params.actor or params.perpetrator or params.against or params.cell or params.region:
        return NEEDS
    return () if world.selected(params, NEEDS)[1].gaps else NEEDS


def _scope(world: World, params: Params, there: Ledger, needs: tuple[Dimension, ...]) -> Scope:
    """What an answer rests on, without a query of its own: the records are in memory."""
    plain = replace(params, actor=(), kind=(), cell=())
    settled, selection = world.selected(plain, needs)
    settled = replace(params, start=settled.start, end=settled.end)
    period = Period(settled.start or dt.date.min, settled.end or dt.date.max)
    if selection.gaps:
        months = Period.months(period.first_month, period.last_month)
        selection = world.selected(replace(plain, start=months.start, end=months.end), needs)[1]
    wide = _beside(period)
    criteria = Criteria(countries=params.country, start=wide.start, end=wide.end)
    types = world.typed(params)
    if types and any(held.release.family in TYPED for held in selection.holds):
        criteria = criteria.narrowed(event_types=types)
    mask = there.of_countries(params.country) & (there.start >= _day(wide.start)) & (there.start <= _day(wide.end))
    if not selection.slices:
        mask[:] = False
    profile = {"records": int(mask.sum())} | {name: int(n) for name, n in _doubts(there, mask).items()}
    caveats = (
        *hidden_caveats(selection, world.chosen(params), params, settled),
        *gap_caveats(selection, world.spoken(plain, needs)),
        *late_caveats(params, settled),
        *release_caveats(selection.holds, settled),
        *profile_caveats(profile),
    )
    told = world.told(params) if params.actor or params.perpetrator or params.against else None
    return Scope(settled, selection, criteria, None, tuple(caveats), profile, told)


def _doubts(there: Ledger, mask: Mask) -> dict[str, float]:
    numbers = there.numbers
    longer = np.array([precision == "longer" for precision in there.table["date_precision"].to_pylist()], dtype=bool)
    return {
        "range_broken": np.nansum(numbers["n_range_broken"][mask]),
        "no_low": np.isnan(numbers["deaths_low"][mask]).sum(),
        "long_dates": numbers["n_events"][mask & longer].sum(),
    }


@dataclass(frozen=True)
class Way:
    """A way of counting: its key, at which level, of which days, and the records."""

    key: str
    level: str
    period: Period
    mask: Mask


@dataclass(frozen=True)
class _Who:
    """The records of those asked about at one level."""

    level: str
    there: Mask
    attacks: Mask


def ways(there: Ledger, scope: Scope) -> Iterator[Way]:
    """Every way of counting that takes in other records than those before it; `said` always."""
    seen: set[bytes] = set()
    for way in _all(there, scope):
        mark = way.mask.tobytes()
        if way.key in ALWAYS_TOLD or mark not in seen:
            yield way
        seen.add(mark)


def _all(there: Ledger, scope: Scope) -> Iterator[Way]:
    params, period = scope.params, scope.period
    whos = _whos(there, params, period.end)
    kinds = there.of_kinds(params.kind) & there.of_countries(params.country)
    time = _Times(there, period)
    where = _Wheres(there, params)
    first, widest = whos[0], whos[-1]
    said = kinds & where.said & time.said & first.there
    level = first.level
    yield Way("said", level, period, said)
    if first.attacks is not None and (params.perpetrator or not params.actor):
        yield Way("one_sided", level, period, kinds & where.said & time.said & first.attacks)
    touched = kinds & where.said & time.touched & first.there
    short = time.short or where.narrow
    if touched.any():
        numbers = there.numbers
        yield Way("record", level, period, _largest(touched, numbers["deaths_best"]))
        alone = touched & (numbers["n_events"] == 1)
        if alone.any():
            yield Way("single", level, period, _largest(alone, numbers["deaths_best"]))
    yield Way("overlap", level, period, touched)
    yield Way("within", level, period, touched & time.within)
    if time.short:
        yield Way("month", level, time.months, kinds & where.said & time.in_months & first.there)
    if short:
        yield Way("incident", level, time.beside, kinds & where.around & time.near & first.there)
    yield Way(
        "placed" if not where.narrow else "unplaced", level, period, kinds & where.other & time.said & first.there
    )
    if where.narrow:
        yield Way("wider", level, period, kinds & time.touched & first.there)
    for who in whos[1:]:
        yield Way(who.level, who.level, period, kinds & where.said & time.said & who.there)
    if (alone := _alone(there, params, period.end)) is not None:
        yield Way("alone", "actor", period, kinds & where.said & time.said & alone.there)
    most = kinds & (time.near if short else time.touched) & widest.there
    yield Way("widest", widest.level, time.beside if short else period, most)


class _Times:
    """The records of a period, by each way of laying records to it."""

    def __init__(self, there: Ledger, period: Period) -> None:
        first, last = _day(period.start), _day(period.end)
        self.months = Period.months(period.first_month, period.last_month)
        self.beside = _beside(period)
        in_months = (there.start >= _day(self.months.start)) & (there.start <= _day(self.months.end))
        starts = (there.start >= first) & (there.start <= last)
        self.short = (period.end - period.start).days < SHORT
        self.touched = (there.start <= last) & (there.end >= first)
        self.said = starts | (there.by_month & self.touched)
        self.within = (there.start >= first) & (there.end <= last)
        self.in_months = in_months | self.said
        reach = np.timedelta64(DAYS_NEAR, "D")
        days = (there.start <= last + reach) & (there.end >= first - reach)
        months = (there.start <= _day(self.beside.end)) & (there.end >= _day(self.beside.start))
        self.near = np.where(there.by_month, months, days) | self.touched


class _Wheres:
    """The records of a place, and of what lies around it."""

    def __init__(self, there: Ledger, params: Params) -> None:
        everywhere = np.ones(len(there.table), dtype=bool)
        self.narrow = bool(params.cell or params.region)
        if not self.narrow:
            self.said = self.around = everywhere
            self.other = there.located
            return
        around = {near for gid in params.cell for near in neighbours(gid)} | set(params.cell)
        by_name = there.of_regions(params.region)
        unnamed = ~there.with_region if params.region else everywhere
        self.said = (np.isin(there.cell, list(params.cell)) & unnamed) | by_name
        self.around = np.isin(there.cell, list(around)) | self.said
        self.other = self.said | ~there.located


def _whos(there: Ledger, params: Params, day: dt.date) -> list[_Who]:
    """The records of those asked about, at the narrowest level at which all are found and at those above it."""
    everybody = np.ones(len(there.table), dtype=bool)
    groups = _named(there, params, day)
    named = [naming for group in groups.values() for naming in group]
    if not named:
        return [_Who("", everybody, there.attacks)]
    found = []
    for level in ("name", "actor", "parent", "family"):
        if any(level in dict(naming.levels) for naming in named):
            found.append(_at(there, groups, level))
    return found or [_Who("actor", ~everybody, ~everybody)]


def _alone(there: Ledger, params: Params, day: dt.date) -> _Who | None:
    """The records of networks by their own names only; None where no network is asked about."""
    groups = _named(there, params, day)
    if not any(naming.alone for group in groups.values() for naming in group):
        return None
    narrow = {
        name: [replace(one, levels=(("actor", one.alone),)) if one.alone else one for one in group]
        for name, group in groups.items()
    }
    return _at(there, narrow, "actor")


def _named(there: Ledger, params: Params, day: dt.date) -> dict[str, list[Naming]]:
    return {
        name: [there.naming(words, day) for words in getattr(params, name)]
        for name in ("actor", "perpetrator", "against")
    }


def _at(there: Ledger, groups: dict[str, list[Naming]], level: str) -> _Who:
    """The records at one level: every actor asked about, any perpetrator, and any of those it is against."""
    everybody = np.ones(len(there.table), dtype=bool)

    def of(naming: Naming, side: str = "") -> Mask:
        own = dict(naming.levels)
        if not own:
            return ~everybody
        at = level if level in own else next(iter(own))
        return there.party(at, own[at], side)

    def any_of(group: str, side: str = "") -> Mask:
        masks = [of(naming, side) for naming in groups[group]]
        return np.logical_or.reduce(masks) if masks else everybody

    actors = np.logical_and.reduce([everybody, *(of(naming) for naming in groups["actor"])])
    met = any_of("perpetrator") & any_of("against")
    if groups["perpetrator"] and groups["against"]:
        met = (any_of("perpetrator", "a") & any_of("against", "b")) | (
            any_of("perpetrator", "b") & any_of("against", "a")
        )
    attacks = there.attacks & actors & met
    if groups["perpetrator"]:
        attacks &= any_of("perpetrator", "perpetrator")
    return _Who(level, actors & met, attacks)


def _largest(mask: Mask, values: Any) -> Mask:
    found = np.zeros(len(mask), dtype=bool)
    found[int(np.argmax(np.where(mask, np.nan_to_num(values), -1.0)))] = True
    return found


def _line(there: Ledger, scope: Scope, way: Way) -> Line:
    at = np.flatnonzero(way.mask)
    values: dict[str, Any] = {"way": way.key, "level": way.level, "period": str(way.period)}
    names = ("events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
    for name, column in zip(names, ("n_events", *names[1:]), strict=True):
        total = float(there.numbers[column][at].sum())
        values[name] = None if np.isnan(total) else int(total)
    starts = there.start[at]
    values |= dict.fromkeys(("first_seen", "first_until", "last_seen"))
    if len(at):
        first = starts.min()
        one = at[starts == first]
        dated = there.start[one][~there.by_month[one]]
        until = first if len(dated) else there.end[one].min()
        values |= {"first_seen": str(first), "first_until": str(until), "last_seen": str(starts.max())}
    values |= _coding(there, at)
    values |= {"covered": how_covered(scope, scope.params.country, scope.period), "records": len(at)}
    keys = tuple(sorted(there.keys[n] for n in at))
    return Line(values, scope.criteria.narrowed(table=EVENTS.name, keys=keys))


def _coding(there: Ledger, at: Any) -> dict[str, Any]:
    """How a single record is coded: its kind of violence and its sides as written.

    Nothing for several, nor for one that may not be handed on.
    """
    names = ("violence", "side_a", "side_b")
    if len(at) != 1:
        return dict.fromkeys(names)
    row = there.table.slice(int(at[0]), 1).to_pylist()[0]
    if not there.world.lake.find(row["release"]).release.origin.licence.redistributable:
        return dict.fromkeys(names)
    sides = [", ".join(row[f"actors_{side}"] or ()) or None for side in "ab"]
    return dict(zip(names, (row["violence"], *sides), strict=True))


def _beside(period: Period) -> Period:
    """The months that a period touches, with the month before and the month after."""
    return Period.months(period.first_month + -1, period.last_month + 1)


def _day(day: dt.date) -> Any:
    return np.datetime64(day, "D")


def _headline(draft: Draft, lines: Sequence[Line]) -> Text:
    said, scope = lines[0].values, draft.scope
    row = f"{draft.id}.1"
    return T(
        "{where}, {start} to {end}: {events} with {deaths} as asked, and {n} to count it.",
        where=about(scope),
        start=scope.period.start,
        end=scope.period.end,
        events=counted(Number(said["events"], row), "{n} event", "{n} events"),
        deaths=counted(Number(said["deaths_best"], row), "{n} death", "{n} deaths"),
        n=counted(len(lines) - 1, "{n} other way", "{n} other ways"),
    )


def _opens(world: World, params: Params) -> Any:
    """The records that evidence cuts from: of all days, since ways of counting reach beyond the days asked about."""
    wide = replace(params, start=None, end=None, kind=(), actor=(), cell=())
    return world.events(world.selected(wide, needed(world, params))[1], None, wide)


QUESTION = Question(
    "tally",
    T(
        "How many events, deaths and civilians killed there were in a place and period, counted in every reasonable "
        "way: the largest record, the incident with its neighbours in time and place, the month, the wider place; by "
        "first day or by overlap; with and without records that stand for no place; attacks on civilians alone; the "
        "actor alone, with its larger body, with its network. Several actors must all take part. A number outside all "
        "of these is contradicted by the data; one inside one of them is not."
    ),
    None,
    ACCEPTS,
    COLUMNS,
    tally,
    opens=_opens,
)

"""`competition`: which group holds which share of the activity, how contested the ground is, and who fights whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.competition import active, activity, between, concentration, contested, fights
from harmattan.questions import contest_words as words
from harmattan.questions.actors import known_id, level_caveats
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.areas import LEVELS
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line
from harmattan.questions.casualties import DIMENSIONS, IDS
from harmattan.questions.field import ABOUT_GROUPS, Field, no_group, region_caveats, scoped
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.records import months_before
from harmattan.questions.stretches import how_covered
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, T, Verbatim
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period, parse_from, parse_to
from harmattan.vocabulary.schema import LOCATED

ACCEPTS = ("country", "start", "end", "by", "window", "kind", "actor", "dyad", "level", "region", "source",
           "event_type", *ALWAYS)  # fmt: skip
TIMES = ("month", "year", "window")
COUNTED = ("release", "event_id", "n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "dyad")
PLACES = ("country", "admin1", "admin2", "region", "cell")
BY = (*TIMES, *PLACES, "actor", "dyad")
PERIOD = AnswerColumn(
    "period",
    T("the month or year, or the first and last day; windows are as many months long as --window says, end with the "
      "last day asked about or where the next begins, and lie wholly in the days asked about"),
)  # fmt: skip
REGION = AnswerColumn("region", T("first-order area as the publisher of the events writes it; empty: none is said"))
PLACED = {**DIMENSIONS, "region": REGION}
GROUP = (
    AnswerColumn("group", T("the group, as the publisher writes it, or at another level as the dossier calls it")),
    AnswerColumn("group_id", T("the dossier's id; empty at the level of names, or where none is known")),
)
SHARE = (
    AnswerColumn("share", T("events in which it is a side, of those of all groups in the row's time and place"), "%"),
    AnswerColumn("events_as_a", T("events in which it is a part of the publisher's side a"), "events"),
    AnswerColumn("deaths_as_a", T("deaths in these, best estimate"), "deaths"),
    AnswerColumn("days_per_event", T("days of the period for each event; empty where not all are covered"), "days"),
)
PAIR = (
    AnswerColumn("pair", T("the two groups, as the publisher or, at another level, the dossier calls them")),
    AnswerColumn("one", T("the first of them in the order of letters; at a level of the dossier its id")),
    AnswerColumn("other", T("the other; where a side has several groups they are joined by +")),
)
SPREAD = (
    AnswerColumn("groups", T("groups that were a side of an event")),
    AnswerColumn("effective", T("groups of one size that would be as concentrated: 1 / sum of squared shares")),
    AnswerColumn("entropy", T("Shannon's entropy of the shares, in nats: - sum of share times its logarithm")),
    AnswerColumn("evenness", T("the entropy divided by the most it can be with as many groups: 0 one group holds all, "
                               "1 all hold as much; 0 with one group")),
    AnswerColumn("leader", T("the group with most events; of those with as many the one with most deaths in them")),
    AnswerColumn("leader_id", T("the dossier's id; empty at the level of names, or where none is known")),
    AnswerColumn("leader_share", T("its share of the events of all groups"), "%"),
    AnswerColumn("fights", T("events between groups alone"), "events"),
    AnswerColumn("cells", T("half-degree cells in which a group was active")),
    AnswerColumn("contested", T("of these, cells in which at least two groups were")),
    AnswerColumn("compared", T("cells in which a group was active both then and in the period before")),
    AnswerColumn("changed", T("of these, cells with another leading group than in the period before")),
    AnswerColumn("turnover", T("changed in percent of compared; empty where none can be compared"), "%"),
)  # fmt: skip
COLUMNS = (PERIOD, *PLACED.values(), *IDS.values(), *GROUP, *PAIR, *COUNTS, *SHARE, *SPREAD, COVERED, RECORDS)


def competition(world: World, params: Params) -> Answer:
    """Shares of groups (by actor), fights between them (by dyad), or how contested each time and place was."""
    by = params.by or ("year",)
    _check(params, by)
    needs = _needs(params, by)
    scope = scoped(world, params, needs)
    draft = Draft("competition", scope, ACCEPTS)
    columns = _columns(by)
    if not scope.covered:
        return draft.not_covered(columns, world.places(params, needs))
    contest = Contest(draft, Field.of(scope), by)
    found = contest.pairs() if "dyad" in by else contest.shares() if "actor" in by else contest.units()
    lines = sorted(found, key=words.order)
    caveats = [ABOUT_GROUPS, *region_caveats(scope), *level_caveats(scope)]
    caveats += words.about_cells(contest.field, by)
    headline = words.headline(draft, contest.field, by, lines)
    return draft.finish(lines, columns, headline, chart=words.chart(by), caveats=caveats)


def _check(params: Params, by: tuple[str, ...]) -> None:
    if sum(time in by for time in TIMES) > 1:
        raise UsageError(T("Rows can be by month, by year or by window, not by several."), do=T("Say one of them."))
    if {"actor", "dyad"} <= set(by):
        raise UsageError(T("Rows can be by actor or by dyad, not by both."), do=T("Leave one of them out."))
    if params.actor and not {"actor", "dyad"} & set(by):
        raise UsageError(
            T("How contested a place is cannot be told of some groups alone."),
            do=T("Say --by actor for the shares of groups, or --by dyad for whom they fight."),
        )


def _needs(params: Params, by: tuple[str, ...]) -> set[Dimension]:
    needs: set[Dimension] = {"actor", "dyad"}
    needs |= {"cell"} if "cell" in by or not {"actor", "dyad"} & set(by) else set()
    return needs | ({"day", "cell"} if {"region", *LEVELS} & set(by) or params.region else set())


def _columns(by: tuple[str, ...]) -> list[AnswerColumn]:
    places = [column[name] for name in by for column in (PLACED, IDS) if name in column and name in PLACES]
    told = (*PAIR, *COUNTS) if "dyad" in by else (*GROUP, *COUNTS, *SHARE) if "actor" in by else (*COUNTS, *SPREAD)
    return [PERIOD, *places, *told, COVERED, RECORDS]


@dataclass(frozen=True)
class Contest:
    """The events of a field told apart by time and place, and the rows that come of it."""

    draft: Draft
    field: Field
    by: tuple[str, ...]

    @property
    def scope(self) -> Scope:
        """What was asked about."""
        return self.field.scope

    @cached_property
    def periods(self) -> list[tuple[str, Period]]:
        """The times that rows are told apart by, in order, each with its label."""
        asked, params = self.scope.period, self.scope.params
        if "window" in self.by:
            return _windows(asked, params.window)
        if not set(TIMES) & set(self.by):
            return [(str(asked), asked)]
        labels = dict.fromkeys(str(month)[: 7 if "month" in self.by else 4] for month in asked.each_month())
        spans = [(label, Period(parse_from(label), parse_to(label)).meet(asked)) for label in labels]
        return [(label, span) for label, span in spans if span is not None]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """What places the rows are told apart by."""
        return tuple(name for name in self.by if name in PLACES)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell times and places apart."""
        return ("nth", *self.places)

    @cached_property
    def table(self) -> pa.Table:
        """The events of the periods, with the columns `keys`; a place coarser than a cell has no cell."""
        table = self.field.table
        firsts, lasts = (np.array([getattr(span, edge) for _label, span in self.periods], dtype="datetime64[D]")
                         for edge in ("start", "end"))  # fmt: skip
        days = table["date_start"].to_numpy().astype("datetime64[D]")
        nth = np.searchsorted(firsts, days, side="right") - 1
        inside = (nth >= 0) & (days <= lasts[nth]) if len(lasts) else np.zeros(len(days), dtype=bool)
        located = pc.is_in(table["where_precision"], pa.array(list(LOCATED)))
        columns = {"nth": pa.array(nth), "country": table["iso3"], "region": table["admin1_as_written"]}
        columns |= {"cell": pc.if_else(located, table["cell"], None)}
        kept = [name for name in (*COUNTED, *LEVELS) if name in table.column_names]
        return pa.table(columns | {name: table[name] for name in kept}).filter(pa.array(inside))

    @cached_property
    def events(self) -> Any:
        """The same as an Ibis table."""
        return ibis.memtable(self.table)

    @cached_property
    def sided(self) -> Any:
        """The groups one by one as an Ibis table."""
        return ibis.memtable(self.field.sided)

    @cached_property
    def fought(self) -> Any:
        """The events between groups alone as an Ibis table."""
        return ibis.memtable(rows_by(fights, self.events, self.field.parties, self.sided))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The groups asked for, else all. Raises UsageError for a party that is seen and is no group."""
        asked = self.scope.params.actor
        if asked:
            seen = {name for side in ("actors_a", "actors_b") for names in self.field.table[side].to_pylist()
                    for name in names or ()}  # fmt: skip
            for name in asked:
                if name in seen and name not in self.field.groups:
                    raise no_group(name)
        return asked or self.field.groups

    def shares(self) -> list[Line]:
        """One row for each group, time and place; of groups that were asked for also where they had no event."""
        held = rows_by(activity, self.events, self.sided, by=self.keys)
        found = [row for row in _listed(held) if row["group"] in self.wanted]
        if self.scope.params.actor:
            found = self._complete(found, ("group",), [(name,) for name in self.wanted])
        lines = []
        for row in found:
            base = self._base(row)
            span, told = self.periods[row["nth"]][1], base["covered"] == "yes"
            days = (span.end - span.start).days + 1
            every = round(days / row["events"], 1) if told and row["events"] else None
            share = None if row.get("share") is None else round(100 * row["share"], 1)
            values = base | {"group": self.field.called(row["group"]), "share": share, "days_per_event": every}
            values["group_id"] = known_id(self.field.book, row["group"])
            values |= {name: row.get(name, 0 if told else None) for name in ("events_as_a", "deaths_as_a")}
            lines.append(self.field.line(values, row["keys"]))
        return lines

    def pairs(self) -> list[Line]:
        """One row for each pair of groups, time and place; of pairs that were asked for also where they had none."""
        found, asked = _listed(rows_by(between, self.fought, by=self.keys)), self.scope.params.dyad
        if self.scope.params.actor:
            some = set(self.wanted)
            found = [row for row in found if some & {*row["one"].split("+"), *row["other"].split("+")}]
        self._only_pairs(found)
        there = {row["dyad"]: (row["dyad"], row["one"], row["other"]) for row in found}
        if asked:
            named = [there.get(dyad, (dyad, None, None)) for dyad in asked]
            found = self._complete(found, ("dyad", "one", "other"), named)
        lines = []
        for row in found:
            values = self._base(row) | {"one": row["one"], "other": row["other"], "pair": self._pair(row)}
            lines.append(self.field.line(values, row["keys"]))
        return lines

    def _pair(self, row: dict[str, Any]) -> Any:
        book = self.field.book
        if book is None or row["one"] is None:
            return row["dyad"] or f"{row['one']} - {row['other']}"
        sides = [row[name].split("+") for name in ("one", "other")]
        english, french = (" - ".join(" + ".join(book.short(id_, language) for id_ in side) for side in sides)
                           for language in ("en", "fr"))  # fmt: skip
        return Bilingual(english, french)

    def _only_pairs(self, found: list[dict[str, Any]]) -> None:
        """Raises UsageError where a dyad was asked for that is seen and is no pair of groups."""
        seen = set(self.field.table["dyad"].to_pylist()) - {row["dyad"] for row in found}
        for dyad in self.scope.params.dyad:
            if dyad in seen and not self.scope.params.actor:
                raise UsageError(
                    T("{dyad} is no pair of non-state groups.", dyad=Verbatim(dyad)),
                    do=T("Ask harmattan ask casualties --by dyad for pairs with a state or with civilians."),
                )

    def units(self) -> list[Line]:
        """One row for each time and place: how the activity is spread over groups, and how contested the cells are."""
        events, sided = self.events, self.sided
        found = _listed(rows_by(active, events, sided, by=self.keys))
        spread = rows_by(_concentrated, events, sided, by=self.keys)
        ground = self._by_key(rows_by(contested, self._leading(spread), by=self.keys))
        hits = self._by_key(rows_by(_fought, self.fought, by=self.keys))
        lines, of_key = [], self._by_key(spread)
        for row in self._complete(found, (), [()]):
            key = tuple(row[name] for name in self.keys)
            base = self._base(row)
            values = base | self._spread(base, of_key.get(key), ground.get(key), hits.get(key), row["nth"])
            lines.append(self.field.line(values, row["keys"]))
        return lines

    def _leading(self, spread: pa.Table) -> pa.Table:
        """Who leads in each cell, of the events that stand for a place."""
        if "cell" in self.places:
            return spread.filter(pc.is_valid(spread["cell"]))
        cells = (*self.keys, "cell")
        placed = ibis.memtable(self.table.filter(pc.is_valid(self.table["cell"])))
        return rows_by(_concentrated, placed, self.sided, by=cells)

    def _spread(self, base: dict[str, Any], spread: Any, ground: Any, hits: Any, nth: int) -> dict[str, Any]:
        none = None if base["covered"] == "no" else 0
        values: dict[str, Any] = {name.name: None for name in SPREAD}
        values |= dict.fromkeys(("groups", "fights", "cells", "contested"), none)
        values |= dict.fromkeys(("compared", "changed"), none if nth else None)
        if spread:
            values |= {name: abs(round(spread[name], 3)) for name in ("effective", "entropy", "evenness")}
            leader = spread["leader"]
            values |= {"groups": spread["groups"], "leader": self.field.called(leader)}
            values |= {"leader_id": known_id(self.field.book, leader)}
            values["leader_share"] = round(100 * spread["leader_share"], 1)
        if ground:
            names = ("cells", "contested", *(("compared", "changed") if nth else ()))
            values |= {name: ground[name] for name in names}
            if ground["compared"]:
                values["turnover"] = round(100 * ground["changed"] / ground["compared"], 1)
        return values | ({"fights": hits["fights"]} if hits else {})

    def _by_key(self, table: pa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[name] for name in self.keys): row for row in table.to_pylist()}

    def _complete(
        self, found: list[dict[str, Any]], names: tuple[str, ...], whom: Sequence[tuple[Any, ...]]
    ) -> list[dict[str, Any]]:
        """Adds the rows that no record fell into, where rows are told apart by nothing finer than the country."""
        if not set(self.places) <= {"country"}:
            return found
        there = {tuple(row[name] for name in (*self.keys, *names)): row for row in found}
        zero = {"keys": [], "records": 0, **{c.name: 0 for c in COUNTS}}
        countries = [(code,) for code in self.scope.params.country] if self.places else [()]
        keys = [(nth, *code, *who) for nth in range(len(self.periods)) for code in countries for who in whom]
        return [there.get(key) or dict(zip((*self.keys, *names), key, strict=True)) | zero for key in keys]

    def _base(self, row: dict[str, Any]) -> dict[str, Any]:
        """What every row begins with: time, place, counts and whether it is covered."""
        label, span = self.periods[row["nth"]]
        countries = (row["country"],) if "country" in self.places else self.scope.params.country
        covered = how_covered(self.scope, countries, span)
        values: dict[str, Any] = {"period": label}
        for name in self.places:
            values[name] = row[name]
            if name in LEVELS and self.scope.laid is not None:
                values |= {name: self.scope.laid.names.get(row[name]), f"{name}_id": row[name]}
        counts = {c.name: row[c.name] if covered != "no" else None for c in COUNTS}
        return values | counts | {"covered": covered}


def _listed(table: pa.Table) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], table.to_pylist())


def _concentrated(events: Any, sided: Any, by: Sequence[str]) -> Any:
    return concentration(activity(events, sided, by), by)


def _fought(fought: Any, by: Sequence[str]) -> Any:
    return fought.group_by(*by).agg(fights=fought.n_events.sum())


def _windows(asked: Period, months: int) -> list[tuple[str, Period]]:
    """The windows of some months that lie in a period, one behind the other up to its last day, the earliest first."""
    found: list[Period] = []
    end = asked.end
    while end.year > 1 or end.month > months:
        before = months_before(end, months)
        start = before.fromordinal(before.toordinal() + 1)
        if start < asked.start:
            break
        found.append(Period(start, end))
        end = before
    return [(str(span), span) for span in reversed(found)]


MEANING = T(
    "Who holds which share of the activity of non-state groups, how contested the ground is, and where groups fight "
    "each other. A group's share is the number of events in which it is a side divided by the sum of that number over "
    "all groups at the time and place. Entropy is - sum of share times its logarithm, evenness is entropy divided by "
    "the logarithm of the number of groups. A cell is contested where at least two groups were active; turnover is "
    "the part of the cells active in two periods on end in which another group leads than in the period before. By "
    "actor the rows are groups, by dyad pairs of groups that fought each other, else times and places."
)
QUESTION = Question(
    "competition",
    MEANING,
    "Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x; Pielou (1966), doi:10.1016/0022-5193(66)90013-0; "
    "Dowd (2015), doi:10.1177/2053168015607891",
    ACCEPTS,
    COLUMNS,
    competition,
    choices={"by": BY},
)

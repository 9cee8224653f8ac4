"""The events that alert rules watch: loaded once, summed for each rule, and found again behind each alert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.lake.measured import rows_by
from harmattan.lake.select import able_to_tell
from harmattan.measures.alerts import DATED, daily
from harmattan.measures.events import matching
from harmattan.questions.areas import DIVIDED, drawn, laid
from harmattan.questions.build import COUNTS, Line
from harmattan.questions.marked import Array, Marked
from harmattan.questions.parameters import Params
from harmattan.questions.watch import DAY, EPOCH, Fired, Place, Series, Spans, earlier, frame_of
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, Verbatim, counted, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.rules import RULE_KINDS, FirstRule, Rule, parse_rule
from harmattan.vocabulary.schema import LOCATED

ALSO = ("actors_a", "actors_b", "date_precision")
COUNTED = ("n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")


def rules_of(world: World, params: Params) -> tuple[Rule, ...]:
    """The rules that were said, else one of each kind; a region settled into areas or countries.

    Areas are taken where boundaries of a country asked about are here and its events have days and places.
    """
    rules = [parse_rule(words) for words in params.rule or RULE_KINDS]
    if any(rule.by == "region" for rule in rules):
        by = "admin1" if _drawn(world, params) else "country"
        rules = [rule.model_copy(update={"by": by}) if rule.by == "region" else rule for rule in rules]
    return tuple(dict.fromkeys(rules))


def _drawn(world: World, params: Params) -> bool:
    types, asked = world.typed(params), set(params.country)
    able = [held for held in world.chosen(params) if able_to_tell(held, {"day", "cell"}, types)]
    if not any(asked & set(held.release.coverage.places) for held in able):
        return False
    _held, areas = drawn(world.lake, params)
    return bool(asked & set(areas.iso3[areas.level == 1]))


def reaching_back(rules: Iterable[Rule], day: dt.date, further: int) -> dt.date:
    """The first day of the month in which the longest look back from `day` begins, some months further."""
    frames = [frame for rule in rules for step in ("day", "month") if (frame := frame_of(rule, day, step))]
    return Month.of(earlier(min(frame.long for frame in frames), further)).first_day


def watched(world: World, params: Params, first: dt.date, rules: tuple[Rule, ...]) -> Watched:
    """The events from `first` on, and the sums that each rule looks at."""
    spoken = world.period(replace(params, start=None), world.chosen(params), ())
    start, end = max(first, spoken.start), params.end
    if start > spoken.end and end is None:
        end = params.as_of
    scope = world.scope(replace(params, start=start, end=end, rule=tuple(str(rule) for rule in rules)))
    names: Mapping[str, str] = {}
    by_area = any(rule.by == "admin1" for rule in rules)
    if by_area and scope.covered:
        laid_out = laid(world.lake, scope.rows, replace(scope.params, by=("admin1",)))
        if laid_out is not None:
            anew = tuple(text for text in laid_out.caveats if text.template == DIVIDED)
            scope = replace(scope, rows=laid_out.rows, along=laid_out.held, caveats=(*scope.caveats, *anew))
            names = laid_out.names
    also = (*ALSO, "admin1") if by_area and scope.covered else ALSO
    return Watched(scope, rules, Marked.of(scope, also=also), names)


@dataclass(frozen=True)
class Watched:
    """Events, rules, and what each rule looks at."""

    scope: Scope
    rules: tuple[Rule, ...]
    marked: Marked
    names: Mapping[str, str]
    """The name of each area, by its id."""
    _sums: dict[Any, pa.Table] = field(default_factory=dict, repr=False)

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The sums that each rule looks at."""
        return tuple(self._series(rule) for rule in self.rules)

    def _series(self, rule: Rule) -> Series:
        countries = tuple(code for code in self.scope.params.country if code in (rule.countries or (code,)))
        sums = self.sums(rule, countries, parties=isinstance(rule, FirstRule))
        needs = needs_of(rule)
        by_day = self._spans(needs | {"day"}, countries)
        by_month = {} if "day" in needs else self._spans(needs, countries)
        return Series.of(rule, sums.filter(sums["dated"]) if _short(rule) else sums, countries, by_day, by_month)

    def sums(self, rule: Rule, countries: Sequence[str], *, parties: bool = False) -> pa.Table:
        """`measures.alerts.daily` of what a rule counts in some countries; rules that count the same share it."""
        key = (rule.by, parties, rule.actors, rule.violence, rule.cells)
        if key not in self._sums:
            kept = matching(self._rows, Criteria(kinds=rule.violence, cells=rule.cells))
            self._sums[key] = rows_by(daily, kept, by=rule.by, parties=parties, actors=rule.actors)
        found = self._sums[key]
        return found.filter(pc.is_in(found["country"], pa.array(countries, pa.string())))

    @cached_property
    def _rows(self) -> Any:
        return ibis.memtable(self.marked.table)

    def _spans(self, needs: set[Dimension], countries: Sequence[str]) -> Spans:
        found: dict[str, list[tuple[dt.date, dt.date]]] = {}
        parts = sorted(self.scope.selection.slices, key=lambda part: part.period)
        for part in parts:
            if not all(needs <= set(held.release.coverage.dimensions) for held in part.holds):
                continue
            for code in part.countries:
                spans = found.setdefault(code, [])
                if code in countries and spans and part.period.start <= spans[-1][1] + DAY:
                    spans[-1] = (spans[-1][0], max(spans[-1][1], part.period.end))
                elif code in countries:
                    spans.append((part.period.start, part.period.end))
        return found

    @cached_property
    def _order(self) -> Array:
        return np.argsort(self._day, kind="stable")

    @cached_property
    def _sorted(self) -> Array:
        return self._day[self._order]

    @cached_property
    def _day(self) -> Array:
        return self.marked.array("date_start").astype(np.int64)

    @cached_property
    def _columns(self) -> dict[str, Array]:
        names = ("iso3", "violence", "cell", "date_precision", "where_precision", *COUNTED)
        found = {name: self.marked.array(name) for name in names}
        if "admin1" in self.marked.table.column_names:
            found["admin1"] = self.marked.array("admin1")
        return found

    def behind(self, rule: Rule, place: Place, first: dt.date, last: dt.date) -> Array:
        """The places in `marked` of the events that a rule counts at a place from first to last."""
        a, b = np.searchsorted(self._sorted, [first.toordinal() - EPOCH, last.toordinal() + 1 - EPOCH])
        rows, c = self._order[a:b], self._columns
        fits = c["iso3"][rows] == place.country
        if rule.violence:
            fits &= np.isin(c["violence"][rows].astype(str), rule.violence)
        if rule.cells or rule.by == "cell":
            fits &= np.isin(c["where_precision"][rows].astype(str), LOCATED)
            for gids in filter(None, (rule.cells, (int(place.area),) if rule.by == "cell" else ())):
                fits &= np.isin(c["cell"][rows], gids)
        if rule.by == "admin1":
            fits &= c["admin1"][rows] == place.area
        if _short(rule):
            fits &= np.isin(c["date_precision"][rows].astype(str), DATED)
        rows = rows[fits]
        wanted = {place.actor} if place.actor else set(rule.actors)
        return rows if not wanted else self._naming(rows, wanted)

    def _naming(self, rows: Array, wanted: set[str]) -> Array:
        sides = [self.marked.table[name].take(rows).to_pylist() for name in ("actors_a", "actors_b")]
        named = [bool(wanted & {*(a or ()), *(b or ())}) for a, b in zip(*sides, strict=True)]
        return np.asarray(rows[np.array(named, dtype=bool)])

    def line(self, values: dict[str, Any], one: Fired) -> Line:
        """A row of an answer that rests on the events behind an alert; their counts are put in."""
        rule, place, (first, last) = one.rule, one.place, one.evidence
        rows = self.behind(rule, place, first, last)
        values = values | self.counts(rows)
        undated = _short(rule) and len(rows) < len(self.behind(_undated(rule), place, first, last))
        if rule.by == "admin1" or undated:
            return self.marked.line(values, np.sort(rows))
        to: dict[str, Any] = {"kinds": rule.violence, "actors": (place.actor,) if place.actor else rule.actors}
        to["cells"] = (int(place.area),) if rule.by == "cell" else rule.cells
        return Line(values, self.scope.criteria.narrowed(countries=(place.country,), start=first, end=last, **to))

    def counts(self, rows: Array) -> dict[str, Any]:
        """Events, deaths and records of some events; a number is empty where one of them lacks it."""
        found: dict[str, Any] = {}
        for name, column in zip(COUNTED, COUNTS, strict=True):
            total = float(self._columns[name][rows].sum())
            found[column.name] = None if np.isnan(total) else int(total)
        return found | {"records": len(rows)}

    def caveats(self, first: dt.date, last: dt.date) -> Iterable[Text]:
        """What the rules do not see from first to last, in events, and names that stand nowhere."""
        inside = (self._day >= first.toordinal() - EPOCH) & (self._day <= last.toordinal() - EPOCH)
        c = self._columns
        n = c["n_events"]
        if any(_short(series.rule) and any(series.by_day.values()) for series in self.series):
            vague = n[inside & ~np.isin(c["date_precision"].astype(str), DATED)].sum()
            if vague:
                yield T(VAGUE, events=_events(vague))
        if any(rule.by == "cell" for rule in self.rules):
            lost = n[inside & ~np.isin(c["where_precision"].astype(str), LOCATED)].sum()
            if lost:
                yield T("Rules by cell do not see {events} coded to a region or a country.", events=_events(lost))
        if "admin1" in c:
            lost = n[inside & (c["admin1"] == np.array(None))].sum()
            if lost:
                yield T("Rules by area do not see {events} coded to a larger area or to none.", events=_events(lost))
        yield from self._unknown()

    def _unknown(self) -> Iterable[Text]:
        wanted = {actor for rule in self.rules for actor in rule.actors}
        if wanted:
            table = self.marked.table
            sides = (table["actors_a"].combine_chunks(), table["actors_b"].combine_chunks())
            missing = sorted(wanted - {name for side in sides for name in side.flatten().to_pylist()})
            if missing:
                yield T("No event here names {actors}.", actors=listing([Verbatim(name) for name in missing]))


VAGUE = "Rules over less than half a month do not see {events} whose day is known to a month or worse."


def _events(n: float) -> Text:
    return counted(int(n), "{n} event", "{n} events")


def _short(rule: Rule) -> bool:
    """Whether a date that is known to a month is too vague for the window."""
    return rule.whole_months == 0


def _undated(rule: Rule) -> Rule:
    return rule.model_copy(update={"days": 31})


def needs_of(rule: Rule) -> set[Dimension]:
    """What a release must tell apart for a rule."""
    needs: set[Dimension] = set()
    if rule.violence:
        needs.add("kind")
    if rule.actors or isinstance(rule, FirstRule):
        needs.add("actor")
    if rule.cells or rule.by == "cell":
        needs.add("cell")
    if rule.by == "admin1":
        needs |= {"day", "cell"}
    return needs

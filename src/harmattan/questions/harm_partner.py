"""`harm-partner`: what a country's state forces did while a foreign force was in the country, and while it was not.

An inference from dates of presence, never a fact of an event: no record here says who fought beside whom.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.harm import ABOUT_DIRECTION, NEEDS, TYPED_NEEDS
from harmattan.questions.harm_rate import HARM, MONTHS, SHARES, months_in, rate, shares
from harmattan.questions.library import Told
from harmattan.questions.marked import Marked
from harmattan.questions.naming import actor_of
from harmattan.questions.near_bases import about_near, near_lines
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.recital import INCOMPLETE, STATUS, called
from harmattan.questions.stays import OWN, Stay, overlap, stays
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, CountryName, T, Text, counted, msg
from harmattan.vocabulary.event_types import CIVILIANS
from harmattan.vocabulary.partial import Holds
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "kind", "force", "km", "source", "event_type", *ALWAYS)
COLUMNS = (
    AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    AnswerColumn("perpetrator", T("the country's own state forces, a side of the events")),
    AnswerColumn("as_written", T("the names of the state forces, as the publisher writes them")),
    AnswerColumn("partner", T("the foreign force, by the dossier")),
    AnswerColumn("partner_id", T("the dossier's id of the foreign force")),
    AnswerColumn(
        "phase",
        T(
            "before it came, with it, between two stays, after it left; all_with, all_without: every stretch with "
            "it for certain, or without it, together, not to be added to them; near: with it and within --km of a "
            "place it held, part of with"
        ),
    ),
    AnswerColumn("holds", T("whether it was there: yes, no, or possibly where the dossier's dates are known in part")),
    AnswerColumn("from", T("first day of the stretch; empty where the row has several")),
    AnswerColumn("to", T("last day of the stretch; empty where the row has several")),
    HARM,
    *COUNTS,
    MONTHS,
    AnswerColumn(
        "rate", T("civilians killed in a covered month; where they were targeted, all deaths"), "deaths a month"
    ),
    AnswerColumn("deaths_rate", T("all deaths in a covered month, best estimate"), "deaths a month"),
    *SHARES,
    AnswerColumn("others", T("other foreign forces there for certain in the row's time, and for how many months")),
    STATUS,
    RECORDS,
)
ALL: tuple[tuple[str, Holds], ...] = (("all_with", "yes"), ("all_without", "no"))
"""Rows for several stretches together."""
ENOUGH = 6
"""So many months a force must have been there to stand in the headline, where any was."""
Mask = npt.NDArray[np.bool_]
ABOUT_INFERENCE = T(
    "An inference from dates of presence alone: the dossier says that a force was in the country on those days, not "
    "that it took part in any event. No event is attributed to it, and a change beside it is not shown to be its doing."
)
ABOUT_TYPED = T(
    "Counted is violence against civilians whose perpetrator is a force of the state. The source does not say how many "
    "of the dead were civilians, and events in which they were a target beside others are left out."
)
ABOUT_SEVERAL = T(
    "Several forces were there at once, so the rows of different forces overlap and are not to be added up."
)


def harm_partner(world: World, params: Params) -> Answer:
    """Rows for each foreign force and stretch: events of the state forces that attacked civilians, and the others."""
    needs = TYPED_NEEDS if world.typed(params) else NEEDS
    told = world.told(params)
    if len(params.km) > 1:
        raise UsageError(T("Only one --km can be said here."))
    scope = replace(world.scope(params, needs=needs), along=told.held)
    draft = Draft("harm-partner", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, needs))
    forces = tuple(dict.fromkeys(actor_of(told, name) for name in params.force))
    table = _Table.of(scope, told)
    lines: list[Line] = []
    caveats = [ABOUT_INFERENCE, ABOUT_TYPED if table.typed else ABOUT_DIRECTION]
    found: list[Stay] = []
    for country in scope.params.country:
        own = stays(told.book, country, scope.period, by_month=table.by_month, only=forces)
        every = own if not forces else stays(told.book, country, scope.period, by_month=table.by_month)
        found += own
        caveats += table.about_country(country, own)
        for stay in own if table.names.get(country) else ():
            lines += table.lines(stay, every)
            lines += near_lines(table, stay, every, params.km[0]) if params.km else []
    caveats += [ABOUT_SEVERAL] if len(found) > 1 else []
    caveats += about_near(table, found, params.km[0]) if params.km else []
    caveats += [*table.about_dates(found), *told.caveats, INCOMPLETE]
    chart = Chart("bars", x="rate", y="phase", series="partner")
    criteria = table.criteria()
    return replace(
        draft.finish(lines, COLUMNS, _headline(draft, table, lines), chart=chart, caveats=caveats, criteria=criteria),
        records=int(table.state.sum()),
    )


@dataclass(frozen=True)
class _Table:
    """The events that a state force is a side of, and how rows are made of them."""

    marked: Marked
    told: Told
    names: dict[str, tuple[str, ...]]
    """By country the names of its state forces, as written in events there."""
    state: Mask
    """Whether a state force of the event's country is a side of it."""
    harm: npt.NDArray[Any]
    """one_sided, in_fighting or targeted for each event; empty where it is none of what is told apart."""

    @classmethod
    def of(cls, scope: Scope, told: Told) -> _Table:
        """The events of a scope with who of their sides is a force of the state."""
        typed = bool(scope.criteria.event_types)
        kinds = ("event_type",) if typed else ()
        also = ("actors_a", "actors_b", "date_end", "date_precision", "perpetrator", *kinds)
        marked = Marked.of(scope, also=also)
        table, iso3 = marked.table, marked.array("iso3")
        names: dict[str, tuple[str, ...]] = {}
        state = np.zeros(table.num_rows, dtype=bool)
        for country in scope.params.country:
            here = iso3 == country
            written = _written(table, here)
            own = _own_names(scope, told, country, written)
            if own:
                names[country] = own
                state |= here & (_has(table["actors_a"], own) | _has(table["actors_b"], own))
        return cls(marked, told, names, state, _harm(marked, names, typed))

    @property
    def scope(self) -> Scope:
        """What was asked."""
        return self.marked.scope

    @property
    def typed(self) -> bool:
        """Whether events have types instead of kinds of violence."""
        return bool(self.scope.criteria.event_types)

    @property
    def by_month(self) -> bool:
        """Whether any release in use has months only."""
        return any("day" not in held.release.coverage.dimensions for held in self.scope.selection.holds)

    @property
    def harms(self) -> tuple[str, ...]:
        """What is told apart."""
        asked = self.scope.params.kind
        both = (("one_sided", not asked or "one_sided" in asked), ("in_fighting", asked != ("one_sided",)))
        return ("targeted",) if self.typed else tuple(harm for harm, wanted in both if wanted)

    def criteria(self) -> Any:
        """The records of the whole answer: those of its state forces."""
        names = tuple(dict.fromkeys(name for own in self.names.values() for name in own))
        if len(self.names) == len(self.scope.params.country) == 1 and names:
            return self.scope.criteria.narrowed(actors=names)
        return self.marked.line({}, self.state).criteria

    def lines(self, stay: Stay, every: Sequence[Stay]) -> Iterator[Line]:
        """One row for each stretch and kind of harm, and one for all with it or without it, if there are several."""
        days = self.marked.array("date_start")
        here = self.state & (self.marked.array("iso3") == stay.country)
        for harm in self.harms:
            of_harm = here & (self.harm == harm)
            for stretch in stay.stretches:
                own = of_harm & _within(days, [stretch.period])
                what = {"phase": stretch.phase, "holds": stretch.holds, "harm": harm}
                yield self.line(stay, every, what, [stretch.period], own)
            for phase, holds in ALL:
                spans = stay.where(holds)
                if len(spans) > 1:
                    what = {"phase": phase, "holds": holds, "harm": harm}
                    yield self.line(stay, every, what, spans, of_harm & _within(days, spans))

    def line(
        self, stay: Stay, every: Sequence[Stay], what: dict[str, str], spans: Sequence[Period], which: Mask
    ) -> Line:
        """A row on some events of a stay and on some of its days."""
        covered = overlap(spans, self.scope.selection.spoken(stay.country))
        months = months_in(covered) if covered else None
        counts = self.marked.sums(which) if covered else dict.fromkeys((c.name for c in COUNTS), None)
        book = self.told.book
        killed = counts["deaths_best" if self.typed else "deaths_civilians"]
        values: dict[str, Any] = {"country": stay.country, "perpetrator": _state_forces(stay.country)}
        values |= {"as_written": "; ".join(self.names[stay.country]), "partner": called(book, stay.force)}
        values |= {"partner_id": stay.force, **what}
        values |= {"from": spans[0].start.isoformat() if len(spans) == 1 else None}
        values |= {"to": spans[0].end.isoformat() if len(spans) == 1 else None, **counts}
        values |= {"months": None if months is None else round(months, 2), "rate": rate(killed, months)}
        values |= {"deaths_rate": rate(counts["deaths_best"], months), **shares({} if self.typed else counts)}
        values |= {"others": self.others(stay, every, spans), "status": stay.status}
        values = {c.name: values.get(c.name) for c in COLUMNS}
        return self.marked.line(values, which)

    def others(self, stay: Stay, every: Sequence[Stay], spans: Sequence[Period]) -> Bilingual | None:
        """Who else was there for certain in some time, and for how many months of it."""
        said = []
        for other in every:
            both = overlap(spans, other.where("yes")) if other.force != stay.force else []
            if both:
                said.append((other.force, f"{months_in(both):.0f}" if months_in(both) >= 1 else "<1"))
        if not said:
            return None
        book = self.told.book
        english, french = (", ".join(f"{book.short(who, lang)} ({n})" for who, n in said) for lang in ("en", "fr"))
        return Bilingual(english, french)

    def about_country(self, country: str, found: Sequence[Stay]) -> list[Text]:
        """What cannot be said of a country."""
        if not found:
            return [T("{country}: the dossier names no such foreign force there.",
                      country=CountryName(country))]  # fmt: skip
        if not self.names.get(country):
            return [T("{country}: no party of the events is known to the dossier as a force of the state.",
                      country=CountryName(country))]  # fmt: skip
        return []

    def about_dates(self, found: Sequence[Stay]) -> list[Text]:
        """Events whose dates lie across the first or last day of a stretch, and sums by month."""
        said = []
        if self.by_month:
            said.append(T("Figures by month: a month within which a force came or went counts as possible whole."))
        edges = sorted({part.period.start for stay in found for part in stay.stretches[1:]})
        first, last = self.marked.array("date_start"), self.marked.array("date_end")
        single = np.array(["day" in self._dimensions(name) for name in self.marked.table["release"].to_pylist()], bool)
        across = (
            self.state
            & single
            & np.array(
                np.searchsorted(np.array(edges, "datetime64[D]"), first, "right")
                != np.searchsorted(np.array(edges, "datetime64[D]"), last, "right")
            )
        )
        if across.any():
            events = counted(int(self.marked.array("n_events")[across].sum()), "{n} event", "{n} events")
            said.append(T("{events} dated across the day on which a force came or went: counted by the first day.",
                          events=events))  # fmt: skip
        return said

    def _dimensions(self, release: str) -> tuple[str, ...]:
        for held in self.scope.selection.holds:
            if held.release.name == release:
                return held.release.coverage.dimensions
        return ()


def _state_forces(country: str) -> Text:
    return T("state forces of {country}", country=CountryName(country))


def _written(table: pa.Table, here: Mask) -> list[str]:
    """Every name that is a side of some events."""
    some = table.filter(pa.array(here))
    names = [pc.unique(pc.list_flatten(some[side])).to_pylist() for side in ("actors_a", "actors_b")]
    return sorted({name for side in names for name in side if name})


def _own_names(scope: Scope, told: Told, country: str, written: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that mean a force of the state of a country, by the dossier."""
    own = {a.id for a in told.book.actors.values() if a.kind in OWN and a.countries == (country,)}
    schemes = {held.release.dataset.partition("-")[0] for held in scope.selection.holds}
    spans = [span for scheme in sorted(schemes) for span in told.resolver.spans(list(written), scheme)]
    return tuple(sorted({s.written for s in spans if s.actor in own and s.country in (None, country)}))


def _has(lists: Any, names: Sequence[str]) -> Mask:
    """Which lists hold one of the names."""
    held = np.zeros(len(lists), dtype=bool)
    flat = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    hit = pc.is_in(pc.list_flatten(flat), value_set=pa.array(list(names), pa.string()))
    held[np.asarray(pc.list_parent_indices(flat))[np.asarray(hit, dtype=bool)]] = True
    return held


def _harm(marked: Marked, names: dict[str, tuple[str, ...]], typed: bool) -> npt.NDArray[Any]:
    """How each event harms; with types, whether it is violence against civilians by the state forces."""
    own = {name for some in names.values() for name in some}
    if typed:
        by = np.array([name in own for name in marked.array("perpetrator")], dtype=bool)
        return np.where((marked.array("event_type") == CIVILIANS) & by, "targeted", "")
    return np.where(marked.array("violence") == "one_sided", "one_sided", "in_fighting")


def _within(days: npt.NDArray[Any], spans: Sequence[Period]) -> Mask:
    """Which days lie in one of some periods."""
    found = np.zeros(len(days), dtype=bool)
    for span in spans:
        found |= (days >= np.datetime64(span.start)) & (days <= np.datetime64(span.end))
    return found


def _headline(draft: Draft, table: _Table, lines: Sequence[Line]) -> Text:
    """The force that came last: the rate of attacks on civilians with it, and before it came."""
    scope, harm = draft.scope, table.harms[0]
    said: dict[str, Any] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    told = [n for n, line in enumerate(lines) if line.values["harm"] == harm and line.values["rate"] is not None]
    with_ = [n for n in told if (lines[n].values["phase"], lines[n].values["holds"]) == ("with", "yes")]
    if not with_:
        return T("{where}, {start} to {end}: no foreign force is known to have been there beside forces of the state.",
                 **said)  # fmt: skip
    long = [n for n in with_ if lines[n].values["months"] >= ENOUGH]
    last = max(long or with_, key=lambda n: (lines[n].values["from"], lines[n].values["partner_id"]))
    row = lines[last].values
    partners = len({line.values["partner_id"] for line in lines})
    said |= {
        "partners": counted(draft.number(partners), "{n} foreign force", "{n} foreign forces"),
        "partner": row["partner"],
    }
    said |= {"country": CountryName(row["country"])}
    said |= {"first": dt.date.fromisoformat(row["from"]), "last": dt.date.fromisoformat(row["to"])}
    said |= {"killed": T(WAYS[harm], rate=draft.number(row["rate"], last, 1)), "before": T("")}
    for n in told:
        other = lines[n].values
        same = (other["partner_id"], other["country"]) == (row["partner_id"], row["country"])
        if same and other["phase"] == "before":
            said["before"] = T("; before it came, {rate}", rate=draft.number(other["rate"], n, 1))
    return T(
        "{where}, {start} to {end}: an inference from the dates of presence of {partners}, not what the events say. "
        "While {partner} was there ({first} to {last}), state forces of {country} {killed}{before}.",
        **said,
    )


WAYS = {
    "one_sided": msg("killed {rate} civilians a month in attacks on them"),
    "in_fighting": msg("fought in events in which {rate} civilians a month were killed"),
    "targeted": msg("were named as the attackers of civilians in events with {rate} reported deaths a month"),
}


QUESTION = Question(
    "harm-partner",
    T(
        "What the state forces of a country did while a foreign force was in it: events in which a force of the state "
        "is a side, their deaths and the civilians killed, in each stretch of days before, with and after each foreign "
        "force that the dossier says was in the country, and per covered month. It is an inference from dates of "
        "presence and no fact of any event. Dates that are known in part make a stretch possible, and several forces "
        "at once overlap and are not added up. With --km also the events within so many kilometres of the places "
        "that the force held on the day."
    ),
    None,
    ACCEPTS,
    COLUMNS,
    harm_partner,
)

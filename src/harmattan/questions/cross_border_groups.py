"""`cross-border-groups`: the share of a country's violence by groups that are based in another country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harmattan.dossier.book import Book
from harmattan.lake.measured import rows_by
from harmattan.measures.events import parties
from harmattan.measures.spread import by_set, first_countries
from harmattan.questions.actors import known_id, level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.groups import is_group
from harmattan.questions.library import Told
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.stretches import how_covered
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Text, counted, joined, listing, msg
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.schema import EVENTS

ACCEPTS = ("country", "start", "end", "neighbour", "actor", "level", "kind", "source", "event_type", *ALWAYS)
NEEDS: tuple[Dimension, ...] = ("actor",)
RULES = ("dossier", "first_event", "most_events_before")
"""Ways to say where a group is based. Rows of groups go by the first that says anything of the first two."""
COLUMNS = (
    AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    AnswerColumn("group", T("a group, as the publisher writes it, or at another level as the dossier calls it; empty: "
                            "all groups that by the rule are based in another country, each event once")),
    AnswerColumn("group_id", T("the dossier's id of the group, where its name means one for certain")),
    AnswerColumn("rule", T("by what the base is known: dossier, first_event (the country of the group's first event in "
                           "the data), most_events_before (the country with most of its events before the period)")),
    AnswerColumn("base", T("where the group is based, by that rule; several where it does not decide"),
                 "ISO 3166 alpha-3"),
    AnswerColumn("across", T("whether that is another country than that of the events: yes, no or unknown")),
    AnswerColumn("base_by_dossier", T("the one country the dossier gives the group; of several that in which it is "
                                      "dated to have operated first"), "ISO 3166 alpha-3"),
    AnswerColumn("base_by_first_event", T("the country of its first event in the data"), "ISO 3166 alpha-3"),
    AnswerColumn("base_by_most_events", T("the country with most of its events before the period; empty where there "
                                          "are none"), "ISO 3166 alpha-3"),
    *COUNTS,
    AnswerColumn("share_events", T("share of all events in the country"), "%"),
    AnswerColumn("share_deaths", T("share of all deaths (best) in the country"), "%"),
    COVERED,
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class _Bases:
    """Where groups are based, by each rule: ISO3 codes by group and, where a name means several, by country."""

    told: Told
    scope: Scope
    seen: tuple[dict[str, Any], ...]
    """Party, country, first_day and events_before of every party asked about."""

    def actor(self, name: str, country: str) -> str | None:
        """The dossier's actor that a party's name means in a country at the end of the period."""
        if self.scope.told is not None or name in self.told.book.actors:
            return known_id(self.told.book, name)
        for held in self.scope.selection.holds:
            scheme = held.release.dataset.partition("-")[0]
            found = self.told.resolver.resolve(name, source=scheme, day=self.scope.period.end, country=country,
                                               candidates=False)  # fmt: skip
            if found.actor is not None:
                return found.actor
        return None

    def by(self, rule: str, name: str, country: str) -> tuple[str, ...]:
        """Where a group is based by one rule; nothing where the rule says nothing."""
        if rule == "dossier":
            actor = self.actor(name, country)
            return () if actor is None else based(self.told.book, actor, self.scope.period.end)
        return self._seen[rule].get(name, ())

    @cached_property
    def _seen(self) -> dict[str, dict[str, tuple[str, ...]]]:
        first: dict[str, dt.date] = {}
        most: dict[str, int] = {}
        for row in self.seen:
            first[row["party"]] = min(first.get(row["party"], dt.date.max), row["first_day"])
            most[row["party"]] = max(most.get(row["party"], 0), row["events_before"])

        def where(key: str, best: dict[str, Any]) -> dict[str, tuple[str, ...]]:
            return {name: tuple(sorted(row["country"] for row in self.seen
                                       if row["party"] == name and row[key] == value)) if value else ()
                    for name, value in best.items()}  # fmt: skip

        return {"first_event": where("first_day", first), "most_events_before": where("events_before", most)}

    def across(self, base: Iterable[str], country: str) -> str:
        """Whether a base is in another country, or in one of the neighbours that were asked about."""
        there, asked = set(base), set(self.scope.params.neighbour)
        if not there:
            return "unknown"
        return "yes" if country not in there and (not asked or there <= asked) else "no"


def based(book: Book, actor: str, by: dt.date) -> tuple[str, ...]:
    """Where a dossier has a group based: its one country; of several that in which it first operated, by a date.

    A community is at home in places and based nowhere.
    """
    known = book.actors.get(actor)
    if known is None or known.kind == "community":
        return ()
    if len(known.countries) == 1:
        return known.countries
    dated = [(relation.validity.first, relation.countries) for relation in book.relations
             if relation.subject == actor and relation.relation == "operates_in" and relation.status != "disputed"
             and relation.start is not None and relation.start.earliest and relation.validity.first <= by]  # fmt: skip
    first = min((day for day, _countries in dated), default=None)
    found = {code for day, countries in dated if day == first for code in countries}
    return tuple(sorted(found or known.countries))


def cross_border_groups(world: World, params: Params) -> Answer:
    """One row for all groups based elsewhere by each rule, and one for each group, by country."""
    scope, told = world.scope(params, needs=NEEDS), world.told(params)
    scope = scope if scope.told else replace(scope, along=told.held)
    draft = Draft("cross-border-groups", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    found = [row for row in rows_by(parties, scope.rows).to_pylist()
             if not scope.params.actor or row["actor"] in scope.params.actor]  # fmt: skip
    bases = _Bases(told, scope, ())
    found = [row for row in found if is_group(row["actor"], told.book, actor=bases.actor(row["actor"], row["country"]))]
    bases = replace(bases, seen=_seen(world, params, scope, {row["actor"] for row in found}))
    lines = _lines(bases, found)
    headline = _headline(draft, scope, lines)
    chart = Chart("bars", x="share_deaths", y="group", series="country")
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=_caveats(world, params, scope, told))


def _seen(world: World, params: Params, scope: Scope, names: set[str]) -> tuple[dict[str, Any], ...]:
    """Where and when the groups are seen in all countries and years that are covered, up to the end of the period."""
    if not names:
        return ()
    every = tuple(sorted({*world.places(params, NEEDS), *scope.params.country}))
    asked = replace(params, country=every, start=None, end=scope.period.end, actor=(), kind=())
    selection = world.selected(asked, NEEDS)[1]
    until = Criteria(end=scope.period.end, event_types=scope.criteria.event_types)
    seen = world.once(
        ("first_countries", world.key_of(selection, scope.told, params), until, scope.period.start),
        lambda: rows_by(first_countries, world.events(selection, scope.told, params, until), before=scope.period.start),
    )
    return tuple(seen.filter(pc.is_in(seen["party"], pa.array(sorted(names), pa.string()))).to_pylist())


def _lines(bases: _Bases, found: list[dict[str, Any]]) -> list[Line]:
    """The rows of all groups that by a rule are based elsewhere, by country and rule, then those of each group."""
    sets = [(rule, row["country"], row["actor"]) for rule in RULES for row in found
            if bases.across(_base(bases, rule, row)[1], row["country"]) == "yes"]  # fmt: skip
    names = ("set", "country", "party")
    table = pa.table({name: pa.array([one[at] for one in sets], pa.string()) for at, name in enumerate(names)})
    rows = rows_by(by_set, bases.scope.rows, table).to_pylist()
    sums = {(row["set"], row["country"]): row for row in rows}
    whole = {row["country"]: row for row in rows if row["set"] is None}
    return [*_together(bases.scope, sets, sums, whole), *_apart(bases, found, whole)]


def _together(
    scope: Scope, sets: list[tuple[str, str, str]], sums: dict[tuple[str, str], Any], whole: dict[str, Any]
) -> Iterator[Line]:
    """A row for each country and rule: the events of all groups that by it are based elsewhere."""
    for country in scope.params.country:
        for rule in RULES:
            own = tuple(sorted(name for set_, code, name in sets if (set_, code) == (rule, country)))
            counts = sums.get((rule, country)) or dict.fromkeys((*(c.name for c in COUNTS), "records"), 0)
            to: dict[str, Any] = {"actors": own} if own else {"table": EVENTS.name, "keys": ()}
            values = {"country": country, "rule": rule, "across": "yes"}
            yield _line(scope, values, counts, whole.get(country), to | {"countries": (country,)})


def _base(bases: _Bases, rule: str, row: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """By what rule the base of a group is known, and where it is; where the dossier says nothing its first event."""
    base = bases.by(rule, row["actor"], row["country"])
    if base or rule != "dossier":
        return rule, base
    return "first_event", bases.by("first_event", row["actor"], row["country"])


def _apart(bases: _Bases, found: list[dict[str, Any]], whole: dict[str, dict[str, Any]]) -> Iterator[Line]:
    """A row for each country and group, the most deaths first."""
    book = bases.told.book
    for row in sorted(found, key=lambda row: (row["country"], -row["deaths_best"], -row["events"], row["actor"])):
        name, country = row["actor"], row["country"]
        rule, base = _base(bases, "dossier", row)
        known = {rule_: "+".join(bases.by(rule_, name, country)) or None for rule_ in RULES}
        values = {
            "country": country,
            "group": party(book if bases.scope.told else None, name),
            "group_id": bases.actor(name, country),
            "rule": rule,
            "base": "+".join(base) or None,
            "across": bases.across(base, country),
            "base_by_dossier": known["dossier"],
            "base_by_first_event": known["first_event"],
            "base_by_most_events": known["most_events_before"],
        }
        yield _line(bases.scope, values, row, whole.get(country), {"actors": (name,), "countries": (country,)})


def _line(scope: Scope, values: dict[str, Any], counts: dict[str, Any], whole: dict[str, Any] | None, to: Any) -> Line:
    state = how_covered(scope, (values["country"],), scope.period)
    made: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    made |= values | {c.name: counts[c.name] if state != "no" else None for c in COUNTS}
    for share, name in (("share_events", "events"), ("share_deaths", "deaths_best")):
        total = whole[name] if whole else 0
        made[share] = round(100 * made[name] / total, 1) if total and made[name] is not None else None
    return Line(made | {"covered": state, "records": counts["records"]}, scope.criteria.narrowed(**to))


def _headline(draft: Draft, scope: Scope, lines: list[Line]) -> Text:
    parts = []
    for n, line in enumerate(lines):
        if (
            line.values["group"] is None
            and line.values["rule"] == "dossier"
            and line.values["share_deaths"] is not None
        ):
            parts.append(
                T("{country} {events} with {deaths}, {share} % of all deaths there",
                  country=CountryName(line.values["country"]),
                  events=counted(draft.number(line.values["events"], n), "{n} event", "{n} events"),
                  deaths=counted(draft.number(line.values["deaths_best"], n), "{n} death", "{n} deaths"),
                  share=draft.number(line.values["share_deaths"], n, 1))
            )  # fmt: skip
    said: dict[str, Any] = {"start": scope.period.start, "end": scope.period.end}
    if not parts:
        return T("{where}, {start} to {end}: no events.", where=about(scope), **said)
    all_ = joined(parts, msg("{first}; {second}"))
    return T("By groups based in another country, {start} to {end}: {parts}.", parts=all_, **said)


def _caveats(world: World, params: Params, scope: Scope, told: Told) -> list[Text]:
    looked = sorted({*world.places(params, NEEDS), *scope.params.country})
    where: Any = (
        listing([CountryName(code) for code in looked]) if len(looked) <= 12 else T("{n} countries", n=len(looked))
    )
    said = [
        T("First events and most events are those in what is covered here: {where}. A group may have begun elsewhere.",
          where=where),
        T("Where a group is based goes by the dossier, and where that says nothing by the country of its first event "
          "in the data; the rows by first event and by most events before the period show what that choice changes. A "
          "base is an inference: groups move, and few say where their leaders are."),
        T("The forces of states, foreign ones too, are no groups. An event between two groups stands "
          "in the row of each."),
    ]  # fmt: skip
    if not told.held:
        said.append(T("No dossier is here: every base goes by events."))
    return [*said, *level_caveats(scope)]


QUESTION = Question(
    "cross-border-groups",
    T(
        "The share of a country's events and deaths in which a group takes part that is based in another country. The "
        "base is what the dossier has: the group's one country, or of several that in which it is dated to have "
        "operated first; where it says nothing, the country of the group's first event. The same shares are given by "
        "first event alone and by the country of most events before the period. With --neighbour only groups based "
        "there."
    ),
    None,
    ACCEPTS,
    COLUMNS,
    cross_border_groups,
)

"""What a question can look at: the releases that may speak, cut to the countries and days it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from harmattan.dossier.lineage import raised
from harmattan.errors import UsageError
from harmattan.lake import tables
from harmattan.lake.select import Selection, describe_gaps, resolve, select
from harmattan.lake.shelf import Held, Lake
from harmattan.measures.events import matching
from harmattan.measures.parties import at_level, resolved
from harmattan.questions import library
from harmattan.questions.library import Told
from harmattan.questions.naming import wanted_actors
from harmattan.questions.parameters import Params, nearest
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension, ReleaseRef
from harmattan.vocabulary.period import Period

if TYPE_CHECKING:
    from harmattan.dossier.names import Span

FIRST_DAY = dt.date(1989, 1, 1)
"""Where nothing is covered at all, an answer that was given no first day starts here."""


@dataclass(frozen=True)
class Scope:
    """The events a question is about, where they come from, and what has to be said about them."""

    params: Params
    """As asked, with the first and last day settled."""
    selection: Selection
    criteria: Criteria
    rows: Any
    """The matching events, an Ibis table."""
    caveats: tuple[Text, ...]
    profile: dict[str, int]
    told: Told | None = None
    """The dossiers, where the question was asked at one of their levels."""

    @property
    def period(self) -> Period:
        """The days the answer is about."""
        if self.params.start is None or self.params.end is None:
            raise ValueError("the period of a scope is settled before it is made")
        return Period(self.params.start, self.params.end)

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        used = [*self.selection.used, *(self.told.held if self.told else ())]
        return tuple(ReleaseRef.to(held.release) for held in used)

    @property
    def covered(self) -> bool:
        """Whether any release speaks about any of it."""
        return bool(self.selection.slices)


@dataclass(frozen=True)
class World:
    """A lake and an engine; questions come here for their events."""

    lake: Lake
    dossiers: tuple[str, ...] = ()

    @cached_property
    def engine(self) -> Any:
        """The embedded engine, made when the first question needs it."""
        return tables.connect()

    def told(self, params: Params) -> Told:
        """What the dossiers say, as far as the parameters allow."""
        return library.told(self.lake, self.dossiers, params)

    def chosen(self, params: Params) -> list[Held]:
        """The event releases that may speak, in order of precedence."""
        return select(self.lake, "events", known_by=params.known_by, pins=params.release)

    def period(self, params: Params, chosen: Iterable[Held], needs: Iterable[Dimension]) -> Period:
        """The days asked about: as said, or as far as the releases speak; never after the as-of date."""
        there = list(chosen)
        able = [held for held in there if set(needs) <= set(held.release.coverage.dimensions)]
        named = [held for held in able if set(held.release.coverage.places) & set(params.country)]
        spoken = [held.release.coverage.period for held in named or able or there]
        start = params.start or min((period.start for period in spoken), default=FIRST_DAY)
        end = params.end or max((period.end for period in spoken), default=start)
        end = min(end, params.as_of or end)
        if end < start and params.start is None:
            start = end
        elif end < start and params.end is None and (params.as_of is None or params.as_of >= start):
            end = start
        return Period(start, end)

    def selected(self, params: Params, needs: Iterable[Dimension] = ()) -> tuple[Params, Selection]:
        """The parameters with their period settled, and the releases that speak about it."""
        if not params.country:
            raise UsageError(T("No country is named."), do=T("Say --country MLI, or several."))
        needed = set(needs) | _needs(params)
        chosen = self.chosen(params)
        period = self.period(params, chosen, needed)
        settled = replace(params, start=period.start, end=period.end)
        return settled, resolve(chosen, params.country, period, needed)

    def scope(self, params: Params, needs: Iterable[Dimension] = ()) -> Scope:
        """The matching events of the countries and days asked about."""
        settled, selection = self.selected(params, needs)
        events = tables.events(self.engine, selection)
        told = self.told(params) if params.level != "name" else None
        if told is None:
            self._check_names(settled, selection)
        else:
            settled = replace(settled, actor=wanted_actors(told))
            events = at_level(self.named(events, selection, told, params.level))
        criteria = Criteria(countries=settled.country, start=settled.start, end=settled.end).narrowed(
            kinds=settled.kind, actors=settled.actor, dyads=settled.dyad, cells=settled.cell
        )
        rows = matching(events, criteria)
        profile = _profile(rows)
        caveats = (
            *gap_caveats(selection, self.spoken(params, needs), self._joint(params)),
            *_late_caveats(params, settled),
            *release_caveats(selection.holds, settled),
            *profile_caveats(profile),
        )
        return Scope(settled, selection, criteria, rows, tuple(caveats), profile, told)

    def named(self, events: Any, selection: Selection, told: Told, level: str) -> Any:
        """Events with the dossier's ids of their parties, at a level, in `ids_a`, `ids_b`, `side_a` and `side_b`."""
        rows: list[dict[str, Any]] = []
        for held in selection.holds:
            there = tables.table(self.engine, held, "events")
            written = {name for side in ("actors_a", "actors_b") for name in _names(there[side].unnest(), there)}
            scheme = held.release.dataset.partition("-")[0]
            spans = told.resolver.spans(sorted(written), scheme)
            if level != "actor":
                spans = raised(told.book, spans, "family" if level == "family" else "parent")
            rows += [_span_row(held, span) for span in spans]
        return resolved(events, ibis.memtable(pa.Table.from_pylist(rows, schema=SPANS)))

    def places(self, params: Params, needs: Iterable[Dimension] = ()) -> tuple[str, ...]:
        """Every country that a release in use speaks about in the detail that is needed."""
        needed = set(needs) | _needs(params)
        able = [held for held in self.chosen(params) if needed <= set(held.release.coverage.dimensions)]
        return tuple(sorted({place for held in able for place in held.release.coverage.places}))

    def spoken(self, params: Params, needs: Iterable[Dimension] = ()) -> dict[str, Period]:
        """From when to when each country asked about is spoken of, at any time, in the detail that is needed."""
        needed = set(needs) | _needs(params)
        found: dict[str, Period] = {}
        for held in self.chosen(params):
            coverage = held.release.coverage
            for code in set(params.country) & set(coverage.places) if needed <= set(coverage.dimensions) else ():
                before = found.get(code, coverage.period)
                found[code] = Period(min(before.start, coverage.start), max(before.end, coverage.end))
        return found

    def _joint(self, params: Params) -> set[str]:
        return {place for held in self.chosen(params) for place in held.release.coverage.places if "+" in place}

    def _check_names(self, params: Params, selection: Selection) -> None:
        """A name that stands nowhere in the releases in use is a slip; one that stands elsewhere has no events here."""
        tables_ = [tables.table(self.engine, held, "events") for held in selection.holds]
        if params.actor and tables_:
            known = {n for t in tables_ for side in ("actors_a", "actors_b") for n in _names(t[side].unnest(), t)}
            _all_known(params.actor, known, "No actor is called {words} in the releases in use.")
        if params.dyad and tables_:
            known = {name for t in tables_ for name in _names(t.dyad, t)}
            _all_known(params.dyad, known, "No dyad is called {words} in the releases in use.")


def gap_caveats(selection: Selection, spoken: Mapping[str, Period], joint: Iterable[str] = ()) -> list[Text]:
    """What no release speaks about, and what they do speak about instead (`spoken`, by country).

    `joint` are codes such as NGA+NER, under which a source has two countries together.
    """
    caveats = []
    for codes, period in describe_gaps(selection.gaps):
        for told in dict.fromkeys(spoken.get(code) for code in codes):
            there = T("{start} to {end}", start=told.start, end=told.end) if told else T("nothing in that detail")
            alike = [CountryName(code) for code in codes if spoken.get(code) == told]
            caveats.append(
                T(
                    "Not covered: {countries}, {start} to {end}. Covered there: {there}.",
                    countries=listing(alike),
                    start=period.start,
                    end=period.end,
                    there=there,
                )
            )
        caveats += [
            T(
                "{country} is only covered together with another: ask for {code}.",
                country=CountryName(code),
                code=Verbatim(both),
            )
            for both in sorted(joint)
            for code in codes
            if code in both.split("+") and code not in spoken
        ]
    return caveats


def _late_caveats(asked: Params, settled: Params) -> list[Text]:
    """An as-of date that lies after everything that is covered."""
    if asked.as_of is None or asked.end is not None or settled.end is None or settled.end >= asked.as_of:
        return []
    return [
        T(
            "Not covered: anything after {end}. The answer speaks as of that day, not of {as_of}.",
            end=settled.end,
            as_of=asked.as_of,
        )
    ]


def release_caveats(holds: Iterable[Held], params: Params) -> list[Text]:
    """Hindsight, provisional records, and figures by month, said aloud."""
    caveats = []
    for held in holds:
        release, name = held.release, Verbatim(held.release.name)
        if params.as_of and release.published > params.as_of:
            caveats.append(
                T(
                    "This is hindsight: {name} was published by {published}, after {as_of}.",
                    name=name,
                    published=release.published,
                    as_of=params.as_of,
                )
            )
        if release.status == "candidate":
            caveats.append(T("{name} is a candidate file: its records are provisional.", name=name))
        if release.status == "figures":
            caveats.append(T("{name} holds figures summed by month: an event is in the month it began in.", name=name))
    return caveats


def profile_caveats(profile: dict[str, int]) -> list[Text]:
    """What is doubtful in the records themselves."""
    caveats = []
    if profile["range_broken"]:
        caveats.append(
            T(
                "Low, best and high are out of order in the source in {events}; kept as published.",
                events=counted(profile["range_broken"], "{n} event", "{n} events"),
            )
        )
    if profile["no_low"]:
        caveats.append(
            T(
                "{records} without a low estimate in the source: sums that include them have none.",
                records=counted(profile["no_low"], "{n} record", "{n} records"),
            )
        )
    if profile["long_dates"]:
        caveats.append(
            T(
                "{events} dated to more than a month in the source: counted in the month of the first day.",
                events=counted(profile["long_dates"], "{n} event", "{n} events"),
            )
        )
    return caveats


def refuse_uncovered(countries: Iterable[str], period: Period, places: Iterable[str]) -> Text:
    """The headline where no release speaks about anything that was asked."""
    codes = sorted(set(places))
    known: Text = T("nothing")
    if codes:
        known = (
            T("{places}", places=listing([CountryName(code) for code in codes]))
            if len(codes) <= 12
            else T("{n} countries (harmattan releases --format json lists them)", n=len(codes))
        )
    return T(
        "Not covered: no release here speaks in that detail about {countries} from {start} to {end}. Covered: {known}.",
        countries=listing([CountryName(code) for code in countries]),
        start=period.start,
        end=period.end,
        known=known,
    )


def _needs(params: Params) -> set[Dimension]:
    needs: set[Dimension] = set()
    if params.kind:
        needs.add("kind")
    if params.actor:
        needs.add("actor")
    if params.dyad:
        needs.add("dyad")
    if params.cell:
        needs.add("cell")
    return needs


def _profile(rows: Any) -> dict[str, int]:
    longer = rows.date_precision == "longer"
    found = rows.agg(
        records=rows.count(),
        range_broken=rows.n_range_broken.sum().fill_null(0),
        no_low=rows.deaths_low.isnull().sum().fill_null(0),
        long_dates=rows.n_events.sum(where=longer).fill_null(0),
    )
    return dict(found.to_pyarrow().to_pylist()[0])


SPANS = pa.schema(
    [
        *((name, pa.string()) for name in ("of_release", "written", "country")),
        *((edge, pa.float64()) for edge in ("west", "south", "east", "north")),
        *((day, pa.date32()) for day in ("first", "last")),
        ("actor", pa.string()),
        ("rank", pa.int64()),
    ]
)


def _span_row(held: Held, span: Span) -> dict[str, Any]:
    edges = dict(zip(("west", "south", "east", "north"), span.area or (None,) * 4, strict=True))
    own = {"of_release": held.release.name, "written": span.written, "country": span.country}
    return own | edges | {"first": span.first, "last": span.last, "actor": span.actor, "rank": span.rank}


def _names(column: Any, events: Any) -> set[str]:
    found = events.select(name=column).distinct().to_pyarrow().to_pylist()
    return {row["name"] for row in found if row["name"]}


def _all_known(asked: Iterable[str], known: set[str], what: str) -> None:
    for name in asked:
        if name not in known:
            raise UsageError(T(what, words=Verbatim(name)), available=did_you_mean(nearest(name, known)))

"""What a question can look at: the releases that may speak, cut to the countries and days it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import ibis
import pyarrow as pa

from harmattan.dossier.lineage import raised
from harmattan.errors import UsageError
from harmattan.lake import tables
from harmattan.lake.measured import rows_by
from harmattan.lake.select import Selection, able_to_tell, allowed, families, resolve, select
from harmattan.lake.shelf import Held, Lake
from harmattan.measures.events import profile
from harmattan.measures.parties import resolved
from harmattan.questions import library
from harmattan.questions.areas import Laid, laid
from harmattan.questions.caveats import (
    gap_caveats,
    hidden_caveats,
    late_caveats,
    profile_caveats,
    release_caveats,
    type_caveats,
)
from harmattan.questions.library import Told
from harmattan.questions.naming import wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.settled import CalledBy, Settled, key_of
from harmattan.text import T, Text, Verbatim, listing
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.event_types import POLITICAL_VIOLENCE
from harmattan.vocabulary.origin import Dimension, ReleaseRef
from harmattan.vocabulary.period import Period

if TYPE_CHECKING:
    from harmattan.dossier.names import Span

TYPED = ("acled",)
"""The families whose events have types, protests and agreements among them: without a word, violence is meant."""
POSTS_MEMORY_MB = 4_000
"""What the engine for posts may take; a million posts with all their layers need about one gigabyte."""
FIRST_DAY = dt.date(1989, 1, 1)
"""Where nothing is covered at all, an answer that was given no first day starts here."""


MOST_FOUND = 64
"""So much that was found of all countries is kept for other questions; what was found first goes first."""


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
    laid: Laid | None = None
    """The boundaries, where the rows are told apart by area."""
    along: tuple[Held, ...] = ()
    """Releases that say where or when to look (a dossier's bases, cells, mines, people): they hold no events."""

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
        beside = (*(self.laid.held if self.laid else ()), *self.along)
        return (
            *(ReleaseRef.to(held.release) for held in used),
            *(ReleaseRef.to(held.release).model_copy(update={"beside": True}) for held in beside),
        )

    @property
    def covered(self) -> bool:
        """Whether any release speaks about any of it."""
        return bool(self.selection.slices)


@dataclass(frozen=True)
class World:
    """A lake and an engine; questions come here for their events."""

    lake: Lake
    dossiers: tuple[str, ...] = ()
    _names: dict[tuple[str, str, str], set[str]] = field(default_factory=dict, repr=False, compare=False)
    _profiles: dict[tuple[str, Criteria], dict[str, int]] = field(default_factory=dict, repr=False, compare=False)
    _panels: dict[tuple[str, Params], Any] = field(default_factory=dict, repr=False, compare=False)
    _draws: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _found: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    groups: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Groups of accounts that were found in posts, by what was asked; see `harmattan.questions.posted`."""
    listed: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Totals of lists of events, and what these can be narrowed to; see `harmattan.questions.event_list`."""
    gazetteers: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)
    """Names of places by the releases they come from; see `harmattan.questions.gazetteer`."""

    @cached_property
    def engine(self) -> Any:
        """The embedded engine, made when the first question needs it."""
        return tables.connect()

    @cached_property
    def settled(self) -> Settled:
        """The events that questions ask about, put together in the engine."""
        return Settled(self.engine)

    def again(self) -> World:
        """The same lake with other releases: what was put together of those that it had before stays as it is."""
        made = World(self.lake, self.dossiers, _names=self._names, _profiles=self._profiles, _found=self._found)
        engines = ("engine", "posts_engine", "settled")
        vars(made).update({name: vars(self)[name] for name in engines if name in vars(self)})
        return made

    @cached_property
    def posts_engine(self) -> Any:
        """The engine for posts: there are a hundred times more of them than of events, and pairs are sought among them.

        It takes memory as it needs some, up to `POSTS_MEMORY_MB`.
        """
        return tables.connect(POSTS_MEMORY_MB)

    def told(self, params: Params) -> Told:
        """What the dossiers say, as far as the parameters allow."""
        return library.told(self.lake, self.dossiers, params)

    def chosen(self, params: Params) -> list[Held]:
        """The event releases that may speak, in order of precedence."""
        return select(self.lake, "events", known_by=params.known_by, pins=params.release, family=params.source)

    def families(self, params: Params) -> tuple[str, ...]:
        """The families of the event releases that may speak, of which a question takes one."""
        return (params.source,) if params.source else families(allowed(self.lake, "events", params.release))

    def typed(self, params: Params) -> tuple[str, ...]:
        """The types of events that are asked about: as said, else political violence where the source has types.

        Raises UsageError where types are asked for of a source that has none.
        """
        chosen = self.chosen(params)
        if any(held.release.family in TYPED for held in chosen):
            return params.event_type or (POLITICAL_VIOLENCE,)
        if params.event_type:
            names = listing([Verbatim(name) for name in families(chosen)])
            raise UsageError(
                T("The data of {names} have no event types.", names=names),
                do=T("Leave --event-type out, or say --source acled where such data are taken in."),
            )
        return ()

    def period(self, params: Params, chosen: Iterable[Held], needs: Iterable[Dimension]) -> Period:
        """The days asked about: as said, or as far as the releases speak; never after the as-of date."""
        there, types = list(chosen), self.typed(params)
        able = [held for held in there if able_to_tell(held, needs, types)]
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
        return settled, resolve(chosen, params.country, period, needed, self.typed(params))

    def scope(self, params: Params, needs: Iterable[Dimension] = ()) -> Scope:
        """The matching events of the countries and days asked about."""
        settled, selection = self.selected(params, needs)
        told = self.told(params) if params.level != "name" else None
        if told is None:
            self.check_names(settled, selection)
        else:
            settled = replace(settled, actor=wanted_actors(told))
        criteria = Criteria(countries=settled.country, start=settled.start, end=settled.end).narrowed(
            kinds=settled.kind, actors=settled.actor, dyads=settled.dyad, cells=settled.cell
        )
        types = self.typed(params)
        if types and any(held.release.family in TYPED for held in selection.holds):
            criteria = criteria.narrowed(event_types=types)
        rows = self.events(selection, told, params, criteria)
        laid_out = laid(self.lake, rows, params) if selection.slices else None
        rows = rows if laid_out is None else laid_out.rows
        profile = self._profiled(self.key_of(selection, told, params), criteria, rows)
        caveats = (
            *hidden_caveats(selection, self.chosen(params), params, settled),
            *gap_caveats(selection, self.spoken(params, needs), self._joint(params)),
            *late_caveats(params, settled),
            *release_caveats(selection.holds, settled),
            *type_caveats(criteria),
            *profile_caveats(profile | ({"no_low": 0} if criteria.event_types else {})),
            *(laid_out.caveats if laid_out else ()),
        )
        return Scope(settled, selection, criteria, rows, tuple(caveats), profile, told, laid_out)

    def events(self, selection: Selection, told: Told | None, params: Params, criteria: Criteria | None = None) -> Any:
        """The events of a selection, or those of them that fit; their parties at the level asked for, where told."""
        return self.settled.events(selection, self._called(told, params), criteria)

    def key_of(self, selection: Selection, told: Told | None, params: Params) -> str:
        """What the events of a selection are told by."""
        return key_of(selection, self._called(told, params))

    def once(self, key: Hashable, work: Callable[[], Any]) -> Any:
        """What work finds, kept for the next question that needs the same of the same releases."""
        if key in self._found:
            return self._found[key]
        found = work()
        while len(self._found) >= MOST_FOUND:
            self._found.pop(next(iter(self._found)))
        self._found[key] = found
        return found

    def _called(self, told: Told | None, params: Params) -> CalledBy | None:
        if told is None:
            return None
        return CalledBy(told, params, lambda selection: self._spans(selection, told, params.level))

    def named(self, events: Any, selection: Selection, told: Told, level: str) -> Any:
        """Events with the dossier's ids of their parties, at a level, in `ids_a`, `ids_b`, `side_a` and `side_b`."""
        return resolved(events, self._spans(selection, told, level))

    def _spans(self, selection: Selection, told: Told, level: str) -> Any:
        rows = [_span_row(held, span) for held in selection.holds for span in self.spans(held, told, level)]
        return ibis.memtable(pa.Table.from_pylist(rows, schema=SPANS))

    def spans(self, held: Held, told: Told, level: str) -> list[Span]:
        """Everything that the meaning of the names of a release depends on, at a level."""
        scheme = held.release.dataset.partition("-")[0]
        spans = list(told.resolver.spans(sorted(self._written(held, "actors")), scheme))
        return spans if level == "actor" else raised(told.book, spans, "family" if level == "family" else "parent")

    def _written(self, held: Held, what: Literal["actors", "dyad"]) -> set[str]:
        """Every name that a release writes, of actors or of dyads; looked up once."""
        key = (held.release.name, held.release.digest, what)
        if key not in self._names:
            there = tables.table(self.engine, held, "events")
            columns = [there.dyad] if what == "dyad" else [there[side].unnest() for side in ("actors_a", "actors_b")]
            self._names[key] = {name for column in columns for name in _names(column, there)}
        return self._names[key]

    def _profiled(self, events: str, criteria: Criteria, rows: Any) -> dict[str, int]:
        key = (events, criteria)
        if key not in self._profiles:
            self._profiles[key] = dict(rows_by(profile, rows).to_pylist()[0])
        return self._profiles[key]

    def places(self, params: Params, needs: Iterable[Dimension] = ()) -> tuple[str, ...]:
        """Every country that a release in use speaks about in the detail that is needed."""
        needed, types = set(needs) | _needs(params), self.typed(params)
        able = [held for held in self.chosen(params) if able_to_tell(held, needed, types)]
        return tuple(sorted({place for held in able for place in held.release.coverage.places}))

    def spoken(self, params: Params, needs: Iterable[Dimension] = ()) -> dict[str, Period]:
        """From when to when each country asked about is spoken of, at any time, in the detail that is needed."""
        needed, types = set(needs) | _needs(params), self.typed(params)
        found: dict[str, Period] = {}
        for held in self.chosen(params):
            coverage = held.release.coverage
            for code in set(params.country) & set(coverage.places) if able_to_tell(held, needed, types) else ():
                before = found.get(code, coverage.period)
                found[code] = Period(min(before.start, coverage.start), max(before.end, coverage.end))
        return found

    def _joint(self, params: Params) -> set[str]:
        return {place for held in self.chosen(params) for place in held.release.coverage.places if "+" in place}

    def check_names(self, params: Params, selection: Selection) -> None:
        """A name that stands nowhere in the releases in use is a slip; one that stands elsewhere has no events here."""
        holds = selection.holds
        if params.actor and holds:
            known = {name for held in holds for name in self._written(held, "actors")}
            _all_known(params.actor, known, "No actor is called {words} in the releases in use.")
        if params.dyad and holds:
            known = {name for held in holds for name in self._written(held, "dyad")}
            _all_known(params.dyad, known, "No dyad is called {words} in the releases in use.")


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

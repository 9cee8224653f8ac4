"""Whom a name means, on a day and at a place. Never a silent guess: an actor only where it is certain, else candidates.

A name is looked for in four ways: the same text, the same but for accents and marks, the same consonants, merely alike.
The first way that finds names decides which are weighed; the last never decides whom they mean. Of the names found
those count that hold on the day and at the place, and of these the ones with the narrowest scope: an area before
countries before none.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import Literal, NamedTuple, TypeVar

from harmattan.dossier.book import Book
from harmattan.dossier.records import Name
from harmattan.dossier.senses import Area, Point, Sense, counting, homes_of, is_short, lies_within, rows_on, sense_of
from harmattan.dossier.spelling import Likeness, legible, plain, skeleton, spelled

Reason = Literal["id", "exact", "acronym", "alias", "transliteration", "fuzzy", "unidentified", "none"]
Fits = Literal["yes", "not then", "not there", "wider", "narrower", "ambiguous"]

ALIKE = 80
"""The least likeness, of 100, at which a name is a candidate."""
ALIKE_MOST = 5
"""At most so many candidates that are merely alike."""
LONGEST = 500
"""A longer text is no name."""
KEPT = 20_000
"""So many ways of asking are remembered; then they are forgotten and it begins anew."""
JOINED = 4
"""Within a longer text a name with commas holds at most so many parts."""

_KINDS: dict[str, Reason] = {"name": "exact", "acronym": "acronym", "alias": "alias"}
_ORDER: tuple[Fits, ...] = ("yes", "ambiguous", "narrower", "wider", "not then", "not there")
_UNNAMED = re.compile(r"XXX\d{1,3}")
"""UCDP's code for an actor that it does not know: XXX and the country's Gleditsch-Ward number."""
_UNNAMED_BY = (None, "ucdp")
_CUT = re.compile(r"\([^()]*\)|[,;]")
"""A comma or semicolon that may separate names, or a bracket, within which none does."""
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True)
class Candidate:
    """An actor that a text may mean: by which of its names, how that was found, and whether it fits day and place."""

    actor: str
    reason: Reason
    score: float
    name: str
    fits: Fits


@dataclass(frozen=True)
class Resolved:
    """What a text means: the actor where that is certain, else None; and everybody it may mean, best first.

    Where an actor is certain it is the first candidate and the only one that fits "yes". Otherwise `reason` and `score`
    are those of the best candidate, "none" and 0 where there is none. Candidates are empty where none were asked for.
    """

    text: str
    actor: str | None
    reason: Reason
    score: float
    name: str | None
    candidates: tuple[Candidate, ...]

    @property
    def sure(self) -> bool:
        """Whether one actor fits for certain."""
        return self.actor is not None


@dataclass(frozen=True)
class Span:
    """Whom a name means as a data set writes it: in a country, within an area (None: any), from first to last day.

    An area holds the points on its west and south edges and not those on its east and north edges. Of the spans that an
    event fits, the one with the highest rank holds. Its actor is None where narrower names of two actors meet over a
    wider one: there nobody is certain.
    """

    written: str
    country: str | None
    area: Area | None
    first: dt.date
    last: dt.date
    actor: str | None
    rank: int


class _Way(NamedTuple):
    reason: Reason
    key: Callable[[str], str]
    score: float


_WAYS = (_Way("exact", spelled, 100.0), _Way("transliteration", plain, 99.0), _Way("transliteration", skeleton, 95.0))


@dataclass(slots=True)
class _Plan:
    """The names that one way of asking comes to, and the answers given so far, by day and place.

    `groups` are weighed one after the other: the first with a name that holds decides.
    """

    groups: tuple[tuple[Sense, ...], ...]
    way: Reason
    scores: tuple[float, ...]
    """The score of each name, or one for all."""
    sure: bool = False
    abroad: bool = False
    senses: tuple[Sense, ...] = field(init=False)
    edges: list[int] = field(init=False)
    """The days on which something begins to hold, or has ceased to."""
    areas: tuple[Area, ...] = field(init=False)
    given: dict[tuple[int | None, tuple[bool, ...] | None], Resolved] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.senses = tuple(sense for group in self.groups for sense in group)
        if len(self.scores) == 1:
            self.scores *= len(self.senses)
        days = ((s.first, s.last + 1, s.sure_first, s.sure_last + 1) for s in self.senses)
        self.edges = sorted({day for four in days for day in four})
        self.areas = tuple(dict.fromkeys(s.name.area for s in self.senses if s.name.area is not None))

    def answer(self, text: str, country: str | None, spot: int | None, inside: tuple[bool, ...] | None) -> Resolved:
        """Whom the text means after so many edges (None: on any day) and within these areas (None: not known)."""
        days = self.edges if spot is None else [self.edges[spot - 1] if spot else 0]
        within = dict(zip(self.areas, inside, strict=True)) if inside is not None else {}
        stands = [s.stands(country, within.get(s.name.area) if s.name.area else None, self.abroad) for s in self.senses]
        best = self._best({id(s) for s, there in zip(self.senses, stands, strict=True) if there}, days)
        found: dict[str, Candidate] = {}
        for sense, there, score in zip(self.senses, stands, self.scores, strict=True):
            fits = _fits(sense, there, None if spot is None else days[0], best)
            if fits is not None:
                made = self._candidate(best[0].name if best and fits == "yes" else sense.name, score, fits)
                found[sense.actor] = min(made, found.get(sense.actor, made), key=_worth)
        if not found:
            return _nothing(text)
        ordered = tuple(sorted(found.values(), key=_worth))
        first = ordered[0]
        if self.sure and first.fits == "yes":
            return Resolved(text, first.actor, first.reason, first.score, first.name, ordered)
        return Resolved(text, None, first.reason, first.score, None, ordered)

    def _candidate(self, name: Name, score: float, fits: Fits) -> Candidate:
        reason = _KINDS[name.kind] if self.way == "exact" else self.way
        return Candidate(name.actor, reason, score, name.text, fits)

    def _best(self, here: set[int], days: Sequence[int]) -> tuple[Sense, ...]:
        """The names that count at a place on the days: of one actor where it is certain, else of several."""
        if self.way == "fuzzy":
            return ()
        for group in self.groups:
            found = counting([sense for sense in group if id(sense) in here], days)
            if found:
                return found
        return ()


class Resolver:
    """Finds whom names mean, by one book.

    >>> from harmattan.dossier.records import Actor
    >>> front = Actor(id="front", kind="armed_group", label={"en": "Northern Front", "fr": "Front du Nord"})
    >>> name = Name(actor="front", text="Northern Front")
    >>> resolver = Resolver(Book({"front": front}, (name,), (), (), (), (), {}))
    >>> resolver.resolve("NORTHERN  FRONT").actor, resolver.resolve("Nothern Front").actor
    ('front', None)
    >>> resolver.resolve("Nothern Front").candidates[0].score
    96.3
    """

    def __init__(self, book: Book) -> None:
        homes, acronyms = homes_of(book), {(n.actor, spelled(n.text)) for n in book.names if n.kind == "acronym"}
        ordered = sorted(book.names, key=lambda name: (name.source is not None, list(_KINDS).index(name.kind), name.id))
        self._ids: dict[tuple[str, str], list[Sense]] = {}
        self._texts: tuple[dict[str, list[Sense]], ...] = tuple({} for _ in _WAYS)
        for name in ordered:
            if name.actor not in book.actors:
                continue
            short = (name.actor, spelled(name.text)) in acronyms or (name.source is not None and is_short(name.text))
            sense = sense_of(name, book.actors[name.actor], homes.get(name.actor) if short else None)
            if name.source is not None and name.source_id is not None:
                self._ids.setdefault((name.source, name.source_id), []).append(sense)
            for way, texts in zip(_WAYS, self._texts, strict=True):
                if key := way.key(name.text):
                    texts.setdefault(key, []).append(sense)
        self._with_comma = {plain(name.text) for name in book.names if _CUT.search(name.text)}
        self._plans: dict[tuple[str, str | None, str | None, str | None, bool], _Plan | Resolved] = {}
        self._pieces: dict[str, tuple[str, ...]] = {}

    def resolve(
        self,
        text: str,
        *,
        source: str | None = None,
        source_id: str | None = None,
        day: dt.date | None = None,
        country: str | None = None,
        point: Point | None = None,
        candidates: bool = True,
    ) -> Resolved:
        """Whom a text means: as a source writes it or in general, on a day, in a country (ISO3), at (lon, lat).

        What is not given is not known: a name confined to a country or an area then gives way to a wider one, and
        without a day an actor is certain only if it is so on every day. Without `candidates` only what is certain is
        looked for.
        """
        key = (text, source, source_id, country, candidates)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plan(text, source, source_id, candidates) or _nothing(text)
            if len(text) <= LONGEST:
                _keep(self._plans, key, plan)
        if isinstance(plan, Resolved):
            return plan
        spot = None if day is None else bisect_right(plan.edges, day.toordinal())
        inside = None if point is None else tuple(lies_within(point, area) for area in plan.areas)
        found = plan.given.get((spot, inside))
        if found is None:
            found = plan.answer(text, country, spot, inside)
            if not candidates:
                found = Resolved(text, found.actor, found.reason, found.score, found.name, ())
            plan.given[spot, inside] = found
        return found

    def parts(
        self,
        text: str,
        *,
        source: str | None = None,
        source_id: str | None = None,
        day: dt.date | None = None,
        country: str | None = None,
        point: Point | None = None,
        candidates: bool = True,
    ) -> tuple[Resolved, ...]:
        """Whom each part of a compound text means; a known name that holds a comma is one part.

        An id stands for the whole text: where it is not known, the parts are resolved by what they say.
        """
        ask = partial(self.resolve, source=source, day=day, country=country, point=point, candidates=candidates)
        pieces = self._split(text)
        if len(pieces) < 2 or (source is not None and source_id is not None and (source, source_id) in self._ids):
            return (ask(text, source_id=source_id),)
        return tuple(ask(piece) for piece in pieces)

    def spans(self, written: Iterable[str], source: str) -> list[Span]:
        """All that the certain meaning of names as a source writes them depends on, as rows to join events with.

        For an event with a country and a day the span with the highest rank gives the answer that `resolve` gives. An
        event without a point fits no span with an area.
        """
        return [span for text in dict.fromkeys(written) for span in self._spans(text, source)]

    def _spans(self, text: str, source: str) -> Iterator[Span]:
        plan = self._plan(text, source, None, candidates=False)
        if not isinstance(plan, _Plan) or not plan.sure:
            return
        runs: dict[tuple[int, str | None, Area | None, str | None], list[list[int]]] = {}
        for first, after in pairwise(plan.edges):
            for row in rows_on(plan.senses, first):
                run = runs.setdefault(row, [])
                if run and run[-1][1] == first - 1:
                    run[-1][1] = after - 1
                else:
                    run.append([first, after - 1])
        for (rank, country, area, actor), run in runs.items():
            for first, last in run:
                yield Span(text, country, area, dt.date.fromordinal(first), dt.date.fromordinal(last), actor, rank)

    def _plan(self, text: str, source: str | None, source_id: str | None, candidates: bool) -> _Plan | Resolved | None:
        if "XXX" in text and source in _UNNAMED_BY and _UNNAMED.fullmatch(text.strip()):
            return Resolved(text, None, "unidentified", 0.0, None, ())
        by_id = source is not None and source_id is not None
        named = self._ids.get((source or "", source_id or "")) if by_id else None
        if named is not None:
            return _Plan((tuple(named),), "id", (100.0,), sure=True, abroad=True)
        words = legible(text) if len(text) <= LONGEST else ""
        found = None if by_id else self._own(words, source)
        if found is None and candidates:
            found = self._others(words) or self._alike(words)
        return found

    def _named(self, words: str) -> Iterator[tuple[_Way, list[Sense]]]:
        for way, texts in zip(_WAYS, self._texts, strict=True):
            senses = texts.get(way.key(words))
            if senses is not None:
                yield way, senses

    def _own(self, words: str, source: str | None) -> _Plan | None:
        """The names that may be certain: the source's; where none is asked, those without one and the same text."""
        for way, senses in self._named(words):
            mine = tuple(sense for sense in senses if sense.name.source == source)
            theirs = tuple(sense for sense in senses if sense.name.source is not None)
            groups = (mine, theirs) if source is None and way.reason == "exact" else (mine,)
            if any(groups):
                sure = way.key is not skeleton or len({sense.actor for sense in mine}) == 1
                return _Plan(groups, way.reason, (way.score,), sure, abroad=source is not None)
        return None

    def _others(self, words: str) -> _Plan | None:
        """The names that say the same but are not those asked for."""
        return next((_Plan((tuple(senses),), way.reason, (way.score,)) for way, senses in self._named(words)), None)

    def _alike(self, words: str) -> _Plan | None:
        found: list[tuple[Sense, float]] = []
        actors: dict[str, None] = {}
        texts, likeness = self._likeness
        for number, score in likeness.near(plain(words), ALIKE):
            for sense in self._texts[1][texts[number]]:
                if sense.actor in actors or len(actors) < ALIKE_MOST:
                    actors[sense.actor] = None
                    found.append((sense, score))
        if not found:
            return None
        senses, scores = zip(*found, strict=True)
        return _Plan((senses,), "fuzzy", scores)

    @cached_property
    def _likeness(self) -> tuple[tuple[str, ...], Likeness]:
        texts = tuple(self._texts[1])
        return texts, Likeness(texts)

    def _split(self, text: str) -> tuple[str, ...]:
        """The parts of a text between commas and semicolons; a known name keeps its own."""
        if "," not in text and ";" not in text:
            return (text,)
        found = self._pieces.get(text)
        if found is None:
            found = tuple(self._cut(text))
            if len(text) <= LONGEST:
                _keep(self._pieces, text, found)
        return found

    def _cut(self, text: str) -> Iterator[str]:
        if self._keeps_comma(text):
            yield text
            return
        cuts = [-1, *(cut.start() for cut in _CUT.finditer(text) if cut[0] in ",;"), len(text)]
        place, end = 0, len(cuts) - 1
        while place < end:
            joined = range(min(place + JOINED, end), place + 1, -1)
            after = next((n for n in joined if self._keeps_comma(text[cuts[place] + 1 : cuts[n]])), place + 1)
            piece = text[cuts[place] + 1 : cuts[after]].strip()
            place = after
            if piece:
                yield piece

    def _keeps_comma(self, text: str) -> bool:
        return len(text) <= LONGEST and plain(text) in self._with_comma


def _fits(sense: Sense, there: bool | None, day: int | None, best: Sequence[Sense]) -> Fits | None:
    """How a name fits beside those that count; None for one that only another source has of another actor."""
    actors = {other.actor for other in best}
    if actors == {sense.actor}:
        return "yes"
    if day is not None and not sense.holds(day):
        return "not then"
    if not there:
        return "narrower" if there is None else "not there"
    if not actors:
        return "yes"
    if sense.actor in actors:
        return "ambiguous"
    if sense.rank == best[0].rank:
        return "not then" if day is not None and sense.holds(day) == 1 else None
    return "wider" if sense.rank < best[0].rank else "narrower"


def _worth(candidate: Candidate) -> tuple[float, int, str]:
    return -candidate.score, _ORDER.index(candidate.fits), candidate.actor


def _nothing(text: str) -> Resolved:
    return Resolved(text, None, "none", 0.0, None, ())


def _keep(store: dict[_K, _V], key: _K, value: _V) -> None:
    if len(store) >= KEPT:
        store.clear()
    store[key] = value

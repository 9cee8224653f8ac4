"""What a part of a claim is about: which records are asked for, whether the releases can tell, and how it is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.questions.answer import Answer
from harmattan.questions.area_cells import area_cells
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.ledger import Naming, ledger
from harmattan.questions.recital import label
from harmattan.questions.tally import SHORT
from harmattan.reading.mentions import PlaceName
from harmattan.text import CountryName, T, Text, Value, Verbatim, joined, listing, msg
from harmattan.vocabulary.claim import Where
from harmattan.vocabulary.partial import PartialDate
from harmattan.vocabulary.period import Month, Period

AREAS = ("admin1", "admin2")


@dataclass(frozen=True)
class Scene:
    """The records a part speaks of, counted in every way; or the reason why they cannot be."""

    asker: Asker
    where: Where
    start: dt.date | None
    end: dt.date
    answer: Answer | None = None
    """Of the question `tally`."""
    obstacle: Text | None = None
    """Why it cannot be checked, as a whole sentence."""

    @property
    def counted(self) -> Answer:
        """The answer; asked for only where there is no obstacle."""
        if self.answer is None:
            raise ValueError("a scene with an obstacle has no answer")
        return self.answer

    @property
    def said(self) -> Any:
        """The row that counts as the claim says it."""
        return self.counted.rows[0]

    @property
    def whole(self) -> bool:
        """Whether the releases speak about all of it."""
        return bool(self.said["covered"] == "yes")

    @property
    def cut(self) -> bool:
        """Whether the as-of date cuts short what the claim speaks of."""
        end = self.where.end or self.where.start
        return end is not None and end.latest is not None and end.latest > self.end

    @property
    def incident(self) -> bool:
        """Whether a single incident may be meant: at a spot, or within two months."""
        short = self.start is not None and (self.end - self.start).days < SHORT
        params = self.counted.params
        return short or (len(params["cell"]) == 1 and not params.get("region"))

    @property
    def lethal_only(self) -> bool:
        """Whether events without deaths are not in the source."""
        lake = self.asker.inquiry.lake
        return not any(lake.find(ref.name).release.coverage.event_types for ref in self._events)

    @property
    def by_month(self) -> bool:
        """Whether some of the releases hold sums by month."""
        lake = self.asker.inquiry.lake
        return any(lake.find(ref.name).release.status == "figures" for ref in self._events)

    @property
    def _events(self) -> list[Any]:
        lake, refs = self.asker.inquiry.lake, self.answer.releases if self.answer else ()
        return [ref for ref in refs if lake.find(ref.name).release.origin.contract == "events"]

    @property
    def title(self) -> Text:
        """Place, period, and what it is narrowed to, for the head of a sentence."""
        return title(self.where, self.start, self.end)

    @property
    def coverage(self) -> Text:
        """What the releases in use speak of, and what they cannot see."""
        if self.answer is None:
            return T("It was not asked.")
        if not self._events:
            return self.answer.headline
        lake = self.asker.inquiry.lake
        until = max(lake.find(ref.name).release.coverage.end for ref in self._events)
        names = listing([Verbatim(ref.name) for ref in self._events])
        said = [T("Counted by {names}, which speaks until {until}.", names=names, until=until)]
        if not self.whole:
            said.append(T("Only a part of the place and period is covered."))
        if self.by_month:
            said.append(T("It holds sums by month, not single events."))
        if self.lethal_only:
            said.append(T("Events without a death are not in it."))
        return joined(said)

    def result(self, part: Any, verdict: Verdict, sentence: Text, *reckonings: Reckoning, unit: Text | None = None,
               also: tuple[Answer, ...] = ()) -> PartResult:  # fmt: skip
        """A verdict on a part, with what was looked at."""
        answers = (*((self.answer,) if self.answer else ()), *also)
        return PartResult(part, verdict, sentence, self.coverage, tuple(reckonings), unit, answers)

    def uncheckable(self, part: Any, why: Text | None = None) -> PartResult:
        """The verdict that it cannot be checked, and why."""
        return self.result(part, "not_checkable", why or self.obstacle or T("It cannot be checked."))


def scene(asker: Asker, where: Where, *, until_now: bool = False) -> Scene:
    """What a part is about. `until_now` counts to the as-of date where no end is said.

    Raises UnknownActor for a name that nobody knows.
    """
    start, end = days(where, asker.as_of, until_now=until_now)
    bare = Scene(asker, where, start, end)
    if start is not None and start > end:
        return _stopped(bare, T("{title}: this lies after {day}, the last day that is looked at.",
                                title=title(where, start, start), day=asker.as_of))  # fmt: skip
    places: dict[str, tuple[Any, ...]] = {}
    for name in (name.strip() for name in (where.place or "").split(";") if name.strip()):
        found = asker.places(name, where.country)
        area = _area(asker, found[0]) if found else {}
        if not found:
            return _stopped(bare, T("No place called {name} is known in {countries}.", name=Verbatim(name),
                                    countries=_countries(where)))  # fmt: skip
        if found[0].kind != "country" and not any(area.values()):
            return _stopped(bare, T("{name} is known, but not where its events would be coded.", name=Verbatim(name)))
        places = {field: tuple(dict.fromkeys((*places.get(field, ()), *of))) for field, of in area.items()}
    params = {"country": where.country, "start": start, "end": end, "kind": where.kind, "actor": where.actor,
              "perpetrator": where.by, "against": where.against, **places}  # fmt: skip
    answer = asker.ask("tally", **params)
    counted = Scene(asker, where, start, end, answer)
    if not answer.rows:
        return _stopped(counted, answer.headline)
    why = _unseen(asker, where, answer, end)
    return _stopped(counted, why) if why is not None else counted


def no_record(there: Scene) -> Text:
    """The sentence where all is covered and nothing matches."""
    return T("{title}: covered, but without a matching record; that is no proof that nothing happened.",
             title=there.title)  # fmt: skip


def not_counted(there: Scene) -> Text:
    """The sentence where a source does not give the number that is claimed."""
    return T("{title}: the source does not count that.", title=there.title)


def spoken_date(date: PartialDate) -> Value:
    """A date as it can be spoken: a day, a month, a year, or as it is written."""
    if date.exact:
        return date.day
    first, last = date.earliest, date.latest
    if first and last and Month.of(first) == Month.of(last) and len(date.written) == len("2022-03"):
        return Month.of(first).name
    return Verbatim(date.written)


def days(where: Where, as_of: dt.date, *, until_now: bool = False) -> tuple[dt.date | None, dt.date]:
    """The first and the last day a part is about; None: as far back as is covered."""
    start = where.start.earliest if where.start else None
    end = where.end.latest if where.end else where.start.latest if where.start and not until_now else None
    return start, min(end or as_of, as_of)


def title(where: Where, start: dt.date | None, end: dt.date) -> Text:
    """Place, period, and what a part is narrowed to: "Moura in Mali, March 2022 (FAMa)"."""
    place: Text = T("{countries}", countries=_countries(where))
    if where.place:
        names = listing([Verbatim(name.strip()) for name in where.place.split(";")])
        place = T("{place} in {countries}", place=names, countries=_countries(where))
    text = T("{place}, {period}", place=place, period=_period(start, end))
    named = [Verbatim(name) for name in (*where.actor, *where.by)]
    only: list[Text] = [T("{names}", names=listing(named))] if named else []
    if where.against:
        only.append(T("against {names}", names=listing([Verbatim(name) for name in where.against])))
    if where.kind:
        only.append(T("{kinds}", kinds=listing([KIND_WORDS[kind] for kind in where.kind])))
    return T("{places} ({only})", places=text, only=joined(only, msg("{first}; {second}"))) if only else text


def _period(start: dt.date | None, end: dt.date) -> Value:
    if start is None:
        return T("until {end}", end=end)
    if start == end:
        return start
    if (start, end) == (dt.date(start.year, 1, 1), dt.date(start.year, 12, 31)):
        return Verbatim(str(start.year))
    months = Period.months(Month.of(start), Month.of(end))
    if (start, end) == (months.start, months.end) and months.first_month == months.last_month:
        return Month.of(start).name
    return T("{start} to {end}", start=start, end=end)


def _countries(where: Where) -> Any:
    return listing([CountryName(code) for code in where.country])


def _stopped(there: Scene, why: Text) -> Scene:
    return Scene(there.asker, there.where, there.start, there.end, there.answer, why)


def _area(asker: Asker, place: PlaceName) -> dict[str, tuple[Any, ...]]:
    """The cells and regions of a place: of a point its cell; of an area the cells it has most of, and its name."""
    if place.kind == "country":
        return {}
    if place.kind not in AREAS:
        return {"cell": () if place.cell is None else (place.cell,), "region": ()}
    cells = area_cells(asker.inquiry.world, place.iso3, place.name)
    return {"cell": cells, "region": (place.name,) if place.kind == "admin1" else ()}


def _unseen(asker: Asker, where: Where, answer: Answer, day: dt.date) -> Text | None:
    """Why the releases cannot tell somebody who is named: they never have it as a party."""
    words = (*where.actor, *where.by, *where.against)
    for naming in namings(asker, where, day) if words else ():
        name = Verbatim(naming.said)
        if naming.within is not None:
            return T("{name} is never named as a party in the releases in use, which count it under {whole}.",
                     name=name, whole=label(asker.book, naming.within))  # fmt: skip
        if not naming.levels:
            return T("{name} is never a party in the releases in use: what it took part in is coded to others.",
                     name=name)  # fmt: skip
    return None


def namings(asker: Asker, where: Where, day: dt.date) -> list[Naming]:
    """Under which names of the releases those are found who are named."""
    params = replace(asker.common, country=where.country, actor=where.actor, perpetrator=where.by,
                     against=where.against)  # fmt: skip
    there = ledger(asker.inquiry.world, params)
    return [there.naming(words, day) for words in (*where.actor, *where.by, *where.against)]

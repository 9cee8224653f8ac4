"""Drafts of claim parts that a sentence's mentions fill in, as plain dicts for `harmattan.vocabulary.claim`."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from harmattan.dossier.records import Indicator
from harmattan.reading import claim_words as said
from harmattan.reading.mentions import ActorMeaning, DateMeaning, FigureMeaning, Mention, PlaceMeaning
from harmattan.reading.nearest import SIZES, STANDING
from harmattan.vocabulary.country import COUNTRIES

Draft = dict[str, Any]
OF_EVENTS = {"deaths": "deaths", "civilians_killed": "civilians"}
STATED = frozenset(get_args(Indicator)) - {"deaths", "civilians_killed"}
"""Indicators that the question `figures` knows."""
CLOSE = 80
"""Words within so many signs of each other belong together."""
_LIST = re.compile(
    r"\s*(?:,|,?\s(?:and|et|as well as|ainsi qu['’])\s(?:in |au |en |aux )?)\s*(?:le |la |the |au |en )?"
)
_BREAK = re.compile(r"[.;—]")
_CLAUSE = re.compile(r"[.,;:—]")
_APPOSED = re.compile(r"^\)?\s?\([^)]*\)")
TWO = 2
_SINCE = re.compile(r"\b(?:since|depuis)\b", re.IGNORECASE)
DIVISION = {"MLI": "cercle", "BFA": "province"}
"""What a second-order area is called, by country; else a department."""


@dataclass(frozen=True)
class Said:
    """A sentence with what was found in it."""

    text: str
    start: int
    mentions: tuple[Mention, ...]
    every: tuple[Mention, ...]
    """All mentions of the reading: figures point into them."""
    day: dt.date | None
    """The day of publication: open periods end with it."""

    def of(self, kind: type) -> list[Mention]:
        """The mentions of a kind of meaning."""
        return [m for m in self.mentions if isinstance(m.meaning, kind)]

    @functools.cached_property
    def actors(self) -> list[Mention]:
        """Those whose actor is certain, each once."""
        found = {m.meaning.actor: m for m in self.of(ActorMeaning)[::-1] if isinstance(m.meaning, ActorMeaning)}
        return sorted((m for actor, m in found.items() if actor), key=lambda m: m.start)

    @functools.cached_property
    def countries(self) -> list[str]:
        """The countries that are named, or in which named places lie, in order."""
        places = [m.meaning.place for m in self.of(PlaceMeaning) if isinstance(m.meaning, PlaceMeaning)]
        named = [p.iso3 for p in places if p.kind == "country"] or [p.iso3 for p in places]
        return [code for code in dict.fromkeys(named) if code in COUNTRIES]

    @functools.cached_property
    def dates(self) -> list[Mention]:
        """The dates."""
        return self.of(DateMeaning)

    @functools.cached_property
    def places(self) -> list[Mention]:
        """The places."""
        return self.of(PlaceMeaning)

    def cut(self, start: int, end: int) -> str:
        """The words between two positions of the document."""
        return self.text[max(0, start - self.start) : max(0, end - self.start)]

    def listed(self, place: Mention) -> list[Mention]:
        """A place with those that it is listed with ("in Mali, Burkina Faso and Niger")."""
        if place not in self.places:
            return [place]
        at = self.places.index(place)
        first = last = at
        while first and _LIST.fullmatch(self.cut(self.places[first - 1].end, self.places[first].start)):
            first -= 1
        while last + 1 < len(self.places) and _LIST.fullmatch(
            self.cut(self.places[last].end, self.places[last + 1].start)
        ):
            last += 1
        return self.places[first : last + 1]

    def dated(self, at: int) -> Draft:
        """`from` and `to` of the date that is nearest to a position of the document."""
        near = min(self.dates, key=lambda m: min(abs(m.start - at), abs(m.end - at)), default=None)
        return when(near, self.day)

    def near(self, at: int) -> list[Mention]:
        """The places that closely follow a position of the document, else those just before it, else the only one."""
        after = [p for p in self.places if 0 <= p.start - at <= CLOSE and not _BREAK.search(self.cut(at, p.start))]
        before = [p for p in self.places if 0 <= at - p.end <= CLOSE and not _BREAK.search(self.cut(p.end, at))]
        if after or before:
            return self.listed(after[0] if after else before[-1])
        same = [p for p in self.places if not _BREAK.search(self.cut(min(at, p.end), max(at, p.start)))]
        return same if len(self.countries) == 1 else []


def name_of(mention: Mention) -> str:
    """The name by which the dossier knows an actor."""
    meaning = mention.meaning
    return meaning.name if isinstance(meaning, ActorMeaning) else mention.text


def where(places: Sequence[Mention]) -> Draft:
    """`country`, and `place` where the smallest of some places is no country; empty where there is none."""
    known = [m.meaning.place for m in places if isinstance(m.meaning, PlaceMeaning)]
    countries = list(dict.fromkeys(place.iso3 for place in known if place.iso3 in COUNTRIES))
    small = [m for m in places if isinstance(m.meaning, PlaceMeaning) and m.meaning.place.kind != "country"]
    if not countries or len(countries) > 1 or not small:
        return {"country": countries} if countries else {}
    least = min(small, key=_size)
    return {"country": countries, "place": least.text + _division(least)}


def _size(mention: Mention) -> int:
    return SIZES.index(mention.meaning.place.kind) if isinstance(mention.meaning, PlaceMeaning) else len(SIZES)


def _division(mention: Mention) -> str:
    """The word for its kind that a name of an area needs, not to be taken for the town."""
    meaning = mention.meaning
    if not isinstance(meaning, PlaceMeaning):
        return ""
    kinds = {"admin1": " region", "admin2": f" {DIVISION.get(meaning.place.iso3, 'department')}"}
    return kinds.get(meaning.place.kind, "")


def when(mention: Mention | None, day: dt.date | None) -> Draft:
    """`from` and `to` of a date, as short as they can be said; an open end is the day of publication."""
    meaning = mention.meaning if mention else None
    if not isinstance(meaning, DateMeaning):
        return {}
    start, end = meaning.start, meaning.end or day
    if start is None or end is None or end < start:
        return {"to": str(end)} if end and start is None else {}
    return {"from": short} if (short := period(start, end)) else {"from": str(start), "to": str(end)}


def period(start: dt.date, end: dt.date) -> str:
    """A whole year, a whole month or a day as a date known in part; empty for any other days.

    >>> period(dt.date(2022, 3, 1), dt.date(2022, 3, 31)), period(dt.date(2022, 3, 1), dt.date(2022, 4, 2))
    ('2022-03', '')
    """
    if start == end:
        return str(start)
    if start == start.replace(month=1, day=1) and end == start.replace(month=12, day=31):
        return f"{start.year:04d}"
    last = calendar.monthrange(start.year, start.month)[1]
    return f"{start:%Y-%m}" if start.day == 1 and end == start.replace(day=last) else ""


def stated(meaning: FigureMeaning) -> Draft:
    """`value`, `high` and `qualifier` of a figure."""
    amount = meaning.amount
    found: Draft = {"value": _whole(amount.value), "qualifier": amount.qualifier}
    return found | ({"high": _whole(amount.high)} if amount.high is not None else {})


def _whole(value: float) -> float:
    """A number as one writes it: without a point where it is whole."""
    return int(value) if float(value).is_integer() else value


def of_figures(told: Said) -> Iterator[Draft]:
    """Drafts of the sentence's figures."""
    for mention in told.of(FigureMeaning):
        meaning = mention.meaning
        if not isinstance(meaning, FigureMeaning):
            continue
        about = _where_counted(told, mention, meaning)
        if not about:
            continue
        about |= when(_when_counted(told, meaning), told.day)
        if meaning.indicator in OF_EVENTS:
            measure = OF_EVENTS[meaning.indicator]
            yield {"check": "value", "measure": measure, **stated(meaning), **about, **who(told)}
        elif meaning.indicator == "events":
            yield {"check": "count", **stated(meaning), **about, **who(told)}
        elif meaning.indicator == "percent":
            yield from _share(told, meaning, about)
        elif meaning.indicator in STATED:
            whose = {"actor": name_of(told.actors[0])} if meaning.indicator == "troops" and told.actors else {}
            yield {"check": "figure", "indicator": meaning.indicator, **stated(meaning), **about, **whose}


def _where_counted(told: Said, mention: Mention, meaning: FigureMeaning) -> Draft:
    """The place of a figure. Of a number of people there are, a place of another sentence gives the country only; of
    troops, where they are and not whose they are.
    """
    place = told.every[meaning.place] if meaning.place is not None else None
    if meaning.indicator == "troops":
        place = next((p for p in told.places if p.start > mention.end and _located(told, p)), place)
    if place is None:
        return {}
    about = where(told.listed(place))
    if meaning.indicator in STANDING and place not in told.places:
        about.pop("place", None)
    return about


def _located(told: Said, place: Mention) -> bool:
    return said.LOCATES.search(told.cut(place.start - 12, place.start)) is not None


def _when_counted(told: Said, meaning: FigureMeaning) -> Mention | None:
    """The date of a figure: of another sentence none where it is open, nor for a number of people there are."""
    date = told.every[meaning.date] if meaning.date is not None else None
    if date is None or date in told.dates or not isinstance(date.meaning, DateMeaning):
        return date
    open_ = date.meaning.start is None or date.meaning.end is None
    return None if open_ or meaning.indicator in STANDING else date


def _share(told: Said, meaning: FigureMeaning, about: Draft) -> Iterator[Draft]:
    if told.actors and said.DEADLY.search(told.text) and meaning.amount.value <= 100:
        of = {"by": [name_of(told.actors[0])]}
        yield {"check": "share", "measure": _measure(told), "of": of, **stated(meaning), **about}


def who(told: Said) -> Draft:
    """`by` where the sentence says who killed, else `actor` where one is named beside violence; not who only says so.

    Two are named where they are said to fight each other. Empty where several are, for any of them may be meant.
    """
    killers: list[str] = []
    others: list[Mention] = []
    for mention in told.actors:
        before, after = told.text[: mention.start - told.start], told.cut(mention.end, mention.end + 200)
        if said.SAID.match(after.lstrip(" ,")) or said.SAID.search(before[-24:]):
            continue
        at = len(before)
        passive = any(match.end() <= at < match.end() + CLOSE // 2 for match in said.BY.finditer(told.text))
        active = said.KILLED.search(_BREAK.split(after[:CLOSE])[0]) is not None and not said.BY.search(told.text)
        if passive or active:
            killers.append(name_of(mention))
        elif said.DEADLY.search(_CLAUSE.split(before[-CLOSE:])[-1]) or said.DEADLY.search(_of_it(after)):
            others.append(mention)
    if killers:
        return {"by": killers}
    return _named(told, others)


def _of_it(after: str) -> str:
    """The rest of the clause that begins with an actor."""
    return _CLAUSE.split(_APPOSED.sub("", after[:CLOSE]))[0]


def _named(told: Said, others: Sequence[Mention]) -> Draft:
    whole = said.WHOLE.search(told.text)
    if whole and said.SUCH_AS.search(told.text):
        bodies = [m for m in told.actors if whole.end() <= m.start - told.start <= whole.end() + 4]
        return {"actor": [name_of(bodies[0])]} if bodies else {}
    if len(others) == TWO and said.AGAINST.search(told.cut(others[0].end, others[1].start)):
        return {"actor": [name_of(one) for one in others]}
    return {"actor": [name_of(others[0])]} if len(others) == 1 else {}


def _measure(told: Said) -> str:
    words = told.text.casefold()
    if "civilian" in words or "civil" in words:
        return "civilians"
    return "events" if "attack" in words or "attaque" in words or "incident" in words else "deaths"


def of_words(told: Said) -> Iterator[Draft]:
    """Drafts that a sentence's words call for: ranks, rates, comparisons, first times, that there was violence."""
    text = told.text
    deadly = said.DEADLY.search(text)
    if not deadly:
        return
    days, spot = told.dated(told.start + deadly.start()), where(told.near(told.start + deadly.end()))
    if not spot:
        return
    if highest := said.HIGHEST.search(text):
        yield _rank(told, where(told.near(told.start + highest.end())) or spot, days)
    for words, per, value, qualifier in said.RATES:
        if words.search(text):
            yield {"check": "count", "per": per, "value": value, "qualifier": qualifier, **spot, **days, **who(told)}
            break
    for words, more, factor in said.COMPARED:
        if words.search(text):
            yield from _compared(told, spot, {"is": more, "factor": factor})
            break
    if said.FIRST.search(text) and "from" in days:
        yield {"check": "first", "date": days["from"], **spot, **who(told)}
    named = [name for names in who(told).values() for name in names]
    if days and (named or ("place" in spot and not told.actors)) and not said.SUPPOSED.search(text):
        yield {"check": "exists", **spot, **days} | ({"actor": named} if named else {})


def _rank(told: Said, spot: Draft, days: Draft) -> Draft:
    since = next((m for m in told.dates if _SINCE.search(told.cut(m.start - CLOSE, m.start + 6))), None)
    found: Draft = {"check": "rank", "measure": _measure(told), **spot, "top": 3 if said.AMONG.search(told.text) else 1}
    if since is not None and isinstance(since.meaning, DateMeaning) and since.meaning.start:
        found["since"] = f"{since.meaning.start:%Y-%m}"
    month = len(days.get("from", "")) == 7 or "month" in told.text or "mois" in told.text
    later = [m for m in told.dates if m is not since]
    return found | {"window": 1 if month else 12} | (when(later[0], told.day) if later else {})


def _compared(told: Said, spot: Draft, how: Draft) -> Iterator[Draft]:
    """Two dates compare with each other; a single year or month compares with the one before it."""
    than = [m for m in told.dates if said.THAN.search(told.cut(m.start - 40, m.start))]
    closed = [days for m in told.dates if "from" in (days := when(m, told.day))]
    if than and len(closed) == 1:
        return
    if len(closed) > 1:
        later, earlier = sorted(closed, key=lambda days: days["from"], reverse=True)[:2]
    elif closed and (last := _before(closed[0]["from"])):
        later, earlier = closed[0], {"from": last}
    else:
        return
    before = {"from": earlier["from"], "to": earlier.get("to", earlier["from"])}
    yield {"check": "compare", "measure": _measure(told), **how, **spot, **later, **who(told), "than": before}


def _before(written: str) -> str:
    """The year or month before one that is written as a date known in part; empty for a day."""
    if len(written) == 4:
        return f"{int(written) - 1:04d}"
    if len(written) == 7:
        year, month = int(written[:4]), int(written[5:])
        return f"{year:04d}-{month - 1:02d}" if month > 1 else f"{year - 1:04d}-12"
    return ""

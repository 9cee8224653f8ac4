"""What a name means while and where it holds, and which of several names with the same text count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from harmattan.dossier.book import Book
from harmattan.dossier.records import Actor, Name
from harmattan.vocabulary.country import JOINT

Point = tuple[float, float]
"""Longitude and latitude."""
Area = tuple[float, float, float, float]
"""West, south, east, north. The points on the west and south edges lie within, those on the others do not."""
_NEVER = dt.date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Sense:
    """A name and the days, as ordinals, on which it can mean its actor and on which it does for certain."""

    name: Name
    actor: str
    first: int
    last: int
    sure_first: int
    sure_last: int
    home: frozenset[str] | None
    """The countries in which an acronym without a scope means this actor; None where that does not matter."""

    @property
    def rank(self) -> int:
        """How narrow its scope is: 0 none, 1 countries, 2 an area, 3 an area in countries."""
        return 2 * (self.name.area is not None) + bool(self.name.countries)

    @property
    def countries(self) -> tuple[str | None, ...]:
        """The countries that it is confined to, with those that a source has together; (None,) for any."""
        within = self.name.countries
        return (*within, *(code for code in JOINT if set(code.split("+")) <= set(within))) if within else (None,)

    def holds(self, day: int) -> int:
        """2 for certain, 1 possibly, 0 not."""
        if not self.first <= day <= self.last:
            return 0
        return 2 if self.sure_first <= day <= self.sure_last else 1

    def stands(self, country: str | None, inside: bool | None, abroad: bool) -> bool | None:
        """Whether it holds at a place; None where too little is known of the place. `abroad`: home does not matter."""
        parts = set() if country is None else set(country.split("+"))
        within, home = set(self.name.countries), None if abroad else self.home
        far = parts and ((home is not None and not home & parts) or (within and not within & parts))
        if far or (self.name.area is not None and inside is False):
            return False
        vague = within and (not parts or not parts <= within)
        return None if vague or (self.name.area is not None and inside is None) else True


def sense_of(name: Name, actor: Actor, home: frozenset[str] | None) -> Sense:
    """A name with the days on which both it and its actor were; an acronym with the countries it is at home in."""
    lives = (name.validity, actor.validity)
    starts = [life.start.latest for life in lives if life.start is not None]
    ends = [life.end.earliest for life in lives if life.end is not None]
    return Sense(
        name,
        name.actor,
        first=max(life.first.toordinal() for life in lives),
        last=min(life.last.toordinal() for life in lives),
        sure_first=max((_NEVER if day is None else day.toordinal() for day in starts), default=0),
        sure_last=min((0 if day is None else day.toordinal() for day in ends), default=_NEVER),
        home=None if name.countries or name.area is not None else home,
    )


def is_short(text: str) -> bool:
    """Whether a text looks like an acronym: one word in capitals.

    >>> is_short("NATO"), is_short("Mali")
    (True, False)
    """
    return text.isupper() and " " not in text


def homes_of(book: Book) -> dict[str, frozenset[str]]:
    """The countries of each actor that is said to be of some, with those where it operates or has names."""
    found = {actor.id: set(actor.countries) for actor in book.actors.values() if actor.countries}
    operating = ((held.subject, held.countries) for held in book.relations if held.relation == "operates_in")
    for actor, countries in (*operating, *((name.actor, name.countries) for name in book.names)):
        if actor in found:
            found[actor].update(countries)
    return {actor: frozenset(countries) for actor, countries in found.items()}


def lies_within(point: Point, area: Area) -> bool:
    """Whether a point lies within an area.

    >>> lies_within((9.0, 12.5), (0.0, 11.0, 9.0, 17.0)), lies_within((9.0, 12.5), (9.0, 11.0, 16.0, 17.0))
    (False, True)
    """
    (lon, lat), (west, south, east, north) = point, area
    return west <= lon < east and south <= lat < north


def counting(here: Sequence[Sense], days: Sequence[int]) -> tuple[Sense, ...]:
    """The narrowest names that hold on the days: of one actor where that is certain, else of several.

    Where they mean several actors one after the other, a wider name that holds on all the days stands for all of them.
    """
    days = [day for day in days if any(sense.holds(day) for sense in here)]
    for rank in sorted({sense.rank for sense in here}, reverse=True):
        tops = [_narrowest([sense for sense in here if sense.rank <= rank], day) for day in days]
        if all(tops) and len({sense.actor for top in tops for sense in top}) == 1:
            return tops[0]
        if any(len({sense.actor for sense in top}) > 1 for top in tops):
            break
    return tuple(sense for day in days for sense in _narrowest(here, day))


def _narrowest(here: Iterable[Sense], day: int) -> tuple[Sense, ...]:
    """The names with the narrowest scope that hold on a day; those that do for certain go before those that may."""
    holding = [sense for sense in here if sense.holds(day)]
    first = max(((sense.rank, sense.holds(day)) for sense in holding), default=None)
    return tuple(sense for sense in holding if (sense.rank, sense.holds(day)) == first)


def rows_on(senses: Sequence[Sense], day: int) -> Iterator[tuple[int, str | None, Area | None, str | None]]:
    """Rank, country, area and actor of each name that holds on a day; None as actor where two actors' names meet."""
    cells: dict[tuple[int, str | None, Area | None], set[str]] = {}
    for sense in senses:
        if certainty := sense.holds(day):
            for country in sense.countries:
                cells.setdefault((4 * sense.rank + 2 * certainty, country, sense.name.area), set()).add(sense.actor)
    clear = {(*cell, actor) for cell, actors in cells.items() if len(actors) == 1 for actor in actors}
    meet = {(rank + 1, country, area) for (rank, country, area), actors in cells.items() if len(actors) > 1}
    for (one, a), (other, b) in combinations(cells.items(), 2):
        if one[:2] == other[:2] and one[2] and other[2] and len(a | b) > 1:
            west, south, east, north = (*map(max, one[2][:2], other[2][:2]), *map(min, one[2][2:], other[2][2:]))
            if west < east and south < north:
                meet.add((one[0] + 1, one[1], (west, south, east, north)))
    yield from sorted(clear, key=repr)
    for rank, country, area in sorted(meet, key=repr):
        if any(other < rank and (None in (country, where) or country == where) for other, where, _, _ in clear):
            yield rank, country, area, None

"""Bases that closed, the months around their closing, and the bases that stayed at the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import distance_km
from harmattan.questions.bases import DOSSIER, SITE_KM, Base, apart
from harmattan.text import Bilingual
from harmattan.vocabulary.period import Month, Period

Array = npt.NDArray[Any]

WIDEST = 6
"""An end that is known to lie within so many months is taken; one that is known less well is not."""


@dataclass(frozen=True)
class Closing:
    """A place that one or several forces left, in the months from `first` to `last`: one month where that is known."""

    bases: tuple[Base, ...]
    first: Month
    last: Month

    @property
    def base(self) -> Base:
        """The first of its bases, for place and point."""
        return self.bases[0]

    @property
    def lat(self) -> float:
        """Degrees."""
        return self.base.lat

    @property
    def lon(self) -> float:
        """Degrees."""
        return self.base.lon

    @property
    def written(self) -> str:
        """The month of the closing, or the first and last in which it may lie."""
        return str(self.first) if self.first == self.last else f"{self.first}/{self.last}"

    @property
    def names(self) -> Bilingual:
        """The forces that left, in short."""
        words = [
            base.name if isinstance(base.name, Bilingual) else Bilingual(base.name, base.name) for base in self.bases
        ]
        english, french = (", ".join(dict.fromkeys(getattr(word, to) for word in words)) for to in ("en", "fr"))
        return Bilingual(english, french)

    def before(self, months: int) -> Period:
        """The whole months before the month of the closing."""
        return Period.months(self.first + -months, self.first + -1)

    def after(self, months: int) -> Period:
        """The whole months after the month of the closing."""
        return Period.months(self.last + 1, self.last + months)

    def span(self, months: int) -> Period:
        """From the first month before to the last month after."""
        return Period(self.before(months).start, self.after(months).end)

    def near(self, other: Closing, months: int, km: float) -> bool:
        """Whether the other closed within its months, so close that one event may count around both."""
        meets = other.last - self.first >= -months and other.first - self.last <= months
        return other is not self and meets and apart(self, other) <= 2 * km


def closings(bases: Sequence[Base]) -> list[Closing]:
    """Every place that a force left, those at one place in one month together; in order of time.

    A base that was only renamed (its force dissolved and the successor stood there the month after) did not close.
    Ends known less well than WIDEST months are left out, and so are bases without a point.
    """
    found: list[Closing] = []
    for base in sorted(bases, key=lambda base: (base.source != DOSSIER, base.country, base.place, base.force)):
        months = ending(base)
        if months is None or not base.placed or _renamed(base, bases):
            continue
        one = Closing((base,), *months)
        same = next((n for n, other in enumerate(found) if _together(one, other)), None)
        if same is None:
            found.append(one)
        else:
            other = found[same]
            found[same] = Closing((*other.bases, base), min(one.first, other.first), max(one.last, other.last))
    return sorted(found, key=lambda one: (one.first, one.last, one.base.country, one.base.place))


def closings_of(forces: Sequence[Base], bases: Sequence[Base], period: Period) -> list[Closing]:
    """The places that some of the bases are of, or were, that closed within some days."""
    own = {id(base) for base in forces}
    return [
        one
        for one in closings(bases)
        if any(id(base) in own for base in one.bases) and Period.months(one.first, one.last).meet(period) is not None
    ]


def ending(base: Base) -> tuple[Month, Month] | None:
    """The first and last month in which a base may have ended; None where it has no end, or hardly any is known.

    >>> from harmattan.vocabulary.partial import PartialDate, Validity
    >>> there = Base("f", "f", "MLI", "Gao", 16.3, 0.0, (Validity(None, PartialDate.parse("2021-10-12/2021-11-02")),))
    >>> [str(month) for month in ending(there)]
    ['2021-10', '2021-11']
    """
    end = base.validity.end
    if end is None or end.earliest is None or end.latest is None:
        return None
    first, last = Month.of(end.earliest), Month.of(end.latest)
    return (first, last) if last - first < WIDEST else None


def unsure(bases: Sequence[Base]) -> list[Base]:
    """The bases that ended, nobody knows well when."""
    return [base for base in bases if base.validity.end is not None and ending(base) is None]


def _together(one: Closing, other: Closing) -> bool:
    meets = one.first <= other.last and other.first <= one.last
    return meets and one.base.country == other.base.country and apart(one, other) <= SITE_KM


def _renamed(base: Base, bases: Sequence[Base]) -> bool:
    end = base.validity.end
    if base.how_ended != "dissolved" or base.successor is None or end is None or end.latest is None:
        return False
    soon = end.latest + dt.timedelta(days=31)
    return any(
        other.force == base.successor
        and other.country == base.country
        and (apart(base, other) <= SITE_KM if base.placed and other.placed else other.place == base.place)
        and other.within(end.latest, soon) != "no"
        and (other.validity.end is None or other.validity.last > soon)
        for other in bases
    )


@dataclass(frozen=True)
class Sites:
    """Bases with points, and which of them stand at one place. Arrays are (n,), the matrix is (n, n) kilometres."""

    bases: tuple[Base, ...]
    km: Array
    site: Array

    @classmethod
    def of(cls, bases: Sequence[Base]) -> Sites:
        """The bases that have a point; those within SITE_KM of the first of a place are at that place."""
        there = tuple(base for base in bases if base.placed)
        lat, lon = (np.array([getattr(base, name) for base in there]) for name in ("lat", "lon"))
        km = distance_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :]) if there else np.zeros((0, 0))
        site = np.full(len(there), -1)
        for n in range(len(there)):
            if site[n] < 0:
                site[(km[n] <= SITE_KM) & (site < 0)] = n
        return cls(there, km, site)

    def stayed(self, closing: Closing, months: int) -> list[Base]:
        """One base for each place where a force stood for certain from the first month of a closing to the last.

        A place that a force left, or may have left, in that time is none.
        """
        return self.throughout(closing.span(months))

    def throughout(self, span: Period) -> list[Base]:
        """One base for each place where a force stood for certain in all of some days, and none may have left."""
        left = {place for place, base in zip(self.site, self.bases, strict=True) if _may_leave(base, span)}
        found: dict[int, Base] = {}
        for place, base in zip(self.site.tolist(), self.bases, strict=True):
            if place not in left and place not in found and base.throughout(span.start, span.end):
                found[place] = base
        return list(found.values())


def _may_leave(base: Base, span: Period) -> bool:
    end = base.validity.end
    if end is None:
        return False
    return (end.earliest or base.validity.first) <= span.end and (end.latest or dt.date.max) >= span.start

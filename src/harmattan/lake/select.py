"""Which release speaks about which country and days: the newest known by a date, and only what it covers.

Order of precedence: final event files, newest first; then summed figures, the most detailed first; then candidate
files, which later ones correct record by record, but for the records that a final file of theirs has by the same id.
Where nothing speaks there is a gap, never a zero.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harmattan.errors import LakeError, UsageError
from harmattan.lake.shelf import Held, Lake
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month, Period

DEFAULT_FAMILY = "ucdp"
"""The family of event data that answers where nobody says another and it is there."""

PRECEDENCE = {"curated": 0, "final": 0, "rolling": 0, "figures": 1, "candidate": 2}
"""Which status speaks first. A sample is not among them: its silence means nothing, so it answers no question."""


@dataclass(frozen=True)
class Slice:
    """The releases that speak about some countries in a period: one, or candidates that correct each other."""

    holds: tuple[Held, ...]
    countries: tuple[str, ...]
    period: Period
    settled: tuple[Held, ...] = ()
    """The final files whose records are settled: what candidates say of the same ids does not count again."""


Speakers = tuple[tuple[Held, ...], tuple[Held, ...]]
"""Who speaks, and which final files settle records of theirs."""
Parts = dict[tuple[tuple[Held, ...], tuple[Held, ...], Period], list[str]]
"""Countries by who speaks about them, who settles records of theirs, and when."""


@dataclass(frozen=True)
class Gap:
    """A country and period about which no release speaks in the detail that is needed."""

    country: str
    period: Period


@dataclass(frozen=True)
class Veil:
    """A country and period that a licence hides: the publisher has it, and silence there is not peace."""

    country: str
    period: Period
    release: str
    after: dt.date
    """The last day that the licence shows."""
    why: str


@dataclass(frozen=True)
class Selection:
    """Disjoint slices and gaps that together are all that was asked for; `veils` are parts of gaps that are hidden."""

    slices: tuple[Slice, ...]
    gaps: tuple[Gap, ...]
    veils: tuple[Veil, ...] = ()

    @property
    def holds(self) -> list[Held]:
        """The releases that speak, each once, by name."""
        return _by_name(held for part in self.slices for held in part.holds)

    @property
    def used(self) -> list[Held]:
        """Those, and the final files that say which records of candidates are settled; by name."""
        return _by_name(held for part in self.slices for held in (*part.holds, *part.settled))

    def covered(self, country: str, period: Period) -> bool:
        """Whether every day of the period is spoken about for a country."""
        rest = [period]
        for spoken in self.spoken(country):
            rest = [left for open_period in rest for left in open_period.without(spoken)]
        return not rest

    def spoken(self, country: str) -> list[Period]:
        """The periods that are spoken about for a country, in order."""
        return sorted(part.period for part in self.slices if country in part.countries)


def select(
    lake: Lake,
    contract: str,
    *,
    known_by: dt.date | None = None,
    pins: Sequence[str] = (),
    family: str | None = None,
) -> list[Held]:
    """The releases that may speak, in order of precedence.

    `known_by` leaves out what was published later; `pins` are the only releases allowed, but pins that name dossiers
    only leave the events alone. Of events only those of one `family` speak: the one that is said, else that of the
    pins, else the default. Raises LakeError when a date leaves none, UsageError for a pin that there is not, for a
    family without a release, and for pins of several families.
    """
    key = ("select", contract, known_by, tuple(pins), family)
    return list(lake.meanwhile(key, lambda: _select(lake, contract, known_by, pins, family)))


def _select(lake: Lake, contract: str, known_by: dt.date | None, pins: Sequence[str], family: str | None) -> list[Held]:
    there = allowed(lake, contract, pins)
    if contract == "events":
        there = _of_one_family(lake, there, family, pinned=bool(pins))
    known = [held for held in there if known_by is None or held.release.published <= known_by]
    if there and not known and known_by is not None:
        first = min(there, key=lambda held: held.release.published)
        raise LakeError(
            T("Nothing here was published by {day}.", day=known_by),
            available=T(
                "The first release is {name}, published by {published}.",
                name=Verbatim(first.release.name),
                published=first.release.published,
            ),
            do=T("Ingest a release of that time, or leave --known-by out: the answer is then hindsight."),
        )
    return sorted(known, key=_precedence)


def with_table(lake: Lake, table: str, *, known_by: dt.date | None = None, pins: Sequence[str] = ()) -> list[Held]:
    """The releases that have a table and may speak, by data set, the newest of each first; none is no error.

    A release may have several tables, so its origin's contract does not tell. `known_by` and `pins` as in `select`.
    """
    return list(lake.meanwhile(("with", table, known_by, tuple(pins)), lambda: _with(lake, table, known_by, pins)))


def _with(lake: Lake, table: str, known_by: dt.date | None, pins: Sequence[str]) -> list[Held]:
    pinned = [lake.find(pin).release for pin in pins]
    names = {release.name for release in pinned if release.origin.contract != DOSSIER_CONTRACT}
    there = [
        held
        for held in lake.releases()
        if held.release.has(table)
        and held.release.status in PRECEDENCE
        and (not names or held.release.name in names)
        and (known_by is None or held.release.published <= known_by)
    ]
    newest_first = sorted(there, key=age, reverse=True)
    return sorted(newest_first, key=lambda held: held.release.dataset)


BESIDE = (DOSSIER_CONTRACT, "areas")
"""Contracts of what is laid beside events: a pin of theirs says nothing of which events count."""


def allowed(lake: Lake, contract: str, pins: Sequence[str] = ()) -> list[Held]:
    """The releases of a contract that pins leave, of every family."""
    there = [
        held
        for held in lake.releases()
        if held.release.origin.contract == contract and held.release.status in PRECEDENCE
    ]
    names = {release.name for pin in pins if (release := lake.find(pin).release).origin.contract not in BESIDE}
    return [held for held in there if held.release.name in names] if names else there


def families(there: Iterable[Held]) -> tuple[str, ...]:
    """The families of some releases, the default first."""
    found = {held.release.family for held in there}
    return tuple(sorted(found, key=lambda name: (name != DEFAULT_FAMILY, name)))


def _of_one_family(lake: Lake, there: list[Held], family: str | None, *, pinned: bool) -> list[Held]:
    """The releases of the family that is to speak."""
    found = families(there)
    if family is None and pinned and len(found) > 1:
        names = listing([Verbatim(held.release.name) for held in there])
        raise UsageError(
            T("{names} count different things and do not go into one answer.", names=names),
            do=T("Name releases of one family, or say --source {family}.", family=Verbatim(found[0])),
        )
    wanted = family or (found[0] if found else DEFAULT_FAMILY)
    if family is not None and family not in found:
        everything = families(allowed(lake, "events"))
        raise UsageError(
            T("No release of {family} has events here.", family=Verbatim(family)),
            available=T("There are {names}.", names=listing([Verbatim(name) for name in found or everything])),
            do=T("Take one in with harmattan ingest or harmattan fetch, or say another --source."),
        )
    return [held for held in there if held.release.family == wanted]


def resolve(
    chosen: Iterable[Held],
    countries: Sequence[str],
    period: Period,
    needs: Iterable[Dimension] = (),
    event_types: Sequence[str] = (),
) -> Selection:
    """Cuts countries and a period into disjoint slices, each with the release of highest precedence, and gaps.

    `needs` are the dimensions that a release must tell apart; a release that speaks about some types of events only
    answers where `event_types` are among them. Releases by month speak about whole months only, and
    an event file that starts or ends within a month leaves that month to figures that speak about all of it.
    """
    there = list(chosen)
    able = [held for held in there if able_to_tell(held, needs, event_types)]
    firm = [held for held in able if held.release.status != "candidate"]
    loose = tuple(held for held in able if held.release.status == "candidate")
    parts: Parts = {}
    gaps: list[Gap] = []
    for country in dict.fromkeys(countries):
        rest = [period]
        for held in firm:
            rest = _claim(parts, country, rest, ((held,), ()), _unbroken(held, country, period, firm))
        corrected = (loose, _settled(loose, firm, country))
        for held in loose:
            rest = _claim(parts, country, rest, corrected, _claims(held, country))
        gaps.extend(Gap(country, open_period) for open_period in sorted(rest))
    slices = [Slice(holds, tuple(sorted(places)), days, settled) for (holds, settled, days), places in parts.items()]
    ordered = tuple(sorted(slices, key=lambda part: (part.period, part.countries)))
    return Selection(ordered, tuple(gaps), tuple(_veils(gaps, there)))


def able_to_tell(held: Held, needs: Iterable[Dimension] = (), event_types: Sequence[str] = ()) -> bool:
    """Whether a release tells apart what is needed and speaks about the types of events asked about."""
    coverage = held.release.coverage
    speaks = not coverage.event_types or (bool(event_types) and set(event_types) <= set(coverage.event_types))
    return speaks and set(needs) <= set(coverage.dimensions)


def _veils(gaps: Iterable[Gap], there: Sequence[Held]) -> Iterator[Veil]:
    """The parts of gaps that a licence hides; where several releases say so, the one that shows the most days."""
    for gap in gaps:
        hiding = [
            (hidden.after, held.release.name, hidden.why)
            for held in there
            if (hidden := held.release.coverage.hidden) is not None and gap.country in hidden.places
        ]
        if not hiding:
            continue
        after, name, why = max(hiding)
        dark = gap.period.meet(Period(after + dt.timedelta(days=1), dt.date.max))
        if dark is not None:
            yield Veil(gap.country, dark, name, after, why)


def describe_gaps(gaps: Sequence[Gap]) -> list[tuple[tuple[str, ...], Period]]:
    """Gaps with the same period taken together: (ISO3 codes, period)."""
    by_period: dict[Period, list[str]] = {}
    for gap in gaps:
        by_period.setdefault(gap.period, []).append(gap.country)
    return [(tuple(countries), period) for period, countries in sorted(by_period.items())]


def names_of(holds: Iterable[Held]) -> object:
    """The releases' names as a list that can be spoken."""
    return listing([Verbatim(held.release.name) for held in holds])


def _precedence(held: Held) -> tuple[int, int, int, tuple[int, ...], str]:
    release = held.release
    rank = PRECEDENCE[release.status]
    detail = -len(release.coverage.dimensions)
    published, version, label = age(held)
    return rank, detail, -published.toordinal(), tuple(-part for part in (*version, 0)), label


def age(held: Held) -> tuple[dt.date, tuple[int, ...], str]:
    """What sorts releases from old to new: day of publication, then the numbers in the label (24.0.9, 24.0.10)."""
    release = held.release
    return release.published, tuple(int(number) for number in re.findall(r"\d+", release.label)), release.label


def _unbroken(held: Held, country: str, asked: Period, firm: Sequence[Held]) -> Period | None:
    """What an event file speaks about, without a broken month at either end that figures have whole."""
    speaks = _claims(held, country)
    if speaks is None or _by_month(held):
        return speaks
    figures = [told for other in firm if _by_month(other) and (told := _claims(other, country))]

    def better_told(month: Month) -> bool:
        days = Period.months(month, month)
        return bool(days.without(speaks)) and not days.without(asked) and any(not days.without(f) for f in figures)

    start = (speaks.first_month + 1).first_day if better_told(speaks.first_month) else speaks.start
    end = speaks.last_month.first_day - dt.timedelta(days=1) if better_told(speaks.last_month) else speaks.end
    return Period(start, end) if start <= end else None


def _by_month(held: Held) -> bool:
    return "day" not in held.release.coverage.dimensions


def _claims(held: Held, country: str) -> Period | None:
    coverage = held.release.coverage
    return coverage.period if country in coverage.places else None


def _settled(loose: Sequence[Held], firm: Sequence[Held], country: str) -> tuple[Held, ...]:
    """For each data set with candidates, the newest final file of single events that speaks about a country."""
    found: dict[str, Held] = {}
    for held in firm:
        single = "day" in held.release.coverage.dimensions and held.release.status != "figures"
        if single and country in held.release.coverage.places:
            found.setdefault(held.release.dataset, held)
    datasets = {held.release.dataset for held in loose}
    return tuple(held for dataset, held in sorted(found.items()) if dataset in datasets)


def _by_name(holds: Iterable[Held]) -> list[Held]:
    found = {held.release.name: held for held in holds}
    return [found[name] for name in sorted(found)]


def _claim(
    parts: Parts,
    country: str,
    rest: list[Period],
    who: Speakers,
    speaks: Period | None,
) -> list[Period]:
    """Gives the covered part of `rest` to those who speak; returns what is left."""
    if speaks is None:
        return rest
    left: list[Period] = []
    for open_period in rest:
        covered = open_period.meet(speaks)
        if covered is not None and any(_by_month(held) for held in who[0]):
            covered = whole_months(covered)
        if covered is None:
            left.append(open_period)
            continue
        parts.setdefault((*who, covered), []).append(country)
        left.extend(open_period.without(covered))
    return left


def whole_months(period: Period) -> Period | None:
    """The whole months within a period, or None."""
    first, last = period.first_month, period.last_month
    if period.start != first.first_day:
        first = first + 1
    if period.end != last.last_day:
        last = last + -1
    return Period.months(first, last) if first <= last else None

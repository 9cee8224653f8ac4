"""What a release of ACLED's data is: its label, its citation, and what it may claim to speak about.

ACLED changes its data all the time, so a release is the state of a day. It codes regions from different years on
(`acled_regions` of its R package acledR), releases weekly, and hides recent events from some licences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from harmattan.errors import UsageError
from harmattan.sources.acled_pages import Restriction
from harmattan.sources.reading import Options
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import PLACES, unknown_country
from harmattan.vocabulary.origin import Coverage, Dimension, Hidden, Licence, Origin

LICENCE = Licence(name="ACLED Terms of Use (EULA)", url="https://acleddata.com/eula", redistributable=False)
PUBLISHER = "ACLED (Armed Conflict Location & Event Data)"
ARTICLE = (
    "Raleigh, Clionadh, Andrew Linke, Håvard Hegre & Joakim Karlsen (2010) Introducing ACLED: An Armed Conflict "
    "Location and Event Dataset. Journal of Peace Research 47(5): 651–660, doi:10.1177/0022343310378914"
)
ORIGIN = Origin(
    dataset="acled",
    publisher=PUBLISHER,
    title="ACLED events",
    url="https://acleddata.com/",
    licence=LICENCE,
    citation=f"{PUBLISHER}, acleddata.com; {ARTICLE}",
)
DIMENSIONS: tuple[Dimension, ...] = ("day", "cell", "dyad", "actor", "event_type")

FIRST_CODED = {
    "western africa": dt.date(1997, 1, 1), "middle africa": dt.date(1997, 1, 1), "eastern africa": dt.date(1997, 1, 1),
    "southern africa": dt.date(1997, 1, 5), "northern africa": dt.date(1997, 1, 1), "south asia": dt.date(2010, 1, 1),
    "southeast asia": dt.date(2010, 1, 1), "middle east": dt.date(2015, 1, 1), "europe": dt.date(2018, 1, 1),
    "caucasus and central asia": dt.date(2017, 1, 1), "central america": dt.date(2018, 1, 1),
    "south america": dt.date(2018, 1, 1), "caribbean": dt.date(2018, 1, 1), "east asia": dt.date(2018, 1, 1),
    "north america": dt.date(2018, 1, 1), "oceania": dt.date(2021, 1, 1), "antarctica": dt.date(2021, 3, 19),
}  # fmt: skip
"""The first day of events in each region."""
_NUMBERS = (1, 2, 3, 4, 5, 7, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
REGION_NUMBERS = dict(zip(map(str, _NUMBERS), FIRST_CODED, strict=True))
"""Regions by the numbers that the interface takes; there is no 6, 8 or 10."""
FIRST_DAY = min(FIRST_CODED.values())
ALL_CODED = dt.date(2021, 3, 19)
"""From this day on every region is coded, so that a country without events can be told from one not coded."""
SETTLED = dt.timedelta(days=31)
"""ACLED releases weekly: what happened this long before the day of retrieval has been released."""


@dataclass(frozen=True)
class Seen:
    """What the accepted rows say about themselves; None where there is no row."""

    rows: int
    first: dt.date | None
    last: dt.date | None
    countries: frozenset[str]
    regions: frozenset[str] = frozenset()
    """ACLED's regions, as written."""


def label_of(options: Options) -> str:
    """The label: as stated, else the day of retrieval. Raises UsageError where neither is known."""
    if options.label:
        return options.label.strip()
    if options.retrieved is None:
        raise UsageError(
            T("When these data were got is not known, and ACLED's data have no version."),
            do=T("Say it with {option}.", option=Verbatim("--release 2026-11-26")),
        )
    return options.retrieved.isoformat()


def publication(options: Options) -> tuple[dt.date, str]:
    """The day the release stands for, and how it is known. Raises UsageError where nothing says it."""
    if options.published:
        return options.published, "stated by the user"
    if options.retrieved is None:
        raise UsageError(
            T("The day of this state of ACLED's data is not known."),
            do=T("Say it with {option}.", option=Verbatim("--published 2026-11-26")),
        )
    return options.retrieved, "the day of retrieval: ACLED changes its data all the time"


def citation(options: Options) -> str:
    """How ACLED asks to be cited: its name, its address and the day of access."""
    day = options.retrieved or options.published
    accessed = f", accessed on {day.day} {day:%B %Y}" if day else ""
    return f"{PUBLISHER}, acleddata.com{accessed}; {ARTICLE}"


def coverage(
    options: Options, seen: Seen, restriction: Restriction | None, before: Coverage | None, *, pages: bool
) -> Coverage:
    """The places and days for which silence means that nothing was recorded; what a licence hides is never among them.

    A file that somebody exported speaks about the countries and days seen in it, and about what is stated. What was
    asked of the interface (`pages`) speaks about what was asked, as far as that is known to be coded and released.
    An answer without any row from a licence that hides something claims nothing at all.
    """
    for code in options.places or ():
        if code not in PLACES:
            raise unknown_country(code, PLACES)
    hidden = _hidden(options, seen, restriction)
    places, why = set(options.places or ()) | seen.countries, "stated, or seen in the file"
    start, end = options.start or seen.first, options.end or seen.last
    if options.start is None and options.end is None:
        why += "; period: the first to the last day with events in the file"
    if pages and (options.places is not None or before is not None):
        places, start, end, why = _as_asked(options, seen, before)
    last = min(end or FIRST_DAY, hidden.after) if hidden else end or FIRST_DAY
    nothing_shown = hidden is not None and not seen.rows
    if start is None or start > last or not places or nothing_shown:
        places, start, why = set(), last, f"{why}; nothing that was asked for is shown or known to be covered"
    return Coverage(
        places=tuple(sorted(places)),
        start=start,
        end=last,
        dimensions=DIMENSIONS,
        basis=f"places: {why}",
        hidden=hidden,
    )


def _as_asked(
    options: Options, seen: Seen, before: Coverage | None
) -> tuple[set[str], dt.date | None, dt.date | None, str]:
    asked = set(options.places or seen.countries)
    known = {*seen.countries, *(before.places if before else ())}
    start = max(options.start or FIRST_DAY, _first_coded(seen.regions))
    start = before.start if before and before.places else start
    places = known | (asked if start >= ALL_CODED else set())
    end = options.end or seen.last
    if end is not None and options.retrieved is not None:
        end = min(end, max(seen.last or FIRST_DAY, options.retrieved - SETTLED, before.end if before else FIRST_DAY))
    why = "what was asked of the interface"
    if asked - places:
        n = len(asked - places)
        why += f", without {n} of which nothing came, since it is not known from when on ACLED codes them"
    return places, start, end, f"{why}; period: as asked, from when on the regions are coded to what has been released"


def _first_coded(regions: Iterable[str]) -> dt.date:
    """The day from which on all of some regions are coded; of a region that is not known, when all are."""
    names = [region.strip().lower() for region in regions]
    days = [FIRST_CODED.get(REGION_NUMBERS.get(name.removesuffix(".0"), name), ALL_CODED) for name in names]
    return max(days, default=FIRST_DAY)


def _hidden(options: Options, seen: Seen, restriction: Restriction | None) -> Hidden | None:
    """What the licence hides of what was asked for; rows that came after its day show that the day is later."""
    hidden = options.hidden
    if hidden is None and restriction is not None:
        last = options.end or options.retrieved
        if last is None or restriction.after < last:
            hidden = Hidden(
                places=tuple(sorted(set(options.places or ()) | seen.countries)),
                after=restriction.after,
                why=restriction.why,
            )
    if hidden is None:
        return None
    return hidden.model_copy(update={"after": max(hidden.after, seen.last or hidden.after)})

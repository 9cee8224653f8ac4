"""Which release of UCDP GED a file is: its label, when it came out, and what it speaks about.

UCDP's names: `YY.1` is the yearly file (in June, up to the year before), `YY.0.M` the candidate file of one month,
`YY.01.YY.MM` the candidates from January to a month, both around the 20th of the following month. What follows a dash
is ours: `26.1-MLI_NER` is of the version 26.1 and speaks about two countries.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.reading import Options
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import COUNTRIES, unknown_country
from harmattan.vocabulary.origin import EVENT_DIMENSIONS, Coverage
from harmattan.vocabulary.period import Month, Period

FIRST_DAY = dt.date(1989, 1, 1)
REGIONS = frozenset({"Africa", "Americas", "Asia", "Europe", "Middle East"})
WORLD_COUNTRIES = 30
"""A file with events in all regions and in this many countries is taken for the whole world's."""

_YEARLY = re.compile(r"(\d{2})\.1")
_MONTHLY = re.compile(r"(\d{2})\.0\.(\d{1,2})")
_CUMULATIVE = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})\.(\d{2})")


DATASET_ARTICLE = (
    "Sundberg, Ralph & Erik Melander (2013) Introducing the UCDP Georeferenced Event Dataset. Journal of Peace "
    "Research 50(4): 523–532, doi:10.1177/0022343313484347"
)
YEARLY_ARTICLES = {
    "24": "Davies, Shawn, Garoun Engström, Therése Pettersson & Magnus Öberg (2024) Organized violence 1989–2023, and "
    "the prevalence of organized crime groups. Journal of Peace Research 61(4): 673–693, "
    "doi:10.1177/00223433241262912",
    "25": "Davies, Shawn, Therése Pettersson, Margareta Sollenberg & Magnus Öberg (2025) Organized violence 1989–2024, "
    "and the challenges of identifying civilian victims. Journal of Peace Research, doi:10.1177/00223433251345636",
    "26": "Davies, Shawn, Therése Pettersson & Magnus Öberg (2026) Organized violence 1989–2025, and violent political "
    "protests. Journal of Peace Research, doi:10.1093/jopres/xjag046",
}
"""The article that UCDP asks to be cited with the yearly release, by the first part of its label."""
CANDIDATE_ARTICLE = (
    "Hegre, Håvard, Mihai Croicu, Kristine Eck & Stina Högbladh (2020) Introducing the UCDP Candidate Events Dataset. "
    "Research & Politics, doi:10.1177/2053168020935257"
)


@dataclass(frozen=True)
class Seen:
    """What the accepted rows of a file set say about themselves."""

    first: dt.date
    """The first `date_start`."""
    last: dt.date
    """The last `date_start`."""
    countries: frozenset[str]
    regions: frozenset[str]
    """UCDP's regions, as written."""


def find_label(options: Options, versions: Iterable[str], names: Iterable[str]) -> str:
    """The release's label: as stated, else from the column `ged_version`, else from the names of the files.

    Raises UsageError where none of them says it, WrongFile where they say several.
    """
    if options.label:
        return options.label.strip()
    found = sorted(set(versions)) or sorted({label for name in names if (label := label_in_name(name))})
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            T("Neither the rows nor the names of the files say which release of UCDP GED they are."),
            do=T("Say it with {option}.", option=Verbatim("--release 24.1")),
        )
    raise WrongFile(
        T("The files are of several releases: {labels}.", labels=listing([Verbatim(label) for label in found])),
        do=T("Ingest each release by itself."),
    )


def label_in_name(name: str) -> str | None:
    """The label in the name of a file as UCDP names them, or None.

    >>> label_in_name("ged241-csv.zip"), label_in_name("GEDEvent_v26_0_8.csv")
    ('24.1', '26.0.8')
    """
    if match := re.match(r"ged(\d{2})(\d)(?!\d)", name, re.IGNORECASE):
        return f"{match[1]}.{match[2]}"
    if match := re.match(r"gedevent_v(\d+(?:_\d+){1,3})(?!\d)", name, re.IGNORECASE):
        return match[1].replace("_", ".")
    return None


def version_of(label: str) -> str:
    """UCDP's version that a label is of; an extract's label begins with it.

    >>> version_of("26.1-BFA_MLI"), version_of("26.0.8"), version_of("my-own")
    ('26.1', '26.0.8', 'my-own')
    """
    version, dash, _ours = label.partition("-")
    return version if dash and looks_like_label(version) else label


def citation(label: str) -> str:
    """How a release asks to be cited: the article of its year or of the candidates, and that of the data set.

    >>> citation("19.1").startswith("UCDP GED 19.1; Sundberg")
    True
    """
    version = version_of(label)
    yearly = YEARLY_ARTICLES.get(version.partition(".")[0]) if _YEARLY.fullmatch(version) else None
    own = yearly or (CANDIDATE_ARTICLE if status_of(label) == "candidate" else f"UCDP GED {version}")
    return f"{own}; {DATASET_ARTICLE}"


def looks_like_label(words: str) -> bool:
    """Whether words have the form of UCDP's labels.

    >>> looks_like_label("24.1"), looks_like_label("Africa")
    (True, False)
    """
    return re.fullmatch(r"\d{1,2}(\.\d{1,2}){1,3}", words) is not None


def labelled_period(label: str) -> Period | None:
    """The period that a label of UCDP's own stands for, or None for any other label.

    >>> str(labelled_period("26.01.26.06"))
    '2026-01-01/2026-06-30'
    """
    version = version_of(label)
    if match := _YEARLY.fullmatch(version):
        year = 2000 + int(match[1]) - 1
        return Period(FIRST_DAY, dt.date(year, 12, 31))
    if match := _MONTHLY.fullmatch(version):
        month = Month(2000 + int(match[1]), int(match[2]))
        return Period.months(month, month)
    if match := _CUMULATIVE.fullmatch(version):
        first, last = (Month(2000 + int(match[i]), int(match[i + 1])) for i in (1, 3))
        return Period.months(first, last)
    return None


def status_of(label: str) -> Literal["final", "candidate"]:
    """Candidate for UCDP's names of candidate files, final for everything else."""
    version = version_of(label)
    return "candidate" if _MONTHLY.fullmatch(version) or _CUMULATIVE.fullmatch(version) else "final"


def publication(label: str, options: Options, last: dt.date | None = None) -> tuple[dt.date, str]:
    """The latest day on which the release can have come out by the publisher's habit, and how that is known.

    Where the `last` event lies after that day, it is the end of the month that follows the event. What was got earlier
    was out by then.

    Raises UsageError for a label without a habit when neither the user nor the day of retrieval says it.
    """
    if options.published:
        return options.published, "stated by the user"
    if options.retrieved and labelled_period(label) is None:
        return options.retrieved, "the day it was got"
    day, basis = _habit(label, last)
    if options.retrieved and options.retrieved < day:
        return options.retrieved, f"got on that day; {basis}"
    return day, basis


def _habit(label: str, last: dt.date | None) -> tuple[dt.date, str]:
    period = labelled_period(label)
    if period is None:
        raise UsageError(
            T("When {label} was published is not known: it is not one of UCDP's own labels.", label=Verbatim(label)),
            do=T("Say it with {option}.", option=Verbatim("--published 2024-06-30")),
        )
    candidate = "UCDP publishes candidate files in the month that follows"
    if status_of(label) == "candidate":
        return (period.last_month + 1).last_day, candidate
    june = dt.date(period.end.year + 1, 6, 30)
    if last and last > june:
        return (Month.of(last) + 1).last_day, f"{candidate}, and the file has events after June {june.year}"
    return june, "UCDP publishes yearly files in June"


def coverage(label: str, seen: Seen, options: Options) -> Coverage:
    """The places and the days for which silence means that nothing was recorded."""
    places, why_places = _places(seen, options)
    period, why_period = _period(label, seen, whole=len(places) == len(COUNTRIES))
    if options.start or options.end:
        period = Period(options.start or period.start, options.end or period.end)
        why_period = f"stated by the user, else {why_period}"
    return Coverage(
        places=places,
        start=period.start,
        end=period.end,
        dimensions=EVENT_DIMENSIONS,
        basis=f"period: {why_period}; places: {why_places}",
    )


def _places(seen: Seen, options: Options) -> tuple[tuple[str, ...], str]:
    if options.places is not None:
        for code in options.places:
            if code not in COUNTRIES:
                raise unknown_country(code, COUNTRIES)
        more = seen.countries - set(options.places)
        why = "stated by the user" + (f", and {', '.join(sorted(more))} seen in the file" if more else "")
        return tuple(sorted(seen.countries | set(options.places))), why
    if seen.regions >= REGIONS and len(seen.countries) >= WORLD_COUNTRIES:
        return COUNTRIES, "the file has events in all five UCDP regions"
    return tuple(sorted(seen.countries)), "countries seen in the file"


def _period(label: str, seen: Seen, *, whole: bool) -> tuple[Period, str]:
    """The label's period for a file of the whole world. An extract may have been cut, so it speaks only about the
    years in which it has events: what lies before and after is not covered, and not zero."""
    period = labelled_period(label)
    if period is None:
        return Period.months(Month.of(seen.first), Month.of(seen.last)), "first to last month with events in the file"
    if status_of(label) == "candidate":
        return period, f"the label {label}"
    start, end, why = period.start, period.end, f"the label {label}"
    if not whole:
        start = max(start, dt.date(seen.first.year, 1, 1))
        end = min(end, dt.date(seen.last.year, 12, 31))
        why = f"years with events in the file, within the label {label}"
    if seen.last > period.end:
        end, why = Month.of(seen.last).last_day, f"{why}, and on to the last month with events in the file"
    return Period(start, end), why

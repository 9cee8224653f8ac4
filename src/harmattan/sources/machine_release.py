"""What the sources that machines read out of news share: their releases are context and never answer for events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from harmattan.errors import WrongFile
from harmattan.sources.publication import Dated, Seen, coverage
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import Taken
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import COUNTRIES, unknown_country
from harmattan.vocabulary.origin import Origin

MOST_NAMED = 8
CONTEXT_ONLY = "Read by machines out of news: context, never a count of events."


def wanted_countries(options: Options) -> frozenset[str] | None:
    """The countries whose rows are taken; None: all rows, also those without a country. Raises UsageError."""
    if options.places is None or set(options.places) == set(COUNTRIES):
        return None
    for code in options.places:
        if code not in COUNTRIES:
            raise unknown_country(code, COUNTRIES)
    return frozenset(options.places)


def period_label(first: dt.date, last: dt.date, places: Iterable[str] | None) -> str:
    """A label for an extract: its days and its countries.

    >>> period_label(dt.date(2022, 3, 1), dt.date(2022, 3, 31), ("NER", "MLI"))
    '2022-03-01_2022-03-31_MLI-NER'
    """
    named = sorted(places or ())
    parts = [first.isoformat(), last.isoformat()]
    if named:
        parts.append("-".join(named) if len(named) <= MOST_NAMED else f"{len(named)}-countries")
    return "_".join(parts)


def machine_reading(
    origin: Origin, options: Options, release: Dated, seen: Seen, done: Taken, *, why: str, notices: Iterable[str] = ()
) -> Reading:
    """The reading of a machine-coded file set; `seen.days` are days of reports."""
    places = options.places if options.places is not None else COUNTRIES
    return Reading(
        label=release.label,
        status="rolling",
        published=release.published,
        published_basis=release.basis,
        citation=origin.citation,
        coverage=coverage(options, places, min(seen.days), max(seen.days), dimensions=("day",), why=why),
        rows=done.rows,
        events=0,
        rejects=len(done.rejects),
        range_broken=0,
        tables=("machine_events",),
        notices=(CONTEXT_ONLY, *notices),
    )


def not_one(path: Path, what: str, found: str) -> WrongFile:
    """The error for a file that is something else."""
    return WrongFile(
        T("{file} is not {what}: {found}.", file=Verbatim(path.name), what=Verbatim(what), found=Verbatim(found)),
        do=T("Name another file."),
    )

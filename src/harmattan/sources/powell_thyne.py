"""Powell and Thyne's coups since 1950: each attempt with its day and whether it succeeded."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.engine import engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.publication import Seen, coverage, dated, refuse_empty, rows_and_notices
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, take, text_of, whole_of
from harmattan.vocabulary.context import COUPS
from harmattan.vocabulary.country import COUNTRIES, parse_country
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.schemes import iso3_from_cow

FILE = "powell_thyne_coups_final.txt"
BASE = "http://www.uky.edu/~clthyn2/coup_data"
PAGE = "https://arresteddictatorship.com/coups/"
ORIGIN = Origin(
    dataset="powell-thyne-coups",
    publisher="Jonathan M. Powell & Clayton L. Thyne",
    title="Global Instances of Coups",
    title_in_french="Coups d'État dans le monde",
    url=PAGE,
    licence=Licence(name="no licence stated", url=PAGE, redistributable=False),
    citation=(
        "Powell, Jonathan M. & Clayton L. Thyne (2011) Global instances of coups from 1950 to 2010: A new dataset. "
        "Journal of Peace Research 48(2): 249–259, doi:10.1177/0022343310397436"
    ),
    contract="coups",
)
WHAT = "Powell and Thyne's list of coups"
NEEDED = ("country", "ccode", "year", "month", "day", "coup")
OUTCOMES = {1: "failed", 2: "successful"}
WORLD_COUNTRIES = 30
"""A file with coups in this many countries is taken for the publisher's whole list, which is of the world."""
FIRST_DAY = dt.date(1950, 1, 1)
LAST_YEAR = 2200


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads the list of coups (tab-separated) into COUPS. Raises WrongFile, UsageError."""
    seen, versions = Seen(), set[str]()
    with engine(into) as duck:
        rows, notices = rows_and_notices(files, duck, WHAT, NEEDED, known=NEEDED, varying=("version",))
        done = take(rows, {"coups": (COUPS, lambda row: [_coup(row, seen, versions)])}, into)["coups"]
        refuse_empty(done.rows, files, WHAT, done.rejects)
        version = versions.pop() if len(versions) == 1 else None
        day = day_of_version(version)
        release = dated(options, _as_label(version), day, "the version that the file names")
        world = len(seen.places) >= WORLD_COUNTRIES
        told_to = day or Month.of(max(seen.days)).last_day
        return Reading(
            label=release.label,
            status="rolling",
            published=release.published,
            published_basis=release.basis,
            citation=ORIGIN.citation,
            coverage=coverage(
                options,
                COUNTRIES if world else seen.places,
                FIRST_DAY if world else Month.of(min(seen.days)).first_day,
                max(told_to, *seen.days),
                dimensions=("day",),
                why="the publisher's list is of the world since 1950, to the day of its version or the month of its "
                "last coup" if world else "countries and months with coups in the file, which is a part of the list",
            ),
            rows=done.rows,
            events=0,
            rejects=len(done.rejects),
            range_broken=0,
            tables=("coups",),
            notices=notices,
        )  # fmt: skip


def day_of_version(words: str | None) -> dt.date | None:
    """The day that a version is named by, or None.

    >>> day_of_version("2021.9.29"), day_of_version("1.0")
    (datetime.date(2021, 9, 29), None)
    """
    found = re.fullmatch(r"(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})", words or "")
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _as_label(version: str | None) -> str | None:
    """A version that can be a label, such as 2021.9.29."""
    words = (version or "").replace("/", "-")
    return words if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", words) else None


def _coup(row: Row, seen: Seen, versions: set[str]) -> dict[str, Any]:
    number, year, month, day = (whole_of(row, name) for name in ("ccode", "year", "month", "day"))
    outcome = whole_of(row, "coup")
    if outcome not in OUTCOMES:
        raise BadRow(f"coup is {row['coup']}, neither 1 nor 2")
    try:
        when = dt.date(year or 0, month or 0, day or 0)
        if not FIRST_DAY.year <= when.year <= LAST_YEAR:
            raise ValueError(year)
    except (ValueError, OverflowError) as fault:
        raise BadRow(f"the day is not one: {row['year']}-{row['month']}-{row['day']}") from fault
    iso3 = _country(number, text_of(row, "country") or "")
    if version := text_of(row, "version"):
        versions.add(version)
    seen.note(iso3, when)
    return {
        "row_id": f"{number} {when} {OUTCOMES[outcome]}",
        "iso3": iso3,
        "day": when,
        "outcome": OUTCOMES[outcome],
        "country_as_written": text_of(row, "country"),
    }


def _country(number: int | None, name: str) -> str:
    try:
        return parse_country(name) if number is None else iso3_from_cow(number)
    except UsageError as fault:
        raise BadRow(f"the country is not known: {name} ({number})") from fault


def fetch(wanted: Wanted, line: Line, journal: Journal, _secrets: Secrets) -> Fetched:
    """Gets the list; it is one small file, so nothing is kept for a later try. Raises FetchError."""
    if not journal.names:
        journal.keep(FILE, line.get(f"{wanted.base or BASE}/{FILE}").content)
    return Fetched(journal.files)


FETCH = fetch

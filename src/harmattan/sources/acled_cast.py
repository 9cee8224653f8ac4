"""ACLED's Conflict Alert System (CAST): forecasts of events by country and first-order unit, as OUTLOOKS.

Rows are for a calendar month (`month`, `year`), or for a rolling period of four weeks with its last day, or its first
and last day; which of these it is, is read from what the rows carry (https://acleddata.com/methodology/cast-methodology).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.acled_access import BASE, Access
from harmattan.sources.acled_fetch import walk
from harmattan.sources.acled_pages import is_json, read_page
from harmattan.sources.acled_release import LICENCE, PUBLISHER, citation, label_of, publication
from harmattan.sources.acled_release import ORIGIN as EVENTS_ORIGIN
from harmattan.sources.engine import engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, need, number_of, table_rows, take, text_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.context import OUTLOOKS
from harmattan.vocabulary.country import iso3_from_name
from harmattan.vocabulary.origin import Coverage
from harmattan.vocabulary.period import Month, Period

ORIGIN = EVENTS_ORIGIN.model_copy(
    update={"dataset": "acled-cast", "title": "ACLED Conflict Alert System (CAST)", "publisher": PUBLISHER,
            "licence": LICENCE, "contract": OUTLOOKS.name}
)  # fmt: skip
OUTCOMES = {"total": "all_events", "battles": "battles", "erv": "remote_violence", "vac": "violence_against_civilians"}
"""What is forecast, by the names of ACLED's columns."""
NEEDED = ("country", "total_forecast")
FIRST_DAYS = ("period_start", "start_date", "window_start")
LAST_DAYS = ("period_end", "end_date", "window_end", "week_ending")
WEEKS = dt.timedelta(days=27)
"""From the first to the last day of four weeks."""
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip


KEYS = ("ACLED_USERNAME", "ACLED_PASSWORD")
"""The secrets that fetching needs."""


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads one state of CAST into `into`/outlooks.parquet and `into`/rejects.parquet.

    Only the countries of `options.places` are taken, where some are said. Raises WrongFile for anything else.
    """
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the pages or the CSV file."))
    with engine(into) as duck:
        rows = (row for number, path in enumerate(files) for row in _rows(path, duck, number))
        seen: list[Period] = []
        places: set[str] = set()

        def make(row: Row) -> Iterable[dict[str, Any]]:
            iso3 = _iso3(row)
            if options.places and iso3 not in options.places:
                return []
            period = period_of(row)
            seen.append(period)
            places.add(iso3)
            return _outlooks(row, iso3, period)

        taken = take(rows, {OUTLOOKS.name: (OUTLOOKS, make)}, into)[OUTLOOKS.name]
        if not taken.rows and taken.rejects:
            raise WrongFile(
                T("No row of CAST can be taken: {reason}.", reason=Verbatim(str(taken.rejects[0]["reason"])))
            )
        label, (published, basis) = label_of(options), publication(options)
    day = options.retrieved or published
    start, end = min((p.start for p in seen), default=day), max((p.end for p in seen), default=day)
    return Reading(
        label=label,
        status="rolling",
        published=published,
        published_basis=basis,
        citation=citation(options),
        coverage=Coverage(
            places=tuple(sorted(places)),
            start=start,
            end=end,
            dimensions=(),
            basis="the periods and countries of the rows",
        ),
        rows=taken.rows,
        events=0,
        rejects=len(taken.rejects),
        range_broken=0,
        tables=(OUTLOOKS.name,),
    )


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """All of CAST, which is a few pages, or the years that are wanted; goes on where the journal ends."""
    years = ""
    if wanted.start or wanted.end:
        first, last = (wanted.start or wanted.end or wanted.today).year, (wanted.end or wanted.today).year
        years = "|".join(str(year) for year in range(first, max(first, last) + 1))
    if not journal.state.get("whole"):
        walk(Access(line, secrets, wanted.base or BASE), "cast", {"year": years} if years else {}, journal)
        journal.go_on(whole=True)
    return Fetched(journal.files, Options(label=wanted.label, places=wanted.places or None))


FETCH = fetch


def period_of(row: Row) -> Period:
    """The days that a row is for: its month, or the four weeks that it says. Raises BadRow where it says neither."""
    last = next((day for name in LAST_DAYS if (day := _day(row, name))), None)
    first = next((day for name in FIRST_DAYS if (day := _day(row, name))), None)
    if last or first:
        start = first or (last or dt.date.min) - WEEKS
        end = last or start + WEEKS
        if end < start:
            raise BadRow("the period ends before it starts")
        return Period(start, end)
    month, year = text_of(row, "month"), number_of(row, "year")
    if month is None or year is None:
        raise BadRow("neither a month with its year nor a period")
    number = MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else int(number_of(row, "month") or 0)
    if not (1 <= number <= 12 and 1990 <= year <= 2200):
        raise BadRow(f"there is no month {month[:20]} {year:g}")
    whole = Month(int(year), number)
    return Period.months(whole, whole)


def _rows(path: Path, duck: Any, number: int) -> Iterator[Row]:
    if not is_json(path):
        yield from table_rows(path, duck, NEEDED, number, "a file of CAST")
        return
    page = read_page(path)
    if page.rows:
        need(page.rows[0], NEEDED, path, "a page of CAST")
    for line, values in enumerate(page.rows, start=1):
        yield Row(path.name, line, values)


def _iso3(row: Row) -> str:
    name = text_of(row, "country")
    found = iso3_from_name(name) if name else None
    if found is None:
        raise BadRow(f"unknown country: {(name or '')[:60]}")
    return found


def _day(row: Row, name: str) -> dt.date | None:
    words = text_of(row, name)
    if words is None:
        return None
    try:
        return dt.date.fromisoformat(words[:10])
    except ValueError as fault:
        raise BadRow(f"{name} is not a day: {words[:30]}") from fault


def _outlooks(row: Row, iso3: str, period: Period) -> list[dict[str, Any]]:
    """One record for each outcome that the row has a number of."""
    admin1, made = text_of(row, "admin1"), []
    for theirs, outcome in OUTCOMES.items():
        forecast, observed = number_of(row, f"{theirs}_forecast"), number_of(row, f"{theirs}_observed")
        if forecast is None and observed is None:
            continue
        made.append(
            {
                "row_id": "|".join((iso3, admin1 or "-", str(period.start), str(period.end), outcome)),
                "iso3": iso3,
                "admin1_as_written": admin1,
                "start": period.start,
                "end": period.end,
                "outcome": outcome,
                "forecast": forecast,
                "observed": observed,
                "updated_at": _moment(row),
            }
        )
    if not made:
        raise BadRow("no forecast and no observed number")
    return made


def _moment(row: Row) -> dt.datetime | None:
    words = text_of(row, "timestamp")
    if words is None:
        return None
    try:
        return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)
    except ValueError:
        seconds = number_of(row, "timestamp") or 0
    if not 0 <= seconds < 1e11:
        raise BadRow(f"timestamp is not a moment: {words[:30]}")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)

"""ACLED's monthly counts as HDX publishes them: one workbook for a kind of events, with a sheet by country and sheets
by second-order unit (https://data.humdata.org/organization/acled).

The kinds overlap (an attack on civilians is political violence too), so a release is of one kind, and what it speaks
about is that kind only: two of them are never added up. Only political violence answers a question about casualties.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.acled_cast import MONTHS
from harmattan.sources.acled_release import ORIGIN as EVENTS_ORIGIN
from harmattan.sources.acled_release import citation
from harmattan.sources.engine import engine
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, need, take, text_of, whole_of
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import PLACES, iso3_from_name
from harmattan.vocabulary.event_types import POLITICAL_VIOLENCE
from harmattan.vocabulary.origin import Coverage
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.schema import EVENTS

ORIGIN = EVENTS_ORIGIN.model_copy(
    update={
        "dataset": "acled-aggregates",
        "title": "ACLED monthly counts of events",
        "url": "https://data.humdata.org/organization/acled",
    }
)
KINDS = {
    "political-violence": POLITICAL_VIOLENCE,
    "civilian-targeting": "civilian_targeting",
    "demonstration": "demonstration_events",
}
"""The kind of events by the words in the name of the file. Only the first is a group that questions ask for."""
NEEDED = ("country", "month", "year", "events")
NO_DEATHS = "The file gives no fatalities: deaths stand as 0 in its records and mean nothing; no question is answered."


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads one workbook into `into`/events.parquet (a record where there were events) and `into`/rejects.parquet.

    Every sheet with months is read. A country with sheets of both levels is taken by second-order unit only. Raises
    WrongFile for anything else, UsageError where neither the file's name nor the label says the kind.
    """
    if len(files) != 1:
        raise UsageError(T("A release is one workbook, not {n}.", n=len(files)), do=T("Name one file."))
    sheets = _sheets(files[0])
    kind = kind_of(files[0].name, options)
    day = _day_of(files[0].name, options)
    with engine(into):
        rows = list(_rows(files[0], sheets))
        units = {row["_iso3"] for row in rows if row["_unit"]}
        counted: dict[str, set[Month]] = {}

        def make(row: Row) -> Iterable[dict[str, Any]]:
            iso3, month = _iso3(row), _month(row)
            if iso3 in units and not row["_unit"]:
                raise BadRow("the country also stands in a sheet by second-order unit; both would count twice")
            record = _record(row, iso3, month, kind)
            counted.setdefault(iso3, set()).add(month)
            return [record] if record["n_events"] or record["deaths_best"] else []

        taken = take(rows, {EVENTS.name: (EVENTS, make)}, into)[EVENTS.name]
        if not counted:
            raise WrongFile(
                T("No row of {file} can be taken.", file=Verbatim(files[0].name)),
                do=T("Take the workbook as HDX publishes it."),
            )
        events = _sum_of_events(into)
    notices = () if any("fatalities" in row.values for row in rows) else (NO_DEATHS,)
    return Reading(
        label=options.label or f"{next(word for word, name in KINDS.items() if name == kind)}.{day.isoformat()}",
        status="figures",
        published=options.published or day,
        published_basis="stated by the user" if options.published else "the day in the file's name, else of retrieval",
        citation=citation(options),
        coverage=_coverage(counted, kind, options),
        rows=taken.rows,
        events=events,
        rejects=len(taken.rejects),
        range_broken=0,
        notices=notices,
    )


def kind_of(name: str, options: Options) -> str:
    """The kind of events, by the words in the file's name or in the label. Raises UsageError where none is there."""
    said = f"{name} {options.label or ''}".lower().replace("_", "-").replace(" ", "-")
    found = [kind for words, kind in KINDS.items() if words in said]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        T("Neither the name of {file} nor the label says which kind of events it counts.", file=Verbatim(name)),
        available=T("There are {kinds}.", kinds=listing([Verbatim(words) for words in KINDS])),
        do=T(
            "Keep the name it has on HDX, or say {option}.", option=Verbatim("--release political-violence.2025-01-10")
        ),
    )


def _day_of(name: str, options: Options) -> dt.date:
    """The day of the state: as stated, in the file's name, or of retrieval."""
    match = re.search(r"(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", name)
    if options.published:
        return options.published
    if match:
        try:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    if options.retrieved:
        return options.retrieved
    raise UsageError(
        T("The day of {file} is not known.", file=Verbatim(name)),
        do=T("Say it with {option}.", option=Verbatim("--published 2025-01-10")),
    )


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook as rows of cells. Raises WrongFile for anything else."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return {name: list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}
    except FileNotFoundError as fault:
        raise WrongFile(T("There is no file {file}.", file=Verbatim(str(path))), do=T("Check the path.")) from fault
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise WrongFile(
            T("{file} is not an Excel workbook that can be read.", file=Verbatim(path.name)), do=T("Download it again.")
        ) from fault


def _rows(path: Path, sheets: dict[str, list[list[Any]]]) -> Iterator[Row]:
    """The rows of every sheet with months, with `_iso3` and `_unit`; others, such as a page about the data, are not."""
    tables = {name: rows for name, rows in sheets.items() if rows and {"month", "events"} <= set(_names(rows[0]))}
    if not tables:
        names = _names(next((rows[0] for rows in sheets.values() if rows), []))
        need(names, NEEDED, path, "a workbook of ACLED's monthly counts")
        raise WrongFile(T("No sheet of {file} has months and events.", file=Verbatim(path.name)))
    for name, rows in tables.items():
        columns = _names(rows[0])
        need(columns, NEEDED, path, "a workbook of ACLED's monthly counts")
        for line, cells in enumerate(rows[1:], start=2):
            values = {column: None if cell == "" else cell for column, cell in zip(columns, cells, strict=False)}
            if all(value is None for value in values.values()) or str(values.get("country") or "").startswith("#"):
                continue
            code = str(values.get("iso3") or "").strip().upper()
            values["_iso3"] = code if code in PLACES else iso3_from_name(str(values.get("country") or ""))
            values["_unit"] = "admin2" in columns
            yield Row(f"{path.name}#{name}", line, values)


def _names(cells: Iterable[Any]) -> list[str]:
    return [str(cell).strip().lower() for cell in cells]


def _iso3(row: Row) -> str:
    if row["_iso3"] is None:
        raise BadRow(f"unknown country: {str(row['country'])[:60]}")
    return str(row["_iso3"])


def _month(row: Row) -> Month:
    words, year = str(row["month"]).strip().lower(), whole_of(row, "year")
    number = MONTHS.index(words) + 1 if words in MONTHS else whole_of(row, "month")
    if number is None or year is None or not (1 <= number <= 12 and 1990 <= year <= 2200):
        raise BadRow(f"there is no month {words[:20]} {year}")
    return Month(year, number)


def _record(row: Row, iso3: str, month: Month, kind: str) -> dict[str, Any]:
    events, deaths = whole_of(row, "events"), whole_of(row, "fatalities")
    if events is None or events < 0 or (deaths or 0) < 0:
        raise BadRow("the number of events or deaths is missing or negative")
    if deaths is None and "fatalities" in row.values:
        raise BadRow("the number of deaths is missing")
    unit = text_of(row, "admin2 pcode") or "/".join(str(text_of(row, name) or "-") for name in ("admin1", "admin2"))
    return {
        "event_id": "|".join((kind, iso3, unit if row["_unit"] else "-", str(month))),
        "n_events": events,
        "event_type": kind,
        "actors_a": [],
        "actors_b": [],
        "iso3": iso3,
        "country_as_written": text_of(row, "country"),
        "admin1_as_written": text_of(row, "admin1"),
        "admin2_as_written": text_of(row, "admin2"),
        "where_precision": "admin2" if row["_unit"] else "country",
        "date_start": month.first_day,
        "date_end": month.last_day,
        "date_precision": "month",
        "deaths_best": deaths or 0,
        "n_range_broken": 0,
    }


def _coverage(counted: dict[str, set[Month]], kind: str, options: Options) -> Coverage:
    """The countries that have a row for every month of the period: a country that begins later is not spoken about."""
    first = min(month for months in counted.values() for month in months)
    last = max(month for months in counted.values() for month in months)
    start, end = (
        max(options.start or first.first_day, first.first_day),
        min(options.end or last.last_day, last.last_day),
    )
    needed = {Month.of(start) + step for step in range(Month.of(end) - Month.of(start) + 1)} if start <= end else set()
    places = tuple(sorted(code for code, months in counted.items() if needed and needed <= months))
    left = len(counted) - len(places)
    basis = "period: the months in the file, or as stated; places: countries with a row for each of these months"
    if left:
        basis += f"; {left} begin later or have months without a row (a later first day covers more of them)"
    return Coverage(places=places, start=start, end=max(start, end), dimensions=(), basis=basis, event_types=(kind,))


def _sum_of_events(into: Path) -> int:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = pc.sum(pq.read_table(into / f"{EVENTS.name}.parquet", columns=["n_events"])["n_events"]).as_py()
    return int(total or 0)

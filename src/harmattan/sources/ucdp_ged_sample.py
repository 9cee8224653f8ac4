"""A sample of UCDP GED with one day, one point and three counts for each event: enough to see which rows were revised.

Its silence means nothing, so it answers no question. Its one day lies between the first and the last day of the event:
`date_start` and `date_end` both hold it, and `date_precision` is `unknown`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import EVENTS_FILE, engine, literal
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, table_rows, take, text_of, whole_of
from harmattan.sources.ucdp_ged import ORIGIN as GED
from harmattan.sources.ucdp_ged_columns import VIOLENCE
from harmattan.sources.ucdp_ged_release import citation, publication
from harmattan.text import T, Verbatim
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import Coverage, Dimension
from harmattan.vocabulary.schema import EVENTS

ORIGIN = GED.model_copy(
    update={
        "dataset": "ucdp-ged-sample",
        "title": "UCDP Georeferenced Event Dataset (GED), a sample of its events with few columns",
    }
)
COLUMNS = ("id", "conflict_id", "latitude", "longitude", "date", "type_of_violence", "best", "civilian_deaths",
           "combatant_deaths", "country", "region")  # fmt: skip
TOLD_APART: tuple[Dimension, ...] = ("cell", "kind")
_NAMES = {"Bosnia-Herzegovina": "BIH", "Congo": "COG", "Myanmar (Burma)": "MMR", "Trinidad and Tobago": "TTO"}
"""UCDP's names of countries that are neither an English name with UCDP's bracket nor without it."""


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads a sample into `into`/events.parquet and `into`/rejects.parquet; its rows keep their order.

    The label must be stated, since the table does not carry it. Raises WrongFile where a column is missing or more
    than half of the rows cannot be taken.
    """
    if len(files) != 1:
        raise UsageError(T("A sample is one file, not {n}.", n=len(files)), do=T("Name one file."))
    if not options.label:
        raise UsageError(
            T("A sample does not say of which release of UCDP GED it is."),
            do=T("Say it with {option}.", option=Verbatim("--release 25.1")),
        )
    label = options.label.strip()
    published, published_basis = publication(label, options)
    with engine(into) as duck:
        rows = table_rows(files[0], duck, COLUMNS, what="a sample of UCDP GED")
        taken = take(rows, {"events": (EVENTS.first, _event)}, into)["events"]
        if not taken.rows or len(taken.rejects) > taken.rows:
            raise WrongFile(
                T("{file} is not a sample of UCDP GED: {n} of its rows cannot be taken.", n=len(taken.rejects),
                  file=Verbatim(files[0].name)),
                do=T("Take the file as it was published."),
            )  # fmt: skip
        events = f"read_parquet({literal(str(into / EVENTS_FILE))})"
        first, last, places = duck.row(f"SELECT min(date_start), max(date_start), list(DISTINCT iso3) FROM {events}")
    return Reading(
        label=label,
        status="sample",
        published=published,
        published_basis=published_basis,
        citation=citation(label),
        coverage=Coverage(
            places=tuple(sorted(places)),
            start=first,
            end=last,
            dimensions=TOLD_APART,
            basis="period and places: seen in the file; a sample, whose silence means nothing",
        ),
        rows=taken.rows,
        events=taken.rows,
        rejects=len(taken.rejects),
        range_broken=0,
    )


def iso3_from_ucdp_name(name: str) -> str:
    """The ISO3 code of a country as UCDP's files name it. Raises UsageError for a name that is not known.

    >>> iso3_from_ucdp_name("DR Congo (Zaire)"), iso3_from_ucdp_name("Congo")
    ('COD', 'COG')
    """
    return _NAMES.get(name) or parse_country(re.sub(r"\s*\([^)]*\)$", "", name))


def _event(row: Row) -> Iterator[dict[str, Any]]:
    """One event. Dead of unknown affiliation are what is left of the best estimate, as in every row of GED."""
    number, kind, best = whole_of(row, "id"), whole_of(row, "type_of_violence"), _count(row, "best")
    civilians, combatants = _count(row, "civilian_deaths"), _count(row, "combatant_deaths")
    if number is None or best is None:
        raise BadRow("no id" if number is None else "no number of deaths")
    if str(kind) not in VIOLENCE:
        raise BadRow("unknown type of violence")
    unknown = None if civilians is None or combatants is None else best - civilians - combatants
    if unknown is not None and unknown < 0:
        raise BadRow("more civilians and combatants than deaths")
    day, (lat, lon) = _day(row), _point(row)
    name = text_of(row, "country")
    try:
        iso3 = iso3_from_ucdp_name(name or "")
    except UsageError as fault:
        raise BadRow("unknown country") from fault
    yield {
        "event_id": str(number),
        "n_events": 1,
        "violence": VIOLENCE[str(kind)],
        "iso3": iso3,
        "country_as_written": name,
        "lat": lat,
        "lon": lon,
        "where_precision": "unknown",
        "cell": None if lat is None or lon is None else gid_at(lat, lon),
        "date_start": day,
        "date_end": day,
        "date_precision": "unknown",
        "deaths_best": best,
        "deaths_civilians": civilians,
        "deaths_unknown": unknown,
        "n_range_broken": 0,
    }


def _count(row: Row, name: str) -> int | None:
    found = whole_of(row, name)
    if found is not None and not 0 <= found < 2**62:
        raise BadRow(f"{name} is not a number of deaths: {row[name]}")
    return found


def _day(row: Row) -> dt.date:
    try:
        return dt.date.fromisoformat(str(row["date"])[:10])
    except ValueError as fault:
        raise BadRow("a date cannot be read") from fault


def _point(row: Row) -> tuple[float | None, float | None]:
    lat, lon = number_of(row, "latitude"), number_of(row, "longitude")
    if lat is None or lon is None:
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRow("the coordinates are not on earth")
    return lat, lon

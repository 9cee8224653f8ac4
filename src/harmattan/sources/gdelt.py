"""GDELT 2.0 events: what a machine read out of the world's news, every fifteen minutes.

Most rows of it are wrong as events, so they have a table of their own and enter no count. Places are coded in FIPS
10-4, where NG is Niger, and many points are the middle of a country or a state: `place_kind` says so, and such a point
has no cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harmattan.sources.engine import engine
from harmattan.sources.gdelt_fetch import fetch
from harmattan.sources.machine_release import machine_reading, not_one, period_label, wanted_countries
from harmattan.sources.points import point_of
from harmattan.sources.publication import Seen, dated
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, take, text_of, whole_of
from harmattan.sources.tab_lines import fields_of, told
from harmattan.vocabulary.context import MACHINE_EVENTS
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.schemes import iso3_from_fips

PAGE = "https://www.gdeltproject.org/"
ORIGIN = Origin(
    dataset="gdelt-events",
    publisher="The GDELT Project",
    title="GDELT 2.0 Event Database",
    title_in_french="GDELT 2.0, base d'événements",
    url=PAGE,
    licence=Licence(
        name="free use with citation and link", url="https://www.gdeltproject.org/about.html", redistributable=True
    ),
    citation=f"The GDELT Project, {PAGE}",
    contract="machine_events",
)
FETCH = fetch
FIELDS = 61
COLUMNS = {
    "id": 0, "day": 1, "actor_a_code": 5, "actor_a": 6, "actor_b_code": 15, "actor_b": 16, "code": 26, "quad": 29,
    "intensity": 30, "mentions": 31, "tone": 34, "place_kind": 51, "place": 52, "country": 53, "lat": 56, "lon": 57,
    "added": 59, "url": 60,
}  # fmt: skip
"""The fields that are taken, by their number from 0; the file has no header."""
PLACE_KINDS = {"1": "COUNTRY", "2": "USSTATE", "3": "USCITY", "4": "WORLDCITY", "5": "WORLDSTATE"}
CITIES = ("USCITY", "WORLDCITY")
"""The kinds of places whose point is one: the others are the middle of something large."""
QUAD_CLASSES = {
    "1": "verbal cooperation", "2": "material cooperation", "3": "verbal conflict", "4": "material conflict",
}  # fmt: skip
LOOKED_AT = 50
STAMP = re.compile(r"(\d{14})\.export", re.IGNORECASE)
QUARTER = dt.timedelta(minutes=15)
HABIT = "GDELT publishes a file every fifteen minutes, on the day it read the reports"


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads export files of GDELT 2.0 into MACHINE_EVENTS, of `options.places` only. Raises WrongFile, UsageError."""
    places, seen = wanted_countries(options), Seen()
    with engine(into) as duck:
        rows = (row for number, path in enumerate(files) for row in _rows(path, duck.scratch, number, places, seen))
        done = take(rows, {"machine_events": (MACHINE_EVENTS, lambda row: [_event(row)])}, into)["machine_events"]
        if not seen.days:
            raise not_one(files[0], "a GDELT 2.0 export", "no row says on which day it was added")
        last = max(seen.days)
        release = dated(options, period_label(min(seen.days), last, places), last, HABIT)
        why = (
            "days of the reports in the files; countries as asked for" if places else "days of the reports in the files"
        )
        return machine_reading(ORIGIN, options, release, seen, done, why=why, notices=_holes(files))


def _rows(path: Path, scratch: Path, number: int, places: frozenset[str] | None, seen: Seen) -> Iterator[Row]:
    """The rows of one file: those of the countries that are wanted, and those that are broken."""
    right, counts, days = 0, set[int](), dict[str, None]()
    for line, fields in fields_of(path, scratch, number):
        if right == 0 and line > LOOKED_AT:
            break
        if len(fields) != FIELDS:
            counts.add(len(fields))
            yield Row(path.name, line, told(fields), f"it has {len(fields)} fields, not {FIELDS}")
            continue
        right += fields[0].isdigit()
        days[fields[COLUMNS["added"]][:8]] = None
        if places is None or iso3_from_fips(fields[COLUMNS["country"]]) in places:
            yield Row(path.name, line, {name: fields[at].strip() or None for name, at in COLUMNS.items()})
    if right == 0:
        found = f"its lines have {', '.join(map(str, sorted(counts)))} fields" if counts else "its ids are no numbers"
        older = ", as GDELT 1.0 has" if counts & {57, 58} else ""
        raise not_one(path, f"a GDELT 2.0 export of {FIELDS} fields without a header", found + older)
    for words in days:
        if words.isdigit():
            _noted(words, seen)


def _noted(words: str, seen: Seen) -> None:
    try:
        seen.note(day=dt.datetime.strptime(words, "%Y%m%d").date())
    except ValueError:
        return


def _event(row: Row) -> dict[str, Any]:
    if not str(row["id"] or "").isdigit():
        raise BadRow(f"the id is no number: {row['id']}")
    kind = PLACE_KINDS.get(text_of(row, "place_kind") or "")
    where = point_of(row, "lat", "lon")
    if kind not in CITIES:
        where["cell"] = None
    return {
        "row_id": str(row["id"]),
        "day": _day(row, "day"),
        "published": _day(row, "added"),
        "iso3": iso3_from_fips(text_of(row, "country") or ""),
        "place": text_of(row, "place"),
        "place_kind": kind,
        **where,
        "actor_a": text_of(row, "actor_a"),
        "actor_b": text_of(row, "actor_b"),
        "actor_a_code": text_of(row, "actor_a_code"),
        "actor_b_code": text_of(row, "actor_b_code"),
        "code": text_of(row, "code"),
        "kind": QUAD_CLASSES.get(text_of(row, "quad") or ""),
        "intensity": number_of(row, "intensity"),
        "mentions": whole_of(row, "mentions"),
        "tone": number_of(row, "tone"),
        "url": text_of(row, "url"),
    }


def _day(row: Row, name: str) -> dt.date:
    words = str(row[name] or "")
    try:
        return dt.datetime.strptime(words[:8], "%Y%m%d").date()
    except ValueError as fault:
        raise BadRow(f"{name} is not a day: {words[:20]}") from fault


def _holes(files: list[Path]) -> list[str]:
    """A sentence about quarters of an hour between the first and the last file that are not among them."""
    stamps = set()
    for path in files:
        if found := STAMP.search(path.name):
            try:
                stamps.add(dt.datetime.strptime(found[1], "%Y%m%d%H%M%S"))
            except ValueError:
                continue
    if len(stamps) < 2:
        return []
    first, last = min(stamps), max(stamps)
    missing = int((last - first) / QUARTER) + 1 - len(stamps)
    if missing <= 0:
        return []
    return [f"{missing} quarters of an hour between {first:%Y-%m-%d %H:%M} and {last:%Y-%m-%d %H:%M} are not there."]

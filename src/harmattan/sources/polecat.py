"""POLECAT: political events that a machine read out of news, in the PLOVER ontology.

Some of its files name more columns than their rows have, some rows end in empty fields, and some are cut: the first two
are read as they are meant, the last are refused one by one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.engine import engine
from harmattan.sources.machine_release import machine_reading, not_one, period_label, wanted_countries
from harmattan.sources.points import point_of
from harmattan.sources.publication import Seen, dated
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, take, text_of
from harmattan.sources.tab_lines import fields_of, told
from harmattan.vocabulary.context import MACHINE_EVENTS
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import Licence, Origin

ADDRESS = "https://doi.org/10.7910/DVN/AJGVIT"
ORIGIN = Origin(
    dataset="polecat",
    publisher="POLECAT, Harvard Dataverse",
    title="POLECAT: Political Event Classification, Attributes, and Types",
    title_in_french="POLECAT : événements politiques lus par une machine",
    url=ADDRESS,
    licence=Licence(name="terms of its Dataverse page", url=ADDRESS, redistributable=False),
    citation=(
        "POLECAT Weekly Data. Harvard Dataverse, doi:10.7910/DVN/AJGVIT; PLOVER and POLECAT: A New Political Event "
        "Ontology and Dataset, https://osf.io/preprints/socarxiv/rm5dw/"
    ),
    contract="machine_events",
)
_SIDE = (
    "{} Name", "{} Country", "{} COW", "Primary {} Sector", "{} Sectors", "{} Title", "{} Name Raw",
    "Wikipedia {} ID",
)  # fmt: skip
COLUMNS = tuple(
    name.lower()
    for name in (
        "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
        *(name.format("Actor") for name in _SIDE), *(name.format("Recipient") for name in _SIDE),
        "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID",
        "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations",
        "Story Locations", "Language", "Version",
    )
)  # fmt: skip
"""The columns of a well-formed file, lower case."""
NEEDED = ("event id", "event date", "event type", "country", "latitude", "longitude")
TOWNS = "PPL"
"""How GeoNames' codes of towns begin; the point of another feature may be the middle of something large."""
MOST_NAMED = 5


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads POLECAT's files (tab-separated, also packed) into MACHINE_EVENTS. Raises WrongFile, UsageError."""
    places, seen, strangers = wanted_countries(options), Seen(), Counter[str]()

    def make(row: Row) -> list[dict[str, Any]]:
        record = _event(row, strangers)
        seen.note(day=record["published"] or record["day"])
        return [record] if places is None or record["iso3"] in places else []

    with engine(into) as duck:
        rows = (row for number, path in enumerate(files) for row in _rows(path, duck.scratch, number))
        done = take(rows, {"machine_events": (MACHINE_EVENTS, make)}, into)["machine_events"]
        if not seen.days:
            raise not_one(files[0], "a file of POLECAT", "no row of it can be taken")
        release = dated(options, period_label(min(seen.days), max(seen.days), places))
        unknown = [name for name, _n in strangers.most_common(MOST_NAMED)]
        notice = f"{strangers.total()} rows name a country that is not known: {', '.join(unknown)}."
        return machine_reading(
            ORIGIN, options, release, seen, done, why="days of the reports in the files",
            notices=[notice] if strangers else [],
        )  # fmt: skip


def _rows(path: Path, scratch: Path, number: int) -> Iterator[Row]:
    lines = fields_of(path, scratch, number, fallback="iso-8859-1")
    _line, header = next(lines, (0, [""]))
    names = [_bare(name).lower() for name in header]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise not_one(path, "a file of POLECAT", f"it has no column {missing[0]}")
    while names and not names[-1]:
        names.pop()
    for line, fields in lines:
        used = list(COLUMNS) if len(fields) == len(COLUMNS) < len(names) else names
        cut = len(fields) < len(used) or any(part.strip() for part in fields[len(used) :])
        if cut:
            yield Row(path.name, line, told(fields), f"it has {len(fields)} fields, not {len(names)}")
        else:
            values = {name: _bare(part) or None for name, part in zip(used, fields, strict=False)}
            yield Row(path.name, line, values | {"id": values.get("event id")})


def _bare(words: str) -> str:
    """A field without the quotation marks that some of the files have around it."""
    clean = words.strip()
    return clean[1:-1].strip() if len(clean) >= 2 and clean[0] == clean[-1] == '"' else clean


def _event(row: Row, strangers: Counter[str]) -> dict[str, Any]:
    where, feature = point_of(row, "latitude", "longitude"), text_of(row, "feature type")
    if not (feature or "").startswith(TOWNS):
        where["cell"] = None
    published = _day(row, "publication date") if text_of(row, "publication date") else None
    return {
        "row_id": text_of(row, "event id"),
        "day": _day(row, "event date"),
        "published": published,
        "iso3": _country(text_of(row, "country"), strangers),
        "place": text_of(row, "placename"),
        "place_kind": feature,
        **where,
        "actor_a": text_of(row, "actor name"),
        "actor_b": text_of(row, "recipient name"),
        "actor_a_code": text_of(row, "actor country"),
        "actor_b_code": text_of(row, "recipient country"),
        "code": text_of(row, "event type"),
        "kind": text_of(row, "quad code"),
        "mode": text_of(row, "event mode"),
        "intensity": number_of(row, "intensity"),
        "language": text_of(row, "language"),
    }


def _country(words: str | None, strangers: Counter[str]) -> str | None:
    """The country by its ISO3 code or name; another name is counted and told, and the row kept without a country."""
    if words is None or words.lower() in ("none", "na", "nan"):
        return None
    try:
        return parse_country(words)
    except UsageError:
        strangers[words] += 1
        return None


def _day(row: Row, name: str) -> dt.date:
    words = str(row[name] or "")
    try:
        return dt.date.fromisoformat(words[:10])
    except ValueError as fault:
        raise BadRow(f"{name} is not a day: {words[:20]}") from fault

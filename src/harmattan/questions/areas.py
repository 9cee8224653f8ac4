"""Events laid to administrative areas: which boundaries are used, and what has to be said of the points."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harmattan.errors import UsageError
from harmattan.lake.select import age
from harmattan.lake.shelf import Held, Lake
from harmattan.measures.places import with_marks
from harmattan.places.areas import EVER, Areas
from harmattan.places.locate import Placed, Points, locate
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Text, Verbatim, counted, msg
from harmattan.vocabulary.places import AREAS

LEVELS = {"admin1": 1, "admin2": 2}
"""What rows can be told apart by, and the level of boundaries that it rests on."""
DOUBTFUL = ("border", "uncertain", "nearest")


@dataclass(frozen=True)
class Laid:
    """Events with the id of their area in a column for each level that was asked for; null where they have none."""

    held: tuple[Held, ...]
    """The releases of boundaries in use."""
    rows: Any
    names: Mapping[str, str]
    """The name of each area, by its id."""
    caveats: tuple[Text, ...]


def laid(lake: Lake, rows: Any, params: Params) -> Laid | None:
    """Events, an Ibis table, laid to the areas that `params.by` asks for; None where it asks for none.

    Raises UsageError where there are no boundaries of the level.
    """
    asked = [name for name in LEVELS if name in params.by]
    if not asked:
        return None
    held, areas = drawn(lake, params)
    slim = rows.select("release", "event_id", "lat", "lon", "where_precision", "iso3", "date_start", "n_events")
    events = slim.to_pyarrow()
    columns: dict[str, Any] = {"release": events["release"], "event_id": events["event_id"]}
    caveats: list[Text] = []
    used: set[str] = set()
    for name in asked:
        if not (areas.level == LEVELS[name]).any():
            raise no_boundaries(name, held)
        placed = locate(areas, _points(events), level=LEVELS[name])
        ids = [areas.row_id[place] if place >= 0 else None for place in placed.area]
        columns[name] = pa.array(ids, pa.string())
        used |= set(areas.division[np.unique(placed.area[placed.area >= 0])])
        caveats += _unplaced(name, placed, events)
        caveats += [text for text in _reforms(areas, placed) if text not in caveats]
    return Laid(
        tuple(one for one in held if used & divisions_of(one)),
        with_marks(rows, pa.table(columns), asked),
        dict(zip(areas.row_id.tolist(), areas.name.tolist(), strict=True)),
        tuple(caveats),
    )


def drawn(lake: Lake, params: Params) -> tuple[list[Held], Areas]:
    """The releases of boundaries that may be used, the newest first, and their areas.

    For each country and level those of one data set are taken: of the pinned releases, else of all that were out by
    the known-by date, the one whose newest release is the newest. Of its divisions that began on the same day the
    newest release's is taken.
    """
    there = [held for held in lake.releases() if held.release.origin.contract == AREAS.name]
    pinned = [held for held in there if held.release.name in params.release]
    known = [one for one in pinned or there if params.known_by is None or one.release.published <= params.known_by]
    newest_first = sorted(known, key=age, reverse=True)
    dataset: dict[tuple[str, int], str] = {}
    taken: set[tuple[str, int, dt.date | None]] = set()
    tables = []
    for held in newest_first:
        table = pq.read_table(held.file(AREAS.name))
        table = table.filter(table["shape"].is_valid())
        keys = list(zip(*(table[name].to_pylist() for name in ("iso3", "level", "valid_from")), strict=True))
        for iso3, level, _first in keys:
            dataset.setdefault((iso3, level), held.release.dataset)
        fits = [dataset[key[:2]] == held.release.dataset and key not in taken for key in keys]
        taken |= set(keys)
        tables.append(table.filter(pa.array(fits, pa.bool_())))
    return newest_first, Areas.of(*tables)


def _points(events: pa.Table) -> Points:
    return Points(
        lat=events["lat"].to_numpy().astype(float),
        lon=events["lon"].to_numpy().astype(float),
        precision=np.array(events["where_precision"].to_pylist(), dtype=object),
        iso3=np.array(events["iso3"].to_pylist(), dtype=object),
        day=np.array(events["date_start"].to_pylist(), dtype="datetime64[D]"),
    )


def divisions_of(held: Held) -> set[str]:
    """The divisions whose areas a release of boundaries draws."""
    return set(pq.read_table(held.file(AREAS.name), columns=["division"])["division"].to_pylist())


def _unplaced(name: str, placed: Placed, events: pa.Table) -> Iterable[Text]:
    """What is not placed or only in doubt, in events."""
    found: Counter[str] = Counter()
    for how, n in zip(placed.how.tolist(), events["n_events"].to_pylist(), strict=True):
        found["doubtful" if how in DOUBTFUL else how] += n
    level = Verbatim(name)
    for how, n in found.items():
        told = counted(n, "{n} event", "{n} events")
        said = {
            "coarser": T("In the row without an area by {level}: {events} coded to a larger area or to none.",
                         level=level, events=told),
            "outside": T("In the row without an area by {level}: {events} with a point in no area of the country.",
                         level=level, events=told),
            "no_division": T("In the row without an area by {level}: {events} of days or countries without boundaries.",
                             level=level, events=told),
            "no_point": T("In the row without an area by {level}: {events} without coordinates.",
                          level=level, events=told),
            "doubtful": T("In doubt by {level}: {events} on a border, just outside all areas, or known to 25 km only "
                          "and nearer to another area than that.", level=level, events=told),
        }  # fmt: skip
        if how in said:
            yield said[how]


def _reforms(areas: Areas, placed: Placed) -> Iterable[Text]:
    """Countries that were divided anew in the time asked about."""
    which = np.unique(placed.area[placed.area >= 0])
    for iso3 in sorted(set(areas.iso3[which])):
        own = which[areas.iso3[which] == iso3]
        if len(set(areas.division[own])) > 1:
            days = sorted({day for day in areas.first[own].tolist() if np.datetime64(day) != EVER})
            yield T(
                DIVIDED,
                country=CountryName(iso3),
                day=days[-1],
            )


DIVIDED = msg("{country} was divided anew on {day}: its areas before and after are not the same.")


def no_boundaries(name: str, held: Sequence[Held]) -> UsageError:
    """What is wrong where no release of boundaries draws the areas of a level, and what to do."""
    return UsageError(
        T("No boundaries here draw the areas of {level}.", level=Verbatim(name)),
        available=T("There are {names}.", names=Verbatim(", ".join(one.release.name for one in held)))
        if held
        else None,
        do=T("Take some in, for example with harmattan ingest cod-ab FILE."),
    )

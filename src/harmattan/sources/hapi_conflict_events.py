"""Monthly counts of events from HDX HAPI, which takes them from ACLED.

HAPI's three types overlap: an attack on civilians is counted under civilian_targeting and under political_violence. So
only political_violence becomes records, and nothing is ever added up over types.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harmattan.sources.counted import Columns, days_of, iso3_of, key, precision, reading
from harmattan.sources.engine import engine
from harmattan.sources.hapi import ABOUT, PLACE, URL, Endpoint, fetcher, place_of, rows
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, take, text_of, whole_of
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.schema import EVENTS

WHAT = "HDX HAPI conflict events"
ORIGIN = Origin(
    dataset="hapi-conflict-events",
    publisher="OCHA Centre for Humanitarian Data, from ACLED",
    title="HDX HAPI: conflict events by month",
    title_in_french="HDX HAPI : événements par mois",
    url=URL,
    licence=Licence(
        name="ACLED's terms: attribution, single records not to be handed on",
        url="https://acleddata.com/eula",
        redistributable=False,
    ),
    citation="ACLED (Armed Conflict Location & Event Data), acleddata.com, by month through HDX HAPI, https://hapi.humdata.org/docs",
    contract="events",
)
KEYS = ("HAPI_IDENTIFIER",)
"""The secrets that fetching needs."""
TAKEN = "political_violence"
OVERLAPPING = ("civilian_targeting", "demonstration")
"""Types that are not taken: their events are in other types too."""
DATE_PRECISION = {"day": "day", "month": "month"}
NEEDED = ("location_code", "event_type", "events", "fatalities", "reference_period_start")
KNOWN = (*PLACE, *ABOUT, *NEEDED)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers (JSON) and tables (CSV) into `into`/events.parquet: a record for each place and month."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        found = list(seen.watch(rows(files, duck, NEEDED, WHAT)))
        divided = _divided(found)
        taken = take(found, {"events": (EVENTS, lambda row: _records(row, divided))}, into)
    left_out = sum(text_of(row, "event_type") in OVERLAPPING for row in found)
    said = (f"{left_out} rows of civilian_targeting and demonstration are not taken: HAPI's types overlap.",)
    got = reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation,
        notices=(*seen.notices(), *(said if left_out else ())),
        basis="political_violence only, and only countries with a row for every month",
    )  # fmt: skip
    return got if options.places else _of_whole_months(got, found)


def _of_whole_months(got: Reading, found: Sequence[Row]) -> Reading:
    """The reading without a claim on countries that lack a month: whether that month was quiet, nobody says."""
    months: dict[str, set[int]] = {}
    for row in found:
        if text_of(row, "event_type") == TAKEN and not row.fault:
            day = (text_of(row, "reference_period_start") or "")[:10]
            months.setdefault((text_of(row, "location_code") or "").upper(), set()).add(_ordinal(day))
    covered = got.coverage
    span = range(_ordinal(covered.start.isoformat()), _ordinal(covered.end.isoformat()) + 1)
    whole = tuple(place for place in covered.places if months.get(place, set()).issuperset(span))
    lacking = [place for place in covered.places if place not in whole]
    said = f"Not every month has a row, so that silence is not claimed to be zero: {', '.join(lacking)}."
    notices = (*got.notices, said) if lacking else got.notices
    return replace(got, coverage=covered.model_copy(update={"places": whole}), notices=notices)


def _ordinal(day: str) -> int:
    """A month as a number; -1 where the words are no day."""
    try:
        found = dt.date.fromisoformat(day)
    except ValueError:
        return -1
    return found.year * 12 + found.month


def _divided(found: Sequence[Row]) -> frozenset[tuple[str | None, str | None]]:
    """The countries and months that have rows by unit: a row of the whole country would count those again."""
    units = ("admin1_code", "admin1_name", "admin2_code", "admin2_name", "provider_admin1_name", "provider_admin2_name")
    return frozenset(
        _month(row)
        for row in found
        if text_of(row, "event_type") == TAKEN and any(text_of(row, name) for name in units)
    )


def _month(row: Row) -> tuple[str | None, str | None]:
    return text_of(row, "location_code"), (text_of(row, "reference_period_start") or "")[:10]


def _records(row: Row, divided: frozenset[tuple[str | None, str | None]]) -> Iterator[Mapping[str, Any]]:
    kind = text_of(row, "event_type")
    if kind in OVERLAPPING:
        return
    if kind != TAKEN:
        raise BadRow(f"event_type is none that is known: {str(kind)[:40]}")
    iso3, place = iso3_of(row, "location_code"), place_of(row)
    start, end = days_of(row, "reference_period_start", "reference_period_end")
    events, deaths = whole_of(row, "events"), whole_of(row, "fatalities")
    if events is None or events < 0 or deaths is None or deaths < 0:
        raise BadRow("events or fatalities are missing or below zero")
    if place["level"] == "country" and _month(row) in divided:
        raise BadRow("a row of the whole country beside rows of its units would count them twice")
    if events == 0 and deaths == 0:
        return
    if events == 0:
        raise BadRow("it has deaths and no event")
    yield {
        "event_id": key(iso3, *place.values(), start, end, kind),
        "n_events": events,
        "event_type": kind,
        "actors_a": [],
        "actors_b": [],
        "iso3": iso3,
        "country_as_written": text_of(row, "location_name") or iso3,
        "admin1_as_written": place["admin1_as_written"],
        "admin2_as_written": place["admin2_as_written"],
        "where_precision": place["level"],
        "date_start": start,
        "date_end": end,
        "date_precision": DATE_PRECISION.get(precision(start, end), "longer"),
        "deaths_best": deaths,
        "n_range_broken": 0,
    }


FETCH = fetcher(WHAT, Endpoint("coordination-context/conflict-events"))

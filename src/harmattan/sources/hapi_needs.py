"""People in need and in food phases from HDX HAPI: the humanitarian needs overviews, and IPC or Cadre Harmonisé."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.sources.counted import Columns, days_of, iso3_of, key, people_of, reading
from harmattan.sources.engine import engine
from harmattan.sources.hapi import ABOUT, PLACE, URL, Endpoint, fetcher, place_of, rows
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, take, text_of
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import NEEDS

WHAT = "HDX HAPI needs"
ORIGIN = Origin(
    dataset="hapi-needs",
    publisher="OCHA Centre for Humanitarian Data",
    title="HDX HAPI: humanitarian needs and food security",
    title_in_french="HDX HAPI : besoins humanitaires et sécurité alimentaire",
    url=URL,
    licence=Licence(
        name="CC BY-IGO for humanitarian needs, that of the source for food security",
        url="https://creativecommons.org/licenses/by/3.0/igo/",
        redistributable=True,
    ),
    citation=(
        "HDX HAPI. Sources: OCHA, Humanitarian Needs Overviews; IPC and Cadre Harmonisé. https://hapi.humdata.org/docs"
    ),
    contract="needs",
)
KEYS = ("HAPI_IDENTIFIER",)
"""The secrets that fetching needs."""
STATUS = {
    "INN": "people_in_need",
    "TGT": "people_targeted",
    "REA": "people_reached",
    "AFF": "people_affected",
    "ALL": "population",
}
PHASES = {
    "1": "ipc_phase_1",
    "2": "ipc_phase_2",
    "3": "ipc_phase_3",
    "4": "ipc_phase_4",
    "5": "ipc_phase_5",
    "3+": "ipc_phase_3_plus",
    "all": "population",
}
PERIODS = {"current": "current", "first projection": "projected"}
NEEDED = ("location_code", "reference_period_start")
KNOWN = (
    *PLACE, *ABOUT, "sector_code", "sector_name", "category", "population_status", "population", "gender", "age_range",
    "min_age", "max_age", "disabled_marker", "population_group", "ipc_phase", "ipc_type", "population_in_phase",
    "population_fraction_in_phase",
)  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers (JSON) and tables (CSV) of the two endpoints into `into`/needs.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        taken = take(seen.watch(rows(files, duck, NEEDED, WHAT)), {"needs": (NEEDS, _records)}, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="sectors, groups and levels overlap",
    )  # fmt: skip


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    iso3 = iso3_of(row, "location_code")
    start, end = days_of(row, "reference_period_start", "reference_period_end")
    place = place_of(row)
    if text_of(row, "ipc_phase"):
        said = _phase(row)
    elif text_of(row, "population_status"):
        said = _status(row)
    else:
        raise BadRow("it has neither population_status nor ipc_phase")
    id_ = key(iso3, *place.values(), start, end, *(said[name] for name in said if name != "value"))
    yield {"row_id": id_, "countries": [iso3], **place, "start": start, "end": end, **said}


def _phase(row: Row) -> dict[str, Any]:
    phase, kind = (text_of(row, "ipc_phase") or "").lower(), text_of(row, "ipc_type")
    if phase not in PHASES:
        raise BadRow(f"ipc_phase is not a phase: {phase[:40]}")
    return {
        "indicator": PHASES[phase],
        "sector": "food security",
        "period": PERIODS.get((kind or "").lower(), kind),
        "value": people_of(row, "population_in_phase"),
    }


def _status(row: Row) -> dict[str, Any]:
    status = (text_of(row, "population_status") or "").upper()
    if status not in STATUS:
        raise BadRow(f"population_status is none that is known: {status[:40]}")
    sector = text_of(row, "sector_name") or text_of(row, "sector_code")
    return {
        "indicator": STATUS[status],
        "sector": None if (sector or "").lower() == "intersectoral" else sector,
        "population": _group(row),
        "period": "current",
        "value": people_of(row, "population"),
    }


def _group(row: Row) -> str | None:
    """Whom a row is about, in the publisher's words; None: all. Earlier answers had columns where there is one now."""
    parts = [text_of(row, name) for name in ("category", "population_group", "gender", "age_range", "disabled_marker")]
    said = [part for part in parts if part and part.lower() != "all"]
    return " - ".join(said) or None


FETCH = fetcher(
    WHAT,
    Endpoint("affected-people/humanitarian-needs"),
    Endpoint("food-security-nutrition-poverty/food-security"),
)

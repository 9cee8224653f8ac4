"""What appeals ask for and received, from HDX HAPI, which takes it from OCHA's Financial Tracking Service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.sources.counted import Columns, days_of, iso3_of, key, reading
from harmattan.sources.engine import engine
from harmattan.sources.hapi import ABOUT, PLACE, URL, Endpoint, fetcher, rows
from harmattan.sources.hpc_tools import plan_kind
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import Row, number_of, take, text_of
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import FUNDING

WHAT = "HDX HAPI funding"
ORIGIN = Origin(
    dataset="hapi-funding",
    publisher="OCHA Centre for Humanitarian Data",
    title="HDX HAPI: funding of appeals",
    title_in_french="HDX HAPI : financement des appels",
    url=URL,
    licence=Licence(
        name="CC BY-IGO", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True
    ),
    citation="HDX HAPI. Source: OCHA Financial Tracking Service. https://hapi.humdata.org/docs",
    contract="funding",
)  # fmt: skip
MEASURES = {"requirements_usd": "requirements", "funding_usd": "funding"}
NEEDED = ("location_code", "reference_period_start", *MEASURES)
KNOWN = (*PLACE, *ABOUT, "appeal_code", "appeal_name", "appeal_type", "funding_pct", *MEASURES)
NO_APPEAL = "not specified"


KEYS = ("HAPI_IDENTIFIER",)
"""The secrets that fetching needs."""


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers (JSON) and tables (CSV) into `into`/funding.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        taken = take(seen.watch(rows(files, duck, NEEDED, WHAT)), {"funding": (FUNDING, _records)}, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="plans of several kinds overlap",
    )  # fmt: skip


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    iso3 = iso3_of(row, "location_code")
    start, end = days_of(row, "reference_period_start", "reference_period_end")
    code, name = text_of(row, "appeal_code"), text_of(row, "appeal_name")
    in_appeal = (code or NO_APPEAL).lower() != NO_APPEAL
    common = {
        "countries": [iso3],
        "plan": name if in_appeal else None,
        "plan_code": code if in_appeal else None,
        "plan_type": plan_kind(text_of(row, "appeal_type")),
        "year": start.year,
    }
    for column, measure in MEASURES.items():
        value = number_of(row, column)
        if value is not None:
            yield {**common, "row_id": key(iso3, code, start, end, measure), "measure": measure, "value": value}


FETCH = fetcher(WHAT, Endpoint("coordination-context/funding"))

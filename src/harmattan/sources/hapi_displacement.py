"""Displaced people from HDX HAPI: IOM's counts of internally displaced, UNHCR's of refugees and of those who returned.

It repeats what `iom-dtm` and `unhcr-population` have, so stocks of these data sets are never added to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.sources.counted import Columns, days_of, iso3_of, key, people_of, precision, reading
from harmattan.sources.engine import engine
from harmattan.sources.hapi import ABOUT, PLACE, URL, Endpoint, fetcher, place_of, rows
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, take, text_of, whole_of
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import DISPLACEMENT

WHAT = "HDX HAPI displacement"
ORIGIN = Origin(
    dataset="hapi-displacement",
    publisher="OCHA Centre for Humanitarian Data",
    title="HDX HAPI: internally displaced people, refugees and returnees",
    title_in_french="HDX HAPI : personnes déplacées, réfugiés et personnes rentrées",
    url=URL,
    licence=Licence(
        name="that of the sources; IOM's figures for non-commercial use with the credit line, not to be redistributed",
        url="https://data.humdata.org/dataset/global-iom-dtm-from-api",
        redistributable=False,
    ),
    citation=(
        "HDX HAPI. Sources: International Organization for Migration (IOM), Displacement Tracking "
        "Matrix (DTM); UNHCR, Refugee Data Finder. https://hapi.humdata.org/docs"
    ),
    contract="displacement",
)
KEYS = ("HAPI_IDENTIFIER",)
"""The secrets that fetching needs."""
GROUPS = {
    "REF": "refugees",
    "ROC": "refugees",
    "ASY": "asylum_seekers",
    "OIP": "others_in_need_of_protection",
    "IDP": "idps",
    "IOC": "idps",
    "STA": "stateless",
    "OOC": "others_of_concern",
    "HST": "host_community",
    "RET": "returned_refugees",
    "RDP": "returned_idps",
    "ALL": "all",
}
"""Our group by HAPI's code, which is UNHCR's; ROC and IOC are people in a situation like REF and IDP."""
AT_HOME = ("idps", "returned_idps", "returned_refugees")
NEEDED = ("population", "reference_period_start")
KNOWN = (
    *PLACE, *ABOUT, "operation", "assessment_type", "reporting_round", "population", "population_group", "gender",
    "age_range", "min_age", "max_age",
    *(f"{end}_{name}" for end in ("origin", "asylum")
      for name in ("location_ref", "location_code", "location_name", "has_hrp", "in_gho")),
)  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers (JSON) and tables (CSV) of the three endpoints into `into`/displacement.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        found = seen.watch(rows(files, duck, NEEDED, WHAT))
        taken = take(found, {"displacement": (DISPLACEMENT, _records)}, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="stocks of two rounds or operations are never summed; rows of one age group are not taken",
    )  # fmt: skip


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    start, end = days_of(row, "reference_period_start", "reference_period_end")
    common = {"as_of": end, "as_of_precision": precision(start, end), "value": people_of(row, "population")}
    if text_of(row, "population_group"):
        yield from _abroad(row, common)
    elif text_of(row, "operation") or text_of(row, "assessment_type"):
        iso3 = iso3_of(row, "location_code")
        said = {
            "population": "idps",
            "iso3": iso3,
            "origin_iso3": iso3,
            **place_of(row),
            "as_of": end,
            "operation": text_of(row, "operation"),
            "round": whole_of(row, "reporting_round"),
            "method": text_of(row, "assessment_type"),
        }
        yield {**common, **said, "row_id": key(*said.values())}
    else:
        raise BadRow("it is neither of internally displaced people nor of a population group")


def _abroad(row: Row, common: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A row by country of origin and of asylum; those of one age group make no record, they are parts of others."""
    code = (text_of(row, "population_group") or "").upper()
    group = GROUPS.get(code)
    if group is None:
        raise BadRow(f"population_group is none that is counted here: {code[:40]}")
    if (text_of(row, "age_range") or "all").lower() != "all":
        return
    sex = (text_of(row, "gender") or "all").lower()
    asylum, origin = (_country(row, f"{end}_location_code") for end in ("asylum", "origin"))
    place, other = (origin, asylum) if group in AT_HOME else (asylum, origin)
    if place is None:
        raise BadRow("where they are is not a country")
    yield {
        **common,
        "row_id": key(code, place, other, common["as_of"], common["as_of_precision"], sex),
        "population": group,
        "iso3": place,
        "origin_iso3": other,
        "level": "country",
        "method": "in a situation like it" if code in ("ROC", "IOC") else None,
        "sex": None if sex == "all" else sex,
    }


def _country(row: Row, name: str) -> str | None:
    words = (text_of(row, name) or "").upper()
    return words if is_iso3(words) else None


FETCH = fetcher(
    WHAT,
    Endpoint("affected-people/idps"),
    Endpoint("affected-people/refugees-persons-of-concern", ("asylum_location_code", "origin_location_code")),
    Endpoint("affected-people/returnees", ("asylum_location_code", "origin_location_code")),
)

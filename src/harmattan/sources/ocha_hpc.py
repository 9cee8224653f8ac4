"""OCHA's humanitarian plans: people in need, targeted and reached, and what plans ask for and received.

Takes answers of api.hpc.tools (planSummary, plan, fts/flow/plan/overview/progress) and tables of plan, metric and value
(CSV). Humanitarian plans, refugee plans, flash appeals and the like overlap: they are told apart by `plan_type`, and
nothing is ever added up over kinds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import HarmattanError, WrongFile
from harmattan.sources.counted import (
    Columns,
    day_of,
    is_json,
    iso3_of,
    items,
    key,
    people_of,
    reading,
    table,
    within,
    year_of,
)
from harmattan.sources.engine import engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.hpc_tools import base_of, page, plan_kind, years_of
from harmattan.sources.line import Line
from harmattan.sources.ocha_hpc_plans import figures_of_progress, figures_of_summary
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, json_of, number_of, take, text_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import is_iso3, parse_country
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import FUNDING, NEEDS

WHAT = "OCHA plans"
ORIGIN = Origin(
    dataset="ocha-hpc",
    publisher="OCHA",
    title="Humanitarian plans: people in need, requirements and funding",
    title_in_french="Plans humanitaires : personnes dans le besoin, besoins financiers et financement",
    url="https://humanitarianaction.info/",
    licence=Licence(name="CC BY-IGO", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True),
    citation="OCHA, Humanitarian Programme Cycle (api.hpc.tools). https://humanitarianaction.info/",
    contract="needs",
)
TABLES = ("needs", "funding")
NEEDED = ("year", "plan", "country code", "metric", "value", "appeal type")
KNOWN = (*NEEDED, "crisis country", "standardised plan", "pin value for dataviz", "ousg metric")
METRICS = {
    "people in need": ("needs", "people_in_need"),
    "people targeted": ("needs", "people_targeted"),
    "people reached": ("needs", "people_reached"),
    "funding requirements": ("funding", "requirements"),
    "funding received": ("funding", "funding"),
}
"""The table and our word by the metric of a CSV table."""


@dataclass
class Shapes:
    """What the files are, told apart: rows of figures, and what lists of plans say of the plans."""

    tables: list[Row] = field(default_factory=list)
    plans: list[Row] = field(default_factory=list)
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads plans into `into`/needs.parquet and `into`/funding.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        shapes = Shapes()
        for number, path in enumerate(files):
            if is_json(path):
                _sort(path, json_of(path), shapes)
            else:
                shapes.tables += seen.watch(table(path, duck, number, NEEDED, WHAT))
        rows = [*sorted(shapes.tables, key=_rank), *shapes.plans]
        makes = {
            "needs": (NEEDS, lambda row: _needs(row, shapes.known)),
            "funding": (FUNDING, lambda row: _funding(row, shapes.known)),
        }
        taken = take(rows, makes, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="plans of several kinds overlap and are never summed",
    )  # fmt: skip


def _rank(row: Row) -> int:
    """Of several numbers for one thing the publisher marks one to be used: it comes first, the others are refused."""
    marked = (text_of(row, "pin value for dataviz") or "").lower() in ("yes", "true", "1")
    return 0 if marked else 1 if text_of(row, "ousg metric") else 2


def _sort(path: Path, answer: Any, shapes: Shapes) -> None:
    """Puts a JSON answer where it belongs. Raises WrongFile for one that is none of those that are read."""
    data = within(answer, "data")
    if within(data, "planData") is not None:
        shapes.plans += _marked(path, items(path, within(data, "planData"), WHAT), "summary")
    elif within(data, "plans") is not None:
        shapes.plans += _marked(path, items(path, within(data, "plans"), WHAT), "progress")
    elif isinstance(data, list):
        shapes.known |= {str(plan.get("id")): plan for plan in items(path, data, WHAT)}
    else:
        raise WrongFile(
            T("{file} is not an answer of {what}.", file=Verbatim(path.name), what=Verbatim(WHAT)),
            do=T("Download it again, or name another file."),
        )


def _marked(path: Path, plans: Iterable[dict[str, Any]], shape: str) -> list[Row]:
    return [Row(path.name, n, {**plan, "shape": shape}) for n, plan in enumerate(plans, 1)]


def _needs(row: Row, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if row["shape"] is None:
        yield from _of_table(row, "needs")
        return
    plan = _plan(row, known)
    for indicator, sector, population, value in _figures(row).needs:
        yield {
            **plan["about"],
            "row_id": key(plan["id"], indicator, sector, population),
            "indicator": indicator,
            "level": "country",
            "sector": sector,
            "population": population,
            "start": plan["start"],
            "end": plan["end"],
            "period": "current",
            "value": value,
        }


def _funding(row: Row, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if row["shape"] is None:
        yield from _of_table(row, "funding")
        return
    plan = _plan(row, known)
    for measure, sector, value in _figures(row).funding:
        yield {
            **plan["about"],
            "row_id": key(plan["id"], measure, sector),
            "measure": measure,
            "year": plan["year"],
            "sector": sector,
            "value": value,
        }


def _figures(row: Row) -> Any:
    return figures_of_summary(row) if row["shape"] == "summary" else figures_of_progress(row)


def _plan(row: Row, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A plan's name, code, kind, countries and days; what the answer lacks is taken from the list of plans."""
    id_ = text_of(row, "planId") or text_of(row, "id")
    if id_ is None:
        raise BadRow("the plan has no id")
    listed = known.get(id_, {})
    version = within(listed, "planVersion") or {}
    kind = row["planType"] if isinstance(row["planType"], str) else within(row["planType"], "name")
    said = Row(row.file, row.line, {name: row[name] or within(version, name) for name in ("startDate", "endDate")})
    year = _year(row, said)
    start, end = day_of(said, "startDate"), day_of(said, "endDate")
    if start and end and end < start:
        raise BadRow("the plan ends before it starts")
    return {
        "id": key(id_, year),
        "year": year,
        "start": start or dt.date(year, 1, 1),
        "end": end or max(start or dt.date.min, dt.date(year, 12, 31)),
        "about": {
            "countries": _countries(row, listed),
            "plan": text_of(row, "name"),
            "plan_code": text_of(row, "code") or _word(within(version, "code")),
            "plan_type": plan_kind(_word(kind)),
        },
    }


def _year(row: Row, said: Row) -> int:
    used = row["usageYears"] if isinstance(row["usageYears"], list) else []
    years = sorted(str(within(one, "year")) for one in used)
    start = text_of(said, "startDate")
    words = row["planYear"] or (years[0] if years else None) or (start[:4] if start else None)
    return year_of(Row(row.file, row.line, {"year": words}), "year")


def _countries(row: Row, listed: Mapping[str, Any]) -> list[str]:
    """ISO3 codes of a plan's countries; an empty list where they are not named."""
    found = row["planCountries"] or row["countries"] or within(listed, "locations") or [row["planFocusCountry"]]
    codes = [str(within(one, "iso3") or "").upper() for one in (found if isinstance(found, list) else [])]
    return sorted({code for code in codes if is_iso3(code)})


def _of_table(row: Row, wanted: str) -> Iterator[Mapping[str, Any]]:
    """A line of a table of plan, metric and value."""
    metric = (text_of(row, "metric") or "").lower()
    if metric not in METRICS:
        raise BadRow(f"metric is none that is known: {metric[:40] or 'empty'}")
    name, word = METRICS[metric]
    if name != wanted:
        return
    year, kind = year_of(row, "year"), plan_kind(text_of(row, "appeal type"))
    value = people_of(row, "value") if wanted == "needs" else number_of(row, "value")
    if word == "requirements" and value == 0:
        raise BadRow("requirements of 0: the table writes 0 where it has no figure")
    countries = _countries_of_table(row)
    common = {
        "row_id": key(year, text_of(row, "plan"), *countries, word, kind),
        "countries": countries,
        "plan": text_of(row, "plan"),
        "plan_type": kind,
        "value": value,
    }
    if wanted == "funding":
        yield {**common, "measure": word, "year": year}
        return
    days = {"start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31)}
    yield {**common, **days, "indicator": word, "level": "country", "period": "current"}


def _countries_of_table(row: Row) -> list[str]:
    """The country of a line; a plan for a region has no code, and its name may be none of a country."""
    if text_of(row, "country code"):
        return [iso3_of(row, "country code")]
    try:
        return [parse_country(text_of(row, "crisis country") or "")]
    except HarmattanError:
        return []


def _word(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """For each year the list of plans and their summaries; no key is needed."""
    base = base_of(wanted)
    full = {f"include{what}": "true" for what in ("Indicators", "Caseloads", "Financials", "DisaggregatedData")}

    def get(question: tuple[str, int], at: Any) -> Page:
        path, year = question
        more = full if path.endswith("planSummary") else {}
        return page(line, base, path, {"year": year, **more}, at)

    paths = ("v2/public/plan", "v2/public/planSummary")
    return Fetched(walk(line, journal, WHAT, [(path, year) for year in years_of(wanted) for path in paths], get))


FETCH = fetch

"""Flows of humanitarian money from OCHA's Financial Tracking Service: pledged, agreed, paid.

Only flows into the countries asked about are taken: those within them and out of them would count the same money again.
A flow that is split over several countries, plans or years is there once, with its whole sum, and `shared`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.errors import HarmattanError, UsageError
from harmattan.sources.counted import (
    Columns,
    day_of,
    is_json,
    items,
    json_rows,
    reading,
    table,
    within,
    year_of,
)
from harmattan.sources.engine import Engine, engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.hpc_tools import base_of, get, page, years_of
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, json_of, number_of, take, text_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import is_iso3, parse_country
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import FUNDING

WHAT = "OCHA FTS"
ORIGIN = Origin(
    dataset="ocha-fts",
    publisher="OCHA Financial Tracking Service",
    title="Flows of humanitarian funding",
    title_in_french="Flux de financement humanitaire",
    url="https://fts.unocha.org/",
    licence=Licence(name="CC BY-IGO", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True),
    citation="OCHA Financial Tracking Service (FTS). https://fts.unocha.org/",
    contract="funding",
)
STATUS = {"pledge": "pledge", "commitment": "commitment", "paid": "paid"}
INCOMING = "incoming"
NEEDED = ("id", "amountusd", "status", "destlocations", "destusageyearstart")
KNOWN = (
    "date", "budgetyear", "description", "amountusd", "srcorganization", "srcorganizationtypes", "srclocations",
    "srcusageyearstart", "srcusageyearend", "destplan", "destplancode", "destplanid", "destorganization",
    "destorganizationtypes", "destglobalclusters", "destlocations", "destproject", "destprojectcode",
    "destusageyearstart", "destusageyearend", "contributiontype", "flowtype", "method", "boundary", "onboundary",
    "status", "firstreporteddate", "decisiondate", "keywords", "originalamount", "originalcurrency", "exchangerate",
    "id", "refcode", "createdat", "updatedat", "childflowids", "grandbargainearmarkingtype", "newmoney",
    "parentflowid", "versionid", "sourceobjects", "destinationobjects", "reportdetails", "versionstartdate",
    "versionenddate",
)  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers (JSON: flows, and the list of locations) and HDX's tables (CSV) into `into`/funding.parquet."""
    seen = Columns(KNOWN, ("id", "amountusd", "status"))
    left_out: Counter[str] = Counter()
    with engine(into) as duck:
        answers = {path: json_of(path) for path in files if is_json(path)}
        codes = {id_: iso3 for path, answer in answers.items() for id_, iso3 in _locations(path, answer)}
        found = seen.watch(_rows(files, answers, duck))
        taken = take(found, {"funding": (FUNDING, lambda row: _records(row, codes, left_out))}, into)
    said = [f"{n} flows that are {kind} are not taken: they would count the same money again." for kind, n in
            sorted(left_out.items())]  # fmt: skip
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=(*seen.notices(), *said),
        basis="flows into the countries asked about; shared ones with their whole sum",
    )  # fmt: skip


def _rows(files: list[Path], answers: Mapping[Path, Any], duck: Engine) -> Iterator[Row]:
    for number, path in enumerate(files):
        if path not in answers:
            yield from table(path, duck, number, NEEDED, WHAT)
        elif not isinstance(within(answers[path], "data"), list):
            yield from json_rows(path, within(answers[path], "data", "flows"), WHAT)


def _locations(path: Path, answer: Any) -> Iterator[tuple[str, str]]:
    """ISO3 by the publisher's number of a country, where the file is its list of countries."""
    data = within(answer, "data")
    for one in items(path, data, WHAT) if isinstance(data, list) else ():
        iso3 = str(one.get("iso3") or "").upper()
        if is_iso3(iso3):
            yield str(one.get("id")), iso3


def _records(row: Row, codes: Mapping[str, str], left_out: Counter[str]) -> Iterator[Mapping[str, Any]]:
    boundary = (text_of(row, "boundary") or INCOMING).lower()
    if boundary != INCOMING:
        left_out[boundary[:40]] += 1
        return
    status = (text_of(row, "status") or "").lower()
    if status not in STATUS:
        raise BadRow(f"status is none of pledge, commitment, paid: {status[:40] or 'empty'}")
    id_ = text_of(row, "id")
    if id_ is None:
        raise BadRow("the flow has no id")
    told = _of_table(row) if row["destinationobjects"] is None else _of_answer(row, codes)
    if not told["countries"]:
        raise BadRow("its destination is no country that is known")
    years = told.pop("years")
    several = len(told["countries"]) > 1 or len(years) > 1
    yield {
        **told,
        "row_id": id_,
        "measure": STATUS[status],
        "year": years[0],
        "day": day_of(row, "date"),
        "shared": several or told["shared"] or (text_of(row, "onboundary") or "").lower() == "shared",
        "value": number_of(row, "amountusd"),
    }


def _of_answer(row: Row, codes: Mapping[str, str]) -> dict[str, Any]:
    """Where a flow goes and comes from, as the API lists it: objects of a type, each single or shared."""
    there, here = _by_type(row["destinationobjects"]), _by_type(row["sourceobjects"])
    countries = [codes.get(str(one.get("id"))) or _named(one.get("name")) for one in there.get("Location", ())]
    years = [_year(row, one.get("name")) for one in there.get("UsageYear", ())]
    parts = [one for kind in ("Location", "Plan", "UsageYear") for one in there.get(kind, ())]
    return {
        "countries": sorted({iso3 for iso3 in countries if iso3}),
        "years": sorted(set(years)) or [_year(row, row["budgetyear"])],
        "plan": _names(there.get("Plan", ())),
        "plan_code": "; ".join(sorted(str(one.get("id")) for one in there.get("Plan", ()))) or None,
        "sector": _names([*there.get("GlobalCluster", ()), *(there.get("Cluster", ()))][:8]),
        "giver": _names(here.get("Organization", ())),
        "receiver": _names(there.get("Organization", ())),
        "shared": any(one.get("behavior") == "shared" for one in parts),
    }


def _of_table(row: Row) -> dict[str, Any]:
    """The same of a line of HDX's tables, which have ISO3 codes."""
    written = [code.strip().upper() for code in (text_of(row, "destlocations") or "").split(",") if code.strip()]
    years = [row[name] for name in ("destusageyearstart", "destusageyearend") if row[name] is not None]
    return {
        "countries": sorted({code for code in written if is_iso3(code)}),
        "years": sorted({_year(row, year) for year in years}) or [_year(row, row["budgetyear"])],
        "plan": text_of(row, "destplan"),
        "plan_code": text_of(row, "destplancode"),
        "sector": text_of(row, "destglobalclusters"),
        "giver": text_of(row, "srcorganization"),
        "receiver": text_of(row, "destorganization"),
        "shared": False,
    }


def _by_type(value: Any) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            found.setdefault(str(one.get("type")), []).append(one)
    return found


def _names(objects: Iterable[Mapping[str, Any]]) -> str | None:
    return "; ".join(sorted({str(one.get("name")) for one in objects if one.get("name")})) or None


def _year(row: Row, words: Any) -> int:
    return year_of(Row(row.file, row.line, {"the year it is for": words}), "the year it is for")


def _named(name: Any) -> str | None:
    try:
        return parse_country(str(name))
    except HarmattanError:
        return None


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """The flows into some countries, year by year; no key is needed."""
    if not wanted.places:
        raise UsageError(
            T("All flows of all countries are too many to ask for."), do=T("Say which countries: --country MLI BFA.")
        )
    base = base_of(wanted)
    ids: dict[str, str] = journal.state.get("ids") or {}
    if not ids:
        reply = get(line, f"{base}/v1/public/location")
        listed = within(reply.json, "data")
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        ids = {str(one.get("iso3")).upper(): str(one.get("id")) for one in found if one.get("iso3")}
        journal.keep("locations.json", reply.content, ids=ids)
    unknown = [iso3 for iso3 in wanted.places if iso3 not in ids]
    if unknown:
        raise UsageError(T("OCHA FTS has no country {codes}.", codes=Verbatim(", ".join(unknown))))

    def ask(question: tuple[str, int], at: Any) -> Page:
        iso3, year = question
        return page(line, base, "v1/fts/flow/custom-search", {"locationid": ids[iso3], "year": year}, at)

    questions = [(iso3, year) for iso3 in wanted.places for year in years_of(wanted)]
    return Fetched(walk(line, journal, WHAT, questions, ask))


FETCH = fetch

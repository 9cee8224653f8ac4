"""Displaced people as IOM's Displacement Tracking Matrix counts them: API v3, and the table of it on HDX.

Each number is a stock: of one operation, in one round, by one method. Nothing is added up here, and stocks of two
rounds or operations are never to be. Rows that differ in the reason or in where people came from are parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.counted import (
    Columns,
    day_of,
    is_json,
    iso3_of,
    json_rows,
    key,
    people_of,
    reading,
    table,
    within,
)
from harmattan.sources.engine import Engine, engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import Row, json_of, take, text_of, whole_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import DISPLACEMENT

WHAT = "IOM DTM"
ORIGIN = Origin(
    dataset="iom-dtm",
    publisher="International Organization for Migration (IOM)",
    title="Displacement Tracking Matrix (DTM)",
    title_in_french="Matrice de suivi des déplacements (DTM)",
    url="https://dtm.iom.int/data-and-analysis/dtm-api",
    licence=Licence(
        name="non-commercial use with the credit line, not to be redistributed",
        url="https://data.humdata.org/dataset/global-iom-dtm-from-api",
        redistributable=False,
    ),
    citation=(
        "Source: International Organization for Migration (IOM), Displacement Tracking Matrix (DTM). "
        "https://dtm.iom.int/data-and-analysis/dtm-api"
    ),
    contract="displacement",
)
KEYS = ("DTM_KEY",)
"""The secrets that fetching needs."""
BASE = "https://dtmapi.iom.int"
LEVELS = (0, 1, 2)
HOW = T("A key for the DTM API is free: subscribe at https://dtm-apim-portal.iom.int/.")
NEEDED = ("operation", "admin0pcode", "numpresentidpind", "reportingdate", "roundnumber")
KNOWN = (
    *NEEDED, "id", "admin0name", "admin1name", "admin1pcode", "admin2name", "admin2pcode", "yearreportingdate",
    "monthreportingdate", "assessmenttype", "displacementreason", "numbermales", "numberfemales",
    "idporiginadmin1name", "idporiginadmin1pcode", "operationstatus", "adminlevel", "sex",
)  # fmt: skip
EMPTY = re.compile(r"\bno\b.*\b(data|record|found)", re.IGNORECASE)
"""How the API says that it has nothing on a country at a level."""


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers of the API (JSON) and tables of HDX (CSV) into `into`/displacement.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        taken = take(seen.watch(_rows(files, duck)), {"displacement": (DISPLACEMENT, _records)}, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="stocks of two rounds or operations are never summed",
    )  # fmt: skip


def _rows(files: list[Path], duck: Engine) -> Iterator[Row]:
    for number, path in enumerate(files):
        if not is_json(path):
            yield from table(path, duck, number, NEEDED, WHAT)
            continue
        answer = json_of(path)
        yield from json_rows(path, answer if isinstance(answer, list) else within(answer, "result"), WHAT)


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    iso3 = iso3_of(row, "admin0pcode")
    place = {
        "admin1_as_written": _said(row, "admin1name"),
        "admin1_code": _said(row, "admin1pcode"),
        "admin2_as_written": _said(row, "admin2name"),
        "admin2_code": _said(row, "admin2pcode"),
    }
    below = [place["admin1_as_written"] or place["admin1_code"], place["admin2_as_written"] or place["admin2_code"]]
    common = {
        "population": "idps",
        "iso3": iso3,
        "origin_iso3": iso3,
        "level": "admin2" if below[1] else "admin1" if below[0] else "country",
        **place,
        "as_of": day_of(row, "reportingdate"),
        "as_of_precision": "day",
        "operation": text_of(row, "operation"),
        "round": whole_of(row, "roundnumber"),
        "method": text_of(row, "assessmenttype"),
        "reason": text_of(row, "displacementreason"),
    }
    id_ = key(*common.values(), _said(row, "idporiginadmin1pcode"), row["id"])
    stock, written = people_of(row, "numpresentidpind"), text_of(row, "sex")
    yield {**common, "row_id": key(id_, written), "sex": written, "value": stock}
    men, women = people_of(row, "numbermales"), people_of(row, "numberfemales")
    if written is None and men is not None and women is not None and men + women > 0:
        yield {**common, "row_id": key(id_, "male"), "sex": "male", "value": men}
        yield {**common, "row_id": key(id_, "female"), "sex": "female", "value": women}


def _said(row: Row, name: str) -> str | None:
    """The publisher's words for a place; it writes "Not available" for none."""
    words = text_of(row, name)
    return None if words is None or words.lower() == "not available" else words


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """Stocks by country, region and district, one answer for each country and level."""
    headers = {"Ocp-Apim-Subscription-Key": secrets.need("DTM_KEY", how=HOW)["DTM_KEY"]}
    base = f"{(wanted.base or BASE).rstrip('/')}/v3/displacement"
    days = {"FromReportingDate": wanted.start, "ToReportingDate": wanted.end}
    asked = {name: day.isoformat() for name, day in days.items() if day}

    def get(question: tuple[str, int], _at: Any) -> Page:
        iso3, level = question
        return Page(_answer(line, f"{base}/admin{level}", {"Admin0Pcode": iso3, **asked}, headers))

    places = list(wanted.places) or journal.state.get("countries")
    if not places:
        listed = _listed(_answer(line, f"{base}/country-list", {}, headers))
        places = sorted({str(one["admin0Pcode"]) for one in listed if one.get("admin0Pcode")})
        journal.go_on(countries=places)
    return Fetched(walk(line, journal, WHAT, [(iso3, level) for iso3 in places for level in LEVELS], get))


def _listed(content: bytes) -> list[dict[str, Any]]:
    """The rows of an answer."""
    found = within(json.loads(content.decode("utf-8-sig")), "result")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _answer(line: Line, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    """An answer that says that it succeeded; this publisher says 200 for failures too."""
    reply = line.get(url, params=params, headers=headers, accept=frozenset({200, 401, 403}))
    if reply.status != 200:
        raise FetchError(T("IOM DTM refused the key DTM_KEY."), do=HOW)
    answer = reply.json
    messages = within(answer, "errorMessages")
    said = "; ".join(str(one) for one in messages) if isinstance(messages, list) else str(messages or "")
    rows = within(answer, "result")
    if within(answer, "isSuccess") is False and not (not rows and EMPTY.search(said)):
        raise FetchError(
            T("IOM DTM answered that it failed: {said}", said=Verbatim(said[:200] or "without a reason")),
            do=T("Say the same again later: what has come is kept."),
        )
    return reply.content if isinstance(rows, list) else b'{"isSuccess": true, "result": []}'


FETCH = fetch

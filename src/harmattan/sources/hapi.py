"""HDX HAPI v2, the Humanitarian API: what its four data sets here share. A data set is one of our tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.counted import is_json, json_rows, table, within
from harmattan.sources.engine import Engine
from harmattan.sources.fetching import Fetch, Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.rows import BadRow, Row, json_of, text_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T, Verbatim

BASE = "https://hapi.humdata.org"
URL = "https://hapi.humdata.org/docs"
LIMIT = 10_000
HOW = T(
    "The identifier is the base64 of your application's name and your mail address with a colon between them; "
    "https://hapi.humdata.org/docs makes one (encode_app_identifier)."
)
PLACE = (
    "location_code", "location_name", "location_ref", "has_hrp", "in_gho", "admin1_ref", "admin1_code", "admin1_name",
    "admin2_ref", "admin2_code", "admin2_name", "provider_admin1_name", "provider_admin2_name", "admin_level",
)  # fmt: skip
ABOUT = (
    "reference_period_start", "reference_period_end", "resource_hdx_id", "dataset_hdx_id", "warning", "error",
)  # fmt: skip
Asked = tuple[str, str, str]
"""A path of the interface, the parameter by which it filters countries, and the country; empty: all."""


@dataclass(frozen=True)
class Endpoint:
    """A path of the interface and the parameters by which it filters countries."""

    path: str
    filters: tuple[str, ...] = ("location_code",)


def rows(files: Sequence[Path], duck: Engine, needed: Sequence[str], what: str) -> Iterator[Row]:
    """The rows of answers (JSON) and of the yearly tables on HDX (CSV) that are not marked as wrong."""
    for number, path in enumerate(files):
        found = table(path, duck, number, needed, what) if not is_json(path) else _answers(path, what)
        for row in found:
            marked = text_of(row, "error")
            yield Row(row.file, row.line, row.values, f"the publisher marks it: {marked[:100]}") if marked else row


def _answers(path: Path, what: str) -> Iterator[Row]:
    answer = json_of(path)
    return json_rows(path, answer if isinstance(answer, list) else within(answer, "data"), what)


def place_of(row: Row) -> dict[str, Any]:
    """Level and units of a row. The level follows from the units it names: HAPI lowers its own where a code is new."""
    admin1 = text_of(row, "provider_admin1_name") or text_of(row, "admin1_name")
    admin2 = text_of(row, "provider_admin2_name") or text_of(row, "admin2_name")
    code1, code2 = text_of(row, "admin1_code"), text_of(row, "admin2_code")
    said = text_of(row, "admin_level") or ""
    if said.removesuffix(".0") not in ("", "0", "1", "2"):
        raise BadRow(f"admin_level is none of 0, 1, 2: {said[:40]}")
    second = bool(admin2 or code2) or said.startswith("2")
    first = bool(admin1 or code1) or said.startswith("1")
    return {
        "level": "admin2" if second else "admin1" if first else "country",
        "admin1_as_written": admin1,
        "admin1_code": code1,
        "admin2_as_written": admin2,
        "admin2_code": code2,
    }


def fetcher(what: str, *endpoints: Endpoint) -> Fetch:
    """FETCH of a data set: each endpoint is asked for each country, page by page."""

    def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
        """All rows about some countries and days, or about all."""
        headers = {"X-HDX-HAPI-APP-IDENTIFIER": secrets.need("HAPI_IDENTIFIER", how=HOW)["HAPI_IDENTIFIER"]}
        base = f"{(wanted.base or BASE).rstrip('/')}/api/v2/"
        days = {"start_date": wanted.start, "end_date": wanted.end}
        common = {"output_format": "json", "limit": LIMIT, **{n: d.isoformat() for n, d in days.items() if d}}

        def get(asked: Asked, at: Any) -> Page:
            path, name, place = asked
            offset = int(at or 0)
            place_too = {name: place} if place else {}
            content, n = _ask(line, f"{base}{path}", {**common, **place_too, "offset": offset}, headers)
            return Page(content, offset + LIMIT if n >= LIMIT else None)

        return Fetched(walk(line, journal, what, _questions(endpoints, wanted.places), get))

    return fetch


def _questions(endpoints: Sequence[Endpoint], places: Sequence[str]) -> list[Asked]:
    if not places:
        return [(one.path, "", "") for one in endpoints]
    return [(one.path, name, place) for one in endpoints for name in one.filters for place in places]


def _ask(line: Line, url: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[bytes, int]:
    """An answer and how many rows it has."""
    reply = line.get(url, params=params, headers=headers, accept=frozenset({200, 401, 403}))
    if reply.status != 200:
        raise FetchError(T("HDX HAPI refused the identifier HAPI_IDENTIFIER."), do=HOW)
    found = within(reply.json, "data")
    if not isinstance(found, list):
        raise FetchError(
            T("HDX HAPI answered without {name}: the interface has changed.", name=Verbatim("data")),
            do=T("Say the same again later: what has come is kept."),
        )
    return reply.content, len(found)

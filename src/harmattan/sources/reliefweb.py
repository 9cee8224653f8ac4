"""Reports about crises that ReliefWeb collects: title, day, publishers, countries, language, address, text.

The texts belong to those who wrote them. The interface wants a name that ReliefWeb has approved; since its answers
repeat it in their links, links are cut out before an answer is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.counted import Columns, day_of, is_json, items, reading, within
from harmattan.sources.engine import engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line, Quota
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, json_of, take, text_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import DOCUMENTS

WHAT = "ReliefWeb"
ORIGIN = Origin(
    dataset="reliefweb",
    publisher="OCHA ReliefWeb",
    title="ReliefWeb reports",
    title_in_french="Rapports de ReliefWeb",
    url="https://reliefweb.int/",
    licence=Licence(
        name="the documents are their publishers', not to be redistributed",
        url="https://reliefweb.int/terms-conditions",
        redistributable=False,
    ),
    citation="ReliefWeb (OCHA). https://reliefweb.int/",
    contract="documents",
)
KEYS = ("RELIEFWEB_APPNAME",)
"""The secrets that fetching needs."""
BASE = "https://api.reliefweb.int"
LIMIT = 1_000
QUOTA = Quota("reliefweb", 1_000)
HOW = T(
    "ReliefWeb wants a name that it has approved (appname), since 1 November 2025: ask for one at "
    "https://apidoc.reliefweb.int/parameters#appname."
)
REFUSED = {
    401: T("ReliefWeb refused the name RELIEFWEB_APPNAME: it is not approved."),
    403: T("ReliefWeb refused the name RELIEFWEB_APPNAME: it is not approved."),
    410: T("ReliefWeb has taken this version of its interface down."),
}
FIELDS = ("title", "body", "url", "url_alias", "date.original", "date.created", "country.iso3", "source.name",
          "language.code", "format.name")  # fmt: skip
KNOWN = ("id", *sorted({name.partition(".")[0] for name in FIELDS}), "primary_country", "status", "disaster", "theme",
         "file", "image", "headline", "origin", "body-html", "disaster_type", "feature")  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads answers of the API v2 (JSON) into `into`/documents.parquet."""
    seen = Columns(KNOWN, ("id", "title"))
    with engine(into):
        taken = take(seen.watch(_rows(files)), {"documents": (DOCUMENTS, _records)}, into)
    return reading(files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices())


def _rows(files: list[Path]) -> Iterator[Row]:
    for path in files:
        answer = json_of(path) if is_json(path) else None
        for number, one in enumerate(items(path, within(answer, "data"), WHAT), 1):
            fields = one.get("fields")
            yield Row(path.name, number, {**(fields if isinstance(fields, dict) else {}), "id": one.get("id")})


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    dates = row["date"] if isinstance(row["date"], Mapping) else {}
    written = Row(row.file, row.line, {"date": dates.get("original") or dates.get("created")})
    codes = [code.upper() for code in _each(row, "country", "iso3")]
    countries = sorted({code for code in codes if is_iso3(code)})
    if text_of(row, "id") is None:
        raise BadRow("the report has no id")
    yield {
        "row_id": text_of(row, "id"),
        "title": text_of(row, "title"),
        "published": day_of(written, "date"),
        "publishers": _each(row, "source", "name"),
        "countries": countries,
        "language": "; ".join(_each(row, "language", "code")) or None,
        "kind": "; ".join(_each(row, "format", "name")) or None,
        "url": text_of(row, "url_alias") or text_of(row, "url"),
        "body": text_of(row, "body"),
    }


def _each(row: Row, name: str, inner: str) -> list[str]:
    """One word of each object of a list; a single object counts as a list of one."""
    value = row[name]
    listed = value if isinstance(value, list) else [value]
    return [str(one[inner]).strip() for one in listed if isinstance(one, Mapping) and one.get(inner)]


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """The reports about some countries and days, oldest first."""
    name = secrets.need("RELIEFWEB_APPNAME", how=HOW)["RELIEFWEB_APPNAME"]
    url = f"{(wanted.base or BASE).rstrip('/')}/v2/reports"
    conditions = list(_conditions(wanted))
    body: dict[str, Any] = {"fields": {"include": list(FIELDS)}, "sort": ["date.created:asc"], "limit": LIMIT}
    if conditions:
        body["filter"] = {"operator": "AND", "conditions": conditions}

    def get(_question: str, at: Any) -> Page:
        offset = int(at or 0)
        reply = line.post(
            url, params={"appname": name}, body={**body, "offset": offset}, quota=QUOTA,
            accept=frozenset({200, *REFUSED}),
        )  # fmt: skip
        if reply.status != 200:
            raise FetchError(REFUSED[reply.status], do=HOW)
        found, total = within(reply.json, "data"), within(reply.json, "totalCount")
        if not isinstance(found, list) or not isinstance(total, int):
            raise FetchError(T("ReliefWeb answered without data: the interface has changed."))
        content = _kept(total, found).replace(name, "APPNAME").encode()
        after = offset + len(found)
        return Page(content, after if found and after < total else None)

    return Fetched(walk(line, journal, WHAT, ["reports"], get))


def _conditions(wanted: Wanted) -> Iterator[dict[str, Any]]:
    if wanted.places:
        yield {"field": "country.iso3", "value": [place.lower() for place in wanted.places], "operator": "OR"}
    days = {"from": wanted.start, "to": wanted.end}
    said = {end: f"{day.isoformat()}T00:00:00+00:00" for end, day in days.items() if day}
    if wanted.end:
        said["to"] = f"{wanted.end.isoformat()}T23:59:59+00:00"
    if said:
        yield {"field": "date.created", "value": said}


def _kept(total: int, found: list[Any]) -> str:
    """An answer without its links, which hold the caller's name."""
    data = [{"id": one.get("id"), "fields": one.get("fields")} for one in found if isinstance(one, Mapping)]
    return json.dumps({"totalCount": total, "data": data}, ensure_ascii=False)


FETCH = fetch

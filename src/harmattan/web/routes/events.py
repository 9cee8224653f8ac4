"""The events themselves: filtered, sorted, by the page, one by one, and as files of exactly what is filtered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.errors import UsageError
from harmattan.export.files import FORMATS
from harmattan.export.sheet import attributions, of_events
from harmattan.questions.build import KIND_WORDS, about
from harmattan.questions.event_list import Listing, listing
from harmattan.questions.event_record import COMPARED, EventRecord, event_record
from harmattan.questions.event_words import COLUMN_WORDS, DATE_WORDS, PRECISION_SHORT, PRECISION_WORDS
from harmattan.questions.evidence import refuse_closed
from harmattan.questions.parameters import Params
from harmattan.text import T, Text, Verbatim, counted, joined, msg
from harmattan.text import listing as listed
from harmattan.web import forms
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.pages import kept_page, page
from harmattan.web.visitor import HouseOf, Reader
from harmattan.web.wanted import choices, given_in, offered_in, page_of, sort_of, told_of, wanted_of

ROUTER = APIRouter(include_in_schema=False)
SIZE = 50
MOST_EXPORTED = 100_000
"""So many records go into one file of a browser's; more of them take the terminal."""
KINDS_OF_FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


@ROUTER.get("/events")
def events(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """A page of the events that are filtered, with their sums."""
    try:
        return kept_page(request, visitor, "events.html.j2", lambda: _shown(request, house, visitor.name))
    except UsageError as fault:
        form = choices(request, offered_in(house, Params(country=house.case.countries)), None, house.case)
        return page(request, visitor, "events.html.j2", status=422, form=form, fault=fault, found=None)


def _shown(request: Request, house: House, by: str) -> dict[str, Any]:
    wanted, sort, number = wanted_of(request, house.case), sort_of(request), page_of(request)

    def work() -> tuple[Listing, Mapping[str, int | None], list[dict[str, Any]], int]:
        found = listing(house.asking.standing().inquiry.world, wanted)
        sums = found.totals()
        at = min(number, _pages(sums))
        return found, sums, found.page(at, SIZE, sort), at

    key = f"events {house.asking.standing().state} {wanted} {sort} {number}"
    found, sums, rows, at = house.asking.together(key, T("Events"), "", work)
    same = house.asking.ask("casualties", wanted.params, by=by) if wanted.plain and found.scope.covered else None
    given = given_in(request)
    return {
        "form": choices(request, offered_in(house, wanted.params), wanted, house.case),
        "fault": None,
        "found": found,
        "title": title_of(found, sums),
        "sums": sums,
        "rows": rows,
        "number_of": at,
        "pages": _pages(sums),
        "sort": sort,
        "linked": given | ({"sort": sort} if sort else {}),
        "closed": found.closed,
        "too_many": (sums["records"] or 0) > MOST_EXPORTED and MOST_EXPORTED,
        "formats": list(KINDS_OF_FILES),
        "same": same,
        "command": forms.command_of(same) if same else "",
        "asked_at": forms.address_of(same) if same else "",
        "precisions": PRECISION_WORDS,
        "short": PRECISION_SHORT,
        "kinds": KIND_WORDS,
        "attributed": found.scope.releases,
        "typed": any(row["event_type"] for row in rows),
    }


def _pages(sums: Mapping[str, int | None]) -> int:
    return max(1, -(-(sums["records"] or 0) // SIZE))


def title_of(found: Listing, sums: Mapping[str, int | None]) -> Text:
    """What a list is of: where, from when to when, narrowed to what, and how much there is."""
    scope = found.scope
    narrowed = told_of(found.wanted)
    where = T("{places}; {more}", places=about(scope), more=joined(narrowed, msg("{first}, {second}"))) if narrowed \
        else about(scope)  # fmt: skip
    return T(
        "{where}, {start} to {end}: {records} with {events} and {deaths}.",
        where=where,
        start=scope.period.start,
        end=scope.period.end,
        records=counted(sums["records"] or 0, "{n} record", "{n} records"),
        events=counted(sums["events"] or 0, "{n} event", "{n} events"),
        deaths=counted(sums["deaths_best"] or 0, "{n} death", "{n} deaths"),
    )


@ROUTER.get("/events/export.{format}")
def export(request: Request, visitor: Reader, house: HouseOf, format: str) -> Response:
    """Exactly what is filtered, as a file: the rows that evidence of the same filter lists.

    Raises LicenceError where one of the releases may not be handed on.
    """
    if format not in KINDS_OF_FILES:
        raise NotThere(
            T("Events are not handed out as {format}.", format=Verbatim(format)),
            available=T("There are {names}.", names=listed([Verbatim(name) for name in KINDS_OF_FILES])),
        )
    wanted, name = wanted_of(request, house.case), f"events.{format}"

    def work() -> tuple[Listing, Mapping[str, int | None], Any]:
        found = listing(house.asking.standing().inquiry.world, wanted)
        refuse_closed(found.closed, name)
        sums = found.totals()
        _few_enough(sums["records"] or 0)
        return found, sums, found.whole()

    goes_to = f"{request.url.path}?{request.url.query}"
    key = f"events as {format} {house.asking.standing().state} {wanted}"
    found, sums, table = house.asking.together(key, T("Export of events"), goes_to, work)
    scope, speaker = found.scope, visitor.speaker
    sheet = of_events(table, title_of(found, sums), scope.releases, scope.caveats, speaker)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    content = FORMATS[format](sheet, visitor.language)
    digest = hashlib.sha256(content).hexdigest()[:16]
    house.note(visitor, "exported", name, format=format, rows=len(sheet.rows), asked=request.url.query, digest=digest)
    return Response(content, media_type=KINDS_OF_FILES[format], headers=headers)


def _few_enough(records: int) -> None:
    if records > MOST_EXPORTED:
        raise UsageError(
            T("{records} are too many for one file of a browser's; {most} go into one.",
              records=counted(records, "{n} record", "{n} records"), most=MOST_EXPORTED),
            do=T("Narrow the filter, or take harmattan evidence in the terminal."),
        )  # fmt: skip


@ROUTER.get("/events/{release}/{event_id:path}")
def event(request: Request, visitor: Reader, house: HouseOf, release: str, event_id: str) -> Response:
    """A record with all its columns, its sources, its versions, and what else happened there on those days."""
    found = record_of(house, release, event_id)
    shown = [(name, words, found.values.get(name)) for name, words in COLUMN_WORDS.items() if name != "release"]
    return page(
        request,
        visitor,
        "event.html.j2",
        record=found,
        columns=[(name, words, value) for name, words, value in shown if value not in (None, "", [])],
        empty=[words for _name, words, value in shown if value in (None, "", [])],
        compared=[(name, COLUMN_WORDS[name]) for name in COMPARED],
        precisions=PRECISION_WORDS,
        short=PRECISION_SHORT,
        dates=DATE_WORDS,
        kinds=KIND_WORDS,
        cited=attributions([found.release], visitor.speaker),
    )


def record_of(house: House, release: str, event_id: str) -> EventRecord:
    """A record by its release and id. Raises NotThere."""
    world = house.asking.standing().inquiry.world
    key = f"event {house.asking.standing().state} {release} {event_id}"
    found = house.asking.together(key, T("Event"), "", lambda: event_record(world, release, event_id))
    if found is None:
        raise NotThere(T("There is no such record of an event."), do=T("Look for it in the list of events."))
    return found

"""The events themselves: filtered, sorted, by the page, one by one, and as files of exactly what is filtered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.errors import UsageError
from harmattan.export.files import FORMATS
from harmattan.export.sheet import attributions, of_events
from harmattan.questions.build import KIND_WORDS, about
from harmattan.questions.event_list import Listing, listing
from harmattan.questions.event_record import COMPARED
from harmattan.questions.event_words import COLUMN_WORDS, DATE_WORDS, PRECISION_SHORT, PRECISION_WORDS
from harmattan.questions.evidence import refuse_closed
from harmattan.questions.parameters import Params
from harmattan.text import T, Text, Verbatim, counted, joined, msg
from harmattan.text import listing as listed
from harmattan.web import forms
from harmattan.web.addresses import here, page_in
from harmattan.web.event_filter import choices, given_in, offered_in, record_of, sort_of, told_of, wanted_of
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.pages import kept_page, page
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
SIZE = 50
MOST_EXPORTED = 100_000
"""So many records go into one file of a browser's; more of them take the terminal."""


@ROUTER.get("/events")
def events(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """A page of the events that are filtered, with their sums."""
    try:
        return kept_page(request, visitor, "events.html.j2", lambda: _shown(request, house, visitor))
    except UsageError as fault:
        form = choices(request, offered_in(house, Params(country=house.case.countries)), None, house.case)
        return page(request, visitor, "events.html.j2", status=422, form=form, fault=fault, found=None)


def _shown(request: Request, house: House, visitor: Visitor) -> dict[str, Any]:
    wanted, sort, number = wanted_of(request, house.case), sort_of(request), page_in(request.query_params.get("page"))

    def work() -> tuple[Listing, Mapping[str, int | None], list[dict[str, Any]], int]:
        found = listing(house.asking.standing().inquiry.world, wanted)
        if visitor.by_token:
            refuse_closed(found.closed, "/events")
        sums = found.totals()
        at = min(number, _pages(sums))
        return found, sums, found.page(at, SIZE, sort), at

    key = f"events {house.asking.standing().state} {wanted} {sort} {number} {visitor.by_token}"
    found, sums, rows, at = house.asking.together(key, T("Events"), "", work)
    same = (
        house.asking.ask("casualties", wanted.params, by=visitor.name) if wanted.plain and found.scope.covered else None
    )
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
        "formats": list(FORMATS),
        "same": same,
        "command": forms.command_of(same, house.settings.case) if same else "",
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
    """What a list is of: where, from when to when, narrowed to what, and how much there is.

    Where no release speaks that is said instead, and a sum that the sources do not give is no zero.
    """
    if found.uncovered is not None:
        return found.uncovered
    scope, deaths = found.scope, sums["deaths_best"]
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
        deaths=counted(deaths, "{n} death", "{n} deaths"),
    )


@ROUTER.get("/events/export.{format}")
def export(request: Request, visitor: Reader, house: HouseOf, format: str) -> Response:
    """Exactly what is filtered, as a file: the rows that evidence of the same filter lists.

    Raises LicenceError where one of the releases may not be handed on.
    """
    if format not in FORMATS:
        raise NotThere(
            T("Events are not handed out as {format}.", format=Verbatim(format)),
            available=T("There are {names}.", names=listed([Verbatim(name) for name in FORMATS])),
        )
    wanted, name = wanted_of(request, house.case), f"events.{format}"

    def work() -> tuple[Listing, Mapping[str, int | None], Any]:
        found = listing(house.asking.standing().inquiry.world, wanted)
        refuse_closed(found.closed, name)
        sums = found.totals()
        _few_enough(sums["records"] or 0)
        return found, sums, found.whole()

    key = f"events as {format} {house.asking.standing().state} {wanted}"
    found, sums, table = house.asking.together(key, T("Export of events"), here(request), work)
    scope, speaker = found.scope, visitor.speaker
    sheet = of_events(table, title_of(found, sums), scope.releases, scope.caveats, speaker)
    content = FORMATS[format](sheet, visitor.language)
    return handed_out(house, visitor, content, format, name="events", subject=name, rows=len(sheet.rows),
                      asked=request.url.query)  # fmt: skip


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
    if visitor.by_token and not found.release.redistributable:
        refuse_closed([found.release], request.url.path)
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

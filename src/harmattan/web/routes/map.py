"""The map: a page with a filter, a picture and a table; and what its script draws as points, cells and months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.brief.map_ground import cells_picture
from harmattan.brief.sections import BOUNDARIES
from harmattan.errors import UsageError
from harmattan.export.as_json import compact
from harmattan.export.media import content_type
from harmattan.questions import map_layers
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.event_list import Listing, listing
from harmattan.questions.event_words import PRECISION_WORDS
from harmattan.questions.evidence import refuse_closed
from harmattan.questions.parameters import Params
from harmattan.text import T, msg
from harmattan.text.speaker import NOT_AVAILABLE
from harmattan.vocabulary.origin import Dimension
from harmattan.web import forms, map_data, tables
from harmattan.web.event_filter import choices, given_in, offered_in, wanted_of
from harmattan.web.faults import NotThere
from harmattan.web.files import as_attachment
from harmattan.web.house import House
from harmattan.web.pages import kept_data, kept_page, page
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
NEEDS: tuple[Dimension, ...] = ("cell",)
MOST_CELLS = 25
"""So many cells stand in the table, those with the most deaths."""


@ROUTER.get("/map")
def map_(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The map of the events that are filtered."""
    try:
        return kept_page(request, visitor, "map.html.j2", lambda: _shown(request, house, visitor))
    except UsageError as fault:
        form = choices(request, offered_in(house, Params(country=house.case.countries), NEEDS), None, house.case)
        return page(request, visitor, "map.html.j2", status=422, form=form, fault=fault, answer=None)


def _shown(request: Request, house: House, visitor: Visitor) -> dict[str, Any]:
    wanted = wanted_of(request, house.case)
    answer = house.asking.ask("casualties", replace(wanted.params, by=("cell",)), by=visitor.name)
    table = tables.of(answer, visitor.speaker, size=MOST_CELLS + 1, sort="-deaths_best")
    outside = [n for n, row in enumerate(answer.rows) if row["cell"] is None]
    params = wanted.params
    world = house.asking.standing().inquiry.world
    key = f"levels {house.asking.standing().state} {params.country} {params.release} {params.known_by}"
    levels = house.asking.together(key, T("Map"), "", lambda: map_layers.levels(world, params))
    return {
        "form": choices(request, offered_in(house, params, NEEDS), wanted, house.case),
        "fault": None,
        "answer": answer,
        "table": _of_cells(table),
        "outside": answer.number(outside[0], "events") if outside else None,
        "outside_deaths": answer.number(outside[0], "deaths_best") if outside else None,
        "linked": given_in(request),
        "levels": levels,
        "address": forms.address_of(answer),
        "command": forms.command_of(answer, house.settings.case),
        "boundaries": BOUNDARIES,
        "words": {name: visitor.speaker.words(template) for name, template in WORDS.items()}
        | {f"where_{name}": visitor.speaker.say(text) for name, text in PRECISION_WORDS.items()}
        | {f"kind_{name}": visitor.speaker.say(text) for name, text in KIND_WORDS.items()},
        "cited": answer.releases,
        "drawable": bool(answer.rows) and any(row["cell"] is not None for row in answer.rows),
    }


def _of_cells(table: tables.Table) -> tables.Table:
    """The first cells of a table, without the row of what has none and the column that is the same in all."""
    names = [head.name for head in table.heads]
    kept_ = [n for n, name in enumerate(names) if name not in ("period", "records")]
    at = names.index("cell") if "cell" in names else None
    rows = [row for row in table.rows if at is None or row[at].words != NOT_AVAILABLE][:MOST_CELLS]
    heads = tuple(table.heads[n] for n in kept_)
    return replace(table, heads=heads, rows=tuple(tuple(row[n] for n in kept_) for row in rows), page=1, pages=1)


@ROUTER.get("/map/picture.{format}")
def picture(request: Request, visitor: Reader, house: HouseOf, format: str) -> Response:
    """The deaths by cell that are filtered, as the brief draws them: a picture to take along."""
    if format not in ("svg", "png"):
        raise NotThere(T("There is no such picture."))
    params = wanted_of(request, house.case).params
    answer = house.asking.ask("casualties", replace(params, by=("cell",)), by=visitor.name)
    if not any(row["cell"] is not None for row in answer.rows):
        raise NotThere(T("There is nothing to draw: no event that is filtered stands for a place."))
    countries = house.asking.standing().cell_countries

    def made() -> bytes:
        spec = cells_picture(answer, countries, params.country, visitor.speaker)
        return house.drawing.file(spec, visitor.language, format)

    headers = {"content-disposition": as_attachment(f"harmattan-map-{answer.id}", format, shown=True)}
    return kept_data(request, visitor, made, content_type(format), headers)


@ROUTER.get("/map/events.json")
def events(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The records that are filtered and stand for a place, for the script of the map.

    A screen may show what a file may not, but JSON is read by programs as easily as by the map. So of a release whose
    records may not be handed on (ACLED) only those get it who sit at this machine or have signed in, never a program
    with a token; it carries what is needed to draw and no more (`map_data.events`: rounded points without names), and
    nobody on the way may keep it (`no-store`).
    """
    found = _found(request, house)
    if found.closed:
        if visitor.by_token:
            refuse_closed(found.closed, "/map/events.json")
        page_ = house.asking.together(_key(request, house), T("Map"), "", lambda: map_data.events(found))
        return Response(compact(page_), media_type="application/json", headers={"cache-control": "private, no-store"})
    return kept_data(request, visitor, lambda: compact(_together(request, house, lambda: map_data.events(found))))


@ROUTER.get("/map/cells.json")
def cells(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Events and deaths by cell and month, and those that stand for no place: sums, which every licence allows."""

    def made() -> bytes:
        found = _found(request, house)
        return compact(_together(request, house, lambda: map_data.cells(found)))

    return kept_data(request, visitor, made)


def _found(request: Request, house: House) -> Listing:
    wanted = wanted_of(request, house.case)
    world = house.asking.standing().inquiry.world
    key = f"found {_key(request, house)}"
    return house.asking.together(key, T("Map"), "", lambda: listing(world, wanted, NEEDS))


def _together(request: Request, house: House, work: Callable[[], Any]) -> Any:
    return house.asking.together(_key(request, house), T("Map"), "", work)


def _key(request: Request, house: House) -> str:
    return f"{house.asking.standing().state} {request.url.path} {request.url.query}"


WORDS: dict[str, str] = {
    "events": msg("events"),
    "deaths": msg("deaths"),
    "low_high": msg("low {low}, high {high}"),
    "record": msg("Open the record"),
    "list": msg("List these events"),
    "sums": msg("Sums by month, drawn in the middle of their cell: no single places"),
    "more": msg("and {n} more here"),
    "of_closed": msg("The licence of these records lets them be looked at only: points to about one kilometre."),
    "cell": msg("PRIO-GRID cell {cell}"),
    "outside": msg("Not drawn, since they stand for no place: {events} events with {deaths} deaths."),
    "shown": msg("{from} to {to}: {events} events with {deaths} deaths on the map."),
    "capped": msg("Points for the last {n} records only; the cells have all of them."),
    "none": msg("Of this layer nothing is here yet."),
    "waiting": msg("The forecast is being made …"),
    "failed": msg("This layer could not be loaded."),
    "most": msg("at most {n} deaths in a month"),
    "play": msg("Play"),
    "stop": msg("Stop"),
    "month_from": msg("First month"),
    "month_to": msg("Last month"),
    "expected": msg("{n} deaths expected, {period}"),
    "interval": msg("nine draws in ten between {low} and {high}"),
    "since": msg("from {since}"),
    "until": msg("to {until}"),
    "possibly": msg("possibly there: the dates are known in part only"),
    "unusable": msg("the publisher or the boundaries doubt the point"),
    "class_more": msg("{n} and more"),
    "class_cell": msg("deaths in the cell"),
    "class_forecast": msg("deaths expected in the cell"),
    "rows": msg("The rows behind it"),
}
"""What the script says; numbers stand in braces."""

"""What lies under and beside the events on the map, each layer asked for when it is switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from harmattan.brief.map_ground import map_ground
from harmattan.export.as_json import compact
from harmattan.questions import map_layers
from harmattan.questions.map_layers import Layer
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import T
from harmattan.web import map_data
from harmattan.web.event_filter import record_of, wanted_of
from harmattan.web.faults import NotThere
from harmattan.web.jobs import Waiting
from harmattan.web.pages import kept_data
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
LAYERS: dict[str, Callable[[World, Params], Layer]] = {
    "bases": map_layers.bases,
    "mines": map_layers.mines,
    "boundaries": lambda world, params: map_layers.areas(world, params, 0),
    "areas": lambda world, params: map_layers.areas(world, params, 1),
}


@ROUTER.get("/map/ground.json")
def ground(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Land and borders between the cells of countries, around those that are filtered."""
    countries = wanted_of(request, house.case).params.country
    world = house.asking.standing().inquiry.world

    def made() -> bytes:
        key = f"ground {house.asking.standing().state} {countries}"
        land, refs = house.asking.together(key, T("Map"), "", lambda: map_layers.ground(world, countries))
        drawn = map_ground(land, countries, visitor.speaker) | {"releases": [ref.name for ref in refs]}
        return compact(drawn)

    return kept_data(request, visitor, made)


@ROUTER.get("/map/layer/{name}.json")
def layer(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """Bases of forces, mines, boundaries or first-order areas, where they are known."""
    if name not in LAYERS:
        raise NotThere(T("There is no such layer."))
    params = wanted_of(request, house.case).params
    world = house.asking.standing().inquiry.world

    def made() -> bytes:
        key = f"layer {name} {house.asking.standing().state} {params}"
        found = house.asking.together(key, T("Map"), "", lambda: LAYERS[name](world, params))
        page = map_data.layer(found, visitor.speaker)
        return compact(page)

    return kept_data(request, visitor, made)


@ROUTER.get("/map/forecast.json")
def forecast(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The deaths expected by cell over all months ahead; 202 with its progress where it is still being made."""
    params = wanted_of(request, house.case).params
    asked = Params(country=params.country, by=("cell",), source=params.source, as_of=params.as_of,
                   known_by=params.known_by, release=params.release)  # fmt: skip
    try:
        answer = house.asking.ask("forecast", asked, "/ahead", visitor.name)
    except Waiting as waiting:
        job = waiting.job
        told = {
            "job": job.id,
            "at": f"/jobs/{job.id}",
            "progress": job.progress,
            "seconds": job.seconds(house.seconds()),
        }
        return JSONResponse(told, 202, {"cache-control": "no-store", "retry-after": "2"})
    rows = [(n, row) for n, row in enumerate(answer.rows) if row["ahead"] is None and row["cell"] is not None]
    page: dict[str, Any] = {name: [_tenth(row[name]) for _n, row in rows] for name in ("mean", "low90", "high90")}
    page |= {
        "cell": [row["cell"] for _n, row in rows],
        "evidence": [answer.row_id(n) for n, _row in rows],
        "period": rows[0][1]["period"] if rows else "",
        "said": [visitor.speaker.say(text) for text in (answer.headline, *answer.caveats)],
        "releases": [ref.name for ref in answer.releases],
    }
    return JSONResponse(page, headers={"cache-control": "private, no-cache"})


def _tenth(value: Any) -> float | None:
    return None if value is None else round(float(value), 1)


@ROUTER.get("/map/headline.json")
def headline(visitor: Reader, house: HouseOf, release: str, id: str) -> Response:
    """What the sources of one record said, for the popup that opens on it; a screen may show it, nobody keeps it."""
    found = record_of(house, release, id)
    if visitor.by_token and not found.release.redistributable:
        raise NotThere(T("There is no such record of an event."))
    values = found.values
    told = {"headline": values["source_headline"] or values["notes"], "place": values["place_as_written"],
            "pair": values["dyad"], "day": values["date_start"].isoformat(),
            "low": values["deaths_low"], "high": values["deaths_high"]}  # fmt: skip
    return JSONResponse(told, headers={"cache-control": "private, no-store"})

"""Whose violence follows whose, and what events changed: estimates with their limits and checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.questions.effect_words import DESIGNS, MEASURES
from harmattan.questions.parameters import Params
from harmattan.text import CountryName
from harmattan.web.parts import as_of_said, page_of, said
from harmattan.web.sectioned import Part, Wanted
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/effects")
def effects(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Spillover, the effects that the case asks for, and that of one milestone where one is chosen."""
    day = as_of_said(request)
    wanted = {name: Wanted.of(name, day) for name in ("effects", "spillover")}
    chosen = {name: said(request, name) for name in ("milestone", "design", "measure", "country")}
    here = f"{request.url.path}?{request.url.query}"
    if chosen["milestone"]:
        wanted = {"chosen": Wanted.of("effects", day, **chosen), **wanted}

    def more(_parts: Mapping[str, Part]) -> dict[str, Any]:
        params = Params(country=house.case.countries, as_of=day)
        turns = house.asking.ask("milestones", params, here, visitor.name)
        return {
            "turns": sorted(turns.rows, key=lambda row: str(row["date"]), reverse=True),
            "designs": DESIGNS,
            "measures": MEASURES,
            "chosen": chosen,
            "countries": {code: visitor.speaker.say(CountryName(code)) for code in house.case.countries},
        }

    return page_of(request, visitor, "effects.html.j2", wanted, more)

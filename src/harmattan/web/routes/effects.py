"""Whose violence follows whose, and what events changed: estimates with their limits and checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.questions.effect_words import DESIGNS, MEASURES
from harmattan.questions.library import told
from harmattan.questions.parameters import Params
from harmattan.text import Bilingual, CountryName
from harmattan.web.house import House
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
    if chosen["milestone"]:
        wanted = {"chosen": Wanted.of("effects", day, **chosen), **wanted}

    def more(_parts: Mapping[str, Part]) -> dict[str, Any]:
        return {
            "turns": turns(house, day),
            "designs": DESIGNS,
            "measures": MEASURES,
            "chosen": chosen,
            "countries": {code: visitor.speaker.say(CountryName(code)) for code in house.case.countries},
        }

    return page_of(request, visitor, "effects.html.j2", wanted, more)


def turns(house: House, day: dt.date) -> list[tuple[str, str, Bilingual]]:
    """The milestones of the case's countries that had happened by a day, the newest first: id, date and what."""
    book = told(house.lake, house.case.dossiers, Params(as_of=day)).book
    there = [one for one in book.milestones if one.date.day <= day and set(one.countries) & set(house.case.countries)]
    return [
        (one.id, str(one.date), Bilingual(one.title["en"], one.title["fr"]))
        for one in sorted(there, key=lambda one: (one.date.day, one.id), reverse=True)
    ]

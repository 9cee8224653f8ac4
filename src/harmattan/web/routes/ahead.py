"""The months ahead: what is expected beside how such forecasts came out, why it moved, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.errors import UsageError
from harmattan.text import CountryName, T
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.likelihood import ALMOST_NONE, EVEN, SCALE, UNLIKELY, VERY_UNLIKELY
from harmattan.vocabulary.path import PathSaid
from harmattan.web.parts import as_of_said, page_of, said
from harmattan.web.sectioned import Part, Wanted
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
BORDERS = (0.0, ALMOST_NONE, VERY_UNLIKELY, UNLIKELY, EVEN, 100 - VERY_UNLIKELY, 100 - ALMOST_NONE, 100.0)
"""Percent: where each word of likelihood begins, and the end of the last."""


@ROUTER.get("/ahead")
def ahead(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The forecast with its track record."""
    day = as_of_said(request)
    wanted = {name: Wanted.of(name, day) for name in ("track-record", "forecast", "what-changed")}

    def more(_parts: Mapping[str, Part]) -> dict[str, Any]:
        named = {code: visitor.speaker.say(CountryName(code)) for code in house.case.countries}
        around = {code: visitor.speaker.say(CountryName(code))
                  for code in dict.fromkeys((*house.case.countries, *house.case.neighbours))}  # fmt: skip
        return {"countries": named, "around": around, "scale": list(zip(BORDERS, BORDERS[1:], SCALE, strict=False))}

    return page_of(request, visitor, "ahead.html.j2", wanted, more)


@ROUTER.get("/ahead/scenario")
def scenario(request: Request, _visitor: Reader, house: HouseOf) -> Response:
    """Puts what the form says into the words of the question `scenario`, and goes there."""
    whose = said(request, "whose") or "own"
    country = parse_country(said(request, "country") or house.case.focus)
    if whose == "own":
        left = "own"
    elif whose == country:
        raise UsageError(T("A country is no neighbour of its own."), do=T("Choose another one, or its own violence."))
    else:
        left = f"neighbour:{parse_country(whose)}"
    path = PathSaid.parse(f"{left}={said(request, 'times') or '2'}")
    words = {"country": country, "path": str(path), "path_months": said(request, "months") or "3",
             "as_of": as_of_said(request).isoformat()}  # fmt: skip
    return RedirectResponse(f"/questions/scenario?{urlencode(words)}", 303)

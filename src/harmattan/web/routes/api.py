"""The API: what there is beside questions and records, and its description."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from harmattan import __version__
from harmattan.case import SECTIONS
from harmattan.text import msg
from harmattan.web import handed, strict
from harmattan.web.guard import cookie_line, cookie_name
from harmattan.web.shapes import CaseShape, HealthShape, MeShape, SectionShape
from harmattan.web.visitor import Anyone, HouseOf, Reader

ROUTER = APIRouter(prefix="/api", tags=["Case"], dependencies=[Depends(strict.known_words)])


@ROUTER.get("/health", summary=msg("Whether the server answers"), tags=["Server"], response_model=HealthShape)
def health(_visitor: Anyone) -> Response:
    """Whether the server answers; says nothing of what it holds."""
    return JSONResponse({"status": "ok", "version": __version__}, headers={"cache-control": "no-store"})


@ROUTER.get("/me", summary=msg("Who asks, and what they may do"), tags=["Server"], response_model=MeShape)
def me(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Who asks, what they may do, and the sign that their changes need."""
    said = {"name": visitor.name, "role": visitor.role, "language": visitor.language, "signed_in": visitor.signed_in,
            "by_token": visitor.by_token, "csrf": visitor.csrf}  # fmt: skip
    made = handed.plain_json(visitor, said, headers={"cache-control": "no-store"})
    secure = house.settings.secure
    if cookie_name(secure=secure) not in request.cookies and not visitor.by_token:
        made.headers.append("set-cookie", cookie_line(request.state.cookie, secure=secure))
    return made


@ROUTER.get("/case", summary=msg("The crisis that is watched"), response_model=CaseShape)
def case(visitor: Reader, house: HouseOf) -> Response:
    """The crisis that is watched: countries, days, sections, alert rules."""
    held = house.case
    said = {
        "name": held.name,
        "title": held.title.get(visitor.language, held.title["en"]),
        "focus": held.focus,
        "countries": list(held.countries),
        "neighbours": list(held.neighbours),
        "since": held.since.isoformat(),
        "as_of": held.as_of.isoformat(),
        "window_months": held.window_months,
        "events": held.events,
        "dossiers": list(held.dossiers),
        "sections": list(held.sections),
        "rules": list(held.rules()),
        "language": visitor.language,
        "state": house.asking.standing().state,
    }
    return handed.plain_json(visitor, said)


@ROUTER.get("/sections", summary=msg("The sections that a brief can have"), response_model=list[SectionShape])
def sections(visitor: Reader, house: HouseOf) -> Response:
    """The sections that a brief can have, and which of them the case's has."""
    listed = [{"name": name, "in_case": name in house.case.sections} for name in SECTIONS]
    return handed.plain_json(visitor, listed)


@ROUTER.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _visitor: Reader) -> Response:
    """The description of this API."""
    return JSONResponse(request.app.openapi(), headers={"cache-control": "no-cache"})

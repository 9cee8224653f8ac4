"""Accounts that act together: which groups there are, and everything about one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.text import T, Verbatim
from harmattan.web.faults import NotThere
from harmattan.web.parts import as_of_said, page_of
from harmattan.web.sectioned import CAMPAIGN, Made, Part, Refused, Wanted
from harmattan.web.visitor import Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/campaigns")
def campaigns(request: Request, visitor: Reader) -> Response:
    """The groups, with pictures; where there are no posts, how to take some in."""
    day = as_of_said(request)

    def more(parts: Mapping[str, Part]) -> dict[str, Any]:
        part = parts["influence"]
        found = part.answer("campaigns") if isinstance(part, Made) else None
        return {"groups": [str(row["campaign"]) for row in found.rows] if found else []}

    return page_of(request, visitor, "campaigns.html.j2", {"influence": Wanted.of("influence", day)}, more)


@ROUTER.get("/campaigns/{id}")
def campaign(request: Request, visitor: Reader, id: str) -> Response:
    """One group: its accounts as pseudonyms, what it pushes, when, and what lies beside it."""
    wanted = {CAMPAIGN: Wanted.of(CAMPAIGN, as_of_said(request), campaign=id)}

    def more(parts: Mapping[str, Part]) -> dict[str, Any]:
        part = parts[CAMPAIGN]
        if isinstance(part, Refused):
            raise part.fault or NotThere(T("No group {id} is listed: there are no posts here.", id=Verbatim(id)))
        return {"id": id}

    return page_of(request, visitor, "campaign.html.j2", wanted, more)

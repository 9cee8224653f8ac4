"""Work in progress: one page for each piece of it, and one for all."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.text import T
from harmattan.web.faults import NotThere
from harmattan.web.pages import page
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/jobs")
def jobs(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """All the work that is remembered, the newest first."""
    return page(request, visitor, "jobs.html.j2", jobs=list(house.jobs), now=house.seconds())


@ROUTER.get("/jobs/{id}")
def job(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """How far a piece of work is; where it is done, its result."""
    found = house.jobs.find(id)
    if found is None:
        raise NotThere(T("There is no such work; it may be done."), do=T("Ask again."))
    if found.done and found.fault is None:
        return RedirectResponse(found.goes_to or "/", 303)
    return page(request, visitor, "job.html.j2", job=found, now=house.seconds())

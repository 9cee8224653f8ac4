"""Work in progress: one page for each piece of it, and one for all; it can be stopped, and started again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from harmattan.text import T, Text
from harmattan.web.faults import Forbidden, NotThere
from harmattan.web.house import House
from harmattan.web.job_notes import Told
from harmattan.web.jobs import Job, moment
from harmattan.web.pages import page
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
STATES: dict[str, Text] = {
    "waiting": T("waits to begin"),
    "running": T("at work"),
    "done": T("done"),
    "failed": T("failed"),
    "stopped": T("stopped"),
    "interrupted": T("interrupted: the server ended while it was at work"),
}
"""How each state of work is told."""
PAGE = 50


@ROUTER.get("/jobs")
def jobs(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """All the work that is remembered, the newest first."""
    shown = [job for job in house.jobs if job.told][:PAGE]
    return page(request, visitor, "jobs.html.j2", jobs=shown, interrupted=list(house.jobs.notes.interrupted.values()),
                now=house.seconds(), states=STATES, moment=moment, may=may)  # fmt: skip


@ROUTER.get("/jobs/{id}")
def job(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """How far a piece of work is; where it is done, its result."""
    found = there(house, id)
    if isinstance(found, Job) and found.state == "done":
        return RedirectResponse(found.goes_to or "/", 303)
    state = found.state if isinstance(found, Job) else "interrupted"
    return page(request, visitor, "job.html.j2", job=found, state=state, states=STATES, now=house.seconds(),
                moment=moment, may=may(visitor, found))  # fmt: skip


@ROUTER.get("/jobs/{id}/state.json")
def state(visitor: Reader, house: HouseOf, id: str) -> Response:
    """The same for a script that looks again and again."""
    return JSONResponse(state_of(there(house, id), visitor, house.seconds()), headers={"cache-control": "no-store"})


@ROUTER.post("/jobs/{id}/stop")
def stop(visitor: Reader, house: HouseOf, id: str) -> Response:
    """Stops it; whoever started it may, and an editor."""
    found = there(house, id)
    _allowed(visitor, found)
    house.jobs.stop(id, visitor.name)
    return RedirectResponse(f"/jobs/{id}", 303)


@ROUTER.post("/jobs/{id}/again")
def again(visitor: Reader, house: HouseOf, id: str) -> Response:
    """Starts it once more; what another server had begun is asked for on the page that it was asked for on."""
    found = there(house, id)
    _allowed(visitor, found)
    if isinstance(found, Told):
        house.jobs.notes.drop(id)
        return RedirectResponse(found.asked_at or found.goes_to or "/", 303)
    made = house.jobs.restart(id, visitor.name)
    return RedirectResponse(f"/jobs/{id}" if made is not None else (found.asked_at or found.goes_to or "/"), 303)


@ROUTER.post("/jobs/{id}/forget")
def forget(visitor: Reader, house: HouseOf, id: str) -> Response:
    """Takes what was interrupted from the list."""
    _allowed(visitor, there(house, id))
    house.jobs.notes.drop(id)
    return RedirectResponse("/jobs", 303)


def there(house: House, id: str) -> Job | Told:
    """A piece of work. Raises NotThere."""
    found = house.jobs.find(id) or house.jobs.notes.interrupted.get(id)
    if found is None:
        raise NotThere(T("There is no such work; it may be done."), do=T("Ask again."))
    return found


def may(visitor: Visitor, job: Job | Told) -> bool:
    """Whether somebody may stop it or start it again: whoever started it, and an editor."""
    return visitor.may("editor") or bool(job.by and visitor.name == job.by)


def _allowed(visitor: Visitor, job: Job | Told) -> None:
    if not may(visitor, job):
        raise Forbidden("editor")


def state_of(job: Job | Told, visitor: Visitor, now: float) -> dict[str, Any]:
    """How far it is, for a script."""
    if isinstance(job, Told):
        return {"id": job.id, "state": "interrupted", "words": visitor.speaker.say(STATES["interrupted"]),
                "done": None, "total": None, "seconds": None, "goes_to": None}  # fmt: skip
    done, total = job.progress or (None, None)
    return {
        "id": job.id,
        "state": job.state,
        "words": visitor.speaker.say(STATES[job.state]),
        "done": done,
        "total": total,
        "seconds": job.seconds(now),
        "goes_to": job.goes_to if job.state == "done" else None,
    }

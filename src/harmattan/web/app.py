"""The application: its pages, what stands before them, and what is said where something goes wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from harmattan import __version__
from harmattan.errors import DeskError, HarmattanError, UsageError
from harmattan.text import T, Verbatim
from harmattan.text.speaker import LANGUAGES, Speaker
from harmattan.web import charts
from harmattan.web.addresses import here
from harmattan.web.faults import NotSignedIn, NotThere, status_of, with_retry
from harmattan.web.guard import Guard
from harmattan.web.house import House
from harmattan.web.jobs import Waiting
from harmattan.web.listening import Log
from harmattan.web.openapi import describe
from harmattan.web.pages import page
from harmattan.web.routes import EVERY
from harmattan.web.sectioned import OVERVIEW, Wanted
from harmattan.web.settings import Settings
from harmattan.web.swift import Swift
from harmattan.web.visitor import anybody

THREADS = 120
"""So many requests may be at work at a time; most of them wait."""
API = "/api/"
PROBLEM = "application/problem+json"
UNFORESEEN = T("Something went wrong that Harmattan did not foresee.")
OTHERWISE = {
    400: HarmattanError(T("The request cannot be read.")),
    405: HarmattanError(T("That cannot be done to this page.")),
    413: HarmattanError(T("The request is too large.")),
}
"""What is said with a status that the framework gives."""


def make_app(settings: Settings) -> FastAPI:
    """The server of a home and a case.

    Raises HarmattanError where the case or the desk cannot be opened, and UsageError where others could reach the
    server and nobody would have to sign in.
    """
    house = House(settings)
    if house.accounts is None and not settings.local:
        house.close()
        raise UsageError(
            T("Other machines could reach this server, and nobody would have to sign in."),
            available=T("Without accounts it answers only on this machine, with neither {name} nor {tls}.",
                        name=Verbatim("--name"), tls=Verbatim("--tls")),
            do=T("Say {command} first.", command=Verbatim("harmattan accounts add NAME --role editor")),
        )  # fmt: skip
    house.asking.standing()

    @asynccontextmanager
    async def alive(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        charts.make_ahead(house)
        if settings.warm:
            house.sections.start([Wanted.of(name, house.case.as_of) for name in OVERVIEW], LANGUAGES[0])
        yield
        house.close()

    app = FastAPI(title="Harmattan", version=__version__, lifespan=alive, docs_url=None, redoc_url=None,
                  openapi_url=None, redirect_slashes=False)  # fmt: skip
    app.state.house = house
    for router in EVERY:
        app.include_router(router)
    describe(app)
    app.add_exception_handler(HarmattanError, _told)
    app.add_exception_handler(Waiting, _waiting)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Swift, house=house)
    app.add_middleware(Guard, settings=settings, failed=_failed)
    if settings.log:
        app.add_middleware(Log)
    return app


async def _told(request: Request, fault: Exception) -> Response:
    """A fault in the user's words, as a page or as problem+json (RFC 9457)."""
    assert isinstance(fault, HarmattanError)
    status, met = status_of(fault), fault
    if isinstance(fault, DeskError) and not (await anybody(request)).role:
        print(fault.line(Speaker(LANGUAGES[0])), file=sys.stderr)  # where the desk is, is for no stranger
        fault = HarmattanError(UNFORESEEN, do=T("Try again."))
    if request.url.path.startswith(API):
        headers = {"www-authenticate": "Bearer"} if status == 401 else {}
        speaker = (await anybody(request)).speaker
        return with_retry(problem(status, speaker.say(fault.what), fault.line(speaker), request, headers), met)
    if isinstance(fault, NotSignedIn) and request.method == "GET":
        back = here(request)
        return RedirectResponse(f"/sign-in?next={quote(back, safe='')}" if back != "/" else "/sign-in", 303)
    return with_retry(page(request, await anybody(request), "fault.html.j2", status=status, fault=fault), met)


def problem(status: int, title: str, detail: str, request: Request, headers: dict[str, str] | None = None) -> Response:
    """A fault as problem+json."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path}
    return JSONResponse(told, status, headers, PROBLEM)


async def _waiting(request: Request, waiting: Exception) -> Response:
    """Work that takes longer: the page that shows how far it is, or 202 with its address."""
    assert isinstance(waiting, Waiting)
    job = waiting.job
    if request.url.path.startswith(API):
        at = f"/api/jobs/{job.id}"
        return JSONResponse({"job": job.id, "status": "running", "at": at}, 202, {"location": at, "retry-after": "2"})
    if not job.goes_to:
        job.goes_to = here(request)
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def _misread(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    first = fault.errors()[0] if fault.errors() else {"loc": ("",), "msg": ""}
    what = T("{field}: {fault}", field=Verbatim(str(first["loc"][-1])), fault=Verbatim(str(first["msg"])))
    made = HarmattanError(T("The request cannot be read."), available=what)
    speaker = (await anybody(request)).speaker
    if request.url.path.startswith(API):
        return problem(422, speaker.say(made.what), made.line(speaker), request)
    return page(request, await anybody(request), "fault.html.j2", status=422, fault=made)


async def _no_page(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    visitor = await anybody(request)
    told = OTHERWISE.get(fault.status_code) or NotThere(T("There is no such page."), do=T("Begin with the overview."))
    headers = dict(fault.headers or {})
    if request.url.path.startswith(API):
        said = visitor.speaker.say(told.what)
        return problem(fault.status_code, said, told.line(visitor.speaker), request, headers)
    made = page(request, visitor, "fault.html.j2", status=fault.status_code, fault=told)
    made.headers.update(headers)
    return made


async def _failed(request: Request, fault: Exception) -> Response:
    """What nobody foresaw: the reader gets a line, the terminal gets the rest."""
    traceback.print_exception(fault, file=sys.stderr)
    told = HarmattanError(UNFORESEEN, do=T("Try again."))
    visitor = await anybody(request)
    if request.url.path.startswith(API):
        return problem(500, visitor.speaker.say(told.what), told.line(visitor.speaker), request)
    return page(request, visitor, "fault.html.j2", status=500, fault=told)

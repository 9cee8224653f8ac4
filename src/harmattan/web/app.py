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
from harmattan.errors import HarmattanError
from harmattan.text import T, Verbatim
from harmattan.text.speaker import LANGUAGES
from harmattan.web.faults import NotSignedIn, NotThere, TooMuch, status_of
from harmattan.web.guard import Guard
from harmattan.web.house import House
from harmattan.web.jobs import Waiting
from harmattan.web.pages import page
from harmattan.web.routes import EVERY
from harmattan.web.sectioned import OVERVIEW, Wanted
from harmattan.web.settings import Settings
from harmattan.web.visitor import visitor_of

THREADS = 120
"""So many requests may be at work at a time; most of them wait."""
API = "/api/"
PROBLEM = "application/problem+json"


def make_app(settings: Settings) -> FastAPI:
    """The server of a home and a case. Raises HarmattanError where the case or the desk cannot be opened."""
    house = House(settings)

    @asynccontextmanager
    async def alive(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        if settings.warm:
            house.sections.start([Wanted.of(name, house.case.as_of) for name in OVERVIEW], LANGUAGES[0])
        yield
        house.close()

    app = FastAPI(title="Harmattan", version=__version__, lifespan=alive, docs_url=None, redoc_url=None,
                  openapi_url="/api/openapi.json")  # fmt: skip
    app.state.house = house
    for router in EVERY:
        app.include_router(router)
    app.add_exception_handler(HarmattanError, _told)
    app.add_exception_handler(Waiting, _waiting)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, settings=settings)
    return app


async def _told(request: Request, fault: Exception) -> Response:
    """A fault in the user's words, as a page or as problem+json (RFC 9457)."""
    assert isinstance(fault, HarmattanError)
    status = status_of(fault)
    headers = {"retry-after": str(fault.retry_after)} if isinstance(fault, TooMuch) and fault.retry_after else {}
    if request.url.path.startswith(API):
        headers |= {"www-authenticate": "Bearer"} if status == 401 else {}
        speaker = (await visitor_of(request)).speaker
        return problem(status, speaker.say(fault.what), fault.line(speaker), request, headers)
    if isinstance(fault, NotSignedIn) and request.method == "GET":
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(back, safe='')}", 303)
    made = page(request, await visitor_of(request), "fault.html.j2", status=status, fault=fault)
    made.headers.update(headers)
    return made


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
        job.goes_to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def _misread(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    first = fault.errors()[0] if fault.errors() else {"loc": ("",), "msg": ""}
    what = T("{field}: {fault}", field=Verbatim(str(first["loc"][-1])), fault=Verbatim(str(first["msg"])))
    made = HarmattanError(T("The request cannot be read."), available=what)
    speaker = (await visitor_of(request)).speaker
    if request.url.path.startswith(API):
        return problem(422, speaker.say(made.what), made.line(speaker), request)
    return page(request, await visitor_of(request), "fault.html.j2", status=422, fault=made)


async def _no_page(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    visitor = await visitor_of(request)
    if fault.status_code == 405:
        told: HarmattanError = HarmattanError(T("That cannot be done to this page."))
    else:
        told = NotThere(T("There is no such page."), do=T("Begin with the overview."))
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
    told = HarmattanError(T("Something went wrong that Harmattan did not foresee."), do=T("Try again."))
    visitor = await visitor_of(request)
    if request.url.path.startswith(API):
        return problem(500, visitor.speaker.say(told.what), told.line(visitor.speaker), request)
    return page(request, visitor, "fault.html.j2", status=500, fault=told)

"""Makes pages from templates: what is put into them is escaped, what is missing is an error."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from harmattan import __version__
from harmattan.text import Number, T, Text, Value
from harmattan.text.speaker import Speaker
from harmattan.web import charts
from harmattan.web.house import house_of
from harmattan.web.visitor import Visitor

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
SIGN = "@@sign-of-this-visitor@@"
"""Stands in a kept page for the sign that differs from visitor to visitor."""
PLACES: tuple[tuple[str, Text], ...] = (
    ("/", T("Overview")),
    ("/map", T("Map")),
    ("/events", T("Events")),
    ("/actors", T("Actors")),
    ("/questions", T("Questions")),
    ("/ahead", T("Forecast")),
    ("/effects", T("Spillover and effects")),
    ("/campaigns", T("Campaigns")),
    ("/desk", T("Reading desk")),
    ("/brief", T("Brief")),
    ("/sources", T("Sources")),
)
"""The pages that every page links to."""


@cache
def environment() -> Environment:
    """The templates of this room."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["words"] = lambda value: quote(str(value), safe="")
    made.globals |= {"static": static, "version": __version__, "query": query}
    return made


@cache
def static(name: str) -> str:
    """The address of a static file, which changes when the file does: browsers keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def query(values: dict[str, Any], **changed: Any) -> str:
    """A query string of values, some of them changed; None leaves one out, lists give several."""
    there = {name: value for name, value in (values | changed).items() if value not in (None, "", [])}
    return "?" + urlencode(there, doseq=True) if there else "?"


def page(request: Request, visitor: Visitor, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the visitor's language."""
    return HTMLResponse(_made(request, visitor, template, values), status)


def kept_page(
    request: Request, visitor: Visitor, template: str, values: Callable[[], dict[str, Any]], *also: str
) -> Response:
    """A page that is the same as long as the lake is: its values are looked up only where it is not kept yet.

    It may not show anything of the visitor but language, name and role; `also` is what else it depends on. A browser
    that has it already gets 304.
    """
    house = house_of(request)
    state = house.asking.standing().state
    seen_by = (visitor.language, visitor.role, visitor.name, str(visitor.signed_in))
    key = (state, str(request.url.path), str(request.url.query), *seen_by, *also)
    made, tag = house.pages.of(key, lambda: _made(request, visitor, template, values(), sign=SIGN).encode())
    etag = f'W/"{tag}-{visitor.csrf[:6]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "Accept-Language, Cookie"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(made.replace(SIGN.encode(), visitor.csrf.encode()), headers=headers)


def _made(request: Request, visitor: Visitor, template: str, values: dict[str, Any], sign: str = "") -> str:
    house, speaker = house_of(request), visitor.speaker
    linked = Speaker(visitor.language, mark=opened, escape=lambda words: str(escape(words)))

    def say(value: Value) -> Markup:
        return Markup(linked.say(value))

    shared = {
        "request": request,
        "path": request.url.path,
        "visitor": visitor,
        "language": visitor.language,
        "t": speaker.words,
        "say": say,
        "plain": speaker.say,
        "number": speaker.number,
        "date": lambda value: speaker.say(value) if isinstance(value, dt.date) else str(value or "–"),
        "places": PLACES,
        "csrf": sign or visitor.csrf,
        "case_title": house.case.title.get(visitor.language, house.case.title["en"]),
        "needs_sign_in": house.needs_sign_in,
        "figure_of": lambda answer: charts.figure_of(house, answer, speaker),
        "vega": f"/static/vega.js?v={charts.version()}",
    }
    return environment().get_template(template).render(**(shared | values))


def opened(number: Number, words: str) -> str:
    """A number that opens to its rows."""
    if not number.evidence:
        return words
    return f'<a class="n" href="/evidence/{quote(number.evidence)}">{words}</a>'

"""Makes pages from templates: what is put into them is escaped, what is missing is an error."""

from __future__ import annotations

import datetime as dt
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
from harmattan.questions.words import in_words
from harmattan.text import CountryName, Number, T, Text, Value
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.link import of_the_web
from harmattan.web import charts
from harmattan.web.house import house_of
from harmattan.web.kept import SIGN, Made, Sending, named
from harmattan.web.static_files import static
from harmattan.web.visitor import Visitor

TEMPLATES = Path(__file__).parent / "templates"
PACKED = ("text/", "application/json", "application/geo+json", "image/svg+xml", "application/schema+json")
"""Kinds of content that become smaller when they are compressed."""
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
    made.filters["of_the_web"] = of_the_web
    made.globals |= {"static": static, "version": __version__, "query": query}
    return made


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
    key = key_of_page(house.asking.standing().state, request, visitor, *also)
    made = house.pages.page(key, lambda: _made(request, visitor, template, values(), sign=SIGN).encode())
    return as_kept(request, visitor, made)


def key_of_page(state: str, request: Request, visitor: Visitor, *also: str) -> tuple[str, ...]:
    """What a page is kept under: the lake, the day (some end today), the address, who looks at it in which language."""
    day = house_of(request).now().date().isoformat()
    who = (
        visitor.language,
        visitor.role,
        visitor.name,
        "in" if visitor.signed_in else "token" if visitor.by_token else "",
    )
    return (state, day, str(request.url.path), str(request.url.query), *who, *also)


def as_kept(request: Request, visitor: Visitor, made: Made) -> Response:
    """A kept page with its visitor's sign, compressed where the browser takes that; 304 where it has it already."""
    etag = f'W/"{made.tag}-{visitor.csrf[:6]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "Accept-Language, Cookie, Accept-Encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(made.plain(visitor.csrf), headers=headers)
    return HTMLResponse(made.gzipped(visitor.csrf), headers=headers | {"content-encoding": "gzip"})


def at_hand(request: Request, visitor: Visitor, sending: Sending, make: Callable[[], bytes]) -> Response:
    """Something kept that is no page; asked for again it is sent without another thought while the lake is the same.

    Only for what nobody has to be told of, and what hangs on nothing but the lake, the address, the visitor and what
    their program takes.
    """
    house = house_of(request)
    made = house.pages.page(sending.key, make)
    house.sendings[_name_of(house.asking.standing().state, request, visitor)] = sending
    return as_sent(request, made, sending)


def kept_data(
    request: Request,
    visitor: Visitor,
    make: Callable[[], bytes],
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Response:
    """What a script or a picture of a page shows, kept by the lake, the address and the language."""
    house = house_of(request)
    state = house.asking.standing().state
    key = (state, str(request.url.path), str(request.url.query), visitor.language, "bytes")
    _made, tag = house.pages.of(key, make)
    own = {"cache-control": "private, no-cache", "vary": "Accept-Language, Cookie", "etag": f'W/"{tag}"'}
    return at_hand(request, visitor, Sending(key, own | (headers or {}), kind), make)


def as_sent(request: Request, made: Made, sending: Sending) -> Response:
    """Something kept, compressed where the asker takes that; 304 where they have it already."""
    tag = sending.headers.get("etag", "").removeprefix("W/")
    known = [word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")]
    if tag and tag in known:
        return Response(status_code=304, headers=sending.headers)
    if "gzip" not in request.headers.get("accept-encoding", "") or not sending.kind.startswith(PACKED):
        return Response(made.plain(), headers=sending.headers, media_type=sending.kind)
    vary = ", ".join(filter(None, (sending.headers.get("vary", ""), "Accept-Encoding")))
    headers = sending.headers | {"content-encoding": "gzip", "vary": vary}
    return Response(made.gzipped(), headers=headers, media_type=sending.kind)


def found_at_hand(state: str, request: Request, visitor: Visitor) -> Response | None:
    """What `kept_page` or `at_hand` has for an address, if it has it."""
    house = house_of(request)
    if (kept := house.pages.find(key_of_page(state, request, visitor))) is not None:
        return as_kept(request, visitor, kept)
    sending = house.sendings.get(_name_of(state, request, visitor))
    made = house.pages.find(sending.key) if sending else None
    return as_sent(request, made, sending) if sending and made else None


def _name_of(state: str, request: Request, visitor: Visitor) -> bytes:
    return named(key_of_page(state, request, visitor, request.headers.get("accept", "")))


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
        "country": lambda code: speaker.say(CountryName(code)),
        "date": lambda value: speaker.say(value) if isinstance(value, dt.date) else str(value or "–"),
        "dated": lambda words: speaker.say(in_words(words)),
        "colon": "\u00a0:" if visitor.language == "fr" else ":",
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

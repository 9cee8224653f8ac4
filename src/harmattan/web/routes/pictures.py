"""The pictures of sections, as files: SVG for pages, PNG for documents, the specification for scripts."""

from __future__ import annotations

import json
import threading

import vl_convert
from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.brief.html import D3_LOCALE, drawn_once, slimmed
from harmattan.brief.outline import Picture
from harmattan.questions.evidence import guard_people
from harmattan.text import T
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.jobs import Waiting
from harmattan.web.parts import as_of_said, said
from harmattan.web.sectioned import CAMPAIGN, MORE, PARTS, Coming, Made, Wanted
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
TYPES = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}
SCALE = 2.0
"""Pixels of a PNG for one of the page."""
_DRAWING = threading.Lock()


@ROUTER.get("/picture/{section}/{file}")
def picture(request: Request, visitor: Reader, house: HouseOf, section: str, file: str) -> Response:
    """The nth picture of a section, counted from one: `/picture/trend/1.svg?as_of=2022-10-31`."""
    number, _, kind = file.partition(".")
    if (section not in PARTS and section != CAMPAIGN) or kind not in TYPES or not _number(number):
        raise NotThere(T("There is no such picture."))
    wanted = Wanted.of(section, as_of_said(request), **{name: said(request, name) for name in MORE})
    key = ("picture", house.asking.standing().state, str(wanted), file, visitor.language)
    save = bool(request.query_params.get("save"))
    if save or kind == "json" or visitor.by_token:
        _may_leave(house, wanted, visitor.language, request.url.path)
    made, tag = house.pages.of(key, lambda: _drawn(house, wanted, visitor.language, int(number), kind))
    headers = {"etag": f'"{tag}"', "cache-control": "private, max-age=3600", "vary": "Accept-Language, Cookie"}
    if request.headers.get("if-none-match") == f'"{tag}"':
        return Response(status_code=304, headers=headers)
    if kind == "svg":
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if save:
        name = f"harmattan-{section}-{wanted.as_of.isoformat()}-{number}.{kind}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
        house.note(visitor, "exported", name, format=kind, digest=tag)
    return Response(made, media_type=TYPES[kind], headers=headers)


def _may_leave(house: House, wanted: Wanted, language: str, what: str) -> None:
    """Raises PrivacyError where a section is about accounts by their names: its pictures are for looking at only.

    Sections draw no records that may not be handed on.
    """
    part = house.sections.of(wanted, language)
    for answer in part.answers if isinstance(part, Made) else ():
        guard_people(answer, what)


def _number(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) < 5


def _drawn(house: House, wanted: Wanted, language: str, number: int, kind: str) -> bytes:
    part = house.sections.of(wanted, language)
    if isinstance(part, Coming):
        raise Waiting(part.job)
    if not isinstance(part, Made):
        raise part.fault or NotThere(T("There is no such picture."))
    if not 1 <= number <= len(part.section.pictures):
        raise NotThere(T("There is no such picture."))
    return as_file(part.section.pictures[number - 1], language, kind)


def as_file(picture: Picture, language: str, kind: str) -> bytes:
    """A picture as bytes; the drawing of one at a time, since it uses one engine."""
    if kind == "json":
        return json.dumps(picture.spec, ensure_ascii=False, default=str).encode()
    with _DRAWING:
        if kind == "svg":
            return slimmed(drawn_once(picture.spec, language)).encode()
        locale = D3_LOCALE[language]
        png: bytes = vl_convert.vegalite_to_png(
            json.dumps(picture.spec), scale=SCALE, format_locale=locale, time_format_locale=locale
        )
        return png

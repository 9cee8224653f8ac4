"""The pictures of sections, as files: SVG for pages, PNG for documents, the specification for scripts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.brief.picture_files import FORMATS
from harmattan.questions.evidence import guard_people
from harmattan.text import T
from harmattan.web.addresses import number_in
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.jobs import Waiting
from harmattan.web.parts import as_of_said, said
from harmattan.web.pictures import Kind, sent
from harmattan.web.sectioned import CAMPAIGN, MORE, PARTS, Coming, Made, Wanted
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/picture/{section}/{file}")
def picture(request: Request, visitor: Reader, house: HouseOf, section: str, file: str) -> Response:
    """The nth picture of a section, counted from one: `/picture/trend/1.svg?as_of=2022-10-31`."""
    number, _, kind = file.partition(".")
    if (section not in PARTS and section != CAMPAIGN) or kind not in FORMATS or not number_in(number, 0):
        raise NotThere(T("There is no such picture."))
    wanted = Wanted.of(section, as_of_said(request), **{name: said(request, name) for name in MORE})
    key = ("picture", house.asking.standing().state, str(wanted), file, visitor.language)
    if "save" in request.query_params or kind == "json" or visitor.by_token:
        _may_leave(house, wanted, visitor.language, request.url.path)
    made = house.pages.of(key, lambda: _drawn(house, wanted, visitor.language, int(number), kind))
    name = f"harmattan-{section}-{wanted.as_of.isoformat()}-{number}"
    return sent(request, house, visitor, made, Kind(kind, name))


def _may_leave(house: House, wanted: Wanted, language: str, what: str) -> None:
    """Raises PrivacyError where a section is about accounts by their names: its pictures are for looking at only.

    Sections draw no records that may not be handed on.
    """
    part = house.sections.of(wanted, language)
    for answer in part.answers if isinstance(part, Made) else ():
        guard_people(answer, what)


def _drawn(house: House, wanted: Wanted, language: str, number: int, kind: str) -> bytes:
    part = house.sections.of(wanted, language)
    if isinstance(part, Coming):
        raise Waiting(part.job)
    if not isinstance(part, Made):
        raise part.fault or NotThere(T("There is no such picture."))
    if not 1 <= number <= len(part.section.pictures):
        raise NotThere(T("There is no such picture."))
    return house.drawing.file(part.section.pictures[number - 1].spec, language, kind)

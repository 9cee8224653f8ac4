"""What leaves the desk, in which words, and the note of who took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.desk.words import KINDS, STATES
from harmattan.errors import HarmattanError, UsageError
from harmattan.export.as_json import json_bytes
from harmattan.export.assertions import FORMATS, Taken, as_they_are, hand_on
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.document import Document
from harmattan.web.desk_visit import Seat, Sent, document_of, dossier_of, held, words_in
from harmattan.web.faults import Forbidden, status_of
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.pages import page
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
CLAIMS = "claims"
FORMAT_WORDS: dict[str, Text] = {
    "jsonl": T("JSON lines, one for each assertion"), "csv": T("CSV, a table"),
    "ftm": T("FollowTheMoney entities"), "graphml": T("GraphML, a network"),
    CLAIMS: T("Claims as a file for harmattan check"),
}  # fmt: skip


@dataclass(frozen=True)
class Room:
    """Who takes something out, and of which document; of all where none is named."""

    request: Request
    visitor: Visitor
    house: House
    document: Document | None = None


@ROUTER.get("/desk/export")
def all_documents(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """What can leave of all documents."""
    return _page(Room(request, visitor, house))


@ROUTER.get("/desk/{document}/export")
def of_one(request: Request, visitor: Reader, house: HouseOf, document: str) -> Response:
    """What can leave of one document."""
    return _page(Room(request, visitor, house, document_of(house, document)))


def _page(room: Room, fault: HarmattanError | None = None, typed: Mapping[str, str] | None = None) -> Response:
    status = 200 if fault is None else status_of(fault)
    formats = {name: words for name, words in FORMAT_WORDS.items() if room.document or name != CLAIMS}
    desk = held(room.house)
    secret = any(one.confidential for one in ([room.document] if room.document else desk.documents() if desk else ()))
    shown = {"formats": formats, "fault": fault, "typed": typed or {}, "secret": secret}
    if room.document is not None:
        seat = Seat(room.request, room.visitor, room.house, room.document)
        return seat.page("desk_export.html.j2", status=status, **shown)
    words = {"document": None, "state_words": STATES, "kind_words": KINDS}
    return page(room.request, room.visitor, "desk_export.html.j2", status=status, **words, **shown)


@ROUTER.post("/desk/export")
def take_all(request: Request, visitor: Reader, house: HouseOf, form: Sent) -> Response:
    """A file from all documents."""
    return _taken(Room(request, visitor, house), words_in(form), form.getlist("state"))


@ROUTER.post("/desk/{document}/export")
def take(request: Request, visitor: Reader, house: HouseOf, form: Sent, document: str) -> Response:
    """A file from one document."""
    return _taken(Room(request, visitor, house, document_of(house, document)), words_in(form), form.getlist("state"))


def _taken(room: Room, typed: Mapping[str, str], states: Sequence[Any]) -> Response:
    format, document = typed.get("format", ""), room.document
    try:
        if {"confidential_too", "identities"} & set(typed) and not room.visitor.may("analyst"):
            raise Forbidden("analyst")
        if held(room.house) is None:
            raise UsageError(T("The desk is empty."), do=T("Bring a document first."))
        said = [state for state in states if state in STATES]
        made = _claims(room, typed) if format == CLAIMS else _file(room, typed, said)
    except HarmattanError as fault:
        return _page(room, fault, typed)
    whose = document.id if document else "all"
    return handed_out(room.house, room.visitor, made, "json" if format == CLAIMS else format, name=f"desk-{whose}",
                      subject=document.id if document else "desk")  # fmt: skip


def _file(room: Room, typed: Mapping[str, str], states: Sequence[str]) -> bytes:
    """Assertions as a file, and the note of it on the desk."""
    house, visitor, document = room.house, room.visitor, room.document
    format, kind = typed.get("format", ""), typed.get("kind", "")
    if format not in FORMATS:
        raise UsageError(T("Assertions cannot be written as {format}.", format=Verbatim(format[:40])))
    found = house.desk.assertions(document.digest if document else None, states or ("accepted",),
                                  kind if kind in KINDS else None)  # fmt: skip
    taken = Taken(
        found,
        {one.digest: one for one in house.desk.documents()},
        book=dossier_of(house).book,
        language=visitor.language,
        confidential_too="confidential_too" in typed,
        hide=as_they_are if "identities" in typed else house.hide,
    )
    made = hand_on(taken, format)
    house.desk.log_export(found, format, made, at=house.now(), by=visitor.name, quoted=taken.quoted)
    return made


def _claims(room: Room, typed: Mapping[str, str]) -> bytes:
    """The accepted claims as a file, and the note of it on the desk."""
    house, visitor, document = room.house, room.visitor, room.document
    if document is None:
        raise UsageError(T("A claims file is about one document."), do=T("Choose one."))
    found = house.desk.claims(document.digest)
    if document.confidential and "confidential_too" not in typed:
        title = Verbatim(document.title or document.id)
        raise UsageError(T("{title} is confidential, and a claims file quotes it.", title=title),
                         do=T("Say that it may be quoted, where the file stays with you."))  # fmt: skip
    told = found.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    made = json_bytes(told)
    of = house.desk.assertions(document.digest, ("accepted",), "claim")
    house.desk.log_export(of, CLAIMS, made, at=house.now(), by=visitor.name, quoted=document.confidential)
    return made

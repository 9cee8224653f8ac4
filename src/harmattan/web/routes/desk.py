"""The reading desk: its documents, how one is brought, and a document's text with what is marked in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from harmattan.desk.store import OPEN
from harmattan.desk.words import KINDS, STATES
from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.reading.documents import SAID, as_said
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.document import Document
from harmattan.web import beside, desk_text
from harmattan.web.addresses import number_in
from harmattan.web.desk_visit import Seat, Sent, assertion_of, document_of, held, name_of, place_of, words_in
from harmattan.web.house import House
from harmattan.web.pages import page
from harmattan.web.visitor import Analyst, HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
SHOWN = ("candidate", "accepted", "conflict")
"""The states that are marked in the text where nothing else is asked for."""
WORDS = ("title", "publisher", "language", "url", "rights")


@ROUTER.get("/desk")
def documents(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The documents, how many assertions of each are in which state, and the form to bring another."""
    return _documents(request, visitor, house)


def _documents(
    request: Request, visitor: Visitor, house: House, fault: HarmattanError | None = None, **typed: str
) -> Response:
    desk = held(house)
    there, counts = (desk.documents(), desk.counts()) if desk else ((), {})
    states = [state for state in STATES if state in OPEN or any(state in of for of in counts.values())]
    status = 422 if fault else 200
    return page(request, visitor, "desk.html.j2", status=status, documents=there, counts=counts, states=states,
                state_words=STATES, fault=fault, typed=typed, examples=beside.examples())  # fmt: skip


@ROUTER.post("/desk/add")
def add(request: Request, visitor: Analyst, house: HouseOf, form: Sent) -> Response:
    """Takes a document in and reads it; what is none is refused in one line, and what was typed stays."""
    typed = words_in(form)
    try:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise UsageError(T("No file was sent."), do=T("Choose one."))
        content = sent.file.read()
        if not content.strip():
            raise WrongFile(T("{file} is empty.", file=Verbatim(name_of(sent.filename))),
                            do=T("Get it again from where it comes from."))  # fmt: skip
        words = {name: typed.get(name, "").strip() for name in ("published", "reliability", *WORDS)}
        said = as_said(confidential="confidential" in typed, **words)
        digest, name = hashlib.sha256(content).hexdigest(), name_of(sent.filename)
        job = house.jobs.start(
            f"take in {digest} {said} {name}", reading_of(said.title or name, digest, secret=said.confidential),
            f"/desk/{digest[:12]}", beside.take_in, place_of(house, visitor.name), content, name, said,
            slow=True, by=visitor.name, weight=len(content),
        )  # fmt: skip
        house.asking.awaited(job)
    except HarmattanError as fault:
        return _documents(request, visitor, house, fault, **typed)
    return RedirectResponse(f"/desk/{digest[:12]}", 303)


@ROUTER.post("/desk/example")
def example(visitor: Analyst, house: HouseOf, _form: Sent) -> Response:
    """Takes in the example that comes with the package."""
    place = place_of(house, visitor.name)
    job = house.jobs.start(
        "take in the example", T("Reading of the example"), "/desk", beside.take_in_example, place, slow=True,
        by=visitor.name,
    )  # fmt: skip
    digest = house.asking.awaited(job)
    return RedirectResponse(f"/desk/{digest[:12]}", 303)


def reading_of(title: str, digest: str, *, secret: bool) -> Text:
    """What the reading of a document is called in the list of work; a confidential one by its id alone."""
    return T("Reading of {title}", title=Verbatim(digest[:12] if secret else title))


@ROUTER.get("/desk/{document}")
def document(request: Request, visitor: Reader, house: HouseOf, document: str) -> Response:
    """A document's text with what is marked in it, a part at a time, and the queue beside it."""
    found = document_of(house, document)
    return Seat(request, visitor, house, found).page("desk_document.html.j2", **_text(request, house, found))


def _text(request: Request, house: House, found: Document) -> dict[str, Any]:
    asked = request.query_params
    states = [word for word in asked.getlist("state") if word in STATES] or list(SHOWN)
    kinds = [word for word in asked.getlist("kind") if word in KINDS] or list(KINDS)
    every = desk_text.parts(found.text)
    at = assertion_of(house, found, asked["at"])[-1].citation.start if asked.get("at") else None
    part = desk_text.part_of(found.text, at) if at is not None else number_in(asked.get("part"), 1, len(every))
    spans = every[max(1, part) - 1] if every else ()
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    here = [one for one in house.desk.assertions(found.digest, states, within=(first, last)) if one.kind in kinds]
    return {
        "paragraphs": list(desk_text.marked(found.text, spans, here)), "part": max(1, part), "parts": len(every),
        "states": states, "kinds": kinds, "given": {"state": asked.getlist("state"), "kind": asked.getlist("kind")},
        "waiting": [one for one in here if one.state in OPEN], "came": house.desk.intakes(found.digest),
        "done": asked.get("done", ""), "at": asked.get("at", ""),
    }  # fmt: skip


@ROUTER.post("/desk/{document}/describe")
def describe(visitor: Analyst, house: HouseOf, form: Sent, document: str) -> Response:
    """Says more of a document: when it was published and by whom; it is then read again."""
    found, typed = document_of(house, document), words_in(form)
    said = as_said(published=typed.get("published", "").strip(), publisher=typed.get("publisher", "").strip(),
                   confidential="confidential" in typed)  # fmt: skip
    told = replace(found, published=said.published or found.published,
                   published_basis=SAID if said.published else found.published_basis,
                   publisher=said.publisher or found.publisher,
                   confidential=said.confidential or found.confidential)  # fmt: skip
    at = f"/desk/{found.id}"
    what = reading_of(found.title, found.digest, secret=told.confidential)
    key = f"describe {found.digest} {told.published} {told.publisher} {told.confidential}"
    place = place_of(house, visitor.name)
    job = house.jobs.start(key, what, at, beside.say_more, place, told, slow=True, by=visitor.name)
    house.asking.awaited(job)
    return RedirectResponse(at, 303)

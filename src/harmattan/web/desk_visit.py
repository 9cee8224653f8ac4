"""What the pages of the reading desk share: the desk, its documents by their ids, what a form sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from harmattan.desk.putting import actor_of
from harmattan.desk.saying import ACTORS
from harmattan.desk.store import OPEN, Desk
from harmattan.desk.words import KINDS, STATES
from harmattan.errors import UsageError
from harmattan.questions.library import Told, told
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Verbatim
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.document import Document
from harmattan.web.beside import Place
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.pages import page
from harmattan.web.visitor import Visitor

_ID = re.compile(r"[0-9a-f]{4,64}")
LONGEST = 20_000
"""A field of a form has so many characters at most."""


@dataclass(frozen=True)
class Seat:
    """Somebody at a document: what every page about it is made from."""

    request: Request
    visitor: Visitor
    house: House
    document: Document

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page about the document: itself, and how many assertions of each kind are in which state."""
        counts = Counter(self.house.desk.tally(self.document.digest))
        shared = {
            "document": self.document,
            "tally": counts,
            "tally_kinds": [kind for kind in KINDS if any(counts[kind, state] for state in STATES)],
            "open_count": sum(n for (_kind, state), n in counts.items() if state in OPEN),
            "claim_count": counts["claim", "accepted"],
            "state_words": STATES,
            "kind_words": KINDS,
        }
        return page(self.request, self.visitor, template, status=status, **(shared | values))


async def form_of(request: Request) -> FormData:
    """What a form sent; who may send it has been looked at before."""
    return await request.form()


Sent = Annotated[FormData, Depends(form_of)]


def words_in(form: FormData) -> dict[str, str]:
    """The fields of a form that are words, the last where one is said twice; lines end as in documents."""
    found = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return {name: value.replace("\r\n", "\n")[:LONGEST] for name, value in found.items()}


def held(house: House) -> Desk | None:
    """The desk; None where nobody has put anything on one yet, so that looking makes none."""
    return house.desk if house.has_desk else None


def document_of(house: House, id: str) -> Document:
    """A document by its id. Raises NotThere where there is none."""
    desk = held(house) if _ID.fullmatch(id) else None
    if desk is not None:
        try:
            return desk.document(id)
        except UsageError:
            pass
    raise NotThere(T("The desk has no document {id}.", id=Verbatim(id[:64])), do=T("Choose one of the reading desk."))


def assertion_of(house: House, document: Document, id: str) -> tuple[Assertion, ...]:
    """Every version of an assertion of a document. Raises NotThere where there is none."""
    if _ID.fullmatch(id):
        try:
            found = house.desk.history(id)
        except UsageError:
            found = ()
        if found and found[-1].document == document.digest:
            return found
    raise NotThere(T("The desk has no assertion {id}.", id=Verbatim(id[:64])), do=T("Choose one of the document."))


def dossier_of(house: House) -> Told:
    """What the dossiers of the case say."""
    return told(house.lake, house.case.dossiers, Params())


def place_of(house: House, by: str) -> Place:
    """Where the desk and the lake are, and who is at work."""
    return Place(house.desk_at, house.lake, house.case.dossiers, by, house.now())


def name_of(file: str) -> str:
    """What a sent file is called: without folders of any system and without signs that steer.

    >>> name_of("../../etc/passwd"), name_of("C:\\\\a\\\\b.pdf"), name_of("..")
    ('passwd', 'b.pdf', 'document')
    """
    name = PureWindowsPath(PurePosixPath(file).name).name
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", name).strip()[-150:]
    return name if name.strip(".") else "document"


def lists(told: Told, language: str) -> dict[str, Any]:
    """What fields offer: actors of the dossier by their ids, countries by their codes."""
    actors = sorted(((id, told.book.label(id, language)) for id in told.book.actors), key=lambda pair: pair[1].lower())
    return {"actors": actors, "countries": [(code, CountryName(code)) for code in sorted(COUNTRIES)]}


def named(changes: dict[str, Any], told: Told, document: Document) -> None:
    """Puts the dossier's ids in the place of names of actors. Raises UsageError, with the nearest, for one unknown."""
    for name in ACTORS:
        if changes.get(name):
            changes[name] = actor_of(told.book, told.resolver, str(changes[name]), document.day)

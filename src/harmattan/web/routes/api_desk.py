"""The reading desk for programs: documents, what they are said to say, and reviews of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from harmattan.desk.saying import laid_over
from harmattan.desk.store import Desk
from harmattan.errors import UsageError
from harmattan.export.assertions import Taken, record
from harmattan.sources.posts_masks import SIGNED, Masks
from harmattan.text import T, Verbatim, msg
from harmattan.vocabulary.assertion import Assertion, AssertionKind, State
from harmattan.vocabulary.document import Document
from harmattan.web import handed, strict
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.shapes import AssertionShape, AssertionsShape, DocumentShape, DocumentsShape, ReviewShape
from harmattan.web.visitor import Analyst, HouseOf, Reader

ROUTER = APIRouter(prefix="/api", tags=["Reading desk"], dependencies=[Depends(strict.known_words)])
PAGE, LARGEST_PAGE = 200, 2000
Offset = Annotated[int, Query(ge=0, le=10_000_000, description=msg("how many are passed over first"))]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description=msg("the most on a page"))]
DocumentId = Annotated[str, Path(pattern=r"^[0-9a-f]{12,64}$", description=msg("the id of a document, or its digest"))]
AssertionId = Annotated[str, Path(pattern=r"^[0-9a-f]{6,64}$", description=msg("the id of an assertion"))]
TELLING = ("title", "file", "publisher", "url")
"""What of a confidential document stays on the desk beside its words."""
Found = TypeVar("Found")
SIGN = re.compile(SIGNED)
MASKS = Masks(secrets.token_bytes(32))
"""Pseudonyms of the accounts that documents name; each has the same one until the server is started anew."""


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    offset: int
    limit: int

    def of(self, request: Request, rows: Sequence[Any]) -> dict[str, Any]:
        """The rows of the page, and where the next one is."""
        more = self.offset + self.limit < len(rows)
        further = handed.at(request, offset=self.offset + self.limit, limit=self.limit) if more else None
        shown = list(rows[self.offset : self.offset + self.limit])
        return {"total": len(rows), "offset": self.offset, "limit": self.limit, "next": further, "rows": shown}


@ROUTER.get("/documents", summary=msg("The documents of the reading desk"), response_model=DocumentsShape)
def documents(request: Request, visitor: Reader, house: HouseOf, offset: Offset = 0, limit: Limit = PAGE) -> Response:
    """The documents of the desk, and how many of their assertions are in each state."""
    held, counts = _documents(house), _counts(house)
    listed = [_facts(document, counts) for document in held.values()]
    return handed.plain_json(visitor, Page(offset, limit).of(request, listed))


@ROUTER.get("/documents/{id}", summary=msg("What is known of a document"), response_model=DocumentShape)
def document(visitor: Reader, house: HouseOf, id: DocumentId) -> Response:
    """What is known of a document; its text stays on the desk."""
    found = _there(house, "document", id, lambda desk: desk.document(id))
    return handed.plain_json(visitor, _facts(found, _counts(house)))


@ROUTER.get("/assertions", summary=msg("What documents are said to say"), response_model=AssertionsShape)
def assertions(
    request: Request,
    visitor: Reader,
    house: HouseOf,
    *,
    document: Annotated[str | None, Query(pattern=r"^[0-9a-f]{12,64}$", description=msg("of one document"))] = None,
    state: Annotated[list[State] | None, Query(description=msg("in these states"))] = None,
    kind: Annotated[AssertionKind | None, Query(description=msg("of one kind"))] = None,
    offset: Offset = 0,
    limit: Limit = PAGE,
) -> Response:
    """What documents are said to say, the newest version of each; of confidential documents without their words."""
    if not _is_there(house):
        return handed.plain_json(visitor, Page(offset, limit).of(request, []))
    if document is not None:
        _there(house, "document", document, lambda desk: desk.document(document))
    found = house.desk.assertions(document, state, kind)
    shown = Page(offset, limit).of(request, found)
    taken = _taken(house, shown["rows"], visitor.language)
    shown["rows"] = [record(taken, made) for made in shown["rows"]]
    return handed.plain_json(visitor, shown)


@ROUTER.get("/assertions/{id}", summary=msg("Every version of an assertion"), response_model=list[AssertionShape])
def assertion(visitor: Reader, house: HouseOf, id: AssertionId) -> Response:
    """Every version of an assertion, the first first."""
    versions = _there(house, "assertion", id, lambda desk: desk.history(id))
    taken = _taken(house, versions, visitor.language)
    return handed.plain_json(visitor, [record(taken, made) for made in versions])


@ROUTER.post(
    "/assertions/{id}/reviews",
    summary=msg("Decides about an assertion"),
    status_code=201,
    response_model=AssertionShape,
)
def review(visitor: Analyst, house: HouseOf, id: AssertionId, decided: ReviewShape) -> Response:
    """Decides about an assertion: accepts, rejects or edits it; for analysts.

    `expected_version` is the version that was looked at. Where somebody else has made a newer one meanwhile, nothing is
    kept, and 409 says who did. What is answered is on the disk.
    """
    before = _there(house, "assertion", id, lambda desk: desk.assertion(id))
    canonical = laid_over(before.canonical, decided.canonical) if decided.canonical else None
    made = house.desk.review(id, decided.state, visitor.name, house.now(), canonical=canonical, note=decided.note,
                             expected_version=decided.expected_version)  # fmt: skip
    house.note(visitor, "reviewed", made.id, state=made.state, version=made.version)
    said = record(_taken(house, [made], visitor.language), made)
    return handed.plain_json(visitor, said, status=201, headers={"location": f"/api/assertions/{made.id}"})


def _taken(house: House, found: Sequence[Assertion], language: str) -> Taken:
    """Assertions on their way out: no words of confidential documents, no handles of accounts."""
    return Taken(found, _documents(house), language=language, hide=_hidden)


def _hidden(words: str) -> str:
    """Words with pseudonyms in the place of handles."""
    return MASKS.masked("x", words) if SIGN.search(words) else words


def _documents(house: House) -> Mapping[str, Document]:
    """The documents by digest; none where nobody has made a desk yet: looking makes none."""
    if not _is_there(house):
        return {}
    return {document.digest: document for document in house.desk.documents()}


def _counts(house: House) -> Mapping[str, dict[str, int]]:
    return house.desk.counts() if _is_there(house) else {}


def _is_there(house: House) -> bool:
    return house.settings.desk is not None or FilePath(house.desk_at).exists()


def _there(house: House, what: str, id: str, find: Callable[[Desk], Found]) -> Found:
    """Something of the desk. Raises NotThere."""
    if not _is_there(house):
        raise NotThere(T("The desk has no {what} {id}.", what=Verbatim(what), id=Verbatim(id)))
    try:
        return find(house.desk)
    except UsageError as fault:
        raise NotThere(fault.what, do=fault.do) from fault


def _facts(document: Document, counts: Mapping[str, dict[str, int]]) -> dict[str, Any]:
    names = ("id", "digest", "title", "file", "kind", "language", "publisher", "url", "confidential", "reliability")
    said = {name: getattr(document, name) for name in names}
    if document.confidential:
        said |= dict.fromkeys(TELLING)
    told = document.published if not document.confidential else None
    return said | {"published": str(told) if told else None,
                   "assertions": counts.get(document.digest, {})}  # fmt: skip

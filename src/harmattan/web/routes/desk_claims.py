"""What reading has missed, and claims: made of a selected sentence or of a proposed one, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.checks.claims_faults import CHECKS
from harmattan.desk.putting import put, stated
from harmattan.desk.quotes import places
from harmattan.desk.rules import ChangedMeanwhile
from harmattan.desk.saying import said
from harmattan.desk.store import OPEN
from harmattan.desk.words import KINDS
from harmattan.errors import HarmattanError, UsageError
from harmattan.text import T, Value, Verbatim
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.document import Citation, Document
from harmattan.web import claim_fields, desk_fields, desk_text, desk_words
from harmattan.web.addresses import number_in
from harmattan.web.desk_visit import Seat, Sent, assertion_of, document_of, dossier_of, lists, named, words_in
from harmattan.web.house import House
from harmattan.web.visitor import Analyst, HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
MOST_PLACES = 20
LONGEST_QUOTE = 4000


@dataclass(frozen=True)
class Quoted:
    """Which words are meant, as far as it is clear."""

    quote: str = ""
    citation: Citation | None = None
    places: tuple[tuple[int, int, desk_text.Context], ...] = ()
    """Where the words stand, if they stand in several places."""
    fault: HarmattanError | None = None


def quoted(document: Document, asked: Mapping[str, str]) -> Quoted:
    """The words that an address or a form means: by their place, else by the words themselves."""
    quote = asked.get("quote", "")[:LONGEST_QUOTE]
    start, end = number_in(asked.get("start"), -1), number_in(asked.get("end"), -1)
    if 0 <= start < end <= len(document.text) and end - start <= LONGEST_QUOTE:
        exact = document.text[start:end]
        if not quote or " ".join(exact.split()) == " ".join(quote.split()):
            start, end = start + len(exact) - len(exact.lstrip()), end - len(exact) + len(exact.rstrip())
            return Quoted(document.text[start:end], document.cite(start, end)) if start < end else Quoted()
    if not quote.strip():
        return Quoted()
    found = places(document.text, quote)
    if len(found) == 1:
        return Quoted(quote, document.cite(*found[0]))
    if not found:
        fault = UsageError(
            T("Those words do not stand in {title}.", title=Verbatim(document.title or document.id)),
            do=T("Quote them as the document has them."),
        )
        return Quoted(quote, fault=fault)
    return Quoted(quote, places=tuple((*span, desk_text.context(document, *span)) for span in found[:MOST_PLACES]))


@ROUTER.get("/desk/{document}/missed")
def missed(request: Request, visitor: Analyst, house: HouseOf, document: str) -> Response:
    """Which words, what they are about, and the form for it."""
    found, asked = document_of(house, document), request.query_params
    if asked.get("kind") == "claim":
        said_ = {name: asked[name] for name in ("start", "end", "quote") if asked.get(name)}
        return RedirectResponse(f"/desk/{found.id}/claim?{urlencode(said_)}", 303)
    return _missed(Seat(request, visitor, house, found), asked)


def _missed(seat: Seat, asked: Mapping[str, str], fault: HarmattanError | None = None) -> Response:
    found = seat.document
    words, kind = quoted(found, asked), asked.get("kind", "")
    kind = kind if kind in KINDS and kind != "claim" else ""
    cited = words.citation
    fields = list(desk_fields.fields(kind, {})) if kind and cited else []
    shown = desk_text.context(found, cited.start, cited.end) if cited else None
    wrong = fault or words.fault
    return seat.page(
        "desk_missed.html.j2", status=422 if wrong else 200, words=words, kind=kind, fields=fields, context=shown,
        fault=wrong, typed=dict(asked), **lists(dossier_of(seat.house), seat.visitor.language),
    )  # fmt: skip


@ROUTER.post("/desk/{document}/missed")
def add(request: Request, visitor: Analyst, house: HouseOf, form: Sent, document: str) -> Response:
    """Puts what was missed on the desk, accepted unless it is left for somebody else."""
    found, typed = document_of(house, document), words_in(form)
    try:
        made = _stated(house, visitor, found, typed)
        there = put(house.desk, made, leave=typed.get("do") == "leave", note=typed.get("note", "").strip())
    except HarmattanError as fault:
        return _missed(Seat(request, visitor, house, found), typed, fault)
    house.note(visitor, "missed", there.id, state=there.state, kind=there.kind, document=found.id)
    return RedirectResponse(f"/desk/{found.id}/review?at={there.id}&done={there.id}", 303)


def _stated(house: House, visitor: Visitor, document: Document, typed: Mapping[str, str]) -> Assertion:
    kind: Any = typed.get("kind", "")
    citation = quoted(document, typed).citation
    if kind not in KINDS or kind == "claim" or citation is None:
        raise UsageError(T("It is not said which words are meant, or what they are about."), do=T("Choose both."))
    changes, also = said(kind, desk_fields.changed(kind, {}, typed))
    named(changes, dossier_of(house), document)
    meant = {name: value for name, value in changes.items() if value is not None}
    return stated(kind, document, citation, meant, by=visitor.name, at=house.now(), **also)


@ROUTER.get("/desk/{document}/claims")
def claims(request: Request, visitor: Reader, house: HouseOf, document: str) -> Response:
    """The claims of a document: those accepted, and those proposed, the best to check first."""
    found, told = document_of(house, document), dossier_of(house)
    accepted = house.desk.assertions(found.digest, ("accepted",), "claim")
    proposed = house.desk.queue(found.digest, "claim", OPEN)
    return Seat(request, visitor, house, found).page(
        "desk_claims.html.j2", accepted=accepted, proposed=proposed,
        said=lambda one: list(desk_words.lines(one, told.book, visitor.language)),
    )  # fmt: skip


@ROUTER.get("/desk/{document}/claim")
def claim(request: Request, visitor: Analyst, house: HouseOf, document: str) -> Response:
    """The form of a claim: empty for selected words, filled from a proposed one, or for an accepted one."""
    found, asked = document_of(house, document), request.query_params
    draft = assertion_of(house, found, asked["draft"])[-1] if asked.get("draft") else None
    if draft is not None and draft.kind != "claim":
        raise UsageError(T("{id} is no proposed claim of this document.", id=Verbatim(draft.id)))
    parts = [dict(part) for part in (draft.canonical.get("part", ()) if draft else ())]
    return _claim(Seat(request, visitor, house, found), asked, draft, parts)


def _claim(
    seat: Seat, asked: Mapping[str, str], draft: Assertion | None, parts: list[dict[str, Any]],
    fault: HarmattanError | None = None,
) -> Response:  # fmt: skip
    found = seat.document
    words = Quoted(draft.citation.exact, draft.citation) if draft else quoted(found, asked)
    cited = words.citation
    before = draft.canonical if draft else {}
    usual = f"s{cited.start}" if cited else ""
    blocks = [claim_fields.part_of(n, str(part.get("check", "")), part) for n, part in enumerate(parts or [{}])]
    wrong = fault or words.fault
    status = 409 if isinstance(wrong, ChangedMeanwhile) else 422 if wrong else 200
    return seat.page(
        "desk_claim.html.j2", status=status, words=words, draft=draft, blocks=blocks, checks=CHECKS,
        check_words=desk_words.CHECKS, context=desk_text.context(found, cited.start, cited.end) if cited else None,
        name=asked.get("name") or before.get("id") or usual, note=asked.get("note", ""),
        attributed_to=asked.get("attributed_to", before.get("attributed_to", "")),
        expected=number_in(asked.get("expected_version"), 0) or (draft.version if draft else 0),
        most=claim_fields.MOST_PARTS, fault=wrong, sides=_versions(seat, draft) if status == 409 and draft else [],
        **lists(dossier_of(seat.house), seat.visitor.language),
    )  # fmt: skip


def _versions(seat: Seat, draft: Assertion) -> list[tuple[Assertion, list[tuple[Value, Value]]]]:
    """The last two versions of a claim and what each says, the newer first."""
    told, language = dossier_of(seat.house), seat.visitor.language
    there = assertion_of(seat.house, seat.document, draft.id)[-2:]
    return [(one, list(desk_words.lines(one, told.book, language))) for one in reversed(there)]


@ROUTER.post("/desk/{document}/claim")
def make(request: Request, visitor: Analyst, house: HouseOf, form: Sent, document: str) -> Response:
    """Adds or takes away a part of the form, or accepts the claim; where it cannot be, what was typed stays."""
    found, typed = document_of(house, document), words_in(form)
    seat = Seat(request, visitor, house, found)
    draft = assertion_of(house, found, typed["draft"])[-1] if typed.get("draft") else None
    many, do = number_in(typed.get("parts"), 1, claim_fields.MOST_PARTS), typed.get("do", "show")
    parts = [claim_fields.said_of(n, typed.get(f"p{n}.check", ""), typed) for n in range(many)]
    if do == "add" and len(parts) < claim_fields.MOST_PARTS:
        parts.append({})
    if do.startswith("drop."):
        parts = [part for n, part in enumerate(parts) if n != number_in(do.removeprefix("drop."), -1)]
    if do not in ("accept", "leave"):
        return _claim(seat, typed, draft, parts)
    try:
        made = _made(seat, typed, draft, parts)
    except HarmattanError as fault:
        if isinstance(fault, ChangedMeanwhile) and draft is not None:
            typed |= {"expected_version": str(house.desk.assertion(draft.id).version)}
        return _claim(seat, typed, draft, parts, fault)
    house.note(visitor, "claimed", made.id, state=made.state, version=made.version, document=found.id)
    return RedirectResponse(f"/desk/{found.id}/claims#{made.id}", 303)


def _made(
    seat: Seat, typed: Mapping[str, str], draft: Assertion | None, parts: list[dict[str, Any]]
) -> Assertion:  # fmt: skip
    house, by = seat.house, seat.visitor.name
    told = [claim_fields.checked(part, n) for n, part in enumerate(parts or [{}])]
    name, note, whom = (typed.get(word, "").strip() for word in ("name", "note", "attributed_to"))
    leave = typed.get("do") == "leave"
    if draft is not None:
        said_ = {**draft.canonical, "part": told} | ({"id": name} if name else {})
        said_ = {**said_, "attributed_to": whom} if whom or draft.canonical.get("attributed_to") else said_
        made = house.desk.review(draft.id, "candidate" if leave else "accepted", by, house.now(),
                                 canonical=said_, note=note,
                                 expected_version=number_in(typed.get("expected_version"), 0))  # fmt: skip
        return made
    citation = quoted(seat.document, typed).citation
    if citation is None:
        raise UsageError(T("It is not said which words make the claim."), do=T("Quote them."))
    said_ = {"id": name or f"s{citation.start}", "quote": citation.exact, "part": told}
    said_ |= {"attributed_to": whom} if whom else {}
    made = stated("claim", seat.document, citation, said_, by=by, at=house.now())
    return put(house.desk, made, leave=leave, note=note)

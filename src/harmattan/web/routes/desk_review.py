"""The review queue: one assertion at a time, decided with a key or a button; of two who decide, the second is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.desk.rules import ChangedMeanwhile
from harmattan.desk.saying import laid_over, said
from harmattan.desk.store import OPEN, Desk
from harmattan.desk.words import KINDS, STATES
from harmattan.errors import HarmattanError, UsageError
from harmattan.questions.library import Told
from harmattan.text import T, Text, Value, Verbatim
from harmattan.vocabulary.assertion import Assertion, State
from harmattan.vocabulary.document import Document
from harmattan.web import desk_fields, desk_text, desk_words
from harmattan.web.addresses import number_in
from harmattan.web.desk_visit import Seat, Sent, assertion_of, document_of, dossier_of, lists, named, words_in
from harmattan.web.house import House
from harmattan.web.visitor import Analyst, HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
DECISIONS: dict[str, State | None] = {
    "keep": None, "accept": "accepted", "reject": "rejected", "obsolete": "obsolete", "conflict": "conflict",
    "candidate": "candidate",
}  # fmt: skip
"""What a button says, and the state that it makes; None leaves the state as it is."""
WORDS: dict[str, Text] = {
    "keep": T("decide later"), "accept": T("accept"), "reject": T("reject"), "obsolete": T("no longer holds"),
    "conflict": T("conflict"), "candidate": T("open again"),
}  # fmt: skip
"""The decisions in words."""
FILTERS = ("kind", "state")


@ROUTER.get("/desk/{document}/review")
def queue(request: Request, visitor: Reader, house: HouseOf, document: str) -> Response:
    """The assertion at hand, `at`, else the first of the queue."""
    found, asked = document_of(house, document), request.query_params
    seat, waiting = Seat(request, visitor, house, found), queue_of(house.desk, found, asked)
    id = asked.get("at") or (waiting[0] if waiting else "")
    if not id:
        return seat.page("desk_done.html.j2", filters=filters_of(asked))
    return _shown(seat, assertion_of(house, found, id), asked=asked)


def queue_of(desk: Desk, document: Document, asked: Mapping[str, str]) -> tuple[str, ...]:
    """The ids in the queue: what is open, or the states and the kind that are asked for."""
    kind = asked.get("kind", "")
    state = asked.get("state", "")
    states: Sequence[str] | None = None if state == "all" else (state,) if state in STATES else OPEN
    return desk.waiting(document.digest, kind if kind in KINDS else None, states)


def filters_of(asked: Mapping[str, str]) -> dict[str, str]:
    """What narrows the queue, as its address says it."""
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def _shown(
    seat: Seat, versions: tuple[Assertion, ...], *, asked: Mapping[str, str], typed: Mapping[str, str] | None = None,
    fault: HarmattanError | None = None, seen: Assertion | None = None,
) -> Response:  # fmt: skip
    """An assertion within its sentence, with what was `typed` where it could not be kept.

    `seen` is the version that was decided about where another stands by now.
    """
    sent = typed or {}
    status = 200 if fault is None else 422 if seen is None else 409
    typed = merged(seen, versions[-1], sent) if seen is not None else typed
    house, document, language = seat.house, seat.document, seat.visitor.language
    made, told, ids = versions[-1], dossier_of(house), queue_of(house.desk, document, asked)
    before, after = around(ids, made)
    return seat.page(
        "desk_review.html.j2", status=status, made=made, versions=versions[::-1],
        context=desk_text.context(document, made.citation.start, made.citation.end),
        lines=list(desk_words.lines(made, told.book, language)), against=house.desk.against(made),
        said=lambda one: list(desk_words.lines(one, told.book, language)),
        fields=list(desk_fields.fields(made.kind, desk_fields.values_of(made))), typed=typed, fault=fault, seen=seen,
        sides=list(sides(seen, made, sent)) if seen is not None else [],
        position=ids.index(made.id) + 1 if made.id in ids else 0, waiting=len(ids), previous=before, following=after,
        filters=filters_of(asked), picks=picks(made, told, language), done=_done(house, document, asked),
        **lists(told, language),
    )  # fmt: skip


def around(ids: Sequence[str], made: Assertion) -> tuple[str, str]:
    """The ids before and after an assertion in a queue, or nothing."""
    if made.id not in ids:
        return "", next((id for id in ids), "")
    at = ids.index(made.id)
    return ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""


def picks(made: Assertion, told: Told, language: str) -> list[tuple[str, str]]:
    """The actors that a name may mean, to accept one of them at once."""
    if made.kind != "actor" or made.canonical.get("actor"):
        return []
    ids = [str(id) for id in made.canonical.get("candidates", ())]
    return [(id, told.book.label(id, language)) for id in ids if id in told.book.actors][:9]


@dataclass(frozen=True)
class Side:
    """A field as one saw it, as somebody else has made it meanwhile, and as one wanted it."""

    label: Value
    seen: Value
    now: Value
    mine: Value
    differs: bool


def sides(seen: Assertion, now: Assertion, typed: Mapping[str, str]) -> Iterator[Side]:
    """The fields that say something, side by side; what one has not touched is called so."""
    old, new = desk_fields.values_of(seen), desk_fields.values_of(now)
    mine = WORDS.get(typed.get("decision", "keep"), T("–"))
    yield Side(T("state"), STATES[seen.state], STATES[now.state], mine, True)
    for field in desk_fields.fields(seen.kind, old):
        there, said_ = new.get(field.name, ""), typed.get(field.name, field.value).strip()
        if field.value or there or said_:
            touched = said_ != field.value
            shown = desk_words.word(said_) if touched else T("not changed")
            before, after = desk_words.word(field.value), desk_words.word(there)
            yield Side(field.label, before, after, shown, touched or there != field.value)
    note = typed.get("note", "").strip()
    if note or now.note != seen.note:
        yield Side(T("note"), Verbatim(seen.note), Verbatim(now.note), Verbatim(note), True)


def _done(house: House, document: Document, asked: Mapping[str, str]) -> Assertion | None:
    """The assertion that has just been decided."""
    id = asked.get("done", "")
    return assertion_of(house, document, id)[-1] if id else None


@ROUTER.post("/desk/{document}/review/{id}")
def decide(request: Request, visitor: Analyst, house: HouseOf, form: Sent, *, document: str, id: str) -> Response:
    """Decides about an assertion and goes on to the next; where it cannot be done, what was typed stays."""
    found, typed = document_of(house, document), words_in(form)
    seat = Seat(request, visitor, house, found)
    if typed.get("pick"):
        typed |= {"decision": "accept", "actor": typed["pick"]}
    versions = assertion_of(house, found, id)
    asked = {name: typed.get(f"queue_{name}", "") for name in FILTERS}
    ids = queue_of(house.desk, found, asked)
    expected = number_in(typed.get("expected_version"), 0)
    seen = next((one for one in versions if one.version == expected), None)
    if seen is None:
        raise UsageError(T("The form does not say which version it was filled in for."), do=T("Open the page again."))
    try:
        made = _reviewed(seat, seen, typed)
    except (ChangedMeanwhile, UsageError) as fault:
        versions, late = assertion_of(house, found, id), isinstance(fault, ChangedMeanwhile)
        return _shown(seat, versions, asked=asked, typed=typed, fault=fault, seen=seen if late else None)
    house.note(visitor, "reviewed", made.id, state=made.state, version=made.version, document=found.id)
    return RedirectResponse(_next(found, made, ids, asked), 303)


def merged(seen: Assertion, now: Assertion, typed: Mapping[str, str]) -> dict[str, str]:
    """What the form shows to the second of two: what they changed as they typed it, the rest as it stands now."""
    old, new = desk_fields.values_of(seen), desk_fields.values_of(now)
    shown = {field.name: field.value for field in desk_fields.fields(seen.kind, old)}
    return {
        name: new.get(name, "") if name in shown and value.strip() == shown[name] else value
        for name, value in typed.items()
    }


def _reviewed(seat: Seat, seen: Assertion, typed: Mapping[str, str]) -> Assertion:
    """What the desk makes of it; it is on the disk when this returns."""
    house = seat.house
    decision = typed.get("decision", "keep")
    if decision not in DECISIONS:
        raise UsageError(T("{word} is no decision.", word=Verbatim(decision[:40])))
    state: State = DECISIONS[decision] or seen.state
    changes, also = said(seen.kind, desk_fields.changed(seen.kind, desk_fields.values_of(seen), typed))
    named(changes, dossier_of(house), seat.document)
    note = typed.get("note", "").strip()
    if not (changes or also or note) and state == seen.state and decision != "accept":
        raise UsageError(T("Nothing was changed and nothing noted."), do=T("Accept it, reject it, or go on."))
    canonical = laid_over(seen.canonical, changes) if changes else None
    return house.desk.review(seen.id, state, seat.visitor.name, house.now(), canonical=canonical, note=note,
                             expected_version=seen.version, also=also)  # fmt: skip


def _next(document: Document, made: Assertion, ids: Sequence[str], asked: Mapping[str, str]) -> str:
    """Where one goes on: to the next of the queue; to the same where it contradicts another or has to be decided."""
    following = around(ids, made)[1] if made.id in ids else ""
    stays = made.state == "conflict"
    rest = [id for id in ids if id != made.id]
    at = made.id if stays else following or (rest[0] if rest else "")
    query = {**filters_of(asked), "at": at, "done": made.id}
    return f"/desk/{document.id}/review?{urlencode({name: value for name, value in query.items() if value})}"

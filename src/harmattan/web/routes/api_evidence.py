"""Single records for programs: those behind a number, and events by country, day, kind, actor and cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from harmattan.errors import UsageError
from harmattan.export.files import FORMATS
from harmattan.export.plain import of_evidence, rows_plain
from harmattan.export.sheet import Sheet, of_rows
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import guard_licence
from harmattan.questions.question import Question
from harmattan.questions.registry import QUESTIONS
from harmattan.text import msg
from harmattan.text.speaker import Speaker
from harmattan.web import described, handed, strict
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.negotiation import form_of
from harmattan.web.shapes import EventsShape, EvidenceShape
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(prefix="/api", tags=["Records"], dependencies=[Depends(strict.known_words)])
FORMS = ("json", *FORMATS)
EVENTS_OF = "casualties"
"""The question whose evidence all events are."""
PAGE, LARGEST_PAGE, FURTHEST = 1000, 20_000, 100_000_000
EvidenceId = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{12}(\.[1-9][0-9]{0,8})?$", description=msg("the id of an answer, or of its row N as `ID.N`")
    ),
]


@ROUTER.get(
    "/evidence/{id}",
    summary=msg("The records behind an answer or one of its rows"),
    response_model=EvidenceShape,
    responses={200: {"content": described.contents(FORMS)}},
    openapi_extra={"parameters": [described.format_in_query(FORMS)]},
)
def evidence(request: Request, visitor: Reader, house: HouseOf, id: EvidenceId) -> Response:
    """The records behind an answer or one of its rows."""
    form = form_of(request, FORMS)
    if (nothing_new := handed.known(request, house, visitor, form)) is not None:
        return nothing_new
    answer, which = _found(house, id)
    guard_licence(answer, f"/api/evidence/{id}", which)
    rows = house.records.of(answer, which)

    def make() -> bytes:
        sheet = of_rows(rows, visitor.speaker, id)
        if form == "json":
            return handed.compact(of_evidence(answer, which, sheet, id))
        return FORMATS[form](sheet, visitor.language)

    links, name = handed.licences(house.lake, answer.releases), f"evidence-{id}"
    note = {"evidence": id, "rows": sum(part.table.num_rows for part in rows.parts)}
    return handed.hand(request, house, visitor, form, tag=name, make=make, links=links, name=name, note=note)


def _found(house: House, id: str) -> tuple[Answer, int | None]:
    """The answer of an evidence id, and which of its rows. Raises NotThere."""
    row = id.partition(".")[2]
    which = int(row) - 1 if row else None
    try:
        answer = house.asking.find(id)
        answer.evidence(which)
    except UsageError as fault:
        raise NotThere(fault.what, available=fault.available, do=fault.do) from fault
    return answer, which


def _asked() -> Question:
    """What events can be told apart by: the question that counts them, without what its rows are."""
    counted = QUESTIONS[EVENTS_OF]
    return replace(counted, accepts=tuple(name for name in counted.accepts if name != "by"))


@ROUTER.get(
    "/events",
    summary=msg("Single events, those with the most deaths first"),
    response_model=EventsShape,
    responses={200: {"content": described.contents(FORMS)}},
    openapi_extra={"parameters": [p for p in described.query_of(_asked()) if p["name"] != "format"]
                   + [described.format_in_query(FORMS)]},
)  # fmt: skip
def events(
    request: Request,
    visitor: Reader,
    house: HouseOf,
    offset: Annotated[int, Query(ge=0, le=FURTHEST, description=msg("how many records are passed over first"))] = 0,
    limit: Annotated[int | None, Query(ge=1, le=LARGEST_PAGE, description=msg("the most records on a page"))] = None,
) -> Response:
    """Single events (or sums of events, where a release has no single ones), those with the most deaths first.

    JSON comes in pages; `next` and the header `Link` name the next one. Other forms hold everything, unless `offset`
    or `limit` is said. Records of a release whose licence forbids it are not handed on (403).
    """
    form = form_of(request, FORMS)
    if (nothing_new := handed.known(request, house, visitor, form)) is not None:
        return nothing_new
    answer = house.asking.ask(EVENTS_OF, strict.params_of(request, _asked(), house.case), handed.at(request))
    guard_licence(answer, "/api/events")
    rows = house.records.of(answer, None)
    whole = form != "json" and limit is None and offset == 0
    total = rows.table.num_rows
    size = max(total, 1) if whole else limit or PAGE
    part = replace(rows, table=rows.table.slice(offset, size))
    links = handed.paged(request, offset, size, total) + handed.licences(house.lake, answer.releases)

    def make() -> bytes:
        sheet = of_rows(part, visitor.speaker, answer.id)
        if form != "json":
            return FORMATS[form](sheet, visitor.language)
        further = handed.at(request, offset=offset + size, limit=size) if offset + size < total else None
        place = {"total": total, "offset": offset, "limit": size, "next": further}
        return handed.compact(_events(answer, sheet, visitor.speaker, place))

    tag, name = f"events-{answer.id}-{offset}-{size}", f"events-{answer.id}"
    note = {"evidence": answer.id, "rows": part.table.num_rows}
    return handed.hand(request, house, visitor, form, tag=tag, make=make, links=links, name=name, note=note)


def _events(answer: Answer, sheet: Sheet, speaker: Speaker, place: Mapping[str, Any]) -> dict[str, Any]:
    columns = [{"name": c.name, "unit": c.unit, "description": c.description} for c in sheet.columns]
    return {
        "id": answer.id,
        "title": speaker.say(answer.headline),
        **place,
        "columns": columns,
        "rows": rows_plain(sheet.rows),
        "sources": list(sheet.sources),
        "caveats": [speaker.say(caveat) for caveat in answer.caveats],
    }

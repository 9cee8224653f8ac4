"""Work in progress for programs, and the alerts of the case."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from harmattan.errors import HarmattanError
from harmattan.export import alerts as feeds
from harmattan.export.as_json import compact
from harmattan.questions.said import of_rules
from harmattan.text import T, msg
from harmattan.web import described, handed, strict
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.jobs import Job
from harmattan.web.negotiation import form_of
from harmattan.web.shapes import AlertsShape, JobShape
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(prefix="/api", dependencies=[Depends(strict.known_words)])
FORMS = tuple(feeds.FORMATS)
Word = Annotated[str, Query(min_length=1, max_length=strict.LONGEST)]
Rules = Annotated[list[Word] | None, Query(description=msg("only these rules of the case"))]
Releases = Annotated[list[Word] | None, Query(description=msg("only these releases are used"))]
AsOf = Annotated[
    str | None,
    Query(pattern=described.DATE, description=msg("cuts what had happened: nothing after this day counts")),
]
KnownBy = Annotated[str | None, Query(pattern=described.DATE, description=msg("cuts what had been published"))]


@ROUTER.get("/jobs", summary=msg("All the work that is remembered"), tags=["Work"], response_model=list[JobShape])
def jobs(visitor: Reader, house: HouseOf) -> Response:
    """All the work that is remembered, the newest first."""
    return handed.plain_json(visitor, [_plain(job, house, visitor) for job in house.jobs])


@ROUTER.get("/jobs/{id}", summary=msg("How far a piece of work is"), tags=["Work"], response_model=JobShape)
def job(visitor: Reader, house: HouseOf, id: str) -> Response:
    """How far a piece of work is, and where its result will be."""
    found = house.jobs.find(id)
    if found is None:
        raise NotThere(T("There is no such work; it may be done."), do=T("Ask again."))
    return handed.plain_json(visitor, _plain(found, house, visitor), headers={} if found.done else {"retry-after": "2"})


def _plain(job: Job, house: House, visitor: Visitor) -> dict[str, Any]:
    fault: HarmattanError | None = job.fault
    steps = job.progress
    return {
        "id": job.id,
        "what": visitor.speaker.say(job.what),
        "state": "running" if not job.done else "failed" if fault else "done",
        "progress": {"done": steps[0], "total": steps[1]} if steps else None,
        "seconds": job.seconds(house.seconds()),
        "by": job.by,
        "result": job.goes_to or None,
        "fault": fault.line(visitor.speaker) if fault else None,
    }


@ROUTER.get(
    "/alerts",
    summary=msg("What the alert rules of the case say as of a day"),
    tags=["Answers"],
    response_model=AlertsShape,
    responses={200: {"content": described.contents(FORMS)}},
    openapi_extra={"parameters": [described.format_in_query(FORMS)]},
)
def alerts(
    request: Request,
    visitor: Reader,
    house: HouseOf,
    *,
    rule: Rules = None,
    as_of: AsOf = None,
    known_by: KnownBy = None,
    release: Releases = None,
) -> Response:
    """What the rules of the case say as of a day: as JSON, as a feed, or as an e-mail that nobody has sent."""
    form = form_of(request, FORMS)
    if (nothing_new := handed.known(request, house, visitor, form)) is not None:
        return nothing_new
    params = of_rules(house.case, rule or (), as_of, known_by, release or ())
    answer = house.asking.ask("alerts", params, handed.at(request), visitor.name)
    title = house.case.title.get(visitor.language, house.case.title["en"])
    links = [f'</api/evidence/{answer.id}>; rel="related"', *handed.licences(house.lake, answer.releases)]

    def make() -> bytes:
        if form == "json":
            return compact({"case": title} | feeds.plain(answer, visitor.speaker))
        return feeds.FORMATS[form](answer, visitor.speaker, title)

    return handed.hand(request, house, visitor, form, tag=f"alerts-{answer.id}", make=make, links=links,
                       note=None if form == "json" else {"evidence": answer.id, "rows": len(answer.rows)})  # fmt: skip

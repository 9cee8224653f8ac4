"""Releases for programs: which there are, what changed between two, whether they are whole; and who is who."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from harmattan.errors import UsageError
from harmattan.export.plain import of_diff
from harmattan.export.sheet import attributions
from harmattan.lake.diff import diff as compare
from harmattan.lake.shelf import Held, Lake
from harmattan.lake.verify import Verdict
from harmattan.lake.verify import verify as check
from harmattan.questions.evidence import refuse_closed
from harmattan.questions.library import told
from harmattan.questions.parameters import Params
from harmattan.text import T, Verbatim, msg
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web import handed, strict
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.shapes import ActorsShape, DiffShape, ReleaseShape, VerdictShape
from harmattan.web.visitor import Analyst, HouseOf, Reader

ROUTER = APIRouter(prefix="/api", tags=["Releases"], dependencies=[Depends(strict.known_words)])
NAME = Query(min_length=1, max_length=200, description=msg("a release by `dataset@label`, its label, or its digest"),
             examples=["ucdp-ged-cells@24.1"])  # fmt: skip
MOST_ACTORS = 5000


@ROUTER.get(
    "/releases",
    summary=msg("Every release: origin, licence, coverage, files and digests"),
    response_model=list[ReleaseShape],
)
def releases(visitor: Reader, house: HouseOf) -> Response:
    """Every release: origin, licence, coverage, files and digests."""
    return handed.plain_json(visitor, [_plain(held) for held in house.lake.releases()])


@ROUTER.get("/releases/{name}", summary=msg("One release"), response_model=ReleaseShape)
def release(visitor: Reader, house: HouseOf, name: str) -> Response:
    """One release, by `dataset@label`."""
    there = {held.release.name: held for held in house.lake.releases()}
    if name not in there:
        raise NotThere(T("{name} names no release.", name=Verbatim(name[:200])))
    found = there[name]
    licence = handed.licences(house.lake, [ReleaseRef.to(found.release)])
    return handed.plain_json(visitor, _plain(found), headers={"link": ", ".join(licence)})


def _plain(held: Held) -> dict[str, Any]:
    return held.release.model_dump(mode="json") | {"embedded": held.embedded}


@ROUTER.get("/diff", summary=msg("What changed between two releases"), response_model=DiffShape)
def diff(
    request: Request,
    visitor: Reader,
    house: HouseOf,
    *,
    before: Annotated[str, NAME],
    after: Annotated[str, NAME],
    records: Annotated[
        bool, Query(description=msg("single records, and not their counts by country and year"))
    ] = False,
) -> Response:
    """What changed between two releases of one kind: records new, gone and revised."""
    held = (house.lake.find(before), house.lake.find(after))
    if records:
        closed = [ReleaseRef.to(one.release) for one in held if not one.release.origin.licence.redistributable]
        refuse_closed(closed, "/api/diff")
    tag = "-".join(("diff", *(one.release.digest[:16] for one in held), str(records)))
    what = T("From {before} to {after}", before=Verbatim(before), after=Verbatim(after))

    def make() -> bytes:
        found = house.asking.together(tag, what, handed.at(request), lambda: compare(*held))
        return handed.compact(of_diff(found, visitor.speaker, records=records))

    links = handed.licences(house.lake, [ReleaseRef.to(one.release) for one in held])
    return handed.hand(request, house, visitor, "json", tag=tag, make=make, links=links)


@ROUTER.get(
    "/verify", summary=msg("Whether every release is what it was, byte by byte"), response_model=list[VerdictShape]
)
def verify(request: Request, visitor: Analyst, house: HouseOf) -> Response:
    """Checks every byte of every release, which may take long; for analysts."""
    key = f"verify {house.asking.standing().state}"
    verdicts = house.asking.beside(key, T("Check of every release"), handed.at(request), verified, house.lake,
                                   by=visitor.name)  # fmt: skip
    say = visitor.speaker.say
    listed = [{"name": verdict.name, "faults": [say(fault) for fault in verdict.faults]} for verdict in verdicts]
    return handed.plain_json(visitor, listed)


def verified(_step: Callable[[int, int], None], lake: Lake) -> list[Verdict]:
    """Checks a lake in a process beside."""
    return check(lake)


@ROUTER.get("/actors", summary=msg("The actors of the dossier"), tags=["Dossier"], response_model=ActorsShape)
def actors(
    request: Request,
    visitor: Reader,
    house: HouseOf,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description=msg("how many are passed over first"))] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ACTORS, description=msg("the most on a page"))] = 1000,
) -> Response:
    """The actors of the dossier, by id; `card` is where more is said of each."""
    found = _told(house)
    if found is None:
        return handed.plain_json(visitor, {"total": 0, "offset": offset, "limit": limit, "next": None, "rows": [],
                                           "sources": []})  # fmt: skip
    refuse_closed([ref for ref in found.releases if not ref.redistributable], "/api/actors")
    everybody = sorted(found.book.actors.values(), key=lambda actor: actor.id)
    french = visitor.language == "fr"
    rows = [
        {
            "id": actor.id,
            "label": actor.label[visitor.language],
            "short": (french and actor.short_in_french) or actor.short,
            "kind": actor.kind,
            "countries": list(actor.countries),
            "start": str(actor.start) if actor.start else None,
            "end": str(actor.end) if actor.end else None,
            "card": f"/api/ask/actor?actor={actor.id}",
        }
        for actor in everybody[offset : offset + limit]
    ]
    more = offset + limit < len(everybody)
    shown = {"total": len(everybody), "offset": offset, "limit": limit, "rows": rows,
             "next": handed.at(request, offset=offset + limit, limit=limit) if more else None,
             "sources": list(attributions(found.releases, visitor.speaker))}  # fmt: skip
    links = handed.paged(request, offset, limit, len(everybody)) + handed.licences(house.lake, found.releases)
    return handed.plain_json(visitor, shown, headers={"link": ", ".join(dict.fromkeys(links))})


def _told(house: House) -> Any | None:
    """What the dossiers of the case say; None where there are none."""
    try:
        return told(house.lake, house.case.dossiers, Params())
    except UsageError:
        return None

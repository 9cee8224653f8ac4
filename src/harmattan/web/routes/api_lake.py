"""Releases for programs: which there are, what changed between two, whether they are whole; and who is who."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from harmattan.dossier.records import Actor
from harmattan.errors import UsageError
from harmattan.export.as_json import compact
from harmattan.export.changes import guard_records
from harmattan.export.plain import of_diff
from harmattan.export.releases import by_name
from harmattan.export.sheet import attributions
from harmattan.lake.diff import diff as compare
from harmattan.lake.shelf import Held
from harmattan.questions.evidence import refuse_closed
from harmattan.questions.library import told
from harmattan.questions.parameters import Params
from harmattan.text import T, Verbatim, msg
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web import beside, handed, strict
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
    there = by_name(house.lake)
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
        guard_records(*held, "/api/diff")
    tag = "-".join(("diff", *(one.release.digest[:16] for one in held), str(records)))
    what = T("From {before} to {after}", before=Verbatim(before), after=Verbatim(after))

    def make() -> bytes:
        found = house.asking.together(tag, what, handed.at(request), lambda: compare(*held))
        return compact(of_diff(found, visitor.speaker, records=records))

    links = handed.licences(house.lake, [ReleaseRef.to(one.release) for one in held])
    note = {"before": held[0].release.name, "after": held[1].release.name} if records else None
    return handed.hand(request, house, visitor, "json", tag=tag, make=make, links=links, note=note)


@ROUTER.get(
    "/verify", summary=msg("Whether every release is what it was, byte by byte"), response_model=list[VerdictShape]
)
def verify(request: Request, visitor: Analyst, house: HouseOf) -> Response:
    """Checks every byte of every release, which may take long; for analysts."""
    key = f"verify {house.asking.standing().state}"
    verdicts = house.asking.beside(key, T("Check of every release"), handed.at(request), beside.verify_all, house.lake,
                                   by=visitor.name)  # fmt: skip
    say = visitor.speaker.say
    listed = [{"name": verdict.name, "faults": [say(fault) for fault in verdict.faults]} for verdict in verdicts]
    return handed.plain_json(visitor, listed)


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
        return handed.plain_json(visitor, handed.Page(offset, limit).of(request, []) | {"sources": []})
    refuse_closed([ref for ref in found.releases if not ref.redistributable], "/api/actors")
    everybody = sorted(found.book.actors.values(), key=lambda actor: actor.id)
    page = handed.Page(offset, limit)
    shown = page.of(request, everybody)
    shown["rows"] = [_actor(one, found.book.label(one.id, visitor.language), visitor.language) for one in shown["rows"]]
    shown["sources"] = list(attributions(found.releases, visitor.speaker))
    links = page.links(request, len(everybody)) + handed.licences(house.lake, found.releases)
    return handed.plain_json(visitor, shown, headers={"link": ", ".join(dict.fromkeys(links))})


def _actor(actor: Actor, label: str, language: str) -> dict[str, Any]:
    return {
        "id": actor.id,
        "label": label,
        "short": (language == "fr" and actor.short_in_french) or actor.short,
        "kind": actor.kind,
        "countries": list(actor.countries),
        "start": str(actor.start) if actor.start else None,
        "end": str(actor.end) if actor.end else None,
        "card": f"/api/ask/actor?actor={actor.id}",
    }


def _told(house: House) -> Any | None:
    """What the dossiers of the case say; None where there are none."""
    try:
        return told(house.lake, house.case.dossiers, Params())
    except UsageError:
        return None

"""Data sets, their releases and what they cover; what changed between two of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.brief import coverage_charts
from harmattan.brief.answer_words import STATUSES
from harmattan.errors import UsageError
from harmattan.export import releases
from harmattan.export.changes import guard_records, of_diff
from harmattan.export.files import to_csv
from harmattan.export.sheet import Sheet, attributions
from harmattan.lake.shelf import Held
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Verbatim, listing
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web import beside, tables
from harmattan.web.addresses import page_in
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.jobs import moment
from harmattan.web.pages import kept_page, page
from harmattan.web.pictures import Kind, sent
from harmattan.web.visitor import Analyst, HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/sources")
def sources(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Every data set: what the lake has of it, under which licence, and how to get more."""

    def values() -> dict[str, Any]:
        found, covered = _asked(house, visitor)
        picture = coverage_charts.covered(covered, found, visitor.speaker)
        return {
            "found": found,
            "covered": covered,
            "table": tables.of(covered, visitor.speaker, size=500),
            "caption": picture.caption if picture else None,
            "here": [(n, row) for n, row in enumerate(found.rows) if row["release"]],
            "absent": [(n, row) for n, row in enumerate(found.rows) if not row["release"]],
            "country": lambda code: visitor.speaker.say(CountryName(code)),
            "holds": releases.HOLDS,
            "statuses": STATUSES,
            "groups": releases.comparable(house.lake),
            "sources": attributions(found.releases, visitor.speaker),
        }

    return kept_page(request, visitor, "sources.html.j2", values)


def _asked(house: House, visitor: Visitor) -> tuple[Answer, Answer]:
    """What there is, and what it covers until today: the days since the last release are not covered either."""
    countries = house.case.countries
    found = house.asking.ask("sources", Params(country=countries), "/sources", visitor.name)
    until = Params(country=countries, end=house.now().date())
    return found, house.asking.ask("coverage", until, "/sources", visitor.name)


@ROUTER.get("/sources/coverage.{format}")
def coverage(request: Request, visitor: Reader, house: HouseOf, format: str) -> Response:
    """What is covered, as a picture."""
    if format not in ("svg", "png"):
        raise NotThere(T("There is no such picture."))

    def drawn() -> bytes:
        found, covered = _asked(house, visitor)
        picture = coverage_charts.covered(covered, found, visitor.speaker)
        if picture is None:
            raise NotThere(T("Nothing is covered, so there is no picture."))
        return house.drawing.file(picture.spec, visitor.language, format)

    key = ("coverage", house.asking.standing().state, house.now().date().isoformat(), visitor.language, format)
    return sent(request, house, visitor, house.pages.of(key, drawn), Kind(format, "harmattan-coverage", age=0))


@ROUTER.get("/sources/diff")
def diff(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """What changed between two releases."""
    before, after, records = (request.query_params.get(name, "") for name in ("before", "after", "records"))
    shown: dict[str, Any] = {"groups": releases.comparable(house.lake), "holds": releases.HOLDS, "before": before,
                             "after": after, "records": bool(records), "sheet": None, "table": None, "fault": None,
                             "closed": False, "given": dict(request.query_params), "sort": ""}  # fmt: skip
    if not before and not after:
        return page(request, visitor, "diff.html.j2", **shown)
    try:
        sheet, held = _compared(house, visitor, before, after, bool(records))
        if records and visitor.by_token:
            guard_records(*held, "/sources/diff")
    except UsageError as fault:
        return page(request, visitor, "diff.html.j2", status=422, **(shown | {"fault": fault}))
    at, sort = page_in(request.query_params.get("page")), request.query_params.get("sort", "")
    table = tables.of_sheet(sheet, visitor.speaker, page=at, sort=sort)
    closed = any(not one.release.origin.licence.redistributable for one in held)
    return page(request, visitor, "diff.html.j2", **(shown | {"sheet": sheet, "table": table, "closed": closed,
                                                              "sort": sort}))  # fmt: skip


@ROUTER.get("/sources/diff.csv")
def diff_file(visitor: Reader, house: HouseOf, before: str, after: str, records: str = "") -> Response:
    """The same as CSV; single records only where the licences allow it."""
    sheet, held = _compared(house, visitor, before, after, bool(records))
    if records:
        guard_records(*held, f"harmattan diff {before} {after} --records")
    name = f"diff-{held[0].release.name}-{held[1].release.name}{'-records' if records else ''}"
    return handed_out(house, visitor, to_csv(sheet, visitor.language), "csv", name=name,
                      subject=f"diff {before} {after}", rows=len(sheet.rows))  # fmt: skip


def _compared(
    house: House, visitor: Visitor, before: str, after: str, records: bool
) -> tuple[Sheet, tuple[Held, Held]]:
    """The comparison of two releases by their names. Raises UsageError where they cannot be compared, NotThere."""
    one, other = _there(house, before), _there(house, after)
    names = (one.release.name, other.release.name)
    what = T("{before} compared with {after}", before=Verbatim(names[0]), after=Verbatim(names[1]))
    goes_to = f"/sources/diff?before={names[0]}&after={names[1]}" + ("&records=1" if records else "")
    key = f"diff {names} {one.release.digest} {other.release.digest}"
    found = house.asking.together(key, what, goes_to, lambda: releases.compared(one, other))
    return of_diff(found, visitor.speaker, one, other, records=records), (one, other)


@ROUTER.get("/sources/{name}")
def release(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """A release: where it comes from, what it covers, its files, and what of it was not taken."""
    held = _there(house, name)
    release, speaker = held.release, visitor.speaker
    rejects = releases.rejects_of(held, speaker, page_in(request.query_params.get("page")))
    places = listing([CountryName(code) for code in release.coverage.places])
    checked = house.jobs.of(_verify_key(held))
    verdict = checked.future.result() if checked and checked.state == "done" else None
    return page(
        request, visitor, "release.html.j2", held=held, release=release, origin=release.origin, countries=places,
        holds=releases.HOLDS, standing=STATUSES[release.status], rejects=rejects,
        table=rejects and tables.of_sheet(rejects.sheet, speaker, size=1000), before=releases.before(house.lake, held),
        verdict=verdict, checked=moment(checked.ended or 0) if checked and verdict else None,
        may_work=visitor.may("analyst"), sources=attributions([ReleaseRef.to(release)], speaker),
        always=release.coverage.start.year == 1,
    )  # fmt: skip


@ROUTER.post("/sources/{name}/verify")
def verify(visitor: Analyst, house: HouseOf, name: str) -> Response:
    """Has every byte of a release checked."""
    held = _there(house, name)
    key, goes_to = _verify_key(held), f"/sources/{held.release.name}"
    house.jobs.drop_done(key)
    what = T("{release} checked byte by byte", release=Verbatim(held.release.name))
    job = house.jobs.start(key, what, goes_to, beside.verify, held, slow=True, by=visitor.name, asked_at=goes_to)
    return RedirectResponse(f"/jobs/{job.id}", 303)


def _there(house: House, name: str) -> Held:
    there = releases.by_name(house.lake)
    if name not in there:
        names = listing([Verbatim(one) for one in there])
        raise NotThere(
            T("There is no release {name}.", name=Verbatim(name)), available=T("There are {names}.", names=names)
        )
    return there[name]


def _verify_key(held: Held) -> str:
    return f"verify {held.release.name} {held.release.digest}"

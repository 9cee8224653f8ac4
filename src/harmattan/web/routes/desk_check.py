"""Claims checked against the data: those accepted of a document, those of the example, those of a file that is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from harmattan.brief.check_page import counts_of, look, views_of
from harmattan.checks.claims_file import load, loaded
from harmattan.checks.judging import without_quotes
from harmattan.checks.verdict import OVERALL_RULE, Checked
from harmattan.errors import HarmattanError, UsageError
from harmattan.export.as_json import json_bytes
from harmattan.export.checked import as_json
from harmattan.export.sheet import attributions
from harmattan.questions.parameters import Params
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.claim import Claims
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.period import parse_to
from harmattan.web import beside
from harmattan.web.addresses import here
from harmattan.web.desk_visit import Seat, Sent, document_of, name_of
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.jobs import Job
from harmattan.web.pages import page
from harmattan.web.visitor import Analyst, HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
FORMATS = ("html", "pdf", "json")
"""The formats of a report."""


@dataclass(frozen=True)
class Asked:
    """What is to be checked, and what it is called."""

    claims: Claims
    said: Params
    goes_to: str
    word: str
    """What `harmattan check` would be told."""
    secret: bool = False
    """Whether it is of a confidential document: the list of work then calls it by its id alone."""


def params_of(request: Request) -> Params:
    """As-of and known-by dates that an address says. Raises UsageError for a word that is no date."""
    said = {name: request.query_params.get(name, "").strip() for name in ("as_of", "known_by")}
    return Params(**{name: parse_to(word) for name, word in said.items() if word})  # type: ignore[arg-type]


def job_of(house: House, asked: Asked, by: str) -> Job:
    """The check as a job beside; the same claims and dates for the same lake are one."""
    wanted = _wanted(house, asked)
    return house.jobs.start(
        f"check {_key(wanted)}", _what(asked), asked.goes_to, beside.check, wanted, slow=True, by=by
    )


def _what(asked: Asked) -> Text:
    return T("Check of {title}", title=Verbatim(asked.word if asked.secret else asked.claims.document.title))


def _wanted(house: House, asked: Asked) -> beside.ToCheck:
    return beside.ToCheck(asked.claims, asked.said, house.lake, house.case, house.asking.standing().state)


def _key(wanted: beside.ToCheck) -> str:
    said = [wanted.state, str(wanted.said.as_of), str(wanted.said.known_by), wanted.claims.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@ROUTER.get("/desk/{document}/check")
def of_desk(request: Request, visitor: Reader, house: HouseOf, document: str) -> Response:
    """The verdicts on the accepted claims of a document."""
    found = document_of(house, document)
    seat = Seat(request, visitor, house, found)
    try:
        asked = _of_document(request, house, found)
        job = job_of(house, asked, visitor.name)
        if house.files.get(f"checked {job.id}") is None:
            house.files[f"checked {job.id}"] = asked
            house.note(visitor, "checked", found.id, claims=len(asked.claims.claim))
        checked, params = house.asking.awaited(job)
    except UsageError as fault:
        return seat.page("check.html.j2", fault=fault, checked=None, asked=None, status=422)
    at = f"/desk/{found.id}/check"
    return seat.page("check.html.j2", fault=None, asked=asked, at=at, **_told(visitor, checked, params))


def _of_document(request: Request, house: House, found: Document) -> Asked:
    claims = house.desk.claims(found.digest)
    return Asked(claims, params_of(request), here(request), f"desk:{found.id}", found.confidential)


def _told(visitor: Visitor, checked: Checked, params: Params) -> dict[str, Any]:
    return {
        "checked": checked, "views": views_of(checked), "counts": list(counts_of(checked)), "rule": OVERALL_RULE,
        "look": look, "sources": attributions(checked.releases, visitor.speaker), "params": params,
    }  # fmt: skip


@ROUTER.get("/desk/{document}/check/report.{format}")
def report_of_desk(request: Request, visitor: Reader, house: HouseOf, document: str, format: str) -> Response:
    """The report as a file. It quotes no confidential document."""
    found = document_of(house, document)
    asked = _of_document(request, house, found)
    if found.confidential:
        asked = replace(asked, claims=without_quotes(asked.claims))
    return _report(house, visitor, asked, format, f"check-{found.id}")


@ROUTER.get("/check")
def example(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The verdicts on the claims that come with the package, and the form to send others."""
    asked = _example(request)
    checked, params = house.asking.awaited(job_of(house, asked, visitor.name))
    return page(request, visitor, "check.html.j2", document=None, fault=None, asked=asked, at="/check",
                **_told(visitor, checked, params))  # fmt: skip


def _example(request: Request) -> Asked:
    there = beside.examples()
    if not there:
        raise NotThere(T("The package carries no claims."), do=T("Send a file of claims."))
    return Asked(load(there[0]), params_of(request), here(request), there[0].stem)


@ROUTER.get("/check/report.{format}")
def report_of_example(request: Request, visitor: Reader, house: HouseOf, format: str) -> Response:
    """The report on the example as a file."""
    asked = _example(request)
    return _report(house, visitor, asked, format, f"check-{asked.word}")


@ROUTER.post("/check")
def sent(request: Request, visitor: Analyst, house: HouseOf, form: Sent) -> Response:
    """Claims of a file that is sent; what is no claims file is refused in one line, with every fault."""
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise UsageError(T("No file was sent."), do=T("Choose one."))
        name = name_of(file.filename)
        asked = Asked(loaded(file.file.read(), PurePath(name)), Params(), "", name)
    except HarmattanError as fault:
        return page(request, visitor, "check.html.j2", status=422, document=None, fault=fault, checked=None, asked=None)
    job = job_of(house, asked, visitor.name)
    house.files[f"sent {job.id}"] = asked
    job.goes_to = f"/check/{job.id}"
    return RedirectResponse(job.goes_to, 303)


@ROUTER.get("/check/{id}")
def of_file(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """The verdicts on the claims of a file that was sent."""
    asked = _sent(house, request, id)
    checked, params = house.asking.awaited(job_of(house, asked, visitor.name))
    return page(request, visitor, "check.html.j2", document=None, fault=None, asked=asked, at=f"/check/{id}",
                **_told(visitor, checked, params))  # fmt: skip


@ROUTER.get("/check/{id}/report.{format}")
def report_of_file(request: Request, visitor: Reader, house: HouseOf, id: str, format: str) -> Response:
    """The report on the claims of a file as a file."""
    return _report(house, visitor, _sent(house, request, id), format, f"check-{id}")


def _sent(house: House, request: Request, id: str) -> Asked:
    found: Asked | None = house.files.get(f"sent {id}")
    if found is None:
        raise NotThere(T("These claims are not kept any more."), do=T("Send the file again."))
    return Asked(found.claims, params_of(request), here(request), found.word)


def _report(house: House, visitor: Visitor, asked: Asked, format: str, name: str) -> Response:
    if format not in FORMATS:
        raise NotThere(T("A report comes as HTML, PDF or JSON."))
    made = _made(house, visitor, asked, format)
    return handed_out(house, visitor, made, format, name=name, subject=asked.word)


def _made(house: House, visitor: Visitor, asked: Asked, format: str) -> bytes:
    if format == "json":
        checked, params = house.asking.awaited(job_of(house, asked, visitor.name))
        told = as_json(checked, visitor.speaker, params.known_by)
        return json_bytes(told)
    wanted, command = _wanted(house, asked), _command(asked, format)
    key = f"report {format} {visitor.language} {_key(wanted)} {command}"
    job = house.jobs.start(key, _what(asked), asked.goes_to, beside.report, wanted, format, command, visitor.language,
                           slow=True, by=visitor.name)  # fmt: skip
    made: bytes = house.asking.awaited(job)
    return made


def _command(asked: Asked, format: str) -> str:
    """The command that makes the report in a terminal."""
    words = ["harmattan check", asked.word]
    for name in ("as_of", "known_by"):
        if (day := getattr(asked.said, name)) is not None:
            words.append(f"--{name.replace('_', '-')} {day}")
    return " ".join([*words, f"--format {format}"])

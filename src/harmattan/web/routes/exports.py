"""Answers and the records behind numbers as files, the same bytes as the command line writes."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export import answers
from harmattan.export.files import FORMATS
from harmattan.export.sheet import of_rows
from harmattan.questions.evidence import guard_licence
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim
from harmattan.web import forms
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
}
OF_ROWS = ("csv", "xlsx", "parquet", "geojson", "gpkg")


@ROUTER.get("/export/{name}")
def export(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """The answer to a question as a file: QUESTION.FORMAT with the parameters of its page."""
    asked, _, format = name.rpartition(".")
    if asked not in QUESTIONS or format not in answers.formats_of(QUESTIONS[asked]):
        raise NotThere(T("There is no file {name}.", name=Verbatim(name)), do=T("Choose one on the question's page."))
    question = QUESTIONS[asked]
    params = forms.params_of(request, question, house.case)
    answer = house.asking.ask(asked, params, f"{request.url.path}?{request.url.query}", visitor.name)
    answers.guard(answer, f"harmattan ask {asked} --format {format}")
    content = answers.written(answer, visitor.speaker, format)
    _note(house, visitor, answer.id, content, format=format, question=asked, rows=len(answer.rows))
    return _file(content, f"harmattan-{asked}-{answer.id}.{format}", format)


@ROUTER.get("/export/evidence/{name}")
def rows(visitor: Reader, house: HouseOf, name: str) -> Response:
    """The records behind a number as a file: ID.FORMAT."""
    id, _, format = name.rpartition(".")
    if format not in OF_ROWS:
        raise NotThere(T("There is no file {name}.", name=Verbatim(name)))
    answer = house.asking.find(id)
    row = id.partition(".")[2]
    which = int(row) - 1 if row else None
    answer.evidence(which)
    guard_licence(answer, f"harmattan evidence --format {format}", which)
    found = house.asking.rows(answer, which)
    content = FORMATS[format](of_rows(found, visitor.speaker, id), visitor.language)
    _note(house, visitor, id, content, format=format, question=answer.question, rows=len(found.table))
    return _file(content, f"harmattan-evidence-{id}.{format}", format)


def _note(house: House, visitor: Visitor, id: str, content: bytes, **what: object) -> None:
    house.note(visitor, "exported", id, evidence=id, digest=hashlib.sha256(content).hexdigest()[:16], **what)


def _file(content: bytes, name: str, format: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store",
               "vary": "Accept-Language, Cookie"}  # fmt: skip
    return Response(content, headers=headers, media_type=TYPES[format])

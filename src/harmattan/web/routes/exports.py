"""Answers and the records behind numbers as files, the same bytes as the command line writes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export import answers
from harmattan.export.files import FORMATS
from harmattan.export.sheet import of_rows
from harmattan.questions.evidence import guard_licence
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim
from harmattan.web import forms
from harmattan.web.addresses import here
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/export/{name}")
def export(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """The answer to a question as a file: QUESTION.FORMAT with the parameters of its page."""
    asked, _, format = name.rpartition(".")
    if asked not in QUESTIONS or format not in answers.formats_of(QUESTIONS[asked]):
        raise NotThere(T("There is no file {name}.", name=Verbatim(name)), do=T("Choose one on the question's page."))
    question = QUESTIONS[asked]
    params = forms.params_of(request, question, house.case)
    answer = house.asking.ask(asked, params, here(request), visitor.name)
    answers.guard(answer, f"harmattan ask {asked} --format {format}")
    content = answers.written(answer, visitor.speaker, format)
    return handed_out(house, visitor, content, format, name=f"harmattan-{asked}-{answer.id}", subject=answer.id,
                      evidence=answer.id, question=asked, rows=len(answer.rows))  # fmt: skip


@ROUTER.get("/export/evidence/{name}")
def rows(visitor: Reader, house: HouseOf, name: str) -> Response:
    """The records behind a number as a file: ID.FORMAT."""
    id, _, format = name.rpartition(".")
    if format not in FORMATS:
        raise NotThere(T("There is no file {name}.", name=Verbatim(name)))
    answer = house.asking.find(id)
    row = id.partition(".")[2]
    which = int(row) - 1 if row else None
    answer.evidence(which)
    guard_licence(answer, f"harmattan evidence --format {format}", which)
    found = house.records.of(answer, which)
    content = FORMATS[format](of_rows(found, visitor.speaker, id), visitor.language)
    return handed_out(house, visitor, content, format, name=f"harmattan-evidence-{id}", subject=id,
                      evidence=id, question=answer.question, rows=len(found.table))  # fmt: skip

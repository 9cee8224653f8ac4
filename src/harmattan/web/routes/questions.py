"""One page for every question: its form, its meaning, its answer as table and chart, evidence and exports."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.errors import UsageError
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim
from harmattan.web import forms, tables
from harmattan.web.faults import NotThere
from harmattan.web.pages import kept_page, page
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/questions")
def questions(request: Request, visitor: Reader) -> Response:
    """Every question with its meaning."""
    return kept_page(request, visitor, "questions.html.j2", lambda: {"questions": list(QUESTIONS.values())})


@ROUTER.get("/questions/{name}")
def question(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """A question and its answer."""
    if name not in QUESTIONS:
        raise NotThere(T("There is no question {name}.", name=Verbatim(name)), do=T("Choose one of those there are."))
    asked = QUESTIONS[name]
    words = forms.words_of(request, asked)
    shown = {"question": asked, "fields": forms.fields_of(asked, words), "given": dict(request.query_params)}

    def values() -> dict[str, Any]:
        params = forms.params_of(request, asked, house.case)
        answer = house.asking.ask(name, params, str(request.url.path) + "?" + str(request.url.query), visitor.name)
        at, sort = request.query_params.get("page", "1"), request.query_params.get("sort", "")
        table = tables.of(answer, visitor.speaker, page=int(at) if at.isdecimal() else 1, sort=sort)
        return shown | {"answer": answer, "table": table, "command": forms.command_of(answer), "sort": sort,
                        "fault": None}  # fmt: skip

    try:
        return kept_page(request, visitor, "question.html.j2", values)
    except UsageError as fault:
        nothing = {"answer": None, "table": None, "command": "", "sort": "", "fault": fault}
        return page(request, visitor, "question.html.j2", status=422, **(shown | nothing))

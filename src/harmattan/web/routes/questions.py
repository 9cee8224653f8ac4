"""One page for every question: its form, its meaning, its answer as table and chart, evidence and exports."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.errors import HarmattanError, LicenceError, PrivacyError, UsageError
from harmattan.export import answers
from harmattan.export.files import PLACED
from harmattan.export.sheet import attributions
from harmattan.questions.answer import Answer
from harmattan.questions.parsing import nearest
from harmattan.questions.question import Question
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import did_you_mean
from harmattan.web import forms, grouped, tables
from harmattan.web.addresses import here, page_in
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.pages import kept_page, page
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
DOI = re.compile(r"doi:(10\.[0-9]{4,9}/[^\s;,]+[^\s;,.])")
OF_PAGE = ("page", "sort", "lang")
"""Words of an address that are about the page and not about the question."""


@ROUTER.get("/questions")
def questions(request: Request, visitor: Reader) -> Response:
    """Every question with its meaning, in groups; `q` has words that it must have."""

    def values() -> dict[str, Any]:
        sought = request.query_params.get("q", "").strip()[:100]
        return {"groups": grouped.grouped(visitor.speaker, sought), "sought": sought}

    return kept_page(request, visitor, "questions.html.j2", values)


@ROUTER.get("/questions/{name}")
def question(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """A question and its answer."""
    if name not in QUESTIONS:
        near = did_you_mean(nearest(name[:100], QUESTIONS))
        raise NotThere(T("There is no question {name}.", name=Verbatim(name[:100])), available=near,
                       do=T("Choose one of those there are."))  # fmt: skip
    asked = QUESTIONS[name]
    shown = _asked(request, house, asked)

    def values() -> dict[str, Any]:
        params = forms.params_of(request, asked, house.case)
        answer = house.asking.ask(name, params, here(request), visitor.name)
        if visitor.by_token:
            answers.guard(answer, f"/questions/{name}")
        return shown | _answered(answer, house, visitor, shown["given"]) | {"fault": None, "faulty": ""}

    try:
        return kept_page(request, visitor, "question.html.j2", values)
    except UsageError as fault:
        return _refused(request, visitor, shown, fault)


def _asked(request: Request, house: House, asked: Question) -> dict[str, Any]:
    """What the page shows of the question itself, and what was said."""
    words = forms.words_of(request, asked)
    given = {key: request.query_params.getlist(key) for key in request.query_params}
    given = {key: [word for word in said if word.strip()] for key, said in given.items()}
    return {
        "question": asked,
        "short": grouped.short_of(asked.name),
        "groups": forms.groups_of(asked, words, house.case),
        "said": bool(words),
        "words": words,
        "given": {key: said for key, said in given.items() if said},
        "reference": linked(asked.reference or ""),
        "releases": [held.release.name for held in house.lake.releases()],
        "countries": house.case.countries,
    }


def _answered(answer: Answer, house: House, visitor: Visitor, given: dict[str, list[str]]) -> dict[str, Any]:
    """What the page shows of the answer."""
    at, sort = page_in(given.get("page", [""])[-1]), given.get("sort", [""])[-1]
    table = tables.of(answer, visitor.speaker, page=at, sort=sort)
    address = forms.address_of(answer)
    query = address.partition("?")[2]
    asked = QUESTIONS[answer.question]
    return {
        "answer": answer,
        "table": table,
        "sort": sort,
        "command": forms.command_of(answer, house.settings.case),
        "address": address,
        "exports": [(format, f"/export/{answer.question}.{format}?{query}") for format in _formats(answer, asked)],
        "closed": closed(answer),
        "sources": attributions(answer.releases, visitor.speaker),
    }


def _formats(answer: Answer, asked: Question) -> list[str]:
    """The formats of an answer; maps where a row has a place."""
    placed = any(row.get("cell") is not None for row in answer.rows)
    return [name for name in answers.formats_of(asked) if placed or name not in PLACED]


def closed(answer: Answer) -> HarmattanError | None:
    """Why an answer may not leave as a file; None where it may."""
    try:
        answers.guard(answer, f"harmattan ask {answer.question} --format")
    except (LicenceError, PrivacyError) as fault:
        return fault
    return None


def _refused(request: Request, visitor: Visitor, shown: dict[str, Any], fault: UsageError) -> Response:
    """The form with what is wrong in it; a question that needs a word is no fault before one was said."""
    nothing: dict[str, Any] = dict.fromkeys(("answer", "table", "closed"))
    nothing |= dict.fromkeys(("command", "sort", "address"), "") | {"exports": [], "sources": ()}
    nothing |= {"faulty": forms.faulty(shown["question"], shown["words"]), "fault": fault}
    status = 422 if shown["said"] else 200
    return page(request, visitor, "question.html.j2", status=status, **(shown | nothing))


def linked(reference: str) -> list[tuple[str, str]]:
    """The parts of a reference, each with the address of its DOI, or with none.

    >>> linked("Eck & Hultman (2007), doi:10.1177/0022343307075124")
    [('Eck & Hultman (2007), ', ''), ('doi:10.1177/0022343307075124', 'https://doi.org/10.1177/0022343307075124')]
    """
    parts: list[tuple[str, str]] = []
    at = 0
    for found in DOI.finditer(reference):
        parts += [(reference[at : found.start()], ""), (found[0], f"https://doi.org/{found[1]}")]
        at = found.end()
    parts.append((reference[at:], ""))
    return [(words, address) for words, address in parts if words]

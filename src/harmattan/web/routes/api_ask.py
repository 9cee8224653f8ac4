"""Questions for programs: what there is to ask, and the answers."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from harmattan.export import answers
from harmattan.export.as_json import compact
from harmattan.questions.answer import Answer
from harmattan.questions.parsing import nearest
from harmattan.questions.question import Question
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.country import did_you_mean
from harmattan.web import described, handed, strict
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.negotiation import form_of
from harmattan.web.shapes import AnswerShape, QuestionShape
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(prefix="/api", dependencies=[Depends(strict.known_words)])
TAG = "Questions"


@ROUTER.get(
    "/questions",
    summary=msg("Every question: its meaning, parameters and columns"),
    tags=[TAG],
    response_model=list[QuestionShape],
)
def questions(visitor: Reader) -> Response:
    """Every question: its meaning, parameters and columns."""
    return handed.plain_json(visitor, [described.told(question, visitor.speaker) for question in QUESTIONS.values()])


@ROUTER.get(
    "/questions/{name}",
    summary=msg("One question: its meaning, parameters and columns"),
    tags=[TAG],
    response_model=QuestionShape,
)
def question(visitor: Reader, name: str) -> Response:
    """One question: its meaning, parameters and columns."""
    return handed.plain_json(visitor, described.told(_named(name), visitor.speaker))


def _named(name: str) -> Question:
    if name not in QUESTIONS:
        raise NotThere(
            T("There is no question {name}.", name=Verbatim(name[:100])),
            available=did_you_mean(nearest(name[:100], QUESTIONS)),
        )
    return QUESTIONS[name]


def answered(request: Request, visitor: Visitor, house: House, asked: Question) -> Response:
    """The answer to a question in the form that is wanted."""
    form = form_of(request, described.formats_of(asked))
    if (nothing_new := handed.known(request, house, visitor, form)) is not None:
        return nothing_new
    params = strict.params_of(request, asked, house.case)
    answer = house.asking.ask(asked.name, params, handed.at(request), visitor.name)
    answers.guard(answer, f"/api/ask/{asked.name}")
    links = [f'</api/evidence/{answer.id}>; rel="related"', *handed.licences(house.lake, answer.releases)]
    name = f"{answer.question}-{answer.id}"
    make = writing(answer, visitor.speaker, form)
    note = None if form == "json" else {"evidence": answer.id, "rows": len(answer.rows)}
    return handed.hand(request, house, visitor, form, tag=answer.id, make=make, links=links, name=name, note=note)


def writing(answer: Answer, speaker: Speaker, form: str) -> Callable[[], bytes]:
    """Makes the bytes of an answer in a form; JSON without the spaces that people want."""
    if form == "json":
        return lambda: compact(answer.as_json(speaker))
    return lambda: answers.written(answer, speaker, form)


def _route(asked: Question) -> None:
    def ask(request: Request, visitor: Reader, house: HouseOf) -> Response:
        return answered(request, visitor, house, asked)

    ROUTER.add_api_route(
        f"/ask/{asked.name}",
        ask,
        methods=["GET"],
        tags=["Answers"],
        operation_id=f"ask_{asked.name.replace('-', '_')}",
        summary=described.summary_of(asked),
        description=described.about(asked),
        response_model=AnswerShape,
        response_description="The answer.",
        responses={200: {"content": described.contents(described.formats_of(asked))}},
        openapi_extra={"parameters": described.query_of(asked)},
    )


for _asked in QUESTIONS.values():
    _route(_asked)


@ROUTER.get("/ask/{name}", include_in_schema=False)
def ask_nothing(_visitor: Reader, name: str) -> Response:
    """Says that there is no such question."""
    raise AssertionError(f"{_named(name).name} has an address of its own")

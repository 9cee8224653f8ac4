"""What stands before every address of the API: a word that it does not know is refused, and not passed over.

A misspelt `?contry=MLI` would otherwise be answered for every country.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from harmattan.case import Case
from harmattan.errors import UsageError
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.question import Question
from harmattan.questions.said import said
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import LANGUAGES
from harmattan.vocabulary.country import did_you_mean
from harmattan.web.faults import WrongKind
from harmattan.web.forms import name_of, named_only
from harmattan.web.visitor import ANYONE, Visitor, roles_of, visitor_of

LANG = "lang"
LONGEST = 400
"""So many letters may be said at a time: several words joined by commas among them."""


def known_words(request: Request, visitor: Annotated[Visitor, Depends(visitor_of)]) -> None:
    """Raises UsageError for a word of a query that its address does not know, and WrongKind for a body not of JSON.

    Whoever may not ask there at all is told that and no more: that is for the route to say.
    """
    route = request.scope["route"]
    if any(role != ANYONE and not visitor.may(role) for role in roles_of(route)):
        return
    there = {field.alias for field in route.dependant.query_params}
    there |= {said["name"] for said in (route.openapi_extra or {}).get("parameters", ()) if said["in"] == "query"}
    for name in request.query_params:
        if name != LANG and name not in there:
            raise UsageError(
                T("There is no parameter {words}.", words=Verbatim(name[:100])),
                available=T("It takes {flags}.", flags=Verbatim(", ".join(sorted({*there, LANG})))),
                do=did_you_mean(nearest(name[:100], there, limit=1)),
            )
    language = request.query_params.get(LANG, LANGUAGES[0])
    if language not in LANGUAGES:
        raise UsageError(
            T("There is no language {words}.", words=Verbatim(language[:100])),
            available=T("There are: {all}.", all=listing([Verbatim(one) for one in LANGUAGES])),
        )
    body = request.method in ("POST", "PUT", "PATCH")
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongKind(T("The body has to be JSON."), do=T("Send it with Content-Type: application/json."))


def params_of(request: Request, question: Question, case: Case, also: Mapping[str, str] | None = None) -> Params:
    """The parameters that a query asks for, each said once or several times, or joined by commas.

    `also` are words by field that it says beside. Raises UsageError for a word that cannot be read, an empty one too.
    """
    words: dict[str, list[str]] = {field: [word] for field, word in (also or {}).items()}
    for parameter in question.parameters:
        given = request.query_params.getlist(name_of(parameter))
        if any(not word.strip() for word in given):
            raise UsageError(T("{field} is said to be nothing.", field=Verbatim(name_of(parameter))))
        if any(len(word) > LONGEST for word in given):
            raise UsageError(
                T("{field} has words of more than {n} letters.", field=Verbatim(name_of(parameter)), n=LONGEST)
            )
        if len(given) > 1 and not parameter.many:
            raise UsageError(T("{field} can be said once.", field=Verbatim(name_of(parameter))))
        if given:
            words[parameter.field] = given
    return named_only(said(question, words, case), case)

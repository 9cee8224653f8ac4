"""The form of a question, made from its typed parameters, and the way back from what a form sends."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from harmattan.case import Case
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import ALWAYS, BY_FIELD, Parameter, Params
from harmattan.questions.question import Question
from harmattan.questions.said import said
from harmattan.text import T, Text

_PINNED = re.compile(r"@[0-9a-f]{12}$")
"""What stands behind the name of a lexicon whose content is fixed."""
DATES = ("start", "end", "as_of", "known_by", "since")


@dataclass(frozen=True)
class Field:
    """One parameter in a form: how it is named, drawn and filled."""

    name: str
    """As the address has it: the flag without its dashes, with underscores."""
    help: Text
    kind: str
    """choice, choices, date, or words."""
    choices: tuple[str, ...]
    given: tuple[str, ...]
    """What was said, as it was said."""
    example: str
    always: bool
    """Whether every question takes it: such fields stand apart."""


def name_of(parameter: Parameter) -> str:
    """The name of a parameter in addresses and in JSON."""
    return parameter.flag.removeprefix("--").replace("-", "_")


BY_NAME = {name_of(parameter): parameter for parameter in BY_FIELD.values()}


def words_of(request: Request, question: Question) -> dict[str, list[str]]:
    """What an address says about the parameters of a question, by field; empty fields of a form say nothing."""
    found: dict[str, list[str]] = {}
    for parameter in question.parameters:
        given = [word.strip() for word in request.query_params.getlist(name_of(parameter)) if word.strip()]
        if given:
            found[parameter.field] = given
    return found


def params_of(request: Request, question: Question, case: Case) -> Params:
    """The parameters that an address asks for. Raises UsageError in one line for a word that cannot be read."""
    return named_only(said(question, words_of(request, question), case), case)


def named_only(params: Params, case: Case) -> Params:
    """The parameters, none of which names a file of this machine: that is for the terminal and for the case file.

    Raises UsageError for a lexicon that is a file, unless the case has it so.
    """
    word = _PINNED.sub("", params.lexicon or "")
    if word.lower().endswith((".yaml", ".yml")) and word != case.lexicon:
        raise UsageError(
            T("A page reads no lexicon from a file."),
            do=T("Name one that comes with Harmattan, or write it into the case file."),
        )
    return params


def fields_of(question: Question, words: Mapping[str, Sequence[str]]) -> tuple[Field, ...]:
    """The fields of a question's form, with what was said in them."""
    return tuple(_field(parameter, tuple(words.get(parameter.field, ()))) for parameter in question.parameters)


def _field(parameter: Parameter, given: tuple[str, ...]) -> Field:
    kind = "words"
    if parameter.choices:
        kind = "choices" if parameter.many else "choice"
    elif parameter.field in DATES:
        kind = "date"
    example = parameter.metavar.strip('"')
    return Field(name_of(parameter), parameter.help, kind, parameter.choices, given, example, parameter.field in ALWAYS)


def command_of(answer: Answer) -> str:
    """The command that gives the same answer in a terminal."""
    parts = ["harmattan", "ask", answer.question]
    for name, value in answer.params.items():
        parameter = BY_NAME[name]
        if value in (None, "", [], ()) or value == getattr(Params(), parameter.field):
            continue
        listed = value if isinstance(value, list | tuple) else [value]
        parts += [parameter.flag, *(shlex.quote(_plain(word)) for word in listed)]
    return " ".join(parts)


def _plain(word: object) -> str:
    return f"{word:g}" if isinstance(word, float) else str(word)


def address_of(answer: Answer) -> str:
    """The page on which an answer stands, with everything that was asked."""
    from urllib.parse import urlencode

    said_ = {}
    for name, value in answer.params.items():
        if value not in (None, "", [], ()) and value != getattr(Params(), BY_NAME[name].field):
            said_[name] = [_plain(word) for word in value] if isinstance(value, list | tuple) else _plain(value)
    return f"/questions/{answer.question}?{urlencode(said_, doseq=True)}"

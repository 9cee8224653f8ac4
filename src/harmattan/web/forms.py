"""The form of a question, made from its typed parameters, and the way back from what a form sends."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request

from harmattan.case import Case
from harmattan.data import DEFAULT_CASE
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import BY_FIELD, Parameter, Params
from harmattan.questions.question import Question
from harmattan.questions.said import WHOLE, parts, said
from harmattan.text import CountryName, T, Text
from harmattan.vocabulary.country import parse_country
from harmattan.web.field_words import PLACES, choice_of, label_of

_PINNED = re.compile(r"@[0-9a-f]{12}$")
"""What stands behind the name of a lexicon whose content is fixed."""
DATES = ("start", "end", "as_of", "known_by", "since")


MOST_BOXES = 6
"""Of more choices the boxes are folded away."""


@dataclass(frozen=True)
class Option:
    """A choice: its code, what it means, whether it is chosen."""

    code: str
    words: Text | None
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One parameter in a form: how it is named, drawn and filled."""

    name: str
    """As the address has it: the flag without its dashes, with underscores."""
    flag: str
    label: Text
    help: Text
    kind: str
    """choice, choices, countries, date, or words."""
    options: tuple[Option, ...]
    given: tuple[str, ...]
    """What was said, as it was said; of countries, those that have no box."""
    example: str
    many: bool

    @property
    def folded(self) -> bool:
        """Whether its boxes are folded away: many, and none chosen."""
        return (
            self.name != "by" and len(self.options) > MOST_BOXES and not any(option.chosen for option in self.options)
        )


@dataclass(frozen=True)
class FieldGroup:
    """Fields that stand together; `more` is what few need."""

    name: str
    title: Text
    fields: tuple[Field, ...]

    @property
    def given(self) -> bool:
        """Whether anything was said in it."""
        return any(field.given or any(option.chosen for option in field.options) for field in self.fields)


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


def groups_of(question: Question, words: Mapping[str, Sequence[str]], case: Case) -> tuple[FieldGroup, ...]:
    """The fields of a question's form in groups, with what was said in them; the last group is what few need."""
    fields = {p.field: _field(p, tuple(words.get(p.field, ())), case) for p in question.parameters}
    placed = [FieldGroup(name, title, tuple(fields.pop(one) for one in names if one in fields))
              for name, title, names in PLACES]  # fmt: skip
    groups = [*placed, FieldGroup("more", T("More"), tuple(fields.values()))]
    return tuple(group for group in groups if group.fields)


def _field(parameter: Parameter, given: tuple[str, ...], case: Case) -> Field:
    field, many = parameter.field, parameter.many
    parted = given if field in WHOLE or not many else tuple(part for word in given for part in word.split(","))
    kind, rest = "date" if field in DATES else "words", given
    options: tuple[Option, ...] = ()
    if parameter.choices:
        kind = "choices" if many else "choice"
        options = tuple(Option(code, choice_of(field, code), code in parted) for code in parameter.choices)
    elif field == "country":
        kind = "countries"
        named = {code: parsed for code in parted if (parsed := _country(code))}
        options = tuple(Option(code, T("{place}", place=CountryName(code)), code in named.values())
                        for code in case.countries)  # fmt: skip
        rest = tuple(code for code in parted if named.get(code) not in case.countries)
    name = name_of(parameter)
    return Field(name, parameter.flag, label_of(field, name), parameter.help, kind, options, rest,
                 parameter.metavar.strip('"'), many)  # fmt: skip


def _country(words: str) -> str:
    """The code of a country, or nothing for a word that is none."""
    try:
        return parse_country(words)
    except UsageError:
        return ""


def faulty(question: Question, words: Mapping[str, Sequence[str]]) -> str:
    """The name of the first field whose words cannot be read; empty where each of them can."""
    for parameter in question.parameters:
        try:
            for word in parts(words[parameter.field], parameter.field) if parameter.field in words else ():
                parameter.parse(word)
        except UsageError:
            return name_of(parameter)
    return ""


def command_of(answer: Answer, case: str = DEFAULT_CASE) -> str:
    """The command that gives the same answer in a terminal; of a case file the name, not where it stands here."""
    parts = ["harmattan", "ask", answer.question]
    for name, value in answer.params.items():
        parameter = BY_NAME[name]
        if value in (None, "", [], ()) or value == getattr(Params(), parameter.field):
            continue
        listed = value if isinstance(value, list | tuple) else [value]
        parts += [parameter.flag, *(shlex.quote(_plain(word)) for word in listed)]
    if case != DEFAULT_CASE:
        parts += ["--case", shlex.quote(Path(case).name)]
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

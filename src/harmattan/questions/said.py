"""What was asked, from the words somebody gave: typed parameters, with what the case means where nothing is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harmattan.errors import UsageError
from harmattan.questions.parameters import Params
from harmattan.text import T, Verbatim
from harmattan.vocabulary.period import parse_to

if TYPE_CHECKING:
    from harmattan.case import Case
    from harmattan.questions.question import Question

OPEN = ("who-is", "actor", "forecast-skill")
"""Questions that are about everywhere where no country is named."""
WHOLE = ("actor", "dyad", "name", "rule")
"""Parameters whose words may hold a comma; those of the others are parted at it."""


def said(question: Question, words: Mapping[str, str | Sequence[str]], case: Case) -> Params:
    """The parameters of a question from words by field, filled up from the case.

    Words of parameters that the question does not take are not looked at. Raises UsageError for a word that cannot be
    read.
    """
    found: dict[str, Any] = {}
    for parameter in question.parameters:
        given = words.get(parameter.field)
        if given is None:
            continue
        if parameter.many:
            found[parameter.field] = tuple(dict.fromkeys(map(parameter.parse, parts(given, parameter.field))))
        else:
            found[parameter.field] = parameter.parse(given if isinstance(given, str) else given[-1])
    return _of_case(question, Params(**found), case, words)


def _of_case(question: Question, params: Params, case: Case, words: Mapping[str, Any]) -> Params:
    if "rule" in question.accepts:
        params = replace(params, rule=case.rules(params.rule))
    if not params.country and question.name not in OPEN and "country" in question.accepts:
        params = replace(params, country=case.countries)
    if "covariate" in question.accepts:
        ahead = {name: value for name, value in case.forecast.said.items() if words.get(name) is None}
        params = replace(params, **ahead)
    if "lexicon" in question.accepts:
        params = replace(params, lexicon=params.lexicon or case.lexicon)
    return of_family(params, case) if "source" in question.accepts else params


def of_family(params: Params, case: Case) -> Params:
    """The parameters with the case's family of events, where neither a family nor a release was said."""
    from harmattan.lake.select import DEFAULT_FAMILY

    if params.source is not None or params.release or case.events == DEFAULT_FAMILY:
        return params
    return replace(params, source=case.events)


def of_rules(
    case: Case,
    rules: Sequence[str] = (),
    as_of: str | None = None,
    known_by: str | None = None,
    releases: Sequence[str] = (),
) -> Params:
    """What is asked of the alert rules of a case: all of them or some, as of its own day where no other is said.

    Raises UsageError for a rule or a day that cannot be read.
    """
    params = Params(
        country=case.watched,
        rule=case.rules(rules),
        as_of=parse_to(as_of) if as_of else case.as_of,
        known_by=parse_to(known_by) if known_by else None,
        release=tuple(releases),
    )
    return of_family(params, case)


def parts(words: Sequence[str] | str, field: str) -> list[str]:
    """The words of a parameter that takes several; most may also be joined by commas. Raises UsageError for none."""
    listed = [words] if isinstance(words, str) else list(words)
    if not any(part for word in listed for part in word.split(",")):
        raise UsageError(T("{field} is said to be nothing.", field=Verbatim(f"--{field}")))
    if field in WHOLE:
        return listed
    return [part for word in listed for part in word.split(",") if part]

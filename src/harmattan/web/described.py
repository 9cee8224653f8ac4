"""Questions and their parameters as OpenAPI and as JSON, made from the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from harmattan.export import answers
from harmattan.export.media import MEDIA
from harmattan.questions import parsing
from harmattan.questions.parameters import Parameter
from harmattan.questions.question import Question
from harmattan.text import msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.period import parse_from, parse_to
from harmattan.web.forms import name_of
from harmattan.web.strict import LONGEST

Kind = Literal["string", "integer", "number", "date"]
DATE = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
LARGEST_CELL = 259_200
_SAID: dict[Callable[[str], Any], tuple[Kind, dict[str, Any]]] = {
    parse_from: ("date", {"type": "string", "pattern": DATE}),
    parse_to: ("date", {"type": "string", "pattern": DATE}),
    parsing.cell: ("integer", {"type": "integer", "minimum": 1, "maximum": LARGEST_CELL}),
    parsing.whole_number: ("integer", {"type": "integer", "minimum": 1, "maximum": parsing.MOST}),
    parsing.months: ("integer", {"type": "integer", "minimum": 1, "maximum": parsing.MOST_MONTHS}),
    parsing.lag: ("integer", {"type": "integer", "minimum": 0, "maximum": parsing.MOST_LAG}),
    parsing.kilometres: ("number", {"type": "number", "exclusiveMinimum": 0, "maximum": parsing.MOST_KM}),
    parsing.seconds: ("number", {"type": "number", "exclusiveMinimum": 0, "maximum": parsing.MOST_SECONDS}),
}
"""What the words of a parameter are, by the function that reads them."""
EXAMPLES: dict[tuple[str, str], str] = {
    ("actor", "actor"): "GSIM",
    ("who-is", "name"): "GSIM",
    ("casualties", "country"): "MLI",
    ("casualties", "by"): "year",
    ("casualties", "from"): "2019",
    ("casualties", "to"): "2021-12",
}
"""Examples by question and parameter; of the other questions a country alone is said, where they take one."""
ENGLISH = Speaker("en")


def formats_of(question: Question) -> tuple[str, ...]:
    """The forms that answers to a question come in, the one first that a program gets where it says nothing."""
    there = answers.formats_of(question)
    return ("json", *(form for form in there if form != "json"))


def kind_of(parameter: Parameter) -> Kind:
    """What the words of a parameter are."""
    return _SAID[parameter.parse][0] if parameter.parse in _SAID else "string"


def example_of(question: Question, parameter: Parameter) -> str:
    """A word that the parameter takes; empty where none is said as an example."""
    return EXAMPLES.get((question.name, name_of(parameter)), "")


def query_of(question: Question) -> list[dict[str, Any]]:
    """The query parameters of a question, as OpenAPI has them."""
    return [_in_query(question, parameter) for parameter in question.parameters] + [
        format_in_query(formats_of(question))
    ]


def _in_query(question: Question, parameter: Parameter) -> dict[str, Any]:
    _, plain = _SAID.get(parameter.parse, ("string", {"type": "string", "minLength": 1, "maxLength": LONGEST}))
    one = {"type": "string", "enum": list(parameter.choices)} if parameter.choices else dict(plain)
    schema = {"type": "array", "items": one, "minItems": 1} if parameter.many else one
    more = " Said several times, or joined by commas." if parameter.many else ""
    words = ENGLISH.say(parameter.help)
    made: dict[str, Any] = {
        "name": name_of(parameter),
        "in": "query",
        "required": parameter.field in NEEDED.get(question.name, ()),
        "description": f"{words[:1].upper()}{words[1:]}.{more}",
        "x-help": parameter.help.template,
        "schema": schema,
    }
    example = example_of(question, parameter)
    if example:
        made["example"] = [example] if parameter.many else example
    if parameter.many:
        made |= {"style": "form", "explode": True}
    return made


NEEDED = {"actor": ("actor",), "who-is": ("name",)}
"""What a question cannot be asked without."""


def format_in_query(forms: tuple[str, ...]) -> dict[str, Any]:
    """The query parameter that says in which form something is wanted."""
    return {
        "name": "format",
        "in": "query",
        "required": False,
        "description": msg("In which form it is wanted; the header Accept says the same where this is left out."),
        "schema": {"type": "string", "enum": list(forms)},
    }


def contents(forms: tuple[str, ...]) -> dict[str, Any]:
    """The media types of a response beside JSON."""
    binary, drawn = {"type": "string", "format": "binary"}, {"type": "object"}
    return {MEDIA[form]: {"schema": drawn if form == "geojson" else binary} for form in forms if form != "json"}


def told(question: Question, speaker: Speaker) -> dict[str, Any]:
    """A question for programs (`shapes.QuestionShape`)."""
    return {
        "name": question.name,
        "meaning": speaker.say(question.meaning),
        "reference": question.reference,
        "emerging": question.emerging,
        "slow": question.slow,
        "rests_on": question.rests_on,
        "parameters": [
            {
                "name": name_of(parameter),
                "type": kind_of(parameter),
                "many": parameter.many,
                "description": speaker.say(parameter.help),
                "choices": list(parameter.choices),
                "example": parameter.choices[0] if parameter.choices else parameter.metavar.strip('"'),
            }
            for parameter in question.parameters
        ],
        "columns": [
            {"name": column.name, "unit": column.unit, "description": speaker.say(column.description)}
            for column in question.columns
        ],
        "formats": list(formats_of(question)),
        "ask": f"/api/ask/{question.name}",
    }


def summary_of(question: Question, speaker: Speaker = ENGLISH) -> str:
    """The beginning of what a question means, up to its colon or its first stop."""
    words = speaker.say(question.meaning).replace("\u00a0:", ":")
    return min(words.split(": ")[0], words.split(". ")[0], key=len).rstrip(".")


def about(question: Question) -> str:
    """What a question means, where its method is from, and its columns, as Markdown."""
    lines = [ENGLISH.say(question.meaning), ""]
    lines.append(f"Method: {question.reference}." if question.reference else "Method: emerging, not published yet.")
    if question.slow:
        lines += ["", "The answer may take long: then 202 is answered with the address of the work."]
    lines += ["", "Columns:", ""]
    for column in question.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        lines.append(f"- `{column.name}`{unit}: {ENGLISH.say(column.description)}")
    return "\n".join(lines)

"""An answer as a file, in every format that there is: the command line and the pages write the same bytes."""

from __future__ import annotations

from harmattan.export.as_json import json_bytes
from harmattan.export.files import FORMATS, PLACED
from harmattan.export.network import to_gexf, to_graphml
from harmattan.export.sheet import of_answer
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import guard_licence, guard_people, lists_records
from harmattan.questions.question import Question
from harmattan.text.speaker import Speaker

GRAPHS = ("graphml", "gexf")


def formats_of(question: Question) -> tuple[str, ...]:
    """The formats that answers to a question can be written in; maps only where rows can have a cell."""
    placed = any(column.name == "cell" for column in question.columns)
    tables = [name for name in FORMATS if placed or name not in PLACED]
    return (*tables, "json", *(GRAPHS if question.is_graph else ()))


def guard(answer: Answer, what: str, by: str = "") -> None:
    """Raises LicenceError or PrivacyError where an answer may not leave as a file; `what` names how it would."""
    if lists_records(answer):
        guard_licence(answer, what + by)
    guard_people(answer, what)


def written(answer: Answer, speaker: Speaker, format: str) -> bytes:
    """An answer in a format, with its attribution where the format has room for one.

    Raises UsageError for a map of rows without places.
    """
    if format == "json":
        return json_bytes(answer.as_json(speaker))
    if format in GRAPHS:
        return (to_gexf if format == "gexf" else to_graphml)(answer, speaker)
    return FORMATS[format](of_answer(answer, speaker), speaker.language)

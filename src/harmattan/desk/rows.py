"""Documents and assertions as rows of the desk's tables, and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from harmattan.desk.rules import unkeepable
from harmattan.desk.tables import AssertionRow, DocumentRow, IntakeRow
from harmattan.errors import UsageError
from harmattan.text import T
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.partial import PartialDate

SAID = ("title", "language", "file", "published", "published_basis", "publisher", "url", "rights", "confidential",
        "reliability")  # fmt: skip
"""What is said of a document, beside its bytes and its text."""
COLUMNS = ("id", "version", "document", "kind", "state", "reviewer", "at")
"""The fields of an assertion that have a column of their own."""
BY_WORD = "said"
"""The basis of a publication date that somebody gave."""


@dataclass(frozen=True)
class Intake:
    """One time that a document came to the desk."""

    document: str
    """SHA-256 of the file."""
    number: int
    at: dt.datetime
    by: str
    tool: str
    """The version of the program that took it in."""
    new: bool = False
    """Whether it has just been made."""


@dataclass(frozen=True)
class Export:
    """One time that something was taken out of the desk."""

    at: dt.datetime
    by: str
    format: str
    digest: str
    """SHA-256 of what was handed out."""
    quoted: bool
    """Whether it quotes confidential documents."""
    assertions: tuple[tuple[str, int], ...]
    """The id and version of each assertion that was in it."""


def keepable(value: Any) -> None:
    """Raises UsageError, in one line, for what a database cannot keep."""
    fault = unkeepable(value)
    if fault is not None:
        raise UsageError(T("That cannot be kept on the desk. {fault}.", fault=fault))


def said_of(document: Document) -> dict[str, Any]:
    """What is said of a document, as JSON."""
    said = {name: getattr(document, name) for name in SAID}
    return said | {"published": str(document.published) if document.published else None}


def merged(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What is said of a document that comes again: the newer words, and the older where it says nothing now.

    A document that was confidential stays so, and a publication date that a person gave is not undone by one that was
    read from the file.
    """
    said = before | {name: value for name, value in after.items() if value not in (None, "", False)}
    if before.get("published_basis") == BY_WORD != after.get("published_basis"):
        said |= {name: before[name] for name in ("published", "published_basis")}
    return said


def document_of(row: DocumentRow, said: dict[str, Any]) -> Document:
    """A document as it stands on the desk."""
    published = said.get("published")
    made = Document(digest=row.digest, kind=row.kind, text=row.text, title="", language="en")  # type: ignore[arg-type]
    known = {name: value for name, value in said.items() if name in SAID}
    return replace(made, **known | {"published": PartialDate.parse(published) if published else None})


def intake_of(row: IntakeRow, *, new: bool = False) -> Intake:
    """An intake as it stands on the desk."""
    return Intake(row.document, row.number, row.at, row.by, row.tool, new)


def row_of(made: Assertion) -> AssertionRow:
    """A version of an assertion as a row. Raises UsageError for what a database cannot keep."""
    keepable(made.model_dump())
    whole = made.model_dump(mode="json")
    said = {name: value for name, value in whole.items() if name not in COLUMNS}
    columns = {name: getattr(made, name) for name in COLUMNS}
    return AssertionRow(**columns, start=made.citation.start, end=made.citation.end, said=said)


def assertion_of(row: AssertionRow) -> Assertion:
    """A row as a version of an assertion."""
    return Assertion.model_validate(row.said | {name: getattr(row, name) for name in COLUMNS})

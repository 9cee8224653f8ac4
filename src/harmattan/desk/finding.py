"""How what stands on the desk is found: by the beginning of an id, the newest version, in the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from harmattan.desk.tables import AssertionRow, DocumentRow, IntakeRow
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.assertion import Assertion, score_in

SHORTEST = 4
"""The fewest letters that an id may be shortened to."""


def best_first(found: Sequence[Assertion], kind: str | None) -> tuple[Assertion, ...]:
    """Claims alone: those first that can be checked best. Anything else stays in the order of the text."""
    if kind != "claim":
        return tuple(found)
    return tuple(sorted(found, key=lambda made: (-made.score, made.citation.start)))


def last_intake(session: Session, digest: str) -> IntakeRow | None:
    """The newest intake of a document."""
    asked = sa.select(IntakeRow).where(IntakeRow.document == digest).order_by(IntakeRow.number.desc()).limit(1)
    return session.scalar(asked)


def all_documents(session: Session, *which: sa.ColumnElement[bool]) -> list[tuple[DocumentRow, dict[str, Any]]]:
    """Documents with what is said of them now, in the order in which they came."""
    first, last = aliased(IntakeRow), aliased(IntakeRow)
    latest = sa.select(sa.func.max(IntakeRow.number)).where(IntakeRow.document == DocumentRow.digest).scalar_subquery()
    asked = (
        sa.select(DocumentRow, last.said)
        .join(first, sa.and_(first.document == DocumentRow.digest, first.number == 1))
        .join(last, sa.and_(last.document == DocumentRow.digest, last.number == latest.correlate(DocumentRow)))
        .where(*which)
        .order_by(first.at, DocumentRow.digest)
    )
    return [(row, said) for row, said in session.execute(asked)]


def one_document(session: Session, id: str) -> tuple[DocumentRow, dict[str, Any]]:
    """The one document whose digest begins so, with what is said of it. Raises UsageError where there is not one."""
    words = id.strip().lower()
    found = all_documents(session, DocumentRow.digest == words)
    if not found and len(words) >= SHORTEST:
        found = all_documents(session, _begins(DocumentRow.digest, words))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(T("{id} begins several documents.", id=Verbatim(id)), do=T("Write more of it."))
    if len(words) < SHORTEST:
        raise _too_short()
    raise UsageError(
        T("The desk has no document {id}.", id=Verbatim(id)),
        do=T("Say {command}.", command=Verbatim("harmattan desk list")),
    )


def _too_short() -> UsageError:
    return UsageError(T("An id is shortened to {n} signs at least.", n=SHORTEST), do=T("Write more of it."))


def _begins(column: Any, words: str) -> sa.ColumnElement[bool]:
    made: sa.ColumnElement[bool] = column.startswith(words, autoescape=True)
    return made


def newest_of(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Asks for the newest version of each assertion of which something holds."""
    later = aliased(AssertionRow)
    newer = sa.exists().where(later.id == AssertionRow.id, later.version > AssertionRow.version).correlate(AssertionRow)
    return sa.select(AssertionRow).where(~newer, *which)


def newest(session: Session, *which: sa.ColumnElement[bool]) -> list[AssertionRow]:
    """The newest versions, in the order of the text; what is asked must hold of the newest."""
    rows = session.scalars(newest_of(*which))
    return sorted(rows, key=lambda row: (row.document, row.start, row.end, row.kind, row.id))


def ids_of(session: Session, kind: str | None, *which: sa.ColumnElement[bool]) -> list[str]:
    """The ids of the newest versions, in the order of a queue, without looking into what they say.

    In the order of the text; of claims alone those first that can be checked best.
    """
    each = newest_of(*which).subquery()
    note = each.c.said if kind == "claim" else sa.literal(None)
    asked = sa.select(each.c.id, each.c.start, each.c.end, each.c.kind, note)
    rows = sorted(session.execute(asked).all(), key=lambda row: (row[1], row[2], row[3], row[0]))
    if kind == "claim":
        rows.sort(key=lambda row: (-score_in(str(row[4].get("note", ""))), row[1]))
    return [row[0] for row in rows]


def one_assertion(session: Session, id: str) -> AssertionRow:
    """The newest version of the one assertion whose id begins so. Raises UsageError where there is not one."""
    words = id.strip().lower()
    found = newest(session, AssertionRow.id == words)
    if not found and len(words) >= SHORTEST:
        found = newest(session, _begins(AssertionRow.id, words))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(T("{id} begins several assertions.", id=Verbatim(id)), do=T("Write more of it."))
    if len(words) < SHORTEST:
        raise _too_short()
    raise UsageError(
        T("The desk has no assertion {id}.", id=Verbatim(id)),
        do=T("Say {command}.", command=Verbatim("harmattan desk queue DOC")),
    )

"""The audit log: who did what when. It is only ever added to, and holds no secret."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from harmattan.desk.account_tables import AuditRow
from harmattan.desk.rows import keepable
from harmattan.desk.store import Desk
from harmattan.text import T, Text

WHAT: dict[str, Text] = {
    "signed-in": T("signed in"),
    "not-signed-in": T("could not sign in"),
    "signed-out": T("signed out"),
    "account-added": T("added an account"),
    "role-changed": T("changed a role"),
    "account-disabled": T("disabled an account"),
    "account-enabled": T("enabled an account"),
    "password-changed": T("changed a password"),
    "token-made": T("made a token"),
    "token-revoked": T("revoked a token"),
    "document-added": T("added a document"),
    "reviewed": T("reviewed"),
    "missed": T("added what reading had missed"),
    "claimed": T("made a claim"),
    "checked": T("had a document checked"),
    "exported": T("exported"),
}
"""Everything that is written down, in words."""
DETAIL: dict[str, Text] = {
    "role": T("role"),
    "before": T("before"),
    "after": T("after"),
    "address": T("address"),
    "token": T("token"),
    "label": T("label"),
    "days": T("days"),
    "format": T("format"),
    "evidence": T("evidence"),
    "rows": T("rows"),
    "digest": T("digest"),
    "document": T("document"),
    "state": T("state"),
    "version": T("version"),
    "kind": T("kind"),
    "release": T("release"),
    "as_of": T("as of"),
    "language": T("language"),
}
"""The names of what is told beside it, in words; another name is shown as it is."""
LONGEST = 300
"""So many letters of a word are kept."""


@dataclass(frozen=True)
class Noted:
    """One thing that was done, or tried."""

    number: int
    at: dt.datetime
    by: str
    what: str
    """One of `WHAT`."""
    subject: str
    detail: dict[str, Any]


def write(session: Session, at: dt.datetime, by: str, what: str, subject: str, **detail: Any) -> None:
    """Adds a line within a transaction. `what` is one of `WHAT`; values of `detail` are words, numbers and lists."""
    if what not in WHAT:
        raise ValueError(f"{what} is nothing that is written down")
    told = {name: _short(value) for name, value in detail.items() if value is not None}
    keepable([by, subject, told])
    session.add(AuditRow(at=at, by=by, what=what, subject=subject[:LONGEST], detail=told))


def note(desk: Desk, at: dt.datetime, by: str, what: str, subject: str, **detail: Any) -> None:
    """Adds a line of its own."""
    with desk.writing() as session:
        write(session, at, by, what, subject, **detail)


def lines(desk: Desk, *, what: str = "", by: str = "", most: int = 200, before: int | None = None) -> tuple[Noted, ...]:
    """The newest lines, the newest first; of one kind, of one person, before a number."""
    asked = sa.select(AuditRow).order_by(AuditRow.number.desc()).limit(most)
    if what:
        asked = asked.where(AuditRow.what == what)
    if by:
        asked = asked.where(AuditRow.by == by)
    if before is not None:
        asked = asked.where(AuditRow.number < before)
    with desk.reading() as session:
        return tuple(Noted(r.number, r.at, r.by, r.what, r.subject, r.detail) for r in session.scalars(asked))


def _short(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_short(part) for part in value[:50]]
    return value if isinstance(value, bool | int | float) else str(value)[:LONGEST]

"""The tables of accounts. What was decided about an account, and the audit log, are only ever added to.

What has to be forgotten can be: a password is replaced, a session ends, a token is taken back. None of these tables
holds a secret: of a password there is an Argon2 hash, of a session or a token a SHA-256.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from harmattan.desk.tables import Base, Moment


class AccountRow(Base):
    """One version of an account."""

    __tablename__ = "accounts"
    key: Mapped[str] = mapped_column(primary_key=True)
    """The name as it is compared: without regard to capitals."""
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    disabled: Mapped[bool]
    at: Mapped[dt.datetime]
    by: Mapped[str]


class AuditRow(Base):
    """One thing that was done, or tried."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_what", "what", "number"),)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    by: Mapped[str]
    what: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]


class Living(DeclarativeBase):
    """Tables whose rows change and go."""

    type_annotation_map = {str: Text, dict[str, Any]: JSON, dt.datetime: Moment, bool: Boolean, int: Integer}  # noqa: RUF012


class PasswordRow(Living):
    """The password of an account, as Argon2 hashes it."""

    __tablename__ = "passwords"
    account: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    at: Mapped[dt.datetime]


class SessionRow(Living):
    """Somebody who has signed in; the row goes when they sign out."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_by_account", "account"),)
    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the cookie."""
    account: Mapped[str]
    begun: Mapped[dt.datetime]
    seen: Mapped[dt.datetime]


class TokenRow(Living):
    """A token with which a program asks for somebody."""

    __tablename__ = "tokens"
    __table_args__ = (Index("tokens_by_account", "account"),)
    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the token; its beginning is the token's id."""
    account: Mapped[str]
    label: Mapped[str]
    role: Mapped[str]
    made: Mapped[dt.datetime]
    expires: Mapped[dt.datetime]
    used: Mapped[dt.datetime | None]
    revoked: Mapped[dt.datetime | None]

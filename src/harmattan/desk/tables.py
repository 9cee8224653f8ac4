"""The desk's tables. All of them are only ever added to: triggers in the database refuse a change and a removal.

A document's text is kept as it was first taken in, so that offsets stay true. What is said about it (published when,
by whom, confidential or not) stands in its intakes, one row for each time it came to the desk, the newest last. Each
says the SHA-256 of the file, when, by whom and with which version of the program it was taken in: the record that the
Berkeley Protocol on Digital Open Source Investigations asks for where an item is collected and preserved (OHCHR and
Human Rights Center, UC Berkeley School of Law, 2020, HR/PUB/20/2).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Dialect, ForeignKey, ForeignKeyConstraint, Index, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[dt.datetime]):
    """A time with its zone, kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """As the database keeps it. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the time says no time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        """As the program has it."""
        if value is None:
            return None
        zoned: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return zoned.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {str: Text, dict[str, Any]: JSON, dt.datetime: Moment, bool: Boolean, int: Integer}  # noqa: RUF012


class DocumentRow(Base):
    """A document's text."""

    __tablename__ = "documents"
    digest: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]


class IntakeRow(Base):
    """One time that a document came to the desk, and what was said of it."""

    __tablename__ = "intakes"
    document: Mapped[str] = mapped_column(ForeignKey("documents.digest"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    by: Mapped[str]
    tool: Mapped[str]
    said: Mapped[dict[str, Any]]


class AssertionRow(Base):
    """One version of an assertion."""

    __tablename__ = "assertions"
    __table_args__ = (
        Index("assertions_by_document", "document", "kind"),
        Index("assertions_by_state", "state", "document"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(ForeignKey("documents.digest"))
    start: Mapped[int]
    end: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    reviewer: Mapped[str]
    at: Mapped[dt.datetime]
    said: Mapped[dict[str, Any]]
    """The rest of it: citation, words, meaning, dates, modality, origin, note."""


class ExportRow(Base):
    """One export: who took what out, when."""

    __tablename__ = "exports"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    by: Mapped[str]
    tool: Mapped[str]
    format: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of what was handed out."""
    quoted: Mapped[bool]
    """Whether words of confidential documents were in it."""


class ExportedRow(Base):
    """One version of an assertion that was in an export."""

    __tablename__ = "exported"
    __table_args__ = (ForeignKeyConstraint(["assertion", "version"], ["assertions.id", "assertions.version"]),)
    export: Mapped[int] = mapped_column(ForeignKey("exports.number"), primary_key=True)
    assertion: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)

"""The desk: documents, what they are said to say, and what people decided about it.

Everything is added and nothing is changed: a review makes a new version of an assertion, and all versions stay. What is
acknowledged is on the disk. Reads and writes are transactions; of two people who review the same assertion the second
is told what the first did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harmattan import __version__
from harmattan.desk import engine as engines
from harmattan.desk.finding import (
    all_documents,
    best_first,
    ids_of,
    last_intake,
    newest,
    newest_of,
    one_assertion,
    one_document,
)
from harmattan.desk.rows import Export, Intake, assertion_of, document_of, intake_of, keepable, merged, row_of, said_of
from harmattan.desk.rules import changed_meanwhile, claim_in, contradicts, revised
from harmattan.desk.tables import AssertionRow, DocumentRow, ExportedRow, ExportRow, IntakeRow
from harmattan.errors import DeskError, UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.assertion import Assertion, State
from harmattan.vocabulary.claim import About, Claim, Claims
from harmattan.vocabulary.document import Document

OPEN: tuple[State, ...] = ("candidate", "conflict")
"""The states in which somebody has to look at an assertion."""


class Desk:
    """A desk that is open. Use it in a `with`, or close it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, where: str | Path) -> Self:
        """The desk at a file or at a URL of PostgreSQL; made where there is none, brought up to date where it is older.

        Raises DeskError or UsageError in one line; a password is never repeated.
        """
        return cls(engines.engine(where))

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    def add(self, document: Document, at: dt.datetime, by: str = "") -> Intake:
        """Keeps a document, and who brought it when. The same file again adds nothing, unless more is said of it.

        The text stays as it was first taken in, so that citations stay true.
        """
        keepable([document.text, said_of(document), by])
        with self.writing(document.digest) as session:
            row = session.get(DocumentRow, document.digest)
            if row is None:
                row = DocumentRow(digest=document.digest, kind=document.kind, text=document.text)
                session.add(row)
                session.flush()
            before = last_intake(session, document.digest)
            said = said_of(document) if before is None else merged(before.said, said_of(document))
            if before is not None and said == before.said:
                return intake_of(before)
            number = 1 if before is None else before.number + 1
            made = IntakeRow(document=row.digest, number=number, at=at, by=by, tool=__version__, said=said)
            session.add(made)
            session.flush()
            return intake_of(made, new=True)

    def documents(self) -> tuple[Document, ...]:
        """Every document, in the order in which they came."""
        with self.reading() as session:
            return tuple(document_of(row, said) for row, said in all_documents(session))

    def document(self, id: str) -> Document:
        """A document by its id or digest, or their beginning. Raises UsageError where there is not exactly one."""
        with self.reading() as session:
            return document_of(*one_document(session, id))

    def intakes(self, id: str) -> tuple[Intake, ...]:
        """Each time that a document came to the desk, the first first."""
        with self.reading() as session:
            row, _ = one_document(session, id)
            asked = sa.select(IntakeRow).where(IntakeRow.document == row.digest).order_by(IntakeRow.number)
            return tuple(map(intake_of, session.scalars(asked)))

    def propose(self, assertions: Iterable[Assertion]) -> tuple[Assertion, ...]:
        """Adds candidates, and gives those that are new.

        One that is there already stays as it is. Only where nobody has reviewed it yet and a later version of the rule
        now says something else, that becomes its next version. Raises UsageError for a citation whose words do not
        stand there; then nothing is added.
        """
        added: list[Assertion] = []
        by_document: dict[str, list[Assertion]] = {}
        for made in assertions:
            by_document.setdefault(made.document, []).append(made)
        with self.writing(*sorted(by_document)) as session:
            for digest, several in by_document.items():
                text = one_document(session, digest)[0].text
                there = {row.id: assertion_of(row) for row in newest(session, AssertionRow.document == digest)}
                for made in several:
                    _cited(made, text)
                    version = _proposed(there.get(made.id), made)
                    if version is not None:
                        there[made.id] = version
                        added.append(version)
                        session.add(row_of(version))
        return tuple(added)

    def assertion(self, id: str) -> Assertion:
        """The newest version of an assertion, by its id or its beginning."""
        with self.reading() as session:
            return assertion_of(one_assertion(session, id))

    def assertions(
        self,
        document_id: str | None = None,
        states: Sequence[str] | None = None,
        kind: str | None = None,
        within: tuple[int, int] | None = None,
    ) -> tuple[Assertion, ...]:
        """The newest version of each assertion, in the order of the text; of one document, some states, one kind.

        `within` asks for those only that quote something between two positions of the text.
        """
        with self.reading() as session:
            asked = _asked(session, document_id, states, kind)
            if within is not None:
                asked += [AssertionRow.end > within[0], AssertionRow.start < within[1]]
            return tuple(map(assertion_of, newest(session, *asked)))

    def waiting(
        self, document_id: str, kind: str | None = None, states: Sequence[str] | None = OPEN
    ) -> tuple[str, ...]:
        """The ids of what `queue` gives, in its order; quick also where a document has very many."""
        with self.reading() as session:
            return tuple(ids_of(session, kind, *_asked(session, document_id, states, kind)))

    def tally(self, document_id: str) -> dict[tuple[str, str], int]:
        """How many assertions of a document there are, by kind and state."""
        with self.reading() as session:
            each = newest_of(*_asked(session, document_id, None, None)).subquery()
            asked = sa.select(each.c.kind, each.c.state, sa.func.count()).group_by(each.c.kind, each.c.state)
            return {(kind, state): n for kind, state, n in session.execute(asked)}

    def queue(
        self, document_id: str, kind: str | None = None, states: Sequence[str] | None = OPEN
    ) -> tuple[Assertion, ...]:
        """What somebody has to look at in a document: candidates and conflicts, in the order of the text.

        Of claims alone those first that can be checked best. Other states can be asked for; None means all.
        """
        return best_first(self.assertions(document_id, states, kind), kind)

    def history(self, id: str) -> tuple[Assertion, ...]:
        """Every version of an assertion, the first first."""
        with self.reading() as session:
            whole = one_assertion(session, id).id
            asked = sa.select(AssertionRow).where(AssertionRow.id == whole).order_by(AssertionRow.version)
            return tuple(map(assertion_of, session.scalars(asked)))

    def review(
        self,
        id: str,
        state: State,
        reviewer: str,
        at: dt.datetime,
        *,
        canonical: Mapping[str, Any] | None = None,
        note: str = "",
        expected_version: int | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> Assertion:
        """Decides about an assertion, and may change what it means; gives the version that stands now.

        `also` may change `as_written`, `first`, `last`, `modality` and `attributed_to`. One that was accepted and is
        changed is a candidate again; one that contradicts an accepted one about the same words comes back as
        `conflict`. Raises DeskError where somebody else has made another version than the expected one.
        """
        with self.reading() as session:
            found = one_assertion(session, id)
            whole, document = found.id, found.document
        with self.writing(document) as session:
            now = assertion_of(one_assertion(session, whole))
            if expected_version is not None and now.version != expected_version:
                raise changed_meanwhile(now, expected_version)
            made = revised(now, state, reviewer, at, canonical=canonical, note=note, also=also)
            if made is now:
                return now
            if made.state == "accepted" and _against(session, made):
                made = made.model_copy(update={"state": "conflict"})
            session.add(row_of(made))
            try:
                session.flush()
            except IntegrityError:
                raise changed_meanwhile(self.assertion(whole), now.version) from None
        return made

    def against(self, made: Assertion) -> tuple[Assertion, ...]:
        """The accepted assertions that an assertion contradicts."""
        with self.reading() as session:
            return _against(session, made)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many assertions there are of each state, by the document's digest."""
        counted: dict[str, dict[str, int]] = {}
        with self.reading() as session:
            each = newest_of().subquery()
            asked = sa.select(each.c.document, each.c.state, sa.func.count()).group_by(each.c.document, each.c.state)
            for document, state, n in session.execute(asked):
                counted.setdefault(document, {})[state] = n
        return counted

    def log_export(
        self, taken: Iterable[Assertion], format: str, made: bytes, *, at: dt.datetime, by: str, quoted: bool
    ) -> None:
        """Writes down who took what out when; `made` is what was handed out, `quoted` whether it quotes what is
        confidential."""
        keepable([format, by])
        digest = hashlib.sha256(made).hexdigest()
        with self.writing() as session:
            row = ExportRow(at=at, by=by, tool=__version__, format=format, digest=digest, quoted=quoted)
            session.add(row)
            session.flush()
            session.add_all(ExportedRow(export=row.number, assertion=a.id, version=a.version) for a in taken)

    def exports(self) -> tuple[Export, ...]:
        """Every export, the first first."""
        with self.reading() as session:
            held: dict[int, list[tuple[str, int]]] = {}
            for row in session.scalars(sa.select(ExportedRow)):
                held.setdefault(row.export, []).append((row.assertion, row.version))
            return tuple(
                Export(row.at, row.by, row.format, row.digest, row.quoted, tuple(sorted(held.get(row.number, ()))))
                for row in session.scalars(sa.select(ExportRow).order_by(ExportRow.number))
            )

    def claims(self, document_id: str) -> Claims:
        """The accepted claims of a document as a claims file. Raises UsageError where there are none, or no date."""
        document = self.document(document_id)
        accepted = self.assertions(document.digest, ("accepted",), "claim")
        if not accepted:
            raise UsageError(
                T("No claim of {title} is accepted.", title=Verbatim(document.title or document.id)),
                do=T("Say {command}.", command=Verbatim(f"harmattan desk claim {document.id} --quote … --part …")),
            )
        if document.day is None:
            raise UsageError(
                T("It is not known when {title} was published.", title=Verbatim(document.title or document.id)),
                do=T("Add the file again with --published."),
            )
        about = About(
            title=document.title or document.file or document.id,
            publisher=document.publisher,
            date=document.published,
            url=document.url,
            language=document.language,
            digest=document.digest,
        )
        return Claims(document=about, as_of=document.day, claim=_told_apart(accepted))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that reads."""
        with engines.told(self.engine), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self, *documents: str) -> Iterator[Session]:
        """A transaction that writes about some documents: nobody else writes about them meanwhile."""
        with engines.told(self.engine):
            writer = self.engine.execution_options(writes=True)
            with Session(writer, expire_on_commit=False) as session, session.begin():
                if self.engine.dialect.name == "postgresql":
                    for digest in documents:
                        lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(digest, 0))
                        session.execute(sa.select(lock))
                yield session


def _asked(
    session: Session, document_id: str | None, states: Sequence[str] | None, kind: str | None
) -> list[sa.ColumnElement[bool]]:
    asked: list[sa.ColumnElement[bool]] = []
    if document_id is not None:
        asked.append(AssertionRow.document == one_document(session, document_id)[0].digest)
    if states is not None:
        asked.append(AssertionRow.state.in_(states))
    if kind is not None:
        asked.append(AssertionRow.kind == kind)
    return asked


def _against(session: Session, made: Assertion) -> tuple[Assertion, ...]:
    others = newest(
        session,
        AssertionRow.document == made.document,
        AssertionRow.kind == made.kind,
        AssertionRow.state == "accepted",
        AssertionRow.start == made.citation.start,
        AssertionRow.end == made.citation.end,
    )
    return tuple(other for other in map(assertion_of, others) if contradicts(made, other))


def _cited(made: Assertion, text: str) -> None:
    if text[made.citation.start : made.citation.end] != made.citation.exact:
        raise UsageError(
            T("The words of {id} do not stand where it says they do.", id=Verbatim(made.id)),
            do=T("Read the document on the desk, not another copy of it."),
        )


def _proposed(there: Assertion | None, made: Assertion) -> Assertion | None:
    """What becomes of a proposal: itself, a next version of what nobody has looked at, or nothing."""
    if there is None:
        if made.version != 1 or made.state != "candidate":
            raise DeskError(T("{id} is no candidate.", id=Verbatim(made.id)))
        return made
    untouched = there.state == "candidate" and not there.reviewer
    if untouched and there.origin.version != made.origin.version and there.canonical != made.canonical:
        return made.model_copy(update={"version": there.version + 1})
    return None


def _told_apart(accepted: Sequence[Assertion]) -> tuple[Claim, ...]:
    """The claims; of those with the same id the later ones get the assertion's id behind theirs."""
    found: dict[str, Claim] = {}
    for made in accepted:
        claim = claim_in(made)
        name = claim.id if claim.id not in found else f"{claim.id}-{made.id}"
        found[name] = claim.model_copy(update={"id": name})
    return tuple(found.values())

"""What is done in the process beside: documents are opened and read, claims are checked, releases byte by byte.

A file that somebody sent is parsed there and not in the server; what its parser does cannot disturb the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harmattan import data
from harmattan.case import Case
from harmattan.checks.claims_file import load
from harmattan.checks.example import document_of, proposed
from harmattan.checks.judging import judged
from harmattan.checks.proposals import proposals
from harmattan.checks.verdict import Checked
from harmattan.desk import audit
from harmattan.desk.store import Desk
from harmattan.lake.shelf import Held, Lake
from harmattan.lake.verify import Verdict, verdict_of
from harmattan.lake.verify import verify as verify_lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.documents import Said, document_in
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.claim import Claims
from harmattan.vocabulary.document import Document
from harmattan.web.asking import inquiry_beside

Step = Callable[[int, int], None]
STEPS = 4


@dataclass(frozen=True)
class Place:
    """Where the desk and the lake are, and who brings something when."""

    desk: str | Path
    lake: Lake
    dossiers: tuple[str, ...]
    by: str
    at: dt.datetime


def take_in(step: Step, place: Place, content: bytes, file: str, said: Said) -> str:
    """Opens what was sent, keeps it and proposes what it seems to say. Gives the document's digest.

    Raises WrongFile or UsageError, in one line, for what is no document.
    """
    step(0, STEPS)
    return _kept(step, place, document_in(content, file, said))


def take_in_example(step: Step, place: Place) -> str:
    """The example that comes with the package, and its claims as candidates."""
    step(0, STEPS)
    path = examples()[0]
    claims = load(path)
    document = document_of(claims, path.stem)
    return _kept(step, place, document, proposed(claims, document, place.at))


def examples() -> list[Path]:
    """The claims files that come with the package."""
    return sorted(data.CLAIMS.glob("*.toml"))


def say_more(step: Step, place: Place, said: Document) -> str:
    """Keeps what is newly said of a document, and reads it again."""
    return _kept(step, place, said)


def _kept(step: Step, place: Place, document: Document, also: tuple[Assertion, ...] = ()) -> str:
    with Desk.open(place.desk) as held:
        if held.add(document, place.at, by=place.by).new:
            audit.note(held, place.at, place.by, "document-added", document.id)
        kept = held.document(document.digest)
        step(1, STEPS)
        found, _unread = proposals(kept, World(place.lake, place.dossiers), place.at)
        step(2, STEPS)
        held.propose([*also, *found])
        step(STEPS, STEPS)
    return document.digest


@dataclass(frozen=True)
class ToCheck:
    """Claims to be checked."""

    claims: Claims
    said: Params
    """As-of and known-by dates, where they are said."""
    lake: Lake
    case: Case
    state: str
    """Of the lake."""


def check(step: Step, wanted: ToCheck) -> tuple[Checked, Params]:
    """The verdicts on claims."""
    step(0, 1)
    found = judged(wanted.claims, _inquiry(wanted), wanted.case, wanted.said)
    step(1, 1)
    return found


def report(_step: Step, wanted: ToCheck, format: Literal["html", "pdf"], command: str, language: str) -> bytes:
    """The report on checked claims as a file."""
    from harmattan.brief import check_html, check_pdf
    from harmattan.brief.check_page import compose

    inquiry, speaker = _inquiry(wanted), Speaker(language)
    checked, params = judged(wanted.claims, inquiry, wanted.case, wanted.said)
    page = compose(checked, inquiry, params, command, speaker)
    return check_html.render(page, speaker) if format == "html" else check_pdf.render(page, speaker)


def _inquiry(wanted: ToCheck) -> Inquiry:
    return inquiry_beside(wanted.lake, wanted.case.dossiers, wanted.state)


def verify(step: Step, held: Held) -> Verdict:
    """Checks a release byte by byte."""
    step(0, 1)
    return verdict_of(held)


def verify_all(_step: Step, lake: Lake) -> list[Verdict]:
    """Checks every release of a lake."""
    return verify_lake(lake)

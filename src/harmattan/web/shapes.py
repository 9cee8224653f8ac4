"""The shapes of what the API gives and takes, for its description; what they hold is made elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from harmattan.vocabulary.assertion import AssertionKind, State
from harmattan.vocabulary.origin import Evidence, Release

Row = dict[str, Any]


class Shape(BaseModel):
    """An object of the API: it has these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="always about:blank: the status says what kind of problem it is")
    title: str = Field(description="in the language that was asked for")
    status: int
    detail: str = Field(description="what went wrong, what there is, and what to do")
    instance: str = Field(description="the address that was asked")


class ColumnShape(Shape):
    """A column of an answer."""

    name: str
    unit: str
    description: str


class AnswerShape(Shape):
    """The stable JSON of an answer, as `harmattan ask --format json` prints it."""

    question: str
    params: dict[str, Any] = Field(description="everything that was asked, with what the case adds")
    headline: str
    columns: list[ColumnShape]
    rows: list[Row] = Field(description="the columns by name; `evidence` is the id of the records behind the row")
    evidence: list[Evidence]
    caveats: list[str]


class AlertsShape(AnswerShape):
    """The alerts with the title of the case and the attributions."""

    case: str
    sources: list[str]


class EvidenceShape(Shape):
    """The records behind an answer or one of its rows, as `harmattan evidence --format json` prints them."""

    id: str
    question: str
    params: dict[str, Any]
    evidence: Evidence
    title: str
    rows: list[Row]
    sources: list[str] = Field(description="how each publisher asks to be cited")


class EventsShape(Shape):
    """Single records of events, those with the most deaths first."""

    id: str = Field(description="the answer whose evidence they are")
    title: str
    total: int
    offset: int
    limit: int
    next: str | None = Field(description="the address of the next page; null where this is the last")
    columns: list[ColumnShape]
    rows: list[Row]
    sources: list[str]
    caveats: list[str]


class ParameterShape(Shape):
    """A parameter of a question."""

    name: str
    type: Literal["string", "integer", "number", "date"]
    many: bool = Field(description="whether it can be said several times, or joined by commas")
    description: str
    choices: list[str] = Field(description="the only words it takes; empty where any will do")
    example: str


class QuestionShape(Shape):
    """A question: what it means, what it takes and what it gives."""

    name: str
    meaning: str
    reference: str | None = Field(description="where its method is published")
    emerging: bool = Field(description="whether its method has no published reference yet")
    slow: bool = Field(description="whether its answer may take many seconds")
    rests_on: str
    parameters: list[ParameterShape]
    columns: list[ColumnShape]
    formats: list[str]
    ask: str = Field(description="the address that answers it")


class ReleaseShape(Release):
    """A release of a data set: its origin, licence, coverage and files."""

    embedded: bool = Field(description="whether it comes with Harmattan")


class DiffShape(Shape):
    """What changed between two releases."""

    before: str
    after: str
    rows: list[Row]
    candidates_unchanged: int
    notes: list[str]


class VerdictShape(Shape):
    """A release, and what is wrong with it."""

    name: str
    faults: list[str] = Field(description="empty where it is whole")


class ActorShape(Shape):
    """An actor of the dossier."""

    id: str
    label: str
    short: str | None
    kind: str
    countries: list[str]
    start: str | None
    end: str | None
    card: str = Field(description="the address of its card")


class ActorsShape(Shape):
    """Actors of the dossier, by id."""

    total: int
    offset: int
    limit: int
    next: str | None
    rows: list[ActorShape]
    sources: list[str]


class StepsShape(Shape):
    """How far work is."""

    done: int
    total: int


class JobShape(Shape):
    """A piece of work that takes long."""

    id: str
    what: str
    state: Literal["running", "done", "failed"]
    progress: StepsShape | None
    seconds: int = Field(description="since it was started")
    by: str
    result: str | None = Field(description="where its result is: ask there again")
    fault: str | None


class WaitingShape(Shape):
    """An answer that is not there yet."""

    job: str
    status: Literal["running"]
    at: str = Field(description="the address that says how far it is")


class CaseShape(Shape):
    """The crisis that is watched."""

    name: str
    title: str
    focus: str
    countries: list[str]
    neighbours: list[str]
    since: dt.date
    as_of: dt.date
    window_months: int
    events: str
    dossiers: list[str]
    sections: list[str]
    rules: list[str] = Field(description="the alert rules, written out")
    language: str
    state: str = Field(description="changes when a release comes or goes")


class SectionShape(Shape):
    """A section of the brief."""

    name: str
    in_case: bool


class MeShape(Shape):
    """Who asks."""

    name: str
    role: str
    language: str
    signed_in: bool
    by_token: bool
    csrf: str = Field(description="what a program without a token sends along as X-CSRF-Token when it changes things")


class HealthShape(Shape):
    """Whether the server answers."""

    status: Literal["ok"]
    version: str


class DocumentShape(Shape):
    """A document of the reading desk."""

    id: str
    digest: str
    title: str | None
    file: str | None
    kind: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    confidential: bool
    reliability: str | None
    assertions: dict[str, int] = Field(description="how many of its assertions are in each state")


class DocumentsShape(Shape):
    """Documents of the reading desk, in the order in which they came."""

    total: int
    offset: int
    limit: int
    next: str | None
    rows: list[DocumentShape]


class AssertionShape(BaseModel):
    """A version of an assertion; of a confidential document without its words."""

    model_config = ConfigDict(extra="allow")

    id: str
    version: int
    document: str
    kind: AssertionKind
    state: State
    confidential: bool
    canonical: dict[str, Any]
    quote: str | None = None
    origin: str
    reviewer: str
    at: dt.datetime


class AssertionsShape(Shape):
    """Assertions in the order of the text."""

    total: int
    offset: int
    limit: int
    next: str | None
    rows: list[AssertionShape]


class ReviewShape(Shape):
    """What a person decides about an assertion."""

    state: State
    expected_version: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="the version that was looked at: where there is a newer one, nothing is kept and 409 is answered"
    )
    canonical: dict[str, Any] | None = Field(
        default=None, description="what it means instead: the fields given take the place of those there"
    )
    note: str = Field(default="", max_length=2000)

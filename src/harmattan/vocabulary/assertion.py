"""What a document is said to say: as written and canonical apart, with its exact place, its origin and its review.

The fields follow the claim model of the Security Force Monitor (Columbia Law School Human Rights Institute), which
keeps for each datum its sources, the words, dates known in part, and who put it there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from harmattan.vocabulary.document import Citation
from harmattan.vocabulary.partial import PartialDate

AssertionKind = Literal["actor", "place", "date", "figure", "new_name", "relation", "event", "claim"]
Modality = Literal["asserted", "reported", "implied", "planned", "denied"]
State = Literal["candidate", "accepted", "conflict", "rejected", "obsolete"]
OriginKind = Literal["human", "rule", "model"]
KINDS: tuple[AssertionKind, ...] = get_args(AssertionKind)
MODALITIES: tuple[Modality, ...] = get_args(Modality)
STATES: tuple[State, ...] = get_args(State)
SEVERAL: tuple[AssertionKind, ...] = ("relation", "event", "claim")
"""The kinds of which the same words may say several: those are told apart by what they mean."""


def _partial(value: Any) -> Any:
    return PartialDate.parse(value) if isinstance(value, str) else value


Partial = Annotated[
    PartialDate,
    BeforeValidator(_partial, json_schema_input_type=str),
    PlainSerializer(str, return_type=str),
]


class Kept(BaseModel):
    """A record that is checked once, when it is made, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Origin(Kept):
    """Who or what put an assertion there: a person, a rule of the program, a language model."""

    kind: OriginKind
    name: str = Field(min_length=1)
    """The person; the rule, such as `reading.dates`; the model."""
    version: str = ""
    """Of the rule; of a model the SHA-256 of the prompt it was asked with."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" + (f"@{self.version}" if self.version else "")


_SCORED = re.compile(r"score ([01]\.\d+)")


def scored(score: float) -> str:
    """The note of a proposed claim: how well it can be checked, 0 to 1.

    >>> scored(0.9)
    'score 0.90'
    """
    return f"score {score:.2f}"


def score_in(note: str) -> float:
    """The score that a note says; 0 where it says none.

    >>> score_in("score 0.90"), score_in("as the annex has it")
    (0.9, 0.0)
    """
    found = _SCORED.fullmatch(note)
    return float(found[1]) if found else 0.0


class Assertion(Kept):
    """One version of one assertion. A change makes a new version; no version is ever changed or removed."""

    id: str = Field(min_length=1)
    version: int = Field(default=1, ge=1)
    document: str
    """Digest of the document."""
    citation: Citation
    kind: AssertionKind
    as_written: dict[str, str]
    """The document's own words, by what they say: `{"actor": "le GSIM", "value": "une trentaine"}`."""
    canonical: dict[str, Any] = {}
    """What that comes to, as plain JSON: `{"actor": "jnim", "value": 30, "qualifier": "about"}`."""
    first: Partial | None = None
    """Since when, as far as known."""
    last: Partial | None = None
    modality: Modality = "asserted"
    attributed_to: str = ""
    """Whom the document names as having said so."""
    origin: Origin
    state: State = "candidate"
    reviewer: str = ""
    at: dt.datetime
    """When this version was made, with its time zone; handed in, never read from a clock."""
    note: str = ""

    @property
    def score(self) -> float:
        """How well a proposed claim can be checked, 0 to 1, as its note has it; 0 where it says nothing of that."""
        return score_in(self.note)

    @model_validator(mode="after")
    def _whole(self) -> Assertion:
        if self.state in ("accepted", "rejected") and not self.reviewer:
            raise ValueError(f"somebody has to have {self.state} it: the reviewer is missing")
        if self.at.tzinfo is None:
            raise ValueError("the time says no time zone")
        return self


def id_of(document: str, citation: Citation, kind: AssertionKind, origin: Origin, canonical: dict[str, Any]) -> str:
    """The id of an assertion: sixteen hexadecimal digits of what it is about and who put it there.

    The same words found again by the same rule, also by a later version of it, are the same assertion. Of relations,
    events and claims there may be several about the same words, so those are told apart by their meaning as well.

    >>> span, rule = Citation(start=0, end=4, exact="Mali"), Origin(kind="rule", name="names", version="1")
    >>> later = rule.model_copy(update={"version": "2"})
    >>> id_of("0" * 64, span, "place", rule, {}) == id_of("0" * 64, span, "place", later, {"iso3": "MLI"})
    True
    """
    about = [document, citation.start, citation.end, citation.exact, kind, origin.kind, origin.name]
    about += [canonical] if kind in SEVERAL else []
    written = json.dumps(about, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]

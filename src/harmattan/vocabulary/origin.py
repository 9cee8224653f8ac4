"""Where data come from and what they may be used for: licence, coverage, release, evidence."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from harmattan.vocabulary.criteria import UNSAID, Criteria
from harmattan.vocabulary.family import family_of
from harmattan.vocabulary.period import Period

Dimension = Literal["day", "cell", "kind", "dyad", "actor", "event_type"]
EVENT_DIMENSIONS: tuple[Dimension, ...] = ("day", "cell", "kind", "dyad", "actor")


class Frozen(BaseModel):
    """A record that is checked once, when it is made, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(Frozen):
    """What a publisher allows."""

    name: str
    url: str
    redistributable: bool
    """Whether single records may be handed on."""


class Origin(Frozen):
    """A publisher's data set: who makes it, under which licence, and how it asks to be cited."""

    dataset: str
    publisher: str
    title: str
    title_in_french: str = ""
    url: str
    licence: Licence
    citation: str
    contract: str = "events"
    """The name of the table contract that its rows keep (`harmattan.vocabulary.schema`)."""


class Hidden(Frozen):
    """What the publisher has and this user's licence does not show: silence there is a licence, not peace."""

    places: tuple[str, ...]
    """ISO3 codes, sorted."""
    after: dt.date
    """The last day that the licence shows; later days are hidden."""
    why: str
    """The publisher's restriction, in its words."""


class Coverage(Frozen):
    """What a release speaks about. Within it silence is zero; outside it silence is nothing at all."""

    places: tuple[str, ...]
    """ISO3 codes, sorted."""
    start: dt.date
    end: dt.date
    dimensions: tuple[Dimension, ...]
    """By what the records can be told apart."""
    basis: str
    """How the places and the period are known: stated by the user, by the release's label, or seen in the file."""
    hidden: Hidden | None = None
    """What a licence hides from this release."""
    event_types: tuple[str, ...] = ()
    """The only types of events or groups of types that it speaks about; empty: all that its publisher records."""

    @model_serializer(mode="wrap")
    def _as_before(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without the field that joined later, where it says nothing: kept descriptions stay as they were written."""
        said: dict[str, Any] = plain(self)
        if not said.get("event_types"):
            said.pop("event_types", None)
        return said

    @property
    def period(self) -> Period:
        """The covered days."""
        return Period(self.start, self.end)


class FileDigest(Frozen):
    """One file of a release."""

    path: str
    sha256: str
    bytes: int
    rows: int | None = None
    kept: bool = True
    """Whether the file stands in the release; one that names people does not stand beside their pseudonyms."""

    @model_serializer(mode="wrap")
    def _said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is kept does not say so: the descriptions of earlier releases stay what they are."""
        return {name: value for name, value in plain(self).items() if name != "kept" or not value}


Status = Literal["final", "candidate", "figures", "curated", "rolling", "sample"]
"""A final file, a candidate file that a final one will replace, figures summed by Harmattan, a dossier that editors
keep, the state of a data set that its publisher changes all the time, or a sample, whose silence means nothing and
which answers no question."""


class Release(Frozen):
    """One publication of one data set; its folder never changes."""

    origin: Origin
    label: str
    status: Status
    published: dt.date
    """The latest day on which it can have come out; `published_basis` says how that is known."""
    published_basis: str
    retrieved_at: dt.datetime | None
    coverage: Coverage
    rows: int
    events: int
    rejects: int
    range_broken: int
    """Events that break low <= best <= high in the source; kept and marked."""
    made_by: str
    """The command that made it."""
    files: tuple[FileDigest, ...]
    raw: tuple[FileDigest, ...]
    derived_from: tuple[str, ...] = ()
    """Digests of the releases that summed figures were computed from, or that an update was laid over."""
    notices: tuple[str, ...] = ()
    """What was unexpected in the files, such as columns that came or went."""
    pseudonyms: str | None = None
    """What tells the key by which its accounts became pseudonyms from other keys; None where nobody is named, or where
    identities were asked for."""
    digest: str
    """SHA-256 over the digests of its files: the same rows have the same digest."""

    @model_serializer(mode="wrap")
    def _said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A release without pseudonyms does not speak of them."""
        return {name: value for name, value in plain(self).items() if name != "pseudonyms" or value is not None}

    @property
    def dataset(self) -> str:
        """The name of the data set."""
        return self.origin.dataset

    @property
    def family(self) -> str:
        """The family of its data set."""
        return family_of(self.dataset)

    @property
    def name(self) -> str:
        """Data set and label, as the command line writes them."""
        return f"{self.dataset}@{self.label}"

    def has(self, table: str) -> bool:
        """Whether it has a table of this name."""
        return any(file.path == f"{table}.parquet" for file in self.files)


class ReleaseRef(Frozen):
    """What a reader needs to find the very release again."""

    name: str
    digest: str
    publisher: str
    licence: str
    citation: str
    published: dt.date
    status: str
    redistributable: bool
    beside: Annotated[bool, UNSAID] = False
    """Whether records of it are only looked at, as areas are to place events: none of them is handed on."""

    @classmethod
    def to(cls, release: Release) -> ReleaseRef:
        """The reference to a release."""
        return cls(
            name=release.name,
            digest=release.digest,
            publisher=release.origin.publisher,
            licence=release.origin.licence.name,
            citation=release.origin.citation,
            published=release.published,
            status=release.status,
            redistributable=release.origin.licence.redistributable,
        )


class Evidence(Frozen):
    """The very rows behind a number: which releases, which records of them, how many, and how to list them."""

    id: str
    releases: tuple[ReleaseRef, ...]
    criteria: Criteria
    rows: int
    command: str = Field(description="lists the rows")

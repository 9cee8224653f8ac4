"""What an article says, taken apart so that each part can be checked: claims, their parts, and files of them.

A claim is a quotation and its parts. A part names a check and what the check needs, in the words of the command line:
countries by ISO3, actors by any name of the dossier, dates known in part. `schema()` is the published JSON Schema.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harmattan.vocabulary.amount import Amount, Qualifier
from harmattan.vocabulary.assertion import Modality, Partial
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.criteria import Kind
from harmattan.vocabulary.document import Citation
from harmattan.vocabulary.partial import check_order

SCHEMA_ID = "harmattan-claims-1"
Measure = Literal["events", "deaths", "civilians"]
Words = Annotated[str, Field(min_length=1)]


def _country(value: Any) -> Any:
    if isinstance(value, str) and value not in COUNTRIES:
        raise ValueError(f"{value!r} is no ISO3 code of a country")
    return value


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


Iso3 = Annotated[str, BeforeValidator(_country)]
Countries = Annotated[tuple[Iso3, ...], BeforeValidator(_several)]
Names = Annotated[tuple[Words, ...], BeforeValidator(_several)]


class Stated(BaseModel):
    """A piece of a claims file; unknown fields are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


class Where(Stated):
    """Of which records a part speaks. Several fields must all hold."""

    country: Annotated[Countries, Field(min_length=1)]
    place: Words | None = None
    """A town, region or other place within, by its name; several with semicolons between them are taken together."""
    start: Partial | None = Field(None, alias="from")
    end: Partial | None = Field(None, alias="to")
    """Empty: the day of `from` where that is said; else as far as the claims file's as-of date."""
    actor: Names = ()
    """On either side, by any name of the dossier."""
    by: Names = ()
    """Who killed, or took part in the killing: the perpetrators."""
    against: Names = ()
    """Whom they fought."""
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_several)] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Any:
        check_order(self.start, self.end)
        return self

    def narrowed(self, to: Mapping[str, Any]) -> Where:
        """The same records with some fields of a claims file said otherwise.

        Raises pydantic's ValidationError for a field that there is not.
        """
        mine = {info.alias or name: getattr(self, name) for name, info in Where.model_fields.items()}
        return Where.model_validate(mine | dict(to))


class Stating(Stated):
    """A part that states a number."""

    value: float = Field(ge=0)
    high: float | None = None
    qualifier: Qualifier = "exact"

    @property
    def amount(self) -> Amount:
        """The number as it was written."""
        return Amount(self.value, self.qualifier, self.high)


class Exists(Where):
    """That there was such violence, or (`expect = "none"`) that there was none."""

    check: Literal["exists"]
    expect: Literal["some", "none"] = "some"


class First(Where):
    """When the first such record is dated: on a date, by it, or not before it."""

    check: Literal["first"]
    date: Partial
    how: Literal["on", "by", "after"] = "on"


class Count(Where, Stating):
    """How many events there were, or how many a day, week or month; `0.9` a day is almost daily."""

    check: Literal["count"]
    per: Literal["day", "week", "month"] | None = None


class Value(Where, Stating):
    """How many died, or how many civilians: in all of it, or in the worst single incident."""

    check: Literal["value"]
    measure: Literal["deaths", "civilians"] = "deaths"
    take: Literal["sum", "max"] = "sum"


class Compare(Where):
    """That one period, country or actor had more or less than another. What `than` does not say is the same in both."""

    check: Literal["compare"]
    measure: Measure = "deaths"
    is_: Literal["more", "less", "same"] = Field(alias="is")
    factor: float = Field(1.0, gt=0)
    """At least so many times as much ("doubled": 2)."""
    than: dict[str, Any]
    """The fields of the other side that differ: `{from = "2021", to = "2021"}`, `{country = ["NER"]}`."""

    @property
    def other(self) -> Where:
        """The other side, whole."""
        return self.narrowed(self.than)

    @model_validator(mode="after")
    def _other_whole(self) -> Any:
        _ = self.other
        return self


class Rank(Where):
    """That a window of months was the highest, or among the `top` highest, since a month."""

    check: Literal["rank"]
    measure: Measure = "deaths"
    since: Partial | None = None
    window: int = Field(12, ge=1, le=1200)
    top: int = Field(1, ge=1)
    """1: the highest of all; 3: among the three highest windows that do not overlap."""


class Share(Where, Stating):
    """Which part of it was done by somebody or happened somewhere, in percent."""

    check: Literal["share"]
    measure: Measure = "deaths"
    of: dict[str, Any]
    """What the part is narrowed to: `{by = ["JNIM"]}`, `{country = ["MLI"]}`, `{place = "Mopti"}`."""

    @property
    def piece(self) -> Where:
        """The part of the whole."""
        return self.narrowed(self.of)

    @model_validator(mode="after")
    def _piece_whole(self) -> Any:
        _ = self.piece
        return self


class RelationPart(Stated):
    """How one actor stood to another, or where it operated; by the dossier."""

    check: Literal["relation"]
    subject: Words
    relation: Words
    object: Words | None = None
    country: Countries = ()
    on: Partial | None = None
    """A day on which it held; empty: the claims file's as-of date."""
    since: Partial | None = None
    """When it began, where the claim says so."""


class PresencePart(Stated):
    """That a force stood in a country or at a place, or left it; by the dossier."""

    check: Literal["presence"]
    force: Words
    country: Annotated[Countries, Field(min_length=1)]
    place: Words | None = None
    on: Partial | None = None
    state: Literal["present", "gone"] = "present"
    since: Partial | None = None
    until: Partial | None = None
    how_ended: Literal["handed_over", "withdrawn", "dissolved", "expelled", "lost"] | None = None
    successor: Words | None = None


class MilestonePart(Stated):
    """That something happened (a coup, a withdrawal, a mandate), when, and how often; by the dossier."""

    check: Literal["milestone"]
    type: Names = ()
    country: Countries = ()
    actor: Names = ()
    date: Partial | None = None
    """When it is said to have happened."""
    start: Partial | None = Field(None, alias="from")
    end: Partial | None = Field(None, alias="to")
    count: int | None = Field(None, ge=0)
    """How many there were from `from` to `to`."""
    id: Words | None = None
    """The dossier's milestone that is meant, where words do not tell it from others."""


class FigurePart(Stating):
    """A number that somebody reported: people in need, displaced, troops; by the dossier and tables of such numbers."""

    check: Literal["figure"]
    indicator: Words
    country: Annotated[Countries, Field(min_length=1)]
    actor: Words | None = None
    place: Words | None = None
    start: Partial | None = Field(None, alias="from")
    end: Partial | None = Field(None, alias="to")
    """The dates that the number may be about."""


EventPart = Exists | First | Count | Value | Compare | Rank | Share
DossierPart = RelationPart | PresencePart | MilestonePart | FigurePart
Part = Annotated[EventPart | DossierPart, Field(discriminator="check")]


class Claim(Stated):
    """A sentence of an article and what it says."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    quote: Words
    """The article's own words, short. `[...]` stands for words that are left out."""
    part: Annotated[tuple[Part, ...], Field(min_length=1)]
    modality: Modality = "asserted"
    attributed_to: str = ""
    note: dict[Literal["en", "fr"], str] = {}
    citation: Citation | None = None


class About(Stated):
    """What the claims are taken from."""

    title: Words
    publisher: str = ""
    authors: str = ""
    date: Partial | None = None
    url: str = ""
    language: Literal["en", "fr"] = "en"
    digest: str = ""
    """SHA-256 of the document, where it is at hand."""


class Claims(Stated):
    """A claims file."""

    document: About
    as_of: dt.date
    """What had happened by then can be claimed: the day on which the article was written, as near as known."""
    claim: Annotated[tuple[Claim, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _told_apart(self) -> Any:
        ids = [claim.id for claim in self.claim]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]!r} is used by two claims")
        return self


def schema() -> dict[str, Any]:
    """The JSON Schema of a claims file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID} | Claims.model_json_schema()

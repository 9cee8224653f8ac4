"""The records of a dossier, typed: what each kind may say. A record is checked once, when it is read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)

from harmattan.vocabulary.amount import Qualifier
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.partial import PartialDate, Validity, check_order

Status = Literal["asserted", "reported", "disputed"]
ActorKind = Literal[
    "government", "state_force", "foreign_force", "multilateral_force", "mercenary", "armed_group", "militia",
    "coalition", "network", "community", "organisation", "person", "civilians",
]  # fmt: skip
RelationKind = Literal[
    "member_of", "part_of", "affiliate_of", "allied_with", "rival_of", "cooperates_with", "supports", "led_by",
    "successor_of", "split_from", "merged_into", "operates_in",
]  # fmt: skip
SYMMETRIC: tuple[RelationKind, ...] = ("allied_with", "rival_of", "cooperates_with")
UPWARD: tuple[RelationKind, ...] = ("member_of", "part_of", "affiliate_of")
"""Relations by which an actor belongs to a larger one."""
MilestoneKind = Literal[
    "coup", "coup_attempt", "takeover", "intervention", "mandate", "agreement", "withdrawal_announced", "withdrawal",
    "handover", "expulsion", "exit", "sanctions", "sanctions_lifted", "suspension", "merger", "creation",
    "dissolution", "massacre", "attack", "killing", "transition", "election", "statement", "rupture", "allegiance",
    "ceasefire", "clash",
]  # fmt: skip
Indicator = Literal[
    "troops", "people_in_need", "people_targeted", "idps", "refugees", "returnees", "displaced",
    "funding_required_usd", "deaths", "civilians_killed", "injured", "arrested", "gold_tonnes", "schools_closed",
    "food_insecure", "peacekeepers_killed",
]  # fmt: skip
"""Refugees are counted by the country they fled from, displaced people by the country they are in."""
UNITS: dict[str, str] = {"funding_required_usd": "US dollars", "gold_tonnes": "tonnes", "schools_closed": "schools"}
"""The unit of an indicator; people where it is not named here."""
PresenceKind = Literal["base", "mission", "headquarters"]
PresenceEnd = Literal["handed_over", "withdrawn", "dissolved", "expelled", "lost"]


def _partial(value: Any) -> Any:
    return PartialDate.parse(value) if isinstance(value, str) else value


def _code(value: Any) -> Any:
    if isinstance(value, str) and value not in COUNTRIES:
        raise ValueError(f"{value!r} is no ISO3 code of a country")
    return value


def _in_both(words: dict[str, str], where: ValidationInfo) -> dict[str, str]:
    if set(words) != {"en", "fr"}:
        raise ValueError(f"the {where.field_name} needs words in en and in fr")
    return words


Day = Annotated[PartialDate, BeforeValidator(_partial), PlainSerializer(str)]
Iso3 = Annotated[str, BeforeValidator(_code)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
Words = Annotated[str, Field(min_length=1)]
Bilingual = Annotated[dict[Literal["en", "fr"], Words], AfterValidator(_in_both)]


class Record(BaseModel):
    """Anything in a dossier; unknown fields are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(Record):
    """A publication that records cite."""

    key: Id
    publisher: Words
    title: Words
    date: Day
    url: Url | None = None
    language: str = "en"


class Citation(Record):
    """Which source says so, and where in it."""

    source: Id
    where: str = ""


class Said(Record):
    """What every record carries: its citations, how sure it is, and the words where they matter."""

    cite: tuple[Citation, ...] = ()
    status: Status = "asserted"
    as_written: str | None = None
    note: dict[Literal["en", "fr"], str] | None = None


class Dated(Record):
    """Something with a validity."""

    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    @property
    def validity(self) -> Validity:
        """From when to when it held."""
        return Validity(self.start, self.end)

    @model_validator(mode="after")
    def _in_order(self) -> Any:
        check_order(self.start, self.end)
        return self


class Name(Dated):
    """One name of an actor, where and while it means that actor. `source` is whose name it is: ucdp, acled, un."""

    actor: Id
    text: Words
    lang: str = "und"
    kind: Literal["name", "acronym", "alias"] = "name"
    source: str | None = None
    source_id: str | None = None
    countries: tuple[Iso3, ...] = ()
    area: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees: the name means this actor only of what lies within."""
    cite: tuple[Citation, ...] = ()

    @property
    def id(self) -> str:
        """Actor, text, language, source and first day: what tells a name from the others."""
        scope = "+".join(self.countries) + (",".join(f"{edge:g}" for edge in self.area) if self.area else "")
        parts = (self.actor, self.text, self.lang, self.source or "", str(self.start or ""), scope)
        return "/".join(parts).rstrip("/")


class Actor(Said, Dated):
    """Anybody who acts: a government, a force, a group, a community, a person."""

    id: Id
    kind: ActorKind
    label: Bilingual
    short: str | None = None
    short_in_french: str | None = None
    """The short form in French, where it is another."""
    countries: tuple[Iso3, ...] = ()


class Relation(Said, Dated):
    """How one actor stands to another, or where it operates, and from when to when."""

    subject: Id
    relation: RelationKind
    object: Id | None = None
    countries: tuple[Iso3, ...] = ()
    place: str | None = None

    @property
    def id(self) -> str:
        """Subject, relation, object or places, first day: what tells a relation from the others."""
        to = self.object or "+".join(self.countries) + (f":{self.place}" if self.place else "")
        return f"{self.subject}/{self.relation}/{to}/{self.start or ''}".rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> Any:
        if (self.relation == "operates_in") == (self.object is not None):
            wanted = "countries and no object" if self.relation == "operates_in" else "an object"
            raise ValueError(f"{self.relation} needs {wanted}")
        if self.relation == "operates_in" and not self.countries:
            raise ValueError("operates_in needs countries")
        if self.object == self.subject:
            raise ValueError("an actor stands in no relation to itself")
        return self


class Presence(Said, Dated):
    """A force in a country or at a place, from when to when. Its strength is a figure."""

    force: Id
    country: Iso3
    place: str | None = None
    kind: PresenceKind = "base"
    how_ended: PresenceEnd | None = Field(None, alias="end")
    successor: Id | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    end: Day | None = Field(None, alias="to")

    @property
    def id(self) -> str:
        """Force, country, place, first day: what tells a presence from the others."""
        return f"{self.force}/{self.country}/{self.place or self.kind}/{self.start or ''}".rstrip("/")

    @model_validator(mode="after")
    def _placed(self) -> Any:
        if self.kind != "mission" and not self.place:
            raise ValueError(f"a {self.kind} needs a place")
        if self.how_ended and not self.end:
            raise ValueError(f"it ended ({self.how_ended}) but says not when: to is missing")
        return self


class Milestone(Said):
    """Something that happened on a day and that one aligns other things to."""

    id: Id
    kind: MilestoneKind
    date: Day
    until: Day | None = Field(None, alias="end")
    countries: tuple[Iso3, ...] = ()
    place: str | None = None
    actors: tuple[Id, ...] = ()
    by: tuple[Id, ...] = ()
    against: tuple[Id, ...] = ()
    title: Bilingual

    @property
    def involved(self) -> tuple[str, ...]:
        """Everybody it names."""
        return tuple(dict.fromkeys((*self.by, *self.against, *self.actors)))


class Figure(Said, Dated):
    """A number that somebody reported: a stock as of a day, or a flow from one day to another."""

    indicator: Indicator
    countries: tuple[Iso3, ...]
    place: str | None = None
    actor: Id | None = None
    milestone: Id | None = None
    as_of: Day | None = None
    value: float
    low: float | None = None
    high: float | None = None
    qualifier: Qualifier = "exact"

    @property
    def unit(self) -> str:
        """What is counted."""
        return UNITS.get(self.indicator, "people")

    @property
    def when(self) -> PartialDate:
        """The day it speaks of: as of, or the end of its period."""
        found = self.as_of or self.end or self.start
        if found is None:
            raise ValueError("a figure has a date")
        return found

    @property
    def id(self) -> str:
        """Indicator, what it is about, date, first source: what tells a figure from the others."""
        about = "+".join(self.countries) + (f":{self.place}" if self.place else "")
        whose = self.actor or self.milestone or ""
        period = f"{self.start or ''}..{self.end or ''}" if self.as_of is None else str(self.as_of)
        source = self.cite[0].source if self.cite else ""
        return f"{self.indicator}/{about}/{whose}/{period}/{source}/{self.value:g}"

    @model_validator(mode="after")
    def _whole(self) -> Any:
        if not self.countries:
            raise ValueError("a figure needs countries")
        if self.as_of is None and self.start is None and self.end is None:
            raise ValueError("a figure needs as_of, or from and to")
        if self.as_of is not None and (self.start or self.end):
            raise ValueError("a figure has either as_of or from and to")
        if (self.low is not None and self.low > self.value) or (self.high is not None and self.high < self.value):
            raise ValueError(f"its value {self.value:g} lies outside its range")
        return self


class Header(Record):
    """What a dossier says of itself."""

    name: Id
    title: Bilingual
    release: Words
    published: Day
    publisher: Words
    licence: Words
    licence_url: Words
    citation: Words
    url: str = ""


LISTS: dict[str, type[Record]] = {
    "sources": Source,
    "actors": Actor,
    "names": Name,
    "relations": Relation,
    "presence": Presence,
    "milestones": Milestone,
    "figures": Figure,
}
"""The lists that a dossier's files may hold, and what stands in each."""

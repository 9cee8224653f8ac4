"""The case file: what is watched, as TOML, typed and validated whole before anything runs."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import did_you_mean, parse_country
from harmattan.vocabulary.family import OWN
from harmattan.vocabulary.rules import RULE_KINDS, AnyRule, Rule, no_rule, parse_rule

SECTIONS = (
    "judgement",
    "alerts",
    "trend",
    "timeline",
    "map",
    "expansion",
    "borders",
    "fighting",
    "competition",
    "alliances",
    "network",
    "civilians",
    "partners",
    "incidents",
    "presence",
    "vacuum",
    "effects",
    "governance",
    "neighbours",
    "spillover",
    "index",
    "needs",
    "exposure",
    "mines",
    "displacement-violence",
    "influence",
    "forecast",
    "track-record",
    "revisions",
)

YEAR = 12

Constant = bool | int | float | dt.date | str | list[str]


class OwnTable(BaseModel):
    """Somebody's own table: whose it is, and which of its columns is which of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract: str
    """What it tells of: events, displacement, needs, funding, facilities …"""
    title: str
    publisher: str
    licence: str
    url: str = ""
    redistributable: bool = False
    """Whether single records may be handed on; no, where nothing is said."""
    citation: str
    columns: dict[str, str]
    """Our column = "the table's column"."""
    values: dict[str, Constant] = {}
    """Our column = what it is in every row."""
    translate: dict[str, dict[str, str]] = {}
    """Our column = {"the table's word" = "ours"}."""
    date_format: str = "%Y-%m-%d"
    decimal: Literal[".", ","] = "."
    delimiter: Literal[",", ";", "\t", "|"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> OwnTable:
        faults = list(_faults(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _faults(table: OwnTable) -> Iterator[str]:
    """Everything that is wrong with the description of a table, in words."""
    from harmattan.vocabulary.own import OWN_CONTRACTS, lacking, takes, unknown_word
    from harmattan.vocabulary.schema import CONTRACTS

    if table.contract not in OWN_CONTRACTS:
        yield f"there is no contract {table.contract}; there are {', '.join(OWN_CONTRACTS)}"
        return
    contract = CONTRACTS[table.contract]
    known = takes(contract)
    for part in ("columns", "values", "translate"):
        for name in getattr(table, part):
            if name not in known:
                yield f"{part}: {table.contract} takes no column {name}{_near(name, known)}"
    for name in sorted(set(table.columns) & set(table.values)):
        yield f"{name} has both a column and a value"
    for name in table.translate:
        if name in known and name not in table.columns:
            yield f"translate: {name} has no column"
    said = [("values", name, word) for name, value in table.values.items() for word in _listed(value)]
    said += [("translate", name, word) for name, words in table.translate.items() for word in words.values()]
    for part, name, word in said:
        if name in known and (fault := unknown_word(table.contract, name, word)):
            yield f"{part}: {fault}"
    missing = lacking(contract, [*table.columns, *table.values])
    if missing:
        yield f"{table.contract} also need {', '.join(missing)}"
    if "%Y" not in table.date_format and "%y" not in table.date_format:
        yield f"date_format {table.date_format} has no year: write %d/%m/%Y or the like"


def _listed(value: Constant) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def _near(name: str, known: Iterable[str]) -> str:
    from rapidfuzz import process

    found = process.extract(name, list(known), limit=2, score_cutoff=60)
    near = did_you_mean([word for word, _score, _place in found])
    return f" ({near})" if near else ""


class Ahead(BaseModel):
    """How the months ahead are forecast; what is not said is as the question has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9]{0,39}$")
    """A model of `harmattan ask forecast --model`."""
    covariates: bool = True
    """Whether it may learn from events beside deaths."""
    months: int = Field(default=YEAR, ge=1, le=36)
    """How many months ahead."""

    @property
    def said(self) -> dict[str, Any]:
        """What differs from the default, as parameters of a question."""
        found: dict[str, Any] = {"model": self.model} if self.model else {}
        found |= {} if self.covariates else {"covariate": "none"}
        return found | ({"window": self.months} if self.months != YEAR else {})


Counted = Literal["events", "deaths_best", "deaths_civilians"]


class Spilling(BaseModel):
    """Between whom spillover is looked for; what is not said is as the question has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    countries: tuple[str, ...] = ()
    """Countries, ISO3; those of the case where none is said."""
    groups: tuple[str, ...] = ()
    """Armed groups by any name of the dossier, each of which is looked at in each country."""
    measure: Counted = "events"

    @field_validator("countries")
    @classmethod
    def _many(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(parse_country(word) for word in words)


class AskedEffect(BaseModel):
    """An event whose effect the brief asks for: a milestone in one country, or the bases that a force left."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    milestone: str | None = None
    """A milestone of the dossier, by its id."""
    force: tuple[str, ...] = ()
    """Forces, by any name of the dossier."""
    country: tuple[str, ...] = ()
    """Where, ISO3; the countries of the case where none is said."""
    measure: Counted = "deaths_best"
    design: Literal["synthetic", "sdid", "staggered", "interrupted"] | None = None
    km: float | None = Field(default=None, gt=0, le=5000)
    """Around bases, how far events may lie."""
    months: int | None = Field(default=None, ge=1, le=120)
    """Months from the event on that are compared; those of the case's windows where nothing is said."""
    since: dt.date | None = None
    """With a force: bases left on this day or later."""

    @field_validator("country")
    @classmethod
    def _many(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(parse_country(word) for word in words)

    @model_validator(mode="after")
    def _one(self) -> AskedEffect:
        if (self.milestone is None) == (not self.force):
            raise ValueError("name either a milestone or a force")
        if self.milestone is not None and (self.km is not None or self.since is not None):
            raise ValueError("km and since go with a force")
        return self

    @property
    def said(self) -> dict[str, Any]:
        """What is asked, as parameters of a question."""
        found: dict[str, Any] = {"measure": self.measure}
        found |= {"milestone": (self.milestone,)} if self.milestone else {"force": self.force}
        found |= {"design": self.design} if self.design else {}
        found |= {"km": (self.km,)} if self.km else {}
        return found | ({"start": self.since} if self.since else {})


class Case(BaseModel):
    """A crisis that is watched: its countries, the one in focus, and what its brief contains."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: dict[str, str] = Field(description="by language: en, fr")
    focus: str
    """The country the brief is about, ISO3."""
    countries: tuple[str, ...]
    """The countries of the crisis, ISO3, the focus among them."""
    neighbours: tuple[str, ...] = ()
    """Countries whose trend is watched beside, ISO3."""
    since: dt.date
    """The first day of the crisis."""
    as_of: dt.date
    """The default day as of which the brief speaks."""
    window_months: int = Field(12, ge=1, le=120)
    events: str = "ucdp"
    """The family of event data that answers: ucdp, acled …; they count different things and are never mixed."""
    dossiers: tuple[str, ...] = ()
    """The dossiers in use, the undermost first: a later one's records take the place of an earlier one's."""
    sections: tuple[str, ...] = SECTIONS
    alerts: tuple[AnyRule, ...] = ()
    """The rules of alerts; where none is said, one of each kind with its defaults."""
    forecast: Ahead = Ahead()
    """How the months ahead are forecast."""
    spillover: Spilling = Spilling()
    """Between whom spillover is looked for."""
    effects: tuple[AskedEffect, ...] = ()
    """The events whose effects are asked for."""
    lexicon: str | None = None
    """The lexicon of stances: one that comes with Harmattan by its name, or a YAML file beside the case file."""
    tables: dict[str, OwnTable] = {}
    """Tables of one's own by name: `harmattan ingest own-NAME` reads a file as its entry says."""

    @field_validator("focus")
    @classmethod
    def _one(cls, words: str) -> str:
        return parse_country(words)

    @field_validator("countries", "neighbours")
    @classmethod
    def _many(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(parse_country(word) for word in words)

    @field_validator("sections")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in SECTIONS]
        if unknown:
            raise ValueError(f"there is no section {unknown[0]}; there are {', '.join(SECTIONS)}")
        return names

    @field_validator("alerts")
    @classmethod
    def _apart(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [rule.called for rule in rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are called {twice[0]}; give one of them another name")
        return rules

    @property
    def watched(self) -> tuple[str, ...]:
        """The countries of the case, and those that its alert rules name beside them."""
        return tuple(dict.fromkeys((*self.countries, *(code for rule in self.alerts for code in rule.countries))))

    def rules(self, words: Iterable[str] = ()) -> tuple[str, ...]:
        """The rules that are meant, in canonical form: all of the case, or those named or written out.

        A name is one of the case's; else a kind of rule, alone or with what differs from its defaults. Raises
        UsageError for a word that is neither.
        """
        known: dict[str, Rule] = {rule.called: rule for rule in self.alerts}
        if not known:
            known = {kind: parse_rule(kind) for kind in RULE_KINDS}
        said = [known.get(word) or _written(word, known) for word in words] or list(known.values())
        return tuple(dict.fromkeys(str(rule) for rule in said))

    @field_validator("tables")
    @classmethod
    def _named(cls, tables: dict[str, OwnTable]) -> dict[str, OwnTable]:
        for name in tables:
            if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
                raise ValueError(f"a table cannot be named {name}: write small letters, digits and dashes")
        return tables

    def table(self, dataset: str) -> dict[str, Any]:
        """What is said of the table that `own-NAME` names. Raises UsageError for one that there is not."""
        name = dataset.removeprefix(OWN)
        if name not in self.tables:
            there = [Verbatim(f"{OWN}{known}") for known in self.tables]
            raise UsageError(
                T("The case has no table {name}.", name=Verbatim(name)),
                available=T("There are: {all}.", all=listing(there)) if there else None,
                do=T("Describe it in the case file under {entry}.", entry=Verbatim(f"[tables.{name}]")),
            )
        return self.tables[name].model_dump() | {"dataset": dataset}


def _written(word: str, known: Iterable[str]) -> Rule:
    """A rule that is written out. Raises UsageError with the nearest name where it is none."""
    if ":" not in word and word not in RULE_KINDS:
        raise no_rule(word, tuple(dict.fromkeys((*known, *RULE_KINDS))))
    return parse_rule(word)


def _beside(path: Path, case: Case) -> Case:
    """The case, whose lexicon is looked for beside its file where it is a file."""
    if case.lexicon is None or not case.lexicon.endswith((".yaml", ".yml")):
        return case
    return case.model_copy(update={"lexicon": str(path.parent / case.lexicon)})


def load_case(name: str, folder: Path) -> Case:
    """A case by the name of an embedded one, or from a TOML file. Raises UsageError listing every fault."""
    known = sorted(path.stem for path in folder.glob("*.toml"))
    path = folder / f"{name}.toml" if name in known else Path(name)
    if not path.is_file():
        raise UsageError(
            T("There is no case {name}.", name=Verbatim(name)),
            available=T("There are: {all}.", all=listing([Verbatim(case) for case in known])),
            do=T("Name one of them, or a case file such as mine.toml."),
        )
    try:
        return _beside(path, Case.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors()]
    except UsageError as fault:
        faults = [str(fault)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        faults = [str(fault)]
    raise UsageError(
        T("The case file {path} is not valid: {faults}", path=Verbatim(str(path)), faults=Verbatim("; ".join(faults)))
    )

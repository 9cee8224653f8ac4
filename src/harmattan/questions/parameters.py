"""The parameters that questions take: one table, from which the command line, forms and documentation are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

from harmattan.dossier.records import Indicator, MilestoneKind, RelationKind
from harmattan.errors import UsageError
from harmattan.questions.parsing import (
    Choice,
    cell,
    event_type,
    kilometres,
    lag,
    months,
    nearest,
    seconds,
    whole_number,
)
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.country import did_you_mean, parse_country
from harmattan.vocabulary.criteria import KINDS
from harmattan.vocabulary.path import parse_path
from harmattan.vocabulary.people import GROUPS, NEEDS_INDICATORS
from harmattan.vocabulary.period import parse_from, parse_to
from harmattan.vocabulary.posts import PLATFORMS
from harmattan.vocabulary.skill import LOSSES

EVENT_BY = ("month", "year", "country", "admin1", "admin2", "cell", "kind", "dyad", "actor")
BY = (*EVENT_BY, "perpetrator", "place", "origin", "group", "sector", "band", "half_year", "window", "region", "week",
      "model", "unit", "donor", "placebo", "variant", "check", "account", "object", "platform", "day", "hour", "term",
      "stance", "action", "seconds")  # fmt: skip
"""What rows can be told apart by; each question takes some of them (`registry.Question.choices`)."""
COVARIATES = ("events", "none")
COUNTED = ("deaths_best", "deaths_civilians", "events")
MEASURES = (*COUNTED, *LOSSES)
"""What is ranked, and by what forecasts are compared; each question takes some of them."""
INDICATORS: tuple[str, ...] = tuple(dict.fromkeys((*get_args(Indicator), *NEEDS_INDICATORS)))
EVERY = ("month", "week", "day")
DATES = ("spread", "drop")
"""Events that may lie in several periods: divided among them by days, or left out."""
WEIGHTS = ("free", "adjacent", "power_law")
DESIGNS = ("synthetic", "sdid", "staggered", "interrupted")
OBJECTS = ("url", "domain", "hashtag", "hashtags", "text", "similar", "reply", "repost", "media", "object")
"""What posts may share; as `harmattan.influence.objects.LAYERS` has them."""
SEMANTICS = ("harmattan", "coortweet", "toolkit")
LEVELS = ("name", "actor", "parent", "family")
"""As the publisher writes it; the dossier's actor; the larger body it was part or member of on the day of the event;
the network that body was affiliated to."""


@dataclass(frozen=True)
class Params:
    """What was asked for. None or empty means: not said."""

    country: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    as_of: dt.date | None = None
    known_by: dt.date | None = None
    release: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    dyad: tuple[str, ...] = ()
    cell: tuple[int, ...] = ()
    since: dt.date | None = None
    window: int = 12
    measure: str = ""
    """Not said: what the question takes for it (`Question.measure`)."""
    level: str = "name"
    name: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    indicator: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    source: str | None = None
    event_type: tuple[str, ...] = ()
    km: tuple[float, ...] = ()
    lag: tuple[int, ...] = ()
    neighbour: tuple[str, ...] = ()
    milestone: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    at_least: int | None = None
    rule: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    commodity: tuple[str, ...] = ()
    model: str | None = None
    covariate: str | None = None
    path: str | None = None
    path_months: int | None = None
    perpetrator: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    every: str | None = None
    dates: str | None = None
    weights: str | None = None
    design: str | None = None
    donor: tuple[str, ...] = ()
    before: int | None = None
    object: tuple[str, ...] = ()
    seconds: tuple[float, ...] = ()
    platform: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    semantics: str | None = None
    lexicon: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One parameter: its field in `Params`, its flag, how its words are read, and what it means."""

    field: str
    flag: str
    parse: Callable[[str], Any]
    help: Text
    many: bool = False
    metavar: str = ""
    choices: tuple[str, ...] = ()

    def narrowed(self, choices: tuple[str, ...]) -> Parameter:
        """The same parameter where a question takes some of the choices only."""
        parse = replace(self.parse, choices=choices) if isinstance(self.parse, Choice) else self.parse
        return replace(self, choices=choices, parse=parse)


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("country", "--country", parse_country, T("countries, by ISO3 code or name"), True, "MLI"),
    Parameter("start", "--from", parse_from, T("first year, month or day"), metavar="2012-01"),
    Parameter("end", "--to", parse_to, T("last year, month or day"), metavar="2022-12"),
    Parameter(
        "by",
        "--by",
        Choice(BY, "Nothing is told apart by {words}."),
        T("what the rows are told apart by; casualties are by year where nothing is said"),
        True,
        choices=BY,
    ),
    Parameter(
        "kind",
        "--kind",
        Choice(KINDS, "There is no kind of violence {words}."),
        T("kinds of violence"),
        True,
        choices=KINDS,
    ),
    Parameter(
        "actor",
        "--actor",
        str,
        T("actors, by the publisher's name; at a level of the dossier, and of dossiers, by any name"),
        True,
        "JNIM",
    ),
    Parameter("dyad", "--dyad", str, T("pairs of actors, by the publisher's name"), True, '"IS - JNIM"'),
    Parameter("cell", "--cell", cell, T("PRIO-GRID cells, by gid"), True, "153017"),
    Parameter(
        "since", "--since", parse_from, T("the first window compared ends in this month or later"), metavar="2012-01"
    ),
    Parameter(
        "window", "--window", months, T("length of the windows in months; 12 where nothing is said"), metavar="12"
    ),
    Parameter(
        "measure",
        "--measure",
        Choice(MEASURES, "There is no measure {words}."),
        T("what is ranked, or what forecasts are compared by; deaths_best or crps where nothing is said"),
        choices=MEASURES,
    ),
    Parameter(
        "level",
        "--level",
        Choice(LEVELS, "There is no level {words}."),
        T("whom a party is counted under: as written, the dossier's actor, its parent, or its family"),
        choices=LEVELS,
    ),
    Parameter("name", "--name", str, T("names, as anybody writes them"), True, '"GSIM"'),
    Parameter(
        "relation",
        "--relation",
        Choice(get_args(RelationKind), "There is no relation {words}."),
        T("kinds of relation"),
        True,
        choices=get_args(RelationKind),
    ),
    Parameter(
        "type",
        "--type",
        Choice(get_args(MilestoneKind), "There is no type of milestone {words}."),
        T("types of milestone"),
        True,
        choices=get_args(MilestoneKind),
    ),
    Parameter(
        "indicator",
        "--indicator",
        Choice(INDICATORS, "There is no indicator {words}."),
        T("what is counted"),
        True,
        choices=INDICATORS,
    ),
    Parameter(
        "population",
        "--population",
        Choice(tuple(GROUPS), "There is no population group {words}."),
        T("whom a count of displaced people is about"),
        True,
        choices=tuple(GROUPS),
    ),
    Parameter(
        "source",
        "--source",
        lambda words: words.strip().lower(),
        T("which family of event data answers: ucdp, acled …; the case file's where nothing is said"),
        metavar="ucdp",
    ),
    Parameter(
        "event_type",
        "--event-type",
        event_type,
        T("event types, sub-types or groups of ACLED; political_violence where nothing is said"),
        True,
        '"Battles"',
    ),
    Parameter("km", "--km", kilometres, T("distances in kilometres, the bounds of bands or strips"), True, "25"),
    Parameter("lag", "--lag", lag, T("months by which one series is laid behind another"), True, "3"),
    Parameter(
        "neighbour", "--neighbour", parse_country, T("the countries on the other side of the border"), True, "BFA"
    ),
    Parameter("milestone", "--milestone", str, T("milestones of the dossier, by id"), True, "coup-mali-2021"),
    Parameter("force", "--force", str, T("forces and missions, by any name of the dossier"), True, "MINUSMA"),
    Parameter(
        "at_least",
        "--at-least",
        whole_number,
        T("the threshold from which something counts; see the question"),
        metavar="10",
    ),
    Parameter(
        "region", "--region", str, T("first-order areas, as the publisher of the events writes them"), True, "Gao"
    ),
    Parameter(
        "rule",
        "--rule",
        str,
        T("alert rules: names of the case file, or written out such as record:days=30,floor=25"),
        True,
        "record",
    ),
    Parameter("commodity", "--commodity", str, T("what is mined; gold where nothing is said"), True, "gold"),
    Parameter("model", "--model", str, T("the model that forecasts; see the question"), metavar="pooled"),
    Parameter(
        "covariate",
        "--covariate",
        Choice(COVARIATES, "There is no covariate {words}."),
        T("what a model may learn from beside deaths; events where nothing is said"),
        choices=COVARIATES,
    ),
    Parameter(
        "path",
        "--path",
        parse_path,
        T("what a scenario lays down: whose violence is scaled to what"),
        metavar="neighbour:BFA=2",
    ),
    Parameter(
        "path_months",
        "--path-months",
        months,
        T("for how many months from the next on; 3 where nothing is said"),
        metavar="3",
    ),
    Parameter(
        "perpetrator",
        "--perpetrator",
        str,
        T("who killed or took part in it, by any name of the dossier"),
        True,
        "JNIM",
    ),
    Parameter(
        "every",
        "--every",
        Choice(EVERY, "There is no period {words}."),
        T("the length of the periods that are counted; month where nothing is said"),
        choices=EVERY,
    ),
    Parameter(
        "dates",
        "--dates",
        Choice(DATES, "Dates are not treated by {words}."),
        T("what is done with events that may lie in several periods; spread where nothing is said"),
        choices=DATES,
    ),
    Parameter(
        "weights",
        "--weights",
        Choice(WEIGHTS, "There are no weights {words}."),
        T("how the past of one unit reaches the others; see the question"),
        choices=WEIGHTS,
    ),
    Parameter(
        "design",
        "--design",
        Choice(DESIGNS, "There is no design {words}."),
        T("how the effect is estimated; see the question"),
        choices=DESIGNS,
    ),
    Parameter("donor", "--donor", parse_country, T("the countries that the treated one is compared with"), True, "TCD"),
    Parameter("before", "--before", months, T("months before the event that are used"), metavar="36"),
    Parameter(
        "object",
        "--object",
        Choice(OBJECTS, "Posts share no object {words}."),
        T("what accounts have in common: address, domain, hashtag, sequence of hashtags, text, near-identical text …"),
        True,
        choices=OBJECTS,
    ),
    Parameter(
        "seconds", "--seconds", seconds, T("windows of coordination in seconds; 60 where nothing is said"), True, "60"
    ),
    Parameter(
        "platform",
        "--platform",
        Choice(PLATFORMS, "There is no platform {words}."),
        T("platforms of the posts"),
        True,
        choices=PLATFORMS,
    ),
    Parameter("campaign", "--campaign", str, T("groups, by their ids"), True, "c-1a2b3c4d"),
    Parameter(
        "semantics",
        "--semantics",
        Choice(SEMANTICS, "There is no way {words} of linking accounts."),
        T("how accounts are linked: beyond chance, or by the fixed thresholds of another tool"),
        choices=SEMANTICS,
    ),
    Parameter("lexicon", "--lexicon", str, T("the lexicon of stances: its name, or a file"), metavar="mine.yaml"),
    Parameter("against", "--against", str, T("whom those fought, by any name of the dossier"), True, "FAMa"),
    Parameter(
        "as_of", "--as-of", parse_to, T("cuts what had happened: nothing after this day counts"), metavar="2022-10-31"
    ),
    Parameter(
        "known_by",
        "--known-by",
        parse_to,
        T("cuts what had been published: no release after this day, no record of a dossier with later sources only"),
        metavar="2024-12-31",
    ),
    Parameter("release", "--release", str, T("only these releases are used"), True, "ucdp-ged@24.1"),
)
BY_FIELD = {parameter.field: parameter for parameter in PARAMETERS}
ALWAYS = ("as_of", "known_by", "release")
UNSAID = ("source", "event_type", "km", "lag", "neighbour", "milestone", "force", "at_least", "rule", "region",
          "commodity", "model", "covariate", "path", "path_months", "perpetrator", "against", "every", "dates",
          "weights", "design", "donor", "before", "object", "seconds", "platform", "campaign", "semantics",
          "lexicon")  # fmt: skip
"""Parameters that are only written down where they were said: answers given before there were any keep their ids."""


def as_json(params: Params, accepted: Iterable[str]) -> dict[str, Any]:
    """The accepted parameters as plain JSON values under their flags' names."""
    values: dict[str, Any] = {}
    for field in fields(params):
        if field.name in accepted and not (field.name in UNSAID and not getattr(params, field.name)):
            value = getattr(params, field.name)
            plain = list(value) if isinstance(value, tuple) else value
            name = BY_FIELD[field.name].flag.removeprefix("--").replace("-", "_")
            values[name] = plain.isoformat() if isinstance(plain, dt.date) else plain
    return values


def from_json(values: Mapping[str, Any]) -> Params:
    """The inverse of `as_json`: a kept question can be asked again. Raises UsageError for an unknown name."""
    by_name = {p.flag.removeprefix("--").replace("-", "_"): p for p in PARAMETERS}
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in by_name:
            raise UsageError(
                T("There is no parameter {words}.", words=Verbatim(name)),
                available=did_you_mean(nearest(name, by_name)),
            )
        parameter = by_name[name]
        if value is None:
            continue
        if parameter.many:
            found[parameter.field] = tuple(value)
        elif isinstance(value, str) and parameter.field in ("start", "end", "as_of", "known_by", "since"):
            found[parameter.field] = dt.date.fromisoformat(value)
        else:
            found[parameter.field] = value
    return Params(**found)

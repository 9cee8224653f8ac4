"""What a scenario lays down, checked against what is known: whose violence, scaled to what, and by what that is known.

A path is in the words of `vocabulary.path`. The violence of a group is that of the events in which it is a party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harmattan.errors import UsageError
from harmattan.lake.shelf import Held
from harmattan.measures.events import totals
from harmattan.models.links import beside
from harmattan.models.panel import Panel
from harmattan.models.paths import Path
from harmattan.questions.bordering import Bordering, bordering
from harmattan.questions.foreseen import panel_of, steps_of
from harmattan.questions.panels import Monthly
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Verbatim, counted, listing
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.path import PathSaid
from harmattan.vocabulary.period import Month, Period

MONTHS = 3
"""How long a path is where nothing is said."""
RECENT = 12
"""Months up to the origin in which a group's share of the violence is taken."""


@dataclass(frozen=True)
class Asked:
    """A path as it was asked for: whose deaths are told, whose violence is scaled, and how long each of these is."""

    said: PathSaid
    country: str
    months: int
    after: int

    @property
    def whose(self) -> str:
        """The country whose violence is scaled."""
        return self.said.who if self.said.of == "neighbour" else self.country

    @property
    def countries(self) -> tuple[str, ...]:
        """The country asked about and that of the path."""
        return tuple(dict.fromkeys((self.country, self.whose)))

    @property
    def needs(self) -> tuple[Dimension, ...]:
        """What the releases must tell apart."""
        return ("actor",) if self.said.of == "group" else ()

    @classmethod
    def of(cls, params: Params) -> Asked:
        """What was asked for. Raises UsageError where that makes no scenario."""
        ahead = len(steps_of(params))
        months = params.path_months or min(MONTHS, max(1, ahead - 1))
        if not params.path:
            raise UsageError(
                T("No path is said."),
                do=T("Say --path own=0.5, --path own=2019, --path neighbour:BFA=2 or --path group:NAME=2017."),
            )
        if len(params.country) != 1:
            raise UsageError(T("A scenario is about one country."), do=T("Say --country MLI, and one only."))
        if months >= ahead:
            raise UsageError(
                T(
                    "A path of {months} leaves none of the months ahead to forecast.",
                    months=counted(months, "{n} month", "{n} months"),
                ),
                do=T("Say a shorter --path-months or a longer --window."),
            )
        asked = cls(PathSaid.parse(params.path), params.country[0], months, ahead - months)
        if asked.said.of == "neighbour" and asked.whose == asked.country:
            raise UsageError(T("A country is not its own neighbour."), do=T("Say --path own=… for its own violence."))
        return asked


@dataclass(frozen=True)
class Basis:
    """A number that a path rests on: deaths in a period, of a group where one is named."""

    group: str | None
    period: Period
    deaths: int | None


@dataclass(frozen=True)
class Laid:
    """A path that can be followed: the panel it starts from, and what it rests on."""

    asked: Asked
    monthly: Monthly
    panel: Panel
    """It ends with the last month that is known of all the countries in question; neighbours are those that touch."""
    path: Path
    bases: tuple[Basis, ...]
    borders: Bordering
    share: float | None = None
    """The group's share of the deaths, of a path of a group."""

    @property
    def learned(self) -> tuple[Held, ...]:
        """The releases that the draws rest on."""
        return (*self.monthly.holds, *(self.borders.held if self.asked.said.of == "neighbour" else ()))


def laid_down(world: World, params: Params, asked: Asked) -> Laid:
    """The path that was asked for. Raises UsageError for one that cannot be laid down."""
    made = panel_of(world, replace(params, country=asked.countries), "country")
    known = [made.known_until(code) for code in asked.countries]
    panel = made.panel.until(min([month for month in known if month is not None], default=made.panel.last))
    borders = Bordering.none() if asked.said.of != "neighbour" else bordering(world.lake, params, _codes(panel))
    panel = replace(panel, neighbours=beside(panel.units, _touching(panel.units, borders)))
    if asked.said.of == "neighbour":
        _check_neighbour(panel, asked)
    share: float | None = None
    bases: tuple[Basis, ...] = ()
    if asked.said.of == "group":
        times, share, bases = _of_group(world, params, asked, panel.last)
        path = Path(asked.whose, times=times, months=asked.months)
    elif asked.said.then is None:
        path = Path(asked.whose, times=asked.said.times, months=asked.months)
    else:
        level = _level(panel, asked.whose, asked.said.then)
        bases = (Basis(None, asked.said.then, round(level * _length(asked.said.then))),)
        path = Path(asked.whose, level=level, months=asked.months)
    return Laid(asked, made, panel, path, bases, borders, share)


def _codes(panel: Panel) -> list[str]:
    return [code for unit in panel.units for code in unit.split("+")]


def _touching(units: Sequence[str], borders: Bordering) -> list[tuple[str, str]]:
    """Pairs of units that touch: a country that stands alone is itself, another the joint place that it is in."""
    unit_of: Mapping[str, str] = {code: unit for unit in units for code in unit.split("+")} | {u: u for u in units}
    pairs = []
    for codes in borders.borders.lines:
        one, other = (unit_of.get(code, "") for code in codes)
        if one and other and not set(one.split("+")) & set(other.split("+")):
            pairs.append((one, other))
    return pairs


def _check_neighbour(panel: Panel, asked: Asked) -> None:
    near = [panel.units[at] for at in panel.neighbours[panel.units.index(asked.country)]]
    if asked.whose in near:
        return
    what = T("{whose} has no border with {country} here.", whose=CountryName(asked.whose),
             country=CountryName(asked.country))  # fmt: skip
    if not near:
        raise UsageError(what, do=T("Take in boundaries of both with harmattan ingest, or say another path."))
    raise UsageError(what, available=T("There are {known}.", known=listing([CountryName(code) for code in near])))


def _length(period: Period) -> int:
    return period.last_month - period.first_month + 1


def _level(panel: Panel, unit: str, then: Period) -> float:
    """Deaths a month in a former period. Raises UsageError where not all of it is known."""
    months = [month - panel.first for month in then.each_month()]
    values = panel.values[panel.units.index(unit)]
    if not (months[0] >= 0 and months[-1] < len(values) and np.isfinite(values[months]).all()):
        raise _unknown(unit, then)
    return float(values[months].mean())


def _unknown(country: str, then: Period) -> UsageError:
    return UsageError(
        T("Not all of {start} to {end} is covered for {country}.", start=then.start, end=then.end,
          country=CountryName(country)),
        do=T("Say a former year or month that is covered, or a factor; harmattan ask coverage tells which are."),
    )  # fmt: skip


def _of_group(world: World, params: Params, asked: Asked, last: Month) -> tuple[float, float, tuple[Basis, ...]]:
    """By what a country's violence is multiplied where a group's changes, the group's share, and what these rest on."""
    country, group = asked.country, asked.said.who
    now, then = Period.months(last + (1 - RECENT), last), asked.said.then

    def deaths(period: Period, *actors: str) -> int:
        scope = world.scope(
            replace(params, country=(country,), start=period.start, end=period.end, actor=actors), asked.needs
        )
        if not scope.selection.covered(country, period):
            raise _unknown(country, period)
        return int(totals(scope.rows).to_pyarrow().to_pylist()[0]["deaths_best"] or 0)

    mine, every = deaths(now, group), deaths(now)
    if not mine:
        raise UsageError(
            T("No deaths are known with {group} as a party in {country} in the {n} months to {last}.",
              group=Verbatim(group), country=CountryName(country), n=RECENT, last=last.name),
            do=T("A path of a group scales what it takes part in now: say another group."),
        )  # fmt: skip
    share, bases = mine / every, (Basis(group, now, mine), Basis(None, now, every))
    if then is None:
        return 1 - share + share * float(asked.said.times or 0.0), share, bases
    before = deaths(then, group)
    times = (before / _length(then)) / (mine / RECENT)
    return 1 - share + share * times, share, (Basis(group, then, before), *bases)

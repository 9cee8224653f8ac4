"""`spillover`: how much of the violence in a unit follows that of others, and whether that is more than coincidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from harmattan.questions.answer import Answer, Chart
from harmattan.questions.build import RECORDS, Draft, Line
from harmattan.questions.counted_periods import DAY
from harmattan.questions.counted_units import BY, needs_of
from harmattan.questions.coupled import ACCEPTS, LAGS, Coupled, coupled, undrawn
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.question import Question
from harmattan.questions.spillover_words import (
    COURSE,
    PARTS,
    RESTS,
    SOURCE,
    UNIT,
    caveats,
    headline,
    rounded,
    verdict_of,
)
from harmattan.questions.world import World
from harmattan.text import T
from harmattan.vocabulary.period import Period

if TYPE_CHECKING:
    from harmattan.models.spillover.flows import Course, Flows
    from harmattan.models.spillover.tested import Tested

COLUMNS = (*UNIT, *PARTS, *COURSE, *RESTS, RECORDS)
SHARES = [*UNIT, *PARTS, *RESTS, RECORDS]
BY_PERIOD = [*UNIT, *SOURCE, *COURSE, *RESTS, RECORDS]


def spillover(world: World, params: Params) -> Answer:
    """Of each unit what is endemic, its own and of each other unit; by month the same for each period."""
    columns = BY_PERIOD if "month" in params.by else SHARES
    scope, model = coupled(world, params)
    draft = Draft("spillover", scope, ACCEPTS)
    if model is None:
        return draft.not_covered(columns, world.places(params, needs_of(params)))
    shares = Shares(model).lines()
    if "month" in params.by:
        lines = list(_course(model))
        chart = Chart("trend", x="period", y="others", series="unit")
    else:
        lines = shares
        chart = Chart("bars", x="share", y="unit", low="share_low", high="share_high", series="source")
    said = headline(draft, model, shares, rows="month" not in params.by)
    return draft.finish(lines, columns, said, chart=chart, caveats=caveats(model))


@dataclass(frozen=True)
class Shares:
    """The parts of what is expected of each unit, as rows."""

    model: Coupled

    @property
    def flows(self) -> Flows:
        """The shares."""
        return self.model.fitted.flows

    def lines(self) -> list[Line]:
        """Of each unit what comes of itself, of its own past, and of others: the largest share first."""
        return [line for key in self.model.counted.listed for line in self._unit(self.flows.units.index(key))]

    def _unit(self, at: int) -> Iterator[Line]:
        key = self.flows.units[at]
        endemic = self._share("endemic", (at,))
        if f"level:{key}" in self.model.fitted.fit.bounded:
            endemic |= {"share_low": None, "share_high": None}
        yield self._line(at, "endemic", None, endemic)
        yield self._line(at, "own", key, self._share("own", (at,)) | self._coefficient(at, at))
        if not self.model.fitted.free:
            all_of = self._share("others", (at,)) | self._together
            yield self._line(at, "others", None, all_of)
            return
        shares = np.ma.filled(np.ma.asarray(self.flows.arrived.value[at]), 0.0)
        for other in sorted(range(len(shares)), key=lambda n: (-shares[n], n)):
            source = self.flows.units[other]
            if other != at:
                found = self._share("arrived", (at, other)) | self._coefficient(at, other)
                tests = told(self.model.fitted.tested.get((source, key)))
                yield self._line(at, "others", source, found | tests)

    def _line(self, at: int, part: str, source: str | None, found: dict[str, Any]) -> Line:
        key, made = self.flows.units[at], self.model.counted
        values: dict[str, Any] = dict.fromkeys(column.name for column in SHARES)
        values |= {"unit": made.unit(key).name, "unit_id": key, "part": part, "source_id": source}
        values["source"] = None if source is None else made.unit(source).name
        from_others = part == "others" and source is None
        units = [key, *self._around(at)] if from_others else [key, *([source] if source else ())]
        return made.line(values | found, list(dict.fromkeys(units)))

    def _around(self, at: int) -> list[str]:
        """The units whose past reaches a unit."""
        return [self.flows.units[other] for other in np.flatnonzero(self._matrix[at])]

    def _share(self, name: str, where: tuple[int, ...]) -> dict[str, Any]:
        band = getattr(self.flows, name)
        value, low, high = (_at(values, where) for values in (band.value, band.low, band.high))
        expected = _at(self.flows.expected, where[:1])
        beside = self.model.fitted.flows_otherwise
        other = None if beside is None else _at(getattr(beside, name).value, where)
        found = {"share": value, "share_low": low, "share_high": high, "dropped_share": other}
        shown: dict[str, Any] = {key: None if part is None else rounded(100 * part) for key, part in found.items()}
        both = None if value is None or expected is None else value * expected
        return shown | {"expected": rounded(both)}

    def _coefficient(self, to: int, source: int) -> dict[str, Any]:
        """What one count in a source brings the unit, with its interval; nothing to or from a unit left out."""
        of, at = self.flows.units[to], self.flows.units[source]
        names = (f"own:{of}", "own") if to == source else (f"coupling:{at}>{of}",)
        known = () if of in self.model.fitted.fit.left_out else names
        ends = next(
            (self.model.fitted.intervals[name] for name in known if name in self.model.fitted.intervals), (0.0, 0.0)
        )
        return _named(self._matrix[to, source], *ends)

    @cached_property
    def _matrix(self) -> Any:
        """The coefficients between all units."""
        return self.model.fitted.fit.matrix.toarray()

    @cached_property
    def _together(self) -> dict[str, Any]:
        """The one coefficient of all others, and its tests."""
        value, ends = self.model.fitted.fit.value("coupling"), self.model.fitted.intervals["coupling"]
        return _named(value, *ends) | told(self.model.fitted.together)


def told(found: Tested | None) -> dict[str, Any]:
    """The tests of a coupling as values of a row."""
    if found is None:
        return {}
    ahead = found.ahead
    values = {
        "shift_p": None if found.shifted is None else rounded(found.shifted.held, 3),
        "shift_alone": None if found.shifted is None else rounded(found.shifted.p, 3),
        "gain": None if ahead is None else rounded(ahead.gain, 4),
        "gain_p": None if ahead is None else rounded(ahead.p, 3),
    }
    return values | verdict_of(found.verdict)


def _named(value: Any, low: Any, high: Any) -> dict[str, Any]:
    names = ("coefficient", "coefficient_low", "coefficient_high")
    return {name: rounded(number, 3) for name, number in zip(names, (value, low, high), strict=True)}


def _at(values: Any, where: tuple[int, ...]) -> float | None:
    """A value of an array that may be masked or not be there."""
    if values is None:
        return None
    value = values[where]
    return None if value is np.ma.masked or not np.isfinite(value) else float(value)


def _course(model: Coupled) -> Iterator[Line]:
    """Of each unit and period what was counted and what was expected in parts, then what of that by source."""
    from harmattan.models.spillover.flows import course

    found, made = course(model.fitted.fit, drawn=undrawn(model.fitted.fit)), model.counted
    reach = LAGS[made.counts.every]
    starts = [*made.periods.starts, made.periods.last_day + DAY]
    for key in made.listed:
        at = made.counts.units.index(key)
        for t, start in enumerate(made.periods.starts):
            days = Period(start, starts[t + 1] - DAY)
            yield made.line(_expected(model, found, (at, t)), [key], days)
            if found.arrived is None or not model.fitted.free or t < reach:
                continue
            before = Period(starts[t - reach], start - DAY)
            for source in made.listed:
                other = made.counts.units.index(source)
                if other != at:
                    values = _expected(model, found, (at, t), source, _at(found.arrived, (at, other, t)))
                    yield made.line(values, [source], before)


def _expected(
    model: Coupled, found: Course, where: tuple[int, int], source: str | None = None, arrived: float | None = None
) -> dict[str, Any]:
    made = model.counted
    key = made.counts.units[where[0]]
    values: dict[str, Any] = dict.fromkeys(column.name for column in BY_PERIOD)
    values |= {"unit": made.unit(key).name, "unit_id": key, "period": made.periods.starts[where[1]].isoformat()}
    if source is not None:
        return values | {"source": made.unit(source).name, "source_id": source, "others": rounded(arrived, 2)}
    parts = {name: rounded(_at(getattr(found, name).value, where), 2) for name in ("endemic", "own", "others")}
    return values | parts | {"observed": rounded(_at(found.observed, where), 0)}


QUESTION = Question(
    "spillover",
    T(
        "How much of the violence in a unit follows that of others, and whether that is more than coincidence. Units "
        "are countries, groups in countries, first-order areas or half-degree cells. The expected counts of each are "
        "endemic (level, trend and season), excited by the unit's own past, or by the past of each other unit: a "
        "multivariate endemic-epidemic model (Held & Paul 2012; Meyer & Held 2014) with geometric lags (Bracher & Held "
        "2022). A coupling is called spillover only where its source's surprises, shifted in time, give less, and "
        "forecasts one period ahead are better with it. Events are counted where no --measure is said, since one "
        "massacre can rule a fit of deaths; the last twelve years where no --from is said. --by month gives each "
        "period's counts in parts. An association in time, and not a cause."
    ),
    "Held & Paul (2012), doi:10.1002/bimj.201200037; Meyer & Held (2014), doi:10.1214/14-AOAS743; Bracher & Held "
    "(2022), doi:10.1016/j.ijforecast.2020.07.002",
    ACCEPTS,
    COLUMNS,
    spillover,
    choices={"by": (*BY, "month"), "measure": COUNTED},
    measure="events",
    slow=True,
)

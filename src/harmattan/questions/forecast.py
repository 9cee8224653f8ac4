"""`forecast`: deaths in the months ahead as a distribution, beside the months before, by country, area or cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.measures.events import matching, totals
from harmattan.models.draws import Draws
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import EVENTS_COUNTED, RECORDS, Draft, Line
from harmattan.questions.caveats import hidden_caveats
from harmattan.questions.forecast_areas import AREA, Ground, boundaries, ground_of, of_areas, recorded, zones
from harmattan.questions.forecast_skill import Verdict, verdict
from harmattan.questions.forecast_words import caveats, headline, record_of
from harmattan.questions.foreseen import DRAWS, MOST_AHEAD, Foreseen, foreseen, steps_of
from harmattan.questions.panels import NEEDS, Unit
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.world import Scope, World
from harmattan.text import T
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.likelihood import likelihood

ACCEPTS = ("country", "by", "window", "model", "covariate", "source", "as_of", "known_by", "release")
BY = ("country", "cell", AREA, "month")
OVER = (0, 25, 100, 1000, 10_000)
"""Deaths whose exceeding has a column: 25 and 1,000 in a year are what UCDP calls a conflict and a war."""
QUANTILES = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
COLUMNS = (
    AnswerColumn("country", T("the country, or the one that the cell lies mostly in"), "ISO 3166 alpha-3"),
    AnswerColumn("cell", T("PRIO-GRID gid; empty: the whole country")),
    AnswerColumn("admin1", T("first-order area that holds the middle of the cells added up; empty: in none")),
    AnswerColumn("admin1_id", T("the area's division, level and code, by the boundaries used")),
    AnswerColumn("period", T("the month that is forecast, or the first and the last of all of them together")),
    AnswerColumn("ahead", T("months after the last one that is known; empty: all of them together"), "months"),
    AnswerColumn("mean", T("deaths expected: the mean over all draws"), "deaths"),
    AnswerColumn("median", T("deaths: as many draws have more as have fewer"), "deaths"),
    AnswerColumn("low50", T("deaths: one draw in four has fewer"), "deaths"),
    AnswerColumn("high50", T("deaths: one draw in four has more"), "deaths"),
    AnswerColumn("low90", T("deaths: one draw in twenty has fewer"), "deaths"),
    AnswerColumn("high90", T("deaths: one draw in twenty has more"), "deaths"),
    AnswerColumn("chance_none", T("chance of no deaths at all"), "%"),
    *(AnswerColumn(f"chance_over_{n}", T("chance of more than {n} deaths", n=n), "%") for n in OVER[1:]),
    AnswerColumn("before", T("deaths in as many months before; of a month the mean of those months"), "deaths"),
    AnswerColumn("chance_more", T("chance of more deaths than before"), "%"),
    AnswerColumn("likelihood", T("the same in words, by the scale of ICD 203")),
    AnswerColumn("origin", T("the last month that the model knows")),
    AnswerColumn("model", T("what made the draws")),
    AnswerColumn("ratio", T("the model's CRPS on past months over that of the strongest simple benchmark: below 1 it "
                            "beats it; empty: no backtest is on record")),
    AnswerColumn("events", T("of the unit's past until then, which its evidence lists: {what}", what=EVENTS_COUNTED),
                 "events"),
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """Draws by unit and step summed up: each measure has the shape (units, steps)."""

    values: Mapping[str, NDArray[np.float64]]

    @classmethod
    def of(cls, draws: Draws, before: NDArray[np.float64]) -> Summary:
        """Of draws with the shape (units, steps, draws) and what was before, with the shape (units, steps)."""
        found = {"mean": draws.mean(axis=2, dtype=np.float64)}
        cut = np.quantile(draws, list(QUANTILES.values()), axis=2, method="inverted_cdf")
        found |= dict(zip(QUANTILES, cut, strict=True))
        found["chance_none"] = 100 * (draws == 0).mean(axis=2)
        found |= {f"chance_over_{n}": 100 * (draws > n).mean(axis=2) for n in OVER[1:]}
        found["before"] = before
        found["chance_more"] = np.where(np.isfinite(before), 100 * (draws > before[:, :, None]).mean(axis=2), np.nan)
        return cls(found)

    def row(self, unit: int, step: int) -> dict[str, Any]:
        """The measures of a unit and a step as plain numbers, empty where there is none."""
        row = {name: float(values[unit, step]) for name, values in self.values.items()}
        whole = (*QUANTILES, "before")
        plain: dict[str, Any] = {
            name: None if not np.isfinite(value) else int(value) if name in whole and value.is_integer()
            else round(value, 1)
            for name, value in row.items()
        }  # fmt: skip
        return plain | {"likelihood": None if plain["chance_more"] is None else likelihood(plain["chance_more"])}


@dataclass(frozen=True)
class Row:
    """What a forecast is told apart by: its values in every row, the records of its past, and its draws.

    `draws` has the shape (steps, draws).
    """

    fixed: dict[str, Any]
    criteria: Criteria
    draws: Draws
    past: float
    """Deaths in as many months before; NaN where one of them is not known."""


def forecast(world: World, params: Params) -> Answer:
    """Every unit with its sum over all months ahead and, where they are told apart, each month."""
    by: Unit = "cell" if {"cell", AREA} & set(params.by) else "country"
    columns = _columns(params.by)
    steps_of(params)
    if not world.selected(params, NEEDS[by])[1].slices:
        scope = world.scope(params, NEEDS[by])
        return Draft("forecast", scope, ACCEPTS).not_covered(columns, world.places(params, NEEDS[by]))
    drawn = boundaries(world.lake, params) if AREA in params.by else None
    seen = foreseen(world, params, by)
    ground = ground_of(*drawn, seen.monthly) if drawn else None
    verdicts = {} if ground else judged(world, params, seen)
    scope = resting(world, params, seen, verdicts)
    if ground:
        scope = replace(scope, along=(*scope.along, *ground.held))
    draft = Draft("forecast", scope, ACCEPTS)
    rows = _units(seen, scope, verdicts) if ground is None else _areas(seen, scope, ground)
    lines = _lines(seen, rows, months=by == "country" or "month" in params.by)
    of = of_areas(seen, ground, scope.params.country) if ground else record_of(verdicts)
    said = [*of, *caveats(seen, scope, params)]
    return draft.finish(lines, columns, headline(draft, lines, seen), chart=_chart(params.by), caveats=said)


def _columns(by: Sequence[str]) -> list[AnswerColumn]:
    """A forecast of areas has them in the place of cells."""
    left = ("cell",) if AREA in by else (AREA, f"{AREA}_id")
    return [column for column in COLUMNS if column.name not in left]


def _chart(by: Sequence[str]) -> Chart:
    if "cell" in by:
        return Chart("cells", y="mean")
    if AREA in by and "month" not in by:
        return Chart("bars", x="mean", y=AREA, low="low90", high="high90")
    return Chart("fan", x="period", y="median", low="low90", high="high90", series=AREA if AREA in by else "country")


def judged(world: World, params: Params, seen: Foreseen) -> dict[str, Verdict | None]:
    """How the model did on past months: over all places, under no name, and for each country asked about."""
    wide = replace(params, country=())
    units = [None, *(code for code in params.country if seen.by == "country" and code in seen.panel.units)]
    return {unit or "": verdict(world, seen.by, unit, model=seen.model.name, params=wide) for unit in units}


def resting(world: World, params: Params, seen: Foreseen, verdicts: Mapping[str, Verdict | None] = {}) -> Scope:
    """The events of the countries asked about until the origin; beside them the releases that were learned from."""
    scope = world.scope(replace(params, end=seen.panel.last.last_day, by=()), NEEDS[seen.by])
    used = {held.release.name for held in scope.selection.used}
    judging = [world.lake.find(ref.name) for found in verdicts.values() if found for ref in found.releases]
    along = {held.release.name: held for held in (*seen.learned, *judging) if held.release.name not in used}
    hidden = hidden_caveats(scope.selection, world.chosen(params), params, scope.params)
    asked = replace(scope.params, by=params.by)
    return replace(scope, params=asked, along=tuple(along.values()), caveats=(*hidden, *scope.caveats))


def opened(world: World, params: Params) -> Any:
    """The events that the rows cut from."""
    return world.scope(params).rows


def before(seen: Foreseen, units: Sequence[int], months: int) -> NDArray[np.float64]:
    """Deaths in so many months up to the origin, by unit; NaN where one of them is not known."""
    past = seen.panel.values[list(units), -months:]
    return past.sum(axis=1) if past.shape[1] == months else np.full(len(units), np.nan)


def _units(seen: Foreseen, scope: Scope, verdicts: Mapping[str, Verdict | None]) -> list[Row]:
    """The countries asked about, or their cells."""
    order = {code: n for n, code in enumerate(scope.params.country)}
    country_of = seen.monthly.country_of
    asked = [n for n, unit in enumerate(seen.panel.units) if country_of[unit] in order]
    asked.sort(key=lambda n: (order[country_of[seen.panel.units[n]]], n))
    counts = _counts(scope, seen.by)
    rows = []
    for n, past in zip(asked, before(seen, asked, len(seen.forecast.steps)), strict=True):
        fixed, criteria = unit_of(seen, scope, seen.panel.units[n])
        found = verdicts.get(fixed["country"]) if seen.by == "country" else None
        fixed |= {"model": seen.model.name, "ratio": found.unit_ratio if found else None}
        fixed |= counts.get(fixed[seen.by], NOTHING)
        rows.append(Row(fixed, criteria, seen.forecast.draws[n], past))
    return rows


def _areas(seen: Foreseen, scope: Scope, ground: Ground) -> list[Row]:
    """The first-order areas of the countries asked about, and what is in none."""
    counts = _counts(scope, "cell")
    rows = []
    for zone in zones(seen, ground, scope.params.country):
        criteria = scope.criteria.narrowed(**recorded(seen, zone))
        own = [counts.get(cell, NOTHING) for cell in criteria.cells]
        if not own:
            (own,) = [totals(matching(scope.rows, criteria)).to_pyarrow().to_pylist()]
        past = before(seen, zone.cells.tolist(), len(seen.forecast.steps))
        fixed = {"country": zone.country, AREA: ground.names.get(zone.area or ""), f"{AREA}_id": zone.area,
                 "origin": str(seen.panel.last), "model": seen.model.name, "ratio": None,
                 **{name: sum(count[name] for count in own) for name in NOTHING}}  # fmt: skip
        rows.append(Row(fixed, criteria, zone.draws, past.sum() if len(past) else np.nan))
    return rows


NOTHING = {"events": 0, "records": 0}


def _counts(scope: Scope, by: Unit) -> dict[Any, dict[str, int]]:
    """Events and records of the past by unit."""
    found = totals(scope.rows, (by,)).to_pyarrow().to_pylist()
    return {row[by]: {name: row[name] for name in NOTHING} for row in found}


def _lines(seen: Foreseen, rows: Sequence[Row], *, months: bool) -> list[Line]:
    """Of each row all months together, then each."""
    steps = len(seen.forecast.steps)
    draws = np.array([row.draws for row in rows], np.float32).reshape(len(rows), steps, DRAWS)
    past = np.array([row.past for row in rows])[:, None]
    span = f"{seen.forecast.months[0]}/{seen.forecast.months[-1]}"
    parts: list[tuple[str, int | None, int, Summary]] = []
    parts.append((span, None, 0, Summary.of(draws.sum(axis=1, keepdims=True), past)))
    if months:
        each = Summary.of(draws, np.repeat(past / steps, steps, axis=1))
        parts += [(str(month), at + 1, at, each) for at, month in enumerate(seen.forecast.months)]
    return [Line(row.fixed | {"period": period, "ahead": ahead} | summed.row(at, step), row.criteria)
            for at, row in enumerate(rows) for period, ahead, step, summed in parts]  # fmt: skip


def unit_of(seen: Foreseen, scope: Scope, unit: str) -> tuple[dict[str, Any], Criteria]:
    """What tells a unit's rows apart, and the records of its past: a cell's are those of every country asked about."""
    cell = int(unit) if seen.by == "cell" else None
    to: dict[str, Any] = {"countries": (unit,)} if cell is None else {"cells": (cell,)}
    fixed = {"country": seen.monthly.country_of[unit], "cell": cell, "origin": str(seen.panel.last)}
    return fixed, scope.criteria.narrowed(**to)


QUESTION = Question(
    "forecast",
    T(
        "How many deaths the months ahead may have, as a distribution: of each country asked about, or of each "
        "PRIO-GRID cell or first-order area of theirs, for each of the next --window months and for all of them "
        "together the mean, the median, the middle 50 and 90 % of {draws} draws, the chance of none and of more than "
        "25, 100, 1,000 and 10,000, and the chance of more than in as many months before (of a month: than their "
        "mean), in words by the scale of ICD 203 (ODNI 2015). The draws are those of --model after the last whole "
        "month that is covered: pooled, where nothing is said, which is a pool of the unit's own fading past and of "
        "quantile regression forests (Meinshausen 2006, JMLR 7:983) on what followed anywhere. It learns from every "
        "country that the releases speak of. Cells, and areas as sums of the cells whose middle they hold, add up to "
        "their countries draw by draw. At most {most} months.",
        draws=DRAWS,
        most=MOST_AHEAD,
    ),
    None,
    ACCEPTS,
    COLUMNS,
    forecast,
    choices={"by": BY},
    opens=opened,
    slow=True,
)

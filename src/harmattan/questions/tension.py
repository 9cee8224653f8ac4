"""`displacement-violence`: changes of stocks of displaced people beside the violence of the same or earlier days."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan.measures.stocks import between, dated, sided, stocks
from harmattan.measures.tension import (
    ESTIMATES,
    FEWEST,
    PAIRS,
    SERIES,
    associations,
    changes,
    interval,
    of_admin1,
    spans_of,
    violence,
)
from harmattan.questions.answer import Answer, Chart
from harmattan.questions.areas import drawn
from harmattan.questions.build import Line
from harmattan.questions.displacement import NEVER_ADDED, WHAT
from harmattan.questions.extract import SEVERAL_DATASETS
from harmattan.questions.holding import Holding, holding
from harmattan.questions.joint import Grounds, Joint
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.records import months_before
from harmattan.questions.tension_words import COLUMNS, headline, id_of
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, counted
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.period import DAYS_A_MONTH, Period

ACCEPTS = ("country", "population", "start", "end", "lag", "by", "kind", "source", "event_type", "as_of", "known_by",
           "release")  # fmt: skip
BY = ("admin1",)
LAGS = (0, 1, 3, 6, 12)
LEAP = 3
"""A pair over more than so many times the median length of its series leaps over a gap and is in no association."""
DAY = dt.timedelta(days=1)
TABLE = "displacement"


@dataclass(frozen=True)
class Pair:
    """A stock and the one before, and the days of the violence beside at a lag."""

    row: Mapping[str, Any]
    series: int
    lag: int
    country: str
    places: tuple[str, ...]
    """What the events say of the place: the country, or the area's ids; none where no boundary has the area."""
    first: dt.date
    last: dt.date
    covered: str
    leaps: bool = False
    """Whether a gap of the series lies between the two stocks."""

    @property
    def compared(self) -> bool:
        """Whether an association is over it."""
        return self.covered == "yes" and not self.leaps

    @property
    def months(self) -> float:
        """Between the two stocks."""
        return float((self.row["day"] - self.row["before_day"]).days / DAYS_A_MONTH)

    @property
    def span(self) -> tuple[str, dt.date, dt.date]:
        """Where and when the violence beside was."""
        return (self.places[0] if self.places else "", self.first, self.last)


def opened(world: World, params: Params) -> Any:
    """The events that the answer's evidence cuts from: they begin earlier than the stocks."""
    return world.scope(_earlier(params)).rows


def _earlier(params: Params) -> Params:
    """The same question of the events, which begin the longest lag earlier and are told apart by area."""
    start = params.start and months_before(params.start, max(params.lag or LAGS))
    return replace(params, start=start, lag=(), population=())


def tension(world: World, params: Params) -> Answer:
    """Associations by series and lag, then every pair of successive stocks with the violence beside."""
    held = holding(world, params, TABLE)
    scope = world.scope(_earlier(params))
    joint = Joint("displacement-violence", Grounds(params, scope, held.releases if held.held else ()), ACCEPTS)
    beside = Criteria(table=TABLE, countries=params.country)
    if not held.held:
        return joint.finish((), COLUMNS, held.not_covered(WHAT), beside=beside, caveats=held.caveats)
    found = _changes(held, params)
    places = _areas(world, params) if params.by else {code: (code,) for code in params.country}
    pairs = _pairs(found, params.lag or LAGS, places, scope)
    met = _violence(scope, pairs, "admin1" if params.by else "iso3")
    told = _associations(pairs, met)
    order = sorted({pair.series for pair in pairs})
    lines = [
        _association_line(joint, [p for p in pairs if (p.series, p.lag) == (series, lag)], met, told)
        for series in order
        for lag in params.lag or LAGS
    ]
    lines += [_pair_line(joint, pair, met[pair.span]) for pair in pairs]
    caveats = [*held.caveats, *_caveats(pairs, met, lines, held)]
    return joint.finish(lines, COLUMNS, headline(joint, lines), beside=beside, caveats=caveats,
                        chart=Chart("stocks", x="end", y="stock", series="dataset"))  # fmt: skip


def _changes(held: Holding, params: Params) -> list[dict[str, Any]]:
    rows = dated(sided(held.rows, params.country))
    if params.population:
        rows = rows.filter(rows.population.isin(list(params.population)))
    rows = between(of_admin1(rows) if params.by else rows, params.start, held.last)
    found = changes(stocks(rows, only_newest=False)).to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: (*(str(row[name] or "") for name in SERIES), row["day"]))


def _areas(world: World, params: Params) -> dict[str, tuple[str, ...]]:
    """The ids of an area in the boundaries, of each division that has it, by `ISO3|code` and `ISO3|name`."""
    _, areas = drawn(world.lake, params)
    found: dict[str, set[str]] = {}
    for n in np.flatnonzero(areas.level == 1):
        for word in (areas.name[n], areas.code[n]):
            if word:
                found.setdefault(f"{areas.iso3[n]}|{str(word).casefold()}", set()).add(str(areas.row_id[n]))
    return {words: tuple(sorted(ids)) for words, ids in found.items()}


def _pairs(
    found: Sequence[Mapping[str, Any]], lags: Sequence[int], places: Mapping[str, tuple[str, ...]], scope: Scope
) -> list[Pair]:
    numbers: dict[tuple[Any, ...], int] = {}
    pairs = []
    for row in found:
        series = numbers.setdefault(tuple(row[name] for name in SERIES), len(numbers))
        country, _, area = str(row["country"]).partition("|")
        names = [f"{country}|{str(name).casefold()}" for name in (area, row["admin1_as_written"])]
        found_at = next((places[name] for name in (names if area else (country,)) if name in places), ())
        for lag in lags:
            first = months_before(row["before_day"], lag) + DAY
            last = months_before(row["day"], lag)
            if first <= last:
                covered = _covered(scope, country, Period(first, last)) if found_at else "no"
                pairs.append(Pair(row, series, lag, country, found_at, first, last, covered))
    return _leaping(pairs)


def _leaping(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, those marked that leap over a gap of their series."""
    lengths: dict[int, list[float]] = {}
    for pair in pairs:
        lengths.setdefault(pair.series, []).append(pair.months)
    usual = {series: median(found) for series, found in lengths.items()}
    return [replace(pair, leaps=pair.months > LEAP * usual[pair.series]) for pair in pairs]


def _covered(scope: Scope, country: str, days: Period) -> str:
    if scope.selection.covered(country, days):
        return "yes"
    spoken = any(days.meet(part) for part in scope.selection.spoken(country))
    return "partly" if spoken else "no"


Met = Mapping[tuple[str, dt.date, dt.date], Mapping[str, Any]]


def _violence(scope: Scope, pairs: Sequence[Pair], place: str) -> Met:
    nothing: dict[str, Any] = dict.fromkeys(("events", *ESTIMATES)) | {"records": 0}
    met = {pair.span: nothing for pair in pairs}
    asked = {pair.span for pair in pairs if pair.covered != "no"}
    if asked:
        events = scope.rows
        if place == "admin1":
            same = {pair.places for pair in pairs if len(pair.places) > 1}
            known = [(other, ids[0]) for ids in sorted(same) for other in ids[1:]]
            events = events.mutate(admin1=events.admin1.cases(*known, else_=events.admin1)) if known else events
        for row in violence(events, spans_of(asked), place).to_pyarrow().to_pylist():
            met[(row["place"], row["first"], row["last"])] = row
    return met


def _associations(pairs: Sequence[Pair], met: Met) -> dict[tuple[int, int, str], tuple[int, float | None]]:
    """Pairs and Spearman's correlation by series, lag and estimate."""
    rows = [
        {"series": pair.series, "lag": pair.lag, "change": (pair.row["value"] - pair.row["before"]) / pair.months}
        | {name: None if (n := met[pair.span][name]) is None else n / pair.months for name in ESTIMATES}
        for pair in pairs
        if pair.compared
    ]
    if not rows:
        return {}
    found = associations(ibis.memtable(pa.Table.from_pylist(rows, schema=PAIRS))).to_pyarrow().to_pylist()
    return {
        (row["series"], row["lag"], row["estimate"]): (
            row["n"],
            None if row["rho"] is None or math.isnan(row["rho"]) else max(-1.0, min(1.0, round(row["rho"], 6))),
        )
        for row in found
    }


def _whose(pair: Pair) -> dict[str, Any]:
    row = pair.row
    same = {name: row[name] for name in ("dataset", "population", "direction", "operation", "method")}
    area = (row["admin1_as_written"] or row["country"].partition("|")[2]) if "|" in row["country"] else None
    other = row["of_other"] if row["of_other"] not in ("", "*") else None
    return same | {"country": pair.country, "area": area, "other": other, "lag": pair.lag}


def _events_of(joint: Joint, pair: Pair, first: dt.date, last: dt.date) -> Criteria | None:
    if pair.covered == "no":
        return None
    to: dict[str, Any] = {"countries": (pair.country,), "start": first, "end": last}
    if pair.places != (pair.country,):
        to["admin1"] = pair.places
    return joint.grounds.scope.criteria.narrowed(**to)


def _stocks(pairs: Sequence[Pair]) -> Criteria:
    keys = {key for pair in pairs for key in (*pair.row["before_keys"], *pair.row["keys"])}
    return Criteria(table=TABLE, keys=tuple(sorted(keys)))


def _pair_line(joint: Joint, pair: Pair, beside: Mapping[str, Any]) -> Line:
    row, months = pair.row, pair.months
    change, best = row["value"] - row["before"], beside["deaths_best"]
    values = _whose(pair) | {
        "row": "pair",
        "start": row["before_day"].isoformat(),
        "end": row["day"].isoformat(),
        "months": round(months, 2),
        "before": _whole(row["before"]),
        "stock": _whole(row["value"]),
        "change": _whole(change),
        "change_per_month": round(change / months, 1),
        "leaps": pair.leaps,
        "places_differ": row["n_places"] != row["before_places"],
        "from": pair.first.isoformat(),
        "to": pair.last.isoformat(),
        "covered": pair.covered,
        "deaths_per_month": None if best is None else round(best / months, 2),
    } | {name: beside[name] for name in ("events", *ESTIMATES)}  # fmt: skip
    return joint.line(values, _events_of(joint, pair, pair.first, pair.last), beside["records"], _stocks([pair]))


def _association_line(joint: Joint, pairs: Sequence[Pair], met: Met, told: Mapping[Any, Any]) -> Line:
    """The row of a series at a lag, whose pairs these are; it rests on those that are compared."""
    inside = [pair for pair in pairs if pair.compared]
    own = inside or pairs
    first, last = own[0], own[-1]
    n, rho = told.get((first.series, first.lag, "deaths_best"), (0, None))
    ends = interval(rho, n) if rho is not None else None
    values = _whose(first) | {
        "row": "association",
        "start": first.row["before_day"].isoformat(),
        "end": last.row["day"].isoformat(),
        "from": first.first.isoformat(),
        "to": last.last.isoformat(),
        "covered": "no" if not inside else "yes" if len(inside) == len(pairs) else "partly",
        "n": len(inside),
        "association": None if rho is None else round(rho, 3),
        "interval_low": round(ends[0], 3) if ends else None,
        "interval_high": round(ends[1], 3) if ends else None,
        "with_low": _rounded(told.get((first.series, first.lag, "deaths_low"))),
        "with_high": _rounded(told.get((first.series, first.lag, "deaths_high"))),
        "says": _says(ends),
    }
    between_ = [pair for pair in pairs if first.first <= pair.first and pair.last <= last.last]
    records = sum(met[pair.span]["records"] for pair in between_) if inside else 0
    values |= {name: _sum([met[pair.span][name] for pair in between_]) if inside else None
               for name in ("events", *ESTIMATES)}  # fmt: skip
    events = _events_of(joint, first, first.first, last.last) if inside else None
    return joint.line(values, events, records, _stocks(own))


def _says(ends: tuple[float, float] | None) -> str | None:
    if ends is None:
        return None
    return "together" if ends[0] > 0 else "opposed" if ends[1] < 0 else "unclear"


def _rounded(found: tuple[int, float | None] | None) -> float | None:
    return None if found is None or found[1] is None else round(found[1], 3)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _caveats(pairs: Sequence[Pair], met: Met, lines: Sequence[Line], held: Holding) -> list[Text]:
    said: list[Text] = [ASSOCIATION, NEVER_ADDED]
    if len({pair.row["dataset"] for pair in pairs}) > 1:
        said.append(SEVERAL_DATASETS)
    shown = {id_of(line.values): line.values for line in lines if line.values["row"] == "pair"}
    differ = sum(bool(row["places_differ"]) for row in shown.values())
    if differ:
        said.append(
            T("In {pairs} the two stocks are added up from different numbers of places: part of the change is of what "
              "was counted.", pairs=counted(differ, "{n} pair", "{n} pairs"))
        )  # fmt: skip
    silent = sum(line.values["row"] == "pair" and line.values["covered"] != "yes" for line in lines)
    if silent:
        said.append(
            T("In {pairs} no release covers all days of the violence: they are in no association.",
              pairs=counted(silent, "{n} pair at a lag", "{n} pairs at a lag"))
        )  # fmt: skip
    leaps = sum(bool(row["leaps"]) for row in shown.values())
    if leaps:
        said.append(
            T("{pairs} over a gap of more than {n} times the usual time between the stocks of the series: in no "
              "association.", pairs=counted(leaps, "{n} pair lies", "{n} pairs lie"), n=LEAP)
        )  # fmt: skip
    lost = {(pair.country, _whose(pair)["area"]) for pair in pairs if not pair.places}
    if lost:
        said.append(
            T("No boundary here has the area of {areas}: nothing is said of the violence there.",
              areas=counted(len(lost), "{n} area", "{n} areas"))
        )  # fmt: skip
    if any(line.values["row"] == "association" and line.values["n"] < FEWEST for line in lines):
        said.append(T("With fewer than {n} pairs an association has no interval and nothing is said of it.", n=FEWEST))
    return [*said, FIRST_DAY]


ASSOCIATION = T(
    "An association is not a cause: what drives people out and what kills may share causes, people also flee before "
    "violence comes, and counts change with access and registration. The interval takes the pairs for independent, "
    "which counts that follow one another are not, so it is too narrow; and of many associations some leave 0 out by "
    "chance (one in twenty, were all of them none)."
)
FIRST_DAY = T(
    "An event counts on its first day; one that is known to the month only counts on the first of that month."
)

QUESTION = Question(
    "displacement-violence",
    T(
        "Changes of stocks of displaced people beside violence: of each data set, group and place every stock less the "
        "one before, with the events and deaths (low, best, high) from the day after the stock before to the day of "
        "the stock, both days moved back by the lag. Per series and lag Spearman's rank correlation between the change "
        "a month and the deaths a month, with a 95 % interval: the hyperbolic tangent of atanh(rho) plus and minus "
        "1.96 times the root of (1 + rho squared / 2) / (n - 3). It is an association and never a cause. By admin1 "
        "the stocks of an area stand beside the events laid to it."
    ),
    "Spearman (1904), doi:10.2307/1412159; Bonett & Wright (2000), doi:10.1007/BF02294183",
    ACCEPTS,
    COLUMNS,
    tension,
    "several",
    {"by": BY},
    opens=opened,
)

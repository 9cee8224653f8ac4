"""`force-months`: how much force stood near a place and for how long, from bases and their distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.places.sphere import KM_PER_DEGREE, distance_km
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.bases import DOSSIER, Base
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.closings import Array, Sites
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.recital import Recital
from harmattan.questions.stations import Stations, stations
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim, counted
from harmattan.vocabulary.cell import SIZE_DEG, gid_at, middle
from harmattan.vocabulary.context import DEPLOYMENTS
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.period import Month, Period

ACCEPTS = ("country", "force", "start", "end", "km", "by", "as_of", "known_by", "release")
BY = ("place", "cell", "month")
KM = 50.0
"""The distance at which a base counts 0.37, where none is said."""
REACH = 3
"""A base counts nothing further away than so many times that distance: it would count less than 0.05."""
COLUMNS = (
    AnswerColumn("source", T("the dossier, or the release of deployments; their numbers are never added")),
    AnswerColumn("country", T("the country of the base at the place; empty of cells and where all bases are meant"),
                 "ISO 3166 alpha-3"),
    AnswerColumn("place", T("the place of a base")),
    AnswerColumn("cell", T("the cell, by its middle"), "PRIO-GRID gid"),
    AnswerColumn("month", T("the month; empty where several are added up")),
    AnswerColumn("base_months", T("bases that stood for certain, each by its distance, added over months"),
                 "base-months"),
    AnswerColumn("base_months_high", T("with those that may have stood, where dates are known in part"), "base-months"),
    AnswerColumn("troop_months", T("the last reported strength of those that stood for certain, by distance, added "
                                   "over months; empty where none has one"), "people-months"),
    AnswerColumn("unknown", T("share of the base-months whose strength nobody reported"), "%"),
    AnswerColumn("bases", T("bases that add to it"), "bases"),
    AnswerColumn("start", T("first month added up")),
    AnswerColumn("until", T("last month added up")),
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """The bases of one source over months: m bases with points, k months. Arrays are (m, k)."""

    source: str
    bases: tuple[Base, ...]
    months: tuple[Month, ...]

    @cached_property
    def states(self) -> tuple[Array, Array]:
        """1 where a base stood for certain, and where it stood or may have stood."""
        spans = [(month.first_day, month.last_day) for month in self.months]
        held = [[base.within(*span) for span in spans] for base in self.bases]
        words = np.array(held, dtype=object).reshape(len(self.bases), len(self.months))
        return (words == "yes").astype(float), (words != "no").astype(float)

    @cached_property
    def strength(self) -> Array:
        """The last reported strength, NaN where there is none."""
        ends = [month.last_day for month in self.months]
        told = [[base.strength(end) for end in ends] for base in self.bases]
        values = [np.nan if one is None else one[0] for row in told for one in row]
        return np.array(values, dtype=float).reshape(len(self.bases), len(self.months))

    def weights(self, lat: Array, lon: Array, km: float) -> Array:
        """What each base counts at n points (degrees), (n, m): exp(-distance / km), 0 beyond REACH times km.

        >>> from harmattan.vocabulary.partial import Validity
        >>> base = Base("f", "f", "MLI", "Gao", 0.0, 0.0, (Validity(),))
        >>> Standing("dossier", (base,), ()).weights(np.array([0.0]), np.array([0.0]), 50.0).tolist()
        [[1.0]]
        """
        own = np.array([[base.lat, base.lon] for base in self.bases]).reshape(-1, 2)
        away = distance_km(lat[:, None], lon[:, None], own[None, :, 0], own[None, :, 1])
        return np.where(away <= REACH * km, np.exp(-away / km), 0.0)


@dataclass(frozen=True)
class Points:
    """Where the rows are: n points in degrees, and what each row says of its point."""

    lat: Array
    lon: Array
    said: tuple[dict[str, Any], ...]


def force_months(world: World, params: Params) -> Answer:
    """One row for each source and place, cell or month, the most base-months first."""
    told = world.told(params)
    there = stations(world, told, params.country, both=True)
    beside = [ReleaseRef.to(held.release).model_copy(update={"beside": True}) for held in there.along]
    recital = Recital("force-months", replace(told, also=tuple(beside)), ACCEPTS)
    lines: list[Line] = []
    for standing in _standing(there, params):
        lines += _lines(standing, params)
    caveats = [*there.said(), *([TWICE] if len({line.values["source"] for line in lines}) > 1 else []), COUNTED]
    return recital.finish(lines, COLUMNS, _headline(recital, lines), chart=Chart("none"), caveats=caveats)


TWICE = T(
    "The dossier and the maps of deployments have some of the same bases. Each source stands for itself; their numbers "
    "are never added. Rows of the maps open one by one."
)
COUNTED = T(
    "Every base counts as one base whatever its strength. Strength is known of few bases and days, so troop-months are "
    "of those only; the last reported number is taken until another is reported or the base ends."
)


def _standing(there: Stations, params: Params) -> Iterator[Standing]:
    """The bases of each source, with the months it speaks about."""
    bases = [base for base in there.of_forces() if base.placed]
    for source in sorted({base.source for base in bases}, key=lambda name: (name != DOSSIER, name)):
        own = tuple(base for base in bases if base.source == source)
        period = _period(own, there, params)
        if period is not None:
            yield Standing(source, own, tuple(period.each_month()))


def _period(bases: Sequence[Base], there: Stations, params: Params) -> Period | None:
    """The months asked about that a source speaks about: from its first base to its last word."""
    starts = [base.validity.start.latest or base.validity.start.day for base in bases if base.validity.start]
    published = [held.release.published for held in there.told.held]
    spoken = max((base.known_to for base in bases), default=dt.date.min)
    end = min(spoken, max(published)) if spoken == dt.date.max and published else spoken
    first = params.start or min(starts, default=end)
    last = min(params.end or end, params.as_of or end, end)
    return Period(first, last) if first <= last else None


def _lines(standing: Standing, params: Params) -> list[Line]:
    """The rows of a source."""
    km = params.km[0] if params.km else KM
    where = tuple(name for name in params.by if name != "month") or (() if params.by else ("place",))
    if not where:
        nowhere = Points(np.zeros(1), np.zeros(1), ({},))
        return _rows(standing, nowhere, np.ones((1, len(standing.bases))), "month" in params.by)
    found: list[Line] = []
    for name in where:
        points = _cells(standing.bases, km) if name == "cell" else _places(standing.bases)
        weights = standing.weights(points.lat, points.lon, km)
        found += _rows(standing, points, weights, "month" in params.by)
    return found


def _places(bases: Sequence[Base]) -> Points:
    sites = Sites.of(bases)
    first = np.unique(sites.site)
    some = [sites.bases[n] for n in first]
    said = tuple({"place": base.place, "country": base.country} for base in some)
    return Points(np.array([base.lat for base in some]), np.array([base.lon for base in some]), said)


def _cells(bases: Sequence[Base], km: float) -> Points:
    """The middles of all cells within reach of a base."""
    found: set[int] = set()
    for lat, lon in {(base.lat, base.lon) for base in bases}:
        up = REACH * km / KM_PER_DEGREE
        right = up / max(np.cos(np.radians(lat)), 0.05)
        for north in np.arange(lat - up - SIZE_DEG, lat + up + SIZE_DEG, SIZE_DEG):
            for east in np.arange(lon - right - SIZE_DEG, lon + right + SIZE_DEG, SIZE_DEG):
                if -90 <= north <= 90 and -180 <= east <= 180:
                    found.add(gid_at(float(north), float(east)))
    gids = np.array(sorted(found), dtype=int)
    return Points(*middle(gids), tuple({"cell": int(gid)} for gid in gids))


def _rows(standing: Standing, points: Points, weights: Array, by_month: bool) -> list[Line]:
    """A row for each point, or for each point and month; those to which no base adds are left out."""
    sure, perhaps = standing.states
    told = np.nan_to_num(standing.strength)
    known = ~np.isnan(standing.strength)
    months = [np.array([k]) for k in range(len(standing.months))] if by_month else [np.arange(len(standing.months))]
    lines: list[Line] = []
    for some in months:
        high = weights @ perhaps[:, some].sum(axis=1)
        low = weights @ sure[:, some].sum(axis=1)
        troops = weights @ (sure * told)[:, some].sum(axis=1)
        measured = weights @ (sure * known)[:, some].sum(axis=1)
        for at in np.flatnonzero((high > 0) | (by_month and len(high) == 1)):
            adding = np.flatnonzero((weights[at] > 0) & (perhaps[:, some].sum(axis=1) > 0))
            values = {
                "month": str(standing.months[some[0]]) if by_month else None,
                "base_months": round(float(low[at]), 3),
                "base_months_high": round(float(high[at]), 3),
                "troop_months": round(float(troops[at]), 1) if measured[at] else None,
                "unknown": round(100 * float(1 - measured[at] / low[at]), 1) if low[at] else None,
                "start": str(standing.months[some[0]]),
                "until": str(standing.months[some[-1]]),
            }
            lines.append(_line(standing, points.said[at] | values, adding, standing.months[some[-1]]))
    return sorted(lines, key=lambda line: (line.values["month"] or "", -line.values["base_months_high"]))


def _line(standing: Standing, values: dict[str, Any], adding: Array, last: Month) -> Line:
    bases = [standing.bases[n] for n in adding]
    said = [record for base in bases for when, _value, record in base.strengths if when <= last.last_day]
    whole = dict.fromkeys(column.name for column in COLUMNS) | values
    whole |= {"source": standing.source, "bases": len(bases)}
    if standing.source == DOSSIER:
        refs = tuple(dict.fromkeys([*(ref for base in bases for ref in base.refs), *said]))
        return Line(whole | {"records": len(refs)}, Criteria(records=refs))
    keys = tuple(sorted({key for base in bases for key in base.keys}))
    return Line(whole | {"records": len(keys)}, Criteria(table=DEPLOYMENTS.name, keys=keys))


def _headline(recital: Recital, lines: Sequence[Line]) -> Text:
    where = recital.told.about()
    if not lines:
        return T("{where}: no base with a known place is on record for what was asked.", where=where)
    top = max(range(len(lines)), key=lambda n: (lines[n].values["base_months"], -n))
    values = lines[top].values
    name = values["place"] or (f"gid {values['cell']}" if values["cell"] else None)
    count = counted(recital.number(len(lines)), "{n} row", "{n} rows")
    most = recital.number(values["base_months"], top, 1)
    high = recital.number(values["base_months_high"], top, 1)
    said: dict[str, Any] = {"where": where, "count": count, "most": most, "high": high}
    if name is None:
        month = Verbatim(values["month"] or f"{values['start']}/{values['until']}")
        return T("{where}: {count}, the most with {most} base-months (up to {high}) in {month}.", month=month, **said)
    return T(
        "{where}, {start} to {until}: {count}; the most force-months are those of {name}, {most} base-months (up to "
        "{high} with bases that may have stood).",
        start=Month.parse(values["start"]).name,
        until=Month.parse(values["until"]).name,
        name=Verbatim(name),
        **said,
    )


QUESTION = Question(
    "force-months",
    T(
        "How much force stood near a place and for how long: for each place of a base, or each cell by its middle, the "
        "sum over bases and months of exp(-distance / --km), so that a base counts 1 where it stands, 0.37 at --km "
        "(50 where nothing is said), 0.14 at twice that, and nothing beyond three times. A base counts in every month "
        "in which it stood on some day. Base-months count every base as one; troop-months multiply by its last "
        "reported strength. With --by month alone, bases are added without regard to distance. Bases that may have "
        "stood, since their dates are known in part, count in the higher number."
    ),
    None,
    ACCEPTS,
    COLUMNS,
    force_months,
    "dossier",
    {"by": BY},
)

"""`border-violence`: events and deaths by distance to a border, and to the places where three countries meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.borders import by_distance
from harmattan.places.borders import CELL_ERROR_KM, Borders, Codes, Distances, distances, named
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.bordering import Bordering, bordering
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.marked import Marked
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.stretches import how_covered, stretches, time_of
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period
from harmattan.vocabulary.schema import EVENTS

Array = npt.NDArray[Any]

ACCEPTS = ("country", "start", "end", "by", "km", "neighbour", "kind", "actor", "dyad", "source", "event_type", *ALWAYS)
BY = ("month", "year", "country", "band")
NEEDS: tuple[Dimension, ...] = ("cell",)
STRIPS_KM = (25.0, 50.0, 100.0)
"""Where nothing is said; of these, those wider than the error of the places."""
EVERY = ("any_border", "any_tri_border", "placed", "not_placed")
COLUMNS = (
    AnswerColumn(
        "area",
        T(
            "border: along one border; any_border: along the nearest; tri_border: around the places where three "
            "countries meet; any_tri_border: around the nearest; placed: all events with a place known so well that a "
            "distance can be measured; not_placed: the others"
        ),
    ),
    AnswerColumn("name", T("the two or three countries that meet there"), "ISO 3166 alpha-3"),
    AnswerColumn("period", T("the month or year, or the first and last day")),
    AnswerColumn("country", T("country the events happened in; empty: all that were asked about"), "ISO 3166 alpha-3"),
    AnswerColumn("beyond_km", T("farther from it than this; 0 where the strip begins on it"), "km"),
    AnswerColumn("within_km", T("at most so far from it; strips that begin on it lie within each other"), "km"),
    *COUNTS,
    AnswerColumn("share_events", T("share of the placed events, in the countries and days of the row, that are in it"),
                 "%"),
    AnswerColumn("share_deaths", T("share of the deaths (best) in those placed events"), "%"),
    AnswerColumn("drawn", T("what the border is known by: boundaries, cells, or both")),
    AnswerColumn("error_km", T("how far a distance may be off because a cell stands for a place or a border; 0 where "
                               "points are measured against boundaries"), "km"),
    AnswerColumn("sharp", T("no where the strip is narrower than that error, else yes")),
    COVERED,
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class _Measured:
    """Events, how far they are from what, and in which strips they are counted."""

    marked: Marked
    bordering: Bordering
    found: Distances
    """Of events and borders, up to the widest strip."""
    strips: tuple[tuple[float, float], ...]

    @cached_property
    def areas(self) -> list[tuple[str, str | None, tuple[str, ...]]]:
        """Kind, name and countries of everything that rows are about: those of EVERY, then each border and meeting."""
        codes = self.found.codes
        return [(kind, None, self.marked.scope.params.country) for kind in EVERY] + [
            ("border" if len(one) == 2 else "tri_border", named(one), one) for one in codes
        ]

    @cached_property
    def pairs(self) -> tuple[Array, Array, Array]:
        """Event, place among `areas`, and kilometres: of a border, of the nearest, and 0 of all that is placed."""
        found, n = self.found, self.marked.table.num_rows
        meeting = np.array([len(one) == 3 for one in found.codes], dtype=bool)
        event, area, km = [found.point], [found.line + len(EVERY)], [found.km]
        for at, which in enumerate((~meeting, meeting)):
            own = np.flatnonzero(which[found.line]) if len(found.line) else np.array([], dtype=int)
            nearest = np.full(n, np.inf)
            np.minimum.at(nearest, found.point[own], found.km[own])
            near = np.flatnonzero(np.isfinite(nearest))
            event, area, km = [*event, near], [*area, np.full(len(near), at)], [*km, nearest[near]]
        placed = np.where(self.marked.placed, EVERY.index("placed"), EVERY.index("not_placed"))
        return (
            np.concatenate([*event, np.arange(n)]),
            np.concatenate([*area, placed]),
            np.concatenate([*km, np.zeros(n)]),
        )

    @cached_property
    def keys(self) -> Array:
        """The key of each event."""
        every = np.empty(self.marked.table.num_rows, dtype=object)
        every[:] = self.marked.keys(np.arange(len(every)))
        return every

    @cached_property
    def criteria(self) -> Criteria:
        """What all rows have in common: that they rest on very events."""
        return self.marked.scope.criteria.narrowed(table=EVENTS.name)

    @cached_property
    def states(self) -> dict[tuple[Codes, Period], str]:
        """Whether countries and periods are covered, as far as it was asked already."""
        return {}

    def covered(self, countries: Codes, period: Period) -> str:
        """Whether the releases speak about a period in all of some countries."""
        key = (countries, period)
        if key not in self.states:
            self.states[key] = how_covered(self.marked.scope, countries, period)
        return self.states[key]

    def sums(self, by: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Sums by area, strip, period and country."""
        event, area, km = self.pairs
        keys = {name: self.marked.table[name].take(pa.array(event)) for name in ("release", "event_id")}
        table = pa.table(keys | {"line": pa.array(area, pa.int64()), "km": pa.array(km, pa.float64())})
        time = time_of(by)
        rows = rows_by(by_distance, self.marked.scope.rows, table, strips=self.strips, by=by).to_pylist()
        return {(row["line"], row["strip"], row.get(time or ""), row.get("country")): row for row in rows}

    def members(self, by: tuple[str, ...]) -> dict[tuple[Any, ...], Array]:
        """The events of each of those sums, by their places."""
        event, area, km = self.pairs
        time = time_of(by)
        label = _labels(self.marked, time)
        country = self.marked.array("iso3")
        found: dict[tuple[Any, ...], Array] = {}
        for strip, (low, high) in enumerate(self.strips):
            here = np.flatnonzero((km > low) & (km <= high))
            periods = label[event[here]]
            codes = country[event[here]].astype(str) if "country" in by else np.full(len(here), "")
            kinds = np.rec.fromarrays([area[here], periods, codes])
            each, back = np.unique(kinds, return_inverse=True)
            order = np.argsort(back, kind="stable")
            cuts = np.searchsorted(back[order], np.arange(len(each) + 1))
            for at, key in enumerate(each.tolist()):
                which = event[here[order[cuts[at] : cuts[at + 1]]]]
                found[(key[0], strip, key[1] or None, key[2] or None)] = which
        return found

    @cached_property
    def base(self) -> dict[tuple[str | None, str], tuple[float, float]]:
        """Placed events and the deaths in them, by period and country."""
        marked = self.marked
        label = _labels(marked, time_of(marked.scope.params.by))
        which = np.flatnonzero(marked.placed)
        kinds = np.rec.fromarrays([label[which], marked.array("iso3")[which].astype(str)])
        each, back = np.unique(kinds, return_inverse=True)
        sums = [np.bincount(back, marked.array(name)[which], len(each)) for name in ("n_events", "deaths_best")]
        return {(period or None, code): (float(events), float(deaths))
                for (period, code), events, deaths in zip(each.tolist(), *sums, strict=True)}  # fmt: skip

    def error(self, area: int) -> float:
        """By how much a distance to an area may be off, in km."""
        codes = self.areas[area][2] if area >= len(EVERY) else None
        of_cells = self.bordering.borders.of_cells
        coarse = bool(of_cells) if codes is None else codes in of_cells
        return CELL_ERROR_KM if coarse or self.marked.of_cell.any() else 0.0

    def drawn(self, area: int) -> str | None:
        """What a border is known by."""
        borders, kind = self.bordering.borders, self.areas[area][0]
        lines = {"any_border": borders.lines, "any_tri_border": borders.meetings}.get(kind, [self.areas[area][2]])
        celled = {codes in borders.of_cells for codes in lines}
        if kind in ("placed", "not_placed") or not celled:
            return None
        return "both" if len(celled) == 2 else "cells" if celled.pop() else "boundaries"


def _labels(marked: Marked, time: str | None) -> Array:
    """The month or year of each event; nothing where they are not told apart."""
    if time is None:
        return np.full(marked.table.num_rows, "")
    return marked.array("date_start").astype(f"datetime64[{'M' if time == 'month' else 'Y'}]").astype(str)


def border_violence(world: World, params: Params) -> Answer:
    """Events and deaths in strips along borders and around the places where three countries meet."""
    by = params.by
    time_of(by)
    scope = world.scope(replace(params, by=()), needs=NEEDS)
    known = bordering(world.lake, params, params.country)
    scope = replace(scope, params=replace(scope.params, by=by), along=(*scope.along, *known.held))
    draft = Draft("border-violence", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    _check(params, known.borders)
    marked = Marked.of(scope)
    strips = _strips(params, bool(known.borders.of_cells) or bool(marked.of_cell.any()))
    widest = strips[-1][1]
    found = distances(known.borders, marked.lat, marked.lon, marked.array("iso3"), widest)
    measured = _Measured(marked, known, found, strips)
    lines = list(_lines(measured, by))
    headline = _headline(draft, measured, lines)
    chart = Chart("bars", x="deaths_best", y="name", series="within_km")
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=_caveats(measured))


def _check(params: Params, borders: Borders) -> None:
    """A neighbour that has no border with any of the countries is a slip, where borders are known at all."""
    if params.neighbour and not len(borders):
        raise UsageError(
            T("No border is known here between {countries} and {neighbours}.",
              countries=listing([CountryName(code) for code in params.country]),
              neighbours=listing([CountryName(code) for code in params.neighbour])),
            do=T("Leave --neighbour out to see the borders that are known."),
        )  # fmt: skip


def _strips(params: Params, of_cells: bool) -> tuple[tuple[float, float], ...]:
    """The strips asked for, from near to far; where nothing is said, those that the places can tell."""
    usual = [km for km in STRIPS_KM if not of_cells or km >= CELL_ERROR_KM]
    bounds = sorted(set(params.km or usual))
    if "band" not in params.by:
        return tuple((-1.0, high) for high in bounds)
    return tuple(zip([-1.0, *bounds], bounds, strict=False))


def _lines(measured: _Measured, by: tuple[str, ...]) -> Iterator[Line]:
    """The rows: each area with each strip and period, zero where covered and nothing happened."""
    scope, time = measured.marked.scope, time_of(by)
    sums, members = measured.sums(by), measured.members(by)
    seen = {key[0] for key in sums}
    for label, period in stretches(scope.period, time).items():
        for area, (kind, _name, codes) in enumerate(measured.areas):
            if (time and area >= len(EVERY) and area not in seen) or (
                measured.drawn(area) is None and not _whole(kind)
            ):
                continue
            asked = tuple(code for code in scope.params.country if code in codes)
            for countries in [(code,) for code in asked] if "country" in by else [asked]:
                for strip in range(1 if _whole(kind) else len(measured.strips)):
                    key = (area, strip, label, countries[0] if "country" in by else None)
                    yield _line(measured, key, period, countries, (sums, members))


def _whole(kind: str) -> bool:
    """Whether rows of a kind are about all distances."""
    return kind in ("placed", "not_placed")


def _line(
    measured: _Measured, key: tuple[Any, ...], period: Period, countries: tuple[str, ...], found: tuple[Any, Any]
) -> Line:
    area, strip, label, country = key
    kind, name, _codes = measured.areas[area]
    state = measured.covered(countries, period)
    counts = found[0].get(key) or dict.fromkeys((c.name for c in COUNTS), 0)
    low, high = measured.strips[strip]
    error = measured.error(area)
    values: dict[str, Any] = {"area": kind, "name": name, "period": label or str(period), "country": country}
    values |= {"beyond_km": None if _whole(kind) else max(low, 0.0), "within_km": None if _whole(kind) else high}
    values |= {c.name: counts[c.name] if state != "no" else None for c in COUNTS}
    values |= _shares(values, measured, label, countries)
    values |= {"drawn": measured.drawn(area), "error_km": None if _whole(kind) else error}
    values |= {"sharp": None if _whole(kind) else "yes" if high - max(low, 0.0) >= error else "no", "covered": state}
    keys = tuple(measured.keys[found[1][key]].tolist()) if key in found[1] else ()
    values |= {"records": len(keys)}
    criteria = measured.criteria.model_copy(update={"keys": keys})
    return Line({column.name: values[column.name] for column in COLUMNS}, criteria)


def _shares(
    values: dict[str, Any], measured: _Measured, label: str | None, countries: tuple[str, ...]
) -> dict[str, Any]:
    """The share of the placed events and deaths of the same countries and days; empty where there are none."""
    bases = [measured.base.get((label, code), (0.0, 0.0)) for code in countries]
    shares = {}
    for name, column, total in zip(("share_events", "share_deaths"), ("events", "deaths_best"),
                                   np.sum(bases, axis=0), strict=True):  # fmt: skip
        told = values[column] is not None and total and values["area"] != "not_placed"
        shares[name] = round(100 * values[column] / float(total), 1) if told else None
    return shares


def _headline(draft: Draft, measured: _Measured, lines: list[Line]) -> Text:
    scope = measured.marked.scope
    said: dict[str, Any] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    if not len(measured.bordering.borders):
        return T("{where}, {start} to {end}: no border is known here.", **said)
    kind = "any_border" if measured.bordering.borders.lines else "any_tri_border"
    widest = measured.strips[-1]
    rows = [n for n, line in enumerate(lines) if line.values["area"] == kind and line.values["within_km"] == widest[1]]
    if len(rows) != 1:
        return T("{where}, {start} to {end}: events and deaths by distance to {n} borders and meeting places.",
                 n=len(measured.bordering.borders), **said)  # fmt: skip
    row = lines[rows[0]].values
    said |= {
        "low": draft.number(row["beyond_km"], rows[0]),
        "high": draft.number(widest[1], rows[0]),
        "events": counted(draft.number(row["events"], rows[0]), "{n} event", "{n} events"),
        "deaths": counted(draft.number(row["deaths_best"], rows[0]), "{n} death", "{n} deaths"),
        "share_events": draft.number(row["share_events"], rows[0], 1),
        "share_deaths": draft.number(row["share_deaths"], rows[0], 1),
    }
    return T(
        "{where}, {start} to {end}: {events} with {deaths} from {low} to {high} km of a border, {share_events} % of "
        "the events and {share_deaths} % of the deaths whose place is known well enough to be measured.",
        **said,
    )


def _caveats(measured: _Measured) -> list[Text]:
    """How the places and borders are known, and what could not be measured."""
    marked, said = measured.marked, list(measured.bordering.caveats)
    n_events = marked.array("n_events")

    def told(which: Array) -> Text:
        return counted(int(n_events[which].sum()), "{n} event", "{n} events")

    near = marked.array("where_precision") == "near"
    if (~marked.placed).any():
        said.append(T("Not measured: {events} coded to a district, a region, a country or to no place; they are in no "
                      "strip and in no share.", events=told(~marked.placed)))  # fmt: skip
    if marked.of_cell.any():
        said.append(T("Of {events} only the cell is known: the distance is that of the cell's middle, and may be up to "
                      "{km} km off.", events=told(marked.of_cell), km=Verbatim(f"{CELL_ERROR_KM:g}")))  # fmt: skip
    if (near & marked.placed).any():
        said.append(T("The places of {events} are known within about 25 km only.", events=told(near & marked.placed)))
    if any(measured.error(area) > high - max(low, 0) for area in range(2, len(measured.areas))
           for low, high in measured.strips):  # fmt: skip
        said.append(T("A strip narrower than the error of its distances is marked: it does not tell what lies in it."))
    if "band" not in marked.scope.params.by and len(measured.strips) > 1:
        said.append(T("The strips lie within each other: a wider one has the events of the narrower ones too."))
    if len(measured.found.codes) > 1:
        said.append(T("An event near two borders is counted at both; at any border it is counted once."))
    return said


QUESTION = Question(
    "border-violence",
    T(
        "Events and deaths by distance to a land border of the country they happened in, in strips along it (at most "
        "so many km from it, --km; the strips lie within each other, with --by band they follow each other), and in "
        "circles of the same distances around the places where three countries meet. The distance is the shortest on "
        "the sphere. Borders are drawn from boundaries where those of both countries are taken in, else from the sides "
        "of cells. A share is that of all events, or deaths, whose place is known well enough."
    ),
    "OECD/SWAC (2022), doi:10.1787/6da6d21e-en",
    ACCEPTS,
    COLUMNS,
    border_violence,
    choices={"by": BY},
)

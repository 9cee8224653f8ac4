"""`exposure`: people who live within some kilometres of violence, each counted once however many events are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.places.reach import Grid, Units
from harmattan.questions.actors import level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.casualties import DIMENSIONS, PERIOD
from harmattan.questions.gathered import Array, Group, gathered
from harmattan.questions.holding import givers_of, how_to_get
from harmattan.questions.marked import Marked
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.populace import Layer, Populace, ground, populace, undrawn_words
from harmattan.questions.question import Question
from harmattan.questions.stretches import TIMES, how_covered, time_of
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, joined, listing
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.places import POPULATION

KM = (1.0, 2.0, 5.0)
ACCEPTS = ("country", "start", "end", "km", "by", "kind", "actor", "level", "source", "event_type", *ALWAYS)
BY = ("month", "year", "country", "kind", "actor", "cell")
COLUMNS = (
    PERIOD,
    DIMENSIONS["country"],
    DIMENSIONS["kind"],
    AnswerColumn("actor", T("party on either side, as the publisher or, at another level, the dossier calls it")),
    AnswerColumn("cell", T("half-degree cell in which there was violence"), "PRIO-GRID gid"),
    AnswerColumn("km", T("how near; empty: in the same half-degree cell"), "km"),
    AnswerColumn("people", T("people living that near to any event, each counted once; empty: not known"), "people"),
    AnswerColumn("share", T("those people among all people of the countries of the row"), "%"),
    AnswerColumn("people_of", T("all people of the countries of the row, by the same population"), "people"),
    AnswerColumn(
        "method",
        T("grid: points of people near an event; area_share: the share of a unit's area that is near, a rough guess; "
          "cell: people of the cells; mixed: several of them"),
    ),
    AnswerColumn("places", T("different points of the events, or different cells")),
    *COUNTS,
    COVERED,
    RECORDS,
)  # fmt: skip
SEPARATE = T(
    "Each row stands for itself: whoever lives near violence in two months, or near that of two actors, is in the rows "
    "of both, so rows are never added up. Only within a row is everybody counted once."
)
RESIDENTS = T(
    "People are those whom the population puts there for its year, whether or not they have fled since; to live near "
    "is not to be harmed."
)


@dataclass(frozen=True)
class Living:
    """People near the events of some groups: arrays by group, distance and country, NaN where nothing is known."""

    near: Array
    """(groups, distances, countries)."""
    total: Array
    """(countries,)."""
    method: tuple[str, ...]
    """By country; empty where nothing is known."""


def exposure(world: World, params: Params) -> Answer:
    """People near the events of each group of events, at each distance."""
    by = params.by
    time_of(by)
    needs = _needs(by)
    scope = world.scope(params, needs=needs)
    draft = Draft("exposure", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, needs))
    marked = Marked.of(scope, also=("actors_a", "actors_b"))
    cells_only = bool(marked.of_cell.any()) and bool((marked.of_cell == marked.placed).all())
    by_cell = "cell" in by or cells_only
    places = marked.placed & ~np.isnan(marked.array("cell")) if by_cell else marked.placed & ~marked.of_cell
    km = () if by_cell else tuple(sorted(set(params.km or KM)))
    told = populace(world, scope.params)
    scope = replace(scope, along=told.held)
    draft, marked = Draft("exposure", scope, ACCEPTS), replace(marked, scope=scope)
    groups = gathered(marked, by, places)
    living = _living(marked, groups, km, told)
    lines = [line for n, group in enumerate(groups) for line in _lines(marked, group, km, living, n)]
    said = [*_left_out(marked, places), *(_rough(marked, km) if km else ()), *told.caveats]
    said += [text for layer in told.layers for text in undrawn_words(layer)]
    said += [SEPARATE] if len(groups) > 1 else []
    said += [CELLS_ONLY] if cells_only and "cell" not in by else []
    said += [*level_caveats(scope), *([RESIDENTS] if told.layers else [])]
    headline = _headline(draft, lines, told, by_cell=by_cell)
    return draft.finish(lines, _columns(by, scope), headline, chart=_chart(by), caveats=said)


def _needs(by: Sequence[str]) -> tuple[Dimension, ...]:
    found: list[Dimension] = ["cell"]
    found += ["kind"] if "kind" in by else []
    found += ["actor"] if "actor" in by else []
    return tuple(found)


def _columns(by: Sequence[str], scope: Scope) -> list[AnswerColumn]:
    apart = {"country", "kind", "actor", "cell"} - set(by)
    return [column for column in COLUMNS if column.name not in apart]


def _living(marked: Marked, groups: Sequence[Group], km: Sequence[float], told: Populace) -> Living:
    """Country after country, so that the people of one only are in memory."""
    countries = marked.scope.params.country
    near = np.full((len(groups), max(len(km), 1), len(countries)), np.nan)
    total = np.full(len(countries), np.nan)
    method = [""] * len(countries)
    for layer in told.layers:
        at = countries.index(layer.iso3)
        people = ground(layer)
        total[at], method[at] = people.total, layer.method if km else "cell"
        for n, group in enumerate(groups):
            if layer.iso3 in group.countries:
                near[n, :, at] = _near(people, marked, group, layer, km)
    return Living(near, total, tuple(method))


def _near(people: Grid | Units, marked: Marked, group: Group, layer: Layer, km: Sequence[float]) -> Array:
    if not len(group.which):
        return np.zeros(max(len(km), 1))
    if km:
        return people.within(marked.lat[group.which], marked.lon[group.which], km)
    cells = np.unique(marked.array("cell")[group.which]).astype(np.int64)
    return np.array([people.in_cells(cells).sum()])


def _lines(marked: Marked, group: Group, km: Sequence[float], living: Living, n: int) -> Iterator[Line]:
    scope = marked.scope
    covered = how_covered(scope, group.countries, group.period)
    own = [at for at, iso3 in enumerate(scope.params.country) if iso3 in group.countries and living.method[at]]
    total = living.total[own].sum() if own else None
    methods = {living.method[at] for at in own}
    base: dict[str, Any] = {"period": group.label} | dict(group.values)
    if "actor" in base:
        base["actor"] = party(scope.told.book if scope.told else None, base["actor"])
    counts = marked.sums(group.which) if covered != "no" else dict.fromkeys(c.name for c in COUNTS)
    row = marked.line({}, group.which)
    places = len(np.unique(marked.array("cell")[group.which] if not km
                           else np.column_stack([marked.lat, marked.lon])[group.which], axis=0))  # fmt: skip
    for step, one in enumerate(km or (None,)):
        people = float(living.near[n, step, own].sum()) if own and covered != "no" else None
        values = base | {
            "km": one,
            "people": None if people is None else round(people),
            "share": None if people is None or not total else round(100 * people / total, 2),
            "people_of": None if total is None else round(total),
            "method": next(iter(methods)) if len(methods) == 1 else "mixed" if methods else None,
            "places": places if covered != "no" else None,
            **counts,
            "covered": covered,
            "records": row.values["records"],
        }
        yield Line(values, row.criteria)


def _left_out(marked: Marked, places: Array) -> list[Text]:
    """Says what is not in any row since nobody knows well enough where it was."""
    lost = np.flatnonzero(~places)
    if not len(lost):
        return []
    found = marked.sums(lost)
    return [
        T("Left out: {events} with {deaths}, known to a district, a region, a country or a cell only. Who lives near "
          "them nobody can say, so the numbers of people are too low.",
          events=counted(found["events"], "{n} event", "{n} events"),
          deaths=counted(found["deaths_best"], "{n} death", "{n} deaths"))
    ]  # fmt: skip


def _rough(marked: Marked, km: Sequence[float]) -> list[Text]:
    """Says how many points may be off by more than the distances asked about."""
    near = np.flatnonzero(marked.placed & ~marked.of_cell & (marked.array("where_precision") == "near"))
    if not len(near) or min(km) >= 25:
        return []
    return [
        T("{events} are known to about 25 km only: they are taken at the point that the source gives, and other people "
          "may have been near.", events=counted(marked.sums(near)["events"], "{n} event", "{n} events"))
    ]  # fmt: skip


CELLS_ONLY = T(
    "The release that answers has no points but half-degree cells: the cell is the place, about 55 km wide, and "
    "everybody in a cell with violence is counted. Who lives within a few kilometres needs the events themselves: "
    "harmattan ingest ucdp-ged FILE."
)


def _headline(draft: Draft, lines: Sequence[Line], told: Populace, *, by_cell: bool) -> Text:
    scope = draft.scope
    said: dict[str, Value] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    if not told.layers:
        return joined([
            T("{where}, {start} to {end}: who lives near violence is not covered, since no release here says who lives "
              "where.", **said), how_to_get(givers_of(POPULATION.name)),
        ])  # fmt: skip
    known = [layer.iso3 for layer in told.layers]
    if len(known) < len(scope.params.country):
        said["where"] = T("{where} (people of {known} only)", where=said["where"],
                          known=listing([CountryName(iso3) for iso3 in known]))  # fmt: skip
    most = max(
        (n for n, line in enumerate(lines) if line.values["people"] is not None),
        key=lambda n: (lines[n].values["people"], -n),
        default=None,
    )
    if most is None:
        return T("{where}, {start} to {end}: no event known to a place.", **said)
    row = lines[most].values
    people = counted(draft.number(row["people"], most), "{n} person", "{n} people")
    share = draft.number(row["share"], most, 1)
    if scope.params.by:
        return T("{where}, {start} to {end}: at most {people} ({share} %) lived near violence in one row ({row}).",
                 people=people, share=share, row=_which(row, scope.params.by), **said)  # fmt: skip
    if by_cell:
        return T("{where}, {start} to {end}: {people} ({share} %) live in a half-degree cell with violence.",
                 people=people, share=share, **said)  # fmt: skip
    return T("{where}, {start} to {end}: {people} ({share} %) live within {km} km of violence.",
             people=people, share=share, km=Verbatim(f"{row['km']:g}"), **said)  # fmt: skip


def _which(row: dict[str, Any], by: Sequence[str]) -> Text:
    parts: list[Any] = [Verbatim(row["period"])] if set(by) & set(TIMES) else []
    parts += [CountryName(row["country"])] if "country" in by else []
    parts += [row[name] if not isinstance(row[name], str | int) else Verbatim(str(row[name]))
              for name in ("kind", "actor", "cell") if name in by and row[name] is not None]  # fmt: skip
    parts += [] if row["km"] is None else [T("{km} km", km=Verbatim(f"{row['km']:g}"))]
    return T("{parts}", parts=listing(parts))


def _chart(by: Sequence[str]) -> Chart:
    if set(by) & set(TIMES):
        return Chart("trend", x="period", y="people", series="km")
    if "cell" in by:
        return Chart("cells", y="people")
    return Chart("bars", x="people", y=next(iter(by), "km"))


QUESTION = Question(
    "exposure",
    T(
        "How many people live near violence: within each distance (--km, 1, 2 and 5 where nothing is said) of any "
        "event in the period, or with --by cell in the same half-degree cell. The discs around all events of a row are "
        "laid into one shape, so whoever lives near several events is counted once: people = sum of the population of "
        "all points of a grid at most --km away from any event, on the sphere. Where people are known by administrative"
        " unit only, the share of the unit's area within the shape times its people. Events that are not known to a "
        "place are left out and counted. By year, month, country, kind or actor each row is counted for itself, and "
        "rows are never added up. By country: people of the country near events in it."
    ),
    "mapme.biodiversity, calc_exposed_population_ucdp (buffers flattened into one), "
    "https://mapme-initiative.github.io/mapme.biodiversity/reference/calc_exposed_population_acled.html, after ACLED's "
    "Conflict Exposure (1, 2 and 5 km)",
    ACCEPTS,
    COLUMNS,
    exposure,
    choices={"by": BY},
)

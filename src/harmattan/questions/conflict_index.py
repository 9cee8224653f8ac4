"""`conflict-index`: how severe the conflicts of some countries are beside each other, by four shown inputs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import ibis
import numpy as np

from harmattan.lake.measured import rows_by
from harmattan.measures.events import listed
from harmattan.measures.index import by_country, groups, high, squares, within_peopled
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COVERED, RECORDS, Draft, Line
from harmattan.questions.index_land import Land, land
from harmattan.questions.index_ranks import INDICATORS, Choice, Inputs, Ranking, ranking
from harmattan.questions.index_words import caveats, choice_in_words, headline
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.records import months_before
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, listing
from harmattan.vocabulary.origin import Dimension

ACCEPTS = ("country", "end", "window", "at_least", "source", "event_type", *ALWAYS)
NEEDS: tuple[Dimension, ...] = ("kind", "actor", "cell")
TYPED_NEEDS: tuple[Dimension, ...] = ("event_type", "actor", "cell")
"""What must be told apart where a source has types of events instead of kinds of violence."""
AT_LEAST = 10
"""Events a year from which a square has a high level of violence: the ACLED Conflict Index."""
SURE, NEAR = ("exact",), ("near",)
"""Precisions that put an event into a square of 10 km for sure, and those that may put it into the wrong one."""
SLIM = ("iso3", "lat", "lon", "cell", "where_precision", "n_events", "deaths_low", "deaths_best", "deaths_high",
        "violence", "event_type", "civilian_targeting", "actors_a", "actors_b", "type_a", "type_b")  # fmt: skip
"""What the index is made of: read once, for all that is counted."""


def _columns() -> tuple[AnswerColumn, ...]:
    scaled = T("from 0 for the lowest of the countries to 1 for the highest")
    ranked = T("rank by this one alone, 1 the highest")
    return (
        AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
        COVERED,
        AnswerColumn("window_start", T("first day of the window")),
        AnswerColumn("window_end", T("last day of the window")),
        AnswerColumn("events", T("events as the source counts them, of every kind that is counted"), "events"),
        AnswerColumn("deaths_low", T("deaths, low estimate; empty where a source gives none"), "deaths"),
        AnswerColumn("deaths_best", T("deadliness: deaths, best estimate"), "deaths"),
        AnswerColumn("deaths_high", T("deaths, high estimate"), "deaths"),
        AnswerColumn("deadliness_scaled", scaled),
        AnswerColumn("deadliness_rank", ranked),
        AnswerColumn("danger", T("events directed at civilians"), "events"),
        AnswerColumn("danger_scaled", scaled),
        AnswerColumn("danger_rank", ranked),
        AnswerColumn("squares_high", T("squares with a high level of violence"), "squares"),
        AnswerColumn("squares", T("all squares of the country that count"), "squares"),
        AnswerColumn("diffusion", T("share of the squares with a high level of violence"), "%"),
        AnswerColumn("diffusion_scaled", scaled),
        AnswerColumn("diffusion_rank", ranked),
        AnswerColumn("fragmentation", T("armed groups that are no state's, with an event in the country"), "groups"),
        AnswerColumn("fragmentation_scaled", scaled),
        AnswerColumn("fragmentation_rank", ranked),
        AnswerColumn("size", T("mean of the scaled values, each with the same weight")),
        AnswerColumn("rank", T("rank by size among the countries that are covered, 1 the most severe")),
        AnswerColumn("rank_from", T("the rank nearest to 1 over every combination of choices")),
        AnswerColumn("rank_to", T("the rank furthest from 1 over every combination of choices")),
        AnswerColumn("rank_held", T("share of the combinations of choices that give the same rank"), "%"),
        AnswerColumn("moved_by", T("single choices that give another rank")),
        AnswerColumn("groups", T("the armed groups counted, as the publisher writes them")),
        RECORDS,
    )


COLUMNS = _columns()


def conflict_index(world: World, params: Params) -> Answer:
    """The countries asked about by the size of their index, the most severe first, then those not wholly covered."""
    needs = TYPED_NEEDS if world.typed(params) else NEEDS
    dated = _dated(world, params, needs)
    scope = world.scope(dated, needs)
    if not scope.covered:
        return Draft("conflict-index", scope, ACCEPTS).not_covered(COLUMNS, world.places(params, needs))
    events = ibis.memtable(rows_by(listed, scope.rows, columns=SLIM))
    found = {row["iso3"]: row for row in rows_by(by_country, events, precise=(*SURE, *NEAR)).to_pylist()}
    points = not (any(row["pointless"] for row in found.values()) or _of_cells(scope))
    ground = land(world, scope.params, points=points)
    scope = replace(scope, along=ground.held)
    named = _groups(events)
    thresholds = _thresholds(params.at_least or AT_LEAST)
    violent = _violent(events, ground, thresholds, params.window, points=points)
    rows = [_row(scope, code, found, named) | _spread(code, ground, violent, thresholds, points=points)
            for code in dict.fromkeys(params.country)]  # fmt: skip
    whole = [row for row in rows if row["covered"] == "yes"]
    main = Choice(at_least=thresholds[0], near=not points)
    made = ranking(_inputs(whole, thresholds, ground, points=points), main) if len(whole) > 1 else None
    if made is not None:
        for at, row in enumerate(whole):
            row.update(_placed(made, at))
    rows.sort(key=lambda row: (row["rank"] is None, -(row["size"] or 0), row["covered"] != "yes", row["country"]))
    lines = [_line(scope, row) for row in rows]
    draft = Draft("conflict-index", scope, ACCEPTS)
    return draft.finish(
        lines,
        COLUMNS,
        headline(draft, rows, made),
        chart=Chart("bars", x="size", y="country"),
        caveats=caveats(scope, rows, ground, made, points=points, at_least=thresholds[0], asked=params),
    )


def _dated(world: World, params: Params, needs: tuple[Dimension, ...]) -> Params:
    """The window: it ends on the last day asked about, or on the last day about which any release speaks."""
    end = world.period(params, world.chosen(params), needs).end

    def ending(day: dt.date) -> Params:
        return replace(params, start=months_before(day, params.window) + dt.timedelta(days=1), end=day)

    selection = world.selected(ending(end), needs)[1]
    last = max((part.period.end for part in selection.slices), default=end)
    return ending(min(end, last))


def _of_cells(scope: Scope) -> bool:
    return any(held.release.status == "figures" for held in scope.selection.holds)


def _thresholds(at_least: int) -> tuple[int, ...]:
    """The threshold asked for, then one event, half of it and twice of it."""
    return tuple(dict.fromkeys((at_least, 1, max(1, at_least // 2), 2 * at_least)))


def _groups(events: Any) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for row in rows_by(groups, events).to_pylist():
        found.setdefault(row["iso3"], set()).add(row["party"])
    return {code: sorted(names) for code, names in found.items()}


def _violent(
    events: Any, ground: Land, thresholds: tuple[int, ...], months: int, *, points: bool
) -> dict[str, dict[str, int]]:
    """How many squares have a high level of violence, by country and threshold."""
    found = rows_by(squares, events, precise=SURE, near=NEAR, points=points)
    if ground.lived_in is not None:
        found = rows_by(within_peopled, found, ground.lived_in, countries=tuple(ground.by_people))
    rows = rows_by(high, found, thresholds=thresholds, months=months).to_pylist()
    return {row["iso3"]: row for row in rows}


def _row(scope: Scope, code: str, found: dict[str, Any], named: dict[str, list[str]]) -> dict[str, Any]:
    """The values of one country; empty where nothing speaks about it."""
    row: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    spoken = scope.selection.spoken(code)
    whole = scope.selection.covered(code, scope.period)
    row |= {"country": code, "covered": "yes" if whole else "partly" if spoken else "no", "records": 0}
    row |= {"window_start": scope.period.start.isoformat(), "window_end": scope.period.end.isoformat()}
    if not spoken:
        return row
    names = ("events", "deaths_low", "deaths_best", "deaths_high", "danger", "records")
    own = found.get(code) or dict.fromkeys(names, 0)
    parties = named.get(code, [])
    row |= {name: own[name] for name in names}
    return row | {"fragmentation": len(parties), "groups": "; ".join(parties), "placed": own.get("placed", 0)}


def _spread(
    code: str, ground: Land, violent: dict[str, dict[str, int]], thresholds: tuple[int, ...], *, points: bool
) -> dict[str, Any]:
    """How far the violence of one country is spread, by threshold; empty where its land is not known."""
    total, own = ground.squares.get(code), violent.get(code, {})
    shares = {
        (t, near): None if total is None else min(1.0, own.get(f"{'near' if near else 'exact'}_{t}", 0) / total)
        for t in thresholds
        for near in ((False, True) if points else (True,))
    }
    main = shares[thresholds[0], not points]
    counted = own.get(f"{'exact' if points else 'near'}_{thresholds[0]}", 0)
    return {
        "squares": total,
        "squares_high": counted,
        "diffusion": None if main is None else round(100 * main, 4),
        "shares": shares,
    }


def _inputs(rows: list[dict[str, Any]], thresholds: tuple[int, ...], ground: Land, *, points: bool) -> Inputs:
    deaths = {
        name: np.array([row[f"deaths_{name}"] for row in rows], dtype=float)
        for name in ("best", "low", "high")
        if all(row[f"deaths_{name}"] is not None for row in rows)
    }
    drawn = all(row["country"] in ground.squares for row in rows)
    shares = {key: np.array([row["shares"][key] for row in rows], dtype=float) for key in rows[0]["shares"]}
    return Inputs(
        deaths,
        np.array([row["danger"] for row in rows], dtype=float),
        shares if drawn else {},
        np.array([row["fragmentation"] for row in rows], dtype=float),
    )


def _placed(made: Ranking, at: int) -> dict[str, Any]:
    """Where one country stands."""
    found: dict[str, Any] = {}
    for name in INDICATORS:
        if name in made.scaled:
            found[f"{name}_scaled"] = round(float(made.scaled[name][at]), 4)
            found[f"{name}_rank"] = int(made.own_ranks[name][at])
    moved: Text | None = None
    if made.moved[at]:
        moved = T("{choices}", choices=listing([choice_in_words(field, value) for field, value in made.moved[at]]))
    return found | {
        "size": round(float(made.size[at]), 4),
        "rank": int(made.rank[at]),
        "rank_from": int(made.rank_from[at]),
        "rank_to": int(made.rank_to[at]),
        "rank_held": round(100 * float(made.held[at]), 1),
        "moved_by": moved,
    }


def _line(scope: Scope, row: dict[str, Any]) -> Line:
    values = {column.name: row[column.name] for column in COLUMNS}
    if row["covered"] == "no":
        values |= {"squares": None, "squares_high": None, "diffusion": None}
    return Line(values, scope.criteria.narrowed(countries=(row["country"],)))


QUESTION = Question(
    "conflict-index",
    T(
        "How severe the conflicts of the countries asked about are beside each other, in the window of months that "
        "ends on the as-of date, by the four indicators of the ACLED Conflict Index: deadliness (deaths), danger "
        "(events directed at civilians), diffusion (share of the country's squares of 10 km with at least 10 events a "
        "year) and fragmentation (armed groups that are no state's). Each is scaled from 0 for the lowest of these "
        "countries to 1 for the highest; the size is the mean of the four with the same weight, the rank is 1 plus "
        "the number of countries with a larger size. Other choices (one indicator left out, logarithms, low or high "
        "deaths, other thresholds, places known to 25 km too) are gone through in every combination, and the ranks "
        "nearest to and furthest from 1 are given. Sizes and ranks compare the countries asked about and no others."
    ),
    "ACLED, About the Conflict Index, https://acleddata.com/general-guide/about-conflict-index; OECD & JRC (2008), "
    "Handbook on Constructing Composite Indicators, ISBN 978-92-64-04345-9; Saisana, Saltelli & Tarantola (2005), "
    "doi:10.1111/j.1467-985X.2005.00350.x",
    ACCEPTS,
    COLUMNS,
    conflict_index,
)

"""`mines`: violence near mines beside places like theirs that have none, and what the dossier says of mining."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.places.reach import pairs_within
from harmattan.questions.actors import level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.casualties import PERIOD
from harmattan.questions.gathered import Array, Group, gathered
from harmattan.questions.holding import givers_of, how_to_get
from harmattan.questions.marked import Marked
from harmattan.questions.mined import DOSSIER_COLUMNS, mined
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.sites import Matched, Sites, matched, sites
from harmattan.questions.stretches import how_covered
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, T, Text, Value, Verbatim, counted, joined, listing
from harmattan.vocabulary.context import FACILITIES
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period, parse_from, parse_to

KM = (10.0, 25.0)
ACCEPTS = (
    "country",
    "start",
    "end",
    "km",
    "by",
    "commodity",
    "kind",
    "actor",
    "level",
    "source",
    "event_type",
    *ALWAYS,
)
BY = ("year",)
NEEDS: tuple[Dimension, ...] = ("cell", "actor")
MOST_NAMED = 5
PER_PLACE = tuple(
    AnswerColumn(f"{name}_per_place", T("the same for each place; of matched cells weighed as the sites are"), unit)
    for name, unit in (("events", "events"), *((f"deaths_{one}", "deaths") for one in ("low", "best", "high")))
)  # fmt: skip
COLUMNS = (
    AnswerColumn(
        "scope",
        T("near: near any site; matched: near the middle of cells like the sites' without a mine; site: near one site; "
          "dossier: what a dossier says"),
    ),
    PERIOD,
    AnswerColumn("site", T("the site, as published")),
    AnswerColumn("country", T("the country of the site or of the record"), "ISO 3166 alpha-3"),
    AnswerColumn("km", T("how near; empty: in the half-degree cell of a site"), "km"),
    AnswerColumn("places", T("sites, or matched cells")),
    AnswerColumn("places_with_violence", T("those of them with an event so near")),
    *COUNTS,
    *PER_PLACE,
    AnswerColumn("groups", T("different parties named in the events"), "parties"),
    AnswerColumn("who", T("the parties with most events, at most five")),
    AnswerColumn("lat", T("of the site"), "degrees, WGS 84"),
    AnswerColumn("lon", T("of the site"), "degrees, WGS 84"),
    AnswerColumn("kind", T("the publisher's words: mine, plant …")),
    *DOSSIER_COLUMNS,
    RECORDS,
)  # fmt: skip
NO_CAUSE = T(
    "That there is more or less violence near mines does not say that mines are why: mines lie where roads, towns and "
    "ground are as they are. Cells are matched by country and earlier violence only."
)
NO_DATES = T(
    "A list of facilities is never whole and says where they are, not since when; small-scale digging is hardly in it."
)
OVERLAP = T("An event near several sites counts once in all together and once for each of them in the numbers by site.")


@dataclass(frozen=True)
class Near:
    """Which events are near which places: pairs, with kilometres."""

    event: Array
    place: Array
    away: Array


def mines(world: World, params: Params) -> Answer:
    """Events near the sites of a commodity, near cells like theirs without one, and by site."""
    scope = world.scope(params, needs=NEEDS)
    draft = Draft("mines", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    commodities = params.commodity or ("gold",)
    there = sites(world, scope.params, commodities)
    told = world.told(scope.params)
    from_dossier = list(mined(told, scope, commodities))
    held = told.held if scope.told is None and from_dossier else ()
    if there is None or not len(there):
        scope = replace(scope, along=(*held, *(there.held if there else ())))
        draft = Draft("mines", scope, ACCEPTS)
        lost = there.caveats if there else ()
        return draft.finish(_whole(from_dossier), COLUMNS, _nowhere(scope, there), caveats=lost)
    marked = Marked.of(scope, also=("actors_a", "actors_b"))
    cells_only = bool(marked.of_cell.any()) and bool((marked.of_cell == marked.placed).all())
    km = () if cells_only else tuple(sorted(set(params.km or KM)))
    like = matched(world, scope, there, max(km) if km else None)
    scope = replace(scope, along=(*there.held, *like.held, *held))
    marked, draft = replace(marked, scope=scope), Draft("mines", scope, ACCEPTS)
    lines = _whole([*_lines(marked, there, like, km), *from_dossier])
    said = [*there.caveats, *like.caveats, *_imprecise(marked, cells_only=cells_only), *_unlike(like), OVERLAP]
    said += [NO_CAUSE, NO_DATES, *level_caveats(scope)]
    headline = _headline(draft, lines, there, like)
    chart = Chart("bars", x="deaths_best", y="site", series="km")
    if params.by:
        chart = Chart("trend", x="period", y="deaths_best_per_place", series="scope")
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=said)


def _whole(lines: Sequence[Line]) -> list[Line]:
    """The lines with every column, empty where it says nothing."""
    empty = dict.fromkeys(column.name for column in COLUMNS)
    return [Line(empty | line.values, line.criteria) for line in lines]


def _lines(marked: Marked, there: Sites, like: Matched, km: Sequence[float]) -> Iterator[Line]:
    placed = marked.placed if not km else marked.placed & ~marked.of_cell
    at_sites = _near(marked, placed, (there.lat, there.lon, there.cell), km)
    at_cells = _near(marked, placed, (like.lat, like.lon, like.cell), km)
    of_sites = like.compared / max(like.compared.sum(), 1)
    by_year = [name for name in BY if name in marked.scope.params.by]
    for group in gathered(marked, by_year, placed):
        inside = np.zeros(marked.table.num_rows, dtype=bool)
        inside[group.which] = True
        for one in km or (None,):
            yield _row(marked, group, {"scope": "near", "km": one}, _cut(at_sites, inside, one), of_sites)
            yield _row(marked, group, {"scope": "matched", "km": one}, _cut(at_cells, inside, one), like.weight)
        if not by_year:
            yield from _by_site(marked, there, group, at_sites, km)


def _near(marked: Marked, placed: Array, places: tuple[Array, Array, Array], km: Sequence[float]) -> Near:
    """Events and places that are as near as the widest distance, or in one cell."""
    lat, lon, cell = places
    some = np.flatnonzero(placed)
    if km:
        event, place, away = pairs_within(marked.lat[some], marked.lon[some], lat, lon, max(km))
        return Near(some[event], place, away)
    # A few cells against the events: what is in the same cell is near.
    own = marked.array("cell")
    found = [(some[own[some] == one], n) for n, one in enumerate(cell)]
    event = np.concatenate([which for which, _n in found]) if found else np.array([], dtype=int)
    place = np.concatenate([np.full(len(which), n) for which, n in found]) if found else event
    return Near(event, place.astype(int), np.zeros(len(event)))


def _cut(near: Near, inside: Array, km: float | None) -> Near:
    kept = inside[near.event] & (near.away <= (km or 0) if km is not None else True)
    return Near(near.event[kept], near.place[kept], near.away[kept])


def _row(marked: Marked, group: Group, base: dict[str, Any], near: Near, weight: Array) -> Line:
    """All events near any of the places, each once, and the mean over the places by their weight."""
    which = np.unique(near.event)
    covered = how_covered(marked.scope, group.countries, group.period) != "no"
    values: dict[str, Any] = base | {"period": group.label, "places": len(weight)}
    if covered:
        values |= {"places_with_violence": len(np.unique(near.place)), **marked.sums(which), **_who(marked, which)}
        for column in PER_PLACE:
            name = column.name.removesuffix("_per_place")
            each = marked.array("n_events" if name == "events" else name)[near.event]
            by_place = np.bincount(near.place, weights=each, minlength=len(weight))
            mean = float((by_place * weight).sum()) if weight.sum() > 0 else np.nan
            values[column.name] = None if np.isnan(mean) else round(mean, 3)
    return marked.line(values, which)


def _by_site(marked: Marked, there: Sites, group: Group, near: Near, km: Sequence[float]) -> Iterator[Line]:
    rows = there.table.select(["name", "iso3", "kind", "lat", "lon"]).to_pylist()
    inside = np.zeros(marked.table.num_rows, dtype=bool)
    inside[group.which] = True
    found = []
    for one in km or (None,):
        cut = _cut(near, inside, one)
        for n, site in enumerate(rows):
            which = np.unique(cut.event[cut.place == n])
            values = {"scope": "site", "period": group.label, "site": site["name"], "country": site["iso3"], "km": one}
            values |= {"places": 1, "places_with_violence": int(len(which) > 0), **marked.sums(which)}
            values |= {**_who(marked, which), **{name: site[name] for name in ("lat", "lon", "kind")}}
            found.append((one or 0, -(values["deaths_best"] or 0), -values["events"], site["iso3"], n, which, values))
    for *_key, which, values in sorted(found, key=lambda entry: entry[:5]):
        yield marked.line(values, which)


def _who(marked: Marked, which: Array) -> dict[str, Any]:
    """How many parties there are in some events, and the most active by name."""
    seen: Counter[str] = Counter()
    counts = marked.array("n_events")[which]
    sides = [marked.table[side].take(which).to_pylist() for side in ("actors_a", "actors_b")]
    for n, one, other in zip(counts.tolist(), *sides, strict=True):
        for name in dict.fromkeys((*(one or ()), *(other or ()))):
            seen[name] += int(n)
    first = [name for name, _n in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMED]]
    book = marked.scope.told.book if marked.scope.told else None
    named = [party(book, name) for name in first]
    english = ", ".join(name.en if isinstance(name, Bilingual) else str(name) for name in named)
    french = ", ".join(name.fr if isinstance(name, Bilingual) else str(name) for name in named)
    who: Any = Bilingual(english, french) if book else english
    return {"groups": len(seen), "who": who if named else None}


def _imprecise(marked: Marked, *, cells_only: bool) -> list[Text]:
    """Says what cannot be near anything since nobody knows well enough where it was."""
    lost = np.flatnonzero(~(marked.placed if cells_only else marked.placed & ~marked.of_cell))
    said = [CELLS_ONLY] if cells_only else []
    if len(lost):
        found = marked.sums(lost)
        said.append(
            T("Left out: {events} with {deaths}, known to a district, a region, a country or a cell only.",
              events=counted(found["events"], "{n} event", "{n} events"),
              deaths=counted(found["deaths_best"], "{n} death", "{n} deaths"))
        )  # fmt: skip
    return said


CELLS_ONLY = T(
    "The release that answers has no points but half-degree cells: the cell is the place, about 55 km wide. The events "
    "of a site are those of its cell."
)


def _unlike(like: Matched) -> list[Text]:
    n = int((~like.compared).sum())
    if not n:
        return []
    return [T("No cell is like that of {sites}, which stand in no mean for each place.",
              sites=counted(n, "{n} site", "{n} sites"))]  # fmt: skip


def _nowhere(scope: Scope, there: Sites | None) -> Text:
    """The headline where there is no site to look at."""
    said: dict[str, Value] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    if there is not None:
        return T("{where}, {start} to {end}: the list of facilities has no usable site there.", **said)
    return joined([
        T("{where}, {start} to {end}: violence near mines is not covered, since no release here says where mines are.",
          **said), how_to_get(givers_of(FACILITIES.name)),
    ])  # fmt: skip


def _headline(draft: Draft, lines: Sequence[Line], there: Sites, like: Matched) -> Text:
    scope = draft.scope
    pair = [n for n, line in enumerate(lines) if line.values["scope"] in ("near", "matched")][-2:]
    near, other = (lines[n].values for n in pair)
    period = scope.period
    if scope.params.by:
        period = Period(parse_from(near["period"]), parse_to(near["period"])).meet(period) or period
    said: dict[str, Any] = {
        "where": about(scope),
        "start": period.start,
        "end": period.end,
        "commodity": listing([Verbatim(word) for word in scope.params.commodity or ("gold",)]),
        "sites": counted(draft.number(len(there), pair[0]), "{n} site", "{n} sites"),
        "events": counted(draft.number(near["events"], pair[0]), "{n} event", "{n} events"),
        "deaths": counted(draft.number(near["deaths_best"], pair[0]), "{n} death", "{n} deaths"),
        "cells": counted(draft.number(len(like.cell), pair[1]), "{n} cell", "{n} cells"),
        "each": draft.number(near["deaths_best_per_place"], pair[0], 1),
        "other": draft.number(other["deaths_best_per_place"], pair[1], 1),
    }
    if near["km"] is None:
        return T("{where}, {start} to {end}: in the half-degree cells of {sites} ({commodity}) {events} with {deaths}; "
                 "{each} deaths a site, against {other} in each of {cells} like theirs without a mine.",
                 **said)  # fmt: skip
    return T("{where}, {start} to {end}: within {km} km of {sites} ({commodity}) {events} with {deaths}; {each} deaths "
             "a site, against {other} around each of {cells} like theirs without a mine.",
             km=Verbatim(f"{near['km']:g}"), **said)  # fmt: skip


QUESTION = Question(
    "mines",
    T(
        "Violence and who is active near mines: events, deaths and parties within each distance (--km, 10 and 25 where "
        "nothing is said) of the sites of a commodity (--commodity, gold where nothing is said), all together and by "
        "site, beside the same around the middle of half-degree cells of the same country and class of earlier "
        "violence that have no mine within twice the distance. For each place: the mean over the sites, and over each "
        "site's cells and then over the sites. Sites in the wrong country or doubted by their publisher are left out "
        "and counted. A difference is never called an effect. What a dossier says of mining stands beside it."
    ),
    "Berman, Couttenier, Rohner & Thoenig (2017), doi:10.1257/aer.20150774 (cells with and without mines); matching "
    "within strata: Stuart (2010), doi:10.1214/09-STS313",
    ACCEPTS,
    COLUMNS,
    mines,
    choices={"by": BY},
)

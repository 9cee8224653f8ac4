"""`incidents`: the largest incidents, record by record, each with what is doubtful in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.incidents import Measure, beside, largest
from harmattan.places.sphere import distance_km
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.doubts import DAYS_APART, KM_APART, alike, doubts, place
from harmattan.questions.marked import PRECISE
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.world import Scope, World
from harmattan.text import Number, T, Text, Verbatim, counted, joined, msg
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.schema import EVENTS, LOCATED

ACCEPTS = ("country", "start", "end", "kind", "actor", "dyad", "cell", "measure", "at_least", "source", "event_type",
           *ALWAYS)  # fmt: skip
NEEDS: tuple[Dimension, ...] = ("cell", "dyad")
FIRST, MOST = 20, 1000
"""So many are listed where nobody says how large they must be, and so many at most."""
COLUMNS = (
    AnswerColumn("record", T("the record, as release:event_id")),
    AnswerColumn("from", T("first day")),
    AnswerColumn("to", T("last day")),
    AnswerColumn("date_precision", T("how well the date is known")),
    AnswerColumn("country", T("country the incident happened in"), "ISO 3166 alpha-3"),
    AnswerColumn("place", T("where it was coded, as the publisher writes it, or its cell")),
    AnswerColumn("where_precision", T("what the point stands for")),
    AnswerColumn("lat", T("as published; empty in sums"), "degrees, WGS 84"),
    AnswerColumn("lon", T("as published; empty in sums"), "degrees, WGS 84"),
    AnswerColumn("cell", T("half-degree cell"), "PRIO-GRID gid"),
    AnswerColumn("kind", T("state_based, non_state or one_sided violence; of ACLED the type of event")),
    AnswerColumn("dyad", T("pair of actors, as the publisher writes it")),
    *COUNTS,
    AnswerColumn("headline", T("the headline of the source, or the publisher's notes")),
    AnswerColumn("doubts", T("what is doubtful in the record, in words; empty where nothing is")),
    AnswerColumn(
        "doubt_codes",
        T(
            "the same in codes: summed, battle_civilians, range_broken, wide_range, several_days, loose_date, "
            "loose_place, unclear, near_duplicate"
        ),
    ),
    RECORDS,
)
READ = (
    "release", "event_id", "date_start", "date_end", "date_precision", "iso3", "place_as_written",
    "admin1_as_written", "admin2_as_written", "where_precision", "lat", "lon", "cell", "violence", "event_type", "dyad",
    "n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "deaths_unknown", "n_range_broken",
    "clarity", "source_headline", "notes",
)  # fmt: skip
COMPARED = ("date_start", "lat", "lon", "cell", "where_precision", "deaths_best")


def incidents(world: World, params: Params) -> Answer:
    """The records with the most deaths, the largest first, each with its doubts."""
    _countable(world, params)
    scope = world.scope(params, needs=NEEDS)
    draft = Draft("incidents", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    measure, most = cast(Measure, params.measure), MOST if params.at_least else FIRST
    found = rows_by(_largest, scope.rows, measure=measure, at_least=params.at_least, most=most).to_pylist()
    sums = {held.release.name for held in scope.selection.holds if _sums(held)}
    for row in found:
        row["summed"] = row["release"] in sums
    near = _near(scope, [row for row in found if not row["summed"]])
    lines = [_line(draft, row, near.get((row["release"], row["event_id"]), ()), n) for n, row in enumerate(found)]
    criteria = scope.criteria.narrowed(table=EVENTS.name, keys=tuple(sorted(line.values["record"] for line in lines)))
    caveats = [ABOUT_DOUBTS, *([ABOUT_SUMS] if any(row["summed"] for row in found) else [])]
    if params.at_least and len(found) == MOST:
        caveats.append(T("Only the {n} largest are listed; say a higher --at-least.", n=MOST))
    return draft.finish(
        lines, COLUMNS, _headline(draft, found), chart=Chart("none"), caveats=caveats, criteria=criteria
    )


ABOUT_DOUBTS = T(
    "A doubt is a reason to look again and no verdict. Two records may tell of one incident where they lie within "
    "{days} days and {km} km of each other (or in one cell, where a point is not precise) and the smaller number of "
    "deaths is at least two thirds of the larger.",
    days=DAYS_APART,
    km=KM_APART,
)
ABOUT_SUMS = T(
    "Not single incidents: figures summed by month, cell and pair of actors are listed as what they are, and one of "
    "them may hold many events. Single incidents need the publisher's event file: harmattan ingest ucdp-ged FILE."
)


def _largest(events: Any, measure: Measure, at_least: int | None, most: int) -> Any:
    return largest(events, measure, at_least=at_least, most=most).select(*READ)


def _beside(events: Any, spans: Any) -> Any:
    return beside(events, spans, COMPARED).order_by("release", "event_id")


def _countable(world: World, params: Params) -> None:
    if params.measure == "deaths_civilians" and world.typed(params):
        raise UsageError(
            T("The data do not count civilians among the dead apart."),
            do=T("Leave --measure out, or say --source ucdp where such data are there."),
        )


def _sums(held: Any) -> bool:
    return "day" not in held.release.coverage.dimensions


def _near(scope: Scope, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """By record those that may tell of the same incident."""
    dated = [row for row in rows if row["date_precision"] in ("day", "days", "week")]
    if not dated:
        return {}
    reach = dt.timedelta(days=DAYS_APART)
    spans = pa.table(
        {
            "of_release": [row["release"] for row in dated],
            "of_event": [row["event_id"] for row in dated],
            "first": pa.array([row["date_start"] - reach for row in dated], pa.date32()),
            "last": pa.array([row["date_end"] + reach for row in dated], pa.date32()),
        }
    )
    by_key = {(row["release"], row["event_id"]): row for row in dated}
    pairs = rows_by(_beside, scope.rows, spans).to_pylist()
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    like = [pair for pair in pairs
            if alike(pair["deaths_best"], by_key[pair["of_release"], pair["of_event"]]["deaths_best"])]  # fmt: skip
    ones = [by_key[pair["of_release"], pair["of_event"]] for pair in like]
    for pair, one, close in zip(like, ones, _close(ones, like), strict=True):
        if close:
            found.setdefault((one["release"], one["event_id"]), []).append(pair)
    return found


def _close(ones: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Whether records lie within some kilometres of each other; in one cell, where a point is not precise."""
    sides = [[float("nan") if row[name] is None else row[name] for row in rows]
             for rows in (ones, others) for name in ("lat", "lon")]  # fmt: skip
    away = distance_km(*(np.array(side, dtype=float) for side in sides))
    found = []
    for one, other, km in zip(ones, others, away.tolist(), strict=True):
        both = {one["where_precision"], other["where_precision"]}
        if both <= set(PRECISE) and not np.isnan(km):
            found.append(km <= KM_APART)
        else:
            found.append(both <= set(LOCATED) and one["cell"] is not None and one["cell"] == other["cell"])
    return found


def _line(draft: Draft, row: Mapping[str, Any], near: Sequence[Mapping[str, Any]], n: int) -> Line:
    key = f"{row['release']}:{row['event_id']}"
    said = doubts(row, near, f"{draft.id}.{n + 1}")
    located = row["where_precision"] in LOCATED
    values: dict[str, Any] = {"record": key, "from": row["date_start"].isoformat(), "to": row["date_end"].isoformat()}
    values |= {"date_precision": row["date_precision"], "country": row["iso3"], "place": place(row)}
    values |= {"where_precision": row["where_precision"], "cell": row["cell"] if located else None}
    values |= {"lat": row["lat"] if located else None, "lon": row["lon"] if located else None}
    values |= {"kind": row["violence"] or row["event_type"], "dyad": row["dyad"], "events": row["n_events"]}
    values |= {c.name: row[c.name] for c in COUNTS[1:]}
    values |= {"headline": row["source_headline"] or row["notes"]}
    values["doubts"] = joined([words for _code, words in said], msg("{first}; {second}")) if said else None
    values |= {"doubt_codes": ", ".join(dict.fromkeys(code for code, _words in said)) or None, "records": 1}
    return Line(values, draft.scope.criteria.narrowed(table=EVENTS.name, keys=(key,)))


def _headline(draft: Draft, found: Sequence[Mapping[str, Any]]) -> Text:
    scope = draft.scope
    said: dict[str, Any] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    if not found:
        return T("{where}, {start} to {end}: no incident as large as that.", **said)
    first = found[0]
    said |= {"deaths": Number(first["deaths_best"], f"{draft.id}.1"), "place": place(first)}
    said |= {"day": first["date_start"], "pair": Verbatim(first["dyad"] or "–")}
    said |= {"civilians": Number(first["deaths_civilians"], f"{draft.id}.1")}
    if first["summed"]:
        said |= {"sums": counted(Number(len(found), draft.id), "{n} sum is listed", "{n} sums are listed")}
        return T(
            "{where}, {start} to {end}: no single incidents, only sums by month, cell and pair; {sums}, the largest "
            "with {deaths} dead in {place} ({pair}, month of {day}).",
            **said,
        )
    said |= {"incidents": counted(Number(len(found), draft.id), "{n} incident is listed", "{n} incidents are listed")}
    if first["deaths_civilians"] is None:
        return T("{where}, {start} to {end}: {incidents}, the largest with {deaths} dead in {place} ({pair}, {day}).",
                 **said)  # fmt: skip
    return T(
        "{where}, {start} to {end}: {incidents}, the largest with {deaths} dead, {civilians} of them civilians, in "
        "{place} ({pair}, {day}).",
        **said,
    )


QUESTION = Question(
    "incidents",
    T(
        "The largest incidents: the records with the most deaths (best), or the most civilians killed with --measure "
        "deaths_civilians; all of at least --at-least deaths, or the first twenty. One row for each record, with what "
        "is doubtful in it: a range out of order or wide (the high estimate twice the low or more), a date over "
        "several days or known to a month, a place known only as an area, civilians among the dead of what is coded "
        "as fighting, and other records that may tell of the same incident. The doubts are rules of this house."
    ),
    "Sundberg & Melander (2013), doi:10.1177/0022343313484347",
    ACCEPTS,
    COLUMNS,
    incidents,
    choices={"measure": ("deaths_best", "deaths_civilians")},
    single=True,
)

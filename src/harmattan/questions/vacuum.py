"""`vacuum`: violence around bases that closed, before and after, beside bases that stayed. It describes, no more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.around import NEEDS, Field, field_of
from harmattan.questions.bases import Base
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.closings import Closing, unsure
from harmattan.questions.marked import Array
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.reach import reaching, unmeasured
from harmattan.questions.recital import called, listed
from harmattan.questions.stations import Stations
from harmattan.questions.vacuum_months import COLUMNS as BY_MONTH
from harmattan.questions.vacuum_months import by_month
from harmattan.questions.world import World
from harmattan.text import T, Text, Value, counted
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "force", "km", "window", "by", "kind", "actor", "source", "event_type", "as_of",
           "known_by", "release")  # fmt: skip
BY = ("place", "month")
EXTRA = 0.5
"""What is added to each count before its logarithm is taken, so that a count of 0 has one."""
ESTIMATES = ("deaths_low", "deaths_best", "deaths_high")
PLACED = (
    AnswerColumn("place", T("the place that the force left; empty in the rows of all of them")),
    AnswerColumn("country", T("the country of the place"), "ISO 3166 alpha-3"),
    AnswerColumn("force", T("who left it")),
    AnswerColumn("closed", T("the month in which it left, or the first and last month in which it may have left")),
)
DETAILS = (
    AnswerColumn("start", T("first day of the months counted")),
    AnswerColumn("until", T("last day of the months counted")),
    AnswerColumn("overlaps", T("other places left within these months, so near that events may count around both")),
    AnswerColumn("remained", T("other forces that stood at the place throughout these months")),
    AnswerColumn("how_ended", T("handed_over, withdrawn, dissolved, expelled or lost, by the dossier")),
    AnswerColumn("successor", T("who took over, by the dossier")),
    AnswerColumn("source", T("the dossier, or the release of deployments, that says when it left")),
    AnswerColumn("covered", T("whether the releases speak about all of the months before and after: yes, partly, no")),
)
KM_COLUMN = AnswerColumn("km", T("events at most so far from the place"), "km")
AROUND = AnswerColumn("around", T("closed: the place that the force left; stayed: places where a force stayed; both"))
BASES = AnswerColumn("bases", T("how many places these are: those left, or those where a force stayed"), "places")
INDEX = (
    AnswerColumn("index", T("the vacuum index by the best estimate of deaths; 0: the same change around both")),
    AnswerColumn("index_low", T("the lowest of the index by the low, the best and the high estimates")),
    AnswerColumn("index_high", T("the highest of the three")),
    AnswerColumn("index_events", T("the same of events instead of deaths")),
)
COLUMNS = (
    *PLACED,
    KM_COLUMN,
    AROUND,
    AnswerColumn("when", T("before, after, or both: the whole months before and after the month of the closing")),
    BASES,
    *INDEX,
    *COUNTS,
    *DETAILS,
    RECORDS,
)


def vacuum(world: World, params: Params) -> Answer:
    """Violence around each place that a force left and around those where one stayed, by distance."""
    field, there = field_of(world, params)
    draft = Draft("vacuum", field.scope, ACCEPTS)
    if not field.scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    columns: tuple[AnswerColumn, ...] = COLUMNS
    if "month" in params.by:
        lines, columns = by_month(field), BY_MONTH
    else:
        each = [_each(field, n, km, there) for n in range(len(field.shut)) for km in field.km]
        pooled = [line for km in field.km for line in _all(field, km, each)]
        lines = [*pooled, *(line for group in each for line in group)]
    caveats = [*there.said(), *_said(field, there), *unmeasured(field.marked), NO_EFFECT]
    chart = Chart("none")
    return draft.finish(lines, columns, _headline(draft, field, lines), chart=chart, caveats=caveats)


def opened(world: World, params: Params) -> Any:
    """The events that the rows cut from: those of the days asked about and of the months around them."""
    return reaching(world, params, params.window + 1, NEEDS).rows


def _each(field: Field, n: int, km: float, there: Stations) -> list[Line]:
    """The five rows of a closing and a distance: before and after, closed and stayed, and the comparison."""
    one, months = field.shut[n], field.months
    known = field.covered(one)
    others = sum(one.near(other, months, km) for other in field.shut)
    common = _about(one, there, field.remained(n)) | {"km": km, "overlaps": others, "covered": "yes" if known else "no"}
    places = {"closed": field.closed(n), "stayed": field.stayed(n, km)}
    spans = {"before": one.before(months), "after": one.after(months)}
    found: dict[tuple[str, str], Array] = {}
    lines: list[Line] = []
    for around, some in places.items():
        for when, span in spans.items():
            told = known and bool(some)
            events = field.events(some, km, span) if told else np.array([], dtype=int)
            found[around, when] = events
            lines.append(_line(field, common | _span(around, when, span, len(some)), events, told))
    both = known and bool(places["stayed"])
    index = _index({key: field.marked.sums(events) for key, events in found.items()}) if both else {}
    events = np.unique(np.concatenate(list(found.values())))
    values = common | _span("both", "both", one.span(months), len(places["stayed"])) | index
    return [*lines, _line(field, values, events, both)]


def _about(one: Closing, there: Stations, remained: Sequence[Base]) -> dict[str, Any]:
    successor = next((base.successor for base in one.bases if base.successor), None)
    return {
        "place": one.base.place,
        "country": one.base.country,
        "force": one.names,
        "closed": one.written,
        "how_ended": next((base.how_ended for base in one.bases if base.how_ended), None),
        "successor": called(there.told.book, successor),
        "remained": listed(there.told.book, sorted(base.force for base in remained)),
        "source": ", ".join(dict.fromkeys(base.source for base in one.bases)),
    }


def _span(around: str, when: str, span: Period, bases: int) -> dict[str, Any]:
    days = {"start": span.start.isoformat(), "until": span.end.isoformat()}
    return {"around": around, "when": when, "bases": bases} | days


def _line(field: Field, values: dict[str, Any], events: Array, told: bool) -> Line:
    """A row; its numbers are empty where the releases do not speak about all of its months, or no place stayed."""
    sums = field.marked.sums(events) if told else dict.fromkeys(column.name for column in COUNTS)
    whole = dict.fromkeys(column.name for column in COLUMNS) | values | sums
    return field.marked.line(whole, events)


def _index(sums: dict[tuple[str, str], dict[str, Any]]) -> dict[str, float | None]:
    """The vacuum index by each estimate, and of events."""

    def change(around: str, name: str) -> float | None:
        after, before = sums[around, "after"][name], sums[around, "before"][name]
        return None if after is None or before is None else math.log((after + EXTRA) / (before + EXTRA))

    def compared(name: str) -> float | None:
        closed, stayed = change("closed", name), change("stayed", name)
        return None if closed is None or stayed is None else closed - stayed

    by = [compared(name) for name in ESTIMATES]
    known = [value for value in by if value is not None]
    return {
        "index": _rounded(by[1]),
        "index_low": _rounded(min(known)) if len(known) == len(by) else None,
        "index_high": _rounded(max(known)) if len(known) == len(by) else None,
        "index_events": _rounded(compared("events")),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _all(field: Field, km: float, each: Iterable[Sequence[Line]]) -> Iterator[Line]:
    """The rows of all closings at a distance: the events around any of them, each once, and the mean of the index."""
    groups = [group for group in each if group[0].values["km"] == km]
    known = [n for n, group in enumerate(groups) if group[0].values["covered"] == "yes"]
    common: dict[str, Any] = {"km": km, "covered": "yes" if len(known) == len(groups) else "partly" if known else "no"}
    whole: dict[str, Array] = {}
    for when in ("before", "after"):
        parts = [field.events(field.closed(n), km, getattr(field.shut[n], when)(field.months)) for n in known]
        whole[when] = np.unique(np.concatenate([np.array([], dtype=int), *parts]))
        values = common | {"around": "closed", "when": when, "bases": len(known)}
        yield _line(field, values, whole[when], bool(known))
    compared = [group[-1].values for group in groups if group[-1].values["index_events"] is not None]
    means = {column.name: _mean([values[column.name] for values in compared]) for column in INDEX}
    values = common | {"around": "both", "when": "both", "bases": len(compared)} | means
    yield _line(field, values, np.unique(np.concatenate(list(whole.values()))), bool(compared))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 3) if known and len(known) == len(values) else None


def _said(field: Field, there: Stations) -> Iterator[Text]:
    """What is left out of the closings, and how their months are cut."""
    doubtful: list[Base] = [base for base in unsure(there.of_forces()) if base.placed]
    if doubtful:
        yield T(
            "Left out, since it is not known within six months when they ended: {bases}.",
            bases=counted(len(doubtful), "{n} base", "{n} bases"),
        )
    beyond = sum(not field.covered(one) for one in field.shut)
    if beyond:
        yield T(
            "{places} whose months before or after run out of what is covered: their numbers are empty.",
            places=counted(beyond, "{n} place was left", "{n} places were left"),
        )
    yield WHICH_MONTHS


WHICH_MONTHS = T(
    "The month in which a force left, or the months in which it may have left, count neither before nor after. Events "
    "in countries that were not asked about are not counted, even within the distance."
)
NO_EFFECT = T(
    "This describes and explains nothing: forces leave places for reasons that bear on violence themselves, so a "
    "difference is no effect of their leaving."
)


def _headline(draft: Draft, field: Field, lines: Sequence[Line]) -> Text:
    scope = field.scope
    where: dict[str, Value] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    rows = [(n, line.values) for n, line in enumerate(lines) if line.values.get("place") is None]
    if not field.shut or not rows or "when" not in rows[0][1]:
        places = counted(draft.number(len(field.shut)), "{n} place", "{n} places")
        return T("{where}, {start} to {end}: forces left {places} on record.", places=places, **where)
    kms = sorted({values["km"] for _, values in rows})
    km = kms[len(kms) // 2]
    (b, before), (a, after), (i, both) = (row for row in rows if row[1]["km"] == km)
    said: dict[str, Value] = where | {
        "places": counted(draft.number(before["bases"]), "{n} place", "{n} places"),
        "n": field.months,
        "km": f"{km:g}",
        "before": counted(draft.number(before["deaths_best"], b), "{n} death", "{n} deaths"),
        "after": draft.number(after["deaths_best"], a),
    }
    told = T(
        "{where}, {start} to {end}: within {km} km of {places} that a force left, {before} in the {n} months before "
        "and {after} in the {n} months after.",
        **said,
    )
    if both["index"] is None:
        return told
    return T(
        "{told} Against places where a force stayed at the time the vacuum index is {index} on average (from {low} to "
        "{high} by the estimates of deaths), over {compared}; it is a description, not an effect.",
        told=told,
        index=draft.number(both["index"], i, 2),
        low=draft.number(both["index_low"], i, 2),
        high=draft.number(both["index_high"], i, 2),
        compared=counted(draft.number(both["bases"], i), "{n} place", "{n} places"),
    )


QUESTION = Question(
    "vacuum",
    T(
        "Violence around places that a force left, in the months before and after (--window) and within some "
        "kilometres (--km), beside places where a force stood throughout those months. The vacuum index of a place is "
        "the natural logarithm of deaths after (plus 0.5) over deaths before (plus 0.5) around the place, less the "
        "same around all places that stayed and are more than twice the distance away: 0 where violence changed "
        "alike, 0.69 where it doubled beside unchanged. Adding 0.5 follows Gart & Zweifel (1967), "
        "doi:10.1093/biomet/54.1-2.181. Of several places the mean is given. The range is that of the index by the "
        "low, best and high estimates. It describes a difference and is no estimate of an effect."
    ),
    None,
    ACCEPTS,
    tuple({column.name: column for column in (*BY_MONTH, *COLUMNS)}.values()),
    vacuum,
    choices={"by": BY},
    opens=opened,
)

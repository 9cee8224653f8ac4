"""`harm-rate`: civilians killed per month over time, by whom where the source says so, and their share of the dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from harmattan.lake.measured import rows_by
from harmattan.measures.events import SUMMED, By, matching, totals
from harmattan.questions.actors import known_id, level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.casualties import DIMENSIONS, PERIOD
from harmattan.questions.harm import ABOUT_DIRECTION, ABOUT_TARGETS, NEEDS, TYPED_NEEDS
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.stretches import TIMES, stretches, time_of
from harmattan.questions.world import Scope, World
from harmattan.text import Number, T, Text
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "by", "kind", "actor", "level", "source", "event_type", *ALWAYS)
BY = ("month", "year", "country", "perpetrator", "kind")
HARM = AnswerColumn(
    "harm",
    T(
        "one_sided: deliberately attacked; in_fighting: killed in fighting between others, where the source does not "
        "say by whom; all: both together, not to be added to them; targeted: the source says that civilians were the "
        "target, and not how many of the dead they were"
    ),
)
MONTHS = AnswerColumn("months", T("months of the row that are covered, days as parts of their month"), "months")
RATE = AnswerColumn(
    "rate",
    T(
        "civilians killed in a month, on average over the covered months; where civilians were targeted, all deaths "
        "reported in such events in a month"
    ),
    "deaths a month",
)
SHARES = (
    AnswerColumn("share", T("civilians among all dead of the row's events, best estimates of both"), "%"),
    AnswerColumn(
        "share_low",
        T("the same with the high estimate of all dead; the source gives one estimate of the civilians only"),
        "%",
    ),
    AnswerColumn("share_high", T("the same with the low estimate of all dead, at most 100"), "%"),
)
WHO = (
    AnswerColumn("perpetrator", T("who did it, where the source says so; empty for deaths in fighting")),
    AnswerColumn("perpetrator_id", T("the dossier's id; empty at the level of names, or where none is known")),
)
COLUMNS = (PERIOD, DIMENSIONS["country"], DIMENSIONS["kind"], HARM, *WHO, *COUNTS, MONTHS, RATE, *SHARES, COVERED,
           RECORDS)  # fmt: skip
ORDER = ("all", "one_sided", "targeted", "in_fighting")


def harm_rate(world: World, params: Params) -> Answer:
    """Civilians killed per covered month, attacks on civilians and fighting apart, by what was asked."""
    by = params.by or ("year",)
    time = time_of(by)
    needs = TYPED_NEEDS if world.typed(params) else NEEDS
    scope = world.scope(params, needs=needs)
    draft = Draft("harm-rate", scope, ACCEPTS)
    shown = {"country", "kind", "perpetrator"} - set(by) | ({"perpetrator_id"} if "perpetrator" not in by else set())
    columns = [column for column in COLUMNS if column.name not in shown]
    if not scope.covered:
        return draft.not_covered(columns, world.places(params, needs))
    rows, typed = scope.rows, bool(scope.criteria.event_types)
    criteria = scope.criteria.narrowed(civilians_targeted=True) if typed else None
    rows = rows if criteria is None else matching(rows, criteria)
    told_apart = cast(tuple[By, ...], (*by, *(() if typed else ("harm",))))
    found = rows_by(totals, rows, by=told_apart).to_pylist()
    table = _Table(scope, by, typed)
    lines = sorted((table.line(row) for row in table.complete(found)), key=_order(by))
    caveats = [ABOUT_TARGETS if typed else ABOUT_DIRECTION, *level_caveats(scope)]
    caveats += [ABOUT_ABSENT] if "perpetrator" in by else []
    series = "perpetrator" if "perpetrator" in by else "harm"
    chart = Chart("trend", "period", "rate", series=series) if time else Chart("bars", "rate", series)
    return draft.finish(lines, columns, _headline(draft, table, found), chart=chart, caveats=caveats, criteria=criteria)


ABOUT_ABSENT = T("A perpetrator without a row in a covered month or year killed no civilian in it that the source has.")


@dataclass(frozen=True)
class _Table:
    """How rows are made of sums: what they are told apart by, and what of their time is covered."""

    scope: Scope
    by: Sequence[str]
    typed: bool

    def complete(self, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows of time and country for every period: sums of both kinds of harm, zeros, and what is not covered."""
        only_time = set(self.by) <= {*TIMES, "country"}
        rows = [dict(row) | ({"harm": "targeted"} if self.typed else {}) for row in found]
        if not only_time:
            there = {self.key(row) for row in rows}
            empty = [key for key in self.keys() if key not in there and self.covered(*key)[0] == "no"]
            return rows + [self.zero(key, None) for key in empty]
        by_key = {(*self.key(row), row["harm"]): row for row in rows}
        full = []
        for key in self.keys():
            if self.typed:
                full.append(by_key.get((*key, "targeted")) or self.zero(key, "targeted"))
                continue
            parts = [by_key.get((*key, harm)) or self.zero(key, harm) for harm in self.harms]
            full += [added(parts) | {"harm": "all"}, *parts] if len(parts) > 1 else parts
        return full

    @property
    def harms(self) -> list[str]:
        """What was asked for: attacks on civilians, fighting between others, or both."""
        asked = set(self.scope.params.kind)
        found = [] if asked and "one_sided" not in asked else ["one_sided"]
        return found + ([] if asked == {"one_sided"} else ["in_fighting"])

    def keys(self) -> list[tuple[str | None, str | None]]:
        """Period and country of every row there should be."""
        places = self.scope.params.country if "country" in self.by else (None,)
        return [(label, place) for label in self.spans for place in places]

    def key(self, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Period and country of a row."""
        return row.get("month") or row.get("year"), row.get("country")

    def zero(self, key: tuple[str | None, str | None], harm: str | None) -> dict[str, Any]:
        """A row that no record fell into."""
        blank: dict[str, Any] = dict.fromkeys(self.by) | {"harm": harm}
        blank |= dict.fromkeys(("events", *SUMMED, "records"), 0)
        for name, value in zip((time_of(self.by) or "month", "country"), key, strict=True):
            if value is not None:
                blank[name] = value
        return blank

    @cached_property
    def spans(self) -> dict[str | None, Period]:
        """The days of the rows, by their label."""
        return stretches(self.scope.period, time_of(self.by))

    def span(self, label: str | None) -> Period:
        """The days of a row; those of the whole answer where there is no label."""
        return self.spans.get(label, self.scope.period)

    def covered(self, label: str | None, country: str | None) -> tuple[str, float | None]:
        """Whether a row's countries and days are covered, and how many months of them, where that can be said."""
        span, places = self.span(label), (country,) if country else self.scope.params.country
        selection = self.scope.selection
        spoken = {place: [part for days in selection.spoken(place) if (part := days.meet(span))] for place in places}
        if all(selection.covered(place, span) for place in places):
            return "yes", months_in([span])
        if not any(spoken.values()):
            return "no", None
        return "partly", months_in(spoken[places[0]]) if len(set(map(tuple, spoken.values()))) == 1 else None

    def line(self, row: Mapping[str, Any]) -> Line:
        """A row of the answer and the records behind it."""
        label, country = self.key(row)
        state, months = self.covered(label, country)
        counts = {c.name: row[c.name] if state != "no" else None for c in COUNTS}
        book = self.scope.told.book if self.scope.told else None
        who = row.get("perpetrator")
        values: dict[str, Any] = {"period": label or str(self.scope.period)}
        values |= {name: row.get(name) for name in ("country", "kind") if name in self.by}
        values["harm"] = row["harm"]
        if "perpetrator" in self.by:
            values |= {"perpetrator": None if who is None else party(book, who)}
            values |= {"perpetrator_id": None if who is None else known_id(book, who)}
        killed = counts["deaths_best" if self.typed else "deaths_civilians"]
        values |= {**counts, "months": None if months is None else round(months, 2), "rate": rate(killed, months)}
        values |= shares({} if self.typed else counts) | {"covered": state, "records": row["records"]}
        return Line(values, self.scope.criteria.narrowed(**self.narrowing(row, self.span(label), country)))

    def narrowing(self, row: Mapping[str, Any], span: Period, country: str | None) -> dict[str, Any]:
        """What of the criteria tells the records of a row from the others."""
        to: dict[str, Any] = {"start": span.start, "end": span.end}
        to |= {"countries": (country,)} if country else {}
        unsaid: list[str] = []
        asked = self.scope.params.kind
        if row["harm"] == "one_sided":
            to["kinds"] = ("one_sided",)
        elif row["harm"] == "targeted":
            to["civilians_targeted"] = True
        elif row["harm"] == "in_fighting":
            to["kinds"] = tuple(k for k in ("state_based", "non_state") if k in (asked or (k,)))
            unsaid += [] if asked else ["violence"]
        if "kind" in self.by and row["kind"] is not None:
            to["kinds"], unsaid = (row["kind"],), []
        elif "kind" in self.by:
            to["kinds"], unsaid = (), ["violence"]
        if "perpetrator" in self.by and row["perpetrator"] is not None:
            to["perpetrators"] = (row["perpetrator"],)
        elif "perpetrator" in self.by:
            unsaid.append("perpetrator")
        return to | {"unsaid": tuple(unsaid)}


def added(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Sums added up; what one of them lacks, the whole lacks."""
    first, *rest = rows
    total = dict(first)
    for row in rest:
        for name in ("events", *SUMMED, "records"):
            total[name] = None if total[name] is None or row[name] is None else total[name] + row[name]
    return total


def months_in(spans: Iterable[Period]) -> float:
    """How many months some periods have, a day counting as its part of the month it lies in.

    >>> import datetime as dt
    >>> months_in([Period(dt.date(2022, 1, 1), dt.date(2022, 2, 14))])
    1.5
    """
    total = 0.0
    for span in spans:
        first, last = span.first_month, span.last_month
        total += last - first + span.end.day / last.last_day.day - (span.start.day - 1) / first.last_day.day
    return total


def rate(killed: int | None, months: float | None) -> float | None:
    """Deaths a month, to two digits; None where either is not known."""
    return None if killed is None or not months else round(killed / months, 2)


def shares(counts: Mapping[str, Any]) -> dict[str, float | None]:
    """Civilians among the dead in percent: the Dirty War Index of civilian mortality, (civilians / all dead) x 100.

    Its range comes from the range of all dead alone, and never excludes the share itself: where the source's estimates
    are out of order they are put in order. Hicks & Spagat (2008), doi:10.1371/journal.pmed.0050243.

    >>> shares({"deaths_civilians": 3, "deaths_best": 6, "deaths_low": 4, "deaths_high": 10})
    {'share': 50.0, 'share_low': 30.0, 'share_high': 75.0}
    """
    civilians, best = counts.get("deaths_civilians"), counts.get("deaths_best")
    found: dict[str, float | None] = dict.fromkeys(("share", "share_low", "share_high"))
    if civilians is None or not best:
        return found
    found["share"] = round(100 * civilians / best, 1)
    low, high = counts.get("deaths_low"), counts.get("deaths_high")
    if high is not None:
        found["share_low"] = round(100 * civilians / max(high, best), 1)
    if low is not None:
        least = min(low, best)
        found["share_high"] = 100.0 if civilians >= least else round(100 * civilians / least, 1)
    return found


def _order(by: Sequence[str]) -> Any:
    def order(line: Line) -> tuple[Any, ...]:
        row = line.values
        harm = ORDER.index(row["harm"]) if row["harm"] in ORDER else len(ORDER)
        most = -(row["deaths_civilians"] or 0), -(row["deaths_best"] or 0)
        names = row.get("country") or "", str(row.get("perpetrator") or ""), row.get("kind") or ""
        if set(by) <= {*TIMES, "country"}:
            return row["period"], row.get("country") or "", harm
        return row["period"], row.get("country") or "", *most, harm, *names

    return order


def _headline(draft: Draft, table: _Table, found: Sequence[Mapping[str, Any]]) -> Text:
    scope = draft.scope
    said: dict[str, Any] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    _state, months = table.covered(None, None)
    none: dict[str, Any] = dict.fromkeys(("events", *SUMMED, "records"), 0)
    total = added([none, *found])
    killed = total["deaths_best" if table.typed else "deaths_civilians"]
    said |= {"killed": Number(killed, draft.id), "rate": Number(rate(killed, months), draft.id, 1)}
    if table.typed:
        return T(
            "{where}, {start} to {end}: {killed} deaths reported in events in which civilians were the target, {rate} "
            "a month.",
            **said,
        )
    attacked = added([none, *(row for row in found if row["harm"] == "one_sided")])["deaths_civilians"]
    ratio = shares(total)
    said |= {"attacked": Number(attacked, draft.id)}
    said |= {name: Number(value, draft.id, 1) for name, value in ratio.items()}
    return T(
        "{where}, {start} to {end}: {killed} civilians killed, {rate} a month ({attacked} of them in attacks on "
        "civilians); {share} % of all dead were civilians (range {share_low} to {share_high} %).",
        **said,
    )


QUESTION = Question(
    "harm-rate",
    T(
        "Civilians killed per month, over time or by perpetrator: the civilians killed divided by the months that are "
        "covered, a part of a month counting by its days. Attacks on civilians (one-sided violence, whose perpetrator "
        "is the source's side a) and civilians killed in fighting between others are told apart. The share is "
        "civilians among all dead of the same events, in percent; its range is made of the low and high estimates of "
        "all dead, since the source has no range of the civilians."
    ),
    "Hicks & Spagat (2008), doi:10.1371/journal.pmed.0050243 (share); Eck & Hultman (2007), "
    "doi:10.1177/0022343307075124 (attacks on civilians)",
    ACCEPTS,
    COLUMNS,
    harm_rate,
    choices={"by": BY},
)

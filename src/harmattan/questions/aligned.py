"""`aligned`: months of events and deaths before and after coups, mandates, expulsions, exits and withdrawals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.marked import Array, Marked
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.question import Question
from harmattan.questions.reach import month_of, reaching
from harmattan.questions.turns import Turn, turns
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, T, Text, counted
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "type", "milestone", "window", "measure", "kind", "actor", "source",
           "event_type", "as_of", "known_by", "release")  # fmt: skip
RANGE = {"deaths_best": ("deaths_low", "deaths_high")}
"""The measures that have a range, and its two ends."""
COLUMNS = (
    AnswerColumn("milestone", T("its id in the dossier, or in the list of coups; empty: the mean over all of them")),
    AnswerColumn("type", T("coup, mandate, expulsion, exit, withdrawal …")),
    AnswerColumn("what", T("what happened")),
    AnswerColumn("country", T("its countries among those asked about; their events are counted"), "ISO 3166 alpha-3"),
    AnswerColumn("date", T("when it happened, as far as known")),
    AnswerColumn("source", T("the dossier, or the release that lists it")),
    AnswerColumn("offset", T("months after the month in which it happened; negative before it"), "months"),
    AnswerColumn("month", T("the month that is")),
    AnswerColumn("milestones", T("how many milestones the number is of: those whose month there is covered")),
    AnswerColumn("value", T("the measure in that month; of the mean row the mean over the milestones")),
    AnswerColumn("value_low", T("the same by the low estimate, where the measure is deaths")),
    AnswerColumn("value_high", T("the same by the high estimate, where the measure is deaths")),
    *COUNTS,
    AnswerColumn("covered", T("whether the releases speak about that month in all of its countries: yes or no")),
    RECORDS,
)


@dataclass(frozen=True)
class Series:
    """The events by country and month."""

    marked: Marked

    @cached_property
    def _by_month(self) -> dict[tuple[str, int], Array]:
        """The events of each country and month, by their places."""
        country, month = self.marked.array("iso3").astype(str), month_of(self.marked)
        order = np.lexsort((month, country))
        cuts = np.flatnonzero((country[order][1:] != country[order][:-1]) | (month[order][1:] != month[order][:-1])) + 1
        groups = np.split(order, cuts) if len(order) else []
        return {(str(country[group[0]]), int(month[group[0]])): np.sort(group) for group in groups}

    def of(self, countries: Sequence[str], month: int) -> Array:
        """The events of some countries in a month."""
        parts = [self._by_month[code, month] for code in countries if (code, month) in self._by_month]
        return np.concatenate([np.array([], dtype=int), *parts])


def aligned(world: World, params: Params) -> Answer:
    """Every milestone with its months, in order of time, and after them the mean over the milestones."""
    scope = reaching(world, params, params.window)
    told = world.told(params)
    found = turns(world, told, params, scope.period)
    scope = replace(scope, along=(*told.held, *found.held))
    draft = Draft("aligned", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params))
    series = Series(Marked.of(scope))
    months = range(-params.window, params.window + 1)
    covered: dict[int, list[Turn]] = {
        offset: [one for one in found.all if _covers(scope, one, offset)] for offset in months
    }
    lines = [_one(series, one, offset, one in covered[offset]) for one in found.all for offset in months]
    if len(found.all) > 1:
        lines += [_mean(series, covered[offset], offset) for offset in months]
    chart = Chart("none", x="offset", y="value", series="milestone")
    caveats = [*found.caveats, NO_CAUSE, *([SHARED] if len(found.all) > 1 else [])]
    return draft.finish(lines, COLUMNS, _headline(draft, found.all), chart=chart, caveats=caveats)


NO_CAUSE = T(
    "A series laid beside a milestone shows what came before and after it. It does not show that one brought about the "
    "other."
)
SHARED = T("Milestones close to each other share months: an event counts in the rows of each of them.")


def opened(world: World, params: Params) -> Any:
    """The events that the rows cut from: those of the days asked about and of the months around them."""
    return reaching(world, params, params.window).rows


def _covers(scope: Scope, one: Turn, offset: int) -> bool:
    period = Period.months(one.month + offset, one.month + offset)
    return all(scope.selection.covered(code, period) for code in one.countries)


def _one(series: Series, one: Turn, offset: int, known: bool) -> Line:
    """The row of a milestone and a month; its numbers are empty where the month is not covered."""
    month = one.month + offset
    events = series.of(one.countries, month.ordinal) if known else np.array([], dtype=int)
    sums = series.marked.sums(events) if known else dict.fromkeys(column.name for column in COUNTS)
    low, high = RANGE.get(_measure(series), ("", ""))
    values = dict.fromkeys(column.name for column in COLUMNS) | {
        "milestone": one.id,
        "type": one.kind,
        "what": one.what,
        "country": ", ".join(one.countries),
        "date": one.written,
        "source": one.source,
        "offset": offset,
        "month": str(month),
        "milestones": int(known),
        "value": sums[_measure(series)],
        "value_low": sums.get(low),
        "value_high": sums.get(high),
        "covered": "yes" if known else "no",
    }
    span = {"start": month.first_day, "end": month.last_day}
    criteria = series.marked.scope.criteria.narrowed(countries=one.countries, **span)
    return Line(values | sums | {"records": len(events)}, criteria)


def _mean(series: Series, there: Sequence[Turn], offset: int) -> Line:
    """The mean over the milestones whose month is covered; its events and deaths count each event once."""
    parts = [series.of(one.countries, (one.month + offset).ordinal) for one in there]
    any_of = np.zeros(series.marked.table.num_rows, dtype=bool)
    any_of[np.concatenate([np.array([], dtype=int), *parts])] = True
    events = np.flatnonzero(any_of)
    sums = series.marked.sums(events) if there else dict.fromkeys(column.name for column in COUNTS)
    names = dict(zip(("value", "value_low", "value_high"), (_measure(series), *RANGE.get(_measure(series), ())),
                     strict=False))  # fmt: skip
    each = [series.marked.sums(part) for part in parts]
    means = {column: _average([one[name] for one in each]) for column, name in names.items()}
    values = dict.fromkeys(column.name for column in COLUMNS) | {
        "what": MEAN,
        "offset": offset,
        "milestones": len(there),
        "covered": "yes" if there else "no",
    }
    return series.marked.line(values | means | sums, events)


MEAN = Bilingual("Mean over the milestones", "Moyenne des jalons")


def _measure(series: Series) -> str:
    return series.marked.scope.params.measure


def _average(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 3) if known and len(known) == len(values) else None


def _headline(draft: Draft, found: Sequence[Turn]) -> Text:
    scope = draft.scope
    where = about(scope)
    if not found:
        return T(
            "{where}, {start} to {end}: no milestone of that kind, with a known month, is on record.",
            where=where,
            start=scope.period.start,
            end=scope.period.end,
        )
    return T(
        "{where}: {milestones} from {first} to {last}, each with the {n} months before and after it.",
        where=where,
        milestones=counted(draft.number(len(found)), "{n} milestone", "{n} milestones"),
        first=found[0].month.name,
        last=found[-1].month.name,
        n=scope.params.window,
    )


QUESTION = Question(
    "aligned",
    T(
        "The months before and after what happened in the governance of a country: of each milestone of the dossier "
        "(coups, takeovers, mandates, expulsions, exits, withdrawals; others with --type or --milestone) the events "
        "and deaths of its countries in each month from --window months before to as many after, and the mean over "
        "all milestones whose month is covered. A milestone counts where its month is known. Coups that Powell & "
        "Thyne (2011), doi:10.1177/0022343310397436, list and the dossier has not in the same country and month are "
        "added and named by their source. A month without an event is 0 where a release covers it and empty where "
        "none does."
    ),
    "Sundberg & Melander (2013), doi:10.1177/0022343313484347",
    ACCEPTS,
    COLUMNS,
    aligned,
    choices={"measure": COUNTED},
    opens=opened,
)

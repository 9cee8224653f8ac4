"""Puts an `Answer` together from what a question found, so that every question does it alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from harmattan.questions.answer import Answer, AnswerColumn, Chart, answer_id
from harmattan.questions.parameters import Params, as_json
from harmattan.questions.world import Scope
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.period import Period

COVERED = AnswerColumn("covered", T("whether the releases speak about all of it: yes, partly or no"))
RECORDS = AnswerColumn("records", T("rows of the releases behind this row"), "records")
EVENTS_COUNTED = T("events as the source counts them: UCDP those with at least one death, ACLED also those without")
COUNTS = (
    AnswerColumn("events", EVENTS_COUNTED, "events"),
    AnswerColumn("deaths_low", T("deaths, low estimate; empty where a source gives none"), "deaths"),
    AnswerColumn("deaths_best", T("deaths, best estimate"), "deaths"),
    AnswerColumn("deaths_high", T("deaths, high estimate"), "deaths"),
    AnswerColumn("deaths_civilians", T("civilians among the dead, best estimate"), "deaths"),
)


@dataclass(frozen=True)
class Line:
    """A row of an answer and the records behind it."""

    values: dict[str, Any]
    criteria: Criteria


class Ground(Protocol):
    """What an answer rests on: events (`Scope`), dossiers (`Told`), rows of a table (`Holding`), or bookkeeping."""

    @property
    def params(self) -> Params:
        """What was asked."""
        ...

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        ...


class Making:
    """An answer in the making: its id is known before its words, so that the words can cite it."""

    question: str
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Ground:
        """What the answer rests on."""
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        """The parameters in plain JSON."""
        return as_json(self.ground.params, self.accepted)

    @cached_property
    def id(self) -> str:
        """The answer's id; every number of a headline names it."""
        return answer_id(self.question, self.params, self.ground.releases)

    def number(self, value: float | None, row: int | None = None, digits: int = 0) -> Number:
        """A number of the headline with its evidence: the whole answer, or row `row` (counted from zero)."""
        return Number(value, self.id if row is None else f"{self.id}.{row + 1}", digits)

    def answer(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        *,
        criteria: Criteria,
        records: int,
        caveats: Iterable[Text],
        chart: Chart | None = None,
    ) -> Answer:
        """The whole answer, its rows in the order of the columns; raises KeyError for a row that lacks one."""
        return Answer(
            id=self.id,
            question=self.question,
            params=self.params,
            headline=headline,
            columns=tuple(columns),
            rows=tuple({column.name: line.values[column.name] for column in columns} for line in lines),
            criteria=criteria,
            row_criteria=tuple(line.criteria for line in lines),
            releases=self.ground.releases,
            caveats=tuple(caveats),
            chart=chart or Chart("none"),
            records=records,
        )


@dataclass(frozen=True)
class Draft(Making):
    """An answer from events in the making."""

    question: str
    scope: Scope
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Scope:
        """The events it is about."""
        return self.scope

    def finish(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        *,
        chart: Chart | None = None,
        caveats: Iterable[Text] = (),
        criteria: Criteria | None = None,
    ) -> Answer:
        """The whole answer; `criteria` where its records are fewer than those of its scope, as its rows have them."""
        records = self.scope.profile["records"] if criteria is None else sum(line.values["records"] for line in lines)
        said = (*self.scope.caveats, *caveats)
        of = criteria or self.scope.criteria
        return self.answer(lines, columns, headline, criteria=of, records=records, caveats=said, chart=chart)

    def not_covered(self, columns: Sequence[AnswerColumn], places: Iterable[str]) -> Answer:
        """The answer where no release speaks: no rows, and what is covered instead."""
        return self.finish(
            (),
            columns,
            hidden_from(self.scope) or refuse_uncovered(self.scope.params.country, self.scope.period, places),
        )


KIND_WORDS: dict[str, Text] = {
    "state_based": T("state-based violence"),
    "non_state": T("non-state violence"),
    "one_sided": T("one-sided violence"),
}


def about(scope: Scope, countries: Sequence[str] = ()) -> Text:
    """The places that an answer is about, with what it was narrowed to: "Mali (one-sided violence; JNIM)"."""
    params = scope.params
    where: Text = T("{places}", places=listing([CountryName(code) for code in countries or params.country]))
    filters: list[Value] = []
    if params.kind:
        filters.append(listing([KIND_WORDS[kind] for kind in params.kind]))
    if params.event_type:
        filters.append(listing([Verbatim(name) for name in params.event_type]))
    names = (*params.actor, *params.dyad, *params.region, *(f"gid {cell}" for cell in params.cell))
    filters += [Verbatim(name) for name in names]
    for narrowed in filters:
        where = T("{places} ({only})", places=where, only=narrowed)
    if any(gap.country in (countries or params.country) for gap in scope.selection.gaps):
        where = T("{places}, as far as covered", places=where)
    return where


def hidden_from(scope: Scope) -> Text | None:
    """The headline where a licence hides all that was asked, and nothing else is in the way."""
    veils = scope.selection.veils
    gaps = {(gap.country, gap.period) for gap in scope.selection.gaps}
    if not veils or {(veil.country, veil.period) for veil in veils} != gaps:
        return None
    return T(
        "Hidden by your licence after {after}: {countries} from {start} to {end}. Silence there is not peace.",
        after=max(veil.after for veil in veils),
        countries=listing([CountryName(code) for code in scope.params.country]),
        start=scope.period.start,
        end=scope.period.end,
    )


def refuse_uncovered(countries: Iterable[str], period: Period, places: Iterable[str]) -> Text:
    """The headline where no release speaks about anything that was asked."""
    codes = sorted(set(places))
    known: Text = T("nothing")
    if codes:
        known = (
            T("{places}", places=listing([CountryName(code) for code in codes]))
            if len(codes) <= 12
            else T("{n} countries (harmattan releases --format json lists them)", n=len(codes))
        )
    return T(
        "Not covered: no release here speaks in that detail about {countries} from {start} to {end}. Covered: {known}.",
        countries=listing([CountryName(code) for code in countries]),
        start=period.start,
        end=period.end,
        known=known,
    )

"""Puts an `Answer` together from what a question found, so that every question does it alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.questions.answer import Answer, AnswerColumn, Chart, answer_id
from harmattan.questions.library import Told
from harmattan.questions.parameters import as_json
from harmattan.questions.world import Scope, refuse_uncovered
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing
from harmattan.vocabulary.criteria import Criteria

COVERED = AnswerColumn("covered", T("whether the releases speak about all of it: yes, partly or no"))
RECORDS = AnswerColumn("records", T("rows of the releases behind this row"), "records")
COUNTS = (
    AnswerColumn("events", T("events of organised violence with at least one death"), "events"),
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


class Making:
    """An answer in the making: its id is known before its words, so that the words can cite it."""

    question: str
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Scope | Told:
        """What the answer rests on."""
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        """The parameters in plain JSON."""
        return as_json(self.ground.params, self.accepted)

    @property
    def id(self) -> str:
        """The answer's id."""
        return answer_id(self.question, self.params, self.ground.releases)


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
    ) -> Answer:
        """The whole answer."""
        return Answer(
            id=self.id,
            question=self.question,
            params=self.params,
            headline=headline,
            columns=tuple(columns),
            rows=tuple(line.values for line in lines),
            criteria=self.scope.criteria,
            row_criteria=tuple(line.criteria for line in lines),
            releases=self.scope.releases,
            caveats=(*self.scope.caveats, *caveats),
            chart=chart or Chart("none"),
            records=self.scope.profile["records"],
        )

    def not_covered(self, columns: Sequence[AnswerColumn], places: Iterable[str]) -> Answer:
        """The answer where no release speaks: no rows, and what is covered instead."""
        refusal = refuse_uncovered(self.scope.params.country, self.scope.period, places)
        return self.finish((), columns, refusal)


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
    names = (*params.actor, *params.dyad, *(f"gid {cell}" for cell in params.cell))
    filters += [Verbatim(name) for name in names]
    for narrowed in filters:
        where = T("{places} ({only})", places=where, only=narrowed)
    if any(gap.country in (countries or params.country) for gap in scope.selection.gaps):
        where = T("{places}, as far as covered", places=where)
    return where

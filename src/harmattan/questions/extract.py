"""Puts an `Answer` together from rows of tables that hold no events: the twin of `build.Draft`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import Line, Making
from harmattan.questions.holding import Holding
from harmattan.text import T, Text
from harmattan.vocabulary.criteria import Criteria

DATASET = AnswerColumn("dataset", T("the data set; numbers of two data sets are never added"))
RELEASE = AnswerColumn("release", T("the release that answers"))
SEVERAL_DATASETS = T(
    "Several data sets answer. They may rest on the same counts, so each stands for itself and none are added."
)


@dataclass(frozen=True)
class Extract(Making):
    """An answer from rows of a table in the making."""

    question: str
    holding: Holding
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Holding:
        """The rows it is about."""
        return self.holding

    def line(self, values: dict[str, Any], keys: Iterable[str]) -> Line:
        """A row that rests on some rows of the table, by their keys."""
        distinct = tuple(sorted(set(keys)))
        return Line(values | {"records": len(distinct)}, Criteria(table=self.holding.table, keys=distinct))

    def finish(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        *,
        chart: Chart | None = None,
        caveats: Iterable[Text] = (),
    ) -> Answer:
        """The whole answer; it rests on the rows behind all its lines."""
        params = self.holding.params
        several = [SEVERAL_DATASETS] if len({line.values["dataset"] for line in lines}) > 1 else []
        return self.answer(
            lines,
            columns,
            headline,
            criteria=Criteria(table=self.holding.table, countries=params.country, start=params.start, end=params.end),
            records=len({key for line in lines for key in line.criteria.keys}),
            caveats=(*self.holding.caveats, *several, *caveats),
            chart=chart,
        )

    def not_covered(self, columns: Sequence[AnswerColumn], what: Text) -> Answer:
        """The answer where no release speaks: no rows, and which data set would tell."""
        return self.finish((), columns, self.holding.not_covered(what))

"""Puts an `Answer` together that rests on several kinds of records: events, and rows of a table or of a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import Line, Making
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope
from harmattan.text import Text
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef


@dataclass(frozen=True)
class Grounds:
    """What such an answer rests on: the events of a scope, and other releases beside them."""

    params: Params
    """As asked: the scope may look further back."""
    scope: Scope
    others: tuple[ReleaseRef, ...] = ()

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use, each once."""
        return tuple({ref.name: ref for ref in (*self.others, *self.scope.releases)}.values())


@dataclass(frozen=True)
class Joint(Making):
    """An answer from several kinds of records in the making."""

    question: str
    grounds: Grounds
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Grounds:
        """What it rests on."""
        return self.grounds

    def line(self, values: dict[str, Any], events: Criteria | None, records: int, beside: Criteria | None) -> Line:
        """A row that rests on `records` events and on the rows or records that stand beside, either of them perhaps
        none.
        """
        n = len({*beside.keys, *beside.records}) if beside else 0
        rests = events.narrowed(beside=beside if n else None) if events and (records or not n) else beside
        return Line(values | {"records": records + n}, rests or Criteria())

    def finish(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        *,
        beside: Criteria | None = None,
        chart: Chart | None = None,
        caveats: Iterable[Text] = (),
    ) -> Answer:
        """The whole answer; it rests on the events of its scope and on all that stands beside those of its rows.

        `beside` is what such records are: a table without its keys, which are those of the rows, or a dossier's.
        """
        scope = self.grounds.scope
        parts = [part for line in lines for part in (line.criteria, line.criteria.beside) if part]
        keys = {key for part in parts if beside and beside.table and part.table == beside.table for key in part.keys}
        told = tuple(dict.fromkeys(ref for part in parts for ref in part.records))
        if beside is not None and not beside.table:
            beside = Criteria(records=told) if told else None
        return self.answer(
            [Line({column.name: line.values.get(column.name) for column in columns}, line.criteria) for line in lines],
            columns,
            headline,
            criteria=scope.criteria.narrowed(beside=beside),
            records=scope.profile["records"] + len(keys) + len(told),
            caveats=(*scope.caveats, *caveats),
            chart=chart,
        )

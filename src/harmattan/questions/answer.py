"""What a question returns: frozen, whole, and every row of it leads to the records behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harmattan import __version__
from harmattan.errors import UsageError
from harmattan.text import Bilingual, Number, T, Text, Verbatim
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Evidence, ReleaseRef

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AnswerColumn:
    """One column of an answer."""

    name: str
    description: Text
    unit: str = ""


@dataclass(frozen=True)
class Chart:
    """How an answer is best drawn, for whoever draws; it names columns and holds no numbers."""

    kind: Literal["trend", "bars", "cells", "windows", "stocks", "fan", "ratios", "none"]
    x: str = ""
    y: str = ""
    low: str = ""
    high: str = ""
    series: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    `criteria` are the records behind the whole table; `row_criteria` those behind each row, in the same order.
    """

    id: str
    question: str
    params: Mapping[str, Any]
    headline: Text
    columns: tuple[AnswerColumn, ...]
    rows: tuple[Row, ...]
    criteria: Criteria
    row_criteria: tuple[Criteria, ...]
    releases: tuple[ReleaseRef, ...]
    caveats: tuple[Text, ...]
    chart: Chart
    records: int

    def row_id(self, index: int) -> str:
        """The evidence id of a row (counted from zero)."""
        return f"{self.id}.{index + 1}"

    def number(self, index: int, column: str, digits: int = 0) -> Number:
        """A value of the table, with the evidence behind it."""
        return Number(self.rows[index][column], self.row_id(index), digits)

    def evidence(self, which: int | None = None) -> Evidence:
        """The evidence of the whole table, or of row `which` (counted from zero)."""
        if which is not None and not 0 <= which < len(self.rows):
            raise UsageError(T("The answer {id} has rows 1 to {n}.", id=Verbatim(self.id), n=len(self.rows)))
        name = self.id if which is None else self.row_id(which)
        return Evidence(
            id=name,
            releases=self.releases,
            criteria=self.criteria if which is None else self.row_criteria[which],
            rows=self.records if which is None else int(self.rows[which].get("records") or 0),
            command=f"harmattan evidence {name}",
        )

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The stable JSON of `ask`; each row carries the id of its evidence."""
        return {
            "question": self.question,
            "params": dict(self.params),
            "headline": speaker.say(self.headline),
            "columns": [
                {"name": c.name, "unit": c.unit, "description": speaker.say(c.description)} for c in self.columns
            ]
            + [{"name": "evidence", "unit": "", "description": speaker.say(EVIDENCE_DESCRIPTION)}],
            "rows": [spoken(row, speaker) | {"evidence": self.row_id(n)} for n, row in enumerate(self.rows)],
            "evidence": [self.evidence().model_dump(mode="json")],
            "caveats": [speaker.say(caveat) for caveat in self.caveats],
        }


def spoken(row: Row, speaker: Speaker) -> dict[str, Any]:
    """A row with the words that come in several languages in the reader's."""
    return {name: speaker.say(value) if isinstance(value, Bilingual | Text) else value for name, value in row.items()}


EVIDENCE_DESCRIPTION = T("the id that `harmattan evidence` lists the records of this row by")


def answer_id(question: str, params: Mapping[str, Any], releases: Sequence[ReleaseRef]) -> str:
    """The same question, parameters, releases and version have the same id: twelve hexadecimal digits."""
    key = [question, dict(params), sorted([ref.name, ref.digest] for ref in releases), __version__]
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:12]

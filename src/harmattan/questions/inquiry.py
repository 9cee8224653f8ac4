"""A lake that can be asked: what the command line and the brief hold instead of the lake itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.lake.select import select, with_table
from harmattan.lake.shelf import Lake
from harmattan.questions import evidence
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Rows
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask, question
from harmattan.questions.world import World
from harmattan.vocabulary.criteria import Criteria


@dataclass(frozen=True)
class Inquiry:
    """Asks a lake questions. The same question is answered once, and its records are read once."""

    lake: Lake
    dossiers: tuple[str, ...] = ()
    """The dossiers in use, the undermost first; none named means every one in the lake."""
    _answers: dict[tuple[str, Params], Answer] = field(default_factory=dict, repr=False)
    _records: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def world(self) -> World:
        """The lake with an engine."""
        return World(self.lake, self.dossiers)

    def again(self, answers: dict[tuple[str, Params], Answer], records: dict[str, Any]) -> Inquiry:
        """The same lake with other releases; `answers` and `records` take what is kept from now on."""
        made = Inquiry(self.lake, self.dossiers, answers, records)
        vars(made)["world"] = self.world.again()
        return made

    def ask(self, name: str, params: Params) -> Answer:
        """The answer to a question; what its id stands for is kept in the home, where that can be written."""
        key = (name, params)
        if key not in self._answers:
            self._answers[key] = ask(self.world, name, params)
            evidence.keep(self.lake.home, self._answers[key])
        return self._answers[key]

    def find(self, name: str, brief: Path | None = None) -> Answer:
        """The answer that an evidence id belongs to, asked again of the very releases that gave it."""
        return evidence.answer_of(self.world, evidence.find(self.lake.home, name, brief))

    def rows(self, answer: Answer, which: int | None, *, ids: bool = False, texts: bool = False) -> Rows:
        """The records behind an answer or one of its rows (counted from zero); `ids` adds who the sides were, `texts`
        what people wrote in posts, which is for a screen only.
        """
        return self.rows_behind(answer, (which,), ids=ids, texts=texts)[0]

    def rows_behind(
        self, answer: Answer, whiches: Sequence[int | None], *, ids: bool = False, texts: bool = False
    ) -> list[Rows]:
        """The records behind several rows of an answer, in that order."""
        if question(answer.question).rests_on == "releases":
            return [evidence.files_of(self.world, answer, which) for which in whiches]
        wanted = [answer.evidence(which).criteria for which in whiches]
        found = self._listed(answer, whiches, wanted, ids=ids, texts=texts)
        for n, criteria in enumerate(wanted):
            if criteria.beside is not None:
                (beside,) = self._listed(answer, (whiches[n],), (criteria.beside,), ids=ids, texts=texts)
                found[n] = replace(found[n], beside=beside)
        return found

    def _listed(
        self, answer: Answer, whiches: Sequence[int | None], wanted: Sequence[Criteria], *, ids: bool, texts: bool
    ) -> list[Rows]:
        found: dict[int, Rows] = {}
        of_events: list[int] = []
        for n, (which, criteria) in enumerate(zip(whiches, wanted, strict=True)):
            if evidence.rests_on_rows(criteria):
                found[n] = evidence.held_rows(self.world, answer, which, criteria, texts=texts)
            elif evidence.rests_on_records(answer, criteria):
                found[n] = evidence.cited_rows(self.world, answer, which, criteria)
            else:
                of_events.append(n)
        if of_events:
            key = f"{answer.id} {ids}"
            if key not in self._records:
                self._records[key] = evidence.opened(self.world, answer, ids=ids)
            listed = evidence.cut(self._records[key], answer, [wanted[n] for n in of_events])
            found |= dict(zip(of_events, listed, strict=True))
        return [found[n] for n in range(len(wanted))]

    def has(self, table: str, params: Params) -> bool:
        """Whether a release that may speak has a table; asked before a question that would find nothing."""
        return bool(with_table(self.lake, table, known_by=params.known_by, pins=params.release))

    def hides(self) -> bool:
        """Whether a licence hides something of a release that is here."""
        return any(held.release.coverage.hidden for held in self.lake.releases())

    def cell_countries(self) -> dict[int, str]:
        """ISO3 by PRIO-GRID gid, from the newest cell table; empty where there is none."""
        held = select(self.lake, "cells")
        if not held:
            return {}
        table = pq.read_table(held[0].file("cells"), columns=["cell", "iso3"])
        return dict(zip(table["cell"].to_pylist(), table["iso3"].to_pylist(), strict=True))

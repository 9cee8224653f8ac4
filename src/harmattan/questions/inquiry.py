"""A lake that can be asked: what the command line and the brief hold instead of the lake itself."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from harmattan.vocabulary.schema import EVENTS


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

    def rows(self, answer: Answer, which: int | None, *, ids: bool = False) -> Rows:
        """The records behind an answer or one of its rows (counted from zero); `ids` adds who the sides were."""
        rests_on = question(answer.question).rests_on
        if rests_on in ("tables", "releases"):
            listing = evidence.held_rows if rests_on == "tables" else evidence.files_of
            return listing(self.world, answer, which)
        table = answer.evidence(which).criteria.table
        if table and table != EVENTS.name:
            return evidence.held_rows(self.world, answer, which)
        if evidence.rests_on_records(answer, which):
            return evidence.cited_rows(self.world, answer, which)
        key = f"{answer.id} {ids}"
        if key not in self._records:
            self._records[key] = evidence.opened(self.world, answer, ids=ids)
        return evidence.rows_of(self._records[key], answer, which)

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

"""What a named question is: its meaning, its source, what it takes and gives, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.parameters import BY_FIELD, Parameter, Params
from harmattan.questions.world import World
from harmattan.text import Text


@dataclass(frozen=True)
class Question:
    """A named question. A method without a published `reference` is labelled emerging wherever it appears."""

    name: str
    meaning: Text
    reference: str | None
    accepts: tuple[str, ...]
    columns: tuple[AnswerColumn, ...]
    """Every column that an answer can have."""
    ask: Callable[[World, Params], Answer]
    rests_on: Literal["events", "dossier", "tables", "releases", "several"] = "events"
    """What its rows rest on: events of releases, cited records of dossiers, rows of tables that hold no events, the
    descriptions of releases, or several of these, as the criteria of each row say (`Criteria.beside`)."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field, the choices of a parameter that it takes where those are some of all."""
    single: bool = False
    """Whether each row is one record of a release: where a licence closes those, the answer is not handed on."""
    measure: str = "deaths_best"
    """What is measured where nobody says."""
    opens: Callable[[World, Params], Any] | None = None
    """The records that its evidence cuts from, where they are not those of one selection of releases."""

    slow: bool = False
    """Whether its answer may take many seconds, so that others should not wait behind it."""
    accounts: tuple[str, ...] = ()
    """Columns that name accounts: where these are no pseudonyms, the answer is not handed on."""

    @property
    def emerging(self) -> bool:
        """Whether the method has no published reference yet."""
        return self.reference is None

    @property
    def is_graph(self) -> bool:
        """Whether its rows are the nodes and edges of a graph (`part`, `id` and `to_id` say which)."""
        return {"part", "id", "to_id"} <= {column.name for column in self.columns}

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes, each with the choices that it takes."""
        taken = [BY_FIELD[name] for name in self.accepts]
        return tuple(p.narrowed(self.choices[p.field]) if p.field in self.choices else p for p in taken)

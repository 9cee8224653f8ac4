"""The incidents that posting is laid around: those with the most civilians killed whose first day is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.measures.incidents import largest
from harmattan.questions.doubts import place
from harmattan.questions.world import Scope
from harmattan.text import T, Text, counted
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.schema import EVENTS

MOST = 10
"""So many are taken where nobody says how many civilians must have been killed."""
LEAST = 10
"""With fewer civilians killed an incident is none of them, unless a smaller number is asked for."""
MANY = 200
"""So many at most where somebody says."""
KNOWN = ("day", "days")
"""Of an incident over several days the first counts: Moura, March 2022, took five."""
READ = ("release", "event_id", "date_start", "iso3", "place_as_written", "admin1_as_written", "admin2_as_written",
        "where_precision", "cell", "deaths_civilians")  # fmt: skip


@dataclass(frozen=True)
class Massacre:
    """One record."""

    key: str
    """`release:event_id`."""
    day: dt.date
    what: Text
    open: bool
    """Whether its licence lets a single record be handed on; where not, it stands in no row of its own."""


@dataclass(frozen=True)
class Massacres:
    """The incidents of a scope, by day."""

    scope: Scope
    all: tuple[Massacre, ...]
    least: int
    """Civilians killed, at least, in each."""
    counts: bool
    """Whether the data say at all which of the dead were civilians."""

    @property
    def open(self) -> tuple[Massacre, ...]:
        """Those that stand in rows of their own."""
        return tuple(one for one in self.all if one.open)

    def criteria(self, keys: Sequence[str]) -> Criteria:
        """Some of the records as what a number rests on."""
        return self.scope.criteria.narrowed(table=EVENTS.name, keys=tuple(sorted(keys)))


def massacres(scope: Scope) -> Massacres:
    """Records of one event with a known first day and at least `at_least` civilians killed, or the ten with most."""
    asked = scope.params.at_least
    rows = scope.rows
    single = rows.filter(rows.n_events == 1, rows.date_precision.isin(list(KNOWN)))
    found = largest(single, "deaths_civilians", at_least=asked or LEAST, most=MANY if asked else MOST)
    listed = found.select(*READ).to_pyarrow().to_pylist()
    free = {ref.name for ref in scope.releases if ref.redistributable}
    made = sorted((_one(row, free) for row in listed), key=lambda one: (one.day, one.key))
    counts = bool(listed) or bool(rows.filter(rows.deaths_civilians.notnull()).limit(1).count().execute())
    return Massacres(scope, tuple(made), asked or LEAST, counts)


def _one(row: Mapping[str, Any], free: set[str]) -> Massacre:
    killed = counted(row["deaths_civilians"], "{n} civilian killed", "{n} civilians killed")
    return Massacre(
        f"{row['release']}:{row['event_id']}",
        row["date_start"],
        T("{place}, {killed}", place=place(row), killed=killed),
        row["release"] in free,
    )

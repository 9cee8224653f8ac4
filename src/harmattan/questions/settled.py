"""Events put together once in an engine: questions ask for the same ones many times, and for parts of them.

An expression over several releases, or with its parties named by a dossier, takes longer to put into SQL than to run.
What is kept holds all days of the countries of a slice, so that other days of the same cost no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import ibis

from harmattan.lake import tables
from harmattan.lake.measured import Measured
from harmattan.lake.select import Selection, Slice
from harmattan.lake.shelf import Held
from harmattan.measures.events import matching
from harmattan.measures.parties import NAMED_BY, at_level, sides, with_sides
from harmattan.questions.library import Told
from harmattan.questions.parameters import Params
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.period import Period

Table = Any
EVER = Period(dt.date(1900, 1, 1), dt.date(2999, 12, 31))
UNASKED = (
    "place_description", "code_status", "n_sources", "source_article", "source_office", "source_date",
    "source_original", "disorder_type", "allies_a", "allies_b", "admin3_as_written", "source_scale", "tags",
    "updated_at", "country_as_written", "dyad_id",
)  # fmt: skip
"""Columns of events that no question asks about and no evidence shows: each makes every query dearer."""
MOST_COPIED = 400_000
"""So many events may be copied into the engine's memory, about half a kilobyte each."""
MOST_COPIED_AT_ONCE = MOST_COPIED // 8
MOST_NAMED = 1_000_000
"""Of so many events in all what the names of their parties mean is copied, a tenth of a kilobyte each."""
MOST_JOINED = 64
"""So many selections of several slices are kept; each has its own days, and a server is asked for new ones forever."""


@dataclass(frozen=True)
class CalledBy:
    """Who parties are called by: what the dossiers tell, at which level, and what names mean in releases by that."""

    told: Told
    params: Params
    spans: Callable[[Selection], Table]
    """Of a selection, as `measures.parties.sides` wants them."""

    @property
    def key(self) -> tuple[object, ...]:
        """What the names depend on."""
        return self.params.level, self.params.known_by, _named_and_sealed(self.told.held)


@dataclass
class Settled:
    """What one engine keeps, by the releases, countries and days, and by who the parties are called by.

    A release never changes: what is kept of it holds whatever other releases come.
    """

    engine: Any
    _kept: dict[str, tuple[Table, int]] = field(default_factory=dict)
    _joined: dict[str, tuple[str, Table, int]] = field(default_factory=dict)
    _made: int = 0
    _taken: int = 0
    """So many of `MOST_NAMED` are copied."""

    def events(self, selection: Selection, called: CalledBy | None, criteria: Criteria | None = None) -> Table:
        """The events of a selection, their parties as they are written or as the dossiers name them.

        With criteria those that fit them, by one filter: each further one doubles what it costs to put into SQL.
        """
        asked = criteria or Criteria()
        if len(selection.slices) == 1:
            (part,) = selection.slices
            start, end = part.period.start, part.period.end
            within = asked.narrowed(start=max(start, asked.start or start), end=min(end, asked.end or end))
            return matching(self._whole(part, called), within)
        if not selection.slices:
            return matching(tables.events(self.engine, selection).drop(*UNASKED), asked)
        return matching(self._together(selection, called), asked)

    def _whole(self, part: Slice, called: CalledBy | None) -> Table:
        """The events of a slice on all days."""
        whole = Selection((replace(part, period=EVER),), ())
        key = key_of(whole, called)
        if key not in self._kept:
            if called is None:
                made = self._settle(tables.events(self.engine, whole).drop(*UNASKED))
            else:
                made = self._named(part, whole, called)
            self._kept[key] = made[1:]
        return self._kept[key][0]

    def _named(self, part: Slice, whole: Selection, called: CalledBy) -> tuple[str, Table, int]:
        """In two steps, each of which is short in SQL: what the names mean, in a table of its own, and the events."""
        events = self._whole(part, None)
        copied = self._kept[key_of(whole, None)][1]
        meant = Measured(_meant, (events, called.spans(whole)), {})
        many = copied or sum(held.release.rows for held in whole.holds)
        named, taken = tables.settle(self.engine, meant, self._name(), MOST_NAMED - self._taken, many=many)
        self._taken += taken
        return self._settle(Measured(_called, (events, named), {}), many=copied or MOST_COPIED + 1)

    def _together(self, selection: Selection, called: CalledBy | None) -> Table:
        """The events of several slices, each on its own days; the selections asked about longest ago are dropped."""
        key = key_of(selection, called)
        found = self._joined.pop(key, None)
        if found is None:
            parts = []
            for part in selection.slices:
                rows = self._whole(part, called)
                parts.append(rows.filter(rows.date_start.between(part.period.start, part.period.end)))
            found = self._settle(ibis.union(*parts))
        self._joined[key] = found
        while len(self._joined) > MOST_JOINED:
            name, _rows, copied = self._joined.pop(next(iter(self._joined)))
            tables.drop(self.engine, name, copied)
        return found[1]

    def _settle(self, rows: Table | Measured, many: int | None = None) -> tuple[str, Table, int]:
        taken = sum(n for _rows, n in self._kept.values()) + sum(n for _name, _rows, n in self._joined.values())
        name = self._name()
        room = min(max(0, MOST_COPIED - taken), MOST_COPIED_AT_ONCE)
        return (name, *tables.settle(self.engine, rows, name, room, many=many))

    def _name(self) -> str:
        self._made += 1
        return f"events_{self._made}"


def _meant(events: Table, spans: Table) -> Table:
    return sides(events.select(*NAMED_BY), spans)


def _called(events: Table, named: Table) -> Table:
    return at_level(with_sides(events, named))


def key_of(selection: Selection, called: CalledBy | None) -> str:
    """What events are told by: which releases speak about whom and when, and who the parties are called by."""
    parts = [
        (part.countries, part.period, _named_and_sealed((*part.holds, *part.settled))) for part in selection.slices
    ]
    return repr((parts, called and called.key))


def _named_and_sealed(holds: Iterable[Held]) -> list[tuple[str, str]]:
    """Releases by name and digest: two with the same rows have one digest, but what rests on them says which it was."""
    return [(held.release.name, held.release.digest) for held in holds]

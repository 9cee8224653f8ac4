"""Which records a number is made of: a filter as plain data, so that evidence can be kept and run again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

KINDS = ("state_based", "non_state", "one_sided")
Kind = Literal["state_based", "non_state", "one_sided"]
Sayable = Literal["violence", "dyad", "perpetrator", "admin1", "admin2"]
UNSAID = Field(exclude_if=lambda value: not value)
"""A field that joined later: where it says nothing it is not written, and what was written before stays the same."""


class Criteria(BaseModel):
    """A filter on events. An empty tuple or None does not filter; several fields must all hold.

    `start` and `end` cut on the day a record starts, both included. `located` keeps the records that stand for a
    place (True) or those that stand for a region or country (False). `actors` are names as the publisher writes
    them, on either side; `perpetrators` only where the source says who did it. `civilians_killed` leaves out the
    records that say that no civilian was. `unsaid` names columns whose empty value fits too; where nothing else fits
    such a column, only the empty value does. `event_types` are types, sub-types or groups of
    `harmattan.vocabulary.event_types`; `civilians_targeted` keeps the records whose source says that civilians were
    the target. `records` are records of a dossier, as `list:id`: a number that rests
    on them rests on no event. Where a question was asked at a level of the dossier, `actors` and `perpetrators` are
    the dossier's ids at that level.
    `admin1` and `admin2` are ids of areas to which the events were laid. `table` names a table that holds no events,
    and `keys` are its rows, as `release:row_id`; of a whole answer they are those of all its rows and are not written
    down again. Where `table` is `events`, `keys` are the very records, as `release:event_id`: what a distance or a
    place in an order picks out, no other field can say.
    `beside` are records of another kind that the number rests on as well: of a change in a stock against violence the
    events stand here and the rows of the stocks beside. Where there are events, they come first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    countries: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    kinds: tuple[Kind, ...] = ()
    dyads: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    perpetrators: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    located: bool | None = None
    civilians_killed: bool = False
    event_types: tuple[str, ...] = ()
    civilians_targeted: bool = False
    unsaid: tuple[Sayable, ...] = ()
    releases: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    admin1: Annotated[tuple[str, ...], UNSAID] = ()
    admin2: Annotated[tuple[str, ...], UNSAID] = ()
    table: Annotated[str, UNSAID] = ""
    keys: Annotated[tuple[str, ...], UNSAID] = ()
    beside: Annotated[Criteria | None, UNSAID] = None

    def narrowed(self, **to: object) -> Criteria:
        """The same filter with some fields set: a smaller set of records."""
        return Criteria.model_validate(self.model_dump() | to)

"""Posts by day for questions that lay them beside events: every post once, and the days that an export speaks about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.alongside import Daily
from harmattan.influence.groups import Group
from harmattan.lake import tables
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.campaign import chosen
from harmattan.questions.parameters import Params
from harmattan.questions.posted import campaigns, of_newest
from harmattan.questions.world import World
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.period import Period

TABLE = "posts"
LARGEST = 5
"""So many groups are looked at one by one where none is named."""


@dataclass(frozen=True)
class Posted:
    """The posts with a known time, in order of it, each once: of the newest release that has it."""

    keys: pa.Array
    """`release:row_id`, shape (n,)."""
    days: npt.NDArray[np.datetime64]
    platforms: tuple[str, ...]
    held: tuple[Held, ...]
    untimed: int
    """Posts whose time cannot be read: they are in no series."""
    spans: tuple[Period, ...]
    """The days that the releases speak about, none after the as-of date."""
    campaigns: pa.Array
    """The group that each post's account is in, of those that are looked at, shape (n,); empty for all others."""
    groups: tuple[str, ...]
    """The groups that are looked at one by one: those named, or the largest."""
    listed: int
    """How many groups are large enough to be named."""
    named: bool
    """Whether groups were named: then there are their posts only."""

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        return tuple(ReleaseRef.to(held.release) for held in self.held)

    @property
    def period(self) -> Period:
        """From the first day covered to the last."""
        return Period(min(span.start for span in self.spans), max(span.end for span in self.spans))

    def of(self, group: str) -> Posted:
        """The posts of one group."""
        own = pc.fill_null(pc.equal(self.campaigns, group), False)
        days = self.days[own.to_numpy(zero_copy_only=False)]
        return replace(self, keys=self.keys.filter(own), days=days, campaigns=self.campaigns.filter(own))

    def daily(self, period: Period) -> Daily:
        """Posts by day of a period; days that no release covers are unknown."""
        return Daily.of(self.days, period, self.spans)

    def between(self, first: dt.date, last: dt.date) -> range:
        """The places of the posts from one day to another."""
        low = int(np.searchsorted(self.days, np.datetime64(first, "D"), "left"))
        return range(low, int(np.searchsorted(self.days, np.datetime64(last, "D"), "right")))

    def criteria(self, spans: list[tuple[dt.date, dt.date]]) -> Criteria:
        """The posts of some days as records that a number rests on, each once."""
        none = np.empty(0, dtype=np.int64)
        within = [np.asarray(self.between(*span), dtype=np.int64) for span in spans]
        places = np.unique(np.concatenate([none, *within]))
        return Criteria(table=TABLE, keys=tuple(self.keys.take(pa.array(places)).to_pylist()))


def posted(world: World, params: Params) -> Posted | None:
    """The posts of every release that may speak, or of the groups named; None where there is no release of posts.

    Raises UsageError for a group that is not listed.
    """
    held = with_table(world.lake, TABLE, known_by=params.known_by, pins=params.release)
    last = params.as_of or dt.date.max
    held = [one for one in held if one.release.coverage.start <= last]
    if not held:
        return None
    groups, listed = _groups(world, params)
    table = _read(world, held, last, groups, named=bool(params.campaign))
    timed = table.filter(pc.is_valid(table["day"]))
    return Posted(
        keys=timed["key"].combine_chunks(),
        days=timed["day"].to_numpy().astype("datetime64[D]"),
        platforms=tuple(sorted(set(timed["platform"].to_pylist()))),
        held=tuple(held),
        untimed=table.num_rows - timed.num_rows,
        spans=tuple(Period(c.start, min(c.end, last)) for c in (one.release.coverage for one in held)),
        campaigns=timed["campaign"].combine_chunks(),
        groups=tuple(group.id for group in groups),
        listed=listed,
        named=bool(params.campaign),
    )


def _read(world: World, held: Sequence[Held], last: dt.date, groups: Sequence[Group], *, named: bool) -> pa.Table:
    """`key`, `platform`, `day` and `campaign` of each post once, in order of time; only of the groups where named."""
    parts = []
    for one in held:
        rows = tables.table(world.engine, one, TABLE)
        key = ibis.literal(one.release.name + ":") + rows.row_id
        parts.append(rows.select("row_id", "platform", "account", day=rows.posted_at.date(), key=key))
    rows = of_newest(parts)
    pairs = [(account, group.id) for group in groups for account in group.accounts]
    columns = list(zip(*pairs, strict=True)) if pairs else [(), ()]
    members = ibis.memtable(pa.table({name: pa.array(list(values), pa.string())
                                      for name, values in zip(("who", "campaign"), columns, strict=True)}))  # fmt: skip
    rows = rows.join(members, rows.account == members.who, how="inner" if named else "left")
    rows = rows.filter(rows.day.isnull() | (rows.day <= last))
    found = rows.select("row_id", "key", "platform", "day", "campaign").order_by("day", "row_id")
    return found.drop("row_id").to_pyarrow()


def _groups(world: World, params: Params) -> tuple[list[Group], int]:
    """The groups named, or the largest, and how many there are; looked for in all posts and not in those of some days.

    An account is in one group only.
    """
    found = campaigns(world, Params(as_of=params.as_of, known_by=params.known_by, release=params.release))
    listed = list(found.listed.values())
    named = chosen(found, tuple(dict.fromkeys(params.campaign))) if params.campaign else listed[:LARGEST]
    return named, len(listed)

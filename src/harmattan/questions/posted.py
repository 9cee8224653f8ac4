"""The posts that a question is about, and the groups that act together in them: found once, asked by many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import pyarrow as pa

from harmattan.influence import actions
from harmattan.influence.detect import Found, detect
from harmattan.influence.groups import Group
from harmattan.influence.objects import LAYERS, Shares, shares
from harmattan.influence.rule import Rule
from harmattan.lake import tables
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.library import hindsight
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.posts import POSTS

Table = Any

HOW_TO_GET = T(
    "Not covered: no release here has posts. They come from exports of platforms: harmattan ingest posts FILE."
)
LEAST_ACCOUNTS = 5
"""Groups with fewer accounts are counted and not listed: who they are could be guessed."""
LOOKED_FOR = ("hashtags", "media", "object", "reply", "repost", "similar", "text", "url")
"""The layers where none is named. Domains and single hashtags are shared by too many who have nothing in common."""


@dataclass(frozen=True)
class Posted:
    """Posts of the releases that may speak, within the days and on the platforms asked about."""

    params: Params
    posts: Table
    """Columns of POSTS and `release`; an Ibis table. Of a post that several releases have, the newest release's row."""
    held: tuple[Held, ...]
    caveats: tuple[Text, ...]

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        return tuple(ReleaseRef.to(held.release) for held in self.held)

    @cached_property
    def shares(self) -> Shares:
        """What the posts share, in the layers asked about."""
        return shares(self.posts, self.params.object or LOOKED_FOR)


@dataclass(frozen=True)
class Campaigns:
    """The groups found in some posts."""

    posted: Posted
    found: Found

    @cached_property
    def joint(self) -> pa.Table:
        """What the groups did together, as `influence.actions.JOINT`."""
        return actions.joint(self.posted.shares.table, self.found.groups, self.found.rule)

    @cached_property
    def listed(self) -> Mapping[str, Group]:
        """The groups large enough to be listed, by id, the largest first."""
        least = self.posted.params.at_least or LEAST_ACCOUNTS
        return {group.id: group for group in self.found.groups if len(group.accounts) >= least}


def posted(world: World, params: Params) -> Posted:
    """The posts that were asked about; without a release that has any, an empty table."""
    chosen = with_table(world.lake, "posts", known_by=params.known_by, pins=params.release)
    parts = [
        tables.table(world.engine, held, "posts").mutate(release=ibis.literal(held.release.name), rank=ibis.literal(n))
        for n, held in enumerate(chosen)
    ]
    if not parts:
        schema = pa.schema([*POSTS.schema, pa.field("release", pa.string())])
        return Posted(params, ibis.memtable(schema.empty_table()), (), ())
    rows = parts[0]
    if len(parts) > 1:
        rows = ibis.union(*parts)
        newest = ibis.window(group_by="row_id", order_by="rank")
        rows = rows.mutate(nth=ibis.row_number().over(newest)).filter(ibis._.nth == 0).drop("nth")
    return Posted(params, _asked(rows.drop("rank"), params), tuple(chosen), tuple(_caveats(chosen, params)))


def _asked(rows: Table, params: Params) -> Table:
    """The posts of the days and platforms asked about; one whose time is not known belongs to no day."""
    ends = [day for day in (params.end, params.as_of) if day is not None]
    if params.start is not None:
        rows = rows.filter(rows.posted_at >= _midnight(params.start))
    if ends:
        rows = rows.filter(rows.posted_at < _midnight(min(ends) + dt.timedelta(days=1)))
    return rows.filter(rows.platform.isin(list(params.platform))) if params.platform else rows


def _midnight(day: dt.date) -> Any:
    return ibis.timestamp(day.isoformat(), timezone="UTC")


def rule_of(params: Params) -> Rule:
    """The rule by which groups are looked for, as far as parameters say."""
    return Rule(windows=params.seconds) if params.seconds else Rule()


def campaigns(world: World, params: Params) -> Campaigns:
    """The groups in the posts asked about; found once in a world."""
    own = (params.start, params.end, params.as_of, params.known_by, params.release, params.platform)
    key = repr(("campaigns", own, params.object, params.seconds))
    if key not in world.groups:
        ground = posted(world, params)
        world.groups[key] = (ground, detect(ground.shares.table, rule_of(params)))
    ground, found = world.groups[key]
    return Campaigns(Posted(params, ground.posts, ground.held, ground.caveats), found)


def _caveats(chosen: list[Held], params: Params) -> list[Text]:
    said = [hindsight(held, params.as_of) for held in chosen if params.as_of and held.release.published > params.as_of]
    for held in chosen:
        coverage = held.release.coverage
        said.append(
            T("{name} has posts from {start} to {end}: what was collected, not all that was posted.",
              name=Verbatim(held.release.name), start=coverage.start, end=coverage.end)
        )  # fmt: skip
    return said


__all__ = ["HOW_TO_GET", "LAYERS", "LEAST_ACCOUNTS", "Campaigns", "Posted", "campaigns", "posted", "rule_of"]

"""The posts that a question is about, and the groups that act together in them: found once, asked by many."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import ibis
import pyarrow as pa

from harmattan.influence import actions
from harmattan.influence.detect import Found, detect
from harmattan.influence.groups import Group
from harmattan.influence.layers import LAYERS
from harmattan.influence.objects import Shares, shares
from harmattan.influence.rule import Rule
from harmattan.lake import tables
from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.questions.library import hindsight
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.sources.posts_pseudonyms import PREFIX
from harmattan.text import T, Text, Verbatim, counted
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.posts import POSTS

Table = Any
Made = TypeVar("Made")

HOW_TO_GET = T(
    "Not covered: no release here has posts. They come from exports of platforms: harmattan ingest posts FILE."
)
NO_POSTS = T(
    "Not covered: no release here has posts of these days. They come with exports of platforms: harmattan ingest posts "
    "FILE."
)
LEAST_ACCOUNTS = 5
"""Groups with fewer accounts are counted and not listed: who they are could be guessed."""
LOOKED_FOR = ("hashtags", "media", "object", "reply", "repost", "similar", "text", "url")
"""The layers where none is named. Domains and single hashtags are shared by too many who have nothing in common."""


@dataclass(frozen=True)
class Counted:
    """How many posts there are, by how many accounts, and what keeps some of them from being looked at."""

    posts: int
    accounts: int
    unsigned: int
    """Posts that do not say who posted them."""
    untimed: int
    """Posts whose time could not be read; where days are asked about there are none, since they belong to no day."""
    as_written: int
    """Posts whose account is no pseudonym: identities were asked for when they were taken in."""
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True)
class Posted:
    """Posts of the releases that may speak, within the days and on the platforms asked about."""

    params: Params
    posts: Table
    """Columns of POSTS and `release`; an Ibis table. Of a post that several releases have, the newest release's row."""
    held: tuple[Held, ...]
    caveats: tuple[Text, ...]
    world: World
    not_covered: Text = HOW_TO_GET
    """What is said where no release is in use."""

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases in use."""
        return tuple(ReleaseRef.to(held.release) for held in self.held)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that are looked at."""
        return tuple(sorted(self.params.object or LOOKED_FOR))

    @property
    def counted(self) -> Counted:
        """How many posts and accounts there are; counted once in a world."""
        return once(self.world, f"counted {self.key}", lambda: _counted(self.posts))

    @property
    def shares(self) -> Shares:
        """What the posts share, in the layers asked about; put together once in a world."""
        return once(self.world, f"shares {self.key} {self.layers}", self._shares)

    @property
    def key(self) -> str:
        """The same for questions about the same posts."""
        return repr([getattr(self.params, name) for name in OWN])

    def keys(self, posts: Iterable[str]) -> tuple[str, ...]:
        """Rows of the table as evidence names them (`release:row_id`), by their `row_id`."""
        wanted = sorted(set(posts))
        if len(self.held) == 1:
            return tuple(f"{self.held[0].release.name}:{post}" for post in wanted)
        return tuple(sorted(f"{self._release_of[post]}:{post}" for post in wanted))

    @property
    def _release_of(self) -> Mapping[str, str]:
        """The release of each post that shares something."""

        def made() -> dict[str, str]:
            sharing = self.posts.semi_join(self.shares.table, [("row_id", "post")]).select("row_id", "release")
            columns = sharing.to_pyarrow()
            return dict(zip(columns["row_id"].to_pylist(), columns["release"].to_pylist(), strict=True))

        return once(self.world, f"release of {self.key} {self.layers}", made)

    def _shares(self) -> Shares:
        found = shares(self.posts, self.layers)
        # Every step of the search reads them: they are put together now and not each time.
        name = f"shares_{len(self.world.groups)}"
        return replace(found, table=self.world.posts_engine.create_table(name, found.table, temp=True))


OWN = ("start", "end", "as_of", "known_by", "release", "platform")
"""The parameters that say which posts a question is about."""


@dataclass(frozen=True)
class Campaigns:
    """The groups found in some posts."""

    posted: Posted
    found: Found

    @property
    def joint(self) -> pa.Table:
        """What the groups did together, as `influence.actions.JOINT`; the same posts in two layers are one action."""
        rule = self.found.rule
        key = f"joint {self.posted.key} {self.posted.layers} {rule}"
        return once(self.posted.world, key, lambda: together(self.posted, self.found.groups, rule))

    @cached_property
    def listed(self) -> Mapping[str, Group]:
        """The groups large enough to be listed, by id, the largest first."""
        least = self.posted.params.at_least or LEAST_ACCOUNTS
        return {group.id: group for group in self.found.groups if len(group.accounts) >= least}


def together(ground: Posted, groups: Sequence[Group], rule: Rule) -> pa.Table:
    """What some groups did together, as `influence.actions.JOINT`.

    An address and its domain, a text and those near to it are shared by the same posts: where all posts of two actions
    are the same, they have the same number.
    """
    found = actions.joint(ground.shares.table, groups, rule)
    numbers, posts = found["action"].to_pylist(), found["post"].to_pylist()
    of: dict[int, set[str]] = defaultdict(set)
    for number, post in zip(numbers, posts, strict=True):
        of[number].add(post)
    first: dict[frozenset[str], int] = {}
    same = {number: first.setdefault(frozenset(members), number) for number, members in of.items()}
    place = found.column_names.index("action")
    return found.set_column(place, "action", pa.array([same[number] for number in numbers], pa.int64()))


def posted(world: World, params: Params) -> Posted:
    """The posts that were asked about; without a release that has any of the days asked about, an empty table."""
    chosen = with_table(world.lake, "posts", known_by=params.known_by, pins=params.release)
    if not any(_speaks(held, params) for held in chosen):
        own = [field.with_nullable(True) for field in POSTS.schema]
        schema = pa.schema([*own, pa.field("release", pa.string())])
        none = ibis.memtable(schema.empty_table())
        return Posted(params, none, (), (), world, NO_POSTS if chosen else HOW_TO_GET)
    parts = [
        tables.table(world.posts_engine, held, "posts").mutate(release=ibis.literal(held.release.name))
        for held in chosen
    ]
    asked = _asked(of_newest(parts), params)
    return Posted(params, asked, tuple(chosen), tuple(_caveats(chosen, params)), world)


def of_newest(parts: Sequence[Table]) -> Table:
    """The posts of several releases, the newest first, each post (`row_id`) once: as the newest has it."""
    if len(parts) == 1:
        return parts[0]
    rows = ibis.union(*(part.mutate(rank=ibis.literal(n)) for n, part in enumerate(parts)))
    newest = ibis.window(group_by="row_id", order_by="rank")
    return rows.mutate(nth=ibis.row_number().over(newest)).filter(ibis._.nth == 0).drop("nth", "rank")


def _last(params: Params) -> dt.date | None:
    """The last day asked about."""
    return min((day for day in (params.end, params.as_of) if day is not None), default=None)


def _speaks(held: Held, params: Params) -> bool:
    """Whether a release has posts of some of the days asked about."""
    coverage = held.release.coverage
    return coverage.start <= (_last(params) or dt.date.max) and coverage.end >= (params.start or dt.date.min)


def _asked(rows: Table, params: Params) -> Table:
    """The posts of the days and platforms asked about; one whose time is not known belongs to no day."""
    last = _last(params)
    if params.start is not None:
        rows = rows.filter(rows.posted_at >= _midnight(params.start))
    if last is not None:
        rows = rows.filter(rows.posted_at < _midnight(last + dt.timedelta(days=1)))
    return rows.filter(rows.platform.isin(list(params.platform))) if params.platform else rows


def _midnight(day: dt.date) -> Any:
    return ibis.timestamp(day.isoformat(), timezone="UTC")


def _counted(posts: Table) -> Counted:
    row = posts.agg(
        posts=posts.count(),
        accounts=posts.account.nunique(),
        unsigned=posts.account.isnull().sum(),
        untimed=posts.posted_at.isnull().sum(),
        as_written=(~posts.account.startswith(PREFIX)).sum(),
        first=posts.posted_at.min().date(),
        last=posts.posted_at.max().date(),
    )
    (said,) = row.to_pyarrow().to_pylist()
    first, last = said.pop("first"), said.pop("last")
    return Counted(**{name: int(value or 0) for name, value in said.items()}, first=first, last=last)


def rule_of(params: Params) -> Rule:
    """The rule by which groups are looked for, as far as parameters say."""
    return Rule(windows=tuple(sorted(params.seconds))) if params.seconds else Rule()


def campaigns(world: World, params: Params, rule: Rule | None = None) -> Campaigns:
    """The groups in the posts asked about, by the rule of the parameters or by another; found once in a world."""
    ground, rule = posted(world, params), rule or rule_of(params)
    key = f"found {ground.key} {ground.layers} {rule}"
    return Campaigns(ground, once(world, key, lambda: detect(ground.shares.table, rule)))


def once(world: World, key: str, make: Callable[[], Made]) -> Made:
    """What is made under a key, made when it is first asked for and kept with the world."""
    if key not in world.groups:
        world.groups[key] = make()
    return cast("Made", world.groups[key])


def _caveats(chosen: list[Held], params: Params) -> list[Text]:
    said = [hindsight(held, params.as_of) for held in chosen if params.as_of and held.release.published > params.as_of]
    for held in chosen:
        coverage = held.release.coverage
        said.append(
            T("{name} has posts from {start} to {end}: what was collected, not all that was posted.",
              name=Verbatim(held.release.name), start=coverage.start, end=coverage.end)
        )  # fmt: skip
    return said


def left_out(ground: Posted) -> list[Text]:
    """What is said of posts that cannot be looked at, since nobody knows by whom or when they were posted."""
    seen, said = ground.counted, []
    if seen.unsigned:
        said.append(T("Of no group, since nobody is named: {posts} without an account.",
                      posts=counted(seen.unsigned, "{n} post", "{n} posts")))  # fmt: skip
    if seen.untimed:
        said.append(T("Left out: {posts} without a time that could be read.",
                      posts=counted(seen.untimed, "{n} post", "{n} posts")))  # fmt: skip
    return said


__all__ = [
    "HOW_TO_GET", "LAYERS", "LEAST_ACCOUNTS", "Campaigns", "Counted", "Posted", "campaigns", "left_out", "posted",
    "rule_of",
]  # fmt: skip

"""Invented worlds of posts: heavy-tailed traffic with daily rhythm and viral objects, with or without planted groups.

Who is online is drawn by time zone and by sessions of twenty minutes; objects are born and live in time that runs as
fast as people post, so that they slow down at night; who shares an object is drawn from those online then, in
proportion to activity. Nothing in organic traffic acts together. Each way of making that harder is one switch.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Whole = NDArray[np.int32] | Ints

SECOND = 1_000_000
START = 1_640_995_200 * SECOND
"""Microseconds: 2022-01-01 00:00 UTC."""
HOURS = np.array([1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 11, 12, 11, 10, 10, 10, 11, 12, 13, 13, 11, 7, 3], dtype=float)
"""How much is posted by hour of the day where the account is."""
DAYS = np.array([1.0, 1.0, 1.0, 1.05, 1.1, 0.9, 0.8])
ZONES = {0: 0.5, 1: 0.25, 3: 0.1, -5: 0.1, 8: 0.05}
"""Hours from UTC, and the share of accounts there."""
PER_ACCOUNT = 10
"""Posts of an account, on average."""
TAIL, BUSIEST = 1.25, 900
"""Of activity: exponent of the Pareto law, and posts of the busiest accounts."""
POPULARITY, LARGEST = 1.15, 0.04
"""Of objects: exponent of the Pareto law, and the largest as a share of all accounts."""
SESSION = 1200
"""Seconds for which the same accounts are online."""
URL, HASHTAG = 0, 1
LAYERS = ("url", "hashtag")
STRENGTHS = {"weak": (0.4, 12), "medium": (0.5, 20), "strong": (0.6, 33)}
"""Probability that a member joins an action, and number of actions: two members act together 2, 5 and 12 times."""
SIZES = (5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Traffic:
    """What organic accounts do. `life` in hours: the median over objects of the median lag of a share."""

    posts: int
    days: int = 30
    life: float = 4.0
    awake: float = 0.15
    """Share of a time zone's accounts that are online at one moment: the smaller, the more in bursts they post."""
    topics: int = 1
    own: float = 0.8
    """Share of its objects that an account takes from its own topic."""
    tags: int = 0
    """Habitual hashtags; 0: none. Each account has two, and uses one in 70 % of its posts."""
    coup: bool = False
    """One day has four times the traffic, half of it from accounts that are active on no other day."""
    beats: int = 0
    """Desks of four very busy news accounts that post the same news, each at its own pace."""
    pace: float = 0.67
    """Hours in the median until a desk's account has the news."""
    mirrors: int = 0
    """Accounts that mirror one feed by machine, within seconds."""


@dataclass(frozen=True)
class Plan:
    """A planted group: how many members, how many objects it pushes, who joins, within how many seconds."""

    size: int
    joining: float
    actions: int
    spread: float = 20.0
    cut: float = 60.0
    picked_up: float = 0.3
    """Share of the objects that organic accounts share as well."""


@dataclass(frozen=True)
class World:
    """Shares as arrays of equal length; `group` has one entry per account: the plan's number, or -1."""

    account: NDArray[np.int32]
    object: NDArray[np.int32]
    at: Ints
    layer: NDArray[np.int8]
    group: NDArray[np.int32]

    def shares(self) -> pa.Table:
        """The table of shares: layer, object, account, platform, post as text, at in microseconds."""
        number = len(self.at)
        objects = _names("https://news.example/2022/articles/{}", int(self.object.max()) + 1)
        posts = np.arange(number, dtype=np.int64)
        return pa.table(
            {
                "layer": pa.array(np.array(LAYERS, dtype=object)).take(pa.array(self.layer)),
                "object": objects.take(pa.array(self.object)),
                "account": _names("a{}", len(self.group)).take(pa.array(self.account)),
                "platform": pa.repeat(pa.scalar("x"), number),
                "post": pc.binary_join_element_wise("x", pa.array(posts).cast(pa.string()), ":"),
                "at": pa.array(self.at),
            }
        )

    def members(self) -> list[frozenset[str]]:
        """The accounts of each planted group, by name."""
        names = _names("a{}", len(self.group)).to_pylist()
        return [
            frozenset(names[at] for at in np.flatnonzero(self.group == one)) for one in range(int(self.group.max()) + 1)
        ]


def _names(template: str, number: int) -> pa.Array:
    """Names of numbers, all of one length, in an order that is not that of the numbers."""
    mixed = (np.arange(number, dtype=np.int64) * 2_654_435_761 + 11) % 2**32 + 10**15
    before, after = template.split("{}")
    return pc.binary_join_element_wise(before, pa.array(mixed).cast(pa.string()), after, "")


def plans(strength: str, sizes: tuple[int, ...] = SIZES) -> tuple[Plan, ...]:
    """One group of each size at a strength."""
    return tuple(Plan(size, *STRENGTHS[strength]) for size in sizes)


class Clock:
    """Time by how much is posted: `warp` maps hours of even traffic to seconds since the start."""

    def __init__(self, traffic: Traffic, day: int | None) -> None:
        hour = np.arange(24 * traffic.days)
        self.by_zone = np.array([HOURS[(hour + zone) % 24] * share for zone, share in ZONES.items()])
        self.by_zone *= DAYS[((hour // 24) + 5) % 7] / HOURS.mean()
        if day is not None:
            self.by_zone[:, hour // 24 == day] *= 4.0
        self.gone = np.concatenate([[0.0], np.cumsum(self.by_zone.sum(axis=0))])
        self.end = float(self.gone[-1])

    def warp(self, tau: Floats) -> Floats:
        """Seconds since the start."""
        seconds: Floats = np.interp(tau, self.gone, 3600.0 * np.arange(len(self.gone)))
        return seconds

    def zones(self, seconds: Floats, rng: np.random.Generator) -> Ints:
        """A time zone for each moment, by how much is posted in each then."""
        share = np.cumsum(self.by_zone, axis=0) / self.by_zone.sum(axis=0)
        hour = (seconds // 3600).astype(np.int64)
        drawn = rng.random(len(seconds))
        zone = np.zeros(len(seconds), dtype=np.int64)
        for row in share[:-1]:
            zone += drawn > row[hour]
        return zone


class Crowd:
    """Accounts as slots on a wheel for each cell (time zone and topic): as many slots as the account posts."""

    def __init__(self, cells: Ints, per_account: float, awake: float, rng: np.random.Generator) -> None:
        activity = np.minimum((1.0 - rng.random(len(cells))) ** (-1.0 / TAIL), BUSIEST / 2.0)
        slots = np.maximum(np.rint(activity * per_account / activity.mean()), 1).astype(np.int64)
        order = np.argsort(cells, kind="stable")
        self.awake = awake
        self.slot = np.repeat(order, slots[order]).astype(np.int32)
        self.size = np.bincount(cells, weights=slots).astype(np.int64)
        self.start = np.concatenate([[0], np.cumsum(self.size)])[:-1]

    def draw(self, cells: Ints, seconds: Floats, rng: np.random.Generator) -> NDArray[np.int32]:
        """An account for each moment: of the cell's slots, those that are online in that session."""
        key = (seconds // SESSION).astype(np.int64) * 7919 + cells * 104_729
        size = np.maximum(self.size[cells], 1)
        within = (rng.random(len(cells)) * np.ceil(self.awake * size)).astype(np.int64)
        at = (STEPS[key % len(STEPS)] % size * within + key * 48_271 % 2_147_483_647) % size
        account: NDArray[np.int32] = self.slot[self.start[cells] + at]
        return account


STEPS = np.array([n for n in range(10_001, 12_000) if all(n % d for d in range(2, 110))], dtype=np.int64) * 1_000_003
"""Products of large primes: steps that go round a wheel of any size."""


@dataclass
class Builder:
    """A world in the making: what has been shared so far, and how many accounts and objects there are."""

    traffic: Traffic
    rng: np.random.Generator
    accounts: int = 0
    objects: int = 0
    clock: Clock = field(init=False)
    parts: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sets the clock."""
        self.day = self.traffic.days // 2 if self.traffic.coup else None
        self.clock = Clock(self.traffic, self.day)

    def add(self, account: Whole, objects: Whole, seconds: Floats) -> None:
        """Adds shares that lie before the end; objects are numbered from 0 within the part."""
        kept = seconds < 86400.0 * self.traffic.days
        self.parts.append(
            (account[kept].astype(np.int32), (self.objects + objects[kept]).astype(np.int32), seconds[kept])
        )
        self.objects += int(objects.max(initial=0)) + 1

    def organic(self) -> None:
        """Ordinary traffic: objects that live and die, and who of those online shares them."""
        traffic, rng = self.traffic, self.rng
        self.accounts = max(traffic.posts // PER_ACCOUNT, 20)
        size = self._sizes()
        born = rng.random(len(size)) * (self.clock.end + 12.0) - 12.0
        life = traffic.life * np.exp(0.7 * rng.standard_normal(len(size)))
        of = np.repeat(np.arange(len(size), dtype=np.int32), size)
        tau = born[of] + life[of] * np.exp(rng.standard_normal(len(of)))
        kept = (tau > 0) & (tau < self.clock.end)
        of, seconds = of[kept], self.clock.warp(tau[kept])
        topic = rng.integers(0, traffic.topics, len(size))[of]
        self.add(self._who(seconds, topic), of, seconds)

    def _sizes(self) -> Ints:
        """How often each object is shared: more in all than posts are wanted, since some are dropped again."""
        wanted = int(self.traffic.posts * (1.12 if self.traffic.topics == 1 else 1.5))
        drawn = (1.0 - self.rng.random(wanted // 2 + 10)) ** (-1.0 / POPULARITY)
        size = np.rint(np.minimum(drawn, LARGEST * self.accounts)).astype(np.int64)
        return size[: int(np.searchsorted(np.cumsum(size), wanted)) + 1]

    def _who(self, seconds: Floats, topic: Ints) -> NDArray[np.int32]:
        """The account of each organic share."""
        traffic, rng = self.traffic, self.rng
        cells = len(ZONES) * traffic.topics
        away = rng.random(len(topic)) > traffic.own
        topic = np.where(away, rng.integers(0, traffic.topics, len(topic)), topic)
        cell = rng.choice(len(ZONES), self.accounts, p=list(ZONES.values())) * traffic.topics
        cell += rng.integers(0, traffic.topics, self.accounts)
        cell[:cells] = np.arange(cells)[: self.accounts]
        crowd = Crowd(cell, PER_ACCOUNT, traffic.awake, rng)
        account = crowd.draw(self.clock.zones(seconds, rng) * traffic.topics + topic, seconds, rng)
        if self.day is not None:
            mobbed = np.flatnonzero((seconds // 86400 == self.day) & (rng.random(len(seconds)) < 0.5))
            nowhere = np.zeros(max(len(mobbed) // 3, 20), dtype=np.int64)
            drawn = Crowd(nowhere, 3, traffic.awake, rng).draw(
                np.zeros(len(mobbed), dtype=np.int64), seconds[mobbed], rng
            )
            account[mobbed] = self.accounts + drawn
            self.accounts += len(nowhere)
        return account

    def desks(self) -> None:
        """News desks: each of four accounts posts 70 % of a beat's twenty stories a day."""
        stories = 20 * self.traffic.days
        of = np.repeat(np.arange(self.traffic.beats * stories), 4)
        born = self.rng.random(self.traffic.beats * stories) * (self.clock.end - 1.0)
        who = self.accounts + 4 * (of // stories) + np.tile(np.arange(4), self.traffic.beats * stories)
        tau = born[of] + self.traffic.pace * np.exp(self.rng.standard_normal(len(of)))
        kept = (self.rng.random(len(of)) < 0.7) & (tau < self.clock.end)
        self.add(who[kept], of[kept], self.clock.warp(tau[kept]))
        self.accounts += 4 * self.traffic.beats

    def act(self, plan: Plan, members: Ints) -> None:
        """What a group pushes, with the organic shares of what others pick up."""
        rng = self.rng
        action, member = np.nonzero(rng.random((plan.actions, len(members))) < plan.joining)
        start = self.clock.warp(rng.random(plan.actions) * (self.clock.end - 1.0))
        lag = np.minimum(rng.exponential(plan.spread, len(action)), plan.cut * rng.random(len(action)) ** 0.5)
        picked = np.flatnonzero(rng.random(plan.actions) < plan.picked_up)
        times = np.minimum(2 + rng.pareto(POPULARITY, len(picked)), LARGEST * self.accounts).astype(np.int64)
        echo = np.repeat(picked, times)
        later = start[echo] + 3600.0 * rng.lognormal(0.7, 1.0, len(echo))
        self.add(
            np.concatenate([members[member], rng.integers(0, self.accounts, len(echo))]),
            np.concatenate([action, echo]),
            np.concatenate([start[action] + lag, later]),
        )

    def world(self, group: NDArray[np.int32]) -> World:
        """Drops an account's repeats of an object, cuts organic traffic to the posts wanted, sorts, and tags."""
        account, objects = (np.concatenate([part[at] for part in self.parts]) for at in (0, 1))
        at = np.concatenate([part[2] for part in self.parts]).astype(np.int64) * SECOND + START
        organic = len(self.parts[0][0])
        self.parts.clear()
        kept = _once(account, objects, len(group))
        over = max(len(kept) - self.traffic.posts, 0)
        kept = np.delete(kept, self.rng.choice(int(np.searchsorted(kept, organic)), over, replace=False))
        kept = kept[np.argsort(at[kept], kind="stable")]
        account, objects, at = account[kept], objects[kept], at[kept]
        layer = np.full(len(at), URL, dtype=np.int8)
        if not self.traffic.tags:
            return World(account, objects, at, layer, group)
        habits = np.minimum(self.rng.zipf(1.5, (len(group), 2)) - 1, self.traffic.tags - 1).astype(np.int32)
        tagged = np.flatnonzero(self.rng.random(len(at)) < 0.7)
        tag = habits[account[tagged], self.rng.integers(0, 2, len(tagged))] + np.int32(self.objects)
        return World(
            np.concatenate([account, account[tagged]]),
            np.concatenate([objects, tag]),
            np.concatenate([at, at[tagged]]),
            np.concatenate([layer, np.full(len(tagged), HASHTAG, dtype=np.int8)]),
            group,
        )


def _once(account: NDArray[np.int32], objects: NDArray[np.int32], accounts: int) -> Ints:
    """The places of the first share of each object by each account, in order."""
    key = objects.astype(np.int64) * accounts + account
    order = np.argsort(key, kind="stable")
    first = np.ones(len(key), dtype=bool)
    first[1:] = key[order[1:]] != key[order[:-1]]
    return np.sort(order[first])


def world(traffic: Traffic, groups: tuple[Plan, ...] = (), seed: int = 0) -> World:
    """A world of that traffic with those groups planted among its accounts; the same seed gives the same world."""
    made = Builder(traffic, np.random.default_rng(seed))
    made.organic()
    if traffic.beats:
        made.desks()
    group = np.full(made.accounts + traffic.mirrors, -1, dtype=np.int32)
    if traffic.mirrors:
        feed = Plan(traffic.mirrors, joining=0.95, actions=200, spread=5.0)
        made.act(feed, np.arange(made.accounts, len(group)))
    members = made.rng.choice(made.accounts, sum(plan.size for plan in groups), replace=False)
    for number, plan in enumerate(groups):
        mine, members = members[: plan.size], members[plan.size :]
        group[mine] = number
        made.act(plan, mine)
    return made.world(group)

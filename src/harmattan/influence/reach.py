"""How far a group's posts go, when they come, and in which order platforms take up what is shared.

Metrics that an export does not have are not 0: each sum is over the posts that have the metric, and says how many do.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa

from harmattan.influence.near import MICRO
from harmattan.influence.sides import DAY, HOUR, Array, Table, described, of_group, of_others
from harmattan.vocabulary.share import wilson

METRICS = ("views", "reactions", "comments", "shares")
CROSSING = ("url", "text", "media")
"""Layers whose objects can be the same on several platforms and are rare enough to mean something."""


_text, _int, _number = pa.string(), pa.int64(), pa.float64()
AMPLIFICATION = pa.schema(
    [
        described("measure", _text, "posts, accounts, views, reactions, comments or shares"),
        described("group", _int, "of the group; empty where no post of it has the metric"),
        described("all", _int, "of all, the group included; empty where no post has the metric"),
        described("share", _number, "group / all; empty where it means nothing"),
        described("group_posts", _int, "posts of the group"),
        described("group_known", _int, "of these, those that have the metric"),
        described("all_posts", _int, "posts of all"),
        described("all_known", _int, "of these, those that have the metric"),
    ]
)
DAYS = pa.schema(
    [
        described("day", pa.date32(), "UTC"),
        described("group", _int, "posts of the group"),
        described("others", _int, "posts of all others; only days on which the group posted"),
    ]
)
PLATFORM = pa.schema(
    [
        described("platform", _text, "as posts have it"),
        described("group_posts", _int, "posts of the group"),
        described("group_accounts", _int, "accounts of the group there"),
        described("others_posts", _int, "posts of all others on the days on which the group posted"),
        described("others_accounts", _int, "their accounts"),
    ]
)
ORDER = pa.schema(
    [
        described("who", _text, "group: first appearances among the group's shares; all: among everybody's"),
        described("first", _text, "the platform that is more often the earlier one"),
        described("second", _text, "the other one"),
        described("objects", _int, "objects shared on both"),
        described("before", _int, "of these, those that `first` had earlier"),
        described("after", _int, "those that `second` had earlier"),
        described("ties", _int, "those that both had in the same microsecond: left out of what follows but the lags"),
        described("share_before", _number, "before / (before + after); empty without any"),
        described("share_low", _number, "lower end of the 95 percent interval (Wilson)"),
        described("share_high", _number, "upper end"),
        described("p", _number, "two-sided sign test of as many before as after; empty without any"),
        described("lag", _number, "median seconds from `first` to `second`, negative where `second` was earlier"),
        described("lag_low", _number, "lower end of its distribution-free 95 percent interval; empty under 6 objects"),
        described("lag_high", _number, "upper end"),
    ]
)


def amplification(posts: Table, group: Set[str], about: Table | None = None) -> pa.Table:
    """What share of posts, accounts and reach the group makes: `AMPLIFICATION`, one row a measure.

    `about` are shares (or any table with a column `post`): with it only the posts that share one of those objects
    count. A share over few of the posts that have a metric says little about the others. Raises UsageError for a
    group of nobody.
    """
    of_group(posts, group)
    if about is not None:
        posts = posts.semi_join(about.select(row_id="post").distinct(), "row_id")
    mine = posts.account.isin(sorted(group)).fill_null(False)
    sums: dict[str, ibis.Expr] = {"posts_group": mine.cast("int64").sum(), "posts_all": posts.count()}
    sums |= {"accounts_group": posts.account.nunique(where=mine), "accounts_all": posts.account.nunique()}
    for name in METRICS:
        known = posts[name].notnull()
        sums |= {f"{name}_all": posts[name].sum(), f"{name}_group": posts[name].sum(where=mine)}
        sums |= {f"{name}_known": known.cast("int64").sum(), f"{name}_mine": (known & mine).cast("int64").sum()}
    found = posts.agg(**sums).to_pyarrow().to_pylist()[0]
    return pa.Table.from_pylist([_amplified(name, found) for name in ("posts", "accounts", *METRICS)], AMPLIFICATION)


def _amplified(name: str, found: dict[str, int | None]) -> dict[str, object]:
    one, whole = found[f"{name}_group"], found[f"{name}_all"]
    posts, all_posts = found["posts_group"] or 0, found["posts_all"] or 0
    share = one / whole if one is not None and whole else None
    known, all_known = (found.get(f"{name}_mine", posts), found.get(f"{name}_known", all_posts))
    return {
        "measure": name, "group": one, "all": whole, "share": share, "group_posts": posts, "group_known": known or 0,
        "all_posts": all_posts, "all_known": all_known or 0,
    }  # fmt: skip


@dataclass(frozen=True)
class Timing:
    """When a group posts."""

    hours: Array
    """(24, 2) posts by hour of day in UTC: of the group, of all others on the days on which it posted."""
    days: pa.Table
    """`DAYS`: every day on which the group posted."""
    platforms: pa.Table
    """`PLATFORM`, by name."""
    posts: int
    without_time: int
    """Posts of the group that have no time: in none of the counts by hour and day."""


def timing(posts: Table, group: Set[str]) -> Timing:
    """When and where the group posts, beside all others. Raises UsageError for a group of nobody."""
    mine = of_group(posts, group)
    both = ibis.union(_timed(mine, "group"), _timed(of_others(posts, group), "others"))
    hours = np.zeros((24, 2), dtype=np.int64)
    timed = both.filter(both.second.notnull())
    hour = timed.second % DAY // HOUR
    for row in timed.group_by("who", hour=hour).agg(n=timed.count()).to_pyarrow().to_pylist():
        hours[row["hour"], 0 if row["who"] == "group" else 1] += row["n"]
    counted = int(mine.count().execute())
    without = int(mine.filter(mine.posted_at.isnull()).count().execute())
    return Timing(hours, _days(timed), _platforms(both), counted, without)


def _timed(posts: Table, who: str) -> Table:
    second = posts.posted_at.epoch_seconds()
    return posts.select("account", platform=posts.platform.cast("string"), second=second, who=ibis.literal(who))


def _days(timed: Table) -> pa.Table:
    by = timed.group_by(day=timed.second // DAY).agg(
        group=(timed.who == "group").cast("int64").sum(), others=(timed.who == "others").cast("int64").sum()
    )
    found = by.filter(by["group"] > 0).order_by("day").to_pyarrow()
    day = pa.array(np.asarray(found["day"], dtype="datetime64[D]"), pa.date32())
    return pa.table([day, found["group"].cast(_int), found["others"].cast(_int)], schema=DAYS)


def _platforms(both: Table) -> pa.Table:
    columns: dict[str, ibis.Expr] = {}
    for who in ("group", "others"):
        here = both.who == who
        columns |= {f"{who}_posts": here.cast("int64").sum(), f"{who}_accounts": both.account.nunique(where=here)}
    found = both.group_by("platform").agg(**columns).order_by("platform").to_pyarrow()
    return found.select(PLATFORM.names).cast(PLATFORM)


def order(shares: Table, group: Set[str], layers: Sequence[str] = CROSSING) -> pa.Table:
    """Which platform has what is shared before which: `ORDER`, for the group and for all, a row a pair of platforms.

    For each object the first appearance on each platform counts once. Dixon & Mood 1946 (the sign test),
    doi:10.1080/01621459.1946.10501898; the interval of the median lag is that of its order statistics. An export that
    begins later on one platform, or holds less of it, makes that platform seem the later one.
    """
    own = shares.filter(shares.layer.isin(list(layers)), shares["at"].notnull())
    made = []
    for who, chosen in (("group", own.filter(own.account.isin(sorted(group)).fill_null(False))), ("all", own)):
        first = chosen.group_by("layer", "object", "platform").agg(at=chosen["at"].min())
        one, two = first, first.view()
        met = one.join(two, [one.layer == two.layer, one["object"] == two["object"], one.platform < two.platform])
        lags = (
            met.select(a=one.platform, b=two.platform, lag=two["at"] - one["at"]).order_by("a", "b", "lag").to_pyarrow()
        )
        names = list(zip(lags["a"].to_pylist(), lags["b"].to_pylist(), strict=True))
        lag = np.asarray(lags["lag"], dtype=np.int64)
        for pair in sorted(set(names)):
            made.append({"who": who} | _ordered(*pair, lag[[name == pair for name in names]]))
    return pa.Table.from_pylist(made, ORDER)


def _ordered(one: str, two: str, lag: Array) -> dict[str, object]:
    """One pair of platforms; `lag` is from `one` to `two` in microseconds."""
    from scipy.stats import binom, binomtest

    if (lag < 0).sum() > (lag > 0).sum():
        one, two, lag = two, one, -lag
    lag = np.sort(lag)
    before, after, n = int((lag > 0).sum()), int((lag < 0).sum()), len(lag)
    sure = before + after
    low, high = wilson(before, sure) or (None, None)
    rank = int(binom.ppf(0.025, n, 0.5))
    inside = (lag[rank - 1] / MICRO, lag[n - rank] / MICRO) if n >= 6 and rank >= 1 else (None, None)
    return {
        "first": one, "second": two, "objects": n, "before": before, "after": after, "ties": n - sure,
        "share_before": before / sure if sure else None, "share_low": low, "share_high": high,
        "p": float(binomtest(before, sure).pvalue) if sure else None, "lag": float(np.median(lag)) / MICRO,
        "lag_low": inside[0], "lag_high": inside[1],
    }  # fmt: skip

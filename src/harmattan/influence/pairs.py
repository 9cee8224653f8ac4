"""Who shared the same object within a window of each other, as Ibis expressions: the same on DuckDB and on Spark.

Shares are one row for each post and shared object: `layer`, `object`, `account`, `platform`, `post` (text) and `at`
(int64, microseconds since 1970-01-01 UTC). Time is cut into slices, and a pair of accounts has an *occasion* for each
object and slice in which they shared it within the window of each other, however often they did.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import ibis

from harmattan.influence.kept import keep
from harmattan.influence.rule import Rule

Table = Any
"""An Ibis table expression; Ibis has no types that a checker could follow."""

MICRO = 1_000_000


@dataclass(frozen=True)
class Slotted:
    """The shares of one layer under whole numbers, cut into slices and buckets of one window's length.

    Each table is computed once and kept by the engine.
    """

    accounts: Table
    """`account`, `a`: every account with as many shares as a pair must have occasions."""
    activity: Table
    """`a`, `slice`, `n`: shares of an account in a slice."""
    shares: Table
    """`a`, `o`, `at`, `slice`, `bucket`: shares of objects that several accounts share, without crowds."""
    crowded: Table
    """`o`, `slice`, `n_shares`, `n_accounts`: what was left out as too common."""


def slice_seconds(shares: Table, rule: Rule, window: float) -> float:
    """The length of the slices into which the shares of one layer are cut."""
    time = shares["at"]
    held = shares.agg(n=shares.count(), first=time.min(), last=time.max()).to_pyarrow().to_pylist()[0]
    return rule.slice_seconds(window, held["n"], (held["last"] - held["first"]) / MICRO if held["n"] else 0.0)


def slotted(shares: Table, rule: Rule, window: float, until: ExitStack) -> Slotted:
    """The shares of one layer, ready for pairing.

    Accounts with fewer shares than a pair must have occasions cannot be in any pair. They count in the popularity of
    objects and in the traffic of a slice all the same: they stand in `activity` with the others. What the engine keeps
    is let go when `until` closes.
    """
    length, step = round(slice_seconds(shares, rule, window) * MICRO), round(window * MICRO)
    own = shares.select("account", "object", "at")
    accounts = own.group_by("account").agg(n=own.count()).mutate(a=ibis.row_number())
    accounts = keep(accounts, until)
    objects = own.group_by("object").agg(least=own.account.min(), most=own.account.max())
    objects = objects.filter(objects.least != objects.most).select("object").mutate(o=ibis.row_number())
    objects = keep(objects, until)
    timed = own.join(accounts.select("account", "a"), "account").mutate(slice=own["at"] // length)
    activity = timed.group_by("a", "slice").agg(n=timed.count())
    timed = timed.join(objects, "object").select("a", "o", "at", "slice", bucket=ibis._["at"] // step)
    timed = keep(timed, until)
    crowds = timed.group_by("o", "slice").agg(n_shares=timed.count(), n_accounts=timed.a.nunique())
    crowds = keep(crowds.filter(crowds.n_accounts > rule.crowd), until)
    meant = keep(timed.anti_join(crowds, ["o", "slice"]), until)
    return Slotted(accounts, keep(activity, until), meant, crowds)


def occasions(found: Slotted, window: float) -> Table:
    """Pairs of accounts (`a` < `b`), object `o` and `slice` in which they shared it within `window` seconds.

    Two shares within a window lie in the same bucket or in neighbouring ones, so equal keys find them all. The slice
    is that of the earlier share.
    """
    step = round(window * MICRO)
    first = found.shares.select("a", "o", "at", "slice", "bucket")
    later = found.shares.select(b="a", o="o", then="at", then_bucket="bucket")
    second = ibis.union(later.mutate(bucket=later.then_bucket), later.mutate(bucket=later.then_bucket - 1))
    both = first.join(second, ["o", "bucket"])
    same_bucket = both.then_bucket == both.bucket
    after = (both.then > both["at"]) | ((both.then == both["at"]) & (both.b > both.a))
    both = both.filter(both.a != both.b, both.then - both["at"] <= step, after | ~same_bucket)
    ends = both.select(a=ibis.least(both.a, both.b), b=ibis.greatest(both.a, both.b), o=both.o, slice=both.slice)
    return ends.distinct()


def paired(met: Table, least: int) -> Table:
    """`a`, `b`, `n` (occasions) of every pair with at least so many."""
    counted = met.group_by("a", "b").agg(n=met.count())
    return counted.filter(counted.n >= least)

"""Who shared the same object within a window of each other, as Ibis expressions: the same on DuckDB and on Spark.

Shares are one row for each post and shared object: `layer`, `object`, `account`, `platform`, `post` (text) and `at`
(int64, microseconds since 1970-01-01 UTC). Time is cut into slices, and a pair of accounts has an *occasion* for each
object and slice in which they shared it within the window of each other, however often they did.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

import ibis

from harmattan.influence.kept import keep
from harmattan.influence.near import MICRO, Table, earlier_and_later
from harmattan.influence.rule import Rule


@dataclass(frozen=True)
class Slotted:
    """The shares of one layer under whole numbers, cut into slices.

    Each table is computed once and kept by the engine.
    """

    accounts: Table
    """`account`, `a`: every account."""
    activity: Table
    """`a`, `slice`, `n`: shares of an account in a slice."""
    shares: Table
    """`a`, `o`, `at`, `slice`: shares of objects that several accounts share, without crowds."""
    crowded: Table
    """`o`, `slice`, `n_shares`, `n_accounts`: what was left out as too common."""


def slice_seconds(shares: Table, rule: Rule, window: float) -> float:
    """The length of the slices into which the shares of one layer are cut."""
    time = shares["at"]
    held = shares.agg(n=shares.count(), first=time.min(), last=time.max()).to_pyarrow().to_pylist()[0]
    return rule.slice_seconds(window, held["n"], (held["last"] - held["first"]) / MICRO if held["n"] else 0.0)


def slotted(shares: Table, rule: Rule, window: float, until: ExitStack) -> Slotted:
    """The shares of one layer, ready for pairing.

    What the engine keeps is let go when `until` closes.
    """
    length = round(slice_seconds(shares, rule, window) * MICRO)
    own = shares.select("account", "object", "at")
    accounts = own.group_by("account").agg(n=own.count()).mutate(a=ibis.row_number())
    accounts = keep(accounts, until)
    objects = own.group_by("object").agg(least=own.account.min(), most=own.account.max())
    objects = objects.filter(objects.least != objects.most).select("object").mutate(o=ibis.row_number())
    objects = keep(objects, until)
    timed = own.join(accounts.select("account", "a"), "account").mutate(slice=own["at"] // length)
    activity = timed.group_by("a", "slice").agg(n=timed.count())
    timed = timed.join(objects, "object").select("a", "o", "at", "slice")
    timed = keep(timed, until)
    crowds = timed.group_by("o", "slice").agg(n_shares=timed.count(), n_accounts=timed.a.nunique())
    crowds = keep(crowds.filter(crowds.n_accounts > rule.crowd), until)
    meant = keep(timed.anti_join(crowds, ["o", "slice"]), until)
    return Slotted(accounts, keep(activity, until), meant, crowds)


def occasions(found: Slotted, window: float) -> Table:
    """Pairs of accounts (`a` < `b`), object `o` and `slice` in which they shared it within `window` seconds.

    The slice is that of the earlier share.
    """
    shares = found.shares.select("a", "at", "slice", object="o")
    both = earlier_and_later(shares, round(window * MICRO))
    both = both.filter(both.a != both.a_y)
    ends = both.select("slice", a=ibis.least(both.a, both.a_y), b=ibis.greatest(both.a, both.a_y), o=both["object"])
    return ends.distinct()


def paired(met: Table, least: int) -> Table:
    """`a`, `b`, `n` (occasions) of every pair with at least so many."""
    counted = met.group_by("a", "b").agg(n=met.count())
    return counted.filter(counted.n >= least)

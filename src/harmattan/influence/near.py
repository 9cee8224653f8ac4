"""Rows that lie within a window of each other, as a join on equal keys that DuckDB and Spark both do without a scan."""

from __future__ import annotations

from typing import Any

import ibis

from harmattan.errors import UsageError
from harmattan.text import T

Table = Any
"""An Ibis table expression; Ibis has no types that a checker could follow."""
MICRO = 1_000_000
"""Microseconds in a second: what `at` of the table of shares counts in."""


def microseconds(window: float) -> int:
    """A window in seconds as whole microseconds. Raises UsageError where it is negative or no number.

    >>> microseconds(0.5)
    500000
    """
    if not 0 <= window < float("inf"):
        raise UsageError(T("A window of {seconds} seconds cannot be looked through.", seconds=str(window)))
    return round(window * MICRO)


def earlier_and_later(rows: Table, step: int) -> Table:
    """Every pair of rows of one `object`, the later at most `step` microseconds after the earlier; ties both ways.

    Time is cut into buckets of the window's length. The later row lies in the earlier one's bucket or in the next, so
    equal keys find each pair once, and an object that is shared for months costs no more than its crowded minutes.

    Args:
        rows: `object`, `at` (int64, microseconds) and whatever is wanted of both.
        step: Microseconds.

    Returns:
        The columns of the earlier row, and those of the later with `_y` behind their names; `object` once. Rows of
        the same time stand in both orders, each row with itself too.
    """
    length = max(step, 1)
    bucket = rows["at"] // length
    first = ibis.union(rows.mutate(bucket=bucket), rows.mutate(bucket=bucket + 1))
    second = rows.mutate(bucket=bucket).rename(lambda name: name if name in {"object", "bucket"} else f"{name}_y")
    both = first.join(second, ["object", "bucket"])
    return both.filter(both.at_y >= both["at"], both.at_y - both["at"] <= step).drop("bucket")


def most_pairs(rows: Table, step: int) -> int:
    """How many pairs `earlier_and_later` has to look at: as many as it gives, or somewhat more.

    Args:
        rows: `object` and `at` as there.
        step: Microseconds.
    """
    bucket = rows["at"] // max(step, 1)
    full = rows.group_by("object", bucket=bucket).agg(n=rows.count())
    after = full.select("object", bucket=full.bucket - 1, later=full.n)
    both = full.left_join(after, ["object", "bucket"])
    pairs = both.n.cast("int64") * (both.n + both.later.fill_null(0))
    return int(pairs.sum().to_pyarrow().as_py() or 0)

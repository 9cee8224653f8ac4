"""What a group did together: runs of shares of one object by its members, each within the window of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan.influence.groups import Group
from harmattan.influence.near import MICRO
from harmattan.influence.rule import Rule

Table = Any

JOINT = pa.schema(
    [
        ("group", pa.string()),
        ("layer", pa.string()),
        ("object", pa.string()),
        ("account", pa.string()),
        ("platform", pa.string()),
        ("post", pa.string()),
        ("at", pa.int64()),
        ("action", pa.int64()),
    ]
)
"""One row for each share of a member that is part of an action; `action` counts from 0 within the table. One post that
shares several objects has a row for each."""


def joint(shares: Table, groups: Sequence[Group], rule: Rule, window: float | None = None) -> pa.Table:
    """The shares that members of one group made together (`JOINT`), by group and time.

    An action is a run of shares of one object by at least two members of a group, each within the window (seconds; the
    widest of the rule where nothing is said) of the one before. Objects that were a crowd's at that time are no action.
    """
    step = round((max(rule.windows) if window is None else window) * MICRO)
    length = round(rule.slice_seconds(step / MICRO) * MICRO)
    names = [(account, group.id) for group in groups for account in group.accounts]
    if not names:
        return JOINT.empty_table()
    members = pa.table({"account": [name for name, _ in names], "group": [group for _, group in names]})
    timed = shares.mutate(slice=shares["at"] // length)
    own = timed.inner_join(ibis.memtable(members), "account")
    things = own.select("layer", "object").distinct()
    shared = timed.semi_join(things, ["layer", "object"]).select("layer", "object", "slice", "account")
    counted = shared.group_by("layer", "object", "slice").agg(n=ibis._.account.nunique())
    crowds = counted.filter(counted.n > rule.crowd).select("layer", "object", "slice")
    columns = ("group", "layer", "object", "account", "platform", "post", "at", "slice")
    # As views: all come from the same shares, and Ibis would not tell their columns apart.
    meant = own.select(*columns).view().anti_join(crowds.view(), ["layer", "object", "slice"])
    order = ("group", "layer", "object", "at", "account", "post")
    return _acted(meant.drop("slice").order_by(*order).to_pyarrow(), step)


def _acted(rows: pa.Table, step: int) -> pa.Table:
    """The rows, sorted by group, layer, object and time, that lie in runs with two accounts or more."""
    if not rows.num_rows:
        return JOINT.empty_table()
    codes = [_codes(rows[name]) for name in ("group", "layer", "object")]
    time = rows["at"].to_numpy()
    new = np.ones(len(time), dtype=bool)
    new[1:] = np.any([np.diff(code) != 0 for code in codes], axis=0) | (np.diff(time) > step)
    run = np.cumsum(new) - 1
    account = _codes(rows["account"])
    first = account[np.flatnonzero(new)][run]
    several = np.bincount(run, weights=account != first) > 0
    kept = several[run]
    number = np.cumsum(several) - 1
    table = rows.append_column("action", pa.array(number[run], pa.int64())).filter(pa.array(kept))
    return table.cast(JOINT).sort_by([("group", "ascending"), ("at", "ascending"), ("post", "ascending")])


def _codes(column: Any) -> Any:
    return column.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)


ACTIONS = pa.schema(
    [
        ("group", pa.string()),
        ("action", pa.int64()),
        ("layer", pa.string()),
        ("object", pa.string()),
        ("first", pa.int64()),
        ("last", pa.int64()),
        ("accounts", pa.int64()),
        ("posts", pa.int64()),
    ]
)
"""One row for each action: its first and last share (microseconds since 1970), how many accounts and posts."""


def actions(shared: pa.Table) -> pa.Table:
    """The actions (`ACTIONS`) in a table of `JOINT`, by group and time."""
    if not shared.num_rows:
        return ACTIONS.empty_table()
    by = ["group", "action", "layer", "object"]
    sums = [("at", "min"), ("at", "max"), ("account", "count_distinct"), ("post", "count_distinct")]
    table = shared.group_by(by).aggregate(sums).select([*by, *(f"{name}_{how}" for name, how in sums)])
    order = [("group", "ascending"), ("first", "ascending"), ("action", "ascending")]
    return table.rename_columns(ACTIONS.names).cast(ACTIONS).sort_by(order)

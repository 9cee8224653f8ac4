"""Posts made up for tests, in the contract's shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from harmattan.vocabulary.posts import POSTS

NOON = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
EMPTY: dict[str, Any] = {column.name: [] if pa.types.is_list(column.type) else None for column in POSTS.columns}


def posts(*rows: Mapping[str, Any]) -> pa.Table:
    """Posts of account `a` on X, a second apart; each row says what differs."""
    said = [
        {"row_id": f"x:{n}", "platform": "x", "post_id": str(n), "account": "a", "posted_at": NOON + dt.timedelta(0, n)}
        for n in range(len(rows))
    ]
    made = [EMPTY | one | dict(row) for one, row in zip(said, rows, strict=True)]
    return pa.Table.from_pylist(made, schema=POSTS.schema)


def table(*rows: Mapping[str, Any]) -> Any:
    return ibis.memtable(posts(*rows))


def seen(shares: Any, layer: str) -> list[tuple[str, str]]:
    """Object and number of the post of a layer's shares, in order."""
    rows = shares.table.filter(shares.table.layer == layer).to_pyarrow().to_pylist()
    return sorted((row["object"], row["post"].partition(":")[2]) for row in rows)


def objects(shares: Any, layer: str) -> Sequence[str]:
    return [thing for thing, _post in seen(shares, layer)]

"""Invented posts: nobody wrote them. Each is (account, text, second) or a dictionary of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import pyarrow as pa

from harmattan.vocabulary.posts import POSTS

START = 1_640_995_200
"""2022-01-01 00:00 UTC, in seconds since 1970."""
MICRO = 1_000_000


def posts(rows: Iterable[tuple[str | None, str | None, int] | Mapping[str, Any]]) -> Any:
    """An Ibis table with all columns of posts; ids are p0, p1 … in order."""
    made = []
    for place, row in enumerate(rows):
        given = row if isinstance(row, Mapping) else {"account": row[0], "text": row[1], "second": row[2]}
        empty = {column.name: [] for column in POSTS.columns if pa.types.is_list(column.type)}
        at = given.get("second", 0)
        base = {"row_id": f"p{place}", "platform": "x", "post_id": str(place)}
        base |= {"posted_at": None if at is None else (START + at) * MICRO}
        made.append(empty | base | {key: value for key, value in given.items() if key != "second"})
    return ibis.memtable(pa.Table.from_pylist(made, POSTS.schema))


def shares(rows: Iterable[tuple[str, str, str, str, str, float]]) -> Any:
    """An Ibis table of shares from (layer, object, account, platform, post, second)."""
    names = ("layer", "object", "account", "platform", "post", "at")
    columns = list(zip(*rows, strict=True))
    times = pa.array([round((START + second) * MICRO) for second in columns[5]], pa.int64())
    return ibis.memtable(pa.table([*(pa.array(column, pa.string()) for column in columns[:5]), times], names=names))

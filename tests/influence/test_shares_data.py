"""The published data of CooRTweet (German elections): each layer has what the file has, hidden addresses and all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from harmattan.influence.objects import shares
from harmattan.vocabulary.posts import POSTS

IDS = {"url": "url_id", "domain": "domain_id", "hashtag": "hashtag_id", "media": "phash_id"}
PUBLISHED = {"url": (41_100, 11_960), "domain": (63_529, 3_620), "hashtag": (36_005, 17_989), "media": (16_934, 6_915)}
"""Shares and different objects, counted in the file itself."""


def rows_as_posts(table: Any) -> Any:
    """One post for each row of the wide layout: its lists hold one value or none."""

    def one(value: Any) -> Any:
        return ibis.ifelse(value.isnull(), ibis.literal([], type="array<string>"), ibis.array([value]))

    row = table.select(**{name: table[name].cast("string") for name in (*IDS.values(), "account_id", "post_id")})
    made = {
        "row_id": ibis.literal("other:") + row.post_id,
        "platform": ibis.literal("other"),
        "account": row.account_id,
        "posted_at": ibis.timestamp("2021-08-21 00:00:00", timezone="UTC"),
        "urls": one(row.url_id),
        "hashtags": one(row.hashtag_id),
        "media": one(row.phash_id),
        "objects": one(ibis.literal("domain ") + row.domain_id),
    }
    empty = {column.name: ibis.null("string") for column in POSTS.columns}
    return row.select(**(empty | made))


@pytest.mark.data
def test_the_layers_of_the_german_elections_are_those_of_the_file(data_dir: Path) -> None:
    file = pq.read_table(data_dir / "coordination" / "coortweet_german_elections.parquet")
    made = shares(rows_as_posts(ibis.memtable(file)), tuple(IDS)).table
    each = made.select("layer", "object", "account", "post").distinct()
    counts = each.group_by("layer").agg(n=each.count(), things=each.object.nunique()).to_pyarrow().to_pylist()
    assert {row["layer"]: (row["n"], row["things"]) for row in counts} == PUBLISHED

"""The same shares from DuckDB and from Spark, layer by layer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from harmattan.influence.layers import LAYERS
from harmattan.influence.objects import COLUMNS, shares
from tests.influence.made import NOON, posts
from tests.spark import engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spark() -> Any:
    """A Spark session on this machine alone, as an Ibis engine."""
    yield from engine()


def row(n: int) -> dict[str, Any]:
    """A post that has something in every layer, or misses something, by its number."""
    return {
        "account": None if n % 41 == 0 else f"acct-{n % 9}",
        "posted_at": None if n % 37 == 0 else NOON + dt.timedelta(microseconds=n * 1_234_567),
        "platform": ("x", "telegram")[n % 2],
        "text": None
        if n % 7 == 0
        else f"La force quitte le camp numéro {n % 5} ce matin dit le ministre 🇲🇱 {'!' * (n % 3)}",
        "urls": [[], ["http://www.example.org/a", "https://m.example.org/a/"], [f"t.me/s/channel/{n % 6}"]][n % 3],
        "hashtags": [["Mali", "SAHEL"], ["مالي"], []][n % 3],
        "objects": ["domain 5", f"thing {n % 4}"] if n % 5 == 0 else [],
        "media": [f"hash{n % 4}"] if n % 4 == 0 else [],
        "reply_to": f"90071992547409{n % 8:02}" if n % 6 == 0 else None,
        "repost_of": f"90071992547409{n % 8:02}" if n % 11 == 0 else None,
    }


def test_spark_gives_what_duckdb_gives(spark: Any, tmp_path: Path) -> None:
    file = tmp_path / "posts.parquet"
    pq.write_table(posts(*(row(n) for n in range(300))), file)
    found = []
    for one in (spark, ibis.duckdb.connect()):
        made = shares(one.read_parquet(str(file)), tuple(LAYERS))
        rows = one.to_pyarrow(made.table.select(*COLUMNS)).to_pylist()
        found.append((sorted(tuple(one.values()) for one in rows), made.unused))
    assert found[0] == found[1]
    assert {one[0] for one in found[0][0]} == set(LAYERS)

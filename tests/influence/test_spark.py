"""The same shares from DuckDB and from Spark, layer by layer."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from harmattan.influence.layers import LAYERS
from harmattan.influence.objects import COLUMNS, shares
from tests.influence.made import NOON, posts

pytestmark = pytest.mark.slow
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark session on this machine alone, as an Ibis engine."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("PySpark or Java is not here: make spark")
        pytest.skip("PySpark or Java is not here: make spark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


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
    for engine in (spark, ibis.duckdb.connect()):
        made = shares(engine.read_parquet(str(file)), tuple(LAYERS))
        rows = engine.to_pyarrow(made.table.select(*COLUMNS)).to_pylist()
        found.append((sorted(tuple(one.values()) for one in rows), made.unused))
    assert found[0] == found[1]
    assert {one[0] for one in found[0][0]} == set(LAYERS)

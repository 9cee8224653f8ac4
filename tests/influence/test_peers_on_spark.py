"""The peers' networks on Spark have the edges they have on DuckDB; skipped where tests/questions/test_spark.py is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.influence import coortweet, toolkit
from tests.questions.test_spark import same, spark

__all__ = ["spark"]
DUCKDB = ibis.duckdb.connect()


@pytest.fixture(scope="module")
def shares() -> pa.Table:
    """Accounts that share few things often, some of them at the very same second."""
    draw = random.Random(5)
    rows = [
        {
            "object": f"o{draw.randrange(12)}",
            "account": f"a{draw.randrange(20)}",
            "post": f"p{place}",
            "at": draw.randrange(600) * 1_000_000,
            "place": place,
        }
        for place in range(200)
    ]
    return pa.Table.from_pylist(rows)


def steps(held: Any, between: Callable[[Any], Any] = lambda table: table) -> Iterator[tuple[str, Any]]:
    """Each step's table; what the next one reads goes through `between`."""
    pairs = between(coortweet.detect_groups(held, 60, 5))
    yield "over", coortweet.network(pairs, edge_weight=0.9, subgraph=1)
    flagged = between(coortweet.flag_speed_share(held, pairs, 10, 3))
    yield "fast", coortweet.network(flagged, fast=True, subgraph=3)
    yield "toolkit", toolkit.network(held, 60, 2)
    yield "similar", toolkit.similar_network(held, 60, threshold=1)


def test_they_are_spoken_by_spark(shares: pa.Table) -> None:
    """They compile for Spark SQL (in the dialect of Databricks): nothing in them is DuckDB's alone."""
    for _, expression in steps(ibis.memtable(shares)):
        assert "SELECT" in ibis.to_sql(expression, dialect="databricks")


@pytest.mark.slow
def test_the_edges_are_the_same_on_spark(spark: Any, shares: pa.Table) -> None:
    there, here = (
        {
            name: rows(engine, table)
            for name, table in steps(
                ibis.memtable(shares), lambda table, to=engine: ibis.memtable(to.to_pyarrow(table))
            )
        }
        for engine in (spark, DUCKDB)
    )
    assert all(here.values())
    assert there == here


def rows(engine: Any, table: Any) -> list[dict[str, Any]]:
    held = (same(row) for row in engine.to_pyarrow(table).to_pylist())
    return sorted(held, key=lambda row: (row["account"], row["account_y"]))

"""The peers' networks on Spark have the edges they have on DuckDB; skipped where tests/questions/test_spark.py is."""

from __future__ import annotations

import random
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
            "at": draw.randrange(2_000) * 1_000_000,
            "place": place,
        }
        for place in range(400)
    ]
    return pa.Table.from_pylist(rows)


def networks(held: Any) -> dict[str, Any]:
    pairs = coortweet.detect_groups(held, 60, 5)
    flagged = coortweet.flag_speed_share(held, pairs, 10, 3)
    whole = {"whole": coortweet.network(pairs), "over": coortweet.network(pairs, edge_weight=0.9, subgraph=1)}
    fast = {f"fast {n}": coortweet.network(flagged, fast=True, subgraph=n) for n in (0, 2, 3)}
    directed = {"toolkit": toolkit.network(held, 60, 2), "similar": toolkit.similar_network(held, 60, threshold=1)}
    return whole | fast | directed


def test_they_are_spoken_by_spark(shares: pa.Table) -> None:
    """They compile for Spark SQL (in the dialect of Databricks): nothing in them is DuckDB's alone."""
    for expression in networks(ibis.memtable(shares)).values():
        assert "SELECT" in ibis.to_sql(expression, dialect="databricks")


@pytest.mark.slow
def test_the_edges_are_the_same_on_spark(spark: Any, shares: pa.Table) -> None:
    for name, expression in networks(ibis.memtable(shares)).items():
        here, there = (
            sorted(
                (same(row) for row in engine.to_pyarrow(expression).to_pylist()),
                key=lambda row: row["account"] + row["account_y"],
            )
            for engine in (DUCKDB, spark)
        )
        assert here, name
        assert here == there, name

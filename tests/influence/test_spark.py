"""Accounts that act together are the same on Spark as on DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harmattan.influence.detect import detect
from tests.influence.made import acting, opened, organic, shares
from tests.spark import engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spark() -> Any:
    """A Spark session on this machine alone, as an Ibis engine."""
    yield from engine()


def test_that_spark_finds_the_same_groups_and_links(spark: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(21)
    rows = organic(100_000, rng)
    for size, name in ((5, "s"), (20, "m"), (60, "l")):
        rows += acting([f"{name}{n}" for n in range(size)], 15, 0.7, rng, name=name)
    table = shares(rows)
    pq.write_table(table, tmp_path / "shares.parquet")
    here, there = detect(opened(table)), detect(spark.read_parquet(str(tmp_path / "shares.parquet")))
    assert [len(group.accounts) for group in here.groups] == [60, 20, 5]
    assert [group.accounts for group in there.groups] == [group.accounts for group in here.groups]
    assert (there.accounts, there.shares, there.crowded) == (here.accounts, here.shares, here.crowded)
    _same(here.links, there.links)


def _same(one: pa.Table, other: pa.Table) -> None:
    assert one.num_rows == other.num_rows
    for name in one.column_names:
        values, others = one[name].to_pylist(), other[name].to_pylist()
        if isinstance(values[0], float):
            np.testing.assert_allclose(values, others, rtol=1e-9)
        else:
            assert values == others, name

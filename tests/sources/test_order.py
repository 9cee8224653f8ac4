"""Rows keep their order in large files too, which DuckDB reads in several threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harmattan.sources import acled_columns, posts_columns, posts_pseudonyms
from harmattan.sources.engine import engine, quoted
from harmattan.sources.files import TextTable
from harmattan.sources.posts_columns import posts, written
from harmattan.sources.posts_files import LAYOUTS
from harmattan.sources.posts_layout import Columns, Layout
from harmattan.sources.ucdp_ged_columns import mapped as ged_mapped
from tests.sources.ged_rows import YEARLY


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_query_joins_since_rows_would_change_places(layout: Layout, tmp_path: Path) -> None:
    columns = sorted(set().union(layout.known, *layout.needs))
    declared = ", ".join(f"{quoted(name)} VARCHAR" for name in columns)
    with engine(tmp_path) as duck:
        posts_pseudonyms.define(duck, b"0123456789abcdef")
        posts_columns.define(duck, None)
        duck.connection.execute(f"CREATE TABLE rows ({declared})")
        plan = str(duck.rows("EXPLAIN " + posts(written(layout.says(Columns(columns)), "rows"), identities=False)))
    assert "SCAN" in plan.upper()
    assert "JOIN" not in plan.upper()


@pytest.mark.parametrize(("mapped", "columns"), [(acled_columns.mapped, acled_columns.CURRENT), (ged_mapped, YEARLY)])
def test_no_query_of_events_joins_either(
    mapped: Callable[[TextTable], str], columns: tuple[str, ...], tmp_path: Path
) -> None:
    declared = ", ".join(f"{quoted(name)} VARCHAR" for name in columns)
    with engine(tmp_path) as duck:
        duck.connection.execute(f"CREATE TABLE rows ({declared})")
        table = TextTable(tmp_path / "x.csv", ("x.csv",), tuple(columns), "rows", "rows")
        plan = str(duck.rows("EXPLAIN " + mapped(table))).upper()
    assert "SCAN" in plan
    assert "JOIN" not in plan

"""Rows keep their order in large files too, which DuckDB reads in several threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan.sources import posts_columns, posts_pseudonyms
from harmattan.sources.engine import engine, quoted
from harmattan.sources.posts_columns import posts, written
from harmattan.sources.posts_files import LAYOUTS
from harmattan.sources.posts_layout import Columns, Layout


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

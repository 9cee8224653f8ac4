"""Tables that an engine computes once and keeps until it is told to let them go."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from ibis.util import gen_name

Table = Any
COPIES = "duckdb"
"""The engine whose kept tables are dropped in its own words: what Ibis 12 says for it has no name in it."""


def keep(table: Table, until: ExitStack) -> Table:
    """The same rows, computed now and kept by their engine until `until` closes."""
    engine = table.get_backend()
    if engine.name != COPIES:
        return until.enter_context(table.cache())
    name = gen_name("influence")
    made = engine.create_table(name, table, temp=True)
    until.callback(engine.raw_sql, f'DROP TABLE "{name}"')
    return made

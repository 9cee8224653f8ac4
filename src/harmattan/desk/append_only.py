"""Triggers that refuse to change or remove what stands on the desk, for SQLite and for PostgreSQL.

SQLite replaces a row (INSERT OR REPLACE) without asking its triggers of removal unless a setting is on, so an insert
that meets its own key is refused as well.
"""

from __future__ import annotations

from collections.abc import Sequence

REFUSED = "the desk only adds: nothing that stands on it is changed or removed"


def triggers(dialect: str, table: str, key: Sequence[str]) -> tuple[str, ...]:
    """The statements that make a table append-only. `table` and `key` are names of this package, never a user's words.

    >>> len(triggers("sqlite", "assertions", ("id", "version")))
    3
    """
    if dialect == "postgresql":
        made = [
            f"CREATE OR REPLACE FUNCTION desk_only_adds() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        ]
        made.append(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION desk_only_adds()"
        )
        made.append(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk_only_adds()"
        )
        return tuple(made)
    same = " AND ".join(f'"{name}" = NEW."{name}"' for name in key)
    stop = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return (
        f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {stop}",
        f"CREATE TRIGGER {table}_not_removed BEFORE DELETE ON {table} {stop}",
        f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {stop}",
    )

"""Opens a selection as one Ibis table on DuckDB; nothing is read until a question asks."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from harmattan.lake.engine import Engine
from harmattan.lake.measured import Measured
from harmattan.lake.select import Selection, Slice, age
from harmattan.lake.shelf import Held
from harmattan.vocabulary.schema import CONTRACTS, EVENTS

Table = Any
"""An Ibis table expression; Ibis has no types that a checker could follow."""


COPIES = "duckdb"
"""The engine that events are copied in; elsewhere they stay where they are."""


def connect(memory_mb: int = 700) -> Any:
    """An embedded engine that reads Parquet and writes nothing; it never downloads an extension.

    What is asked of tables in memory alone is answered by an engine of the same kind, one for the process.
    """
    if ibis.options.default_backend is None:
        ibis.set_backend(_connected(700))
    return _connected(memory_mb)


def _connected(memory_mb: int) -> Any:
    engine = Engine().connect(threads=2, memory_limit=f"{memory_mb}MB")
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_progress_bar"):
        engine.raw_sql(f"SET {setting} = false")
    return engine


def table(engine: Any, held: Held, name: str) -> Table:
    """One table of one release, with every column of its contract: those that joined it later may be empty."""
    # A release never changes, so each engine opens it once. Ibis takes any two engines for equal: no key of a mapping.
    opened: dict[str, Table] = vars(engine).setdefault("opened_releases", {})
    path = str(held.file(name))
    key = f"{held.release.digest} {path}"
    if key not in opened:
        opened[key] = _with_all_columns(engine.read_parquet(path), name)
    return opened[key]


def _with_all_columns(rows: Table, name: str) -> Table:
    contract = CONTRACTS[name]
    missing = [column for column in contract.columns if column.name not in rows.columns]
    if not missing:
        return rows
    empty = {column.name: ibis.null(_as_read(column.type)) for column in missing}
    return rows.mutate(**empty).select(*contract.names)


def _as_read(type_: pa.DataType) -> Any:
    """The type that DuckDB gives a column when it reads it: its times with a zone have microseconds."""
    return ibis.dtype("timestamp('UTC', 6)") if pa.types.is_timestamp(type_) else ibis.dtype(type_)


def events(engine: Any, selection: Selection) -> Table:
    """All events of a selection, each with the name of its release in `release`.

    Where candidate files share a record (by `event_id`) the one published last is kept. A record that the final file
    of their data set has too, on whatever day it speaks about, counts there and not again.
    """
    parts = [_slice(engine, part) for part in selection.slices]
    if not parts:
        schema = EVENTS.schema.append(pa.field("release", pa.string()))
        return ibis.memtable(pa.Table.from_batches([], schema=schema))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def settle(engine: Any, rows: Table | Measured, name: str, room: int, *, many: int | None = None) -> tuple[Table, int]:
    """The same rows under a name in the engine, and how many of them were copied: all, or none.

    An expression over several releases takes longer to put into SQL than to run, and questions ask it many times. It
    is copied where it has at most `room` rows; else it becomes a view, and the engine reads the files each time. `many`
    is how many there are, where that is known.
    """
    measured = isinstance(rows, Measured)
    text = None
    if engine.name == COPIES:
        text = rows.sql(engine) if measured else engine.sql_of(rows)
    if text is None:
        return engine.create_view(name, rows.expression if measured else rows), 0
    n = many
    if n is None or n > room:
        engine.raw_sql(f'CREATE OR REPLACE VIEW "{name}" AS {text}')
        n = _count(engine, name) if n is None else n
        if n > room:
            return engine.table(name), 0
    engine.raw_sql(f'CREATE TEMP TABLE "{name}_copied" AS {text}')
    return engine.table(f"{name}_copied"), n


def drop(engine: Any, name: str, copied: int) -> None:
    """Gives back what `settle` put under a name."""
    if engine.name != COPIES:
        engine.drop_view(name, force=True)
        return
    if copied:
        engine.raw_sql(f'DROP TABLE IF EXISTS "{name}_copied"')
    engine.raw_sql(f'DROP VIEW IF EXISTS "{name}"')


def _count(engine: Any, name: str) -> int:
    return int(engine.raw_sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0])


def _slice(engine: Any, part: Slice) -> Table:
    if len(part.holds) == 1:
        alone = _unsettled(engine, part, part.holds[0]).mutate(release=ibis.literal(part.holds[0].release.name))
        return _inside(alone, part)
    rows = [
        _unsettled(engine, part, held).mutate(release=ibis.literal(held.release.name), age_rank=ibis.literal(rank))
        for rank, held in enumerate(_by_age(part))
    ]
    newest = ibis.window(group_by="event_id", order_by=ibis.desc("age_rank"))
    joined = ibis.union(*rows).mutate(nth=ibis.row_number().over(newest)).filter(ibis._.nth == 0)
    return _inside(joined.drop("nth", "age_rank"), part)


def _inside(rows: Table, part: Slice) -> Table:
    return rows.filter(
        rows.iso3.isin(list(part.countries)), rows.date_start.between(part.period.start, part.period.end)
    )


def _unsettled(engine: Any, part: Slice, held: Held) -> Table:
    """A release's events without those that a final file of the same data set has within what it covers."""
    rows = table(engine, held, "events")
    for final in part.settled:
        if final.release.dataset == held.release.dataset:
            there, covered = table(engine, final, "events"), final.release.coverage
            spoken = there.iso3.isin(list(covered.places)) & there.date_start.between(covered.start, covered.end)
            rows = rows.anti_join(there.filter(spoken).select("event_id"), "event_id")
    return rows


def _by_age(part: Slice) -> list[Held]:
    return sorted(part.holds, key=age)

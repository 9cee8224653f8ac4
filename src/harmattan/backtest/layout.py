"""Draws in the submission layout of the VIEWS prediction challenge 2023/24.

Parquet with the columns `month_id`, `country_id` or `priogrid_gid`, `draw` and `outcome`, the first three as the index
(https://github.com/prio-data/prediction_competition_2023, test_compliance.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from harmattan.backtest.plan import UNIT_COLUMN, Level
from harmattan.backtest.tables import month_id
from harmattan.models.draws import Draws
from harmattan.vocabulary.period import Month

Block = tuple[NDArray[np.intp], Draws]
"""Positions of units, and their draws (units, steps, draws)."""


@dataclass(frozen=True)
class Frame:
    """What draws are about; outcomes are integers where `whole`."""

    units: tuple[str, ...]
    months: tuple[Month, ...]
    level: Level
    whole: bool


def write(path: Path, blocks: Iterator[Block], frame: Frame) -> None:
    """Writes draws, the units of a block as one row group."""
    units, whole = frame.units, frame.whole
    numbers = all(unit.isdigit() and str(int(unit)) == unit for unit in units)
    kinds = (pa.int32() if numbers else pa.string(), pa.int32() if whole else pa.float64())
    schema = _schema(UNIT_COLUMN[frame.level], *kinds)
    ids = np.array([month_id(month) for month in frame.months], np.int32)
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=True) as writer:
        for at, draws in blocks:
            n_steps, n = draws.shape[1:]
            names = [int(units[unit]) if numbers else units[unit] for unit in at]
            which = pa.array(np.repeat(np.arange(len(at), dtype=np.int32), n_steps * n))
            said = pa.DictionaryArray.from_arrays(which, pa.array(names, schema.field(1).type))
            columns = [
                pa.array(np.tile(np.repeat(ids, n), len(at))),
                said.cast(schema.field(1).type),
                pa.array(np.tile(np.arange(n, dtype=np.int32), len(at) * n_steps)),
                pa.array((np.rint(draws) if whole else draws).ravel().astype(schema.field(3).type.to_pandas_dtype())),
            ]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=len(columns[0]))


def _schema(unit: str, unit_type: Any, outcome: Any) -> pa.Schema:
    """With the index named for pandas, which opens the file as the challenge's programs do."""
    fields = [("month_id", pa.int32()), (unit, unit_type), ("draw", pa.int32()), ("outcome", outcome)]
    kinds = {"int32": ("int64", "int32"), "string": ("unicode", "str"), "double": ("float64", "float64")}
    columns = [
        {"name": name, "field_name": name, "pandas_type": kinds[str(kind)][0], "numpy_type": kinds[str(kind)][1],
         "metadata": None}
        for name, kind in fields
    ]  # fmt: skip
    told = {"index_columns": ["month_id", unit, "draw"], "column_indexes": [], "columns": columns,
            "creator": {"library": "pyarrow", "version": pa.__version__}, "pandas_version": None}  # fmt: skip
    return pa.schema(fields, metadata={"pandas": json.dumps(told)})


def read(path: Path, units: Sequence[str], n_steps: int, n: int) -> Iterator[Block]:
    """The draws that `write` wrote, block by block: they stand in the order of units, steps and draws."""
    start = 0
    opened = pq.ParquetFile(path)
    for group in range(opened.num_row_groups):
        outcome = opened.read_row_group(group, columns=["outcome"])["outcome"].to_numpy()
        draws = outcome.astype(np.float32).reshape(-1, n_steps, n)
        yield np.arange(start, start + len(draws)), draws
        start += len(draws)
    if start != len(units):
        raise ValueError(f"{path} has {start} units, not {len(units)}")

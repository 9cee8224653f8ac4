"""Made-up files of the sources of presence, politics and context, and what is read from them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from hypothesis import strategies as st

from harmattan.errors import HarmattanError
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.places import AREAS
from harmattan.vocabulary.schema import CONTRACTS

DAY = dt.date(2024, 5, 1)
DATED = Options(published=DAY)


def write(path: Path, rows: Sequence[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """A table as a file with a header."""
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_all(
    read: Callable[[list[Path], Path, Options], Reading], into: Path, *files: Path, options: Options = DATED
) -> tuple[Reading, list[dict[str, Any]], list[dict[str, Any]]]:
    """What a reader says, its records and its rejects; checks that both keep their contracts."""
    into.mkdir(exist_ok=True)
    reading = read(list(files), into, options)
    table = reading.tables[0]
    for name in (table, "rejects"):
        CONTRACTS[name].check(pq.read_schema(into / f"{name}.parquet"), name)
    rows = pq.read_table(into / f"{table}.parquet").to_pylist()
    rejects = pq.read_table(into / "rejects.parquet").to_pylist()
    assert (reading.rows, reading.rejects) == (len(rows), len(rejects))
    return reading, rows, rejects


def areas(path: Path, shapes: Mapping[str, Any], level: int = 0) -> Path:
    """A table of boundaries; a shape is a shapely geometry, or None in a list of codes."""
    rows = [
        dict.fromkeys(AREAS.names)
        | {
            "row_id": iso3,
            "iso3": iso3,
            "level": level,
            "name": iso3,
            "division": "made up",
            "shape": None if shape is None else shapely.to_wkb(shape),
        }
        for iso3, shape in shapes.items()
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=AREAS.schema), path)
    return path


def line_to(waited: list[float] | None = None, attempts: int = 3) -> Line:
    """A connection to a server of the test that waits for nothing."""
    return Line(
        httpx.Client(trust_env=False),
        clock=lambda: dt.datetime(2024, 5, 1, tzinfo=dt.UTC),
        sleep=(waited if waited is not None else []).append,
        attempts=attempts,
    )


Read = Callable[[list[Path], Path, Options], Reading]


def tell_or_read(read: Read, path: Path, whole: bytes, data: st.DataObject, options: Options = DATED) -> None:
    """A file with some bytes gone and others put in is read, or stops with one line and leaves nothing behind."""
    at = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 40)) :])
    out = path.parent / "broken"
    out.mkdir(exist_ok=True)
    stopped = ""
    try:
        read([path], out, options)
    except HarmattanError as fault:
        stopped = str(fault)
    left = list(out.iterdir())
    for file in left:
        file.unlink()
    assert "\n" not in stopped
    assert bool(stopped) is (left == [])

"""Ingest of a million invented rows in ACLED's layout beside DuckDB's own read-and-write of the same CSV."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
from tests.sources.acled_rows import rows, write_csv

from bench.events import PLAIN
from bench.measure import Line, median, run

ROWS, SEEDS = 1_000_000, 5_000
"""The rows of the file, and how many of them are invented; the others are those again under other ids."""
REPEATS = 3
MAKE = "import pathlib, sys; from bench.acled import make; make(pathlib.Path(sys.argv[1]))"
"""Made in a process of its own: one that starts another hands its own peak of memory on to it."""


def make(folder: Path, count: int = ROWS) -> Path:
    """Writes a CSV of `count` events; notes have about 300 characters."""
    seeds, target = write_csv(folder / "seeds.csv", rows(SEEDS)), folder / "acled.csv"
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        f"""
        COPY (
            SELECT event.event_id_cnty || lpad(again.n::VARCHAR, 4, '0') AS event_id_cnty,
                event.* EXCLUDE (event_id_cnty)
            FROM read_csv('{seeds}', all_varchar = true) AS event, range({count} // {SEEDS}) AS again(n)
            ORDER BY again.n
        ) TO '{target}' (HEADER, DELIMITER ',')
        """
    )
    return target


def lines() -> list[Line]:
    """The figures of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        csv, python = root / "acled.csv", sys.executable
        run([python, "-c", MAKE, str(root)])
        plain, ours = [], []
        for n in range(REPEATS):
            plain.append(run([python, "-c", PLAIN, str(csv), str(root / f"plain{n}.parquet")]))
            command = [python, "-m", "harmattan.cli", "ingest", "acled", str(csv), "--release", "made-up"]
            ours.append(run([*command, "--home", str(root / f"home{n}")]))
        size_mb = csv.stat().st_size / 1e6
        peer, mine = median(plain), median(ours)
        how = f"{ROWS:,} invented rows, {size_mb:,.0f} MB of CSV, median of {REPEATS}, alternating in one run"
        return [
            Line("DuckDB reads the ACLED CSV and writes Parquet", peer.seconds, None, "s", how),
            Line("harmattan ingest of the same ACLED CSV", mine.seconds, None, "s", how),
            Line("ACLED ingest / DuckDB, time", mine.seconds / peer.seconds, 3.0, "x", how),
            Line("ACLED ingest, peak memory", mine.peak_mb, 2000, "MB", how),
        ]

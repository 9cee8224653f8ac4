"""Ingest of a GED file of 420,000 rows beside DuckDB's own read-and-write of the same CSV."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from bench.measure import Line, median, run

ROWS = 420_000
REPEATS = 3
PLAIN = """
import duckdb, sys
con = duckdb.connect(config={"threads": 2})
con.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""


def make(source: Path, target: Path, rows: int = ROWS) -> None:
    """Writes a CSV of `rows` events by repeating real ones under new ids; columns and text lengths are real."""
    con = duckdb.connect()
    con.execute(
        f"""
        COPY (
            SELECT (row_number() OVER ())::VARCHAR AS id, * EXCLUDE (id)
            FROM read_csv('{source}', all_varchar = true) AS events,
                 range({rows} // (SELECT count(*) FROM read_csv('{source}', all_varchar = true)) + 1)
                     AS again(n)
            ORDER BY n LIMIT {rows}
        ) TO '{target}' (HEADER, DELIMITER ',')
        """.replace("* EXCLUDE (id)", "events.* EXCLUDE (id)")
    )


def lines(data: Path) -> list[Line]:
    """The figures of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        csv = root / "ged.csv"
        make(data / "ucdp" / "ged241_westafrica8_events.csv.gz", csv)
        python = sys.executable
        plain, ours = [], []
        for n in range(REPEATS):
            plain.append(run([python, "-c", PLAIN, str(csv), str(root / f"plain{n}.parquet")]))
            command = [python, "-m", "harmattan.cli", "ingest", "ucdp-ged", str(csv), "--release", "24.1"]
            ours.append(run([*command, "--home", str(root / f"home{n}")]))
        size_mb = csv.stat().st_size / 1e6
        peer, mine = median(plain), median(ours)
        how = f"{ROWS:,} rows, {size_mb:,.0f} MB of CSV, median of {REPEATS}, alternating in one run"
        return [
            Line("DuckDB reads the CSV and writes Parquet", peer.seconds, None, "s", how),
            Line("harmattan ingest of the same CSV", mine.seconds, None, "s", how),
            Line("ingest / DuckDB, time", mine.seconds / peer.seconds, 3.0, "x", how),
            Line("ingest, peak memory", mine.peak_mb, 2000, "MB", how),
        ]

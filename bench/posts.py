"""Ingest of 2,000,000 synthetic posts beside DuckDB's own read-and-write of the same CSV, in two layouts."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from bench.measure import Line, median, run

POSTS = 2_000_000
ACCOUNTS = 150_000
REPEATS = 3
PLAIN = """
import duckdb, sys
con = duckdb.connect(config={"threads": 2})
con.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""
OURS = """
import datetime as dt, sys
from pathlib import Path
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.reading import Options

lake = Lake(Path(sys.argv[2]), Path(sys.argv[2]) / "embedded")
options = Options(published=dt.date(2024, 1, 1), pseudonym_key=b"a key for the bench, 32 bytes...")
done = ingest(lake, "posts", [Path(sys.argv[1])], options, retrieved_at=None)
assert done.held.release.rows == int(sys.argv[3]), done.held.release.rows
"""
WORDS = "market road water village school convoy harvest border radio river council bridge answer morning election"
WHO = f"floor({ACCOUNTS} * pow(hash(i{{}}) / 18446744073709551616.0, 3))::INT"
"""Some accounts post most of the posts: half of them come from an eighth of the accounts."""


def make_texts(target: Path, posts: int = POSTS) -> None:
    """4CAT's layout: texts of about 200 characters, every third with an @name, ids beyond 2^53, links and hashtags."""
    words = str(WORDS.split())
    text = " || ' ' || ".join(f"{words}[1 + (hash(i + {n}) % {len(WORDS.split())})::INT]" for n in range(28))
    who, named = WHO.format(""), WHO.format(" * 3")
    _write(
        target,
        f"""SELECT 1500000000000000000 + i AS id, 1500000000000000000 + i - i % 7 AS thread_id,
            'user' || {who} AS author, {who} AS author_id,
            CASE i % 3 WHEN 0 THEN '@user' || {named} || ': ' ELSE '' END || {text} AS body,
            strftime(make_timestamp(1700000000000000 + i * 1000000), '%Y-%m-%d %H:%M:%S') AS timestamp,
            1700000000 + i AS unix_timestamp, i % 50 AS like_count, i % 9 AS reply_count, i % 20 AS retweet_count,
            CASE i % 4 WHEN 0 THEN 'news,road' ELSE '' END AS hashtags,
            CASE i % 5 WHEN 0 THEN 'https://example.org/' || hash(i) % 90000 ELSE '' END AS urls,
            CASE i % 3 WHEN 0 THEN 'user' || {named} ELSE '' END AS mentions
            FROM range({posts}) AS made(i)""",
    )


def make_rows(target: Path, posts: int = POSTS) -> None:
    """CooRTweet's layout: every fifth post has two rows, ids are hashes."""
    _write(
        target,
        f"""SELECT md5((hash(i + n) % 400000)::VARCHAR) AS object_id,
            md5({WHO.format("")}::VARCHAR) AS account_id,
            md5(i::VARCHAR) AS content_id, 1700000000 + i AS timestamp_share
            FROM range({posts}) AS made(i), range(2) AS again(n) WHERE n = 0 OR i % 5 = 0 ORDER BY i, n""",
    )


def _write(target: Path, query: str) -> None:
    duckdb.connect().execute(f"COPY ({query}) TO '{target}' (HEADER, DELIMITER ',')")


def lines() -> list[Line]:
    """The figures of this bench."""
    found: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for what, make, limit in (("posts with texts", make_texts, 3.0), ("CooRTweet rows", make_rows, None)):
            csv = Path(folder) / f"{make.__name__}.csv"
            make(csv)
            found += _measured(what, csv, Path(folder), limit)
            csv.unlink()
    return found


def _measured(what: str, csv: Path, root: Path, limit: float | None) -> list[Line]:
    plain, ours = [], []
    for n in range(REPEATS):
        plain.append(run([sys.executable, "-c", PLAIN, str(csv), str(root / "plain.parquet")]))
        ours.append(run([sys.executable, "-c", OURS, str(csv), str(root / f"{csv.stem}-{n}"), str(POSTS)]))
    peer, mine = median(plain), median(ours)
    how = f"{POSTS:,} posts, {csv.stat().st_size / 1e6:,.0f} MB of CSV, median of {REPEATS}, alternating in one run"
    return [
        Line(f"DuckDB reads {what} and writes Parquet", peer.seconds, None, "s", how),
        Line(f"harmattan ingest of {what}", mine.seconds, None, "s", how),
        Line(f"ingest of {what} / DuckDB, time", mine.seconds / peer.seconds, limit, "x", how),
        Line(f"ingest of {what}, peak memory", mine.peak_mb, 2000, "MB", how),
    ]

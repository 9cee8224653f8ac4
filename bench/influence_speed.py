"""How fast the search for campaigns is, significance included, beside its peers and beside a plain self-join.

Each figure comes from a process of its own: `python -m bench.influence_speed search|arrow|join FILE`. Each time it
starts at a Parquet file: `search` opens DuckDB and reads by it, as the questions do; `arrow` reads by Arrow. Both are
what `detect` takes. Writes bench/influence-growth.svg.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import peers_influence
from bench.measure import Line
from harmattan.cli.process import tune

HERE = Path(__file__).parent
SIZES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
BESIDE = 100_000
LIMITS = {1_000_000: 10.0, 10_000_000: 90.0}
MB = 6144.0
COORTWEET, QUT = 1 / 100, 1 / 50
SLOPE = 1.15
COLUMNS = ("layer", "account", "object", "at")
PATIENCE = 300.0
"""Seconds after which a self-join or a peer is stopped."""
VIRAL = 100_000
WINDOW = 60
JOIN = f"""
SELECT a.account, b.account AS other, count(*) AS n FROM shares AS a JOIN shares AS b
ON a.object = b.object AND a.account < b.account AND abs(a.at - b.at) <= {WINDOW * 1_000_000} GROUP BY ALL
"""


@dataclass(frozen=True)
class Took:
    """Seconds of the work itself (and of both processors), of the first time in its process, of the whole process, and
    its peak memory.
    """

    seconds: float
    processor: float
    first: float
    whole: float
    peak_mb: float
    told: str


def apart(*asked: str) -> Took | None:
    """What this module does when asked so, in a process of its own; None where it takes too long."""
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.influence_speed", *asked],
            stdout=subprocess.PIPE, timeout=PATIENCE, check=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return Took(whole=time.perf_counter() - started, **json.loads(done.stdout))


def make(posts: int, file: Path, *, csv: bool = False) -> None:
    """A world of medium strength as Parquet, and as the CSVs that the peers read."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    from bench.worlds import SECOND, Traffic, plans, world

    made = world(Traffic(posts), plans("medium"), 1)
    table = made.shares()
    pq.write_table(table, file)
    if not csv:
        return
    seconds, empty = pa.array(made.at // SECOND), pa.repeat(pa.scalar(""), len(made.at))
    named = {"object_id": table["object"], "account_id": table["account"], "content_id": table["post"]}
    pyarrow.csv.write_csv(pa.table({**named, "timestamp_share": seconds}), file.with_suffix(".coortweet.csv"))
    rows = {
        "message_id": table["post"], "user_id": table["account"], "username": table["account"], "repost_id": empty,
        "reply_id": empty, "message": empty, "timestamp": seconds, "urls": table["object"],
    }  # fmt: skip
    pyarrow.csv.write_csv(pa.table(rows), file.with_suffix(".qut.csv"))


def viral(file: Path) -> None:
    """An ordinary world in which 100,000 accounts share one object more within one minute."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bench.worlds import SECOND, START, Traffic, plans, world

    table = world(Traffic(1_000_000), plans("medium"), 1).shares()
    accounts = table["account"].unique()[:VIRAL]
    at = START + 10 * 86_400 * SECOND + np.random.default_rng(1).integers(0, 60, len(accounts)) * SECOND
    crowd = {
        "layer": pa.repeat(pa.scalar("url"), len(at)),
        "object": pa.repeat(pa.scalar("https://news.example/2022/articles/everybody"), len(at)),
        "account": accounts,
        "platform": pa.repeat(pa.scalar("x"), len(at)),
        "post": pa.array([f"viral:{n}" for n in range(len(at))]),
        "at": pa.array(at),
    }
    pq.write_table(pa.concat_tables([table, pa.table(crowd, schema=table.schema)]), file)


@dataclass(frozen=True)
class Beside:
    """A peer: how it is run, which of its figures are its search alone and which its whole job, what that job is in
    words, and the share of its time that ours may take, of the search alone or of the whole job.
    """

    run: Callable[[], peers_influence.Peer]
    search: tuple[str, ...]
    whole: tuple[str, ...]
    job: str
    of_search: float | None = None
    of_whole: float | None = None
    times: int = 1
    """How often it and ours are run in turn: the median of each counts, since a machine is not as fast all the time."""

    def whole_of(self, peer: peers_influence.Peer) -> float:
        """Seconds of its whole job; where its figures do not have the reading, those of its process."""
        return sum(peer.told[figure] for figure in self.whole) or peer.seconds


def peers(file: Path) -> dict[str, Beside]:
    """The peers, each on its CSV of the same posts."""
    tweets, messages = (file.with_suffix(f".{one}.csv") for one in ("coortweet", "qut"))
    return {
        "CooRTweet": Beside(
            lambda: peers_influence.coortweet(tweets, WINDOW, 2, limit=PATIENCE),
            ("seconds_detect", "seconds_network"), (), "its process, from its CSV to its network", of_search=COORTWEET,
        ),
        "QUT's toolkit": Beside(
            lambda: peers_influence.qut(messages, WINDOW, limit=PATIENCE),
            ("seconds_network",), ("seconds_read", "seconds_network"),
            "its job, from its CSV to its network in its database", of_whole=QUT, times=5,
        ),
    }  # fmt: skip


def by_peers(file: Path, by_engine: Took) -> list[Line]:
    """Our share of the time that each peer needs for the same posts; without it where it is not installed."""
    lines = []
    for name, one in peers(file).items():
        try:
            runs = [(one.run(), _read(file)) for _ in range(one.times)]
        except (peers_influence.NotInstalled, subprocess.SubprocessError) as why:
            print(f"influence is without {name}: {why}", file=sys.stderr)
            continue
        peer = sorted((peer for peer, _ in runs), key=one.whole_of)[len(runs) // 2]
        ours = sorted((took for _, took in runs), key=lambda took: took.seconds)[len(runs) // 2]
        what = f"influence, {BESIDE:,} posts: {name}"
        parts = (
            ("its search alone, after its reading", sum(peer.told[figure] for figure in one.search), one.of_search),
            (one.job, one.whole_of(peer), one.of_whole),
        )
        for part, seconds, limit in parts:
            told = f"{peer.seconds:.1f} s and {peer.peak_mb:.0f} MB of the whole process; {peer.edges:,} edges"
            told += f"; median of {one.times}, in turn with ours" if one.times > 1 else ""
            lines.append(Line(f"{what}, {part}", seconds, None, "s", told))
            times = (
                f"{seconds / ours.seconds:.0f} times faster, {seconds / by_engine.seconds:.0f} times where DuckDB is "
                f"opened and reads, {seconds / ours.first:.1f} times the first time in a process"
            )
            lines.append(
                Line(f"{what}: ours from Parquet to groups by {part}", ours.seconds / seconds, limit, "x", times)
            )
    return lines


def _read(file: Path) -> Took:
    took = apart("arrow", str(file))
    assert took is not None, f"{file.name} takes more than {PATIENCE} s"
    return took


def _ours(posts: int, took: Took, how: str = "") -> list[Line]:
    what = f"influence, {posts:,} posts, from Parquet to groups{how}"
    told = f"{took.processor:.2f} s of processor; the first time in a process {took.first:.2f} s; {took.told}"
    limit = None if how else LIMITS.get(posts)
    return [
        Line(what, took.seconds, limit, "s", told),
        Line(f"{what}: peak memory", took.peak_mb, MB if limit else None, "MB"),
    ]


def lines() -> list[Line]:
    """Time and memory by size, beside the peers, and under a viral object."""
    lines: list[Line] = []
    grown: list[dict[str, float | str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for posts in SIZES:
            file = Path(folder) / f"{posts}.parquet"
            subprocess.run([sys.executable, "-m", "bench.influence_speed", "make", str(posts), str(file)], check=True)
            took, plain = apart("search", str(file)), apart("join", str(file))
            assert took is not None, f"{posts} posts take more than {PATIENCE} s"
            grown.append({"of": "Harmattan, with significance", "posts": posts, "seconds": took.seconds})
            lines += _ours(posts, took)
            if plain:
                grown.append({"of": "DuckDB self-join, counts alone", "posts": posts, "seconds": plain.seconds})
                lines.append(Line(f"influence, {posts:,} posts: a plain self-join in DuckDB, without significance",
                                  plain.seconds, None, "s", f"peak {plain.peak_mb:.0f} MB; {plain.told}"))  # fmt: skip
            if posts == BESIDE:
                lines += _ours(posts, _read(file), ", read by Arrow") + by_peers(file, took)
            file.unlink()
        lines += _viral(Path(folder) / "viral.parquet")
    return [*lines, _growth(grown)]


def _viral(file: Path) -> list[Line]:
    subprocess.run([sys.executable, "-m", "bench.influence_speed", "viral", str(file)], check=True)
    took = apart("search", str(file))
    what = f"influence, 1,000,000 posts and an object that {VIRAL:,} accounts share in one minute"
    if took is None:
        return [Line(what, PATIENCE, LIMITS[1_000_000], "s", "stopped")]
    return [
        Line(what, took.seconds, LIMITS[1_000_000], "s", took.told),
        Line(f"{what}: peak memory", took.peak_mb, MB, "MB"),
    ]


def _growth(grown: list[dict[str, float | str]]) -> Line:
    ours = [(float(one["posts"]), float(one["seconds"])) for one in grown if str(one["of"]).startswith("Harmattan")]
    posts, seconds = np.log(np.array(ours)).T
    draw(grown, HERE / "influence-growth.svg")
    told = f"{ours[0][1]:.2f} s to {ours[-1][1]:.1f} s; bench/influence-growth.svg"
    return Line("influence, time by posts: exponent", float(np.polyfit(posts, seconds, 1)[0]), SLOPE, "x", told)


def draw(grown: list[dict[str, float | str]], path: Path) -> None:
    """Draws seconds by posts, with a line of time in proportion."""
    import altair as alt
    import vl_convert

    ours = [one for one in grown if str(one["of"]).startswith("Harmattan")]
    scale = math.exp(np.mean([math.log(float(one["seconds"]) / float(one["posts"])) for one in ours]))
    straight = [{"posts": one["posts"], "seconds": float(one["posts"]) * scale} for one in (ours[0], ours[-1])]
    x = alt.X("posts:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"), title="Posts")
    y = alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="Seconds on 2 cores")
    colour = alt.Color("of:N", title=None, scale=alt.Scale(range=["#c4511d", "#1b6ca8"]),
                       legend=alt.Legend(orient="top", labelLimit=260))  # fmt: skip
    base = alt.Chart(alt.Data(values=grown)).encode(x=x, y=y, color=colour)
    even = alt.Chart(alt.Data(values=straight)).mark_line(strokeDash=[5, 4], color="#888").encode(x=x, y=y)
    told = "30 days of posts, six planted groups. Dashed: time in proportion to posts."
    title = alt.Title("From posts on disk to groups", subtitle=told, anchor="start")
    chart = (even + base.mark_line() + base.mark_point(filled=True, size=60)).properties(
        width=460, height=300, title=title
    )
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")


def search(file: str) -> str:
    """What is found in a file that DuckDB reads, opened for it."""
    import ibis

    return _found(ibis.duckdb.connect(threads=2).read_parquet(file))


def arrow(file: str) -> str:
    """What is found in a file that Arrow reads: where names are numbered in it, they stay numbers."""
    import pyarrow.parquet as pq

    return _found(pq.read_table(file, columns=list(COLUMNS), read_dictionary=list(COLUMNS[:3])))


def _found(shares: Any) -> str:
    from harmattan.influence.detect import detect

    found = detect(shares)
    sizes = ", ".join(str(len(group.accounts)) for group in found.groups[:8])
    return f"{len(found.groups)} groups ({sizes}), {found.links.num_rows:,} links, {found.crowded:,} shares in crowds"


def join(file: str) -> str:
    """How many pairs a plain self-join gives."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"CREATE VIEW shares AS SELECT * FROM read_parquet('{file}')")
    (pairs,) = connection.execute(f"SELECT count(*) FROM ({JOIN})").fetchone() or (0,)
    return f"{pairs:,} pairs"


def timed(work: Callable[[str], str], file: str) -> dict[str, float | str]:
    """The first time, and the median of up to nine more while the whole is short."""
    taken: list[tuple[float, float]] = []
    told = ""
    while not taken or (len(taken) < 10 and sum(wall for wall, _ in taken) < 10):
        started = time.perf_counter(), time.process_time()
        told = work(file)
        taken.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    seconds, processor = np.median(taken[1:] or taken, axis=0).tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "processor": processor, "first": taken[0][0], "peak_mb": peak, "told": told}


def main() -> int:
    """What a process of its own does, tuned as every command is."""
    what, *asked = sys.argv[1:]
    tune()
    if what == "make":
        make(int(asked[0]), Path(asked[1]), csv=int(asked[0]) == BESIDE)
    elif what == "viral":
        viral(Path(asked[0]))
    else:
        print(json.dumps(timed({"search": search, "arrow": arrow, "join": join}[what], asked[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())

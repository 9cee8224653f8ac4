"""All questions for one country and ten years, on 420,000 events: an engine that is warm, answers that are new."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb

from bench.measure import Line
from harmattan import data as package
from harmattan.cli.process import tune
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.vocabulary.country import ISO3_BY_GW

ROWS = 420_000
REPEATS = 3
LIMIT_S = 2.0
START, END = dt.date(2013, 1, 1), dt.date(2022, 12, 31)
PERIOD = {"start": START, "since": START, "end": END}
"""Ten years, in whichever words a question takes its first day."""
ALSO = {
    "who-is": {"name": ("GSIM",)},
    "actor": {"actor": ("JNIM",)},
    "activity-range": {"actor": ("JNIM",)},
    "expansion": {"actor": ("JNIM",)},
}
"""What a question cannot be asked without."""
MODELLED = ("forecast", "what-changed", "scenario", "effect", "spillover", "shock", "reproduction")
"""Questions whose time is that of models that learn, draw or are fitted: `bench.forecast` and others measure those."""
OF_POSTS = ("campaigns", "campaign", "narratives", "coordination-network", "posts-and-events")
"""Questions about posts, of which there are none here: `bench.influence` measures those."""
ASKED = tuple(name for name in QUESTIONS if name not in {*MODELLED, *OF_POSTS})


def make(source: Path, target: Path, rows: int = ROWS) -> None:
    """Writes the real events of eight countries once, and over again as the events of other countries.

    Columns and text lengths are real, and each country has as many events as the field's files have of one.
    """
    con = duckdb.connect()
    con.execute(f"CREATE TABLE real AS SELECT * FROM read_csv('{source}', all_varchar = true)")
    own = {row[0] for row in con.execute("SELECT DISTINCT country_id::INT FROM real").fetchall()}
    others = [gw for gw in sorted(ISO3_BY_GW) if gw not in own]
    con.execute("CREATE TABLE others (n INT, gw INT)")
    con.executemany("INSERT INTO others VALUES (?, ?)", list(enumerate(others)))
    con.execute(
        f"""COPY (
            SELECT (row_number() OVER ())::VARCHAR AS id,
                   CASE WHEN n = 0 THEN country_id ELSE gw::VARCHAR END AS country_id,
                   real.* EXCLUDE (id, country_id)
            FROM range({rows} // (SELECT count(*) FROM real) + 1) AS again(n)
            JOIN others USING (n), real ORDER BY n LIMIT {rows}
        ) TO '{target}' (HEADER, DELIMITER ',')"""
    )


def asked(name: str, country: str) -> Params:
    """The parameters of a question for a country and ten years, as far as it takes them."""
    accepts = QUESTIONS[name].accepts
    params = Params(country=(country,) if "country" in accepts else (), **ALSO.get(name, {}))
    return replace(params, **{field: day for field, day in PERIOD.items() if field in accepts})


def seconds(world: World, country: str) -> dict[str, float]:
    """How long each question takes."""
    found = {}
    for name in ASKED:
        begun = time.perf_counter()
        ask(world, name, asked(name, country))
        found[name] = time.perf_counter() - begun
    return found


def lines(data: Path) -> list[Line]:
    """The figures of this bench."""
    tune()  # as every command does
    with tempfile.TemporaryDirectory() as folder:
        csv = Path(folder) / "ged.csv"
        make(data / "ucdp" / "ged241_westafrica8_events.csv.gz", csv)
        lake = Lake(Path(folder) / "home", package.RELEASES)
        ingest(lake, "ucdp-ged", [csv], Options(label="24.1"), retrieved_at=None)
        runs = []
        for _ in range(REPEATS):
            world = World(lake)
            seconds(world, "BFA")
            runs.append(seconds(world, "MLI"))
    whole = statistics.median(sum(run.values()) for run in runs)
    slowest = sorted(runs[-1].items(), key=lambda item: -item[1])[:4]
    told = ", ".join(f"{name} {took:.2f}" for name, took in slowest)
    how = f"{len(ASKED)} questions, Mali 2013-2022, {ROWS:,} events, median of {REPEATS}; slowest: {told}"
    return [Line("all questions for one country and ten years, warm", whole, LIMIT_S, "s", how)]

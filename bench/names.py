"""How fast names are resolved: as they occur in data, over and over, and names that nobody has heard of."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.measure import Line
from harmattan.data import FOLDER
from harmattan.dossier.book import Book
from harmattan.dossier.files import read
from harmattan.dossier.names import KEPT, Resolver
from harmattan.vocabulary.country import ISO3_BY_GW

NAMES_PER_SECOND = 100_000
"""The limit: so many names, as they occur in data, on one core."""
MICROSECONDS = 1e6 / NAMES_PER_SECOND
CALLS = 400_000
UNKNOWN = 100_000
ALIKE = 5_000
REPEATS = 3
Side = tuple[str, dt.date, str, tuple[float, float]]


def book() -> Book:
    """The dossier that comes with the package."""
    return Book.of([read(FOLDER / "dossiers" / "sahel").layer])


def sides(data: Path) -> list[Side]:
    """Both sides of every event of UCDP GED 24.1 for eight countries, in the file's order, with day, country, point."""
    rows = duckdb.sql(
        "SELECT side_a, side_b, date_start, country_id, longitude, latitude "
        f"FROM read_csv('{data}/ucdp/ged241_westafrica8_events.csv.gz')"
    ).fetchall()
    return [
        (side, day, ISO3_BY_GW[country], (lon, lat)) for *both, day, country, lon, lat in rows for side in both if side
    ]


def unknown(data: Path, number: int = UNKNOWN) -> list[str]:
    """Different names that no actor has: the words of UCDP's actors in new orders."""
    rows = duckdb.sql(f"SELECT NameData FROM '{data}/actors/ucdp_actor_221.parquet' ORDER BY ActorId").fetchall()
    words = sorted({word for (name,) in rows for word in name.split()})
    chance = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < number:
        found[" ".join(chance.sample(words, chance.randint(1, 5)))] = None
    return list(found)


def per_call(run: Callable[[], int]) -> float:
    """Microseconds of one call: the median of some runs of CPU time; `run` says how many calls it made."""
    taken = []
    for _ in range(REPEATS):
        started = time.process_time()
        calls = run()
        taken.append(1e6 * (time.process_time() - started) / calls)
    return statistics.median(taken)


def lines(data: Path) -> list[Line]:
    """The figures of this bench."""
    known, names, dossier = sides(data), unknown(data), book()
    again = (known * (CALLS // len(known) + 1))[:CALLS]

    def repeated() -> int:
        resolve = Resolver(dossier).resolve
        for side, day, country, point in again:
            resolve(side, source="ucdp", day=day, country=country, point=point)
        return len(again)

    def new(number: int, candidates: bool) -> int:
        resolve = Resolver(dossier).resolve
        day = dt.date(2020, 1, 1)
        for name in names[:number]:
            resolve(name, day=day, country="MLI", candidates=candidates)
        return number

    figures = [
        ("a name as it occurs in data", per_call(repeated), MICROSECONDS, f"{CALLS:,} sides of GED with day and point"),
        ("an unknown name", per_call(lambda: new(UNKNOWN, False)), None, f"{UNKNOWN:,} different, no candidates"),
        ("an unknown name, candidates", per_call(lambda: new(ALIKE, True)), None, f"{ALIKE:,} different, candidates"),
    ]
    made = [Line(f"resolve {what}", taken, limit, "µs", _how(how, taken)) for what, taken, limit, how in figures]
    started = time.process_time()
    spans = Resolver(dossier).spans({side for side, *_ in known}, "ucdp")
    taken = 1000 * (time.process_time() - started)
    made.append(Line("names of GED as spans", taken, None, "ms", f"{len(spans)} spans, with setting up"))
    how = f"{KEPT:,} ways of asking, with candidates; traced"
    return [*made, Line("what a resolver remembers at most", _remembered(dossier), None, "MB", how)]


def _how(how: str, taken: float) -> str:
    return f"{how}: {1e6 / taken:,.0f} names/s on one core, median of {REPEATS}"


def _remembered(dossier: Book) -> float:
    """What is held after as many names as are remembered, in MB: names of the dossier with one letter wrong."""
    asked = (
        name.text[:place] + letter + name.text[place:]
        for letter in "qxjkv"
        for name in dossier.names
        for place in range(4)
    )
    tracemalloc.start()
    resolver = Resolver(dossier)
    before = tracemalloc.get_traced_memory()[0]
    for name in itertools.islice(dict.fromkeys(asked), KEPT):
        resolver.resolve(name, day=dt.date(2020, 1, 1))
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / 1e6

"""`make bench`: prints every figure beside its limit and writes bench/RESULTS.md; exit code 1 when one is not met.

`python -m bench ROOM` measures one room alone (`ROOMS` has their names) and writes nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bench import (
    acled,
    alongside,
    brief,
    effects,
    events,
    forecast,
    influence,
    names,
    placebos,
    posts,
    questions,
    reading,
    recovery,
    serving,
    spillover,
)
from bench.measure import Line

HERE = Path(__file__).parent
DATA = Path(os.environ.get("HARMATTAN_DATA", HERE.parent.parent / "shared" / "data"))
ROOMS: dict[str, Callable[[], list[Line]]] = {
    "brief": brief.lines,
    "acled": acled.lines,
    "posts": posts.lines,
    "reading": reading.lines,
    "recovery": recovery.lines,
    "spillover": spillover.lines,
    "effects": effects.lines,
    "influence": influence.lines,
    "alongside": alongside.lines,
    "events": lambda: events.lines(DATA),
    "names": lambda: names.lines(DATA),
    "questions": lambda: questions.lines(DATA),
    "forecast": lambda: forecast.lines(DATA),
    "placebos": lambda: placebos.lines(DATA),
    "serving": lambda: serving.lines(DATA),
}
NEED_DATA = {"events", "names", "questions", "forecast", "placebos", "serving"}


def machine() -> str:
    """The machine and the versions that the figures hold for."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("duckdb", "ibis-framework", "pyarrow", "altair", "typst", "scikit-learn", "scoringrules")
    )
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory_gb:.0f} GiB; "
        f"Python {platform.python_version()}; {packages}; "
        f"plain Python adds ten million numbers in {yardstick_s():.2f} s"
    )


def yardstick_s() -> float:
    """How long plain Python takes to add ten million numbers, the best of three: how fast a machine is at the time."""
    took = []
    for _turn in range(3):
        begun, total = time.perf_counter(), 0
        for number in range(10_000_000):
            total += number
        took.append(time.perf_counter() - begun)
    return min(took)


def table(lines: list[Line]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | measured | limit | | how |", "| --- | ---: | ---: | --- | --- |"]
    for line in lines:
        limit = "" if line.limit is None else f"{line.limit:g} {line.unit}"
        measured = f"{line.measured:.{3 if line.unit == 'x' else 2}f}"
        rows.append(f"| {line.what} | {measured} {line.unit} | {limit} | {line.verdict} | {line.how} |")
    return "\n".join(rows)


def main() -> int:
    """Measures and writes."""
    if sys.argv[1:]:
        unknown = [name for name in sys.argv[1:] if name not in ROOMS]
        if unknown:
            print(f"no bench is called {unknown[0]}; there are {', '.join(ROOMS)}", file=sys.stderr)
            return 2
        print(machine(), end="\n\n")
        only = [line for name in sys.argv[1:] for line in ROOMS[name]()]
        print(table(only))
        return 1 if any(line.verdict == "NOT met" for line in only) else 0
    there = (DATA / "ucdp").is_dir()
    lines = [line for name, room in ROOMS.items() if there or name not in NEED_DATA for line in room()]
    if not there:
        print(f"no reference data at {DATA}: {', '.join(sorted(NEED_DATA))} are left out", file=sys.stderr)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    tried = (HERE / "tried.md").read_text(encoding="utf-8")
    page = f"# Results\n\nMade by `make bench` on {today}.\n\n{machine()}.\n\n{table(lines)}\n\n{tried}"
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if any(line.verdict == "NOT met" for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())

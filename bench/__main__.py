"""`make bench`: prints every figure beside its limit and writes bench/RESULTS.md; exit code 1 when one is not met.

`python -m bench forecast` measures the forecasts alone, `python -m bench reading` reading and checking,
`python -m bench recovery` whether spillover models find the truth, `python -m bench spillover` how fast they are
fitted; they write no results.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from bench import acled, brief, events, forecast, names, posts, questions, reading, recovery, spillover
from bench.measure import Line

HERE = Path(__file__).parent
DATA = Path(os.environ.get("HARMATTAN_DATA", HERE.parent.parent / "shared" / "data"))


def machine() -> str:
    """The machine and the versions that the figures hold for."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("duckdb", "ibis-framework", "pyarrow", "altair", "typst", "scikit-learn", "scoringrules")
    )
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory_gb:.0f} GiB; "
        f"Python {platform.python_version()}; {packages}"
    )


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
    alone = {
        "forecast": lambda: forecast.lines(DATA),
        "reading": reading.lines,
        "recovery": recovery.lines,
        "spillover": spillover.lines,
    }
    if len(sys.argv) == 2 and sys.argv[1] in alone:
        only = alone[sys.argv[1]]()
        print(table(only))
        return 1 if any(line.verdict == "NOT met" for line in only) else 0
    lines = brief.lines() + acled.lines() + posts.lines() + reading.lines() + recovery.lines() + spillover.lines()
    if (DATA / "ucdp").is_dir():
        lines += events.lines(DATA) + names.lines(DATA) + questions.lines(DATA) + forecast.lines(DATA)
    else:
        print(f"no reference data at {DATA}: the ingest bench is left out", file=sys.stderr)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    tried = (HERE / "tried.md").read_text(encoding="utf-8")
    page = f"# Results\n\nMade by `make bench` on {today}.\n\n{machine()}.\n\n{table(lines)}\n\n{tried}"
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if any(line.verdict == "NOT met" for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The brief, the help and the size of what comes with the package."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.measure import Line, median, run
from harmattan import data

REPEATS = 5


def lines() -> list[Line]:
    """The figures of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"HARMATTAN_HOME": str(Path(folder) / "home"), "OUT": str(Path(folder) / "out")}
        made = median([run(["make", "--silent", "brief"], env) for _ in range(3)])
        help_ = median([run([str(Path(sys.executable).parent / "harmattan"), "--help"], env) for _ in range(REPEATS)])
        ask = [sys.executable, "-m", "harmattan.cli", "ask", "casualties", "--country", "MLI", "--by", "year"]
        asked = median([run(ask, env) for _ in range(REPEATS)])
    size = sum(path.stat().st_size for path in data.RELEASES.rglob("*") if path.is_file()) / 1e6
    return [
        Line("make brief, warm (HTML and PDF)", made.seconds, 15, "s", "median of 3, empty home"),
        Line("make brief, peak memory", made.peak_mb, 1000, "MB", "highest of 3"),
        Line("harmattan --help", help_.seconds, 0.5, "s", f"median of {REPEATS}"),
        Line("harmattan ask casualties, embedded figures", asked.seconds, None, "s", f"median of {REPEATS}"),
        Line("embedded releases on disk", size, 3, "MB", f"{data.RELEASES.name} in the package"),
    ]

"""The peer of the spillover models: R's surveillance::hhh4, run by bench/hhh4.R on a panel in a folder."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harmattan.models.spillover.counts import Counts

SCRIPT = Path(__file__).parent / "hhh4.R"


@dataclass(frozen=True)
class Peer:
    """What hhh4 found: estimates and standard errors by its own names (own and coupling as logarithms)."""

    seconds: float
    converged: bool
    log_likelihood: float | None
    values: Mapping[str, float]
    errors: Mapping[str, float]
    spreads: Mapping[str, float]
    """Standard deviations of random effects."""


def missing() -> str | None:
    """Why the peer cannot be run, in words; None where it can."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('surveillance', quietly = TRUE))"]
    return "R's package surveillance is not installed" if subprocess.run(asked, check=False).returncode else None


Task = tuple[Counts | Path, dict[str, str | int]]
"""A panel, or the folder of one, and the keys of bench/hhh4.R."""


def hhh4(tasks: Sequence[Task], *, measles: Path | None = None) -> list[Peer]:
    """Fits hhh4 to panels, all in one run of R.

    Where `measles` is given, the package's measlesWeserEms is written into that folder first: counts, population and
    order, a row a period.
    """
    with tempfile.TemporaryDirectory() as base:
        lines = [] if measles is None else [f"measles\t{measles}"]
        for n, (panel, keys) in enumerate(tasks):
            folder = panel if isinstance(panel, Path) else Path(base) / str(n)
            if isinstance(panel, Counts):
                _write(panel, folder)
            lines.append("\t".join(["fit", str(folder), *(f"{key}={value}" for key, value in keys.items())]))
        (Path(base) / "tasks").write_text("\n".join(lines) + "\n", encoding="utf-8")
        asked = ["Rscript", str(SCRIPT), str(Path(base) / "tasks")]
        told = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [_read(part) for part in told.split("fit\n")[1:]]


def _write(counts: Counts, folder: Path) -> None:
    """Writes a panel as bench/hhh4.R reads it."""
    folder.mkdir()
    people = None if counts.population is None else counts.population.T
    for name, values in (("counts", counts.values.T), ("order", counts.order), ("population", people)):
        if values is not None:
            np.savetxt(folder / f"{name}.csv", values, delimiter=",", fmt="%.17g")


def _read(told: str) -> Peer:
    """What bench/hhh4.R printed of one fit."""
    rows = [line.split() for line in told.splitlines() if line.strip()]
    single = {row[0]: float(row[1]) for row in rows if len(row) == 2}
    found = {row[0]: (float(row[1]), float(row[2])) for row in rows if len(row) == 3}
    return Peer(
        seconds=single["seconds"],
        converged=bool(single["converged"]),
        log_likelihood=single.get("log_likelihood"),
        values={name: value for name, (value, _) in found.items()},
        errors={name: error for name, (_, error) in found.items()},
        spreads={name: value for name, value in single.items() if name.startswith("sd.")},
    )

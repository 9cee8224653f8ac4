"""Forecasts against the benchmarks that are hard to beat, on windows that have passed; and how long they take.

`python -m bench forecast` measures these alone.
"""

from __future__ import annotations

import csv
import gzip
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bench.measure import Line, run
from harmattan.models.comparing import compare, largest
from harmattan.models.draws import in_parts
from harmattan.models.panel import Panel, of_rows
from harmattan.models.registry import MODELS
from harmattan.models.scoring import score
from harmattan.vocabulary.cell import COLUMNS, neighbours
from harmattan.vocabulary.period import Month

STEPS = tuple(range(3, 15))
DRAWS = 1000
SEED = 1
COUNTRIES, CELLS, GLOBAL, NOW = "countries", "cells", "13,110 cells", "all countries now"
SPANS = {COUNTRIES: range(2012, 2024), CELLS: range(2019, 2024)}
MEASURED = ("crps", "log_score", "mis90", "crps_log")
WEST_AFRICA = ("MLI", "BFA", "NER", "BEN", "TGO", "CIV", "SEN", "GNB")
PRECISE = ("1", "2", "3")
"""GED's `where_prec` that can be put into a cell: the place itself, about 25 km, a second-order unit."""
OURS = {COUNTRIES: "pooled", CELLS: "cells"}
BENCHMARKS = {COUNTRIES: ("conflictology12",), CELLS: ("conflictology12", "neighbours12")}
RUN = {
    COUNTRIES: tuple(name for name in MODELS if name != "cells"),
    CELLS: ("zero", "conflictology12", "neighbours12", "cells"),
}
LIMITS: dict[str, tuple[float | None, float | None]] = {
    COUNTRIES: (600, 4096),
    CELLS: (None, None),
    NOW: (60, None),
    GLOBAL: (300, 6144),
}
"""Seconds and MB."""
HOW = {
    COUNTRIES: "12 windows, all models, 12 steps, 1000 draws, with all scores",
    CELLS: "5 windows, 4 models, 12 steps, 1000 draws, with all scores",
    NOW: "the latest month, 12 steps, 1000 draws",
    GLOBAL: "420 months of invented deaths, 12 steps, 1000 draws, a few hundred cells at a time",
}


def countries(data: Path) -> Panel:
    """Deaths by country and month, with the number of events beside."""
    columns = ["country_iso3", "year_month", "ucdp_fatalities_best", "ucdp_event_count"]
    table = pq.read_table(data / "ucdp" / "country_month_ged251_to_2023.parquet", columns=columns)
    rows = zip(*(table[column].to_pylist() for column in columns), strict=True)
    return of_rows(((unit, Month.parse(month), *values) for unit, month, *values in rows), ["events"])


def cells(data: Path) -> Panel:
    """Deaths by cell and month in eight countries of West Africa, 1989 to 2023, from single events."""
    with (data / "geo" / "priogrid_west_africa.csv").open(encoding="utf-8") as file:
        gids = sorted(int(row["priogrid_gid"]) for row in csv.DictReader(file) if row["iso3_maj"] in WEST_AFRICA)
    place = {gid: at for at, gid in enumerate(gids)}
    first = Month(1989, 1)
    values = np.zeros((2, len(gids), Month(2023, 12) - first + 1))
    with gzip.open(data / "ucdp" / "ged241_westafrica8_events.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            gid = int(row["priogrid_gid"])
            if row["where_prec"] in PRECISE and gid in place:
                values[:, place[gid], Month.parse(row["date_start"][:7]) - first] += float(row["best"]), 1
    near = tuple(tuple(place[one] for one in neighbours(gid) if one in place) for gid in gids)
    return Panel(tuple(map(str, gids)), first, values[0], near, {"events": values[1]})


def crowd(rows: int = 95, columns: int = 138, months: int = 420, seed: int = 1) -> Panel:
    """Invented cells, 13,110 of them: most are always quiet, a few wars wander, and months are heavy-tailed."""
    rng = np.random.default_rng(seed)
    south, west = 160, 330
    gids = [(south + row) * COLUMNS + west + column + 1 for row in range(rows) for column in range(columns)]
    place = {gid: at for at, gid in enumerate(gids)}
    row, column = np.divmod(np.arange(len(gids)), columns)
    values = np.zeros((2, len(gids), months))
    for _war in range(25):
        at = np.array([rng.uniform(0, rows), rng.uniform(0, columns)])
        first, lasts = rng.integers(-60, months), int(rng.integers(24, 200))
        for month in range(max(0, first), min(months, first + lasts)):
            at += rng.normal(0, 0.3, 2)
            rate = 0.4 * np.exp(-((row - at[0]) ** 2 + (column - at[1]) ** 2) / 20)
            count = rng.poisson(rate)
            values[1, :, month] += count
            values[0, :, month] += np.where(count > 0, np.ceil(rng.lognormal(1.2, 1.4, len(gids)) * count), 0)
    near = tuple(tuple(place[one] for one in neighbours(gid) if one in place) for gid in gids)
    return Panel(tuple(map(str, gids)), Month(1989, 1), values[0], near, {"events": values[1]})


def scored(panel: Panel, years: Sequence[int], names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Mean scores over the steps by "model score": shape (units, windows); data end in October of the year before."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for year in years:
        origin = Month(year - 1, 10)
        known, came = panel.until(origin), panel.at(origin, STEPS)
        for name in names:
            begun = time.perf_counter()
            parts = [
                score(draws, came[units], np.random.default_rng(SEED))
                for units, draws in in_parts(MODELS[name], known, STEPS, DRAWS, SEED)
            ]
            for measure in MEASURED:
                values = np.concatenate([part[measure] for part in parts])
                found.setdefault(f"{name} {measure}", []).append(values.mean(axis=1))
            print(f"{year} {name} {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    return {key: np.stack(windows, axis=1) for key, windows in found.items()}


def child(what: str, data: Path, out: Path) -> None:
    """What is measured in a process of its own; scores go into `out`."""
    if what in SPANS:
        panel = countries(data) if what == COUNTRIES else cells(data)
        found = scored(panel, SPANS[what], RUN[what])
        np.savez(out, units=np.array(panel.units), **found)
        return
    panel, name = (countries(data), OURS[COUNTRIES]) if what == NOW else (crowd(), OURS[CELLS])
    deaths = sum(float(draws.sum()) for _units, draws in in_parts(MODELS[name], panel, STEPS, DRAWS, SEED))
    print(f"{deaths / DRAWS:,.0f} deaths expected", file=sys.stderr)


@dataclass(frozen=True)
class Backtest:
    """Scores that a child wrote, and what is told of them."""

    what: str
    units: tuple[str, ...]
    scores: Mapping[str, NDArray[np.float64]]

    @classmethod
    def read(cls, what: str, file: Path) -> Backtest:
        with np.load(file) as found:
            scores = {key: found[key] for key in found.files}
        return cls(what, tuple(scores.pop("units").tolist()), scores)

    def of(self, name: str, measure: str = "crps") -> NDArray[np.float64]:
        """The scores of a model: shape (units, windows)."""
        return self.scores[f"{name} {measure}"]

    def best(self, measure: str = "crps") -> str:
        """The benchmark that scored best over all windows."""
        return min(BENCHMARKS[self.what], key=lambda name: float(np.nansum(self.of(name, measure))))

    def ratio(self, measure: str = "crps", rows: Sequence[int] | None = None, windows: slice = slice(None)) -> float:
        """Our sum over that of the best benchmark."""
        units = np.arange(len(self.units)) if rows is None else np.asarray(rows)
        ours, theirs = (self.of(one, measure)[units, windows] for one in (OURS[self.what], self.best(measure)))
        return float(np.nansum(ours) / np.nansum(theirs))

    def line(self, told: str, measured: float, limit: float | None = None, how: str = "") -> Line:
        """A ratio beside its limit."""
        return Line(f"{self.what}: {told}", measured, limit, "x", how)

    def lines(self, limit: float, in_each: float | None) -> list[Line]:
        """Pooled, in the worst window, without the largest, and by every other score."""
        name, years, best = OURS[self.what], SPANS[self.what], self.best()
        ours, theirs = self.of(name), self.of(best)
        pooled = compare(ours, theirs, np.random.default_rng(SEED))
        means = ", ".join(f"{one} {np.nanmean(self.of(one)):.4f}" for one in RUN[self.what])
        sure = f"{pooled.n_units} units, 95 % of their samples {pooled.low:.3f}-{pooled.high:.3f}; means: {means}"
        by_year = {year: self.ratio(windows=slice(at, at + 1)) for at, year in enumerate(years)}
        told = ", ".join(f"{year} {value:.3f}" for year, value in by_year.items())
        kept = np.setdiff1d(np.arange(len(self.units)), largest(theirs, 2))
        found = [
            self.line(f"CRPS, {name} / {best}, {years[0]}-{years[-1]}", pooled.value, limit, sure),
            self.line("CRPS ratio in the worst window", max(by_year.values()), in_each, told),
            self.line("CRPS ratio without the two largest units", self.ratio(rows=kept)),
        ]
        for measure in MEASURED[1:]:
            best = self.best(measure)
            means = " / ".join(f"{np.nanmean(self.of(one, measure)):.4f}" for one in (name, best))
            found.append(self.line(f"{measure}, {name} / {best}", self.ratio(measure), None, means))
        return found


def lines(data: Path) -> list[Line]:
    """The figures of this bench: several minutes."""
    with tempfile.TemporaryDirectory() as folder:
        out = {what: Path(folder) / f"{at}.npz" for at, what in enumerate(LIMITS)}
        runs = {
            what: run([sys.executable, "-m", "bench.forecast", what, str(data), str(file)])
            for what, file in out.items()
        }
        abroad, here = (Backtest.read(what, out[what]) for what in SPANS)
    found = abroad.lines(0.95, 1.0)
    found += [
        abroad.line(f"CRPS ratio, {2012 + at}-{2017 + at}", abroad.ratio(windows=slice(at, at + 6))) for at in (0, 6)
    ]
    for unit in ("MLI", "BFA", "NGA+NER"):
        found.append(abroad.line(f"CRPS ratio, {unit} alone", abroad.ratio(rows=[abroad.units.index(unit)])))
    found += here.lines(0.97, None)
    for what, (seconds, megabytes) in LIMITS.items():
        found.append(Line(f"{what}: time", runs[what].seconds, seconds, "s", HOW[what]))
        found.append(Line(f"{what}: peak memory", runs[what].peak_mb, megabytes, "MB", HOW[what]))
    return found


if __name__ == "__main__":
    child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

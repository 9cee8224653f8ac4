"""Small panels as files: six places, one that starts late, one that nobody looked at for a while."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from harmattan.backtest.plan import Plan, models_of, origins_of, steps_of
from harmattan.vocabulary.period import Month

FIRST = Month(2015, 1)
UNITS = ("AFG", "BFA", "ETH", "MLI", "NER", "TGO")
N = 72


def rows(seed: int = 7) -> list[tuple[str, str, str, str]]:
    """Unit, month, deaths and events, as they are written in a file."""
    rng = np.random.default_rng(seed)
    found = []
    for at, unit in enumerate(UNITS):
        deaths = rng.poisson(rng.gamma(1.0, (60, 20, 5, 40, 8, 0.2)[at], N))
        for month in range(N):
            if unit == "ETH" and month < 40:
                continue
            value = "" if unit == "NER" and 50 <= month < 53 else str(deaths[month])
            found.append((unit, str(FIRST + month), value, str(int(deaths[month]) // 3)))
    return found


def write(
    path: Path, lines: list[tuple[str, ...]], header: tuple[str, ...] = ("iso3", "month", "deaths", "events")
) -> Path:
    """A CSV file of these lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def plan(models: str = "fading4,last", origins: str = "2018-10,2019-10", steps: str = "3..5", draws: int = 50) -> Plan:
    """A plan that is done in a moment."""
    return Plan(origins_of(origins), steps_of(steps), models_of(models), draws, 1, "country", "deaths_best")


def quiet(_done: int, _total: int, _what: str) -> None:
    """Nobody watches."""

"""What a backtest is to do: from which months, how far ahead, by which models, with how many draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.draws import Model
from harmattan.models.history import BENCHMARK
from harmattan.models.panel import Panel
from harmattan.models.registry import MODELS, model_called
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.period import Month

Level = Literal["country", "cell"]
UNIT_COLUMN = {"country": "country_id", "cell": "priogrid_gid"}
"""What the unit is called in the challenge's layout."""
EVERY = 12
"""Months from one origin to the next where nothing else is said."""
MOST_STEPS, MOST_DRAWS = 120, 100_000
DEATHS = ("deaths_best", "ucdp_fatalities_best", "best", "deaths")
"""Columns that hold the best estimate of deaths, under whatever name."""


@dataclass(frozen=True)
class Plan:
    """Everything that decides on a draw, but the panel."""

    origins: tuple[Month, ...]
    steps: tuple[int, ...]
    models: tuple[Model, ...]
    draws: int
    seed: int
    level: Level
    target: str

    def months(self, origin: Month) -> tuple[Month, ...]:
        """What is forecast from an origin."""
        return tuple(origin + step for step in self.steps)


def target_of(column: str) -> str:
    """What a target is called in tables of scores: `deaths_best` for the columns that hold it."""
    return DEATHS[0] if column in DEATHS else column


def origins_of(words: str) -> tuple[Month, ...]:
    """`2011-10..2022-10` every twelve months, with `:1` every month, or months with commas. Raises UsageError.

    >>> [str(month) for month in origins_of("2011-10..2014-02:12")]
    ['2011-10', '2012-10', '2013-10']
    """
    match = re.fullmatch(r"\s*([^.,:]+)\.\.([^.,:]+?)(?::(\d+))?\s*", words)
    if not match:
        if ".." in words or ":" in words:
            raise UsageError(
                T("{words} is no list of months.", words=Verbatim(words)),
                do=T("Write 2011-10..2022-10, with :1 for every month, or 2011-10,2012-10."),
            )
        return tuple(sorted({Month.parse(part) for part in words.split(",")}))
    first, last, every = Month.parse(match[1]), Month.parse(match[2]), int(match[3] or EVERY)
    if last < first or not every:
        raise UsageError(
            T("From {first} to {last} there is no origin.", first=Verbatim(str(first)), last=Verbatim(str(last)))
        )
    return tuple(first + months for months in range(0, last - first + 1, every))


def steps_of(words: str) -> tuple[int, ...]:
    """`3..14`, or months ahead with commas. Raises UsageError.

    >>> steps_of("1,3..5")
    (1, 3, 4, 5)
    """
    found: set[int] = set()
    for part in words.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:\.\.(\d+))?\s*", part)
        if not match:
            raise UsageError(T("{words} are no steps.", words=Verbatim(words)), do=T("Write 3..14, or 1,3,6."))
        found |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    if not found or min(found) < 1 or max(found) > MOST_STEPS:
        raise UsageError(
            T("{words} are no steps.", words=Verbatim(words)),
            available=T("A step is a month ahead, from 1 to {most}.", most=MOST_STEPS),
        )
    return tuple(sorted(found))


def models_of(words: str) -> tuple[Model, ...]:
    """Models by name with commas, or `all`; the benchmark always belongs to them. Raises UsageError."""
    names = list(MODELS) if words.strip() == "all" else [part.strip() for part in words.split(",") if part.strip()]
    return tuple(model_called(name) for name in dict.fromkeys([*names, BENCHMARK.name]))


def count_of(words: str, name: str, low: int, high: int) -> int:
    """A whole number within bounds. Raises UsageError."""
    if not re.fullmatch(r"\d{1,9}", words.strip()) or not low <= int(words) <= high:
        raise UsageError(
            T("{name} cannot be {words}.", name=Verbatim(name), words=Verbatim(words)),
            available=T("It is a whole number from {low} to {high}.", low=low, high=high),
        )
    return int(words)


def check(plan: Plan, panel: Panel) -> None:
    """Raises UsageError where an origin lies outside the panel, or nothing that is forecast was ever observed."""
    for origin in plan.origins:
        panel.until(origin)
    missing = [origin for origin in plan.origins if not np.isfinite(panel.at(origin, plan.steps)).any()]
    if len(missing) == len(plan.origins):
        raise UsageError(
            T(
                "The panel ends in {last}: nothing that is forecast from {origins} was observed.",
                last=Verbatim(str(panel.last)),
                origins=listing(_said(plan.origins)),
            ),
            do=T("Say earlier --origins, or shorter --steps."),
        )


def _said(months: Sequence[Month]) -> list[Verbatim]:
    shown = [Verbatim(str(month)) for month in months]
    return shown if len(shown) <= 3 else [shown[0], Verbatim("…"), shown[-1]]

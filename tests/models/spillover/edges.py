"""Panels of counts on which a model that trusts its data would break: each by what is the matter with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from harmattan.models.spillover.counts import Counts, Every, Values
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Free, Lags, Own, PowerLaw, Spec

PLAIN = Spec(Endemic(trend=False, seasons=0))
FREE = Spec()
BESIDE = Spec(coupling=Coupling(Adjacent()))
BESIDE_EACH = Spec(coupling=Coupling(Adjacent(), "each"))
SHRUNK = Spec(Endemic("shrunk"), Own("shrunk"), Coupling(Adjacent(), "shrunk"))
FIRST = dt.date(2015, 1, 1)


def panel(values: Any, every: Every = "month", **more: Any) -> Counts:
    """Counts of units named A, B, C …"""
    counts = np.asarray(values, float)
    units = tuple(chr(ord("A") + at) if at < 26 else f"Z{at}" for at in range(len(counts)))
    days = [FIRST + dt.timedelta(days=at) for at in range(counts.shape[1])]
    months = [dt.date(FIRST.year + at // 12, at % 12 + 1, 1) for at in range(counts.shape[1])]
    return Counts(units, tuple(days if every == "day" else months), every, counts, **more)


def quiet(units: int = 3, periods: int = 60, mean: float = 2.0, seed: int = 1) -> Values:
    """Counts in which nothing is the matter."""
    return np.random.default_rng(seed).poisson(mean, (units, periods)).astype(float)


def line(units: int, *, without: int = 0) -> Any:
    """Borders between units in a row, the last few of which are islands."""
    order = np.abs(np.subtract.outer(np.arange(units), np.arange(units))).astype(np.int16)
    order[units - without :, :] = -1
    order[:, units - without :] = -1
    np.fill_diagonal(order, 0)
    return order


def changed(change: Callable[[Values], None], units: int = 3, periods: int = 60) -> Values:
    """Counts in which one thing is the matter."""
    values = quiet(units, periods)
    change(values)
    return values


def _no_events(values: Values) -> None:
    values[1] = 0


def _one_event(values: Values) -> None:
    values[1] = 0
    values[1, 30] = 1


def _unseen_for_years(values: Values) -> None:
    values[1, 10:40] = np.nan


def _never_seen(values: Values) -> None:
    values[1] = np.nan


def _seen_every_other(values: Values) -> None:
    values[1, ::2] = np.nan


def _without_data(values: Values) -> None:
    values[:, 20] = np.nan


def _massacre(values: Values) -> None:
    values[:] = np.minimum(values, 1)
    values[0, 25] = 5000


def _last_massacre(values: Values) -> None:
    values[0, -1] = 5000


def _constant(values: Values) -> None:
    values[0] = 3


def _all_constant(values: Values) -> None:
    values[:] = 3


def _identical(values: Values) -> None:
    values[1] = values[0]


def _shifted(values: Values) -> None:
    values[1, 1:] = values[0, :-1]


def _zeros_first(values: Values) -> None:
    values[0, :40] = 0


def _growing(values: Values) -> None:
    values[:] = np.round(np.exp(np.linspace(0, 9, values.shape[1])))


def covered(*rows: Any, population: Any = None) -> Counts:
    """Counts with covariates that are the same for all units, named x, y …"""
    values = quiet()
    made = {name: np.broadcast_to(row, values.shape).astype(float) for name, row in zip("xyz", rows, strict=False)}
    return panel(values, covariates=made, population=population)


SLOPE = np.linspace(-1, 1, 60)
GAPPED = np.where(np.arange(60) == 7, np.nan, SLOPE)
DAYS = (np.random.default_rng(2).random((3, 900)) < 0.01).astype(float)

FITTED: dict[str, tuple[Counts, Spec]] = {
    "nothing the matter": (panel(quiet()), FREE),
    "a unit without events": (panel(changed(_no_events)), FREE),
    "a unit without events beside others": (panel(changed(_no_events), order=line(3)), BESIDE),
    "a unit with one event": (panel(changed(_one_event)), FREE),
    "one unit": (panel(quiet(1)), FREE),
    "one unit with events of three": (panel(quiet(3) * np.array([[1], [0], [0]])), FREE),
    "an island": (panel(quiet(4), order=line(4, without=1)), BESIDE),
    "an island under a power law": (panel(quiet(4), order=line(4, without=1)), Spec(coupling=Coupling(PowerLaw()))),
    "an island with its own level": (panel(quiet(4), order=line(4, without=1)), BESIDE_EACH),
    "a unit that nobody looked at for years": (panel(changed(_unseen_for_years)), FREE),
    "a unit that nobody ever looked at": (panel(changed(_never_seen)), FREE),
    "a period without data": (panel(changed(_without_data)), FREE),
    "a period without data and long lags": (panel(changed(_without_data)), replace(FREE, lags=Lags(4, "geometric"))),
    "a massacre of 5,000": (panel(changed(_massacre)), FREE),
    "a massacre of 5,000 and Poisson": (panel(changed(_massacre)), replace(FREE, family="poisson")),
    "a massacre at the end": (panel(changed(_last_massacre)), FREE),
    "a constant series": (panel(changed(_constant)), FREE),
    "nothing but constant series": (panel(changed(_all_constant)), FREE),
    "identical series": (panel(changed(_identical, 4)), FREE),
    "a series that repeats another": (panel(changed(_shifted)), FREE),
    "a series that begins late": (panel(changed(_zeros_first)), FREE),
    "exponential growth": (panel(changed(_growing)), FREE),
    "exponential growth and Poisson": (panel(changed(_growing)), replace(FREE, family="poisson")),
    "days that are mostly quiet": (panel(DAYS, "day"), FREE),
    "days and lags of a week": (panel(DAYS, "day"), replace(FREE, lags=Lags(7, "free"))),
    "a dispersion of each": (panel(changed(_constant)), replace(FREE, family="negbin_each")),
    "no coupling": (panel(quiet()), Spec(coupling=None)),
    "nothing but the endemic part": (panel(quiet()), Spec(own=None, coupling=None)),
    "a constant covariate that is large": (covered(SLOPE * 1e6), Spec(Endemic(trend=False, covariates=("x",)))),
    "shrunk levels of units alike": (panel(quiet(6), order=line(6)), SHRUNK),
    "counts in tens of thousands": (panel(quiet(mean=1e4)), FREE),
    "counts in millions": (panel(quiet(mean=1e6)), FREE),
    "a middle that is the same place": (panel(quiet(), km=np.zeros((3, 3))), Spec(coupling=Coupling(PowerLaw("km")))),
}  # fmt: skip
"""What can be fitted: with nothing in it that is not a number, and with what had to be left out named."""

REFUSED: dict[str, tuple[Counts, Spec]] = {
    "a single period": (panel(quiet(periods=1)), FREE),
    "no more periods than lags": (panel(quiet(periods=3)), replace(PLAIN, lags=Lags(3, "free"))),
    "all zeros": (panel(np.zeros((3, 60))), FREE),
    "nothing seen": (panel(np.full((3, 60), np.nan)), FREE),
    "free with too many units": (panel(quiet(31)), FREE),
    "beside without an order": (panel(quiet()), BESIDE),
    "a power law without distances": (panel(quiet()), Spec(coupling=Coupling(PowerLaw("km")))),
    "population that is not there": (panel(quiet()), Spec(Endemic(population=True))),
    "a covariate that is not there": (panel(quiet()), Spec(Endemic(covariates=("rain",)))),
    "a pair of units that are not there": (panel(quiet()), Spec(coupling=Coupling(Free((("A", "X"),))))),
}
"""What cannot be: one clear sentence."""

EITHER: dict[str, tuple[Counts, Spec]] = {
    "fewer periods than parameters": (panel(quiet(3, 8)), FREE),
    "two periods": (panel(quiet(3, 2)), PLAIN),
    "nothing but islands": (panel(quiet(), order=line(3, without=3)), BESIDE),
    "collinear covariates": (covered(SLOPE, 2 * SLOPE), Spec(Endemic(trend=False, covariates=("x", "y")))),
    "a covariate that is the trend": (covered(SLOPE), Spec(Endemic(covariates=("x",)))),
    "a covariate without change": (covered(np.ones(60)), Spec(Endemic(covariates=("x",)))),
    "a covariate with a gap": (covered(GAPPED), Spec(Endemic(trend=False, covariates=("x",)))),
    "a population of nobody": (covered(population=np.zeros((3, 60))), Spec(Endemic(population=True))),
    "a unit seen every other period": (panel(changed(_seen_every_other)), FREE),
}
"""What may be fitted or refused, as long as it is one or the other."""

"""Worlds whose spillover is known: what a fitted model must find again, and panels of counts drawn from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.simulate import generate
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Family, Free, PowerLaw, Spec

FIRST = dt.date(1990, 1, 1)
BURN_IN = 24
"""Periods drawn before the first and left out, so that the first counts are excited like all others."""
SEED = 6


@dataclass(frozen=True)
class Truth:
    """A world: `matrix[i, j]` is how many further counts in unit i one in j brings, its diagonal the own part.

    `level` (units,) is the logarithm of the endemic counts of a period in the middle; `change` is by how much it rises
    from the first period to the last, `season` its sine and cosine, the same for all units; `slow` is the height of a
    slow wave in all units, one and a half over all periods, of which the model knows nothing. `spec` is what is fitted,
    `order` (units, units) how many borders lie between, `coupling` and `decay` what stands behind a matrix that is not
    free.
    """

    name: str
    spec: Spec
    matrix: Values
    level: Values
    change: float = 0.5
    season: tuple[float, float] = (0.3, -0.2)
    dispersion: float = 0.0
    slow: float = 0.0
    order: NDArray[np.int16] | None = None
    coupling: float | None = None
    decay: float | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units: u1, u2 …"""
        return tuple(f"u{at + 1}" for at in range(len(self.level)))

    def endemic(self, periods: int) -> Values:
        """The endemic counts of each unit and period, shape (units, periods)."""
        time = np.arange(periods)
        turn = 2 * np.pi * time / 12
        common = self.change * (time / max(periods - 1, 1) - 0.5)
        common = common + self.slow * np.sin(3 * np.pi * time / max(periods, 1))
        common = common + self.season[0] * np.sin(turn) + self.season[1] * np.cos(turn)
        return np.asarray(np.exp(self.level[:, None] + common[None, :]))

    def draw(self, periods: int, rng: np.random.Generator) -> Counts:
        """A panel of counts by month."""
        values = generate(self.matrix, [1.0], self.endemic(periods), self.dispersion, rng, burn_in=BURN_IN)
        return Counts(self.units, months(periods), "month", values, order=self.order)

    def meant(self, name: str, periods: int) -> float:
        """What stands behind a parameter of the fit of so many periods, by its name. Raises KeyError."""
        part, _, whose = name.partition(":")
        source, _, target = whose.rpartition(">")
        at = {unit: place for place, unit in enumerate(self.units)}
        slope = self.change / max(periods - 1, 1)
        if part == "coupling" and source:
            return float(self.matrix[at[target], at[source]])
        if part == "own":
            return float(self.matrix[at[whose], at[whose]])
        if part == "level":
            return float(self.level[at[whose]] - self.change / 2)
        shared = {"trend": slope, "sin1": self.season[0], "cos1": self.season[1], "dispersion": self.dispersion}
        if self.coupling is not None:
            shared["coupling"] = self.coupling
        if self.decay is not None:
            shared["decay"] = self.decay
        return shared[part]

    def stormy(self) -> Truth:
        """The same world in which trend and season are strong and a slow wave that no model knows lifts all units."""
        return replace(self, name=f"{self.name}, stormy", change=1.0, season=(0.7, -0.5), slow=0.5)

    def uncoupled(self) -> Truth:
        """The same world in which nothing crosses a border."""
        return replace(self, name=f"{self.name}, uncoupled", matrix=np.diag(np.diag(self.matrix)))


def months(number: int) -> tuple[dt.date, ...]:
    """So many first days of months."""
    return tuple(dt.date(FIRST.year + at // 12, at % 12 + 1, 1) for at in range(number))


def chance(*numbers: int) -> np.random.Generator:
    """The generator of one replication: the same numbers give the same panel, however the work is spread."""
    return np.random.default_rng([SEED, *numbers])


def _family(dispersion: float) -> Family:
    return "negbin" if dispersion else "poisson"


def few(units: int, *, dense: bool, dispersion: float = 0.0) -> Truth:
    """Few units with a coefficient for each directed pair: dense, each feeds each; sparse, each the next in a ring."""
    rng = chance(units, dense)
    across = rng.uniform(0.3, 1.0, (units, units)) if dense else np.roll(np.eye(units), 1, axis=0)
    np.fill_diagonal(across, 0.0)
    own = rng.uniform(0.2, 0.4, units)
    matrix = across / across.sum(axis=1, keepdims=True) * 0.35 + np.diag(own)
    return Truth(
        _name(units, dense, dispersion),
        Spec(Endemic(), coupling=Coupling(Free()), family=_family(dispersion)),
        matrix,
        rng.uniform(0.8, 1.8, units),
        dispersion=dispersion,
    )


def many(rows: int = 10, columns: int = 20, *, dense: bool, dispersion: float = 0.0) -> Truth:
    """A grid of units: dense, each feeds all others by a power law of borders between; sparse, those beside it."""
    order = borders(rows, columns)
    units = len(order)
    rng = chance(units, dense)
    coupling, decay = (0.35, 1.8) if dense else (0.1, None)
    with np.errstate(divide="ignore"):
        weights = np.where(order > 0, order.astype(float) ** -(decay or 0.0), 0.0) if dense else 1.0 * (order == 1)
    if dense:
        weights = weights / weights.sum(axis=0, keepdims=True)
    law = PowerLaw("order") if dense else Adjacent()
    return Truth(
        _name(units, dense, dispersion),
        Spec(Endemic(), coupling=Coupling(law, level="one"), family=_family(dispersion)),
        coupling * weights + np.diag(rng.uniform(0.2, 0.4, units)),
        rng.uniform(0.5, 1.5, units),
        dispersion=dispersion,
        order=order,
        coupling=coupling,
        decay=decay,
    )


def borders(rows: int, columns: int) -> NDArray[np.int16]:
    """How many borders lie between the cells of a grid, by the four sides."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    away: Any = np.abs(row[:, None] - row) + np.abs(column[:, None] - column)
    return np.asarray(away, np.int16)


def _name(units: int, dense: bool, dispersion: float) -> str:
    family = "negative binomial" if dispersion else "Poisson"
    return f"{units} units, {'dense' if dense else 'sparse'}, {family}"

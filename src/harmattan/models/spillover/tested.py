"""Whether a coupling is more than coincidence: the tests it must pass before it is called spillover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SpilloverVerdict = Literal["spillover", "coincidence", "no_gain", "none", "cannot_tell"]
"""`spillover`: both tests passed. `coincidence`: shifting the source's surprises in time gives as much. `no_gain`:
forecasts are not better with it on average. `none`: the coefficient is zero. `cannot_tell`: too little to test on."""
LEVEL = 0.05


@dataclass(frozen=True)
class Shifted:
    """The null of coincidence: the source's surprises shifted in time (circularly) under its own trend and memory.

    `found` is the rise of the log-likelihood by the coupling, `null` the same for each shift; `p` is the share of
    shifts, the true one counted among them, that give as much. `adjusted` holds the chance of any false pair among
    all that were tested (`testing.family`).
    """

    found: float
    null: tuple[float, ...]
    p: float
    adjusted: float | None = None

    @property
    def held(self) -> float:
        """The p that a verdict is made from: adjusted where there are several pairs."""
        return self.p if self.adjusted is None else self.adjusted


@dataclass(frozen=True)
class Ahead:
    """One-step forecasts from rolling origins with and without the coupling.

    `gain` is the mean difference of the log scores (larger is better with the coupling) over `origins` origins, with
    its 95 % interval; `p` is one-sided, of the mean being zero or less. `by_unit` has the mean of each unit that
    receives.
    """

    gain: float
    low: float | None
    high: float | None
    p: float | None
    origins: int
    by_unit: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class Crossing:
    """How the residuals of one unit go with those of another `lag` periods later; `p` is adjusted over all pairs."""

    source: str
    target: str
    lag: int
    correlation: float
    p: float


@dataclass(frozen=True)
class Residuals:
    """How well the fitted means and the family describe the counts.

    `pit` has the height of each bin of the non-randomised PIT histogram (Czado, Gneiting & Held 2009,
    doi:10.1111/j.1541-0420.2009.01191.x), 1 everywhere where calibrated; `pit_p` tests that. `lag_p` is the
    Ljung-Box test of Pearson residuals, the smallest over units times the number of units; `lag_by_unit` has that of
    each. `same_period` is the largest correlation between two units within a period, which a shock that reaches both
    would leave; `next_period` the largest with the period after, which is coupling that the model leaves out.
    """

    pit: tuple[float, ...]
    pit_p: float | None
    lag_p: float | None
    lag_by_unit: tuple[tuple[str, float | None], ...] = ()
    same_period: Crossing | None = None
    next_period: Crossing | None = None


@dataclass(frozen=True)
class Tested:
    """The tests of one coupling: of a directed pair, or of all together (`source` and `target` None)."""

    source: str | None
    target: str | None
    coefficient: float
    shifted: Shifted | None
    ahead: Ahead | None

    @property
    def verdict(self) -> SpilloverVerdict:
        """What may be said.

        The error is held by the shifts alone, over all pairs. Forecasts must be better on average; that they be better
        beyond chance is not asked: over 36 origins a true coupling of 0.25 is that in one case out of ten.
        """
        if self.coefficient <= 0:
            return "none"
        if self.shifted is None or self.ahead is None or self.ahead.p is None:
            return "cannot_tell"
        if self.shifted.held > LEVEL:
            return "coincidence"
        return "spillover" if self.ahead.gain > 0 else "no_gain"

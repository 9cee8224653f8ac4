"""Whether a coupling is more than coincidence: the tests it must pass before it is called spillover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SpilloverVerdict = Literal["spillover", "coincidence", "no_gain", "none", "cannot_tell"]
"""`spillover`: both tests passed. `coincidence`: shifting the source in time gives as much. `no_gain`: forecasts are
not better with it. `none`: the coefficient is zero. `cannot_tell`: too little to test on."""
LEVEL = 0.05


@dataclass(frozen=True)
class Shifted:
    """The null of coincidence: the source's series shifted in time (circularly), and the model fitted again.

    `found` is the rise of the log-likelihood by the coupling, `null` the same for each shift; `p` is the share of
    shifts, the true one counted among them, that give as much.
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
    its 95 % interval; `p` is one-sided, of the mean being zero or less.
    """

    gain: float
    low: float | None
    high: float | None
    p: float | None
    origins: int
    by_unit: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class Residuals:
    """How well the fitted means and the family describe the counts.

    `pit` has the height of each bin of the non-randomised PIT histogram (Czado, Gneiting & Held 2009,
    doi:10.1111/j.1541-0420.2009.01191.x), 1 everywhere where calibrated; `pit_p` tests that. `lag_p` is the
    Ljung-Box test of Pearson residuals, the smallest over units times the number of units.
    """

    pit: tuple[float, ...]
    pit_p: float | None
    lag_p: float | None


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
        """What may be said."""
        if self.coefficient <= 0:
            return "none"
        if self.shifted is None or self.ahead is None or self.ahead.p is None:
            return "cannot_tell"
        if self.shifted.held > LEVEL:
            return "coincidence"
        return "spillover" if self.ahead.p <= LEVEL else "no_gain"

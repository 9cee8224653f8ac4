"""What a spillover model is made of: its parts, its weights between units, its lags and its family."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["one", "each", "shrunk"]
"""One coefficient for all units, one for each, or one for each drawn towards their mean (a random effect)."""
Family = Literal["poisson", "negbin", "negbin_each"]
"""Negative binomial with the variance mean + dispersion * mean**2: one dispersion, or one for each unit."""


@dataclass(frozen=True)
class Endemic:
    """What comes of itself: exp(level + trend * t + season + covariates), times population where that is asked for.

    `trend` is in periods counted from the first of the counts, where it is 0; `seasons` is how many sines and cosines
    of a year, from the same origin. `trends` says whether trend, season and covariates are the same for all units or
    each unit has its own.
    """

    level: Level = "each"
    trend: bool = True
    seasons: int = 1
    covariates: tuple[str, ...] = ()
    population: bool = False
    trends: Literal["one", "each"] = "one"


@dataclass(frozen=True)
class Own:
    """What the unit's own past brings: its coefficient times the lagged counts of the unit."""

    level: Level = "each"


@dataclass(frozen=True)
class Adjacent:
    """The weight from a unit to one beside it is 1; `shared`: a unit's weights to those beside it add up to 1."""

    shared: bool = False


@dataclass(frozen=True)
class PowerLaw:
    """The weight is (order)**-decay or (1 + km/scale)**-decay, up to `most`; the decay is estimated where it is None.

    `of` says by what: how many borders lie between (Meyer & Held 2014, doi:10.1214/14-AOAS743) or kilometres.
    `shared`: a unit's weights to the others add up to 1.
    """

    of: Literal["order", "km"] = "order"
    decay: float | None = None
    most: float | None = None
    shared: bool = True
    scale: float = 100.0


@dataclass(frozen=True)
class Free:
    """A coefficient for each directed pair, zero or more: for few units. `pairs` are (from, to); none: every pair."""

    pairs: tuple[tuple[str, str], ...] = ()


Weights = Adjacent | PowerLaw | Free


@dataclass(frozen=True)
class Coupling:
    """What the past of others brings: a coefficient of the unit that receives, times weights, times lagged counts.

    With `Free` weights the level is not used: each pair has its own coefficient.
    """

    weights: Weights = field(default_factory=Free)
    level: Level = "one"


@dataclass(frozen=True)
class Lags:
    """How far the past reaches: `most` periods; their weights add up to 1 and are the same for own and others' past.

    `first`: the last period alone (`most` is 1). `geometric`: weight in proportion to p**(d-1), p estimated. `free`:
    any weights, estimated. Bracher & Held 2022, doi:10.1016/j.ijforecast.2020.07.002.
    """

    most: int = 1
    shape: Literal["first", "geometric", "free"] = "first"


@dataclass(frozen=True)
class Spec:
    """A multivariate endemic-epidemic model of counts.

    The mean of unit i in period t is endemic_it + own_i * sum_d u_d y_i,t-d + sum_j coupling_ij * sum_d u_d y_j,t-d.
    Held & Paul 2012, doi:10.1002/bimj.201200037; Meyer & Held 2014, doi:10.1214/14-AOAS743.
    """

    endemic: Endemic = field(default_factory=Endemic)
    own: Own | None = field(default_factory=Own)
    coupling: Coupling | None = field(default_factory=Coupling)
    lags: Lags = field(default_factory=Lags)
    family: Family = "negbin"

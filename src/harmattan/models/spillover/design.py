"""A specification compiled for counts: which parameters there are, and where each enters the mean of a unit.

The mean of unit i in period t is made of columns, the same for every unit: the linear predictor of the endemic part
(level, trend, season, covariates), own past, others' past (one column for each unit it may come from where weights are
free), decay, lag weights and dispersion. `index[i, column]` is the parameter that stands there for unit i: a parameter
of all units stands in every row.

Names of parameters: `level`, `trend`, `sin1`, `cos1`, `covariate:NAME`, `own`, `coupling`, `decay`, `lag` (logit of the
ratio of geometric weights), `lag2` ... (logits of free weights against the first), `dispersion`; those of one unit have
its name behind them, `own:MLI`, and free weights the pair, `coupling:MLI>BFA`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import A_YEAR, Counts, Values
from harmattan.models.spillover.spec import Free, Spec
from harmattan.models.spillover.weights import Pattern, Positions, among, between
from harmattan.text import T, Verbatim, listing

MOST_FREE = 30
"""Free weights between more units than these would have more coefficients than any data can tell."""


@dataclass(frozen=True)
class Columns:
    """At which columns each part of the mean stands."""

    endemic: slice
    own: slice
    coupling: slice
    decay: slice
    lags: slice
    dispersion: slice
    count: int


@dataclass(frozen=True)
class Design:
    """A specification compiled for units and periods; it can be fitted to other counts of the same shape.

    `index` has the shape (units fitted, columns), with the number of parameters where a unit has nothing in a column.
    `kept` are the units that are fitted, by position. `x` are the columns of the endemic predictor without the level,
    shape (1 or units, columns, periods fitted); `offset` the logarithm of the population, shape (units, periods).
    `sources` are the units whose past enters the free columns, shape (units, columns), by position among those kept,
    and the number of units where there is none.
    """

    spec: Spec
    counts: Counts = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    kept: Positions = field(repr=False)
    columns: Columns
    index: Positions = field(repr=False)
    x: Values = field(repr=False)
    offset: Values | None = field(repr=False)
    pattern: Pattern | None = field(repr=False)
    sources: Positions | None = field(repr=False)

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units that are fitted."""
        return tuple(self.counts.units[at] for at in self.kept)

    @property
    def first(self) -> int:
        """The position of the first period that is fitted: earlier ones are the past of it alone."""
        return self.spec.lags.most

    @property
    def left_out(self) -> tuple[str, ...]:
        """Units that are not fitted."""
        kept = set(self.kept.tolist())
        return tuple(name for at, name in enumerate(self.counts.units) if at not in kept)

    @property
    def local(self) -> list[int]:
        """The columns whose parameters are of one unit each."""
        return [at for at in range(self.columns.count) if at not in set(self.shared)]

    @property
    def shared(self) -> list[int]:
        """The columns whose parameter is the same for all units."""
        one = (self.index == self.index[:1]).all(axis=0) & (len(self.kept) > 1)
        return [int(at) for at in np.nonzero(one & (self.index[0] < len(self.names)))[0]]

    def column(self, name: str) -> tuple[int, int]:
        """The first unit and the column in which a parameter stands."""
        rows, columns = np.nonzero(self.index == self.names.index(name))
        return int(rows[0]), int(columns[0])


class _Layout:
    """Lays out columns one after the other and numbers their parameters."""

    def __init__(self, units: Sequence[str]) -> None:
        self.units = units
        self.columns: list[list[str]] = []

    def one(self, *names: str) -> slice:
        """Columns whose parameter is of all units."""
        start = len(self.columns)
        self.columns += [[name] * len(self.units) for name in names]
        return slice(start, len(self.columns))

    def each(self, *names: str) -> slice:
        """Columns with a parameter for each unit."""
        return self.given([[f"{name}:{unit}" for unit in self.units] for name in names])

    def given(self, columns: Sequence[list[str]]) -> slice:
        """Columns with these parameters by unit; an empty name is none."""
        start = len(self.columns)
        self.columns += columns
        return slice(start, len(self.columns))

    def numbered(self) -> tuple[tuple[str, ...], Positions]:
        """The names of the parameters, column after column, and where each stands."""
        names: dict[str, int] = {}
        for column in self.columns:
            for name in column:
                if name:
                    names.setdefault(name, len(names))
        index = np.array([[names.get(name, len(names)) for name in column] for column in self.columns], dtype=np.intp)
        return tuple(names), np.ascontiguousarray(index.T)


def _pairs(units: Sequence[str], weights: Free) -> tuple[list[list[str]], Positions]:
    """The names of the free columns, column by unit, and the sources that stand there, unit by column."""
    wanted = [
        [
            source
            for source, other in enumerate(units)
            if source != target and (not weights.pairs or (other, name) in weights.pairs)
        ]
        for target, name in enumerate(units)
    ]
    most = max(map(len, wanted))
    sources = np.full((len(units), most), len(units), dtype=np.intp)
    names = [[""] * len(units) for _ in range(most)]
    for target, row in enumerate(wanted):
        for column, source in enumerate(row):
            sources[target, column] = source
            names[column][target] = f"coupling:{units[source]}>{units[target]}"
    return names, sources


def _refuse(counts: Counts, spec: Spec) -> None:
    """Raises UsageError where the counts cannot be fitted."""
    periods, lags = len(counts.starts), spec.lags.most
    if lags < 1 or (spec.lags.shape == "first" and lags != 1):
        raise UsageError(T("Lags reach back one period or more; those of the shape 'first' reach back one."))
    if periods <= lags + 1:
        raise UsageError(
            T("{n} periods are too few to fit a spillover model with a past of {lags}.", n=periods, lags=lags),
            do=T("Take a longer span or shorter periods."),
        )
    if not np.nansum(counts.values) > 0:
        raise UsageError(T("There are no counts at all: a spillover model has nothing to fit."))
    if spec.endemic.population and counts.population is None:
        raise UsageError(T("The endemic part cannot be scaled by population: no population is given."))
    if spec.coupling is not None and isinstance(spec.coupling.weights, Free):
        unknown = sorted({name for pair in spec.coupling.weights.pairs for name in pair} - set(counts.units))
        if unknown:
            raise UsageError(T("There are no counts of {units}.", units=listing([Verbatim(unit) for unit in unknown])))
    missing = [name for name in spec.endemic.covariates if name not in counts.covariates]
    if missing:
        raise UsageError(
            T("There are no covariates called {names}.", names=listing([Verbatim(name) for name in missing]))
        )


def _kept(counts: Counts, spec: Spec) -> Positions:
    """The units of which something can be learnt.

    With a level, trend or dispersion of its own a unit without any count would have an endemic part of zero, which
    tells nothing. Where these are the same for all, its zeros tell of them, and it is kept.
    """
    alone = spec.endemic.level == "each" or spec.endemic.trends == "each" or spec.family == "negbin_each"
    fitted = counts.values[:, spec.lags.most :]
    kept = np.nonzero(np.nansum(fitted, axis=1) > 0 if alone else np.isfinite(fitted).any(axis=1))[0]
    if not np.nansum(fitted) > 0:
        raise UsageError(T("There are no counts at all: a spillover model has nothing to fit."))
    free = spec.coupling is not None and isinstance(spec.coupling.weights, Free)
    if free and len(kept) > MOST_FREE:
        raise UsageError(
            T("Free weights are for {most} units at the most; there are {n}.", most=MOST_FREE, n=len(kept)),
            do=T("Take weights by neighbours or by distance."),
        )
    return kept


def _predictor(counts: Counts, spec: Spec, kept: Positions) -> tuple[list[str], Values]:
    """The names and columns of the endemic predictor beside the level."""
    time = np.arange(len(counts.starts), dtype=np.float64)
    names, rows = (["trend"], [time]) if spec.endemic.trend else ([], [])
    for n in range(1, spec.endemic.seasons + 1):
        angle = 2 * np.pi * n * time / A_YEAR[counts.every]
        names += [f"sin{n}", f"cos{n}"]
        rows += [np.sin(angle), np.cos(angle)]
    x = np.array(rows).reshape(1, len(rows), len(time))[:, :, spec.lags.most :]
    if spec.endemic.covariates:
        known = np.stack([counts.covariates[name][kept, spec.lags.most :] for name in spec.endemic.covariates], axis=1)
        x = np.concatenate([np.broadcast_to(x, (len(kept), *x.shape[1:])), known], axis=1)
    return names + [f"covariate:{name}" for name in spec.endemic.covariates], x


def _offset(counts: Counts, spec: Spec, kept: Positions) -> Values | None:
    """The logarithm of the population."""
    if not spec.endemic.population or counts.population is None:
        return None
    people = counts.population[kept, spec.lags.most :]
    if not np.all(people > 0):
        raise UsageError(T("The endemic part cannot be scaled by a population that is unknown or zero."))
    return np.log(people)


def design(counts: Counts, spec: Spec) -> Design:
    """Compiles a specification for these counts. Raises UsageError where nothing can be fitted."""
    _refuse(counts, spec)
    kept = _kept(counts, spec)
    units = [counts.units[at] for at in kept]
    layout, pattern, sources = _Layout(units), None, None
    names, x = _predictor(counts, spec, kept)
    start = (layout.one if spec.endemic.level == "one" else layout.each)("level").start
    end = (layout.one if spec.endemic.trends == "one" else layout.each)(*names).stop
    own = layout.one() if spec.own is None else (layout.one if spec.own.level == "one" else layout.each)("own")
    coupling = decay = layout.one()
    if spec.coupling is not None and len(units) > 1:
        weights = spec.coupling.weights
        if isinstance(weights, Free):
            columns, sources = _pairs(units, weights)
            coupling = layout.given(columns)
        else:
            pattern = among(between(counts, weights), kept)
            coupling = (layout.one if spec.coupling.level == "one" else layout.each)("coupling")
            decay = layout.one("decay") if pattern.between.estimated else layout.one()
    past = own.stop > own.start or coupling.stop > coupling.start
    logits = {"first": [], "geometric": ["lag"], "free": [f"lag{d}" for d in range(2, spec.lags.most + 1)]}
    lags = layout.one(*(logits[spec.lags.shape] if past and spec.lags.most > 1 else []))
    dispersion = {"poisson": layout.one, "negbin": layout.one, "negbin_each": layout.each}[spec.family](
        *([] if spec.family == "poisson" else ["dispersion"])
    )
    parts = Columns(slice(start, end), own, coupling, decay, lags, dispersion, len(layout.columns))
    known, index = layout.numbered()
    return Design(spec, counts, known, kept, parts, index, x, _offset(counts, spec, kept), pattern, sources)

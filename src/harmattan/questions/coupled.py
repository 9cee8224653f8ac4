"""The spillover model of what was counted, fitted and tested once for all questions that rest on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.lake.kept import key_of
from harmattan.lake.shelf import Held
from harmattan.models.spillover.counts import A_YEAR, Counts, Every
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Free, Lags, Own, PowerLaw, Spec, Weights
from harmattan.questions.counted_periods import Periods
from harmattan.questions.counted_units import Counted, counted_units, framed, unit_of
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.unit_order import order_of_areas, order_of_cells, order_of_countries
from harmattan.questions.world import Scope, World
from harmattan.text import T, Verbatim

if TYPE_CHECKING:
    from harmattan.models.spillover.drawn import Drawn
    from harmattan.models.spillover.fitted import Fit
    from harmattan.models.spillover.flows import Flows
    from harmattan.models.spillover.profile import Interval
    from harmattan.models.spillover.tested import Residuals, Tested

ACCEPTS = ("country", "start", "end", "by", "kind", "actor", "level", "measure", "every", "dates", "weights", "source",
           "event_type", *ALWAYS)  # fmt: skip
"""What every question that rests on the model takes."""
LAGS: Mapping[Every, int] = {"month": 6, "week": 12, "day": 28}
"""How many periods the past reaches, with geometric weights whose ratio is estimated."""
MOST_FREE = 12
"""Between more units than these each pair has no coefficient of its own here: there would be too many to test."""
SEASONS = 2
"""Years from which on a season is fitted."""
SHIFTS, ORIGINS, DRAWS, SEED = 199, 36, 1000, 612

LEVEL = 0.95
"""Of every interval."""
Pair = tuple[str, str]
"""From which unit to which."""


@dataclass(frozen=True)
class Fitted:
    """A model of counts, and what the tests say of each coupling. It knows nothing of where the counts are from."""

    fit: Fit = field(repr=False)
    otherwise: Fit | None = field(repr=False)
    """The same with imprecise dates treated the other way; None where that leaves nothing to fit."""
    tested: Mapping[Pair, Tested] = field(repr=False)
    together: Tested | None = field(repr=False)

    @property
    def free(self) -> bool:
        """Whether each directed pair has a coefficient of its own."""
        return self.fit.spec.coupling is not None and isinstance(self.fit.spec.coupling.weights, Free)

    @property
    def passed(self) -> tuple[Pair, ...]:
        """The pairs that both tests let be called spillover."""
        return tuple(pair for pair, found in self.tested.items() if found.verdict == "spillover")

    @cached_property
    def drawn(self) -> Drawn:
        """What is not known of the parameters."""
        return drawn_of(self.fit)

    @cached_property
    def flows(self) -> Flows:
        """What is expected of each unit in parts, with intervals."""
        from harmattan.models.spillover.flows import flows

        return flows(self.fit, drawn=self.drawn, coefficients=self.intervals, chains=False)

    @cached_property
    def intervals(self) -> Mapping[str, Interval]:
        """The interval of each coefficient of own and others' past by its name, from the draws."""
        from harmattan.models.spillover.drawn import span

        low, high = span(self.drawn.theta, LEVEL)
        return {
            name: (float(low[at]), float(high[at]))
            for at, name in enumerate(self.drawn.names)
            if name.partition(":")[0] in ("own", "coupling")
        }

    @cached_property
    def flows_otherwise(self) -> Flows | None:
        """The same with imprecise dates treated the other way, without intervals."""
        from harmattan.models.spillover.flows import flows

        other = self.otherwise
        if other is None or other is self.fit:
            return None if other is None else self.flows
        return flows(other, drawn=undrawn(other), chains=False)

    @cached_property
    def residuals(self) -> Residuals:
        """How well the model describes the counts."""
        from harmattan.models.spillover.residuals import residuals

        return residuals(self.fit)

    @cached_property
    def trusted(self) -> Fit:
        """The model with those couplings alone that passed their tests."""
        from harmattan.models.spillover.fit import fit

        spec = self.trusted_spec
        return self.fit if spec == self.fit.spec else fit(self.fit.counts, spec)

    @property
    def trusted_spec(self) -> Spec:
        """Its specification."""
        spec = self.fit.spec
        if self.free:
            return replace(spec, coupling=Coupling(Free(self.passed)) if self.passed else None)
        kept = self.together is not None and self.together.verdict == "spillover"
        return spec if kept else replace(spec, coupling=None)

    @cached_property
    def trusted_drawn(self) -> Drawn:
        """What is not known of its parameters."""
        return self.drawn if self.trusted is self.fit else drawn_of(self.trusted)


@dataclass(frozen=True)
class Coupled:
    """What was counted, and the model of it."""

    counted: Counted
    fitted: Fitted


_FITTED: OrderedDict[str, Fitted] = OrderedDict()
"""The models that were asked for last, by what they are fitted to: the same counts have the same model, whichever
world they are counted in and whatever releases came since."""
MOST_FITTED = 16


def coupled(world: World, params: Params) -> tuple[Scope, Coupled | None]:
    """What is asked about, and the model of it, fitted and tested once; no model where nothing is covered.

    Raises UsageError where there is too little to fit.
    """
    scope, periods = framed(world, params)
    if periods is None:
        return scope, None
    by = tuple(name for name in scope.params.by if name != "month")
    asked = replace(scope.params, by=by, window=12)
    key = f"coupled {asked!r} {sorted((ref.name, ref.digest) for ref in scope.releases)}"
    if key not in world._draws:
        world._draws[key] = _coupled(world, scope, periods)
    found: Coupled = world._draws[key]
    return replace(scope, along=found.counted.scope.along), found


def _coupled(world: World, scope: Scope, periods: Periods) -> Coupled:
    made = _ordered(world, counted_units(world, scope, periods))
    spec, otherwise = spec_of(made), replace(made.otherwise, order=made.counts.order) if made.loose else None
    key = key_of([repr(spec), SHIFTS, ORIGINS, DRAWS, SEED, *_said(made.counts), *_said(otherwise)],
                 [*_arrays(made.counts), *_arrays(otherwise)])  # fmt: skip
    found = _FITTED.pop(key, None) or _fitted(made.counts, otherwise, spec)
    _FITTED[key] = found
    while len(_FITTED) > MOST_FITTED:
        _FITTED.popitem(last=False)
    return Coupled(made, found)


def _said(counts: Counts | None) -> list[Any]:
    """All of some counts that is no array."""
    if counts is None:
        return [None]
    days = [day.isoformat() for day in (counts.starts[:1] + counts.starts[-1:])]
    laid = [counts.order is not None, counts.km is not None, counts.population is not None, *sorted(counts.covariates)]
    return [list(counts.units), days, counts.every, laid]


def _arrays(counts: Counts | None) -> list[Any]:
    if counts is None:
        return []
    there = [counts.values, counts.order, counts.km, counts.population]
    return [array for array in there if array is not None] + [
        counts.covariates[name] for name in sorted(counts.covariates)
    ]


def _fitted(counts: Counts, counted_otherwise: Counts | None, spec: Spec) -> Fitted:
    from harmattan.models.spillover.fit import fit
    from harmattan.models.spillover.testing import tested

    found = fit(counts, spec)
    tests = tested(counts, spec, shifts=SHIFTS, origins=ORIGINS, seed=SEED, fitted=found)
    pairs = {(one.source, one.target): one for one in tests if one.source is not None and one.target is not None}
    together = next((one for one in tests if one.source is None), None)
    otherwise: Fit | None = found
    if counted_otherwise is not None:
        try:
            otherwise = fit(counted_otherwise, spec)
        except UsageError:
            otherwise = None
    return Fitted(found, otherwise, pairs, together)


def drawn_of(found: Fit) -> Drawn:
    """Draws of the parameters of a fit, by the curvature of its likelihood."""
    from harmattan.models.spillover.drawn import likely

    return likely(found, DRAWS, rng=np.random.default_rng(SEED))


def undrawn(found: Fit) -> Drawn:
    """No draws, where intervals are not shown."""
    from harmattan.models.spillover.drawn import Drawn

    return Drawn("likelihood", found.names, np.zeros((0, len(found.names))), (), 0)


def weights_of(params: Params) -> str:
    """How the past of one unit reaches the others: as said, else free between countries or groups, else adjacent."""
    by = unit_of(params)
    said = params.weights or ("free" if by in ("country", "group") else "adjacent")
    if by == "group" and said != "free":
        raise UsageError(
            T("Groups have no places beside each other: between them weights are free."), do=T("Leave --weights out.")
        )
    return said


def _ordered(world: World, made: Counted) -> Counted:
    """With how the units lie to each other, where the weights go by that. Raises UsageError for too many free pairs."""
    params, by = made.scope.params, made.by
    weights, keys = weights_of(params), made.counts.units
    if weights == "free":
        if len(keys) > MOST_FREE:
            raise UsageError(
                T("A coefficient for each pair of {n} units is too much to estimate and test.", n=len(keys)),
                available=T("At most {most} can be.", most=MOST_FREE),
                do=T("Ask about fewer, or say --weights {name}.", name=Verbatim("adjacent")),
            )
        return made
    held: tuple[Held, ...] = ()
    if by == "country":
        order, held = order_of_countries(world, params, keys)
    elif by == "admin1":
        order = order_of_areas(world, params, keys)
    else:
        order = order_of_cells([int(key) for key in keys])
    scope = replace(made.scope, along=(*made.scope.along, *held))
    return replace(made, scope=scope, counts=replace(made.counts, order=order))


def spec_of(made: Counted) -> Spec:
    """The model of what was counted.

    With free weights every parameter but the lags' is each unit's own; with weights by order the units share the
    trend, the season, the dispersion and the coefficients of the past.
    """
    weights: Mapping[str, Weights] = {"free": Free(), "adjacent": Adjacent(shared=True), "power_law": PowerLaw()}
    said, every = weights_of(made.scope.params), made.counts.every
    seasons = 1 if len(made.counts.starts) >= SEASONS * A_YEAR[every] else 0
    lags = Lags(LAGS[every], "geometric")
    if said == "free":
        endemic = Endemic("each", seasons=seasons, trends="each")
        return Spec(endemic, Own("each"), Coupling(Free()), lags, "negbin_each")
    return Spec(Endemic("each", seasons=seasons), Own("one"), Coupling(weights[said], "one"), lags, "negbin")

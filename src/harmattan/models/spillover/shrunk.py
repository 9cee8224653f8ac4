"""Coefficients of each unit that are drawn towards their mean: random effects on the logarithmic scale.

Levels of the endemic part, and logarithms of coefficients of own and others' past, are Gaussian around a mean of all
units (Paul & Held 2011, doi:10.1002/sim.4177). For a given spread the penalised likelihood is largest at the estimates
(Breslow & Clayton 1993, doi:10.1080/01621459.1993.10594284); the spread is then the sum of squares of what the effects
deviate over the degrees of freedom that the data leave to them (Schall 1991, doi:10.1093/biomet/78.4.719), in turns
until nothing moves. A logarithm cannot reach an absent coefficient: who tests for absence takes the level `each`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.design import Design
from harmattan.models.spillover.likelihood import Evaluated, Problem, evaluate
from harmattan.models.spillover.search import Bounds, Found, Mask, Search, covariance_of
from harmattan.models.spillover.weights import Positions

TURNS = 300
MOVED = 2e-4
"""The spreads stand where none moves by more in a turn: coefficients by 0.02 % then."""
LEAST, MOST = 0.02, 5.0
"""Standard deviations between which a spread is sought: below, coefficients are as good as the same."""
LOWEST = -15.0
"""The lowest logarithm of a coefficient."""


@dataclass(frozen=True)
class Shrinkage:
    """What effects are drawn to: shape (parameters,) each.

    `logged` are parameters whose logarithm is an effect, `centre` what each is drawn to, `pull` one over the variance,
    0 where a parameter is drawn nowhere.
    """

    logged: Mask
    centre: Values
    pull: Values


def effects(of: Design) -> Mapping[str, Positions]:
    """The parameters that are effects, by kind: level, own, coupling."""
    columns, spec = of.columns, of.spec
    found: dict[str, Positions] = {}
    if spec.endemic.level == "shrunk":
        found["level"] = of.index[:, columns.endemic.start]
    if spec.own is not None and spec.own.level == "shrunk":
        found["own"] = of.index[:, columns.own.start]
    if spec.coupling is not None and spec.coupling.level == "shrunk" and of.pattern is not None:
        found["coupling"] = of.index[:, columns.coupling.start]
    return found


class Drawn(Search):
    """A search for the largest penalised likelihood, by logarithms where these are effects."""

    def __init__(self, of: Problem, bounds: Bounds, to: Shrinkage) -> None:
        with np.errstate(divide="ignore"):
            low = np.where(to.logged, LOWEST, bounds.low)
            high = np.where(to.logged, np.log(np.where(to.logged, bounds.high, 1.0)), bounds.high)
        super().__init__(of, Bounds(low, high, bounds.cut | to.logged))
        self.to = to

    def natural(self, theta: Values) -> Values:
        """Parameters as they enter the mean."""
        return np.where(self.to.logged, np.exp(np.where(self.to.logged, theta, 0.0)), theta)

    def inner(self, theta: Values) -> Values:
        """Parameters as they are searched."""
        return np.where(self.to.logged, np.log(np.maximum(np.where(self.to.logged, theta, 1.0), 1e-6)), theta)

    def likelihood(self, theta: Values) -> Values:
        """The penalised log-likelihood of each group."""
        lost = self.to.pull * (theta - self.to.centre) ** 2 / 2
        return super().likelihood(self.natural(theta)) - self.by_group(lost)

    def evaluated(self, theta: Values) -> Evaluated:
        """Gradient and information of the penalised log-likelihood."""
        natural = self.natural(theta)
        found = evaluate(self.of, natural)
        scale = np.append(np.where(self.to.logged, natural, 1.0), 1.0)[self.index]
        gradient = found.gradient * scale
        information = found.information * scale[:, :, None] * scale[:, None]
        at = np.arange(information.shape[1])
        information[:, at, at] -= np.where(np.append(self.to.logged, False)[self.index], gradient, 0.0)
        information[:, at, at] += np.append(self.to.pull, 0.0)[self.index]
        gradient -= np.append(self.to.pull * (theta - self.to.centre), 0.0)[self.index]
        return Evaluated(gradient, information)


def search(of: Problem, bounds: Bounds, start: Values) -> tuple[Found, Shrinkage]:
    """Effects and their spread in turns, from parameters as they enter the mean."""
    kinds = effects(of.design)
    many = len(of.design.names)
    logged = np.zeros(many, dtype=bool)
    for kind, places in kinds.items():
        logged[places] = kind != "level"
    to = Shrinkage(logged, np.zeros(many), np.zeros(many))
    spreads = dict.fromkeys(kinds, 0.5)
    inner, steps, converged = Drawn(of, bounds, to).inner(start), 0, False
    for _ in range(TURNS):
        to = _drawn_to(to, kinds, inner, spreads)
        one = Drawn(of, bounds, to)
        found = one.run(inner)
        inner, steps = found.theta, steps + found.steps
        errors = covariance_of(one, inner)[0]
        new = {
            kind: _spread(inner[places], errors[np.ix_(places, places)], spreads[kind])
            for kind, places in kinds.items()
        }
        still = all(abs(new[kind] - spreads[kind]) <= MOVED for kind in kinds)
        centred = all(abs(inner[places].mean() - to.centre[places[0]]) < MOVED for places in kinds.values())
        spreads, converged = new, found.converged
        if still and centred:
            break
    else:
        converged = False
    return Found(Drawn(of, bounds, to).natural(inner), converged, steps), to


def _drawn_to(to: Shrinkage, kinds: Mapping[str, Positions], inner: Values, spreads: Mapping[str, float]) -> Shrinkage:
    """Where effects are drawn now."""
    centre, pull = to.centre.copy(), to.pull.copy()
    for kind, places in kinds.items():
        centre[places] = inner[places].mean()
        pull[places] = 1 / spreads[kind] ** 2
    return replace(to, centre=centre, pull=pull)


def _spread(effects: Values, errors: Values, before: float) -> float:
    """The next spread of effects whose errors have this covariance under the last, both around their mean."""
    known = np.where(np.isfinite(errors), errors, 0.0)
    known += np.diag(np.where(np.isfinite(np.diag(errors)), 0.0, before**2))
    unsaid = float(np.trace(known) - known.mean() * len(effects)) / before**2
    free = max(len(effects) - 1 - unsaid, 1e-3)
    after = float(np.sqrt(((effects - effects.mean()) ** 2).sum() / free))
    return float(np.clip(after, max(LEAST, before / 3), min(MOST, 3 * before)))


def covariance(of: Problem, bounds: Bounds, theta: Values, to: Shrinkage) -> tuple[Values, tuple[str, ...]]:
    """The inverse of the penalised information, by parameters as they enter the mean."""
    one = Drawn(of, bounds, to)
    whole, out = covariance_of(one, one.inner(theta))
    scale = np.where(to.logged, theta, 1.0)
    return whole * np.outer(scale, scale), out


def spreads(of: Design, to: Shrinkage) -> dict[str, float]:
    """The standard deviation of the effects by kind."""
    return {kind: float(to.pull[places[0]] ** -0.5) for kind, places in effects(of).items()}

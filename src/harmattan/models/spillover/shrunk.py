"""Coefficients of each unit that are drawn towards their mean: random effects on the logarithmic scale.

Levels of the endemic part, and logarithms of coefficients of own and others' past, are Gaussian around a mean of all
units (Paul & Held 2011, doi:10.1002/sim.4177). For a given spread the penalised likelihood is largest at the estimates
(Breslow & Clayton 1993, doi:10.1080/01621459.1993.10594284); the spread is then the sum of squares of what the effects
deviate over the degrees of freedom that the data leave to them (Schall 1991, doi:10.1093/biomet/78.4.719), in turns
until nothing moves. A logarithm cannot reach an absent coefficient: who tests for absence takes the level `each`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

    `logged` are parameters whose logarithm is an effect, `pull` one over the variance, 0 where a parameter is drawn
    nowhere, `kind` which of the `kinds` it is of, by position. The centres, one for each kind, stand behind the
    parameters where these are searched.
    """

    kinds: Mapping[str, Positions]
    logged: Mask
    pull: Values
    kind: Positions

    @classmethod
    def of(cls, design: Design, spreads: Mapping[str, float]) -> Shrinkage:
        """The effects of a design with these standard deviations by kind."""
        kinds, many = effects(design), len(design.names)
        logged, pull, kind = np.zeros(many, dtype=bool), np.zeros(many), np.zeros(many, dtype=np.intp)
        for at, (name, places) in enumerate(kinds.items()):
            logged[places], pull[places], kind[places] = name != "level", spreads[name] ** -2.0, at
        return cls(kinds, logged, pull, kind)


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
    """A search for the largest penalised likelihood, by logarithms where these are effects, with their centres."""

    def __init__(self, of: Problem, bounds: Bounds, to: Shrinkage) -> None:
        none, many = np.zeros(len(to.kinds)), len(of.design.names)
        low = np.where(to.logged, LOWEST, bounds.low)
        high = np.where(to.logged, np.log(np.where(to.logged, bounds.high, 1.0)), bounds.high)
        super().__init__(
            of,
            Bounds(
                np.concatenate([low, none - np.inf]),
                np.concatenate([high, none + np.inf]),
                np.concatenate([bounds.cut | to.logged, none > 0]),
            ),
        )
        self.to, self.many, self.parameters = to, many, many + len(to.kinds)
        units, columns = of.design.index.shape
        centres = np.broadcast_to(many + np.arange(len(to.kinds)), (units, len(to.kinds)))
        own = np.where(of.design.index == many, self.parameters, of.design.index)
        self.index = np.concatenate([own, centres], axis=1)
        self.shared = np.append(self.shared, columns + np.arange(len(to.kinds)))
        self.apart = False
        self.unseen = np.array([self.unseen.sum()])
        self.at_shared, self.at_local = self.index[0, self.shared], self.index[:, self.local]

    def natural(self, theta: Values) -> Values:
        """Parameters as they enter the mean."""
        inner = theta[: self.many]
        return np.where(self.to.logged, np.exp(np.where(self.to.logged, inner, 0.0)), inner)

    def inner(self, theta: Values) -> Values:
        """Parameters as they are searched."""
        found = np.where(self.to.logged, np.log(np.maximum(np.where(self.to.logged, theta, 1.0), 1e-6)), theta)
        return np.concatenate([found, [found[places].mean() for places in self.to.kinds.values()]])

    def off(self, theta: Values) -> Values:
        """How far parameters are from their centre, times their pull."""
        return self.to.pull * (theta[: self.many] - theta[self.many + self.to.kind])

    def likelihood(self, theta: Values) -> Values:
        """The penalised log-likelihood."""
        off = self.off(theta)
        lost = off @ np.where(self.to.pull > 0, off / np.where(self.to.pull > 0, self.to.pull, 1.0), 0.0) / 2
        return super().likelihood(self.natural(theta)) - lost

    def evaluated(self, theta: Values) -> Evaluated:
        """Gradient and information of the penalised log-likelihood."""
        natural = self.natural(theta)
        found = evaluate(self.of, natural)
        units, columns = found.gradient.shape
        index = self.of.design.index
        scale = np.append(np.where(self.to.logged, natural, 1.0), 1.0)[index]
        gradient, information = np.zeros(self.index.shape), np.zeros((units, *[self.index.shape[1]] * 2))
        gradient[:, :columns] = found.gradient * scale
        information[:, :columns, :columns] = found.information * scale[:, :, None] * scale[:, None]
        at = np.arange(columns)
        information[:, at, at] -= np.where(np.append(self.to.logged, False)[index], gradient[:, :columns], 0.0)
        off = np.append(self.off(theta), 0.0)[index]
        for n, places in enumerate(self.to.kinds.values()):
            column, centre = int(np.nonzero(index[0] == places[0])[0][0]), columns + n
            pull = self.to.pull[places]
            gradient[:, column] -= off[:, column]
            gradient[:, centre] = off[:, column]
            information[:, column, column] += pull
            information[:, centre, centre] = pull
            information[:, column, centre] = information[:, centre, column] = -pull
        return Evaluated(gradient, information)


def search(of: Problem, bounds: Bounds, start: Values) -> tuple[Found, Shrinkage]:
    """Effects and their spread in turns, from parameters as they enter the mean."""
    kinds = effects(of.design)
    spreads = dict.fromkeys(kinds, 0.5)
    to = Shrinkage.of(of.design, spreads)
    inner, steps = Drawn(of, bounds, to).inner(start), 0
    for _ in range(TURNS):
        to = Shrinkage.of(of.design, spreads)
        one = Drawn(of, bounds, to)
        found = one.run(inner)
        inner, steps = found.theta, steps + found.steps
        errors = covariance_of(one, inner)[0]
        new = {
            kind: _spread(inner[places], errors[np.ix_(places, places)], spreads[kind])
            for kind, places in kinds.items()
        }
        still = all(abs(new[kind] - spreads[kind]) <= MOVED for kind in kinds)
        spreads = new
        if still:
            return Found(one.natural(inner), found.converged, steps), to
    return Found(one.natural(inner), False, steps), to


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


def spreads(to: Shrinkage) -> dict[str, float]:
    """The standard deviation of the effects by kind."""
    return {kind: float(to.pull[places[0]] ** -0.5) for kind, places in to.kinds.items()}

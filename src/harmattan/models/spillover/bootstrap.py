"""Refits to counts that were drawn from the fit: what its estimates would have been in worlds like it."""

from __future__ import annotations

import numpy as np

from harmattan.models.spillover.drawn import Drawn
from harmattan.models.spillover.fitted import Fit


def bootstrap(fit: Fit, n: int, rng: np.random.Generator) -> Drawn:
    """The parametric bootstrap: `n` panels drawn from the fit, each fitted again from where the fit stands.

    The panels have the first periods and the gaps of the counts. Those whose refit does not converge, or in which a
    unit has no count left, are left out: `asked` and `converged` tell how many. Efron & Tibshirani 1993, 6.5,
    doi:10.1007/978-1-4899-4541-9. Where a coefficient stands at 0 its distribution is that at the bound, which is
    conservative for small true values (Andrews 2000, doi:10.1111/1468-0262.00114); `profile` is better for one
    coefficient.
    """
    from harmattan.models.spillover.design import design
    from harmattan.models.spillover.fit import search
    from harmattan.models.spillover.likelihood import problem
    from harmattan.models.spillover.simulate import process, simulate

    compiled = design(fit.counts, fit.spec)
    panels = simulate(fit, len(fit.counts.starts), n, rng, from_start=True)
    unknown = np.isnan(fit.counts.values)
    thetas, processes = [], []
    for panel in panels:
        of = problem(compiled, np.where(unknown, np.nan, panel))
        if not (of.counts.sum(axis=1) > 0).all():
            continue
        found = search(of, fit.theta)
        if found.converged:
            thetas.append(found.theta)
            processes.append(process(of, found.theta))
    return Drawn("bootstrap", fit.names, np.array(thetas).reshape(-1, len(fit.names)), tuple(processes), n)

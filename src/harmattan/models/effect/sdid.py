"""Synthetic difference in differences: donors that ran parallel before, and months before that are like those after.

Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), doi:10.1257/aer.20190159. Units and months both get weights, so
that neither a constant distance to the donors nor months unlike those after the event mislead. The estimand is the mean
effect on a treated unit in a month, from the event to the last month, for units that share one start.

The standard error is that of placebos (their algorithm 4), with each donor in turn as if treated. They take all units
as equally noisy. Where these are not (wars rarely are), the ridge takes the noise of the treated series itself, and
each placebo's effect is divided by its own error before and multiplied by that of the treated unit (the idea of Ferman
& Pinto 2019, doi:10.1162/rest_a_00759, for few treated groups of unequal noise). The interval takes Student's t with
one degree of freedom fewer than there are placebos, since a deviation of few is itself uncertain. The p-value is the
rank of the effect among the placebos, on the same scale.
"""

from __future__ import annotations

import numpy as np

from harmattan.models.effect import checks
from harmattan.models.effect.assess import LEAD, Ends, Method, assess
from harmattan.models.effect.effect import Effect, Estimate, Placebo
from harmattan.models.effect.matching import Match, equally_noisy, sdid_everyone, sdid_match, zeta
from harmattan.models.effect.outcome import Outcome
from harmattan.models.effect.placebos import in_space, sizes
from harmattan.models.effect.pool import ACTIVE, BESIDE_KM, Setting, setting

LEVEL = 0.05


def sdid(
    outcome: Outcome, *, active: float = ACTIVE, beside_km: float = BESIDE_KM, lead: int = LEAD,
    alike: bool | None = None, seed: int = 1,
) -> Effect:  # fmt: skip
    """The effect on the treated unit, or on the mean of several with one start.

    `active` and `beside_km` choose the donors (`pool.setting`); `lead` is the number of months just before the event in
    which nothing must be seen yet; `alike` takes all units as equally noisy, as published, or not
    (None: as `matching.equally_noisy` finds them); `seed` draws sets of donors
    where several units are treated. Raises UsageError where nothing can be compared.
    """
    main = setting(outcome, active=active, beside_km=beside_km)
    method = _method(equally_noisy(main) if alike is None else alike, seed)
    return assess(outcome, method, active=active, beside_km=beside_km, lead=lead, seed=seed)


def _method(alike: bool, seed: int) -> Method:
    def match(main: Setting) -> Match:
        return sdid_match(main, zeta(main, alike=alike))

    def everyone(main: Setting) -> tuple[Match, ...]:
        return sdid_everyone(main, alike=alike)

    def size(found: Match) -> float:
        return 1.0 if alike else found.pre_error

    def estimate(main: Setting, found: Match, space: tuple[Placebo, ...]) -> Estimate:
        error = size(found) * spread if (spread := _spread(sizes(space, alike))) is not None else None
        if error is None:
            return Estimate(found.effect, None, None, None)
        own = found.effect / size(found) if size(found) > 0 else float("inf")
        wide = error * reach(len(sizes(space, alike)))
        p = checks.rank(own, sizes(space, alike).tolist())
        return Estimate(found.effect, found.effect - wide, found.effect + wide, p, error)

    def band(main: Setting, found: Match, space: tuple[Placebo, ...]) -> list[Ends]:
        counted = [one for one in space if one.counted]
        out: list[Ends] = []
        for at in range(main.start, len(main.target)):
            spread = _spread(np.array([one.gaps[at] / (1.0 if alike else one.pre_error) for one in counted]))
            if spread is None:
                out.append((None, None))
                continue
            wide = size(found) * spread * reach(len(counted))
            out.append((float(found.gaps[at] - wide), float(found.gaps[at] + wide)))
        return out

    def test(other: Setting) -> float | None:
        from scipy.special import stdtr

        found = match(other)
        values = sizes(in_space(other, match, everyone, seed), alike)
        spread = _spread(values)
        if spread is None or spread * size(found) == 0:
            return None
        n = len(values)
        return float(2 * stdtr(n - 1, -abs(found.effect) / (spread * size(found)) * np.sqrt(1 - 1 / n)))

    return Method("sdid", match, everyone, estimate, band, test, lambda main, found: None)


def _spread(values: np.typing.NDArray[np.float64]) -> float | None:
    """Standard deviation of placebos; None of fewer than three."""
    return float(values.std()) if len(values) > 2 else None


def reach(placebos: int) -> float:
    """By how many standard deviations of so many placebos an interval reaches from the estimate: Student's t, and the
    deviation of a sample brought to that of what it was drawn from.

    >>> round(reach(11), 3), round(reach(1000), 2)
    (2.337, 1.96)
    """
    from scipy.special import stdtrit

    return float(stdtrit(placebos - 1, 1 - LEVEL / 2) * np.sqrt(placebos / (placebos - 1)))

"""Intervals and p-values of a synthetic control that are right with few donors, by permuting months.

Chernozhukov, Wuthrich & Zhu (2021), doi:10.1080/01621459.2021.1920957: under a supposed effect, take it off the months
from the event on, fit the weights to all months, and ask whether the gaps from the event on are unlike those in the
same number of months elsewhere (moving blocks, around the end). The p-value is a rank among as many blocks as there are
months, so its size is right however few donors there are, if gaps without the event would be alike before and after;
ranks of placebos in space cannot reach 5 % with fewer than 19 donors. An interval holds the effects that are not
rejected; it needs 20 months, or there is none.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from harmattan.models.effect.outcome import Values
from harmattan.models.effect.pool import Setting
from harmattan.models.effect.simplex import solve

LEVEL = 0.05
Gaps = Callable[[float], Values]
"""Gaps (times,) of the weights fitted to all months under a supposed effect, which is taken off."""


def refitted(setting: Setting) -> Gaps:
    """Gaps of a synthetic control fitted anew under each effect: the Gram matrix stays, only the cross term moves."""
    low = setting.values - setting.target
    times = low.shape[1]
    after = np.arange(times) >= setting.start
    gram = low @ low.T / times
    lean = low[:, after].sum(axis=1) / times
    square = np.diag(gram)
    last: list[Values | None] = [None]

    def gaps(effect: float) -> Values:
        near = square + 2 * effect * lean + effect**2 * after.mean()
        weights, _ = solve(gram, -effect * lean, near, 0.0, last[0])
        last[0] = weights
        return np.asarray(-(weights @ low) - effect * after)

    return gaps


def fixed(gaps: Values, start: int) -> Gaps:
    """Gaps of weights that no outcome after the event can move, such as those of predictors."""
    after = np.arange(len(gaps)) >= start
    return lambda effect: gaps - effect * after


def p_value(gaps: Values, start: int) -> float:
    """The share of blocks whose gaps add up to at least as much as those from the event on, itself counted.

    >>> p_value(np.array([1.0, -1.0, 1.0, -1.0, 5.0]), 4)
    0.2
    """
    length = len(gaps) - start
    around = np.concatenate((gaps, gaps[: length - 1]))
    total = np.concatenate(([0.0], np.cumsum(around)))
    blocks = np.abs(total[length:] - total[:-length])
    own = abs(float(gaps[start:].sum()))
    return float(np.mean(blocks >= own * (1 - 1e-9) - 1e-12))


def interval(gaps: Gaps, start: int, estimate: float, scale: float) -> tuple[float, float] | None:
    """The 95 % interval of an effect that is the same in each month from `start` on; None with fewer than 20 months.

    None as well where the estimate itself is rejected: weights fitted to all months then say another effect, and no
    interval around this one means anything. Searches outwards from the estimate in steps of `scale` (in the unit of the
    outcome), then halves the last step.
    """
    if 1 / len(gaps(estimate)) > LEVEL or scale <= 0 or p_value(gaps(estimate), start) <= LEVEL:
        return None
    low, high = _edge(gaps, start, estimate, -scale), _edge(gaps, start, estimate, scale)
    return None if low is None or high is None else (low, high)


def _edge(gaps: Gaps, start: int, estimate: float, step: float) -> float | None:
    inside, outside = estimate, estimate + step
    for _ in range(40):
        if p_value(gaps(outside), start) <= LEVEL:
            break
        inside, outside = outside, estimate + 1.6 * (outside - estimate)
    else:
        return None
    while abs(outside - inside) > 0.01 * abs(step):
        middle = (inside + outside) / 2
        if p_value(gaps(middle), start) <= LEVEL:
            outside = middle
        else:
            inside = middle
    return outside

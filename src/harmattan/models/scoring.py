"""What a forecast is worth once the month has come: scores of draws against what was observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.text import T

Scores = NDArray[np.float64]
"""A score for each observed value, of its shape; NaN where nothing was observed."""
_Kernel = Callable[[NDArray[Any], Scores], Scores]
"""From draws in ascending order (values, draws) and what was observed (values,) to scores (values,)."""

THRESHOLDS = (0, 25, 100, 1000)
"""Deaths in a month that a forecast gives the probability of exceeding."""
SCORES = (
    *("crps", "log_score", "mis90", "crps_log"),
    *(f"brier_{deaths}" for deaths in THRESHOLDS),
    *("pit", "inside_50", "inside_90"),
)
"""The names that `score` gives. Lower is better, but for the last three, which tell of calibration."""
EDGES = np.array([-np.inf, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, np.inf])
"""Between them the bins of the challenge's log score: 0, 1-2, 3-5, 6-10, 11-25, … 501-1000, 1001 and more."""
LIKE = 1000
"""Draws that the log score is computed from at least; fewer are repeated."""
AT_ONCE = 2_000_000
"""Draws that are looked at together, so that those of many cells need no second room in memory."""


def score(draws: NDArray[Any], observed: NDArray[Any], rng: np.random.Generator) -> dict[str, Scores]:
    """Every score by its name (`SCORES`): draws of the shape (..., n), observed and each score of the shape (...).

    The generator serves `pit` alone. Raises ValueError for shapes that do not fit, UsageError for draws or observed
    values that can be no numbers of deaths.

    >>> found = score(np.array([[0.0, 2.0, 4.0]]), np.array([2.0]), np.random.default_rng(1))
    >>> round(float(found["crps"][0]), 3), float(found["brier_0"][0].round(3)), float(found["inside_50"][0])
    (0.444, 0.111, 1.0)
    """
    kernels: dict[str, _Kernel] = {"crps": _crps, "log_score": _log_score, "mis90": _interval(0.9)}
    kernels |= {"crps_log": _crps_log} | {f"brier_{deaths}": _brier(deaths) for deaths in THRESHOLDS}
    kernels |= {"pit": _share_below, "up_to": _share_up_to, "inside_50": _inside(0.5), "inside_90": _inside(0.9)}
    found = _scored(kernels, draws, observed)
    found["pit"] += rng.random(found["pit"].shape) * (found.pop("up_to") - found["pit"])
    return found


def crps(draws: NDArray[Any], observed: NDArray[Any]) -> Scores:
    """The continuous ranked probability score of an ensemble, in deaths: shapes (..., n) and (...).

    The mean distance of the draws from what came, less half of their mean distance from each other, each draw from
    itself among them: E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, eq. 21, doi:10.1198/016214506000001437), the
    main score of the VIEWS challenge (Hegre et al. 2025, doi:10.1177/00223433241300862). Raises as `score` does.

    >>> crps(np.array([0.0, 2.0]), np.array(0.0)).item()
    0.5
    """
    return _one(_crps, draws, observed)


def crps_log(draws: NDArray[Any], observed: NDArray[Any]) -> Scores:
    """The same of log(1 + deaths), in which tenfold is as far in small wars as in large: shapes (..., n) and (...).

    Scores of transformed counts: Bosse et al. 2023, doi:10.1371/journal.pcbi.1011393. Raises as `score` does.

    >>> crps_log(np.array([0.0, 0.0]), np.array(9.0)).round(3).item()
    2.303
    """
    return _one(_crps_log, draws, observed)


def log_score(draws: NDArray[Any], observed: NDArray[Any]) -> Scores:
    """Minus the natural logarithm of the probability of the bin that was observed: shapes (..., n) and (...).

    The probability is (draws in the bin + 1) / (draws + 11), so that no forecast scores infinitely badly; fewer draws
    than 1000 are first repeated, each alike, up to 1000, since otherwise the added ones would weigh more in a small
    ensemble. The ignorance score of the VIEWS challenge (Hegre et al. 2025, doi:10.1177/00223433241300862), whose
    program takes logarithms to the base of 2: ratios are the same. Raises as `score` does.

    >>> log_score(np.zeros(12), np.array(0.0)).round(4).item()  # -log(1001 / 1011)
    0.0099
    """
    return _one(_log_score, draws, observed)


def interval_score(draws: NDArray[Any], observed: NDArray[Any], share: float = 0.9) -> Scores:
    """The width of the central interval, and 2 / (1 - share) for each death outside it: shapes (..., n) and (...).

    Gneiting & Raftery 2007, eq. 43, doi:10.1198/016214506000001437; its ends are quantiles with linear interpolation,
    as in the VIEWS challenge. Raises as `score` does.

    >>> interval_score(np.arange(101.0), np.array(97.0)).round(6).item()  # 5 to 95, and 2 deaths above
    130.0
    """
    return _one(_interval(share), draws, observed)


def brier(draws: NDArray[Any], observed: NDArray[Any], deaths: float) -> Scores:
    """The squared error of the probability that there are more than so many deaths: shapes (..., n) and (...).

    Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. Raises as `score` does.

    >>> brier(np.array([0.0, 0.0, 0.0, 1.0]), np.array(7.0), 0).item()
    0.5625
    """
    return _one(_brier(deaths), draws, observed)


def pit(draws: NDArray[Any], observed: NDArray[Any], rng: np.random.Generator) -> Scores:
    """Where in the forecast the observed value fell, from 0 to 1: shapes (..., n) and (...).

    A random place between the share of draws below the value and the share up to it, as counts need it (Czado,
    Gneiting & Held 2009, doi:10.1111/j.1541-0420.2009.01191.x); evenly spread where forecasts are calibrated
    (Gneiting, Balabdaoui & Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x). Raises as `score` does.

    >>> pit(np.array([0.0, 1.0, 2.0, 3.0]), np.array(2.5), np.random.default_rng(1)).item()
    0.75
    """
    found = _scored({"below": _share_below, "up_to": _share_up_to}, draws, observed)
    below = found["below"]
    return np.asarray(below + rng.random(below.shape) * (found["up_to"] - below))


def inside(draws: NDArray[Any], observed: NDArray[Any], share: float) -> Scores:
    """1 where the observed value lies in the central interval of that share, ends included, else 0.

    Shapes (..., n) and (...). Counts are often at an end: where most draws are 0, more than the share lie inside.
    Raises as `score` does.

    >>> inside(np.arange(101.0), np.array(75.0), 0.5).item()
    1.0
    """
    return _one(_inside(share), draws, observed)


def _one(kernel: _Kernel, draws: NDArray[Any], observed: NDArray[Any]) -> Scores:
    return _scored({"it": kernel}, draws, observed)["it"]


def _scored(kernels: Mapping[str, _Kernel], draws: NDArray[Any], observed: NDArray[Any]) -> dict[str, Scores]:
    """Each kernel's scores, for a part of the observed values at a time; the draws are put in order once."""
    values = np.asarray(observed, np.float64)
    if draws.ndim != values.ndim + 1 or draws.shape[:-1] != values.shape or not draws.shape[-1]:
        raise ValueError(f"draws of the shape {draws.shape}, but observed values of the shape {values.shape}")
    n = draws.shape[-1]
    flat, seen = draws.reshape(-1, n), values.reshape(-1)
    if np.any(seen < 0) or np.any(np.isinf(seen)):
        raise UsageError(T("An observed value is negative or infinite, and no number of deaths."))
    known = np.flatnonzero(np.isfinite(seen))
    found = {name: np.full(seen.shape, np.nan) for name in kernels}
    per = max(1, AT_ONCE // n)
    for start in range(0, len(known), per):
        at = known[start : start + per]
        ordered = np.sort(flat[at], axis=1)
        if not (ordered[:, 0] >= 0).all() or not np.isfinite(ordered[:, -1]).all():
            raise UsageError(
                T("A draw is negative, infinite or missing, and no number of deaths."),
                do=T("Give only draws that are numbers of zero or more."),
            )
        ordered = ordered.astype(np.float64)
        for name, kernel in kernels.items():
            found[name][at] = kernel(ordered, seen[at])
    return {name: one.reshape(values.shape) for name, one in found.items()}


def _crps(ordered: NDArray[Any], observed: Scores) -> Scores:
    from scoringrules import crps_ensemble

    return np.asarray(crps_ensemble(observed, ordered, estimator="qd", sorted_ensemble=True, backend="numpy"))


def _crps_log(ordered: NDArray[Any], observed: Scores) -> Scores:
    return _crps(np.log1p(ordered), np.log1p(observed))


def _log_score(ordered: NDArray[Any], observed: Scores) -> Scores:
    n = ordered.shape[1]
    like = max(n, LIKE)
    times = np.bincount(np.floor((np.arange(like) + 0.5) * n / like).astype(int), minlength=n)
    bins = np.searchsorted(EDGES, observed, side="right") - 1
    within = (ordered >= EDGES[bins][:, None]) & (ordered < EDGES[bins + 1][:, None])
    return np.asarray(-np.log((within @ times + 1) / (like + len(EDGES) - 1)))


def _interval(share: float) -> _Kernel:
    def kernel(ordered: NDArray[Any], observed: Scores) -> Scores:
        from scoringrules import interval_score as scored

        low, high = _central(ordered, share)
        return np.asarray(scored(observed, low, high, 1 - share, backend="numpy"))

    return kernel


def _inside(share: float) -> _Kernel:
    def kernel(ordered: NDArray[Any], observed: Scores) -> Scores:
        low, high = _central(ordered, share)
        return np.asarray((low <= observed) & (observed <= high), np.float64)

    return kernel


def _central(ordered: NDArray[Any], share: float) -> tuple[Scores, Scores]:
    """The ends of the central interval: quantiles with linear interpolation."""
    ends = []
    for part in ((1 - share) / 2, (1 + share) / 2):
        place = round(part * (ordered.shape[1] - 1), 9)
        low = ordered[:, int(np.floor(place))]
        ends.append(low + (place % 1) * (ordered[:, int(np.ceil(place))] - low))
    return ends[0], ends[1]


def _brier(deaths: float) -> _Kernel:
    def kernel(ordered: NDArray[Any], observed: Scores) -> Scores:
        return np.asarray(((ordered > deaths).mean(axis=1) - (observed > deaths)) ** 2)

    return kernel


def _share_below(ordered: NDArray[Any], observed: Scores) -> Scores:
    return np.asarray((ordered < observed[:, None]).mean(axis=1))


def _share_up_to(ordered: NDArray[Any], observed: Scores) -> Scores:
    return np.asarray((ordered <= observed[:, None]).mean(axis=1))

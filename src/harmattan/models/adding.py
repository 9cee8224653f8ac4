"""Forecasts that add up: cells to their country, countries to their region, draw by draw and in whole deaths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws

Counts = NDArray[np.int64]
_SIGNATURE = 2**20
"""Each draw weighs a random whole number below this when parts are told apart: sums stay exact in 53 bits."""


@dataclass(frozen=True)
class AddedUp:
    """Parts that add up: in each draw and step, the parts of a whole and what is unplaced of it make the whole.

    `parts` has the shape (parts, steps, draws), `wholes` and `unplaced` (wholes, steps, draws). `wholes` has the draws
    that were given, in another order: that in which the parts add up to them.
    """

    parts: Draws
    wholes: Draws
    unplaced: Draws


def add_up(parts: Draws, wholes: Draws, of: NDArray[np.intp], rng: np.random.Generator) -> AddedUp:
    """Scale the parts draw by draw, so that they add up to their whole's draw.

    `of` has for each part the position of its whole; a part of none (-1) stays as it is. First, in each step, the
    whole's draws are put into the order of the sums of its parts, so that a draw with much violence in the cells meets
    one with much in the country; what the whole's forecast says of a month does not change. Then each part has its
    share of the whole, in whole deaths, the last of them to the largest remainders. Where all parts of a draw are
    zero and the whole is not, each death falls to a part with a probability in proportion to the part's mean over all
    steps and draws; where those are zero too, it is unplaced. The order of the parts, and of the wholes, changes
    nothing.

    Source: top-down disaggregation by forecast proportions (Gross and Sohl 1990, doi:10.1002/for.3980090304); for
    counts, top-down as a special case in Zhang, Panagiotelis and Kang 2023, arXiv:2305.18809; the order of draws by
    ranks as in the Schaake shuffle (Clark et al. 2004, doi:10.1175/1525-7541(2004)005<0243:TSSAMF>2.0.CO;2).
    Raises ValueError where shapes do not fit or a draw is not a whole number of zero or more.

    >>> cells, country = np.array([[[1, 4]], [[1, 0]]], np.float32), np.array([[[9, 3]]], np.float32)
    >>> done = add_up(cells, country, np.array([0, 0]), np.random.default_rng(1))
    >>> done.wholes.tolist(), done.parts.tolist()
    ([[[3.0, 9.0]]], [[[2.0, 9.0]], [[1.0, 0.0]]])
    """
    _checked(parts, wholes, of)
    seed = int(rng.integers(2**63))
    done = np.array(parts, np.float32)
    ordered, unplaced = np.array(wholes, np.float32), np.zeros(wholes.shape, np.float32)
    for whole in range(len(wholes)):
        one = np.random.default_rng(seed)
        mine = np.flatnonzero(of == whole)
        rows = _in_own_order(parts, mine[parts[mine].any(axis=(1, 2))], one)
        weight = parts[rows].sum(axis=(1, 2), dtype=np.float64)
        for step in range(wholes.shape[1]):
            drawn = parts[rows, step].astype(np.int64)
            total = _ordered(wholes[whole, step].astype(np.int64), drawn.sum(axis=0))
            found = _shared(drawn, total, one)
            if len(rows):
                found += _scattered(np.where(drawn.any(axis=0), 0, total), weight, one)
            done[rows, step], ordered[whole, step] = found, total
            unplaced[whole, step] = total - found.sum(axis=0)
    return AddedUp(done, ordered, unplaced)


def _checked(parts: Draws, wholes: Draws, of: NDArray[np.intp]) -> None:
    if parts.ndim != 3 or wholes.ndim != 3 or parts.shape[1:] != wholes.shape[1:]:
        raise ValueError(f"parts of the shape {parts.shape}, wholes of {wholes.shape}")
    if of.shape != parts.shape[:1] or (len(of) and not -1 <= of.min() <= of.max() < len(wholes)):
        raise ValueError(f"{len(parts)} parts and {len(wholes)} wholes, but not one whole for each part")
    for draws in (parts, wholes):
        if draws.size and not (draws.min() >= 0 and all(np.array_equal(one, np.rint(one)) for one in draws)):
            raise ValueError("draws that are not whole numbers of zero or more")


def _in_own_order(parts: Draws, rows: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
    """The rows in an order that depends on what was drawn for them and not on where they stand."""
    weights = rng.integers(_SIGNATURE, size=parts.shape[1:]).astype(np.float64)
    signature = np.array([float((parts[row] * weights).sum()) for row in rows])
    return rows[np.argsort(signature, kind="stable")]


def _ordered(whole: Counts, sums: Counts) -> Counts:
    """The whole's draws in the rank order of the sums; where those are equal, in their own."""
    found = np.empty_like(whole)
    found[np.lexsort((whole, sums))] = np.sort(whole)
    return found


def _shared(parts: Counts, total: Counts, rng: np.random.Generator) -> Counts:
    """The parts of each draw scaled to the total by largest remainders, equal ones by lot; zero where all parts are.

    Shapes (parts, draws) and (draws,).
    """
    draw, part = np.nonzero(parts.T)
    size = parts[part, draw]
    sums = parts.sum(axis=0)
    whole, rest = np.divmod(size * total[draw], sums[draw])
    found = np.zeros_like(parts)
    found[part, draw] = whole
    order = np.lexsort((rng.random(len(draw)), -rest, draw))
    start: NDArray[Any] = np.searchsorted(draw, np.arange(parts.shape[1]))
    rank = np.arange(len(draw)) - start[draw]
    left = total - found.sum(axis=0)
    more = order[rank < left[draw]]
    found[part[more], draw[more]] += 1
    return found


def _scattered(missing: Counts, weight: NDArray[np.float64], rng: np.random.Generator) -> Counts:
    """Each missing death to a part by lot, with probabilities in proportion to the weights: shape (parts, draws)."""
    found = np.zeros((len(weight), len(missing)), np.int64)
    at = np.flatnonzero(missing)
    if len(at):
        found[:, at] = rng.multinomial(missing[at], weight / weight.sum()).T
    return found

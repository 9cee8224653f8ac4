"""How many borders lie between units: countries, areas or cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.lake.shelf import Held
from harmattan.places.borders import GAP_KM
from harmattan.places.sphere import KM_PER_DEGREE
from harmattan.questions.areas import drawn
from harmattan.questions.bordering import bordering
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.vocabulary.cell import COLUMNS

Order = NDArray[np.int16]


def orders(touching: NDArray[np.bool_]) -> Order:
    """How many borders lie between units by which of them touch: 0 itself, -1 where no way leads (units, units).

    >>> orders(np.array([[False, True, False], [True, False, False], [False, False, False]])).tolist()
    [[0, 1, -1], [1, 0, -1], [-1, -1, 0]]
    """
    units = len(touching)
    found = np.full((units, units), -1, dtype=np.int16)
    reached = np.eye(units, dtype=bool)
    step, fresh = 0, reached
    while fresh.any():
        found[fresh] = step
        step += 1
        fresh = ((fresh.astype(np.float32) @ touching.astype(np.float32)) > 0) & ~reached
        reached = reached | fresh
    return found


def order_of_cells(gids: Sequence[int]) -> Order:
    """How many steps lie between PRIO-GRID cells, where a step goes over an edge or a corner; columns wrap at 180°.

    >>> order_of_cells([1, 2, 720, 1443]).tolist()
    [[0, 1, 1, 2], [1, 0, 2, 2], [1, 2, 0, 3], [2, 2, 3, 0]]
    """
    row, column = np.divmod(np.array(gids, dtype=np.int64) - 1, COLUMNS)
    across = np.abs(column[:, None] - column[None, :])
    found = np.maximum(np.abs(row[:, None] - row[None, :]), np.minimum(across, COLUMNS - across))
    return np.asarray(found, dtype=np.int16)


def order_of_countries(world: World, params: Params, codes: Sequence[str]) -> tuple[Order, tuple[Held, ...]]:
    """How many borders lie between countries, and the releases that draw these; ways lead through others as well."""
    found = bordering(world.lake, params, codes)
    pairs = [pair for pair in found.borders.lines if len(pair) == 2]
    every = [*codes, *sorted({code for pair in pairs for code in pair} - set(codes))]
    touching = np.zeros((len(every), len(every)), dtype=bool)
    for one, two in pairs:
        touching[every.index(one), every.index(two)] = touching[every.index(two), every.index(one)] = True
    return orders(touching)[: len(codes), : len(codes)], found.held


def order_of_areas(world: World, params: Params, ids: Sequence[str]) -> Order:
    """How many borders lie between areas of the boundaries in use: those within 5 km of each other are neighbours."""
    import shapely

    _, areas = drawn(world.lake, params)
    place = {str(row): n for n, row in enumerate(areas.row_id)}
    shapes: Any = areas.shapes[[place[area] for area in ids]]
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=GAP_KM / KM_PER_DEGREE)
    touching = np.zeros((len(ids), len(ids)), dtype=bool)
    touching[one, two] = True
    np.fill_diagonal(touching, False)
    return orders(touching)

"""Scaled values, sizes and ranks of a conflict index, and how far the ranks move under other choices.

Scaling and the arithmetic mean follow the OECD and JRC Handbook on Constructing Composite Indicators (2008, ISBN
978-92-64-04345-9); going through all choices follows Saisana, Saltelli & Tarantola (2005),
doi:10.1111/j.1467-985X.2005.00350.x.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

INDICATORS = ("deadliness", "danger", "diffusion", "fragmentation")
DIGITS = 9
"""Sizes that agree to so many digits are the same."""


@dataclass(frozen=True)
class Choice:
    """One way to make the index: which indicator is left out, how values are scaled, which inputs are taken."""

    without: str = ""
    logs: bool = False
    deaths: str = "best"
    at_least: int = 0
    near: bool = False


@dataclass(frozen=True)
class Inputs:
    """The n countries' values; every array is (n,)."""

    deaths: Mapping[str, Array]
    """By `best`, `low`, `high`: only those that are known of every country."""
    danger: Array
    diffusion: Mapping[tuple[int, bool], Array]
    """Share by threshold and by whether places known to 25 km count too; empty where it is not known of all."""
    fragmentation: Array

    def known(self) -> tuple[str, ...]:
        """The indicators that are known of every country."""
        return tuple(name for name in INDICATORS if name != "diffusion" or self.diffusion)

    def values(self, choice: Choice) -> dict[str, Array]:
        """The values of the indicators that a choice takes."""
        found = {"deadliness": self.deaths[choice.deaths], "danger": self.danger, "fragmentation": self.fragmentation}
        if self.diffusion:
            found["diffusion"] = self.diffusion[choice.at_least, choice.near]
        return {name: found[name] for name in self.known() if name != choice.without}


def scaled(values: Array, *, logs: bool = False) -> Array:
    """Values from 0 (the lowest) to 1 (the highest); all 0 where they are the same.

    In logarithms, values are first divided by the lowest that is not 0, so that no unit of measurement matters:
    log(1 + x / lowest).

    >>> scaled(np.array([10.0, 20.0, 60.0])).tolist()
    [0.0, 0.2, 1.0]
    >>> few, many = np.array([0.0, 3.0, 9.0]), np.array([0.0, 3000.0, 9000.0])
    >>> np.allclose(scaled(few, logs=True), scaled(many, logs=True))
    True
    """
    values = np.asarray(values, dtype=float)
    if logs and (values > 0).any():
        values = np.log1p(values / values[values > 0].min())
    width = values.max() - values.min()
    return np.asarray((values - values.min()) / width if width > 0 else np.zeros(len(values)))


def sizes(inputs: Inputs, choice: Choice) -> Array:
    """The mean of the scaled values, each with the same weight: (n,), from 0 to 1."""
    return np.asarray(np.mean([scaled(one, logs=choice.logs) for one in inputs.values(choice).values()], axis=0))


def ranks(values: Array) -> Array:
    """1 plus the number of higher values, so that equal values have the same rank.

    >>> ranks(np.array([0.5, 0.9, 0.5, 0.1])).tolist()
    [2, 1, 2, 4]
    """
    rounded = np.round(values, DIGITS)
    return np.asarray(1 + (rounded[None, :] > rounded[:, None]).sum(axis=1))


def other_choices(inputs: Inputs, main: Choice) -> dict[str, list[Any]]:
    """What could have been chosen, by the field of `Choice`; the main choice is the first of each."""
    thresholds = list(dict.fromkeys([main.at_least, *(t for t, _near in inputs.diffusion)]))
    nears = list(dict.fromkeys([main.near, *(near for _t, near in inputs.diffusion)]))
    known = inputs.known()
    return {
        "without": ["", *known] if len(known) > 1 else [""],
        "logs": [False, True],
        "deaths": [name for name in ("best", "low", "high") if name in inputs.deaths],
        "at_least": thresholds,
        "near": nears,
    }


def all_choices(inputs: Inputs, main: Choice) -> list[Choice]:
    """Every combination of choices, the main one first."""
    fields = other_choices(inputs, main)
    return [Choice(**dict(zip(fields, said, strict=True))) for said in itertools.product(*fields.values())]


def single_choices(inputs: Inputs, main: Choice) -> Iterator[tuple[str, Any, Choice]]:
    """The choices that differ from the main one in one thing: the field, its value, the choice."""
    for field, values in other_choices(inputs, main).items():
        for value in values[1:]:
            yield field, value, Choice(**(vars(main) | {field: value}))


@dataclass(frozen=True)
class Ranking:
    """Sizes and ranks of n countries, and how the ranks move; every array is (n,)."""

    scaled: Mapping[str, Array]
    own_ranks: Mapping[str, Array]
    """By indicator, the rank by that one alone."""
    size: Array
    rank: Array
    rank_from: Array
    """The rank nearest to 1 over every combination of choices."""
    rank_to: Array
    held: Array
    """The share of the combinations that give the same rank, from 0 to 1."""
    moved: Sequence[Sequence[tuple[str, Any]]]
    """For each country the single choices that give it another rank."""
    n: int
    """How many combinations there are."""


def ranking(inputs: Inputs, main: Choice) -> Ranking:
    """Ranks the countries by the main choice and by every other."""
    values = inputs.values(main)
    size = sizes(inputs, main)
    rank = ranks(size)
    choices = all_choices(inputs, main)
    every = np.array([ranks(sizes(inputs, choice)) for choice in choices])
    single = [(field, value, ranks(sizes(inputs, choice))) for field, value, choice in single_choices(inputs, main)]
    return Ranking(
        {name: scaled(own) for name, own in values.items()},
        {name: ranks(own) for name, own in values.items()},
        size,
        rank,
        every.min(axis=0),
        every.max(axis=0),
        (every == rank).mean(axis=0),
        [[(field, value) for field, value, other in single if other[at] != rank[at]] for at in range(len(rank))],
        len(choices),
    )

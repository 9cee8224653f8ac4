"""Families of data sets: what counts the same things has the same first word in its name."""

from __future__ import annotations

OWN = "own-"
"""How the names of data sets begin that are anybody's own tables; the case file says what is in them."""


def family_of(dataset: str) -> str:
    """The family that a data set belongs to: `ucdp-ged` is of `ucdp`. Families count different things, and are never
    mixed in one answer.

    Each table of one's own is a family by itself.

    >>> family_of("acled-aggregates"), family_of("own-desk")
    ('acled', 'own-desk')
    """
    return dataset if dataset.startswith(OWN) else dataset.partition("-")[0]

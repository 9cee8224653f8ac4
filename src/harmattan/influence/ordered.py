"""Whole numbers put in order, and where they change. Numpy sorts plain numbers several times as fast as places."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = Any
BITS = 63
"""Of a whole number that is not negative."""


def order(values: Ints) -> Ints:
    """The places of values that are not negative, by value and then by place.

    >>> order(np.array([3, 1, 3, 0])).tolist()
    [3, 1, 0, 2]
    """
    place = len(values).bit_length()
    if int(values.max(initial=0)).bit_length() + place > BITS:
        return np.argsort(values, kind="stable")
    key = values.astype(np.int64) << place
    key |= np.arange(len(values))
    key.sort()
    key &= (1 << place) - 1
    return key


def changed(values: Any) -> Flags:
    """Where a value differs from the one before; the first does.

    >>> changed(np.array([5, 5, 7])).tolist()
    [True, False, True]
    """
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def numbered(new: Flags) -> Ints:
    """Of each place the number of its run, from 0: a run begins where `new` is true, and at the first place.

    >>> numbered(np.array([True, False, True])).tolist()
    [0, 0, 1]
    """
    run: Ints = np.cumsum(new, dtype=np.int32 if len(new) < 2**31 else np.int64)
    run -= 1
    return run


def lengths(start: Ints, n: int) -> Ints:
    """How long the runs are that begin at `start`; the last ends at `n`."""
    return np.diff(start, append=n)


def spans(start: Ints, length: Ints) -> Ints:
    """The whole numbers from each start on, so many of each, one after another.

    >>> spans(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    end = np.cumsum(length)
    found = np.repeat(start - (end - length), length)
    found += np.arange(len(found))
    return found


def integers(most: int) -> Any:
    """The type of whole numbers that are at most so large; half as wide ones are sorted in half the time."""
    return np.int32 if most < 2**31 else np.int64

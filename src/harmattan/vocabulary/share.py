"""Shares and their 95 percent intervals: of one share, and of how many times as large one is as another."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054


def wilson(hits: float, of: float) -> tuple[float, float] | None:
    """The 95 percent score interval of a share, hits of so many; None of none.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n): Wilson 1927, doi:10.1080/01621459.1927.10502953. It takes the
    cases as independent; where they are not, give it as many as they are worth.

    >>> [round(edge, 3) for edge in wilson(8, 10)]
    [0.49, 0.943]
    """
    if of == 0:
        return None
    share, z2 = hits / of, Z_95**2
    middle = share + z2 / (2 * of)
    reach = Z_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, (middle - reach) / (1 + z2 / of)), min(1.0, (middle + reach) / (1 + z2 / of))


def ratio_interval(
    one: float, one_in: tuple[float, float], other: float, other_in: tuple[float, float]
) -> tuple[float, float | None]:
    """The interval of one share over another, from the interval of each; no upper end where the other may be 0.

    MOVER-R: (pq - √((pq)² - l(2p - l) U(2q - U))) / (U(2q - U)) for the lower end, with u for l and L for U for the
    upper one: Donner and Zou's form in Newcombe 2016, doi:10.1177/0962280213502144. The two are independent.

    >>> low, high = ratio_interval(0.2, wilson(20, 100), 0.1, wilson(10, 100))
    >>> round(low, 2), round(high, 2)
    (1.0, 4.0)
    """
    (low, high), (least, most) = one_in, other_in
    both = one * other
    lower = _root(both, low * (2 * one - low), most * (2 * other - most), -1)
    if least <= 0 or other <= 0:
        return max(0.0, lower or 0.0), None
    upper = _root(both, high * (2 * one - high), least * (2 * other - least), 1)
    return max(0.0, lower or 0.0), upper


def _root(both: float, over: float, under: float, sign: int) -> float | None:
    """One end; where the other share's interval is so skew that its divisor is not above 0, the end's own limit."""
    inner = both * both - over * under
    if inner < 0 or under == 0:
        return None
    return (both + sign * math.sqrt(inner)) / under

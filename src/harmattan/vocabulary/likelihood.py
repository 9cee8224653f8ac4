"""Words of likelihood, from the probability and from nothing else.

The scale is that of the US Intelligence Community Directive 203, "Analytic Standards" (Office of the Director of
National Intelligence, 2 January 2015), section D.6.e(2)(a): https://www.dni.gov/files/documents/ICD/ICD-203.pdf.
"""

from __future__ import annotations

from harmattan.text import Number, T, Text

ALMOST_NONE, VERY_UNLIKELY, UNLIKELY, EVEN = 5.0, 20.0, 45.0, 55.0
"""Percent: the upper borders of "almost no chance" and "very unlikely", and the two of "roughly even chance"."""
SCALE = (
    T("almost no chance"),
    T("very unlikely"),
    T("unlikely"),
    T("roughly even chance"),
    T("likely"),
    T("very likely"),
    T("almost certain"),
)
CITATION = "ODNI (2015), Intelligence Community Directive 203, section D.6.e(2)(a)"


def likelihood(percent: float) -> Text:
    """The word for a probability in percent, 0 to 100; raises ValueError for another number.

    The directive lets neighbouring words share their borders. Here a border belongs to the word that claims more, on
    both sides of the middle alike: what is said of a probability mirrors what is said of its opposite.

    >>> str(likelihood(86)), str(likelihood(14))
    ('very likely', 'very unlikely')
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is no probability in percent")
    if percent > EVEN:
        return SCALE[len(SCALE) - 1 - _place(100 - percent)]
    return SCALE[_place(percent)]


def _place(percent: float) -> int:
    """The place in the scale of a probability of at most 55 %."""
    if percent <= ALMOST_NONE:
        return 0
    if percent <= VERY_UNLIKELY:
        return 1
    return 2 if percent < UNLIKELY else 3


def in_percent(percent: float, evidence: str) -> Text:
    """A probability as a whole percent; never 0 or 100, which no thousand draws can show.

    >>> str(in_percent(99.8, "")), str(in_percent(86.2, ""))
    ('over 99 %', '86 %')
    """
    if percent < 1:
        return T("under {p} %", p=Number(1, evidence))
    if percent > 99:
        return T("over {p} %", p=Number(99, evidence))
    return T("{p} %", p=Number(percent, evidence))

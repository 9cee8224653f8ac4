"""The same test of several series: what is beyond chance in one of them may be chance among all.

Every p of a series is times the number of series (Bonferroni; Dunn 1961, doi:10.1080/01621459.1961.10482090). Within a
series p_family already holds for all its rows, so that the product holds for all rows of all series. Holm's steps do
not: they count series in which nothing is true, and here each may have rows that are chance beside rows that are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from harmattan.influence.cross_correlation import Crossed
from harmattan.influence.event_study import Around, Study


def times(p: float, series: int) -> float:
    """A p held against so many series.

    >>> times(0.02, 3), times(0.5, 3), times(0.02, 1)
    (0.06, 1.0, 0.02)
    """
    return min(1.0, p * max(series, 1))


def study_among(found: Study, series: int) -> Study:
    """A study whose p_family, and so what it says, holds for all of so many series."""

    def held(rows: Iterable[Around]) -> tuple[Around, ...]:
        return tuple(replace(one, p_family=times(one.p_family, series)) for one in rows)

    return replace(found, days=held(found.days), spans=dict(zip(found.spans, held(found.spans.values()), strict=True)))


def crossed_among(found: Crossed, series: int) -> Crossed:
    """Two series laid beside each other whose p_family, and so what is said, holds for all of so many such pairs."""
    lags = tuple(replace(one, p_family=times(one.p_family, series)) for one in found.lags)

    def held(p: float | None) -> float | None:
        return None if p is None else times(p, series)

    after, before, of_all = held(found.p_posts_follow), held(found.p_events_follow), held(found.p)
    return replace(found, lags=lags, p_posts_follow=after, p_events_follow=before, p=of_all)

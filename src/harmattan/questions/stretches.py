"""The months or years that the rows of an answer are about, and whether the releases speak about all of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harmattan.errors import UsageError
from harmattan.questions.world import Scope
from harmattan.text import T
from harmattan.vocabulary.period import Period, parse_from, parse_to

TIMES = ("month", "year")


def time_of(by: Sequence[str]) -> str | None:
    """Whether rows are by month or by year; None for neither. Raises UsageError for both."""
    if set(TIMES) <= set(by):
        raise UsageError(T("Rows can be by month or by year, not by both."), do=T("Leave one of them out."))
    return next((name for name in TIMES if name in by), None)


def stretches(asked: Period, time: str | None) -> dict[str | None, Period]:
    """The parts of a period by month or year, each under its label; the whole under None where not told apart."""
    if time is None:
        return {None: asked}
    months = list(asked.each_month())
    labels = dict.fromkeys(str(month) if time == "month" else f"{month.year:04d}" for month in months)
    wholes = {label: Period(parse_from(label), parse_to(label)) for label in labels}
    return {label: whole.meet(asked) or whole for label, whole in wholes.items()}


def how_covered(scope: Scope, countries: Iterable[str], period: Period) -> str:
    """Whether the releases speak about a period in all of some countries: yes, partly or no."""
    codes = tuple(countries)
    if all(scope.selection.covered(country, period) for country in codes):
        return "yes"
    parts = scope.selection.slices
    touched = any(part.period.meet(period) and set(part.countries) & set(codes) for part in parts)
    return "partly" if touched else "no"

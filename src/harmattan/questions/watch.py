"""What alert rules find on a day: sums of windows of days, or of whole months where a source has no days.

Arrays are by place: a country, one of its areas, or a party in either. The same function answers for one day and for
every day of a history, so that the two cannot differ.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.vocabulary.period import Month
from harmattan.vocabulary.rules import FirstRule, QuietRule, RecordRule, Rule, SurgeRule

Array = npt.NDArray[Any]
Step = Literal["day", "month"]
STEPS: tuple[Step, ...] = ("day", "month")
NOT_FIRED, NOTICE, MEDIUM, HIGH = 0, 1, 2, 3
LEVELS = {NOTICE: "notice", MEDIUM: "medium", HIGH: "high"}
DAY = dt.timedelta(days=1)
EPOCH = dt.date(1970, 1, 1).toordinal()


class Place(NamedTuple):
    """Where a rule looks: a country, an area of it ("" for none), a party there ("" for all)."""

    country: str
    area: str
    actor: str


@dataclass(frozen=True)
class Frame:
    """The days that a rule looks at as of a day: the window, and what is before it."""

    step: Step
    start: dt.date
    end: dt.date
    before: dt.date
    """The first day of what the window is compared with; the last is the day before the window."""
    long: dt.date
    """The first day of the longer comparison of a record; of other rules the same."""
    size: int
    """The length of the window in steps."""


def frame_of(rule: Rule, day: dt.date, step: Step) -> Frame | None:
    """The days that a rule looks at as of `day`; None where whole months have no form of it."""
    if step == "day":
        size, end = rule.days, day
        start = day - (size - 1) * DAY
    else:
        size, month = rule.whole_months, Month.of(day)
        last = month if month.last_day == day else month + -1
        if size == 0:
            return None
        start, end = (last + (1 - size)).first_day, last.last_day
    before = long = start
    match rule:
        case SurgeRule() if step == "day":
            before = long = start - rule.before * size * DAY
        case SurgeRule():
            before = long = (Month.of(start) + -rule.before * size).first_day
        case RecordRule():
            before, long = earlier(start, rule.months), earlier(start, rule.long)
        case FirstRule() | QuietRule():
            before = long = earlier(start, rule.months)
    return Frame(step, start, end, before, long, size)


def earlier(day: dt.date, months: int) -> dt.date:
    """The same day of the month some months earlier; the month's last where it is shorter.

    >>> earlier(dt.date(2022, 3, 31), 1)
    datetime.date(2022, 2, 28)
    """
    month = Month.of(day) + -months
    return month.first_day.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


Spans = Mapping[str, Sequence[tuple[dt.date, dt.date]]]
"""By country, the unbroken periods that are spoken about, in order."""


@dataclass(frozen=True)
class Verdict:
    """What a rule found as of a day; every array is (places,)."""

    level: Array
    """0 where it did not fire."""
    known: Array
    """Whether what it looks at is covered and counted by the source."""
    value: Array
    bar: Array
    """What the value had to reach or exceed, NaN where it is not known."""
    long_bar: Array
    monthly: Array
    """Whether whole months were looked at."""

    @classmethod
    def nothing(cls, places: int) -> Verdict:
        """Where nothing is covered."""
        unknown, no = np.full(places, np.nan), np.zeros(places, dtype=bool)
        return cls(np.full(places, NOT_FIRED), no, unknown, unknown, unknown, no)

    def beside(self, other: Verdict) -> Verdict:
        """This and what was found among other places."""

        def either(mine: Array, its: Array) -> Array:
            return np.where(np.isnan(mine), its, mine)

        return Verdict(
            self.level | other.level,
            self.known | other.known,
            either(self.value, other.value),
            either(self.bar, other.bar),
            either(self.long_bar, other.long_bar),
            self.monthly | other.monthly,
        )


@dataclass(frozen=True)
class Series:
    """Sums by place and day, in order of days: `day` (n,) ordinals, `place` (n,), `value` (n,), `events` (n,)."""

    rule: Rule
    countries: tuple[str, ...]
    """The countries that the rule runs over."""
    places: tuple[Place, ...]
    day: Array
    place: Array
    value: Array
    events: Array
    by_day: Spans
    """What is covered by single days."""
    by_month: Spans
    """What is covered at all, in whole months."""
    _looks: dict[dt.date, tuple[dict[Step, Frame], dict[str, Step]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rule: Rule, daily: pa.Table, countries: Sequence[str], by_day: Spans, by_month: Spans) -> Series:
        """From `measures.alerts.daily`; a country without a record is a place where a rule runs over countries."""
        found = daily.sort_by("day").to_pydict()
        keys = [Place(*key) for key in zip(found["country"], found["area"], found["actor"], strict=True)]
        there = set(keys)
        if rule.by == "country" and not isinstance(rule, FirstRule):
            there |= {Place(code, "", "") for code in countries}
        places = tuple(sorted(there))
        at = {place: n for n, place in enumerate(places)}
        value = [np.nan if number is None else number for number in found[rule.measure]]
        return cls(
            rule,
            tuple(countries),
            places,
            np.array([day.toordinal() for day in found["day"]], dtype=np.int64),
            np.array([at[key] for key in keys], dtype=np.int64),
            np.array(value, dtype=float),
            np.array(found["events"], dtype=float),
            by_day,
            by_month,
        )

    def step(self, country: str, day: dt.date) -> Step | None:
        """By what a country is looked at as of a day: single days, else whole months, else nothing."""
        return self._seen(day)[1].get(country)

    def heard_by(self, codes: Sequence[str]) -> Callable[[dt.date], Array]:
        """Whether each of some countries is looked at as of a day; one that the rule does not run over is not."""
        at = {code: n for n, code in enumerate(self.countries)}
        where = np.array([at.get(code, len(at)) for code in codes], dtype=np.int64)
        return lambda day: np.array([*(self.step(code, day) is not None for code in self.countries), False])[where]

    def _seen(self, day: dt.date) -> tuple[dict[Step, Frame], dict[str, Step]]:
        """What is looked at as of a day by each step, and by which step at each country that is covered."""
        if day not in self._looks:
            frames: dict[Step, Frame] = {}
            steps: dict[str, Step] = {}
            for step in STEPS:
                if len(steps) == len(self.countries):
                    break
                frame = frame_of(self.rule, day, step)
                spans = self.by_day if step == "day" else self.by_month
                if frame is not None:
                    frames[step] = frame
                    there = [code for code in self.countries if covered(spans.get(code, ()), frame.before, frame.end)]
                    if step == "month":
                        there = [code for code in there if self._lacks_days(code, frame)]
                    steps = dict.fromkeys(there, step) | steps
            self._looks[day] = frames, steps
        return self._looks[day]

    def _lacks_days(self, country: str, frame: Frame) -> bool:
        """Whether only sums by month are at hand. Where single days are but end too early, months do not stand in."""
        return not covered(self.by_day.get(country, ()), frame.before, frame.end)

    def judged(self, day: dt.date) -> Verdict:
        """What the rule finds as of a day, at every place."""
        frames, steps = self._seen(day)
        verdict: Verdict | None = None
        for step in set(steps.values()):
            by = np.array([steps.get(code) == step for code in self.countries], dtype=bool)
            found = self._judge(frames[step], by[self._country])
            verdict = found if verdict is None else verdict.beside(found)
        return verdict or Verdict.nothing(len(self.places))

    @cached_property
    def _country(self) -> Array:
        """The position of each place's country among the countries."""
        at = {code: n for n, code in enumerate(self.countries)}
        return np.array([at[place.country] for place in self.places], dtype=np.int64)

    def _judge(self, frame: Frame, among: Array) -> Verdict:
        """What the rule finds among some places; nothing at the others."""
        value = self._sums(frame.start, frame.end, self.value)
        bar = np.full(len(self.places), float(self.rule.floor))
        long_bar = np.full(len(self.places), np.nan)
        match self.rule:
            case RecordRule():
                hot = np.flatnonzero(among & (value >= self.rule.floor))
                bar[hot], long_bar[hot] = self._highest(hot, frame)
                high = value > np.maximum(bar, long_bar)
                fired = np.where(value > bar, np.where(high, HIGH, MEDIUM), NOT_FIRED)
                fired[value < self.rule.floor] = NOT_FIRED
            case SurgeRule():
                mean = self._sums(frame.before, frame.start - DAY, self.value) / self.rule.before
                bar = self.rule.ratio * mean
                fired = np.where((value >= self.rule.floor) & (value >= bar), MEDIUM, NOT_FIRED)
            case FirstRule():
                seen = self._sums(frame.before, frame.start - DAY, self.events)
                fired = np.where((value >= self.rule.floor) & (seen == 0), MEDIUM, NOT_FIRED)
            case _:
                seen = self._sums(frame.start, frame.end, self.events)
                value = self._sums(frame.before, frame.start - DAY, self.value)
                fired = np.where((value >= self.rule.floor) & (seen == 0), NOTICE, NOT_FIRED)
        known = among & ~np.isnan(value) & ~np.isnan(bar)
        if not among.all():
            value, bar, long_bar = (np.where(among, array, np.nan) for array in (value, bar, long_bar))
        monthly = among if frame.step == "month" else np.zeros_like(among)
        return Verdict(np.where(known, fired, NOT_FIRED), known, value, bar, long_bar, monthly)

    def _sums(self, first: dt.date, last: dt.date, of: Array) -> Array:
        """The sum of a window at every place; NaN where a record in it lacks the number."""
        a, b = np.searchsorted(self.day, [first.toordinal(), last.toordinal() + 1])
        return np.bincount(self.place[a:b], weights=of[a:b], minlength=len(self.places)).astype(float)

    def _highest(self, hot: Array, frame: Frame) -> tuple[Array, Array]:
        """Of some places the highest window before this one, in the shorter and in the longer time before.

        The longer is NaN where it is not covered.
        """
        a, b = np.searchsorted(self.day, [frame.long.toordinal(), frame.start.toordinal()])
        row = np.full(len(self.places), -1)
        row[hot] = np.arange(len(hot))
        inside = row[self.place[a:b]] >= 0
        at = _steps_since(self.day[a:b][inside], frame)
        length = int(_steps_since(np.array([frame.start.toordinal()]), frame)[0])
        dense = np.zeros((len(hot), length + 1))
        np.add.at(dense, (row[self.place[a:b]][inside], at + 1), self.value[a:b][inside])
        rolling = np.cumsum(dense, axis=1)
        rolling = rolling[:, frame.size :] - rolling[:, : -frame.size]
        shorter = int(_steps_since(np.array([frame.before.toordinal()]), frame)[0])
        spans = self.by_day if frame.step == "day" else self.by_month
        countries = [self.places[place].country for place in hot]
        whole = np.array([covered(spans.get(code, ()), frame.long, frame.end) for code in countries], dtype=bool)
        return rolling[:, shorter:].max(axis=1), np.where(whole, rolling.max(axis=1), np.nan)


def _steps_since(days: Array, frame: Frame) -> Array:
    """How many steps after the first day of the longer time before some days are."""
    if frame.step == "day":
        return days - frame.long.toordinal()
    months = (days - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months - (Month.of(frame.long) - Month(1970, 1)), dtype=np.int64)


def covered(spans: Sequence[tuple[dt.date, dt.date]], first: dt.date, last: dt.date) -> bool:
    """Whether one of the unbroken periods has all days from first to last."""
    return any(start <= first and last <= end for start, end in spans)


@dataclass(frozen=True)
class Fired:
    """One place at which a rule fired as of a day."""

    series: Series
    verdict: Verdict
    at: int
    """Its position among the places."""
    day: dt.date

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.series.rule

    @property
    def place(self) -> Place:
        """Where."""
        return self.series.places[self.at]

    @property
    def level(self) -> int:
        """How grave."""
        return int(self.verdict.level[self.at])

    @property
    def value(self) -> int:
        """What was counted."""
        return int(self.verdict.value[self.at])

    @property
    def bar(self) -> float | int | None:
        """What the value had to reach or exceed."""
        return _plain(self.verdict.bar[self.at])

    @property
    def long_bar(self) -> float | int | None:
        """The record of the longer time before."""
        return _plain(self.verdict.long_bar[self.at])

    @property
    def frame(self) -> Frame:
        """The days that were looked at."""
        frame = frame_of(self.rule, self.day, "month" if self.verdict.monthly[self.at] else "day")
        if frame is None:
            raise ValueError("what fired has a window")
        return frame

    @property
    def evidence(self) -> tuple[dt.date, dt.date]:
        """The days whose events it opens to: the window, or the months before it where the window is empty."""
        frame = self.frame
        return (frame.before, frame.start - DAY) if isinstance(self.rule, QuietRule) else (frame.start, frame.end)


def fired(series: Series, verdict: Verdict, day: dt.date) -> list[Fired]:
    """Every place at which a rule fired as of a day."""
    return [Fired(series, verdict, int(at), day) for at in np.flatnonzero(verdict.level)]


def _plain(value: float) -> float | int | None:
    """A number as it is shown: whole where it is whole; None where it is not known."""
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), 2)

"""Whether a claim on events can be true by any reasonable way of counting, looked up in the tables and not by a check.

A way of counting is a choice of: the release; records by the day they begin or by every day they may touch; for a
period of up to two months also the month before and after, and the largest single record; for a cell also the cells
around it and the whole country; whom an actor's name takes in (itself, the body it belonged to, the network of that),
and of these all that it took part in or what it did to civilians; with or without records that stand for no place; and
for dead civilians also all dead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import actor_named
from harmattan.dossier.lineage import counted_under
from harmattan.vocabulary.amount import Amount
from harmattan.vocabulary.cell import neighbours
from harmattan.vocabulary.partial import PartialDate
from harmattan.vocabulary.period import Month

LOCATED = ("exact", "near", "admin2")
SHORT = 62
NAMES = ("low", "best", "high", "civilians", "events")
Mask = Any


@dataclass(frozen=True)
class Events:
    """The records of one release as arrays."""

    table: Any
    asker: Asker
    covers: frozenset[str]
    """The countries it speaks about."""

    @cached_property
    def days(self) -> tuple[Any, Any]:
        """First and last days as ordinals."""
        return tuple(
            np.array([day.toordinal() for day in self.table[name].to_pylist()]) for name in ("date_start", "date_end")
        )  # type: ignore[return-value]

    @cached_property
    def numbers(self) -> Mapping[str, Any]:
        """Counts; a missing end is the best."""
        best = self.table["deaths_best"].fill_null(0).to_numpy()
        found = {"best": best, "events": self.table["n_events"].fill_null(0).to_numpy()}
        for name, column in (("low", "deaths_low"), ("high", "deaths_high"), ("civilians", "deaths_civilians")):
            values = self.table[column].to_pylist()
            found[name] = np.array([b if v is None else v for v, b in zip(values, best, strict=True)])
        return found

    @cached_property
    def by_cell(self) -> bool:
        """Whether its records tell cells and actors apart."""
        return bool(self.table["cell"].null_count < len(self.table))

    @cached_property
    def parties(self) -> list[set[str]]:
        """Who took part in each record, each with the level (actor, parent, family) before its id."""
        known: dict[tuple[str, str, dt.date], tuple[str, ...]] = {}
        found = []
        for row in self.table.select(["actors_a", "actors_b", "iso3", "date_start", "date_end"]).to_pylist():
            all_: set[str] = set()
            for name in (*(row["actors_a"] or ()), *(row["actors_b"] or ())):
                for day in (row["date_start"], row["date_end"]):
                    key = (name, row["iso3"], day)
                    if key not in known:
                        known[key] = self._who(*key)
                    all_ |= set(known[key])
            found.append(all_)
        return found

    def _who(self, name: str, iso3: str, day: dt.date) -> tuple[str, ...]:
        actor = self.asker.resolver.resolve(name, source="ucdp", country=iso3, day=day).actor
        if actor is None:
            return ()
        book = self.asker.book
        return tuple(f"{level}:{counted_under(book, actor, level, day)}" for level in ("actor", "parent", "family"))

    def among(self, column: str, values: Any) -> Mask:
        """The records of some values of a column."""
        return np.isin(np.array([str(value) for value in self.table[column].to_pylist()]), [str(v) for v in values])


@dataclass(frozen=True)
class Range:
    """What one way of counting comes to."""

    low: float
    best: float
    high: float
    civilians: float
    events: float


class EventTruth:
    """Looks up claims on events."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.releases = []
        for dataset in ("ucdp-ged-cells", "ucdp-ged-country-month"):
            held = [held for held in asker.inquiry.lake.releases() if held.release.dataset == dataset]
            self.releases += [
                Events(pq.read_table(one.file("events")), asker, frozenset(one.release.coverage.places)) for one in held
            ]

    def possible(self, part: Mapping[str, Any]) -> bool:
        """Whether a part can be true by any way of counting."""
        return bool(getattr(self, f"_{part['check']}")(part))

    def _value(self, part: Mapping[str, Any]) -> bool:
        amount = Amount(part["value"], part.get("qualifier", "exact"))
        for one in self.ranges(part):
            if part.get("measure") == "civilians" and amount.meets(one.civilians, one.civilians):
                return True
            if amount.meets(one.low, one.high):
                return True
        return False

    def _count(self, part: Mapping[str, Any]) -> bool:
        amount = Amount(part["value"])
        return any(amount.meets(one.events, one.events) for one in self.ranges(part))

    def _compare(self, part: Mapping[str, Any]) -> bool:
        other = {**part, **part["than"]}
        both = {*part["country"], *other["country"]}
        pairs = zip(self.ranges(part, whole=True, of=both), self.ranges(other, whole=True, of=both), strict=True)
        return any(one.high and one.high >= part["factor"] * than.low for one, than in pairs)

    def _share(self, part: Mapping[str, Any]) -> bool:
        amount = Amount(part["value"])
        both = {*part["country"], *part["of"].get("country", ())}
        of = self.ranges({**part, **part["of"]}, whole=True, of=both)
        pairs = zip(of, self.ranges(part, whole=True, of=both), strict=True)
        for one, all_ in pairs:
            least = one.low + all_.high - one.high
            most = one.high + all_.low - one.low
            if least and most and amount.meets(100 * one.low / least, 100 * one.high / most):
                return True
        return False

    def _first(self, part: Mapping[str, Any]) -> bool:
        claimed = PartialDate.parse(part["date"])
        for events, mask, _wide in self.masks({**part, "from": "1900", "to": str(self.asker.as_of)}):
            if mask.any():
                at = int(np.argmin(np.where(mask, events.days[0], 10**9)))
                first, last = (dt.date.fromordinal(int(days[at])) for days in events.days)
                if first <= (claimed.latest or last) and (claimed.earliest or first) <= last:
                    return True
        return False

    def _rank(self, part: Mapping[str, Any]) -> bool:
        """Whether no window of the length can have had more for certain."""
        months = part["window"]
        end = Month.parse(part["to"])
        for events in self.releases:
            if not set(part["country"]) <= events.covers:
                continue
            base = events.among("iso3", part["country"])
            sums: dict[Month, tuple[float, float]] = {}
            for n in np.flatnonzero(base):
                month = Month.of(dt.date.fromordinal(int(events.days[0][n])))
                low, high = sums.get(month, (0.0, 0.0))
                sums[month] = low + events.numbers["low"][n], high + events.numbers["high"][n]
            last = Month.of(self.asker.as_of)
            first = Month.parse(part["since"])
            span = (last.year - first.year) * 12 + last.month - first.month + 1
            ends = [first + n for n in range(span)]

            def total(at: Month, side: int, sums: dict[Month, tuple[float, float]] = sums) -> float:
                return sum(sums.get(at + -n, (0.0, 0.0))[side] for n in range(months))

            if total(end, 1) >= max((total(at, 0) for at in ends if at != end), default=0.0):
                return True
        return False

    def ranges(self, part: Mapping[str, Any], *, whole: bool = False, of: Collection[str] = ()) -> Iterator[Range]:
        """What every way of counting comes to; with `whole` the same ways in the same order, whatever they find.

        Only releases speak that cover the countries, and `of` where that is said.
        """
        short = self._span(part)[1] - self._span(part)[0] < SHORT or "place" in part
        for events, mask, wide in self.masks(part, whole=whole, of=of):
            numbers = events.numbers
            yield Range(*(float(numbers[name][mask].sum()) for name in NAMES))
            if short and not whole and not wide and mask.any():
                at = int(np.argmax(np.where(mask, numbers["best"], -1)))
                yield Range(*(float(numbers[name][at]) for name in NAMES))

    def _span(self, part: Mapping[str, Any]) -> tuple[int, int]:
        start = PartialDate.parse(part["from"])
        end = PartialDate.parse(part.get("to") or part["from"])
        last = min(end.latest or self.asker.as_of, self.asker.as_of)
        return (start.earliest or start.day).toordinal(), last.toordinal()

    def masks(
        self, part: Mapping[str, Any], *, whole: bool = False, of: Collection[str] = ()
    ) -> Iterator[tuple[Events, Mask, bool]]:
        """The records each way of counting takes in, and whether it looks beyond the place that is named."""
        first, last = self._span(part)
        narrowed = "place" in part or "actor" in part
        for events in self.releases:
            if not {*part["country"], *of} <= events.covers or (narrowed and not events.by_cell):
                continue
            base = events.among("iso3", part["country"])
            for time, (where, wide), who in product(
                self._times(events, first, last, whole), self._places(events, part), self._whos(events, part)
            ):
                yield events, base & time & where & who, wide

    @staticmethod
    def _times(events: Events, first: int, last: int, whole: bool) -> Iterator[Mask]:
        start, end = events.days
        yield (start >= first) & (start <= last)
        yield (start <= last) & (end >= first)
        if last - first < SHORT and not whole:
            months = (Month.of(dt.date.fromordinal(first)) + -1).first_day.toordinal()
            until = (Month.of(dt.date.fromordinal(last)) + 1).last_day.toordinal()
            yield (start <= until) & (end >= months)

    @staticmethod
    def _places(events: Events, part: Mapping[str, Any]) -> Iterator[tuple[Mask, bool]]:
        everywhere = np.ones(len(events.table), dtype=bool)
        located = events.among("where_precision", LOCATED)
        if "place" not in part:
            yield everywhere, False
            if located.any():
                yield located, False
            return
        gid = int(part["place"].split()[-1])
        yield located & events.among("cell", [gid]), False
        yield events.among("cell", [gid]), False
        yield located & events.among("cell", [gid, *neighbours(gid)]), False
        yield everywhere, True

    def _whos(self, events: Events, part: Mapping[str, Any]) -> Iterator[Mask]:
        if "actor" not in part:
            yield np.ones(len(events.table), dtype=bool)
            return
        day = dt.date.fromordinal(self._span(part)[1])
        actor = actor_named(self.asker, part["actor"][0], day=day)
        wanted: set[str] = set()
        for level in ("actor", "parent", "family"):
            wanted.add(f"{level}:{counted_under(self.asker.book, actor, level, day)}")
            yield np.array([bool(wanted & parties) for parties in events.parties])

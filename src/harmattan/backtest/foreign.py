"""Somebody else's draws, in the challenge's layout: which origin they are from, and what of them fits the panel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.backtest import tables
from harmattan.backtest.layout import Block
from harmattan.backtest.plan import UNIT_COLUMN, Plan
from harmattan.errors import UsageError, WrongFile
from harmattan.models.draws import CHUNK
from harmattan.models.panel import Panel
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.period import Month


@dataclass
class Fit:
    """How well somebody's draws fit: what was left out of them, and what is not in them."""

    units: set[str] = field(default_factory=set)
    """Of theirs, not in the panel."""
    months: set[Month] = field(default_factory=set)
    """Of theirs, forecast from none of the origins."""
    missing: int = 0
    """Units and months that were observed and are not, or not with all draws, in theirs."""
    scored: int = 0
    """Units and months that are in both."""
    draws: int = 0


@dataclass(frozen=True)
class _Source:
    """A file, its columns, and the origin of each of its months."""

    path: Path
    unit: str
    draw: str | None
    origin_of: Mapping[Month, Month]


class Foreign:
    """Draws of others in a file or folder; `fit` is complete once all origins were asked for."""

    def __init__(self, path: Path, panel: Panel, plan: Plan) -> None:
        self.fit, self._panel, self._plan = Fit(), panel, plan
        self._sources = [source for one in _files(path) if (source := self._opened(one)) is not None]
        if not self._sources:
            raise WrongFile(
                T("{path} has no draws by {unit}.", path=Verbatim(str(path)),
                  unit=Verbatim(UNIT_COLUMN[plan.level])),
                do=T("The layout is month_id, {unit}, draw, outcome.", unit=Verbatim(UNIT_COLUMN[plan.level])),
            )  # fmt: skip
        self._path = path

    def _opened(self, path: Path) -> _Source | None:
        there = tables.columns_of(path)
        unit, other = UNIT_COLUMN[self._plan.level], set(UNIT_COLUMN.values())
        if unit not in there and other & set(there):
            return None
        tables.demand(path, ("month_id", unit, "outcome"), there)
        months: set[Month] = set()
        for start, part in tables.parts(path, ["month_id"]):
            months |= set(tables.months(path, "month_id", part["month_id"], start)[1])
        if not months:
            raise WrongFile(T("{path} has no rows.", path=Verbatim(str(path))))
        origin_of = self._origins(path, months)
        self.fit.months |= months - set(origin_of)
        return _Source(path, unit, "draw" if "draw" in there else None, origin_of)

    def _origins(self, path: Path, months: set[Month]) -> dict[Month, Month]:
        """From which origin each month of a file was forecast: the file's name says so, or its months do."""
        plan = self._plan
        if re.fullmatch(r"\d{4}-\d{2}", path.stem):
            with suppress(UsageError):
                named = Month.parse(path.stem)
                return dict.fromkeys(plan.months(named), named) if named in plan.origins else {}
        near = [origin for origin in plan.origins if months & set(plan.months(origin))]
        origin_of: dict[Month, Month] = {}
        for origin in near:
            for month in plan.months(origin):
                if month in origin_of:
                    return self._one_of(path, months, near)
                origin_of[month] = origin
        return {month: origin for month, origin in origin_of.items() if month in months}

    def _one_of(self, path: Path, months: set[Month], near: Sequence[Month]) -> dict[Month, Month]:
        exact = [origin for origin in near if set(self._plan.months(origin)) == months]
        if len(exact) != 1:
            raise UsageError(
                T("From which month {path} was forecast cannot be told: windows overlap.", path=Verbatim(str(path))),
                do=T("Name each file by its origin, such as 2011-10.parquet."),
            )
        return dict.fromkeys(months, exact[0])

    def blocks(self, origin: Month) -> Iterator[Block]:
        """The draws from one origin, NaN where there are none; in the blocks that our own are scored in."""
        units, steps = self._panel.units, self._plan.steps
        sources = [source for source in self._sources if origin in source.origin_of.values()]
        labels = sorted({label for source in sources for label in _labels(source)}) or [0]
        draws = np.full((len(units), len(steps), len(labels)), np.nan, np.float32)
        filled = np.zeros(draws.shape, bool)
        for source in sources:
            self._fill(source, origin, labels, draws, filled)
        truth = np.isfinite(self._panel.at(origin, steps))
        said = ~np.isnan(draws).any(axis=2)
        self.fit.missing += int((truth & ~said).sum())
        self.fit.scored += int((truth & said).sum())
        self.fit.draws = max(self.fit.draws, len(labels))
        for start in range(0, len(units), CHUNK):
            yield np.arange(start, min(start + CHUNK, len(units))), draws[start : start + CHUNK]

    def _fill(
        self, source: _Source, origin: Month, labels: Sequence[Any], draws: NDArray[Any], filled: NDArray[Any]
    ) -> None:
        place = {unit: n for n, unit in enumerate(self._panel.units)}
        which = {month: n for n, month in enumerate(self._plan.months(origin))}
        rank = {label: n for n, label in enumerate(labels)}
        names = ["month_id", source.unit, "outcome", *([source.draw] if source.draw else [])]
        for start, part in tables.parts(source.path, names):
            unit_at, units = tables.units(source.path, source.unit, part[source.unit], start)
            self.fit.units |= {unit for unit in units if unit not in place}
            month_at, months = tables.months(source.path, "month_id", part["month_id"], start)
            ours = [which.get(month, -1) if source.origin_of.get(month) == origin else -1 for month in months]
            at = [
                np.array([place.get(unit, -1) for unit in units], np.intp)[unit_at],
                np.array(ours, np.intp)[month_at],
            ]
            if source.draw:
                draw_at, found = tables.codes(source.path, source.draw, part[source.draw], start)
                at.append(np.array([rank[_label(source.path, one)] for one in found], np.intp)[draw_at])
            else:
                at.append(np.zeros(len(at[0]), np.intp))
            values = tables.amounts(source.path, "outcome", part["outcome"], start)
            fits = (at[0] >= 0) & (at[1] >= 0)
            _put(source.path, (at[0][fits], at[1][fits], at[2][fits]), values[fits], draws, filled)

    def check(self) -> None:
        """Raises WrongFile where nothing of theirs could be scored."""
        if self.fit.scored:
            return
        theirs = [Verbatim(unit) for unit in sorted(self.fit.units)[:3]]
        raise WrongFile(
            T("Nothing in {path} is about units and months of this backtest.", path=Verbatim(str(self._path))),
            available=T("{n} of its units are not in the panel, such as {theirs}; the panel has {ours}.",
                        n=len(self.fit.units), theirs=listing(theirs),
                        ours=listing([Verbatim(unit) for unit in self._panel.units[:3]]))
            if theirs else None,
            do=T("Give the same names of units, and --origins and --steps of those months."),
        )  # fmt: skip


def _put(path: Path, at: Any, values: NDArray[Any], draws: NDArray[Any], filled: NDArray[Any]) -> None:
    flat = np.ravel_multi_index(at, draws.shape)
    if filled.ravel()[flat].any() or len(np.unique(flat)) != len(flat):
        raise WrongFile(
            T("{path} has two rows for one unit, month and draw.", path=Verbatim(str(path))),
            do=T("Give one row for each; without a column draw, one for each unit and month."),
        )
    draws.reshape(-1)[flat] = values
    filled.reshape(-1)[flat] = True


def _labels(source: _Source) -> set[Any]:
    if source.draw is None:
        return {0}
    found: set[Any] = set()
    for start, part in tables.parts(source.path, [source.draw]):
        for value in tables.codes(source.path, source.draw, part[source.draw], start)[1]:
            found.add(_label(source.path, value))
    return found


def _label(path: Path, value: Any) -> int:
    try:
        return int(float(value))
    except (TypeError, ValueError):
        raise WrongFile(
            T("{path}: draw cannot be {value}.", path=Verbatim(str(path)), value=Verbatim(repr(value)[:60])),
            do=T("Number the draws from 0."),
        ) from None


def _files(path: Path) -> list[Path]:
    """The file, or those of a folder but the scores that the challenge's programs lay beside them."""
    if path.is_dir():
        found = [
            one
            for one in sorted(path.rglob("*.parquet"))
            if not one.name.startswith((".", "eval_")) and not {"eval", "__MACOSX"} & set(one.relative_to(path).parts)
        ]
        if not found:
            raise UsageError(T("There is no Parquet file in {path}.", path=Verbatim(str(path))))
        return found
    if not path.exists():
        raise UsageError(T("There is no file or folder {path}.", path=Verbatim(str(path))))
    return [path]

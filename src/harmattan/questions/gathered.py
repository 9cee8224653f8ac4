"""Events gathered into groups by what they are told apart by, for what has to be worked out group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.questions.marked import Marked
from harmattan.questions.stretches import stretches, time_of
from harmattan.vocabulary.period import Period

Array = npt.NDArray[Any]

TIMES = {"month": 7, "year": 4}
"""What a day is cut to: so many signs of it."""
COLUMN = {"country": "iso3", "kind": "violence", "cell": "cell"}


@dataclass(frozen=True)
class Group:
    """Some events that a row is about."""

    values: Mapping[str, Any]
    """What tells it apart, but for its time."""
    label: str
    period: Period
    countries: tuple[str, ...]
    which: Array
    """Places of its events, in order."""


def gathered(marked: Marked, by: Sequence[str], which: Array) -> list[Group]:
    """The events of a mask in groups, in the order of their keys.

    By time and country also groups without an event are there: every month or year of the scope, every country.
    By actor an event is in the group of each party that is named on either side.
    """
    scope, places = marked.scope, np.flatnonzero(which)
    names = [name for name in ("month", "year", "country", "kind", "cell", "actor") if name in by]
    columns: dict[str, Any] = {"at": pa.array(places)}
    for name in names:
        if name in TIMES:
            days = marked.array("date_start")[places].astype(str)
            columns[name] = pa.array([day[: TIMES[name]] for day in days.tolist()], pa.string())
        elif name != "actor":
            columns[name] = marked.table[COLUMN[name]].take(pa.array(places)).combine_chunks()
    table = pa.table(columns)
    if "actor" in names:
        table = _by_party(marked, table)
    found = {}
    if names:
        for row in table.group_by(names).aggregate([("at", "list")]).to_pylist():
            found[tuple(row[name] for name in names)] = np.sort(np.array(row["at_list"], dtype=int))
    else:
        found[()] = places
    if set(names) <= {"month", "year", "country"}:
        for key in _all_keys(marked, names):
            found.setdefault(key, np.array([], dtype=int))
    actors = scope.params.actor
    order = sorted(found, key=lambda key: tuple((value is None, value) for value in key))
    spans = stretches(scope.period, time_of(by))
    made = [_group(marked, dict(zip(names, key, strict=True)), found[key], spans) for key in order]
    return [one for one in made if not actors or one.values.get("actor", actors[0]) in actors]


def _by_party(marked: Marked, table: pa.Table) -> pa.Table:
    sides = [marked.table[side].to_pylist() for side in ("actors_a", "actors_b")]
    rows = [
        (place, name)
        for place, at in enumerate(table["at"].to_pylist())
        for name in dict.fromkeys((*(sides[0][at] or ()), *(sides[1][at] or ())))
    ]
    parted = table.take(pa.array([place for place, _name in rows], pa.int64()))
    return parted.append_column("actor", pa.array([name for _place, name in rows], pa.string()))


def _all_keys(marked: Marked, names: Sequence[str]) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = [()]
    for name in names:
        values: Sequence[str] = marked.scope.params.country
        if name in TIMES:
            values = [str(label) for label in stretches(marked.scope.period, name)]
        keys = [(*key, value) for key in keys for value in values]
    return keys


def _group(marked: Marked, values: dict[str, Any], which: Array, spans: Mapping[str | None, Period]) -> Group:
    scope = marked.scope
    time = next((values.pop(name) for name in TIMES if name in values), None)
    countries = (values["country"],) if "country" in values else scope.params.country
    return Group(values, time or str(scope.period), spans[time], countries, which)

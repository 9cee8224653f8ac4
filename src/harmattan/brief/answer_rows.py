"""The rows of an answer made ready to be drawn: few enough, in words, with days in place of periods."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from harmattan.brief.answer_words import head, spoken_code
from harmattan.brief.charts import Rows, source_line
from harmattan.questions.answer import Answer, spoken
from harmattan.text import T, Text, Value, joined
from harmattan.text.speaker import Speaker

MOST_SERIES, MOST_BARS, MOST_SPANS, MOST_PANELS = 6, 24, 36, 9
MOST_POINTS = 6000
"""Points of one picture; of more the latest are drawn."""
PARTS = ("country", "area", "site", "place", "actor", "group", "partner", "perpetrator", "harm", "name", "rule",
         "phase", "window", "dataset", "indicator", "sector", "plan", "model", "unit", "cell", "km", "within_km",
         "scope", "way", "design", "treated", "year", "period")  # fmt: skip
"""Columns by which rows with the same name are told apart, in this order."""


@dataclass(frozen=True)
class Material:
    """An answer with its reader: what a picture is made of."""

    answer: Answer
    speaker: Speaker
    countries: Mapping[int, str]
    left_out: tuple[Text, ...] = ()
    """What the picture does not show, in sentences."""

    added: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Columns that were put beside those of a row, by its position."""

    @cached_property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """The rows in the reader's language."""
        return tuple(spoken(row, self.speaker) | dict(self.added.get(n, {})) for n, row in enumerate(self.answer.rows))

    def adding(self, columns: Mapping[int, Mapping[str, Any]]) -> Material:
        """The same with further columns."""
        return replace(self, added=columns)

    @property
    def names(self) -> set[str]:
        """The columns there are."""
        return {column.name for column in self.answer.columns}

    @property
    def source(self) -> str:
        """What is printed below the picture: what it leaves out, and whose the data are."""
        return " ".join(self.speaker.say(line) for line in (*self.left_out, source_line(self.answer.releases)))

    @property
    def inside(self) -> tuple[str, ...]:
        """The countries that were asked about."""
        return tuple(self.answer.params.get("country") or ())

    def without(self, note: Text) -> Material:
        """The same, and a sentence more about what is not shown."""
        return replace(self, left_out=(*self.left_out, note))

    def head(self, name: str) -> str:
        """A column in a few words."""
        return head(name, self.speaker)

    def word(self, row: Mapping[str, Any], name: str) -> str:
        """A row's value as words; a dash where there is none."""
        if name.endswith("km") and is_number(row.get(name)):
            return f"{row[name]:g} km"
        return "–" if row.get(name) is None else spoken_code(row[name], name, self.speaker)

    def meaning(self, name: str) -> Value:
        """What a column means."""
        return next((column.description for column in self.answer.columns if column.name == name), T("value"))


def ends_of(material: Material, y: str, low: str = "", high: str = "") -> tuple[str, str]:
    """The columns of the range of a column; empty where it has none."""
    pairs = [(low, high)]
    if y == "deaths_best":
        pairs.append(("deaths_low", "deaths_high"))
    pairs += [(f"{y}_low", f"{y}_high")]
    if y in ("value", "estimate"):
        pairs.append(("low", "high"))
    if y in ("median", "mean"):
        pairs.append(("low90", "high90"))
    return next((pair for pair in pairs if pair[0] and set(pair) <= material.names), ("", ""))


def day_of(words: object) -> str | None:
    """The first day of a year, half-year, month, day or period, as ISO writes it; None for anything else.

    >>> day_of("2012"), day_of("2012-H2"), day_of("2012-03"), day_of("2012-03-05/2013-01-01")
    ('2012-01-01', '2012-07-01', '2012-03-01', '2012-03-05')
    """
    said = str(words).partition("/")[0]
    if half := re.fullmatch(r"(\d{4})-H([12])", said):
        return f"{half[1]}-0{1 if half[2] == '1' else 7}-01"
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", said):
        return None
    return said + "-01-01"[len(said) - 4 :] if len(said) < 10 else said


def after(words: object) -> str | None:
    """The day after the last one of a period.

    >>> after("2012"), after("2012-H1"), after("2012-12"), after("2012-03-05/2013-01-01")
    ('2013-01-01', '2012-07-01', '2013-01-01', '2013-01-02')
    """
    said = str(words).rpartition("/")[2]
    first = day_of(said)
    if first is None:
        return None
    day = dt.date.fromisoformat(first)
    if len(said) == 10:
        return (day + dt.timedelta(days=1)).isoformat()
    months = 12 if len(said) == 4 else 6 if "H" in said else 1
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}-01"


def is_number(value: object) -> bool:
    """Whether a value can be drawn as an amount."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def numeric(rows: Iterable[Mapping[str, Any]], name: str) -> bool:
    """Whether a column holds amounts."""
    found = [row.get(name) for row in rows if row.get(name) is not None]
    return bool(found) and all(is_number(value) for value in found)


def largest(
    material: Material, rows: Rows, series: str, y: str, most: int = MOST_SERIES
) -> tuple[Material, list[str], Rows]:
    """The series with the largest values, the rows of those, and the material that says so where there are more."""
    weight: dict[str, float] = {}
    for row in rows:
        name = material.word(row, series)
        weight[name] = weight.get(name, 0.0) + abs(row[y] or 0)
    names = sorted(weight, key=lambda name: -weight[name])
    if len(names) <= most:
        return material, list(weight), rows
    kept = set(names[:most])
    told = material.without(T("Only the largest {n} of {all} are drawn.", n=most, all=len(names)))
    return told, names[:most], [row for row in rows if material.word(row, series) in kept]


def bounded(material: Material, rows: Rows, most: int = MOST_POINTS) -> tuple[Material, Rows]:
    """So many rows at most, the last of them."""
    if len(rows) <= most:
        return material, rows
    return material.without(T("Only the last {n} of {all} points are drawn.", n=most, all=len(rows))), rows[-most:]


def labels_of(material: Material, rows: Rows, label: str, series: str = "") -> list[str]:
    """A name for each row: its label, and what else is needed to tell it from the others."""
    names = [label]
    keys: list[object] = [(str(row.get(label)), str(row.get(series))) for row in rows]
    for name in (part for part in PARTS if part in material.names and part not in (label, series)):
        if len(set(keys)) == len(rows):
            break
        values = [str(row.get(name)) for row in rows]
        if len(set(values)) > 1:
            names.append(name)
            keys = list(zip(keys, values, strict=True))
    return [_joined([material.word(row, name) for name in names]) for row in rows]


def _joined(words: Sequence[str]) -> str:
    said = [word for word in words if word != "–"]
    return " · ".join(said) or "–"


def caption(*parts: Text) -> Text:
    """Several sentences as one."""
    return joined(parts)

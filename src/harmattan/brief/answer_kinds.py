"""Each kind of chart as it is drawn for any answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.brief.ahead_charts import AheadCharts
from harmattan.brief.answer_plots import Plots
from harmattan.brief.answer_rows import (
    MOST_BARS,
    MOST_PANELS,
    MOST_POINTS,
    Material,
    after,
    bounded,
    caption,
    day_of,
    ends_of,
    is_number,
    labels_of,
    largest,
    numeric,
)
from harmattan.brief.charts import MAP_COLOURS, Charts, Rows
from harmattan.brief.outline import Picture
from harmattan.brief.sections import BOUNDARIES
from harmattan.brief.skill_charts import SkillCharts
from harmattan.brief.standing_charts import StandingCharts
from harmattan.text import T, Text, Verbatim, msg


class Maps(AheadCharts):
    """Maps that stand alone."""

    def expectation(self, rows: Rows, countries: Mapping[int, str], inside: Sequence[str]) -> dict[str, Any]:
        """Expected deaths by cell."""
        return self._finish(self.expected(rows, countries, inside))

    def classed(
        self, cells: Mapping[int, str], colours: Mapping[str, str], title: str, countries: Mapping[int, str],
        inside: Sequence[str],
    ) -> dict[str, Any]:  # fmt: skip
        """Cells by their class."""
        return self._finish(self.painted(cells, colours, title, countries, inside))


LINES = T("Lines or thin bars are the range from low to high.")
BANDS = T("Bands are the range from low to high.")
IN_TIME = ("period", "year", "month", "day", "hour", "window_end")


def over_time(material: Material) -> Picture | None:
    """A column over time, a line for each series; along a number where time is none."""
    chart = material.answer.chart
    if not numeric(material.rows, chart.y):
        return None
    if numeric(material.rows, chart.x):
        return _along(material)
    rows: Rows = [row for row in material.rows if day_of(row.get(chart.x)) is not None]
    if len({row[chart.x] for row in rows}) < 2:
        return bars(material)
    names: list[str] = []
    series = _series_of(material, rows, chart.x, chart.series)
    if not series and len({row[chart.x] for row in rows}) < len(rows):
        first = chart.series if chart.series in material.names else "country"
        told = labels_of(material, rows, first, chart.x)
        rows, series = [dict(row) | {"together": words} for row, words in zip(rows, told, strict=True)], "together"
    if series:
        material, names, rows = largest(material, rows, series, chart.y)
        if len(names) < 2:
            names = []
    rows = sorted(rows, key=lambda row: str(day_of(row[chart.x])))
    material, rows = bounded(material, rows)
    low, high = ends_of(material, chart.y, chart.low, chart.high)
    points = [point(material, row, chart.x, (chart.y, low, high), series) for row in rows]
    spec = Plots(material.speaker, material.source).over_time(_gapped(points, names), material.head(chart.y), names)
    ranged = low and any(one["low"] is not None for one in points)
    how = [LINES if not names and len(points) <= 70 else BANDS] if ranged else []
    return Picture(spec, caption(about(material, chart.y), *how))


def _gapped(points: list[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """The points, and an empty one where a series says nothing of a time that others speak of: its line breaks off."""
    times = {one["day"]: one for one in points}
    if len(times) * len(names) > MOST_POINTS:
        return points
    there = {(one["series"], one["day"]) for one in points}
    empty: dict[str, Any] = dict.fromkeys(("value", "low", "high"))
    gaps = [one | empty | {"series": name} for name in names for day, one in times.items() if (name, day) not in there]
    return sorted([*points, *gaps], key=lambda one: str(one["day"]))


def _along(material: Material) -> Picture:
    chart = material.answer.chart
    series = chart.series if chart.series in material.names else ""
    rows: Rows = material.rows
    names = [""]
    if series:
        material, names, rows = largest(material, rows, series, chart.y)
    points = [{"at": row[chart.x], "value": row[chart.y], "series": material.word(row, series) if series else ""}
              for row in rows]  # fmt: skip
    spec = Plots(material.speaker, material.source).lines(
        points, material.head(chart.y), names, along=material.head(chart.x), mark=None
    )
    return Picture(spec, about(material, chart.y))


def point(
    material: Material, row: Mapping[str, Any], x: str, ys: tuple[str, str, str], series: str = ""
) -> dict[str, Any]:
    """A value over time; the days are those of the period in `x`."""
    y, low, high = ys
    first, end = str(day_of(row[x])), str(after(row[x]))
    middle = dt.date.fromisoformat(first) + (dt.date.fromisoformat(end) - dt.date.fromisoformat(first)) / 2
    return {
        "day": first, "after": end, "middle": middle.isoformat(), "when": str(row[x]), "value": row[y],
        "low": row.get(low) if low else None, "high": row.get(high) if high else None,
        "series": material.word(row, series) if series else "",
    }  # fmt: skip


def _series_of(material: Material, rows: Rows, x: str, said: str) -> str:
    """What tells rows of the same time apart: as the chart says, else the first of some columns that does."""
    candidates = (said, "country", "kind", "actor", "group", "pair", "dyad", "admin1", "harm", "unit", "place", "scope")
    for name in candidates:
        several = name in material.names and len({str(row.get(name)) for row in rows}) > 1
        if several and len({(str(row[x]), str(row.get(name))) for row in rows}) == len(rows):
            return name
    return ""


def bars(material: Material) -> Picture | None:
    """Bars to the right, as many as fit."""
    chart = material.answer.chart
    value, label = (chart.x, chart.y) if numeric(material.rows, chart.x) else (chart.y, chart.x)
    if chart.x in IN_TIME or chart.y in IN_TIME:
        label, value = (chart.x, chart.y) if chart.x in IN_TIME else (chart.y, chart.x)
        timed = [row for row in material.rows if day_of(row.get(label)) is not None]
        if len({row[label] for row in timed}) == len(timed) > 2 and numeric(timed, value):
            return _by_period(material, timed, label, value)
    rows: Rows = [row for row in material.rows if is_number(row.get(value))]
    if not rows or label not in material.names:
        return None
    return bars_of(material, rows, label, value, chart.series)


def bars_of(material: Material, rows: Rows, label: str, value: str, series: str = "") -> Picture:
    """Bars of some rows: the first of them where there are too many."""
    beside = len({material.word(row, label) for row in rows}) < 0.7 * len(rows)
    most = MOST_BARS * 2 if beside else MOST_BARS
    if len(rows) > most:
        kept = set(sorted(range(len(rows)), key=lambda n: -abs(rows[n][value]))[:most])
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=most, all=len(rows)))
        rows = [row for n, row in enumerate(rows) if n in kept]
    series = series if series in material.names and series != label else ""
    found = list(dict.fromkeys(material.word(row, series) for row in rows)) if series else []
    if not 2 <= len(found) <= 6:
        series, found = "", []
    low, high = ends_of(material, value, material.answer.chart.low, material.answer.chart.high)
    labels = labels_of(material, rows, label, series)
    if series and len(set(labels)) < len(rows) < 0.6 * len(set(labels)) * len(found):
        labels = [f"{words} · {material.word(row, series)}" for words, row in zip(labels, rows, strict=True)]
    points = [
        {"label": words, "value": row[value], "low": row.get(low) if low else None,
         "high": row.get(high) if high else None, "series": material.word(row, series) if series else ""}
        for words, row in zip(labels, rows, strict=True)
    ]  # fmt: skip
    spec = Plots(material.speaker, material.source).bars(points, material.head(value), found)
    ranged = low and any(one["low"] is not None for one in points)
    return Picture(spec, caption(about(material, value), *([LINES] if ranged else [])))


def _by_period(material: Material, rows: Rows, label: str, value: str) -> Picture:
    rows = sorted(rows, key=lambda row: str(day_of(row[label])))
    low, high = ends_of(material, value)
    points = [point(material, row, label, (value, low, high)) for row in rows]
    spec = Plots(material.speaker, material.source).over_time(points, material.head(value))
    return Picture(spec, about(material, value))


def about(material: Material, column: str) -> Text:
    """What a column means, as a sentence."""
    return T("Drawn: {what}.", what=material.meaning(column))


def cells(material: Material) -> Picture | None:
    """A map of a column by cell: the brief's where it is deaths, else in classes of its own."""
    column = material.answer.chart.y
    rows = [row for row in material.rows if row.get("cell") is not None and row.get(column) is not None]
    if not rows or not material.countries:
        return None
    material, once = _once(material, rows, column)
    inside = material.inside
    lost = sum(row.get("cell") is None for row in material.rows)
    if lost:
        material = material.without(T("Rows without a cell are not drawn: {n}.", n=lost))
    if column == "deaths_best":
        charts = Charts(material.speaker, material.source)
        spec = charts.cells(list(once.values()), material.countries, inside)
    elif column == "mean":
        spec = Maps(material.speaker, material.source).expectation(list(once.values()), material.countries, inside)
    else:
        spec = _classed(material, {gid: row[column] for gid, row in once.items()}, column)
    return Picture(spec, caption(about(material, column), BOUNDARIES))


def _once(material: Material, rows: list[dict[str, Any]], column: str) -> tuple[Material, dict[int, Any]]:
    """One row for each cell: of several periods the last, of several rows the one with most."""
    periods = sorted({str(row["period"]) for row in rows if row.get("period") is not None})
    if len(periods) > 1:
        rows = [row for row in rows if str(row.get("period")) == periods[-1]]
        material = material.without(T("Only {period} is drawn.", period=Verbatim(periods[-1])))
    once: dict[int, Any] = {}
    for row in rows:
        if row["cell"] not in once or row[column] > once[row["cell"]][column]:
            once[row["cell"]] = row
    if len(once) < len(rows):
        material = material.without(T("Of several rows of a cell the one with most is drawn."))
    return material, once


def _classed(material: Material, values: Mapping[int, Any], column: str) -> dict[str, Any]:
    """Cells in classes, each with about as many cells."""
    words = classes_of(list(values.values()))
    names = list(dict.fromkeys(words[value] for value in sorted(values.values())))
    palette = MAP_COLOURS[1:]
    picked = [palette[round(n * (len(palette) - 1) / max(1, len(names) - 1))] for n in range(len(names))]
    shown, colours = {gid: words[value] for gid, value in values.items()}, dict(zip(names, picked, strict=True))
    maps, ground = Maps(material.speaker, material.source), (material.countries, material.inside)
    return maps.classed(shown, colours, material.head(column), *ground)


def classes_of(values: Sequence[float], most: int = 6) -> dict[Any, str]:
    """The class of each value, in words: each value its own where there are few, else as many in each as can be.

    >>> classes_of([3, 1, 2, 2])
    {1: '1', 2: '2', 3: '3'}
    """
    order = sorted(set(values))
    if len(order) <= most:
        return {value: f"{value:g}" for value in order}
    listed = sorted(values)
    bounds = sorted({listed[min(len(listed) - 1, len(listed) * n // most)] for n in range(most)})
    named: dict[Any, str] = {}
    for n, low in enumerate(bounds):
        own = [value for value in order if value >= low and (n + 1 == len(bounds) or value < bounds[n + 1])]
        words = f"{own[0]:g}" if len(own) == 1 else f"{own[0]:g}–{own[-1]:g}"
        named |= dict.fromkeys(own, words)
    return named


def windows(material: Material) -> Picture | None:
    """Sums over windows with the records marked, a panel for each country."""
    chart, months = material.answer.chart, int(material.answer.params.get("window") or 12)
    column = chart.y
    shown = [
        {"country": row["country"], "window_end": row["window_end"], "deaths_best": row[column],
         "deaths_low": row["deaths_low"] if column == "deaths_best" else None,
         "deaths_high": row["deaths_high"] if column == "deaths_best" else None, "is_record": bool(row["is_record"])}
        for row in material.rows
        if row[column] is not None
    ]  # fmt: skip
    if not shown:
        return None
    weight: dict[str, float] = {}
    for row in shown:
        weight[row["country"]] = max(weight.get(row["country"], 0), row["deaths_best"])
    names = sorted(weight, key=lambda name: -weight[name])
    if len(names) > MOST_PANELS:
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=MOST_PANELS, all=len(names)))
    kept = set(names[:MOST_PANELS])
    material, rows = bounded(material, [row for row in reversed(shown) if row["country"] in kept])
    charts = Charts(material.speaker, material.source)
    spec = charts.multiples(rows, months)
    if len(kept) == 1:
        spec = _wide(spec)
    return Picture(spec, caption(about(material, column), T(WINDOWED, months=months)))


WINDOWED = msg(
    "Each point is the sum of the {months} months that end there; a diamond marks a sum higher than any before it."
)


def _wide(spec: dict[str, Any]) -> dict[str, Any]:
    """A single panel as wide as the page."""
    return spec | {"concat": [panel | {"width": 600, "height": 230} for panel in spec["concat"]], "columns": 1}


def stocks(material: Material) -> Picture | None:
    """Numbers as of days, a line for each series, a panel for each country and group."""
    chart = material.answer.chart
    rows = [row for row in material.rows if is_number(row.get(chart.y)) and day_of(row.get(chart.x))]
    if not rows:
        return None
    points = []
    for row in rows:
        line = " · ".join(material.word(row, name) for name in
                          ("population", "direction", "other", "place", "operation", "method")
                          if row.get(name) is not None)  # fmt: skip
        points.append({"day": day_of(row[chart.x]), "value": row[chart.y], "country": material.word(row, "country"),
                       "indicator": line or material.head(chart.y)})  # fmt: skip
    material, points = _few_panels(material, points)
    days = sorted(point["day"] for point in points)
    spec = StandingCharts(material.speaker, material.source).stocks(points, days[0], days[-1])
    return Picture(spec, caption(about(material, chart.y), T("Each point is one count; counts are never added up.")))


def _few_panels(material: Material, points: list[dict[str, Any]]) -> tuple[Material, list[dict[str, Any]]]:
    """Three countries and six kinds of figures at most: those with most points."""
    for column, most in (("country", 3), ("indicator", 6)):
        count: dict[str, int] = {}
        for one in points:
            count[one[column]] = count.get(one[column], 0) + 1
        names = sorted(count, key=lambda name: -count[name])
        if len(names) > most:
            material = material.without(T("Only the largest {n} of {all} are drawn.", n=most, all=len(names)))
            points = [one for one in points if one[column] in names[:most]]
    return material, points


def fan(material: Material) -> Picture | None:
    """A value in its intervals, over the months ahead or along a number, a panel for each series."""
    chart = material.answer.chart
    ahead = numeric(material.rows, chart.x)
    rows = [row for row in material.rows if is_number(row.get(chart.y)) and row.get(chart.x) is not None]
    rows = [row for row in rows if ahead or "/" not in str(row[chart.x])] or rows
    if not rows:
        return None
    low, high = ends_of(material, chart.y, chart.low, chart.high)
    panels: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        made: dict[str, Any] = {"at": row[chart.x], "value": row[chart.y], "low": row.get(low), "high": row.get(high)}
        made |= {} if ahead else {"day": day_of(row[chart.x]), "when": str(row[chart.x])}
        made |= {name: row[name] for name in ("low50", "high50") if name in row}
        panels.setdefault(_panel_name(material, row, chart.series), []).append(made)
    kept = sorted(panels, key=lambda name: -max(abs(one["value"]) for one in panels[name]))[:MOST_PANELS]
    if len(kept) < len(panels):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(kept), all=len(panels)))
    order = "at" if ahead else "day"
    shown = [(name, sorted(own, key=lambda one: one[order])) for name, own in panels.items() if name in kept]
    spec = Plots(material.speaker, material.source).fans(
        shown, material.head(chart.y), along=material.head(chart.x) if ahead else "",
        line=1 if material.answer.question == "reproduction" else None,
    )  # fmt: skip
    return Picture(spec, about(material, chart.y))


def _panel_name(material: Material, row: Mapping[str, Any], series: str) -> str:
    words = material.word(row, series) if series else ""
    if row.get("source") is not None and row.get("source") != row.get(series) and "extra" in material.names:
        return f"{row['source']} → {words}"
    return words if words not in ("", "–") else material.speaker.words("all together")


def ratios(material: Material) -> Picture | None:
    """Ratios to the benchmark by window, about the line at one."""
    rows = [row for row in material.rows if row.get("ratio") is not None]
    if not rows:
        return None
    models = list(dict.fromkeys(str(row["model"]) for row in rows))[:4]
    if len({str(row["model"]) for row in rows}) > len(models):
        material = material.without(T("Only the first {n} models are drawn.", n=len(models)))
    slim = ("model", "window_start", "window_end", "ratio", "ratio_low", "ratio_high")
    shown = [{name: row.get(name) for name in slim} for row in rows if row["model"] in models]
    spec = SkillCharts(material.speaker, material.source).ratios(shown, models)
    return Picture(spec, caption(about(material, "ratio"), T("Below the line a model beats the benchmark.")))

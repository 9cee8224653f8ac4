"""Drawings that suit many answers: over time, bars, fans, spans of time, dots with their range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.ahead_charts import NARROW, WIDE
from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows

COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#6A3D9A", GREY)
"""Okabe-Ito, and two more."""
DASHES = ([1, 0], [7, 3], [2, 2], [8, 2, 2, 2], [4, 4], [1, 2], [10, 3], [3, 1])
LEAST_ROOM, MOST_ROOM, LETTER = 60, 330, 6.6
"""Width of the names to the left and of a letter of them, in pixels."""
FEW = 70
"""So many values over time are bars; more are a line."""
PANEL_COLUMNS = 3
FILLED = 0.9
"""Of the width of a period, its bar."""


class Plots(Charts):
    """Pictures of rows that have `label`, `day`, `value`, `low`, `high` and `series`, as far as each needs them."""

    def over_time(self, rows: Rows, title: str, names: Sequence[str] = ()) -> dict[str, Any]:
        """Values over time: bars with their range where there is one series of few, else a line for each series.

        Rows have day, after (the day after the last), value, low, high and series; `names` are the series in order.
        """
        if not names and len(rows) <= FEW:
            return self._finish(self._bars_in_time(rows, title).properties(width=WIDTH, height=230))
        base = self._base(rows).encode(x=self._when(rows))
        paint = self._paint(names) if names else {}
        plain = {} if names else {"color": BLUE}
        y = alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=6, format=",~r" if _small(rows) else ",d"))
        tips = [self._tip_day(), *self._tips(title, ranged=_ranged(rows), series=bool(names))]
        layers = []
        if _ranged(rows):
            layers.append(base.mark_area(opacity=0.14, **plain).encode(y=alt.Y("low:Q"), y2="high:Q", **_only(paint)))
        layers.append(base.mark_line(strokeWidth=1.8, **plain).encode(y=y, **paint))
        if len(rows) <= 400:
            layers.append(base.mark_point(filled=True, size=22, opacity=1, **plain).encode(y=y, **_only(paint)))
        hover = base.mark_point(size=90, opacity=0).encode(y=y, tooltip=tips)
        return self._finish(alt.layer(*layers, hover).properties(width=WIDTH, height=260))

    def _bars_in_time(self, rows: Rows, title: str) -> Any:
        base = self._base(rows).encode(x=self._when(rows, "middle"))
        tips = [self._tip_day(), *self._tips(title, ranged=_ranged(rows))]
        y = alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=6, format=",~r" if _small(rows) else ",d"))
        bars = base.mark_bar(color=BLUE, width=max(1.5, FILLED * WIDTH / _periods(rows))).encode(y=y, tooltip=tips)
        if not _ranged(rows):
            return bars
        return alt.layer(bars, base.mark_rule(color=INK, opacity=0.6).encode(y="low:Q", y2="high:Q", tooltip=tips))

    def bars(self, rows: Rows, title: str, names: Sequence[str] = (), *, legend: str = "") -> dict[str, Any]:
        """Bars to the right with their range, in the order of the rows; each series in its colour.

        Where a label comes in several series, its bars stand below each other.
        """
        labels = list(dict.fromkeys(row["label"] for row in rows))
        base = self._base(rows).encode(
            y=alt.Y("label:N", sort=labels, title=None,
                    axis=alt.Axis(labelLimit=_room(labels), ticks=False, domain=False, labelPadding=6))
        )  # fmt: skip
        beside = len(labels) < len(rows)
        if beside:
            base = base.encode(yOffset=alt.YOffset("series:N", sort=list(names)))
        paint = {"color": self._colour(names, legend)} if names else {}
        x = alt.X("value:Q", title=title, axis=alt.Axis(tickCount=6, format=",~r" if _small(rows) else ",d"))
        tips = [alt.Tooltip("label:N", title=" "), *self._tips(title, ranged=_ranged(rows), series=bool(names))]
        bars = base.mark_bar(**({} if names else {"color": BLUE})).encode(x=x, tooltip=tips, **paint)
        layers = [bars]
        if _ranged(rows):
            layers.append(base.mark_rule(color=INK, opacity=0.65).encode(x="low:Q", x2="high:Q", tooltip=tips))
        step = max(20, 9 * len(names) + 6) if beside else 20
        return self._finish(
            alt.layer(*layers).properties(width=WIDTH - _room(labels), height=alt.Step(step, **{"for": "position"}))
        )

    def dots(self, rows: Rows, title: str, names: Sequence[str] = (), *, line: float | None = None) -> dict[str, Any]:
        """A dot with its range for each label, about a line at a value that means nothing happened."""
        labels = list(dict.fromkeys(row["label"] for row in rows))
        base = self._base(rows).encode(
            y=alt.Y("label:N", sort=labels, title=None,
                    axis=alt.Axis(labelLimit=_room(labels), ticks=False, domain=False, labelPadding=6, grid=True))
        )  # fmt: skip
        if len(labels) < len(rows):
            base = base.encode(yOffset=alt.YOffset("series:N", sort=list(names)))
        paint = {"color": self._colour(names)} if names else {"color": alt.value(BLUE)}
        x = alt.X(
            "value:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=6, format=",~r")
        )
        tips = [alt.Tooltip("label:N", title=" "), *self._tips(title, ranged=_ranged(rows), series=bool(names))]
        layers = []
        if line is not None:
            layers.append(self._base([{"value": line}]).mark_rule(color=INK, strokeWidth=1.2).encode(x=x))
        if _ranged(rows):
            layers.append(base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=alt.X("low:Q"), x2="high:Q", **paint))
        layers.append(base.mark_point(filled=True, size=60, opacity=1).encode(x=x, tooltip=tips, **paint))
        return self._finish(
            alt.layer(*layers).properties(width=WIDTH - _room(labels), height=alt.Step(24, **{"for": "position"}))
        )

    def fans(
        self, panels: Sequence[tuple[str, Rows]], title: str, *, along: str = "", line: float | None = None
    ) -> Any:
        """A line in its intervals for each panel, each on its own scale; rows have day or at, value, low, high, and
        low50 and high50 where there is a narrower interval.
        """
        columns = min(PANEL_COLUMNS, len(panels))
        width = (WIDTH - 50 * columns) // columns
        drawn = [self._fan(rows, words, width, along=along, title=title if n % columns == 0 else "", line=line)
                 for n, (words, rows) in enumerate(panels)]  # fmt: skip
        return self._finish(alt.concat(*drawn, columns=columns, spacing={"row": 22, "column": 30}))

    def _fan(self, rows: Rows, words: str, width: int, *, along: str, title: str, line: float | None) -> Any:
        x = alt.X("at:Q", title=along, axis=alt.Axis(tickMinStep=1, format="d")) if along else self._when(rows)
        base = self._base(rows).encode(x=x)
        y = alt.Y("value:Q", title=title or None, axis=alt.Axis(tickCount=4, format=",~r" if _small(rows) else ",d"))
        nested = any(row.get("low50") is not None for row in rows)
        paint = self._bands(nested)
        layers = [base.mark_area().encode(y=alt.Y("low:Q"), y2="high:Q", color=paint[1])]
        if nested:
            layers.append(base.mark_area().encode(y=alt.Y("low50:Q"), y2="high50:Q", color=paint[2]))
        if len(rows) == 1:
            layers = [base.mark_rule(color=ORANGE, opacity=0.5, strokeWidth=4).encode(y=alt.Y("low:Q"), y2="high:Q")]
        if line is not None:
            layers.append(self._base([{"value": line}]).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y="value:Q"))
        first = alt.Tooltip("at:Q", title=along) if along else self._tip_day()
        tips = [first, *self._tips(title or words, ranged=True)]
        layers += [
            base.mark_line(strokeWidth=2).encode(y=y, color=paint[0]),
            base.mark_point(color=ORANGE, filled=True, size=22, opacity=1).encode(y=y, tooltip=tips),
        ]
        head = alt.TitleParams(words, anchor="start", fontSize=12.5, color=INK, limit=width + 40)
        return alt.layer(*layers).properties(width=width, height=190 if width > 280 else 130, title=head)

    def _bands(self, nested: bool) -> list[Any]:
        """The colours of the middle and of its intervals, with their key."""
        words = [self.say("middle 90 %"), self.say("middle 50 %")] if nested else [self.say("range")]
        labels = [self.say("median") if nested else self.say("estimate"), *words]
        scale = alt.Scale(domain=labels, range=[ORANGE, WIDE, NARROW][: len(labels)])
        legend = alt.Legend(title=None, orient="top", symbolType="square", symbolStrokeWidth=0, symbolOpacity=1)
        return [alt.ColorDatum(label, scale=scale, legend=legend) for label in labels]

    def spans(self, rows: Rows, names: Sequence[str], days: tuple[str, str]) -> dict[str, Any]:
        """Bars over time: a line for each label; each series in its colour, what is not sure dashed.

        Rows have label, since, until (the day after), series, sure and words for the tooltip.
        """
        labels = list(dict.fromkeys(row["label"] for row in rows))
        base = self._base(rows).encode(
            x=self._time("since", *days), x2="until",
            y=alt.Y("label:N", sort=labels, title=None,
                    axis=alt.Axis(labelLimit=_room(labels), ticks=False, domain=False, labelPadding=6, grid=True)),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("words:N", title=self.say("from and until")),
                     alt.Tooltip("series:N", title=" ")],
        )  # fmt: skip
        colour = self._colour(names)
        sure = base.transform_filter("datum.sure").mark_bar(height=11, clip=True)
        maybe = base.transform_filter("!datum.sure").mark_bar(height=10, clip=True, fillOpacity=0.15, strokeDash=[3, 2])
        layers = [sure.encode(color=colour)]
        if any(not row["sure"] for row in rows):
            layers.append(maybe.encode(fill=colour, stroke=colour))
        return self._finish(alt.layer(*layers).properties(width=WIDTH - _room(labels), height=alt.Step(18)))

    def moments(self, rows: Rows, names: Sequence[str], days: tuple[str, str]) -> dict[str, Any]:
        """What happened when, as dots over time: a line for each label, each series in its colour and shape."""
        labels = list(dict.fromkeys(row["label"] for row in rows))
        shapes = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down", "triangle-right", "stroke"]
        base = self._base(rows).encode(
            x=self._time("day", *days),
            y=alt.Y("label:N", sort=labels, title=None,
                    axis=alt.Axis(labelLimit=_room(labels), ticks=False, domain=False, labelPadding=8, grid=True)),
            color=self._colour(names),
            shape=alt.Shape("series:N", sort=list(names),
                            scale=alt.Scale(domain=list(names), range=shapes[: len(names)]),
                            legend=self._key(names)),
            tooltip=[alt.Tooltip("words:N", title=" "), alt.Tooltip("series:N", title=" ")],
        )  # fmt: skip
        dots = base.mark_point(filled=True, size=46, opacity=0.75)
        return self._finish(dots.properties(width=WIDTH - _room(labels), height=alt.Step(19)))

    def lines(self, rows: Rows, title: str, names: Sequence[str], *, along: str, mark: float | None) -> dict[str, Any]:
        """A line for each series along a number, with a dashed line across at `mark`; rows have at, value, series."""
        x = alt.X("at:Q", title=along, axis=alt.Axis(grid=False), scale=alt.Scale(nice=False))
        base = self._base(rows).encode(x=x)
        y = alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=6))
        tips = [alt.Tooltip("at:Q", title=along), *self._tips(title, ranged=False, series=True)]
        layers = (
            [self._base([{"at": mark}]).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x="at:Q")]
            if mark is not None
            else []
        )
        layers.append(base.mark_line(strokeWidth=1.8).encode(y=y, **self._paint(names)))
        layers.append(base.mark_point(size=90, opacity=0).encode(y=y, tooltip=tips))
        return self._finish(alt.layer(*layers).properties(width=WIDTH, height=260))

    def net(self, nodes: Rows, edges: Rows, names: Sequence[str]) -> dict[str, Any]:
        """Who is linked to whom; nodes have name, x, y and size, edges x, y, x2, y2 and series."""
        x = alt.X("x:Q", scale=alt.Scale(domain=[-1.2, 1.2]), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[-1.12, 1.12]), axis=None)
        lines = self._base(edges).mark_rule(opacity=0.65, strokeWidth=1.5).encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q", color=self._colour(names, stroke=True), strokeDash=self._dash(names),
            tooltip=[alt.Tooltip("words:N", title=" "), alt.Tooltip("series:N", title=" ")],
        )  # fmt: skip
        base = self._base(nodes).encode(x=x, y=y)
        size = alt.Size("size:Q", scale=alt.Scale(type="sqrt", range=[18, 150]), legend=None)
        label = base.encode(text="name:N")
        return self._finish(
            alt.layer(
                lines,
                base.mark_circle(color=INK, opacity=0.9).encode(size=size, tooltip=[alt.Tooltip("name:N", title=" ")]),
                label.mark_text(dy=-10, fontSize=10.5, stroke="white", strokeWidth=3),
                label.mark_text(dy=-10, fontSize=10.5, color=INK),
            ).properties(width=WIDTH, height=WIDTH)
        )

    def _paint(self, names: Sequence[str]) -> dict[str, Any]:
        return {"color": self._colour(names, stroke=True), "strokeDash": self._dash(names)}

    def _dash(self, names: Sequence[str]) -> Any:
        scale = alt.Scale(domain=list(names), range=list(DASHES[: len(names)]))
        return alt.StrokeDash("series:N", sort=list(names), scale=scale, legend=self._key(names, stroke=True))

    def _key(self, names: Sequence[str], legend: str = "", *, stroke: bool = False) -> Any:
        if len(names) < 2 and not legend:
            return None
        symbols: dict[str, Any] = (
            {"symbolType": "stroke", "symbolStrokeWidth": 3} if stroke else {"symbolStrokeWidth": 0}
        )
        return alt.Legend(title=legend or None, orient="top", labelLimit=300, columns=3, symbolOpacity=1, **symbols)

    def _colour(self, names: Sequence[str], legend: str = "", *, stroke: bool = False) -> Any:
        scale = alt.Scale(domain=list(names), range=list(COLOURS[: len(names)]))
        return alt.Color("series:N", sort=list(names), scale=scale, legend=self._key(names, legend, stroke=stroke))

    def _when(self, rows: Rows, column: str = "day") -> alt.X:
        days = sorted(row["day"] for row in rows)
        first, last = days[0], max(row.get("after") or row["day"] for row in rows)
        years = int(last[:4]) - int(first[:4])
        axis = alt.Axis(format="%Y" if years > 2 else "%b %Y", labelOverlap=True, tickCount="year" if years > 2 else 6)
        scale = alt.Scale(type="utc", domain=[first, last], nice=False)
        return alt.X(f"{column}:T", title=None, scale=scale, axis=axis)

    def _tip_day(self) -> Any:
        return alt.Tooltip("when:N", title=" ")

    def _tips(self, title: str, *, ranged: bool, series: bool = False) -> list[Any]:
        tips = [alt.Tooltip("series:N", title=" ")] if series else []
        tips.append(alt.Tooltip("value:Q", title=title, format=",.7~g"))
        if ranged:
            tips += [alt.Tooltip("low:Q", title=self.say("low"), format=",.7~g"),
                     alt.Tooltip("high:Q", title=self.say("high"), format=",.7~g")]  # fmt: skip
        return tips


def _ranged(rows: Rows) -> bool:
    return any(row.get("low") is not None for row in rows)


def _small(rows: Rows) -> bool:
    """Whether values are so small that they need decimals."""
    return all(abs(row["value"] or 0) < 10 for row in rows)


def _only(paint: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in paint.items() if name == "color"}


def _room(labels: Sequence[str]) -> int:
    """Pixels for the longest of some names."""
    return round(min(MOST_ROOM, max(LEAST_ROOM, 14 + LETTER * max(map(len, labels), default=0))))


def _periods(rows: Rows) -> float:
    """How many periods as long as the first fit between the first and the last day."""
    first, last = min(row["day"] for row in rows), max(row["after"] for row in rows)
    own = _days(rows[0]["day"], rows[0]["after"])
    return max(1.0, _days(first, last) / max(1, own))


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days

"""The pictures of a brief as Vega-Lite, made with Altair: Okabe-Ito for categories, viridis for amounts.

Dates are drawn in UTC, so that the same numbers give the same picture in every time zone.
"""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.ground import box_of, inner_edges, runs, square, within
from harmattan.text import CountryName, T, Text, Verbatim, listing
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.origin import ReleaseRef

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
BLUE, ORANGE, GREEN, GREY, INK = "#0072B2", "#D55E00", "#009E73", "#8A8F94", "#22262A"
WIDTH = 620
SOURCE_CHARS = 125
"""The longest line of a source that fits below a picture."""
STEPS = (1, 10, 25, 50, 100, 250)
"""Deaths at which the map's colour changes."""
MAP_COLOURS = ("#FFFFFF", "#FDE725", "#90D743", "#35B779", "#21918C", "#31688E", "#440154")
"""No deaths, then viridis from few to many."""
LAND = "#EFECE3"

CONFIG = {
    "font": FONT,
    "background": "white",
    "aria": False,
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
        "gridColor": "#E4E6E8", "domainColor": "#B9BEC3", "tickColor": "#B9BEC3",
    },
    "legend": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titleLimit": 420, "labelLimit": 320,
    },
    "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": None},
}  # fmt: skip
SOURCE_TITLE = {
    "color": GREY, "fontSize": 10, "fontWeight": "normal", "anchor": "start", "orient": "bottom", "offset": 10,
}  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


class Charts:
    """Draws in one language; `source` is printed on every picture."""

    def __init__(self, speaker: Speaker, source: str) -> None:
        self.speaker, self.source = speaker, source
        self._drawn: dict[str, list[dict[str, Any]]] = {}

    def say(self, template: str, **values: Any) -> str:
        """A label in the reader's language."""
        return self.speaker.say(T(template, **values))

    def trend(self, months: Rows, windows: Rows, n: int, marks: Rows = ()) -> dict[str, Any]:
        """Deaths by month with their range, above the sums over windows with the records marked; milestones on top."""
        first, last = months[0]["period"] + "-01", windows[0]["window_end"]
        bars = self._base(months).encode(x=self._time("period", first, last))
        top = alt.layer(
            bars.mark_bar(color=BLUE, width=3).encode(y=self._amount("deaths_best", self.say("deaths in the month"))),
            bars.mark_rule(color=INK, opacity=0.45).encode(y="deaths_low:Q", y2="deaths_high:Q"),
            *self._marks(marks, first, last),
        ).properties(width=WIDTH, height=150)
        line = self._base(windows).encode(x=self._time("window_end", first, last))
        records = line.transform_filter("datum.is_record").mark_point(
            shape="diamond", filled=True, size=42, color=ORANGE, opacity=1
        )
        y = self._amount("deaths_best", self.say("deaths in {n} months", n=n))
        bottom = alt.layer(
            line.mark_area(color=BLUE, opacity=0.18).encode(y="deaths_low:Q", y2="deaths_high:Q"),
            line.mark_line(color=BLUE, strokeWidth=2).encode(y=y),
            records.encode(y=y),
            self._base(windows[:1])
            .mark_text(align="right", dx=-8, dy=-4, fontSize=12, fontWeight="bold", color=INK)
            .encode(x=self._time("window_end", first, last), y=y, text=alt.Text("deaths_best:Q", format=",d")),
        ).properties(width=WIDTH, height=190)
        return self._finish(alt.vconcat(top, bottom, spacing=14))

    def _marks(self, marks: Rows, first: str, last: str) -> list[Any]:
        """Numbered milestones above a chart over time; those close together stand above each other."""
        drawn, ends = [], [""] * 4
        for mark in sorted(marks, key=lambda mark: str(mark["day"])):
            if first <= mark["day"] <= last:
                free = next((n for n, end in enumerate(ends) if not end or _months(end, mark["day"]) >= 4), 3)
                ends[free] = mark["day"]
                drawn.append(dict(mark) | {"at": -12 - 11 * free})
        base = self._base(drawn).encode(x=self._time("day", first, last))
        if not drawn:
            return []
        return [
            base.mark_rule(color=ORANGE, opacity=0.5, strokeDash=[2, 2]),
            base.mark_text(fontSize=10, color=ORANGE, fontWeight="bold", clip=False).encode(
                y=alt.Y("at:Q", scale=None), text="mark:N"
            ),
        ]

    def cells(self, rows: Rows, countries: Mapping[int, str], inside: Sequence[str]) -> dict[str, Any]:
        """Deaths by cell on the land of some countries, with the borders between the countries' cells."""
        classes = [self._class(at) for at in range(len(MAP_COLOURS))]
        deaths = {row["cell"]: classes[class_of(row["deaths_best"])] for row in rows}
        colours = dict(zip(classes, MAP_COLOURS, strict=True))
        return self._finish(self.painted(deaths, colours, self.say("deaths in the cell"), countries, inside))

    def painted(
        self,
        cells: Mapping[int, str],
        colours: Mapping[str, str],
        title: str,
        countries: Mapping[int, str],
        inside: Sequence[str],
        *,
        width: int = WIDTH,
    ) -> Any:
        """A map of cells by their class, each class in its colour, on the land of some countries; not yet finished."""
        land = {gid: iso3 for gid, iso3 in countries.items() if iso3 in inside}
        box = box_of([*land, *cells])
        near = {gid: iso3 for gid, iso3 in countries.items() if within(gid, box)}
        x = alt.X("x:Q", scale=alt.Scale(domain=[box[0], box[2]], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[box[1], box[3]], nice=False), axis=None)
        colour = alt.Color(
            "class:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            sort=None,
            legend=alt.Legend(
                title=title,
                orient="bottom",
                direction="horizontal",
                symbolType="square",
                symbolSize=160,
                titleLimit=400,
                labelLimit=260,
                columns=len(colours),
            ),
        )
        squares = [square(gid) | {"class": cells[gid]} for gid in sorted(cells)]
        edges = [dict(zip(("x", "y", "x2", "y2"), edge, strict=True)) for edge in inner_edges(near, box)]
        rect = {"x": x, "y": y, "x2": "x2", "y2": "y2"}
        ground = self._base(runs(land)).mark_rect(color=LAND, stroke=LAND, strokeWidth=0.6).encode(**rect)
        drawn = self._base(squares).mark_rect(stroke="#9AA0A5", strokeWidth=0.4).encode(**rect, color=colour)
        lines = self._base(edges).mark_rule(color=INK, strokeWidth=1.1).encode(**rect)
        layers = alt.layer(ground, drawn, lines, *self._names(near, inside, x, y))
        return layers.properties(width=width, height=round(width * (box[3] - box[1]) / (box[2] - box[0])))

    def _class(self, at: int) -> str:
        lows = (0, *STEPS)
        if at == len(lows) - 1:
            return self.say("{low} and more", low=lows[at])
        return str(lows[at]) if lows[at + 1] == lows[at] + 1 else f"{lows[at]}–{lows[at + 1] - 1}"

    def _names(self, near: Mapping[int, str], inside: Sequence[str], x: Any, y: Any) -> list[Any]:
        """Names of countries: those of the case large, the others where enough of them is seen."""
        layers = []
        for codes, size, weight, opacity in (
            ([code for code in sorted(set(near.values())) if code not in inside], 11, "normal", 0.6),
            (list(inside), 14, "bold", 0.9),
        ):
            names = []
            for code in codes:
                own = [square(gid) for gid, iso3 in near.items() if iso3 == code]
                if len(own) >= 12:
                    names.append(
                        {
                            "x": sum(square["x"] for square in own) / len(own) + 0.25,
                            "y": sum(square["y"] for square in own) / len(own) + 0.25,
                            "name": self.speaker.say(CountryName(code)),
                        }
                    )
            text = self._base(names).encode(x=x, y=y, text="name:N")
            layers += [
                text.mark_text(fontSize=size, fontWeight=weight, stroke="white", strokeWidth=3, opacity=0.8),
                text.mark_text(fontSize=size, fontWeight=weight, color=INK, opacity=opacity),
            ]
        return layers

    def ranked(self, rows: Rows, label: str, value: str, *, series: str = "", panel: str = "") -> dict[str, Any]:
        """Bars with their range, the largest first; `series` colours them, `panel` sets them apart."""
        data = [dict(row) | {"place": at} for at, row in enumerate(rows)]
        base = self._base(data).encode(
            y=alt.Y(
                f"{label}:N",
                sort=alt.SortField("place"),
                title=None,
                axis=alt.Axis(labelLimit=230, ticks=False, domain=False),
            )
        )
        paint: dict[str, Any] = {}
        if series:
            names = list(dict.fromkeys(str(row[series]) for row in rows))
            paint["color"] = alt.Color(
                f"{series}:N",
                scale=alt.Scale(domain=names, range=[ORANGE, BLUE][: len(names)]),
                legend=alt.Legend(title=None, orient="top", labelLimit=500),
            )
        bars = base.mark_bar(height=13, **({} if series else {"color": BLUE})).encode(
            x=self._amount(value, self.say("deaths"), along="x"), **paint
        )
        ranged = base.mark_rule(color=INK, opacity=0.6).encode(x="low:Q", x2="high:Q")
        layers = alt.layer(bars, ranged) if rows and "low" in rows[0] else bars
        if not panel:
            return self._finish(layers.properties(width=WIDTH - 230, height=alt.Step(20)))
        panels = list(dict.fromkeys(row[panel] for row in rows))
        stacked = [
            layers.transform_filter(alt.FieldEqualPredicate(field=panel, equal=name)).properties(
                width=WIDTH - 230,
                height=alt.Step(20),
                title=alt.TitleParams(str(name), anchor="start", fontSize=13, color=INK),
            )
            for name in panels
        ]
        return self._finish(alt.vconcat(*stacked, spacing=12).resolve_scale(x="shared"))

    def multiples(self, windows: Rows, n: int) -> dict[str, Any]:
        """The sums over windows, one small panel a country, each on its own scale, records marked."""
        names = list(dict.fromkeys(row["country"] for row in windows))
        panels = []
        for code in names:
            line = self._base([row for row in windows if row["country"] == code]).encode(
                x=alt.X(
                    "window_end:T", scale=alt.Scale(type="utc"), title=None, axis=alt.Axis(format="%Y", tickCount=3)
                )
            )
            y = alt.Y("deaths_best:Q", title=None, axis=alt.Axis(tickCount=3, format=",d"))
            layers = [line.mark_line(color=BLUE, strokeWidth=1.6).encode(y=y)]
            if any(row["deaths_low"] is not None for row in windows if row["country"] == code):
                layers.insert(0, line.mark_area(color=BLUE, opacity=0.18).encode(y="deaths_low:Q", y2="deaths_high:Q"))
            dots = line.transform_filter("datum.is_record").mark_point(
                shape="diamond", filled=True, size=18, color=ORANGE, opacity=1
            )
            panels.append(
                alt.layer(*layers, dots.encode(y=y)).properties(
                    width=(WIDTH - 110) // 3,
                    height=95,
                    title=alt.TitleParams(
                        self.speaker.say(CountryName(code)), anchor="start", fontSize=12.5, color=INK
                    ),
                )
            )
        grid = alt.concat(*panels, columns=3, spacing={"row": 16, "column": 24})
        return self._finish(grid)

    def _base(self, rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
        """A chart of rows, which are named in it and laid beside it: Altair would copy them at every step."""
        drawn = [dict(row) for row in rows]
        name = "data-" + hashlib.sha256(json.dumps(drawn, default=str).encode()).hexdigest()[:16]
        self._drawn[name] = drawn
        return alt.Chart(alt.NamedData(name))

    def _time(self, column: str, first: str, last: str) -> alt.X:
        scale = alt.Scale(type="utc", domain=[first, last], nice=False, padding=0)
        return alt.X(f"{column}:T", scale=scale, title=None, axis=alt.Axis(format="%Y", tickCount="year"))

    def _amount(self, column: str, title: str, along: str = "y") -> Any:
        axis = alt.Axis(format=",d", tickCount=5)
        channel = alt.X if along == "x" else alt.Y
        return channel(f"{column}:Q", title=title, axis=axis)

    def _finish(self, chart: Any) -> dict[str, Any]:
        """The chart as plain JSON, with its source below it and its data beside it.

        What is said of the whole is put into the JSON: by Altair's own methods each would copy the chart once more.
        """
        lines = textwrap.wrap(self.source, SOURCE_CHARS)
        spec: dict[str, Any] = chart.to_dict(validate=False)
        spec["title"] = SOURCE_TITLE | {"text": lines if len(lines) > 1 else self.source}
        spec["config"] = CONFIG
        spec["datasets"] = spec.get("datasets", {}) | self._drawn
        self._drawn = {}
        return spec


def source_line(releases: Sequence[ReleaseRef]) -> Text:
    """What is printed on every picture: who gave the data; where they may not be handed on, with address and day."""
    publishers = list(dict.fromkeys(ref.publisher for ref in releases))
    names = ", ".join([*(ref.name for ref in releases), *dict.fromkeys(ref.licence for ref in releases)])
    closed = list(dict.fromkeys(ref.citation.partition("; ")[0] for ref in releases if not ref.redistributable))
    if closed:
        return T(
            "Data: {credits}, {names}. Figures: Harmattan.",
            credits=listing([Verbatim(credit) for credit in closed]),
            names=Verbatim(names),
        )
    return T(
        "Data: {publishers}, {names}. Figures: Harmattan.",
        publishers=listing([Verbatim(name) for name in publishers]),
        names=Verbatim(names),
    )


def _months(one: str, other: str) -> int:
    return (int(other[:4]) - int(one[:4])) * 12 + int(other[5:7]) - int(one[5:7])


def class_of(deaths: float) -> int:
    """Which colour of `MAP_COLOURS` so many deaths have."""
    return sum(deaths >= step for step in STEPS)

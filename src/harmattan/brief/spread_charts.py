"""Pictures of violence along borders and of how a group's range grew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import INK, LAND, WIDTH, Charts, Rows
from harmattan.brief.ground import box_of, inner_edges, runs, square, within
from harmattan.text import CountryName

STRIP_COLOURS = ("#D55E00", "#E69F00", "#F0E442", "#56B4E9", "#0072B2")
"""Okabe-Ito, from the border outwards."""
PANELS_A_ROW = 3


class SpreadCharts(Charts):
    """Strips along borders by year, and maps of first appearance."""

    def strips(self, rows: Rows, names: Mapping[str, str]) -> dict[str, Any]:
        """Deaths by year in strips along borders: a panel a border, all on one scale.

        Strips that lie within each other stand one in front of the other; those that follow each other, one on the
        other.
        """
        bounds = {row["within_km"]: row.get("beyond_km") or 0 for row in rows}
        widths, apart = sorted(bounds), any(bounds.values())
        labels = [self.say("{n} km", n=f"{bounds[km]:g}–{km:g}" if apart else f"{km:g}") for km in widths]
        colour = alt.Color(
            "strip:N",
            scale=alt.Scale(domain=labels, range=list(STRIP_COLOURS[: len(labels)])),
            legend=alt.Legend(
                title=None if apart else self.say("at most so far from the border"),
                orient="top",
                direction="horizontal",
            ),
        )
        drawn = [
            {
                "name": row["name"],
                "year": row["period"],
                "deaths": row["deaths_best"],
                "strip": labels[widths.index(row["within_km"])],
            }
            for row in sorted(rows, key=lambda row: -row["within_km"])
        ]
        years = sorted({row["year"] for row in drawn})
        shown = [year for year in years if int(year) % 4 == 0]
        top = _highest(drawn, stacked=apart)
        panels = []
        for name, title in names.items():
            base = self._base([row for row in drawn if row["name"] == name])
            panels.append(
                base.mark_bar(width={"band": 0.8})
                .encode(
                    x=alt.X("year:O", title=None, axis=alt.Axis(values=shown, labelAngle=0, labelOverlap=True),
                            scale=alt.Scale(domain=years)),
                    y=alt.Y("deaths:Q", title=None, stack="zero" if apart else None,
                            axis=alt.Axis(tickCount=3, format=",d"), scale=alt.Scale(domain=[0, top])),
                    color=colour,
                )
                .properties(
                    width=(WIDTH - 120) // PANELS_A_ROW,
                    height=90,
                    title=alt.TitleParams(title, anchor="start", fontSize=12, color=INK),
                )
            )  # fmt: skip
        return self._finish(alt.concat(*panels, columns=PANELS_A_ROW, spacing={"row": 14, "column": 20}))

    def appearances(
        self, rows: Rows, firsts: Mapping[str, str], countries: Mapping[int, str], inside: Sequence[str]
    ) -> dict[str, Any]:
        """Cells by the year in which a group was first seen there, with the date of its first event in each country."""
        cells = [square(row["cell"]) | {"year": str(row["first"])[:4]} for row in rows]
        box = box_of(row["cell"] for row in rows)
        near = {gid: iso3 for gid, iso3 in countries.items() if within(gid, box)}
        x = alt.X("x:Q", scale=alt.Scale(domain=[box[0], box[2]], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[box[1], box[3]], nice=False), axis=None)
        rect = {"x": x, "y": y, "x2": "x2", "y2": "y2"}
        colour = alt.Color(
            "year:O",
            scale=alt.Scale(scheme="viridis", reverse=False),
            legend=alt.Legend(title=self.say("first seen in"), orient="bottom", direction="horizontal",
                              symbolType="square", symbolSize=160, columns=10),
        )  # fmt: skip
        land = [gid for gid, iso3 in near.items() if iso3 in inside]
        layers = [
            self._base(runs(land)).mark_rect(color=LAND, stroke=LAND, strokeWidth=0.6).encode(**rect),
            self._base(cells).mark_rect(stroke="white", strokeWidth=0.4).encode(**rect, color=colour),
        ]
        if near:
            edges = [dict(zip(("x", "y", "x2", "y2"), edge, strict=True)) for edge in inner_edges(near, box)]
            layers.append(self._base(edges).mark_rule(color=INK, strokeWidth=1.1).encode(**rect))
        layers += self._dated(near, firsts, cells, x, y)
        height = round(WIDTH * (box[3] - box[1]) / (box[2] - box[0]))
        return self._finish(alt.layer(*layers).properties(width=WIDTH, height=height))

    def _dated(self, near: Mapping[int, str], firsts: Mapping[str, str], cells: Rows, x: Any, y: Any) -> list[Any]:
        """Names of countries with the date of the first event, where they hide few of the coloured cells."""
        names = []
        for code, day in firsts.items():
            own = [square(gid) for gid, iso3 in near.items() if iso3 == code]
            if own:
                name = self.speaker.say(CountryName(code))
                names.append(_free(own, cells) | {"name": f"{name}\n{day}"})
        text = self._base(names).encode(x=x, y=y, text="name:N")
        said: dict[str, Any] = {"fontSize": 11.5, "fontWeight": "bold", "lineBreak": "\n", "lineHeight": 13}
        return [
            text.mark_text(stroke="white", strokeWidth=3.5, strokeJoin="round", opacity=0.9, **said),
            text.mark_text(color=INK, **said),
        ]


def _free(own: Rows, cells: Rows) -> dict[str, float]:
    """The middle of that cell of a country which is away from coloured cells and near the country's middle."""
    middle = [sum(square[edge] for square in own) / len(own) for edge in ("x", "y")]

    def worth(square: Mapping[str, Any]) -> float:
        away = min((math.hypot((square["x"] - one["x"]) / 1.6, square["y"] - one["y"]) for one in cells), default=9.0)
        return min(away, 1.0) - 0.12 * math.hypot(square["x"] - middle[0], square["y"] - middle[1])

    best = max(own, key=worth)
    return {"x": best["x"] + 0.25, "y": best["y"] + 0.25}


def _highest(drawn: Rows, *, stacked: bool) -> int:
    """The highest bar: strips stand on each other, or one in front of the other."""
    bars: dict[tuple[str, str], int] = {}
    for row in drawn:
        bar = (row["name"], row["year"])
        before = bars.get(bar, 0)
        bars[bar] = before + row["deaths"] if stacked else max(before, row["deaths"])
    return max(bars.values(), default=1)

"""The pictures of people near violence over time, and of mines: where, and beside cells without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREY, INK, LAND, ORANGE, WIDTH, Charts, Rows
from harmattan.brief.ground import box_of, inner_edges, runs, within
from harmattan.vocabulary.cell import gid_at

REACHES = ("#08519C", "#3182BD", "#9ECAE1", "#C6DBEF", "#DEEBF7")
"""The nearer, the darker."""
SITE = "#E69F00"
MARGIN_DEG = 1.0
"""Of the map around its outermost sites."""
STEPS = (1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)


class LivingCharts(Charts):
    """Adds pictures of people and mines."""

    def exposed(self, rows: Rows) -> dict[str, Any]:
        """People by year and distance, a panel for each country, each on its own scale."""
        near = sorted({(row["km"], row["reach"]) for row in rows})
        colour = alt.Color(
            "reach:N",
            scale=alt.Scale(domain=[words for _km, words in near], range=list(REACHES[: len(near)])),
            legend=alt.Legend(title=self.say("people living within"), orient="bottom", titleLimit=400),
        )
        countries = list(dict.fromkeys(row["country"] for row in rows))
        columns = min(3, len(countries))
        years = sorted({row["year"] for row in rows})
        marked = years[:: max(1, round(len(years) / 4))]
        panels = [
            self._base(sorted((row for row in rows if row["country"] == country), key=lambda row: -row["km"]))
            .encode(
                x=alt.X(
                    "year:O", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(labelAngle=0, values=marked)
                ),
                y=alt.Y("people:Q", title=None, stack=False, axis=alt.Axis(tickCount=4, format="~s", minExtent=34)),
                color=colour,
            )
            .mark_bar()
            .properties(
                width=(WIDTH - 40 - 44 * (columns - 1)) // columns,
                height=130,
                title=alt.TitleParams(country, anchor="start", fontSize=12.5, color=INK),
            )
            for country in countries
        ]
        grid = alt.concat(*panels, columns=columns, spacing={"row": 30, "column": 44}, bounds="flush")
        return self._finish(grid)

    def mines(self, sites: Rows, series: Rows, land: Mapping[int, str], inside: Sequence[str]) -> dict[str, Any]:
        """The sites with the deaths near each on a map, above deaths for each place by year on both sides."""
        parts = [self._sites(sites, land, inside)] if land else []
        parts += [self._sides(series)] if series else []
        return self._finish(alt.vconcat(*parts, spacing=16).resolve_scale(color="independent", size="independent"))

    def _sites(self, sites: Rows, land: Mapping[int, str], inside: Sequence[str]) -> Any:
        box = box_of([gid_at(site["lat"] + up, site["lon"] + up) for site in sites for up in (-MARGIN_DEG, MARGIN_DEG)])
        near = {gid: iso3 for gid, iso3 in land.items() if within(gid, box)}
        own = {gid: iso3 for gid, iso3 in near.items() if iso3 in inside}
        x = alt.X("x:Q", scale=alt.Scale(domain=[box[0], box[2]], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[box[1], box[3]], nice=False), axis=None)
        rect = {"x": x, "y": y, "x2": "x2", "y2": "y2"}
        edges = [dict(zip(("x", "y", "x2", "y2"), edge, strict=True)) for edge in inner_edges(near, box)]
        dots = [
            {"x": site["lon"], "y": site["lat"], "name": site["site"], "deaths": site["deaths_best"] or 0}
            for site in sorted(sites, key=lambda site: -(site["deaths_best"] or 0))
        ]
        struck = [dot for dot in dots if dot["deaths"]]
        most = max([dot["deaths"] for dot in dots] or [1])
        size = alt.Size(
            "deaths:Q",
            scale=alt.Scale(type="sqrt", domain=[0, most], range=[20, 900]),
            legend=alt.Legend(title=self.say("deaths near the site"), orient="bottom", titleLimit=300,
                              values=[step for step in STEPS if step <= most][-3:],
                              symbolFillColor=ORANGE, symbolStrokeColor=ORANGE),
        )  # fmt: skip
        named = self._base(struck[:6]).encode(x=x, y=y, text="name:N")
        layers = [
            self._base(runs(own)).mark_rect(color=LAND, stroke=LAND, strokeWidth=0.6).encode(**rect),
            self._base(edges).mark_rule(color=INK, strokeWidth=0.8).encode(**rect),
            self._base(struck).mark_circle(color=ORANGE, opacity=0.55).encode(x=x, y=y, size=size),
            self._base(dots)
            .mark_point(size=22, color=INK, strokeWidth=1, filled=True, fill=SITE, opacity=1)
            .encode(x=x, y=y),
            *self._names(near, inside, x, y),
            named.mark_text(dy=-12, fontSize=10.5, stroke="white", strokeWidth=3),
            named.mark_text(dy=-12, fontSize=10.5, color=INK),
        ]  # fmt: skip
        height = round(WIDTH * (box[3] - box[1]) / (box[2] - box[0]))
        return alt.layer(*layers).properties(width=WIDTH, height=height)

    def _sides(self, series: Rows) -> Any:
        sides = list(dict.fromkeys(row["side"] for row in series))
        colour = alt.Color(
            "side:N",
            scale=alt.Scale(domain=sides, range=[ORANGE, BLUE, GREY][: len(sides)]),
            legend=alt.Legend(title=None, orient="bottom", labelLimit=WIDTH),
        )
        base = self._base(series).encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=self._amount("deaths", self.say("deaths a place")),
            color=colour,
            xOffset=alt.XOffset("side:N", sort=sides),
        )
        return base.mark_bar().properties(width=WIDTH, height=140)

"""The picture of groups that compete: deaths between two of them, shares of activity over time, contested cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows

GROUP_COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9")
GROUND_COLOURS = {"one": "#BFD9EA", "contested": "#E69F00", "fought": "#D55E00"}
Ground = tuple[Mapping[int, str], Sequence[str]]
"""The country of each cell, and the countries that are drawn."""


class RivalryCharts(Charts):
    """Draws competition between groups."""

    def rivalry(
        self, fought: Rows, held: Rows, groups: Sequence[str], cells: Mapping[int, str], ground: Ground
    ) -> dict[str, Any]:
        """Deaths between two groups, a panel a country, above shares of groups, above the contested cells.

        `fought` has country, day (the last of the half-year), deaths_best, deaths_low, deaths_high; `held` group, day
        and share (percent); `cells` the class of each cell by gid.
        """
        words = {
            "one": self.say("one group"),
            "contested": self.say("several groups"),
            "fought": self.say("groups that fought each other"),
        }
        colours = {words[name]: GROUND_COLOURS[name] for name in words}
        named = {gid: words[name] for gid, name in cells.items()}
        title = self.say("active in the cell")
        below = self.painted(named, colours, title, *ground, width=WIDTH - 160).to_dict(validate=False)
        drawn = self._finish(alt.vconcat(self._fought(fought), self._held(held, groups), spacing=22))
        drawn["vconcat"].append({name: part for name, part in below.items() if name not in ("config", "$schema")})
        return drawn | {"resolve": {"scale": {"color": "independent"}}}

    def _fought(self, rows: Rows) -> Any:
        names = list(dict.fromkeys(row["country"] for row in rows))
        most = max((max(row["deaths_high"] or 0, row["deaths_best"] or 0) for row in rows), default=1) or 1
        panels = []
        for name in names:
            base = self._base([row for row in rows if row["country"] == name]).encode(
                x=alt.X("day:T", scale=alt.Scale(type="utc", padding=6), title=None,
                        axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True))
            )  # fmt: skip
            y = alt.Y(
                "deaths_best:Q",
                title=self.say("deaths") if name == names[0] else None,
                scale=alt.Scale(domain=[0, most]),
                axis=alt.Axis(tickCount=3, format=",d"),
            )
            layers = alt.layer(
                base.mark_bar(color=GREY, width=9).encode(y=y),
                base.mark_rule(color=INK, opacity=0.5).encode(y="deaths_low:Q", y2="deaths_high:Q"),
            )
            heading = alt.TitleParams(name, anchor="start", fontSize=12.5, color=INK)
            panels.append(layers.properties(width=(WIDTH - 130) // 3, height=100, title=heading))
        return alt.concat(*panels, columns=3, spacing={"row": 14, "column": 20})

    def _held(self, rows: Rows, groups: Sequence[str]) -> Any:
        days = sorted({row["day"] for row in rows})
        share = {(row["day"], row["group"]): row["share"] for row in rows}
        filled = [
            {"day": day, "group": group, "share": share.get((day, group)) or 0, "place": at}
            for day in days
            for at, group in enumerate(groups)
        ]
        return (
            self._base(filled)
            .mark_area(opacity=0.9)
            .encode(
                x=alt.X("day:T", scale=alt.Scale(type="utc", domain=[days[0], days[-1]], nice=False), title=None,
                        axis=alt.Axis(format="%Y", tickCount="year")),
                y=alt.Y("share:Q", title=self.say("share of activity, %"), stack="zero",
                        scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
                color=alt.Color(
                    "group:N",
                    sort=list(groups),
                    scale=alt.Scale(domain=list(groups), range=list(GROUP_COLOURS[: len(groups)])),
                    legend=alt.Legend(title=None, orient="bottom", symbolType="square", columns=len(groups)),
                ),
                order=alt.Order("place:Q"),
            )
            .properties(width=WIDTH, height=170)
        )  # fmt: skip

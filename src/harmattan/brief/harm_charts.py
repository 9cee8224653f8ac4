"""The pictures of harm: the largest incidents as dots over time, civilians killed by month beside foreign forces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows

KIND_COLOURS = {"state_based": BLUE, "non_state": GREEN, "one_sided": ORANGE}
STEPS = (20, 50, 100, 200, 500, 1000)
"""Deaths that the legend of sizes shows."""
LABELS = 220
"""Width of the names to the left, in pixels."""


class HarmCharts(Charts):
    """Adds pictures of harm to those of events."""

    @classmethod
    def like(cls, charts: Charts) -> HarmCharts:
        """The same reader and the same sources."""
        return cls(charts.speaker, charts.source)

    def incidents(self, rows: Rows, first: str, last: str, kinds: Mapping[str, str]) -> dict[str, Any]:
        """Incidents as dots over time: a line for each pair of actors, size deaths, colour kind, a ring for a doubt.

        Each row has day, pair, kind (a name of `kinds`), deaths and doubted.
        """
        pairs = list(dict.fromkeys(row["pair"] for row in rows))
        shown = [name for name in kinds if any(row["kind"] == name for row in rows)]
        said = [dict(row) | {"kind": kinds[row["kind"]]} for row in rows]
        palette = [KIND_COLOURS.get(name, GREY) for name in shown]
        most = max((row["deaths"] for row in rows), default=1)
        steps = [step for step in STEPS if step <= most] or [most]
        base = self._base(said).encode(
            x=self._time("day", first, last),
            y=alt.Y("pair:N", sort=pairs, title=None,
                    axis=alt.Axis(labelLimit=LABELS - 20, labelPadding=14, ticks=False, domain=False, grid=True)),
            size=alt.Size("deaths:Q", scale=alt.Scale(type="sqrt", domain=[0, most], range=[0, 480]),
                          legend=alt.Legend(title=self.say("deaths"), values=steps, orient="bottom",
                                            direction="horizontal", symbolFillColor=GREY, symbolStrokeWidth=0)),
        )  # fmt: skip
        colour = alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[kinds[name] for name in shown], range=palette),
            legend=alt.Legend(title=None, symbolType="circle", symbolStrokeWidth=0, orient="top", labelLimit=300),
        )
        dots = base.mark_circle(opacity=0.65, strokeWidth=0).encode(color=colour)
        rings = base.transform_filter("datum.doubted").mark_point(filled=False, color=INK, opacity=1, strokeWidth=1.3)
        layers = alt.layer(dots, rings).properties(width=WIDTH - LABELS, height=alt.Step(30))
        return self._finish(layers)

    def partners(self, bars: Rows, panels: Sequence[tuple[str, str, Rows]], first: str, last: str) -> dict[str, Any]:
        """Foreign forces as bars over time above panels of civilians killed by month, each on its own scale.

        Each bar has force, since, until and sure; each panel its name, its colour and rows with month and killed.
        """
        order = list(dict.fromkeys(bar["force"] for bar in bars))
        width = WIDTH - 130
        parts = []
        if bars:
            rows = self._base(bars).encode(
                x=self._time("since", first, last),
                x2="until:T",
                y=alt.Y("force:N", sort=order, title=None, axis=alt.Axis(labelLimit=122, ticks=False, domain=False)),
            )
            sure = rows.transform_filter("datum.sure").mark_bar(height=9, color=GREY)
            maybe = rows.transform_filter("!datum.sure").mark_bar(
                height=9, color="white", stroke=GREY, strokeDash=[2, 2], strokeWidth=1
            )
            parts.append(alt.layer(sure, maybe).properties(width=width, height=alt.Step(16)))
        for at, (name, colour, rows_) in enumerate(panels, start=1):
            time = alt.Scale(type="utc", domain=[first, last], nice=False, padding=0)
            years = alt.Axis(format="%Y", tickCount="year", labels=at == len(panels))
            parts.append(
                self._base(rows_)
                .mark_bar(color=colour, width=2.6)
                .encode(
                    x=alt.X("month:T", scale=time, title=None, axis=years),
                    y=alt.Y("killed:Q", title=None, axis=alt.Axis(format=",d", tickCount=3, minExtent=122)),
                )
                .properties(
                    width=width,
                    height=62,
                    title=alt.TitleParams(name, anchor="start", fontSize=12, fontWeight="normal", color=INK, offset=2),
                )
            )
        return self._finish(alt.vconcat(*parts, spacing=9))

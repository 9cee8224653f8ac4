"""The picture of stocks of displaced people above the deaths of the same months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, INK, ORANGE, WIDTH, Charts, Rows

COLOURS = (ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9")


class TensionCharts(Charts):
    """Draws stocks over time above deaths by month, a panel for each group, on the same years."""

    def tension(self, stocks: Rows, months: Rows, groups: Sequence[str], days: tuple[str, str]) -> dict[str, Any]:
        """`stocks` has group, day, value, series and line (within which points are joined); `months` period, deaths."""
        names = sorted({row["series"] for row in stocks})
        colour = alt.Color(
            "series:N",
            scale=alt.Scale(domain=names, range=[COLOURS[n % len(COLOURS)] for n in range(len(names))]),
            legend=alt.Legend(title=None, orient="bottom", symbolType="circle", labelLimit=WIDTH),
        )
        side = (WIDTH - 150) // len(groups)
        panels = [
            alt.vconcat(
                self._stock([row for row in stocks if row["group"] == group], group, side, days, colour),
                self._deaths(months, side, days),
                spacing=8,
            )
            for group in groups
        ]
        return self._finish(alt.hconcat(*panels, spacing=26).resolve_scale(color="shared"))

    def _stock(self, rows: Rows, group: str, side: int, days: tuple[str, str], colour: Any) -> Any:
        base = self._base(sorted(rows, key=lambda row: (row["line"], row["day"]))).encode(
            x=self._years("day", days),
            y=alt.Y("value:Q", title=self.say("people"), axis=alt.Axis(tickCount=4, format="~s", minExtent=38)),
            color=colour,
            detail="line:N",
        )
        return alt.layer(
            base.mark_line(strokeWidth=1.8), base.mark_point(filled=True, size=24, opacity=1)
        ).properties(
            width=side, height=130, title=alt.TitleParams(group, anchor="start", fontSize=12.5, color=INK)
        )  # fmt: skip

    def _deaths(self, months: Rows, side: int, days: tuple[str, str]) -> Any:
        title = self.say("deaths in the month")
        base = self._base(months).encode(x=self._years("period", days))
        y = alt.Y("deaths_best:Q", title=title, axis=alt.Axis(tickCount=3, format=",d", minExtent=38))
        return alt.layer(
            base.mark_bar(color=BLUE, width=1.8).encode(y=y),
            base.mark_rule(color=INK, opacity=0.4, strokeWidth=0.7).encode(y="deaths_low:Q", y2="deaths_high:Q"),
        ).properties(width=side, height=90)

    def _years(self, column: str, days: tuple[str, str]) -> alt.X:
        scale = alt.Scale(type="utc", domain=list(days), nice=False, padding=0)
        return alt.X(f"{column}:T", scale=scale, title=None, axis=alt.Axis(format="%Y", tickCount=5, labelFlush=False))

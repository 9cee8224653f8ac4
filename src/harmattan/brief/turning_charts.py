"""Small multiples of months before and after: around places that forces left, and around coups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREY, INK, ORANGE, WIDTH, Rows
from harmattan.brief.standing_charts import StandingCharts

COLUMNS = 3


class TurningCharts(StandingCharts):
    """Adds the pictures of months relative to something."""

    def around(self, rows: Rows, words: Mapping[str, str]) -> dict[str, Any]:
        """Mean deaths a place by month: a panel a distance, a line for each of `words` (a side and what it is called).

        `rows` have km, around, month, mean_low, mean_best and mean_high.
        """
        named = [dict(row) | {"side": words[row["around"]]} for row in rows]
        scale = alt.Scale(domain=list(words.values()), range=[ORANGE, BLUE])
        panels: list[Any] = []
        for km in sorted({row["km"] for row in rows}):
            own = self._base([row for row in named if row["km"] == km])
            legend = alt.Legend(
                title=self.say("deaths a place in the month:"), orient="top", titleOrient="left", labelLimit=300,
                symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, titleLimit=300,
            )  # fmt: skip
            colour = alt.Color("side:N", scale=scale, legend=legend)
            x = self._months([row["month"] for row in rows])
            y = alt.Y("mean_best:Q", title=None, axis=alt.Axis(tickCount=4))
            band = own.mark_area(opacity=0.15).encode(x=x, y="mean_low:Q", y2="mean_high:Q", color=colour)
            line = own.mark_line(strokeWidth=1.8, point=alt.OverlayMarkDef(size=18)).encode(x=x, y=y, color=colour)
            words_ = self.say("within {km} km", km=f"{km:g}")
            panels.append(self._panel(alt.layer(self._zero(), band, line), words_))
        return self._finish(alt.hconcat(*panels, spacing=20))

    def aligned(self, panels: Rows) -> dict[str, Any]:
        """Deaths by month relative to something, each panel on its own scale; `panels` have title and rows.

        Rows have offset, value, value_low and value_high; those without a value are not covered and not drawn.
        """
        drawn = []
        for panel in panels:
            known = [row for row in panel["rows"] if row["value"] is not None]
            x = self._months([row["offset"] for row in panel["rows"]], "offset")
            own = self._base(known).encode(x=x)
            y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, format=",d"))
            bars = own.mark_bar(color=ORANGE if panel["mean"] else BLUE, width=5).encode(y=y)
            ends = own.mark_rule(color=INK, opacity=0.45).encode(y="value_low:Q", y2="value_high:Q")
            drawn.append(self._panel(alt.layer(bars, ends, self._zero("offset")), panel["title"]))
        return self._finish(alt.concat(*drawn, columns=COLUMNS, spacing={"row": 14, "column": 22}))

    def _months(self, months: list[int], column: str = "month") -> alt.X:
        scale = alt.Scale(domain=[min(months) - 0.6, max(months) + 0.6], nice=False)
        ticks = [n for n in range(min(months), max(months) + 1) if n % 3 == 0]
        signed = "datum.value == 0 ? '0' : format(datum.value, '+d')"
        axis = alt.Axis(values=ticks, labelExpr=signed, grid=False)
        return alt.X(f"{column}:Q", scale=scale, axis=axis, title=self.say("months"))

    def _zero(self, column: str = "month") -> alt.Chart:
        return self._base([{column: 0}]).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=f"{column}:Q")

    def _panel(self, layers: Any, title: str) -> Any:
        return layers.properties(
            width=(WIDTH - 110) // COLUMNS,
            height=120,
            title=alt.TitleParams(title, anchor="start", fontSize=12.5, color=INK),
        )

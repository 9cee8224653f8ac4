"""The picture of a conflict index: ranks with their range, and beside them the four inputs as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREY, INK, ORANGE, Charts, Rows

LABEL_WIDTH = 118
RANK_WIDTH, PANEL_WIDTH, GAP = 122, 78, 11
ROOM = 1.45
"""How much wider than its longest bar a panel is, for the number beside it."""


@dataclass(frozen=True)
class Panel:
    """One input: its column and what stands above it."""

    column: str
    title: str
    format: str = ",d"
    low: str = ""
    high: str = ""


class IndexCharts(Charts):
    """Adds the picture of an index to those of events."""

    def index(self, rows: Rows, panels: Sequence[Panel]) -> dict[str, Any]:
        """Ranks with their range over all choices, then a panel an input; `rows` have `name` and come by rank."""
        data = [dict(row) | {"place": at} for at, row in enumerate(rows)]
        drawn = [self._ranks(data, labels=True), *(self._panel(data, panel) for panel in panels)]
        return self._finish(alt.hconcat(*drawn, spacing=GAP).resolve_scale(x="independent", y="shared"))

    def _by_name(self, *, labels: bool) -> Any:
        axis = alt.Axis(labelLimit=LABEL_WIDTH, ticks=False, domain=False, labelPadding=6) if labels else None
        return alt.Y("name:N", sort=alt.SortField("place"), title=None, axis=axis)

    def _ranks(self, data: Rows, *, labels: bool) -> Any:
        last = max(row["rank_to"] for row in data)
        ticks = [1, *range(5, last + 1, 5)] if last > 8 else list(range(1, last + 1))
        scale = alt.Scale(domain=[0.5, last + 0.5], nice=False)
        axis = alt.Axis(values=ticks, format="d", grid=True, labelFontSize=11)
        base = self._base(data).encode(y=self._by_name(labels=labels))
        span = base.mark_rule(color=GREY, strokeWidth=5, opacity=0.55, strokeCap="round").encode(
            x=alt.X("rank_from:Q", scale=scale, axis=axis, title=None), x2="rank_to:Q"
        )
        dots = base.mark_point(filled=True, size=58, color=ORANGE, opacity=1).encode(
            x=alt.X("rank:Q", scale=scale, axis=axis, title=None)
        )
        return alt.layer(span, dots).properties(
            width=RANK_WIDTH, height=alt.Step(21), title=self._above(self.say("rank and its range"))
        )

    def _panel(self, data: Rows, panel: Panel) -> Any:
        most = max([row[panel.high or panel.column] or row[panel.column] or 0 for row in data] or [0])
        x = alt.X(f"{panel.column}:Q", scale=alt.Scale(domain=[0, ROOM * (most or 1)], nice=False), axis=None)
        base = self._base([row for row in data if row[panel.column] is not None]).encode(y=self._by_name(labels=False))
        layers = [base.mark_bar(height=12, color=BLUE).encode(x=x)]
        ends = panel.column
        if panel.low and all(row[panel.low] is not None and row[panel.high] is not None for row in data):
            layers.append(base.mark_rule(color=INK, opacity=0.6).encode(x=f"{panel.low}:Q", x2=f"{panel.high}:Q"))
            ends = panel.high
        number = base.mark_text(align="left", dx=4, fontSize=11, color=INK)
        layers.append(number.encode(x=alt.X(f"{ends}:Q"), text=alt.Text(f"{panel.column}:Q", format=panel.format)))
        return alt.layer(*layers).properties(width=PANEL_WIDTH, height=alt.Step(21), title=self._above(panel.title))

    def _above(self, words: str) -> Any:
        return alt.TitleParams(words.split("\n"), anchor="start", fontSize=11.5, fontWeight="bold", color=INK)

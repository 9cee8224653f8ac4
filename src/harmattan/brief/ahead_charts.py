"""The picture of the months ahead: a fan for each country after its past, and below it a map of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, INK, MAP_COLOURS, ORANGE, WIDTH, Charts, Rows, class_of

WIDE, NARROW = "#F7D9C4", "#EBA577"
"""The middle 90 and 50 % of the draws: tints of the orange of the median."""
MOST_COLUMNS = 3
GAP = 52
"""Between panels, the numbers of the axis in it."""
FEWEST, ROOM = 10, 1.07
"""Deaths to which every axis reaches at least, and how much higher than what is drawn."""
HEIGHT = {1: 190, 2: 150, 3: 125}
"""Of a panel, by how many stand beside each other."""


@dataclass(frozen=True)
class Fan:
    """One country: its past as (month, deaths) and its months ahead as rows of the answer."""

    name: str
    past: Rows
    ahead: Rows


class AheadCharts(Charts):
    """Adds fans and the map of what is expected."""

    def months_ahead(self, fans: Sequence[Fan], as_of: str, cells: Any = None) -> dict[str, Any]:
        """The fans, each on its own scale with a line at the end of what is known; `cells` below them."""
        columns = min(MOST_COLUMNS, len(fans))
        panels = [self._fan(fan, as_of, columns) for fan in fans]
        grid = alt.concat(*panels, columns=columns, spacing={"row": 50, "column": GAP}, bounds="flush")
        grid = grid.resolve_scale(color="shared")
        if cells is None:
            return self._finish(grid)
        return self._finish(alt.vconcat(grid, cells, spacing=22).resolve_scale(color="independent"))

    def expected(self, rows: Rows, countries: Mapping[int, str], inside: Sequence[str]) -> Any:
        """Expected deaths by cell, in the classes and colours of the map of deaths."""
        classes = [self._class(at) for at in range(len(MAP_COLOURS))]
        classes[0] = self.say("under 1")
        found = {row["cell"]: classes[class_of(row["mean"])] for row in rows if class_of(row["mean"])}
        colours = dict(zip(classes[1:], MAP_COLOURS[1:], strict=True))
        return self.painted(found, colours, self.say("expected deaths in the cell"), countries, inside)

    def _fan(self, fan: Fan, as_of: str, columns: int) -> Any:
        labels = [self.say("deaths so far"), self.say("median"), self.say("middle 50 %"), self.say("middle 90 %")]
        scale = alt.Scale(domain=labels, range=[BLUE, ORANGE, NARROW, WIDE])
        legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square", symbolSize=130,
                            symbolStrokeWidth=0, columns=4)  # fmt: skip
        paint = [alt.ColorDatum(label, scale=scale, legend=legend) for label in labels]
        first, last = fan.past[0]["month"], fan.ahead[-1]["month"]
        x = alt.X("month:T", title=None, scale=alt.Scale(type="utc", domain=[first, last], nice=False),
                  axis=alt.Axis(format="%Y", tickCount="year"))  # fmt: skip
        past, ahead = self._base(fan.past).encode(x=x), self._base(fan.ahead).encode(x=x)
        most = max([FEWEST, *(row["high90"] for row in fan.ahead), *(row["deaths"] or 0 for row in fan.past)])
        y = alt.Y(
            "low90:Q",
            title=None,
            scale=alt.Scale(domain=[0, ROOM * most], nice=False),
            axis=alt.Axis(tickCount=4, format=",d"),
        )
        line = self._base([{"day": as_of}]).mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1)
        layers = alt.layer(
            ahead.mark_area().encode(y=y, y2="high90:Q", color=paint[3]),
            ahead.mark_area().encode(y="low50:Q", y2="high50:Q", color=paint[2]),
            line.encode(x=alt.X("day:T")),
            past.mark_line(strokeWidth=1.6).encode(y=alt.Y("deaths:Q", title=None), color=paint[0]),
            ahead.mark_line(strokeWidth=2).encode(y="median:Q", color=paint[1]),
        )
        width = (WIDTH - 44 - GAP * (columns - 1)) // columns
        head = alt.TitleParams(fan.name, anchor="start", frame="group", fontSize=12.5, color=INK, limit=width + 30)
        return layers.properties(width=width, height=HEIGHT[columns], title=head)

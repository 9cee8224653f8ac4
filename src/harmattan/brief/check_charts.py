"""The picture of a report on claims: a strip of them in order, each with its verdict as colour and shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import INK, WIDTH, Charts

COLOURS: dict[str, str] = {
    "supported": "#009E73",
    "supported_in_part": "#56B4E9",
    "different_figure": "#E69F00",
    "contradicted": "#D55E00",
    "no_record": "#FFFFFF",
    "not_checkable": "#BBBBBB",
}
"""Okabe and Ito's colours by verdict, white and grey where there is none. The sign says the same without colour."""
SIGNS: dict[str, str] = {
    "supported": "●",
    "supported_in_part": "◐",
    "different_figure": "◆",
    "contradicted": "×",
    "no_record": "○",
    "not_checkable": "–",
}
CROSS = "M-1,-0.72L-0.72,-1L0,-0.28L0.72,-1L1,-0.72L0.28,0L1,0.72L0.72,1L0,0.28L-0.72,1L-1,0.72L-0.28,0Z"
HALF = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1M0,-0.75V0.75A0.75,0.75,0,0,0,0,-0.75Z"
RING = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0M0.72,0A0.72,0.72,0,1,0,-0.72,0A0.72,0.72,0,1,0,0.72,0Z"
BAR = "M-1,-0.16H1V0.16H-1Z"
SHAPES: dict[str, str] = {
    "supported": "circle",
    "supported_in_part": HALF,
    "different_figure": "diamond",
    "contradicted": CROSS,
    "no_record": RING,
    "not_checkable": BAR,
}
MOST_IN_A_ROW = 22
SQUARE = WIDTH / MOST_IN_A_ROW


class CheckCharts(Charts):
    """Draws the strip."""

    def strip(self, verdicts: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
        """A square for each claim, from left to right and row by row; `labels` say each verdict with its count."""
        there = [name for name in COLOURS if name in set(verdicts)]
        rows = [
            {"x": n % MOST_IN_A_ROW, "y": n // MOST_IN_A_ROW, "number": str(n + 1), "verdict": labels[name]}
            for n, name in enumerate(verdicts)
        ]
        height = SQUARE * 1.5 * (1 + (len(rows) - 1) // MOST_IN_A_ROW)
        x = alt.X("x:O", axis=None, scale=alt.Scale(domain=list(range(MOST_IN_A_ROW)), paddingInner=0.08))
        y = alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=0.42, paddingOuter=0.2))
        domain = [labels[name] for name in there]
        colour = alt.Color(
            "verdict:N", scale=alt.Scale(domain=domain, range=[COLOURS[name] for name in there]), legend=None
        )
        shape = alt.Shape(
            "verdict:N", scale=alt.Scale(domain=domain, range=[SHAPES[name] for name in there]), legend=None
        )
        base = self._base(rows).encode(x=x, y=y)
        squares = base.mark_rect(stroke=INK, strokeWidth=0.6).encode(color=colour)
        signs = base.mark_point(filled=True, color=INK, size=80, opacity=1).encode(shape=shape)
        numbers = base.mark_text(fontSize=9, color=INK, dy=SQUARE * 0.63).encode(text="number:N")
        return self._finish(alt.layer(squares, signs, numbers).properties(width=WIDTH, height=height))

"""The picture of a track record: ratios to the benchmark by window, about the line at one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows

COLOURS = (ORANGE, BLUE, GREEN, GREY)
LOWEST, HIGHEST = 0.5, 2.0
"""Ends of the scale, which is logarithmic, so that twice and half are as far from the line; what lies beyond is drawn
at the end."""


class SkillCharts(Charts):
    """Adds the picture of ratios."""

    def ratios(self, rows: Rows, models: Sequence[str]) -> dict[str, Any]:
        """A dot with its interval for each model and window; rows have model, window_start, window_end and ratio."""
        data = [
            dict(row)
            | {"window": _window(row["window_start"], row["window_end"])}
            | {name: _within(row[name]) for name in ("ratio", "ratio_low", "ratio_high")}
            for row in rows
        ]
        windows = list(dict.fromkeys(row["window"] for row in sorted(data, key=lambda row: str(row["window_end"]))))
        known = [row[name] for row in data for name in ("ratio", "ratio_low", "ratio_high") if row[name] is not None]
        ends = [0.97 * min(0.9, *known), 1.02 * max(1.1, *known)]
        x = alt.X("window:N", sort=windows, title=self.say("window"), axis=alt.Axis(labelAngle=0, labelLimit=90))
        y = alt.Y(
            "ratio:Q",
            title=self.say("ratio to the benchmark"),
            scale=alt.Scale(type="log", domain=ends, nice=False),
            axis=alt.Axis(values=[0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2], format=".2~f"),
        )
        colour = alt.Color(
            "model:N",
            scale=alt.Scale(domain=list(models), range=list(COLOURS[: len(models)])),
            legend=alt.Legend(title=None, orient="top", symbolType="circle", symbolSize=80, symbolOpacity=1),
        )
        beside = alt.XOffset("model:N", sort=list(models))
        base = self._base(data).encode(x=x, xOffset=beside, color=colour)
        spans = base.transform_filter("isValid(datum.ratio_low)").mark_rule(strokeWidth=2, opacity=0.55)
        dots = base.mark_point(filled=True, size=52, opacity=1).encode(y=y)
        line = self._base([{"at": 1}]).mark_rule(color=INK, strokeWidth=1.3).encode(y=alt.Y("at:Q"))
        layers = alt.layer(line, spans.encode(y=alt.Y("ratio_low:Q"), y2="ratio_high:Q"), dots)
        return self._finish(layers.properties(width=WIDTH, height=230))


def _within(ratio: float | None) -> float | None:
    return None if ratio is None else min(max(ratio, LOWEST), HIGHEST)


def _window(start: str, end: str) -> str:
    """A calendar year by its number, another window by its first and last month.

    >>> _window("2022-01-01", "2022-12-31"), _window("2024-07-01", "2025-06-30")
    ('2022', '2024-07/2025-06')
    """
    return start[:4] if (start[4:], end) == ("-01-01", f"{start[:4]}-12-31") else f"{start[:7]}/{end[:7]}"

"""The picture of how the error of an estimated matrix falls with the length of the panel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import altair as alt
import vl_convert


def draw(errors: Mapping[str, Mapping[int, float]], path: Path) -> None:
    """Writes an SVG: one line for each world, by number of months, both axes logarithmic, and what 1/sqrt(T) gives."""
    rows = [
        {"world": world, "months": months, "error": 100 * value}
        for world, by in errors.items()
        for months, value in by.items()
    ]
    lengths = sorted({row["months"] for row in rows})
    error = {world: [100 * value for value in by.values()] for world, by in errors.items()}
    low, high = min(map(min, error.values())), max(map(max, error.values()))
    along = [{"months": months, "error": high * (lengths[0] / months) ** 0.5} for months in lengths]
    lowest = min(low, along[-1]["error"])
    y = alt.Y(
        "error:Q",
        title="relative error of the coupling matrix (%)",
        scale=alt.Scale(type="log", domain=[lowest * 0.85, high * 1.15], nice=False),
        axis=alt.Axis(values=[one for one in (5, 10, 20, 30, 50, 70, 100, 150, 200) if lowest < one * 1.15]),
    )
    x = alt.X(
        "months:Q",
        title="months",
        scale=alt.Scale(type="log", domain=[lengths[0] * 0.93, lengths[-1] * 1.2], nice=False),
        axis=alt.Axis(values=lengths, format="d"),
    )
    colour = alt.Color("world:N", title=None, sort=list(errors), legend=alt.Legend(orient="right", labelLimit=260))
    made = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, color=colour)
    slope = alt.Chart(alt.Data(values=along)).mark_line(strokeDash=[4, 4], color="#888").encode(x=x, y=y)
    label = (
        alt.Chart(alt.Data(values=along[-1:])).mark_text(align="left", dx=6, color="#666", text="1/√T").encode(x=x, y=y)
    )
    chart = (slope + label + made.mark_line() + made.mark_point(filled=True, size=45)).properties(
        width=420, height=300, title="Longer panels find the matrix more closely (median over replications)"
    )
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")

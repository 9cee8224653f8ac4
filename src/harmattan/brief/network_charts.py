"""The picture of the network of actors on a day: who stands with whom, who belongs to whom, who fights whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows
from harmattan.brief.standing_charts import laid_out

TIE_COLOURS = {"fights": ORANGE, "rivals": "#E69F00", "allies": BLUE, "bodies": GREY}
TIE_DASHES = {"fights": [1, 0], "rivals": [5, 4], "allies": [1, 0], "bodies": [1, 0]}
SHAPES = {"armed": "circle", "state": "square", "body": "triangle-up", "people": "diamond", "unknown": "cross"}
NODE_COLOURS = {"armed": INK, "state": "#56B4E9", "body": "#CC79A7", "people": GREEN, "unknown": "#FFFFFF"}
MOST_NAMED = 34
HEIGHT = 560


class NetworkCharts(Charts):
    """Draws one network; where an actor stands is found from the links alone, the same links in the same way."""

    @classmethod
    def like(cls, charts: Charts) -> NetworkCharts:
        """The same reader and the same sources."""
        return cls(charts.speaker, charts.source)

    def network(self, nodes: Rows, edges: Rows, ties: Mapping[str, str], sorts: Mapping[str, str]) -> dict[str, Any]:
        """`nodes` have id, name, sort (a key of `sorts`) and degree; `edges` one, other, tie (a key of `ties`), width.

        An edge has `sure`, which is False where it held only possibly or is disputed.
        """
        at = laid_out([(edge["one"], edge["other"]) for edge in edges])
        x = alt.X("x:Q", scale=alt.Scale(domain=[-1.12, 1.12]), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[-1.08, 1.08]), axis=None)
        shown = [node for node in nodes if node["id"] in at]
        dots = [
            {"name": node["name"], "kind": sorts[node["sort"]], "degree": node["degree"],
             "x": at[node["id"]][0], "y": at[node["id"]][1]}
            for node in shown
        ]  # fmt: skip
        lines = self._ties([_line(edge, at, ties) for edge in edges], ties, x, y)
        base = self._base(dots).encode(x=x, y=y)
        points = base.mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=0.8).encode(
            size=alt.Size("degree:Q", scale=alt.Scale(domain=[0, 14], range=[36, 300], clamp=True), legend=None),
            shape=self._paint(alt.Shape, sorts, SHAPES, dots),
            color=self._paint(alt.Color, sorts, NODE_COLOURS, dots),
        )
        named = sorted(dots, key=lambda dot: (-dot["degree"], dot["name"]))[:MOST_NAMED]
        text = self._base(_apart(named)).encode(x=x, y=y, text="name:N")
        words: dict[str, Any] = {"fontSize": 10.5, "dy": -11, "limit": 150}
        drawn = alt.layer(
            *lines,
            points,
            text.mark_text(stroke="white", strokeWidth=3.2, **words),
            text.mark_text(color=INK, **words),
        ).resolve_scale(color="independent", shape="independent", strokeDash="independent")
        return self._finish(drawn.properties(width=WIDTH, height=HEIGHT))

    def _ties(self, rows: Sequence[Mapping[str, Any]], ties: Mapping[str, str], x: Any, y: Any) -> list[Any]:
        """The links, the friendly ones undermost; one legend for all of them."""
        order = [name for name in ("bodies", "allies", "rivals", "fights") if any(row["tie"] == name for row in rows)]
        scale = alt.Scale(domain=[ties[name] for name in order], range=[TIE_COLOURS[name] for name in order])
        dashes = alt.Scale(domain=[ties[name] for name in order], range=[TIE_DASHES[name] for name in order])
        legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="stroke", columns=4,
                            symbolStrokeWidth=3)  # fmt: skip
        drawn = sorted(rows, key=lambda row: order.index(row["tie"]))
        return [
            self._base(drawn).mark_rule().encode(
                x=x, y=y, x2="x2:Q", y2="y2:Q",
                color=alt.Color("words:N", scale=scale, legend=legend),
                strokeDash=alt.StrokeDash("words:N", scale=dashes, legend=legend),
                strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
                opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            )
        ]  # fmt: skip

    def _paint(self, channel: Any, sorts: Mapping[str, str], range_: Mapping[str, Any], dots: Rows) -> Any:
        there = [name for name in sorts if any(dot["kind"] == sorts[name] for dot in dots)]
        scale = alt.Scale(domain=[sorts[name] for name in there], range=[range_[name] for name in there])
        legend = alt.Legend(title=None, orient="bottom", direction="horizontal", columns=len(there), symbolSize=90)
        return channel("kind:N", scale=scale, legend=legend)


def _line(edge: Mapping[str, Any], at: Mapping[str, tuple[float, float]], ties: Mapping[str, str]) -> dict[str, Any]:
    (x, y), (x2, y2) = at[edge["one"]], at[edge["other"]]
    return {"x": x, "y": y, "x2": x2, "y2": y2, "tie": edge["tie"], "words": ties[edge["tie"]],
            "width": edge["width"], "opacity": 0.75 if edge["sure"] else 0.3}  # fmt: skip


def _apart(dots: Rows) -> list[dict[str, Any]]:
    """The names of dots, those of more links first; a name that would lie on another is left out."""
    kept: list[dict[str, Any]] = []
    for dot in dots:
        near = (
            abs(dot["y"] - other["y"]) < 0.045 and abs(dot["x"] - other["x"]) < _half(dot) + _half(other)
            for other in kept
        )
        if not any(near):
            kept.append(dict(dot))
    return kept


def _half(dot: Mapping[str, Any]) -> float:
    """Half the width of a name, in the units of the picture."""
    return min(150, 5.4 * len(str(dot["name"]))) / WIDTH * 1.12


def width_of(events: int) -> float:
    """How wide a line is drawn for so many events."""
    return round(1.2 + min(5.0, 0.9 * math.sqrt(events)), 2)

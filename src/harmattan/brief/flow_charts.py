"""Who feeds whom: arrows between units, and what is expected of each over time in parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import altair as alt

from harmattan.brief.charts import INK, LAND, ORANGE, WIDTH, Charts, Rows
from harmattan.brief.ground import box_of, inner_edges, runs, within
from harmattan.vocabulary.cell import bounds

Place = tuple[float, float]
"""Degrees east and north."""
FAINT = "#C9CDD1"
DIM = "#5F666C"
PART_COLOURS = ("#BFC4C9", "#56B4E9", ORANGE)
"""Endemic, own past, the past of others."""
COLUMNS = 3
MAP_WIDTH = 500
BEND, BEND_STEPS = 0.16, 14
"""How far an arrow bows out, of its length; and from how many pieces it is drawn."""
WIDEST = 11.0
"""Pixels of the widest arrow."""
FEWEST = 2.0
"""Percent below which an arrow that passed no test is left out."""
APART = 1.9
"""Degrees between two places at least: those of small countries are pushed apart."""


@dataclass(frozen=True)
class Arrow:
    """What arrives in `target` from `source`: a share in percent with its interval, and whether it passed its tests."""

    source: str
    target: str
    share: float
    low: float
    high: float
    passed: bool


@dataclass(frozen=True)
class Expected:
    """A unit over time: rows have month, endemic, own, others (stacked) and observed."""

    title: str
    rows: Rows


class FlowCharts(Charts):
    """Arrows on a map, and decompositions."""

    def flows(
        self, arrows: Sequence[Arrow], names: Mapping[str, str], countries: Mapping[int, str], units: Sequence[Expected]
    ) -> dict[str, Any]:
        """The arrows above the parts; the parts alone where there are no arrows."""
        parts = self._parts(units)
        if not arrows:
            return self._finish(parts)
        both = alt.vconcat(self._arrows(arrows, names, countries), parts, spacing=34)
        return self._finish(both.resolve_scale(color="independent").resolve_legend(color="independent"))

    def _arrows(self, arrows: Sequence[Arrow], names: Mapping[str, str], countries: Mapping[int, str]) -> Any:
        """Arrows between countries, as wide as the share of what is expected in the target; grey where not passed."""
        land = {gid: code for gid, code in countries.items() if code in names}
        box = box_of(land)
        near = {gid: code for gid, code in countries.items() if within(gid, box)}
        x = alt.X("x:Q", scale=alt.Scale(domain=[box[0], box[2]], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[box[1], box[3]], nice=False), axis=None)
        rect = {"x": x, "y": y, "x2": "x2", "y2": "y2"}
        ground = self._base(runs(land)).mark_rect(color=LAND, stroke=LAND, strokeWidth=0.6).encode(**rect)
        edges = [dict(zip(("x", "y", "x2", "y2"), edge, strict=True)) for edge in inner_edges(near, box)]
        lines = self._base(edges).mark_rule(color="white", strokeWidth=1.6).encode(**rect)
        middles = _apart({code: _middle([gid for gid, own in land.items() if own == code]) for code in names})
        drawn = self._flows(arrows, middles, x, y)
        dots = [{"x": at[0], "y": at[1], "name": names[code]} for code, at in middles.items()]
        label = self._base(dots).encode(x=x, y=y, text="name:N")
        said: dict[str, Any] = {"fontSize": 13, "fontWeight": "bold"}
        layers = [
            ground, lines, *drawn,
            label.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", opacity=0.9, **said),
            label.mark_text(color=INK, **said),
        ]  # fmt: skip
        height = round(MAP_WIDTH * (box[3] - box[1]) / (box[2] - box[0]))
        return alt.layer(*layers).properties(width=MAP_WIDTH, height=height)

    def _flows(self, arrows: Sequence[Arrow], middles: Mapping[str, Place], x: Any, y: Any) -> list[Any]:
        """The arrows, the widest last, each with its share and interval beside it."""
        passed, failed = self.say("more than coincidence"), self.say("not told apart from coincidence")
        colour = alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[passed, failed], range=[ORANGE, FAINT]),
            legend=alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolStrokeWidth=5, labelLimit=400),
        )
        there = [arrow for arrow in arrows if {arrow.source, arrow.target} <= set(middles)]
        there = [arrow for arrow in there if arrow.passed or arrow.share >= FEWEST]
        most = max((arrow.share for arrow in there), default=1.0) or 1.0
        bends, heads, words = [], [], []
        for n, arrow in enumerate(sorted(there, key=lambda one: (one.passed, one.share))):
            width = max(1.0, WIDEST * arrow.share / most)
            path, angle = _bow(middles[arrow.source], middles[arrow.target])
            kind = passed if arrow.passed else failed
            bends += [
                {"n": n, "at": k, "x": px, "y": py, "width": width, "kind": kind} for k, (px, py) in enumerate(path)
            ]
            heads.append({"x": path[-1][0], "y": path[-1][1], "angle": angle, "size": 90 + 22 * width, "kind": kind})
            spot = path[len(path) // 2]
            ink = INK if arrow.passed else DIM
            words.append({"x": spot[0], "y": spot[1], "words": self._words(arrow), "ink": ink})
        line = (
            self._base(bends)
            .mark_line(strokeCap="butt")
            .encode(
                x=x, y=y, detail="n:N", order="at:Q", color=colour, strokeWidth=alt.StrokeWidth("width:Q", scale=None)
            )
        )
        head = (
            self._base(heads)
            .mark_point(shape="triangle", filled=True, opacity=1)
            .encode(x=x, y=y, color=colour, angle=alt.Angle("angle:Q", scale=None), size=alt.Size("size:Q", scale=None))
        )
        text = self._base(words).encode(x=x, y=y, text="words:N")
        inked = text.encode(color=alt.Color("ink:N", scale=None))
        said: dict[str, Any] = {"fontSize": 11.5, "lineBreak": "\n"}
        return [
            line, head,
            text.mark_text(stroke="white", strokeWidth=3.5, strokeJoin="round", opacity=0.95, **said),
            inked.mark_text(**said),
        ]  # fmt: skip

    def _words(self, arrow: Arrow) -> str:
        return self.say(
            "{share} % ({low}–{high})", share=round(arrow.share), low=round(arrow.low), high=round(arrow.high)
        )

    def _parts(self, units: Sequence[Expected]) -> Any:
        """What is expected of each unit by month, stacked in parts, with what was counted as a line."""
        labels = [
            self.say("of itself (level, trend, season)"),
            self.say("its own past"),
            self.say("the past of others"),
        ]
        scale = alt.Scale(domain=labels, range=list(PART_COLOURS))
        legend = alt.Legend(title=None, orient="top", labelLimit=300, symbolType="square")
        panels = []
        for unit in units:
            stacked = [
                {"month": row["month"], "part": labels[n], "n": n, "value": row[name]}
                for row in unit.rows
                for n, name in enumerate(("endemic", "own", "others"))
                if row[name] is not None
            ]
            x = alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(format="%Y", tickCount=4))
            area = (
                self._base(stacked)
                .mark_area()
                .encode(
                    x=x,
                    y=alt.Y("value:Q", stack=True, title=None, axis=alt.Axis(tickCount=3, format=",d", minExtent=26)),
                    color=alt.Color("part:N", scale=scale, legend=legend, sort=labels),
                    order=alt.Order("n:Q"),
                )
            )
            line = (
                self._base(unit.rows)
                .mark_line(color=INK, strokeWidth=0.9, opacity=0.8)
                .encode(x=x, y=alt.Y("observed:Q", title=None))
            )
            title = alt.TitleParams(unit.title, anchor="start", frame="group", fontSize=12.5, color=INK)
            panels.append(alt.layer(area, line).properties(width=(WIDTH - 130) // COLUMNS, height=105, title=title))
        grid = alt.concat(*panels, columns=COLUMNS, spacing={"row": 46, "column": 44}, bounds="flush")
        return grid.resolve_scale(color="shared")


def _apart(middles: Mapping[str, Place | None]) -> dict[str, Place]:
    """The middles that there are, those too near to each other pushed apart along the line between them."""
    found = {code: at for code, at in middles.items() if at}
    for _round in range(40):
        for one, other in combinations(found, 2):
            (x0, y0), (x1, y1) = found[one], found[other]
            far = math.hypot(x1 - x0, y1 - y0)
            if 0 < far < APART:
                push = (APART - far) / (2 * far)
                found[one] = (x0 - push * (x1 - x0), y0 - push * (y1 - y0))
                found[other] = (x1 + push * (x1 - x0), y1 + push * (y1 - y0))
    return found


def _middle(cells: Sequence[int]) -> Place | None:
    """The middle of some cells, in degrees."""
    if not cells:
        return None
    edges = [bounds(gid) for gid in cells]
    return (
        sum(west + east for west, _s, east, _n in edges) / (2 * len(edges)),
        sum(south + north for _w, south, _e, north in edges) / (2 * len(edges)),
    )


def _bow(start: Place, end: Place) -> tuple[list[Place], float]:
    """A bow to the right of the straight way, cut short at both ends, and the direction of its head in degrees.

    Both ways between two places bow to different sides. Directions are clockwise from up, as Vega turns a triangle.
    """
    (x0, y0), (x1, y1) = start, end
    far = math.hypot(x1 - x0, y1 - y0) or 1.0
    cut = min(1.0, 0.3 * far) / far
    middle = ((x0 + x1) / 2 + BEND * (y1 - y0), (y0 + y1) / 2 - BEND * (x1 - x0))

    def at(t: float) -> Place:
        return (
            (1 - t) ** 2 * x0 + 2 * t * (1 - t) * middle[0] + t * t * x1,
            (1 - t) ** 2 * y0 + 2 * t * (1 - t) * middle[1] + t * t * y1,
        )

    path = [at(cut + (1 - 2 * cut) * k / BEND_STEPS) for k in range(BEND_STEPS + 1)]
    (bx, by), (ex, ey) = path[-2], path[-1]
    return path, math.degrees(math.atan2(ex - bx, ey - by))

"""The pictures that rest on a dossier: two networks side by side, forces over time, reported figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows

TIE_COLOURS = {"belongs": GREY, "stands": GREEN, "rival": ORANGE}
TIE_DASHES = {"belongs": [1, 0], "stands": [1, 0], "rival": [5, 3]}
TIE_OF = {
    "member_of": "belongs",
    "part_of": "belongs",
    "affiliate_of": "belongs",
    "allied_with": "stands",
    "cooperates_with": "stands",
    "supports": "stands",
    "rival_of": "rival",
}
SERIES_COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9")
FORCE_COLOURS = (BLUE, "#E69F00", GREEN, "#56B4E9", "#CC79A7", "#999999")


class StandingCharts(Charts):
    """Adds the dossier's pictures to those of events."""

    def networks(self, ties: Sequence[Mapping[str, str]], fights: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Relations beside fighting; nodes are laid out by their links alone, the same links the same way."""
        words = {
            "belongs": self.say("belongs to"),
            "stands": self.say("allied with, cooperates with or supports"),
            "rival": self.say("rival of"),
        }
        side = (WIDTH - 20) // 2
        kinds = [
            {"from": tie["from"], "to": tie["to"], "kind": words[TIE_OF[tie["relation"]]], "width": 1.6} for tie in ties
        ]
        most = max((fight["deaths"] for fight in fights), default=1)
        hits = [
            {"from": f["from"], "to": f["to"], "deaths": f["deaths"], "width": 1 + 7 * (f["deaths"] / most) ** 0.5}
            for f in fights
        ]
        scale = alt.Scale(domain=list(words.values()), range=[TIE_COLOURS[name] for name in words])
        dashes = alt.Scale(domain=list(words.values()), range=[TIE_DASHES[name] for name in words])
        legend = alt.Legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", labelLimit=side)
        paint = {
            "color": alt.Color("kind:N", scale=scale, legend=legend),
            "strokeDash": alt.StrokeDash("kind:N", scale=dashes, legend=None),
        }
        left = self._net(kinds, side, self.say("relations"), paint)
        right = self._net(hits, side, self.say("fighting"), {"color": alt.value(ORANGE)})
        return self._finish(alt.hconcat(left, right, spacing=20).resolve_scale(color="independent"))

    def _net(self, edges: Sequence[Mapping[str, Any]], side: int, title: str, paint: Mapping[str, Any]) -> Any:
        at = laid_out([(edge["from"], edge["to"]) for edge in edges])
        drawn = [dict(edge) | _ends(at, edge) for edge in edges]
        nodes = [{"name": name, "x": x, "y": y} for name, (x, y) in sorted(at.items())]
        box = alt.Scale(domain=[-1.25, 1.25])
        x, y = alt.X("x:Q", scale=box, axis=None), alt.Y("y:Q", scale=box, axis=None)
        lines = self._base(drawn).mark_rule(opacity=0.75).encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None), **paint
        )  # fmt: skip
        base = self._base(nodes).encode(x=x, y=y)
        label = base.encode(text="name:N")
        return alt.layer(
            lines,
            base.mark_circle(size=46, color=INK, opacity=1),
            label.mark_text(dy=-9, fontSize=10.5, stroke="white", strokeWidth=3),
            label.mark_text(dy=-9, fontSize=10.5, color=INK),
        ).properties(
            width=side, height=side + 40, title=alt.TitleParams(title, anchor="start", fontSize=12.5, color=INK)
        )

    def presence(self, bars: Rows, handed: Rows, months: Rows) -> dict[str, Any]:
        """Forces as bars over time with the bases they handed over, above the deaths by month."""
        first, last = months[0]["period"] + "-01", months[-1]["period"] + "-28"
        names = [bar["force"] for bar in sorted(bars, key=lambda bar: (bar["since"], bar["force"]))]
        order = list(dict.fromkeys(names))
        colours = [FORCE_COLOURS[n % len(FORCE_COLOURS)] for n in range(len(order))]
        y = alt.Y("force:N", sort=order, title=None, axis=alt.Axis(labelLimit=130, ticks=False, domain=False))
        clipped = [dict(bar) | {"since": max(bar["since"], first)} for bar in bars if bar["until"] >= first]
        rows = self._base(clipped).encode(x=self._time("since", first, last), y=y)
        dots = self._base([dict(dot) | {"day": dot["until"]} for dot in handed if dot["force"] in order])
        top = alt.layer(
            rows.mark_bar(height=11).encode(
                x2="until:T", color=alt.Color("force:N", scale=alt.Scale(domain=order, range=colours), legend=None)
            ),
            dots.mark_point(filled=True, size=26, color=INK, opacity=1).encode(x=self._time("day", first, last), y=y),
        ).properties(width=WIDTH - 140, height=alt.Step(19))
        below = (
            self._base(months)
            .encode(x=self._time("period", first, last))
            .mark_bar(color=BLUE, width=2.4)
            .encode(y=self._amount("deaths_best", self.say("deaths in the month")))
            .properties(width=WIDTH - 140, height=120)
        )
        return self._finish(alt.vconcat(top, below, spacing=10))

    def stocks(self, rows: Rows, first: str, last: str) -> dict[str, Any]:
        """Reported figures as points over time: a row of panels for each indicator, a panel for each country."""
        indicators = list(dict.fromkeys(row["indicator"] for row in rows))
        countries = list(dict.fromkeys(row["country"] for row in rows))
        lines = []
        for indicator in indicators:
            panels = [self._stock([r for r in rows if (r["indicator"], r["country"]) == (indicator, country)],
                                  country, (first, last)) for country in countries]  # fmt: skip
            title = alt.TitleParams(indicator, anchor="start", fontSize=13, color=INK)
            lines.append(alt.hconcat(*panels, spacing=24).properties(title=title).resolve_scale(y="shared"))
        return self._finish(alt.vconcat(*lines, spacing=14).resolve_scale(y="independent"))

    def counts(self, rows: Rows, first: str, last: str) -> dict[str, Any]:
        """Stocks as lines by data set and reported figures as diamonds: a row of panels a group, a panel a country."""
        countries = list(dict.fromkeys(row["country"] for row in rows))
        titles = {"idps": self.say("internally displaced people"), "refugees": self.say("refugees from the country")}
        counted = sorted({row["series"] for row in rows if not row["reported"]})
        reported = sorted({row["series"] for row in rows if row["reported"]})
        colours = [SERIES_COLOURS[n % len(SERIES_COLOURS)] for n in range(len(counted))] + [GREY for _ in reported]
        colour = alt.Color(
            "series:N",
            scale=alt.Scale(domain=[*counted, *reported], range=colours),
            legend=alt.Legend(title=None, orient="bottom", symbolType="circle", labelLimit=WIDTH),
        )
        lines = []
        for group, words in titles.items():
            own = [row for row in rows if row["group"] == group]
            panels = [
                self._counts([row for row in own if row["country"] == country], country, (first, last), colour)
                for country in countries
            ]
            if own:
                title = alt.TitleParams(words, anchor="start", fontSize=13, color=INK)
                lines.append(alt.hconcat(*panels, spacing=24).properties(title=title).resolve_scale(y="shared"))
        return self._finish(alt.vconcat(*lines, spacing=18).resolve_scale(y="independent"))

    def _counts(self, rows: Rows, country: str, days: tuple[str, str], colour: Any) -> Any:
        shared = {
            "x": alt.X("day:T", scale=alt.Scale(type="utc", domain=list(days)), title=None,
                       axis=alt.Axis(format="%Y", tickCount=3)),
            "y": alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, format="~s", minExtent=34)),
            "color": colour,
        }  # fmt: skip
        ordered = sorted(rows, key=lambda row: (row["line"], row["day"]))
        line = self._base([row for row in ordered if not row["reported"]]).encode(detail="line:N", **shared)
        dots = self._base([row for row in ordered if row["reported"]]).encode(**shared)
        return alt.layer(
            dots.mark_point(shape="diamond", filled=False, size=34, strokeWidth=1.3, opacity=0.9),
            line.mark_line(strokeWidth=1.7),
            line.mark_point(filled=True, size=16, opacity=1),
        ).properties(
            width=(WIDTH - 130) // 3,
            height=90,
            title=alt.TitleParams(country, anchor="start", fontSize=12, fontWeight="normal", color=INK),
        )

    def _stock(self, rows: Rows, country: str, days: tuple[str, str]) -> Any:
        base = self._base(sorted(rows, key=lambda row: row["day"])).encode(
            x=alt.X("day:T", scale=alt.Scale(type="utc", domain=list(days)), title=None,
                    axis=alt.Axis(format="%Y", tickCount=3)),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, format="~s")),
        )  # fmt: skip
        return base.mark_point(filled=True, size=28, color=BLUE, opacity=0.8).properties(
            width=(WIDTH - 130) // 3,
            height=80,
            title=alt.TitleParams(country, anchor="start", fontSize=12, fontWeight="normal", color=INK),
        )


def laid_out(edges: Iterable[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Places for nodes in a square from -1 to 1 whose distances are as near as can be to those along the links.

    Stress majorization of Gansner, Koren & North (2004), doi:10.1007/978-3-540-31843-9_25, from a circle in order of
    name, so that the same links give the same picture. Parts that are not linked are drawn three links apart.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(sorted(edges))
    if not graph:
        return {}
    names = sorted(graph)
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    wide = max(max(row.values()) for row in lengths.values())
    apart = np.array([[lengths[a].get(b, wide / 2 + 3) for b in names] for a in names], dtype=float)
    angle = 2 * np.pi * np.arange(len(names)) / len(names)
    places = _least_stress(apart, wide * np.column_stack([np.cos(angle), np.sin(angle)]))
    return _filled({name: (float(x), float(y)) for name, (x, y) in zip(names, places, strict=True)})


def _least_stress(apart: Any, places: Any, steps: int = 400) -> Any:
    """Places of n nodes (n x 2) that bring the squared differences from n x n distances down, weighed by distance."""
    n = len(apart)
    weights = np.where(np.eye(n, dtype=bool), 0.0, 1 / np.maximum(apart, 1e-9) ** 2)
    pull = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(steps):
        now = np.linalg.norm(places[:, None] - places[None, :], axis=2)
        ratio = np.where(now > 1e-9, weights * apart / np.maximum(now, 1e-9), 0.0)
        places = pull @ ((np.diag(ratio.sum(axis=1)) - ratio) @ places)
    return places


def _filled(at: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The same places stretched over the whole square."""
    spans = [(min(place[axis] for place in at.values()), max(place[axis] for place in at.values())) for axis in (0, 1)]

    def stretched(value: float, axis: int) -> float:
        low, high = spans[axis]
        return round(2 * (value - low) / (high - low) - 1, 2) if high > low else 0.0

    return {name: (stretched(x, 0), stretched(y, 1)) for name, (x, y) in at.items()}


def _ends(at: Mapping[str, tuple[float, float]], edge: Mapping[str, Any]) -> dict[str, float]:
    (x, y), (x2, y2) = at[edge["from"]], at[edge["to"]]
    return {"x": x, "y": y, "x2": x2, "y2": y2}

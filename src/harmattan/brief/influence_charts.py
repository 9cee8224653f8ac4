"""Campaigns as pictures: who is linked, when they act, how far it hangs on thresholds, what they push, what follows.

Accounts are dots: no pseudonym is printed, and none stands in the specification of a picture.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows
from harmattan.brief.standing_charts import laid_out

COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9")
"""One for each campaign, by size; Okabe-Ito."""
SHAPES = {"telegram": "diamond", "x": "triangle-up", "facebook": "circle", "instagram": "square", "other": "cross"}
FAINT = "#C4C9CD"
LABELS = 190
"""Width of the names to the left, in pixels."""


class InfluenceCharts(Charts):
    """Pictures of campaigns; `names` are their ids, the largest first, and say the colours."""

    @classmethod
    def like(cls, charts: Charts) -> InfluenceCharts:
        """The same reader and the same sources."""
        return cls(charts.speaker, charts.source)

    def linked(self, nodes: Rows, edges: Rows, names: Sequence[str], platforms: Mapping[str, str]) -> dict[str, Any]:
        """Accounts of campaigns, each campaign laid out by its links alone; shape platform, size membership.

        Each node has account, campaign, platform (a name of `platforms`) and membership (0 to 1); each edge account and
        other. Links from one campaign to another are grey.
        """
        at = _placed(nodes, edges, names)
        of = {node["account"]: node["campaign"] for node in nodes}
        drawn = [
            {"x": at[node["account"]][0], "y": at[node["account"]][1], "campaign": node["campaign"],
             "platform": platforms[node["platform"]], "membership": node["membership"]}
            for node in nodes
        ]  # fmt: skip
        lines = [
            {"x": at[edge["account"]][0], "y": at[edge["account"]][1],
             "x2": at[edge["other"]][0], "y2": at[edge["other"]][1],
             "campaign": of[edge["account"]] if of[edge["account"]] == of[edge["other"]] else ""}
            for edge in edges
        ]  # fmt: skip
        columns, rows = _grid(len(names))
        x = alt.X("x:Q", scale=alt.Scale(domain=[0, columns], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[0, rows], nice=False, reverse=True), axis=None)
        paint = alt.Scale(domain=[*names, ""], range=[*self._colours(names), GREY])
        colour = alt.Color("campaign:N", scale=paint, legend=None)
        shown = [name for name in platforms if any(node["platform"] == name for node in nodes)]
        shapes = alt.Scale(domain=[platforms[name] for name in shown], range=[SHAPES[name] for name in shown])
        legend = alt.Legend(title=None, orient="top", symbolFillColor=INK, symbolStrokeWidth=0, labelLimit=200)
        titles = [{"x": n % columns + 0.5, "y": n // columns + 0.06, "campaign": name} for n, name in enumerate(names)]
        ties = self._base(lines).mark_rule(opacity=0.3, strokeWidth=0.9)
        dots = self._base(drawn).mark_point(filled=True, opacity=1, stroke="white", strokeWidth=0.8)
        said = self._base(titles).mark_text(fontSize=12, fontWeight="bold")
        layers = alt.layer(
            ties.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=colour),
            dots.encode(
                x=x, y=y, color=colour, shape=alt.Shape("platform:N", scale=shapes, legend=legend),
                size=alt.Size("membership:Q", scale=alt.Scale(domain=[0, 1], range=[30, 170]), legend=None),
            ),
            said.encode(x=x, y=y, text="campaign:N", color=colour),
        )  # fmt: skip
        side = min(WIDTH // columns, 300)
        return self._finish(layers.properties(width=side * columns, height=side * rows))

    def course(
        self, acts: Rows, names: Sequence[str], marks: Rows, deaths: Rows, days: tuple[str, str]
    ) -> dict[str, Any]:
        """Joint posts by campaign over time, a panel each, below numbered milestones and above the deaths by month.

        Each act has campaign, first, after (the day after its last) and posts; each mark day and mark; each of the
        deaths first, after, deaths_best, deaths_low and deaths_high; `days` are the first and the last shown.
        """
        colours = dict(zip(names, self._colours(names), strict=True))
        panels = []
        for n, name in enumerate(names):
            own = self._base([row for row in acts if row["campaign"] == name])
            bars = own.mark_bar(color=colours[name], stroke="white", strokeWidth=0.3, clip=True).encode(
                x=self._when(days, "first", labels=not deaths and n == len(names) - 1),
                x2="after:T",
                y=_upwards("posts"),
                y2=alt.datum(0),
            )
            rules = self._rules(marks, days, numbered=n == 0)
            panels.append(self._panel([bars, *rules], name, colours[name], 64))
        if deaths:
            below = self._base(deaths).encode(x=self._when(days, "first", labels=True))
            middle = self._base([dict(row) | {"middle": _middle(row)} for row in deaths])
            layers = [
                below.mark_bar(color=FAINT, stroke="white", strokeWidth=0.3, clip=True).encode(
                    x2="after:T", y=_upwards("deaths_best"), y2=alt.datum(0)
                ),
                middle.mark_rule(color=INK, opacity=0.5, clip=True).encode(
                    x=self._when(days, "middle", labels=True), y="deaths_low:Q", y2="deaths_high:Q"
                ),
                *self._rules(marks, days, numbered=not names),
            ]
            panels.append(self._panel(layers, self.say("deaths in the month"), INK, 70))
        return self._finish(alt.vconcat(*panels, spacing=8))

    def _panel(self, layers: Sequence[Any], words: str, colour: str, height: int) -> Any:
        title = alt.TitleParams(words, anchor="start", fontSize=12, color=colour, frame="group", offset=4)
        return alt.layer(*layers).properties(width=WIDTH - 60, height=height, title=title)

    def _rules(self, marks: Rows, days: tuple[str, str], *, numbered: bool) -> list[Any]:
        """Milestones as dashed lines through a panel, with their numbers above the uppermost."""
        inside = [dict(mark) for mark in marks if days[0] <= mark["day"] <= days[1]]
        if not inside:
            return []
        if numbered:
            return self._marks_within(inside, days)
        return [
            self._base(inside).mark_rule(color=INK, opacity=0.35, strokeDash=[2, 2]).encode(x=self._when(days, "day"))
        ]

    def _marks_within(self, marks: Rows, days: tuple[str, str]) -> list[Any]:
        near = max(1, _days_between(*days) // 30)
        ends, placed = [""] * 4, []
        for mark in sorted(marks, key=lambda mark: str(mark["day"])):
            free = next((n for n, end in enumerate(ends) if not end or _days_between(end, mark["day"]) >= near), 3)
            ends[free] = mark["day"]
            placed.append(dict(mark) | {"at": -8 - 11 * free})
        base = self._base(placed).encode(x=self._when(days, "day"))
        return [
            base.mark_rule(color=INK, opacity=0.35, strokeDash=[2, 2]),
            base.mark_text(fontSize=10, color=INK, fontWeight="bold", clip=False).encode(
                y=alt.Y("at:Q", scale=None), text="mark:N"
            ),
        ]

    def sensitivity(self, rows: Rows, chosen: tuple[float, float]) -> dict[str, Any]:
        """How many accounts stand in how many groups, by window (along) and level of false discoveries (a line each).

        Each row has seconds, level, accounts and groups; `chosen` are the window and level of the other pictures.
        """
        order = [f"{value:g}" for value in sorted({row["seconds"] for row in rows})]
        names = [f"{100 * level:g} %" for level in sorted({row["level"] for row in rows}, reverse=True)]
        said = [{"window": f"{row['seconds']:g}", "level": f"{100 * row['level']:g} %", "accounts": row["accounts"],
                 "groups": row["groups"], "ours": (row["seconds"], row["level"]) == chosen}
                for row in rows]  # fmt: skip
        x = alt.X("window:N", sort=order, title=self.say("window, seconds"), axis=alt.Axis(labelAngle=0))
        legend = alt.Legend(title=self.say("false links put up with:"), titleOrient="left", orient="top",
                            symbolType="stroke", symbolStrokeWidth=3, titleLimit=300)  # fmt: skip
        scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        colour = alt.Color("level:N", sort=names, scale=scale, legend=legend)
        dashes = alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]][: len(names)])
        dash = alt.StrokeDash("level:N", sort=names, legend=None, scale=dashes)
        drawn = []
        for column, words in (("accounts", self.say("accounts in groups")), ("groups", self.say("groups"))):
            y = alt.Y(f"{column}:Q", title=None, scale=alt.Scale(domainMin=0, nice=True),
                      axis=alt.Axis(tickCount=5, format=",d", tickMinStep=1))  # fmt: skip
            base = self._base(said).encode(x=x, y=y)
            ring = base.transform_filter("datum.ours").mark_point(size=170, filled=False, strokeWidth=1.8, color=INK)
            title = alt.TitleParams(words, anchor="start", fontSize=12.5, color=INK)
            drawn.append(
                alt.layer(
                    base.mark_line(strokeWidth=1.8).encode(color=colour, strokeDash=dash),
                    base.mark_point(filled=True, size=34, opacity=1).encode(color=colour),
                    ring,
                ).properties(width=(WIDTH - 110) // 2, height=150, title=title)
            )
        return self._finish(alt.hconcat(*drawn, spacing=26))

    def stances(self, rows: Rows, names: Sequence[str]) -> dict[str, Any]:
        """The share of posts with each stance, in the group and among the others, with intervals; a panel a campaign.

        Each row has campaign, stance (in words), who ("in" or "out"), share, low and high, in percent.
        """
        words = {"in": self.say("posts of the campaign"), "out": self.say("posts of all others")}
        scale = alt.Scale(domain=list(words.values()), range=[ORANGE, "#6B7176"])
        order = list(dict.fromkeys(row["stance"] for row in rows))
        shapes = alt.Scale(domain=list(words.values()), range=["circle", "diamond"])
        legend = alt.Legend(title=None, orient="top", labelLimit=300, symbolStrokeWidth=0)
        width = (WIDTH - LABELS - 24 * (len(names) - 1)) // max(len(names), 1)
        panels = []
        for n, name in enumerate(names):
            own = [dict(row) | {"who": words[row["who"]]} for row in rows if row["campaign"] == name]
            base = self._base(own).encode(
                y=alt.Y("stance:N", sort=order, title=None,
                        axis=alt.Axis(labels=n == 0, labelLimit=LABELS, labelPadding=10, ticks=False, domain=False)),
                yOffset=alt.YOffset("who:N", sort=list(words.values()), scale=alt.Scale(paddingOuter=0.5)),
                color=alt.Color("who:N", scale=scale, sort=list(words.values()), legend=legend),
            )  # fmt: skip
            x = alt.X("share:Q", title=self.say("% of posts with a text"), scale=alt.Scale(domainMin=0, nice=True),
                      axis=alt.Axis(tickCount=4, grid=True))  # fmt: skip
            title = alt.TitleParams(name, anchor="start", fontSize=12.5, color=INK, frame="group")
            faint = alt.condition("datum.share == 0", alt.value(0.3), alt.value(0.8))
            panels.append(
                alt.layer(
                    base.mark_rule(strokeWidth=1.7).encode(x="low:Q", x2="high:Q", opacity=faint),
                    base.mark_point(filled=True, size=40, opacity=1).encode(
                        x=x, shape=alt.Shape("who:N", scale=shapes, sort=list(words.values()), legend=legend)
                    ),
                ).properties(width=width, height=alt.Step(8), title=title)
            )
        return self._finish(alt.hconcat(*panels, spacing=24).resolve_scale(color="shared", shape="shared"))

    def study(self, panels: Rows) -> dict[str, Any]:
        """Posts around events: by day relative to the event with the band of chance; `panels` have title and rows.

        Rows have offset (days), found, low and high: posts as times the usual, and between what chance leaves them.
        """
        drawn: list[Any] = []
        columns = min(2, len(panels))
        width = (WIDTH - 60 * columns) // columns
        for panel in panels:
            rows = panel["rows"]
            signed = "datum.value == 0 ? '0' : format(datum.value, '+d')"
            x = alt.X("offset:Q", title=self.say("days after the event"),
                      scale=alt.Scale(nice=False),
                      axis=alt.Axis(labelExpr=signed, grid=False, tickCount=7))  # fmt: skip
            base = self._base(rows).encode(x=x)
            event = self._base([{"offset": -0.5}]).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="offset:Q")
            usual = self._base([{"found": 1}]).mark_rule(color=GREY, strokeWidth=0.8).encode(y="found:Q")
            y = alt.Y("found:Q", title=self.say("times the usual") if not drawn else None,
                      scale=alt.Scale(type="log", base=2), axis=alt.Axis(tickCount=5, format="~g"))  # fmt: skip
            title = alt.TitleParams(panel["title"], anchor="start", fontSize=12.5, color=INK, limit=width + 30)
            drawn.append(
                alt.layer(
                    base.mark_area(color=GREY, opacity=0.25).encode(y="low:Q", y2="high:Q"),
                    usual,
                    event,
                    base.mark_line(color=ORANGE, strokeWidth=1.8).encode(y=y),
                    base.mark_point(color=ORANGE, filled=True, size=18, opacity=1).encode(y=y),
                ).properties(width=width, height=140, title=title)
            )
        return self._finish(alt.concat(*drawn, columns=columns, spacing={"row": 18, "column": 30}))

    def _colours(self, names: Sequence[str]) -> list[str]:
        return [COLOURS[n] if n < len(COLOURS) else GREY for n in range(len(names))]

    def _when(self, days: tuple[str, str], column: str = "day", *, labels: bool = False) -> alt.X:
        scale = alt.Scale(type="utc", domain=list(days), nice=False)
        n = _days_between(*days)
        format_, ticks = ("%Y", "year") if n > 1100 else ("%b %Y", "month") if n > 150 else ("%d %b %Y", "week")
        axis = alt.Axis(format=format_, tickCount=ticks, labelOverlap=True, labels=labels, ticks=labels)
        return alt.X(f"{column}:T", title=None, scale=scale, axis=axis)


def _upwards(column: str) -> alt.Y:
    return alt.Y(f"{column}:Q", title=None, axis=alt.Axis(tickCount=3, tickMinStep=1, format=",d", minExtent=34))


def _grid(n: int) -> tuple[int, int]:
    """Columns and rows for so many campaigns.

    >>> _grid(1), _grid(4), _grid(6)
    ((1, 1), (2, 2), (3, 2))
    """
    columns = {1: 1, 2: 2, 4: 2}.get(n, 3)
    return columns, max(1, -(-n // columns))


def _placed(nodes: Rows, edges: Rows, names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """A place for each account: each campaign in a field of its own, as large as the number of its accounts says."""
    columns, _ = _grid(len(names))
    members = {name: [node["account"] for node in nodes if node["campaign"] == name] for name in names}
    most = max((len(own) for own in members.values()), default=1)
    at: dict[str, tuple[float, float]] = {}
    for n, name in enumerate(names):
        own = set(members[name])
        inside = [(e["account"], e["other"]) for e in edges if e["account"] in own and e["other"] in own]
        field = laid_out(inside)
        reach = 0.38 * max(0.5, (len(own) / most) ** 0.5)
        for account in sorted(own):
            x, y = field.get(account, (0.0, 0.0))
            at[account] = (n % columns + 0.5 + reach * x, n // columns + 0.56 + reach * y)
    return at


def _middle(row: Mapping[str, Any]) -> str:
    first = dt.date.fromisoformat(row["first"])
    return (first + dt.timedelta(days=_days_between(row["first"], row["after"]) // 2)).isoformat()


def _days_between(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days

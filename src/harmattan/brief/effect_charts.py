"""What an event did: observed beside expected, the cloud of placebos, and an event study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREY, INK, ORANGE, WIDTH, Charts, Rows
from harmattan.text import T

FAINT = "#C4C9CD"
FRAME = 1.25
"""How far the frame of placebos reaches, of the treated unit's largest difference; lines beyond it are cut."""


class EffectCharts(Charts):
    """Pictures of designs."""

    def effects(self, beside: Mapping[str, Any] | None, panels: Rows) -> dict[str, Any]:
        """One treated unit beside what is expected of it, above event studies; either may be missing.

        `beside` has months, placebos, start, treated (its name) and measure (in words).
        """
        drawn = []
        if beside is not None:
            words = (
                self.speaker.say(T("{unit}", unit=beside["treated"])),
                self.say("what a weighted mean of other countries lets expect"),
                self.say("{measure} a month", measure=beside["measure"]),
            )
            drawn.append(self._beside(beside["months"], beside["placebos"], beside["start"], words))
        if panels:
            drawn.append(self._study(panels))
        return self._finish(alt.vconcat(*drawn, spacing=26).resolve_scale(color="independent"))

    def _beside(self, months: Rows, placebos: Rows, start: str, words: tuple[str, str, str]) -> Any:
        """Above, what was observed and what was expected; below, their difference in front of the placebos'.

        `months` have day, observed, expected and effect; `placebos` have name, day and gap; `start` is the first day
        of the event; `words` say whose the observed and the expected are, and what is counted.
        """
        days = [months[0]["day"], months[-1]["day"]]
        scale = alt.Scale(domain=list(words[:2]), range=[INK, BLUE])
        legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, labelLimit=420)
        lines = []
        for name, dash, at in (("observed", [1, 0], 0), ("expected", [5, 3], 1)):
            rows = [{"day": row["day"], "value": row[name], "who": words[at]} for row in months]
            lines.append(
                self._base(rows).mark_line(strokeWidth=1.8, strokeDash=dash).encode(
                    x=self._days(days), y=alt.Y("value:Q", title=words[2], axis=alt.Axis(tickCount=4, format=",d")),
                    color=alt.Color("who:N", scale=scale, legend=legend),
                )
            )  # fmt: skip
        top = alt.layer(*lines, self._start(start, days)).properties(width=WIDTH - 40, height=150)
        both = alt.vconcat(top, self._cloud(months, placebos, start, days), spacing=16)
        return both.resolve_scale(color="independent").resolve_legend(color="independent")

    def _cloud(self, months: Rows, placebos: Rows, start: str, days: list[str]) -> Any:
        names = [self.say("the treated country"), self.say("the same for each donor, where nothing happened")]
        scale = alt.Scale(domain=names, range=[ORANGE, FAINT])
        legend = alt.Legend(title=self.say("observed less expected:"), orient="top", titleOrient="left",
                            symbolType="stroke", symbolStrokeWidth=3, labelLimit=420, titleLimit=300)  # fmt: skip
        most = FRAME * max((abs(row["effect"]) for row in months), default=1.0)
        scale_y = alt.Scale(domain=[-most, most], nice=True)
        y = alt.Y("gap:Q", title=None, axis=alt.Axis(tickCount=5, format=",d"), scale=scale_y)
        cloud = self._base([dict(row) | {"who": names[1]} for row in placebos]).mark_line(
            strokeWidth=0.9, opacity=0.75, clip=True
        )
        own = self._base([{"day": row["day"], "gap": row["effect"], "who": names[0]} for row in months])
        colour = alt.Color("who:N", scale=scale, legend=legend)
        zero = self._base([{"gap": 0}]).mark_rule(color=GREY, strokeWidth=0.8).encode(y="gap:Q")
        return alt.layer(
            cloud.encode(x=self._days(days), y=y, detail="name:N", color=colour),
            zero,
            own.mark_line(strokeWidth=2.2).encode(x=self._days(days), y=y, color=colour),
            self._start(start, days),
        ).properties(width=WIDTH - 40, height=150)

    def _study(self, panels: Rows) -> Any:
        """The effect by month relative to the event with its interval; `panels` have title and rows.

        Rows have month, effect, low and high (which may be None); months before the event should lie around zero.
        """
        drawn = []
        columns = min(2, len(panels))
        width = (WIDTH - 60 * columns) // columns
        for panel in panels:
            rows = [dict(row) | {"after": row["month"] >= 0} for row in panel["rows"]]
            first, last = min(row["month"] for row in rows), max(row["month"] for row in rows)
            scale = alt.Scale(domain=[first - 0.6, last + 0.6], nice=False)
            signed = "datum.value == 0 ? '0' : format(datum.value, '+d')"
            ticks = [n for n in range(first, last + 1) if n % 6 == 0]
            x = alt.X("month:Q", scale=scale, title=self.say("months after it began"),
                      axis=alt.Axis(values=ticks, labelExpr=signed, grid=False))  # fmt: skip
            base = self._base(rows).encode(
                x=x,
                color=alt.Color("after:N", scale=alt.Scale(domain=[False, True], range=[BLUE, ORANGE]), legend=None),
            )
            known = base.transform_filter("datum.low != null && datum.high != null")
            y = alt.Y("effect:Q", title=None, axis=alt.Axis(tickCount=5))
            zero = self._base([{"effect": 0}]).mark_rule(color=GREY, strokeWidth=0.8).encode(y="effect:Q")
            event = self._base([{"month": -0.5}]).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x="month:Q")
            layers = alt.layer(
                zero, event, known.mark_rule(strokeWidth=1.4, opacity=0.55).encode(y="low:Q", y2="high:Q"),
                base.mark_point(filled=True, size=26, opacity=1).encode(y=y),
            )  # fmt: skip
            title = alt.TitleParams(panel["title"], anchor="start", fontSize=12.5, color=INK, limit=width + 30)
            drawn.append(layers.properties(width=width, height=150, title=title))
        return alt.concat(*drawn, columns=columns, spacing={"row": 18, "column": 30})

    def _days(self, days: list[str]) -> alt.X:
        scale = alt.Scale(type="utc", domain=days, nice=False)
        return alt.X("day:T", title=None, scale=scale, axis=alt.Axis(format="%Y", tickCount="year"))

    def _start(self, start: str, days: list[str]) -> Any:
        return (
            self._base([{"day": start}])
            .mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1)
            .encode(x=self._days(days))
        )

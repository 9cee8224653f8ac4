"""The pictures of a backtest: ratios by window, gains and losses, where the truth fell, what chances meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from harmattan.backtest.summary import PIT_BINS, Record, Summary, Window
from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts
from harmattan.text import CountryName, Value, Verbatim

COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#6A3D9A")
"""Of the models in order; the benchmark is grey."""
MOST_MODELS = 6
"""Models with a panel of their own; the table has all."""
TICKS = (0.25, 0.35, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4)
WORST, BEST = 4.0, 0.25
"""Ratios beyond these are drawn at the edge, so that one bad model does not flatten the others."""


class BacktestCharts(Charts):
    """Draws how models did on past months."""

    def ratios(self, summary: Summary) -> dict[str, Any]:
        """The ratio of each window to the benchmark, a line for each model; above 1 it lost."""
        rivals = rivals_of(summary)
        rows = [
            {"model": record.model, "window": name_of(window), "place": at, "ratio": _kept(window.ratio.value),
             "low": _kept(window.ratio.low), "high": _kept(window.ratio.high)}
            for record in rivals
            for at, window in enumerate(record.windows)
            if window.n and not math.isnan(window.ratio.value)
        ]  # fmt: skip
        across = alt.X(
            "window:O", sort=alt.SortField("place"), title=None,
            axis=alt.Axis(labelAngle=0 if len(summary.origins) <= 14 else -60, labelOverlap=True),
        )  # fmt: skip
        y = alt.Y("ratio:Q", title=self.say("ratio of CRPS"), axis=alt.Axis(format="~g", values=list(TICKS)),
                  scale=alt.Scale(type="log", nice=False, padding=12))  # fmt: skip
        base = self._base(rows).encode(x=across, color=self._models(rivals, summary))
        ranges = base.mark_rule(strokeWidth=1.4, opacity=0.45).encode(y=alt.Y("low:Q"), y2="high:Q")
        even = self._base([{"ratio": 1}]).mark_rule(color=INK, strokeDash=[4, 3]).encode(y=y)
        layers = [even, *([ranges] if len(rivals) == 1 else [])]
        layers += [
            base.mark_line(strokeWidth=2).encode(y=y),
            base.mark_point(filled=True, size=52, opacity=1).encode(y=y),
        ]
        return self._finish(alt.layer(*layers).properties(width=WIDTH, height=240))

    def gains(self, summary: Summary) -> dict[str, Any]:
        """The units that change most, as a share of the benchmark's whole CRPS; a panel for each model."""
        panels, shown = [], rivals_of(summary)[:3]
        width, limit = (380, 190) if len(shown) == 1 else (165, 110) if len(shown) == 2 else (105, 84)
        for record in shown:
            rows = [
                {
                    "unit": self.speaker.say(unit_name(share.unit, summary)),
                    "change": 100 * share.change,
                    "place": at,
                    "better": share.change < 0,
                }
                for at, share in enumerate(record.units)
            ]
            bars = self._base(rows).mark_bar(height=12).encode(
                y=alt.Y("unit:N", sort=alt.SortField("place"), title=None,
                        axis=alt.Axis(ticks=False, domain=False, labelLimit=limit)),
                x=alt.X("change:Q", title=self.say("% of the benchmark's CRPS"),
                        axis=alt.Axis(tickCount=5, format="+~g")),
                color=alt.Color("better:N", legend=None, scale=alt.Scale(domain=[True, False], range=[BLUE, ORANGE])),
            )  # fmt: skip
            heading = alt.TitleParams(record.model, anchor="start", fontSize=12.5, color=INK)
            panels.append(bars.properties(width=width, height=alt.Step(17),
                                          title=heading))  # fmt: skip
        return self._finish(alt.hconcat(*panels, spacing=18))

    def truth(self, summary: Summary) -> dict[str, Any]:
        """How often what came fell into each tenth of the forecast: even where the forecast was calibrated."""
        panels: list[Any] = []
        columns, width = (2, 262) if len(drawn(summary)) in (1, 2, 4) else (3, 160)
        even = self._base([{"share": 100 / PIT_BINS}]).mark_rule(color=INK, strokeDash=[4, 3])
        for record in drawn(summary):
            rows = [
                {"from": at / PIT_BINS, "to": (at + 1) / PIT_BINS - 0.008, "share": 100 * share, "zero": 0}
                for at, share in enumerate(record.pit)
            ]
            y = alt.Y("share:Q", title=self.say("% of months") if not len(panels) % columns else None,
                      axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True))  # fmt: skip
            bars = self._base(rows).mark_bar(color=_colour(record, summary)).encode(
                x=alt.X("from:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(values=[0, 0.5, 1])),
                x2="to:Q", y=y, y2="zero:Q",
            )  # fmt: skip
            heading = alt.TitleParams(record.model, anchor="start", fontSize=12.5, color=INK)
            panels.append(alt.layer(bars, even.encode(y=y)).properties(width=width, height=110, title=heading))
        grid = alt.concat(*panels, columns=columns, spacing={"row": 16, "column": 30}).resolve_scale(y="shared")
        return self._finish(grid)

    def chances(self, summary: Summary) -> dict[str, Any]:
        """What a chance of more than so many deaths said, against how often there were more."""
        panels = []
        thresholds = list(summary.records[0].chances)
        diagonal = self._base([{"said": 0, "came": 0}, {"said": 1, "came": 1}])
        for at, deaths in enumerate(thresholds):
            rows = [
                {"model": record.model, "said": chance.said, "came": chance.came, "n": chance.n}
                for record in drawn(summary)
                for chance in record.chances[deaths]
            ]
            axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
            x = alt.X("said:Q", title=self.say("forecast"), scale=alt.Scale(domain=[0, 1]), axis=axis)
            y = alt.Y(
                "came:Q", title=None if at % 2 else self.say("came true"), scale=alt.Scale(domain=[0, 1]), axis=axis
            )
            base = self._base(rows).encode(x=x, y=y, color=self._models(drawn(summary), summary))
            size = alt.Size("n:Q", legend=None, scale=alt.Scale(type="log", range=[14, 130]))
            title = self.say("any deaths") if deaths == "0" else self.say("more than {n} deaths", n=int(deaths))
            panels.append(
                alt.layer(
                    diagonal.mark_line(color=INK, strokeDash=[4, 3], strokeWidth=1).encode(x=x, y=y),
                    base.mark_line(strokeWidth=1.4),
                    base.mark_point(filled=True, opacity=0.9).encode(size=size),
                ).properties(
                    width=240, height=170, title=alt.TitleParams(title, anchor="start", fontSize=12.5, color=INK)
                )
            )
        return self._finish(alt.concat(*panels, columns=2, spacing={"row": 18, "column": 34}))

    def _models(self, shown: Sequence[Record], summary: Summary) -> Any:
        names = [record.model for record in shown]
        colours = [_colour(record, summary) for record in shown]
        legend = None if len(shown) == 1 else alt.Legend(title=None, orient="top", labelLimit=200, columns=4)
        return alt.Color("model:N", scale=alt.Scale(domain=names, range=colours), legend=legend)


def rivals_of(summary: Summary) -> list[Record]:
    """Every model but the benchmark."""
    return [record for record in summary.records if record.model != summary.benchmark]


def drawn(summary: Summary) -> list[Record]:
    """The models that have a panel of their own: the first of them, and the benchmark."""
    own = [record for record in summary.records if record.model == summary.benchmark]
    return [*rivals_of(summary)[: MOST_MODELS - 1], *own]


def unit_name(unit: str, summary: Summary) -> Value:
    """A country by its name, anything else as the panel calls it."""
    return CountryName(unit) if summary.level == "country" else Verbatim(unit)


def name_of(window: Window) -> str:
    """A window as 2012 where it is that year, else by its first month."""
    first, last = window.first, window.last
    return first[:4] if first[:4] == last[:4] and first[5:] == "01" and last[5:] == "12" else first


def _colour(record: Record, summary: Summary) -> str:
    if record.model == summary.benchmark:
        return GREY
    return COLOURS[rivals_of(summary).index(record) % len(COLOURS)]


def _kept(ratio: float) -> float:
    return min(max(ratio, BEST), WORST)

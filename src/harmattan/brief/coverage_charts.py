"""What is covered as a picture: time along, countries and data sets down; what is not known has a mark of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import altair as alt

from harmattan.brief.answer_words import GAP, HIDDEN
from harmattan.brief.answer_words import STATUSES as WORDS
from harmattan.brief.charts import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, Charts, Rows, source_line
from harmattan.brief.outline import Picture
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T
from harmattan.text.speaker import Speaker

COLOURS = {"final": BLUE, "rolling": GREEN, "candidate": "#E69F00", "figures": "#56B4E9", "curated": "#CC79A7",
           "sample": "#999999", HIDDEN: ORANGE, GAP: GREY}  # fmt: skip
LETTER = 0.0125
"""The share of the whole time that a letter of a release's name takes up where it is written on its bar."""
SHORT = 0.006
"""The share of the whole time below which a bar would hardly be seen: it gets a tick."""
BESIDE = "beside"
"""The panel of the data sets that hold no events."""
CAPTION = T(
    "A bar: the days for which a release speaks about a country, or a data set about anything. A dashed line: not "
    "covered; nothing is known here, and it is not zero. A dashed frame: the publisher has it and the licence hides it."
)


def covered(coverage: Answer, sources: Answer, speaker: Speaker) -> Picture | None:
    """The answers to `coverage` and `sources` as one picture; None where nothing speaks about any day."""
    events = [_span(row, row["source"], speaker.say(CountryName(row["country"]))) for row in coverage.rows]
    others = [
        _span(row, BESIDE, row["dataset"])
        for row in sources.rows
        if row["release"] and row["start"] and row["holds"] != "events"
    ]
    spans = [span for span in (*events, *others) if span["start"] and span["end"]]
    if not any(span["release"] for span in spans):
        return None
    refs = {ref.name: ref for ref in (*coverage.releases, *sources.releases)}
    named = [refs[name] for name in sorted({span["release"] for span in spans if span["release"] in refs})]
    charts = CoverageCharts(speaker, speaker.say(source_line(named)))
    return Picture(charts.spans(spans), CAPTION)


def _span(row: Any, panel: str, label: str) -> dict[str, Any]:
    kept = ("start", "end", "release", "status")
    return {"panel": panel, "label": label} | {name: row[name] for name in kept}


class CoverageCharts(Charts):
    """Draws spans of time by what is known in them."""

    def spans(self, rows: Rows) -> dict[str, Any]:
        """A panel for each family of events and one for the other data sets."""
        of_events = [row for row in rows if row["panel"] != BESIDE] or list(rows)
        first, last = min(row["start"] for row in of_events), max(row["end"] for row in rows)
        there = [name for name in WORDS if any(row["status"] == name for row in rows)]
        words = {name: self.speaker.say(WORDS[name]) for name in there}
        scale = alt.Scale(domain=list(words.values()), range=[COLOURS[name] for name in there])
        legend = alt.Legend(title=None, orient="top", labelLimit=WIDTH, symbolType="square", columns=2)
        colour = alt.Color("word:N", scale=scale, legend=legend, sort=None)
        days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days or 1
        drawn = [
            dict(row)
            | {
                "word": words[row["status"]],
                "start": start,
                "long": _long(row, start, days),
                "short": _own(row, start) < SHORT * days,
            }
            for row in rows
            if (start := max(row["start"], first)) <= row["end"]
        ]
        panels = [
            self._panel([row for row in drawn if row["panel"] == name], name, (first, last), colour)
            for name in dict.fromkeys(row["panel"] for row in drawn)
        ]
        return self._finish(alt.vconcat(*panels, spacing=12))

    def _panel(self, rows: Sequence[dict[str, Any]], title: str, ends: tuple[str, str], colour: Any) -> Any:
        y = alt.Y(
            "label:N",
            sort=list(dict.fromkeys(row["label"] for row in rows)),
            title=None,
            axis=alt.Axis(labelLimit=170, ticks=False, domain=False),
        )
        placed = {"x": self._over(*ends), "x2": "end:T", "y": y}

        def of(*statuses: str) -> Any:
            return self._base([row for row in rows if row["status"] in statuses]).encode(**placed, color=colour)

        known = [name for name in WORDS if name not in (HIDDEN, GAP)]
        names = self._base([row for row in rows if row["release"] and row["status"] in known and row["long"]])
        layers = alt.layer(
            of(GAP).mark_rule(strokeDash=[2, 4], strokeWidth=2),
            of(*known).mark_bar(height=15, stroke="white", strokeWidth=1),
            self._base([row for row in rows if row["short"]])
            .encode(x=placed["x"], y=y, color=colour)
            .mark_tick(thickness=3, height=15),
            of(HIDDEN)
            .mark_bar(height=13, fillOpacity=0.08, strokeDash=[4, 3], strokeWidth=1.4)
            .encode(stroke=alt.Stroke("word:N", scale=colour.to_dict()["scale"], legend=None)),
            names.mark_text(align="left", dx=5, fontSize=10, color=INK, fontWeight="bold").encode(
                x=placed["x"], y=y, text="release:N", color=alt.condition(_dark(), alt.value("white"), alt.value(INK))
            ),
        )
        words = self.say("data sets beside events") if title == BESIDE else title
        heading = alt.TitleParams(words, anchor="start", fontSize=12.5, color=INK)
        return layers.properties(width=WIDTH - 120, height=alt.Step(22), title=heading)

    def _over(self, first: str, last: str) -> alt.X:
        scale = alt.Scale(type="utc", domain=[first, last], nice=False, padding=0)
        return alt.X("start:T", scale=scale, title=None, axis=alt.Axis(format="%Y", tickCount=8))


def _dark() -> str:
    """Whether a bar is so dark that white stands out on it better."""
    return "datum.status == 'final' || datum.status == 'rolling'"


def _own(row: Any, start: str) -> int:
    return (dt.date.fromisoformat(row["end"]) - dt.date.fromisoformat(start)).days


def _long(row: Any, start: str, days: int) -> bool:
    """Whether the name of its release has room on a bar."""
    return _own(row, start) >= LETTER * days * (len(row["release"] or "") + 2)

"""The section on alerts: what rings as of the date, and how far one could have relied on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from harmattan.brief.charts import BLUE, GREY, INK, ORANGE, WIDTH
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.brief.standing_charts import StandingCharts
from harmattan.questions.alert_words import LEVEL_WORDS
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, msg

MOST_SAID = 8
OUTCOMES = ("yes", "no", "open")


def alerts(desk: Desk) -> Section:
    """The alerts as of the date, the track record of their rules, and the series with the days they rang."""
    title, case = T("Alerts"), desk.case
    countries = case.watched
    now = desk.ask("alerts", country=countries, rule=case.rules())
    if not now.releases:
        return Section("alerts", title, (now.headline,))
    past = desk.ask("alert-history", country=countries, rule=case.rules(), since=case.since)
    rules = [n for n, row in enumerate(past.rows) if row["of"] == "rule"]
    lead = [now.headline, *(_said(row) for row in now.rows[:MOST_SAID]), *_record(past, rules, case.since)]
    notes = [T(CAME_TRUE, months=past.params["lag"][0], shown=past.params["at_least"])] if rules else []
    if len(now.rows) > MOST_SAID:
        notes.insert(0, T("Of {n} alerts the {shown} gravest are listed.", n=len(now.rows), shown=MOST_SAID))
    return Section("alerts", title, tuple(lead), picture=_picture(desk, past, countries),
                   table=_table(past, rules) if rules else None, notes=tuple(notes))  # fmt: skip


def rings(desk: Desk) -> Section:
    """What rings as of the date, without the track record, which takes longer."""
    now = desk.ask("alerts", country=desk.case.watched, rule=desk.case.rules())
    rows = tuple(
        (LEVEL_WORDS[row["level"]], row["sentence"], Verbatim(row["rule"]), dt.date.fromisoformat(row["since"]))
        for row in now.rows
    )
    header = (T("level"), T("what rings"), T("rule"), T("since"))
    table = TableView(header, rows[:MOST_SAID], (False,) * 4) if rows else None
    notes = (T("Of {n} alerts the {shown} gravest are listed.", n=len(rows), shown=MOST_SAID),)
    return Section("alerts-now", T("Alerts"), (now.headline,), table=table,
                   notes=notes if len(rows) > MOST_SAID else ())  # fmt: skip


CAME_TRUE = msg(
    "An alert came true where one of the {months} months after it had more deaths in that place than any of the 12 "
    "months before that month, and at least {shown}; a quiet alert where none of them had an event. The base rate is "
    "how often that followed any day looked at: a rule that does no better has no skill."
)


def _said(row: Mapping[str, Any]) -> Text:
    return T("{level}: {sentence}", level=LEVEL_WORDS[row["level"]], sentence=row["sentence"])


def _record(past: Answer, rules: Sequence[int], since: dt.date) -> list[Text]:
    """The track record of the first rule that rang, in one line; those of the others stand in the table."""
    for n in rules:
        if past.rows[n]["alerts"]:
            return [
                T(
                    "Track record of the rule {rule} since {since}: {right} of {alerts} came true ({precision} %; base "
                    "rate {base} %).",
                    rule=Verbatim(past.rows[n]["rule"]),
                    since=since,
                    right=past.number(n, "right"),
                    alerts=counted(past.number(n, "alerts"), "{n} alert", "{n} alerts"),
                    precision=past.number(n, "precision"),
                    base=past.number(n, "base_rate"),
                )
            ]
    return []


def _table(past: Answer, rules: Sequence[int]) -> TableView:
    rows: list[tuple[Value, ...]] = []
    for n in rules:
        rows.append(
            (
                Verbatim(past.rows[n]["rule"]),
                past.number(n, "alerts"),
                past.number(n, "precision"),
                _interval(past, n, "precision"),
                past.number(n, "base_rate"),
                past.number(n, "came"),
                past.number(n, "recall"),
                _interval(past, n, "recall"),
            )
        )
    header = (T("rule"), T("alerts scored"), T("% came true"), T("95 % interval"), T("base rate, %"),
              T("what came"), T("% announced"), T("95 % interval"))  # fmt: skip
    return TableView(header, tuple(rows), (False, *(True,) * 7))


def _interval(past: Answer, n: int, name: str) -> Value:
    if past.rows[n][f"{name}_low"] is None:
        return Verbatim("–")
    return T("{low} to {high}", low=past.number(n, f"{name}_low"), high=past.number(n, f"{name}_high"))


def _picture(desk: Desk, past: Answer, countries: tuple[str, ...]) -> Picture | None:
    """Deaths by month, a panel for each country, with the days on which each rule rang below it."""
    rang = [row for row in past.rows if row["of"] == "alert"]
    if not rang:
        return None
    months = desk.ask("casualties", country=countries, by=("month", "country"), start=desk.case.since)
    rules = list(dict.fromkeys(row["rule"] for row in past.rows))
    shown = [code for code in countries if any(row["country"] == code for row in rang)]
    words = {outcome: desk.speaker.say(OUTCOME_WORDS[outcome]) for outcome in OUTCOMES}
    panels = [
        (
            desk.speaker.say(CountryName(code)),
            [
                {"month": f"{row['period']}-01", "deaths": row["deaths_best"]}
                for row in months.rows
                if row["country"] == code and row["covered"] != "no"
            ],
            [
                {"day": row["day"], "rule": row["rule"], "came": words[row["came_true"]]}
                for row in rang
                if row["country"] == code
            ],
        )
        for code in shown
    ]
    drawn = rung(desk.charts(past, months), panels, rules, list(words.values()))
    return Picture(drawn, CAPTION)


OUTCOME_WORDS = {"yes": T("came true"), "no": T("did not"), "open": T("still open")}
CAPTION = T(
    "Deaths by month, best estimate, each country on its own scale; below, the ends of months as of which each rule "
    "rang, and what became of it."
)

EXTENT = 76
"""The width of what stands to the left of every panel, so that they stand below each other."""
Panel = tuple[str, list[dict[str, Any]], list[dict[str, Any]]]


def rung(charts: StandingCharts, panels: Sequence[Panel], rules: list[str], outcomes: list[str]) -> dict[str, Any]:
    """Small multiples: bars by month above a strip with a row for each rule and a mark for each alert."""
    days = [row["month"] for _name, months, _rang in panels for row in months]
    first, last = min(days), max([*days, *(row["day"] for _name, _months, rang in panels for row in rang)])
    colour = alt.Color(
        "came:N",
        scale=alt.Scale(domain=outcomes, range=[BLUE, ORANGE, GREY]),
        legend=alt.Legend(title=None, orient="top", symbolStrokeWidth=0),
    )
    shape = alt.Shape("came:N", scale=alt.Scale(domain=outcomes, range=["circle", "cross", "diamond"]))
    scale = alt.Scale(type="utc", domain=[first, last], nice=False, padding=0)
    drawn = []
    for at, (name, months, rang) in enumerate(panels):
        bare = alt.X("month:T", scale=scale, title=None, axis=alt.Axis(labels=False, ticks=False, tickCount="year"))
        bars = charts._base(months).mark_bar(color=INK, opacity=0.55, width=3).encode(
            x=bare, y=alt.Y("deaths:Q", title=None, axis=alt.Axis(tickCount=3, format=",d", minExtent=EXTENT))
        )  # fmt: skip
        labels = at == len(panels) - 1
        axis = alt.Axis(format="%Y", tickCount="year", grid=True, labels=labels, ticks=labels)
        strip = charts._base(rang).mark_point(size=42, filled=True, opacity=1).encode(
            x=alt.X("day:T", scale=scale, title=None, axis=axis),
            y=alt.Y("rule:N", scale=alt.Scale(domain=rules), title=None,
                    axis=alt.Axis(ticks=False, domain=False, grid=True, labelLimit=EXTENT, minExtent=EXTENT)),
            color=colour,
            shape=shape,
        )  # fmt: skip
        head = alt.TitleParams(name, anchor="start", fontSize=12.5, color=INK)
        size = {"width": WIDTH - EXTENT}
        drawn.append(alt.vconcat(bars.properties(height=70, title=head, **size),
                                 strip.properties(height=alt.Step(13), **size), spacing=3))  # fmt: skip
    return charts._finish(alt.vconcat(*drawn, spacing=12).resolve_scale(color="shared", shape="shared"))

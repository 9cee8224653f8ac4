"""The section on groups that compete: the deadliest pair of them, the shares of activity, the contested ground."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, ranged
from harmattan.brief.rivalry_charts import RivalryCharts
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, msg

HALF_YEAR, MOST_PAIRS, MOST_GROUPS = 6, 6, 6


def competition(desk: Desk) -> Section:
    """The pair of groups with most deaths between them since the case began, who holds which share, and where."""
    title, span = T("Groups against each other"), desk.last_window()
    if span is None:
        return Section("competition", title, (T("Not covered."),))
    case: dict[str, Any] = {"country": desk.case.countries, "start": desk.case.since, "end": span["end"]}
    pairs = desk.ask("competition", by=("dyad",), **case)
    ground = desk.ask("competition", by=("cell",), **(case | span))
    if not pairs.rows:
        return Section("competition", title, (pairs.headline, ground.headline))
    shares = desk.ask("competition", by=("window", "actor"), window=HALF_YEAR, **case)
    top = str(pairs.rows[0]["pair"])
    fought = desk.ask("competition", by=("window", "country", "dyad"), window=HALF_YEAR, dyad=(top,), **case)
    lead = [_deadliest(pairs), *_worst(fought), ground.headline]
    shown = range(min(len(pairs.rows), MOST_PAIRS))
    rows = tuple((Verbatim(str(pairs.rows[n]["pair"])), pairs.number(n, "events"), *ranged(pairs, n)) for n in shown)
    header = (T("pair of groups"), T("events"), T("deaths"), T("low"), T("high"))
    note = T("The {shown} pairs with most deaths between them since {since}, by the publisher's names.",
             shown=len(rows), since=desk.case.since)  # fmt: skip
    table = TableView(header, rows, (False, *(True,) * 4))
    picture = _picture(desk, pairs, fought, shares, ground)
    return Section("competition", title, tuple(lead), picture=picture, notes=(note,), table=table)


def _deadliest(pairs: Answer) -> Text:
    row = pairs.rows[0]
    return T(
        "Of {pairs} that fought each other, {pair} had most deaths between them: {deaths} in {events}.",
        pairs=counted(Number(len(pairs.rows), pairs.id), "{n} pair of groups", "{n} pairs of groups"),
        pair=Verbatim(str(row["pair"])),
        deaths=counted(pairs.number(0, "deaths_best"), "{n} death", "{n} deaths"),
        events=counted(pairs.number(0, "events"), "{n} event", "{n} events"),
    )


def _worst(fought: Answer) -> list[Text]:
    """Where and when that pair's fighting was deadliest, and where it was last."""
    deadly = [n for n, row in enumerate(fought.rows) if row["deaths_best"]]
    if not deadly:
        return []
    most = max(deadly, key=lambda n: (fought.rows[n]["deaths_best"], -n))
    first, last = str(fought.rows[most]["period"]).split("/")
    return [
        T(
            "Their deadliest half-year was that from {start} to {end} in {country}, with {deaths}.",
            start=dt.date.fromisoformat(first),
            end=dt.date.fromisoformat(last),
            country=CountryName(fought.rows[most]["country"]),
            deaths=counted(fought.number(most, "deaths_best"), "{n} death", "{n} deaths"),
        )
    ]


def _picture(desk: Desk, pairs: Answer, fought: Answer, shares: Answer, ground: Answer) -> Picture | None:
    countries = desk.inquiry.cell_countries()
    seen = [row for row in fought.rows if row["events"]]
    placed = [row for row in ground.rows if row["cell"] is not None]
    if not (seen and shares.rows and placed and countries):
        return None
    first = min(str(row["period"]) for row in seen)
    windows = [row for row in fought.rows if row["period"] >= first and row["covered"] != "no"]
    of_country = [
        {name: row[name] for name in ("deaths_best", "deaths_low", "deaths_high")}
        | {"country": desk.speaker.say(CountryName(code)), "day": _ends(row)}
        for code in desk.case.countries
        for row in windows
        if row["country"] == code
    ]
    rivals = [str(pairs.rows[0][name]) for name in ("one", "other")]
    active = Counter[str]()
    for row in shares.rows:
        active[str(row["group"])] += row["events"] or 0
    most = [name for name, _n in active.most_common() if name not in rivals][: MOST_GROUPS - len(rivals)]
    held = [
        {"group": row["group"], "share": row["share"], "day": _ends(row)}
        for row in shares.rows
        if row["group"] in (*rivals, *most)
    ]
    base = desk.charts(pairs, fought, shares, ground)
    drawn = RivalryCharts(base.speaker, base.source).rivalry(
        of_country, held, [*rivals, *most], _classes(placed), (countries, desk.case.countries)
    )
    span = desk.last_window() or {}
    return Picture(drawn, T(CAPTION, pair=Verbatim(str(pairs.rows[0]["pair"])), **span))


def _classes(placed: list[Any]) -> dict[int, str]:
    """By cell, whether one group was active, several, or several that fought each other."""
    return {row["cell"]: "fought" if row["fights"] else "contested" if row["contested"] else "one" for row in placed}


def _ends(row: Any) -> str:
    """The last day of a row's window."""
    return str(row["period"]).partition("/")[2]


CAPTION = msg(
    "Above: deaths between the two sides of {pair} by half-year and country, best estimate, with the range from low to "
    "high. Middle: of all events that groups were sides of in the countries of the case, the share of the most active "
    "groups by half-year; what is missing to 100 % is others'. Below: cells of half a degree by how many groups were "
    "sides of events there, {start} to {end}."
)

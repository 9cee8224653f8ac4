"""The sections on displaced people beside violence, and on the network of actors with its centre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, or_dash
from harmattan.brief.tension_charts import TensionCharts
from harmattan.questions.answer import Answer
from harmattan.questions.holding import givers_of, how_to_get
from harmattan.questions.tension import TABLE
from harmattan.questions.words import ACTOR_KINDS
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, joined

GROUPS: Mapping[tuple[str, str], Text] = {
    ("idps", "in"): T("internally displaced in the country"),
    ("refugees", "from"): T("refugees from the country"),
}
"""The groups that are shown: who, and on which side of the border."""
LAGS = (0, 3, 6, 12)
MOST_ROWS, MOST_NODES = 12, 10
SAYS: Mapping[str | None, Text] = {
    "together": T("rise together"),
    "opposed": T("run against each other"),
    "unclear": T("unclear"),
    None: T("too few pairs to say"),
}


def displacement_violence(desk: Desk) -> Section:
    """Stocks of displaced people over time above the deaths by month, and how far changes and deaths go together."""
    focus = desk.case.focus
    title = T("Displaced people and violence in {country}", country=CountryName(focus))
    if not desk.inquiry.has(TABLE, desk.common):
        none = T("No counts of displaced people are in the lake, so nothing stands beside the violence here.")
        return Section("displacement-violence", title, (joined((none, how_to_get(givers_of(TABLE)))),))
    groups = tuple(dict.fromkeys(group for group, _ in GROUPS))
    found = desk.ask("displacement-violence", country=(focus,), population=groups, start=desk.case.since, lag=LAGS)
    told = [n for n, row in enumerate(found.rows) if row["row"] == "association" and _group(row) in GROUPS]
    if not told:
        return Section("displacement-violence", title, (found.headline,))
    by_month = desk.ask("casualties", country=(focus,), by=("month",), start=desk.case.since)
    picture = _picture(desk, found, by_month)
    shown = sorted(told, key=lambda n: (list(GROUPS).index(_group(found.rows[n])), n))[:MOST_ROWS]
    header = (T("who"), T("data set"), T("violence earlier by"), T("pairs"), T("rank correlation"), T("95 % interval"),
              T("deaths and change"))  # fmt: skip
    rows = tuple(_row(found, n) for n in shown)
    table = TableView(header, rows, (False, False, False, True, True, True, False))
    return Section("displacement-violence", title, (found.headline,), picture=picture, notes=(NOTE,), table=table)


NOTE = T(
    "Each pair is the change between two successive stocks, by month, and the deaths of the same days or of as many "
    "days some months earlier. An association is not a cause: people also flee before violence comes, counts change "
    "with access and registration, and pairs that follow one another are not independent."
)
CAPTION = T(
    "Above: stocks of displaced people, each point one count and each line one data set's series. Below: deaths by "
    "month in the country, best estimate, with the range from low to high. That the two move alike does not say that "
    "one causes the other."
)


def _group(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["population"], row["direction"]


def _row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    lag: Value = T("the same days") if not row["lag"] else counted(row["lag"], "{n} month", "{n} months")
    ends: Value = Verbatim("–")
    if row["interval_low"] is not None:
        ends = T("{low} to {high}", low=found.number(n, "interval_low", 2), high=found.number(n, "interval_high", 2))
    rho: Value = or_dash(found, n, "association", 2)
    return (GROUPS[_group(row)], Verbatim(row["dataset"]), lag, found.number(n, "n"), rho, ends, SAYS[row["says"]])


def _picture(desk: Desk, found: Answer, by_month: Answer) -> Picture | None:
    points = list(_points(desk, found))
    months = [dict(row) for row in by_month.rows if row["covered"] != "no"]
    if not points or not months:
        return None
    groups = [desk.speaker.say(words) for words in GROUPS.values()]
    shown = [group for group in groups if any(point["group"] == group for point in points)]
    days = (f"{months[0]['period']}-01", max(f"{months[-1]['period']}-28", *(point["day"] for point in points)))
    plain = desk.charts(found, by_month)
    drawn = TensionCharts(plain.speaker, plain.source).tension(points, months, shown, days)
    return Picture(drawn, CAPTION)


def _points(desk: Desk, found: Answer) -> Iterator[dict[str, Any]]:
    """Both stocks of each pair, each once."""
    seen = set()
    for row in found.rows:
        if row["row"] != "pair" or row["lag"] or _group(row) not in GROUPS:
            continue
        line = " ".join(str(row[name] or "") for name in ("dataset", "population", "other", "operation", "method"))
        for day, value in ((row["start"], row["before"]), (row["end"], row["stock"])):
            if (line, day) not in seen:
                seen.add((line, day))
                group = desk.speaker.say(GROUPS[_group(row)])
                yield {"group": group, "day": day, "value": value, "series": row["dataset"], "line": line}


def network(desk: Desk) -> Section:
    """The actors that most links meet in, as a table: relations of the day and fighting of the last window."""
    title, span = T("Who stands amid the links"), desk.last_window()
    if span is None:
        return Section("network", title, (T("Not covered."),))
    found = desk.ask("network", country=(desk.case.focus,), as_of=span["end"], window=desk.case.window_months)
    notes = [LINKS]
    if found.rows and found.rows[0]["part"] == "graph":
        notes.insert(
            0,
            T("Of all pairs of actors a share of {density} has a link; the largest part has {largest}.",
              density=found.number(0, "density", 3), largest=_actors(found.number(0, "largest"))),
        )  # fmt: skip
    return Section("network", title, (found.headline,), notes=tuple(notes), table=measured(found))


def measured(found: Answer) -> TableView | None:
    """The actors with most links and their measures; None where there is no actor."""
    nodes = [n for n, row in enumerate(found.rows) if row["part"] == "node"][:MOST_NODES]
    header = (T("actor"), T("kind"), T("links"), T("allies"), T("rivals"), T("foes in fighting"),
              T("events with foes"), T("share of ways through it"), T("part"))  # fmt: skip
    rows = tuple(
        (
            _name(found.rows[n]["name"]),
            ACTOR_KINDS.get(found.rows[n]["kind"], T("not in the dossier")),
            *(found.number(n, name) for name in ("degree", "allies", "rivals", "foes", "strength")),
            found.number(n, "betweenness", 2),
            found.number(n, "component"),
        )
        for n in nodes
    )
    return TableView(header, rows, (False, False, *(True,) * 7)) if rows else None


LINKS = T(
    "A link is a relation of the day or fighting in the window, friendly or not. The share of ways is betweenness: of "
    "the shortest ways between two other actors, those that lead through this one. It says who stands amid the links, "
    "not who is powerful. harmattan ask network --format gexf or graphml has the whole network."
)


def _name(name: Any) -> Value:
    return Verbatim(name) if isinstance(name, str) else name


def _actors(number: Number) -> Text:
    return counted(number, "{n} actor", "{n} actors")

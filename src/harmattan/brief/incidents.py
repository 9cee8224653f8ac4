"""The section of the largest incidents: when, where, between whom, and what is doubtful in each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.harm_charts import HarmCharts
from harmattan.brief.outline import Picture, Section, TableView, ranged
from harmattan.questions.answer import Answer
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.evidence import closed_in
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, listing, msg

LARGE, SHOWN, MOST_PAIRS, MOST_DOTS = 20, 10, 9, 150


def incidents(desk: Desk) -> Section:
    """The largest incidents of the focus country since the case began, as dots, and the ten largest in a table."""
    focus = desk.case.focus
    title = T("The largest incidents in {country}", country=CountryName(focus))
    found = desk.ask("incidents", country=(focus,), start=desk.case.since, at_least=LARGE)
    if found.releases and len(found.rows) < SHOWN:
        found = desk.ask("incidents", country=(focus,), start=desk.case.since)
    closed = closed_in(found)
    if closed:
        names = listing([Verbatim(ref.name) for ref in closed])
        note = T("The licence of {names} lets no single record be handed on, so none is listed here: harmattan ask "
                 "incidents shows them in the terminal.", names=names)  # fmt: skip
        return Section("incidents", title, (_count(found),), notes=(note,))
    if not found.rows:
        return Section("incidents", title, (found.headline,))
    shown = list(range(min(SHOWN, len(found.rows))))
    rows = tuple(_row(found, n) for n in shown)
    header = (T("date"), T("place"), T("pair of actors"), T("deaths"), T("low"), T("high"), T("civilians killed"),
              T("doubts"))  # fmt: skip
    table = TableView(header, rows, (False, False, False, True, True, True, True, False))
    notes = [T("The largest of them. A doubt is a reason to look again and no verdict.")]
    if _summed(found):
        notes.insert(0, T("These are sums by month, cell and pair of actors and not single incidents: those need the "
                          "publisher's event file."))  # fmt: skip
    return Section(
        "incidents", title, (found.headline,), picture=_picture(desk, found), notes=tuple(notes), table=table
    )


def _count(found: Answer) -> Text:
    count = counted(Number(len(found.rows), found.id), "{n} incident is on record", "{n} incidents are on record")
    return T("{count} among the largest.", count=count)


def _summed(found: Answer) -> bool:
    return any("summed" in str(row["doubt_codes"]) for row in found.rows)


def _picture(desk: Desk, found: Answer) -> Picture:
    words = {name: desk.speaker.say(said) for name, said in KIND_WORDS.items()}
    drawn: list[dict[str, Any]] = []
    pairs: list[str] = []
    rest = desk.speaker.words("other pairs")
    for row in found.rows[:MOST_DOTS]:
        pair = str(row["dyad"] or "–")
        if pair not in pairs and len(pairs) < MOST_PAIRS:
            pairs.append(pair)
        kind = str(row["kind"])
        doubted = "battle_civilians" in str(row["doubt_codes"])
        dot = {"day": _middle(row), "pair": pair if pair in pairs else rest, "kind": kind}
        drawn.append(dot | {"deaths": row["deaths_best"], "doubted": doubted})
    drawn.sort(key=lambda dot: (dot["pair"] == rest, pairs.index(dot["pair"]) if dot["pair"] in pairs else 0))
    kinds = words | {dot["kind"]: dot["kind"] for dot in drawn if dot["kind"] not in words}
    end = max(str(found.params.get("to") or ""), *(dot["day"] for dot in drawn))
    spec = HarmCharts.like(desk.charts(found)).incidents(drawn, desk.case.since.isoformat(), end, kinds)
    return Picture(spec, T(SUMS_CAPTION if _summed(found) else CAPTION))


def _middle(row: Any) -> str:
    """The day to draw an incident at: its first; of a sum the middle of its month."""
    first = dt.date.fromisoformat(row["from"])
    return (first + dt.timedelta(days=14) if row["date_precision"] == "month" else first).isoformat()


CAPTION = msg(
    "Each dot is one record, at its first day: the larger, the more deaths (best estimate). A ring marks what is coded "
    "as fighting and has civilians among the dead."
)
SUMS_CAPTION = msg(
    "Each dot is the sum of a month, cell and pair of actors, not one incident: the larger, the more deaths (best "
    "estimate). A ring marks fighting with civilians among the dead."
)


def _row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    best, low, high = ranged(found, n)
    return (
        _when(row),
        row["place"],
        Verbatim(str(row["dyad"] or "–")),
        best,
        low,
        high,
        found.number(n, "deaths_civilians"),
        row["doubts"] or Verbatim("–"),
    )


def _when(row: Any) -> Value:
    first, last = dt.date.fromisoformat(row["from"]), dt.date.fromisoformat(row["to"])
    return first if first == last else T("{first} to {last}", first=first, last=last)

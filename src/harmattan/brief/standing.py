"""The sections that rest on a dossier: what happened when, who stands with whom, who was there, what was reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, or_dash
from harmattan.questions.answer import Answer
from harmattan.questions.figures import QUALIFIED
from harmattan.questions.words import INDICATORS, RELATIONS, in_words
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, listing, msg

TURNS = ("coup", "intervention", "withdrawal", "withdrawal_announced", "exit", "merger", "agreement", "expulsion",
         "takeover")  # fmt: skip
"""The types of milestone that the trend chart and the timeline show, the weightiest first."""
MOST_TURNS = 20
NEAR_DAYS = 61
ACTIVE = 12
"""So many of the most active parties stand in the network, with those they belong to."""
BODIES = ("member_of", "part_of", "affiliate_of")
TIES = (*BODIES, "allied_with", "cooperates_with", "supports", "rival_of")
TOLD = ("rival_of", "allied_with", "cooperates_with", "affiliate_of", "supports", "member_of", "part_of")
"""The order in which relations are listed."""
MOST_TIES = 14
OUTSIDE = ("organisation", "person", "community")
"""Kinds of actors that stand in no network of fighting parties."""
NEEDS = ("idps", "refugees", "people_in_need")


def turns(desk: Desk) -> tuple[Answer, list[int]]:
    """The milestones of the focus country since the case began, and the rows that are shown: coups before all."""
    found = desk.ask("milestones", country=(desk.case.focus,), type=TURNS, start=desk.case.since)
    firm = [n for n, row in enumerate(found.rows) if row["status"] != "disputed"]
    ranked = sorted(firm, key=lambda n: (TURNS.index(found.rows[n]["type"]), -_sources(found, n), n))
    return found, sorted(_apart(found, ranked)[:MOST_TURNS])


def _sources(answer: Answer, n: int) -> int:
    return len(str(answer.rows[n]["sources"]).split("; "))


def _apart(found: Answer, shown: Sequence[int]) -> list[int]:
    """Of milestones of one type within two months of each other only the one that stands first."""
    kept: list[int] = []
    for n in shown:
        row, day = found.rows[n], dt.date.fromisoformat(first_day(found.rows[n]["date"]))
        near = [
            k
            for k in kept
            if found.rows[k]["type"] == row["type"]
            and abs((day - dt.date.fromisoformat(first_day(found.rows[k]["date"]))).days) <= NEAR_DAYS
        ]
        if not near:
            kept.append(n)
    return kept


def marks(desk: Desk) -> list[dict[str, Any]]:
    """The shown milestones with their letters, for a chart over time."""
    found, shown = turns(desk)
    return [{"day": first_day(found.rows[n]["date"]), "mark": str(at)} for at, n in enumerate(shown, start=1)]


def said_by(answer: Answer, n: int) -> tuple[Value, Number]:
    """The first source of a row, and how many there are."""
    first = str(answer.rows[n]["sources"]).partition("; ")[0]
    return Verbatim(first), Number(_sources(answer, n), answer.row_id(n))


def first_day(written: str) -> str:
    """A day to draw a date by that is known in part: its first."""
    day = written.partition("/")[0]
    return day + "-01-01"[len(day) - 4 :] if len(day) in (4, 7) else day


def timeline(desk: Desk) -> Section:
    """What happened when in the focus country, numbered as in the trend chart."""
    found, shown = turns(desk)
    rows = tuple(
        (
            Verbatim(str(at)),
            in_words(found.rows[n]["date"]),
            found.rows[n]["what"],
            *said_by(found, n),
        )
        for at, n in enumerate(shown, start=1)
    )
    header = (T("no."), T("date"), T("what happened"), T("who says so"), T("sources"))
    notes = (T("The numbers are those above the trend chart. A date is written as far as it is known."),)
    table = TableView(header, rows, (True, False, False, False, True))
    title = T("What happened when in {country}", country=CountryName(desk.case.focus))
    return Section("timeline", title, (found.headline,), notes=notes, table=table)


def alliances(desk: Desk) -> Section:
    """The web of relations on the as-of date beside the web of fighting in the last window."""
    title, span = T("Who stands with whom, and who fights whom"), desk.last_window()
    if span is None:
        return Section("alliances", title, (T("Not covered."),))
    day = span["end"]
    seen = desk.ask("actors", country=(desk.case.focus,), level="actor", **span)
    ties = desk.ask("relations", relation=TIES, as_of=day)
    fights = desk.ask("casualties", country=(desk.case.focus,), by=("dyad",), **desk.fighting, **span)
    there = desk.ask("presence", country=(desk.case.focus,), as_of=day)
    active = [row["actor_id"] for row in seen.rows if row["actor_id"]][:ACTIVE]
    active += [row["force_id"] for row in there.rows if row["kind"] == "mission" and row["state"] == "there"]
    shown = _web(ties, active)
    picture = None
    if shown:
        edges = [_edge(ties, n, desk) for n in shown]
        fought = [_fight(row) for row in fights.rows if row["deaths_best"] and " - " in str(row["dyad"])]
        drawn = desk.charts(ties, fights).networks(edges, fought)
        picture = Picture(drawn, T(NETWORK_CAPTION, day=day, start=span["start"], end=span["end"]))
    rows = tuple(
        (
            ties.rows[n]["subject"],
            _relation_words(ties.rows[n]),
            ties.rows[n]["object"],
            in_words(ties.rows[n]["since"]),
            *said_by(ties, n),
        )
        for n in sorted(shown, key=lambda n: (TOLD.index(ties.rows[n]["relation"]), n))[:MOST_TIES]
    )
    header = (T("who"), T("relation"), T("to whom"), T("since"), T("who says so"), T("sources"))
    lead = (
        T("Between the parties that were most active there, {ties} held on {day}.",
          ties=counted(Number(len(shown), ties.id), "{n} relation", "{n} relations"), day=day),
        fights.headline,
    )  # fmt: skip
    table = TableView(header, rows, (False, False, False, False, False, True))
    return Section("alliances", title, lead, picture=picture, table=table)


NETWORK_CAPTION = msg(
    "Left: relations on {day} between the parties most active in the window and those they belong to, as the dossier "
    "has them. Right: fighting from {start} to {end} by pair, as the publisher names them; the wider the line, the "
    "more deaths. Where a party stands in the picture means nothing."
)


def _relation_words(row: Any) -> Text:
    words = RELATIONS[row["relation"]]
    return words if row["status"] == "asserted" else T(DOUBTS[row["status"]], relation=words)


DOUBTS = {"reported": msg("{relation}, as reported"), "disputed": msg("{relation}, disputed")}


def _web(ties: Answer, active: Sequence[str]) -> list[int]:
    """The relations among the active and those that they belong to, directly or through others; what held for sure."""
    inside = set(active)
    sure = {
        n: row
        for n, row in enumerate(ties.rows)
        if row["holds"] == "yes" and not {row["subject_kind"], row["object_kind"]} & set(OUTSIDE)
    }
    armies = [r for r in sure.values() if r["relation"] == "part_of" and r["subject_kind"] == "state_force"]
    inside |= {row["subject_id"] for row in armies if row["object_id"] in inside}
    for _ in range(3):
        inside |= {r["object_id"] for r in sure.values() if r["relation"] in BODIES and r["subject_id"] in inside}
    return [n for n, row in sure.items() if {row["subject_id"], row["object_id"]} <= inside]


def _edge(ties: Answer, n: int, desk: Desk) -> dict[str, Any]:
    row = ties.rows[n]
    return {
        "from": desk.speaker.say(row["subject"]),
        "to": desk.speaker.say(row["object"]),
        "relation": row["relation"],
    }


def _fight(row: Any) -> dict[str, Any]:
    one, _, other = str(row["dyad"]).partition(" - ")
    return {"from": one, "to": other, "deaths": row["deaths_best"]}


def presence(desk: Desk) -> Section:
    """Which forces stood in the focus country over time, above the deaths by month."""
    focus, title = desk.case.focus, T("Forces that came and went")
    found = desk.ask("presence", country=(focus,), start=desk.case.since)
    by_month = desk.ask("casualties", country=(focus,), by=("month",), start=desk.case.since)
    missions = [n for n, row in enumerate(found.rows) if row["kind"] == "mission" and row["since"]]
    handed = [n for n, row in enumerate(found.rows) if row["how_ended"] == "handed_over" and row["until"]]
    picture = None
    if missions and by_month.rows:
        last = by_month.rows[-1]["period"] + "-28"
        bars = [_bar(found.rows[n], desk, last) for n in missions]
        points = [_bar(found.rows[n], desk, last) for n in handed]
        drawn = desk.charts(found, by_month).presence(bars, points, [r for r in by_month.rows if r["covered"] != "no"])
        picture = Picture(drawn, PRESENCE_CAPTION)
    rows = tuple(_presence_row(found, n) for n in (*missions, *handed))
    header = (T("force"), T("place"), T("since"), T("until"), T("how it ended"), T("last strength"), T("sources"))
    table = TableView(header, rows, (False, False, False, False, False, True, True))
    return Section("presence", title, (found.headline,), picture=picture, table=table)


PRESENCE_CAPTION = T(
    "Above: forces in the country, each from its first to its last day; a dot is a base handed over. Below: deaths by "
    "month, best estimate. That one follows the other does not say that it caused it."
)
ENDINGS: dict[str | None, Text] = {
    "handed_over": T("handed over"),
    "withdrawn": T("withdrawn"),
    "dissolved": T("dissolved"),
    "expelled": T("expelled"),
    "lost": T("lost"),
    None: T("–"),
}


def _bar(row: Any, desk: Desk, last: str) -> dict[str, Any]:
    until = first_day(row["until"]) if row["until"] else last
    since = first_day(row["since"]) if row["since"] else desk.case.since.isoformat()
    return {
        "force": desk.speaker.say(row["force"]),
        "since": since,
        "until": min(until, last),
    }


def _presence_row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    strength: Value = or_dash(found, n, "strength")
    return (
        row["force"],
        Verbatim(str(row["place"] or "–")),
        in_words(row["since"]),
        in_words(row["until"]),
        ENDINGS[row["how_ended"]],
        strength,
        said_by(found, n)[1],
    )


def needs(desk: Desk) -> Section:
    """Displacement and needs as they were stated, each figure with its date."""
    title = T("Displacement and needs, as reported")
    found = desk.ask("figures", country=desk.case.countries, indicator=NEEDS)
    single = [n for n, row in enumerate(found.rows) if row["country"] in desk.case.countries and not row["place"]]
    drawn = [
        {
            "country": desk.speaker.say(CountryName(found.rows[n]["country"])),
            "indicator": desk.speaker.say(INDICATORS[found.rows[n]["indicator"]]),
            "day": first_day(found.rows[n]["as_of"]),
            "value": found.rows[n]["value"],
        }
        for n in single
        if found.rows[n]["as_of"] and not found.rows[n]["as_of"].startswith("..")
    ]
    first, last = desk.case.since.isoformat(), (desk.common.as_of or desk.case.as_of).isoformat()
    shown = [row for row in drawn if first <= row["day"] <= last]
    picture = Picture(desk.charts(found).stocks(shown, first, last), STOCKS_CAPTION) if shown else None
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            INDICATORS[found.rows[n]["indicator"]],
            T(QUALIFIED[found.rows[n]["qualifier"]], value=found.number(n, "value")),
            in_words(found.rows[n]["as_of"] or found.rows[n]["to"]),
            said_by(found, n)[0],
        )
        for n in single
        if found.rows[n]["latest"]
    )
    header = (T("country"), T("what"), T("figure"), T("as of"), T("who says so"))
    table = TableView(header, rows, (False, False, True, False, False))
    return Section("needs", title, (_needs_lead(found, rows),), picture=picture, table=table)


def _needs_lead(found: Answer, rows: Sequence[Any]) -> Text:
    if not rows:
        return found.headline
    places = listing([CountryName(code) for code in dict.fromkeys(row[0].code for row in rows)])
    return T("The last figures on record for {places}, each as its publisher gave it and none added up.", places=places)


STOCKS_CAPTION = T("Each point is a figure as one publisher gave it for one day. Publishers count differently.")

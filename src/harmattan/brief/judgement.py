"""The first section: the state of things in a few sentences, each made from an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import KeyFigure, Section, latest, ranged
from harmattan.questions.answer import Answer
from harmattan.questions.records import months_before
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, listing, msg


def judgement(desk: Desk) -> Section:
    """The state of things in a few sentences and large figures."""
    months, focus = desk.case.window_months, desk.case.focus
    windows = desk.windows((focus,))
    title = T("The state of things")
    span = desk.last_window()
    if span is None:
        return Section("judgement", title, (windows.headline,))
    harm = desk.ask("civilian-harm", country=(focus,), **span)
    dyads = desk.ask("casualties", country=(focus,), by=("dyad",), **span)
    cells = desk.ask("casualties", country=(focus,), by=("cell",), **span)
    late = T(
        "The data end on {end}, before {as_of}: this brief speaks as of the earlier day.",
        end=span["end"],
        as_of=desk.common.as_of,
    )
    lead = [late] if desk.common.as_of and span["end"] < desk.common.as_of else []
    lead += [windows.headline, *_change(windows, months), harm.headline, *_main_dyad(dyads)]
    lead += [desk.ask("presence", country=(focus,), as_of=span["end"]).headline]
    lead += neighbours_at_record(desk)
    placed = [n for n, row in enumerate(cells.rows) if row["cell"] is not None and row["deaths_best"] > 0]
    figures: tuple[KeyFigure, ...] = (
        KeyFigure(T("deaths in {months} months", months=months), *ranged(windows, 0)),
        KeyFigure(T("events"), windows.number(0, "events")),
        KeyFigure(T("civilians killed"), windows.number(0, "deaths_civilians")),
        KeyFigure(
            T("rank among such windows since {year}", year=Verbatim(str(desk.case.since.year))),
            Number(windows.rows[0]["rank"], windows.id),
        ),
    )
    if cells.releases:
        figures += (KeyFigure(T("half-degree cells with deaths"), Number(len(placed), cells.id)),)
    return Section("judgement", title, tuple(lead), figures)


def _change(windows: Answer, months: int) -> list[Text]:
    end = months_before(dt.date.fromisoformat(windows.rows[0]["window_end"]), months).isoformat()
    before = next((n for n, row in enumerate(windows.rows) if row["window_end"] == end), None)
    if before is None or not windows.rows[before]["deaths_best"]:
        return []
    now, then = windows.rows[0]["deaths_best"], windows.rows[before]["deaths_best"]
    share = abs(now - then) / then * 100
    template = msg("The {months} months before had {then}: deaths rose by {change} %.")
    if round(share) == 0:
        template = msg("The {months} months before had {then}: about as many.")
    elif now < then:
        template = msg("The {months} months before had {then}: deaths fell by {change} %.")
    said: dict[str, Value] = {"months": months, "then": windows.number(before, "deaths_best")}
    return [T(template, **said, change=Number(share, windows.id))]


def _main_dyad(dyads: Answer) -> list[Text]:
    paired = [n for n, row in enumerate(dyads.rows) if row["dyad"]]
    if not paired:
        return []
    top = max(paired, key=lambda n: (dyads.rows[n]["deaths_best"], -n))
    value, low, high = ranged(dyads, top)
    if low.value is None and high.value is None:
        pair = Verbatim(dyads.rows[top]["dyad"])
        return [T("The pair of actors with most deaths was {dyad}: {deaths}.", dyad=pair, deaths=value)]
    return [
        T(
            "The pair of actors with most deaths was {dyad}: {deaths} (low {low}, high {high}).",
            dyad=Verbatim(dyads.rows[top]["dyad"]),
            deaths=value,
            low=low,
            high=high,
        )
    ]


def neighbours_at_record(desk: Desk) -> list[Text]:
    if not desk.case.neighbours:
        return []
    found = desk.windows(desk.case.neighbours)
    last = latest(found)
    if not last:
        return []
    at_record = [
        T("{country} ({deaths})", country=CountryName(code), deaths=found.number(n, "deaths_best"))
        for code, n in last.items()
        if found.rows[n]["is_record"]
    ]
    said: dict[str, Any] = {
        "covered": Number(len(last), found.id),
        "months": desk.case.window_months,
        "year": Verbatim(str(desk.case.since.year)),
    }
    if not at_record:
        return [T("None of the {covered} neighbours covered had its deadliest {months} months since {year}.", **said)]
    return [
        T(
            "Of the {covered} neighbours covered, these had their deadliest {months} months since {year}: {countries}.",
            countries=listing(at_record),
            **said,
        )
    ]

"""The section on spillover: what each country's violence follows, between whom it is more than coincidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.flow_charts import Arrow, Expected, FlowCharts
from harmattan.brief.outline import Picture, Section, TableView, or_dash, with_interval
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.text import Number, T, Text, Value, counted, listing, msg

MOST_ROWS = 8
WHOLE = 1200
"""Months of a window that no series fills: the number over the whole time alone, without a fit to each window."""
SHOWN = 2.0
"""Percent from which a pair that passed no test is listed."""


def spillover(desk: Desk) -> Section:
    """Arrows between the countries, what is expected of each over time, and the pairs with their tests."""
    said: dict[str, Any] = {"start": desk.case.since, "measure": desk.case.spillover.measure}
    countries = desk.case.spillover.countries or desk.case.countries
    title = T("Whose violence follows whose")
    try:
        found = desk.ask("spillover", country=countries, **said)
    except UsageError as fault:
        return Section("spillover", title, (desk.refused(fault),))
    pairs = _pairs(found)
    if not pairs:
        return Section("spillover", title, (found.headline,))
    course = desk.ask("spillover", country=countries, by=("month",), **said)
    itself = _itself(desk.ask("reproduction", country=countries, window=WHOLE, **said))
    lead = (found.headline, *itself, *_of_groups(desk, said))
    return Section("spillover", title, lead, picture=_picture(desk, found, course, pairs), table=_table(found, pairs),
                   notes=(NOT_CAUSE,))  # fmt: skip


def _itself(found: Answer) -> tuple[Text, ...]:
    """Whether violence keeps itself alive, over the whole time."""
    for n, row in enumerate(found.rows):
        if row["value"] is not None and row["low"] is not None and row["high"] is not None:
            return (
                T(
                    "From one generation to the next a burst of events in these countries is multiplied by {value} "
                    "({low} to {high}): {says}.",
                    value=found.number(n, "value", 2),
                    low=found.number(n, "low", 2),
                    high=found.number(n, "high", 2),
                    says=_says(row),
                ),
            )
    return ()


def _says(row: Mapping[str, Any]) -> Text:
    """What a reproduction number means."""
    if row["high"] < 1:
        return T("what began dies out in time")
    if row["low"] >= 1:
        return T("what began does not die out of itself")
    return T("whether what began dies out of itself the data cannot tell")


def _of_groups(desk: Desk, said: dict[str, Any]) -> tuple[Text, ...]:
    """The same between the groups of the case, each in each country; nothing where it names none."""
    groups = desk.case.spillover.groups
    if not groups:
        return ()
    try:
        found = desk.ask("spillover", country=desk.case.countries, by=("group",), level="actor", actor=groups, **said)
    except UsageError as fault:
        return (T("Of the armed groups of the case nothing can be said here: {why}", why=desk.refused(fault)),)
    pairs = _pairs(found)
    passed = [n for n in pairs if _passed(found, n)]
    if not pairs:
        return ()
    said_: dict[str, Value] = {
        "pairs": counted(Number(len(pairs), found.id), "{n} directed pair", "{n} directed pairs")
    }
    if not passed:
        return (T("Between the armed groups of the case, each in each country, {pairs} were looked at; none passes "
                  "both tests.", **said_),)  # fmt: skip
    names = listing(
        [T("{source} to {unit}", source=found.rows[n]["source"], unit=found.rows[n]["unit"]) for n in passed]
    )
    return (T("Between the armed groups of the case, each in each country, {pairs} were looked at; both tests are "
              "passed by {names}.", names=names, **said_),)  # fmt: skip


def _pairs(found: Answer) -> list[int]:
    """The rows that are of a directed pair."""
    return [n for n, row in enumerate(found.rows) if row["part"] == "others" and row["source"] is not None]


def _picture(desk: Desk, found: Answer, course: Answer, pairs: Sequence[int]) -> Picture | None:
    """The arrows on the land of the countries, above what is expected of each."""
    cells = desk.inquiry.cell_countries()
    names = {row["unit_id"]: desk.speaker.say(T("{unit}", unit=row["unit"])) for row in found.rows}
    arrows = [
        Arrow(row["source_id"], row["unit_id"], row["share"], row["share_low"] or 0.0,
              row["share_high"] or row["share"], row["verdict_key"] == "spillover")
        for row in (found.rows[n] for n in pairs)
        if row["share"] is not None
    ]  # fmt: skip
    charts = FlowCharts(desk.speaker, desk.charts(found, course).source)
    units = [Expected(names[code], rows) for code in names if (rows := _course(course, code))]
    drawn = charts.flows(arrows if cells else (), names, cells, units)
    return Picture(drawn, T(CAPTION if cells else PARTS_CAPTION))


def _course(course: Answer, code: str) -> list[dict[str, Any]]:
    """A unit's months that were fitted."""
    return [
        {"month": row["period"]} | {name: row[name] for name in ("endemic", "own", "others", "observed")}
        for row in course.rows
        if row["unit_id"] == code and row["source"] is None and row["endemic"] is not None
    ]


def _table(found: Answer, pairs: Sequence[int]) -> TableView | None:
    """The pairs that passed, then those with the largest shares."""
    listed = [n for n in pairs if (found.rows[n]["share"] or 0) >= SHOWN or _passed(found, n)]
    top = sorted(listed, key=lambda n: (not _passed(found, n), -(found.rows[n]["share"] or 0)))[:MOST_ROWS]
    if not top:
        return None
    rows = tuple(
        (
            T("{unit}", unit=found.rows[n]["source"]),
            T("{unit}", unit=found.rows[n]["unit"]),
            with_interval(found, n, _ends("share"), 0),
            with_interval(found, n, _ends("coefficient"), 2),
            or_dash(found, n, "shift_p", 3),
            or_dash(found, n, "gain_p", 3),
            found.rows[n]["verdict"],
        )
        for n in top
    )
    header = (T("from"), T("to"), T("share of what is expected, %"), T("further counts for each"),
              T("p, shifted in time"), T("p, forecasts"), T("verdict"))  # fmt: skip
    return TableView(header, rows, (False, False, True, True, True, True, False))


def _ends(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _passed(found: Answer, n: int) -> bool:
    return bool(found.rows[n]["verdict_key"] == "spillover")


CAPTION = msg(
    "Above: arrows as wide as the share of what is expected in a country that follows another's past months, with its "
    "95 % interval; grey arrows did not pass both tests and are not told apart from coincidence. Below: what the model "
    "expects of each country by month, in parts, and what was counted (line), each on its own scale."
)
PARTS_CAPTION = msg(
    "What the model expects of each country by month, in parts, and what was counted (line), each on its own scale."
)
NOT_CAUSE = T(
    "That one country's violence follows another's beyond coincidence is a pattern in time, not proof that the one "
    "brought the other: a common cause that moves one of them first looks the same."
)

"""The section on the months ahead: what is expected, how sure one can be, and how the model did on past months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harmattan.brief.ahead_charts import AheadCharts, Fan
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.forecast_words import AS_COUNTED, KNOWS_DEATHS, KNOWS_EVENTS, NO_BACKTEST
from harmattan.text import CountryName, T, Text, Value, Verbatim, msg
from harmattan.vocabulary.likelihood import in_percent
from harmattan.vocabulary.period import Month

PAST = 36
"""Months of the past that stand before a fan."""


def ahead(desk: Desk) -> Section:
    """Fans for the countries of the case, a map of what is expected by cell, and a table in words of likelihood."""
    title, said = T("The months ahead"), desk.case.forecast.said
    cells = _cells(desk, said)
    found = desk.ask("forecast", country=desk.case.countries, **said)
    sums = [n for n, row in enumerate(found.rows) if row["ahead"] is None]
    if not sums:
        return Section("forecast", title, (found.headline,))
    lead = (found.headline, *_judged(desk, found))
    notes = [KNOWS_EVENTS if desk.case.forecast.covariates else KNOWS_DEATHS, AS_COUNTED, *_of_cells(cells)]
    return Section("forecast", title, lead, picture=_picture(desk, found, cells), table=_table(found, sums),
                   notes=tuple(notes))  # fmt: skip


def _cells(desk: Desk, said: dict[str, Any]) -> Answer | None:
    """The forecast by cell; None where cells are not told apart. Asked first, it draws both at once."""
    if not desk.inquiry.cell_countries():
        return None
    try:
        found = desk.ask("forecast", country=desk.case.countries, by=("cell",), **said)
    except UsageError:
        return None
    return found if found.rows else None


def _judged(desk: Desk, found: Answer) -> tuple[Text, ...]:
    """How the model did on past months, over all countries; that this is not known where no backtest is on record."""
    skill = desk.ask("forecast-skill")
    for n, row in enumerate(skill.rows):
        if row["level"] == "country" and row["model"] == found.rows[0]["model"] and row["ratio"] is not None:
            return (
                T(
                    "On past months, {model}: {verdict}; its error (CRPS) was {ratio} times that of the strongest "
                    "simple one, each country's own last twelve months, over {windows} windows.",
                    model=Verbatim(row["model"]),
                    verdict=row["verdict"],
                    ratio=skill.number(n, "ratio", 3),
                    windows=skill.number(n, "windows"),
                ),
            )
    return (NO_BACKTEST,)


def _picture(desk: Desk, found: Answer, cells: Answer | None) -> Picture:
    countries = list(dict.fromkeys(row["country"] for row in found.rows))
    by_month = desk.ask("casualties", country=desk.case.countries, by=("month", "country"), start=desk.case.since)
    charts = AheadCharts(desk.speaker, desk.charts(found, *([cells] if cells else [])).source)
    fans = [_fan(desk, found, by_month, code) for code in countries]
    origin = found.rows[0]["origin"]
    as_of = str(next(row["month"] for row in fans[0].ahead))
    drawn = None
    if cells is not None:
        drawn = charts.expected(cells.rows, desk.inquiry.cell_countries(), desk.case.countries)
    caption = T(FANS if cells is None else FANS_AND_MAP, months=len(fans[0].ahead), origin=Month.parse(origin).name)
    return Picture(charts.months_ahead([fan for fan in fans if fan.past], as_of, drawn), caption)


def _fan(desk: Desk, found: Answer, by_month: Answer, code: str) -> Fan:
    origin = found.rows[0]["origin"]
    past = [
        {"month": f"{row['period']}-01", "deaths": row["deaths_best"]}
        for row in by_month.rows
        if row["country"] == code and row["covered"] != "no" and row["period"] <= origin
    ][-PAST:]
    names = ("low90", "low50", "median", "high50", "high90")
    months = [
        {"month": f"{row['period']}-01"} | {name: row[name] for name in names}
        for row in found.rows
        if row["country"] == code and row["ahead"] is not None
    ]
    return Fan(desk.speaker.say(CountryName(code)), past, months)


def _table(found: Answer, sums: Sequence[int]) -> TableView:
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            found.number(n, "mean"),
            _span(found, n, "50"),
            _span(found, n, "90"),
            found.number(n, "before"),
            *_more(found, n),
        )
        for n in sums
    )
    header = (T("country"), T("expected"), T("middle 50 %"), T("middle 90 %"), T("before"),
              T("more than before"), T("chance"))  # fmt: skip
    return TableView(header, rows, (False, True, True, True, True, False, True))


def _span(found: Answer, n: int, share: str) -> Text:
    return T("{low} to {high}", low=found.number(n, f"low{share}"), high=found.number(n, f"high{share}"))


def _more(found: Answer, n: int) -> tuple[Value, Value]:
    row = found.rows[n]
    if row["chance_more"] is None:
        return Verbatim("–"), Verbatim("–")
    return row["likelihood"], in_percent(row["chance_more"], found.row_id(n))


def _of_cells(cells: Answer | None) -> tuple[Text, ...]:
    """The cell with the most expected deaths, where cells are drawn."""
    if cells is None:
        return ()
    sums = [n for n, row in enumerate(cells.rows) if row["ahead"] is None]
    top = max(sums, key=lambda n: (cells.rows[n]["mean"], -n))
    return (
        T(
            "Most deaths are expected in cell {cell} in {country}: {expected} (90 %: {low} to {high}), after {before}.",
            cell=Verbatim(str(cells.rows[top]["cell"])),
            country=CountryName(cells.rows[top]["country"]),
            expected=cells.number(top, "mean"),
            low=cells.number(top, "low90"),
            high=cells.number(top, "high90"),
            before=cells.number(top, "before"),
        ),
        ADDED,
    )


ADDED = T("Cells add up to their countries. Land without colour: fewer than one death expected in the cell.")
FANS = msg(
    "Deaths by month, best estimate, and the draws for the {months} months after {origin}, where the broken line "
    "stands; each country on its own scale. One month in ten should fall outside the middle 90 %."
)
FANS_AND_MAP = msg(
    "Above: deaths by month, best estimate, and the draws for the {months} months after {origin}, where the broken "
    "line stands; each country on its own scale. One month in ten should fall outside the middle 90 %. Below: "
    "expected deaths by PRIO-GRID cell in all of those months. Lines are the borders between the countries' cells, "
    "not surveyed boundaries."
)

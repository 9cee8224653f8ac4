"""The sections on borders and on how the most active group spread."""

from __future__ import annotations

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, ranged
from harmattan.brief.spread_charts import SpreadCharts
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing, msg

MOST_BORDERS = 6


def borders(desk: Desk) -> Section:
    """Deaths along the borders of the case's countries by year, and who comes from across them."""
    title, span = T("Along the borders"), desk.last_window()
    if span is None:
        return Section("borders", title, (T("Not covered."),))
    last = desk.ask("border-violence", country=desk.case.countries, **span)
    across = desk.ask("cross-border-groups", country=desk.case.countries, **span)
    lead = tuple(answer.headline for answer in (last, across) if answer.rows) or (last.headline,)
    widest = max((row["within_km"] or 0 for row in last.rows), default=0)
    rows = [n for n, row in enumerate(last.rows) if row["area"] == "border" and row["within_km"] == widest]
    top = sorted((n for n in rows if last.rows[n]["deaths_best"]), key=lambda n: -last.rows[n]["deaths_best"])
    picture = _strips(desk, [str(last.rows[n]["name"]) for n in top[:MOST_BORDERS]]) if top else None
    notes = (
        (T("The {shown} borders with most deaths.", shown=len(top[:MOST_BORDERS])),) if len(top) > MOST_BORDERS else ()
    )
    return Section("borders", title, lead, picture=picture, table=_nearest(last, top[:MOST_BORDERS]), notes=notes)


def _strips(desk: Desk, names: list[str]) -> Picture | None:
    by_year = desk.ask("border-violence", country=desk.case.countries, by=("year", "band"), start=desk.case.since)
    shown = [row for row in by_year.rows if row["name"] in names and row["covered"] != "no"]
    if not shown:
        return None
    charts = desk.charts(by_year)
    titles = {name: desk.speaker.say(_countries(name)) for name in names}
    return Picture(SpreadCharts(charts.speaker, charts.source).strips(shown, titles), STRIPS_CAPTION)


def _countries(name: str) -> Text:
    return T("{places}", places=listing([CountryName(code) for code in name.split("-")]))


def _nearest(last: Answer, top: list[int]) -> TableView | None:
    """Each border with the events and deaths in its widest strip."""
    if not top:
        return None
    rows: list[tuple[Value, ...]] = []
    for n in top:
        row = last.rows[n]
        countries = _countries(str(row["name"]))
        rows.append((countries, last.number(n, "within_km"), last.number(n, "events"), *ranged(last, n),
                     last.number(n, "share_deaths", 1)))  # fmt: skip
    header = (T("border"), T("within km"), T("events"), T("deaths"), T("low"), T("high"), T("% of deaths placed"))
    return TableView(header, tuple(rows), (False, *(True,) * 6))


def expansion(desk: Desk) -> Section:
    """Where the most active group of the case was first seen, and when."""
    title = T("How the most active group spread")
    around = tuple(dict.fromkeys((*desk.case.countries, *desk.case.neighbours)))
    by_country = desk.ask("expansion", country=around)
    if not by_country.rows:
        return Section("expansion", title, (by_country.headline,))
    group = str(by_country.rows[0]["actor"])
    by_cell = desk.ask("expansion", country=around, actor=(group,), by=("cell",))
    firsts = {str(row["country"]): str(row["first"]) for row in by_country.rows}
    picture = None
    if by_cell.rows:
        charts = desk.charts(by_cell)
        drawn = SpreadCharts(charts.speaker, charts.source).appearances(
            by_cell.rows, firsts, desk.inquiry.cell_countries(), desk.case.countries
        )
        picture = Picture(drawn, T(MAP_CAPTION, group=Verbatim(group)))
    rows = tuple(
        (
            CountryName(row["country"]),
            Verbatim(str(row["first"])),
            by_country.number(n, "events"),
            *ranged(by_country, n),
        )
        for n, row in enumerate(by_country.rows)
    )
    header = (T("country"), T("first seen"), T("events then"), T("deaths"), T("low"), T("high"))
    table = TableView(header, rows, (False, False, *(True,) * 4))
    return Section("expansion", title, (by_country.headline, by_cell.headline), picture=picture, table=table)


STRIPS_CAPTION = T(
    "Deaths by year and distance to a border, best estimate, on both sides of it where both countries are looked at. "
    "Events whose place is not known well enough are left out."
)
MAP_CAPTION = msg(
    "Cells of half a degree by the year in which {group} was first seen there, with the date of its first event in "
    "each country. Lines are the borders between the countries' cells, not surveyed boundaries."
)

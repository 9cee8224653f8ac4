"""The sections on borders and on how the most active group spread."""

from __future__ import annotations

import datetime as dt

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, ranged
from harmattan.brief.spread_charts import SpreadCharts
from harmattan.questions.answer import Answer
from harmattan.questions.words import in_words
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing, msg

MOST_BORDERS = 6


def borders(desk: Desk) -> Section:
    """Deaths along the borders of the case's countries by year, and who comes from across them."""
    title, span = T("Along the borders"), desk.last_window()
    if span is None:
        return Section("borders", title, (T("Not covered."),))
    across = desk.ask("cross-border-groups", country=desk.case.countries, **span)
    found = desk.ask("border-violence", country=desk.case.countries, by=("year",), start=desk.case.since)
    lead = [_last_years(found), across.headline] if across.rows else [_last_years(found)]
    last = [n for n, row in enumerate(found.rows) if row["period"] == found.rows[-1]["period"]]
    widest = max((found.rows[n]["within_km"] or 0 for n in last), default=0)
    rows = [n for n in last if found.rows[n]["area"] == "border" and found.rows[n]["within_km"] == widest]
    top = sorted((n for n in rows if found.rows[n]["deaths_best"]), key=lambda n: -found.rows[n]["deaths_best"])
    shown = top[:MOST_BORDERS]
    picture = _strips(desk, found, [str(found.rows[n]["name"]) for n in shown]) if shown else None
    note = T("The {shown} borders with most deaths in the last year shown, within {km} km.", shown=len(shown),
             km=Verbatim(f"{widest:g}"))  # fmt: skip
    end = dt.date.fromisoformat(str(found.params["to"])) if found.params["to"] else span["end"]
    notes = [note] if shown else []
    if (end.month, end.day) != (12, 31):
        notes.append(T("{year} runs to {end}.", year=Verbatim(str(end.year)), end=end))
    return Section("borders", title, tuple(lead), picture=picture, table=_nearest(found, shown), notes=tuple(notes))


def _last_years(found: Answer) -> Text:
    """What the widest strip along any border had in the last two years."""
    rows = [n for n, row in enumerate(found.rows) if row["area"] == "any_border" and row["covered"] != "no"]
    widest = max((found.rows[n]["within_km"] for n in rows), default=0)
    last = [n for n in rows if found.rows[n]["within_km"] == widest][-2:]
    if len(last) < 2:
        return found.headline
    said: dict[str, Value] = {}
    for when, n in zip(("before", "now"), last, strict=True):
        said[f"{when}_year"] = Verbatim(str(found.rows[n]["period"]))
        said[f"{when}_deaths"] = found.number(n, "deaths_best")
        said[f"{when}_share"] = found.number(n, "share_deaths", 1)
    return T(
        "At most {km} km from a border, {now_year}: {now_deaths} deaths, {now_share} % of those whose place is known "
        "well enough; {before_year}: {before_deaths}, {before_share} %.",
        km=found.number(last[-1], "within_km"),
        **said,
    )


def _strips(desk: Desk, found: Answer, names: list[str]) -> Picture:
    shown = [row for row in found.rows if row["name"] in names and row["covered"] != "no"]
    charts = desk.charts(found)
    titles = {name: desk.speaker.say(_countries(name)) for name in names}
    return Picture(SpreadCharts(charts.speaker, charts.source).strips(shown, titles), STRIPS_CAPTION)


def _countries(name: str) -> Text:
    return T("{places}", places=listing([CountryName(code) for code in name.split("-")]))


def _nearest(found: Answer, top: list[int]) -> TableView | None:
    """Each border with the events and deaths in its widest strip, in the last year."""
    if not top:
        return None
    rows: list[tuple[Value, ...]] = []
    for n in top:
        row = found.rows[n]
        named = (_countries(str(row["name"])), Verbatim(str(row["period"])))
        share = found.number(n, "share_deaths", 1)
        rows.append((*named, found.number(n, "events"), *ranged(found, n), share))
    header = (T("border"), T("year"), T("events"), T("deaths"), T("low"), T("high"), T("% of deaths placed"))
    return TableView(header, tuple(rows), (False, False, *(True,) * 5))


def expansion(desk: Desk) -> Section:
    """Where the most active group of the case was first seen, and when."""
    title = T("How the most active group spread")
    around = tuple(dict.fromkeys((*desk.case.countries, *desk.case.neighbours)))
    by_country = desk.ask("expansion", country=around)
    if not by_country.rows:
        return Section("expansion", title, (by_country.headline,))
    group = str(by_country.rows[0]["actor"])
    by_cell = desk.ask("expansion", country=around, by=("cell",))
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
            in_words(str(row["first"])),
            by_country.number(n, "events"),
            *ranged(by_country, n),
        )
        for n, row in enumerate(by_country.rows)
    )
    header = (T("country"), T("first seen"), T("events then"), T("deaths"), T("low"), T("high"))
    table = TableView(header, rows, (False, False, *(True,) * 4))
    return Section("expansion", title, (by_country.headline, by_cell.headline), picture=picture, table=table)


STRIPS_CAPTION = T(
    "Deaths by year at most so far from a border, best estimate, on both sides of it where both countries are looked "
    "at; a wider strip has the narrower ones in it. "
    "Events whose place is not known well enough are left out."
)
MAP_CAPTION = msg(
    "Cells of half a degree by the year in which {group} was first seen there, with the date of its first event in "
    "each country. Lines are the borders between the countries' cells, not surveyed boundaries."
)

"""The section on why the forecast moved since the month before, taken apart so that the parts add up."""

from __future__ import annotations

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Section, TableView, or_dash
from harmattan.text import CountryName, T


def moved(desk: Desk) -> Section:
    """For each country of the case what was expected a month ago, what each part did, and what is expected now."""
    title, said = T("What changed since the month before"), desk.case.forecast.said
    found = desk.ask("what-changed", country=desk.case.countries, **said)
    rows = tuple(
        (CountryName(row["country"]), row["what"], or_dash(found, n, "deaths"), or_dash(found, n, "seen"),
         or_dash(found, n, "expected", 1))
        for n, row in enumerate(found.rows)
    )  # fmt: skip
    header = (T("country"), T("what"), T("deaths"), T("the newest month had"), T("had been expected"))
    table = TableView(header, rows, (False, False, True, True, True)) if rows else None
    return Section("what-changed", title, (found.headline,), table=table)

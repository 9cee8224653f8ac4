"""The section of the conflict index: the countries of the case and their neighbours beside each other."""

from __future__ import annotations

from harmattan.brief.charts import source_line
from harmattan.brief.desk import Desk
from harmattan.brief.index_charts import IndexCharts, Panel
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing


def index(desk: Desk) -> Section:
    """Ranks with their range over all choices, and the four inputs that they are made of."""
    title, span = T("How severe, beside the neighbours"), desk.last_window()
    if span is None:
        return Section("index", title, (T("Not covered."),))
    countries = tuple(dict.fromkeys((*desk.case.countries, *desk.case.neighbours)))
    found = desk.ask("conflict-index", country=countries, end=span["end"], window=desk.case.window_months)
    ranked = [n for n, row in enumerate(found.rows) if row["rank"] is not None]
    listed = ranked or [n for n, row in enumerate(found.rows) if row["covered"] != "no"]
    if not listed:
        return Section("index", title, (found.headline,))
    picture = Picture(_drawn(desk, found, ranked), CAPTION) if ranked else None
    return Section("index", title, (found.headline,), picture=picture, notes=_notes(found), table=_table(found, listed))


def _drawn(desk: Desk, found: Answer, ranked: list[int]) -> dict[str, object]:
    charts = IndexCharts(desk.speaker, desk.speaker.say(source_line(found.releases)))
    panels = [
        Panel("deaths_best", charts.say("deadliness:\ndeaths"), low="deaths_low", high="deaths_high"),
        Panel("danger", charts.say("danger: events\nagainst civilians")),
        Panel("diffusion", charts.say("diffusion: % of\nsquares"), format=".2~f"),
        Panel("fragmentation", charts.say("fragmentation:\narmed groups")),
    ]
    panels = [panel for panel in panels if any(found.rows[n][panel.column] is not None for n in ranked)]
    rows = [dict(found.rows[n]) | {"name": desk.speaker.say(CountryName(found.rows[n]["country"]))} for n in ranked]
    slim = ("name", "rank", "rank_from", "rank_to", "deaths_best", "deaths_low", "deaths_high", "danger", "diffusion",
            "fragmentation")  # fmt: skip
    return charts.index([{name: row[name] for name in slim} for row in rows], panels)


def _table(found: Answer, listed: list[int]) -> TableView:
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            found.number(n, "rank"),
            _range(found, n),
            found.number(n, "size", 2),
            *(found.number(n, f"{name}_scaled", 2) for name in SCALED),
            found.number(n, "squares_high"),
        )
        for n in listed
    )
    header = (T("country"), T("rank"), T("range"), T("size"), *SCALED.values(), T("violent squares"))
    return TableView(header, rows, (False, *(True,) * 8))


def _range(found: Answer, n: int) -> Value:
    if found.rows[n]["rank"] is None:
        return Verbatim("–")
    if found.rows[n]["rank_from"] == found.rows[n]["rank_to"]:
        return found.number(n, "rank")
    return T("{first}–{last}", first=found.number(n, "rank_from"), last=found.number(n, "rank_to"))


def _notes(found: Answer) -> tuple[Text, ...]:
    silent = [CountryName(row["country"]) for row in found.rows if row["rank"] is None]
    notes: list[Text] = [SCALING]
    if not any(row["squares_high"] for row in found.rows):
        notes.append(T("No square reaches the threshold of events, so diffusion tells none of these countries apart."))
    if silent:
        notes.append(T("Not wholly covered and so without a rank: {countries}.", countries=listing(silent)))
    return tuple(notes)


SCALED = {
    "deadliness": T("deadliness"),
    "danger": T("danger"),
    "diffusion": T("diffusion"),
    "fragmentation": T("fragmentation"),
}
SCALING = T(
    "In the table each indicator is scaled from nothing for the lowest of these countries to one for the highest, and "
    "the size is their mean with equal weights. What danger, squares and groups mean in these data is said among the "
    "caveats."
)
CAPTION = T(
    "By the indicators of the ACLED Conflict Index. The dot is the rank, the first the most severe; the bar behind it "
    "runs over the ranks by every other choice: an indicator left out, logarithms, low or high deaths, other "
    "thresholds. Beside it the inputs as they are, deaths with the range from low to high."
)

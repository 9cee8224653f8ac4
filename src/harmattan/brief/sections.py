"""The sections of a brief. Each asks questions and says what they answer; none computes for itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from harmattan.brief.ahead import ahead
from harmattan.brief.alerts import alerts
from harmattan.brief.coupling import spillover
from harmattan.brief.desk import Desk
from harmattan.brief.effects import effects
from harmattan.brief.incidents import incidents
from harmattan.brief.indexed import index
from harmattan.brief.influence import influence
from harmattan.brief.judgement import judgement, neighbours_at_record
from harmattan.brief.living import exposure, mines
from harmattan.brief.outline import Picture, Section, TableView, latest, ranged
from harmattan.brief.partners import partners
from harmattan.brief.revised import revised
from harmattan.brief.rivalry import competition
from harmattan.brief.spread import borders, expansion
from harmattan.brief.standing import alliances, marks, needs, presence, timeline
from harmattan.brief.tension import displacement_violence, network
from harmattan.brief.track_record import track_record
from harmattan.brief.turning import governance, vacuum
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, listing, msg

MOST_DYADS, MOST_CELLS, MOST_HARM = 6, 8, 10


def trend(desk: Desk) -> Section:
    """Deaths by month, and the sums over windows with the records marked."""
    focus, months = desk.case.focus, desk.case.window_months
    by_month = desk.ask("casualties", country=(focus,), by=("month",), start=desk.case.since)
    by_year = desk.ask("casualties", country=(focus,), by=("year",), start=desk.case.since)
    windows = desk.windows((focus,))
    shown = [dict(row) for row in by_month.rows if row["covered"] != "no"]
    picture = None
    if shown and windows.rows:
        picture = Picture(
            desk.charts(by_month).trend(shown, windows.rows, months, marks(desk)),
            T(
                "Above: deaths by month, best estimate, with the range from low to high. Below: deaths in the {months} "
                "months that end there, with their range; a diamond marks a sum higher than any before it. "
                "The numbers are the milestones of the next section.",
                months=months,
            ),
        )
    rows = tuple(
        (
            Verbatim(row["period"]),
            by_year.number(n, "events"),
            *ranged(by_year, n),
            by_year.number(n, "deaths_civilians"),
        )
        for n, row in enumerate(by_year.rows)
    )
    table = TableView((T("year"), *COUNT_HEADERS, T("civilians killed")), rows, (False, *(True,) * 5))
    return Section(
        "trend",
        T("Violence over time in {country}", country=CountryName(focus)),
        (by_year.headline,),
        picture=picture,
        notes=_part_year(by_year),
        table=table,
    )


def _part_year(by_year: Answer) -> tuple[Text, ...]:
    """Says where the last year is not a whole one."""
    end = by_year.params.get("to")
    if not by_year.rows or not end or str(end).endswith("12-31"):
        return ()
    return (T("{year} runs to {end}.", year=Verbatim(str(end)[:4]), end=dt.date.fromisoformat(str(end))),)


def map_(desk: Desk) -> Section:
    """Deaths by cell in the countries of the case, in the last window."""
    title, span = T("Where"), desk.last_window()
    if span is None:
        return Section("map", title, (T("Not covered."),))
    cells = desk.ask("casualties", country=desk.case.countries, by=("cell",), **span)
    placed = [n for n, row in enumerate(cells.rows) if row["cell"] is not None]
    lost = [n for n, row in enumerate(cells.rows) if row["cell"] is None]
    countries = desk.inquiry.cell_countries()
    picture = None
    if placed and countries:
        drawn = desk.charts(cells).cells([cells.rows[n] for n in placed], countries, desk.case.countries)
        picture = Picture(drawn, T(MAP_CAPTION, **span))
    if not cells.releases:
        return Section("map", title, (cells.headline,))
    within = counted(Number(len(placed), cells.id), "{n} cell", "{n} cells")
    lead = [cells.headline, T("Events coded to a place fell into {cells}.", cells=within)]
    if lost:
        lead.append(
            T(
                "A further {events} with {deaths} are coded only to a region or a country and are not drawn.",
                events=counted(cells.number(lost[0], "events"), "{n} event", "{n} events"),
                deaths=counted(cells.number(lost[0], "deaths_best"), "{n} death", "{n} deaths"),
            )
        )
    table = _cell_table(cells, placed, countries)
    note = T("The {shown} cells with most deaths.", shown=len(table.rows))
    return Section("map", title, tuple(lead), picture=picture, notes=(note, BOUNDARIES), table=table)


def _cell_table(cells: Answer, placed: list[int], countries: dict[int, str]) -> TableView:
    deadliest = sorted(placed, key=lambda n: -cells.rows[n]["deaths_best"])[:MOST_CELLS]
    rows = tuple(
        (
            Verbatim(str(cells.rows[n]["cell"])),
            *_country_of(cells.rows[n]["cell"], countries),
            cells.number(n, "events"),
            *ranged(cells, n),
        )
        for n in deadliest
    )
    return TableView((T("cell (gid)"), T("mostly in"), *COUNT_HEADERS), rows, (False, False, *(True,) * 4))


def fighting(desk: Desk) -> Section:
    """Who fights whom in the countries of the case, in the last window."""
    title, span = T("Who fights whom"), desk.last_window()
    if span is None:
        return Section("fighting", title, (T("Not covered."),))
    found = desk.ask("casualties", country=desk.case.countries, by=("country", "dyad"), **desk.fighting, **span)
    top = [
        n
        for code in desk.case.countries
        for n in sorted(
            (n for n, row in enumerate(found.rows) if row["country"] == code and row["dyad"]),
            key=lambda n: (-found.rows[n]["deaths_best"], n),
        )[:MOST_DYADS]
    ]
    note = T(
        "Up to {shown} pairs a country, the deadliest; names as the publisher writes them. Attacks on civilians "
        "are in the next section.",
        shown=MOST_DYADS,
    )
    picture = _dyad_picture(desk, found, top) if top else None
    table = _dyad_table(found, top)
    return Section("fighting", title, (found.headline,), picture=picture, notes=(note,), table=table)


def _dyad_picture(desk: Desk, found: Answer, top: list[int]) -> Picture:
    drawn = [
        {
            "dyad": found.rows[n]["dyad"],
            "deaths": found.rows[n]["deaths_best"],
            "low": found.rows[n]["deaths_low"],
            "high": found.rows[n]["deaths_high"],
            "country": desk.speaker.say(CountryName(found.rows[n]["country"])),
        }
        for n in top
    ]
    return Picture(desk.charts(found).ranked(drawn, "dyad", "deaths", panel="country"), DYAD_CAPTION)


def _dyad_table(found: Answer, top: list[int]) -> TableView:
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            Verbatim(found.rows[n]["dyad"]),
            found.number(n, "events"),
            *ranged(found, n),
            found.number(n, "deaths_civilians"),
        )
        for n in top
    )
    header = (T("country"), T("pair of actors"), *COUNT_HEADERS, T("civilians killed"))
    return TableView(header, rows, (False, False, *(True,) * 5))


def civilians(desk: Desk) -> Section:
    """Civilians killed by perpetrator, and in fighting between others, apart."""
    focus, span = desk.case.focus, desk.last_window()
    title = T("Civilians killed in {country}", country=CountryName(focus))
    if span is None:
        return Section("civilians", title, (T("Not covered."),))
    harm = desk.ask("civilian-harm", country=(focus,), **span)
    counted_by = "deaths_best" if desk.typed else "deaths_civilians"
    shown = [n for n, row in enumerate(harm.rows) if (row[counted_by] or 0) > 0][:MOST_HARM]
    picture = _harm_picture(desk, harm, shown) if shown else None
    table = _target_table(harm, shown) if desk.typed else _harm_table(harm, shown)
    return Section("civilians", title, (harm.headline,), picture=picture, table=table)


def _harm_picture(desk: Desk, harm: Answer, shown: list[int]) -> Picture:
    words = {
        "one_sided": desk.speaker.words("attacked, by perpetrator"),
        "in_fighting": desk.speaker.words("in fighting between others, by pair"),
        "targeted": desk.speaker.words("in events in which civilians were the target, by perpetrator"),
    }
    unsaid = desk.speaker.words("perpetrator not said")
    drawn = [
        {
            "name": harm.rows[n]["perpetrator"] or harm.rows[n]["dyad"] or unsaid,
            "deaths": harm.rows[n]["deaths_best" if desk.typed else "deaths_civilians"],
            "how": words[harm.rows[n]["harm"]],
        }
        for n in shown
    ]
    return Picture(
        desk.charts(harm).ranked(drawn, "name", "deaths", series="how"), TARGET_CAPTION if desk.typed else HARM_CAPTION
    )


def _target_table(harm: Answer, shown: list[int]) -> TableView:
    rows = tuple(
        (
            Verbatim(harm.rows[n]["perpetrator"]) if harm.rows[n]["perpetrator"] else T("perpetrator not said"),
            harm.number(n, "events"),
            harm.number(n, "deaths_best"),
        )
        for n in shown
    )
    header = (T("perpetrator"), T("events"), T("deaths reported in them, on every side"))
    return TableView(header, rows, (False, True, True))


def _harm_table(harm: Answer, shown: list[int]) -> TableView:
    rows = tuple(
        (
            T("attacked") if harm.rows[n]["harm"] == "one_sided" else T("in fighting"),
            Verbatim(harm.rows[n]["perpetrator"] or harm.rows[n]["dyad"]),
            harm.number(n, "events"),
            harm.number(n, "deaths_civilians"),
            harm.number(n, "share", 1),
        )
        for n in shown
    )
    header = (T("how"), T("perpetrator, or pair of actors"), T("events"), T("civilians killed"))
    return TableView((*header, T("% of civilians killed")), rows, (False, False, True, True, True))


def neighbours(desk: Desk) -> Section:
    """Each neighbour's trend beside the others'."""
    title, months = T("The neighbours"), desk.case.window_months
    if not desk.case.neighbours:
        return Section("neighbours", title, (T("The case names no neighbours."),))
    found = desk.windows(desk.case.neighbours)
    last = latest(found)
    busy = {code for code in last if any(row["deaths_best"] for row in found.rows if row["country"] == code)}
    picture = None
    if busy:
        drawn = desk.charts(found).multiples([row for row in found.rows if row["country"] in busy], months)
        picture = Picture(drawn, T(MULTIPLES_CAPTION, months=months))
    rows = tuple(
        (
            CountryName(code),
            found.number(n, "events"),
            *ranged(found, n),
            Number(found.rows[n]["rank"], found.id),
        )
        for code, n in last.items()
    )
    header = (T("country"), *COUNT_HEADERS, T("rank"))
    lead = neighbours_at_record(desk) or [found.headline]
    quiet = [code for code in last if code not in busy]
    note = T(
        "No deaths in any window and so no panel: {countries}.",
        countries=listing([CountryName(code) for code in quiet]),
    )
    table = TableView(header, rows, (False, *(True,) * 5))
    return Section("neighbours", title, tuple(lead), picture=picture, notes=(note,) if quiet else (), table=table)


MAP_CAPTION = msg(
    "Deaths by PRIO-GRID cell of half a degree, {start} to {end}, best estimate. Lines are the borders between the "
    "countries' cells, not surveyed boundaries."
)
DYAD_CAPTION = T(
    "Deaths on all sides, civilians among them, by pair of actors; best estimate and the range from low to high."
)
HARM_CAPTION = T(
    "Civilians killed, best estimate. The source names a perpetrator only for deliberate attacks on civilians."
)
TARGET_CAPTION = T(
    "Deaths reported in events in which civilians were the target, on every side. The source does not say how many of "
    "the dead were civilians."
)
MULTIPLES_CAPTION = msg(
    "Deaths in the {months} months that end there, each country on its own scale; the band is the range from low to "
    "high where the source gives one; a diamond marks a sum higher than any before it."
)
COUNT_HEADERS = (T("events"), T("deaths"), T("low"), T("high"))
BOUNDARIES = T(
    "The designations employed and the borders drawn do not imply the expression of any opinion on the "
    "legal status of any country or territory, or on the delimitation of its frontiers."
)

SECTIONS: dict[str, Callable[[Desk], Section | None]] = {
    "judgement": judgement,
    "alerts": alerts,
    "trend": trend,
    "timeline": timeline,
    "map": map_,
    "expansion": expansion,
    "borders": borders,
    "fighting": fighting,
    "competition": competition,
    "alliances": alliances,
    "network": network,
    "civilians": civilians,
    "partners": partners,
    "incidents": incidents,
    "presence": presence,
    "vacuum": vacuum,
    "effects": effects,
    "governance": governance,
    "neighbours": neighbours,
    "spillover": spillover,
    "index": index,
    "needs": needs,
    "exposure": exposure,
    "mines": mines,
    "displacement-violence": displacement_violence,
    "influence": influence,
    "forecast": ahead,
    "track-record": track_record,
    "revisions": revised,
}


def _country_of(cell: int, countries: dict[int, str]) -> tuple[Value]:
    return (CountryName(countries[cell]),) if cell in countries else (Verbatim("–"),)

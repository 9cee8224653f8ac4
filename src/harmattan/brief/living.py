"""The sections on people who live near violence and on violence near mines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.living_charts import LivingCharts
from harmattan.brief.outline import Picture, Section, TableView, ranged
from harmattan.brief.standing import said_by
from harmattan.questions.answer import Answer
from harmattan.questions.words import in_words
from harmattan.text import Bilingual, CountryName, T, Text, Value, Verbatim

MOST_SAID = 12


def exposure(desk: Desk) -> Section:
    """People near violence in the last window by country and distance, and over the years."""
    title, span = T("People who live near violence"), desk.last_window()
    if span is None:
        return Section("exposure", title, (T("Not covered."),))
    countries = desk.case.countries
    if not desk.inquiry.has("population", desk.common):
        return Section("exposure", title, (desk.ask("exposure", country=countries, **span).headline,))
    found = desk.ask("exposure", country=countries, by=("country",), **span)
    known = [n for n, row in enumerate(found.rows) if row["people"] is not None]
    if not known:
        return Section("exposure", title, (found.headline,))
    by_year = desk.ask("exposure", country=countries, by=("year", "country"), start=desk.case.since)
    picture = None
    shown = [_by_year(desk, row) for row in by_year.rows if row["people"] is not None and row["covered"] != "no"]
    if shown:
        picture = Picture(_charts(desk, by_year).exposed(shown), EXPOSED_CAPTION)
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            _reach(found.rows[n]),
            found.number(n, "people"),
            found.number(n, "share", 1),
            found.number(n, "places"),
            found.number(n, "events"),
            found.number(n, "deaths_best"),
        )
        for n in known
    )
    header = (T("country"), T("how near"), T("people"), T("% of all"), T("places"), T("events"), T("deaths"))
    table = TableView(header, rows, (False, False, *(True,) * 5))
    notes = [EACH_ONCE, *([ROUGH] if any(found.rows[n]["method"] == "area_share" for n in known) else [])]
    return Section("exposure", title, (found.headline,), picture=picture, notes=tuple(notes), table=table)


EXPOSED_CAPTION = T(
    "People who live within each distance of violence in the year, each counted once; every country on its own scale. "
    "The people are those of one year throughout, so what changes is where violence is."
)
EACH_ONCE = T(
    "Within a row everybody is counted once, however many events are near; rows are never added up. Events known to a "
    "district or less only are left out, so the numbers are too low."
)
ROUGH = T(
    "People are known by administrative unit only and taken to live spread evenly over it: a rough guess, too low "
    "where violence is in towns."
)


def _charts(desk: Desk, *answers: Answer) -> LivingCharts:
    return LivingCharts(desk.speaker, desk.charts(*answers).source)


def _reach(row: Any) -> Text:
    return T("in the cell") if row["km"] is None else T("{km} km", km=Verbatim(f"{row['km']:g}"))


def _by_year(desk: Desk, row: Any) -> dict[str, Any]:
    return {
        "country": desk.speaker.say(CountryName(row["country"])),
        "year": row["period"],
        "people": row["people"],
        "reach": desk.speaker.say(_reach(row)),
        "km": row["km"] or 0,
    }


def mines(desk: Desk) -> Section:
    """Violence near mines beside cells like theirs without, and what the dossier says of mining."""
    title, span = T("Mines and violence"), desk.last_window()
    if span is None:
        return Section("mines", title, (T("Not covered."),))
    found = desk.ask("mines", country=desk.case.countries, **span)
    told = [n for n, row in enumerate(found.rows) if row["scope"] == "dossier"]
    pairs = [n for n, row in enumerate(found.rows) if row["scope"] in ("near", "matched")]
    if not pairs:
        return Section("mines", title, (found.headline,), notes=_incomplete(told), table=_told_table(found, told))
    by_year = desk.ask("mines", country=desk.case.countries, by=("year",), start=desk.case.since)
    sites = [row for row in found.rows if row["scope"] == "site" and row["km"] == found.rows[pairs[-1]]["km"]]
    series = [_series(desk, row) for row in by_year.rows if row["scope"] in SIDES and row["km"] == sites[0]["km"]]
    drawn = _charts(desk, found, by_year).mines(
        sites, [row for row in series if row["deaths"] is not None], desk.inquiry.cell_countries(), desk.case.countries
    )
    rows = tuple(
        (
            SIDES[found.rows[n]["scope"]],
            _reach(found.rows[n]),
            found.number(n, "places"),
            found.number(n, "places_with_violence"),
            found.number(n, "events"),
            *ranged(found, n),
            found.number(n, "deaths_best_per_place", 1),
        )
        for n in pairs
    )
    header = (T("where"), T("how near"), T("places"), T("with violence"), T("events"), T("deaths"), T("low"), T("high"),
              T("deaths a place"))  # fmt: skip
    table = TableView(header, rows, (False, False, *(True,) * 7))
    notes = (NO_CAUSE, *_incomplete(told), *(_said(found, n) for n in told[:MOST_SAID]))
    picture = Picture(drawn, MINES_CAPTION)
    return Section("mines", title, (found.headline,), picture=picture, notes=notes, table=table)


FROM_DOSSIER = T("What the dossier says of mining; it holds what its editors found and could cite.")
SIDES = {"near": T("near mines"), "matched": T("cells like theirs without a mine")}
MINES_CAPTION = T(
    "Above: the sites, and the deaths near each in the last window; a dot alone is a site without. Below: deaths by "
    "year for each place, near mines and in cells like theirs without; best estimate. Where the two differ, the mines "
    "need not be why."
)
NO_CAUSE = T(
    "Cells are like the sites' by country and by the violence of the years before, and by nothing else. A difference "
    "is no effect."
)


def _series(desk: Desk, row: Any) -> dict[str, Any]:
    side = desk.speaker.say(SIDES[row["scope"]])
    return {"year": row["period"], "side": side, "deaths": row["deaths_best_per_place"]}


def _incomplete(told: Sequence[int]) -> tuple[Text, ...]:
    return (FROM_DOSSIER,) if told else ()


def _said(found: Answer, n: int) -> Text:
    """What the dossier says in a sentence, with who says so."""
    row = found.rows[n]
    source, _count = said_by(found, n)
    said: dict[str, Value] = {"when": in_words(row["since"]), "what": _what(found, n), "source": source}
    if not row["country"]:
        return T("{when}: {what} ({source}).", **said)
    return T("{when}, {where}: {what} ({source}).", where=_where(row), **said)


def _where(row: Any) -> Value:
    codes = str(row["country"] or "").split(", ")
    return CountryName(codes[0]) if len(codes) == 1 and codes[0] else Verbatim(row["country"] or "–")


def _told_table(found: Answer, told: Sequence[int]) -> TableView | None:
    """The dossier's facts, where there are no sites to measure at."""
    rows = tuple(
        (
            in_words(found.rows[n]["since"]),
            _where(found.rows[n]),
            _what(found, n),
            *said_by(found, n),
        )
        for n in told[:MOST_SAID]
    )
    header = (T("date"), T("country"), T("what"), T("who says so"), T("sources"))
    return TableView(header, rows, (False, False, False, False, True)) if rows else None


def _what(found: Answer, n: int) -> Value:
    row = found.rows[n]
    what: Text | Bilingual = row["what"]
    if row["value"] is None:
        return what
    return T("{value} {what}", value=found.number(n, "value", 1), what=what)

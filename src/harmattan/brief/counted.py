"""The sections that rest on tables of data sets: stocks of displaced people, plans and money, and the data sets used.

They are part of a brief only where the lake has such data; without them nothing is said here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.brief.standing import NEEDS as REPORTED
from harmattan.brief.standing import first_day
from harmattan.questions.answer import Answer
from harmattan.questions.words import NEEDS, POPULATIONS
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing

DRAWN = {"idps": ("in", "idps"), "refugees": ("from", "refugees")}
"""The groups that are drawn: on which side of the border, and the dossier's indicator for the same."""
SHOWN = ("idps", "returned_idps", "refugees")
MOST_ROWS = 24
INSIDE = ("idps", "returned_idps")
"""Groups that did not leave their country."""
STALE_DAYS = 366
LISTED = ("people_in_need", "people_targeted", "people_reached", "ipc_phase_3_plus")


def counted(desk: Desk) -> Iterator[Section]:
    """The sections on displaced people, needs and money, those of them that have data."""
    for table, section in (("displacement", displaced), ("needs", plans), ("funding", money)):
        if desk.inquiry.has(table, desk.common):
            made = section(desk)
            if made is not None:
                yield made


def displaced(desk: Desk) -> Section | None:
    """Stocks over time by data set with the dossier's reported figures beside, and the newest as a table."""
    found = desk.ask("displacement", country=desk.case.countries)
    if not found.rows:
        return None
    series = desk.ask("displacement", country=desk.case.countries, start=desk.case.since)
    reported = desk.ask("figures", country=desk.case.countries, indicator=REPORTED)
    first, last = desk.case.since.isoformat(), (desk.common.as_of or desk.case.as_of).isoformat()
    points = [*_points(desk, series), *_figures(desk, reported, first, last)]
    picture = None
    if any(not point["reported"] for point in points):
        drawn = desk.charts(series, reported).counts(points, first, last)
        picture = Picture(drawn, COUNTS_CAPTION)
    oldest = _long_before(desk)
    telling = [n for n, row in enumerate(found.rows) if row["place"] is None and row["population"] in SHOWN]
    shown = ([n for n in telling if found.rows[n]["as_of"] >= oldest] or telling)[:MOST_ROWS]
    rows = tuple(
        (
            CountryName(found.rows[n]["country"]),
            _who(found.rows[n]),
            found.number(n, "value"),
            Verbatim(found.rows[n]["as_of"]),
            Verbatim(found.rows[n]["dataset"]),
            _how(found.rows[n]),
        )
        for n in shown
    )
    header = (T("country"), T("who"), T("people"), T("as of"), T("data set"), T("count"))
    table = TableView(header, rows, (False, False, True, True, False, False))
    notes = [T("The newest stock of each data set and group; none are added to each other.")]
    if len(shown) < len(found.rows):
        notes.append(T("{shown} of them are shown; harmattan ask displacement lists all.", shown=len(shown)))
    title = T("How many are displaced, by data set")
    return Section("displacement", title, (found.headline,), picture=picture, notes=tuple(notes), table=table)


def _long_before(desk: Desk) -> str:
    """The day before which the newest number is an old one, two years back."""
    return ((desk.common.as_of or desk.case.as_of) - dt.timedelta(days=2 * STALE_DAYS)).isoformat()


COUNTS_CAPTION = T(
    "Above: internally displaced people in each country. Below: refugees from it. Each line is one data set's count "
    "and each diamond a figure that somebody reported; they are counted differently and never added."
)


def _points(desk: Desk, series: Answer) -> Iterator[dict[str, Any]]:
    for row in series.rows:
        side, _ = DRAWN.get(row["population"], ("", ""))
        if row["direction"] == side and row["place"] is None:
            yield {
                "group": row["population"],
                "country": desk.speaker.say(CountryName(row["country"])),
                "day": row["as_of"],
                "value": row["value"],
                "series": row["dataset"],
                "line": " ".join(str(row[name] or "") for name in ("dataset", "operation", "method")),
                "reported": False,
            }


def _figures(desk: Desk, reported: Answer, first: str, last: str) -> Iterator[dict[str, Any]]:
    groups = {indicator: group for group, (_, indicator) in DRAWN.items()}
    for row in reported.rows:
        whole = row["country"] in desk.case.countries and not row["place"] and row["as_of"]
        if whole and row["indicator"] in groups and first <= first_day(row["as_of"]) <= last:
            yield {
                "group": groups[row["indicator"]],
                "country": desk.speaker.say(CountryName(row["country"])),
                "day": first_day(row["as_of"]),
                "value": row["value"],
                "series": desk.speaker.words("reported figures"),
                "line": "",
                "reported": True,
            }


def _who(row: Any) -> Text:
    group = POPULATIONS.get(row["population"], Verbatim(row["population"]))
    other: Value = CountryName(row["other"]) if row["other"] else None
    if row["direction"] == "in":
        return T("{group} from {other}", group=group, other=other) if other else T("{group}", group=group)
    if other:
        return T("{group} from the country, in {other}", group=group, other=other)
    return T("{group} from the country", group=group)


def _how(row: Any) -> Value:
    parts: list[Value] = [Verbatim(str(row["operation"]))] if row["operation"] else []
    if row["round"] is not None:
        parts.append(T("round {number}", number=Verbatim(str(row["round"]))))
    if row["added_up"] is not None:
        parts.append(T("added up: {parts}", parts=row["added_up"]))
    elif row["population"] not in INSIDE and row["direction"] == "in" and row["other"] is None:
        parts.append(T("no country of origin said"))
    if len(parts) < 2:
        return parts[0] if parts else Verbatim("–")
    said = parts[0]
    for part in parts[1:]:
        said = T("{first}; {second}", first=said, second=part)
    return said


def plans(desk: Desk) -> Section | None:
    """People in need, targeted and reached by plan, with regional plans beside and totals where they are allowed."""
    found = desk.ask("needs", country=desk.case.countries)
    listed = [n for n, row in enumerate(found.rows) if row["indicator"] in LISTED and row["place"] is None]
    oldest = ((desk.common.as_of or desk.case.as_of) - dt.timedelta(days=STALE_DAYS)).isoformat()
    recent = [n for n in listed if found.rows[n]["end"] >= oldest]
    if not listed:
        return None
    rows = tuple(_need_row(found, n) for n in (recent or listed)[:MOST_ROWS])
    header = (T("country"), T("what"), T("people"), T("period"), T("plan or analysis"), T("data set"))
    table = TableView(header, rows, (False, False, True, False, False, False))
    notes = []
    if recent and len(recent) < len(listed):
        notes.append(T("Plans and analyses that had ended a year or more before are left out."))
    return Section("plans", T("How many need help, by plan"), (found.headline,), notes=tuple(notes), table=table)


def _need_row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    plan = _plan(row)
    if row["scope"] == "total":
        plan = T("total of {parts}", parts=row["added_up"])
    elif row["added_up"] is not None:
        plan = T("{plan}; added up: {parts}", plan=plan, parts=row["added_up"])
    return (
        _places(row),
        NEEDS[row["indicator"]],
        found.number(n, "value"),
        _span(row),
        plan,
        Verbatim(row["dataset"]),
    )


def _places(row: Any) -> Value:
    return listing([CountryName(code) for code in row["country"].split(", ")])


def _plan(row: Any) -> Value:
    """The plan's name with its kind, where the name does not say it."""
    name, kind = row["plan"], row["plan_type"]
    if name and kind and kind.lower() not in name.lower():
        return T("{plan} ({kind})", plan=Verbatim(name), kind=Verbatim(kind))
    return Verbatim(str(name or kind or "–"))


def _span(row: Any) -> Value:
    """The months a number is for, or the year; what was projected is called so."""
    start, end = row["start"], row["end"]
    whole = start[:4] == end[:4] and start.endswith("-01-01") and end.endswith("-12-31")
    span = Verbatim(start[:4] if whole else f"{start[:7]} – {end[:7]}")
    return T("{span}, projected", span=span) if row["period"] == "projected" else span


def money(desk: Desk) -> Section | None:
    """What plans ask for and what they have; flows by status where a data set has them."""
    found = desk.ask("funding", country=desk.case.countries)
    last = (desk.common.as_of or desk.case.as_of).year
    recent = [n for n, row in enumerate(found.rows) if row["year"] >= last - 1]
    shown = (recent or list(range(len(found.rows))))[:MOST_ROWS]
    if not shown:
        return None
    flows = any(found.rows[n][name] is not None for n in shown for name in ("pledged", "committed", "paid"))
    columns = ["requirements", "funding", "coverage_percent", *(("committed", "paid") if flows else ())]
    columns = [name for name in columns if any(found.rows[n][name] is not None for n in shown)]
    rows = tuple(
        (
            _places(found.rows[n]),
            _plan(found.rows[n]),
            Verbatim(str(found.rows[n]["year"])),
            *(found.number(n, name, 1 if name == "coverage_percent" else 0) for name in columns),
            Verbatim(found.rows[n]["dataset"]),
        )
        for n in shown
    )
    header = (T("country"), T("plan"), T("year"), *(MONEY_HEADERS[name] for name in columns), T("data set"))
    numeric = (False, False, False, *(True for _ in columns), False)
    title, note = T("What plans ask for and what they have"), T("In US dollars, as each data set counts them.")
    return Section("funding", title, (found.headline,), notes=(note,), table=TableView(header, rows, numeric))


MONEY_HEADERS = {
    "requirements": T("asked for"),
    "funding": T("received"),
    "coverage_percent": T("%"),
    "committed": T("committed flows"),
    "paid": T("paid flows"),
}


def datasets(desk: Desk) -> Section | None:
    """The data sets the brief rests on: licence, coverage, what is hidden, and what is not in the lake."""
    tables = ("displacement", "needs", "funding")
    if not (desk.inquiry.hides() or any(desk.inquiry.has(table, desk.common) for table in tables)):
        return None
    used = {ref.name for answer in desk.answers for ref in answer.releases}
    found = desk.ask("sources", country=desk.case.countries)
    shown = [n for n, row in enumerate(found.rows) if row["release"] in used]
    absent = [Verbatim(row["dataset"]) for row in found.rows if row["release"] is None]
    rows = tuple(_dataset_row(found, n) for n in shown)
    header = (T("release"), T("countries"), T("period"), T("rows"), T("hidden after"), T("licence"))
    table = TableView(header, rows, (False, False, False, True, True, False))
    notes = [T("Outside what is covered a data set says nothing; that is not zero.")]
    if absent:
        notes.append(
            T("No release in the lake: {names}. What only they would tell is not covered.", names=listing(absent))
        )
    return Section("datasets", T("The data sets used"), (DATASETS_LEAD,), notes=tuple(notes), table=table)


DATASETS_LEAD = T("What each data set speaks about of the countries of this brief, and under which licence.")


def _dataset_row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    days = Verbatim(f"{row['start'][:7]} – {row['end'][:7]}" if row["start"] else "–")
    licence: Value = Verbatim(row["licence"])
    if not row["redistributable"]:
        licence = T("{licence} (records may not be handed on)", licence=licence)
    return (
        Verbatim(row["release"]),
        Verbatim(row["covers"] or "–"),
        days,
        found.number(n, "rows"),
        Verbatim(row["hidden_after"] or "–"),
        licence,
    )

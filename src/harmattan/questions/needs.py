"""`needs`: people in need, targeted and reached, and food phases, by country, plan and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.measures.plans import needs as counted_needs
from harmattan.measures.stocks import RANKS
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.extract import DATASET, RELEASE, Extract
from harmattan.questions.holding import holding
from harmattan.questions.parameters import Params
from harmattan.questions.words import NEEDS
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, listing
from harmattan.vocabulary.people import NEEDS_INDICATORS

ACCEPTS = ("country", "indicator", "start", "end", "by", "as_of", "known_by", "release")
BY = ("place", "sector", "group")
COLUMNS = (
    DATASET,
    RELEASE,
    AnswerColumn("indicator", T("what is counted")),
    AnswerColumn("scope", T("country, regional (one number for several countries), or total of country plans")),
    AnswerColumn("country", T("the country, or all that the number is for together"), "ISO 3166 alpha-3"),
    AnswerColumn("level", T("country, admin1, admin2, admin3 or site: what the number is of, or was added up from")),
    AnswerColumn("place", T("where in it, as the publisher writes it; empty: the whole country")),
    AnswerColumn("place_code", T("the publisher's P-code")),
    AnswerColumn("plan", T("the plan or the analysis, in the publisher's words")),
    AnswerColumn("plan_code", T("the publisher's code of the plan")),
    AnswerColumn("plan_type", T("the publisher's kind of plan; plans of several kinds overlap")),
    AnswerColumn("sector", T("sector or cluster; empty: all together")),
    AnswerColumn("group", T("the group, in the publisher's words; empty: all")),
    AnswerColumn("start", T("first day of the period it is for")),
    AnswerColumn("end", T("last day of the period it is for")),
    AnswerColumn("period", T("current, projected, or the publisher's words")),
    AnswerColumn("value", T("as published"), "people"),
    AnswerColumn("added_up", T("what was added up here, where the publisher has no row for all of it")),
    RECORDS,
)
WHAT = T("numbers of people in need")
TOTALLED = ("people_in_need", "people_targeted", "people_reached")
"""What may be added over countries: of one kind of plan, one period, and a plan for each country."""
OVERLAP = T("A regional plan overlaps with the plans of its countries: it is listed and never added to them.")
PHASES = T("Food phases contain each other (phase 3 or worse holds 3, 4 and 5) and are not people in need of a plan.")
PARTS = T("Sectors, groups and plans of several kinds overlap: their numbers are never added.")
TOTAL = T("A total is of country plans of one kind and one period, one for each country asked about.")


def needs(world: World, params: Params) -> Answer:
    """The newest number of each data set, indicator, country and kind of plan; with a period all that touch it."""
    held = holding(world, params, "needs")
    extract = Extract("needs", held, ACCEPTS)
    if not held.held:
        return extract.not_covered(COLUMNS, WHAT)
    rows = held.rows
    if params.indicator:
        rows = rows.filter(rows.indicator.isin(list(params.indicator)))
    found = counted_needs(rows, by=params.by, first=params.start, last=held.last, only_newest=not held.series)
    listed = sorted(found.to_pyarrow().to_pylist(), key=lambda row: _order(row, params.country))
    lines = [_line(extract, row, "place" in params.by) for row in listed]
    lines += _totals(extract, lines)
    scopes, indicators = ({line.values[name] for line in lines} for name in ("scope", "indicator"))
    caveats = [PARTS] if len(lines) > 1 else []
    caveats += [OVERLAP] if "regional" in scopes else []
    caveats += [TOTAL] if "total" in scopes else []
    caveats += [PHASES] if any(str(name).startswith("ipc") for name in indicators) else []
    chart = Chart("bars", x="value", y="country", series="indicator")
    return extract.finish(lines, COLUMNS, _headline(extract, lines), chart=chart, caveats=caveats)


def _order(row: Mapping[str, Any], countries: Sequence[str]) -> tuple[Any, ...]:
    codes = row["places_in"].split(", ")
    known = list(NEEDS_INDICATORS)
    return (
        len(codes) > 1,
        min((countries.index(code) for code in codes if code in countries), default=len(countries)),
        row["places_in"],
        known.index(row["indicator"]) if row["indicator"] in known else len(known),
        row["dataset"],
        row["plan_type"] or "",
        -row["start"].toordinal(),
        row["period"] or "",
        row["plan_code"] or row["plan"] or "",
        row["sector"] or "",
        row["population"] or "",
        RANKS.index(row["level"]) if row["level"] in RANKS else len(RANKS),
        row["of_place"],
    )


def _line(extract: Extract, row: Mapping[str, Any], places: bool) -> Line:
    names = [row[f"{level}_as_written"] or row[f"{level}_code"] for level in ("admin1", "admin2")]
    place = ", ".join(str(name) for name in reversed(names) if name) if places else ""
    several = not places and row["level"] != "country"
    rows = counted(len(row["keys"]), "{n} row", "{n} rows") if len(row["keys"]) > 1 else None
    same = ("dataset", "release", "indicator", "level", "plan", "plan_code", "plan_type", "sector", "period")
    values = {name: row[name] for name in same} | {
        "scope": "regional" if "," in row["places_in"] else "country",
        "country": row["places_in"],
        "place": place or None,
        "place_code": (row["admin2_code"] or row["admin1_code"]) if places else None,
        "group": row["population"],
        "start": row["start"].isoformat(),
        "end": row["end"].isoformat(),
        "value": int(row["value"]) if float(row["value"]).is_integer() else row["value"],
        "added_up": counted(row["n_places"], "{n} place", "{n} places") if several else rows,
    }
    return extract.line(values, row["keys"])


def _totals(extract: Extract, lines: Sequence[Line]) -> list[Line]:
    """Totals over the countries asked about, where each has exactly one plan of the kind for the very same period."""
    wanted = extract.holding.params.country
    parts: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        row = line.values
        whole = row["place"] is None and row["sector"] is None and row["group"] is None and row["scope"] == "country"
        if whole and row["plan_type"] and row["indicator"] in TOTALLED:
            kind = ("dataset", "indicator", "plan_type", "start", "end", "period")
            parts.setdefault(tuple(row[name] for name in kind), []).append(line)
    found = []
    for alike in parts.values():
        if len(wanted) < 2 or sorted(line.values["country"] for line in alike) != sorted(wanted):
            continue
        several = sorted({line.values["release"] for line in alike})
        values = alike[0].values | {
            "release": ", ".join(several),
            "scope": "total",
            "country": ", ".join(sorted(wanted)),
            "plan": None,
            "plan_code": None,
            "value": sum(line.values["value"] for line in alike),
            "added_up": counted(len(alike), "{n} country plan", "{n} country plans"),
        }
        found.append(extract.line(values, [key for line in alike for key in line.criteria.keys]))
    return found


def _headline(extract: Extract, lines: Sequence[Line]) -> Text:
    held = extract.holding
    if not lines:
        return T("{where}: covered, but no number of needs is on record for what was asked.", where=held.about())
    count = counted(extract.number(len(lines)), "{n} number of people in need", "{n} numbers of people in need")
    first = max(
        range(len(lines)),
        key=lambda n: (
            lines[n].values["scope"] == "total",
            lines[n].values["indicator"] == "people_in_need",
            lines[n].values["scope"] == "country" and lines[n].values["place"] is None,
            lines[n].values["start"],
            -n,
        ),
    )
    row = lines[first].values
    one = T(
        "{value} {what} in {places}, {start} to {end} ({source})",
        value=extract.number(row["value"], first),
        what=NEEDS.get(row["indicator"], Verbatim(row["indicator"])),
        places=listing([CountryName(code) for code in row["country"].split(", ")]),
        start=dt.date.fromisoformat(row["start"]),
        end=dt.date.fromisoformat(row["end"]),
        source=_source(row),
    )
    return T("{where}: {count}; {one}.", where=held.about(), count=count, one=one)


def _source(row: Mapping[str, Any]) -> Value:
    parts: list[Value] = [Verbatim(words) for words in (row["plan"] or row["plan_type"], row["dataset"]) if words]
    return T("{plan}; {dataset}", plan=parts[0], dataset=parts[1]) if len(parts) > 1 else parts[0]

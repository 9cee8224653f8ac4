"""`funding`: what plans ask for and what they have, and flows by status; statuses are never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.measures.plans import FLOWS, STATED, budgets
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.extract import DATASET, RELEASE, Extract
from harmattan.questions.holding import holding
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, listing

ACCEPTS = ("country", "start", "end", "by", "as_of", "known_by", "release")
BY = ("sector",)
MONEY = (*STATED, *FLOWS.values())
COLUMNS = (
    DATASET,
    RELEASE,
    AnswerColumn("scope", T("country, or regional: one sum for several countries")),
    AnswerColumn("country", T("the country, or all that the sum is for together"), "ISO 3166 alpha-3"),
    AnswerColumn("plan", T("the plan, in the publisher's words; empty: outside any plan")),
    AnswerColumn("plan_code", T("the publisher's code of the plan")),
    AnswerColumn("plan_type", T("the publisher's kind of plan; plans of several kinds overlap")),
    AnswerColumn("year", T("the year it is for")),
    AnswerColumn("sector", T("sector or cluster; empty: all together")),
    AnswerColumn("requirements", T("what the plan asks for"), "US dollars"),
    AnswerColumn("funding", T("what the plan received, as its publisher counts it"), "US dollars"),
    AnswerColumn("coverage_percent", T("funding as a part of requirements"), "percent"),
    AnswerColumn("pledged", T("flows that are promised"), "US dollars"),
    AnswerColumn("committed", T("flows that are agreed in writing"), "US dollars"),
    AnswerColumn("paid", T("flows that are paid"), "US dollars"),
    AnswerColumn("shared", T("flows shared with countries or plans that are not named; not in the sums"), "flows"),
    RECORDS,
)
WHAT = T("sums of requirements or funding")
APART = T("Pledged, committed and paid are never added up: a pledge becomes a commitment, a commitment is paid.")
OVERLAP = T("A regional plan overlaps with the plans of its countries: it is listed and never added to them.")
LIVING = T("The funding of a plan goes on changing after its year; it is as of the day of its release.")
REPEATED = T("A publisher states several values for one plan and year: each has a row of its own and none are added.")


def funding(world: World, params: Params) -> Answer:
    """The newest year of each data set, country and kind of plan; with a period every year that it touches."""
    held = holding(world, params, "funding")
    extract = Extract("funding", held, ACCEPTS)
    if not held.held:
        return extract.not_covered(COLUMNS, WHAT)
    found = budgets(
        held.rows,
        sectors="sector" in params.by,
        first=params.start.year if params.start else None,
        last=held.last,
        only_newest=not held.series,
    )
    listed = sorted(found.to_pyarrow().to_pylist(), key=lambda row: _order(row, params.country))
    lines = [_line(extract, row) for row in listed]
    caveats = [LIVING] if any(line.values["funding"] is not None for line in lines) else []
    caveats += [APART] if any(line.values[name] is not None for line in lines for name in FLOWS.values()) else []
    caveats += [OVERLAP] if any(line.values["scope"] == "regional" for line in lines) else []
    caveats += [REPEATED] if any(row["nth"] for row in listed) else []
    shared = sum(row["n_shared"] for row in listed)
    if shared:
        caveats.append(
            T("{flows} shared with countries or plans that are not named: not in the sums.",
              flows=counted(shared, "{n} flow is", "{n} flows are"))
        )  # fmt: skip
    chart = Chart("bars", x="coverage_percent", y="plan", series="year")
    return extract.finish(lines, COLUMNS, _headline(extract, lines), chart=chart, caveats=caveats)


def _order(row: Mapping[str, Any], countries: Sequence[str]) -> tuple[Any, ...]:
    codes = row["places_in"].split(", ")
    return (
        len(codes) > 1,
        min((countries.index(code) for code in codes if code in countries), default=len(countries)),
        row["places_in"],
        row["dataset"],
        -row["year"],
        row["plan"] is None,
        row["plan_type"] or "",
        row["plan_code"] or row["plan"] or "",
        row["of_sector"] or "",
        row["nth"],
    )


def _line(extract: Extract, row: Mapping[str, Any]) -> Line:
    money = {name: _whole(row[name]) for name in MONEY}
    asked, has = money["requirements"], money["funding"]
    values = {name: row[name] for name in ("dataset", "release", "plan", "plan_code", "plan_type", "year")} | money
    values |= {
        "scope": "regional" if "," in row["places_in"] else "country",
        "country": row["places_in"],
        "sector": row["of_sector"],
        "coverage_percent": round(100 * has / asked, 1) if asked and has is not None else None,
        "shared": row["n_shared"] or None,
    }
    return extract.line(values, row["keys"] or ())


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _headline(extract: Extract, lines: Sequence[Line]) -> Text:
    held = extract.holding
    if not lines:
        return T("{where}: covered, but no plan or flow is on record for what was asked.", where=held.about())
    count = counted(extract.number(len(lines)), "{n} plan or sum of flows", "{n} plans and sums of flows")
    first = max(
        range(len(lines)),
        key=lambda n: (
            lines[n].values["coverage_percent"] is not None and lines[n].values["sector"] is None,
            lines[n].values["scope"] == "country",
            lines[n].values["year"],
            -n,
        ),
    )
    row = lines[first].values
    if row["coverage_percent"] is None:
        return T("{where}: {count}.", where=held.about(), count=count)
    places = listing([CountryName(code) for code in row["country"].split(", ")])
    name: Value = Verbatim(row["plan"]) if row["plan"] else places
    return T(
        "{where}: {count}; {plan} ({year}, {dataset}) asks for {asked} US dollars and has {has}, {percent} percent.",
        where=held.about(),
        count=count,
        plan=name,
        year=Verbatim(str(row["year"])),
        dataset=Verbatim(row["dataset"]),
        asked=extract.number(row["requirements"], first),
        has=extract.number(row["funding"], first),
        percent=extract.number(row["coverage_percent"], first, 1),
    )

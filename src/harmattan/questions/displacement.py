"""`displacement`: stocks of displaced people, each as one data set counted it; never added over rounds or data sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.measures.stocks import RANKS, between, dated, sided, stocks
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.extract import DATASET, RELEASE, Extract
from harmattan.questions.holding import Holding, holding
from harmattan.questions.parameters import Params
from harmattan.questions.words import POPULATIONS
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, listing
from harmattan.vocabulary.people import GROUPS

ACCEPTS = ("country", "population", "start", "end", "by", "as_of", "known_by", "release")
BY = ("place", "origin")
COLUMNS = (
    DATASET,
    RELEASE,
    AnswerColumn("population", T("who is counted")),
    AnswerColumn("direction", T("in: they are in the country; from: they came from it and are in another")),
    AnswerColumn("country", T("the country asked about"), "ISO 3166 alpha-3"),
    AnswerColumn("other", T("the country at the other end, where there is one and not several"), "ISO 3166 alpha-3"),
    AnswerColumn("level", T("country, admin1, admin2, admin3 or site: what the number is of, or was added up from")),
    AnswerColumn("place", T("where in it, as the publisher writes it; empty: the whole country")),
    AnswerColumn("place_code", T("the publisher's P-code")),
    AnswerColumn("operation", T("the publisher's operation; stocks of two operations are never added")),
    AnswerColumn("round", T("the round of the count; stocks of two rounds are never added")),
    AnswerColumn("method", T("how it was counted, in the publisher's words")),
    AnswerColumn("as_of", T("the day of the stock; of a round its last day, of a year its last day")),
    AnswerColumn("as_of_precision", T("day, month, period or year")),
    AnswerColumn("value", T("people: a stock, not a flow"), "people"),
    AnswerColumn("added_up", T("what of one stock was added up here, where the publisher has no row for all of it")),
    RECORDS,
)
WHAT = T("counts of displaced people")
NEVER_ADDED = T(
    "Stocks are never added up over rounds, operations, data sets or groups: the same people would count again."
)
ADDED = T("Where a publisher gives parts of one stock and no total, the parts are added up; added_up says of what.")
ROUNDS = T("Places may come from different rounds: the newest of each place is shown, with its day.")
OTHER_FIGURES = T(
    "Figures that others reported stand apart and are not mixed in: harmattan ask figures --indicator idps refugees."
)


def displacement(world: World, params: Params) -> Answer:
    """The newest stock of each data set, group and place; with a period every stock in it, by day."""
    held = holding(world, params, "displacement")
    extract = Extract("displacement", held, ACCEPTS)
    if not held.held:
        return extract.not_covered(COLUMNS, WHAT)
    rows = dated(sided(held.rows, params.country))
    if params.population:
        rows = rows.filter(rows.population.isin(list(params.population)))
    rows = between(rows, params.start, held.last)
    places = "place" in params.by
    found = stocks(rows, places=places, partners="origin" in params.by, only_newest=not held.series)
    listed = sorted(found.to_pyarrow().to_pylist(), key=lambda row: _order(row, params.country))
    lines = [_line(extract, row, places) for row in listed]
    caveats = [NEVER_ADDED, *([ADDED] if any(line.values["added_up"] for line in lines) else [])]
    caveats += [ROUNDS] if places and not held.series else []
    chart = Chart("stocks", x="as_of", y="value", series="dataset") if held.series else Chart("none")
    return extract.finish(lines, COLUMNS, _headline(extract, lines), chart=chart, caveats=[*caveats, OTHER_FIGURES])


def _order(row: Mapping[str, Any], countries: Sequence[str]) -> tuple[Any, ...]:
    groups = list(GROUPS)
    group = groups.index(row["population"]) if row["population"] in groups else len(groups)
    last = (row["operation"] or "", row["method"] or "", row["of_other"] == "", row["of_other"])
    place = (RANKS.index(row["level"]) if row["level"] in RANKS else len(RANKS), row["of_place"])
    return (
        countries.index(row["country"]),
        group,
        row["direction"] != "in",
        row["dataset"],
        *last,
        *place,
        -row["stock_day"].toordinal(),
        -(row["round"] or 0),
    )


def _line(extract: Extract, row: Mapping[str, Any], places: bool) -> Line:
    names = [row[f"{level}_as_written"] or row[f"{level}_code"] for level in ("admin1", "admin2")]
    place = ", ".join(str(name) for name in reversed(names) if name) if places else ""
    same = ("dataset", "release", "population", "direction", "country", "level", "operation", "round", "method")
    values = {name: row[name] for name in same} | {
        "other": row["other"] if row["n_others"] == 1 else None,
        "place": place or None,
        "place_code": (row["admin2_code"] or row["admin1_code"]) if places else None,
        "as_of": row["stock_day"].isoformat(),
        "as_of_precision": row["as_of_precision"],
        "value": _whole(row["value"]),
        "added_up": _added_up(row, places),
    }
    return extract.line(values, row["keys"])


def _added_up(row: Mapping[str, Any], places: bool) -> Text | None:
    parts: list[Text] = []
    if not places and row["level"] != "country":
        parts.append(counted(row["n_places"], "{n} place", "{n} places"))
    if row["n_others"] > 1:
        n = row["n_others"]
        refuge = row["direction"] == "from"
        ends = counted(n, "{n} country of refuge", "{n} countries of refuge") if refuge else None
        parts.append(ends or counted(n, "{n} country of origin", "{n} countries of origin"))
    if row["n_sexes"] > 1:
        parts.append(T("the sexes"))
    if row["n_reasons"] > 1:
        parts.append(T("the reasons"))
    if not parts and len(row["keys"]) > 1:
        parts.append(counted(len(row["keys"]), "{n} row", "{n} rows"))
    return T("{parts}", parts=listing(parts)) if parts else None


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _headline(extract: Extract, lines: Sequence[Line]) -> Text:
    held: Holding = extract.holding
    if not lines:
        return T("{where}: covered, but no stock is on record for what was asked.", where=held.about())
    count = counted(extract.number(len(lines)), "{n} stock of displaced people", "{n} stocks of displaced people")
    groups = list(GROUPS)
    first = min(
        range(len(lines)),
        key=lambda n: (
            held.params.country.index(lines[n].values["country"]),
            groups.index(lines[n].values["population"]) if lines[n].values["population"] in groups else len(groups),
            lines[n].values["place"] is not None,
            lines[n].values["direction"] != "in",
            -dt.date.fromisoformat(lines[n].values["as_of"]).toordinal(),
            -lines[n].values["value"],
            n,
        ),
    )
    return T("{where}: {count}; {one}.", where=held.about(), count=count, one=_said(extract, lines[first], first))


def _where(row: Mapping[str, Any]) -> Value:
    """The place, or the country; where only some places of it were counted, how many stands beside."""
    country = CountryName(row["country"])
    if row["place"]:
        return T("{place}, {country}", place=Verbatim(row["place"]), country=country)
    if row["level"] != "country" and row["added_up"] is not None:
        return T("{country} ({parts})", country=country, parts=row["added_up"])
    return country


def _said(extract: Extract, line: Line, n: int) -> Text:
    row = line.values
    group: Value = POPULATIONS.get(row["population"], Verbatim(row["population"]))
    if row["other"] and row["direction"] == "in":
        group = T("{group} from {other}", group=group, other=CountryName(row["other"]))
    values: dict[str, Value] = {
        "value": extract.number(row["value"], n),
        "group": group,
        "place": _where(row),
        "day": dt.date.fromisoformat(row["as_of"]),
        "dataset": Verbatim(row["dataset"]),
    }
    if row["direction"] == "in":
        return T("{value} {group} in {place} on {day} ({dataset})", **values)
    if row["other"]:
        return T(
            "{value} {group} from {place} in {other} on {day} ({dataset})", other=CountryName(row["other"]), **values
        )
    return T("{value} {group} from {place} on {day} ({dataset})", **values)

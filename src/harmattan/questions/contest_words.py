"""What is said about competition in sentences: headlines, the order of rows, and how events without a cell count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harmattan.questions.answer import Chart
from harmattan.questions.build import Draft, Line, about
from harmattan.questions.field import Field
from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, joined, listing
from harmattan.vocabulary.schema import LOCATED

TIMES = ("month", "year", "window")


def order(line: Line) -> tuple[str, str, str, int, int, str]:
    """By time, country and area; within them the most deaths between a pair, or the most events, first."""
    values = line.values
    most = values.get("deaths_best") if "pair" in values else values["events"]
    area = "|".join(str(values.get(name)) for name in ("admin1", "admin2", "region") if name in values)
    names = "|".join(str(values.get(name)) for name in ("group", "pair", "cell"))
    return values["period"], values.get("country", ""), area, -(most or 0), -(values["events"] or 0), names


def about_cells(field: Field, by: Sequence[str]) -> Iterator[Text]:
    """How imprecise places were treated, where cells count."""
    if {"actor", "dyad"} & set(by) and "cell" not in by:
        return
    located = pc.is_in(field.table["where_precision"], pa.array(list(LOCATED)))
    coarse = field.table.filter(pc.invert(pc.and_(located, pc.is_valid(field.table["cell"]))))
    groups = set(field.groups)
    named = (coarse[name].to_pylist() for name in ("n_events", "actors_a", "actors_b"))
    lost = sum(n for n, one, other in zip(*named, strict=True) if groups & {*(one or ()), *(other or ())})
    if lost:
        yield T("Not in any cell: {events} of groups, coded to a larger area or to none.",
                events=counted(lost, "{n} event", "{n} events"))  # fmt: skip
    yield T("Of groups with as many events in a cell, the one with most deaths in them leads, then the first by name.")


def headline(draft: Draft, field: Field, by: Sequence[str], lines: Sequence[Line]) -> Text:
    """The finding in a sentence or two."""
    scope = draft.scope
    said: dict[str, Any] = {"where": about(scope), "start": scope.period.start, "end": scope.period.end}
    if not lines:
        if "window" in by and not field.table.num_rows:
            return T("{where}, {start} to {end}: no such window.", **said)
        if "dyad" in by:
            return T("{where}, {start} to {end}: no two groups fought each other.", **said)
        return T("{where}, {start} to {end}: no group was a side of an event.", **said)
    told = [(n, line.values) for n, line in enumerate(lines)]
    if "dyad" in by:
        return _pairs(draft, told, said)
    if "actor" in by:
        return _shares(draft, told, said)
    if not set(TIMES) & set(by):
        return _places(draft, told, said)
    return _last(draft, told, said)


def _when(values: dict[str, Any]) -> Text:
    """The time and place of a row."""
    period = Verbatim(values["period"].replace("/", " – "))
    places: list[Any] = [CountryName(values["country"])] if "country" in values else []
    places += [Verbatim(str(values[name])) for name in ("admin1", "admin2", "region") if values.get(name)]
    places += [Verbatim(f"gid {values['cell']}")] if values.get("cell") else []
    return T("{period} ({place})", period=period, place=listing(places)) if places else T("{period}", period=period)


def _name(value: Any) -> Any:
    return Verbatim(value) if isinstance(value, str) else value


def _pairs(draft: Draft, told: Sequence[tuple[int, dict[str, Any]]], said: dict[str, Any]) -> Text:
    n, top = max(told, key=lambda row: (row[1]["deaths_best"] or 0, -row[0]))
    pairs = len({str(values["pair"]) for _n, values in told if values["events"]})
    return T(
        "{where}, {start} to {end}: {pairs} fought each other; the deadliest row is {pair}, {period}: {deaths} "
        "in {events}.",
        pairs=counted(Number(pairs, draft.id), "{n} pair of groups", "{n} pairs of groups"),
        pair=_name(top["pair"]),
        period=_when(top),
        deaths=counted(draft.number(top["deaths_best"], n), "{n} death", "{n} deaths"),
        events=counted(draft.number(top["events"], n), "{n} event", "{n} events"),
        **said,
    )


def _shares(draft: Draft, told: Sequence[tuple[int, dict[str, Any]]], said: dict[str, Any]) -> Text:
    last = told[-1][1]["period"]
    n, top = max((row for row in told if row[1]["period"] == last), key=lambda row: (row[1]["events"] or 0, -row[0]))
    return T(
        "{where}, {start} to {end}: in {period} {group} was a side of {events}, {share} % of "
        "what all groups were sides of.",
        period=_when(top),
        group=_name(top["group"]),
        events=counted(draft.number(top["events"], n), "{n} event", "{n} events"),
        share=draft.number(top["share"], n, 1),
        **said,
    )


def _places(draft: Draft, told: Sequence[tuple[int, dict[str, Any]]], said: dict[str, Any]) -> Text:
    cells = sum(values["cells"] or 0 for _n, values in told)
    both = sum(values["contested"] or 0 for _n, values in told)
    return T(
        "{where}, {start} to {end}: groups were active in {cells}, at least two groups in {contested} of them.",
        cells=counted(Number(cells, draft.id), "{n} cell", "{n} cells"),
        contested=Number(both, draft.id),
        **said,
    )


def _last(draft: Draft, told: Sequence[tuple[int, dict[str, Any]]], said: dict[str, Any]) -> Text:
    seen = [row for row in told if row[1]["events"]]
    if not seen:
        return T("{where}, {start} to {end}: no group was a side of an event.", **said)
    n, last = max(seen, key=lambda row: (row[1]["period"], row[1]["events"], -row[0]))
    first = T(
        "{where}, {start} to {end}: in {period}, {groups} were active; {leader} was a side of {share} % of what all "
        "groups were sides of, and {contested} of {cells} active cells were contested.",
        period=_when(last),
        groups=counted(draft.number(last["groups"], n), "{n} group", "{n} groups"),
        leader=_name(last["leader"]),
        share=draft.number(last["leader_share"], n, 1),
        contested=draft.number(last["contested"], n),
        cells=draft.number(last["cells"], n),
        **said,
    )
    if not last["compared"]:
        return first
    changed = T(
        "In {changed} of {compared} cells active before as well another group led than in the period before.",
        changed=draft.number(last["changed"], n),
        compared=draft.number(last["compared"], n),
    )
    return joined([first, changed])


def chart(by: Sequence[str]) -> Chart:
    """How the rows are best drawn."""
    if "cell" in by:
        return Chart("cells", y="groups" if not {"actor", "dyad"} & set(by) else "events")
    timed = bool(set(TIMES) & set(by))
    if "dyad" in by:
        way = {"low": "deaths_low", "high": "deaths_high"}
        if timed:
            return Chart("trend", x="period", y="deaths_best", series="pair", **way)
        return Chart("bars", x="deaths_best", y="pair", **way)
    if "actor" in by:
        return Chart("trend", x="period", y="share", series="group") if timed else Chart("bars", x="share", y="group")
    return Chart("trend", x="period", y="evenness") if timed else Chart("none")

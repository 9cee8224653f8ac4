"""What changed between two releases: records new, gone and revised, with the change in deaths by country and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from harmattan.errors import UsageError
from harmattan.lake.records import changes, summary
from harmattan.lake.shelf import Held
from harmattan.lake.tables import connect, table
from harmattan.text import T, Verbatim
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT

COMPARED = (
    "n_events",
    "violence",
    "dyad",
    "side_a_as_written",
    "side_b_as_written",
    "iso3",
    "lat",
    "lon",
    "where_precision",
    "cell",
    "date_start",
    "date_end",
    "date_precision",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
)
"""A record is revised when one of these differs; sources and descriptions do not count."""


@dataclass(frozen=True)
class Diff:
    """The records of B against those of A, only in places and days that both cover."""

    before: str
    after: str
    records: tuple[dict[str, Any], ...]
    """One row a record that is new, gone or revised: change, event_id, iso3, date_start, deaths, changed columns; of
    dossiers list, change, record, changed columns."""
    by_country_year: tuple[dict[str, Any], ...]
    """iso3, year, new, gone, revised, events_before, events_after, deaths_before, deaths_after (best); of dossiers
    list, new, gone, revised."""


def diff(before: Held, after: Held) -> Diff:
    """Compares two releases of events, of the same kind of figures, or of dossiers, by the id of each record.

    Raises UsageError where they share no place and period, or where one has events and the other sums of them.
    """
    if {before.release.origin.contract, after.release.origin.contract} == {DOSSIER_CONTRACT}:
        changed = changes(before, after)
        return Diff(before.release.name, after.release.name, tuple(changed), tuple(summary(changed)))
    if before.release.coverage.dimensions != after.release.coverage.dimensions:
        raise UsageError(
            T("The records of {a} and {b} cannot be compared: one tells more apart than the other.",
              a=Verbatim(before.release.name), b=Verbatim(after.release.name)),
            do=T("Compare two releases of one kind."),
        )  # fmt: skip
    shared = sorted(set(before.release.coverage.places) & set(after.release.coverage.places))
    period = before.release.coverage.period.meet(after.release.coverage.period)
    if before.release.origin.contract != after.release.origin.contract or not shared or period is None:
        raise UsageError(
            T(
                "{a} and {b} cover no place and period together.",
                a=Verbatim(before.release.name),
                b=Verbatim(after.release.name),
            )
        )
    engine = connect()
    old, new = (_rows(table(engine, held, "events"), shared, period.start, period.end) for held in (before, after))
    both = old.outer_join(new, old.event_id == new.event_id, rname="{name}_after")
    changed = ibis.literal("")
    for column in COMPARED:
        differs = ~both[column].identical_to(both[f"{column}_after"])
        changed = changed.concat(ibis.ifelse(differs, f"{column} ", ""))
    marked = both.mutate(
        change=ibis.cases((both.event_id.isnull(), "new"), (both.event_id_after.isnull(), "gone"), else_="revised"),
        changed=changed,
        id=ibis.coalesce(both.event_id_after, both.event_id),
        place=ibis.coalesce(both.iso3_after, both.iso3),
        day=ibis.coalesce(both.date_start_after, both.date_start),
    ).filter(ibis._.changed != "")
    records = marked.select(
        "change",
        event_id="id",
        iso3="place",
        date_start="day",
        dyad=ibis.coalesce(marked.dyad_after, marked.dyad),
        deaths_before=marked.deaths_best,
        deaths_after=marked.deaths_best_after,
        changed=ibis.ifelse(marked.change == "revised", marked.changed.strip(), ""),
    ).order_by("iso3", "date_start", "event_id")
    listed = records.to_pyarrow().to_pylist()
    return Diff(before.release.name, after.release.name, tuple(listed), tuple(_summary(old, new, listed)))


def _rows(rows: Any, countries: list[str], start: Any, end: Any) -> Any:
    return rows.filter(rows.iso3.isin(countries), rows.date_start.between(start, end)).select("event_id", *COMPARED)


def _summary(old: Any, new: Any, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines: dict[tuple[str, int], dict[str, Any]] = {}
    for name, rows in (("before", old), ("after", new)):
        sums = rows.group_by(iso3=rows.iso3, year=rows.date_start.year()).agg(
            events=rows.n_events.sum(), deaths=rows.deaths_best.sum()
        )
        for row in sums.to_pyarrow().to_pylist():
            line = lines.setdefault((row["iso3"], row["year"]), _empty_line(row["iso3"], row["year"]))
            line[f"events_{name}"], line[f"deaths_{name}"] = row["events"], row["deaths"]
    for record in records:
        lines[record["iso3"], record["date_start"].year][record["change"]] += 1
    changed = [line for line in lines.values() if line["new"] or line["gone"] or line["revised"]]
    return sorted(changed, key=lambda line: (line["iso3"], line["year"]))


def _empty_line(iso3: str, year: int) -> dict[str, Any]:
    counts = ("new", "gone", "revised", "events_before", "events_after", "deaths_before", "deaths_after")
    return {"iso3": iso3, "year": year} | dict.fromkeys(counts, 0)

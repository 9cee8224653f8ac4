"""Two releases of events side by side: each record of one against the record of the other with the same id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from harmattan.errors import UsageError
from harmattan.lake.shelf import Held
from harmattan.lake.tables import Table, table
from harmattan.text import T, Text, Verbatim, counted, listing
from harmattan.vocabulary.period import Period

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
SAME = "same"
COUNTS = ("new", "gone", "revised", "events_before", "events_after", "deaths_before", "deaths_after")


@dataclass(frozen=True)
class Compared:
    """The records of two releases, joined by id.

    `rows` has each record that lies in the places and days that both speak about, in one release or the other: the
    columns of COMPARED as `before`, those of the later release with `_after`; `change` (new, gone, revised or same),
    `changed` (names of columns), `there_before` and `there_after` (whether the version lies within the ground).
    """

    before: Held
    after: Held
    rows: Table
    lacking: tuple[str, ...]
    """The columns that one of the two has not at all, and that cannot be compared."""


def compare(
    engine: Any, before: Held, after: Held, countries: Iterable[str] | None = None, period: Period | None = None
) -> Compared:
    """Two releases of single events, or of sums of the same kind, on the ground they share; None: all of it.

    Of a sample only records that both have are compared. The records of a candidate file are followed wherever the
    final file speaks. Raises UsageError where they share no ground or one tells more apart than the other.
    """
    _refuse_other_detail(before, after)
    places = sorted(shared_places(before, after) & set(countries or before.release.coverage.places))
    days = shared_period(before, after, period)
    if not places or days is None:
        raise UsageError(
            T("{a} and {b} cover no place and period together.", a=Verbatim(before.release.name),
              b=Verbatim(after.release.name))
        )  # fmt: skip
    tables = [table(engine, held, "events").view() for held in (before, after)]
    lacking = _lacking(*tables)
    old, new = (rows.select("event_id", *COMPARED) for rows in tables)
    both = old.outer_join(new, old.event_id == new.event_id, rname="{name}_after")
    followed = _followed(before, after, period) or days
    there_before = (
        both.event_id.notnull() & both.iso3.isin(places) & both.date_start.between(followed.start, followed.end)
    )
    in_days = both.date_start_after.between(days.start, days.end) | (
        both.event_id.notnull() & both.date_start_after.between(followed.start, followed.end)
    )
    there_after = both.event_id_after.notnull() & both.iso3_after.isin(places) & in_days
    rows = both.mutate(
        there_before=there_before.fill_null(False),
        there_after=there_after.fill_null(False),
        changed=_changed(both, before, after, lacking),
    )
    rows = rows.mutate(
        change=ibis.cases(
            (rows.event_id.isnull(), "new"), (rows.event_id_after.isnull(), "gone"), (rows.changed == "", SAME),
            else_="revised",
        )
    ).filter(rows.there_before | rows.there_after)  # fmt: skip
    if "sample" in (before.release.status, after.release.status):
        rows = rows.filter(rows.change.isin([SAME, "revised"]))
    return Compared(before, after, rows, lacking)


def shared_places(before: Held, after: Held) -> set[str]:
    """The places that both releases speak about."""
    return set(before.release.coverage.places) & set(after.release.coverage.places)


def shared_period(before: Held, after: Held, within: Period | None = None) -> Period | None:
    """The days that both releases speak about, or None."""
    shared = before.release.coverage.period.meet(after.release.coverage.period)
    return shared.meet(within) if shared and within else shared


def listed(compared: Compared) -> list[dict[str, Any]]:
    """One row for each record that is new, gone or revised, by country, day and id."""
    rows = compared.rows.filter(compared.rows.change != SAME)
    later = rows.there_after
    shown = rows.select(
        "change",
        event_id=ibis.coalesce(rows.event_id_after, rows.event_id),
        iso3=ibis.ifelse(later, rows.iso3_after, rows.iso3),
        date_start=ibis.ifelse(later, rows.date_start_after, rows.date_start),
        dyad=ibis.coalesce(rows.dyad_after, rows.dyad),
        deaths_before=rows.deaths_best,
        deaths_after=rows.deaths_best_after,
        changed=ibis.ifelse(rows.change == "revised", rows.changed.strip(), ""),
    ).order_by("iso3", "date_start", "event_id")
    return list(shown.to_pyarrow().to_pylist())


def summary(compared: Compared, *, all_lines: bool = False) -> list[dict[str, Any]]:
    """Counts and sums by country and year, each version of a record where it lies; lines with a change only, or all.

    `records` are the versions there of records that are new, gone or revised; such a record counts as one of these
    where its later version lies.
    """
    rows = compared.rows
    lines: dict[tuple[str, int], dict[str, Any]] = {}

    def add(part: Table, iso3: Any, day: Any, **sums: Any) -> None:
        found = part.group_by(iso3=iso3, year=day.year()).agg(**sums)
        for row in found.to_pyarrow().to_pylist():
            key = (row.pop("iso3"), row.pop("year"))
            line = lines.setdefault(key, {"iso3": key[0], "year": key[1]} | dict.fromkeys((*COUNTS, "records"), 0))
            row["records"] = line["records"] + row.pop("records", 0)
            line.update(row)

    old, new = rows.filter(rows.there_before), rows.filter(rows.there_after)
    add(old, old.iso3, old.date_start, events_before=old.n_events.sum(), deaths_before=old.deaths_best.sum(),
        records=(old.change != SAME).sum())  # fmt: skip
    add(new, new.iso3_after, new.date_start_after, events_after=new.n_events_after.sum(),
        deaths_after=new.deaths_best_after.sum(), records=(new.change != SAME).sum())  # fmt: skip
    iso3 = ibis.ifelse(rows.there_after, rows.iso3_after, rows.iso3)
    day = ibis.ifelse(rows.there_after, rows.date_start_after, rows.date_start)
    add(rows, iso3, day, **{name: (rows.change == name).sum() for name in COUNTS[:3]})
    kept = [line for line in lines.values() if all_lines or line["records"]]
    return sorted(kept, key=lambda line: (line["iso3"], line["year"]))


def versions(engine: Any, compared: Compared) -> Table:
    """The versions of all records that are new, gone or revised, with the name of the release each is from."""
    changed = compared.rows.filter(compared.rows.change != SAME)
    old = changed.filter(changed.there_before).select("event_id")
    new = changed.filter(changed.there_after).select(event_id=changed.event_id_after)
    parts = [
        table(engine, held, "events").semi_join(ids, "event_id").mutate(release=ibis.literal(held.release.name))
        for held, ids in ((compared.before, old), (compared.after, new))
    ]
    return parts[0].union(parts[1])


def unchanged(compared: Compared) -> list[str]:
    """Where a candidate file is followed into a final one: the ids that became final as they were, in order."""
    if not _becomes_final(compared.before, compared.after):
        return []
    rows = compared.rows.filter(compared.rows.change == SAME, compared.rows.there_before)
    return sorted(row["event_id"] for row in rows.select("event_id").to_pyarrow().to_pylist())


def notes(compared: Compared, changed: Sequence[dict[str, Any]], same: Sequence[str]) -> list[Text]:
    """What has to be said with a comparison."""
    said = []
    for held in (compared.before, compared.after):
        if held.release.status == "sample":
            said.append(
                T(
                    "{name} is a sample: only records that both have are compared, and its one day of each is revised "
                    "where it lies outside the days of the other.",
                    name=Verbatim(held.release.name),
                )
            )
    if compared.lacking:
        said.append(not_compared(compared.lacking))
    if _becomes_final(compared.before, compared.after):
        n = {name: sum(row["change"] == name for row in changed) for name in COUNTS[:3]}
        all_ = len(same) + n["revised"] + n["gone"]
        said.append(
            T(
                "Of {all}, {same} became final as they were, {revised} were revised and {gone} are gone; {new}.",
                all=counted(all_, "{n} candidate record", "{n} candidate records"),
                same=len(same),
                revised=n["revised"],
                gone=n["gone"],
                new=counted(n["new"], "{n} final record is new", "{n} final records are new"),
            )
        )
    return said


def not_compared(columns: Sequence[str]) -> Text:
    """That columns stand in one of two releases only."""
    return T(
        "Not compared, since one of the two has none of it: {columns}.",
        columns=listing([Verbatim(name) for name in columns]),
    )


def _becomes_final(before: Held, after: Held) -> bool:
    return before.release.status == "candidate" and after.release.status in ("final", "rolling")


def _followed(before: Held, after: Held, within: Period | None) -> Period | None:
    """The days in which the records of a candidate file are looked for in the final one."""
    spoken = after.release.coverage.period
    return (spoken.meet(within) if within else spoken) if _becomes_final(before, after) else None


def _refuse_other_detail(before: Held, after: Held) -> None:
    dimensions = [set(held.release.coverage.dimensions) for held in (before, after)]
    status = [held.release.status for held in (before, after)]
    single = [kind == "sample" or "day" in told for kind, told in zip(status, dimensions, strict=True)]
    if all(single) if "sample" in status else dimensions[0] == dimensions[1]:
        return
    raise UsageError(
        T("The records of {a} and {b} cannot be compared: one tells more apart than the other.",
          a=Verbatim(before.release.name), b=Verbatim(after.release.name)),
        do=T("Compare two releases of one kind."),
    )  # fmt: skip


def _lacking(old: Table, new: Table) -> tuple[str, ...]:
    """The columns in which all that one table says is nothing or `unknown`, and the other says something."""
    said = []
    for rows in (old, new):
        told = {
            name: (rows[name].notnull() & (rows[name].cast("string") != "unknown")).sum().fill_null(0)
            for name in COMPARED
        }
        said.append(dict(rows.agg(rows=rows.count(), **told).to_pyarrow().to_pylist()[0]))
    if not all(counts["rows"] for counts in said):
        return ()
    return tuple(name for name in COMPARED if bool(said[0][name]) != bool(said[1][name]))


def _changed(both: Table, before: Held, after: Held, lacking: Sequence[str]) -> Any:
    """The names of the columns that differ, each followed by a space."""
    changed = ibis.literal("")
    for name in COMPARED:
        if name not in lacking:
            differs = _day_differs(both, before, after, name)
            changed = changed.concat(ibis.ifelse(differs, f"{name} ", ""))
    return changed


def _day_differs(both: Table, before: Held, after: Held, name: str) -> Any:
    """Whether a column differs; a sample has one day, which may be any of the other's."""
    sampled = [held.release.status == "sample" for held in (before, after)]
    if name not in ("date_start", "date_end") or sampled[0] == sampled[1]:
        return ~both[name].identical_to(both[f"{name}_after"])
    if name == "date_end":
        return ibis.literal(False)
    if sampled[1]:
        return ~both.date_start_after.between(both.date_start, both.date_end).fill_null(True)
    return ~both.date_start.between(both.date_start_after, both.date_end_after).fill_null(True)

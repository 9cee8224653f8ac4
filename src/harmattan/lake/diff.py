"""What changed between two releases: records new, gone and revised; of events with the deaths by country and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harmattan.errors import UsageError
from harmattan.lake import diff_events, diff_tables
from harmattan.lake.diff_events import COMPARED
from harmattan.lake.records import changes, summary
from harmattan.lake.shelf import Held
from harmattan.lake.tables import connect
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT

__all__ = ["COMPARED", "Diff", "diff"]


@dataclass(frozen=True)
class Diff:
    """The records of B against those of A; of events only in places and days that both cover."""

    before: str
    after: str
    records: tuple[dict[str, Any], ...]
    """One row a record that is new, gone or revised: change, event_id, iso3, date_start, deaths, changed columns; of
    dossiers list, change, record, changed columns; of other tables table, change, key, iso3, changed columns."""
    by_country_year: tuple[dict[str, Any], ...]
    """iso3, year, new, gone, revised, events_before, events_after, deaths_before, deaths_after (best); of dossiers
    list, new, gone, revised; of other tables table, new, gone, revised, rows_before, rows_after."""
    unchanged: tuple[str, ...] = ()
    """Where A is a candidate file and B a final one: the ids that became final as they were."""
    notes: tuple[Text, ...] = ()
    """What has to be said with it: what could not be compared, and what became of candidates."""


def diff(before: Held, after: Held) -> Diff:
    """Compares two releases of one contract by the key of each record.

    Raises UsageError where they hold different tables, share no place and period, or where one has events and the
    other sums of them.
    """
    contracts = (before.release.origin.contract, after.release.origin.contract)
    names = (before.release.name, after.release.name)
    if contracts == (DOSSIER_CONTRACT, DOSSIER_CONTRACT):
        changed = changes(before, after)
        return Diff(*names, tuple(changed), tuple(summary(changed)))
    if contracts[0] != contracts[1]:
        raise UsageError(
            T("{a} holds {these} and {b} holds {those}.", a=Verbatim(names[0]), these=Verbatim(contracts[0]),
              b=Verbatim(names[1]), those=Verbatim(contracts[1])),
            do=T("Compare two releases of one kind."),
        )  # fmt: skip
    if contracts[0] != "events":
        rows, lines, notes = diff_tables.changes(connect(), before, after)
        return Diff(*names, tuple(rows), tuple(lines), notes=tuple(notes))
    compared = diff_events.compare(connect(), before, after)
    listed = diff_events.listed(compared)
    unchanged = diff_events.unchanged(compared)
    notes = diff_events.notes(compared, listed, unchanged)
    lines = [{name: line[name] for name in line if name != "records"} for line in diff_events.summary(compared)]
    return Diff(*names, tuple(listed), tuple(lines), tuple(unchanged), tuple(notes))

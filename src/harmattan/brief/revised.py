"""The section on what the publisher changed: what a brief of last year rested on may be another number today."""

from __future__ import annotations

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Section, TableView
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Value, Verbatim

MOST_ROWS = 10
CHANGED = ("new", "gone", "revised", "deaths_change")


def revised(desk: Desk) -> Section | None:
    """The years whose numbers the two newest releases tell differently, by how much; None where none differs."""
    found = desk.ask("revisions", country=desk.case.countries, start=desk.case.since)
    telling = [n for n, row in enumerate(found.rows) if _differs(found, n)]
    if not telling:
        desk.answers.remove(found)
        return None
    most = sorted(telling, key=lambda n: -abs(found.rows[n]["deaths_change"] or 0))[:MOST_ROWS]
    header = (T("country"), T("year"), T("events before"), T("events after"), T("deaths before"), T("deaths after"))
    table = TableView(header, tuple(_row(found, n) for n in sorted(most)), (False, False, *(True,) * 4))
    notes = [T("Only years that changed are shown. A number of an earlier brief may rest on the earlier release.")]
    if len(most) < len(telling):
        notes.append(T("The {shown} that changed most; harmattan ask revisions lists all.", shown=len(most)))
    return Section("revisions", T("What the publisher changed"), (found.headline,), notes=tuple(notes), table=table)


def _differs(found: Answer, n: int) -> bool:
    row = found.rows[n]
    return any(row[name] for name in CHANGED) or row["events_before"] != row["events_after"]


def _row(found: Answer, n: int) -> tuple[Value, ...]:
    row = found.rows[n]
    counts = ("events_before", "events_after", "deaths_before", "deaths_after")
    return CountryName(row["country"]), Verbatim(str(row["year"])), *(found.number(n, name) for name in counts)

"""What changed between two releases, on its way out: sums by country and year, or record by record."""

from __future__ import annotations

from collections.abc import Mapping

from harmattan.export.plain import rows_plain
from harmattan.export.sheet import Sheet, SheetColumn, attributions
from harmattan.lake.diff import Diff
from harmattan.lake.shelf import Held
from harmattan.questions.evidence import refuse_closed
from harmattan.text import T, Text, Verbatim
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.origin import ReleaseRef

MEANINGS: Mapping[str, Text] = {
    "iso3": T("country"),
    "year": T("year"),
    "list": T("the list of the dossier"),
    "table": T("the table"),
    "new": T("records that only the later release has"),
    "gone": T("records that only the earlier release has"),
    "revised": T("records that both have and that differ"),
    "events_before": T("events in the earlier release"),
    "events_after": T("events in the later release"),
    "deaths_before": T("deaths in the earlier release, best estimate"),
    "deaths_after": T("deaths in the later release, best estimate"),
    "rows_before": T("rows in the earlier release"),
    "rows_after": T("rows in the later release"),
    "change": T("new, gone or revised"),
    "changed": T("the columns that differ"),
}
"""What the columns of a comparison mean, those whose name does not say it."""


def of_diff(found: Diff, speaker: Speaker, before: Held, after: Held, *, records: bool = False) -> Sheet:
    """A comparison as a table; with `records` each record that is new, gone or revised."""
    rows = found.records if records else found.by_country_year
    plain = tuple(rows_plain(rows))
    columns = tuple(
        SheetColumn(name, "", speaker.say(MEANINGS[name]) if name in MEANINGS else "")
        for name in (plain[0] if plain else ())
    )
    refs = [ReleaseRef.to(held.release) for held in (before, after)]
    notes = tuple(speaker.say(note) for note in found.notes)
    return Sheet("diff", speaker.say(headline(found)), columns, plain, notes, attributions(refs, speaker))


def headline(found: Diff) -> Text:
    """How many records changed."""
    return T(
        "From {before} to {after}: {n} records new, gone or revised.",
        before=Verbatim(found.before),
        after=Verbatim(found.after),
        n=len(found.records),
    )


def guard_records(before: Held, after: Held, what: str) -> None:
    """Raises LicenceError where single records of one of two releases may not be handed on."""
    closed = [
        ReleaseRef.to(held.release) for held in (before, after) if not held.release.origin.licence.redistributable
    ]
    refuse_closed(closed, what)

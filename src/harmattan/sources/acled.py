"""ACLED's events: exports of its website (current, or with HXL tags as of 2020) and pages of its interface, as EVENTS.

ACLED allows no handing on of its rows (https://acleddata.com/eula). `violence` stays empty: its event types are not
UCDP's kinds of violence, and the two count different things.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.acled_columns import AT_SEA, ID, check_layout, mapped, schema_changes
from harmattan.sources.acled_fetch import fetch
from harmattan.sources.acled_pages import DELETED_AT, Restriction, is_json, page_table, read_page
from harmattan.sources.acled_release import ORIGIN, Seen, citation, coverage, label_of, publication
from harmattan.sources.acled_update import Before, keep_newest, lay_over
from harmattan.sources.containers import plain_file, with_even_lines
from harmattan.sources.engine import (
    EVENTS_FILE,
    REJECTS_FILE,
    Engine,
    UnevenLines,
    engine,
    literal,
    write_parquet,
    write_rejects,
)
from harmattan.sources.files import table_of
from harmattan.sources.reading import Options, Reading
from harmattan.sources.ucdp_ged_rejects import Log, find_unsplit, rejected
from harmattan.text import T, Verbatim
from harmattan.vocabulary.event_types import EVENT_TYPES, TAXONOMY
from harmattan.vocabulary.schema import EVENTS

__all__ = ["FETCH", "ORIGIN", "read"]
KEYS = ("ACLED_USERNAME", "ACLED_PASSWORD")
"""The secrets that fetching needs."""


FETCH = fetch
FEW_ROWS = 100
"""In a file with fewer rows it means nothing that a type of events is missing."""


@dataclass
class Opened:
    """The files of one reading: tables of rows, deletions, and what the pages say of the licence."""

    logs: list[Log] = field(default_factory=list)
    deleted: dict[str, int] = field(default_factory=dict)
    """When an event was deleted, in seconds since 1970, by its id."""
    restriction: Restriction | None = None
    pages: int = 0
    changes: list[str] = field(default_factory=list)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads one state of ACLED's data into `into`/events.parquet and `into`/rejects.parquet.

    Of an event that stands several times the state with the newest timestamp is kept. With `options.base` the rows
    are laid over those of that release, and events deleted since are taken out. Raises WrongFile where a file is not
    ACLED's, UsageError where nothing says of which day it is.
    """
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the files that were exported."))
    try:
        return _read(files, into, options)
    except UnevenLines:
        return _read(files, into, options, even=True)


def _read(files: Sequence[Path], into: Path, options: Options, even: bool = False) -> Reading:
    events = into / EVENTS_FILE
    with engine(into) as duck:
        opened = _open(files, even, duck)
        label, (published, published_basis) = label_of(options), publication(options)
        before = Before.read(options.base) if options.base else None
        write_parquet(_accepted(opened.logs, duck), events, EVENTS)
        _refuse_what_is_no_data(opened)
        keep_newest(opened.logs, events, duck)
        gone = lay_over(before, opened.deleted, events, duck)
        rejects = write_rejects(rejected(opened.logs, duck), into / REJECTS_FILE)
        seen = _seen(events, opened.logs, duck)
        notices = [*opened.changes, *_unknown_types(events, duck)]
        if not opened.pages:
            notices += _missing_types(events, seen, duck)
    if gone:
        notices.append(f"Events that ACLED deleted since the release before, and that were taken out: {gone}.")
    return Reading(
        label=label,
        status="rolling",
        published=published,
        published_basis=published_basis,
        citation=citation(options),
        coverage=coverage(
            options, seen, opened.restriction, before.coverage if before else None, pages=opened.pages > 0
        ),
        rows=seen.rows,
        events=seen.rows,
        rejects=rejects,
        range_broken=0,
        notices=tuple(dict.fromkeys(notices)),
        derived_from=(before.digest,) if before else (),
    )


def _open(files: Sequence[Path], even: bool, duck: Engine) -> Opened:
    opened = Opened()
    for number, path in enumerate(files):
        if is_json(path):
            _open_page(path, number, duck, opened)
            continue
        plain = plain_file(path, duck.scratch, number)
        if even and plain.kind == "csv":
            plain = with_even_lines(plain, duck.scratch, number)
        table = table_of(path, plain, duck, number)
        if DELETED_AT in table.columns and ID in table.columns:
            rows = duck.rows(f"SELECT {ID}, {DELETED_AT} FROM {table.relation}")
            _note_deleted(opened, ({ID: id_, DELETED_AT: at} for id_, at in rows))
            continue
        check_layout(table.columns, path)
        opened.changes += schema_changes(table.columns)
        opened.logs.append(Log(table, plain=plain.path if plain.kind == "csv" else None, id_column=ID))
    return opened


def _open_page(path: Path, number: int, duck: Engine, opened: Opened) -> None:
    page = read_page(path)
    opened.pages += 1
    restriction = page.restriction
    if restriction and (opened.restriction is None or restriction.after < opened.restriction.after):
        opened.restriction = restriction
    if page.deletions:
        _note_deleted(opened, page.rows)
    elif page.rows:
        table = page_table(path, page, duck, number)
        check_layout(table.columns, path)
        opened.changes += schema_changes(table.columns)
        opened.logs.append(Log(table, id_column=ID))


def _note_deleted(opened: Opened, rows: Any) -> None:
    """Notes when events were deleted; of several times of one event the last. Rows without a number say nothing."""
    for row in rows:
        try:
            id_, at = str(row[ID]).strip(), int(float(row[DELETED_AT]))
        except (KeyError, TypeError, ValueError, OverflowError):
            opened.changes.append("A deletion without an id or a number as its time was left out.")
            continue
        opened.deleted[id_] = max(at, opened.deleted.get(id_, at))


def _accepted(logs: Sequence[Log], duck: Engine) -> Iterator[Any]:
    """The rows of all files that can be taken, as Arrow batches; the rest is noted in the logs."""
    for log in logs:
        for batch in duck.batches(mapped(log.table)):
            yield log.note(batch).select(EVENTS.names)
        find_unsplit(log, duck)


def _refuse_what_is_no_data(opened: Opened) -> None:
    """Raises WrongFile for files without a row, and where most rows cannot be taken; what is at sea does not count."""
    for log in opened.logs:
        if not log.rows and not log.unsplit:
            raise WrongFile(
                T("{file} has the columns of ACLED's events but no rows.", file=Verbatim(log.table.path.name)),
                do=T("Download it again."),
            )
    if not opened.logs and not opened.pages:
        raise WrongFile(T("The files name deleted events only, and no event."), do=T("Name a file with events too."))
    reasons = Counter(reason for log in opened.logs for reason in log.refused.values() if reason != AT_SEA)
    reasons.update(row["reason"] for log in opened.logs for row in log.unsplit)
    taken = sum(log.taken for log in opened.logs)
    if reasons.total() > taken:
        raise WrongFile(
            T(
                "{file} is not what it claims to be: {n} of {all} rows cannot be taken.",
                n=reasons.total(),
                all=reasons.total() + taken,
                file=Verbatim(", ".join(log.table.path.name for log in opened.logs)[:200]),
            ),
            available=T("The commonest reason: {reason}.", reason=Verbatim(reasons.most_common(1)[0][0])),
            do=T("Take the file as ACLED exports it; dates are written 2022-03-27 or 27 March 2022."),
        )


def _seen(events: Path, logs: Sequence[Log], duck: Engine) -> Seen:
    rows, first, last, countries = duck.row(
        "SELECT count(*), min(date_start), max(date_start), list(DISTINCT iso3) "
        f"FROM read_parquet({literal(str(events))})"
    )
    regions = frozenset(region for log in logs for region in log.regions)
    return Seen(int(rows), _date(first), _date(last), frozenset(countries or ()), regions)


def _date(value: Any) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _unknown_types(events: Path, duck: Engine) -> list[str]:
    """Counts the events whose type is not in the taxonomy; they are kept, and in no group."""
    known = {(kind.event_type, kind.sub_event_type) for kind in TAXONOMY}
    found = duck.rows(
        f"SELECT event_type, sub_event_type, count(*) FROM read_parquet({literal(str(events))}) "
        "GROUP BY ALL ORDER BY ALL"
    )
    new = [f"{type_} / {sub_type or '-'} ({n})" for type_, sub_type, n in found if (type_, sub_type) not in known]
    if not new:
        return []
    return [f"Events of types that are not known, kept and counted in no group: {', '.join(new[:20])}."]


def _missing_types(events: Path, seen: Seen, duck: Engine) -> list[str]:
    """The types of which an exported file has nothing at all: it may have been filtered."""
    if seen.rows < FEW_ROWS:
        return []
    there = {row[0] for row in duck.rows(f"SELECT DISTINCT event_type FROM read_parquet({literal(str(events))})")}
    missing = [name for name in EVENT_TYPES if name not in there]
    if not missing:
        return []
    return [f"The file has no event of the types {', '.join(missing)}: if it was filtered, its silence means nothing."]

"""UCDP's georeferenced events: every layout that its files have had, as the table of the contract EVENTS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
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
from harmattan.sources.ucdp_fetch import fetch as FETCH
from harmattan.sources.ucdp_ged_columns import UNREAD_DATE, check_layout, mapped
from harmattan.sources.ucdp_ged_layouts import notices
from harmattan.sources.ucdp_ged_pages import is_page, page_table, refuse_missing_pages
from harmattan.sources.ucdp_ged_rejects import (
    Log,
    find_unsplit,
    refuse_day_first,
    refuse_if_most,
    refuse_repeats,
    rejected,
)
from harmattan.sources.ucdp_ged_release import (
    DATASET_ARTICLE,
    Seen,
    citation,
    coverage,
    find_label,
    looks_like_label,
    publication,
    status_of,
)
from harmattan.sources.ucdp_ged_repair import damage_of, repaired
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.schema import EVENTS

__all__ = ["FETCH", "ORIGIN", "read"]

ORIGIN = Origin(
    dataset="ucdp-ged",
    publisher="Uppsala Conflict Data Program (UCDP)",
    title="UCDP Georeferenced Event Dataset (GED)",
    url="https://ucdp.uu.se/downloads/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation=DATASET_ARTICLE,
)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads one release, in one file or several, into `into`/events.parquet and `into`/rejects.parquet.

    A file is one that UCDP or HDX publishes, an export of its site, or a page of its interface. Rows keep their order.
    A row that cannot be taken goes to the rejects with its line and the reason. Raises WrongFile where a file is not
    UCDP GED, UsageError where neither files nor options say which release it is.
    """
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the files of one release."))
    try:
        return _read(files, into, options)
    except UnevenLines:
        return _read(files, into, options, even=True)


def _read(files: Sequence[Path], into: Path, options: Options, even: bool = False) -> Reading:
    """What `read` does; `even` makes line ends the same first."""
    events = into / EVENTS_FILE
    with engine(into) as duck:
        logs = [_open(path, number, even, duck) for number, path in enumerate(files)]
        refuse_missing_pages([log.answer for log in logs if log.answer], files[0])
        names = [name for log in logs for name in log.table.names]
        if not any("ged_version" in log.table.columns for log in logs):
            publication(find_label(options, (), names), options)
        write_parquet(_accepted(logs, duck), events, EVENTS.first)
        label = find_label(options, {version for log in logs for version in log.versions}, names)
        rejects = _write_rejects(logs, into, duck)
        seen, rows, range_broken = _seen(events, logs, duck, options)
    published, published_basis = publication(label, options, seen.last)
    return Reading(
        label=label,
        status=status_of(label),
        published=published,
        published_basis=published_basis,
        citation=citation(label),
        coverage=coverage(label, seen, options),
        rows=rows,
        events=rows,
        rejects=rejects,
        range_broken=range_broken,
        notices=notices((log.table.path.name, log.table.columns) for log in logs if log.rows),
    )


def _open(path: Path, number: int, even: bool, duck: Engine) -> Log:
    plain = plain_file(path, duck.scratch, number)
    if is_page(plain):
        table, answer = page_table(path, plain, duck.scratch, number)
        check_layout(table.columns, path)
        return Log(table, answer=answer)
    damage = damage_of(plain)
    if damage:
        return repaired(path, plain, damage, duck.scratch / f"repaired-{number}", number)
    if even and plain.kind == "csv":
        plain = with_even_lines(plain, duck.scratch, number)
    table = table_of(path, plain, duck, number)
    check_layout(table.columns, path)
    return Log(table, plain=plain.path if plain.kind == "csv" else None)


def _accepted(logs: Sequence[Log], duck: Engine) -> Iterator[Any]:
    """The rows of all files that can be taken, as Arrow batches; the rest is noted in the logs."""
    import pyarrow.compute as pc

    for log in logs:
        for batch in duck.batches(mapped(log.table)):
            taken = log.note(batch)
            versions = pc.unique(batch.column("ged_version")).to_pylist()
            log.versions.update(name for name in versions if name and looks_like_label(name))
            yield taken.select(EVENTS.first.names)
        find_unsplit(log, duck)


def _write_rejects(logs: Sequence[Log], into: Path, duck: Engine) -> int:
    """Writes the rows that were not taken, reading the files again only where there are some."""
    for log in logs:
        if not log.rows and not log.unsplit and log.answer is None:
            raise WrongFile(
                T("{file} has the columns of UCDP GED but no rows.", file=Verbatim(log.table.path.name)),
                do=T("Download it again."),
            )
        if UNREAD_DATE in log.refused.values():
            refuse_day_first(log.table, duck)
    refuse_if_most(logs)
    refuse_repeats(logs, into / EVENTS_FILE, duck)
    return write_rejects(rejected(logs, duck), into / REJECTS_FILE)


def _seen(events: Path, logs: Sequence[Log], duck: Engine, options: Options) -> tuple[Seen, int, int]:
    """What the accepted rows say of the release, how many there are, and how many break low <= best <= high.

    An answer of the interface without a row speaks about what was asked. Raises UsageError where that is not said.
    """
    rows, broken, first, last, countries = duck.row(
        "SELECT count(*), sum(n_range_broken), min(date_start), max(date_start), list(DISTINCT iso3) "
        f"FROM read_parquet({literal(str(events))})"
    )
    if not rows:
        if not (options.places and options.start and options.end):
            raise UsageError(
                T("The answer holds no event and does not say what it is about."),
                do=T("Say {options}.", options=Verbatim("--places, --from and --to")),
            )
        return Seen(options.start, options.end, frozenset(), frozenset()), 0, 0
    regions = frozenset(region for log in logs for region in log.regions)
    return Seen(first, last, frozenset(countries), regions), int(rows), int(broken)

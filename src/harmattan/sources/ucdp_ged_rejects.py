"""The rows of a GED file that are not taken, each with its line and the reason; nothing goes in silence."""

from __future__ import annotations

import bisect
import csv
import heapq
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.engine import Engine, literal, quoted
from harmattan.sources.files import TextTable
from harmattan.sources.ucdp_ged_columns import DAY_FIRST, MONTH_FIRST
from harmattan.sources.ucdp_ged_pages import Page
from harmattan.text import T, Verbatim
from harmattan.vocabulary.schema import EVENTS

SAME, DIFFERENT = "the id stands twice, with the same event", "the id stands twice, with another event"
UNSPLIT = {
    "MISSING COLUMNS": "wrong number of fields",
    "TOO MANY COLUMNS": "wrong number of fields",
    "UNQUOTED VALUE": "a quotation mark is not closed",
    "INVALID ENCODING": "the row is not UTF-8",
    "LINE SIZE OVER MAXIMUM": "the row is too long",
}
"""DuckDB's kinds of rows that it cannot split into fields, in words."""

LONGEST_ROW_CHARS = 100_000
"""What is kept of a rejected row as it was written."""


@dataclass
class Log:
    """What was met while one file was read: rows, those refused, and what they say of their release."""

    table: TextTable
    rows: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    """The reason by the row's number among those that could be split into fields, from 1, in their order."""
    unsplit: list[dict[str, Any]] = field(default_factory=list)
    """Rows that could not be split into fields or not be repaired, as rows of the contract REJECTS."""
    regions: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    plain: Path | None = None
    """The unpacked CSV file, to see how it ends."""
    answer: Page | None = None
    """What the interface said of the page that the rows stand in."""
    id_column: str = "id"

    @property
    def taken(self) -> int:
        """How many rows went into the table of events."""
        return self.rows - len(self.refused)

    def note(self, batch: Any) -> Any:
        """Notes what a batch of mapped rows says; returns those of its rows that can be taken."""
        import pyarrow.compute as pc

        reasons = batch.column("reason")
        if reasons.null_count < batch.num_rows:
            found = enumerate(reasons.to_pylist(), start=self.rows + 1)
            self.refused.update((row, reason) for row, reason in found if reason)
        self.rows += batch.num_rows
        self.regions.update(name for name in pc.unique(batch.column("region")).to_pylist() if name)
        return batch if reasons.null_count == batch.num_rows else batch.filter(pc.is_null(reasons))


def nth_free(place: int, shifts: Sequence[int]) -> int:
    """The `place`-th number, from 1, that is not taken; `shifts` from `shifts_of` the taken ones.

    >>> [nth_free(place, shifts_of([2, 3])) for place in (1, 2, 3)]
    [1, 4, 5]
    """
    return place + bisect.bisect_right(shifts, place)


def shifts_of(taken: Iterable[int]) -> list[int]:
    """What `nth_free` needs to know of the taken numbers, which come in order."""
    return [number - place for place, number in enumerate(taken)]


def find_unsplit(log: Log, duck: Engine) -> None:
    """Notes the rows that DuckDB could not split into fields, once the file has been read."""
    table = log.table
    if table.unsplit is None:
        return
    query = f"SELECT line, min(error_type), min(csv_line) FROM {table.unsplit} GROUP BY 1 ORDER BY 1"
    for line, kind, text in duck.rows(query):
        reason = UNSPLIT.get(str(kind), str(kind).lower())
        log.unsplit.append(reject(table, int(line), _id_in(log, str(text)), reason, str(text).strip("\r\n")))
    if log.unsplit and log.plain is not None:
        _refuse_cut_off(log, log.plain)


def _refuse_cut_off(log: Log, plain: Path) -> None:
    """Raises WrongFile for a file that ends within a row or a quotation: what is missing must not turn into zeros."""
    last = log.unsplit[-1]
    quotes, tail = 0, b""
    with plain.open("rb") as file:
        while block := file.read(1 << 20):
            quotes += block.count(b'"')
            tail = (tail + block)[-4096:]
    open_quote = quotes % 2 == 1
    cut = not tail.endswith((b"\n", b"\r")) and tail.decode("utf-8", "replace").endswith(last["row_as_written"][-200:])
    if open_quote or cut:
        what = (
            T(
                "{file} has a quotation mark that is never closed, at line {line} or before.",
                line=last["line"],
                file=Verbatim(log.table.path.name),
            )
            if open_quote
            else T(
                "{file} ends within a row, at line {line}: it was cut off.",
                line=last["line"],
                file=Verbatim(log.table.path.name),
            )
        )
        raise WrongFile(what, do=T("Take the whole file from its publisher again."))


def refuse_repeats(logs: Sequence[Log], events: Path, duck: Engine) -> None:
    """Keeps the first row of each id in the table of events and notes the others as refused."""
    table = f"read_parquet({literal(str(events))}, file_row_number = true)"
    rows, ids = duck.row(f"SELECT count(*), count(DISTINCT event_id) FROM {table}")
    if rows == ids:
        return
    values = ", ".join(EVENTS.first.names)
    duck.connection.execute(
        f"CREATE TEMP TABLE repeated AS SELECT file_row_number AS place, "
        f"hash({values}) = first_value(hash({values})) OVER one AS same FROM {table} "
        f"WHERE event_id IN (SELECT event_id FROM {table} GROUP BY 1 HAVING count(*) > 1) "
        "WINDOW one AS (PARTITION BY event_id ORDER BY file_row_number) QUALIFY row_number() OVER one > 1"
    )
    later = duck.rows("SELECT place, same FROM repeated ORDER BY place")
    first = duck.scratch / "first.parquet"
    kept = f"SELECT {values} FROM {table} WHERE file_row_number NOT IN (SELECT place FROM repeated)"
    duck.write(f"{kept} ORDER BY file_row_number", first)
    first.replace(events)
    start = 0
    for log in logs:
        shifts, taken = shifts_of(log.refused), log.taken
        again = {
            nth_free(place - start + 1, shifts): SAME if same else DIFFERENT
            for place, same in later
            if start <= place < start + taken
        }
        log.refused = dict(sorted((log.refused | again).items()))
        start += taken


def refuse_if_most(logs: Sequence[Log]) -> None:
    """Raises WrongFile where more than half of the rows cannot be taken, with the commonest reason."""
    reasons = Counter(reason for log in logs for reason in log.refused.values())
    reasons.update(row["reason"] for log in logs for row in log.unsplit)
    rejects, taken = reasons.total(), sum(log.taken for log in logs)
    if rejects <= taken:
        return
    raise WrongFile(
        T(
            "{file} is not what it claims to be: {n} of {all} rows cannot be taken.",
            n=rejects,
            all=rejects + taken,
            file=Verbatim(", ".join(log.table.path.name for log in logs)),
        ),
        available=T("The commonest reason: {reason}.", reason=Verbatim(reasons.most_common(1)[0][0])),
        do=T("Take the file as UCDP publishes it."),
    )


def refuse_day_first(table: TextTable, duck: Engine) -> None:
    """Raises WrongFile where a file writes the day before the month: then 05/06 is a guess in every row."""
    day_first, month_first = duck.row(
        f"SELECT count(*) FILTER (regexp_full_match(date_start, {literal(DAY_FIRST)})), "
        f"count(*) FILTER (regexp_full_match(date_start, {literal(MONTH_FIRST)})) FROM {table.again}"
    )
    if day_first > month_first:
        raise WrongFile(
            T(
                "{file} writes days before months; which part of 05/06 is the month cannot be told in every row.",
                file=Verbatim(table.path.name),
            ),
            do=T("Save it with dates as 2022-10-31."),
        )


def rejected(logs: Sequence[Log], duck: Engine) -> Iterator[dict[str, Any]]:
    """The rows that are not taken, by file and line, as rows of the contract REJECTS; reads the files again."""
    for log in logs:
        yield from heapq.merge(log.unsplit, _refused(log, duck), key=lambda row: int(row["line"]))


def _refused(log: Log, duck: Engine) -> Iterator[dict[str, Any]]:
    if not log.refused:
        return
    import pyarrow as pa

    table, shifts = log.table, shifts_of(row["line"] for row in log.unsplit)
    duck.connection.register("refused", pa.table({"row_no": list(log.refused)}))
    numbered = f"SELECT row_number() OVER () AS row_no, {', '.join(map(quoted, table.columns))} FROM {table.again}"
    cursor = duck.connection.execute(
        f"SELECT * FROM ({numbered}) WHERE row_no IN (SELECT row_no FROM refused) ORDER BY row_no"
    )
    place_of_id = table.columns.index(log.id_column)
    while rows := cursor.fetchmany(2_000):
        for row_no, *fields in rows:
            line = table.lines[row_no - 1] if table.lines else nth_free(row_no + table.first_line - 1, shifts)
            yield reject(table, line, fields[place_of_id], log.refused[row_no], _as_csv(fields))
    duck.connection.unregister("refused")


def reject(table: TextTable, line: int, event_id: str | None, reason: str, row: str) -> dict[str, Any]:
    """A row of the contract REJECTS."""
    return {
        "file": table.path.name,
        "line": line,
        "id_as_written": event_id,
        "reason": reason,
        "row_as_written": row[:LONGEST_ROW_CHARS],
    }


def _id_in(log: Log, text: str) -> str | None:
    """The id of a row that cannot be split, where a number, or letters with a number, stands in its place."""
    fields = [part.strip(' "\r\n') for part in text.replace(";", ",").replace("\t", ",").split(",")]
    place = log.table.columns.index(log.id_column)
    return fields[place] if place < len(fields) and re.fullmatch(r"[A-Z]{0,6}\d+", fields[place]) else None


def _as_csv(fields: Sequence[str | None]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if value is None else value for value in fields])
    return out.getvalue()

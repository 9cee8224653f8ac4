"""The rows of a GED file that were not taken, each with its line and the reason; nothing goes in silence."""

from __future__ import annotations

import bisect
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.engine import Engine, literal
from harmattan.sources.files import TextTable
from harmattan.sources.ucdp_ged_columns import DAY_FIRST, MONTH_FIRST, mapped
from harmattan.text import T, Verbatim
from harmattan.vocabulary.schema import EVENTS

Repeats = Mapping[str, Sequence[bool]]
"""For each id that stands several times: is its first, second, … row the same event as the first?"""

SAME, DIFFERENT = "the id stands twice, with the same event", "the id stands twice, with another event"

_PARSER = {
    "MISSING COLUMNS": "wrong number of fields",
    "TOO MANY COLUMNS": "wrong number of fields",
    "UNQUOTED VALUE": "a quotation mark is not closed",
    "INVALID ENCODING": "the row is not UTF-8",
    "LINE SIZE OVER MAXIMUM": "the row is too long",
}
LONGEST_ROW_CHARS = 100_000
"""What is kept of a rejected row as it was written."""


def repeats(events: Path, duck: Engine) -> Repeats:
    """The ids that stand more than once in the table of events, in the order of their rows."""
    table = f"read_parquet({literal(str(events))}, file_row_number = true)"
    rows, ids = duck.row(f"SELECT count(*), count(DISTINCT event_id) FROM {table}")
    if rows == ids:
        return {}
    values = ", ".join(EVENTS.names)
    found: dict[str, list[bool]] = {}
    for event_id, same in duck.rows(
        f"SELECT event_id, hash({values}) = first_value(hash({values})) OVER one FROM {table} "
        f"WHERE event_id IN (SELECT event_id FROM {table} GROUP BY 1 HAVING count(*) > 1) "
        "WINDOW one AS (PARTITION BY event_id ORDER BY file_row_number) ORDER BY event_id, file_row_number"
    ):
        found.setdefault(event_id, []).append(bool(same))
    return found


def drop_repeats(events: Path, again: Repeats, duck: Engine) -> None:
    """Keeps the first row of each id in the table of events."""
    if not again:
        return
    table = f"read_parquet({literal(str(events))}, file_row_number = true)"
    kept = duck.scratch / "first.parquet"
    duck.connection.execute(
        f"CREATE TEMP TABLE later AS SELECT file_row_number AS row_no FROM {table} "
        "QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY file_row_number) > 1"
    )
    columns = ", ".join(EVENTS.names)
    duck.write(f"SELECT {columns} FROM {table} WHERE file_row_number NOT IN (SELECT row_no FROM later)", kept)
    kept.replace(events)


def rejected(tables: Sequence[TextTable], again: Repeats, duck: Engine) -> Iterator[dict[str, Any]]:
    """The rows that are not taken, by file and line, as rows of the contract REJECTS.

    Reads the files a second time; to be used up before the engine reads anything else.
    """
    times: Counter[str] = Counter()
    duck.connection.execute("CREATE TEMP TABLE repeated (event_id VARCHAR)")
    if again:
        import pyarrow as pa

        duck.connection.register("ids", pa.table({"event_id": list(again)}))
        duck.connection.execute("INSERT INTO repeated SELECT event_id FROM ids")
    for table in tables:
        broken = _broken_rows(table, duck)
        found = _found_rows(table, again, times, [row["line"] for row in broken], duck)
        yield from _merged(broken, found)


def unsplit(table: TextTable, duck: Engine) -> int:
    """How many rows of a file could not be split into fields; known once it has been read."""
    return 0 if table.rejects is None else int(duck.row(f"SELECT count(*) FROM {table.rejects}")[0])


def _broken_rows(table: TextTable, duck: Engine) -> list[dict[str, Any]]:
    """The rows that could not be split into fields, once each."""
    if table.rejects is None:
        return []
    rows = duck.rows(f"SELECT line, any_value(error_type), any_value(csv_line) FROM {table.rejects} GROUP BY 1 ORDER BY 1")
    return [
        _reject(table, int(line), _first_field(table, str(text)), _PARSER.get(str(kind), str(kind).lower()), str(text))
        for line, kind, text in rows
    ]


def _first_field(table: TextTable, text: str) -> str | None:
    place = table.columns.index("id")
    fields = text.split(",")
    return fields[place].strip(' "') if place < len(fields) and fields[place].strip(' "').isdigit() else None


def _found_rows(
    table: TextTable, again: Repeats, times: Counter[str], broken: Sequence[int], duck: Engine
) -> Iterator[dict[str, Any]]:
    """The rows that were split into fields and are not taken all the same."""
    shifts = [line - place for place, line in enumerate(broken)]
    columns = ", ".join(f'"{name}"' for name in table.columns)
    cursor = duck.connection.execute(
        f"SELECT row_no, reason, event_id, {columns} FROM ({_numbered(table)}) "
        "WHERE reason IS NOT NULL OR event_id IN (SELECT event_id FROM repeated) ORDER BY row_no"
    )
    while rows := cursor.fetchmany(2_000):
        for row_no, reason, event_id, *fields in rows:
            why = reason
            if why is None:
                times[event_id] += 1
                if times[event_id] == 1:
                    continue
                why = SAME if again[event_id][times[event_id] - 1] else DIFFERENT
            place = int(row_no) + table.first_line - 1
            line = place + bisect.bisect_right(shifts, place)
            yield _reject(table, line, fields[table.columns.index("id")], str(why), _as_csv(fields))


def _numbered(table: TextTable) -> str:
    """The file's rows beside their number, id and reason."""
    numbered = f"(SELECT row_number() OVER () AS row_no, * FROM {table.counted})"
    return mapped(numbered, table.columns, keep=("row_no", *table.columns))


def _merged(broken: list[dict[str, Any]], found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    import heapq

    yield from heapq.merge(broken, found, key=lambda row: int(row["line"]))


def _reject(table: TextTable, line: int, event_id: str | None, reason: str, row: str) -> dict[str, Any]:
    return {
        "file": table.path.name,
        "line": line,
        "id_as_written": event_id,
        "reason": reason,
        "row_as_written": row[:LONGEST_ROW_CHARS],
    }


def _as_csv(fields: Sequence[str | None]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if field is None else field for field in fields])
    return out.getvalue()


def refuse_if_most(rejects: Path, taken: int, names: str, duck: Engine) -> None:
    """Raises WrongFile where more than half of the rows would be rejected, with the commonest reason."""
    table = f"read_parquet({literal(str(rejects))})"
    count, reason = duck.row(f"SELECT count(*), mode(reason) FROM {table}")
    if count <= taken and taken:
        return
    line = duck.row(f"SELECT min(line) FROM {table} WHERE reason = {literal(str(reason))}")[0]
    raise WrongFile(
        T("{file} is not what it claims to be: {n} of {all} rows cannot be taken.", file=Verbatim(names), n=count,
          all=count + taken),
        available=T("The commonest reason is: {reason} (first in line {line}).", reason=Verbatim(str(reason)),
                    line=Verbatim(str(line))),
        do=T("Take the file as UCDP publishes it."),
    )


def refuse_day_first(table: TextTable, duck: Engine) -> None:
    """Raises WrongFile where a file writes the day before the month: then 05/06 is a guess in every row."""
    day_first, month_first = duck.row(
        f"SELECT count(*) FILTER (regexp_full_match(date_start, {literal(DAY_FIRST)})), "
        f"count(*) FILTER (regexp_full_match(date_start, {literal(MONTH_FIRST)})) FROM {table.counted}"
    )
    if day_first > month_first:
        raise WrongFile(
            T("{file} writes days before months; which of 05/06 is the month cannot be told in every row.",
              file=Verbatim(table.path.name)),
            do=T("Save it with dates as 2022-10-31."),
        )

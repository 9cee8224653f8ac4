"""The posts that are not taken, each with its line and the reason, and what is said of the others in doubt.

A row is not written down again: it names its author, and its line tells where it stands in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harmattan.errors import WrongFile
from harmattan.sources.engine import Engine, literal, write_parquet
from harmattan.sources.posts_columns import NO_JSON
from harmattan.sources.posts_files import Export
from harmattan.sources.ucdp_ged_rejects import UNSPLIT, nth_free, shifts_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.posts import POSTS

AGAIN = "the id stands twice, with another post"


def refuse(export: Export, number: int | None, reason: str, id_: str | None, line: int | None = None) -> None:
    """Notes a row that is not taken; `number` is its number among the rows, until its line is known."""
    row = {"file": export.told, "line": line, "id_as_written": id_, "reason": reason, "row_as_written": None}
    export.refused.append(row | {"number": number})


def find_unsplit(export: Export, duck: Engine) -> None:
    """Notes the rows that could not be split into fields, once the file has been read, and sets the others' lines."""
    lines: list[int] = []
    if export.unsplit is not None:
        query = f"SELECT line, min(error_type) FROM {export.unsplit} GROUP BY 1 ORDER BY 1"
        for line, kind in duck.rows(query):
            lines.append(int(line))
            refuse(export, None, UNSPLIT.get(str(kind), str(kind).lower()), None, int(line))
    _refuse_cut_off(export, lines)
    shifts = shifts_of(lines)
    for row in export.refused:
        if row["line"] is None:
            row["line"] = nth_free(row["number"] + export.first_line - 1, shifts)
    export.shifts = shifts


def _refuse_cut_off(export: Export, unsplit: Sequence[int]) -> None:
    """Raises WrongFile for a file that ends within a post or a quotation: it was cut off on its way."""
    last_refused = export.refused[-1] if export.refused else None
    if export.plain is None or last_refused is None:
        return
    quotes, ending = 0, b""
    with export.plain.open("rb") as file:
        while block := file.read(1 << 20):
            quotes += 0 if export.lines_of_json else block.count(b'"')
            ending = block[-1:]
    broken_last = (
        last_refused["reason"] == NO_JSON and last_refused["number"] == export.rows
        if export.lines_of_json
        else bool(unsplit) and unsplit[-1] >= export.rows + len(unsplit) + export.first_line - 1
    )
    name = Verbatim(export.path.name)
    if quotes % 2 == 1 and unsplit:
        raise WrongFile(
            T(
                "{file} has a quotation mark that is never closed, at line {line} or before.",
                line=unsplit[-1],
                file=name,
            ),
            do=T("Export it again."),
        )
    if broken_last and ending not in (b"\n", b"\r"):
        line = unsplit[-1] if unsplit else last_refused["number"]
        raise WrongFile(
            T("{file} ends within a row, at line {line}: it was cut off.", line=line, file=name),
            do=T("Export it again."),
        )


def refuse_if_most(exports: Sequence[Export]) -> None:
    """Raises WrongFile where more than half of the rows cannot be taken, or where there are no posts at all."""
    reasons = Counter(row["reason"] for export in exports for row in export.refused)
    taken = sum(len(places) for export in exports for places in export.places)
    names = Verbatim(", ".join(export.path.name for export in exports))
    if not taken and not reasons:
        raise WrongFile(T("There are no posts in {file}.", file=names), do=T("Export it again."))
    if reasons.total() > taken:
        raise WrongFile(
            T("{file} is not what it claims to be: {n} of {all} rows cannot be taken.", n=reasons.total(),
              all=reasons.total() + taken, file=names),
            available=T("The commonest reason: {reason}.", reason=Verbatim(reasons.most_common(1)[0][0])),
            do=T("Take the file as it was exported; a spreadsheet rounds long ids."),
        )  # fmt: skip


def refuse_repeats(exports: Sequence[Export], posts: Path, duck: Engine) -> int:
    """Keeps the first of each post; returns how many stood there again with the very same content.

    One that comes again with other content (another count, an edited text) is refused.
    """
    hashes = np.sort(np.concatenate([part for export in exports for part in export.hashes]))
    if not np.any(hashes[1:] == hashes[:-1]):
        return 0
    table = f"read_parquet({literal(str(posts))}, file_row_number = true)"
    values = ", ".join(POSTS.names)
    duck.connection.execute(
        f"CREATE TEMP TABLE repeated AS SELECT file_row_number AS place, post_id, "
        f"hash({values}) = first_value(hash({values})) OVER one AS same FROM {table} "
        f"WHERE row_id IN (SELECT row_id FROM {table} GROUP BY 1 HAVING count(*) > 1) "
        "WINDOW one AS (PARTITION BY row_id ORDER BY file_row_number) QUALIFY row_number() OVER one > 1"
    )
    first = posts.with_name("first.parquet")
    kept = f"SELECT {values} FROM {table} WHERE file_row_number NOT IN (SELECT place FROM repeated)"
    write_parquet(duck.batches(f"{kept} ORDER BY file_row_number"), first, POSTS)
    first.replace(posts)
    start = same = 0
    later = duck.rows("SELECT place, post_id, same FROM repeated ORDER BY place")
    for export in exports:
        places = np.concatenate([*export.places, np.empty(0, dtype=np.int64)])
        for place, id_, equal in later:
            if start <= place < start + len(places):
                same += bool(equal)
                if not equal:
                    line = nth_free(int(places[place - start]) + export.first_line - 1, export.shifts)
                    refuse(export, None, AGAIN, id_, line)
        start += len(places)
    return same


def rejected(exports: Sequence[Export]) -> Iterator[dict[str, Any]]:
    """The rows that are not taken, by file and line, as rows of the contract REJECTS."""
    for export in exports:
        for row in sorted(export.refused, key=lambda row: int(row["line"])):
            yield {name: value for name, value in row.items() if name != "number"}

"""What ACLED's servers send: pages of JSON with rows, a cursor and the restrictions of a licence; as tables of text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.engine import Engine, literal
from harmattan.sources.files import TextTable
from harmattan.sources.rows import json_of
from harmattan.text import T, Verbatim

DELETED_AT = "deleted_timestamp"


@dataclass(frozen=True)
class Restriction:
    """What a licence does not show: everything after a day."""

    after: dt.date
    why: str


@dataclass(frozen=True)
class Page:
    """One page: its rows, and what its envelope says."""

    rows: list[dict[str, Any]]
    envelope: Mapping[str, Any]

    @property
    def deletions(self) -> bool:
        """Whether the rows say which events were deleted."""
        return any(DELETED_AT in row for row in self.rows)

    @property
    def restriction(self) -> Restriction | None:
        """The day after which the licence hides events, where the envelope has one."""
        kept = self.envelope.get("data_query_restrictions")
        recency = kept.get("date_recency") if isinstance(kept, Mapping) else None
        if not isinstance(recency, Mapping):
            return None
        try:
            after = dt.date.fromisoformat(str(recency.get("date"))[:10])
        except ValueError:
            return None
        age = " ".join(str(recency[name]) for name in ("quantity", "unit") if recency.get(name) is not None)
        return Restriction(after, f"the licence shows what is older than {age}" if age else "a limit on recent events")


def page_of(value: Any, name: str) -> Page:
    """A page from its JSON. Raises WrongFile for anything else."""
    rows = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise WrongFile(
            T("{file} is not a page of ACLED's interface: it has no list of rows.", file=Verbatim(name)),
            do=T("Fetch it again."),
        )
    return Page(
        [{str(key).strip().lower(): cell for key, cell in row.items()} for row in rows],
        value if isinstance(value, Mapping) else {},
    )


def is_json(path: Path) -> bool:
    """Whether a file is JSON, by its first sign."""
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    except OSError:
        return False


def read_page(path: Path) -> Page:
    """A kept page. Raises WrongFile where it is not one."""
    return page_of(json_of(path), path.name)


def page_table(path: Path, page: Page, engine: Engine, number: int) -> TextTable:
    """A page's rows as a table of text columns; line 1 is its first row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = tuple(dict.fromkeys(name for row in page.rows for name in row))
    columns = {name: [_words(row.get(name)) for row in page.rows] for name in names}
    plain = engine.scratch / f"page-{number}.parquet"
    pq.write_table(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}), plain)
    relation = f"read_parquet({literal(str(plain))})"
    return TextTable(path, (path.name,), names, relation, relation, first_line=1)


def _words(value: Any) -> str | None:
    """A cell as text; empty text is nothing."""
    if value is None or isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode() if value and value.strip() else None
    if isinstance(value, bool | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)

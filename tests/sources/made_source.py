"""A publisher that there is not, with an interface of pages: what a fetched source has to do, in its shortest form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.engine import engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line, Progress, Quota
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import Row, json_of, take, text_of
from harmattan.text import T
from harmattan.vocabulary.origin import Coverage, Licence, Origin
from harmattan.vocabulary.people import DOCUMENTS

ORIGIN = Origin(
    dataset="made-pages",
    publisher="Nobody",
    title="Pages that there are not",
    url="https://example.org/",
    licence=Licence(name="CC0", url="https://example.org/licence", redistributable=True),
    citation="Nobody (2026), https://example.org/",
    contract="documents",
)
QUOTA = Quota("Nobody", 50)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Pages as documents."""
    rows = [Row(file.name, n, row) for file in files for n, row in enumerate(json_of(file)["data"], start=1)]
    with engine(into):
        taken = take(rows, {"documents": (DOCUMENTS, _documents)}, into)["documents"]
    assert options.retrieved
    coverage = Coverage(places=(), start=options.retrieved, end=options.retrieved, dimensions=(), basis="none")
    return Reading(
        label=options.label or options.retrieved.isoformat(),
        status="rolling",
        published=options.retrieved,
        published_basis="the day it was got",
        citation=ORIGIN.citation,
        coverage=coverage,
        rows=taken.rows,
        events=0,
        rejects=len(taken.rejects),
        range_broken=0,
        tables=("documents",),
        notices=("a column that nobody knows: colour",),
    )


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """Follows `next` to its end."""
    token = secrets.need("MADE_TOKEN", how=T("Ask nobody for it."))["MADE_TOKEN"]
    base = wanted.base or ORIGIN.url
    url = journal.state.get("next", f"{base}/pages/0")
    while url:
        reply = line.get(url, headers={"x-token": token}, quota=QUOTA)
        page = reply.json
        if "data" not in page:
            raise FetchError(T("The page has no data."))
        url = page["next"]
        journal.keep(f"page-{len(journal.names)}.json", json.dumps(page).encode(), next=url)
        line.show(Progress("pages", len(journal.names), None, "pages"))
    return Fetched(journal.files)


def _documents(row: Row) -> Iterable[Mapping[str, Any]]:
    yield {"row_id": str(row["id"]), "title": text_of(row, "title"), "publishers": [], "countries": [], "url": "x"}


FETCH = fetch

"""Posts, from the exports of platforms and of the tools of the field, as the table of the contract POSTS.

Accounts become pseudonyms unless identities are asked for, and then the files themselves are not kept in the release:
they would name everybody beside the pseudonyms.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources import posts_columns, posts_pseudonyms
from harmattan.sources.engine import (
    REJECTS_FILE,
    Engine,
    UnevenLines,
    ahead,
    engine,
    literal,
    write_parquet,
    write_rejects,
)
from harmattan.sources.posts_files import Export, opened
from harmattan.sources.posts_layout import Columns
from harmattan.sources.posts_masks import Masks
from harmattan.sources.posts_rejects import find_unsplit, refuse, refuse_if_most, refuse_repeats, rejected
from harmattan.sources.reading import Options, Reading, unnamed
from harmattan.text import T
from harmattan.vocabulary.origin import Coverage, Licence, Origin
from harmattan.vocabulary.posts import POSTS

ORIGIN = Origin(
    dataset="posts",
    publisher="the platform that the posts were exported from",
    title="Posts exported from a platform",
    title_in_french="Publications exportées d'une plateforme",
    url="https://opentermsarchive.org/",
    licence=Licence(name="terms of the platform", url="https://opentermsarchive.org/", redistributable=False),
    citation="Posts exported from a platform by the user of this lake.",
    contract="posts",
)

KEEP_RAW = False
"""The files name people; a release of pseudonyms beside them would hide nobody."""

POSTS_FILE = "posts.parquet"
REPEATING = ["platform", "posted_at", "account", "account_kind", "surface", "language"]
DOUBTS = {
    "untimed": "{n} posts have no time that could be read; their time is empty.",
    "zoneless": "{n} posts say their time without its zone; it was taken as {zone}.",
    "unread_numbers": "{n} counts (views, shares and the like) are not numbers; they are empty.",
    "unsigned": "{n} posts do not say who posted them.",
}


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads exports of any known layout into `into`/posts.parquet and `into`/rejects.parquet.

    Posts keep their order; one with a row for each object stands where its first row does. A row that cannot be taken
    goes to the rejects with its line and the reason.

    Raises WrongFile for what is no export of posts, UsageError without a key for pseudonyms (unless identities were
    asked for) or where nothing says how the release is to be labelled.
    """
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the files of one export."))
    try:
        return _read(files, into, options)
    except UnevenLines:
        return _read(files, into, options, even=True)


def _read(files: Sequence[Path], into: Path, options: Options, even: bool = False) -> Reading:
    """What `read` does; `even` makes line ends the same first."""
    told = [path.name if options.identities else unnamed(path, number) for number, path in enumerate(files)]
    seen: Counter[str] = Counter()
    with engine(into) as duck:
        exports = [
            opened(path, told[number], number, duck, identities=options.identities, even=even)
            for number, path in enumerate(files)
        ]
        key = posts_pseudonyms.key_of(options)
        posts_pseudonyms.define(duck, key)
        posts_columns.define(duck, options.timezone)
        label, published, basis = _publication(options)
        masks = None if key is None else Masks(key)
        with ahead(_accepted(exports, duck, masks, seen)) as batches:
            write_parquet(batches, into / POSTS_FILE, POSTS, REPEATING)
        refuse_if_most(exports)
        seen["same"] = refuse_repeats(exports, into / POSTS_FILE, duck)
        rejects = write_rejects(rejected(exports), into / REJECTS_FILE)
        rows, first, last = duck.row(
            "SELECT count(*), min(posted_at)::DATE::VARCHAR, max(posted_at)::DATE::VARCHAR "
            f"FROM read_parquet({literal(str(into / POSTS_FILE))})"
        )
    return Reading(
        label=label,
        status="rolling",
        published=published,
        published_basis=basis,
        citation=_citation(exports),
        coverage=_coverage(options, first, last, published),
        rows=int(rows),
        events=0,
        rejects=rejects,
        range_broken=0,
        tables=("posts",),
        notices=tuple(_notices(exports, seen, options)),
    )


def _accepted(exports: Sequence[Export], duck: Engine, masks: Masks | None, seen: Counter[str]) -> Iterator[Any]:
    """The posts that can be taken, as Arrow batches; the rest is noted in its export, what is doubtful is counted."""
    import pyarrow.compute as pc

    for export in exports:
        query, without = _query(export, identities=masks is None)
        for batch in duck.batches(query):
            taken = _taken(export, _with_empty(batch, without))
            export.hashes.append(taken.column("hashed").to_numpy().copy())
            zoneless = pc.and_(taken.column("zoneless"), pc.is_valid(taken.column("posted_at")))
            seen["zoneless"] += pc.sum(zoneless).as_py() or 0
            seen["unread_numbers"] += pc.sum(taken.column("unread_numbers")).as_py() or 0
            seen["untimed"] += taken.column("posted_at").null_count
            seen["unsigned"] += taken.column("account").null_count
            seen["texts"] += taken.num_rows - taken.column("text").null_count
            yield (taken if masks is None else masks.batch(taken)).select(POSTS.names)
        find_unsplit(export, duck)


def _query(export: Export, identities: bool) -> tuple[str, frozenset[str]]:
    """The SQL that reads an export, and the columns that it leaves out because they have nothing in any row."""
    said = export.layout.says(Columns(export.columns))
    without = posts_columns.empty(said, identities)
    if export.layout.rows_of_a_post:
        written = posts_columns.put_together(said, export.relation)
    else:
        written = posts_columns.written(said, export.relation, export.lines_of_json)
    return posts_columns.posts(written, identities, without), without


def _with_empty(batch: Any, without: frozenset[str]) -> Any:
    """The batch with these columns, which have no value, or an empty list, in every row."""
    import pyarrow as pa

    rows, schema = batch.num_rows, POSTS.schema
    for name in without:
        kind = schema.field(name).type
        if pa.types.is_list(kind):
            column = pa.ListArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows + 1), pa.nulls(0, pa.string()))
        else:
            column = pa.nulls(rows, kind)
        batch = batch.append_column(name, column)
    return batch


def _taken(export: Export, batch: Any) -> Any:
    """The rows of a batch that can be taken; the others are noted."""
    import numpy as np
    import pyarrow.compute as pc

    places = batch.column("place")
    # A copy: a view that is noted down would keep the whole batch in memory.
    numbers = (
        np.arange(export.rows + 1, export.rows + batch.num_rows + 1, dtype=np.int64)
        if places.null_count
        else places.to_numpy().copy()
    )
    export.rows += batch.num_rows
    reasons, skipped = batch.column("reason"), batch.column("skipped")
    keep = pc.and_(pc.is_null(reasons), pc.invert(skipped))
    if pc.all(keep).as_py():
        export.places.append(numbers)
        return batch
    for place, (reason, left_out, id_) in enumerate(
        zip(reasons.to_pylist(), skipped.to_pylist(), batch.column("post_id").to_pylist(), strict=True)
    ):
        if reason is not None and not left_out:
            refuse(export, int(numbers[place]), reason, id_)
    kept = batch.filter(keep)
    export.places.append(numbers[keep.to_numpy(zero_copy_only=False)])
    return kept


def _publication(options: Options) -> tuple[str, dt.date, str]:
    """Label, day of publication and how it is known. An export says neither, so it is the day that it was got on."""
    published = options.published or options.retrieved
    if published is None:
        raise UsageError(
            T("An export of posts does not say when it was made."), do=T("Say --published with the day of the export.")
        )
    basis = "the user says so" if options.published else "the day the export was taken in"
    return options.label or published.isoformat(), published, basis


def _coverage(options: Options, first: str | None, last: str | None, published: dt.date) -> Coverage:
    """The days from the first post to the last. No place: that nobody posted somewhere is nothing an export says."""
    start = options.start or (dt.date.fromisoformat(first) if first else published)
    end = options.end or (dt.date.fromisoformat(last) if last else published)
    return Coverage(
        places=options.places or (),
        start=min(start, end),
        end=end,
        dimensions=(),
        basis="stated by the user" if options.start and options.end else "the first and the last post in the files",
    )


def _citation(exports: Sequence[Export]) -> str:
    names = sorted({export.layout.name for export in exports})
    return f"Posts exported by the user of this lake, in the layout of: {', '.join(names)}"


def _notices(exports: Sequence[Export], seen: Counter[str], options: Options) -> Iterator[str]:
    """What a reader of the release must know."""
    yield posts_pseudonyms.noted(options)
    for name, words in DOUBTS.items():
        if seen[name]:
            yield words.format(n=seen[name], zone=options.timezone or "UTC")
    if not seen["texts"]:
        yield "No post has a text: the export leaves it out."
    if seen["same"]:
        yield f"{seen['same']} posts stand in the files again, just as before; each was taken once."
    if service := sum(export.service for export in exports):
        yield f"{service} service messages (who joined, calls and the like) were left out."
    for export in exports:
        if export.unknown:
            yield f"Columns of {export.layout.name} that are not known: {', '.join(export.unknown)}."
    if not options.identities:
        yield "In texts, @names and accounts in addresses are pseudonyms too; names written without the sign stay."

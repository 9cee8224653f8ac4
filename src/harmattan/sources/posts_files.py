"""Opens an export of posts: which layout it has, told by its columns or keys, and its rows as columns of text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.errors import WrongFile
from harmattan.sources import posts_coordination, posts_crowdtangle, posts_fourcat, posts_mcl, posts_telegram, posts_x
from harmattan.sources.containers import Plain, members, plain_file, unpack_member, with_even_lines
from harmattan.sources.engine import Engine, literal, quoted
from harmattan.sources.files import table_of
from harmattan.sources.posts_json import DECODER, elements
from harmattan.sources.posts_layout import Columns, Layout
from harmattan.text import T, Verbatim, listing

LAYOUTS: tuple[Layout, ...] = (
    posts_crowdtangle.FACEBOOK,
    posts_crowdtangle.INSTAGRAM,
    posts_mcl.LIBRARY,
    posts_x.ARCHIVE,
    posts_fourcat.EXPORT,
    posts_coordination.TOOLKIT,
    posts_coordination.ROWS,
    posts_coordination.WIDE,
    posts_telegram.CHATS,
)
SAMPLE_LINES = 1_000
FIRST_LINE_BYTES = 8 << 20
JSON_ENDINGS, TABLE_ENDINGS = (".json", ".ndjson", ".jsonl"), (".csv", ".tsv", ".txt", ".parquet")


@dataclass
class Export:
    """One file that is read: its rows as columns of text, its layout, and what was met in it."""

    path: Path
    told: str
    """The name that stands for it in the release."""
    layout: Layout
    columns: tuple[str, ...]
    relation: str
    """SQL that stands after FROM."""
    unsplit: str | None = None
    first_line: int = 2
    plain: Path | None = None
    """The unpacked CSV or lines of JSON, to see how they end."""
    lines_of_json: bool = False
    service: int = 0
    """Service messages that were left out."""
    rows: int = 0
    places: list[npt.NDArray[np.int64]] = field(default_factory=list)
    """The number of each row that was taken, from 1."""
    hashes: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    """A hash of the id of each of them: where no two are the same, no post stands in the files again."""
    refused: list[dict[str, Any]] = field(default_factory=list)
    shifts: list[int] = field(default_factory=list)
    """Which lines could not be split, for `nth_free`."""

    @property
    def unknown(self) -> list[str]:
        """The columns that the layout does not know; an object whose parts are known is none."""
        known = self.layout.known
        objects = {name.partition(".")[0] for name in known if "." in name}
        return sorted(set(self.columns) - known - objects) if known else []


def opened(path: Path, told: str, number: int, duck: Engine, *, identities: bool, even: bool = False) -> Export:
    """An export, ready to be read. Raises WrongFile for what is none, naming the layouts that are known."""
    plain, platform = _plain(path, duck.scratch, number)
    if plain.kind == "csv" and _starts_like_json(plain.path):
        return _json(path, told, plain.path, number, duck, identities=identities, platform=platform)
    if even and plain.kind == "csv":
        plain = with_even_lines(plain, duck.scratch, number)
    table = table_of(path, plain, duck, number)
    layout = _layout(table.columns, path, platform)
    csv = plain.path if plain.kind == "csv" else None
    return Export(path, told, layout, table.columns, table.relation, table.unsplit, table.first_line, csv)


def _plain(path: Path, scratch: Path, number: int) -> tuple[Plain, str | None]:
    """The file unpacked, and the platform that 4CAT's `.metadata.json` beside it tells."""
    inside = members(path)
    if inside is None:
        return plain_file(path, scratch, number), None
    described = [name for name in inside if Path(name).name.endswith(".metadata.json")]
    rest = [name for name in inside if name not in described]
    posts = [name for name in rest if name.lower().endswith(JSON_ENDINGS)]
    tables = [name for name in rest if name.lower().endswith(TABLE_ENDINGS)]
    chosen = tables if len(tables) == 1 else posts
    if len(chosen) != 1:
        raise WrongFile(
            T("{file} holds {n} files that could be posts, not one.", file=Verbatim(path.name), n=len(tables + posts)),
            available=T("In it are {inside}.", inside=listing([Verbatim(name) for name in inside[:5]]))
            if inside
            else None,
            do=T("Unpack it and name the files you mean."),
        )
    target = scratch / f"{number}-{Path(chosen[0]).name[-60:]}"
    unpack_member(path, chosen[0], target)
    platform = None
    if described:
        beside = scratch / f"metadata-{number}"
        unpack_member(path, described[0], beside)
        platform = _described(beside)
    return plain_file(target, scratch, number), platform


def _described(beside: Path) -> str | None:
    try:
        said = json.loads(beside.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    parts = [said, said.get("parameters")] if isinstance(said, dict) else []
    for part in parts:
        if isinstance(part, dict) and isinstance(part.get("datasource"), str):
            return posts_fourcat.platform_of(part["datasource"])
    return None


def _starts_like_json(plain: Path) -> bool:
    with plain.open("rb") as file:
        return file.read(64).removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def _layout(columns: Iterable[str], path: Path, platform: str | None = None) -> Layout:
    there = list(columns)
    for layout in LAYOUTS:
        if layout.fits(there):
            return posts_fourcat.of_platform(platform) if platform and layout is posts_fourcat.EXPORT else layout
    raise WrongFile(
        T("{file} has the columns of no export of posts that is known.", file=Verbatim(path.name)),
        available=T(
            "It has {found}. Known are {layouts}.",
            found=listing([Verbatim(name[:40]) for name in there[:8]]) if there else Verbatim("-"),
            layouts=listing([Verbatim(layout.name) for layout in LAYOUTS]),
        ),
    )


def _json(
    path: Path, told: str, plain: Path, number: int, duck: Engine, *, identities: bool, platform: str | None
) -> Export:
    """Lines of JSON as they are; a JSON document, or messages that need a look each, as lines of flat rows first."""
    rows: Iterator[tuple[Mapping[str, Any], Any]] | None = None
    service = [0]
    if _is_document(plain):
        rows = elements(plain, path)
    elif _is_telethon(_sampled(plain)):
        rows = (({}, row) for row in _lines(plain))
    if rows is not None:
        target = duck.scratch / f"flat-{number}"
        with target.open("w", encoding="utf-8", errors="replace") as out:
            out.writelines(_flat_lines(rows, identities, service))
        plain = target
    sample = _sampled(plain)
    keys = _keys(sample)
    if service[0] and not keys:
        raise WrongFile(
            T("There are no posts in {file}, only {n} service messages.", file=Verbatim(path.name), n=service[0]),
            do=T("Export it again."),
        )
    if rows is not None and not plain.stat().st_size:
        raise WrongFile(T("There are no posts in {file}.", file=Verbatim(path.name)), do=T("Export it again."))
    layout = _layout(keys, path, platform or _imported_from(sample))
    relation, columns, unsplit = _lines_relation(plain, keys, layout, number)
    return Export(
        path,
        told,
        layout,
        columns,
        relation,
        unsplit,
        1,
        None if rows else plain,
        lines_of_json=True,
        service=service[0],
    )


def _is_document(plain: Path) -> bool:
    """Whether the file is one JSON document and not a JSON value on each line."""
    with plain.open("rb") as file:
        first = file.readline(FIRST_LINE_BYTES).decode("utf-8-sig", "replace").strip()
        second = file.readline(64).strip()
    if first.startswith("["):
        return True
    try:
        value = DECODER.decode(first)
    except (ValueError, RecursionError):
        # A broken line of JSON is followed by another object, a document by its next key.
        return not second.startswith(b"{")
    return isinstance(value, dict) and (isinstance(value.get("messages", value.get("data")), list) or "chats" in value)


def _lines(plain: Path) -> Iterator[Any]:
    with plain.open(encoding="utf-8-sig", errors="replace") as file:
        for line in file:
            try:
                yield DECODER.decode(line)
            except (ValueError, RecursionError):
                yield None


def _sampled(plain: Path) -> list[dict[str, Any]]:
    found = (row for _, row in zip(range(SAMPLE_LINES), _lines(plain), strict=False))
    return [row for row in found if isinstance(row, dict)]


def _is_telethon(sample: list[dict[str, Any]]) -> bool:
    return any("peer_id" in row and "message" in row for row in sample)


def _flat_lines(rows: Iterable[tuple[Mapping[str, Any], Any]], identities: bool, service: list[int]) -> Iterator[str]:
    """Each post as a line of JSON; a service message leaves an empty line, so that posts keep their numbers."""
    for above, row in rows:
        flat: Any = row
        if (isinstance(row, dict) and "peer_id" in row and "message" in row) or _is_service(row):
            flat = posts_telegram.telethon(row, identities)
        elif isinstance(row, dict) and "type" in row and ("from_id" in row or "text" in row or "action" in row):
            flat = posts_telegram.desktop(row, above, identities)
        if flat is None and row is not None:
            service[0] += 1
            yield "\n"
        else:
            yield json.dumps(flat, ensure_ascii=False) + "\n"


def _is_service(row: Any) -> bool:
    return isinstance(row, dict) and row.get("_", row.get("_type")) in ("MessageService", "MessageEmpty")


def _keys(sample: list[dict[str, Any]]) -> dict[str, str]:
    """The columns of some lines of JSON with the path of each; what stands within an object has a dotted name."""
    found: dict[str, str] = {}
    for row in sample:
        for name, value in row.items():
            inner = value.items() if isinstance(value, dict) else ()
            found.setdefault(name.strip().lower(), _path(name))
            for part, _value in inner:
                found.setdefault(f"{name}.{part}".strip().lower(), f"{_path(name)}.{_path(part)[2:]}")
    return found


def _path(name: str) -> str:
    return '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _imported_from(sample: list[dict[str, Any]]) -> str | None:
    for row in sample[:1]:
        told = row.get("__import_meta")
        if isinstance(told, dict) and isinstance(told.get("source_platform"), str):
            return posts_fourcat.platform_of(told["source_platform"])
    return None


def _lines_relation(
    plain: Path, keys: Mapping[str, str], layout: Layout, number: int
) -> tuple[str, tuple[str, ...], str]:
    """SQL for lines of JSON as columns of text: only those that the layout speaks of are taken out of each line."""
    spoken = " ".join(layout.says(Columns(keys)).values())
    used = [name for name in keys if quoted(name) in spoken]
    paths = ", ".join(literal(keys[name]) for name in used)
    unsplit = f"unsplit_{number}"
    lines = (
        f"read_csv({literal(str(plain))}, auto_detect=false, header=false, delim='\x01', quote='', escape='', "
        f"encoding='utf-8', columns={{'line': 'VARCHAR'}}, store_rejects=true, rejects_table='{unsplit}', "
        f"rejects_scan='{unsplit}_scan', rejects_limit=0)"
    )
    taken = ", ".join(f"found[{place}] AS {quoted(name)}" for place, name in enumerate(used, start=1))
    relation = (
        f"(SELECT {taken}, found IS NULL AND strlen(line) > 1 AS broken, coalesce(strlen(line), 0) < 2 AS skipped FROM "
        f"(SELECT line, TRY(json_extract_string(line, [{paths}])) AS found FROM {lines}))"
    )
    return relation, (*keys,), unsplit

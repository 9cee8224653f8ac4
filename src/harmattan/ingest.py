"""A publisher's files become a release: the only room that knows both where data come from and where they are kept."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from harmattan import __version__
from harmattan.errors import LakeError, WrongFile
from harmattan.lake.publish import Published, publish, stage
from harmattan.lake.select import age
from harmattan.lake.shelf import Held, Lake, digest_of, folder_name, release_digest
from harmattan.sources.reading import Options, Reading, unnamed
from harmattan.sources.registry import source
from harmattan.text import T, Verbatim, counted, listing
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT
from harmattan.vocabulary.origin import FileDigest, Origin, Release
from harmattan.vocabulary.schema import CONTRACTS

if TYPE_CHECKING:
    from harmattan.dossier.check import Known
    from harmattan.dossier.files import Written
    from harmattan.dossier.records import Header


def ingest(
    lake: Lake, dataset: str, files: list[Path], options: Options, *, retrieved_at: dt.datetime | None
) -> Published:
    """Reads files of one data set and publishes them as one release; the same bytes again change nothing.

    The publisher's bytes are kept in the release by SHA-256, but for those that name people where the release has
    pseudonyms (`KEEP_RAW` of the source): beside them it would hide nobody. Any failure leaves the lake as it was. A
    source that asks for it by `BESIDE` gets the newest tables of other releases to look into, and the release says
    which they were.
    """
    reader = source(dataset)
    if options.retrieved is None and retrieved_at is not None:
        options = replace(options, retrieved=retrieved_at.date())
    near = _beside(lake, getattr(reader, "BESIDE", ()))
    options = replace(options, beside={name: held.file(name) for name, held in near.items()})
    if options.label is not None:
        folder_name(options.label)
    check_readable(files)
    with one_line(lake), stage(lake) as staged, ThreadPoolExecutor(1) as beside:
        key = None if getattr(reader, "KEEP_RAW", True) or options.identities else _which_key(options)
        before = _already_there(lake, dataset, files, options, near=near, key=key)
        if before is not None:
            return Published(before, new=False)
        keeping = beside.submit(_keep_raw, files, staged / "raw") if key is None else beside.submit(_digest_raw, files)
        reading = reader.read(files, staged, options)
        looked = tuple(sorted(near[name].release.digest for name in reading.beside))
        reading = replace(reading, derived_from=(*reading.derived_from, *looked))
        release = _release(reading.origin or reader.ORIGIN, reading, staged, keeping.result(), retrieved_at)
        release = release.model_copy(update={"pseudonyms": key})
        twin = _twin(lake, release, options) if options.mapping is not None else None
        return Published(twin, new=False) if twin else publish(lake, staged, release)


def _beside(lake: Lake, tables: Sequence[str]) -> dict[str, Held]:
    """The newest release of each of these contracts that has the table; of boundaries, one in which areas are drawn."""
    found: dict[str, Held] = {}
    for held in sorted(lake.releases(), key=age) if tables else ():
        name = held.release.origin.contract
        if name in tables and held.file(name).is_file() and (name != "areas" or _drawn(held.file(name))):
            found[name] = held
    return found


def _drawn(path: Path) -> bool:
    shapes = pq.read_table(path, columns=["shape"])["shape"]
    return bool(shapes.null_count < len(shapes))


def _twin(lake: Lake, release: Release, options: Options) -> Held | None:
    """The release of the same table with the same rows, bytes, origin and coverage, if there is one."""
    same = [
        held
        for held in lake.releases(release.dataset)
        if held.release.digest == release.digest
        and held.release.raw == release.raw
        and held.release.origin == release.origin
        and held.release.coverage == release.coverage
        and options.label in (None, held.release.label)
        and options.published in (None, held.release.published)
    ]
    return same[0] if same else None


def check_readable(files: list[Path]) -> None:
    """Raises WrongFile for a path that is not a readable file."""
    for path in files:
        if path.is_dir():
            raise WrongFile(T("{path} is a directory.", path=Verbatim(str(path))), do=T("Name the file in it."))
        if not path.exists():
            raise WrongFile(T("There is no file {path}.", path=Verbatim(str(path))))
        if not path.is_file():
            raise WrongFile(
                T("{path} is not a file but a pipe or a device.", path=Verbatim(str(path))),
                do=T("Save it as a file first."),
            )
        try:
            with path.open("rb"):
                pass
        except OSError as fault:
            raise WrongFile(
                T("{path} cannot be opened: {fault}.", path=Verbatim(str(path)), fault=Verbatim(str(fault.strerror))),
                do=T("Check that you may read it."),
            ) from fault


@contextmanager
def one_line(lake: Lake) -> Iterator[None]:
    """Turns what the disk says into one clear line."""
    try:
        yield
    except (OSError, _engine_error()) as fault:
        words = str(fault)
        full = getattr(fault, "errno", None) == errno.ENOSPC or "No space left" in words
        if full:
            raise LakeError(
                T("The disk that holds {home} is full; nothing was taken.", home=Verbatim(str(lake.home))),
                do=T("Make room, or say --home to keep the lake elsewhere."),
            ) from fault
        raise LakeError(
            T(
                "The lake in {home} cannot be written: {fault}.",
                home=Verbatim(str(lake.home)),
                fault=Verbatim(words.splitlines()[0][:300] if words else type(fault).__name__),
            ),
            do=T("Check that you may write there, or say --home to keep the lake elsewhere."),
        ) from fault


def table_file(folder: Path, name: str) -> FileDigest:
    """The digest and row count of a staged table, after a check of its contract. Raises LakeError."""
    path = folder / f"{name}.parquet"
    CONTRACTS[name].check(pq.read_schema(path), path.name)
    return digest_of(path).model_copy(update={"rows": pq.read_metadata(path).num_rows})


def _engine_error() -> type[Exception]:
    import duckdb

    error: type[Exception] = duckdb.Error
    return error


def _which_key(options: Options) -> str:
    """What tells the key for pseudonyms from others; nothing where there is none, which the reader will refuse."""
    from harmattan.sources.posts_pseudonyms import fingerprint

    return fingerprint(options.pseudonym_key) if options.pseudonym_key else ""


def _already_there(
    lake: Lake, dataset: str, files: list[Path], options: Options, *, near: Mapping[str, Held], key: str | None
) -> Held | None:
    """The release that holds the very same bytes under the same label and key, if there is one.

    A table that the user describes is read all the same, since the description may be another one; so is one that
    looks into other releases where they have changed.
    """
    if options.mapping is not None:
        return None
    looked = {held.release.digest for held in near.values()}
    twins = [
        held
        for held in lake.releases(dataset)
        if not held.embedded
        and looked <= set(held.release.derived_from)
        and held.release.pseudonyms == key
        and options.label in (None, held.release.label)
        and options.places in (None, held.release.coverage.places)
        and options.published in (None, held.release.published)
        and options.start in (None, held.release.coverage.start)
        and options.end in (None, held.release.coverage.end)
    ]
    sizes = sorted(path.stat().st_size for path in files)
    twins = [held for held in twins if sorted(file.bytes for file in held.release.raw) == sizes]
    if not twins:
        return None
    digests = sorted(digest_of(path).sha256 for path in files)
    return next((held for held in twins if sorted(file.sha256 for file in held.release.raw) == digests), None)


def _keep_raw(files: list[Path], folder: Path, block_bytes: int = 1 << 20) -> tuple[FileDigest, ...]:
    folder.mkdir()
    kept = []
    for number, path in enumerate(files):
        sha, size, copy = hashlib.sha256(), 0, folder / f"{number}.part"
        with path.open("rb") as source_file, copy.open("wb") as target:
            while block := source_file.read(block_bytes):
                sha.update(block)
                target.write(block)
                size += len(block)
        copy.rename(folder / sha.hexdigest())
        kept.append(FileDigest(path=path.name, sha256=sha.hexdigest(), bytes=size))
    return tuple(kept)


def _digest_raw(files: list[Path]) -> tuple[FileDigest, ...]:
    """The digests of files that are not kept; their names may name somebody too."""
    return tuple(
        digest_of(path).model_copy(update={"path": unnamed(path, number), "kept": False})
        for number, path in enumerate(files)
    )


def _release(
    origin: Origin, reading: Reading, staged: Path, raw: tuple[FileDigest, ...], retrieved_at: dt.datetime | None
) -> Release:
    files = tuple(table_file(staged, name) for name in (*reading.tables, "rejects"))
    return Release(
        origin=origin.model_copy(update={"citation": reading.citation}),
        label=reading.label,
        status=reading.status,
        published=reading.published,
        published_basis=reading.published_basis,
        retrieved_at=retrieved_at,
        coverage=reading.coverage,
        rows=reading.rows,
        events=reading.events,
        rejects=reading.rejects,
        range_broken=reading.range_broken,
        made_by=f"harmattan {__version__} ingest {origin.dataset}",
        files=files,
        raw=raw,
        derived_from=reading.derived_from,
        notices=reading.notices,
        digest=release_digest(origin.dataset, files),
    )


def ingest_dossier(
    lake: Lake, path: Path, *, label: str | None, published: dt.date | None, retrieved_at: dt.datetime | None
) -> Published:
    """Checks a dossier and publishes it as a release. Raises WrongFile with its faults; nothing is taken then."""
    from harmattan.dossier.files import read
    from harmattan.dossier.release import coverage, origin

    written = read(path)
    header = checked(lake, written)
    if label is not None:
        folder_name(label)
    with one_line(lake), stage(lake) as staged:
        files = dossier_tables(written, staged)
        made = origin(header)
        raw = _keep_raw(written.files, staged / "raw")
        release = Release(
            origin=made,
            label=label or header.release,
            status="curated",
            published=published or header.published.day,
            published_basis="the user says so" if published else "the dossier's header says so",
            retrieved_at=retrieved_at,
            coverage=coverage(written),
            rows=sum(file.rows or 0 for file in files if file.path != "citations.parquet"),
            events=0,
            rejects=0,
            range_broken=0,
            made_by=f"harmattan {__version__} ingest dossier",
            files=files,
            raw=raw,
            digest=release_digest(made.dataset, files),
        )
        return publish(lake, staged, release)


def checked(lake: Lake, written: Written) -> Header:
    """The header of a dossier without faults; records may name actors of the other dossiers in the lake."""
    from harmattan.dossier.check import faults

    found = faults(written, known_below(lake, written))
    if found or written.header is None:
        first = [T("{file}:{line}: {what}", file=Verbatim(f.file), line=Verbatim(str(f.line)), what=f.what)
                 for f in found[:1]]  # fmt: skip
        raise WrongFile(
            T("The dossier has {faults}, the first in {first}.", first=listing(first),
              faults=counted(len(found), "{n} fault", "{n} faults")),
            do=T("Say harmattan dossier check to see all of them."),
        )  # fmt: skip
    return written.header


def known_below(lake: Lake, written: Written) -> Known:
    """The ids of the other dossiers in the lake, which a dossier may name without having them itself."""
    from harmattan.dossier.release import dataset_of

    own = dataset_of(written.header.name) if written.header else ""
    others = [
        held
        for held in lake.releases()
        if held.release.origin.contract == DOSSIER_CONTRACT and held.release.dataset != own
    ]

    def ids(table: str) -> frozenset[str]:
        return frozenset(id_ for held in others for id_ in pq.read_table(held.file(table))["record"].to_pylist())

    from harmattan.dossier.check import Known

    return Known(ids("actors"), ids("milestones"))


def dossier_tables(written: Written, folder: Path) -> tuple[FileDigest, ...]:
    """Writes the tables of a dossier into a folder."""
    from harmattan.dossier.tables import tables

    made = tables(written)
    for name, rows in made.items():
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd", compression_level=19)
    return tuple(table_file(folder, name) for name in made)

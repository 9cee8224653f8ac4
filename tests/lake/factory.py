"""Small synthetic releases, published the way ingest does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from harmattan.lake.publish import Published, publish, stage
from harmattan.lake.shelf import Held, Lake, digest_of, release_digest
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.origin import EVENT_DIMENSIONS, Coverage, Dimension, Hidden, Licence, Origin, Release
from harmattan.vocabulary.schema import CONTRACTS, EVENTS, REJECTS

Row = Mapping[str, Any]
Status = Literal["final", "candidate", "figures", "rolling", "sample"]
BY_MONTH: tuple[Dimension, ...] = ("cell", "kind", "dyad", "actor")


def day(words: str) -> dt.date:
    """A date from 2022-10-31."""
    return dt.date.fromisoformat(words)


def lake_in(folder: Path) -> Lake:
    """An empty lake without embedded releases."""
    return Lake(home=folder / "home", embedded=folder / "embedded")


def event(event_id: str, start: str = "2022-05-03", iso3: str = "MLI", best: int = 3, **changed: Any) -> Row:
    """A synthetic event; any column of the contract can be given."""
    row: dict[str, Any] = dict.fromkeys(EVENTS.names)
    row |= {
        "event_id": event_id,
        "n_events": 1,
        "violence": "state_based",
        "dyad": "Government of A - B",
        "dyad_id": "1",
        "side_a_as_written": "Government of A",
        "side_b_as_written": "B",
        "actors_a": ["Government of A"],
        "actors_b": ["B"],
        "iso3": iso3,
        "lat": 14.5,
        "lon": -4.25,
        "where_precision": "exact",
        "cell": gid_at(14.5, -4.25),
        "date_start": day(start),
        "date_end": day(start),
        "date_precision": "day",
        "deaths_low": best,
        "deaths_best": best,
        "deaths_high": best + 1,
        "deaths_a": 0,
        "deaths_b": best,
        "deaths_civilians": 0,
        "deaths_unknown": 0,
        "n_range_broken": 0,
    }
    assert set(changed) <= set(row)
    return row | changed


def origin(dataset: str = "made-up", contract: str = "events") -> Origin:
    """A publisher that there is not."""
    return Origin(
        dataset=dataset,
        publisher="Nobody",
        title="Synthetic events",
        url="https://example.org/",
        licence=Licence(name="CC0", url="https://example.org/licence", redistributable=True),
        citation="Nobody (2024)",
        contract=contract,
    )


def release_of(
    label: str,
    *,
    dataset: str = "made-up",
    status: Status = "final",
    published: str = "2023-06-30",
    places: Sequence[str] = ("MLI", "NER"),
    start: str = "2022-01-01",
    end: str = "2022-12-31",
    dimensions: tuple[Dimension, ...] = EVENT_DIMENSIONS,
    contract: str = "events",
    **more: Any,
) -> Release:
    """A release's description; its digests are those of nothing unless given."""
    found: dict[str, Any] = {"rows": 0, "events": 0, "rejects": 0, "range_broken": 0, "files": (), "raw": ()}
    found |= {"digest": release_digest(dataset, ())} | more
    return Release(
        origin=origin(dataset, contract),
        label=label,
        status=status,
        published=day(published),
        published_basis="stated by the test",
        retrieved_at=None,
        coverage=Coverage(
            places=tuple(sorted(places)), start=day(start), end=day(end), dimensions=dimensions, basis="stated"
        ),
        made_by="a test",
        **found,
    )


def held_only(label: str, **said: Any) -> Held:
    """A release that is nowhere on disk, for what reads descriptions only."""
    return Held(release_of(label, **said), Path("/nowhere") / label, embedded=False)


def write_tables(folder: Path, rows: Iterable[Row], **others: Iterable[Row]) -> dict[str, Any]:
    """Writes the tables and a raw file; returns what release.json says about them. `others` are not of events."""
    tables = others or {"events": rows}
    counts = {}
    for name, own in tables.items():
        table = pa.Table.from_pylist([dict(row) for row in own], schema=CONTRACTS[name].schema)
        pq.write_table(table, folder / f"{name}.parquet")
        counts[f"{name}.parquet"] = table.num_rows
    pq.write_table(REJECTS.schema.empty_table(), folder / "rejects.parquet")
    (folder / "raw").mkdir()
    raw = folder / "raw" / "part"
    raw.write_bytes(b"as the publisher wrote it")
    kept = digest_of(raw).model_copy(update={"path": "made-up.csv"})
    raw.rename(folder / "raw" / kept.sha256)
    first = next(iter(counts.values()))
    counts["rejects.parquet"] = 0
    files = tuple(digest_of(folder / name).model_copy(update={"rows": n}) for name, n in counts.items())
    return {"rows": first, "events": 0 if others else first, "files": files, "raw": (kept,)}


def put(lake: Lake, label: str, rows: Iterable[Row] = (), *, dataset: str = "made-up", **said: Any) -> Published:
    """Stages and publishes a release with these rows."""
    with stage(lake) as folder:
        found = write_tables(folder, rows)
        found["digest"] = release_digest(dataset, found["files"])
        return publish(lake, folder, release_of(label, dataset=dataset, **said, **found))


def row_of(table: str, row_id: str, **said: Any) -> Row:
    """A row of any table that holds no events; what is not said is empty."""
    row: dict[str, Any] = dict.fromkeys(CONTRACTS[table].names)
    assert set(said) <= set(row), set(said) - set(row)
    return row | {"row_id": row_id} | said


def put_tables(
    lake: Lake,
    label: str,
    tables: Mapping[str, Iterable[Row]],
    *,
    dataset: str,
    redistributable: bool = True,
    hidden: Hidden | None = None,
    **said: Any,
) -> Published:
    """Stages and publishes a release with these tables, the main one first."""
    with stage(lake) as folder:
        found = write_tables(folder, (), **tables)
        found["digest"] = release_digest(dataset, found["files"])
        said = {"dimensions": (), "status": "rolling", "start": "2000-01-01", "end": "2024-12-31"} | said
        release = release_of(label, dataset=dataset, contract=next(iter(tables)), **said, **found)
        licence = release.origin.licence.model_copy(update={"redistributable": redistributable})
        own = release.origin.model_copy(update={"licence": licence, "title": f"Synthetic {dataset}"})
        coverage = release.coverage.model_copy(update={"hidden": hidden})
        return publish(lake, folder, release.model_copy(update={"origin": own, "coverage": coverage}))

"""Makes the releases that come with the package: figures that Harmattan itself computes, never anybody's files."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from harmattan import __version__
from harmattan.errors import LakeError, WrongFile
from harmattan.ingest import table_file
from harmattan.lake.shelf import RELEASE_FILE, Held, release_digest
from harmattan.lake.tables import connect, table
from harmattan.measures.figures import by_cell_month, by_place
from harmattan.text import T, Verbatim
from harmattan.vocabulary.dossier import CITATIONS
from harmattan.vocabulary.origin import Coverage, Dimension, Origin, Release
from harmattan.vocabulary.places import PLACE_NAMES
from harmattan.vocabulary.schema import CONTRACTS, EVENTS, REJECTS
from harmattan.vocabulary.skill import SKILL

WHOLE_TIME = (dt.date(1, 1, 1), dt.date(9999, 12, 31))
CELL_MONTH_DIMENSIONS: tuple[Dimension, ...] = ("cell", "kind", "dyad", "actor")


@dataclass(frozen=True)
class Figures:
    """Tables to be embedded and what is to be said about them."""

    origin: Origin
    label: str
    published: dt.date
    published_basis: str
    coverage: Coverage
    tables: dict[str, pa.Table]
    made_by: str
    derived_from: tuple[str, ...] = ()
    status: Literal["figures", "curated"] = "figures"


def cell_months(held: Held) -> Figures:
    """An event release summed by month x cell x dyad x kind of violence. Raises LakeError for other releases."""
    rows = by_cell_month(_single_events(held)).to_pyarrow()
    origin = held.release.origin
    summed = origin.model_copy(
        update={
            "dataset": f"{origin.dataset}-cells",
            "title": f"{origin.title}, summed by month, PRIO-GRID cell, dyad and kind of violence by Harmattan",
        }
    )
    coverage = held.release.coverage.model_copy(update={"dimensions": CELL_MONTH_DIMENSIONS})
    return _derived(held, summed, coverage, rows)


def places(held: Held) -> Figures:
    """The names of places in an event release, with how often each is named. Raises LakeError for other releases."""
    rows = by_place(_single_events(held)).to_pyarrow()
    origin = held.release.origin
    named = origin.model_copy(
        update={
            "dataset": f"{origin.dataset}-places",
            "title": f"{origin.title}, names of the places of events, counted by Harmattan",
            "contract": PLACE_NAMES.name,
        }
    )
    coverage = held.release.coverage.model_copy(update={"dimensions": ("cell",)})
    return _derived(held, named, coverage, rows, PLACE_NAMES.name)


def _single_events(held: Held) -> Any:
    if "day" not in held.release.coverage.dimensions:
        raise LakeError(T("{name} holds no single events to sum.", name=Verbatim(held.release.name)))
    return table(connect(), held, "events")


def country_months(held: Held) -> Figures:
    """A release by country and month as it is, without the publisher's file."""
    rows = table(connect(), held, "events").order_by("date_start", "event_id").to_pyarrow()
    return _derived(held, held.release.origin, held.release.coverage, rows)


def skill(held: Held) -> Figures:
    """A release of skill as it is, without the file that it was taken in from. Raises LakeError for other releases."""
    if held.release.origin.contract != SKILL.name:
        raise LakeError(T("{name} holds no scores of forecasts.", name=Verbatim(held.release.name)))
    rows = table(connect(), held, SKILL.name).order_by("row_id").to_pyarrow()
    return _derived(held, held.release.origin, held.release.coverage, rows, SKILL.name)


def cells(path: Path) -> Figures:
    """The country of each PRIO-GRID cell, computed from boundaries in a GeoJSON file."""
    from harmattan.sources import natural_earth

    rows = natural_earth.cells(path)
    places = tuple(sorted(set(rows["iso3"].to_pylist())))
    coverage = Coverage(
        places=places,
        start=WHOLE_TIME[0],
        end=WHOLE_TIME[1],
        dimensions=("cell",),
        basis="countries in the boundary file",
    )
    return Figures(
        natural_earth.ORIGIN,
        "10m",
        dt.date(2022, 12, 31),
        "the file carries no date; taken as 2022",
        coverage,
        {"cells": rows},
        f"harmattan {__version__} embed natural-earth-cells",
    )


def dossier(path: Path) -> Figures:
    """A dossier as its editors wrote it in YAML. Raises WrongFile where it has a fault."""
    from harmattan.dossier.check import faults
    from harmattan.dossier.files import read
    from harmattan.dossier.release import coverage, origin
    from harmattan.dossier.tables import tables

    written = read(path)
    found = faults(written)
    if found or written.header is None:
        raise WrongFile(T("The dossier in {path} has {n} faults.", path=Verbatim(str(path)), n=len(found)))
    header = written.header
    return Figures(
        origin(header),
        header.release,
        header.published.day,
        "the dossier's header says so",
        coverage(written),
        tables(written),
        f"harmattan {__version__} embed dossier",
        status="curated",
    )


def write(figures: Figures, folder: Path) -> Release:
    """Writes figures as a release folder below `folder`, in place of an earlier one. The same rows, the same bytes."""
    target = folder / figures.origin.dataset / figures.label
    part = folder / figures.origin.dataset / f".{figures.label}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, rows in figures.tables.items():
        first = CONTRACTS[name].first
        pq.write_table(
            rows.select(first.names).cast(first.schema),
            part / f"{name}.parquet",
            compression="zstd",
            compression_level=19,
        )
    release = _release(figures, part)
    (part / RELEASE_FILE).write_text(release.model_dump_json(indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return release


def _derived(held: Held, origin: Origin, coverage: Coverage, rows: pa.Table, name: str = EVENTS.name) -> Figures:
    release = held.release
    tables = {name: rows, "rejects": REJECTS.schema.empty_table()}
    return Figures(
        origin,
        release.label,
        release.published,
        release.published_basis,
        coverage,
        tables,
        f"harmattan {__version__} embed {origin.dataset}",
        (f"{release.name} {release.digest}",),
    )


def _release(figures: Figures, part: Path) -> Release:
    files = tuple(table_file(part, name) for name in sorted(figures.tables))
    main = figures.tables.get(figures.origin.contract)
    is_events = figures.origin.contract == EVENTS.name
    total: Callable[[str], int] = lambda name: int(sum(main[name].to_pylist())) if is_events and main else 0  # noqa: E731
    records = sum(rows.num_rows for name, rows in figures.tables.items() if name != CITATIONS.name)
    return Release(
        origin=figures.origin,
        label=figures.label,
        status=figures.status,
        published=figures.published,
        published_basis=figures.published_basis,
        retrieved_at=None,
        coverage=figures.coverage,
        rows=records if main is None else main.num_rows,
        events=total("n_events"),
        rejects=0,
        range_broken=total("n_range_broken"),
        made_by=figures.made_by,
        files=files,
        raw=(),
        derived_from=figures.derived_from,
        digest=release_digest(figures.origin.dataset, files),
    )


MAKERS: dict[str, Callable[..., Any]] = {
    "ucdp-ged-cells": cell_months,
    "ucdp-ged-country-month": country_months,
    "ucdp-ged-places": places,
    "forecast-skill": skill,
    "natural-earth-cells": cells,
    "dossier": dossier,
}


def sizes(folder: Path) -> Sequence[tuple[str, int]]:
    """Every embedded file with its size in bytes."""
    return [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in sorted(folder.rglob("*.*"))]

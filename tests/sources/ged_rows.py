"""Invented rows in the layouts of UCDP GED, for files that the tests make themselves."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.sources import ucdp_ged
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.cell import gid_at

Row = dict[str, str]

YEARLY = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office",
    "source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description",
    "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
"""The 49 columns of the yearly file."""

COUNTRY_EXPORT = tuple(f"{c}_est" if c in ("best", "high", "low") else c for c in YEARLY[:-2])
"""The columns of the export of one country; each row, but not the header, ends in a comma."""

VERSIONED = ("id", "ged_version", *YEARLY[1:-2])
"""The columns of an export that says its version."""

GED_19 = tuple(c for c in YEARLY if not c.endswith("dset_id") and c not in ("relid", "code_status", "gwnoa"))
"""The columns of 19.1, less one that a copy of it may lack."""

NAMES = ("Alpha Front", "Beta Front", "Government of Arid Land", "XXX436", "Gamma, Delta", "Élan du Nord")


def row(number: int = 1, **changes: str) -> Row:
    """An invented event; the same number gives the same event, and `changes` replace columns of it."""
    dice = random.Random(number)
    lat, lon = round(dice.uniform(11, 17), 6), round(dice.uniform(-4, 4), 6)
    day = dt.date(2010, 1, 1) + dt.timedelta(days=dice.randrange(4_000))
    a, b, civilians = dice.randrange(5), dice.randrange(5), dice.randrange(5)
    side_a, side_b = dice.sample(NAMES, 2)
    made = dict.fromkeys(YEARLY, "") | {
        "id": str(500_000 + number), "relid": f"ARI-{day.year}-1-{number}-1", "year": str(day.year),
        "active_year": "1", "code_status": "Clear", "type_of_violence": "1", "conflict_new_id": "9001",
        "conflict_name": "Arid Land: Government", "dyad_new_id": "9002", "dyad_name": f"{side_a} - {side_b}",
        "side_a_new_id": "9003", "side_a": side_a, "side_b_new_id": "9004", "side_b": side_b,
        "number_of_sources": "2", "source_article": '"Wire, day one,Fight";"Radio,day two,Fight again"',
        "source_office": "Wire;Radio", "source_headline": 'A "quoted" headline, with commas', "where_prec": "1",
        "where_coordinates": "Puits-Neuf town", "where_description": "near the well", "adm_1": "North region",
        "latitude": f"{lat:.6f}", "longitude": f"{lon:.6f}", "geom_wkt": f"POINT ({lon} {lat})",
        "priogrid_gid": str(gid_at(lat, lon)), "country": "Mali", "country_id": "432", "region": "Africa",
        "event_clarity": "1", "date_prec": "1", "date_start": day.isoformat(), "date_end": day.isoformat(),
        "deaths_a": str(a), "deaths_b": str(b), "deaths_civilians": str(civilians), "deaths_unknown": "0",
        "best": str(a + b + civilians), "high": str(a + b + civilians + 3), "low": str(a),
    }  # fmt: skip
    return made | changes


def rows(count: int, start: int = 1) -> list[Row]:
    """Some invented events."""
    return [row(number) for number in range(start, start + count)]


def write_csv(
    path: Path, made: Iterable[Mapping[str, str]], columns: Sequence[str] = YEARLY, *,
    encoding: str = "utf-8", delimiter: str = ",", ends: str = "\n", row_tail: Sequence[str] = (),
    below: Sequence[Sequence[str]] = (),
) -> Path:  # fmt: skip
    """A CSV file; `below` are rows right below the header, `row_tail` are fields that each row has at its end."""
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator=ends)
        writer.writerow(columns)
        writer.writerows(below)
        for event in made:
            known = {**event, **{f"{name}_est": event[name] for name in ("best", "high", "low") if name in event}}
            writer.writerow([*(known.get(name, "") for name in columns), *row_tail])
    return path


def read(into: Path, *files: Path, label: str | None = "24.1", **options: Any) -> Reading:
    """Reads files into a folder that need not be there yet."""
    into.mkdir(exist_ok=True)
    return ucdp_ged.read(list(files), into, Options(label=label, **options))


def events(into: Path) -> list[dict[str, Any]]:
    """The events of a folder, as dictionaries."""
    return list(pq.read_table(into / "events.parquet").to_pylist())


def rejects(into: Path) -> list[dict[str, Any]]:
    """The rejected rows of a folder, as dictionaries."""
    return list(pq.read_table(into / "rejects.parquet").to_pylist())


def reasons(into: Path) -> list[tuple[int, str | None, str]]:
    """Line, id and reason of each rejected row."""
    return [(found["line"], found["id_as_written"], found["reason"]) for found in rejects(into)]

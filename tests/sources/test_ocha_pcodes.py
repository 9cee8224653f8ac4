"""OCHA's list of P-codes, with and without its row of HXL tags."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.places.areas import Areas
from harmattan.sources import ocha_pcodes
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.places import AREAS

HEAD = "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n"
TAGS = "#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start\n"
ROWS = "MLI,1,ML01,Première,MLI,2024-05-20\nMLI,2,ML0101,Kéniéba,ML01,2024-05-20\n"
DAY = Options(retrieved=dt.date(2026, 1, 2))


def read(content: bytes, folder: Path, options: Options = DAY) -> tuple[Reading, list[dict[str, Any]], list[str]]:
    path, into = folder / "global_pcodes.csv", folder / "into"
    path.write_bytes(content)
    into.mkdir()
    reading = ocha_pcodes.read([path], into, options)
    areas = pq.read_table(into / "areas.parquet")
    assert areas.schema.equals(AREAS.schema)
    return reading, areas.to_pylist(), pq.read_table(into / "rejects.parquet")["reason"].to_pylist()


@pytest.mark.parametrize("head", ["", TAGS])
def test_units_without_shapes(tmp_path: Path, head: str) -> None:
    reading, (first, second), rejects = read(("\ufeff" + HEAD + head + ROWS).encode(), tmp_path)
    assert (reading.label, reading.status, reading.rows, rejects) == ("2026-01-02", "rolling", 2, [])
    assert (reading.coverage.places, reading.coverage.start, reading.coverage.end) == (
        ("MLI",), dt.date(2024, 5, 20), dt.date(2026, 1, 2),
    )  # fmt: skip
    assert (first["code"], first["name"], first["parent"], first["shape"]) == ("ML01", "Première", None, None)
    assert (second["level"], second["parent"], second["valid_from"]) == (2, "ML01", dt.date(2024, 5, 20))
    assert len(Areas.of(pq.read_table(tmp_path / "into" / "areas.parquet"))) == 0


def test_the_new_column_of_versions_names_the_division(tmp_path: Path) -> None:
    content = HEAD.strip() + ",Version\nBFA,1,BF54,Nord,BFA,2025-07-02,v02\n"
    _, (area,), _ = read(content.encode(), tmp_path)
    assert (area["division"], area["row_id"]) == ("v02", "v02/1/BF54")


def test_what_cannot_be_taken(tmp_path: Path) -> None:
    bad = "ML,1,ML01,x,,2024-01-01\nMLI,,ML02,x,,2024-01-01\nMLI,1,,x,,2024-01-01\n"
    bad += "MLI,1,ML03,,,2024-01-01\nMLI,1,ML04,x,,soon\n"
    reading, _, rejects = read((HEAD + ROWS + bad + "MLI,1,ML01,Autre,MLI,2024-05-20\n").encode(), tmp_path)
    assert rejects == [
        "the country is not an ISO3 code: ML",
        "the level or the P-code is missing",
        "the level or the P-code is missing",
        "name is missing",
        "valid from date is not a day: soon",
        "mli-ocha-pcodes-2024-05-20/1/ML01 is there twice with different values",
    ]
    assert reading.rejects == 6


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Location,Name\nMLI,x\n", encoding="utf-8")
    with pytest.raises(WrongFile, match=r"x\.csv is not OCHA's list of P-codes: it has no column admin level"):
        ocha_pcodes.read([path], tmp_path, DAY)
    path.write_text(HEAD + "ML,1,ML01,x,,2024-01-01\n", encoding="utf-8")
    with pytest.raises(WrongFile, match="lists no unit"):
        ocha_pcodes.read([path], tmp_path, DAY)
    path.write_text(HEAD + ROWS, encoding="utf-8")
    with pytest.raises(UsageError, match="--published"):
        ocha_pcodes.read([path], tmp_path, Options())
    path.write_bytes(b"")
    with pytest.raises(HarmattanError, match="is empty"):
        ocha_pcodes.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.data
def test_the_real_list(data_dir: Path, tmp_path: Path) -> None:
    reading = ocha_pcodes.read([data_dir / "geo" / "ocha_pcodes_adm1_2_west_africa.csv"], tmp_path, DAY)
    assert (reading.rows, reading.rejects, len(reading.coverage.places)) == (3879, 0, 20)
    mali = [row for row in pq.read_table(tmp_path / "areas.parquet").to_pylist() if row["iso3"] == "MLI"]
    assert [sum(row["level"] == level for row in mali) for level in (1, 2)] == [10, 53]

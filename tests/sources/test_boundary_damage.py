"""Boundary files with bytes turned, cut out or put in: one clear line, or a reading, and nothing left behind."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError
from harmattan.sources import boundaries
from harmattan.sources.reading import Options
from tests.sources.boundary_files import COD, PLAIN, geojson, parquet, written, zipped


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, bytes]]]:
    """Files by format, each as names and bytes; the last of a format is the one that is damaged."""
    folder = tmp_path_factory.mktemp("whole")
    shape = written(folder / "x.shp", *PLAIN)
    parts = [shape.with_suffix(suffix) for suffix in (".shx", ".dbf", ".prj", ".shp")]
    formats = {
        "geojson": [geojson(folder / "x.geojson", *COD)],
        "gpkg": [written(folder / "x.gpkg", *PLAIN)],
        "shp": parts,
        "dbf": [parts[0], parts[3], parts[1]],
        "parquet": [parquet(folder / "x.parquet", *PLAIN)],
        "zip": [zipped(folder / "x.zip", *parts)],
    }
    return {name: [(path.name, path.read_bytes()) for path in paths] for name, paths in formats.items()}


def taken(files: list[Path], into: Path) -> str | None:
    """What is said where the files are refused; None where they are read."""
    try:
        reading = boundaries.read(files, into, Options("x", dt.date(2026, 1, 1)))
    except HarmattanError as fault:
        return str(fault)
    assert reading.rows > 0
    return None


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp", "dbf", "parquet", "zip"])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_broken_bytes(kind: str, whole: dict[str, list[tuple[str, bytes]]], data: st.DataObject) -> None:
    *beside, (name, content) = whole[kind]
    at = data.draw(st.integers(0, len(content) - 1), label="at")
    how = data.draw(st.sampled_from(["flip", "cut", "end", "insert"]), label="how")
    some = data.draw(st.binary(min_size=1, max_size=8), label="bytes")
    broken = {
        "flip": content[:at] + bytes([content[at] ^ (some[0] or 1)]) + content[at + 1 :],
        "cut": content[:at] + content[at + len(some) :],
        "end": content[:at],
        "insert": content[:at] + some + content[at:],
    }[how]
    folder = Path(tempfile.mkdtemp())
    try:
        for other, bytes_ in (*beside, (name, broken)):
            (folder / other).write_bytes(bytes_)
        into = folder / "into"
        into.mkdir()
        files = [folder / other for other, _bytes in (*beside, (name, broken))]
        said = taken(files, into)
        assert (said is None) == (list(into.iterdir()) != [])
        assert said is None or "\n" not in said
    finally:
        shutil.rmtree(folder)

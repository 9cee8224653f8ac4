"""Any container comes out as the same table; whatever is no table stops with one line."""

from __future__ import annotations

import gzip
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from harmattan.errors import WrongFile
from harmattan.ingest import check_readable
from harmattan.sources import containers
from harmattan.sources.engine import engine
from harmattan.sources.files import open_table
from tests.sources.ged_rows import YEARLY, events, read, row, rows, write_csv


def _gz(path: Path, plain: Path) -> None:
    path.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))


def _zip(path: Path, plain: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "GEDEvent_v24_1.csv")
        archive.writestr("__MACOSX/._GEDEvent_v24_1.csv", "x")
        archive.writestr("readme.txt", "read me")


def _parquet(path: Path, _plain: Path) -> None:
    numbers = ("id", "type_of_violence", "country_id", "where_prec", "date_prec", "best", "high", "low")
    columns = {name: [event[name] or None for event in rows(25)] for name in YEARLY}
    table = pa.table({n: [float(v) if v else None for v in vs] if n in numbers else vs for n, vs in columns.items()})
    pq.write_table(table, path)


def _xlsx(path: Path, _plain: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("empty")
    sheet = book.add_worksheet("events")
    sheet.write_row(0, 0, YEARLY)
    for number, event in enumerate(rows(25), start=1):
        for place, name in enumerate(YEARLY):
            value = event[name]
            sheet.write(number, place, float(value) if value.replace(".", "", 1).isdigit() else value)
    book.close()


@pytest.mark.parametrize(
    ("name", "pack"), [("x.csv.gz", _gz), ("x.zip", _zip), ("x.parquet", _parquet), ("x.xlsx", _xlsx)]
)
def test_every_container_gives_the_same_events(tmp_path: Path, name: str, pack: Callable[[Path, Path], None]) -> None:
    plain = write_csv(tmp_path / "plain.csv", rows(25))
    pack(tmp_path / name, plain)
    read(tmp_path / "plain", plain)
    read(tmp_path / "packed", tmp_path / name)
    assert events(tmp_path / "packed") == events(tmp_path / "plain")


@pytest.mark.parametrize(
    ("encoding", "delimiter", "ends"),
    [("utf-8-sig", ";", "\r\n"), ("utf-8", "\t", "\n"), ("utf-16", ",", "\r\n"), ("latin-1", ",", "\n")],
)
def test_ways_to_write_csv(tmp_path: Path, encoding: str, delimiter: str, ends: str) -> None:
    read(tmp_path / "plain", write_csv(tmp_path / "plain.csv", rows(25)))
    read(tmp_path / "out", write_csv(tmp_path / "x.csv", rows(25), encoding=encoding, delimiter=delimiter, ends=ends))
    assert events(tmp_path / "out") == events(tmp_path / "plain")


def test_mixed_line_ends(tmp_path: Path) -> None:
    windows = write_csv(tmp_path / "x.csv", rows(6), ends="\r\n")
    unix = write_csv(tmp_path / "y.csv", rows(6, 7)).read_bytes().partition(b"\n")[2]
    windows.write_bytes(windows.read_bytes() + unix + b"\r\n")
    assert read(tmp_path / "out", windows).rows == 12


def test_column_names_are_trimmed_and_in_lower_case(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(' Id ,"NAME"\n1,\n', "utf-8")
    with engine(tmp_path) as duck:
        table = open_table(tmp_path / "x.csv", duck)
        assert table.columns == ("id", "name")
        assert duck.rows(f"SELECT * FROM {table.relation}") == [("1", None)]


def _encrypted(path: Path) -> None:
    _zip(path, write_csv(path.with_suffix(".csv"), rows(2)))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def _members(*names: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "a,b\n1,2\n")

    return make


def _cut(pack: Callable[[Path, Path], None]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        pack(path, write_csv(path.with_suffix(".csv"), rows(40)))
        path.write_bytes(path.read_bytes()[:-300])

    return make


WRONG: list[tuple[str, Callable[[Path], object], str]] = [
    ("absent", lambda path: None, "There is no file"),
    ("folder", lambda path: path.mkdir(), "is a folder"),
    ("empty.csv", lambda path: path.write_bytes(b""), "is empty"),
    ("blank.csv", lambda path: path.write_bytes(b"\n\n\n"), "no header row"),
    ("bytes.csv", lambda path: path.write_bytes(bytes(range(256)) * 9), "binary data"),
    ("dos.csv", lambda path: path.write_bytes(b"id,name\n1,\x82t\x82\n"), "not in UTF-8"),
    ("text.csv", lambda path: path.write_text("Dear colleagues\n"), "no header row"),
    ("twice.csv", lambda path: path.write_text("id,id\n1,2\n"), "columns without a name of their own: id"),
    ("cut.csv.gz", _cut(_gz), "cut off"),
    ("cut.zip", _cut(_zip), "cut off"),
    ("cut.xlsx", _cut(_xlsx), "cut off"),
    ("cut.parquet", _cut(_parquet), "could not be read"),
    ("several.zip", _members("a.csv", "b.csv"), "holds 2 tables, not one. In it are a.csv and b.csv."),
    ("none.zip", _members("a.pdf"), "holds 0 tables, not one. In it are a.pdf."),
    ("bare.zip", _members(), "holds 0 tables"),
    ("locked.zip", _encrypted, "protected by a password"),
    ("old.xls", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(99)), "old or a protected Excel"),
]


@pytest.mark.parametrize(("name", "make", "said"), WRONG, ids=[name for name, _make, _said in WRONG])
def test_what_is_no_table_stops_with_one_line(
    tmp_path: Path, name: str, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(WrongFile) as error:
        read(tmp_path / "out", tmp_path / name)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions of POSIX")
def test_no_permission() -> None:
    """Root may read everything, so the reading is done as nobody."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "x.csv", rows(1))
        Path(folder).chmod(0o755)
        path.chmod(0)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(WrongFile, match="cannot be opened"):
                check_readable([path])
            with pytest.raises(WrongFile, match="cannot be opened"):
                containers.plain_file(path, Path(folder), 0)
        finally:
            os.seteuid(was)


@pytest.mark.parametrize("pack", [_gz, _zip, _xlsx])
def test_a_bomb_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[Path, Path], None]
) -> None:
    monkeypatch.setattr(containers, "BOMB_BYTES", 2_000)
    monkeypatch.setattr(containers, "BOMB_RATIO", 2)
    pack(tmp_path / "x", write_csv(tmp_path / "plain.csv", [row(1)] * 400))
    with pytest.raises(WrongFile, match="not data"):
        read(tmp_path / "out", tmp_path / "x")


def test_a_header_row_that_is_broken_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\rid,name\n1,a\n")
    with engine(tmp_path) as duck, pytest.raises(WrongFile, match="header row that is broken"):
        open_table(path, duck)

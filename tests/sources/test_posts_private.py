"""A release of posts names nobody unless asked for: no table, no description, no file name, no raw file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from harmattan.errors import HarmattanError, LakeError
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.lake.verify import verify
from harmattan.sources.posts_pseudonyms import fingerprint
from harmattan.sources.reading import Options
from tests.lake.factory import lake_in
from tests.sources import posts_exports as made

OPTIONS = Options(published=dt.date(2024, 5, 1), pseudonym_key=made.KEY)
SECRETS = (made.NAME, made.HANDLE, made.NUMBER)


def export(folder: Path, layout: str, n: int = 3) -> Path:
    """An export in a file that bears the name of an account, as those of tools do."""
    name, make = made.EXPORTS[layout]
    path = folder / f"{made.HANDLE}-{name}"
    path.write_bytes(make(n))
    return path


def words_in(folder: Path) -> Iterator[bytes]:
    """Everything that a folder holds: the names of its files, their bytes, and the values of its tables."""
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)).encode()
        if path.is_file():
            yield path.read_bytes()
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            yield json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
            yield str(table.schema.metadata).encode()


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
def test_nobody_is_named_anywhere_in_a_release(layout: str, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    held = ingest(lake, "posts", [export(tmp_path, layout)], OPTIONS, retrieved_at=None).held
    for secret in (*SECRETS, made.KEY.decode(), made.KEY.hex()):
        for words in words_in(lake.home):
            assert secret.lower().encode() not in words.lower(), layout
    assert held.release.pseudonyms == fingerprint(made.KEY)
    assert [file.kept for file in held.release.raw] == [False]
    assert not (held.path / "raw").exists()
    assert [verdict.faults for verdict in verify(lake)] == [()]


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
def test_refused_rows_name_nobody_either(layout: str, tmp_path: Path) -> None:
    """An export three times over, with changes: its posts come again with other content."""
    lake, path = lake_in(tmp_path), export(tmp_path, layout)
    other = tmp_path / f"again-{path.name}"
    other.write_bytes(path.read_bytes().replace(b"1651572001", b"1651572009").replace(b":01", b":09"))
    held = ingest(lake, "posts", [path, other], OPTIONS, retrieved_at=None).held
    for secret in SECRETS:
        for words in words_in(lake.home):
            assert secret.lower().encode() not in words.lower(), layout
    assert held.release.rows >= 3


def test_with_identities_the_files_are_kept(tmp_path: Path) -> None:
    lake, path = lake_in(tmp_path), export(tmp_path, "archive")
    options = Options(published=dt.date(2024, 5, 1), identities=True)
    held = ingest(lake, "posts", [path], options, retrieved_at=None).held
    (kept,) = held.release.raw
    assert (held.path / "raw" / kept.sha256).read_bytes() == path.read_bytes()
    assert (kept.path, kept.kept, held.release.pseudonyms) == (path.name, True, None)
    assert [verdict.faults for verdict in verify(lake)] == [()]


def test_the_same_file_and_key_change_nothing_another_key_needs_another_label(tmp_path: Path) -> None:
    lake, path = lake_in(tmp_path), export(tmp_path, "archive")
    first = ingest(lake, "posts", [path], OPTIONS, retrieved_at=None)
    again = ingest(lake, "posts", [path], Options(pseudonym_key=made.KEY), retrieved_at=None)
    assert (first.new, again.new) == (True, False)
    other = Options(published=dt.date(2024, 5, 1), pseudonym_key=b"another key, long enough")
    with pytest.raises(LakeError, match="already in the lake with other rows"):
        ingest(lake, "posts", [path], other, retrieved_at=None)
    with pytest.raises(HarmattanError, match="no key"):
        ingest(lake, "posts", [path], Options(published=dt.date(2024, 5, 1)), retrieved_at=None)
    assert len(lake.releases("posts")) == 1


def test_a_file_that_should_not_be_kept_does_not_belong_to_the_release(tmp_path: Path) -> None:
    lake, path = lake_in(tmp_path), export(tmp_path, "archive")
    held = ingest(lake, "posts", [path], OPTIONS, retrieved_at=None).held
    (held.path / "raw").mkdir()
    (held.path / "raw" / held.release.raw[0].sha256).write_bytes(path.read_bytes())
    (verdict,) = verify(lake)
    assert "does not belong to it" in str(verdict.faults[0])


def test_a_release_without_pseudonyms_does_not_speak_of_them(tmp_path: Path) -> None:
    lake, path = lake_in(tmp_path), export(tmp_path, "archive")
    held = ingest(
        lake, "posts", [path], Options(published=dt.date(2024, 5, 1), identities=True), retrieved_at=None
    ).held
    said = json.loads((held.path / "release.json").read_text(encoding="utf-8"))
    assert "pseudonyms" not in said
    assert "kept" not in said["raw"][0]


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    lake: Lake = lake_in(tmp_path)
    path = tmp_path / "result.json"
    path.write_bytes(made.telegram(5)[:-300])
    with pytest.raises(HarmattanError, match="cut off"):
        ingest(lake, "posts", [path], OPTIONS, retrieved_at=None)
    assert lake.releases("posts") == []
    assert list(lake.staging.iterdir()) == []

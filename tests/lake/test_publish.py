"""A release is there whole or not at all, and never changes."""

from __future__ import annotations

import multiprocessing
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from harmattan.errors import HarmattanError, LakeError, UsageError
from harmattan.ingest import one_line
from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Lake, release_folders
from harmattan.lake.verify import verify
from tests.lake.factory import event, lake_in, put, release_of


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_published_release_is_listed_and_whole(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    published = put(lake, "1.0", [event("1")])
    assert published.new
    assert [held.release.name for held in lake.releases()] == ["made-up@1.0"]
    assert [verdict.faults for verdict in verify(lake)] == [()]


def test_an_empty_home_has_no_releases_and_no_faults(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    assert lake.releases() == []
    assert verify(lake) == []
    assert not lake.home.exists()


def test_staging_leaves_nothing_behind(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1.0", [event("1")])
    with suppress(RuntimeError), stage(lake) as folder:
        (folder / "half.parquet").write_bytes(b"half")
        raise RuntimeError
    assert list(lake.staging.iterdir()) == []
    assert len(lake.releases()) == 1


def test_the_same_rows_again_change_nothing(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1.0", [event("1")])
    before = snapshot(lake.folder)
    again = put(lake, "1.0", [event("1")])
    assert not again.new
    assert snapshot(lake.folder) == before
    assert list(lake.staging.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        {"rows": [event("1", best=4)]},
        {"rows": [event("1")], "places": ("BFA", "MLI")},
        {"rows": [event("1")], "published": "2024-06-30"},
        {"rows": [event("1")], "end": "2023-12-31"},
    ],
    ids=["rows", "places", "published", "period"],
)
def test_anything_else_under_a_taken_label_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1.0", [event("1")])
    before = snapshot(lake.folder)
    with pytest.raises(LakeError, match=r"made-up@1\.0 is already in the lake.*--release"):
        put(lake, "1.0", **other)
    assert snapshot(lake.folder) == before


@pytest.mark.parametrize("label", ["", "../up", "a/b", ".hidden", "a b", "x" * 81, "é"])
def test_a_label_that_is_no_folder_is_refused(tmp_path: Path, label: str) -> None:
    lake = lake_in(tmp_path)
    with pytest.raises(UsageError, match="cannot be a label"):
        put(lake, label)
    assert release_folders(lake.folder) == []


def _write(home: Path, writer: int, start: Any, told: Any) -> None:
    lake = lake_in(home)
    start.wait()
    try:
        put(lake, "1.0", [event(str(n), best=writer) for n in range(50)])
        told.put((writer, "won"))
    except LakeError as fault:
        told.put((writer, str(fault)))


def test_of_several_writers_at_once_one_wins(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(5):
        home = tmp_path / str(attempt)
        start, told = context.Barrier(4), context.Queue()
        writers = [context.Process(target=_write, args=(home, n, start, told)) for n in range(4)]
        for writer in writers:
            writer.start()
        answers = dict(told.get(timeout=60) for _ in writers)
        for writer in writers:
            writer.join(60)
        lake = lake_in(home)
        assert sorted(words == "won" for words in answers.values()) == [False, False, False, True]
        assert all("already in the lake" in words for words in answers.values() if words != "won")
        assert [verdict.faults for verdict in verify(lake)] == [()]
        assert list(lake.staging.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_is_in_work_is_not(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    for name in ("killed", "alive"):
        (lake.staging / name).mkdir(parents=True)
        (lake.staging / name / "events.parquet").write_bytes(b"half")
        (lake.staging / f"{name}.lock").touch()
    with FileLock(lake.staging / "alive.lock"):
        put(lake, "1.0", [event("1")])
        assert sorted(path.name for path in lake.staging.iterdir()) == ["alive", "alive.lock"]
    put(lake, "1.1", [event("1")])
    assert list(lake.staging.iterdir()) == []


def test_another_failure_to_rename_is_not_taken_for_a_twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lake_in(tmp_path)

    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)

    def take() -> None:
        with one_line(lake), stage(lake) as folder:
            publish(lake, folder, release_of("1.0"))

    with pytest.raises(LakeError, match="is full; nothing was taken"):
        take()
    assert lake.releases() == []
    assert list(lake.staging.iterdir()) == []


def test_a_home_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    lake.home.write_text("not a folder", encoding="utf-8")
    with pytest.raises(LakeError) as caught, one_line(lake):
        put(lake, "1.0")
    assert "cannot be written" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(LakeError, match="cannot be read"):
        lake.releases()


def _as_nobody(lake: Lake, told: Any) -> None:
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    said = []
    for act in (lake.releases, lambda: verify(lake), lambda: put(lake, "2.0")):
        try:
            with one_line(lake):
                act()
            said.append("nothing")
        except HarmattanError as fault:
            said.append(str(fault))
    told.put(said)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions of POSIX")
def test_an_unreadable_home_is_one_line_and_not_an_empty_lake(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1.0", [event("1")])
    lake.home.chmod(0)
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    child = context.Process(target=_as_nobody, args=(lake, told))
    try:
        child.start()
        said = told.get(timeout=30)
        child.join(30)
    finally:
        lake.home.chmod(stat.S_IRWXU)
    assert ["cannot be read" in words or "cannot be written" in words for words in said] == [True, True, True]
    assert not any("\n" in words for words in said)


def test_find_by_name_label_and_digest(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    with pytest.raises(UsageError, match="The lake is empty"):
        lake.find("1.0")
    first = put(lake, "1.0", [event("1")]).held
    put(lake, "2.0", [event("2")])
    put(lake, "2.0", [event("2")], dataset="other")
    assert lake.find("made-up@1.0") == lake.find("1.0") == lake.find(first.release.digest[:12]) == first
    with pytest.raises(UsageError, match=r"more than one release.*made-up@2.0 and other@2.0"):
        lake.find("2.0")
    with pytest.raises(UsageError, match=r"names no release.*made-up@1.0"):
        lake.find("3.0")
    with pytest.raises(UsageError, match="names no release"):
        lake.find("")


def test_the_label_goes_before_the_start_of_a_digest(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    first = put(lake, "1.0", [event("1")]).held
    second = put(lake, first.release.digest[:1], [event("2")]).held
    assert lake.find(second.release.label) == second


def test_the_users_release_shadows_its_embedded_twin(tmp_path: Path) -> None:
    inner = put(Lake(tmp_path / "make", tmp_path / "none"), "1.0", [event("1")]).held
    embedded = inner.path.parents[1]
    lake = Lake(tmp_path / "home", embedded)
    assert [held.embedded for held in lake.releases()] == [True]
    put(lake, "1.0", [event("1", best=9)])
    assert [held.embedded for held in lake.releases()] == [False]

"""A power cut at any moment, and a full disk, leave the lake as it was or with the whole new release."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from harmattan.errors import HarmattanError, LakeError
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.lake.verify import verify
from harmattan.sources.reading import Options
from tests.lake.factory import lake_in

KILLS, SIDE_BY_SIDE, ROWS = 100, 2, 3000
COLUMNS = (
    "id", "type_of_violence", "conflict_name", "dyad_new_id", "dyad_name", "side_a", "side_b", "number_of_sources",
    "source_article", "where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country", "country_id",
    "region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


def write_ged(path: Path, seed: int, rows: int = ROWS) -> Path:
    """A synthetic file in the layout of UCDP GED."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(rows):
            writer.writerow(_row(draw, number))
    return path


def _row(draw: random.Random, number: int) -> dict[str, object]:
    day = f"2022-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    killed = draw.randint(0, 30)
    country, gw = draw.choice((("Mali", 432), ("Niger", 436), ("Burkina Faso", 439)))
    return dict.fromkeys(COLUMNS, "") | {
        "id": number + 1, "type_of_violence": draw.randint(1, 3), "dyad_name": "Government of A - B",
        "side_a": "Government of A", "side_b": "B", "source_article": f"Paper {draw.random()}", "where_prec": 1,
        "latitude": round(draw.uniform(12, 18), 4), "longitude": round(draw.uniform(-6, 6), 4), "country": country,
        "country_id": gw, "region": "Africa", "event_clarity": 1, "date_prec": 1, "date_start": day, "date_end": day,
        "deaths_a": 0, "deaths_b": killed, "deaths_civilians": 0, "deaths_unknown": 0, "best": killed, "high": killed,
        "low": killed,
    }  # fmt: skip


def take(lake: Lake, file: Path, label: str) -> None:
    """Ingests one file under one of UCDP's labels."""
    ingest(lake, "ucdp-ged", [file], Options(label=label), retrieved_at=None)


def labels(lake: Lake) -> list[str]:
    return [held.release.label for held in lake.releases()]


def faults(lake: Lake) -> list[str]:
    return [str(fault) for verdict in verify(lake) for fault in verdict.faults]


def start_taking(lake: Lake, file: Path, label: str) -> int:
    """A child process that ingests; its id. It leaves without a trace of the test runner."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            take(lake, file, label)
            code = 0
        finally:
            os._exit(code)
    return child


@dataclass(frozen=True)
class World:
    """A lake that holds a release, and the file of another."""

    lake: Lake
    old: Path
    new: Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    old, new = write_ged(tmp_path / "ged231.csv", 1), write_ged(tmp_path / "ged241.csv", 2)
    lake = lake_in(tmp_path)
    pid = start_taking(lake, old, "23.1")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return World(lake, old, new)


def copy_of(world: World, folder: Path) -> Lake:
    """The lake once more; the releases are linked, since they never change."""
    lake = lake_in(folder)
    for path in world.lake.folder.rglob("*"):
        target = lake.folder / path.relative_to(world.lake.folder)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.hardlink_to(path)
    return lake


def run_time(world: World, folder: Path) -> float:
    """Seconds that an undisturbed ingest takes while another one runs beside it."""
    lakes = [copy_of(world, folder / f"undisturbed-{n}") for n in range(SIDE_BY_SIDE)]
    start = time.monotonic()
    children = [start_taking(lake, world.new, "24.1") for lake in lakes]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * SIDE_BY_SIDE
    return time.monotonic() - start


def test_a_hundred_kills(world: World, tmp_path: Path) -> None:
    """A hundred ingests are killed while they work; those that were done before their moment came do not count."""
    reach_s = run_time(world, tmp_path)
    draw = random.Random(20)
    killed, left_over, tried = 0, 0, 0
    while killed < KILLS and tried < 6 * KILLS:
        lakes = [copy_of(world, tmp_path / str(tried + n)) for n in range(SIDE_BY_SIDE)]
        delays = [draw.uniform(0, reach_s) for _ in lakes]
        tried += SIDE_BY_SIDE
        start = time.monotonic()
        children = [start_taking(lake, world.new, "24.1") for lake in lakes]
        for delay_s, child in sorted(zip(delays, children, strict=True)):
            time.sleep(max(0.0, start + delay_s - time.monotonic()))
            os.kill(child, signal.SIGKILL)
        for child, lake in zip(children, lakes, strict=True):
            in_work = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
            killed += in_work
            reach_s *= 1.02 if in_work else 0.95
            left_over += any(path.is_dir() for path in lake.staging.glob("*"))
            assert labels(lake) in (["23.1"], ["23.1", "24.1"])
            assert faults(lake) == []
        again = [start_taking(lake, world.new, "24.1") for lake in lakes]
        assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in again] == [0] * SIDE_BY_SIDE
        for lake in lakes:
            assert labels(lake) == ["23.1", "24.1"]
            assert faults(lake) == []
            assert not any(path.is_dir() for path in lake.staging.iterdir())
            shutil.rmtree(lake.home)
    print(f"{killed} killed in work of {tried} tried, {left_over} with left-overs")
    assert killed >= KILLS
    assert left_over > KILLS * 0.25


@contextmanager
def no_file_larger_than(size_bytes: int) -> Iterator[None]:
    """Writing beyond a size fails with "file too large", as a quota or a small disk would."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


def in_a_child(world: World, size_bytes: int, said: Path) -> str:
    """What an ingest under a limit says; in a child, since a limit holds for a whole process."""
    child = os.fork()
    if child == 0:
        try:
            with no_file_larger_than(size_bytes):
                take(world.lake, world.new, "24.1")
            words = "nothing"
        except HarmattanError as fault:
            words = str(fault)
        except BaseException as fault:
            words = f"not one line: {fault!r}"
        said.write_text(words, encoding="utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    return said.read_text(encoding="utf-8")


@pytest.mark.parametrize("size_bytes", [0, 1_000, 20_000, 100_000, 300_000])
def test_a_disk_that_takes_no_more_is_one_line_and_changes_nothing(
    world: World, tmp_path: Path, size_bytes: int
) -> None:
    said = in_a_child(world, size_bytes, tmp_path / "said")
    assert "cannot be written" in said or "is full; nothing was taken" in said, said
    assert len(said.splitlines()) == 1
    assert labels(world.lake) == ["23.1"]
    assert [verdict.faults for verdict in verify(world.lake)] == [()]
    assert not any(path.is_dir() for path in world.lake.staging.iterdir())
    take(world.lake, world.new, "24.1")
    assert labels(world.lake) == ["23.1", "24.1"]


def said_by(lake: Lake, file: Path) -> str:
    """The line with which an ingest stops."""
    try:
        take(lake, file, "24.1")
    except LakeError as fault:
        return str(fault)
    return "nothing"


@pytest.mark.parametrize("size_kb", [64, 256, 480])
def test_a_full_disk_is_one_line_and_changes_nothing(tmp_path: Path, size_kb: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "none", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        lake = lake_in(disk)
        assert "is full; nothing was taken" in said_by(lake, write_ged(tmp_path / "ged241.csv", 2))
        assert labels(lake) == []
        assert list(lake.staging.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)

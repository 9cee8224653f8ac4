"""The two worlds with known answers: the event file of the field, ingested, and the embedded figures alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan import data
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.lake.factory import event, put
from tests.questions.worlds import CELLS, PAIRS, world_in

EVENT_FILE = Path("ucdp") / "ged241_westafrica8_events.csv.gz"


@pytest.fixture(scope="session")
def ingested(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The event file of the eight West African countries as a release, before the embedded figures."""
    lake = Lake(tmp_path_factory.mktemp("ingested"), data.RELEASES)
    ingest(lake, "ucdp-ged", [data_dir / EVENT_FILE], Options(label="24.1"), retrieved_at=None)
    return World(lake)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """What the package carries, with an empty home."""
    return World(Lake(tmp_path_factory.mktemp("empty"), data.RELEASES))


@pytest.fixture(params=["embedded", pytest.param("ingested", marks=pytest.mark.data)])
def either(request: pytest.FixtureRequest) -> World:
    """Each of the two in turn."""
    world: World = request.getfixturevalue(request.param)
    return world


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small synthetic world: every pair of actors, months with and without events."""
    world = world_in(tmp_path_factory.mktemp("made"))
    rows = [
        event(f"m{n}", f"2022-{1 + n % 9:02d}-{3 + n % 20:02d}", ("MLI", "NER")[n % 2], n, deaths_civilians=n // 2,
              cell=CELLS[n % 3], where_precision=("exact", "near", "country")[n % 3], **PAIRS[n % len(PAIRS)])
        for n in range(13)
    ]  # fmt: skip
    put(world.lake, "1", rows)
    return world

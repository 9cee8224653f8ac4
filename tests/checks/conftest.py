"""The embedded figures alone, and the event file of the field, ingested, both as askers."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan import data
from harmattan.checks.asker import Asker
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.reading import Options
from tests.checks.askers import asker_of

EVENT_FILE = Path("ucdp") / "ged241_westafrica8_events.csv.gz"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return asker_of(Lake(tmp_path_factory.mktemp("checks-embedded"), data.RELEASES))


@pytest.fixture(scope="session")
def ingested(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Asker:
    lake = Lake(tmp_path_factory.mktemp("checks-ingested"), data.RELEASES)
    ingest(lake, "ucdp-ged", [data_dir / EVENT_FILE], Options(label="24.1"), retrieved_at=None)
    return asker_of(lake)


@pytest.fixture(params=["embedded", pytest.param("ingested", marks=pytest.mark.data)])
def either(request: pytest.FixtureRequest) -> Asker:
    """Each of the two in turn."""
    asker: Asker = request.getfixturevalue(request.param)
    return asker

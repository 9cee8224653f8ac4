"""The names and places that come with the package, made once."""

from __future__ import annotations

import pytest

from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.gazetteer import gazetteer as gazetteer_of
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.names import Names


@pytest.fixture(scope="session")
def embedded_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world of the embedded releases alone."""
    return World(Lake(tmp_path_factory.mktemp("empty"), RELEASES))


@pytest.fixture(scope="session")
def names(embedded_world: World) -> Names:
    """The names of the embedded dossier."""
    told = embedded_world.told(Params())
    return Names(told.book, told.resolver)


@pytest.fixture(scope="session")
def gazetteer(embedded_world: World) -> Gazetteer:
    """The places of the embedded releases."""
    return gazetteer_of(embedded_world, Params())


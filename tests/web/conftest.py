"""Servers and visitors for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.web.served import Served, serving


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home: everything is answered from the embedded releases."""
    return tmp_path_factory.mktemp("web-home")


@pytest.fixture(scope="session")
def client(home: Path) -> Iterator[TestClient]:
    """The person at this machine, without a network; shared, so that tests leave nothing behind that others see."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    app = make_app(Settings(home, "sahel", person="Awa", patience=60))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server on loopback, in a process of its own, with an empty home."""
    with serving(tmp_path_factory.mktemp("served-home")) as found:
        yield found

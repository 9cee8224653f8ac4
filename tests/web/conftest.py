"""Servers and visitors for the tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real headless Chromium; skipped where there is none, but a failure in CI."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed; .ci/run installs it")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=quiet)
        yield found
        found.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server; skipped where there is none, but a failure in CI."""
    from tests.desk.postgres import programs, running

    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    with running() as address:
        yield address

"""What all tests share: where the reference data of the field are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harmattan.cli.process import tune
from tests.memory import watch
from tests.turns import Turns, long_ones_first

if TYPE_CHECKING:
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.world import World

ROOT = Path(__file__).parents[1]


def pytest_configure() -> None:
    """Memory is watched before pytest keeps for itself what is written; the rest is as in every command."""
    watch()
    tune()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Turns:
    """Who runs what, where several workers run."""
    return Turns(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In which order."""
    long_ones_first(items)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the user's home, language or the width of the window it was started in."""
    for name in ("COLUMNS", "HARMATTAN_LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("HARMATTAN_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))


@pytest.fixture(autouse=True)
def share_draws(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What forecasts draw is kept in one place for all tests: every home is new, and a forest takes seconds."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    monkeypatch.setattr("harmattan.lake.kept.FOLDER", str(shared / "kept"))
    monkeypatch.setattr("harmattan.lake.kept.MOST_FILES", 100_000)


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world of posts in which it is known who acts together; what is found in it is kept for all tests."""
    from tests.questions.posting import rows, taken_in

    return taken_in(tmp_path_factory.mktemp("planted"), rows())


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """The embedded releases and invented posts of two campaigns; what is found there is kept for all tests."""
    from tests.questions.invented_posts import asked_of_invented

    return asked_of_invented(tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The reference data. A test that asks for them is skipped where they are absent, but fails in CI."""
    folder = Path(os.environ.get("HARMATTAN_DATA", ROOT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the reference data are not at {folder}")
        pytest.skip(f"the reference data are not at {folder}")
    return folder


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

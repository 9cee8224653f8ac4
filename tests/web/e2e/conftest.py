"""One server for all journeys, with a document on its desk; and one in which people sign in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.e2e.visits import Watch, visit
from tests.web.served import Served, serving, sign_of

Visit = Callable[..., AbstractContextManager[Any]]
PEOPLE = {"awa": "editor", "binta": "analyst", "chris": "reader"}
PASSWORD = "harmattan blows in winter"


@pytest.fixture(scope="session")
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """What the browsers of the whole run did: none of them asked anybody but the servers on this machine."""
    found = Watch()
    yield found
    assert {host.partition(":")[0] for host in found.hosts} <= {"127.0.0.1"}


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server of the journeys."""
    with serving(tmp_path_factory.mktemp("e2e")) as found:
        yield found


@pytest.fixture
def go(browser: Any, watch: Watch, stand: Served) -> Visit:
    """Opens a browser on the server of the journeys."""
    return lambda **how: visit(browser, watch, stand.url, **how)


@pytest.fixture(scope="session")
def document(stand: Served) -> str:
    """The id of the example document, taken in."""
    return taken_in(httpx.Client(base_url=stand.url, timeout=60))


def taken_in(client: httpx.Client) -> str:
    """Takes in the example document, and gives its id."""
    answer = client.post("/desk/example", data={"csrf": sign_of(client.get("/desk").text)})
    assert answer.status_code == 303, answer.text
    until = time.monotonic() + 90
    while time.monotonic() < until:
        found = re.search(r'href="/desk/([0-9a-f]{12})"', client.get("/desk").text)
        if found and 'data-test="review"' in client.get(f"/desk/{found[1]}/review?kind=claim").text:
            return found[1]
        time.sleep(0.3)
    raise AssertionError("the example was not read within a minute and a half")


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in which people sign in: an editor, an analyst, a reader."""
    home = tmp_path_factory.mktemp("team")
    for name, role in PEOPLE.items():
        add_account(home, name, role)
    with serving(home) as found:
        yield found


def add_account(home: Path, name: str, role: str) -> None:
    """Adds an account as an administrator does."""
    command = [sys.executable, "-m", "harmattan.cli", "accounts", "add", name, "--role", role, "--home", str(home)]
    there = os.environ | {"HARMATTAN_PASSWORD": PASSWORD}
    subprocess.run(command, env=there, check=True, capture_output=True, timeout=60)


def sign_in(page: Any, name: str) -> None:
    """Signs somebody in by the form."""
    page.goto("/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.first")
    page.wait_for_url(lambda url: "/sign-in" not in url)

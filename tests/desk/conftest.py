"""Desks on SQLite and on PostgreSQL: what holds for one holds for the other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from harmattan.desk.store import Desk
from tests.desk.postgres import PASSWORD

Fresh = Callable[[], str]
"""Gives the address of a desk that is not there yet."""


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Addresses of new desks."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / "new" / f"{uuid.uuid4().hex}.sqlite3")
    address = request.getfixturevalue("postgres")

    def made() -> str:
        import psycopg

        name = f"desk_{uuid.uuid4().hex}"
        with psycopg.connect(host="127.0.0.1", port=address.partition(":")[2], user="desk", password=PASSWORD,
                             dbname="postgres", autocommit=True) as connection:  # fmt: skip
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://desk:{quote(PASSWORD, safe='')}@{address}/{name}"

    return made


@pytest.fixture
def where(fresh: Fresh) -> str:
    """The address of one desk."""
    return fresh()


@pytest.fixture
def desk(where: str) -> Iterator[Desk]:
    """A desk that is open."""
    with Desk.open(where) as opened:
        yield opened

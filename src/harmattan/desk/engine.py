"""Where a desk is, and how it is opened: the database, its settings, and the migrations that bring it up to date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from harmattan.errors import DeskAway, DeskError, UsageError
from harmattan.text import T, Verbatim

MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = ("0001", "0002", "0003")
"""Every schema that this program knows, the newest last; the files in `migrations` make them."""
PATIENCE = 30
"""Seconds that one waits for another who is writing."""
OPENING = 4_821_605_973
"""The number of the lock, in PostgreSQL, under which one program at a time brings a desk up to date."""
DRIVER = "postgresql+psycopg"


def address(where: str | Path) -> URL:
    """The address of a desk: a file of SQLite, or the URL of a PostgreSQL database.

    Raises UsageError for anything else; it never repeats the address, which may have a password in it.

    >>> address("postgresql://desk@db.example.org/desk").drivername
    'postgresql+psycopg'
    >>> address("/tmp/desk.sqlite3").database
    '/tmp/desk.sqlite3'
    """
    words = str(where)
    if isinstance(where, Path) or "://" not in words:
        return URL.create("sqlite", database=words)
    try:
        url = sa.make_url(words)
    except (ArgumentError, ValueError):
        raise _no_address() from None
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    if url.drivername in ("postgresql", "postgres", DRIVER):
        return url.set(drivername=DRIVER)
    raise _no_address()


def _no_address() -> UsageError:
    return UsageError(
        T("That is no address of a desk."),
        available=T("A desk is a file, or a PostgreSQL database."),
        do=T("Write it as {form}.", form=Verbatim("postgresql+psycopg://USER@HOST/DATABASE")),
    )


def engine(where: str | Path) -> Engine:
    """The engine of a desk that is up to date: it is made where there is none, and migrated where it is older.

    Raises DeskError in one line where the database cannot be opened, or was made by a newer program, and UsageError
    where the driver of PostgreSQL is missing.
    """
    url = address(where)
    arguments: dict[str, Any] = {"json_serializer": _as_json, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        with _told_in_one_line(url):
            Path(str(url.database)).resolve().parent.mkdir(parents=True, exist_ok=True)
        arguments["connect_args"] = {"timeout": PATIENCE, "isolation_level": None}
    else:
        arguments |= {"connect_args": {"connect_timeout": PATIENCE}, "pool_pre_ping": True}
    try:
        made = sa.create_engine(url, **arguments)
    except ModuleNotFoundError:
        raise UsageError(
            T("A desk on PostgreSQL needs {extra}.", extra=Verbatim("harmattan[postgres]")),
            do=T("Say {command}.", command=Verbatim("pip install 'harmattan[postgres]'")),
        ) from None
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _settings)
        sa.event.listen(made, "begin", _begin)
    try:
        with told(made):
            _bring_up_to_date(made)
    except BaseException:
        made.dispose()
        raise
    return made


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _settings(connection: Any, _record: Any) -> None:
    """What SQLite is told on each connection; FULL: what is acknowledged is on the disk."""
    for setting in ("foreign_keys=ON", "synchronous=FULL", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """A writer of SQLite says so at once: one that reads first and writes later may find that it came too late."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(made: Engine) -> None:
    with made.connect() as connection:
        if _revision(connection) == REVISIONS[-1]:
            return
    with _alone(made):
        if made.dialect.name == "sqlite":
            raw = made.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                raw.close()
        with made.connect().execution_options(writes=True) as connection, connection.begin():
            if made.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(OPENING)))
                _speaks_unicode(connection)
            if _revision(connection) != REVISIONS[-1]:
                migrate(connection)


def migrate(connection: Connection, to: str = REVISIONS[-1]) -> None:
    """Runs the migrations that are missing, within the connection's transaction: all of them or none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@contextmanager
def _alone(made: Engine) -> Iterator[None]:
    """One program at a time; in PostgreSQL its own lock serves."""
    if made.dialect.name != "sqlite":
        yield
        return
    lock = FileLock(f"{made.url.database}.lock", timeout=PATIENCE)
    try:
        with lock:
            yield
    except Timeout:
        raise DeskError(
            T("Another program has been making the desk {place} for {n} seconds.", place=_place(made.url), n=PATIENCE),
            do=T("Try again when it is done."),
        ) from None


def _revision(connection: Connection) -> str | None:
    """Which schema a database has; None where it has none. Raises DeskError for one that is not known here."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        raise DeskError(
            T("The desk {place} was made by a newer program (schema {found}; this one knows up to {known}).",
              place=_place(connection.engine.url), found=Verbatim(str(found)), known=Verbatim(REVISIONS[-1])),
            do=T("Install the newer harmattan; nothing was changed."),
        )  # fmt: skip
    return None if found is None else str(found)


def _speaks_unicode(connection: Connection) -> None:
    encoding = connection.execute(sa.text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise DeskError(
            T("The database {place} keeps text in {encoding}, which cannot hold every language.",
              place=_place(connection.engine.url), encoding=Verbatim(str(encoding))),
            do=T("Make one in UTF8."),
        )  # fmt: skip


@contextmanager
def told(made: Engine) -> Iterator[None]:
    """Turns what a database or a disk complains of into one line without a password."""
    with _told_in_one_line(made.url):
        yield


@contextmanager
def _told_in_one_line(url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as fault:
        raise _fault(url, str(fault.orig)) from None
    except SQLAlchemyError as fault:
        raise _fault(url, str(fault)) from None
    except OSError as fault:
        raise _fault(url, fault.strerror or str(fault)) from None


def _fault(url: URL, words: str) -> DeskAway:
    said = without_password(" ".join(words.partition("\n")[0].split())[:300], url).rstrip(".")
    return DeskAway(T("The desk {place} cannot be used: {fault}.", place=_place(url), fault=Verbatim(said)))


def without_password(words: str, url: URL) -> str:
    """Words in which the password of an address does not stand, as it is or as an address writes it.

    >>> without_password("no a@b here, nor a%40b", URL.create("postgresql", "u", "a@b", "h"))
    'no *** here, nor ***'
    """
    if url.password:
        written = URL.create("x", "u", str(url.password), "h").render_as_string(hide_password=False)
        for password in (str(url.password), written.removeprefix("x://u:").removesuffix("@h")):
            words = words.replace(password, "***")
    return re.sub(r"(password\s*=\s*)\S+", r"\1***", words, flags=re.IGNORECASE)


def _place(url: URL) -> Verbatim:
    """A desk as one names it: the file, or the address without password and options."""
    if url.get_backend_name() == "sqlite":
        return Verbatim(str(url.database))
    return Verbatim(url.set(query={}, password=None).render_as_string())

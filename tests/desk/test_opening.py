"""How a desk is opened: made, migrated, refused; by several at once; killed in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from harmattan.desk import engine as engines
from harmattan.desk import store
from harmattan.desk.append_only import triggers
from harmattan.desk.rows import row_of
from harmattan.desk.store import Desk
from harmattan.desk.tables import Base
from harmattan.errors import DeskError, UsageError
from harmattan.vocabulary.assertion import Assertion, Origin
from tests.desk.conftest import Fresh
from tests.desk.made import AT, assertion, document, some

NUMBERED = "\n".join(f"Sentence {n} names actor-{n} here." for n in range(60))


def test_the_program_knows_every_migration_and_their_order() -> None:
    there = ScriptDirectory(str(engines.MIGRATIONS)).walk_revisions()
    assert [script.revision for script in there] == list(reversed(engines.REVISIONS))


def test_migrations_make_what_the_tables_say(desk: Desk) -> None:
    seen = sa.inspect(desk.engine)
    for name, table in Base.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert seen.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key]
        assert {index["name"] for index in seen.get_indexes(name)} == {index.name for index in table.indexes}
        assert len(seen.get_foreign_keys(name)) == len(table.foreign_key_constraints)


def test_a_desk_of_the_first_schema_is_brought_up_to_date_with_all_that_is_on_it(where: str) -> None:
    with Desk.open(where) as desk:
        desk.add(document(), AT)
        desk.propose(some())
        before = desk.assertions()
        later = ("exported", "exports", "accounts", "audit", "passwords", "sessions", "tokens")
        back = [*(f"DROP TABLE {table}" for table in later), "UPDATE alembic_version SET version_num = '0001'"]
        with desk.writing() as session:
            for statement in back:
                session.execute(sa.text(statement))
    with Desk.open(where) as desk:
        assert desk.assertions() == before
        assert desk.exports() == ()
        desk.log_export(before, "csv", b"", at=AT, by="amina", quoted=False)
        assert len(desk.exports()) == 1


def test_an_empty_desk_stops_at_the_first_schema_and_goes_on_from_there(where: str) -> None:
    url = engines.address(where)
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).parent.mkdir(parents=True)
    bare = sa.create_engine(url)
    with bare.begin() as connection:
        engines.migrate(connection, "0001")
    assert not sa.inspect(bare).has_table("exports")
    bare.dispose()
    with Desk.open(where) as desk:
        assert sa.inspect(desk.engine).has_table("exports")


def test_an_older_program_refuses_a_newer_desk_in_one_line_and_changes_nothing(where: str) -> None:
    with Desk.open(where) as desk, desk.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DeskError, match=r"newer program \(schema 9999") as told:
        Desk.open(where)
    assert_told(told.value, where)


def test_several_open_a_new_desk_at_once(where: str) -> None:
    program = "import sys; from harmattan.desk.store import Desk; d = Desk.open(sys.argv[1]); print(len(d.documents()))"
    opened = [start(program, where) for _ in range(4)]
    for process in opened:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out.strip()) == (0, "0"), err


REVIEWER = """
    import datetime as dt, sys
    from harmattan.desk.store import Desk
    from tests.desk.made import AT
    with Desk.open(sys.argv[1]) as desk:
        for made in desk.queue(sys.argv[2]):
            desk.review(made.id, "accepted", sys.argv[3], AT, expected_version=None)
            print(made.id, flush=True)
"""


@pytest.fixture
def sixty(where: str) -> str:
    """A desk with sixty candidates."""
    with Desk.open(where) as desk:
        text = document(NUMBERED)
        desk.add(text, AT)
        desk.propose(assertion(f"actor-{n} ", "actor", {"actor": f"actor-{n}"}, of=text) for n in range(60))
    return where


def test_every_review_that_was_acknowledged_survives_a_kill(sixty: str) -> None:
    process = start(REVIEWER, sixty, document(NUMBERED).id, "amina")
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    told += [line.strip() for line in rest.splitlines() if len(line.strip()) == 16]
    assert len(told) >= 25
    with Desk.open(sixty) as desk:
        accepted = {made.id for made in desk.assertions(states=["accepted"])}
        assert set(told) <= accepted
        assert len(accepted) <= len(told) + 1
        left = desk.queue(document(NUMBERED).id)
        assert len(left) + len(accepted) == 60
        for made in left:
            desk.review(made.id, "rejected", "bako", AT)
        assert all(len(desk.history(made.id)) == 2 for made in left[:5])


def test_a_desk_killed_while_it_is_made_is_whole_or_not_there(where: str) -> None:
    program = """
        import os, signal, sys
        from harmattan.desk import engine
        from harmattan.desk.store import Desk
        migrate = engine.migrate
        def cut(connection):
            migrate(connection, "0001")
            os.kill(os.getpid(), signal.SIGKILL)
        engine.migrate = cut
        Desk.open(sys.argv[1])
    """
    process = start(program, where)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    with Desk.open(where) as desk:
        assert desk.documents() == ()


def test_two_who_review_at_once_lose_nothing(sixty: str) -> None:
    both = [start(REVIEWER, sixty, document(NUMBERED).id, name) for name in ("amina", "bako")]
    told = {}
    for name, process in zip(("amina", "bako"), both, strict=True):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        told[name] = out.split()
    with Desk.open(sixty) as desk:
        made = [version for a in desk.assertions() for version in desk.history(a.id)]
        for name, ids in told.items():
            assert sorted(v.id for v in made if v.reviewer == name) == sorted(ids)
        for one in desk.assertions():
            assert [v.version for v in desk.history(one.id)] == list(range(1, one.version + 1))


RIVAL = """
    import sys
    from harmattan.desk.store import Desk
    from harmattan.errors import DeskError
    from tests.desk.made import AT
    with Desk.open(sys.argv[1]) as desk:
        for made in sorted(desk.assertions(kind="actor"), key=lambda a: a.id):
            try:
                desk.review(made.id, "accepted", sys.argv[3], AT, expected_version=1)
                print(made.id, "won")
            except DeskError as fault:
                assert "version 1 that you saw" in str(fault), fault
                print(made.id, "told")
"""


def test_of_two_who_saw_the_same_version_one_wins_and_the_other_is_told(sixty: str) -> None:
    both = [start(RIVAL, sixty, "", name) for name in ("amina", "bako")]
    won: list[str] = []
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        lines = [line.split() for line in out.splitlines()]
        assert len(lines) == 60
        won += [id for id, how in lines if how == "won"]
    assert len(won) == len(set(won)) == 60
    with Desk.open(sixty) as desk:
        assert {a.version for a in desk.assertions()} == {2}


def test_of_two_meanings_accepted_at_once_one_is_a_conflict(where: str) -> None:
    text = document(NUMBERED)
    mine, yours = (
        [assertion(f"actor-{n} ", "actor", {"actor": f"{who}-{n}"}, of=text, origin=Origin(kind="human", name=who))
         for n in range(15)]
        for who in ("amina", "bako")
    )  # fmt: skip
    with Desk.open(where) as desk:
        desk.add(text, AT)
        desk.propose([*mine, *yours])
        meet = Barrier(2)

        def accept(several: list[Assertion]) -> None:
            for made in several:
                meet.wait(60)
                desk.review(made.id, "accepted", made.origin.name, AT)

        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(accept, several) for several in (mine, yours)]:
                done.result(120)
        for one, other in zip(mine, yours, strict=True):
            assert {desk.assertion(one.id).state, desk.assertion(other.id).state} == {"accepted", "conflict"}


def test_a_version_that_another_program_slipped_in_is_told_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of ours wait for each other; in PostgreSQL another one need not."""
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    desk.add(document(), AT)
    desk.propose(some())
    plain = store.revised

    def slipped(now: Assertion, *words: Any, **more: Any) -> Assertion:
        rival = plain(now, "rejected", "bako", AT)
        with Session(desk.engine) as session, session.begin():
            session.add(row_of(rival))
        return plain(now, *words, **more)

    monkeypatch.setattr(store, "revised", slipped)
    with pytest.raises(DeskError, match="bako has made version 2"):
        desk.review(some()[1].id, "accepted", "amina", AT)
    assert [a.reviewer for a in desk.history(some()[1].id)] == ["", "bako"]


def test_a_writer_waits_for_another_and_readers_are_not_blocked(sixty: str) -> None:
    with Desk.open(sixty) as one, Desk.open(sixty) as other, one.writing() as session:
        session.execute(sa.text("SELECT 1"))
        assert len(other.assertions()) == 60


def test_a_password_is_in_no_error(postgres: str) -> None:
    from urllib.parse import quote

    secret = "hunter2/@ü"
    written = quote(secret, safe="")
    for where in (
        f"postgresql+psycopg://desk:{written}@{postgres}/postgres",
        f"postgresql://desk:{written}@127.0.0.1:1/desk?connect_timeout=2",
        f"postgresql://desk@127.0.0.1:1/desk?password={written}&connect_timeout=2",
        f"postgresql://desk:{written}@127.0.0.1:port/desk",
        f"mysql://desk:{written}@127.0.0.1/desk",
        "postgresql://desk:hunter2/@[bad/desk",
    ):
        with pytest.raises((DeskError, UsageError)) as told:
            Desk.open(where)
        assert_told(told.value, where)
        assert "hunter2" not in str(told.value)
        assert told.value.__cause__ is None


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"harmattan\[postgres\]") as told:
        Desk.open("postgresql+psycopg://desk:hunter2@127.0.0.1/desk")
    assert_told(told.value, "hunter2")


@pytest.mark.parametrize("content", [b"not a database at all, but text", b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_desk_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(content)
    with pytest.raises(DeskError) as told:
        Desk.open(path)
    assert_told(told.value, "")
    assert path.read_bytes() == content


def test_a_desk_where_none_can_be_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for where in (tmp_path / "file" / "desk.sqlite3", tmp_path):
        with pytest.raises(DeskError) as told:
            Desk.open(where)
        assert_told(told.value, "")


def test_triggers_are_there_for_every_table(desk: Desk) -> None:
    catalogue = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal",
    }[desk.engine.dialect.name]
    with desk.reading() as session:
        guarded = session.scalars(sa.text(catalogue)).all()
    each = 3 if desk.engine.dialect.name == "sqlite" else 2
    assert {name: guarded.count(name) for name in Base.metadata.tables} == dict.fromkeys(Base.metadata.tables, each)
    assert all(";" not in name for name in triggers("sqlite", "a", ("b",))[0].partition("BEGIN")[0])


def test_sqlite_keeps_what_it_acknowledges(fresh: Fresh) -> None:
    with Desk.open(fresh()) as desk, desk.reading() as session:
        if desk.engine.dialect.name == "sqlite":
            asked: dict[str, Any] = {
                name: session.execute(sa.text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            }
            assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30_000}
        else:
            assert session.execute(sa.text("SHOW synchronous_commit")).scalar() == "on"


def start(program: str, *words: str) -> subprocess.Popen[str]:
    code = textwrap.dedent(program)
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def assert_told(fault: Exception, where: str) -> None:
    said = str(fault)
    assert "\n" not in said
    assert len(said) < 400
    assert where == "" or where not in said or "@" not in where

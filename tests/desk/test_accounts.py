"""Accounts, sessions, tokens and the audit log, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from harmattan.desk import audit, passwords
from harmattan.desk.account_tables import Living
from harmattan.desk.accounts import ABSOLUTE, IDLE, SEEN_EVERY, TOKEN, Accounts, digest_of
from harmattan.desk.store import Desk
from harmattan.errors import DeskError, UsageError
from tests.desk.made import AT

GOOD, BETTER = "correct horse battery", "staple of the better sort"
COOKIE, OTHER = "cookie-of-awa-0123456789", "cookie-of-somebody-012345"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that are made at once."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def accounts(desk: Desk) -> Accounts:
    """An editor and a reader."""
    made = Accounts(desk)
    made.add("Awa Diallo", "editor", GOOD, at=AT, by="ops")
    made.add("Fanta", "reader", GOOD, at=AT, by="Awa Diallo")
    return made


def test_a_password_takes_as_long_where_there_is_no_such_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert extract_parameters(passwords.NOBODYS) == extract_parameters(PasswordHasher().hash("x"))
    assert not passwords.fits("", None)


@pytest.mark.parametrize("bad", ["", "short", "a" * 201, "aaaaaaaaaaaaaa", "Awa DialloAwa Diallo"])
def test_a_password_that_is_none_is_refused_and_not_repeated(accounts: Accounts, bad: str) -> None:
    with pytest.raises(UsageError) as told:
        accounts.set_password("awa diallo", bad, at=AT, by="ops")
    assert not bad or bad not in str(told.value)
    assert accounts.fits("Awa Diallo", GOOD)


@pytest.mark.parametrize("bad", ["", " ", "a\nb\0", "<b>", "a" * 61, "x; DROP TABLE accounts", "'--", "../x"])
def test_a_name_that_is_none_is_refused_in_one_line(accounts: Accounts, bad: str) -> None:
    with pytest.raises(UsageError) as told:
        accounts.add(bad, "reader", GOOD, at=AT, by="ops")
    assert "\n" not in str(told.value)
    assert len(accounts.all()) == 2


@pytest.mark.parametrize("name", ["", "nobody", "a\0b", "\ud800", "' OR 1=1 --", "%", "x" * 10_000])
def test_nobody_of_a_name_that_there_is_not_signs_in(accounts: Accounts, name: str) -> None:
    assert accounts.sign_in(name, GOOD, COOKIE, at=AT) is None
    assert accounts.signed_in(COOKIE, AT) is None


def test_the_same_name_in_other_letters_is_the_same_account(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="already"):
        accounts.add("awa  DIALLO", "reader", GOOD, at=AT, by="ops")
    assert accounts.one("AWA DIALLO").name == "Awa Diallo"


def test_changes_keep_their_history(accounts: Accounts) -> None:
    accounts.change_role("Fanta", "analyst", at=AT + MINUTE, by="Awa Diallo")
    accounts.disable("Fanta", at=AT + 2 * MINUTE, by="Awa Diallo")
    accounts.enable("Fanta", at=AT + 3 * MINUTE, by="ops")
    told = [(a.version, a.role, a.disabled, a.by) for a in accounts.history("fanta")]
    assert told == [(1, "reader", False, "Awa Diallo"), (2, "analyst", False, "Awa Diallo"),
                    (3, "analyst", True, "Awa Diallo"), (4, "analyst", False, "ops")]  # fmt: skip
    assert [line.what for line in audit.lines(accounts.desk)][:3] == [
        "account-enabled", "account-disabled", "role-changed"
    ]  # fmt: skip


def test_an_editor_is_always_left(accounts: Accounts) -> None:
    with pytest.raises(DeskError, match="No editor would be left"):
        accounts.change_role("Awa Diallo", "reader", at=AT, by="ops")
    with pytest.raises(DeskError, match="No editor would be left"):
        accounts.disable("Awa Diallo", at=AT, by="ops")
    accounts.disable("Fanta", at=AT, by="ops")
    accounts.disable("Awa Diallo", at=AT, by="ops")
    assert not accounts.any()


def test_the_first_account_is_an_editors(desk: Desk) -> None:
    with pytest.raises(DeskError):
        Accounts(desk).add("Fanta", "reader", GOOD, at=AT, by="ops")
    assert Accounts(desk).all() == ()


def test_of_two_editors_who_demote_each_other_one_stays(accounts: Accounts) -> None:
    accounts.add("Bako", "editor", GOOD, at=AT, by="ops")

    def demote(name: str) -> bool:
        try:
            accounts.change_role(name, "reader", at=AT, by="ops")
        except DeskError:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(demote, ["Bako", "Awa Diallo"])) == [False, True]


def test_a_session_lasts_so_long_and_no_longer(accounts: Accounts) -> None:
    assert accounts.sign_in("awa diallo", GOOD, COOKIE, at=AT) is not None
    assert accounts.signed_in(OTHER, AT) is None
    assert accounts.signed_in(COOKIE, AT + IDLE) is None
    now = AT
    while now < AT + ABSOLUTE:
        found = accounts.signed_in(COOKIE, now)
        assert found is not None
        assert found.name == "Awa Diallo"
        now += IDLE - SEEN_EVERY
    assert accounts.signed_in(COOKIE, AT + ABSOLUTE - MINUTE) is not None
    assert accounts.signed_in(COOKIE, AT + ABSOLUTE) is None


def test_a_session_ends_with_sign_out_password_and_disabling(accounts: Accounts) -> None:
    def again() -> None:
        assert accounts.sign_in("Fanta", GOOD, COOKIE, at=AT) is not None

    again()
    accounts.sign_out(COOKIE, at=AT)
    assert accounts.signed_in(COOKIE, AT) is None
    again()
    accounts.disable("Fanta", at=AT, by="ops")
    assert accounts.signed_in(COOKIE, AT) is None
    accounts.enable("Fanta", at=AT, by="ops")
    assert accounts.signed_in(COOKIE, AT) is None
    again()
    accounts.set_password("Fanta", BETTER, at=AT, by="ops")
    assert accounts.signed_in(COOKIE, AT) is None
    assert accounts.sign_in("Fanta", GOOD, COOKIE, at=AT) is None
    assert accounts.sign_in("Fanta", BETTER, COOKIE, at=AT) is not None


def test_a_role_changes_for_those_who_are_signed_in(accounts: Accounts) -> None:
    accounts.sign_in("Fanta", GOOD, COOKIE, at=AT)
    accounts.change_role("Fanta", "analyst", at=AT, by="ops")
    found = accounts.signed_in(COOKIE, AT)
    assert found is not None
    assert found.role == "analyst"


def test_a_password_hashed_by_other_settings_is_hashed_anew(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert accounts.sign_in("Fanta", GOOD, COOKIE, at=AT) is not None
    with accounts.desk.reading() as session:
        hashes = dict(session.execute(sa.text("SELECT account, hash FROM passwords")).tuples().all())
    assert extract_parameters(hashes["fanta"]).time_cost == 2
    assert extract_parameters(hashes["awa diallo"]).time_cost == 1


def test_a_token_may_no_more_than_its_account_now(accounts: Accounts) -> None:
    accounts.add("Bako", "analyst", GOOD, at=AT, by="ops")
    with pytest.raises(UsageError, match="a token may do no more"):
        accounts.issue("Bako", "R", "editor", TOKEN + "x" * 40, days=1, at=AT, by="Bako")
    made = accounts.issue("Bako", "R  script", "analyst", TOKEN + "y" * 40, days=2, at=AT, by="Bako")
    assert (made.label, made.used) == ("R script", None)
    held = accounts.by_token(TOKEN + "y" * 40, AT)
    assert held is not None
    assert (held[0].name, held[1].role) == ("Bako", "analyst")
    assert accounts.tokens("bako")[0].used == AT
    accounts.change_role("Bako", "reader", at=AT, by="ops")
    held = accounts.by_token(TOKEN + "y" * 40, AT)
    assert held is not None
    assert held[1].role == "reader"
    accounts.change_role("Bako", "editor", at=AT, by="ops")
    held = accounts.by_token(TOKEN + "y" * 40, AT)
    assert held is not None
    assert held[1].role == "analyst"


def test_a_token_ends(accounts: Accounts) -> None:
    secret = TOKEN + "z" * 40
    made = accounts.issue("Fanta", "R", "reader", secret, days=2, at=AT, by="Fanta")
    assert accounts.by_token(secret, AT + dt.timedelta(days=2)) is None
    with pytest.raises(UsageError):
        accounts.revoke("Awa Diallo", made.id, at=AT, by="Awa Diallo")
    accounts.revoke("Fanta", made.id, at=AT, by="Fanta")
    assert accounts.by_token(secret, AT) is None
    accounts.issue("Fanta", "R", "reader", secret + "2", days=2, at=AT, by="Fanta")
    accounts.disable("Fanta", at=AT, by="ops")
    accounts.enable("Fanta", at=AT, by="ops")
    assert accounts.by_token(secret + "2", AT) is None
    assert accounts.by_token("", AT) is None
    assert accounts.by_token(digest_of(secret), AT) is None


@pytest.mark.parametrize("table", ["accounts", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET by = 'x'", "DELETE FROM {}"])
def test_the_database_itself_keeps_accounts_and_the_log(accounts: Accounts, table: str, statement: str) -> None:
    with pytest.raises(DeskError, match="only adds"), accounts.desk.writing() as session:
        session.execute(sa.text(statement.format(table).replace("SET by", 'SET "by"')))


def test_migrations_make_the_tables_that_live(desk: Desk) -> None:
    seen = sa.inspect(desk.engine)
    for name, table in Living.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert seen.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key]
        assert {index["name"] for index in seen.get_indexes(name)} == {index.name for index in table.indexes}


def test_what_is_written_down_is_found_again(accounts: Accounts) -> None:
    desk = accounts.desk
    audit.note(desk, AT, "Fanta", "exported", "casualties", format="csv", rows=12, evidence="a" * 500, none=None)
    audit.note(desk, AT, "Fanta", "reviewed", "abc", state="accepted", version=2, parts=["x", 1])
    (one,) = audit.lines(desk, what="exported")
    assert (one.by, one.subject, one.at) == ("Fanta", "casualties", AT)
    assert one.detail == {"format": "csv", "rows": 12, "evidence": "a" * 300}
    assert [line.what for line in audit.lines(desk, by="Fanta")] == ["reviewed", "exported"]
    assert [line.what for line in audit.lines(desk, most=1)] == ["reviewed"]
    assert audit.lines(desk, before=one.number)[0].number == one.number - 1
    with pytest.raises(ValueError, match="nothing that is written down"):
        audit.note(desk, AT, "Fanta", "danced", "")
    with pytest.raises(UsageError):
        audit.note(desk, AT, "Fanta", "exported", "a\0b")


def test_no_secret_stands_on_the_desk(accounts: Accounts) -> None:
    secret = TOKEN + "canary" * 8
    accounts.sign_in("Fanta", GOOD, COOKIE, at=AT)
    accounts.sign_in("Fanta", BETTER, OTHER, at=AT)
    accounts.sign_in(BETTER, BETTER, OTHER, at=AT)
    accounts.issue("Fanta", "R", "reader", secret, days=2, at=AT, by="Fanta")
    accounts.by_token(secret, AT)
    accounts.set_password("Fanta", BETTER, at=AT, by="Fanta")
    seen = sa.inspect(accounts.desk.engine)
    with accounts.desk.reading() as session:
        whole = "".join(
            str(session.execute(sa.text(f'SELECT * FROM "{name}"')).all()) for name in seen.get_table_names()
        )
    assert "Fanta" in whole
    for canary in (GOOD, BETTER, COOKIE, OTHER, secret, secret.removeprefix(TOKEN)):
        assert canary not in whole

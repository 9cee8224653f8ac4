"""`harmattan accounts`: who may sign in, without a password among the words."""

from __future__ import annotations

import getpass
import sys

import pytest
from argon2 import PasswordHasher

from harmattan.desk import passwords
from tests.cli.running import Run, one_line

PASSWORD = "canary of the battery staple"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that are made at once, the password in the environment, and a name for who is at the machine."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setenv("HARMATTAN_PASSWORD", PASSWORD)
    monkeypatch.setenv("HARMATTAN_USER", "ops")


@pytest.fixture
def two(run: Run) -> Run:
    """An editor and an analyst."""
    assert run("accounts", "add", "Awa", "--role", "editor").out == "Awa can sign in as editor.\n"
    assert run("accounts", "add", "Moussa", "--role", "analyst").code == 0
    return run


def test_accounts_are_added_changed_and_listed(two: Run) -> None:
    assert two("accounts", "role", "moussa", "reader").out == "Moussa is reader now.\n"
    assert two("accounts", "disable", "moussa").code == 0
    told = two("accounts", "list", "--format", "json").json
    assert [(a["name"], a["role"], a["disabled"], a["by"]) for a in told] == [
        ("Awa", "editor", False, "ops"), ("Moussa", "reader", True, "ops")
    ]  # fmt: skip
    assert "can sign in" in two("accounts", "list").out
    assert two("accounts", "enable", "moussa").out == "Moussa can sign in.\n"
    assert "signed out everywhere" in two("accounts", "password", "moussa").out


def test_a_token_is_printed_once_and_can_be_taken_back(two: Run) -> None:
    secret = two("accounts", "token", "moussa", "--label", "R script").out.strip()
    assert secret.startswith("hmt_")
    (told,) = two("accounts", "token", "moussa", "--format", "json").json
    assert (told["label"], told["role"]) == ("R script", "reader")
    assert secret not in two("accounts", "token", "moussa").out
    assert two("accounts", "token", "moussa", "--revoke", told["id"]).out == f"The token {told['id']} is revoked.\n"
    log = two("accounts", "audit", "--format", "json")
    assert [line["what"] for line in log.json] == ["token-revoked", "token-made", "account-added", "account-added"]
    assert secret not in log.out
    assert PASSWORD not in log.out
    assert [line["what"] for line in two("accounts", "audit", "--what", "token-made", "--format", "json").json] == [
        "token-made"
    ]
    assert "revoked a token" in two("accounts", "audit").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "awa", "--role", "reader"), "There is an account awa already."),
        (("add", "<b>", "--role", "reader"), "cannot be the name of an account"),
        (("role", "nobody", "reader"), "There is no account nobody."),
        (("disable", "nobody"), "There is no account nobody."),
        (("password", "nobody"), "There is no account nobody."),
        (("token", "moussa", "--label", "R", "--role", "editor"), "a token may do no more"),
        (("token", "moussa", "--label", "R", "--days", "0"), "holds for 1 to 366 days"),
        (("token", "moussa", "--label", "R", "--revoke", "x"), "made or revoked at a time"),
        (("token", "moussa", "--revoke", "x"), "has no token x"),
        (("audit", "--what", "x"), "Nothing is written down as x."),
        (("audit", "--last", "0"), "So many lines cannot be printed."),
    ],
)
def test_a_fault_is_one_line(two: Run, words: tuple[str, ...], told: str) -> None:
    assert told in one_line(two("accounts", *words))


def test_the_last_editor_stays(two: Run) -> None:
    assert "No editor would be left" in one_line(two("accounts", "role", "awa", "reader"), 1)
    assert "No editor would be left" in one_line(two("accounts", "disable", "awa"), 1)


def test_a_password_is_asked_for_twice_where_somebody_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARMATTAN_PASSWORD")
    monkeypatch.setattr(sys, "stdin", type("No", (), {"isatty": lambda _self: False})())
    assert "HARMATTAN_PASSWORD" in one_line(run("accounts", "add", "Awa", "--role", "editor"))
    monkeypatch.setattr(sys, "stdin", type("Yes", (), {"isatty": lambda _self: True})())
    typed = iter([PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD])
    monkeypatch.setattr(getpass, "getpass", lambda _words: next(typed))
    assert "not the same" in one_line(run("accounts", "add", "Awa", "--role", "editor"))
    assert run("accounts", "add", "Awa", "--role", "editor").code == 0


def test_a_bad_password_is_not_repeated(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMATTAN_PASSWORD", "canary")
    told = one_line(run("accounts", "add", "Awa", "--role", "editor"))
    assert "12 to 200 characters" in told
    assert "canary" not in told

"""A team with a server: who has an account, signed in, and their tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from harmattan.desk import passwords
from harmattan.desk.accounts import ROLES, TOKEN, Accounts
from harmattan.desk.store import Desk
from tests.web.served import sign_of

PASSWORD = "canary of the battery staple"
NAMES = {"reader": "Fanta", "analyst": "Moussa", "editor": "Awa"}
TOKENS = {role: f"{TOKEN}canary-of-the-{role}-0123456789-0123456789" for role in ROLES}
BASE = "http://127.0.0.1"
WHO = ("anonymous", *ROLES, *(f"token of {role}" for role in ROLES))


class Team:
    """A server that people sign in to."""

    def __init__(self, app: FastAPI, home: Path) -> None:
        self.app, self.home = app, home
        self._there: dict[str, TestClient] = {}

    @property
    def house(self) -> Any:
        """The server's things."""
        return self.app.state.house

    def stranger(self) -> TestClient:
        """Somebody who has never been here."""
        return TestClient(self.app, base_url=BASE, follow_redirects=False)

    def signed_in(self, role: str) -> TestClient:
        """Somebody who has just signed in."""
        made = self.stranger()
        given = sign_in(made, NAMES[role])
        assert given.status_code == 303, given.text
        return made

    def who(self, who: str) -> TestClient:
        """One of `WHO`, the same each time."""
        if who not in self._there:
            if who in ROLES:
                self._there[who] = self.signed_in(who)
            else:
                self._there[who] = self.stranger()
            if who.startswith("token of "):
                self._there[who].headers["authorization"] = f"Bearer {TOKENS[who.rpartition(' ')[2]]}"
        return self._there[who]


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Sends the form of /sign-in."""
    sign = sign_of(client.get("/sign-in").text)
    return client.post("/sign-in", data={"csrf": sign, "name": name, "password": password, **more})


def own_sign(client: TestClient) -> str:
    """The sign of a visitor's cookie."""
    from harmattan.web.visitor import sign_of as made

    cookie = client.cookies.get("harmattan")
    if cookie is None:
        client.get("/sign-in")
        cookie = client.cookies.get("harmattan")
    return made(str(cookie))


def send(
    client: TestClient, method: str, address: str, sign: str | None, form: Mapping[str, Any] | None = None
) -> httpx.Response:
    """A request; what changes things carries the sign, if there is one, in its form or, with JSON, in a header."""
    if method in ("GET", "HEAD"):
        return client.request(method, address)
    if form is not None and "json" in form:
        headers = {"x-csrf-token": sign} if sign is not None else {}
        return client.request(method, address, json=form["json"], headers=headers)
    return client.request(method, address, data={**(form or {}), **({"csrf": sign} if sign is not None else {})})


@contextmanager
def team_at(home: Path, **settings: Any) -> Iterator[Team]:
    """A server with a reader, an analyst and an editor, each of whom has a token; hashes are made at once."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    before = passwords.HASHER, passwords.NOBODYS
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords.NOBODYS = passwords.HASHER.hash("nobody")
    try:
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        with Desk.open(home / "desk.sqlite3") as desk:
            accounts = Accounts(desk)
            for role, name in reversed(NAMES.items()):
                accounts.add(name, role, PASSWORD, at=now, by="ops")
                accounts.issue(name, "R", role, TOKENS[role], days=30, at=now, by=name)
        app = make_app(Settings(home, "sahel", person="ops", patience=60, **settings))
        with TestClient(app, base_url=BASE, follow_redirects=False):
            yield Team(app, home)
    finally:
        passwords.HASHER, passwords.NOBODYS = before

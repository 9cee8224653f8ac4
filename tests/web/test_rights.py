"""Who may what: every route for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from harmattan.desk.accounts import ROLES
from harmattan.web.visitor import roles_of
from tests.web.rights_table import TABLE, Line
from tests.web.team import WHO, Team, own_sign, send, team_at


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team of three."""
    with team_at(tmp_path_factory.mktemp("team-rights")) as made:
        yield made


def routes(there: Any) -> Iterator[tuple[str, str, Any]]:
    """Every route of an app: method, path, and the route itself."""
    for route in there:
        if hasattr(route, "effective_candidates"):
            yield from routes([*route.effective_candidates(), *route.effective_low_priority_routes()])
        else:
            for method in sorted(route.methods or ("?",)):
                yield method, str(route.path), getattr(route, "original_route", route)


def role_of(route: Any) -> set[str]:
    """The roles that a route declares."""
    return roles_of(route) if hasattr(route, "dependant") else set()


def test_every_route_has_a_line_and_every_line_a_route(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    there = [(method, path) for method, path, _ in routes(app.routes)]
    assert len(there) > 15
    assert sorted(set(there) - set(TABLE)) == []
    assert sorted(set(TABLE) - set(there)) == []


def test_every_route_declares_the_role_of_its_line(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    declared = {(method, path): role_of(route) for method, path, route in routes(app.routes)}
    assert declared == {which: {line.role} for which, line in TABLE.items() if which in declared}


@pytest.mark.parametrize("which", TABLE, ids=[" ".join(which) for which in TABLE])
def test_those_who_may_get_through_and_nobody_else(team: Team, which: tuple[str, str]) -> None:
    method, line = which[0], TABLE[which]
    got = {who: _asked(team, who, method, line) for who in WHO}
    assert got == {who: _expected(who, method, line) for who in WHO}


CHANGING = [which for which in TABLE if which[0] != "GET"]


@pytest.mark.parametrize("which", CHANGING, ids=[" ".join(which) for which in CHANGING])
def test_without_ones_own_sign_nothing_is_changed(team: Team, which: tuple[str, str]) -> None:
    method, line = which[0], TABLE[which]
    role = "anonymous" if line.role == "anyone" else line.role
    client = team.who(role)
    stolen = own_sign(team.who("editor" if role != "editor" else "reader"))
    for sign in (stolen, None, "", "0" * 32, stolen.upper(), own_sign(client)[:-1]):
        given = send(client, method, line.address, sign, line.form)
        assert given.status_code == 403, (sign, given.text)
        assert "form is not one of this page" in given.text


@pytest.mark.parametrize("which", CHANGING, ids=[" ".join(which) for which in CHANGING])
def test_a_page_elsewhere_changes_nothing_even_with_the_sign(team: Team, which: tuple[str, str]) -> None:
    method, line = which[0], TABLE[which]
    client = team.who("editor")
    for name, value in (("origin", "https://evil.example"), ("origin", "null"), ("origin", "http://127.0.0.1:9999"),
                        ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")):  # fmt: skip
        given = client.request(method, line.address, data={"csrf": own_sign(client)}, headers={name: value})
        assert given.status_code == 403
        assert "comes from a page elsewhere" in given.text


def _asked(team: Team, who: str, method: str, line: Line) -> int:
    client = team.signed_in(who) if line.once and who in ROLES else team.who(who)
    sign = None if who.startswith("token") else own_sign(client)
    return send(client, method, line.address, sign, line.form).status_code


def _expected(who: str, method: str, line: Line) -> int:
    role, by_token = who.rpartition(" ")[2], who.startswith("token")
    if line.role == "anyone":
        return line.known if line.known is not None and who != "anonymous" else line.ok
    if who == "anonymous":
        return 303 if method == "GET" and not line.address.startswith("/api/") else 401
    if ROLES.index(role) < ROLES.index(line.role) or (by_token and line.in_person):
        return 403
    return line.ok

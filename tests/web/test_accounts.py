"""Signing in and out, sessions, tokens, and the pages of accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from harmattan.cli import main
from harmattan.desk import audit
from harmattan.desk.accounts import ABSOLUTE, IDLE, digest_of
from harmattan.errors import UsageError
from harmattan.web.app import make_app
from harmattan.web.faults import TooMuch
from harmattan.web.limits import SignIns
from harmattan.web.settings import Settings
from tests.web.served import sign_of
from tests.web.team import BASE, NAMES, PASSWORD, TOKENS, Team, own_sign, send, sign_in, team_at

FRESH = "another canary of the battery"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """A team of three of its own."""
    with team_at(tmp_path / "home") as made:
        yield made


def is_in(client: TestClient) -> bool:
    """Whether somebody is signed in."""
    return client.get("/jobs").status_code == 200


def test_one_signs_in_and_comes_to_where_one_wanted_to_go(team: Team) -> None:
    client = team.stranger()
    sent = client.get("/questions?lang=fr&x=1")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Fquestions%3Flang%3Dfr%26x%3D1")
    form = client.get(sent.headers["location"])
    assert 'name="next" value="/questions?lang=fr&amp;x=1"' in form.text
    given = sign_in(client, "awa", next="/questions?lang=fr&x=1")
    assert (given.status_code, given.headers["location"]) == (303, "/questions?lang=fr&x=1")
    assert "Awa" in client.get("/jobs").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/\n/x", ""]
)
def test_after_signing_in_nobody_is_sent_elsewhere(team: Team, back: str) -> None:
    assert sign_in(team.stranger(), "awa", next=back).headers["location"] == "/"
    assert team.who("editor").get("/sign-in", params={"next": back}).headers["location"] == "/"


def test_a_wrong_password_and_a_name_that_there_is_not_look_the_same(team: Team) -> None:
    client = team.stranger()
    one, other = sign_in(client, "awa", "wrong"), sign_in(client, "nobody", "wrong")
    assert one.status_code == other.status_code == 401
    assert one.text == other.text
    assert "Name or password is wrong." in one.text
    assert not is_in(client)


def test_a_cookie_from_before_is_not_the_one_of_the_session(team: Team) -> None:
    planted = "planted-by-somebody-else-0123456789"
    client = team.stranger()
    client.cookies.set("harmattan", planted, domain="127.0.0.1")
    given = sign_in(client, "awa")
    assert given.status_code == 303
    assert planted not in given.headers["set-cookie"]
    victim, thief = client.cookies.get("harmattan", domain="127.0.0.1"), team.stranger()
    assert victim != planted
    thief.cookies.set("harmattan", planted)
    assert not is_in(thief)


def test_signing_in_again_ends_the_session_before(team: Team) -> None:
    client = team.signed_in("reader")
    before = client.cookies["harmattan"]
    sign = own_sign(client)
    given = client.post("/sign-in", data={"csrf": sign, "name": "awa", "password": PASSWORD})
    assert given.status_code == 303
    thief = team.stranger()
    thief.cookies.set("harmattan", before)
    assert not is_in(thief)


def test_a_session_ends_with_sign_out(team: Team) -> None:
    client = team.signed_in("reader")
    before = client.cookies["harmattan"]
    given = client.post("/sign-out", data={"csrf": own_sign(client)})
    assert (given.status_code, given.headers["location"]) == (303, "/sign-in")
    assert given.headers["clear-site-data"] == '"cache"'
    thief = team.stranger()
    thief.cookies.set("harmattan", before)
    assert not is_in(client)
    assert not is_in(thief)


def test_changing_a_password_ends_all_other_sessions(team: Team) -> None:
    here, there = team.signed_in("reader"), team.signed_in("reader")
    sign = own_sign(here)
    for now, one, again in ((PASSWORD, FRESH, FRESH + "x"), ("wrong", FRESH, FRESH), (PASSWORD, "short", "short")):
        told = here.post("/account/password", data={"csrf": sign, "now": now, "password": one, "again": again})
        assert told.status_code == 422
    assert is_in(there)
    done = here.post("/account/password", data={"csrf": sign, "now": PASSWORD, "password": FRESH, "again": FRESH})
    assert done.status_code == 303
    assert is_in(here)
    assert not is_in(there)
    assert sign_in(team.stranger(), "fanta").status_code == 401
    assert sign_in(team.stranger(), "fanta", FRESH).status_code == 303


def test_an_editor_adds_changes_disables_and_enables(team: Team) -> None:
    editor, reader = team.who("editor"), team.signed_in("reader")
    sign = own_sign(editor)
    made = editor.post("/accounts", data={"csrf": sign, "name": "Bako", "role": "reader", "password": PASSWORD})
    assert made.status_code == 303
    assert sign_in(team.stranger(), "bako").status_code == 303
    assert editor.post("/accounts/Fanta/role", data={"csrf": sign, "role": "editor"}).status_code == 303
    assert reader.get("/audit").status_code == 200
    assert editor.post("/accounts/fanta/disable", data={"csrf": sign}).status_code == 303
    assert not is_in(reader)
    assert sign_in(team.stranger(), "fanta").status_code == 401
    token = team.who("token of reader")
    assert token.get("/jobs").status_code == 303
    assert editor.post("/accounts/fanta/enable", data={"csrf": sign}).status_code == 303
    assert editor.post("/accounts/fanta/password", data={"csrf": sign, "password": FRESH}).status_code == 303
    assert sign_in(team.stranger(), "fanta", FRESH).status_code == 303
    told = editor.post("/accounts/awa/role", data={"csrf": sign, "role": "reader"})
    assert told.status_code == 422
    assert "Nobody changes their own account here." in told.text


def test_a_token_is_shown_once_and_asks_for_its_owner(team: Team) -> None:
    client = team.signed_in("analyst")
    shown = client.post("/account/tokens", data={"csrf": own_sign(client), "label": "R", "role": "reader", "days": "7"})
    secret = shown.text.partition("Bearer ")[2].partition("<")[0]
    assert secret.startswith("hmt_")
    assert secret not in client.get("/account").text
    program = team.stranger()
    program.headers["authorization"] = f"Bearer {secret}"
    assert is_in(program)
    assert program.get("/accounts").status_code == 403
    id = digest_of(secret)[:12]
    assert f'action="/account/tokens/{id}/revoke"' in client.get("/account").text
    assert client.post(f"/account/tokens/{id}/revoke", data={"csrf": own_sign(client)}).status_code == 303
    assert not is_in(program)


@pytest.mark.parametrize("said", ["Bearer", "Bearer ", "Bearer hmt_x", "Basic QXdhOng=", "hmt_x", "Bearer \udcff"])
def test_a_token_that_is_none_is_nobody_whatever_the_cookie(team: Team, said: str) -> None:
    headers = {"authorization": said.encode("utf-8", "surrogateescape")}
    assert team.who("editor").get("/jobs", headers=headers).status_code == 303


def test_a_session_ends_after_a_while(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    client, house = team.signed_in("reader"), team.house
    now = house.now()
    for after, still in ((IDLE / 2, True), (IDLE * 1.4, True), (IDLE * 2.5, False), (ABSOLUTE, False)):
        monkeypatch.setattr(house, "now", lambda after=after: now + after)
        assert is_in(client) is still


def test_too_many_tries_wait_with_the_right_password_too(team: Team) -> None:
    client = team.stranger()
    for name in ("awa", "nobody"):
        told = [sign_in(client, name, "wrong").status_code for _ in range(9)]
        assert told == [401] * 8 + [429]
        last = sign_in(client, name.upper())
        assert last.status_code == 429
        assert 0 < int(last.headers["retry-after"]) <= 900
        assert "There were too many tries to sign in." in last.text
    assert sign_in(client, "fanta").status_code == 303


def test_tries_are_counted_by_name_and_by_address_and_forgotten() -> None:
    now = [0.0]
    tries = SignIns(lambda: now[0])

    def tried(name: str, address: str) -> bool:
        try:
            tries.begin(name, address)
        except TooMuch:
            return False
        return True

    assert sum(tried(f"name {n}", "192.0.2.1") for n in range(60)) == 40
    assert tried("somebody", "192.0.2.2")
    assert sum(tried("awa", f"2001:db8:0:{n}::1") for n in range(60)) == 40
    assert sum(tried(f"name {n}", f"2001:db8:1:2::{n + 1}") for n in range(60)) == 40
    now[0] = 901
    assert tried("awa", "192.0.2.1")
    assert sum(tried("bako", "192.0.2.3") for _ in range(5)) == 5
    tries.good("bako", "192.0.2.3")
    assert sum(tried("bako", "192.0.2.3") for _ in range(20)) == 8


def test_the_language_is_chosen_before_one_signs_in(team: Team) -> None:
    client = team.stranger()
    sign = sign_of(client.get("/sign-in").text)
    given = client.post("/language", data={"csrf": sign, "chosen": "fr", "back": "/sign-in?next=%2Fjobs"})
    assert (given.status_code, given.headers["location"]) == (303, "/sign-in?next=%2Fjobs")
    assert '<html lang="fr">' in client.get("/sign-in").text


def test_before_one_signs_in_no_page_shows_where_one_could_go(team: Team) -> None:
    page = team.stranger().get("/sign-in").text
    for address in ("/accounts", "/audit", "/jobs", "/map"):
        assert f'href="{address}' not in page
    assert team.stranger().get("/nowhere").status_code == 404


def test_the_first_account_is_made_on_a_page_and_then_everybody_signs_in(tmp_path: Path) -> None:
    app = make_app(Settings(tmp_path, "sahel", person="Awa"))
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        assert client.get("/account").status_code == client.get("/accounts").status_code == 200
        assert not list(tmp_path.iterdir())
        sign = own_sign(client)
        told = client.post("/accounts", data={"csrf": sign, "name": "Fanta", "role": "reader", "password": PASSWORD})
        assert told.status_code == 409
        made = client.post("/accounts", data={"csrf": sign, "name": "Awa", "role": "editor", "password": PASSWORD})
        assert made.status_code == 303
        assert client.get("/jobs").status_code == 303
        assert sign_in(client, "Awa").status_code == 303
        assert is_in(client)


def test_accounts_made_on_the_command_line_are_seen_by_a_server_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmattan.web.house.LOOKS", 0.0)
    monkeypatch.setenv("HARMATTAN_PASSWORD", PASSWORD)
    app = make_app(Settings(tmp_path, "sahel", person="ops"))
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        assert is_in(client)
        assert main(["accounts", "add", "Awa", "--role", "editor", "--home", str(tmp_path)]) == 0
        assert not is_in(client)
        assert main(["accounts", "disable", "awa", "--home", str(tmp_path)]) == 0
        assert is_in(client)


@pytest.mark.parametrize(
    "settings",
    [{"host": "0.0.0.0"}, {"host": "192.0.2.1"}, {"names": ("team.example",)}, {"secure": True}],
)
def test_no_server_that_others_reach_without_accounts(tmp_path: Path, settings: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="accounts add NAME --role editor") as told:
        make_app(Settings(tmp_path, "sahel", person="Awa", **settings))  # type: ignore[arg-type]
    assert "\n" not in str(told.value)
    assert not list(tmp_path.iterdir())


def test_serve_says_in_one_line_which_command_makes_an_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--home", str(tmp_path), "--host", "0.0.0.0"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "harmattan accounts add NAME --role editor" in told.err


def test_where_the_last_account_goes_a_server_that_others_reach_lets_nobody_in(tmp_path: Path) -> None:
    with team_at(tmp_path / "home", host="0.0.0.0") as team:
        held, now = team.house.accounts, team.house.now()
        for name in NAMES.values():
            held.disable(name, at=now, by="ops")
        team.house.look_again()
        stranger = team.stranger()
        assert stranger.get("/jobs").status_code == 303
        page = stranger.get("/sign-in")
        assert "Nobody can sign in yet." in page.text


def test_the_person_at_this_machine_is_not_whoever_comes_through_a_proxy(client: TestClient) -> None:
    assert client.get("/jobs").status_code == 200
    for name in ("x-forwarded-for", "forwarded", "x-forwarded-host", "via"):
        assert client.get("/jobs", headers={name: "198.51.100.7"}).status_code == 303


def test_what_is_noted_stands_in_the_log_which_editors_alone_read(team: Team) -> None:
    from harmattan.web.visitor import Visitor

    visitor = Visitor("Moussa", "analyst", "en", "", by_token=True, token="abc")
    team.house.note(visitor, "exported", "<script>alert(1)</script>", format="csv", rows=3)
    (line,) = team.house.noted(what="exported")
    assert (line.by, line.detail) == ("Moussa", {"format": "csv", "rows": 3, "token": "abc"})
    page = team.who("editor").get("/audit?what=exported").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "signed in" not in page.partition("<tbody>")[2]
    assert team.who("editor").get("/audit?what=x&by=%00&before=x").status_code == 400
    assert team.who("editor").get("/audit?what=x&by=%27&before=x").status_code == 200


def test_a_home_that_nobody_wrote_to_stays_empty_though_something_is_noted(tmp_path: Path) -> None:
    from harmattan.web.visitor import Visitor

    app = make_app(Settings(tmp_path, "sahel", person="Awa"))
    with TestClient(app, base_url=BASE):
        app.state.house.note(Visitor("Awa", "editor", "en", ""), "exported", "casualties", format="csv")
        assert app.state.house.noted() == ()
    assert not list(tmp_path.iterdir())


def test_a_long_log_has_pages(team: Team) -> None:
    desk, now = team.house.desk, dt.datetime.now(dt.UTC)
    for n in range(205):
        audit.note(desk, now, "Moussa", "exported", f"answer {n}")
    client, address, seen = team.who("editor"), "/audit?what=exported", 0
    while address:
        page = client.get(address).text
        seen += page.count("answer ")
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == 205


def test_a_token_of_an_editor_makes_no_accounts_and_no_tokens(team: Team) -> None:
    program = team.who("token of editor")
    assert TOKENS["editor"] in program.headers["authorization"]
    form = {"name": "Evil", "role": "editor", "password": PASSWORD, "label": "x", "days": "7"}
    for address in ("/accounts", "/account/tokens", "/accounts/Fanta/role"):
        assert send(program, "POST", address, None, form).status_code == 403

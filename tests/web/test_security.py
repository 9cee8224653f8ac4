"""What a scanner of web applications looks for, and what one who means harm tries."""

from __future__ import annotations

import http.client
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from harmattan.web.addresses import within
from harmattan.web.guard import HEADERS, Guard, cookie_line
from harmattan.web.settings import Settings
from tests.web.served import Served, serving, sign_of
from tests.web.team import BASE, PASSWORD, TOKENS, Team, own_sign, sign_in, team_at

CANARY = "canary-that-nobody-may-see"
TRICKS = (
    "/static/../../etc/passwd", "/static/..%2f..%2fetc%2fpasswd", "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%252f..%252fetc%252fpasswd", "/static/....//etc/passwd", "/static/app.css%00.txt", "/static/%00",
    "/static//etc/passwd", "/static/..\\..\\etc\\passwd", "/static/%c0%ae%c0%ae/etc/passwd", "/static/app.css/",
    "//etc/passwd", "/etc/passwd", "/.git/config", "/.env", "/questions/../../etc/passwd",
    "/questions/..%2f..%2fetc", "/questions/casualties%00", "/questions/casualties?country=%00",
    "/questions/casualties?country=MLI'%20OR%201=1--", "/questions/casualties?sort=';DROP%20TABLE%20releases--",
    "/questions/casualties?page=-1", "/questions/casualties?page=9999999999999999999999", "/questions/%ff%fe",
    "/evidence/..%2f..%2fetc%2fpasswd", "/evidence/1'%20OR%20'1'='1", "/evidence/a.b.c", "/evidence/%00",
    "/evidence/0123456789abcdef.99999999999999999999", "/evidence/%ff", "/evidence/x.-1", "/evidence/x.%d9%a3",
    "/jobs/..%2f..%2fetc", "/jobs/'%20OR%201=1", "/jobs/%00", "/sign-in?next=//evil.example",
    "/accounts/..%2f/role", "/audit?before=1%20OR%201=1", "/audit?by=%27%3B--", "/?lang=..%2f..", "/%2e%2e/%2e%2e",
    "/chart/..%2f..%2fetc.svg", "/chart/%00.svg", "/export/..%2f..%2fetc%2fpasswd.csv", "/export/evidence/'--.csv",
    "/export/evidence/a.b.c.csv", "/brief/..%2f..%2fetc/html", "/brief/%2e%2e/pdf", "/brief/x'%20OR%201=1/pdf",
    "/sources/..%2f..%2fetc%2fpasswd", "/sources/ucdp@..%2f..", "/sources/diff.csv?before=../..&after=/etc/passwd",
    "/desk/..%2f..%2fetc", "/desk/%25", "/desk/_", "/desk/';--/review", "/desk/%00/check", "/desk/%ff/claims",
    "/check/..%2f..%2fetc/report.pdf", "/events/x/..%2f..%2fetc%2fpasswd", "/events/x/' OR 1=1--".replace(" ", "%20"),
    "/events?sort=x;DROP%20TABLE%20events", "/events/export.csv/../../etc", "/map/layer/..%2f..%2fetc.json",
    "/picture/..%2f../1.svg", "/picture/trend/99999999999999999999.svg", "/picture/trend/%d9%a3.svg",
    "/network/..%2fetc.gexf", "/network?month=99999999999999999999", "/static/images/..%2f..%2fapp.css",
    "/campaigns/..%2f..%2fetc", "/actors/..%2f..%2fetc", "/actors/'%20OR%201=1", "/api/ask/..%2f..%2fetc",
    "/api/evidence/..%2fetc", "/api/releases/..%2f..%2fetc", "/api/diff?before=../..&after=/etc/passwd",
    "/api/documents/..%2f", "/api/assertions/%27", "/api/jobs/..%2f", "/api/events?release=../../etc/passwd",
    "/api/ask/casualties?release=..%2f..%2fetc%2fpasswd", "/questions/casualties?release=/etc/passwd",
)  # fmt: skip


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team of three."""
    with team_at(tmp_path_factory.mktemp("team-security")) as made:
        yield made


@pytest.mark.parametrize("address", TRICKS)
def test_no_trick_with_an_address_gets_a_file_or_breaks_a_page(served: Served, address: str) -> None:
    at = urlsplit(served.url)
    line = http.client.HTTPConnection(str(at.hostname), at.port, timeout=60)
    line.putrequest("GET", address)
    line.endheaders()
    given = line.getresponse()
    body = given.read()
    line.close()
    assert given.status in (200, 303, 400, 404, 409, 422), (given.status, body)
    assert b"root:" not in body
    assert b"Traceback" not in body
    assert b"sqlite" not in body.lower()
    assert not str(given.headers.get("location", "/")).startswith(("//", "http"))


KINDS = {
    200: ("GET", "/questions"), 303: ("POST", "/language"), 400: ("GET", "/jobs/%00"), 403: ("POST", "/sign-out"),
    404: ("GET", "/nowhere"), 405: ("DELETE", "/jobs"), 413: ("POST", "/account/tokens"), 422: ("GET", "/evidence/x"),
    421: ("GET", "/"), 304: ("GET", "/questions"), 401: ("POST", "/account/tokens"), 429: ("POST", "/sign-in"),
    500: ("GET", "/jobs"),
}  # fmt: skip


@pytest.mark.parametrize("status", KINDS)
def test_every_kind_of_answer_has_the_headers(team: Team, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given = _answer(team, status, monkeypatch)
    assert given.status_code == status, given.text
    for name, value in HEADERS.items():
        if name == "cache-control":
            assert "no-store" in given.headers[name] or given.headers[name] == "private, no-cache"
        else:
            assert given.headers.get_list(name) == [value]
    assert "server" not in given.headers
    assert "x-powered-by" not in given.headers
    assert CANARY not in given.text
    if given.content:
        assert given.headers["content-type"] in ("text/html; charset=utf-8", "text/plain; charset=utf-8")


def _answer(team: Team, status: int, monkeypatch: pytest.MonkeyPatch) -> httpx.Response:
    method, address = KINDS[status]
    client = team.stranger() if status in (401, 429) else team.who("editor")
    headers: dict[str, str] = {}
    form: dict[str, str] = {"csrf": own_sign(client), "chosen": "en"}
    if status == 304:
        headers["if-none-match"] = client.get(address).headers["etag"]
    elif status == 421:
        headers["host"] = "evil.example"
    elif status == 403:
        form["csrf"] = "0" * 32
    elif status == 413:
        form["label"] = "x" * 21_000_000
    elif status == 429:
        for _ in range(8):
            sign_in(client, "overtried", CANARY)
        form |= {"name": "overtried", "password": CANARY}
    elif status == 500:
        monkeypatch.setattr("harmattan.web.routes.jobs.page", _breaks)
    return client.request(method, address, headers=headers, data=form if method == "POST" else None)


def _breaks(*_words: object, **_more: object) -> None:
    raise RuntimeError(CANARY)


def test_what_nobody_foresaw_is_told_to_the_terminal_and_not_to_the_reader(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("harmattan.web.routes.jobs.page", _breaks)
    given = team.who("reader").get("/jobs")
    assert given.status_code == 500
    assert "did not foresee" in given.text
    assert CANARY not in given.text
    assert capsys.readouterr().err.count(f"RuntimeError: {CANARY}") == 1
    monkeypatch.setattr("harmattan.web.app.page", _breaks)
    given = team.who("reader").get("/jobs")
    assert (given.status_code, given.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert CANARY not in given.text


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/static/app.css", "text/css; charset=utf-8"), ("/static/app.js", "text/javascript; charset=utf-8")],
)
def test_files_have_the_right_kind_and_set_no_cookie(client: TestClient, address: str, kind: str) -> None:
    given = TestClient(client.app, base_url=BASE).get(address)
    assert given.headers["content-type"] == kind
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in given.headers


def test_cookies_are_read_by_no_script_and_sent_by_no_other_site(team: Team, tmp_path: Path) -> None:
    client = team.stranger()
    for given in (client.get("/sign-in"), sign_in(client, "awa"), team.who("reader").get("/jobs")):
        for line in given.headers.get_list("set-cookie"):
            assert "; Path=/; HttpOnly; SameSite=Lax" in line
            assert "Domain" not in line
    chosen = client.post("/language", data={"csrf": own_sign(client), "chosen": "fr"}).headers["set-cookie"]
    assert chosen == "language=fr; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
    assert cookie_line("x", secure=True) == "__Host-harmattan=x; Path=/; HttpOnly; SameSite=Lax; Secure"


def test_over_tls_cookies_say_so_and_browsers_stay_there(tmp_path: Path) -> None:
    with team_at(tmp_path / "home", secure=True, names=("team.example",)) as made:
        client = TestClient(made.app, base_url="https://team.example", follow_redirects=False)
        given = sign_in(client, "awa")
        assert given.status_code == 303
        assert given.headers["strict-transport-security"] == "max-age=31536000"
        assert given.headers["set-cookie"].startswith("__Host-harmattan=")
        assert given.headers["set-cookie"].endswith("; Secure")
        assert client.get("/jobs").status_code == 200
        plain = TestClient(made.app, base_url="https://team.example", follow_redirects=False)
        plain.cookies.set("harmattan", client.cookies["__Host-harmattan"])
        assert plain.get("/jobs").status_code == 303


def test_cookies_of_others_that_are_oddly_written_do_no_harm(team: Team) -> None:
    cookie = team.who("reader").cookies["harmattan"]
    for odd in ('a="b; c={"x": [1,2]}', "=", ";;;", "a b=c", "x=\xff"):
        said = f"{odd}; harmattan={cookie}; y=[z]".encode("latin-1")
        assert team.stranger().get("/jobs", headers={"cookie": said}).status_code == 200


@pytest.mark.parametrize("planted", ["", "short", "a" * 101, "../../etc/passwd-0123456789", "é" * 30, "a b" * 12])
def test_a_cookie_that_is_none_is_replaced(team: Team, planted: str) -> None:
    given = team.stranger().get("/sign-in", headers={"cookie": f"harmattan={planted}".encode()})
    line = given.headers["set-cookie"]
    assert line.startswith("harmattan=")
    assert not planted or planted not in line


def test_the_sign_belongs_to_the_cookie(team: Team) -> None:
    one, other = team.who("reader"), team.signed_in("reader")
    assert sign_of(one.get("/jobs").text) == own_sign(one) != own_sign(other)
    kept, again = one.get("/questions"), other.get("/questions")
    assert sign_of(kept.text) == own_sign(one)
    assert sign_of(again.text) == own_sign(other)
    assert again.status_code == 200
    changed = other.get("/questions", headers={"if-none-match": kept.headers["etag"]})
    assert changed.status_code == 200


def test_pages_behind_a_sign_in_are_not_stored(team: Team) -> None:
    client = team.who("editor")
    for address in ("/jobs", "/account", "/accounts", "/audit", "/nowhere"):
        assert client.get(address).headers["cache-control"] == "no-store"
    assert client.get("/questions").headers["cache-control"] == "private, no-cache"
    assert "immutable" in client.get("/static/app.css").headers["cache-control"]


@pytest.mark.parametrize(
    ("host", "names", "said", "known"),
    [
        ("127.0.0.1", (), "127.0.0.1:8765", True), ("127.0.0.1", (), "LOCALHOST", True),
        ("127.0.0.1", (), "[::1]:8765", True), ("127.0.0.1", (), "evil.example", False),
        ("127.0.0.1", (), "127.0.0.1.evil.example", False), ("127.0.0.1", (), "", False),
        ("127.0.0.1", (), "192.0.2.1", False), ("127.0.0.1", (), "evil.example@127.0.0.1", False),
        ("0.0.0.0", (), "192.0.2.1:8765", True), ("0.0.0.0", (), "evil.example", False),
        ("0.0.0.0", ("team.example",), "Team.Example:443", True), ("0.0.0.0", ("team.example",), "192.0.2.1", True),
        ("::", (), "[2001:db8::1]:8765", True), ("::", (), "evil.example", False), ("0.0.0.0", (), "0.0.0.0", True),
    ],
)  # fmt: skip
def test_a_server_goes_by_its_own_names_alone(host: str, names: tuple[str, ...], said: str, known: bool) -> None:
    guard = Guard(None, Settings(Path(), "x", host=host, names=names), None)  # type: ignore[arg-type]
    assert guard._known(said) is known


def test_two_names_are_none(team: Team) -> None:
    two = [("host", "127.0.0.1"), ("host", "evil.example")]
    assert team.stranger().get("/sign-in", headers=two).status_code == 421


@pytest.mark.parametrize("origin", ["http://127.0.0.1", "HTTP://127.0.0.1"])
def test_forms_of_our_own_pages_pass_in_browsers_that_say_so(team: Team, origin: str) -> None:
    client = team.who("reader")
    headers = {"origin": origin.replace("HTTP", "http"), "sec-fetch-site": "same-origin"}
    form = {"csrf": own_sign(client), "chosen": "en"}
    assert client.post("/language", data=form, headers=headers).status_code == 303


@pytest.mark.parametrize("who", ["anonymous", "editor"])
def test_a_body_in_parts_is_cut_off(team: Team, who: str) -> None:
    client, sent = team.who(who), 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        yield b"name="
        for _ in range(400):
            sent += 100_000
            yield b"x" * 100_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    given = client.post("/sign-in", content=parts(), headers=kind)
    assert given.status_code == 413
    assert "too large" in given.text
    assert given.headers["x-content-type-options"] == "nosniff"


def test_a_stranger_sends_no_large_body_at_all(team: Team) -> None:
    given = team.stranger().post("/sign-in", data={"name": "x" * 70_000})
    assert given.status_code == 413


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "application/json", "", "x"]
)
def test_a_body_that_cannot_be_read_is_told(team: Team, kind: str) -> None:
    given = team.who("reader").post("/account/tokens", content=b"\xff\x00--x\r\n", headers={"content-type": kind})
    assert given.status_code in (400, 403, 422)
    assert "Traceback" not in given.text


@pytest.mark.parametrize("address", ["/questions", "/sign-in", "/static/app.css", "/nowhere", "/jobs"])
def test_head_says_what_get_says_without_a_body(served: Served, address: str) -> None:
    whole, head = httpx.get(served.url + address), httpx.head(served.url + address)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    for name in ("content-type", "content-security-policy", "etag", "cache-control"):
        if name == "etag" and "W/" in whole.headers.get(name, ""):
            continue
        assert head.headers.get(name) == whole.headers.get(name)


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "/\\evil.example", "https:evil", "/\t/evil.example", "\\\\evil", "/\x7f", " /x", "///x", "@x"],
)
def test_no_address_leads_elsewhere(back: str) -> None:
    assert within(back) == "/"


def test_no_secret_is_in_a_log_a_page_or_the_desk(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with team_at(home):
        pass
    said = ""
    with serving(home) as found:
        with httpx.Client(base_url=found.url) as client:
            pages = [client.get("/sign-in").text]
            for name, password in ((CANARY, "x"), ("awa", CANARY), ("awa", PASSWORD)):
                form = {"csrf": sign_of(pages[0]), "name": name, "password": password}
                pages.append(client.post("/sign-in", data=form).text)
            sign = sign_of(client.get("/account").text)
            form = {"csrf": sign, "now": CANARY, "password": CANARY, "again": PASSWORD}
            pages.append(client.post("/account/password", data=form).text)
            form = {"csrf": sign, "name": "Bako", "role": "x", "password": CANARY}
            pages.append(client.post("/accounts", data=form).text)
            pages += [client.get("/audit").text, client.get("/account").text, client.get("/accounts").text]
            session = client.cookies["harmattan"]
        for secret in (TOKENS["reader"], CANARY):
            pages.append(httpx.get(f"{found.url}/jobs", headers={"authorization": f"Bearer {secret}"}).text)
            pages.append(httpx.get(f"{found.url}/nowhere", headers={"authorization": f"Bearer {secret}"}).text)
        found.process.terminate()
        assert found.process.stdout is not None
        said = found.process.stdout.read()
    with sqlite3.connect(home / "desk.sqlite3") as desk:
        dump = "\n".join(desk.iterdump())
    assert "not-signed-in" in dump
    raw = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).decode("latin-1")
    for secret in (CANARY, PASSWORD, session, *TOKENS.values()):
        for place in (said, dump, raw, *pages):
            assert secret not in place

"""The line tries again, waits as it is told, goes on where a download was cut, and tells no secret."""

from __future__ import annotations

import socket
import threading
from email.utils import format_datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError
from harmattan.sources.line import Quota, shown
from tests.sources.lines import NOW, tried

CANARY = "canary-5f2c"


def test_an_answer_comes_as_it_is(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a", query_string="x=1").respond_with_json({"n": 1})
    with tried() as made:
        assert made.line.get(httpserver.url_for("/a"), params={"x": 1}).json == {"n": 1}
        assert made.waited == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_growing_waits(httpserver: HTTPServer, status: int) -> None:
    for _ in range(3):
        httpserver.expect_ordered_request("/a").respond_with_data("", status)
    httpserver.expect_ordered_request("/a").respond_with_data("there")
    with tried() as made:
        assert made.line.get(httpserver.url_for("/a")).text == "there"
        assert made.waited == [1.0, 2.0, 4.0]


def test_it_waits_as_long_as_the_server_says(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/a").respond_with_data("", 429, headers={"Retry-After": "7"})
    date = format_datetime(NOW.replace(minute=2), usegmt=True)
    httpserver.expect_ordered_request("/a").respond_with_data("", 503, headers={"Retry-After": date})
    httpserver.expect_ordered_request("/a").respond_with_data("there")
    with tried() as made:
        made.line.get(httpserver.url_for("/a"))
        assert made.waited == [7.0, 120.0]


def test_nobody_waits_for_hours(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 429, headers={"Retry-After": "7200"})
    with tried() as made, pytest.raises(FetchError, match=r"asks to wait 7,200 seconds\. .*what has come is kept"):
        made.line.get(httpserver.url_for("/a"))
    assert made.waited == []


def test_tries_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 500)
    with tried() as made, pytest.raises(FetchError, match=r"/a answered 500\. 6 tries did not help"):
        made.line.get(httpserver.url_for("/a"))
    assert len(made.waited) == 5


def test_a_refusal_is_final_unless_the_source_knows_better(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/a").respond_with_data("", 400)
    httpserver.expect_ordered_request("/a").respond_with_data("", 400)
    httpserver.expect_ordered_request("/a").respond_with_data("there")
    with tried() as made:
        with pytest.raises(FetchError, match="answered 400"):
            made.line.get(httpserver.url_for("/a"))
        reply = made.line.get(httpserver.url_for("/a"), passing=lambda answer: answer.status == 400)
    assert (reply.text, made.waited) == ("there", [1.0])


def test_no_secret_is_told(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(CANARY, 403)
    url = httpserver.url_for("/a").replace("//", f"//user:{CANARY}@")
    with tried() as made, pytest.raises(FetchError) as fault:
        made.line.get(f"{url}?key={CANARY}", params={"p": CANARY}, headers={"X": CANARY}, data={"password": CANARY})
    assert CANARY not in str(fault.value)
    assert CANARY not in shown(f"{url}?key={CANARY}#{CANARY}")


def test_a_header_goes_to_nobody_else(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 302, headers={"Location": httpserver.url_for("/b")})
    httpserver.expect_request("/b").respond_with_data("there")
    with tried() as made:
        assert made.line.get(httpserver.url_for("/a")).text == "there"
        with pytest.raises(FetchError, match="answered 302"):
            made.line.get(httpserver.url_for("/a"), headers={"x-token": CANARY})


def test_a_page_for_people_is_not_json(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("<html>are you a robot?</html>")
    with tried() as made, pytest.raises(FetchError, match="not JSON"):
        _ = made.line.get(httpserver.url_for("/a")).json


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tried() as made, pytest.raises(FetchError, match=rf"127\.0\.0\.1:{port}/a was not reached \(ConnectError\)"):
        made.line.get(f"http://127.0.0.1:{port}/a")


def test_a_quota_ends_a_fetch_and_failures_count(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 500)

    class Counted:
        calls = 0

        def count(self, publisher: str) -> int:
            assert publisher == "Nobody"
            self.calls += 1
            return self.calls

    quota = Quota("Nobody", 3)
    with tried(ledger=Counted()) as made, pytest.raises(FetchError, match=r"The 3 calls a day that Nobody allows"):
        made.line.get(httpserver.url_for("/a"), quota=quota)
    assert len(httpserver.log) == 3


CONTENT = bytes(range(256)) * 4000


def _ranged(request: Request) -> Response:
    start = int((request.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
    same = request.headers.get("If-Range") in (None, '"v1"')
    status = 206 if start and same else 200
    return Response(CONTENT[start:] if status == 206 else CONTENT, status, headers={"ETag": '"v1"'})


def test_a_download_goes_on_where_it_was_cut(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/f").respond_with_handler(_ranged)
    path = tmp_path / "f"
    (tmp_path / "f.part").write_bytes(CONTENT[:300_000])
    (tmp_path / "f.etag").write_text('"v1"')
    with tried() as made:
        assert made.line.download(httpserver.url_for("/f"), path)
    assert path.read_bytes() == CONTENT
    assert httpserver.log[0][0].headers["Range"] == "bytes=300000-"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert (made.seen[-1].done, made.seen[-1].total) == (len(CONTENT), len(CONTENT))


def test_a_download_whose_file_changed_starts_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/f").respond_with_handler(_ranged)
    (tmp_path / "f.part").write_bytes(b"of another file")
    (tmp_path / "f.etag").write_text('"v0"')
    with tried() as made:
        assert made.line.download(httpserver.url_for("/f"), tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == CONTENT


def test_a_download_that_is_not_there(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/f").respond_with_data("", 404)
    with tried() as made:
        assert not made.line.download(httpserver.url_for("/f"), tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


def test_a_connection_cut_in_the_middle_is_taken_up_again(tmp_path: Path) -> None:
    """A raw server that hangs up after a part of the body, then serves ranges."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve_with_cuts, args=(server, asked), daemon=True)
        thread.start()
        with tried() as made:
            assert made.line.download(f"http://127.0.0.1:{server.getsockname()[1]}/f", tmp_path / "f")
        thread.join(5)
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert len(asked) == 3
    assert "range" not in asked[0]
    assert "range: bytes=" in asked[1]
    assert "range: bytes=" in asked[2]


def _serve_with_cuts(server: socket.socket, asked: list[str]) -> None:
    for ends_after in (300_000, 400_000, None):
        connection, _ = server.accept()
        with connection:
            head = connection.recv(65536).decode().lower()
            asked.append(head)
            start = int(head.split("range: bytes=")[1].split("-")[0]) if "range: bytes=" in head else 0
            body = CONTENT[start:]
            status = "206 Partial Content" if start else "200 OK"
            top = f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nETag: "v1"\r\nConnection: close\r\n\r\n'
            connection.sendall(top.encode() + (body if ends_after is None else body[:ends_after]))

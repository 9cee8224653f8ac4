"""Fetching ACLED against a server on loopback: cursors and pages, tokens that run out, cuts, embargoes, updates."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, HarmattanError, UsageError
from harmattan.fetch import fetch as fetch_release
from harmattan.fetch import unfinished
from harmattan.lake.shelf import Held
from harmattan.sources import acled_fetch
from harmattan.sources.fetching import Journal, Secrets, Wanted
from harmattan.sources.line import Line
from tests.lake.factory import lake_in
from tests.sources.acled_rows import RECENCY, battle, page

TODAY = dt.date(2024, 6, 30)
NOW = dt.datetime(2024, 6, 30, 12, tzinfo=dt.UTC)
USER, WORD = "canary-user@example.org", "canary-password-1f9d"
SECRETS = Secrets({"ACLED_USERNAME": USER, "ACLED_PASSWORD": WORD}.get)
Row = dict[str, str]


@dataclass
class Server:
    """ACLED on loopback: rows, deletions, and how it behaves."""

    http: HTTPServer
    rows: list[Row] = field(default_factory=list)
    deleted: list[dict[str, str]] = field(default_factory=list)
    cursors: bool = True
    tokens: bool = True
    institutional: bool = True
    token_reads: int = 10**9
    """How many reads a token is good for."""
    refresh_works: bool = True
    fails_from: int = 10**9
    """The number of the read from which on the server fails."""
    envelope: dict[str, Any] = field(default_factory=dict)
    refusal: int = 401
    asked: list[dict[str, str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    used: int = 0
    token: str = ""

    def __post_init__(self) -> None:
        self.http.expect_request("/oauth/token", method="POST").respond_with_handler(self._token)
        self.http.expect_request("/user/login", method="POST").respond_with_handler(self._login)
        self.http.expect_request("/api/acled/read").respond_with_handler(lambda ask: self._read(ask, self.rows))
        self.http.expect_request("/api/deleted/read").respond_with_handler(lambda ask: self._read(ask, self.deleted))

    @property
    def base(self) -> str:
        return self.http.url_for("").rstrip("/")

    def _token(self, ask: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(ask.get_data(as_text=True)).items()}
        assert form["client_id"] == "acled"
        if not self.tokens:
            return Response("gone", 404)
        self.logins.append(form["grant_type"])
        if form["grant_type"] == "password" and (form["username"], form["password"]) != (USER, WORD):
            return Response(json.dumps({"error": "invalid_grant", "hint": form["password"]}), 400)
        if form["grant_type"] == "refresh_token" and not self.refresh_works:
            return Response(json.dumps({"error": "invalid_request"}), 401)
        self.token, self.used = f"canary-token-{len(self.logins)}", 0
        return Response(
            json.dumps({"access_token": self.token, "refresh_token": "canary-refresh", "expires_in": 86400})
        )

    def _login(self, ask: Request) -> Response:
        said = ask.get_json()
        assert said == {"name": USER, "pass": WORD}
        self.logins.append("cookie")
        answer = Response(json.dumps({"csrf_token": "canary-csrf", "logout_token": "canary-logout"}))
        answer.set_cookie("session", "canary-cookie")
        return answer

    def _read(self, ask: Request, rows: list[dict[str, str]]) -> Response:
        if self.tokens and ask.headers.get("Authorization") != f"Bearer {self.token}":
            return Response("{}", 401)
        if not self.tokens and ask.cookies.get("session") != "canary-cookie":
            return Response("{}", 401)
        if not self.institutional:
            return Response(json.dumps({"message": "Access denied"}), 403)
        self.used += 1
        if self.used > self.token_reads:
            return Response("{}", self.refusal)
        self.asked.append({"path": ask.path, **ask.args})
        if len(self.asked) >= self.fails_from:
            return Response("broken", 500)
        fits = [row for row in rows if self._fits(row, ask.args)]
        limit = int(ask.args["limit"])
        if "page" in ask.args or not self.cursors:
            first = (int(ask.args.get("page", 1)) - 1) * limit
            answer = page(fits[first : first + limit], **self.envelope)
            del answer["next_cursor"]
            return Response(json.dumps(answer))
        first = int(ask.args["cursor"])
        ahead = str(first + limit) if first + limit < len(fits) else None
        return Response(json.dumps(page(fits[first : first + limit], next_cursor=ahead, **self.envelope)))

    @staticmethod
    def _fits(row: dict[str, str], args: Any) -> bool:
        if "deleted_timestamp" in args:
            return int(row["deleted_timestamp"]) >= int(args["deleted_timestamp"])
        first, last = args["event_date"].split("|")
        in_time = first <= row["event_date"] <= last
        return (
            in_time and int(row["timestamp"]) >= int(args.get("timestamp", 0)) and row["iso"] in args["iso"].split("|")
        )


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(acled_fetch, "LIMIT", 3)
    return Server(httpserver, [battle(n, timestamp=str(1_700_000_000 + n)) for n in range(8)])


@pytest.fixture
def line() -> Iterator[Line]:
    with httpx.Client(trust_env=False) as client:
        yield Line(client, lambda: NOW, lambda _seconds: None, attempts=2)


def wanted(server: Server, **more: Any) -> Wanted:
    said: dict[str, Any] = {"today": TODAY, "places": ("MLI",), "base": server.base}
    said |= {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 12, 31)}
    return Wanted(**(said | more))


def got(folder: Path, server: Server, line: Line, **more: Any) -> list[str]:
    """The ids in the kept pages, in order."""
    files = acled_fetch.fetch(wanted(server, **more), line, Journal.opened(folder), SECRETS).files
    return [row["event_id_cnty"] for path in files for row in json.loads(path.read_bytes())["data"]]


IDS = [f"MLI{n}" for n in range(8)]


def test_cursors_are_followed_to_their_end(tmp_path: Path, server: Server, line: Line) -> None:
    assert got(tmp_path / "j", server, line) == IDS
    assert [ask.get("cursor") for ask in server.asked] == ["0", "3", "6"]
    assert server.asked[0]["iso"] == "466"
    assert server.asked[0]["event_date"] == "2022-01-01|2022-12-31"
    assert server.asked[0]["event_date_where"] == "BETWEEN"
    assert "fields" not in server.asked[0]
    assert server.logins == ["password"]


@pytest.mark.parametrize(("count", "pages"), [(8, [None, "2", "3"]), (6, [None, "2", "3"]), (2, [None]), (0, [None])])
def test_a_server_without_cursors_is_walked_by_page(
    tmp_path: Path, server: Server, line: Line, count: int, pages: list[str | None]
) -> None:
    server.cursors, server.rows = False, server.rows[:count]
    assert got(tmp_path / "j", server, line) == IDS[:count]
    assert [ask.get("page") for ask in server.asked] == pages


@pytest.mark.parametrize("refusal", [401, 403])
@pytest.mark.parametrize("refresh_works", [True, False])
def test_a_token_that_runs_out_midway_is_renewed(
    tmp_path: Path, server: Server, line: Line, refusal: int, refresh_works: bool
) -> None:
    server.token_reads, server.refusal, server.refresh_works = 1, refusal, refresh_works
    assert got(tmp_path / "j", server, line) == IDS
    renewed = ["refresh_token"] if refresh_works else ["refresh_token", "password"]
    assert server.logins == ["password", *renewed, *renewed]


def test_a_refusal_in_the_body_of_an_answer_counts_as_one(tmp_path: Path, server: Server, line: Line) -> None:
    server.envelope = {"status": 403, "success": False}
    with pytest.raises(FetchError, match="lets this account log in but not read"):
        got(tmp_path / "j", server, line)


def test_the_cookie_login_where_there_are_no_tokens(tmp_path: Path, server: Server, line: Line) -> None:
    server.tokens = False
    assert got(tmp_path / "j", server, line) == IDS
    assert server.logins == ["cookie"]


def test_an_account_without_an_institution_gets_one_clear_line(tmp_path: Path, server: Server, line: Line) -> None:
    server.institutional = False
    with pytest.raises(FetchError, match=r"lets this account log in but not read \(403\).*institutional e-mail"):
        got(tmp_path / "j", server, line)


def test_a_wrong_password_gets_one_clear_line(tmp_path: Path, server: Server, line: Line) -> None:
    wrong = Secrets({"ACLED_USERNAME": USER, "ACLED_PASSWORD": "canary-wrong"}.get)
    with pytest.raises(FetchError, match="does not accept ACLED_USERNAME and ACLED_PASSWORD") as fault:
        acled_fetch.fetch(wanted(server), line, Journal.opened(tmp_path), wrong)
    assert "canary" not in repr(fault.value) + str(fault.value)


def test_missing_secrets_are_named(tmp_path: Path, server: Server, line: Line) -> None:
    with pytest.raises(UsageError, match="Not set: ACLED_USERNAME and ACLED_PASSWORD"):
        acled_fetch.fetch(wanted(server), line, Journal.opened(tmp_path), Secrets(lambda _name: None))


def test_a_cut_in_the_middle_resumes_without_loss_or_duplicate(tmp_path: Path, server: Server, line: Line) -> None:
    server.fails_from = 3
    with pytest.raises(FetchError, match="answered 500"):
        got(tmp_path / "j", server, line)
    assert len(Journal.opened(tmp_path / "j").names) == 2
    server.fails_from, server.asked = 10**9, []
    assert got(tmp_path / "j", server, line) == IDS
    assert [ask["cursor"] for ask in server.asked] == ["6"]


def test_a_server_that_does_not_turn_pages_is_told_of(tmp_path: Path, server: Server, line: Line) -> None:
    def same(_ask: Request) -> Response:
        return Response(json.dumps({"success": True, "data": server.rows[:3]}))

    server.http.clear()
    server.http.expect_request("/oauth/token").respond_with_json({"access_token": "t"})
    server.http.expect_request("/api/acled/read").respond_with_handler(same)
    with pytest.raises(FetchError, match="same page twice"):
        got(tmp_path / "j", server, line)


def test_a_failure_that_calls_itself_success_200_is_told_without_secrets(
    tmp_path: Path, server: Server, line: Line
) -> None:
    server.envelope = {"success": False, "error": {"message": f"no such filter for {USER} {WORD}"}}
    with pytest.raises(FetchError, match="no such filter for … …"):
        got(tmp_path / "j", server, line)


def release(tmp_path: Path, server: Server, line: Line, **more: Any) -> Held:
    lake, retrieved = lake_in(tmp_path), more.pop("retrieved_at", NOW)
    asked = wanted(server, **({"today": retrieved.date()} | more))
    (done,) = fetch_release(lake, "acled", asked, line, SECRETS, retrieved_at=retrieved)
    return done.held


def rows_of(held: Held) -> dict[str, int]:
    import pyarrow.parquet as pq

    found = pq.read_table(held.file("events")).to_pylist()
    return {row["event_id"]: row["deaths_best"] for row in found}


def test_a_fetch_becomes_a_release_of_the_day(tmp_path: Path, server: Server, line: Line) -> None:
    held = release(tmp_path, server, line)
    assert held.release.name == "acled@2024-06-30"
    assert (held.release.rows, held.release.status) == (8, "rolling")
    coverage = held.release.coverage
    assert (coverage.places, coverage.start, coverage.end) == (("MLI",), dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    assert coverage.hidden is None
    assert not held.release.origin.licence.redistributable
    assert "accessed on 30 June 2024" in held.release.origin.citation


def test_the_last_days_are_not_claimed_where_nothing_has_been_released_yet(
    tmp_path: Path, server: Server, line: Line
) -> None:
    assert release(tmp_path, server, line, end=None).release.coverage.end == TODAY - dt.timedelta(days=31)


def test_a_country_without_rows_is_not_claimed_before_all_regions_are_coded(
    tmp_path: Path, server: Server, line: Line
) -> None:
    one = release(tmp_path, server, line, places=("FRA", "MLI"), start=dt.date(2019, 1, 1), label="a").release.coverage
    assert (one.places, one.start) == (("MLI",), dt.date(2019, 1, 1))
    assert "without 1 of which nothing came" in one.basis
    two = release(tmp_path, server, line, places=("FRA", "MLI"), label="b").release.coverage
    assert two.places == ("FRA", "MLI")
    three = release(tmp_path / "new", server, line, start=None).release.coverage
    assert three.start == dt.date(1997, 1, 1), "Western Africa is coded from then on"


def test_an_embargo_is_hidden_and_never_covered(tmp_path: Path, server: Server, line: Line) -> None:
    server.envelope = {"data_query_restrictions": RECENCY}
    held = release(tmp_path, server, line, end=dt.date(2024, 6, 1))
    coverage = held.release.coverage
    assert coverage.hidden is not None
    assert (coverage.hidden.after, coverage.hidden.places) == (dt.date(2023, 6, 30), ("MLI",))
    assert coverage.end == dt.date(2023, 6, 30)
    assert coverage.places == ("MLI",)
    inside = release(tmp_path, server, line, end=dt.date(2022, 12, 31), label="inside")
    assert inside.release.coverage.hidden is None, "what was asked for ends before the embargo"


def test_where_all_is_hidden_a_release_is_made_that_claims_nothing(tmp_path: Path, server: Server, line: Line) -> None:
    server.envelope, server.rows = {"data_query_restrictions": RECENCY}, []
    held = release(tmp_path, server, line, start=dt.date(2024, 1, 1), end=dt.date(2024, 6, 1))
    assert (held.release.rows, held.release.coverage.places) == (0, ())
    assert held.release.coverage.hidden is not None
    assert held.release.coverage.hidden.places == ("MLI",)


LATER = dt.datetime(2024, 7, 7, 12, tzinfo=dt.UTC)


def test_an_update_asks_only_for_what_changed_and_applies_it(tmp_path: Path, server: Server, line: Line) -> None:
    first = release(tmp_path, server, line)
    newest = 1_700_000_007
    server.asked = []
    server.rows[1] = battle(1, fatalities="40", timestamp=str(newest + 10))
    server.rows.append(battle(50, timestamp=str(newest + 20)))
    server.rows = [row for row in server.rows if row["event_id_cnty"] not in ("MLI2", "MLI3")]
    server.rows.append(battle(3, fatalities="33", timestamp=str(newest + 40)))
    server.deleted = [
        {"event_id_cnty": "MLI2", "deleted_timestamp": str(newest + 5)},
        {"event_id_cnty": "MLI3", "deleted_timestamp": str(newest + 30)},
        {"event_id_cnty": "MLI4", "deleted_timestamp": str(newest - 1000)},
        {"event_id_cnty": "NER9", "deleted_timestamp": str(newest + 5)},
    ]
    second = release(tmp_path, server, line, retrieved_at=LATER)
    assert second.release.name == "acled@2024-07-07"
    assert second.release.derived_from == (first.release.digest,)
    assert [(ask["path"], ask.get("timestamp"), ask.get("deleted_timestamp")) for ask in server.asked] == [
        ("/api/acled/read", str(newest), None),
        ("/api/acled/read", str(newest), None),
        ("/api/deleted/read", None, str(newest)),
    ]
    after = rows_of(second)
    assert after == (dict.fromkeys(["MLI0", "MLI4", "MLI5", "MLI6", "MLI7", "MLI50"], 2) | {"MLI1": 40, "MLI3": 33})
    assert second.release.notices == (
        "Events that ACLED deleted since the release before, and that were taken out: 1.",
    )
    assert rows_of(first)["MLI1"] == 2, "the former release stays as it was"
    assert second.release.coverage.places == ("MLI",)


def test_an_update_gets_days_that_the_embargo_has_set_free(tmp_path: Path, server: Server, line: Line) -> None:
    old = battle(60, event_date="2023-09-01", timestamp="1699000000")
    hidden_rows, server.rows = [*server.rows, old], list(server.rows)
    server.envelope = {"data_query_restrictions": RECENCY}
    release(tmp_path, server, line, end=None)
    server.rows, server.envelope = hidden_rows, {}
    second = release(tmp_path, server, line, end=None, retrieved_at=LATER)
    assert "MLI60" in rows_of(second), "its timestamp is older than the newest of the former release"
    assert second.release.coverage.hidden is None


def test_more_places_than_the_former_release_has_are_fetched_whole(tmp_path: Path, server: Server, line: Line) -> None:
    release(tmp_path, server, line)
    server.asked = []
    second = release(tmp_path, server, line, places=("MLI", "NER"), retrieved_at=LATER)
    assert second.release.derived_from == ()
    assert "timestamp" not in server.asked[0]


def test_a_cut_fetch_leaves_the_lake_as_it_was_and_no_secret_anywhere(
    tmp_path: Path, server: Server, line: Line
) -> None:
    server.fails_from = 3
    lake = lake_in(tmp_path)
    with pytest.raises(HarmattanError) as fault:
        release(tmp_path, server, line)
    assert lake.releases() == []
    chain = [repr(fault.value), str(fault.value), repr(fault.value.__cause__), repr(fault.value.__context__)]
    assert not any("canary" in words for words in chain)
    assert list(unfinished(lake).rglob("*.json")), "what came is kept"
    _no_canary(tmp_path)
    server.fails_from = 10**9
    assert rows_of(release(tmp_path, server, line)) == dict.fromkeys(IDS, 2)
    _no_canary(tmp_path)
    assert list(unfinished(lake).iterdir()) == []


def _no_canary(folder: Path) -> None:
    told = [path for path in folder.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
    assert told == []


def test_an_unfinished_update_goes_on_with_the_same_question_on_another_day(
    tmp_path: Path, server: Server, line: Line
) -> None:
    folder, ask = tmp_path / "j", server.asked
    server.fails_from = 2
    with pytest.raises(FetchError):
        got(folder, server, line, end=None)
    server.fails_from = 10**9
    acled_fetch.fetch(
        wanted(server, end=None, today=TODAY + dt.timedelta(days=3)), line, Journal.opened(folder), SECRETS
    )
    assert {one["event_date"] for one in ask} == {"2022-01-01|2024-06-30"}

"""UCDP on loopback: its downloads, and its interface with every way in which that can fail."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.sources.fetching import Secrets
from harmattan.sources.line import Ledger, Line, NoLedger
from tests.sources.ged_rows import Row, row, write_csv

TODAY = dt.date(2026, 9, 25)
NOW = dt.datetime(2026, 9, 25, 12, tzinfo=dt.UTC)
CANARY = "canary-7f3a9"
NO_SECRETS = Secrets(lambda _name: None)
WITH_TOKEN = Secrets({"UCDP_TOKEN": CANARY}.get)


def line(waited: list[float] | None = None, ledger: Ledger | None = None, attempts: int = 3) -> Line:
    """A line that does not wait but notes how long it would have."""
    waits: list[float] = [] if waited is None else waited
    client = httpx.Client(trust_env=False)
    return Line(client, clock=lambda: NOW, sleep=waits.append, ledger=ledger or NoLedger(), attempts=attempts)


def candidate(number: int, month: int, **changes: str) -> Row:
    """An event as candidate files write it."""
    day = f"2026-{month:02d}-0{1 + number % 9}"
    said = {"date_start": f"{day} 00:00:00.000", "date_end": f"{day} 00:00:00.000", "active_year": "true"}
    return row(number, code_status="Check", **(said | changes))


def csv_bytes(folder: Path, made: Sequence[Row], *, mark: bool = False) -> bytes:
    """Events as a CSV file, with a byte order mark if wanted."""
    path = write_csv(folder / "made.csv", made, encoding="utf-8-sig" if mark else "utf-8")
    return path.read_bytes()


def zipped(name: str, content: bytes) -> bytes:
    """A file packed as UCDP packs its yearly file; the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 6, 1, 0, 0, 0)), content)
    return out.getvalue()


@dataclass
class Downloads:
    """UCDP's downloads: what is there, what was asked for, and what goes wrong."""

    server: HTTPServer
    files: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    soft: bool = False
    """Whether a page for people comes in place of what is not there."""

    def __post_init__(self) -> None:
        self.server.expect_request(_Any("/downloads")).respond_with_handler(self.answer)

    @property
    def base(self) -> str:
        return self.server.url_for("/downloads")

    def answer(self, request: Request) -> Response:
        name = request.path.removeprefix("/downloads/")
        self.asked.append(name)
        if name in self.broken:
            return Response("down", 500)
        if name in self.files:
            return Response(self.files[name], 200)
        return Response("<!DOCTYPE html><p>Not here</p>", 200) if self.soft else Response("no", 404)


class _Any(str):
    """A path and everything below it, as pytest-httpserver compares paths."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.startswith(str(self))

    __hash__ = str.__hash__


def as_answered(event: Row) -> dict[str, Any]:
    """An event as the interface writes it: numbers as numbers, days with a time, empty as null."""
    numbers = {"id", "year", "type_of_violence", "where_prec", "date_prec", "event_clarity", "country_id",
               "dyad_new_id", "best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
               "number_of_sources"}  # fmt: skip
    made: dict[str, Any] = {name: (int(value) if name in numbers else value) or None for name, value in event.items()}
    for name in numbers:
        made[name] = int(event[name] or 0)
    days = {name: f"{event[name][:10]}T00:00:00" for name in ("date_start", "date_end")}
    points = {name: float(event[name]) for name in ("latitude", "longitude")}
    return made | days | points | {"active_year": True, "gwnoa": "432", "gwnob": None}


@dataclass
class Interface:
    """UCDP's interface, in pages of `size` rows; `before` may answer in its place."""

    server: HTTPServer
    versions: dict[str, list[Row]]
    size: int = 2
    asked: list[str] = field(default_factory=list)
    before: Callable[[Request, int], Response | None] = lambda _request, _number: None

    def __post_init__(self) -> None:
        self.server.expect_request(_Any("/api")).respond_with_handler(self.answer)

    @property
    def base(self) -> str:
        return self.server.url_for("/api")

    def answer(self, request: Request) -> Response:
        version = request.path.removeprefix("/api/gedevents/")
        self.asked.append(f"{version}?{request.query_string.decode()}")
        early = self.before(request, len(self.asked))
        if early is not None:
            return early
        if request.headers.get("x-ucdp-access-token") != CANARY:
            return Response("API token required. Add header: x-ucdp-access-token", 401)
        if version not in self.versions:
            return Response("no such version", 404)
        numbers = request.args["Country"].split(",")
        rows = [event for event in self.versions[version] if event["country_id"] in numbers]
        page = int(request.args["page"])
        some = rows[page * self.size : (page + 1) * self.size]
        more = (page + 1) * self.size < len(rows)
        following = request.url.replace(f"page={page}&", f"page={page + 1}&") if more else ""
        said = {"TotalCount": len(rows), "TotalPages": -(-len(rows) // self.size), "PreviousPageUrl": "",
                "NextPageUrl": following, "Result": [as_answered(event) for event in some]}  # fmt: skip
        return Response(json.dumps(said), 200, content_type="application/json")

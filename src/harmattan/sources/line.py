"""The line to publishers' servers: the only code that speaks HTTP.

It tries again with growing waits, does what Retry-After says, keeps within daily quotas, goes on with a download where
it was cut, and puts no secret and no query into an error.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx
import tenacity

from harmattan.errors import FetchError
from harmattan.text import T, Text, Verbatim

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another one a little later."""
LONGEST_WAIT_S = 300.0
"""Longer than this nobody waits: the fetch ends, keeps what has come, and says when to go on."""
CHUNK_BYTES = 1 << 16
LONGEST_ANSWER_BYTES = 1 << 29
Got = TypeVar("Got")
AGENT = "harmattan (open conflict workbench)"


class Passing(Exception):
    """An answer or a cut that may pass; `wait_s` is what the server asked for."""

    def __init__(self, what: Text, wait_s: float | None = None) -> None:
        super().__init__(what)
        self.what, self.wait_s = what, wait_s


@dataclass(frozen=True)
class Reply:
    """A server's answer."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The content as JSON. Raises FetchError where it is something else, such as a page for people."""
        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except ValueError as fault:
            raise FetchError(
                T("{where} answered with something that is not JSON.", where=Verbatim(shown(self.url))),
                do=T("Try again later; if it stays so, the interface has changed."),
            ) from fault


@dataclass(frozen=True)
class Quota:
    """How many calls a publisher allows a day; failed ones count."""

    publisher: str
    calls_a_day: int


class Ledger(Protocol):
    """Remembers how often a publisher was called on a day."""

    def count(self, publisher: str) -> int:
        """Notes one call and returns how many there were today, this one included."""
        ...


class NoLedger:
    """Counts nothing."""

    def count(self, publisher: str) -> int:
        """Always the first."""
        return 1


@dataclass(frozen=True)
class Progress:
    """How far a fetch has come; `total` is None where nobody knows."""

    what: str
    done: int
    total: int | None
    unit: str


def silent(_progress: Progress) -> None:
    """Shows nothing."""


def shown(url: str) -> str:
    """An address without what may be secret: user, query and fragment.

    >>> shown("https://user:word@example.org:8080/api?key=1#x")
    'example.org:8080/api'
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}{parts.path}"


def parts_of(url: str) -> SplitResult:
    """The parts of an address; empty ones for what is none.

    >>> parts_of("http://[::1/v1").hostname is None, parts_of("http://example.org:x/").hostname is None
    (True, True)
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def host(url: str) -> str:
    """The server of an address, for one whose path may be secret as well, as that of many webhooks is.

    >>> host("https://hooks.example.org/services/T0/B0/word")
    'hooks.example.org'
    """
    return shown(url).partition("/")[0]


@dataclass
class Line:
    """A connection that asks politely."""

    client: httpx.Client
    clock: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    show: Callable[[Progress], None] = silent
    ledger: Ledger = field(default_factory=NoLedger)
    attempts: int = 6
    first_wait_s: float = 1.0
    called: Callable[[str], str] = shown
    """How an address is called in an error."""
    most_bytes: int = LONGEST_ANSWER_BYTES
    """An answer that is longer ends the fetch."""

    def get(self, url: str, **how: Any) -> Reply:
        """GET with new tries; see `ask`."""
        return self.ask("GET", url, **how)

    def post(self, url: str, **how: Any) -> Reply:
        """POST with new tries; see `ask`."""
        return self.ask("POST", url, **how)

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        body: Any = None,
        quota: Quota | None = None,
        accept: frozenset[int] = frozenset({200}),
        passing: Callable[[Reply], bool] | None = None,
    ) -> Reply:
        """A server's answer whose status is in `accept`; others raise FetchError, passing ones after several tries.

        `passing` says of an answer that would end the fetch that it may pass (a publisher that throttles with 400).
        """

        def once() -> Reply:
            self._count(quota, url)
            try:
                reply = self._whole(method, url, params=params, headers=headers, data=data, json=body)
            except (httpx.TransportError, httpx.DecodingError) as fault:
                raise Passing(_cut(self.called(url), fault)) from fault
            if reply.status in accept:
                return reply
            if reply.status in PASSING or (passing is not None and passing(reply)):
                raise Passing(_refused(reply, self.called(url)), self._asked_to_wait(reply))
            raise FetchError(_refused(reply, self.called(url)))

        return self._patiently(once, url)

    def _whole(self, method: str, url: str, headers: Mapping[str, str] | None, **how: Any) -> Reply:
        """One answer. Where headers may hold a secret no redirect is followed: it could lead to somebody else."""
        content = bytearray()
        stream = self.client.stream(method, url, headers=headers, follow_redirects=not headers, **how)
        with stream as answer:
            for chunk in answer.iter_bytes(CHUNK_BYTES):
                content += chunk
                if len(content) > self.most_bytes:
                    raise FetchError(T("{where} answers without end.", where=Verbatim(self.called(url))))
            return Reply(url, answer.status_code, answer.headers, bytes(content))

    def download(
        self, url: str, path: Path, *, quota: Quota | None = None, headers: Mapping[str, str] | None = None
    ) -> bool:
        """A file, going on where an earlier try was cut; False where the server has none (404).

        What has come stands in `path`.part beside its validator; the file is renamed when it is whole.
        """

        def once() -> bool:
            self._count(quota, url)
            try:
                return self._stream(url, path, dict(headers or {}))
            except (httpx.TransportError, httpx.DecodingError) as fault:
                raise Passing(_cut(self.called(url), fault)) from fault

        return self._patiently(once, url)

    def _stream(self, url: str, path: Path, headers: dict[str, str]) -> bool:
        given = bool(headers)
        part, mark = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.etag")
        have = part.stat().st_size if part.exists() and mark.exists() else 0
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark.read_text(encoding="utf-8")}
        plain = {"Accept-Encoding": "identity"}
        with self.client.stream("GET", url, headers=plain | headers, follow_redirects=not given) as answer:
            if answer.status_code == 404:
                return False
            if answer.status_code == 416:
                part.unlink(missing_ok=True)
                raise Passing(T("{where} has changed its file.", where=Verbatim(self.called(url))))
            if answer.status_code not in (200, 206):
                answer.read()
                reply = Reply(url, answer.status_code, answer.headers, answer.content)
                if reply.status in PASSING:
                    raise Passing(_refused(reply, self.called(url)), self._asked_to_wait(reply))
                raise FetchError(_refused(reply, self.called(url)))
            goes_on = answer.status_code == 206 and have > 0
            validator = answer.headers.get("etag") or answer.headers.get("last-modified")
            if not goes_on:
                have = 0
                mark.unlink(missing_ok=True)
                if validator:
                    mark.write_text(validator, encoding="utf-8")
            self._write(answer, part, have, url)
        part.replace(path)
        mark.unlink(missing_ok=True)
        return True

    def _write(self, answer: httpx.Response, part: Path, have: int, url: str) -> None:
        length = answer.headers.get("content-length")
        total = have + int(length) if length and length.isdigit() else None
        done = have
        with part.open("ab" if have else "wb") as out:
            for chunk in answer.iter_raw(CHUNK_BYTES):
                out.write(chunk)
                done += len(chunk)
                self.show(Progress(part.name.removesuffix(".part"), done, total, "bytes"))
        if total is not None and done != total:
            raise Passing(T("{where} ended early.", where=Verbatim(self.called(url))))

    def _count(self, quota: Quota | None, url: str) -> None:
        if quota is not None and self.ledger.count(quota.publisher) > quota.calls_a_day:
            raise FetchError(
                T(
                    "The {n} calls a day that {publisher} allows are used up.",
                    n=quota.calls_a_day,
                    publisher=Verbatim(quota.publisher),
                ),
                do=T("Say the same again tomorrow: what has come is kept."),
            )

    def _asked_to_wait(self, reply: Reply) -> float | None:
        """The seconds that Retry-After asks for; it may also be a date."""
        words = reply.headers.get("retry-after")
        if not words:
            return None
        if words.strip().isdigit():
            return float(words)
        try:
            until = email.utils.parsedate_to_datetime(words)
        except ValueError:
            return None
        return max(0.0, (until - self.clock()).total_seconds())

    def _patiently(self, once: Callable[[], Got], url: str) -> Got:
        growing = tenacity.wait_exponential(multiplier=self.first_wait_s, max=60)

        def wait(state: tenacity.RetryCallState) -> float:
            fault = state.outcome.exception() if state.outcome else None
            asked = fault.wait_s if isinstance(fault, Passing) else None
            if asked is not None and asked > LONGEST_WAIT_S:
                raise FetchError(
                    T("{where} asks to wait {n} seconds.", where=Verbatim(self.called(url)), n=int(asked)),
                    do=T("Say the same again then: what has come is kept."),
                ) from fault
            return growing(state) if asked is None else asked

        trying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Passing),
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return trying(once)
        except Passing as fault:
            raise FetchError(
                T("{what} {n} tries did not help.", what=fault.what, n=self.attempts),
                do=T("Say the same again later: what has come is kept."),
            ) from fault


def _cut(where: str, fault: Exception) -> Text:
    return T("{where} was not reached ({fault}).", where=Verbatim(where), fault=Verbatim(type(fault).__name__))


def _refused(reply: Reply, where: str) -> Text:
    return T("{where} answered {status}.", where=Verbatim(where), status=Verbatim(str(reply.status)))

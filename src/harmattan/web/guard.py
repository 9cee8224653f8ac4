"""Stands before every page: whom the server answers to, how large a request may be, what a browser may do with it."""

from __future__ import annotations

import ipaddress
import json
import re
import sys
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser

from harmattan.web.settings import LOOPBACK, Settings
from harmattan.web.visitor import COOKIE, SAFE, anybody, new_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Next = Callable[[Scope, Receive, Send], Awaitable[None]]
Failed = Callable[[Request, Exception], Awaitable[Response]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
"""Nothing from elsewhere, no script and no style inside a page, in no frame."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cache-control": "no-store",
}
"""What every response says that does not say otherwise; pages that may be kept say so themselves."""
LONGEST_ADDRESS = 8_000
"""Letters of the longest address: pages are kept by theirs, and no form of ours makes a longer one."""
HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
"""A name or an address, with a port or without (RFC 9110, 7.2): nothing that could be read as a path."""
SMALL = 64_000
"""The largest request of somebody who is nobody yet."""
ANY = ("0.0.0.0", "::")
"""Addresses that stand for all addresses of a machine."""


class Guard:
    """ASGI middleware, the outermost. `failed` makes the page of what nobody foresaw."""

    def __init__(self, app: Next, settings: Settings, failed: Failed) -> None:
        self.app, self.settings, self.failed = app, settings, failed
        self.names = {name.lower() for name in (*LOOPBACK, settings.host, *settings.names)} - set(ANY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request pass, or answers it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        name = cookie_name(secure=self.settings.secure)
        cookie, new = _cookie("; ".join(headers.get("cookie", [])), name)
        scope.setdefault("state", {})["cookie"] = cookie
        answered = _Answer(send, self._own(cookie if new else "", scope), scope)
        if (refused := self._refused(scope, headers)) is not None:
            await answered.refuse(*refused)
            return
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            most = await self._most(asked)
            if _length(headers) > most:
                await answered.refuse(413, b"The request is too large.\n")
                return
            await self.app(asked, _limited(receive, most), answered)
        except Exception as fault:
            if answered.begun:
                raise
            await self._failure(asked, fault, answered)

    def _refused(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, bytes] | None:
        """Why a request goes no further: a status and words."""
        host = headers.get("host", [""])
        if len(host) != 1 or not self._known(host[0]):
            return 421, b"This server does not go by that name; whoever starts it can say --name NAME.\n"
        if scope["method"] not in SAFE and not self._of_ours(host[0], headers):
            return 403, b"This request comes from a page elsewhere.\n"
        if len(scope.get("raw_path") or scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            return 414, b"The address is too long.\n"
        if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
            return 400, b"The address cannot be read.\n"
        return None

    async def _most(self, scope: Scope) -> int:
        """The largest body: somebody whom nobody knows sends a form and no more."""
        if scope["method"] in SAFE:
            return SMALL
        return self.settings.upload_bytes if (await anybody(Request(scope))).role else SMALL

    def _known(self, host: str) -> bool:
        """Whether a request names this server: another name is a page elsewhere that points at it (DNS rebinding).

        A server that listens on all addresses of a machine goes by each of them, but by no name that it was not told.
        """
        name = _name_of(host)
        return HOST.fullmatch(host) is not None and (
            name in self.names or (self.settings.host in ANY and _is_address(name))
        )

    def _of_ours(self, host: str, headers: dict[str, list[str]]) -> bool:
        """Whether what changes things comes from a page of this server, or from no browser at all."""
        site = headers.get("sec-fetch-site", ["none"])
        if any(word not in ("same-origin", "none") for word in site):
            return False
        for origin in headers.get("origin", []):
            scheme, _, said = origin.partition("://")
            if scheme.lower() not in ("http", "https") or HOST.fullmatch(said) is None:
                return False
            behind_a_proxy = _name_of(said) in {name.lower() for name in self.settings.names}
            if said.lower() != host.lower() and not behind_a_proxy:
                return False
        return True

    async def _failure(self, scope: Scope, fault: Exception, answered: _Answer) -> None:
        try:
            made = await self.failed(Request(scope), fault)
        except Exception as another:
            traceback.print_exception(another, file=sys.stderr)
            await answered.refuse(500, b"Something went wrong that Harmattan did not foresee.\n")
            return
        await made(scope, _nothing, answered)

    def _own(self, cookie: str, scope: Scope) -> list[tuple[bytes, bytes]]:
        there = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        if self.settings.secure:
            there.append((b"strict-transport-security", b"max-age=31536000"))
        if cookie and not scope["path"].startswith(("/static/", "/api/")):
            there.append((b"set-cookie", cookie_line(cookie, secure=self.settings.secure).encode()))
        return there


class _Answer:
    """Sends an answer with the headers that all have; of an answer to HEAD the headers alone."""

    def __init__(self, send: Send, own: list[tuple[bytes, bytes]], scope: Scope) -> None:
        self.send, self.own, self.silent, self.begun = send, own, scope["method"] == "HEAD", False
        self.path = str(scope["path"])

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            message = {**message, "headers": [*message.get("headers", []), *self._more(message.get("headers", []))]}
        elif self.silent and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)

    def _more(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        there = {name.lower() for name, _ in headers}
        cookies = [value for name, value in headers if name.lower() == b"set-cookie"]
        has_one = any(_is_ours(value) for value in cookies)
        for_all = any(name == b"cache-control" and b"public" in value for name, value in headers)
        return [
            (name, value)
            for name, value in self.own
            if (not has_one and not for_all if name == b"set-cookie" else name not in there)
        ]

    async def refuse(self, status: int, words: bytes) -> None:
        kind = b"text/plain; charset=utf-8"
        if self.path.startswith("/api/"):
            said = words.decode().strip()
            told = {"type": "about:blank", "title": said, "status": status, "detail": said, "instance": self.path}
            kind, words = b"application/problem+json", json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        headers = [(b"content-type", kind), (b"content-length", str(len(words)).encode())]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": words})


def cookie_name(*, secure: bool) -> str:
    """The name of the visitor's cookie; over TLS one that no other server of the same domain can set (RFC 6265bis)."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def cookie_line(cookie: str, *, secure: bool, name: str = COOKIE, age: int | None = None) -> str:
    """A cookie that no script can read and no other site can send."""
    parts = [f"{cookie_name(secure=secure) if name == COOKIE else name}={cookie}", "Path=/", "HttpOnly", "SameSite=Lax"]
    parts += ["Secure"] if secure else []
    parts += [f"Max-Age={age}"] if age is not None else []
    return "; ".join(parts)


def _is_ours(line: bytes) -> bool:
    return line.startswith((f"{COOKIE}=".encode(), f"__Host-{COOKIE}=".encode()))


def _cookie(header: str, name: str) -> tuple[str, bool]:
    """The visitor's cookie, or a new one; cookies of others that are oddly written do no harm."""
    value = cookie_parser(header).get(name, "")
    known = 20 <= len(value) <= 100 and value.isascii() and value.replace("-", "").replace("_", "").isalnum()
    return (value, False) if known else (new_cookie(), True)


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    return (host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]).lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _length(headers: dict[str, list[str]]) -> int:
    return max(
        (int(said) for said in headers.get("content-length", []) if said.isascii() and said.isdecimal()), default=0
    )


def _limited(receive: Receive, most: int) -> Receive:
    """What comes in, refused where it becomes more than may come: a body in parts says no length beforehand."""
    came = 0

    async def received() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise HTTPException(413)
        return message

    return received


async def _nothing() -> Message:
    return {"type": "http.disconnect"}

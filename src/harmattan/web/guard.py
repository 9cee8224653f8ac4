"""Stands before every page: whom the server answers to, how large a request may be, what a browser may do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from harmattan.web.settings import LOOPBACK, Settings
from harmattan.web.visitor import COOKIE, new_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Next = Callable[[Scope, Receive, Send], Awaitable[None]]

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
}


class Guard:
    """ASGI middleware, the outermost."""

    def __init__(self, app: Next, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.names = {*LOOPBACK, settings.host, *settings.names} - {"0.0.0.0", "::"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request pass, or answers it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        cookie, new = _cookie(headers.get("cookie", ""))
        scope.setdefault("state", {})["cookie"] = cookie
        answered = _answering(send, self._own(cookie if new else "", scope))
        if not self._known(headers.get("host", "")):
            await _refuse(answered, 421, b"This server does not go by that name.\n")
        elif _length(headers) > self.settings.upload_bytes:
            await _refuse(answered, 413, b"The request is too large.\n")
        else:
            await self.app(scope, _limited(receive, self.settings.upload_bytes), answered)

    def _known(self, host: str) -> bool:
        """Whether a request names this server: another name is a page elsewhere that points at it (DNS rebinding)."""
        if self.settings.host in ("0.0.0.0", "::") and not self.settings.names:
            return True
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        return name in self.names

    def _own(self, cookie: str, scope: Scope) -> list[tuple[bytes, bytes]]:
        there = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        if self.settings.secure:
            there.append((b"strict-transport-security", b"max-age=31536000"))
        if cookie and not scope["path"].startswith(("/static/", "/api/")):
            there.append((b"set-cookie", cookie_line(cookie, secure=self.settings.secure).encode()))
        return there


def cookie_line(cookie: str, *, secure: bool, name: str = COOKIE, age: int | None = None) -> str:
    """A cookie that no script can read and no other site can send."""
    parts = [f"{name}={cookie}", "Path=/", "HttpOnly", "SameSite=Lax"]
    parts += ["Secure"] if secure else []
    parts += [f"Max-Age={age}"] if age is not None else []
    return "; ".join(parts)


def _cookie(header: str) -> tuple[str, bool]:
    """The visitor's cookie, or a new one."""
    try:
        there = SimpleCookie(header).get(COOKIE)
    except CookieError:
        there = None
    value = there.value if there is not None else ""
    known = 20 <= len(value) <= 100 and value.replace("-", "").replace("_", "").isalnum()
    return (value, False) if known else (new_cookie(), True)


def _length(headers: dict[str, str]) -> int:
    said = headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdecimal() else 0


def _limited(receive: Receive, most: int) -> Receive:
    """What comes in, cut off where it becomes more than may come: a body in parts says no length beforehand."""
    came = 0

    async def received() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        return {"type": "http.disconnect"} if came > most else message

    return received


def _answering(send: Send, own: list[tuple[bytes, bytes]]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message.get("headers", [])}
            more = [(name, value) for name, value in own if name == b"set-cookie" or name not in there]
            if any(n == b"set-cookie" and v.startswith(f"{COOKIE}=".encode()) for n, v in message.get("headers", [])):
                more = [(name, value) for name, value in more if name != b"set-cookie"]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})

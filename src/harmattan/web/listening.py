"""Listens on an address until it is told to stop: each thing that can go wrong is one line."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

from harmattan.errors import HarmattanError, UsageError
from harmattan.text import T, Verbatim
from harmattan.web.guard import Message, Next, Receive, Scope, Send

BACKLOG = 1024
SWITCH_S = 0.0005
"""A question holds the interpreter; whoever asks for a page that is kept gets it after so many seconds at most."""
LEAVE_S = 2.0
"""So long a question that is being answered may hold up the end."""


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises HarmattanError in one line where the address is taken or not ours."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(kind, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except (OSError, OverflowError) as fault:
        made.close()
        raise _told(host, port, fault) from fault
    return made


def _told(host: str, port: int, fault: Exception) -> HarmattanError:
    number = getattr(fault, "errno", None)
    where = Verbatim(f"{host}:{port}")
    if number == errno.EADDRINUSE:
        taken = T("Another program listens on {where} already.", where=where)
        return HarmattanError(taken, do=T("Stop it, or say another port with --port."))
    if number == errno.EACCES:
        return HarmattanError(T("Only an administrator may listen on {where}.", where=where),
                              do=T("Say a port above 1023 with --port."))  # fmt: skip
    return UsageError(T("This machine has no address {host}.", host=Verbatim(host)), do=T("Say another with --host."))


def run(app: Any, listens: socket.socket) -> None:
    """Serves until Ctrl-C or SIGTERM; what has been begun may end."""
    import uvicorn

    sys.setswitchinterval(SWITCH_S)
    before = signal.signal(signal.SIGTERM, _stop)
    config = uvicorn.Config(app, log_level="critical", access_log=False, server_header=False, date_header=True,
                            http="httptools", timeout_graceful_shutdown=3, proxy_headers=False)  # fmt: skip
    try:
        uvicorn.Server(config).run([listens])
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        listens.close()


def leave() -> None:
    """Ends the process at once where a question is still being answered: nobody is there any more to read it."""
    until = time.monotonic() + LEAVE_S
    while _others() and time.monotonic() < until:
        time.sleep(0.05)
    if _others():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _others() -> list[threading.Thread]:
    idle = threading.current_thread()
    return [thread for thread in threading.enumerate() if thread is not idle and not thread.daemon]


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Log:
    """ASGI middleware: a line for each request, with nothing in it that belongs to a person.

    It names the route and not the address, so that no words that somebody looked for stand in it.
    """

    def __init__(self, app: Next) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request pass and says what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            took = 1000 * (time.perf_counter() - begun)
            print(f"{scope['method']} {route} {status} {took:.0f} ms", file=sys.stderr, flush=True)

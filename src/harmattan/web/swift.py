"""Answers at once what is kept: a page that somebody has asked for before needs no thread and no template."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from harmattan.errors import HarmattanError
from harmattan.web.guard import Next, Receive, Scope, Send
from harmattan.web.house import House
from harmattan.web.pages import found_at_hand
from harmattan.web.visitor import visitor_of


class Swift:
    """ASGI middleware behind the guard. Whoever may not see a page finds none here: it is kept by who they are."""

    def __init__(self, app: Next, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or lets it pass."""
        if scope["type"] == "http" and scope["method"] == "GET":
            found = await self._found(Request(scope))
            if found is not None:
                await found(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _found(self, request: Request) -> Response | None:
        standing = self.house.asking.fresh
        if standing is None or request.url.path.startswith("/static/"):
            return None
        try:
            visitor = await visitor_of(request)
        except HarmattanError:
            return None
        return found_at_hand(standing.state, request, visitor)

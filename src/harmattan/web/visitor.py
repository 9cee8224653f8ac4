"""Who is asking: their language, their role, and the sign that a form of theirs came from one of our pages."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from harmattan.text import T
from harmattan.text.speaker import LANGUAGES, Speaker
from harmattan.web.faults import Forbidden, NotSignedIn
from harmattan.web.house import House, house_of

ROLES = ("reader", "analyst", "editor")
"""Each may do what those before it may. A reader looks and exports; an analyst reviews, claims and has work done; an
editor also says who else may."""
COOKIE, LANGUAGE = "harmattan", "language"
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks for a page."""

    name: str
    """Who they are; empty where nobody has signed in and somebody would have to."""
    role: str
    """One of `ROLES`, or empty."""
    language: str
    csrf: str
    """What a form must send along: it belongs to the visitor's cookie and to no other."""
    signed_in: bool = False
    by_token: bool = False
    """Whether a program asks, with a token of the API: it has no cookie and needs no sign."""

    def may(self, role: str) -> bool:
        """Whether their role is this one or a higher one."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)

    @property
    def speaker(self) -> Speaker:
        """Speaks their language."""
        return Speaker(self.language)


def sign_of(cookie: str) -> str:
    """The sign of a cookie: whoever cannot read the cookie cannot know it."""
    return hashlib.sha256(f"sign:{cookie}".encode()).hexdigest()[:32]


def new_cookie() -> str:
    """A cookie that nobody can guess."""
    return secrets.token_urlsafe(32)


def language_of(request: Request) -> str:
    """The language asked for in the address, else the one chosen before, else the browser's, else English."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE)):
        if said in LANGUAGES:
            return str(said)
    for part in request.headers.get("accept-language", "").lower().split(","):
        word = part.partition(";")[0].strip()[:2]
        if word in LANGUAGES:
            return word
    return LANGUAGES[0]


async def visitor_of(request: Request) -> Visitor:
    """Who asks, by their token or cookie; the middleware has given everybody a cookie."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        cookie = str(request.state.cookie)
        found = house_of(request).who(cookie, request.headers.get("authorization", ""))
        known = Visitor(found.name, found.role, language_of(request), sign_of(cookie), found.signed_in, found.by_token)
        request.state.visitor = known
    return known


def needs(role: str) -> Callable[..., Awaitable[Visitor]]:
    """A dependency: lets only those of a role or a higher one pass, and forms only that came from a page of ours."""

    async def passed(request: Request, visitor: Annotated[Visitor, Depends(visitor_of)]) -> Visitor:
        if not visitor.may(role):
            raise NotSignedIn() if not visitor.role else Forbidden(role)
        await signed(request, visitor)
        return visitor

    passed.role = role  # type: ignore[attr-defined]
    return passed


async def signed(request: Request, visitor: Visitor) -> None:
    """Raises Forbidden for something that changes things and does not carry the visitor's own sign."""
    if request.method in SAFE or visitor.by_token:
        return
    sent: Any = request.headers.get("x-csrf-token")
    kind = request.headers.get("content-type", "")
    if sent is None and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        sent = (await request.form()).get("csrf")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise Forbidden(what=T("This form is not one of this page, or it is too old."))


Anyone = Annotated[Visitor, Depends(visitor_of)]
Reader = Annotated[Visitor, Depends(needs("reader"))]
Analyst = Annotated[Visitor, Depends(needs("analyst"))]
Editor = Annotated[Visitor, Depends(needs("editor"))]
HouseOf = Annotated[House, Depends(house_of)]

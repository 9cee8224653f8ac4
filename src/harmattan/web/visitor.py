"""Who is asking: their language, their role, and the sign that a form of theirs came from one of our pages."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, Request

from harmattan.desk.accounts import ROLES
from harmattan.errors import HarmattanError
from harmattan.text import T
from harmattan.text.speaker import LANGUAGES, Speaker
from harmattan.web.faults import Forbidden, NotSignedIn
from harmattan.web.house import NOBODY, House, Who, house_of
from harmattan.web.settings import LOOPBACK

COOKIE, LANGUAGE = "harmattan", "language"
SAFE = ("GET", "HEAD", "OPTIONS")
ANYONE = "anyone"
PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "via")
"""A request with one of these came through a proxy: then it is not the person at this machine, who need not sign in."""


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
    token: str = ""
    """The id of the token."""

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
        house = house_of(request)
        found = _who(request) if house.alone else await to_thread.run_sync(_who, request, limiter=house.doors)
        known = _visitor(request, found)
        request.state.visitor = known
    return known


async def anybody(request: Request) -> Visitor:
    """Who asks; a stranger where it cannot be found out: for pages that say what went wrong."""
    try:
        return await visitor_of(request)
    except HarmattanError:
        return _visitor(request, NOBODY)


def _who(request: Request) -> Who:
    found = house_of(request).who(str(request.state.cookie), request.headers.get("authorization", ""))
    through_a_proxy = any(name in request.headers for name in PROXIES)
    return NOBODY if through_a_proxy and found.role and not (found.signed_in or found.by_token) else found


def _visitor(request: Request, found: Who) -> Visitor:
    sign = sign_of(str(request.state.cookie))
    return Visitor(found.name, found.role, language_of(request), sign, found.signed_in, found.by_token, found.token)


def address_of(request: Request) -> str:
    """Where a request comes from: what the proxy on this machine says, if there is one."""
    peer = request.client.host if request.client else ""
    said = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return said[:60] if said and peer in LOOPBACK else peer


def needs(role: str, *, in_person: bool = False) -> Callable[..., Awaitable[Visitor]]:
    """A dependency: lets only those of a role or a higher one pass, and forms only that came from a page of ours.

    Without a role it lets everybody pass; `in_person` lets no token pass.
    """

    async def passed(request: Request, visitor: Annotated[Visitor, Depends(visitor_of)]) -> Visitor:
        if role and not visitor.may(role):
            raise NotSignedIn() if not visitor.role else Forbidden(role)
        if in_person and visitor.by_token:
            raise Forbidden(what=T("A token cannot do this; a person has to sign in."))
        await signed(request, visitor)
        return visitor

    passed.role = role or ANYONE  # type: ignore[attr-defined]
    return passed


def roles_of(route: Any) -> set[str]:
    """The roles that a route declares: those of `needs`."""
    return {role for asked in route.dependant.dependencies if (role := getattr(asked.call, "role", ""))}


async def signed(request: Request, visitor: Visitor) -> None:
    """Raises Forbidden for something that changes things and does not carry the visitor's own sign."""
    if request.method in SAFE or visitor.by_token:
        return
    sent: Any = request.headers.get("x-csrf-token")
    kind = request.headers.get("content-type", "")
    if sent is None and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        sent = (await request.form()).get("csrf")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode("utf-8", "replace"), visitor.csrf.encode()):
        raise Forbidden(what=T("This form is not one of this page, or it is too old."))


Anyone = Annotated[Visitor, Depends(needs(""))]
Reader = Annotated[Visitor, Depends(needs("reader"))]
Analyst = Annotated[Visitor, Depends(needs("analyst"))]
Editor = Annotated[Visitor, Depends(needs("editor"))]
ReaderInPerson = Annotated[Visitor, Depends(needs("reader", in_person=True))]
EditorInPerson = Annotated[Visitor, Depends(needs("editor", in_person=True))]
HouseOf = Annotated[House, Depends(house_of)]

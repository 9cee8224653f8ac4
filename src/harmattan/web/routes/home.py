"""The overview of the case, and the choice of language."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.text.speaker import LANGUAGES
from harmattan.web.guard import cookie_line
from harmattan.web.house import house_of
from harmattan.web.pages import kept_page
from harmattan.web.visitor import LANGUAGE, Anyone, HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
YEAR_S = 31_536_000


@ROUTER.get("/")
def overview(request: Request, visitor: Reader) -> Response:
    """The state of things."""

    def values() -> dict[str, Any]:
        return {"releases": house_of(request).lake.releases()}

    return kept_page(request, visitor, "home.html.j2", values)


@ROUTER.post("/language")
def language(
    _visitor: Anyone, house: HouseOf, chosen: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Chooses a language and goes back to where one was."""
    made = RedirectResponse(within(back), 303)
    if chosen in LANGUAGES:
        line = cookie_line(chosen, secure=house.settings.secure, name=LANGUAGE, age=YEAR_S)
        made.headers.append("set-cookie", line)
    return made


def within(address: str) -> str:
    """An address on this server, or the overview: nobody is sent elsewhere.

    >>> within("/map?x=1"), within("//evil.example"), within("https://evil.example")
    ('/map?x=1', '/', '/')
    """
    good = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if good else "/"

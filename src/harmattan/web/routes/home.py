"""The overview of the case, and the choice of language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from harmattan.lake.select import age
from harmattan.lake.shelf import Held
from harmattan.text.speaker import LANGUAGES
from harmattan.web.addresses import within
from harmattan.web.guard import cookie_line
from harmattan.web.parts import as_of_said, page_of
from harmattan.web.sectioned import OVERVIEW, Part, Wanted
from harmattan.web.visitor import LANGUAGE, Anyone, HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
YEAR_S = 31_536_000


@ROUTER.get("/")
def overview(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The state of things as of a day: what holds, what rings, what came, and where to go on."""
    day = as_of_said(request)
    wanted = {name: Wanted.of(name, day) for name in OVERVIEW}

    def more(_parts: Mapping[str, Part]) -> dict[str, Any]:
        held = house.lake.releases()
        return {"newest": newest(held), "own": [one for one in held if not one.embedded], "rules": house.case.rules()}

    return page_of(request, visitor, "home.html.j2", wanted, more)


def newest(held: Sequence[Held]) -> list[Held]:
    """The newest release of each data set, what came last first."""
    found = {one.release.dataset: one for one in sorted(held, key=age)}
    return sorted(found.values(), key=lambda one: (one.release.published, one.release.name), reverse=True)


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

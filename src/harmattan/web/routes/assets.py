"""What pages load beside themselves: styles and scripts, all from installed packages."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from harmattan.text import T
from harmattan.web.faults import NotThere
from harmattan.web.static_files import FILES, FOR_GOOD, IMAGES
from harmattan.web.visitor import Anyone

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/static/{name}")
def static(name: str, _visitor: Anyone) -> FileResponse:
    """A static file."""
    if name not in FILES:
        raise NotThere(T("There is no such file."))
    return FileResponse(FILES[name], headers=FOR_GOOD)


@ROUTER.get("/static/images/{name}")
def image(name: str, _visitor: Anyone) -> FileResponse:
    """An image of the map's library."""
    if name not in IMAGES:
        raise NotThere(T("There is no such file."))
    return FileResponse(IMAGES[name], headers=FOR_GOOD)

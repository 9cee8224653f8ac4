"""What pages load beside themselves: styles and scripts, all from installed packages."""

from __future__ import annotations

from pathlib import Path

import xstatic.pkg.leaflet
from fastapi import APIRouter
from fastapi.responses import FileResponse

from harmattan.text import T
from harmattan.web.faults import NotThere
from harmattan.web.pages import STATIC
from harmattan.web.visitor import Anyone

ROUTER = APIRouter(include_in_schema=False)
FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
"""The library of the map, as its package carries it."""
FILES = {path.name: path for path in STATIC.iterdir() if path.is_file()} | {
    name: LEAFLET / name for name in ("leaflet.js", "leaflet.css")
}
"""Every static file by its name: what is asked for is looked up here and never on the disk."""
IMAGES = {path.name: path for path in (LEAFLET / "images").iterdir() if path.suffix == ".png"}
"""What the style of the map's library points to."""


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

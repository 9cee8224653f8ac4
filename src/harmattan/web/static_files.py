"""Styles, scripts and images by their names, all from installed packages: what is asked for is looked up here."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import xstatic.pkg.leaflet

FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}
"""What a browser is told of a file whose address changes when it does."""
STATIC = Path(__file__).parent / "static"
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
"""The library of the map, as its package carries it."""
FILES = {path.name: path for path in STATIC.iterdir() if path.is_file()} | {
    name: LEAFLET / name for name in ("leaflet.js", "leaflet.css")
}
"""Every static file by its name."""
IMAGES = {path.name: path for path in (LEAFLET / "images").iterdir() if path.suffix == ".png"}
"""What the style of the map's library points to."""


@cache
def static(name: str) -> str:
    """The address of a static file, which changes when the file does: browsers keep it for good."""
    digest = hashlib.sha256(FILES[name].read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"

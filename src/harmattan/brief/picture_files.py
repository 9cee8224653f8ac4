"""Pictures as files: the very drawing that a page and a document show."""

from __future__ import annotations

from typing import Any

import vl_convert

from harmattan.brief.html import drawn_once, slimmed
from harmattan.export.as_json import compact

SCALE = 2
"""Pixels of a PNG for each of the picture's."""
FORMATS = ("svg", "png", "json")


def picture_file(spec: dict[str, Any], language: str, format: str, scale: float = SCALE) -> bytes:
    """A picture, a Vega-Lite specification, as SVG, as PNG, or as the specification itself (`json`)."""
    if format == "json":
        return compact(spec)
    drawn = drawn_once(spec, language)
    return slimmed(drawn).encode() if format == "svg" else bytes(vl_convert.svg_to_png(drawn, scale=scale))

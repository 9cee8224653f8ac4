"""Pictures on their way to a browser: with their ETag, to be looked at or to be kept, and with no script in them."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from harmattan.export.media import content_type
from harmattan.web.files import as_attachment

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG that is opened by itself is a page: it may have its own styles, and nothing else."""


def sent(request: Request, made: tuple[bytes, str], format: str, name: str, *, age: int = 3600) -> Response:
    """A picture with its tag; 304 where the asker has it. `name` is what it is called where the address says `save`.

    `age` is for how many seconds a browser need not ask again; 0 where it must.
    """
    content, tag = made
    kept = f"private, max-age={age}" if age else "private, no-cache"
    headers = {"etag": f'"{tag}"', "cache-control": kept, "vary": "Accept-Language, Cookie"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if "save" in request.query_params:
        headers["content-disposition"] = as_attachment(name, format)
    if format == "svg":
        headers["content-security-policy"] = SVG_POLICY
    return Response(content, headers=headers, media_type=content_type(format))

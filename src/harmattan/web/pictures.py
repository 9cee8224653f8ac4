"""Pictures on their way to a browser: with their ETag, to be looked at or to be kept, and with no script in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from harmattan.export.media import content_type, ending
from harmattan.web.files import as_attachment
from harmattan.web.house import House
from harmattan.web.visitor import Visitor

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG that is opened by itself is a page: it may have its own styles, and nothing else."""


@dataclass(frozen=True)
class Kind:
    """What a picture is and what it is called."""

    format: str
    name: str
    """Without its ending."""
    evidence: str | None = None
    """The id of the answer that it shows."""
    closed: bool = False
    """Whether it is for looking at only: then nobody keeps it on the way."""
    age: int = 3600
    """For how many seconds a browser need not ask again; 0 where it must."""

    @property
    def kept(self) -> str:
        """What is said of keeping it."""
        if self.closed:
            return "private, no-store"
        return f"private, max-age={self.age}" if self.age else "private, no-cache"


def sent(request: Request, house: House, visitor: Visitor, made: tuple[bytes, str], kind: Kind) -> Response:
    """A picture with its tag; 304 where the asker has it. Where the address says `save` it is a file, and noted."""
    content, tag = made
    headers = {"etag": f'"{tag}"', "cache-control": kind.kept, "vary": "Accept-Language, Cookie"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if "save" in request.query_params:
        called, digest = f"{kind.name}.{ending(kind.format)}", hashlib.sha256(content).hexdigest()
        house.note(visitor, "exported", called, evidence=kind.evidence, format=kind.format, digest=digest)
        headers["content-disposition"] = as_attachment(kind.name, kind.format)
    if kind.format == "svg":
        headers["content-security-policy"] = SVG_POLICY
    return Response(content, headers=headers, media_type=content_type(kind.format))

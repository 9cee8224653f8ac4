"""Files that people take along: each is noted in the audit log with its digest, and kept by nobody on the way."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from fastapi.responses import Response

from harmattan.export.media import content_type, ending
from harmattan.web.house import House
from harmattan.web.visitor import Visitor

_ODD = re.compile(r"[^A-Za-z0-9._@-]+")


def handed_out(
    house: House, visitor: Visitor, content: bytes, format: str, *, name: str, subject: str, **note: Any
) -> Response:
    """A file, named without its ending. What stands in the log: `subject`, the format, the SHA-256 and the `note`.

    Raises DeskError where it cannot be written down; then it is not handed out.
    """
    digest = hashlib.sha256(content).hexdigest()
    house.note(visitor, "exported", subject, format=format, digest=digest, **note)
    headers = {"content-disposition": as_attachment(name, format), "cache-control": "private, no-store",
               "vary": "Accept-Language, Cookie"}  # fmt: skip
    return Response(content, media_type=content_type(format), headers=headers)


def as_attachment(name: str, format: str, *, shown: bool = False) -> str:
    """The Content-Disposition of a file; only letters that every browser takes stay in its name.

    >>> as_attachment("diff-a@1-Ségou 2", "csv")
    'attachment; filename="diff-a@1-S-gou-2.csv"'
    """
    return f'{"inline" if shown else "attachment"}; filename="{_ODD.sub("-", name)}.{ending(format)}"'

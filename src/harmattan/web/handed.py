"""What leaves by the API: with its ETag, its licence and how long it is good for; not sent again where it is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import Response

from harmattan.export.as_json import compact
from harmattan.export.media import content_type
from harmattan.lake.shelf import Lake
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web.files import as_attachment
from harmattan.web.house import House
from harmattan.web.kept import Sending, named
from harmattan.web.pages import as_sent, at_hand
from harmattan.web.visitor import Visitor

VARY = "Accept, Accept-Language, Authorization, Cookie"
MOST_LINKS = 24


def known(request: Request, house: House, visitor: Visitor, form: str) -> Response | None:
    """304 where the asker has what this address answers already, found without asking; None where that is not so."""
    tag = house.tags.get(_key(request, house, visitor, form))
    if tag and has(request, tag):
        return not_again(tag, visitor)
    return None


def hand(
    request: Request,
    house: House,
    visitor: Visitor,
    form: str,
    *,
    tag: str,
    make: Callable[[], bytes],
    links: Iterable[str] = (),
    name: str = "",
    note: Mapping[str, Any] | None = None,
) -> Response:
    """What was asked for, made once for a tag; 304 where the asker has it.

    `tag` says what the content hangs on beside form and language; `name` is what a browser calls the file.
    `note` is what the audit log says of it beside, where it is an export.
    """
    etag = f'W/"{tag}-{form}-{visitor.language}"'
    house.tags[_key(request, house, visitor, form)] = etag
    if has(request, etag):
        return not_again(etag, visitor)
    if note is not None:
        content, _tag = house.pages.of(("api", etag), make)
        digest = hashlib.sha256(content).hexdigest()
        house.note(visitor, "exported", request.url.path, format=form, digest=digest, **note)
    headers = _headers(etag, visitor) | {"content-language": visitor.language}
    if listed := list(dict.fromkeys(links)):
        headers["link"] = ", ".join(listed[:MOST_LINKS])
    if name and form != "json":
        headers["content-disposition"] = as_attachment(name, form)
    sending = Sending(("api", etag), headers, content_type(form))
    if note is None:
        return at_hand(request, visitor, sending, make)
    return as_sent(request, house.pages.page(sending.key, make), sending)


def plain_json(
    visitor: Visitor, value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON that is made anew each time."""
    own = {"cache-control": "private, no-cache", "vary": VARY, "content-language": visitor.language}
    return Response(compact(value), status, own | dict(headers or {}), "application/json")


def has(request: Request, etag: str) -> bool:
    """Whether the asker has the content of a tag (RFC 9110, 13.1.2: compared weakly)."""
    said = [word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")]
    return etag.removeprefix("W/") in said


def not_again(etag: str, visitor: Visitor) -> Response:
    """304."""
    return Response(status_code=304, headers=_headers(etag, visitor))


def _headers(etag: str, visitor: Visitor) -> dict[str, str]:
    return {"etag": etag, "cache-control": "private, no-cache", "vary": VARY}


def _key(request: Request, house: House, visitor: Visitor, form: str) -> bytes:
    state = house.asking.standing().state
    return named((state, str(request.url.path), str(request.url.query), form, visitor.language))


def licences(lake: Lake, releases: Iterable[ReleaseRef]) -> list[str]:
    """Links (RFC 8288) to the releases that something rests on and to their licences."""
    there = {held.release.name: held.release for held in lake.releases()}
    found: list[str] = []
    for ref in releases:
        found.append(f'</api/releases/{quote(ref.name, safe="@.-_")}>; rel="describedby"')
        release = there.get(ref.name)
        if release is not None and (url := release.origin.licence.url):
            found.append(f'<{quote(url, safe=":/?&=#%@.,;+~-_")}>; rel="license"')
    return found


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    offset: int
    limit: int

    def of(self, request: Request, rows: Sequence[Any]) -> dict[str, Any]:
        """The rows of the page, and where the next one is."""
        more = self.offset + self.limit < len(rows)
        further = at(request, offset=self.offset + self.limit, limit=self.limit) if more else None
        shown = list(rows[self.offset : self.offset + self.limit])
        return {"total": len(rows), "offset": self.offset, "limit": self.limit, "next": further, "rows": shown}

    def links(self, request: Request, total: int) -> list[str]:
        """Links (RFC 8288) to the first, previous, next and last page of so many rows."""
        last = max(0, (total - 1) // self.limit * self.limit)
        pages = {"first": 0, "last": last}
        pages |= {"prev": max(0, self.offset - self.limit)} if self.offset > 0 else {}
        pages |= {"next": self.offset + self.limit} if self.offset + self.limit < total else {}
        return [f'<{at(request, offset=start, limit=self.limit)}>; rel="{rel}"' for rel, start in pages.items()]


def at(request: Request, **changed: Any) -> str:
    """The address that was asked, with some words changed."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    return f"{request.url.path}?{urlencode([*kept, *((name, str(value)) for name, value in changed.items())])}"

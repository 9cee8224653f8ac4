"""In which form a program wants what it asks for: by `?format=`, else by the `Accept` header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import Request

from harmattan.export.media import MEDIA
from harmattan.text import T, Verbatim, listing
from harmattan.web.faults import NotAcceptable


def form_of(request: Request, there: Sequence[str]) -> str:
    """The form wanted among those there are, the first of them where any will do. Raises NotAcceptable."""
    said = request.query_params.get("format")
    if said is not None:
        if said not in there:
            raise _not_one(said, there)
        return said
    accept = request.headers.get("accept", "*/*")
    found = best(accept, [MEDIA[form] for form in there])
    if found is None:
        raise _not_one(accept, there)
    return there[found]


def best(accept: str, media: Sequence[str]) -> int | None:
    """Which media type an Accept header (RFC 9110, 12.5.1) wants most; of several the one that comes first.

    >>> best("text/csv;q=0.5, application/json", ["application/json", "text/csv"])
    0
    >>> best("text/*, application/json;q=0.1", ["application/json", "text/csv"]), best("image/png", ["text/csv"])
    (1, None)
    >>> best("*/*, application/json;q=0", ["application/json", "text/csv"])
    1
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    qualities = [_quality(kind, ranges) for kind in media]
    highest = max(qualities)
    return qualities.index(highest) if highest > 0 else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        kind, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        if kind:
            yield kind, quality


def _quality(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the range that fits a media type most exactly."""
    for fitting in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        found = [quality for range_, quality in ranges if range_ == fitting]
        if found:
            return max(found)
    return 0.0


def _not_one(said: str, there: Sequence[str]) -> NotAcceptable:
    forms = listing([Verbatim(f"{form} ({MEDIA[form]})") for form in there])
    return NotAcceptable(
        T("It cannot be given as {format}.", format=Verbatim(said[:200])),
        available=T("There are {forms}.", forms=forms),
        do=T("Say it with ?format= or in the header Accept."),
    )

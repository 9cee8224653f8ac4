"""Pages that are put together from sections: what is there is shown, what is still being made says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from harmattan.export.sheet import attributions
from harmattan.vocabulary.period import parse_to
from harmattan.web.addresses import here
from harmattan.web.house import house_of
from harmattan.web.pages import kept_page, page
from harmattan.web.sectioned import Coming, Made, Part, Refused, Wanted
from harmattan.web.visitor import Visitor

Values = Callable[[Mapping[str, Part]], dict[str, Any]]


class Unfinished(Exception):
    """A page some of whose parts are still being made, or failed and may come another time: it is not kept."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__("unfinished")
        self.values = values


def as_of_said(request: Request) -> dt.date:
    """The day as of which a page speaks: as said, else the case's. Raises UsageError for another word."""
    said = request.query_params.get("as_of", "").strip()
    return parse_to(said) if said else house_of(request).case.as_of


def said(request: Request, name: str) -> str:
    """A word of the address, without what stands around it; at most 200 letters."""
    return request.query_params.get(name, "").strip()[:200]


def page_of(
    request: Request,
    visitor: Visitor,
    template: str,
    wanted: Mapping[str, Wanted],
    more: Values = lambda _parts: {},
) -> Response:
    """A page of sections by name; kept where all of them are there. `more` gives what else it shows."""
    house = house_of(request)

    def values() -> dict[str, Any]:
        made = house.sections.several(list(wanted.values()), visitor.language, visitor.name, here(request))
        parts = dict(zip(wanted, made, strict=True))
        found: dict[str, Any] = {"parts": parts, "as_of": as_of_said(request), "case": house.case,
                 "given": dict(request.query_params)} | more(parts)  # fmt: skip
        found |= {"sources": sources_of(parts, visitor), "coming": coming(parts)}
        if found["coming"] or any(isinstance(part, Refused) and not part.for_good for part in made):
            raise Unfinished(found)
        return found

    try:
        return kept_page(request, visitor, template, values)
    except Unfinished as still:
        return page(request, visitor, template, **still.values)


def coming(parts: Mapping[str, Part]) -> list[Coming]:
    """The parts that are still being made."""
    return [part for part in parts.values() if isinstance(part, Coming)]


def sources_of(parts: Mapping[str, Part], visitor: Visitor) -> list[str]:
    """The attributions of everything that a page rests on, in the publishers' words."""
    refs = {ref.name: ref for part in parts.values() if isinstance(part, Made) for ref in part.releases}
    return list(attributions(tuple(refs[name] for name in sorted(refs)), visitor.speaker))

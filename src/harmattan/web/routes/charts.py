"""Pictures of answers, and the script that draws them in a browser."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.brief.picture_files import FORMATS
from harmattan.export import answers
from harmattan.text import T, Verbatim
from harmattan.web import charts
from harmattan.web.faults import NotThere
from harmattan.web.pictures import Kind, sent
from harmattan.web.static_files import FOR_GOOD
from harmattan.web.visitor import Anyone, HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/static/vega.js")
def vega(request: Request, _visitor: Anyone) -> Response:
    """The script that draws pictures; packed where a browser can unpack it."""
    made = charts.script()
    headers = FOR_GOOD | {"vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(made.packed, headers=headers | {"content-encoding": "gzip"}, media_type="text/javascript")
    return Response(made.plain, headers=headers, media_type="text/javascript")


@ROUTER.get("/chart/{name}")
def chart(request: Request, visitor: Reader, house: HouseOf, name: str) -> Response:
    """The picture of an answer: ID.svg, ID.png, or ID.json for the Vega-Lite specification; `save` to keep it.

    A page may show what a file may not: of what may not be handed on there is only the picture within a page, no
    numbers for programs, nothing to keep, and nothing for tokens.
    """
    id, _, format = name.rpartition(".")
    if format not in FORMATS or not id.isalnum():
        raise NotThere(T("There is no picture {name}.", name=Verbatim(name)))
    answer = house.asking.find(id)
    save, stays = "save" in request.query_params, charts.stays(answer)
    if stays and (save or format == "json" or visitor.by_token):
        answers.guard(answer, f"/chart/{name}")
    made = charts.rendered(house, answer, visitor.speaker, format)
    if made is None:
        raise NotThere(T("This answer has no picture."))
    name = f"harmattan-{answer.question}-{id}"
    return sent(request, house, visitor, made, Kind(format, name, evidence=id, closed=stays))

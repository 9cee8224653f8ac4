"""The rows behind a number."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export.sheet import of_rows
from harmattan.web import forms, tables
from harmattan.web.pages import page
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/evidence/{id}")
def evidence(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """The records behind an answer, or behind one of its rows (`id.N`)."""
    answer = house.asking.find(id)
    row = id.partition(".")[2]
    rows = house.asking.rows(answer, int(row) - 1 if row else None)
    sheet = of_rows(rows, visitor.speaker, id)
    at = request.query_params.get("page", "1")
    table = tables.of_sheet(sheet, visitor.speaker, page=int(at) if at.isdecimal() else 1)
    return page(request, visitor, "evidence.html.j2", id=id, answer=answer, sheet=sheet, table=table,
                address=forms.address_of(answer))  # fmt: skip

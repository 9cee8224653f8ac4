"""The rows behind a number."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export.files import FORMATS, PLACED
from harmattan.export.sheet import attributions
from harmattan.questions.evidence import closed_in, guard_licence
from harmattan.web import evidence_rows, forms
from harmattan.web.addresses import page_in
from harmattan.web.grouped import short_of
from harmattan.web.pages import kept_page
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/evidence/{id}")
def evidence(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """The records behind an answer, or behind one of its rows (`id.N`)."""

    def values() -> dict[str, Any]:
        answer = house.asking.find(id)
        row = id.partition(".")[2]
        which = int(row) - 1 if row else None
        speaker, given = visitor.speaker, dict(request.query_params)
        said = answer.evidence(which)
        if visitor.by_token:
            guard_licence(answer, f"/evidence/{id}", which)
        rows = house.records.of(answer, which)
        part, sort = page_in(given.get("part")), given.get("sort", "")
        found = evidence_rows.parts_of(rows, which, speaker, {part: page_in(given.get("page"))}, sort)
        columns = {name for one in rows.parts for name in one.table.column_names}
        formats = [name for name in FORMATS if "cell" in columns or name not in PLACED]
        return {"id": id, "answer": answer, "which": which, "parts": found, "sort": sort, "given": given,
                "said": said, "told": evidence_rows.asked_in_words(rows, which, speaker),
                "title": evidence_rows.heading(which), "short": short_of(answer.question),
                "closed": closed_in(answer, which), "formats": formats,
                "sources": attributions(answer.releases, speaker), "address": forms.address_of(answer)}  # fmt: skip

    return kept_page(request, visitor, "evidence.html.j2", values)

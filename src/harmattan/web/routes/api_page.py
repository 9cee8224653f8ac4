"""The page that documents the API, made from its OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.web.pages import page
from harmattan.web.visitor import Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/api")
def described(request: Request, visitor: Reader) -> Response:
    """Every address of the API: what it takes and what it gives."""
    whole = request.app.openapi()
    return page(request, visitor, "api.html.j2", api=whole, groups=_groups(whole))


def _groups(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations under their tags."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in whole["tags"]}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][-1]].append({"path": path, "method": method.upper(), **operation})
    words = {tag["name"]: tag["description"] for tag in whole["tags"]}
    return [{"name": name, "about": words[name], "operations": several} for name, several in found.items() if several]

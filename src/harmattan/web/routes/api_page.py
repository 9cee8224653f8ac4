"""The page that documents the API, made from its OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export.media import MEDIA
from harmattan.questions.registry import QUESTIONS
from harmattan.text.speaker import Speaker
from harmattan.web import described
from harmattan.web.openapi import KINDS
from harmattan.web.pages import kept_page
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)
ASK = "/api/ask/"
FORMS = {media: form for form, media in MEDIA.items()}


@ROUTER.get("/api")
def page_of_the_api(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Every address of the API: what it takes, what it gives, and an example."""

    def values() -> dict[str, Any]:
        return {"groups": groups(request.app.openapi(), visitor.speaker)}

    return kept_page(request, visitor, "api.html.j2", values, str(house.accounts is not None))


def groups(whole: Mapping[str, Any], speaker: Speaker) -> list[dict[str, Any]]:
    """The operations of an OpenAPI document under their tags, in the reader's language."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in whole["tags"]}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][-1]].append(_operation(path, method, operation, speaker))
    about = {tag["name"]: tag["description"] for tag in whole["tags"]}
    return [
        {"name": name, "about": about[name], "anchor": name.lower().replace(" ", "-"), "operations": several}
        for name, several in found.items()
        if several
    ]


def _operation(path: str, method: str, operation: Mapping[str, Any], speaker: Speaker) -> dict[str, Any]:
    asked = QUESTIONS.get(path.removeprefix(ASK)) if path.startswith(ASK) else None
    listed = operation.get("parameters", ())
    parameters = [_parameter(p, speaker) for p in listed]
    said = {p["name"]: p.get("example") or (p["schema"].get("examples") or [None])[0] for p in listed}
    said = {name: word for name, word in said.items() if word}
    plain = method == "get" and "{" not in path and not any(p["required"] and p["name"] not in said for p in parameters)
    good = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": described.summary_of(asked, speaker) if asked else speaker.words(operation["summary"]),
        "meaning": speaker.say(asked.meaning) if asked else "",
        "question": asked.name if asked else "",
        "parameters": parameters,
        "needs": any(p["required"] for p in parameters),
        "statuses": ", ".join(sorted(operation["responses"])),
        "forms": ", ".join(FORMS.get(media, media) for media in good.get("content", ())),
        "example": f"{path}?{urlencode(said, doseq=True)}".rstrip("?") if plain else "",
    }


def _parameter(parameter: Mapping[str, Any], speaker: Speaker) -> dict[str, Any]:
    schema = parameter["schema"]
    options = [schema, *schema.get("anyOf", ())]
    many = any(one.get("type") == "array" for one in options)
    inner = [one["items"] if one.get("type") == "array" else one for one in options]
    kind = next((one["type"] for one in inner if one.get("type") not in (None, "null")), "string")
    dated = any(one.get("pattern") == described.DATE for one in inner)
    return {
        "name": parameter["name"],
        "required": parameter.get("required", False),
        "type": KINDS["date" if dated else kind],
        "choices": next((one["enum"] for one in inner if "enum" in one), []),
        "many": many,
        "description": speaker.words(parameter.get("x-help") or parameter.get("description") or ""),
    }

"""The description of the API (OpenAPI 3.1): what FastAPI makes of the routes, with errors, security and languages."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from harmattan.text import msg
from harmattan.text.speaker import LANGUAGES
from harmattan.web.guard import cookie_name
from harmattan.web.shapes import Problem, WaitingShape

ABOUT = """\
Questions about an armed conflict, their answers and the records behind every number.

- **Answers** come as JSON, CSV, Parquet, Excel and, where they have places, GeoJSON and GeoPackage: say so with the
  header `Accept` or with `?format=`. Words, dates and the CSV of a French reader come with `Accept-Language: fr` or
  `?lang=fr` (semicolons, decimal commas).
- **Evidence**: each row of an answer carries an id that `/api/evidence/{id}` opens to the very records behind it.
- **Sparing**: answers carry an `ETag` that hangs on the question, its parameters and the digests of the releases. Send
  it back as `If-None-Match`; 304 says that nothing changed.
- **Long work**: 202 names the work in `Location`; when it is done, ask again at the same address.
- **Licences** are in the payload and in `Link` (`rel="license"`, `rel="describedby"`). Records that a publisher's
  licence does not let go are refused with 403, sums of them are not.
- **Errors** are `application/problem+json` (RFC 9457), in the language that was asked for.
- **No other site** may read this API from a browser: no CORS header is ever sent.
"""
PROBLEMS: dict[str, tuple[str, str]] = {
    "400": ("NotRead", "The request cannot be read."),
    "401": ("NotSignedIn", "Nobody has signed in."),
    "403": ("NotAllowed", "The role does not suffice, or a licence forbids to hand the records on."),
    "404": ("NotThere", "There is no such thing."),
    "406": ("NotAcceptable", "It does not come in the form that is wanted; the answer says in which it does."),
    "409": ("Conflict", "Somebody else was faster, or the lake does not allow it."),
    "413": ("TooLarge", "The request is too large."),
    "414": ("TooLong", "The address is too long."),
    "415": ("WrongKind", "The body is not JSON."),
    "422": ("NotUnderstood", "A parameter cannot be read."),
    "429": ("TooMany", "Too many requests; `Retry-After` says when to come again."),
    "500": ("Unforeseen", "Something went wrong that was not foreseen."),
    "503": ("DeskAway", "The database of the desk does not answer; `Retry-After` says when to come again."),
}
TAGS = (
    (msg("Answers"), msg("The questions, each at an address of its own.")),
    (msg("Questions"), msg("What can be asked.")),
    (msg("Records"), msg("The single records behind numbers.")),
    (msg("Releases"), msg("The data sets that everything rests on.")),
    (msg("Dossier"), msg("Who is who.")),
    (msg("Work"), msg("What takes long.")),
    (msg("Reading desk"), msg("Documents and what they are said to say.")),
    (msg("Case"), msg("The crisis that is watched.")),
    (msg("Server"), msg("Who asks whom.")),
)
KINDS = {
    "string": msg("words"),
    "integer": msg("a whole number"),
    "number": msg("a number"),
    "boolean": msg("true or false"),
    "date": msg("a year, month or day"),
}
"""What a parameter takes, in words."""
LANG = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": msg("The language of words; the header Accept-Language says the same where this is left out."),
    "schema": {"type": "string", "enum": list(LANGUAGES)},
}
TOKEN = {"type": "http", "scheme": "bearer", "description": "A token of the API, from the page of an account."}


def describe(app: FastAPI) -> None:
    """Gives an application its own description."""
    app.openapi = partial(made, app)  # type: ignore[method-assign]


def made(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of a server. Where nobody has to sign in, it says so."""
    if app.openapi_schema is None:
        app.openapi_schema = get_openapi(
            title="Harmattan",
            version=app.version,
            summary="Questions about an armed conflict, with the records behind every number",
            description=ABOUT,
            routes=app.routes,
            tags=[{"name": name, "description": words} for name, words in TAGS],
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        _complete(app.openapi_schema)
    whole, house = dict(app.openapi_schema), app.state.house
    cookie = {"type": "apiKey", "in": "cookie", "name": cookie_name(secure=house.settings.secure),
              "description": "The cookie of who has signed in."}  # fmt: skip
    schemes = {"token": TOKEN, "cookie": cookie}
    nobody: list[dict[str, list[str]]] = [] if house.accounts is not None else [{}]
    whole["security"] = nobody + [{name: []} for name in schemes]
    whole["components"] = whole["components"] | {"securitySchemes": schemes}
    return whole


def _complete(whole: dict[str, Any]) -> None:
    parts = whole.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = Problem.model_json_schema()
    schemas["WaitingShape"] = WaitingShape.model_json_schema()
    parts["responses"] = {name: _problem(status, words) for status, (name, words) in PROBLEMS.items()}
    parts["responses"]["Waiting"] = {
        "description": "It takes long; `Location` says how far it is.",
        "headers": {"Location": {"schema": {"type": "string"}}, "Retry-After": {"schema": {"type": "string"}}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WaitingShape"}}},
    }
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            _complete_operation(operation, method, path)


def _problem(status: str, words: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": words, "status": int(status), "detail": words, "instance": "/api/…"}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": words, "content": {"application/problem+json": content}}


def _complete_operation(operation: dict[str, Any], method: str, path: str) -> None:
    responses = operation["responses"]
    alone = path == "/api/health"
    for status, (name, _) in PROBLEMS.items():
        if alone and status in ("401", "403", "404", "409", "503"):
            continue
        if status == "415" and method != "post":
            continue
        responses[status] = {"$ref": f"#/components/responses/{name}"}
    if alone:
        operation["security"] = []
    if method == "get":
        operation.setdefault("parameters", []).append(LANG)
        if not alone:
            responses["304"] = {"description": "Nothing has changed since the `ETag` that was sent."}
            responses["202"] = {"$ref": "#/components/responses/Waiting"}

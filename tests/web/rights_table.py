"""Every route of the workbench: who may use it, and with which status it answers those who may.

A new route needs a line here; without one `test_rights.py` fails. The address is one that is answered quickly, be it
with a fault: what counts is who gets that far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harmattan.questions.registry import QUESTIONS


@dataclass(frozen=True)
class Line:
    """A route."""

    role: str
    """anyone, or the lowest role that may."""
    address: str
    """An address of it."""
    ok: int = 200
    """The status for those who may."""
    known: int | None = None
    """The status for those who have signed in, where it is another."""
    form: Mapping[str, Any] = field(default_factory=dict)
    """What is sent; as JSON where it stands under `json`."""
    in_person: bool = False
    """Whether no token may."""
    once: bool = False
    """Whether one is somebody else afterwards."""


TABLE: dict[tuple[str, str], Line] = {
    ("GET", "/"): Line("reader", "/"),
    ("POST", "/language"): Line("anyone", "/language", 303, form={"chosen": "en"}),
    ("GET", "/questions"): Line("reader", "/questions"),
    ("GET", "/questions/{name}"): Line("reader", "/questions/none", 404),
    ("GET", "/evidence/{id}"): Line("reader", "/evidence/none", 422),
    ("GET", "/jobs"): Line("reader", "/jobs"),
    ("GET", "/jobs/{id}"): Line("reader", "/jobs/none", 404),
    ("GET", "/static/{name}"): Line("anyone", "/static/app.css"),
    ("GET", "/sign-in"): Line("anyone", "/sign-in", 200, known=303),
    ("POST", "/sign-in"): Line("anyone", "/sign-in", 401, form={"name": "nobody", "password": "x"}),
    ("POST", "/sign-out"): Line("anyone", "/sign-out", 303, once=True),
    ("GET", "/account"): Line("reader", "/account", in_person=True),
    ("POST", "/account/password"): Line("reader", "/account/password", 422, in_person=True),
    ("POST", "/account/tokens"): Line("reader", "/account/tokens", 422, in_person=True),
    ("POST", "/account/tokens/{id}/revoke"): Line("reader", "/account/tokens/none/revoke", 422, in_person=True),
    ("GET", "/accounts"): Line("editor", "/accounts", in_person=True),
    ("POST", "/accounts"): Line("editor", "/accounts", 422, in_person=True),
    ("POST", "/accounts/{name}/{action}"): Line("editor", "/accounts/Nobody/disable", 422, in_person=True),
    ("GET", "/audit"): Line("editor", "/audit", in_person=True),
    ("GET", "/jobs/{id}/state.json"): Line("reader", "/jobs/none/state.json", 404),
    ("POST", "/jobs/{id}/stop"): Line("reader", "/jobs/none/stop", 404),
    ("POST", "/jobs/{id}/again"): Line("reader", "/jobs/none/again", 404),
    ("POST", "/jobs/{id}/forget"): Line("reader", "/jobs/none/forget", 404),
    ("GET", "/static/vega.js"): Line("anyone", "/static/vega.js"),
    ("GET", "/chart/{name}"): Line("reader", "/chart/none", 404),
    ("GET", "/picture/{section}/{file}"): Line("reader", "/picture/none/none", 404),
    ("GET", "/export/{name}"): Line("reader", "/export/none", 404),
    ("GET", "/export/evidence/{name}"): Line("reader", "/export/evidence/none", 404),
    ("GET", "/desk"): Line("reader", "/desk"),
    ("POST", "/desk/add"): Line("analyst", "/desk/add", 422),
    ("POST", "/desk/example"): Line("analyst", "/desk/example", 303),
    ("GET", "/desk/export"): Line("reader", "/desk/export"),
    ("POST", "/desk/export"): Line("reader", "/desk/export", 422),
    ("GET", "/desk/{document}"): Line("reader", "/desk/none", 404),
    ("POST", "/desk/{document}/describe"): Line("analyst", "/desk/none/describe", 404),
    ("GET", "/desk/{document}/export"): Line("reader", "/desk/none/export", 404),
    ("POST", "/desk/{document}/export"): Line("reader", "/desk/none/export", 404),
    ("GET", "/desk/{document}/review"): Line("reader", "/desk/none/review", 404),
    ("POST", "/desk/{document}/review/{id}"): Line("analyst", "/desk/none/review/none", 404),
    ("GET", "/desk/{document}/missed"): Line("analyst", "/desk/none/missed", 404),
    ("POST", "/desk/{document}/missed"): Line("analyst", "/desk/none/missed", 404),
    ("GET", "/desk/{document}/claims"): Line("reader", "/desk/none/claims", 404),
    ("GET", "/desk/{document}/claim"): Line("analyst", "/desk/none/claim", 404),
    ("POST", "/desk/{document}/claim"): Line("analyst", "/desk/none/claim", 404),
    ("GET", "/desk/{document}/check"): Line("reader", "/desk/none/check", 404),
    ("GET", "/desk/{document}/check/report.{format}"): Line("reader", "/desk/none/check/report.none", 404),
    ("GET", "/check"): Line("reader", "/check?as_of=x", 422),
    ("POST", "/check"): Line("analyst", "/check", 422),
    ("GET", "/check/report.{format}"): Line("reader", "/check/report.none", 404),
    ("GET", "/check/{id}"): Line("reader", "/check/none", 404),
    ("GET", "/check/{id}/report.{format}"): Line("reader", "/check/none/report.none", 404),
    ("GET", "/brief"): Line("reader", "/brief"),
    ("POST", "/brief"): Line("analyst", "/brief", 422),
    ("GET", "/brief/{id}"): Line("reader", "/brief/none", 404),
    ("GET", "/brief/{id}/{format}"): Line("reader", "/brief/none/none", 404),
    ("GET", "/events"): Line("reader", "/events?from=x", 422),
    ("GET", "/events/export.{format}"): Line("reader", "/events/export.none", 404),
    ("GET", "/events/{release}/{event_id:path}"): Line("reader", "/events/none/none", 404),
    ("GET", "/map"): Line("reader", "/map?from=x", 422),
    ("GET", "/map/picture.{format}"): Line("reader", "/map/picture.none", 404),
    ("GET", "/map/events.json"): Line("reader", "/map/events.json?from=x", 422),
    ("GET", "/map/cells.json"): Line("reader", "/map/cells.json?from=x", 422),
    ("GET", "/map/ground.json"): Line("reader", "/map/ground.json?from=x", 422),
    ("GET", "/map/layer/{name}.json"): Line("reader", "/map/layer/none.json", 404),
    ("GET", "/map/forecast.json"): Line("reader", "/map/forecast.json?from=x", 422),
    ("GET", "/map/headline.json"): Line("reader", "/map/headline.json?release=none&id=none", 404),
    ("GET", "/static/images/{name}"): Line("anyone", "/static/images/none", 404),
    ("GET", "/sources"): Line("reader", "/sources"),
    ("GET", "/sources/coverage.{format}"): Line("reader", "/sources/coverage.none", 404),
    ("GET", "/sources/diff"): Line("reader", "/sources/diff"),
    ("GET", "/sources/diff.csv"): Line("reader", "/sources/diff.csv", 422),
    ("GET", "/sources/{name}"): Line("reader", "/sources/none", 404),
    ("POST", "/sources/{name}/verify"): Line("analyst", "/sources/none/verify", 404),
    ("GET", "/actors"): Line("reader", "/actors?as_of=x", 422),
    ("GET", "/actors/{id}"): Line("reader", "/actors/none", 404),
    ("GET", "/network"): Line("reader", "/network?country=x", 422),
    ("GET", "/network/{file}"): Line("reader", "/network/none", 404),
    ("GET", "/ahead"): Line("reader", "/ahead?as_of=x", 422),
    ("GET", "/ahead/scenario"): Line("reader", "/ahead/scenario", 303),
    ("GET", "/effects"): Line("reader", "/effects?as_of=x", 422),
    ("GET", "/campaigns"): Line("reader", "/campaigns"),
    ("GET", "/campaigns/{id}"): Line("reader", "/campaigns/none", 404),
    ("GET", "/api"): Line("reader", "/api"),
    ("GET", "/api/health"): Line("anyone", "/api/health"),
    ("GET", "/api/openapi.json"): Line("reader", "/api/openapi.json"),
    ("GET", "/api/me"): Line("reader", "/api/me"),
    ("GET", "/api/case"): Line("reader", "/api/case"),
    ("GET", "/api/sections"): Line("reader", "/api/sections"),
    ("GET", "/api/questions"): Line("reader", "/api/questions"),
    ("GET", "/api/questions/{name}"): Line("reader", "/api/questions/none", 404),
    ("GET", "/api/ask/{name}"): Line("reader", "/api/ask/none", 404),
    ("GET", "/api/evidence/{id}"): Line("reader", "/api/evidence/none", 422),
    ("GET", "/api/events"): Line("reader", "/api/events?limit=x", 422),
    ("GET", "/api/releases"): Line("reader", "/api/releases"),
    ("GET", "/api/releases/{name}"): Line("reader", "/api/releases/none", 404),
    ("GET", "/api/diff"): Line("reader", "/api/diff", 422),
    ("GET", "/api/verify"): Line("analyst", "/api/verify?x=1", 422),
    ("GET", "/api/actors"): Line("reader", "/api/actors"),
    ("GET", "/api/alerts"): Line("reader", "/api/alerts?as_of=x", 422),
    ("GET", "/api/jobs"): Line("reader", "/api/jobs"),
    ("GET", "/api/jobs/{id}"): Line("reader", "/api/jobs/none", 404),
    ("GET", "/api/documents"): Line("reader", "/api/documents"),
    ("GET", "/api/documents/{id}"): Line("reader", "/api/documents/none", 422),
    ("GET", "/api/assertions"): Line("reader", "/api/assertions"),
    ("GET", "/api/assertions/{id}"): Line("reader", "/api/assertions/none", 422),
    ("POST", "/api/assertions/{id}/reviews"): Line(
        "analyst", "/api/assertions/none/reviews", 422, form={"json": {"state": "accepted"}}
    ),
}
TABLE |= {("GET", f"/api/ask/{name}"): Line("reader", f"/api/ask/{name}?none=1", 422) for name in QUESTIONS}

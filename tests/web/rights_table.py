"""Every route of the workbench: who may use it, and with which status it answers those who may.

A new route needs a line here; without one `test_rights.py` fails. The address is one that is answered quickly, be it
with a fault: what counts is who gets that far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
    ("GET", "/static/images/{name}"): Line("anyone", "/static/images/layers.png"),
    ("GET", "/events"): Line("reader", "/events?country=nowhere", 422),
    ("GET", "/events/export.{format}"): Line("reader", "/events/export.none", 404),
    ("GET", "/events/{release}/{event_id:path}"): Line("reader", "/events/none/none", 404),
    ("GET", "/map"): Line("reader", "/map?country=nowhere", 422),
    ("GET", "/map/picture.{format}"): Line("reader", "/map/picture.none", 404),
    ("GET", "/map/events.json"): Line("reader", "/map/events.json?country=nowhere", 422),
    ("GET", "/map/cells.json"): Line("reader", "/map/cells.json?country=nowhere", 422),
    ("GET", "/map/ground.json"): Line("reader", "/map/ground.json?country=nowhere", 422),
    ("GET", "/map/layer/{name}.json"): Line("reader", "/map/layer/none.json", 404),
    ("GET", "/map/forecast.json"): Line("reader", "/map/forecast.json?country=nowhere", 422),
    ("GET", "/map/headline.json"): Line("reader", "/map/headline.json?release=none&id=none", 404),
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
}

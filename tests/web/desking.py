"""Servers with a reading desk of their own, and what one does there with forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from harmattan.desk.store import Desk
from harmattan.web.house import House
from tests.desk.made import AT, assertion, document, some
from tests.web.served import sign_of


@contextmanager
def server(home: Path, **settings: Any) -> Iterator[TestClient]:
    """A visitor of a server with a home of its own; what takes long is waited for."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    app = make_app(Settings(home, "sahel", **{"person": "Awa", "patience": 90} | settings))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


def house_of(client: TestClient) -> House:
    house: House = client.app.state.house  # type: ignore[attr-defined]
    return house


def desk_of(client: TestClient) -> Desk:
    return house_of(client).desk


def sign(client: TestClient) -> str:
    return sign_of(client.get("/desk").text)


def post(client: TestClient, at: str, files: Any = None, **data: Any) -> Any:
    return client.post(at, data={"csrf": sign(client)} | data, files=files)


def seed(client: TestClient, text: str | None = None, **said: Any) -> str:
    """Puts a document on the desk, with candidates of each kind where it is the usual one; gives its address."""
    made = document(**said) if text is None else document(text, **said)
    desk_of(client).add(made, AT, by="Awa")
    if text is None:
        desk_of(client).propose([one.model_copy(update={"document": made.digest}) for one in some()])
    return f"/desk/{made.id}"


def form(page: str) -> dict[str, str]:
    """What the review form of a page would send, as it stands."""
    inside = page[page.index('data-test="review"') :].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"', inside))
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)">(.*?)</select>', inside, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def id_of_kind(client: TestClient, at: str, kind: Any, words: str = "") -> str:
    """The id of an assertion of a kind, the first that quotes some words."""
    there = desk_of(client).assertions(at.removeprefix("/desk/"), None, kind)
    return next(one.id for one in there if words in one.citation.exact)


__all__ = ["assertion", "desk_of", "document", "form", "house_of", "id_of_kind", "post", "seed", "server", "sign"]

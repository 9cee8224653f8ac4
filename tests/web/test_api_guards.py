"""What does not leave by the API: closed records, names of accounts, words of confidential documents; and reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.desk.store import Desk
from harmattan.lake.shelf import Lake
from harmattan.vocabulary.assertion import Assertion, Origin, id_of
from harmattan.vocabulary.document import Document
from tests.lake.factory import event, put_tables
from tests.questions.people import food_rows
from tests.questions.worlds import put_closed

AT = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
TEXT = "The secret word is Kidal, says @somebody."


def document(*, confidential: bool) -> Document:
    digest = ("c" if confidential else "0") * 64
    return Document(digest=digest, kind="txt", text=TEXT, title="A note", language="en", confidential=confidential)


def named(held: Document) -> Assertion:
    citation = held.cite(19, 24)
    origin = Origin(kind="rule", name="reading.places", version="1")
    return Assertion(id=id_of(held.digest, citation, "place", origin, {}), document=held.digest, citation=citation,
                     kind="place", as_written={"place": "Kidal"}, canonical={"place": "Kidal", "iso3": "MLI"},
                     attributed_to="@somebody", origin=origin, at=AT)  # fmt: skip


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A home with closed events and tables, and a desk with an open and a confidential document."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    home = tmp_path_factory.mktemp("guarded")
    lake = Lake(home, home / "nothing-embedded")
    put_closed(lake, "1", [event("a", "2022-01-05", "MLI", 1), event("b", "2022-02-05", "MLI", 2)])
    put_tables(lake, "1", {"needs": food_rows()}, dataset="food", places=("MLI",), redistributable=False)
    with Desk.open(home / "desk.sqlite3") as desk:
        for held in (document(confidential=False), document(confidential=True)):
            desk.add(held, AT)
            desk.propose([named(held)])
    app = make_app(Settings(home, "sahel", person="Awa", patience=60))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


PINNED = "country=MLI&release=made-up@1"


def refused(got: Any) -> None:
    assert got.status_code == 403
    assert got.headers["content-type"] == "application/problem+json"
    assert "forbids" in got.json()["detail"]


@pytest.mark.parametrize("form", ["json", "csv", "parquet", "geojson"])
def test_closed_records_do_not_leave_in_any_form(guarded: TestClient, form: str) -> None:
    sums = guarded.get(f"/api/ask/casualties?{PINNED}&by=year")
    assert sums.status_code == 200
    assert sum(row["events"] for row in sums.json()["rows"] if row["events"]) == 2
    id = sums.json()["evidence"][0]["id"]
    refused(guarded.get(f"/api/evidence/{id}?format={form}"))
    refused(guarded.get(f"/api/evidence/{id}.1?format={form}"))
    refused(guarded.get(f"/api/events?{PINNED}&format={form}"))


def test_an_answer_whose_rows_are_closed_records_does_not_leave(guarded: TestClient) -> None:
    asked = "/api/ask/needs?country=MLI&release=food@1"
    assert guarded.get(asked).status_code == 200
    refused(guarded.get(f"{asked}&by=place"))
    refused(guarded.get(f"{asked}&by=place&format=csv"))


def test_confidential_words_and_accounts_stay_on_the_desk(guarded: TestClient) -> None:
    rows = guarded.get("/api/assertions").json()["rows"]
    assert [row["confidential"] for row in rows] == [False, True]
    assert rows[0]["quote"] == "Kidal"
    assert "quote" not in rows[1]
    assert "prefix" not in rows[1]
    for address in ("/api/assertions", "/api/documents", f"/api/assertions/{rows[1]['id']}"):
        assert "somebody" not in guarded.get(address).text
    assert "secret" not in guarded.get(f"/api/assertions/{rows[1]['id']}").text
    assert [one["title"] for one in guarded.get("/api/documents").json()["rows"]] == ["A note", None]
    assert guarded.get(f"/api/documents/{rows[1]['document'][:12]}").json()["assertions"] == {"candidate": 1}


def test_the_second_of_two_reviewers_is_told(guarded: TestClient) -> None:
    csrf = guarded.get("/api/me").json()["csrf"]
    id = guarded.get("/api/assertions").json()["rows"][0]["id"]
    said = {"state": "accepted", "expected_version": 1, "note": "seen"}
    headers = {"x-csrf-token": csrf}
    first = guarded.post(f"/api/assertions/{id}/reviews", json=said, headers=headers)
    assert (first.status_code, first.json()["version"], first.json()["reviewer"]) == (201, 2, "Awa")
    second = guarded.post(f"/api/assertions/{id}/reviews", json=said | {"state": "rejected"}, headers=headers)
    assert second.status_code == 409
    assert "Awa has made version 2" in second.json()["detail"]
    assert [one["state"] for one in guarded.get(first.headers["location"]).json()] == ["candidate", "accepted"]
    wrong = guarded.post(f"/api/assertions/{id}/reviews", json=said | {"state": "sure"}, headers=headers)
    assert wrong.status_code == 422
    noted = guarded.app.state.house.noted()  # type: ignore[attr-defined]
    assert any(line.what == "reviewed" and line.subject == id for line in noted)


def test_what_leaves_as_a_file_is_written_down(guarded: TestClient) -> None:
    asked = f"/api/ask/casualties?{PINNED}&by=year"
    id = guarded.get(asked).json()["evidence"][0]["id"]
    guarded.get(f"{asked}&format=csv")
    lines = [line for line in guarded.app.state.house.noted() if line.what == "exported"]  # type: ignore[attr-defined]
    assert [(line.by, line.subject, line.detail["format"], line.detail["evidence"]) for line in lines] == [
        ("Awa", "/api/ask/casualties", "csv", id)
    ]

"""The map's data: sums equal to what is asked, nothing drawn that stands for no place, closed records coarse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from harmattan.vocabulary.schema import LOCATED
from tests.web.events_home import home_with, visitor_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A visitor of a home with invented events, some of a closed release."""
    with visitor_of(home_with(tmp_path_factory.mktemp("map"), closed=True)) as found:
        yield found


def test_what_stands_for_no_place_is_counted_and_never_sent_as_a_point(made: TestClient) -> None:
    asked = "?country=MLI&country=NER&release=ucdp-ged@24.1"
    points = made.get("/map/events.json" + asked).json()
    sent = {name for name in points["id"] if name.startswith("p-")}
    assert sent == {f"p-{name}" for name in LOCATED}
    assert "z" not in points["id"]
    outside = made.get("/map/cells.json" + asked).json()["outside"]
    assert {outside["precisions"][n] for n in outside["where"]} == {
        "admin1", "area", "country", "international", "unknown"}  # fmt: skip
    assert sum(outside["best"]) == 13 + 14 + 15 + 16 + 17


def test_cells_by_month_add_up_to_the_answer(client: TestClient) -> None:
    asked = "country=MLI&from=2021&to=2022"
    page = client.get(f"/map/cells.json?{asked}").json()
    rows = client.get(f"/api/ask/casualties?{asked}&by=cell").json()["rows"]
    deaths: dict[int, int] = {}
    for cell, best in zip(page["cell"], page["best"], strict=True):
        deaths[cell] = deaths.get(cell, 0) + best
    assert deaths == {row["cell"]: row["deaths_best"] for row in rows if row["cell"] is not None}
    assert sum(page["outside"]["best"]) == sum(row["deaths_best"] for row in rows if row["cell"] is None)
    assert page["months"][0] == "2021-01"
    assert page["months"][-1] == "2022-12"


def test_sums_have_their_cell_and_no_point(client: TestClient) -> None:
    page = client.get("/map/events.json?country=MLI&from=2022&to=2022").json()
    assert page["id"]
    assert set(page["lat"]) == {None}
    assert None not in page["cell"]


def test_a_closed_release_is_sent_coarse_without_names_and_kept_by_nobody(made: TestClient) -> None:
    got = made.get("/map/events.json?country=MLI&source=acled&event_type=all")
    assert got.status_code == 200
    assert got.headers["cache-control"] == "private, no-store"
    page = got.json()
    assert page["closed"]
    assert page["id"]
    assert "low" not in page
    assert page["pairs"] == page["places"] == []
    assert all(value is None or round(value, 2) == value for value in (*page["lat"], *page["lon"]))
    opened = made.get("/map/events.json?country=MLI&release=ucdp-ged@24.1")
    assert "no-store" not in opened.headers["cache-control"]


def test_data_are_not_sent_again(client: TestClient) -> None:
    for address in ("/map/events.json?country=MLI&from=2022", "/map/cells.json?country=MLI&from=2022",
                    "/map/ground.json", "/map/layer/bases.json"):  # fmt: skip
        first = client.get(address)
        assert client.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_layers_are_those_of_the_dossier_and_of_what_is_here(client: TestClient) -> None:
    bases = client.get("/map/layer/bases.json?country=MLI").json()
    assert bases["rows"] > 5
    assert "dossier-sahel@" in bases["releases"][0]
    assert client.get("/map/layer/mines.json").json()["rows"] == 0
    ground = client.get("/map/ground.json?country=MLI").json()
    assert ground["own"]
    assert "Mali" in {name["name"] for name in ground["names"]}
    assert client.get("/map/layer/roads.json").status_code == 404


def test_pictures_are_drawn_with_the_same_filter(client: TestClient) -> None:
    svg = client.get("/map/picture.svg?country=MLI&from=2022&to=2022")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "CC BY 4.0" in svg.text
    assert client.get("/map/picture.png?country=MLI&from=2022&to=2022").content.startswith(b"\x89PNG")
    assert client.get("/map/picture.gif").status_code == 404


def test_the_page_works_without_a_script(client: TestClient) -> None:
    page = client.get("/map?country=MLI").text
    assert "<noscript><img" in page
    assert "Not drawn" in page
    assert "do not imply the expression of any opinion" in page
    assert 'href="/evidence/' in page


def test_the_library_comes_from_its_package(client: TestClient) -> None:
    script = client.get("/static/leaflet.js")
    assert script.status_code == 200
    assert "Leaflet 1.9" in script.text[:200]
    assert client.get("/static/images/layers.png").status_code == 200
    assert client.get("/static/images/..%2Fleaflet.js").status_code == 404
    assert client.get("/static/images/none.png").status_code == 404

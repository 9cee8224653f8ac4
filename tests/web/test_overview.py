"""The overview says what the questions say, with where it comes from, and is light."""

from __future__ import annotations

import datetime as dt
import gzip
import re

import pytest
from fastapi.testclient import TestClient

from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from harmattan.web.routes.home import newest
from harmattan.web.sectioned import Wanted

MOST_BYTES = 150_000
SECTIONS = ("judgement", "alerts-now", "trend", "timeline", "revisions")


def part(page: str, name: str) -> str:
    """What stands in a part of a page."""
    found = re.search(rf'<section class="part" id="{name}">(.*?)</section>', page, re.DOTALL)
    assert found, f"there is no part {name}"
    return found[1]


def words(html: str) -> str:
    """What a reader reads of it."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.fixture(scope="module")
def overview(client: TestClient) -> str:
    return client.get("/").text


def test_numbers_are_those_of_the_questions(client: TestClient, overview: str) -> None:
    house = client.app.state.house  # type: ignore[attr-defined]
    case, speaker = house.case, Speaker("en")
    params = Params(country=(case.focus,), as_of=case.as_of, since=case.since, window=case.window_months)
    answer = house.asking.ask("records", params)
    said = part(overview, "judgement")
    assert (
        f'<a class="n" href="/evidence/{answer.row_id(0)}">{speaker.number(answer.rows[0]["deaths_best"])}</a>' in said
    )
    assert speaker.say(answer.headline) in words(said)


def test_what_a_number_rests_on_opens(client: TestClient, overview: str) -> None:
    id = re.search(r'href="/evidence/([0-9a-f.]+)"', part(overview, "judgement"))
    assert id
    rows = client.get(f"/evidence/{id[1]}")
    assert rows.status_code == 200
    assert "ucdp-ged" in rows.text


@pytest.mark.parametrize("name", SECTIONS)
def test_no_section_is_without_its_source(overview: str, name: str) -> None:
    assert re.search(r'class="note source">Data: .*(UCDP|Harmattan)', part(overview, name))


def test_a_first_visit_is_told_what_this_is_and_whose_data_they_are(overview: str) -> None:
    assert "Every number opens to the records behind it" in overview
    assert "Uppsala Conflict Data Program" in overview
    assert "CC BY 4.0" in overview


def test_as_of_another_day_it_says_what_held_then(client: TestClient) -> None:
    page = client.get("/?as_of=2021-06-30").text
    assert "12 months to 30 June 2021" in words(part(page, "judgement"))
    rings = part(page, "alerts-now")
    assert "Burkina Faso: 242 deaths" in words(rings)
    assert re.search(r'href="/evidence/[0-9a-f]{12}\.1">The records', rings)
    assert 'href="/questions/alert-history?rule=record' in rings
    assert "2022" not in words(part(page, "timeline"))


def test_before_the_case_begins_nothing_is_covered_and_nothing_is_zero(client: TestClient) -> None:
    page = client.get("/?as_of=1980-01-01").text
    for name in SECTIONS:
        assert words(part(page, name)).count("Not covered: this case begins on 1 January 2012") == 1
    assert not re.search(r"\b0\b", words(part(page, "judgement")))


def test_a_word_that_is_no_day_is_told(client: TestClient) -> None:
    page = client.get("/?as_of=<b>soon")
    assert page.status_code == 422
    assert "&lt;b&gt;soon is not a date." in page.text


def test_releases_stand_with_what_they_cover_and_hide(client: TestClient, overview: str) -> None:
    held = newest(client.app.state.house.lake.releases())  # type: ignore[attr-defined]
    assert len({one.release.dataset for one in held}) == len(held)
    for one in held:
        assert one.release.name in overview
    assert "31 December 2023" in overview


def test_in_french_it_speaks_french_and_draws_in_french(client: TestClient) -> None:
    page = client.get("/?lang=fr").text
    assert "3 433" in words(part(page, "judgement")).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "lang=fr" in part(page, "trend")


def test_the_first_page_weighs_little(client: TestClient) -> None:
    """HTML, its styles and scripts but that of the charts, and the picture, as they are sent."""
    page = client.get("/").text
    parts = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', page)]
    parts += [address.replace("&amp;", "&") for address in re.findall(r'<img src="([^"]+)"', page)]
    bodies = {address: client.get(address).content for address in parts if "vega" not in address}
    assert any("/picture/trend" in address for address in bodies)
    assert sum(len(gzip.compress(body, 5)) for body in bodies.values()) < MOST_BYTES


def test_pictures_are_files_in_three_formats(client: TestClient) -> None:
    svg, png, spec = (client.get(f"/picture/trend/1.{kind}?as_of=2022-10-31") for kind in ("svg", "png", "json"))
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.text.startswith("<svg")
    assert "UCDP" in svg.text
    assert png.content.startswith(b"\x89PNG")
    assert spec.json()["$schema"].endswith(".json")
    assert client.get(svg.url, headers={"if-none-match": svg.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("address", ["trend/0.svg", "trend/9.svg", "trend/1.exe", "trend/x.svg", "nothing/1.svg",
                                     "..%2f..%2fetc/1.svg", "campaign/1.svg"])  # fmt: skip
def test_there_is_no_other_picture(client: TestClient, address: str) -> None:
    assert client.get(f"/picture/{address}").status_code == 404


def test_a_section_is_made_once(client: TestClient) -> None:
    sections = client.app.state.house.sections  # type: ignore[attr-defined]
    wanted = Wanted.of("judgement", dt.date(2022, 10, 31))
    assert sections.of(wanted, "en") is sections.of(wanted, "en")

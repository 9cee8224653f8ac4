"""From a form to a brief that can be read and taken along: made once, the same as the command line's."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.brief.sections import SECTIONS
from harmattan.brief.titles import TITLES
from harmattan.brief.write import render
from harmattan.case import SECTIONS as NAMES
from harmattan.case import load_case
from harmattan.data import CASES, RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.web.app import make_app
from harmattan.web.briefs import Briefs, inside
from harmattan.web.house import Who
from harmattan.web.settings import Settings
from tests.web.served import sign_of

ASKED = {"sections": ["map", "trend"], "as_of": "2022-10", "known_by": "", "language": "fr", "source": "ucdp"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server of its own with an empty home."""
    with TestClient(
        make_app(Settings(tmp_path_factory.mktemp("brief-home"), "sahel", person="Awa", patience=60)),
        base_url="http://127.0.0.1",
        follow_redirects=False,
    ) as made:
        yield made


def _house(desk: TestClient) -> Any:
    return desk.app.state.house  # type: ignore[attr-defined]


def _ask(desk: TestClient, **changed: Any) -> Any:
    return desk.post("/brief", data=ASKED | changed | {"csrf": sign_of(desk.get("/brief").text)})


@pytest.fixture(scope="module")
def made(desk: TestClient) -> str:
    """The address of a brief of two sections that was made from the form, as page and Word."""
    sent = _ask(desk, formats=["docx"], then="files")
    assert sent.status_code == 303, sent.text
    state = sent.headers["location"]
    assert re.fullmatch(r"/jobs/[0-9a-f]{16}", state)
    until, steps = time.monotonic() + 90, set()
    while (told := desk.get(f"{state}/state.json").json())["state"] in ("waiting", "running"):
        assert time.monotonic() < until
        steps.add((told["done"], told["total"]))
        time.sleep(0.05)
    assert told["state"] == "done", desk.get(state).text
    assert {total for _, total in steps} <= {None, 6}, "three sections, the evidence, two formats"
    assert told["goes_to"].startswith("/brief/")
    return str(told["goes_to"])


def test_it_is_read_on_a_page_of_ours(desk: TestClient, made: str) -> None:
    page = desk.get(made)
    assert page.status_code == 200
    assert 'class="brief" lang="fr"' in page.text
    assert "31 octobre 2022" in page.text
    assert 'href="#e-' in page.text
    assert page.text.count("<h1") == 1
    assert page.text.count("<main") == 1
    for forbidden in ("<style", 'style="', "<script>", 'type="application/json"'):
        assert forbidden not in page.text
    anchors = set(re.findall(r'href="#(e-[^"]+)"', page.text))
    assert anchors <= set(re.findall(r'id="(e-[^"]+)"', page.text))


def test_its_files_are_those_of_the_command_line(desk: TestClient, made: str, tmp_path: Path) -> None:
    case = load_case("sahel", CASES)
    inquiry = Inquiry(Lake(tmp_path / "nobody", RELEASES), case.dossiers)
    _, expected = render(
        inquiry, case, params=Params(as_of=case.as_of, source="ucdp"), language="fr", formats=("html", "docx"),
        sections=("trend", "map"),
    )  # fmt: skip
    for name, content in expected.items():
        sent = desk.get(f"{made}/{name}")
        assert sent.status_code == 200
        assert sent.headers["content-disposition"] == f'attachment; filename="sahel-2022-10-31-fr.{name}"'
        there = hashlib.sha256(sent.content).hexdigest()
        assert there == hashlib.sha256(content).hexdigest(), name
    assert zipfile.ZipFile(io.BytesIO(desk.get(f"{made}/docx").content)).testzip() is None
    assert desk.get(f"{made}/pdf").status_code == 404


def test_the_same_is_not_made_twice(desk: TestClient, made: str) -> None:
    assert _ask(desk, formats=["docx"]).headers["location"] == made
    assert _ask(desk, then="preview").headers["location"] == made
    assert _ask(desk, sections=["trend", "map"], as_of="2022-10-31").headers["location"] == made
    page = desk.get("/brief").text
    assert page.count(f'href="{made}"') == 1
    assert f'href="{made}/docx"' in page


def test_a_brief_is_there_when_the_server_is_another_one(desk: TestClient, made: str) -> None:
    again = Briefs(_house(desk).briefs.folder)
    assert [f"/brief/{one.id}" for one in again] == [made]


def test_a_file_that_was_changed_is_not_handed_out(desk: TestClient, made: str, tmp_path: Path) -> None:
    folder, id = _house(desk).briefs.folder, made.rpartition("/")[2]
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / f"{id}.docx").write_bytes(b"another")
    briefs = Briefs(tmp_path)
    found = briefs.find(id)
    assert found is not None
    with pytest.raises(Exception, match="has changed"):
        briefs.content(found, "docx")


def test_a_note_that_names_other_files_is_no_brief(tmp_path: Path, desk: TestClient, made: str) -> None:
    folder, id = _house(desk).briefs.folder, made.rpartition("/")[2]
    said = json.loads((folder / f"{id}.json").read_text())
    (tmp_path / f"{id}.json").write_text(json.dumps(said | {"files": {"../../etc/passwd": {}}}))
    (tmp_path / "other.json").write_text(json.dumps(said))
    (tmp_path / "broken.json").write_text("{")
    assert list(Briefs(tmp_path)) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sections": ["weather"]}, "There is no section weather."),
        ({"sections": []}, "No section is chosen."),
        ({"as_of": "soon"}, "soon"),
        ({"language": "xx"}, "A brief cannot be written in xx."),
        ({"source": "acled"}, "There is no family acled here."),
        ({"formats": ["exe"]}, "A brief cannot be written as exe."),
    ],
)
def test_a_word_that_cannot_be_read_is_told_beside_the_form(desk: TestClient, changed: Any, words: str) -> None:
    page = _ask(desk, **changed)
    assert page.status_code == 422
    assert words in page.text
    assert 'action="/brief"' in page.text


def test_a_form_is_filled_in_from_its_address(desk: TestClient) -> None:
    page = desk.get("/brief?sections=trend&as_of=2021-01-01&language=fr&formats=pdf").text
    assert re.findall(r'name="sections" value="([^"]+)" checked', page) == ["trend"]
    assert re.findall(r'name="formats" value="([^"]+)" checked', page) == ["pdf"]
    assert 'value="2021-01-01"' in page


def test_no_path_reaches_the_disk(desk: TestClient, made: str) -> None:
    for address in ("/brief/..%2f..%2fdesk", "/brief/x", f"{made}/..%2fjson", f"{made}/json"):
        assert desk.get(address).status_code == 404


def test_readers_read_and_do_not_make(desk: TestClient, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = sign_of(desk.get("/brief").text)
    monkeypatch.setattr(_house(desk), "who", lambda *_: Who("Binta", "reader"))
    assert desk.post("/brief", data=ASKED | {"csrf": sign}).status_code == 403
    assert desk.get(made).status_code == 200
    assert desk.get(f"{made}/html").status_code == 200
    assert "An analyst can have a brief made" in desk.get("/brief").text


def test_a_brief_whose_lake_has_changed_is_asked_for_again(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    house = _house(desk)
    monkeypatch.setattr(house.asking, "_standing", replace(house.asking.standing(), state="0" * 16))
    monkeypatch.setattr(house.asking, "_looked", time.monotonic() + 3600)
    job = house.jobs.find(_ask(desk).headers["location"].rpartition("/")[2])
    assert "Releases have come" in str(job.future.exception(60))


def test_every_section_has_a_title() -> None:
    assert list(TITLES) == list(NAMES)
    assert set(TITLES) == set(SECTIONS)


def test_titles_are_those_of_the_sections(desk: TestClient, made: str) -> None:
    titles = re.findall(r"<h2>([^<]+)</h2>", desk.get(made).text)
    builder = desk.get("/brief", headers={"accept-language": "fr"}).text
    assert all(title in builder for title in titles[:2])


def test_what_is_shown_inside_has_no_parts_of_a_page() -> None:
    page = (
        b'<html><body><header>a</header><main>b</main><script type="application/json" id="evidence">[1]</script></body>'
    )
    assert inside(page) == '<div class="brief-header">a</div><div class="brief-main">b</div>'

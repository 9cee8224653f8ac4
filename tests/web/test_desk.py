"""Documents on pages: how they come, what is refused, and their text with what is marked in it."""

from __future__ import annotations

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.checks.proposals import proposals
from harmattan.questions.world import World
from harmattan.web import desk_text
from tests.desk.made import AT, TEXT, assertion, document
from tests.web.desking import desk_of, house_of, post, server

SAID = {"published": "2023-02-01", "publisher": "The <i>Valley</i> Courier"}
WORDS = """A market in central Mali

On 27 March 2022 soldiers of the FAMa entered the town of Moura in Mali. About 300 civilians were killed in Moura.

JNIM said <b>so</b> & <script>alert("x")</script> last month.
"""
PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>body{color:red}</style></head><body>
<script>document.title = "taken over"</script><p>On 27 March 2022 soldiers of the FAMa entered Moura.
<img src="x" onerror="alert(1)"><a href="javascript:alert(2)">About 300</a> civilians were killed in Mali.</p>
<p>They said: &lt;script&gt;alert(3)&lt;/script&gt;.</p></body></html>"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server(tmp_path_factory.mktemp("desk") / "home") as made:
        yield made


def add(client: TestClient, content: bytes, name: str = "report.txt", **said: str) -> Any:
    return post(client, "/desk/add", {"file": (name, content, "text/plain")}, **said)


def test_looking_makes_no_desk(tmp_path: Path) -> None:
    with server(tmp_path / "home") as client:
        assert all(client.get(at).status_code == 200 for at in ("/desk", "/desk/export"))
        assert client.get("/desk/0123456789ab").status_code == 404
    assert not (tmp_path / "home").exists()


def test_what_is_brought_is_read_as_the_command_line_reads_it(client: TestClient) -> None:
    answered = add(client, WORDS.encode(), **SAID)
    id = hashlib.sha256(WORDS.encode()).hexdigest()[:12]
    assert (answered.status_code, answered.headers["location"]) == (303, f"/desk/{id}")
    kept = desk_of(client).document(id)
    assert (str(kept.published), kept.publisher, kept.file) == ("2023-02-01", SAID["publisher"], "report.txt")
    house = house_of(client)
    expected, _ = proposals(kept, World(house.lake, house.case.dossiers), AT)
    found = {one.id: one.canonical for one in desk_of(client).assertions(id)}
    assert found == {one.id: one.canonical for one in expected}
    assert {one.kind for one in expected} >= {"actor", "place", "date", "figure", "claim"}
    assert id in {line.subject for line in house.noted(what="document-added")}
    assert add(client, WORDS.encode(), **SAID).status_code == 303
    assert len(desk_of(client).assertions(id)) == len(expected)


def test_nothing_of_a_document_is_markup(client: TestClient) -> None:
    for content, name in ((WORDS, "report.txt"), (PAGE, "page.html")):
        at = add(client, content.encode(), name, **SAID).headers["location"]
        for page in (client.get(at).text, client.get(f"{at}/review").text, client.get("/desk").text):
            assert "<i>" not in page
            assert "<b>so" not in page
            assert not re.search(r"<script(?! defer src=\"/static/)", page)
            assert "onerror" not in page
            assert "javascript:" not in page


def test_the_marked_text_is_the_text(client: TestClient) -> None:
    at = add(client, WORDS.encode(), **SAID).headers["location"]
    page = client.get(at).text
    paper = page[page.index("<article") : page.index("</article>")]
    paragraphs = re.findall(r'<p data-at="(\d+)">(.*?)</p>', paper, re.DOTALL)
    text = desk_of(client).document(at[6:]).text
    assert len(paragraphs) == 3
    for start, body in paragraphs:
        words = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<a class="tag.*?</a>', "", body, flags=re.DOTALL)))
        assert text[int(start) : int(start) + len(words)] == words
    marks = re.findall(r'<mark class="k-(\w+) s-(\w+)[^"]*"><a [^>]*href="(/desk/\w+/review\?at=\w+)"', paper)
    assert {kind for kind, _state, _at in marks} >= {"actor", "place", "date", "figure"}
    assert client.get(marks[0][2]).status_code == 200


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b" " * 60_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "map.png", {}, "map.png is a picture"),
        (b"", "empty.txt", {}, "empty.txt is empty."),
        (b" \n ", "empty.txt", {}, "empty.txt is empty."),
        (bomb(), "report.docx", {}, "report.docx would unpack to far more"),
        (b"%PDF-1.7 nothing", "report.pdf", {}, "report.pdf"),
        (b"\x7fELF" + b"\0" * 80, "../../bin/sh", {}, "sh is a program"),
        (WORDS.encode(), "a.txt", {"published": "last week"}, "last week is no date."),
        (WORDS.encode(), "a.txt", {"language": "xx"}, "is not a language that is read"),
        (WORDS.encode(), "a.txt", {"reliability": "Q"}, "is not a grade of reliability"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(
    client: TestClient, content: bytes, name: str, said: dict[str, str], told: str
) -> None:
    before = len(desk_of(client).documents())
    page = add(client, content, name, **{"title": 'My "title"'} | said)
    assert page.status_code == 422
    fault = re.search(r'data-test="fault">(.*?)</p>', page.text)
    assert fault is not None
    assert told in html.unescape(fault[1])
    assert "Traceback" not in page.text
    assert 'value="My &#34;title&#34;"' in page.text
    assert len(desk_of(client).documents()) == before


def test_a_form_without_a_file_says_so(client: TestClient) -> None:
    page = post(client, "/desk/add", title="Nothing")
    assert (page.status_code, "No file was sent." in page.text) == (422, True)


def test_what_is_too_large_is_not_read(client: TestClient) -> None:
    assert add(client, b"a " * 10_500_000).status_code == 413


def test_the_name_of_a_file_touches_no_disk(client: TestClient, tmp_path: Path) -> None:
    add(client, WORDS.encode(), **SAID)  # there is a desk
    home = house_of(client).settings.home
    before = {path.name for path in home.rglob("*")}
    name = f"../../../{tmp_path.relative_to('/')}/evil\u202etxt.html"
    at = add(client, (WORDS + "Another line about Mali.").encode(), name, **SAID).headers["location"]
    assert desk_of(client).document(at[6:]).file == "eviltxt.html"
    of_sqlite = {"desk.sqlite3-shm", "desk.sqlite3-wal", "desk.sqlite3.lock"}  # they come and go
    assert {path.name for path in home.rglob("*")} - of_sqlite == before - of_sqlite
    assert not list(tmp_path.iterdir())


def test_a_day_of_publication_can_be_said_later(client: TestClient) -> None:
    at = add(client, ("Heard last month. " + WORDS).encode()).headers["location"]
    assert 'data-test="describe"' in client.get(at).text
    dates = {one.citation.exact for one in desk_of(client).assertions(at[6:], None, "date")}
    assert post(client, f"{at}/describe", published="2023-02-01").headers["location"] == at
    later = {one.citation.exact for one in desk_of(client).assertions(at[6:], None, "date")}
    assert later - dates == {"last month"}
    assert desk_of(client).document(at[6:]).language == "en"


def test_the_example_can_be_taken_in(client: TestClient) -> None:
    at = post(client, "/desk/example").headers["location"]
    assert len(desk_of(client).queue(at[6:], "claim")) > 40
    assert post(client, "/desk/example").headers["location"] == at


@pytest.mark.parametrize("id", ["zz", "0000", "..%2f..%2fetc", "%00", "a" * 65, "' OR 1=1 --", "%25"])
def test_a_document_that_there_is_not(client: TestClient, id: str) -> None:
    for rest in ("", "/review", "/claims", "/claim", "/missed", "/check", "/check/report.json", "/export"):
        assert client.get(f"/desk/{id}{rest}").status_code in (404, 400)


def test_a_long_document_comes_in_parts(client: TestClient) -> None:
    text = "\n\n".join(f"Paragraph {n}. JNIM attacked {'a town in Mali ' * 30}." for n in range(600))
    long = document(text, title="Long")
    desk_of(client).add(long, AT, by="Awa")
    late = assertion("Paragraph 599", "new_name", {"long": "Paragraph 599"}, of=long)
    desk_of(client).propose([late])
    at = f"/desk/{long.id}"
    first, last = client.get(at).text, client.get(f"{at}?at={late.id}").text
    assert len(first) < 60_000
    assert ("Paragraph 0." in first, "Paragraph 599" in first) == (True, False)
    assert ('class="here k-new_name' in last, 'rel="prev"' in last) == (True, True)
    assert client.get(f"{at}?part=9999").status_code == 200
    assert client.get(f"{at}?part=x&kind=nonsense&state=nonsense").status_code == 200


SPANS = st.lists(st.tuples(st.integers(0, len(TEXT) - 2), st.integers(1, 40)), max_size=12)


@settings(max_examples=80, deadline=None)
@given(SPANS)
def test_pieces_of_overlapping_spans_give_the_text_and_reach_each_of_them(spans: list[tuple[int, int]]) -> None:
    made = document()
    text = made.text
    found = [
        assertion(text[a : a + n], "actor", {"actor": str(k)}).model_copy(
            update={"citation": made.cite(a, min(len(text), a + n)), "id": f"{k:016x}"}
        )
        for k, (a, n) in enumerate(spans)
    ]
    spans_of = [(0, 60), (60, len(text))]
    shown = list(desk_text.marked(text, spans_of, found))
    assert "".join(piece.text for paragraph in shown for piece in paragraph.pieces) == text
    reached = {piece.made.id for paragraph in shown for piece in paragraph.pieces if piece.made}
    reached |= {one.id for paragraph in shown for piece in paragraph.pieces for one in piece.after}
    assert reached == {one.id for one in found}
